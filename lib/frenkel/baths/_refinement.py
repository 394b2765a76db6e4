"""A hierarchy is refined until two answers agree, or refused with what would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from .. import _check
from .._engines.chebyshev import check_affordable
from .._types import ArrayLike, DenseMatrix, FloatArray
from ._auxiliaries import enough_terms, largest, memories
from .spectral_densities import _Bath, _check_bath

_FINER = 3.0  # each time, matrices as small as this part of the last limit are followed
_LONGER = 1.2  # and slow memories are taken to last this much longer
_ROUNDS = 14
_MOST_ENTRIES = 3e7  # of the generator: about 2 GB while it is built


def _couplings(H, baths, n_round, tolerance):
    """Return pairs of diag V and memories of its bath; of two equal baths only the difference counts."""
    width = float(np.ptp(np.linalg.eigvalsh(H)))
    found = [memories(bath, enough_terms(bath, tolerance / 4), width, _LONGER**n_round) for bath in baths]
    if len(baths) == 2 and baths[0] == baths[1]:
        return [(np.array([1.0, -1.0]) / np.sqrt(2), found[0])]
    return list(zip(np.eye(len(baths)), found, strict=True))


def converge(
    H: DenseMatrix, baths: list[_Bath], tolerance: float, answer: Callable[..., FloatArray | None]
) -> FloatArray:
    """Return ``answer(couplings, indices)`` once two rounds of refinement agree within `tolerance`."""
    previous, n_followed, change = None, 0, np.inf
    for n_round in range(_ROUNDS):
        couplings = _couplings(H, baths, n_round, tolerance)
        indices = _followed(couplings, min(3 * np.sqrt(tolerance), 0.3) / _FINER**n_round)
        if indices is not None and len(indices) == n_followed:
            continue  # the same matrices would agree with themselves
        result = None if indices is None else answer(couplings, indices)
        if indices is None or result is None:
            _refuse(H, baths, tolerance, change)
        if previous is not None:
            change = np.abs(result - previous).max()
        if change <= tolerance:
            return result
        previous, n_followed = result, len(indices)
    rule = "faster, weaker or damped more for the hierarchy to converge by these times"
    _check.fail("bath", rule, f"one whose {_ROUNDS}th refinement still changes the answer by {change:.2g}")


def _followed(couplings, threshold):
    sizes = np.concatenate([memory.size for _, memory in couplings])
    n_sites = len(couplings[0][0])
    entries = n_sites**2 * (5 + 3 * len(sizes) * min(1.0, 2 / n_sites))  # of the generator, for one matrix
    return largest(sizes, threshold, int(_MOST_ENTRIES / entries))


def _refuse(H: DenseMatrix, baths: list[_Bath], tolerance: float, change: float) -> NoReturn:
    """Say which tolerance would do: twice the last change, or one whose fifth refinement can be paid for."""
    if np.isfinite(change):
        _check.fail("tolerance", f"near {2 * change:.1g} or above for these baths", tolerance)
    for larger in np.geomspace(max(3 * tolerance, 1e-7), 0.1, 12):
        couplings = _couplings(H, baths, 5, larger)
        if _followed(couplings, min(3 * np.sqrt(larger), 0.3) / _FINER**5) is not None:
            _check.fail("tolerance", f"near {larger:.1g} or above for these baths", tolerance)
    _check.fail("bath", "weaker, faster or on fewer sites for a hierarchy that fits", "one that takes more")


def check_baths(bath: Any, n_sites: int) -> list[_Bath]:
    """Return the bath of each site."""
    if isinstance(bath, _Bath):
        return [bath] * n_sites
    if not isinstance(bath, Sequence) or isinstance(bath, str):
        _check.fail("bath", "a DrudeBath, a BrownianBath or a sequence of them", bath, TypeError)
    baths = [_check_bath(one) for one in bath]
    if len(baths) != n_sites:
        _check.fail("bath", f"one for all or one for each of {n_sites} sites", f"a sequence of {len(baths)}")
    return baths


def check_times(times: ArrayLike, H: DenseMatrix, baths: list[_Bath]) -> FloatArray:
    """Return `times` if they are not too long for frequencies as high as those of H and the baths."""
    times = _check.times("times", times)
    fastest = max(float(np.abs(bath._poles().rates).max()) for bath in baths)
    check_affordable(times, float(np.ptp(np.linalg.eigvalsh(H))) + fastest, 1e6)
    return times


def check_tolerance(tolerance: float) -> float:
    """Return `tolerance` if hierarchies can meet it and need it."""
    tolerance = _check.scalar("tolerance", tolerance, _check.positive)
    if not 1e-8 <= tolerance <= 0.1:
        _check.fail("tolerance", "between 1e-08 and 0.1", tolerance)
    return tolerance
