"""Exchange between a bright and a dark state, which can feign a turnover."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatOrArray
from ..units import thermal_energy


def bright_fraction(
    temperature: ArrayLike, splitting: ArrayLike, *, degeneracy_ratio: float = 1.0
) -> FloatOrArray:
    r"""Return the thermal share of the bright state, `splitting` meV above the dark one.

    .. math:: f_\mathrm b = \frac{G\,\mathrm e^{-\delta/k_\mathrm BT}}
              {1 + G\,\mathrm e^{-\delta/k_\mathrm BT}}

    Parameters
    ----------
    temperature : float or array
        T in K, positive.
    splitting : float or array
        δ in meV; negative if the bright state is the lower one.
    degeneracy_ratio : float
        G, bright states for each dark one: 3 for a triplet over a singlet.

    Returns
    -------
    float or array

    Raises
    ------
    ValueError, TypeError
        If `temperature` or `degeneracy_ratio` is not positive.

    Examples
    --------
    >>> print(f"{bright_fraction(300.0, 0.0, degeneracy_ratio=3.0):.2f}")
    0.75
    """
    temperature = _check.positive("temperature", temperature)
    splitting = _check.array("splitting", splitting)
    degeneracy_ratio = _check.scalar("degeneracy_ratio", degeneracy_ratio, _check.positive)
    _check.together(temperature=temperature, splitting=splitting)
    exponent = splitting / thermal_energy(temperature) - np.log(degeneracy_ratio)
    return np.where(exponent > 0, np.exp(-np.abs(exponent)), 1.0) / (1 + np.exp(-np.abs(exponent)))


def bright_dark_diffusivity(
    temperature: ArrayLike,
    *,
    splitting: ArrayLike,
    bright_diffusivity: float,
    dark_diffusivity: float = 0.0,
    exponent: float = 0.0,
    degeneracy_ratio: float = 1.0,
) -> FloatOrArray:
    r"""Return D(T) in cm²/s of excitons that exchange rapidly between a bright and a dark state.

    .. math:: D = f_\mathrm b\,D_\mathrm b\,(T/T_1)^{-q} + (1 - f_\mathrm b)\,D_\mathrm d,
              \qquad T_1 = 100\ \mathrm{K}

    With a dark state below (δ > 0) excitons must be activated to move; if the bright state moves less as
    it gets warmer (q > 0), D(T) has a maximum: a turnover without interference.

    Parameters
    ----------
    temperature : float or array
        T in K, positive.
    splitting : float
        δ in meV, bright above dark (`bright_fraction`).
    bright_diffusivity, dark_diffusivity : float
        :math:`D_\mathrm b` at 100 K, and :math:`D_\mathrm d`, in cm²/s.
    exponent : float
        q, the power with which :math:`D_\mathrm b` falls.
    degeneracy_ratio : float
        G, bright states for each dark one.

    Returns
    -------
    float or array

    Raises
    ------
    ValueError, TypeError
        If a diffusivity is negative or `exponent` beyond ±5, and as in `bright_fraction`.

    Notes
    -----
    Exchange has to be much faster than the measurement and emission must not deplete the bright state. A
    dark state that matters below 10 K in assemblies of perovskite nanocrystals: A. J. Bornschlegl et al.,
    Advanced Energy Materials 14, 2303312 (2024).

    Examples
    --------
    >>> d = bright_dark_diffusivity([10, 60, 300], splitting=5.0, bright_diffusivity=1.0, exponent=1.0)
    >>> print(" ".join(f"{value:.2f}" for value in d))
    0.03 0.46 0.15
    """
    fraction = bright_fraction(temperature, splitting, degeneracy_ratio=degeneracy_ratio)
    bright = _check.scalar("bright_diffusivity", bright_diffusivity, _check.non_negative)
    dark = _check.scalar("dark_diffusivity", dark_diffusivity, _check.non_negative)
    exponent = _check.exponent("exponent", exponent)
    return fraction * bright * (np.asarray(temperature) / 100.0) ** -exponent + (1 - fraction) * dark
