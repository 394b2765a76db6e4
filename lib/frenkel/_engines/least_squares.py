"""Weighted least squares of functions that are themselves computed only to a tolerance."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .._types import FloatArray

_STEP = 0.5  # of the standard error that a parameter would have alone
_FIRST = 1e-3  # the step before anything is known, relative to the parameter, or to 1
_FINEST = 1e-10  # relative to the parameter: below it there is rounding alone
_UNDETERMINED = 1e-7  # a direction in which the model moves so much less than in the best one
_ROUGH = 0.5  # relative difference of slopes over a step and over half of it


class Fit(NamedTuple):
    """Parameters (r,), covariance (r, r), slopes of residuals (n, r), χ², and if errors can be trusted."""

    parameters: FloatArray
    covariance: FloatArray
    slopes: FloatArray
    chi_squared: float
    is_smooth: bool


class _Slopes:
    """Derivatives of residuals by central differences over steps that fit the *data*.

    With residuals r = (model - data) / error, a parameter x alone has the standard error 1 / |∂r/∂x|. Half of
    it to either side changes the residuals by 1 in all: much more than the tolerance of a model that is worth
    fitting to these data, and little on the scale on which error bars are to hold. Steps of the order of
    rounding, as SciPy takes them, see the noise of such a model instead of its slope.
    """

    def __init__(
        self, residuals: Callable[[FloatArray], FloatArray], low: FloatArray, high: FloatArray
    ) -> None:
        self._residuals, self._low, self._high = residuals, low, high
        self._steps = np.zeros(len(low))  # none yet

    def __call__(self, at: FloatArray) -> FloatArray:
        """Return ∂r/∂x, shape (n, r), and remember the steps for the next time."""
        steps = self._steps.copy() if self._steps.any() else _FIRST * np.maximum(np.abs(at), 1.0)
        columns = []
        for i in range(len(at)):
            for _ in range(20):
                slope = self._slope(at, i, steps[i])
                size = np.linalg.norm(slope)
                most = min(30 * steps[i], max(abs(at[i]), 1.0))
                least = max(steps[i] / 30, _FINEST * abs(at[i]), 1e-100)
                wanted = least if not np.isfinite(size) else most
                if 0 < size < np.inf:
                    wanted = np.clip(_STEP / size, least, most)
                if wanted / 3 <= steps[i] <= 3 * wanted:
                    break
                steps[i] = wanted
            columns.append(slope)
        self._steps = steps
        return np.stack(columns, axis=-1)

    def _slope(self, at: FloatArray, i: int, step: float) -> FloatArray:
        ends = np.stack([at, at])
        ends[:, i] = np.clip([at[i] - step, at[i] + step], self._low[i], self._high[i])
        before, after = (self._residuals(end) for end in ends)
        return (after - before) / (ends[1, i] - ends[0, i])

    def are_smooth(self, at: FloatArray, slopes: FloatArray) -> bool:
        """Whether half the steps give the same slopes: else the model is noisier than its data, or bent."""
        finer = [self._slope(at, i, step / 2) for i, step in enumerate(self._steps)]
        off = np.linalg.norm(np.stack(finer, axis=-1) - slopes, axis=0)
        return bool((off <= _ROUGH * np.linalg.norm(slopes, axis=0)).all())


def _covariance(slopes: FloatArray) -> FloatArray:
    """(slopesᵀ slopes)⁻¹, with infinite entries for parameters that the data leave undetermined."""
    sizes = np.linalg.norm(slopes, axis=0)
    scale = np.where(sizes > 0, sizes, 1.0)
    _, singular, directions = np.linalg.svd(slopes / scale, full_matrices=True)
    singular = np.append(singular, np.zeros(len(directions) - len(singular)))
    known = singular > _UNDETERMINED * max(singular.max(), 1e-300)
    inverse = np.divide(1.0, singular, out=np.zeros_like(singular), where=known)
    half = directions.T * inverse / scale[:, None]
    covariance = half @ half.T
    free = (np.abs(directions[~known]) > 1e-3).any(axis=0)
    covariance[free, free] = np.inf
    return covariance


def least_squares(
    residuals: Callable[[FloatArray], FloatArray],
    start: FloatArray,
    low: FloatArray,
    high: FloatArray,
    enough: float = 1e-8,
) -> Fit:
    """Minimize Σ r² within bounds, to a relative change `enough`; on its bound a variance is NaN.

    Raises ValueError, with what `residuals` raises or with SciPy's words, if the minimization leaves the
    numbers.
    """
    from scipy import optimize

    slopes_of = _Slopes(residuals, low, high)
    options = {"x_scale": "jac", "xtol": enough, "ftol": enough, "gtol": enough}
    found = optimize.least_squares(residuals, start, jac=slopes_of, bounds=(low, high), **options)
    if not found.success:
        raise ValueError("it did not converge; start nearer or fix a parameter")
    free = found.active_mask == 0
    slopes = slopes_of(found.x)
    covariance = np.full((len(start), len(start)), np.nan)
    if free.any():
        covariance[np.ix_(free, free)] = _covariance(slopes[:, free])
    return Fit(found.x, covariance, slopes, 2 * found.cost, slopes_of.are_smooth(found.x, slopes))
