"""Shared by the modules in laboratory units (nm, ps, cm²/s): two constants, checks of grids and counts."""

from __future__ import annotations

import math

import numpy as np

from . import _check
from ._types import ArrayLike, FloatArray

NM2_PER_PS = 100.0  # one cm²/s in nm²/ps
FWHM = math.sqrt(8 * math.log(2))  # full width at half maximum of a Gaussian of standard deviation 1


def uniform_grid(name: str, value: ArrayLike) -> FloatArray:
    """Return `value`, for the argument `name`, as an even grid: a 1D array, 3 numbers or more."""
    rule = "a 1D array of at least 3 evenly spaced increasing numbers"
    result = _check.array(name, value, rule, ndim=1)
    steps = np.diff(result)
    if len(result) < 3 or steps.min() < 1 / _check.LARGEST or np.ptp(steps) > 1e-6 * steps.mean():
        _check.fail(name, rule, value)
    return result


def clock(times: ArrayLike) -> FloatArray:
    """Return `times` as an increasing array of at least two times, the first of them 0."""
    times = _check.times("times", times)
    if times[0] != 0 or len(times) < 2:
        _check.fail("times", "a grid of at least two times that begins at 0", times)
    return times


def profile_counts(
    counts: ArrayLike, positions: ArrayLike, background: float
) -> tuple[FloatArray, FloatArray, float]:
    """Return the three checked: counts of shape (..., x), an even grid, a number below all the means."""
    positions = uniform_grid("positions", positions)
    counts = _check.non_negative("counts", counts)
    background = _check.scalar("background", background, _check.non_negative)
    if counts.ndim == 0 or counts.shape[-1] != len(positions):
        _check.fail("counts", f"of shape (..., {len(positions)})", f"of shape {counts.shape}")
    signal = (counts - background).sum(axis=-1)
    if signal.min() <= 0:
        _check.fail("counts", "more than the background in every profile", f"{signal.min():.3g} more")
    return counts, positions, background
