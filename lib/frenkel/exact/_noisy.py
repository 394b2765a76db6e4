"""Motion with white noise: clean chains, hopping, two sites. Units of J, ħ/J and a."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray


def _check_times_and_rate(times: ArrayLike, dephasing: ArrayLike) -> tuple[FloatArray, FloatArray]:
    times, dephasing = _check.non_negative("times", times), _check.non_negative("dephasing", dephasing)
    _check.together(times=times, dephasing=dephasing)
    return times, dephasing


def clean_msd(times: ArrayLike, dephasing: ArrayLike = 0.0) -> FloatOrArray:
    r"""Return the MSD without disorder.

    .. math:: \mathrm{MSD} = \frac{4}{\Gamma^2}\left(\Gamma t - 1 + \mathrm e^{-\Gamma t}\right),
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
    r"""Return :math:`D(t) = (2/\Gamma)(1 - \mathrm e^{-\Gamma t})` without disorder; :math:`2t` for Γ = 0.

    >>> float(clean_diffusivity(3.0))
    6.0
    """
    times, dephasing = _check_times_and_rate(times, dephasing)
    x = dephasing * times
    safe = np.where(x == 0, 1.0, x)
    return (2 * times * np.where(x == 0, 1.0, -np.expm1(-safe) / safe))[()]


def hopping_rate(detuning: ArrayLike, dephasing: ArrayLike) -> FloatOrArray:
    r"""Return the rate between two sites in the limit of strong dephasing.

    .. math:: k = \frac{2\Gamma}{\Gamma^2 + \delta\varepsilon^2}

    >>> float(hopping_rate(0.0, 4.0))
    0.5
    """
    detuning, dephasing = _check.array("detuning", detuning), _check.positive("dephasing", dephasing)
    _check.together(detuning=detuning, dephasing=dephasing)
    return 2 * dephasing / (dephasing**2 + detuning**2)


def strong_dephasing_constant(
    dephasing: ArrayLike, disorder: ArrayLike, thermal_energy: ArrayLike | None = None
) -> FloatOrArray:
    r"""Return :math:`D_s \to 2\Gamma/(\Gamma^2 + 2\Delta^2)`, the limit of strong dephasing in one dimension.

    The resistances 1/k of the bonds add up, so the disorder average is harmonic, with ⟨δε²⟩ = 2Δ². For an
    infinite chain with Gaussian or any other independent disorder this is also a lower bound of :math:`D_s`
    at every Γ (see `diffusion_constant_bounds`).

    With a bath of `thermal_energy` :math:`k_\mathrm BT = 1/\beta` the rates are those of
    `frenkel.motion.thermal_rates.thermal_hopping_rate`, and for Gaussian disorder

    .. math:: D_s = \frac{2\Gamma\,\mathrm e^{-(\beta\Delta)^2}}{\Gamma^2 F(\beta\Delta/2)/(\beta\Delta/2)
              + 2\Delta^2}

    with Dawson's integral F: the resistance :math:`1/p_n k_{n \to n+1}` averaged over the mean and the
    difference of two neighbors. The first factor freezes the cold chain.

    >>> print(f"{float(strong_dephasing_constant(5.0, 1.0)):.4f}")
    0.3704
    >>> print(f"{float(strong_dephasing_constant(5.0, 1.0, 1.0)):.4f}")
    0.1584
    """
    dephasing, disorder = _check.positive("dephasing", dephasing), _check.non_negative("disorder", disorder)
    if thermal_energy is None:
        _check.together(dephasing=dephasing, disorder=disorder)
        return 2 * dephasing / (dephasing**2 + 2 * disorder**2)
    from scipy.special import dawsn

    thermal_energy = _check.positive("thermal_energy", thermal_energy)
    _check.together(dephasing=dephasing, disorder=disorder, thermal_energy=thermal_energy)
    half = np.maximum(disorder / thermal_energy / 2, 1e-9)  # dawsn(x) / x is 1 to rounding there
    return 2 * dephasing * np.exp(-4 * half**2) / (dephasing**2 * dawsn(half) / half + 2 * disorder**2)


def diffusion_constant_bounds(
    site_energies: ArrayLike, dephasing: ArrayLike
) -> tuple[FloatOrArray, FloatOrArray]:
    r"""Return bounds (low, high) of :math:`D_s`, valid for every ring at every Γ > 0.

    .. math::
        \frac{2\Gamma}{\Gamma^2 + \overline{(\varepsilon_n - \varepsilon_{n+1})^2}}
        \le D_s \le \frac{2}{\Gamma}

    The first two ends of the continued fraction of `frenkel.motion.ring_diffusion`; rings of shape (..., n),
    Γ broadcasts against the leading axes.

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

    .. math:: P_1 = \tfrac12\left[1 + \mathrm e^{-\Gamma t/2}\left(\cos\Omega t
              + \frac{\Gamma}{2\Omega}\sin\Omega t\right)\right],\qquad
              \Omega = \sqrt{4 - \Gamma^2/4}

    Overdamped (imaginary Ω) for Γ > 4; the critical case Γ = 4 is the limit.

    >>> import numpy as np
    >>> print(f"{float(dimer_population(np.pi / 4, 0.0)):.3f}")
    0.500
    """
    times, dephasing = _check_times_and_rate(times, dephasing)
    square = 4 - dephasing**2 / 4
    frequency = np.sqrt(np.abs(square))
    phase = frequency * times
    under = np.exp(-dephasing * times / 2) * (np.cos(phase) + dephasing * times / 2 * np.sinc(phase / np.pi))
    # Imaginary Ω: exp(-Γt/2) takes the growth of cosh and sinh; what is left falls at Γ/2 - |Ω|.
    slow = np.exp(-4 * times / (dephasing / 2 + frequency))
    twice = np.where(phase == 0, 1.0, 2 * phase)
    sine = np.where(phase == 0, 1.0, -np.expm1(-twice) / twice)
    over = slow * ((1 + np.exp(-2 * phase)) / 2 + dephasing * times / 2 * sine)
    return ((1 + np.where(square > 0, under, over)) / 2)[()]


def dimer_transfer_efficiency(
    detuning: ArrayLike, dephasing: ArrayLike, trap_rate: ArrayLike, loss_rate: ArrayLike
) -> FloatOrArray:
    r"""Return the transfer efficiency from one site to a trap at its only neighbor.

    .. math:: \eta = \frac{k_\mathrm{trap}\,k}
              {k\,(k_\mathrm{trap} + 2k_\mathrm{loss}) + k_\mathrm{loss}\,(k_\mathrm{trap} + k_\mathrm{loss})}

    Exact for J = 1: integrated over all times, the coherence between the sites acts as a hopping rate

    .. math:: k = \frac{2\,\Gamma_\mathrm{tot}}{\Gamma_\mathrm{tot}^2 + \delta\varepsilon^2},\qquad
              \Gamma_\mathrm{tot} = \Gamma + k_\mathrm{loss} + \tfrac12 k_\mathrm{trap},

    so η is largest where k is, at :math:`\Gamma_\mathrm{tot} = |\delta\varepsilon|`: a resonant dimer is
    never helped by noise. `trap_rate` :math:`k_\mathrm{trap}` and `loss_rate` :math:`k_\mathrm{loss}` are
    rates of populations.

    >>> print(f"{dimer_transfer_efficiency(5.0, 4.0, 1.0, 0.1):.3f}")
    0.571
    """
    detuning, dephasing = _check.array("detuning", detuning), _check.non_negative("dephasing", dephasing)
    trap_rate, loss_rate = _check.positive("trap_rate", trap_rate), _check.positive("loss_rate", loss_rate)
    _check.together(detuning=detuning, dephasing=dephasing, trap_rate=trap_rate, loss_rate=loss_rate)
    width = dephasing + loss_rate + trap_rate / 2
    k = 2 * width / (width**2 + detuning**2)
    return trap_rate * k / (k * (trap_rate + 2 * loss_rate) + loss_rate * (trap_rate + loss_rate))
