"""The Haken–Strobl–Reineker master equation, and what is wanted of its density matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._types import ComplexArray, FloatArray, Matrix
from .chebyshev import check_affordable, propagate
from .matrices import spectral_bounds, work_of


def evolve(
    H: Matrix,
    rho0: ComplexArray,
    times: FloatArray,
    dephasing: float,
    observe: Callable[[ComplexArray], Any] | None = None,
) -> ComplexArray:
    """Return density matrices (..., n, n) at the times, or what `observe`, a linear map, makes of them."""
    low, high = spectral_bounds(H)
    n_sites = H.shape[0]
    check_affordable(times, high - low + dephasing, work_of(H) * rho0.size / n_sites)
    decay = np.full((n_sites, n_sites), -dephasing / 2)
    np.fill_diagonal(decay, dephasing / 2)

    def generator(rho: ComplexArray, out: ComplexArray) -> None:
        flat = rho.reshape(-1, n_sites)  # H acts on the last axis; -i[H, ρ] = i ρH + its adjoint
        right = (H.T @ flat.T).T.reshape(rho.shape)
        np.multiply(decay, rho, out=out)
        out += 1j * right - 1j * right.conj().swapaxes(-1, -2)

    return propagate(generator, rho0, times, radius=high - low, damping=dephasing, observe=observe)
