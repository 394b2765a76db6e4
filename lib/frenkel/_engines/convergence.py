"""How far coherences are kept: grown until the answer has converged; what both velocity engines share."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from .. import _check
from .._types import FloatArray
from .cost import affordable

MOST_UPDATES = affordable(3e-8)  # of one element of an operator


def growing(first: int) -> Iterator[int]:
    """Reaches to try: growing by a half from `first`, without end."""
    reach = first
    while True:
        yield reach
        reach = int(1.5 * reach) + 1


def converge(
    evaluate: Callable[[int], tuple[FloatArray, bool]], reaches: Iterable[int], what: str
) -> tuple[FloatArray, int]:
    """Return (value, reach) at the first of `reaches` where ``evaluate(reach)`` accepts its value."""
    for reach in reaches:
        value, accepted = evaluate(reach)
        if accepted:
            return value, reach
    raise RuntimeError(f"{what} did not converge with coherences up to {reach} sites.")


def warn_if_around(reach: int, energies: FloatArray, n_sites: int, where: str, advice: str) -> None:
    """Warn the caller of a public function if disorder repeats itself within the reach of coherences."""
    if reach >= n_sites and np.ptp(energies) > 0:
        warnings.warn(
            f"Coherences reach {reach} sites, but {where} {n_sites}: its disorder repeats within their "
            f"reach. Use at least {2 * reach} sites{advice}.",
            _check.ConvergenceWarning,
            stacklevel=3,
        )
