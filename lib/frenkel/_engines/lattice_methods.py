"""How D(t) and D_s of a lattice are found: coherences up to a reach, or between all pairs of sites.

Both describe the same torus, so where one ends and the other begins is a matter of cost alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import takewhile

import numpy as np
from numpy.typing import ArrayLike

from .._types import FloatArray
from .convergence import MOST_UPDATES, growing
from .lattice_operators import bounds_at, diffusivity_at, radius_of, stride_of
from .lattice_stencil import Grid
from .torus_operators import torus_bounds, torus_diffusivity

_OVERHEAD = 1e4  # elements that take as long as calling NumPy
_FASTER = 8  # an element kept by its displacement costs as much as so many of the whole torus
_MOST_SITES = 10_000  # of a torus whose operators fit into memory: 0.4 GB each in single precision


def shortest(grid: Grid) -> int:
    """Sites along the shortest axis along which something moves."""
    return min(n for n, moved in zip(grid[0], np.any(grid[1], axis=0), strict=True) if moved)


def _kept(grid: Grid, reach: int) -> float:
    """Size of an operator kept up to `reach`, roughly."""
    n_axes = np.any(grid[1], axis=0).sum()
    return np.prod(grid[0]) * (2 * reach + 1.0) ** n_axes / [1, 2, 4, 12][n_axes]


def _whole(grid: Grid) -> float:
    """The same for the whole torus, by its cost: an element of it takes a quarter of the time."""
    n_sites = np.prod(grid[0], dtype=float)
    return n_sites**2 / 4 + _OVERHEAD if n_sites <= _MOST_SITES else np.inf


def _reaches(grid: Grid, first: int, updates: Callable[[int], float]) -> Iterator[int]:
    """Reaches to try: growing as long as coherences end before they meet, at less cost than on the torus."""

    def is_apt(reach: int) -> bool:
        ends = reach + stride_of(grid)
        is_best = np.isinf(_whole(grid)) or _FASTER * _kept(grid, ends) < np.prod(grid[0], dtype=float) ** 2
        return 2 * ends < shortest(grid) and is_best and updates(reach) <= 3 * MOST_UPDATES

    return takewhile(is_apt, growing(first))


def _check_torus(grid: Grid, what: str) -> None:
    """Fail where neither a reach nor the whole torus will do."""
    if np.isinf(_whole(grid)):
        raise RuntimeError(f"{what} did not converge: coherences reach too far for {np.prod(grid[0])} sites.")


def _curve_updates(grid: Grid, radius: float, dephasing: float, duration: float, reach: int) -> float:
    return 2 * (_kept(grid, reach) + _OVERHEAD) * (radius + 4 * dephasing) * duration


def curve_cost(grid: Grid, radius: float, dephasing: float, duration: float) -> float:
    """Updates of an element that one D(t) takes."""
    torus = 2 * _whole(grid) * (radius + 4 * dephasing) * duration
    return min(_curve_updates(grid, radius, dephasing, duration, 4 * stride_of(grid)), torus)


def find_curve(
    grid: Grid, energies: FloatArray, dephasing: float, times: FloatArray, axis: int, tolerance: float
) -> tuple[FloatArray, bool]:
    """Return (D(t), whether it is that of the whole torus)."""
    stride, radius = stride_of(grid), radius_of(grid, energies)

    def updates(reach: int) -> float:
        return _curve_updates(grid, radius, dephasing, times[-1], reach)

    for reach in _reaches(grid, 4 * stride, updates):
        reaches = reach, reach + stride
        low, high = (diffusivity_at(grid, energies, dephasing, times, axis, k) for k in reaches)
        if np.abs(high - low).max() <= 2 * tolerance * np.abs(high).max():
            return (low + high) / 2, False
    _check_torus(grid, "D(t)")
    return torus_diffusivity(grid, energies, dephasing, times, axis), True


def _first_reach(grid: Grid, dephasing: float, rough: bool | np.bool) -> int:
    return stride_of(grid) + int(3.5 / np.sqrt(dephasing) if rough else 0)


def _bounds_updates(grid: Grid, radius: float, dephasing: float, reach: int) -> float:
    return 6 * _kept(grid, reach) * (radius / dephasing + 3)  # about 3 radius / Γ levels, twice


def bounds_cost(grid: Grid, radius: float, dephasing: float) -> float:
    """Updates of an element that one D_s takes."""
    torus = 2 * _whole(grid) * (radius / dephasing + 3)
    return min(_bounds_updates(grid, radius, dephasing, _first_reach(grid, dephasing, True)), torus)


def find_bounds(
    grid: Grid,
    energies: FloatArray,
    dephasing: FloatArray,
    axis: int,
    tolerance: float,
    twist: ArrayLike | None,
) -> tuple[FloatArray, FloatArray, bool]:
    """Return (low, high, whether they are those of the whole torus) for D_s at each Γ of `dephasing` (g,)."""
    weakest, radius = dephasing.min(), radius_of(grid, energies)

    def updates(reach: int) -> float:
        return _bounds_updates(grid, radius, weakest, reach)

    for reach in _reaches(grid, _first_reach(grid, weakest, np.ptp(energies) > 0), updates):
        low, high = bounds_at(grid, energies, dephasing, axis, reach, tolerance / 4)
        if (high <= (1 + 2 * tolerance) * low).all():
            return low, high, False
    _check_torus(grid, "D_s")
    return *torus_bounds(grid, energies, dephasing, axis, 2 * tolerance, twist), True
