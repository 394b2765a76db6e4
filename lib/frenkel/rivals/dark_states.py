"""Exchange between a bright and a dark state, which can feign a turnover."""

from __future__ import annotations

from typing import NamedTuple

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
    Exchange has to be much faster than the measurement and than both decays (`exchange_kinetics` has the
    general case). A dark state that matters below 10 K in assemblies of perovskite nanocrystals:
    A. J. Bornschlegl et al., Advanced Energy Materials 14, 2303312 (2024).

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


class ExchangeKinetics(NamedTuple):
    r"""What exchange between a bright and a dark state makes of the emission; shapes as the temperature's.

    Attributes
    ----------
    fast, slow : float or array
        The two lifetimes in ps.
    slow_photons : float or array
        The share of all photons that belongs to the slow exponential; above 1 where the emission first rises.
    bright_time : float or array
        How long an exciton is bright in the mean, in ps: times the radiative rate, the quantum yield.
    mobile_share : float or array
        w; late after the pulse :math:`D = w D_\mathrm b + (1 - w) D_\mathrm d`.
    """

    fast: FloatOrArray
    slow: FloatOrArray
    slow_photons: FloatOrArray
    bright_time: FloatOrArray
    mobile_share: FloatOrArray


def exchange_kinetics(
    temperature: ArrayLike,
    *,
    splitting: ArrayLike,
    relaxation_rate: float,
    bright_decay: float,
    dark_decay: float = 0.0,
    degeneracy_ratio: float = 1.0,
    bright_start: float = 1.0,
) -> ExchangeKinetics:
    r"""Return lifetimes, light and mobility of excitons in a bright and a dark state that both decay.

    .. math::
        \dot n_\mathrm b = -(k_\mathrm b + k_\downarrow)\,n_\mathrm b + k_\uparrow n_\mathrm d,\qquad
        \dot n_\mathrm d = k_\downarrow n_\mathrm b - (k_\mathrm d + k_\uparrow)\,n_\mathrm d,\qquad
        \frac{k_\uparrow}{k_\downarrow} = G\,\mathrm e^{-\delta/k_\mathrm BT}

    The emission follows :math:`n_\mathrm b`. If bright excitons diffuse with :math:`D_\mathrm b` and dark
    ones with :math:`D_\mathrm d`, a wave of wave number κ decays with the slower eigenvalue λ(κ), and
    :math:`D = \mathrm d\lambda/\mathrm d\kappa^2` at 0:

    .. math:: w = \tfrac12\left[1 + \frac{c}{\sqrt{c^2 + k_\uparrow k_\downarrow}}\right],\qquad
              2c = k_\mathrm d + k_\uparrow - k_\mathrm b - k_\downarrow

    Exchange much quicker than both decays has :math:`w = f_\mathrm b` (`bright_fraction`) and one lifetime,
    :math:`1/[f_\mathrm b k_\mathrm b + (1 - f_\mathrm b)\,k_\mathrm d]`.

    Parameters
    ----------
    temperature : float or array
        T in K, positive.
    splitting : float or array
        δ in meV, bright above dark.
    relaxation_rate : float
        :math:`k_\downarrow > 0` from bright to dark, in 1/ps.
    bright_decay, dark_decay : float
        :math:`k_\mathrm b > 0` and :math:`k_\mathrm d \ge 0` in 1/ps, with or without light.
    degeneracy_ratio : float
        G, bright states for each dark one.
    bright_start : float
        The share that starts bright, in [0, 1].

    Returns
    -------
    ExchangeKinetics

    Raises
    ------
    ValueError, TypeError
        If a rate is out of its range, `bright_start` is no share, and as in `bright_fraction`.

    Examples
    --------
    >>> quick = exchange_kinetics(100.0, splitting=8.6, relaxation_rate=10.0, bright_decay=1e-3)
    >>> print(f"{quick.slow:.0f} ps, {quick.bright_time:.0f} ps bright, {quick.mobile_share:.2f} mobile")
    3713 ps, 1000 ps bright, 0.27 mobile
    """
    temperature = _check.positive("temperature", temperature)
    splitting = _check.array("splitting", splitting)
    _check.together(temperature=temperature, splitting=splitting)
    down = _check.scalar("relaxation_rate", relaxation_rate, _check.positive)
    bright = _check.scalar("bright_decay", bright_decay, _check.positive)
    dark = _check.scalar("dark_decay", dark_decay, _check.non_negative)
    degeneracy_ratio = _check.scalar("degeneracy_ratio", degeneracy_ratio, _check.positive)
    start = _check.scalar("bright_start", bright_start, _check.non_negative)
    if start > 1:
        _check.fail("bright_start", "a share, at most 1", start)
    exponent = np.log(down * degeneracy_ratio) - splitting / thermal_energy(temperature)
    up = np.exp(np.clip(exponent, -700.0, 700.0))
    middle, half = (bright + down + dark + up) / 2, (dark + up - bright - down) / 2
    between = np.sqrt(up) * np.sqrt(down)
    root = np.hypot(half, between)
    fast = middle + root
    slow = bright * ((dark + up) / fast) + down * (dark / fast)  # middle − root would cancel
    larger = (1 + np.abs(half) / root) / 2
    mobile = np.where(half > 0, larger, (between / root) ** 2 / (4 * larger))
    slow_amplitude = mobile * start + up * (1 - start) / (2 * root)
    slow_time = slow_amplitude / slow
    bright_time = slow_time + (start - slow_amplitude) / fast
    return ExchangeKinetics(1 / fast, 1 / slow, slow_time / bright_time, bright_time, mobile[()])
