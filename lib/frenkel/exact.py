"""Closed forms: the oracle of the tests and the overlay of the figures. Units of J, ħ/J and a."""

from __future__ import annotations

import math

import numpy as np

from . import _check
from ._types import ArrayLike, FloatArray, FloatOrArray


def _check_times_and_rate(times: ArrayLike, dephasing: ArrayLike) -> tuple[FloatArray, FloatArray]:
    times, dephasing = _check.non_negative("times", times), _check.non_negative("dephasing", dephasing)
    _check.together(times=times, dephasing=dephasing)
    return times, dephasing


def bessel_populations(n: ArrayLike, times: ArrayLike) -> FloatOrArray:
    r"""Return :math:`P_n(t) = J_n(2t)^2`: a point excitation on a clean chain, n sites away.

    Shapes of `n` and `times` broadcast.

    >>> print(f"{float(bessel_populations(0, 1.0)):.6f}")
    0.050127
    """
    from scipy.special import jv

    n, times = _check.array("n", n), _check.non_negative("times", times)
    _check.together(n=n, times=times)
    return jv(n, 2 * times) ** 2


def clean_msd(times: ArrayLike, dephasing: ArrayLike = 0.0) -> FloatOrArray:
    r"""Return the MSD without disorder.

    .. math:: \mathrm{MSD} = \frac{4}{\Gamma^2}\left(\Gamma t - 1 + e^{-\Gamma t}\right),
              \qquad 2t^2 \text{ for } \Gamma = 0

    >>> float(clean_msd(3.0))
    18.0
    """
    times, dephasing = _check_times_and_rate(times, dephasing)
    x = dephasing * times
    small = x < 1e-3  # the series avoids a difference of nearly equal numbers
    safe = np.where(small, 1.0, x)
    series = 2 * times**2 * (1 - x / 3 + x**2 / 12)
    return np.where(small, series, 4 * times**2 * (safe + np.expm1(-safe)) / safe**2)[()]


def clean_diffusivity(times: ArrayLike, dephasing: ArrayLike = 0.0) -> FloatOrArray:
    r"""Return :math:`D(t) = (2/\Gamma)(1 - e^{-\Gamma t})` without disorder; :math:`2t` for Γ = 0.

    >>> float(clean_diffusivity(3.0))
    6.0
    """
    times, dephasing = _check_times_and_rate(times, dephasing)
    x = dephasing * times
    safe = np.where(x == 0, 1.0, x)
    return (2 * times * np.where(x == 0, 1.0, -np.expm1(-safe) / safe))[()]


def clean_packet_msd(times: ArrayLike, width: ArrayLike, momentum: ArrayLike = 0.0) -> FloatOrArray:
    r"""Return the MSD of a Gaussian wave packet on a clean chain, from its center at time 0.

    .. math:: \mathrm{MSD} = \sigma^2 + 2t^2\left(1 - e^{-1/2\sigma^2}\cos 2k\right)

    `width` is the standard deviation σ of the probability: 0 for one site (MSD = 2t²), or at least 1, where
    sums over sites equal integrals to 2·10⁻⁷. It grows by the mean of v² = 4 sin²k over the `momentum` k.

    >>> print(f"{float(clean_packet_msd(100.0, 10.0)):.1f}")  # 20 000 from a point: at k = 0 nothing moves
    199.8
    """
    times, width = _check.non_negative("times", times), _check.non_negative("width", width)
    momentum = _check.array("momentum", momentum)
    if ((width > 0) & (width < 1)).any():
        _check.fail("width", "0 or at least 1", float(width[(width > 0) & (width < 1)].flat[0]))
    _check.together(times=times, width=width, momentum=momentum)
    coherence = np.exp(-1 / (2 * np.maximum(width, 0.01) ** 2))  # 0 for one site
    return width**2 + 2 * times**2 * (1 - coherence * np.cos(2 * momentum))


def short_time_diffusivity(times: ArrayLike, disorder: ArrayLike) -> FloatOrArray:
    r"""Return :math:`D(t) \approx 2t - \tfrac23\Delta^2t^3` from one site, averaged over disorder.

    Neighbors differ by √2 Δ in energy, whatever the distribution: that is what first slows the packet.

    >>> print(f"{float(short_time_diffusivity(0.3, 1.0)):.3f}")
    0.582
    """
    times, disorder = _check.non_negative("times", times), _check.non_negative("disorder", disorder)
    _check.together(times=times, disorder=disorder)
    return 2 * times - 2 / 3 * disorder**2 * times**3


def strong_disorder_peak(disorder: ArrayLike) -> FloatOrArray:
    r"""Return :math:`D_\mathrm{max} \to \sqrt\pi/\Delta` from one site without dephasing.

    Strong Gaussian disorder lets only resonant pairs move: a neighbor detuned by δ, of variance 2Δ², gives
    sin(Ωt)/Ω, Ω = √(4 + δ²), on average √π/2Δ for 1/Δ ≪ t ≪ 1. Good to 3 % from Δ = 2, to 1.2 % from 3 on.

    >>> print(f"{float(strong_disorder_peak(2.0)):.3f}")
    0.886
    """
    return np.sqrt(np.pi) / _check.positive("disorder", disorder)


def hopping_rate(detuning: ArrayLike, dephasing: ArrayLike) -> FloatOrArray:
    r"""Return the rate between two sites in the limit of strong dephasing.

    .. math:: k = \frac{2\Gamma}{\Gamma^2 + \delta\epsilon^2}

    >>> float(hopping_rate(0.0, 4.0))
    0.5
    """
    detuning, dephasing = _check.array("detuning", detuning), _check.positive("dephasing", dephasing)
    _check.together(detuning=detuning, dephasing=dephasing)
    return 2 * dephasing / (dephasing**2 + detuning**2)


def strong_dephasing_constant(dephasing: ArrayLike, disorder: ArrayLike) -> FloatOrArray:
    r"""Return :math:`D_s \to 2\Gamma/(\Gamma^2 + 2\Delta^2)`, the limit of strong dephasing in one dimension.

    Resistances 1/k of the bonds add up, so the disorder average is harmonic:
    ⟨δε²⟩ = 2Δ². For an infinite chain with Gaussian or any other independent disorder this is also a
    lower bound of D_s at every Γ (see `diffusion_constant_bounds`).

    >>> print(f"{float(strong_dephasing_constant(5.0, 1.0)):.4f}")
    0.3704
    """
    dephasing, disorder = _check.positive("dephasing", dephasing), _check.non_negative("disorder", disorder)
    _check.together(dephasing=dephasing, disorder=disorder)
    return 2 * dephasing / (dephasing**2 + 2 * disorder**2)


def diffusion_constant_bounds(
    site_energies: ArrayLike, dephasing: ArrayLike
) -> tuple[FloatOrArray, FloatOrArray]:
    r"""Return bounds (low, high) of D_s, valid for every ring at every Γ > 0.

    .. math::
        \frac{2\Gamma}{\Gamma^2 + \overline{(\epsilon_n - \epsilon_{n+1})^2}} \le D_s \le \frac{2}{\Gamma}

    The first two ends of the continued fraction of `frenkel.velocity`; rings of shape (..., n), Γ
    broadcasts against the leading axes.

    >>> low, high = diffusion_constant_bounds([0.0, 1.0, 0.0, 1.0], 1.0)
    >>> print(float(low), float(high))
    1.0 2.0
    """
    energies = _check.array("site_energies", site_energies)
    if energies.ndim == 0:
        _check.fail("site_energies", "an array (..., n_sites)", float(energies))
    dephasing = _check.positive("dephasing", dephasing)
    _check.together(site_energies=energies[..., 0], dephasing=dephasing)
    squares = ((energies - np.roll(energies, -1, axis=-1)) ** 2).mean(axis=-1)
    return 2 * dephasing / (dephasing**2 + squares), 2 / dephasing + 0 * squares


def dimer_population(times: ArrayLike, dephasing: ArrayLike) -> FloatOrArray:
    r"""Return P₁(t) of the first of two resonant sites, excited at time 0: damped Rabi oscillation.

    .. math:: P_1 = \tfrac12\left[1 + e^{-\Gamma t/2}\left(\cos\Omega t
              + \frac{\Gamma}{2\Omega}\sin\Omega t\right)\right],\qquad
              \Omega = \sqrt{4 - \Gamma^2/4}

    Overdamped (imaginary Ω) for Γ > 4; the critical case Γ = 4 is the limit.

    >>> import numpy as np
    >>> print(f"{float(dimer_population(np.pi / 4, 0.0)):.3f}")
    0.500
    """
    times, dephasing = _check_times_and_rate(times, dephasing)
    frequency = np.sqrt(4 - dephasing**2 / 4 + 0j)
    sine = times * np.sinc(frequency * times / np.pi)  # sin(Ωt)/Ω, finite at Ω = 0
    swing = np.exp(-dephasing * times / 2) * (np.cos(frequency * times) + dephasing / 2 * sine)
    return ((1 + swing.real) / 2)[()]


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
    r"""Return :math:`\xi = [\Gamma(1/4)/\Gamma(3/4)]^2/\Delta^2 = 8.754/\Delta^2` at E = 0, weak disorder.

    The anomaly of Kappus and Wegner, Z. Phys. B 45, 15 (1981), in the closed form of Derrida and Gardner, J.
    Phys. France 45, 1283 (1984); Γ(·) is the gamma function here.

    >>> print(f"{float(band_center_localization_length(0.1)):.1f}")
    875.4
    """
    return (math.gamma(1 / 4) / math.gamma(3 / 4)) ** 2 / _check.positive("disorder", disorder) ** 2


def _edge_functions(energy, disorder):
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

    .. math:: \frac1\xi = D^{1/3}\,\frac{\mathrm{Ai}\,\mathrm{Ai}' + \mathrm{Bi}\,\mathrm{Bi}'}
              {\mathrm{Ai}^2 + \mathrm{Bi}^2}\left(\frac{|E| - 2}{D^{2/3}}\right),\qquad
              D = \frac{\Delta^2}{2}

    A particle of small momentum in white noise: 3.456 Δ^(-2/3) at the edge itself, 8e/Δ² at a depth e inside,
    1/√e at a distance e outside; wrong by terms of relative order e and Δ^(4/3). Halperin, Phys. Rev. 139,
    A104 (1965); at the edge also Derrida and Gardner, J. Phys. France 45, 1283 (1984).

    >>> print(f"{float(band_edge_localization_length(2.0, 0.1)):.2f}")
    16.04
    """
    (ai, ai_slope, bi, bi_slope), scale = _edge_functions(energy, disorder)
    return (ai**2 + bi**2) / (ai * ai_slope + bi * bi_slope) / scale


def band_edge_integrated_density(energy: ArrayLike, disorder: ArrayLike) -> FloatOrArray:
    r"""Return the fraction of levels beyond `energy` around a band edge, for weak disorder.

    .. math:: N(>|E|) = \frac{D^{1/3}}{\pi^2\left(\mathrm{Ai}^2 + \mathrm{Bi}^2\right)}
              \left(\frac{|E| - 2}{D^{2/3}}\right),\qquad D = \frac{\Delta^2}{2}

    Levels above E at the upper edge, below E at the lower: √e/π at a depth e inside the band, a
    tail exp(-8 e^(3/2) / 3Δ²) at a distance e outside. Halperin, Phys. Rev. 139, A104 (1965).

    >>> print(f"{float(band_edge_integrated_density(2.0, 0.1)):.4f}")
    0.0344
    """
    (ai, _, bi, _), scale = _edge_functions(energy, disorder)
    return scale / (np.pi**2 * (ai**2 + bi**2))


def _check_level(index, n_sites):
    n_sites = _check.integer("n_sites", n_sites, 1)
    index = _check.integer("index", index, 1)
    if index > n_sites:
        _check.fail("index", f"at most {n_sites}, the number of states", index)
    return np.pi * index / (n_sites + 1)


def chain_energy(index: int, n_sites: int) -> float:
    r"""Return :math:`E_k = 2\cos\frac{\pi k}{N+1}` of state k = `index`, 1 to N, of a clean open chain.

    k = 1 is the brightest; with head-to-tail dipoles (J < 0) it lies at the bottom of the band, so the line
    of a long J-aggregate is shifted by -2|J|.

    >>> print(f"{chain_energy(1, 3):.4f}")
    1.4142
    """
    return float(2 * np.cos(_check_level(index, n_sites)))


def chain_oscillator_strength(index: int, n_sites: int) -> float:
    r"""Return the oscillator strength of state k = `index` of a clean open chain of N = `n_sites` sites.

    .. math:: F_k = \frac{1 - (-1)^k}{N+1} \cot^2 \frac{\pi k}{2(N+1)}

    In units of one site; F₁ → 0.81 (N + 1), even k are dark (Fidder, Knoester and Wiersma, J. Chem. Phys.
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


def dimer_transfer_efficiency(
    detuning: ArrayLike, dephasing: ArrayLike, trap_rate: ArrayLike, loss_rate: ArrayLike
) -> FloatOrArray:
    r"""Return the transfer efficiency from one site to a trap at its only neighbor.

    .. math:: \eta = \frac{\kappa k}{k\,(\kappa + 2\kappa_0) + \kappa_0\,(\kappa + \kappa_0)},\qquad
              k = \frac{2G}{G^2 + \delta\epsilon^2},\quad G = \Gamma + \kappa_0 + \frac{\kappa}{2}

    Exact for J = 1: integrated over all times, the coherence between the sites acts as a hopping rate k,
    so η is largest where k is, at Γ = abs(δε) - κ_0 - κ/2: a resonant dimer is never helped by noise.
    `trap_rate` κ and `loss_rate` κ_0 are rates of populations.

    >>> print(f"{dimer_transfer_efficiency(5.0, 4.0, 1.0, 0.1):.3f}")
    0.571
    """
    detuning, dephasing = _check.array("detuning", detuning), _check.non_negative("dephasing", dephasing)
    trap_rate, loss_rate = _check.positive("trap_rate", trap_rate), _check.positive("loss_rate", loss_rate)
    _check.together(detuning=detuning, dephasing=dephasing, trap_rate=trap_rate, loss_rate=loss_rate)
    width = dephasing + loss_rate + trap_rate / 2
    k = 2 * width / (width**2 + detuning**2)
    return trap_rate * k / (k * (trap_rate + 2 * loss_rate) + loss_rate * (trap_rate + loss_rate))
