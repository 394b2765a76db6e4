"""Rival explanations of a diffusivity, each as a formula for D in cm²/s: bands, photons, dark states.

Laboratory units: nm, ps, K, meV, cm²/s, mobilities in cm²/Vs. Hopping on a random film is in
`frenkel.hopping`, transient localization in `frenkel.transient`, annihilation in `frenkel.annihilation`,
and all are compared in `frenkel.comparison`.
"""

from __future__ import annotations

import numpy as np

from . import _check
from ._types import ArrayLike, FloatOrArray
from .units import thermal_energy


def _check_exponent(name: str, value: ArrayLike) -> float:
    """Return a power of the temperature that a float can hold."""
    value = _check.scalar(name, value, _check.array)
    if abs(value) > 5:
        _check.fail(name, "a number between -5 and 5", value)
    return value


def einstein_diffusivity(mobility: ArrayLike, temperature: ArrayLike) -> FloatOrArray:
    r"""Return :math:`D = \mu_\mathrm c k_\mathrm BT/e` in cm²/s for a mobility in cm²/Vs at a temperature.

    The Einstein relation of carriers that are not degenerate. `mobility` and `temperature` in K, both ≥ 0,
    broadcast.

    >>> print(f"{einstein_diffusivity(0.19, 298.0):.4f} cm²/s")  # the free carriers that the paper excludes
    0.0049 cm²/s
    """
    mobility = _check.non_negative("mobility", mobility)
    temperature = _check.non_negative("temperature", temperature)
    _check.together(mobility=mobility, temperature=temperature)
    return mobility * thermal_energy(temperature) / 1e3


def band_diffusivity(
    temperature: ArrayLike,
    *,
    acoustic_mobility: ArrayLike,
    defect_mobility: ArrayLike,
    defect_exponent: float = -1.0,
) -> FloatOrArray:
    r"""Return D(T) in cm²/s of carriers in a band, scattered by acoustic phonons and by defects.

    .. math:: D = \frac{k_\mathrm BT}{e}\left[\frac{1}{\mu_\mathrm{ac}}\Big(\frac{T}{T_0}\Big)^{3/2}
              + \frac{1}{\mu_\mathrm d}\Big(\frac{T}{T_0}\Big)^{-p}\right]^{-1},\qquad T_0 = 300\ \mathrm{K}

    Parameters
    ----------
    temperature : float or array
        T in K, positive.
    acoustic_mobility, defect_mobility : float or array
        :math:`\mu_\mathrm{ac}` and :math:`\mu_\mathrm d`, each alone, at 300 K, in cm²/Vs.
    defect_exponent : float
        p, the power of T in the mobility that defects alone would leave: 3/2 for ionized impurities,
        0 for neutral ones, −1/2 for a fixed mean free path, −1 for a D that does not depend on T.

    Returns
    -------
    float or array

    Raises
    ------
    ValueError, TypeError
        If a temperature or mobility is not positive, or `defect_exponent` beyond ±5.

    Notes
    -----
    Acoustic phonons alone give :math:`D \propto T^{-1/2}`. D falls at all temperatures only for p ≤ −1: with
    any other defect, D rises as :math:`T^{1+p}` first, and a band has a maximum of D(T) without any quantum
    interference. See J. Bardeen and W. Shockley, Phys. Rev. 80, 72 (1950) for :math:`T^{-3/2}`; C. Erginsoy,
    Phys. Rev. 79, 1013 (1950) for p = 0; E. Conwell and V. F. Weisskopf, Phys. Rev. 77, 388 (1950) for p =
    3/2. Rates add up as in Matthiessen's rule.

    Examples
    --------
    >>> d = band_diffusivity([10.0, 100.0, 300.0], acoustic_mobility=20.0, defect_mobility=20.0)
    >>> print(" ".join(f"{value:.3f}" for value in d))
    0.437 0.328 0.259
    """
    temperature = _check.positive("temperature", temperature)
    acoustic_mobility = _check.positive("acoustic_mobility", acoustic_mobility)
    defect_mobility = _check.positive("defect_mobility", defect_mobility)
    defect_exponent = _check_exponent("defect_exponent", defect_exponent)
    _check.together(
        temperature=temperature, acoustic_mobility=acoustic_mobility, defect_mobility=defect_mobility
    )
    reduced = temperature / 300.0
    resistance = reduced**1.5 / acoustic_mobility + reduced**-defect_exponent / defect_mobility
    return einstein_diffusivity(1 / resistance, temperature)


def photon_recycling_diffusivity(
    absorption: ArrayLike, lifetime: float, *, reabsorption: float = 1.0, weights: ArrayLike | None = None
) -> FloatOrArray:
    r"""Return the D in cm²/s that emission and reabsorption alone give to excitons.

    .. math:: D = \frac{p_\mathrm r}{3\,\tau_\mathrm r}\left\langle\frac{1}{\alpha^2}\right\rangle

    An exciton emits at a rate :math:`1/\tau_\mathrm r`; a share :math:`p_\mathrm r` of the photons is
    absorbed again, after a straight path in any direction whose length is exponential with mean 1/α: ⟨x²⟩ =
    2/(3α²) for each, twice :math:`D\tau_\mathrm r/p_\mathrm r`.

    Parameters
    ----------
    absorption : float or array, shape (..., s)
        α in cm⁻¹ at the emitted photon energies.
    lifetime : float
        The radiative lifetime :math:`\tau_\mathrm r` in ps.
    reabsorption : float
        The probability :math:`p_\mathrm r` in [0, 1].
    weights : array, shape (s,), optional
        The spectrum of the photons that are absorbed again; the mean of 1/α² is taken with it along the
        last axis of `absorption`. Without it, one color, and arrays are element by element.

    Returns
    -------
    float or array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If `reabsorption` is no probability, or `weights` do not fit or are all zero.

    Notes
    -----
    The mean of 1/α² is carried by the few photons that are absorbed least: for a spectrum that reaches far
    below the band edge it has no limit, spreading is not diffusive (T. Holstein, Phys. Rev. 72, 1212
    (1947)), and the size of the sample cuts it off. Observed over 50 µm in films of perovskite: see
    L. M. Pazos-Outón et al., Science 351, 1430 (2016).

    Examples
    --------
    >>> print(f"{photon_recycling_diffusivity(1e5, 1000.0):.4f} cm²/s")  # paths of 100 nm, every ns
    0.0333 cm²/s
    """
    absorption = _check.positive("absorption", absorption)
    lifetime = _check.scalar("lifetime", lifetime, _check.positive)
    reabsorption = _check.scalar("reabsorption", reabsorption, _check.non_negative)
    if reabsorption > 1:
        _check.fail("reabsorption", "a probability, at most 1", reabsorption)
    squares = absorption**-2.0
    if weights is not None:
        weights = _check.non_negative("weights", weights)
        if weights.ndim != 1 or absorption.shape[-1:] != weights.shape or not weights.sum() > 0:
            _check.fail(
                "weights", f"of shape {absorption.shape[-1:]}, not all zero", f"of shape {weights.shape}"
            )
        squares = squares @ weights / weights.sum()
    return reabsorption * squares / (3 * lifetime * 1e-12)


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
    exponent = _check_exponent("exponent", exponent)
    return fraction * bright * (np.asarray(temperature) / 100.0) ** -exponent + (1 - fraction) * dark
