"""Closed forms: the oracle of the tests and the overlay of the figures. Units of J, ħ/J and a."""

from __future__ import annotations

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
