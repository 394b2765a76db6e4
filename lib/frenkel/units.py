r"""The one border between model units (J = ħ = a = 1) and meV, nm, ps, debye, cm²/s and kelvin.

The constants are CODATA 2022 values in SI units (e, ħ, :math:`k_\mathrm B` and c are exact); a test compares
them with `scipy.constants`. They stand here because the explorers run where SciPy is not loaded.
"""

from __future__ import annotations

import numpy as np

from . import _check
from ._types import ArrayLike, FloatArray, FloatOrArray

ELEMENTARY_CHARGE = 1.602176634e-19  # C, exact
HBAR = 6.62607015e-34 / (2 * np.pi)  # J s, exact
BOLTZMANN = 1.380649e-23  # J/K, exact
SPEED_OF_LIGHT = 299792458.0  # m/s, exact
VACUUM_PERMITTIVITY = 8.8541878188e-12  # F/m

MEV = 1e-3 * ELEMENTARY_CHARGE  # J
DEBYE = 1e-21 / SPEED_OF_LIGHT  # C m
NM = 1e-9  # m
PS = 1e-12  # s

NM2_PER_PS = 100.0  # one cm²/s in nm²/ps
WAVENUMBER_PER_PS = 1e10 / (2 * np.pi * SPEED_OF_LIGHT)  # cm⁻¹: ħ · 1 ps⁻¹ is 5.309 cm⁻¹
FWHM_PER_STANDARD_DEVIATION = (8 * np.log(2)) ** 0.5  # of a Gaussian: 2.3548


def standard_deviation(fwhm: ArrayLike) -> FloatOrArray:
    """Return the standard deviation of a Gaussian from its full width at half maximum, in the same unit.

    >>> print(f"{standard_deviation(26.0):.2f} meV")
    11.04 meV
    """
    return _check.non_negative("fwhm", fwhm) / FWHM_PER_STANDARD_DEVIATION


def _check_time(time: ArrayLike, coupling: ArrayLike) -> tuple[FloatArray, FloatArray]:
    time, coupling = _check.array("time", time), _check.positive("coupling", coupling)
    _check.together(time=time, coupling=coupling)
    return time, coupling


def time_to_ps(time: ArrayLike, coupling: ArrayLike) -> FloatOrArray:
    """Return a time in ħ/J as picoseconds, for a coupling |J| in meV.

    One unit of time is 16.5 fs for J = 40 meV.

    >>> print(f"{time_to_ps(1.0, 40.0):.5f} ps")
    0.01646 ps
    """
    time, coupling = _check_time(time, coupling)
    return time * HBAR / (coupling * MEV * PS)


def time_from_ps(time: ArrayLike, coupling: ArrayLike) -> FloatOrArray:
    """Return a time in picoseconds in units of ħ/J, for a coupling |J| in meV.

    >>> print(f"{time_from_ps(1.0, 40.0):.2f}")
    60.77
    """
    time, coupling = _check_time(time, coupling)
    return time * coupling * MEV * PS / HBAR


def rate_to_per_ps(rate: ArrayLike) -> FloatOrArray:
    """Return a rate in meV/ħ, such as one computed from energies in meV, in 1/ps.

    >>> print(f"{rate_to_per_ps(1.0):.3f} per ps")
    1.519 per ps
    """
    return _check.array("rate", rate) * MEV * PS / HBAR


def _check_diffusivity(
    diffusivity: ArrayLike, coupling: ArrayLike, spacing: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Return the checked diffusivity, and J a²/ħ in cm²/s for J in meV and a in nm."""
    diffusivity = _check.array("diffusivity", diffusivity)
    coupling, spacing = _check.positive("coupling", coupling), _check.positive("spacing", spacing)
    _check.together(diffusivity=diffusivity, coupling=coupling, spacing=spacing)
    return diffusivity, 1e4 * coupling * MEV * (spacing * NM) ** 2 / HBAR


def diffusivity_to_cm2_per_s(diffusivity: ArrayLike, coupling: ArrayLike, spacing: ArrayLike) -> FloatOrArray:
    """Return a diffusivity in J a²/ħ as cm²/s, for a coupling |J| in meV and a spacing a in nm.

    >>> print(f"{diffusivity_to_cm2_per_s(1.0, 40.0, 9.9):.1f} cm2/s")
    59.6 cm2/s
    """
    diffusivity, unit = _check_diffusivity(diffusivity, coupling, spacing)
    return diffusivity * unit


def diffusivity_from_cm2_per_s(
    diffusivity: ArrayLike, coupling: ArrayLike, spacing: ArrayLike
) -> FloatOrArray:
    """Return a diffusivity in cm²/s in units of J a²/ħ, for a coupling |J| in meV and a spacing a in nm."""
    diffusivity, unit = _check_diffusivity(diffusivity, coupling, spacing)
    return diffusivity / unit


def thermal_energy(temperature: ArrayLike) -> FloatOrArray:
    r"""Return :math:`k_\mathrm BT` in meV for a temperature in kelvin.

    >>> print(f"{thermal_energy(298.0):.2f} meV")
    25.68 meV
    """
    return _check.non_negative("temperature", temperature) * BOLTZMANN / MEV
