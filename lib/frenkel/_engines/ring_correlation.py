"""D(t) of the banded velocity engine at a given band; `frenkel.motion.ring_diffusion` chooses the band."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._types import ComplexArray, FloatArray
from .chebyshev import propagate
from .ring_operators import gaps, wrap


def _velocity_correlation(energies: FloatArray, dephasing: float, times: FloatArray, band: int) -> FloatArray:
    """C(t) of rings (r, n) with coherences up to `band`: (t, r).

    The array holds Y_k = i^{-k} X_{n, n+k}: then v is 1 on its one diagonal, hopping is real, and

        dY_k(n)/dt = -i (ε_n - ε_{n+k}) Y_k(n) - Y_{k-1} differences - Y_{k+1} differences - Γ Y_k (k > 0).
    """
    multiplier = -1j * gaps(energies, band) - dephasing / 2  # of L + Γ/2, so +Γ/2 on the diagonal
    multiplier[0] = dephasing / 2
    n_sites, n_rings = multiplier.shape[1:]
    slopes = np.empty((band + 1, n_sites + 1, n_rings), dtype=complex)

    def generator(y: ComplexArray, out: ComplexArray) -> None:
        inner = out[:, 1:-1]
        np.multiply(multiplier, y[:, 1:-1], out=inner)
        np.subtract(y[:, 1:], y[:, :-1], out=slopes)
        inner[1:] -= slopes[:-1, 1:]
        inner[1:-1] -= slopes[2:, :-1]
        inner[0] -= 2 * slopes[1, :-1].real  # X is Hermitian: the diagonal is real
        wrap(out)

    velocity = np.zeros((band + 1, n_sites + 2, n_rings), dtype=complex)
    velocity[1] = 1
    radius = np.ptp(energies, axis=-1).max() + 4.0  # eigenvalue differences of H

    def correlation(y: ComplexArray) -> FloatArray:  # (1/N) Tr[v† X] = (2/N) Σ_n Re Y_1(n)
        return 2 * y[1, 1:-1].real.mean(axis=0)

    return propagate(generator, velocity, times, radius=radius, damping=dephasing, observe=correlation)


_NODES = np.polynomial.chebyshev.chebpts1(64)
_TO_SERIES = np.polynomial.chebyshev.chebvander(_NODES, 63).T * (2 - (np.arange(64) == 0))[:, None] / 64
_PANEL = 64.0  # radius (and four times the damping) times the length of a panel: 64 nodes resolve it


def integral(function: Callable[[Any], Any], times: FloatArray, rate: float) -> FloatArray:
    """∫_0^t function at each time: Chebyshev series on panels of length `_PANEL` / rate."""
    n_panels = max(int(np.ceil(times[-1] * rate / _PANEL)), 1)
    length = max(times[-1], 1e-300) / n_panels
    starts = length * np.arange(n_panels)
    at = starts[:, None] + length * (_NODES + 1) / 2
    values = function(at.ravel())
    series = np.tensordot(values.reshape(n_panels, 64, *values.shape[1:]), _TO_SERIES, axes=(1, 1))
    series = np.moveaxis(series, -1, 0)  # [order, panel, ...]
    integral = np.polynomial.chebyshev.chebint(series, lbnd=-1, scl=length / 2)
    before = np.cumsum(integral.sum(axis=0), axis=0)  # at the end of each panel, where every T_k is 1
    panel = np.minimum((times / length).astype(int), n_panels - 1)
    inside = np.polynomial.chebyshev.chebvander(2 * (times - starts[panel]) / length - 1, 64)
    total = np.einsum("tk,kt...->t...", inside, integral[:, panel])
    total[panel > 0] += before[panel[panel > 0] - 1]
    return total


def diffusivity_at_band(energies: FloatArray, dephasing: float, times: FloatArray, band: int) -> FloatArray:
    """D(t) of rings (r, n) with coherences up to `band`: (r, t)."""
    rate = max(np.ptp(energies, axis=-1).max() + 4.0, 4 * dephasing)

    def correlation(at: FloatArray) -> FloatArray:
        return _velocity_correlation(energies, dephasing, at, band)

    return np.moveaxis(integral(correlation, times, rate), 0, -1)
