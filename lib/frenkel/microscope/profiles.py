"""Profiles P(x, t) of excitons in laboratory units: what a microscope is pointed at.

Lengths in nm, times in ps, diffusivities in cm²/s (1 cm²/s = 100 nm²/ps). P is the density along one axis,
integrated across it, so that 2D is the slope of its variance in any dimension.
"""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray
from ..units import NM2_PER_PS, standard_deviation

_COARSEST = 1.5  # standard deviations from point to point: a sum over them is then right to 3·10⁻⁴


def _check_spot(positions: FloatArray, spot: float) -> float:
    """Return the standard deviation of a spot of FWHM `spot` that the grid can show."""
    spot = _check.scalar("spot", spot, _check.positive)
    if spot > np.ptp(positions):
        _check.fail("spot", f"at most {np.ptp(positions):g} nm, the length of `positions`", spot)
    return float(standard_deviation(spot))


def _check_resolved(positions: FloatArray, width: float) -> None:
    """Fail if a Gaussian of standard deviation `width` falls between the points of the grid."""
    step = positions[1] - positions[0]
    if step > _COARSEST * width:
        rule = f"spaced by at most {_COARSEST * width:.3g} nm, to show a profile of {width:.3g} nm (σ)"
        _check.fail("positions", rule, float(step))


def _gaussian(away: FloatArray, variance: float | FloatArray) -> FloatArray:
    return np.exp(-(away**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)


def gaussian_profiles(
    positions: ArrayLike, times: ArrayLike, diffusivity: ArrayLike, *, spot: float = 300.0
) -> FloatArray:
    r"""Return the profiles of excitons that diffuse from a Gaussian spot.

    .. math:: P(x,t) = \frac{\mathrm e^{-x^2/2\sigma^2(t)}}{\sqrt{2\pi}\,\sigma(t)},\qquad
              \sigma^2(t) = \sigma_0^2 + 2\int_0^t D(s)\,\mathrm ds

    Parameters
    ----------
    positions : array, shape (x,)
        In nm, evenly spaced.
    times : array, shape (t,)
        In ps, increasing, beginning at 0.
    diffusivity : float or array, shape (t,)
        D in cm²/s, a number or a value at every time; it may be negative as long as σ² stays positive.
    spot : float
        Full width at half maximum of the excitation in nm: σ₀ times 2.355.

    Returns
    -------
    array, shape (t, x)
        Probability per nm.

    Raises
    ------
    ValueError, TypeError
        If a negative `diffusivity` makes the profile narrower than nothing, or `positions` are not even, too
        coarse for the narrowest profile or shorter than the spot.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-4000, 4000, 801)
    >>> final = gaussian_profiles(x, [0.0, 1000.0], 0.5, spot=300.0)[-1]
    >>> print(f"{np.trapezoid(final * x**2, x) - (300 / 2.35482) ** 2:.0f} nm²")  # 2 D t
    100000 nm²
    """
    positions, times = _check.uniform_grid("positions", positions), _check.clock(times)
    diffusivity = _check.array("diffusivity", diffusivity) * NM2_PER_PS
    width = _check_spot(positions, spot)
    if diffusivity.shape not in ((), times.shape):
        _check.fail("diffusivity", f"one number or of shape {times.shape}", f"of shape {diffusivity.shape}")
    curve = np.broadcast_to(diffusivity, times.shape)
    gained = np.append(0.0, np.cumsum((curve[1:] + curve[:-1]) * np.diff(times)))
    variance = (width**2 + gained)[:, None]
    if variance.min() <= 0:
        _check.fail("diffusivity", "such that the width of the profile stays positive", float(curve.min()))
    _check_resolved(positions, float(np.sqrt(variance.min())))
    return _gaussian(positions, variance)


def lattice_profiles(
    positions: ArrayLike,
    populations: ArrayLike,
    displacements: ArrayLike,
    *,
    spacing: float,
    spot: float = 300.0,
) -> FloatArray:
    r"""Return the profiles of a lattice model under a Gaussian spot.

    .. math:: P(x,t) = \sum_n P_n(t)\,g(x - a\,d_n)

    g is the normalized excitation: it starts excitons on many sites, incoherently, and each spreads in the
    same way on average. So the MSD of the lattice adds to the variance of the spot.

    Parameters
    ----------
    positions : array, shape (x,)
        In nm, evenly spaced.
    populations : array, shape (t, n)
        :math:`P_n(t)` ≥ 0 of one starting site, averaged over disorder and noise.
    displacements : array, shape (n,)
        :math:`d_n` from that site in lattice constants.
    spacing : float
        The lattice constant a in nm.
    spot : float
        Full width at half maximum of the excitation in nm.

    Returns
    -------
    array, shape (t, x)
        Probability per nm.

    Raises
    ------
    ValueError, TypeError
        If `populations` are negative or not one for each displacement, or `positions` are not even, too
        coarse for the spot or shorter than it.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-900, 900, 181)
    >>> profile = lattice_profiles(x, [[0.5, 0.0, 0.5]], [-1, 0, 1], spacing=10.0)[0]
    >>> print(f"{np.trapezoid(profile * x**2, x) - (300 / 2.35482) ** 2:.1f} nm²")
    100.0 nm²
    """
    positions = _check.uniform_grid("positions", positions)
    populations = _check.non_negative("populations", populations)
    displacements = _check.array("displacements", displacements, ndim=1)
    spacing = _check.scalar("spacing", spacing, _check.positive)
    width = _check_spot(positions, spot)
    _check_resolved(positions, width)
    if populations.ndim != 2 or populations.shape[1] != len(displacements):
        _check.fail("populations", f"of shape (t, {len(displacements)})", f"of shape {populations.shape}")
    away = positions - spacing * displacements[:, None]  # site, position
    return populations @ _gaussian(away, width**2)
