"""The Haken–Strobl–Reineker master equation, and what is wanted of its density matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._types import ComplexArray, FloatArray, Matrix
from .chebyshev import check_affordable, propagate
from .matrices import spectral_bounds, work_of

_FEW = 6  # diagonals that are added faster than a matrix is multiplied


def _from_the_left(H: Matrix) -> Callable[[ComplexArray], ComplexArray]:
    """Return a function that multiplies matrices (..., n, n) by H from the left."""
    if hasattr(H, "tocsr"):
        n_sites = H.shape[0]

        def sparse(x: ComplexArray) -> ComplexArray:
            columns = x.swapaxes(0, -2).reshape(n_sites, -1)
            return np.asarray(H @ columns).reshape(x.swapaxes(0, -2).shape).swapaxes(0, -2)

        return sparse
    places = range(1 - len(H), len(H))
    diagonals = [(k, np.diagonal(H, k)[:, None].copy()) for k in places if np.diagonal(H, k).any()]
    if len(diagonals) > _FEW:
        return lambda x: H @ x

    def banded(x: ComplexArray) -> ComplexArray:
        out = np.zeros_like(x)
        for k, values in diagonals:
            rows, columns = slice(max(-k, 0), len(H) - max(k, 0)), slice(max(k, 0), len(H) + min(k, 0))
            out[..., rows, :] += values * x[..., columns, :]
        return out

    return banded


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
    times_H = _from_the_left(H)

    def generator(rho: ComplexArray, out: ComplexArray) -> None:
        product = times_H(rho)
        product *= -1j
        np.multiply(decay, rho, out=out)
        out += product
        out += product.conj().swapaxes(-1, -2)  # -i[H, ρ] = -i Hρ + its adjoint

    return propagate(generator, rho0, times, radius=high - low, damping=dephasing, observe=observe)
