"""D(t) of the banded velocity engine at a given band; `frenkel.velocity` chooses the band."""

import numpy as np

from ._band import gaps, wrap
from ._propagate import propagate


def _velocity_correlation(energies, dephasing, times, band):
    """C(t) of every ring with coherences up to `band`: energies (..., n) -> (t, ...)."""
    multiplier = -1j * gaps(energies, band) - dephasing / 2  # L + Γ/2 on element [k, n]; on the diagonal +Γ/2
    multiplier[..., 0, :] = dephasing / 2
    shape = (*energies.shape[:-1], band + 1, energies.shape[-1] + 2)
    slopes = np.empty((*shape[:-1], shape[-1] - 1), dtype=complex)

    def generator(x, out):
        # -i [H, X]_{n,n+k} = -i gaps X_k(n) - i [X_{k-1}(n+1) - X_{k-1}(n)] + i [X_{k+1}(n) - X_{k+1}(n-1)]
        np.subtract(x[..., 1:], x[..., :-1], out=slopes)
        slopes[...] *= -1j
        inner = out[..., 1:-1]
        np.multiply(multiplier, x[..., 1:-1], out=inner)
        inner[..., 1:, :] += slopes[..., :-1, 1:]
        inner[..., 1:-1, :] -= slopes[..., 2:, :-1]
        inner[..., 0, :] -= 2 * slopes[..., 1, :-1].real  # X Hermitian: the diagonal stays real
        wrap(out)

    velocity = np.zeros(shape, dtype=complex)
    velocity[..., 1, :] = 1j
    radius = np.ptp(energies, axis=-1).max() + 4.0  # eigenvalue differences of H

    def correlation(x):  # (1/N) Tr[v† X] = 2 Σ_n Im X_{n,n+1} / N
        return 2 * x[..., 1, 1:-1].imag.mean(axis=-1)

    return propagate(generator, velocity, times, radius=radius, damping=dephasing, observe=correlation)


_NODES = np.polynomial.chebyshev.chebpts1(64)
_TO_SERIES = np.polynomial.chebyshev.chebvander(_NODES, 63).T * (2 - (np.arange(64) == 0))[:, None] / 64
_PANEL = 64.0  # radius (and four times the damping) times the length of a panel: 64 nodes resolve it


def _integral(function, times, rate):
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


def diffusivity_at_band(energies, dephasing, times, band):
    """D(t) with coherences up to `band`: (..., t)."""
    rate = max(np.ptp(energies, axis=-1).max() + 4.0, 4 * dephasing)

    def correlation(at):
        return _velocity_correlation(energies, dephasing, at, band)

    return np.moveaxis(_integral(correlation, times, rate), 0, -1)
