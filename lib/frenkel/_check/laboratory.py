"""Grids, clocks and counts of the laboratory: nm and ps."""

from __future__ import annotations

import numpy as np

from .._types import ArrayLike, FloatArray
from .values import LARGEST, array, fail, non_negative, scalar
from .values import times as increasing_times


def uniform_grid(name: str, value: ArrayLike) -> FloatArray:
    """Return `value`, for the argument `name`, as an even grid: a 1D array, 3 numbers or more."""
    rule = "a 1D array of at least 3 evenly spaced increasing numbers"
    result = array(name, value, rule, ndim=1)
    steps = np.diff(result)
    if len(result) < 3 or steps.min() < 1 / LARGEST or np.ptp(steps) > 1e-6 * steps.mean():
        fail(name, rule, value)
    return result


def clock(times: ArrayLike) -> FloatArray:
    """Return `times` as an increasing array of at least two times, the first of them 0."""
    times = increasing_times("times", times)
    if times[0] != 0 or len(times) < 2:
        fail("times", "a grid of at least two times that begins at 0", times)
    return times


def profile_counts(
    counts: ArrayLike, positions: ArrayLike, background: float
) -> tuple[FloatArray, FloatArray, float]:
    """Return the three checked: counts of shape (..., x), an even grid, a number below all the means."""
    positions = uniform_grid("positions", positions)
    counts = non_negative("counts", counts)
    background = scalar("background", background, non_negative)
    if counts.ndim == 0 or counts.shape[-1] != len(positions):
        fail("counts", f"of shape (..., {len(positions)})", f"of shape {counts.shape}")
    signal = (counts - background).sum(axis=-1)
    if signal.min() <= 0:
        fail("counts", "more than the background in every profile", f"{signal.min():.3g} more")
    return counts, positions, background
