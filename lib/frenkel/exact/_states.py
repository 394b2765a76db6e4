"""Levels and states: localization lengths, band edges, the sticks of a clean chain. Units of J, ħ/J and a."""

from __future__ import annotations

import math

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray


def weak_disorder_localization_length(energy: ArrayLike, disorder: ArrayLike) -> FloatOrArray:
    r"""Return the localization length of the amplitude for weak disorder.

    .. math:: \xi(E) = \frac{2\,(4 - E^2)}{\Delta^2}

    Valid inside the band away from its center and edges. At E = 0 it fails: there ξ = 8.754/Δ²
    instead of 8/Δ² (Kappus and Wegner, Z. Phys. B 45, 15 (1981)).

    >>> float(weak_disorder_localization_length(1.0, 0.5))
    24.0
    """
    energy = _check.array("energy", energy)
    if (np.abs(energy) >= 2).any():
        _check.fail("energy", "inside the band, between -2 and 2", float(energy[np.abs(energy) >= 2].flat[0]))
    disorder = _check.positive("disorder", disorder)
    _check.together(energy=energy, disorder=disorder)
    return 2 * (4 - energy**2) / disorder**2


def band_center_localization_length(disorder: ArrayLike) -> FloatOrArray:
    r"""Return the localization length of the amplitude at E = 0 for weak disorder.

    .. math:: \xi = \left[\frac{\Gamma_\mathrm E(1/4)}{\Gamma_\mathrm E(3/4)}\right]^2 \frac{1}{\Delta^2}
              = \frac{8.754}{\Delta^2}

    The anomaly of Kappus and Wegner, Z. Phys. B 45, 15 (1981), in the closed form of Derrida and Gardner, J.
    Phys. France 45, 1283 (1984), with the gamma function of Euler.

    >>> print(f"{float(band_center_localization_length(0.1)):.1f}")
    875.4
    """
    return (math.gamma(1 / 4) / math.gamma(3 / 4)) ** 2 / _check.positive("disorder", disorder) ** 2


def _edge_functions(energy: ArrayLike, disorder: ArrayLike) -> tuple[tuple[FloatArray, ...], FloatArray]:
    """Return Ai, Ai', Bi, Bi' of the scaled distance from the nearer band edge, and the unit of energy."""
    from scipy.special import airy

    energy, disorder = _check.array("energy", energy), _check.positive("disorder", disorder)
    _check.together(energy=energy, disorder=disorder)
    scale = (disorder**2 / 2) ** (1 / 3)
    distance = (np.abs(energy) - 2) / scale**2
    if (np.abs(distance) > 50).any():
        _check.fail("energy", "near a band edge, ||E| - 2| below 31 Δ^(4/3)", float(np.abs(energy).max()))
    return airy(distance), scale


def band_edge_localization_length(energy: ArrayLike, disorder: ArrayLike) -> FloatOrArray:
    r"""Return the localization length of the amplitude around a band edge, E = ±2, for weak disorder.

    .. math:: \frac{\ell}{\xi} = \frac{\mathrm{Ai}(z)\,\mathrm{Ai}'(z) + \mathrm{Bi}(z)\,\mathrm{Bi}'(z)}
              {\mathrm{Ai}(z)^2 + \mathrm{Bi}(z)^2},\qquad z = \ell^2\,(|E| - 2),\qquad
              \ell = (2/\Delta^2)^{1/3}

    A particle of small momentum in white noise: :math:`3.457\,\Delta^{-2/3}` at the edge itself, 8u/Δ² at a
    depth u inside, 1/√u at a distance u outside; wrong by terms of relative order u and :math:`\Delta^{4/3}`.
    Halperin, Phys. Rev. 139, A104 (1965); at the edge also Derrida and Gardner, J. Phys. France 45, 1283
    (1984).

    >>> print(f"{float(band_edge_localization_length(2.0, 0.1)):.2f}")
    16.04
    """
    (ai, ai_slope, bi, bi_slope), scale = _edge_functions(energy, disorder)
    return (ai**2 + bi**2) / (ai * ai_slope + bi * bi_slope) / scale


def band_edge_integrated_density(energy: ArrayLike, disorder: ArrayLike) -> FloatOrArray:
    r"""Return the fraction of levels beyond `energy` around a band edge, for weak disorder.

    .. math:: \mathcal N = \frac{1}{\pi^2\,\ell\,\left[\mathrm{Ai}(z)^2 + \mathrm{Bi}(z)^2\right]},\qquad
              z = \ell^2\,(|E| - 2),\qquad \ell = (2/\Delta^2)^{1/3}

    Levels above E at the upper edge, below E at the lower: √u/π at a depth u inside the band, a tail
    :math:`\mathrm e^{-8u^{3/2}/3\Delta^2}` at a distance u outside. Halperin, Phys. Rev. 139, A104 (1965).

    >>> print(f"{float(band_edge_integrated_density(2.0, 0.1)):.4f}")
    0.0344
    """
    (ai, _, bi, _), scale = _edge_functions(energy, disorder)
    return scale / (np.pi**2 * (ai**2 + bi**2))


def _check_level(index: int, n_sites: int) -> float:
    n_sites = _check.integer("n_sites", n_sites, 1)
    index = _check.integer("index", index, 1)
    if index > n_sites:
        _check.fail("index", f"at most {n_sites}, the number of states", index)
    return np.pi * index / (n_sites + 1)


def chain_energy(index: int, n_sites: int) -> float:
    r"""Return :math:`E_j = 2\cos\frac{\pi j}{N+1}` of state j = `index`, 1 to N, of a clean open chain.

    j = 1 is the brightest of the N = `n_sites` states; with head-to-tail dipoles (J < 0) it lies at the
    bottom of the band, so the line of a long J-aggregate is shifted by -2|J|.

    >>> print(f"{chain_energy(1, 3):.4f}")
    1.4142
    """
    return float(2 * np.cos(_check_level(index, n_sites)))


def chain_oscillator_strength(index: int, n_sites: int) -> float:
    r"""Return the oscillator strength of state j = `index` of a clean open chain of N = `n_sites` sites.

    .. math:: F_j = \frac{1 - (-1)^j}{N+1} \cot^2 \frac{\pi j}{2(N+1)}

    In units of one site; F₁ → 0.81 (N + 1), even j are dark (Fidder, Knoester and Wiersma, J. Chem. Phys.
    95, 7880 (1991)).

    >>> print(f"{chain_oscillator_strength(1, 100) / 101:.3f} {chain_oscillator_strength(2, 100)}")
    0.810 0.0
    """
    angle = _check_level(index, n_sites)
    return float((index % 2) * 2 / (n_sites + 1) / np.tan(angle / 2) ** 2)


def exchange_narrowed_disorder(disorder: ArrayLike, n_sites: int) -> FloatOrArray:
    r"""Return :math:`\Delta/\sqrt N`: the energy spread of a state shared evenly by N = `n_sites` sites.

    The exciton averages the N independent site energies (Knapp, Chem. Phys. 85, 73 (1984)); first order in
    Δ, for aggregates shorter than the localization length.

    >>> float(exchange_narrowed_disorder(1.0, 4))
    0.5
    """
    disorder = _check.non_negative("disorder", disorder)
    return disorder / np.sqrt(_check.integer("n_sites", n_sites, 1))
