"""D(t) from a noisy MSD: a derivative with as much smoothing as the data ask for; error bars by resampling.

Laboratory units: times in ps, MSD in nm², D in cm²/s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._types import ArrayLike, FloatArray, Seed
from ..units import NM2_PER_PS


class SmoothDiffusivity(NamedTuple):
    """A smoothed D(t).

    Attributes
    ----------
    value : array, shape (t,)
        D in cm²/s.
    standard_error : array, shape (t,)
        That of D in cm²/s; it includes the expected bias of the smoothing.
    msd : array, shape (t,)
        The smoothed MSD in nm².
    strength : float
        The regularization ζ, in units in which the record lasts from 0 to 1.
    degrees_of_freedom : float
        How many free parameters the curve amounts to: 3 is a D linear in time.
    """

    value: np.ndarray
    standard_error: np.ndarray
    msd: np.ndarray
    strength: float
    degrees_of_freedom: float


def _third_differences(times: FloatArray) -> FloatArray:
    """Return the matrix (t − 3, t) whose square sum approximates ∫ (f‴)² dt."""
    matrix, centers = np.eye(len(times)), times
    for _ in range(3):
        matrix = np.diff(matrix, axis=0) / np.diff(centers)[:, None]
        centers = (centers[1:] + centers[:-1]) / 2
    return matrix * np.sqrt(np.gradient(centers))[:, None]


def smooth_diffusivity(
    times: ArrayLike, msd: ArrayLike, errors: ArrayLike, *, strength: float | None = None
) -> SmoothDiffusivity:
    r"""Return D(t) = ½ dMSD/dt by Tikhonov regularization, with error bars.

    .. math:: \min_f \sum_i \frac{\left(m_i - f(t_i)\right)^2}{\delta m_i^2}
              + \zeta \int \bigl(f'''(t)\bigr)^2\,\mathrm dt

    Differences of noisy numbers are mostly noise. The curve f runs through the values :math:`m_i` of the MSD,
    whose errors are :math:`\delta m_i`, and the penalty lets its slope 2D bend as little as the data allow;
    where ζ is large, D is a straight line.

    Parameters
    ----------
    times : array, shape (t,)
        In ps, increasing, 5 to 2000 of them.
    msd, errors : array, shape (t,)
        In nm². Errors positive and independent; an error common to all times (that of the reference bin)
        does not belong here: pass those of `frenkel.second_moment`.
    strength : float, optional
        ζ > 0. By default the one that makes the data most likely, if f has independent Gaussian third
        differences of variance 1/ζ (evidence, or restricted maximum likelihood).

    Returns
    -------
    SmoothDiffusivity
        Errors are those of the Gaussian posterior, which this assumption and the data make of f: averaged
        along the curve, intervals of two of them hold the truth in about 95 % of the cases, bias included;
        less often where D bends most, more often where it is flat.

    Raises
    ------
    ValueError, TypeError
        If there are fewer than 5 or more than 2000 times, other numbers of values, or errors that are not
        positive.

    Notes
    -----
    The choice of ζ: G. Wahba, Ann. Stat. 13, 1378 (1985). Why such errors cover on average, bias included
    (shown for ζ from cross-validation): G. Wahba, J. R. Stat. Soc. B 45, 133 (1983); D. Nychka, J. Am. Stat.
    Assoc. 83, 1134 (1988).

    Examples
    --------
    >>> t = np.linspace(0, 2000, 21)
    >>> smooth = smooth_diffusivity(t, 20 * t, np.full(21, 500.0), strength=1.0)
    >>> print(f"{smooth.value[10]:.4f} cm²/s")
    0.1000 cm²/s
    """
    times = _check.times("times", times)
    msd, errors = _check.array("msd", msd), _check.positive("errors", errors)
    if not 5 <= len(times) <= 2000:
        _check.fail("times", "5 to 2000 times", f"{len(times)} times")
    for name, values in (("msd", msd), ("errors", errors)):
        if values.shape != times.shape:
            _check.fail(name, f"of shape {times.shape}", f"of shape {values.shape}")
    if strength is not None:
        strength = _check.scalar("strength", strength, _check.positive)
    unit = errors.min()
    rough = _third_differences((times - times[0]) / np.ptp(times)) * errors / unit  # acts on f / σ
    _, singular, modes = np.linalg.svd(rough)
    curvature = np.append(np.zeros(3), singular[::-1] ** 2)  # parabolas are free
    modes = modes[::-1].T
    data = modes.T @ (msd / errors)
    bent = curvature[3:]

    def misfit(log_strength: ArrayLike) -> FloatArray:
        """Return −2 ln evidence, up to a constant."""
        kept = np.exp(np.atleast_1d(log_strength))[:, None] * bent
        kept = kept / (1 + kept)
        return (data[3:] ** 2 * kept - np.log(kept)).sum(axis=1)

    if strength is None:
        low, high = -np.log(bent[-1]) - 3, -np.log(bent[0]) + 12
        for _ in range(4):  # each finer grid spans two steps of the one before
            grid = np.linspace(low, high, 101)
            best = grid[misfit(grid).argmin()]
            low, high = best - (grid[1] - grid[0]), best + (grid[1] - grid[0])
        weight = float(np.exp(best))
    else:
        weight = strength * unit**2
    kept = 1 / (1 + weight * curvature)
    smooth = errors * (modes @ (kept * data))
    identity: FloatArray = np.eye(len(times))
    slope = np.gradient(identity, times, axis=0, edge_order=2) / 2 / NM2_PER_PS
    spread = (slope * errors) @ (modes * np.sqrt(kept))
    return SmoothDiffusivity(
        slope @ smooth, np.sqrt((spread**2).sum(axis=1)), smooth, weight / unit**2, float(kept.sum())
    )


class Bootstrap(NamedTuple):
    """The estimate from the data, its bootstrap standard error and a central 68.3 % interval."""

    value: np.ndarray
    standard_error: np.ndarray
    low: np.ndarray
    high: np.ndarray


def bootstrap(
    estimate: Callable[[NDArray[Any]], ArrayLike],
    data: ArrayLike,
    *,
    resample: str = "counts",
    n_resamples: int = 200,
    rng: Seed = None,
) -> Bootstrap:
    """Return ``estimate(data)`` with an error from `n_resamples` resampled data sets.

    Parameters
    ----------
    estimate : callable
        Takes an array like `data`, returns a number or an array of fixed shape.
    data : array
        Counts; or repeated measurements along the leading axis.
    resample : {"counts", "repeats"}
        "counts" draws each count anew from a Poisson distribution about the measured one: photon noise
        alone. "repeats" draws whole measurements with replacement: everything that varies between them,
        at least 5 to be worth it.
    n_resamples : int
        At least 10.
    rng : None, int, SeedSequence or Generator
        The source of randomness.

    Returns
    -------
    Bootstrap
        (value, standard_error, low, high).

    Raises
    ------
    ValueError, TypeError
        If there is one measurement alone, a count is too large to draw, or `estimate` returns numbers that
        are not finite or change their shape.

    Notes
    -----
    See B. Efron, Ann. Stat. 7, 1 (1979). Resampling n repeats makes the variance (n − 1)/n of the true one;
    that is corrected here.

    Examples
    --------
    >>> result = bootstrap(np.sum, [400, 100], n_resamples=2000, rng=1)
    >>> print(f"{result.value} ± {result.standard_error:.0f}")
    500.0 ± 23
    """
    _check.function("estimate", estimate)
    _check.choice("resample", resample, ("counts", "repeats"))
    data = (_check.non_negative if resample == "counts" else _check.array)("data", data)
    n_resamples = _check.integer("n_resamples", n_resamples, 10)
    rng = _check.generator(rng)
    inflation = 1.0
    if resample == "repeats":
        if data.ndim == 0 or len(data) < 2:
            _check.fail("data", "at least two measurements along the leading axis", f"of shape {data.shape}")
        inflation = np.sqrt(len(data) / (len(data) - 1))
    elif data.max() > 1e15:
        _check.fail("data", "at most 1e15 counts", float(data.max()))

    def once(data: NDArray[Any]) -> FloatArray:
        value = _check.unmasked("estimate", estimate(data), "a function that returns numbers")
        return np.asarray(value, dtype=float)

    results = [once(data)]
    for _ in range(n_resamples):
        again = rng.poisson(data) if resample == "counts" else data[rng.integers(len(data), size=len(data))]
        results.append(once(again))
        if results[-1].shape != results[0].shape or not np.isfinite(results[-1]).all():
            _check.fail("estimate", "a function that returns finite numbers of one shape", results[-1])
    value, samples = results[0], np.array(results[1:])
    off = (samples - samples.mean(axis=0)) * inflation
    low, high = value + np.quantile(off, [0.1587, 0.8413], axis=0)
    return Bootstrap(value[()], off.std(axis=0, ddof=1)[()], low, high)
