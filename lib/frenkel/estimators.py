"""From counts to a diffusivity, with error bars: second moments and fitted lines.

Laboratory units: positions in nm, times in ps, variances in nm², diffusivities in cm²/s. Arrays of counts
have shape (..., b, x): repeated measurements, time bins, stops of the detector. `frenkel.gaussian_fit`
fits profiles, `frenkel.derivative` goes on to D(t).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from . import _check
from ._laboratory import NM2_PER_PS, profile_counts, uniform_grid
from ._types import ArrayLike, FloatArray, FloatOrArray


class Estimate(NamedTuple):
    """Values and their standard errors, of the same shape."""

    value: float | FloatArray
    standard_error: float | FloatArray


def background_level(counts: ArrayLike, bin_edges: ArrayLike, *, before: float) -> Estimate:
    """Return the background in counts per bin and stop, from the bins that end before the pulse.

    Parameters
    ----------
    counts : array, shape (b, x)
    bin_edges : array, shape (b + 1,)
        In ps; bins must be equally long.
    before : float
        In ps; bins that end at or before it count. Stay two instrument responses before the pulse.

    Returns
    -------
    Estimate
        (value, standard_error), the error from Poisson statistics.

    Raises
    ------
    ValueError, TypeError
        If no bin ends at or before `before`, or `counts` do not fit `bin_edges`.

    Examples
    --------
    >>> background_level([[3, 5], [4, 4], [90, 80]], [-300.0, -200.0, -100.0, 0.0], before=-100.0)
    Estimate(value=4.0, standard_error=1.0)
    """
    counts = _check.non_negative("counts", counts)
    bin_edges = uniform_grid("bin_edges", bin_edges)
    before = _check.scalar("before", before, _check.array)
    if counts.ndim != 2 or len(counts) != len(bin_edges) - 1:
        _check.fail("counts", f"of shape ({len(bin_edges) - 1}, x)", f"of shape {counts.shape}")
    early = counts[bin_edges[1:] <= before]
    if not early.size:
        _check.fail("before", f"at least {bin_edges[1]:g}, the end of the first bin", before)
    return Estimate(float(early.mean()), float(np.sqrt(early.sum()) / early.size))


def second_moment(
    counts: ArrayLike,
    positions: ArrayLike,
    *,
    background: float = 0.0,
    background_error: float = 0.0,
    center: float = 0.0,
    window: float | None = None,
) -> Estimate:
    r"""Return the second moment of each profile about `center` and its standard error.

    .. math:: m = \frac1S \sum_x (c_x - b)(x - x_0)^2,\qquad S = \sum_x (c_x - b)

    The standard error :math:`\delta m` follows from the Poisson statistics of the counts :math:`c_x`, whose
    variances they are themselves, and from the error :math:`\sigma_b` of the background b:

    .. math:: S^2\,\delta m^2 = \sum_x c_x\,u_x^2 + \sigma_b^2 \Bigl(\sum_x u_x\Bigr)^2,\qquad
              u_x = (x - x_0)^2 - m

    Parameters
    ----------
    counts : array, shape (..., x)
        Poisson counts, background included.
    positions : array, shape (x,)
        In nm, evenly spaced.
    background, background_error : float
        b, counts at every stop, and its standard error :math:`\sigma_b` (`background_level`). An error of b
        is common to all bins: it moves late, faint profiles most and looks like transport.
    center : float
        x₀ in nm: where the spot is.
    window : float, optional
        Half-width h in nm; stops farther from the center are left out. A window keeps background noise out,
        and cuts tails off: `untruncated_variance` puts them back for a Gaussian.

    Returns
    -------
    Estimate
        (value, standard_error) in nm², shape (...). No shape of the profile is assumed.

    Raises
    ------
    ValueError, TypeError
        If a profile has no more counts than the background, or `window` holds fewer than three stops.

    Examples
    --------
    >>> moments = second_moment([2, 16, 2], [-100.0, 0.0, 100.0])
    >>> print(f"{moments.value:.0f} ± {moments.standard_error:.0f} nm²")
    2000 ± 894 nm²
    """
    center = _check.scalar("center", center, _check.array)
    background_error = _check.scalar("background_error", background_error, _check.non_negative)
    positions = uniform_grid("positions", positions)
    if window is not None:
        window = _check.scalar("window", window, _check.positive)
        inside = np.abs(positions - center) <= window
        if inside.sum() < 3:
            _check.fail("window", "wide enough for three stops", window)
        counts = _check.array("counts", counts)
        if counts.shape[-1:] == inside.shape:
            counts, positions = counts[..., inside], positions[inside]
    counts, positions, background = profile_counts(counts, positions, background)
    squares = (positions - center) ** 2
    signal = (counts - background).sum(axis=-1)
    moment = (counts - background) @ squares / signal
    off = squares - moment[..., None]
    variance = (counts * off**2).sum(axis=-1) + (background_error * off.sum(axis=-1)) ** 2
    return Estimate(moment, np.sqrt(variance) / signal)


def untruncated_variance(moment: ArrayLike, half_width: float) -> FloatOrArray:
    r"""Return the variance of the Gaussian whose second moment within ± `half_width` is `moment`.

    .. math:: \frac{m}{\sigma^2} = 1 - \sqrt{\frac{2}{\pi}}\,
              \frac{u\,\mathrm e^{-u^2/2}}{\operatorname{erf}(u/\sqrt2)},\qquad u = \frac{h}{\sigma}

    Parameters
    ----------
    moment : float or array
        m in nm², positive and below h²/3, that of a flat profile.
    half_width : float
        h in nm: of a window of k stops, k/2 times their spacing.

    Returns
    -------
    float or array
        σ² in nm², found by bisection. An error of m grows by the slope :math:`\mathrm d\sigma^2/\mathrm dm`,
        which is at least 1.

    Raises
    ------
    ValueError, TypeError
        If `moment` is not below that of a flat profile: no Gaussian is that wide.

    Examples
    --------
    >>> print(f"{untruncated_variance(0.29112, 1.0):.3f}")  # ±1 standard deviation keeps 29 % of it
    1.000
    """
    moment = _check.positive("moment", moment)
    half_width = _check.scalar("half_width", half_width, _check.positive)
    reduced = moment / half_width**2
    if reduced.max() >= 1 / 3:
        limit = f"below {half_width**2 / 3:.6g}, the second moment of a flat profile"
        _check.fail("moment", limit, float(moment.max()))
    # 1/a² between m/w², no truncation, and a value at which the Gaussian is flat to rounding
    low, high = np.log(reduced), np.full_like(reduced, np.log(1e8))
    nodes, weights = np.polynomial.legendre.leggauss(64)
    nodes, weights = (nodes + 1) / 2, weights / 2
    for _ in range(60):
        middle = (low + high) / 2
        # ∫ x² g / ∫ g on (0, reach): the Gaussian beyond 9 standard deviations is nothing
        reach = np.minimum(1.0, 9 * np.exp(middle / 2))[..., None]
        bell = np.exp(-((reach * nodes) ** 2) / 2 * np.exp(-middle)[..., None])
        found = (bell * (reach * nodes) ** 2) @ weights / (bell @ weights)
        low, high = np.where(found < reduced, middle, low), np.where(found < reduced, high, middle)
    return (np.exp((low + high) / 2) * half_width**2)[()]


def direct_msd(counts: ArrayLike, positions: ArrayLike, *, reference: int = 0, **options: Any) -> Estimate:
    r"""Return the MSD straight from the profiles, and its standard error.

    .. math:: \mathrm{MSD}(t) = m(t) - m(t_\mathrm{ref})

    Parameters
    ----------
    counts : array, shape (..., b, x)
    positions : array, shape (x,)
        In nm, evenly spaced.
    reference : int
        The bin whose second moment is subtracted: the first after the pulse. What blur adds to a second
        moment cancels there, as long as the window does not cut it differently.
    **options
        Those of `second_moment`.

    Returns
    -------
    Estimate
        (value, standard_error) in nm², shape (..., b). The error of the reference is in every other one:
        it shifts the curve as a whole and does not matter for D(t).

    Raises
    ------
    ValueError, TypeError
        If there is no bin of number `reference`, and as in `second_moment`.

    Examples
    --------
    >>> direct_msd([[2, 16, 2], [4, 12, 4]], [-100.0, 0.0, 100.0]).value.tolist()
    [0.0, 2000.0]
    """
    value, error = map(np.asarray, second_moment(counts, positions, **options))
    if value.ndim == 0:
        _check.fail("counts", "of shape (..., b, x)", f"of shape {np.shape(counts)}")
    reference = _check.integer("reference", reference, 0)
    if reference >= value.shape[-1]:
        _check.fail("reference", f"below {value.shape[-1]}, the number of bins", reference)
    pick = [reference]
    combined = np.hypot(error, error[..., pick])
    combined[..., reference] = 0.0
    return Estimate(value - value[..., pick], combined)


def fit_diffusion_constant(times: ArrayLike, variance: ArrayLike, errors: ArrayLike) -> Estimate:
    r"""Return (D, its standard error) from a straight line through σ²(t) or MSD(t), in cm²/s.

    .. math:: \sigma^2(t) = \sigma_0^2 + 2Dt

    Weighted least squares; the offset is free, so what is common to all times does not matter.

    Parameters
    ----------
    times : array, shape (t,)
        In ps, increasing.
    variance, errors : array, shape (t,)
        In nm²; the errors positive and independent of each other.

    Returns
    -------
    Estimate
        (value, standard_error).

    Raises
    ------
    ValueError, TypeError
        If there are fewer than two times, other numbers of values, or errors that are not positive.

    Examples
    --------
    >>> fit = fit_diffusion_constant([0.0, 1000.0, 2000.0], [5e3, 15e3, 25e3], [1e3, 1e3, 1e3])
    >>> print(f"{fit.value:.3f} ± {fit.standard_error:.4f} cm²/s")
    0.050 ± 0.0035 cm²/s
    """
    times = _check.times("times", times)
    variance, errors = _check.array("variance", variance), _check.positive("errors", errors)
    if len(times) < 2:
        _check.fail("times", "at least two times", times)
    for name, values in (("variance", variance), ("errors", errors)):
        if values.shape != times.shape:
            _check.fail(name, f"of shape {times.shape}", f"of shape {values.shape}")
    weights = errors**-2.0
    away = times - weights @ times / weights.sum()
    stiffness = weights @ away**2
    slope = (weights * away) @ variance / stiffness
    return Estimate(float(slope / 2 / NM2_PER_PS), float(stiffness**-0.5 / 2 / NM2_PER_PS))
