"""From counts to a diffusivity, with error bars: second moments.

Laboratory units: positions in nm, times in ps, variances in nm², diffusivities in cm²/s. Arrays of counts
have shape (..., b, x): repeated measurements, time bins, stops of the detector. `frenkel.microscope.fits`
fits profiles and straight lines, `frenkel.microscope.smoothing` goes on to D(t).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _check
from .._types import ArrayLike
from .fits import Estimate


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
    bin_edges = _check.uniform_grid("bin_edges", bin_edges)
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
    positions = _check.uniform_grid("positions", positions)
    if window is not None:
        window = _check.scalar("window", window, _check.positive)
        inside = np.abs(positions - center) <= window
        if inside.sum() < 3:
            _check.fail("window", "wide enough for three stops", window)
        counts = _check.array("counts", counts)
        if counts.shape[-1:] == inside.shape:
            counts, positions = counts[..., inside], positions[inside]
    counts, positions, background = _check.profile_counts(counts, positions, background)
    squares = (positions - center) ** 2
    signal = (counts - background).sum(axis=-1)
    moment = (counts - background) @ squares / signal
    off = squares - moment[..., None]
    variance = (counts * off**2).sum(axis=-1) + (background_error * off.sum(axis=-1)) ** 2
    return Estimate(moment, np.sqrt(variance) / signal)


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
