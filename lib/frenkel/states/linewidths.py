r"""Phonons broaden the line: from linewidths at several temperatures to Γ(T) and the turnover temperature.

.. math:: \mathrm{FWHM}(T) = \mathrm{FWHM}_0 + \Gamma(T),\qquad
          \Gamma(T) = A_\mathrm{ph}\,n_\mathrm{ph},\qquad
          n_\mathrm{ph} = \frac{1}{\mathrm e^{E_\mathrm{ph}/k_\mathrm BT} - 1}

(Rudin, Reinecke and Segall, Phys. Rev. B 42, 11218 (1990), with the optical phonon alone, as in the
paper). The part that phonons add to the width *is* the Γ of the Haken–Strobl–Reineker model: an optical
coherence decays at Γ/2, so its Lorentzian is Γ wide (see `frenkel.states.spectra`). Energies, widths and Γ
are in meV here (Γ stands for ħΓ), temperatures in kelvin; divide by J in meV for model units.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray
from ..units import BOLTZMANN, MEV, standard_deviation

PHONON_ENERGY = 16.0  # meV, the optical phonons of CsPbBr3 that the paper names
ROOM_TEMPERATURE = 298.0  # K


class LinewidthFit(NamedTuple):
    r"""A fitted linewidth model.

    Attributes
    ----------
    static_linewidth : float
        FWHM₀ in meV.
    phonon_coupling : float
        :math:`A_\mathrm{ph}` in meV.
    covariance : array, shape (2, 2)
        Of these two, in meV².
    """

    static_linewidth: float
    phonon_coupling: float
    covariance: FloatArray


def bose_einstein(phonon_energy: ArrayLike, temperature: ArrayLike) -> FloatOrArray:
    r"""Return the mean number of phonons in a mode, zero at T = 0.

    .. math:: n_\mathrm{ph} = \frac{1}{\mathrm e^{E_\mathrm{ph}/k_\mathrm BT} - 1}

    `phonon_energy` > 0 in meV and `temperature` ≥ 0 in kelvin broadcast.

    >>> print(f"{bose_einstein(16.0, 298.0):.4f}")
    1.1566
    """
    phonon_energy = _check.positive("phonon_energy", phonon_energy)
    temperature = _check.non_negative("temperature", temperature)
    _check.together(phonon_energy=phonon_energy, temperature=temperature)
    with np.errstate(divide="ignore", over="ignore"):  # at T = 0 the exponent is infinite and n is zero
        return (1 / np.expm1(phonon_energy * MEV / (BOLTZMANN * temperature)))[()]


def dephasing_rate(
    temperature: ArrayLike, phonon_coupling: ArrayLike, *, phonon_energy: ArrayLike = PHONON_ENERGY
) -> FloatOrArray:
    r"""Return :math:`\Gamma(T) = A_\mathrm{ph}\,n_\mathrm{ph}(T)` in meV: what phonons add to the linewidth.

    `temperature` in kelvin, `phonon_coupling` :math:`A_\mathrm{ph}` ≥ 0 and `phonon_energy` in meV; they
    broadcast.

    >>> print(f"{dephasing_rate(100.0, 62.6):.1f} meV")
    11.6 meV
    """
    phonon_coupling = _check.non_negative("phonon_coupling", phonon_coupling)
    number = bose_einstein(phonon_energy, temperature)
    _check.together(number=number, phonon_coupling=phonon_coupling)
    return phonon_coupling * number


def linewidth(
    temperature: ArrayLike,
    static_linewidth: ArrayLike,
    phonon_coupling: ArrayLike,
    *,
    phonon_energy: ArrayLike = PHONON_ENERGY,
) -> FloatOrArray:
    r"""Return :math:`\mathrm{FWHM}(T) = \mathrm{FWHM}_0 + A_\mathrm{ph}\,n_\mathrm{ph}(T)` in meV.

    `temperature` in kelvin; `static_linewidth` FWHM₀ ≥ 0, `phonon_coupling` :math:`A_\mathrm{ph}` ≥ 0 and
    `phonon_energy` in meV; they broadcast.

    >>> print(f"{linewidth(298.0, 26.0, 62.6):.1f} meV")
    98.4 meV
    """
    static_linewidth = _check.non_negative("static_linewidth", static_linewidth)
    broadening = dephasing_rate(temperature, phonon_coupling, phonon_energy=phonon_energy)
    _check.together(broadening=broadening, static_linewidth=static_linewidth)
    return static_linewidth + broadening


def fit_linewidth(
    temperatures: ArrayLike,
    linewidths: ArrayLike,
    errors: ArrayLike | None = None,
    *,
    phonon_energy: float = PHONON_ENERGY,
) -> LinewidthFit:
    r"""Fit FWHM₀ and :math:`A_\mathrm{ph}` to measured linewidths by (weighted) linear least squares.

    Parameters
    ----------
    temperatures, linewidths : array, shape (m,)
        Kelvin and meV; at least two different temperatures that phonons can tell apart.
    errors : array, shape (m,), optional
        Standard deviations of the linewidths in meV. The covariance is then that of these errors; without
        them it is scaled by the scatter about the fit, which takes three points.
    phonon_energy : float
        :math:`E_\mathrm{ph}` in meV.

    Returns
    -------
    LinewidthFit

    Raises
    ------
    ValueError, TypeError
        If the arrays differ in length, are too short, or do not determine both parameters, or if the line
        narrows on warming or has no width left at T = 0: no phonons do that.

    Notes
    -----
    The model is linear in both parameters: with the rows :math:`(1, n_\mathrm{ph}(T_i))/\sigma_i` of a matrix
    X the covariance is :math:`(X^\mathsf{T} X)^{-1}`.

    Examples
    --------
    >>> fit = fit_linewidth([7.0, 298.0], [26.0, 98.38], [1.0, 1.0])
    >>> print(f"{fit.phonon_coupling:.1f} ± {fit.covariance[1, 1] ** 0.5:.1f} meV")
    62.6 ± 1.2 meV
    """
    temperatures = _check.array("temperatures", temperatures, ndim=1)
    if (temperatures < 0).any():
        _check.fail("temperatures", "non-negative", float(temperatures.min()))
    linewidths = _check.array("linewidths", linewidths, ndim=1)
    least = 3 if errors is None else 2
    if len(temperatures) < least:
        _check.fail("temperatures", f"at least {least} numbers", f"of shape {temperatures.shape}")
    sigma = np.ones(len(temperatures)) if errors is None else _check.positive("errors", errors)
    for name, value in (("linewidths", linewidths), ("errors", sigma)):
        if value.shape != temperatures.shape:
            _check.fail(name, f"of shape {temperatures.shape}, as `temperatures`", f"of shape {value.shape}")
    phonon_energy = _check.scalar("phonon_energy", phonon_energy, _check.positive)
    number = bose_einstein(phonon_energy, temperatures)
    if np.ptp(number) < 1e-4:
        _check.fail("temperatures", "at least two with different numbers of phonons", temperatures)
    rows = np.stack([np.ones_like(number), number], axis=1) / sigma[:, None]
    covariance: NDArray[Any] = np.linalg.inv(rows.T @ rows)
    parameters = np.linalg.lstsq(rows, linewidths / sigma, rcond=None)[0]
    for part, value in zip(("A_ph", "FWHM_0"), parameters[::-1], strict=True):
        if value < 0:
            words = f"fitted best by {part} = {value:.3g} meV, which no line can have"
            _check.fail("linewidths", "positive, and wider the warmer, in meV at kelvin", words)
    if errors is None:
        residuals = linewidths - rows @ parameters
        covariance = covariance * (residuals @ residuals) / (len(residuals) - 2)
    return LinewidthFit(float(parameters[0]), float(parameters[1]), covariance)


def turnover_temperature(
    best_dephasing: ArrayLike, phonon_coupling: ArrayLike, *, phonon_energy: ArrayLike = PHONON_ENERGY
) -> FloatOrArray:
    r"""Return the temperature in kelvin at which Γ(T) has risen to the best dephasing.

    .. math:: T_t = \frac{E_\mathrm{ph}}{k_\mathrm B \ln(1 + A_\mathrm{ph}/\Gamma^*)}

    `best_dephasing` :math:`\Gamma^*` > 0, `phonon_coupling` :math:`A_\mathrm{ph}` > 0 and `phonon_energy` in
    meV; they broadcast. The paper takes the static disorder Δ for the best dephasing; any other choice, such
    as the maximum of :math:`D_s(\Gamma)`, can be put in its place.

    >>> print(f"{turnover_temperature(11.041, 62.5):.1f} K")
    97.9 K
    """
    best_dephasing = _check.positive("best_dephasing", best_dephasing)
    phonon_coupling = _check.positive("phonon_coupling", phonon_coupling)
    phonon_energy = _check.positive("phonon_energy", phonon_energy)
    _check.together(
        best_dephasing=best_dephasing, phonon_coupling=phonon_coupling, phonon_energy=phonon_energy
    )
    return (phonon_energy * MEV / (BOLTZMANN * np.log1p(phonon_coupling / best_dephasing)))[()]


def turnover_from_linewidths(
    static_linewidth: ArrayLike,
    room_linewidth: ArrayLike,
    phonon_energy: ArrayLike = PHONON_ENERGY,
    *,
    temperature: ArrayLike = ROOM_TEMPERATURE,
    ratio: ArrayLike = 1.0,
) -> FloatOrArray:
    r"""Return the temperature in kelvin at which Γ(T) = `ratio` · Δ, from two linewidths.

    The width at low temperature gives Δ = FWHM₀/2.3548, the `room_linewidth` measured at `temperature`
    gives :math:`A_\mathrm{ph} = (\mathrm{FWHM} - \mathrm{FWHM}_0)/n_\mathrm{ph}`; then `turnover_temperature`
    follows.

    Parameters
    ----------
    static_linewidth, room_linewidth, phonon_energy : float or array
        FWHM₀ < FWHM and :math:`E_\mathrm{ph}`, all > 0, in meV.
    temperature : float or array
        At which `room_linewidth` was measured, in kelvin, > 0.
    ratio : float or array
        Best dephasing over Δ, > 0; 1 is the paper's criterion.

    Returns
    -------
    float or array

    Raises
    ------
    ValueError, TypeError
        If `room_linewidth` is not larger than `static_linewidth`, or there are no phonons at `temperature`.

    Notes
    -----
    The positional arguments are those with an error bar: pass the function to
    `frenkel.propagate_uncertainty` or `frenkel.sample_uncertainty`. Taking the whole
    low-temperature width for Gaussian site disorder makes Δ a lower bound: exchange narrowing hides a part of
    it.

    Examples
    --------
    >>> from frenkel import propagate_uncertainty
    >>> value, error = propagate_uncertainty(turnover_from_linewidths, [26.0, 98.38, 16.0], [1, 3, 1])
    >>> print(f"{value:.0f} ± {error:.0f} K")
    98 ± 4 K
    """
    static_linewidth = _check.positive("static_linewidth", static_linewidth)
    room_linewidth = _check.positive("room_linewidth", room_linewidth)
    temperature, ratio = _check.positive("temperature", temperature), _check.positive("ratio", ratio)
    number = bose_einstein(phonon_energy, temperature)
    _check.together(
        number=number, static_linewidth=static_linewidth, room_linewidth=room_linewidth, ratio=ratio
    )
    if (room_linewidth <= static_linewidth).any():
        _check.fail("room_linewidth", "larger than `static_linewidth`", float(np.min(room_linewidth)))
    if np.min(number) == 0:
        _check.fail("temperature", "high enough for phonons", float(np.min(temperature)))
    disorder = standard_deviation(static_linewidth)
    coupling = (room_linewidth - static_linewidth) / number
    return turnover_temperature(ratio * disorder, coupling, phonon_energy=phonon_energy)
