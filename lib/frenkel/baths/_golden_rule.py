r"""The golden rule in the polaron frame, on a contour where it does not oscillate.

To second order in J the rate is the spectrum of :math:`\mathrm e^{-\varphi(t)}`, the overlap of the phonons
of both sites with themselves a time t after the exciton has changed its place. The spectrum is one of a state
in equilibrium, so φ is analytic for -1/kT < Im t < 0, and in the middle of that strip, t → t - i/2kT, the
difference cosh(x - iωt)/sinh x of cosine and sine becomes cos(ωt)/sinh x (x = ω/2kT), real and even. There

    k(δ) = J² exp(-δ/2kT) ∫ dt cos(δt) exp(-φ(t - i/2kT)):

detailed balance, k(δ)/k(-δ) = exp(-δ/kT), is exact, and so it is enough to compute downhill rates. For a fall
d far above kT the integral is smaller than its integrand; so it is taken where exp(dτ - φ(-iτ)) is smallest
(the saddle point of Marcus's parabolas), or at τ = 4/d at least. The trapezoidal rule converges exponentially
on such a line; beyond the memory of the bath φ grows linearly, and the rest of the sum is a geometric series:
a narrow zero-phonon line needs no long times and cannot ring.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .. import _check
from .._types import FloatArray
from ._exponentials import decaying_phase
from .spectral_densities import _Bath

_DIGITS = 36.0  # exp(-36) is what trapezoids and tails may leave
_NEAREST = 4.0  # of the contour to the singularity at t = 0, in 1/d: costs four digits at most
_LONGEST = 1 << 20  # points of a contour
_NODES = 24  # of a Chebyshev interpolation in energy, over a panel of 8 inverse durations
_MOST_ELEMENTS = 1 << 20  # of a matrix of phases at a time


def _phase(bath, s):
    """φ(s) of both sites, at points sorted by their real part."""
    return bath.white_noise_rate * s + 2 * decaying_phase(bath, s)


def _contour(bath, low, high):
    """Return τ and the step of the trapezoidal rule for falls between `low` and `high`."""
    middle, beta = (low + high) / 2, 1 / bath.temperature
    nearest = min(_NEAREST / high, beta / 2)
    grid = np.geomspace(nearest / 1000, beta / 2, 160)
    phase = _imaginary_phase(bath, nearest)(grid)
    allowed = grid >= nearest * (1 - 1e-9)
    tau = grid[allowed][np.argmin((middle * grid - phase)[allowed])]

    def exponent(at, fall):  # the strip is symmetric about 1/2kT
        return fall * at - np.interp(np.minimum(at, beta - at), grid, phase)

    a = tau * np.geomspace(1e-2, 1, 60)
    growth = np.maximum(
        exponent(tau + a, high) - exponent(tau, high), exponent(tau - a, low) - exponent(tau, low)
    )
    return tau, (2 * np.pi * a / (_DIGITS + np.maximum(growth, 0.0) + (high - low) * tau)).max()


@lru_cache(maxsize=64)
def _imaginary_phase(bath, nearest):
    """φ(-iτ) as a function, interpolated: it only chooses a contour."""
    at = np.geomspace(nearest / 30, 0.5 / bath.temperature, 40)
    values = np.append(0.0, _phase(bath, -1j * at).real)
    at = np.append(0.0, at)
    return lambda tau: np.interp(tau, at, values)


@lru_cache(maxsize=64)
def _overlap(bath, low, high):
    """Return τ, the times of a contour and the weights h exp(-φ) there."""
    tau, step = _contour(bath, low, high)
    rates = bath._poles().rates
    memory = _DIGITS / min(rates.real.min(), 2 * np.pi * bath.temperature)
    n_memory = memory / step
    fastest = np.abs(rates.imag).max()
    period = min(2 * np.pi / fastest / step, n_memory) if fastest else 0.0  # an overlap may return
    start, block, phases = 0, int(max(64, period)) + 1, []
    while True:
        if start + block > _LONGEST:
            rule = f"one that forgets within {step * _LONGEST:.2g} ħ/J at this energy difference"
            _check.fail("bath", rule, f"one that takes {memory:.2g} ħ/J")
        t = step * np.arange(start, start + block) - 1j * tau
        phases.append(_phase(bath, t))
        start += block
        if start > n_memory or (phases[-1].real - phases[0][0].real).min() > _DIGITS:
            break
        block = int(max(period, min(start, n_memory - start))) + 1
    phase = np.concatenate(phases)
    weights = step * np.exp(-phase)
    weights[0] /= 2
    return tau, step * np.arange(start), weights


def _spectrum(bath, fall, overlap):
    """Return the rates for falls in energy on one contour, each a sum over its points and its tail."""
    tau, times, weights = overlap
    step, last = times[1], len(times) - 1
    inner = int(np.sqrt(last)) + 1  # t = (i · inner + j) step: two small matrices of phases, one product
    outer = -(-last // inner)
    table = np.zeros(inner * outer, dtype=complex)
    table[:last] = weights[:-1]
    rates = np.empty(len(fall))
    rows = max(1, _MOST_ELEMENTS // inner)
    for i in range(0, len(fall), rows):
        d = fall[i : i + rows]
        turned = np.exp(1j * step * d[:, None] * np.arange(inner)) @ table.reshape(outer, inner).T
        sums = (np.exp(1j * (step * inner) * d[:, None] * np.arange(outer)) * turned).sum(axis=1)
        ratio = -np.expm1((1j * d - bath.white_noise_rate) * step)
        sums += weights[-1] * np.exp(1j * d * times[-1]) / ratio
        rates[i : i + rows] = 2 * np.exp(d * tau) * sums.real
    return rates


def _panel(bath, fall, low, high):
    """Return the rates for many falls between `low` and `high`: by interpolation where that is less work."""
    overlap = _overlap(bath, low, high)
    _, times, weights = overlap
    lasting = times[np.abs(weights) > 1e-16 * np.abs(weights).max()][-1]
    n_panels = int((high - low) * lasting / 8) + 1
    if n_panels * _NODES > len(fall):
        return _spectrum(bath, fall, overlap)
    width = (high - low) / n_panels
    angles = np.pi * (np.arange(_NODES) + 0.5) / _NODES
    nodes = low + width * (np.arange(n_panels)[:, None] + (1 + np.cos(angles)) / 2)
    values = np.log(_spectrum(bath, nodes.ravel(), overlap)).reshape(n_panels, _NODES)
    basis = np.cos(np.outer(np.arange(_NODES), angles)) * 2 / _NODES
    basis[0] /= 2
    coefficients = values @ basis.T
    index = np.minimum(((fall - low) / width).astype(int), n_panels - 1)
    x = 2 * ((fall - low) / width - index) - 1
    orders = np.arange(_NODES)
    return np.exp((np.cos(orders * np.arccos(np.clip(x, -1, 1))[:, None]) * coefficients[index]).sum(axis=1))


def downhill_rates(bath: _Bath, fall: FloatArray) -> FloatArray:
    """Return the rates for a coupling of 1 and falls in energy ≥ 0 (1D)."""
    kT = bath.temperature
    rates = np.empty(len(fall))
    widest = np.sqrt(40 * bath.reorganization * kT)
    low, left = 0.0, np.ones(len(fall), dtype=bool)
    while left.any():
        high = low + max(low, 8 * kT if low == 0 else 0.0, widest)
        inside = left & (fall <= high)
        if inside.any():
            rates[inside] = _panel(bath, fall[inside], low, high)
        left &= ~inside
        low = high
    return np.maximum(rates, 0.0)
