r"""Haken–Strobl–Reineker transport on a ring from one operator: the banded velocity engine.

The uniform mixture is stationary under white noise on the sites, so by the quantum regression theorem the
diffusivity averaged over all starting sites of a ring is :math:`D(t) = \int_0^t C(s)\,\mathrm ds` with

.. math:: C(t) = \frac1N \operatorname{Tr}\,[v^\dagger \mathrm e^{\mathcal L t} v],\qquad
          v = \mathrm i[H, x],\qquad
          \mathcal L X = -\mathrm i[H, X] - \Gamma\,(X - \operatorname{diag} X).

One operator is propagated instead of N density matrices, and dephasing keeps it near its diagonal: only
:math:`X_{n,n+k}` with 0 ≤ k ≤ K is stored, an array ``[..., k, n]`` whose last axis runs around the ring.

The long-time limit needs no time at all. Write the stationary operator as X = A + iB with A real symmetric
and B real antisymmetric. Eliminating A from :math:`\mathcal L X = -v` leaves, for :math:`v = \mathrm iw` and
the map :math:`M = P_\mathrm{off}\,[H, \cdot\,]\,P` (:math:`P_\mathrm{off}` drops the diagonal; P keeps of the
nearest-neighbor band its mean, since the stationary current is the same through every bond),

.. math:: D_s = \frac{\Gamma}{N}
          \left\langle w \left| \frac{1}{\Gamma^2 + M^\mathsf{T} M} \right| w \right\rangle .

M does not depend on Γ: one Golub-Kahan bidiagonalization (elements :math:`\alpha_j`, :math:`\beta_j`) serves
every Γ at once,

.. math:: D_s = \cfrac{2\Gamma}{\Gamma^2 + \cfrac{\alpha_1^2}{1 + \cfrac{\beta_1^2}{\Gamma^2 +
          \cfrac{\alpha_2^2}{1 + \dots}}}} .

Ending the fraction before or after an α bounds :math:`D_s` from above or below (Gauss-Radau and Gauss
quadrature); ending the band in A before B or in B before A does the same. What this module returns
therefore carries its own proof of convergence.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Any, NoReturn

import numpy as np

from .. import _check
from .._engines import ring_solver
from .._engines.convergence import MOST_UPDATES, converge, growing, warn_if_around
from .._engines.cost import BUDGET, largest, smallest
from .._engines.ring_correlation import diffusivity_at_band
from .._engines.ring_operators import constant_at_band
from .._types import ArrayLike, FloatArray

_OVERHEAD = 1e4  # elements that take as long as calling NumPy
_WIDEST = 4096  # coherences of a stationary operator
_CHUNK = 1 << 17  # elements of a band that are worked on at once: two or three arrays fit in a core's cache


def _radius(energies: FloatArray) -> float:
    """Largest difference between two eigenvalues of H, from above."""
    return np.ptp(energies, axis=-1).max() + 4.0


def _converged(
    evaluate: Callable[..., tuple[Any, Any, Any]],
    rings: FloatArray,
    first: int,
    last: int,
    tolerance: float,
    what: str,
) -> tuple[FloatArray, int]:
    """Return (value, band) at the first band whose two results agree to `tolerance` for every ring.

    ``evaluate(rings, band)`` -> (low, high, scale): two results between which the answer lies (or around
    which it alternates) and what `tolerance` refers to. One of many rings finds the band for the others.
    """
    band = min(first, last)
    for subset in (rings[:1], rings) if len(rings) > 8 else (rings,):

        def middle(band: int, subset: FloatArray = subset) -> tuple[FloatArray, bool]:
            low, high, scale = evaluate(subset, band)
            return (low + high) / 2, (np.abs(high - low) <= 2 * tolerance * scale).all()

        value, band = converge(middle, _bands(band, last), what)
    return value, band


def _bands(first: int, last: int) -> list[int]:
    """Return growing bands from `first` to `last`."""
    return [*takewhile(lambda band: band < last, growing(first)), last]


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

    .. math:: D(t) = \tfrac12 \frac{\mathrm d}{\mathrm dt}\langle (x - x_0)^2 \rangle
              = \int_0^t C(s)\,\mathrm ds

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
    energies = _check.centered_energies(site_energies)
    dephasing, times, tolerance = _check.diffusivity(dephasing, times, tolerance)
    rings = energies.reshape(-1, energies.shape[-1])

    def evaluate(rings: FloatArray, band: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        parts = _chunks(rings, band)
        low, high = (
            np.concatenate([diffusivity_at_band(rings[part], dephasing, times, k) for part in parts])
            for k in (band, band + 1)
        )
        return low, high, np.abs(high).max(axis=-1, keepdims=True)

    reach = int(4 * times[-1]) + 24  # nothing travels faster than the band's group velocity, 2 each way
    first = _first_band(rings, dephasing, tolerance)

    def cost(n_sites: float, time: float, band: float) -> float:
        """Updates of an element, with coherences up to `band` or as far as they get in the `time`."""
        return (n_sites * min(band, 4 * time + 24) + _OVERHEAD) * (_radius(rings) + 4 * dephasing) * time

    def refuse(band: float) -> NoReturn:
        """Name a time and a number of sites that are accepted whatever was asked for, at this band."""
        longest = largest(lambda time: cost(rings.size, time, band) <= MOST_UPDATES, -60)
        fewer = largest(lambda size: cost(size, times[-1], band) <= MOST_UPDATES, 0)
        sites = f" (or the sites at most {fewer:g})" if fewer else ""
        rule = f"at most {longest:g} for {rings.size} sites of this disorder and noise{sites}"
        _check.fail("times", rule, float(times[-1]))

    if cost(rings.size, times[-1], first) > MOST_UPDATES:
        refuse(first)
    spent = 0.0

    def evaluate_within_budget(rings: FloatArray, band: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        nonlocal spent
        spent += 2 * cost(rings.size, times[-1], band)
        if spent > 3 * MOST_UPDATES:  # what weak noise takes is not known before
            refuse(np.inf)
        return evaluate(rings, band)

    result, band = _converged(evaluate_within_budget, rings, first, reach, tolerance, "D(t)")
    warn_if_around(band, rings, energies.shape[-1], "the ring of `site_energies` has", "")
    return result.reshape(*energies.shape[:-1], len(times))


def diffusion_constant(
    site_energies: ArrayLike, dephasing: ArrayLike, *, tolerance: float = 1e-3
) -> float | FloatArray:
    r"""Return the long-time diffusion constant :math:`D_s` of a ring, averaged over all starting sites.

    .. math:: D_s = \lim_{t\to\infty} D(t)
              = \frac{\Gamma}{N}\left\langle w\left|\frac1{\Gamma^2 + M^\mathsf{T} M}\right|w\right\rangle

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
        :math:`D_s` in units of J a²/ħ, of the broadcast shape.

    Raises
    ------
    ValueError, TypeError
        If an argument is not finite, or `dephasing` is not positive (without dephasing :math:`D_s` is 0 in a
        disordered ring and infinite in a clean one) or so weak that the answer would take many minutes.
    RuntimeError
        If the band cannot be converged.

    Warns
    -----
    ConvergenceWarning
        As in `diffusivity`.

    Notes
    -----
    See the head of this module for the derivation. The first two ends of the fraction are the bounds
    of `frenkel.exact.diffusion_constant_bounds`, valid for every ring. Digits beyond `tolerance` may follow
    the last digit of the energies, for rounding takes part in long bidiagonalizations.

    Examples
    --------
    >>> import numpy as np
    >>> print(f"{diffusion_constant(np.zeros(10), 0.5):.3f}")  # 2/Γ without disorder
    4.000
    """
    energies = _check.centered_energies(site_energies)
    dephasing, ring_of, tolerance = _check.diffusion_constant(dephasing, tolerance, energies.shape[:-1])
    rings = energies.reshape(-1, energies.shape[-1])
    shape, rates, ring_of = dephasing.shape, dephasing.ravel(), ring_of.ravel()

    def evaluate(rings: FloatArray, band: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        low, high = np.full((2, len(rates)), np.nan)
        for part in _chunks(rings, band):
            here = np.flatnonzero((ring_of >= part.start) & (ring_of < min(part.stop, len(rings))))
            solved = ring_solver.worth_solving(rings[part], band, _radius(rings[part]), rates[here])
            for pair in here[solved]:
                ring, rate = rings[ring_of[pair]], rates[pair]
                low[pair] = ring_solver.solve(ring, rate, band + 1, band)
                high[pair] = ring_solver.solve(ring, rate, band, band + 1)
            here = here[~solved]
            if here.size:
                pairs = ring_of[here] - part.start, rates[here]
                low[here] = constant_at_band(rings[part], *pairs, tolerance / 4, band + 1, band)[0]
                high[here] = constant_at_band(rings[part], *pairs, tolerance / 4, band, band + 1)[1]
        wanted = ring_of < len(rings)
        return low[wanted], high[wanted], low[wanted]

    first = int(1.6 * _first_band(rings, rates.min(), tolerance))
    radius, is_clean = _radius(rings), np.ptp(rings) == 0

    def cost(n_sites: float, rate: float, band: int | None = None) -> float:
        """Updates of an element, in 3 radius / Γ levels, or in the time of two solves for each ring and Γ."""
        if is_clean:
            return 0.0  # the bidiagonalization ends at once
        band = band or min(int(1.6 * _first_band(rings, rate, tolerance)), _WIDEST)
        levels = 3 * n_sites * band * radius / rate
        length = energies.shape[-1] * n_sites / rings.size
        if not ring_solver.is_possible(int(length), band, rate / radius):
            return levels
        return min(levels, 2 * len(rates) * ring_solver.seconds(length, band) * MOST_UPDATES / BUDGET)

    if cost(rings.size, rates.min()) > MOST_UPDATES:
        weakest = smallest(lambda rate: cost(rings.size, rate) <= MOST_UPDATES, -9, 60)
        fewer = largest(lambda size: cost(size, rates.min()) <= MOST_UPDATES, 0)
        sites = f" (or the sites at most {fewer:g})" if fewer else ""
        rule = f"at least {weakest:g} for {rings.size} sites of this disorder{sites}"
        _check.fail("dephasing", rule, rates.min())
    # No band is tried that takes far longer than what was found affordable.
    affordable = takewhile(
        lambda band: cost(rings.size, rates.min(), band) <= 3 * MOST_UPDATES, _bands(first, _WIDEST)
    )
    last = max(affordable, default=first)
    result, band = _converged(evaluate, rings, first, last, tolerance, "D_s")
    warn_if_around(band, rings, energies.shape[-1], "the ring of `site_energies` has", "")
    return result.reshape(shape) if shape else float(result[0])
