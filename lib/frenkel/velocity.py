r"""Haken-Strobl-Reineker transport on a ring from one operator: the banded velocity engine.

The uniform mixture is stationary under white site noise, so by the quantum regression theorem the
diffusivity averaged over all starting sites of a ring is :math:`D(t) = \int_0^t C(s)\,ds` with

.. math:: C(t) = \frac1N \mathrm{Tr}\,[v^\dagger e^{\mathcal L t} v], \qquad v = i[H, x],\qquad
          \mathcal L X = -i[H, X] - \Gamma (X - \mathrm{diag} X).

One operator is propagated instead of N density matrices, and dephasing keeps it near its diagonal:
only X_{n, n+k} with 0 ≤ k ≤ K is stored, an array [..., k, n] whose last axis runs around the ring.

The long-time limit needs no time at all. Write the stationary operator as X = A + iB with A real
symmetric and B real antisymmetric. Eliminating A from 𝓛X = -v leaves, for v = iw and the map
M = P_off [H, ·] P (P_off drops the diagonal; P keeps of the nearest-neighbor band its mean, since the
stationary current is the same through every bond),

.. math:: D_s = \frac{\Gamma}{N} \left\langle w \left| \frac{1}{\Gamma^2 + M^{T}M} \right| w \right\rangle .

M does not depend on Γ: one Golub-Kahan bidiagonalization (elements α_j, β_j) serves every Γ at once,

.. math:: D_s = \cfrac{2\Gamma}{\Gamma^2 + \cfrac{\alpha_1^2}{1 + \cfrac{\beta_1^2}{\Gamma^2 +
          \cfrac{\alpha_2^2}{1 + \dots}}}} .

Ending the fraction before or after an α bounds D_s from above or below (Gauss-Radau and Gauss
quadrature); ending the band in A before B or in B before A does the same. What this module returns
therefore carries its own proof of convergence.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from . import _check
from ._correlation import diffusivity_at_band
from ._recursion import bidiagonalization, constant_at_band
from ._types import ArrayLike, FloatArray, FloatOrArray

_AFFORDABLE = 1e10  # updates of one element of a band: a few minutes; more than that is refused
_CHUNK = 1 << 17  # elements of a band that are worked on at once: two or three arrays fit in a core's cache


def _as_rings(site_energies: ArrayLike) -> FloatArray:
    """Return site energies as a checked array (..., n) measured from each ring's mean."""
    energies = _check.array("site_energies", site_energies, "an array (..., n_sites) of finite numbers")
    if energies.ndim == 0:
        _check.fail("site_energies", "an array (..., n_sites)", float(energies))
    return energies - energies.mean(axis=-1, keepdims=True)


def _radius(energies: FloatArray) -> float:
    """Largest difference between two eigenvalues of H, from above."""
    return np.ptp(energies, axis=-1).max() + 4.0


def _warn_if_small(reach: int, energies: FloatArray) -> None:
    n_sites = energies.shape[-1]
    if reach >= n_sites and np.ptp(energies) > 0:
        warnings.warn(
            f"Coherences reach {reach} sites, but the ring of `site_energies` has {n_sites}: "
            f"its disorder repeats within their reach. Use at least {2 * reach} sites.",
            _check.ConvergenceWarning,
            stacklevel=4,
        )


def _converged(
    evaluate: Callable[..., tuple[Any, Any, Any]], rings: Any, bands: list[int], tolerance: float, what: str
) -> tuple[FloatArray, int]:
    """Return (value, band) at the first band whose two results agree to `tolerance` for every ring.

    ``evaluate(rings, band)`` -> (low, high, scale): two results between which the answer lies (or around
    which it alternates) and what `tolerance` refers to. One of many rings finds the band for the others.
    """
    for subset in (rings[:1], rings) if len(rings) > 8 else (rings,):
        for band in bands:
            low, high, scale = evaluate(subset, band)
            if (np.abs(high - low) <= 2 * tolerance * scale).all():
                break
        else:
            raise RuntimeError(
                f"{what} did not converge to {tolerance:g} with coherences up to {band} sites."
            )
        bands = [size for size in bands if size >= band]
    return (low + high) / 2, band


def _band_sizes(first: int, last: int) -> list[int]:
    """Band sizes to try: growing by a half from `first`, ending at `last`."""
    sizes = [min(first, last)]
    while sizes[-1] < last:
        sizes.append(min(int(1.5 * sizes[-1]) + 1, last))
    return sizes


def _first_band(energies: FloatArray, dephasing: float, tolerance: float) -> int:
    """A first guess: coherences reach as far as disorder, or the time 1/Γ they live, lets them.

    They fall off exponentially, so the band grows with the number of digits asked for.
    """
    spread = energies.std(axis=-1).max()
    if spread == 0:
        return 2  # without disorder the velocity is conserved: one diagonal is all there is
    rate = max(dephasing, 0.02)
    reach = min(10 / spread / np.sqrt(rate) * min(1.0, 0.5 + 0.5 * spread), 20 + 4 / rate)
    return 4 + int(reach * min(max(-np.log10(tolerance) / 3, 0.5), 3))


def _chunks(energies: FloatArray, band: int) -> list[slice]:
    """Split rings (m, n) into runs that fit in cache."""
    per_ring = (band + 1) * energies.shape[-1]
    size = max(_CHUNK // per_ring, 1)
    return [slice(start, start + size) for start in range(0, len(energies), size)]


def diffusivity(
    site_energies: ArrayLike, dephasing: float, times: ArrayLike, *, tolerance: float = 1e-4
) -> FloatArray:
    r"""Return D(t) on a ring, averaged over all starting sites, with white-noise dephasing.

    .. math:: D(t) = \tfrac12 \frac{d}{dt}\langle (x - x_0)^2 \rangle = \int_0^t C(s)\,ds

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Site energies of rings of n sites in units of J; leading axes are independent rings.
    dephasing : float
        Dephasing rate Γ ≥ 0 in units of J/ħ: every coherence decays at Γ.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in units of ħ/J.
    tolerance : float
        Largest error allowed, relative to the maximum of D(t).

    Returns
    -------
    array, shape (..., t)
        D(t) in units of J a²/ħ.

    Raises
    ------
    ValueError, TypeError
        If an argument is not finite, `dephasing` is negative, `times` do not increase or reach so far
        that the answer would take many minutes.
    RuntimeError
        If the band cannot be converged.

    Warns
    -----
    ConvergenceWarning
        If coherences reach all around the ring, with the number of sites that would do. (The engine
        describes an infinite chain whose disorder repeats with the ring's period.)

    Notes
    -----
    The band of coherences that is kept is enlarged until results with K and K + 1 agree; the answer
    lies between them. Cost is proportional to n K times. The paper's Eqs. 7 and 8, exactly averaged
    over the noise and over all starting sites.

    Examples
    --------
    >>> import numpy as np
    >>> clean = diffusivity(np.zeros(50), 0.5, [2.0])  # (2/Γ)(1 - exp(-Γt)) without disorder
    >>> print(f"{clean[0]:.4f} {4 * (1 - np.exp(-1)):.4f}")
    2.5285 2.5285
    """
    energies = _as_rings(site_energies)
    dephasing = _check.scalar("dephasing", dephasing, _check.non_negative)
    times = _check.times("times", times)
    tolerance = _check.scalar("tolerance", tolerance, _check.positive)
    rings = energies.reshape(-1, energies.shape[-1])

    def evaluate(rings, band):
        parts = _chunks(rings, band)
        low, high = (
            np.concatenate([diffusivity_at_band(rings[part], dephasing, times, k) for part in parts])
            for k in (band, band + 1)
        )
        return low, high, np.abs(high).max(axis=-1, keepdims=True)

    reach = int(4 * times[-1]) + 24  # nothing travels faster than the band's group velocity, 2 each way
    bands = _band_sizes(_first_band(rings, dephasing, tolerance), reach)
    longest = _AFFORDABLE / (rings.size * bands[0] * _radius(rings))
    if times[-1] > longest:
        _check.fail("times", f"below {longest:.2g} for {rings.size} sites of this disorder", float(times[-1]))
    result, band = _converged(evaluate, rings, bands, tolerance, "D(t)")
    _warn_if_small(band, rings)
    return result.reshape(*energies.shape[:-1], len(times))


def diffusion_constant(
    site_energies: ArrayLike, dephasing: ArrayLike, *, tolerance: float = 1e-3
) -> float | FloatArray:
    r"""Return the long-time diffusion constant D_s of a ring, averaged over all starting sites.

    .. math:: D_s = \lim_{t\to\infty} D(t)
              = \frac{\Gamma}{N}\left\langle w\left|\frac1{\Gamma^2 + M^TM}\right|w\right\rangle

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Site energies of rings of n sites in units of J; leading axes are independent rings.
    dephasing : float or array
        Dephasing rate Γ > 0 in units of J/ħ. It broadcasts against the leading axes: rings of shape
        (r, n) with Γ of shape (g, 1) give (g, r), and all Γ share one bidiagonalization of each ring.
    tolerance : float
        Largest relative error allowed; bounds from above and below prove that it is met.

    Returns
    -------
    float or array
        D_s in units of J a²/ħ, of the broadcast shape.

    Raises
    ------
    ValueError, TypeError
        If an argument is not finite, or `dephasing` is not positive (without dephasing D_s is 0 in a
        disordered ring and infinite in a clean one) or so weak that the answer would take many minutes.
    RuntimeError
        If the band cannot be converged.

    Warns
    -----
    ConvergenceWarning
        As in `diffusivity`.

    Notes
    -----
    See the head of `frenkel.velocity` for the derivation. The first two ends of the fraction are the
    bounds 2Γ/(Γ² + mean (ε_n - ε_{n+1})²) ≤ D_s ≤ 2/Γ, valid for every ring (`frenkel.exact`).

    Examples
    --------
    >>> import numpy as np
    >>> print(f"{diffusion_constant(np.zeros(10), 0.5):.3f}")  # 2/Γ without disorder
    4.000
    """
    energies = _as_rings(site_energies)
    dephasing = _check.positive("dephasing", dephasing)
    tolerance = _check.scalar("tolerance", tolerance, _check.positive)
    rings = energies.reshape(-1, energies.shape[-1])
    try:
        shape = np.broadcast_shapes(dephasing.shape, energies.shape[:-1])
    except ValueError:
        _check.fail("dephasing", f"broadcastable to the rings of shape {energies.shape[:-1]}", dephasing)
    ring_of = np.broadcast_to(np.arange(len(rings)).reshape(energies.shape[:-1]), shape).ravel()
    rates = np.broadcast_to(dephasing, shape).ravel()

    def evaluate(rings, band):
        low, high = np.full((2, len(rates)), np.nan)
        for part in _chunks(rings, band):
            here = (ring_of >= part.start) & (ring_of < min(part.stop, len(rings)))
            pairs = ring_of[here] - part.start, rates[here]
            low[here] = constant_at_band(rings[part], *pairs, tolerance / 4, band + 1, band)[0]
            high[here] = constant_at_band(rings[part], *pairs, tolerance / 4, band, band + 1)[1]
        wanted = ring_of < len(rings)
        return low[wanted], high[wanted], low[wanted]

    bands = _band_sizes(int(1.6 * _first_band(rings, dephasing.min(), tolerance)), 4096)
    weakest = 3 * rings.size * bands[0] * _radius(rings) / _AFFORDABLE  # it takes 3 radius / Γ levels
    if dephasing.min() < weakest and np.ptp(rings) > 0:
        rule = f"above {weakest:.2g} for {rings.size} sites of this disorder"
        _check.fail("dephasing", rule, dephasing.min())
    result, band = _converged(evaluate, rings, bands, tolerance, "D_s")
    _warn_if_small(band, rings)
    return result.reshape(shape) if shape else float(result[0])


def current_spectrum(site_energies: ArrayLike, *, n_levels: int = 60) -> tuple[FloatArray, FloatArray]:
    r"""Return frequencies Ω_j and weights p_j of the current: D_s as a mixture of Lorentzians in Γ.

    .. math:: D_s(\Gamma) = 2\sum_j p_j\,\frac{\Gamma}{\Gamma^2 + \Omega_j^2},\qquad \sum_j p_j = 1

    The Ω_j² are eigenvalues of MᵀM (head of this module) in the Krylov space of the velocity, and the
    p_j their weights in it: `n_levels` nodes of a Gauss quadrature, whose D_s is a lower bound at every Γ
    and exact up to the power Γ^(-4 n_levels - 1) for strong dephasing.

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Site energies of rings in units of J.
    n_levels : int
        Number of nodes, at least 1. Coherences up to 2 `n_levels` sites are kept, all there are.

    Returns
    -------
    frequencies, weights : arrays, shape (..., n_levels)
        In units of J/ħ; in ascending order.

    Examples
    --------
    >>> frequencies, weights = current_spectrum([0.0, 1.0, 0.0, 1.0], n_levels=1)
    >>> frequencies.round(12).tolist(), weights.round(12).tolist()
    ([1.0], [1.0])
    """
    energies = _as_rings(site_energies)
    n_levels = _check.integer("n_levels", n_levels, 1)
    rings = energies.reshape(-1, energies.shape[-1])
    steps = islice(bidiagonalization(rings, 2 * n_levels, 2 * n_levels + 1), n_levels)
    alphas, betas = (np.stack(column, axis=-1) for column in zip(*steps, strict=True))
    diagonal = alphas**2
    diagonal[:, 1:] += betas[:, :-1] ** 2
    matrices = np.zeros((len(rings), n_levels, n_levels))
    level = np.arange(n_levels)
    matrices[:, level, level] = diagonal
    matrices[:, level[1:], level[:-1]] = alphas[:, :-1] * betas[:, :-1]  # eigh reads the lower triangle
    squares, vectors = np.linalg.eigh(matrices)
    shape = (*energies.shape[:-1], n_levels)
    return np.sqrt(np.maximum(squares, 0)).reshape(shape), (vectors[:, 0] ** 2).reshape(shape)


def diffusion_constant_from_spectrum(
    frequencies: ArrayLike, weights: ArrayLike, dephasing: ArrayLike
) -> FloatOrArray:
    r"""Return D_s at any dephasing from the frequencies and weights of `current_spectrum`.

    .. math:: D_s(\Gamma) = 2\sum_j p_j\,\frac{\Gamma}{\Gamma^2 + \Omega_j^2}

    One reduction of a ring serves a whole curve D_s(Γ). With `n_levels` nodes it is a lower bound, which is
    close where Γ is not far below the smallest Ω_j (`diffusion_constant` proves how close).

    Parameters
    ----------
    frequencies, weights : array, shape (..., n_levels)
        Ω_j in J/ħ and p_j.
    dephasing : float or array
        Γ > 0 in J/ħ; broadcasts against the leading axes of `frequencies`.

    Returns
    -------
    float or array
        In J a²/ħ.

    Examples
    --------
    >>> spectrum = current_spectrum([0.0, 1.0, 0.0, 1.0], n_levels=1)
    >>> diffusion_constant_from_spectrum(*spectrum, [1.0, 2.0]).tolist()  # 2Γ / (Γ² + 1)
    [1.0, 0.8]
    """
    frequencies = _check.array("frequencies", frequencies)
    weights = _check.non_negative("weights", weights)
    dephasing = _check.positive("dephasing", dephasing)
    if frequencies.ndim == 0:
        _check.fail("frequencies", "an array (..., n_levels)", float(frequencies))
    if weights.shape != frequencies.shape:
        _check.fail("weights", f"of shape {frequencies.shape}, as `frequencies`", f"of shape {weights.shape}")
    _check.together(dephasing=dephasing, frequencies=frequencies[..., 0])
    rate = dephasing[..., None]
    return (2 * weights * rate / (rate**2 + frequencies**2)).sum(axis=-1)[()]
