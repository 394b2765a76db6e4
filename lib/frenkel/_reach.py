"""How far coherences are kept: grown until the answer has converged; what both velocity engines share."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from . import _check
from ._types import ArrayLike, FloatArray

AFFORDABLE = 1e10  # updates of one element of an operator: a few minutes; more than that is refused


def check_energies(site_energies: ArrayLike, n_sites: int | None = None) -> FloatArray:
    """Return site energies as a checked array (..., n) measured from the mean of each realization."""
    energies = _check.array("site_energies", site_energies, "an array (..., n_sites) of finite numbers")
    if energies.ndim == 0:
        _check.fail("site_energies", "an array (..., n_sites)", float(energies))
    if n_sites is not None and energies.shape[-1] != n_sites:
        rule = f"an array (..., {n_sites}), one energy a site"
        _check.fail("site_energies", rule, f"of shape {energies.shape}")
    return energies - energies.mean(axis=-1, keepdims=True)


def check_curve(
    dephasing: ArrayLike, times: ArrayLike, tolerance: ArrayLike
) -> tuple[float, FloatArray, float]:
    """Return the other arguments of a D(t), checked."""
    dephasing = _check.scalar("dephasing", dephasing, _check.non_negative)
    return dephasing, _check.times("times", times), _check.scalar("tolerance", tolerance, _check.positive)


def check_rates(
    dephasing: ArrayLike, tolerance: ArrayLike, leading: tuple[int, ...]
) -> tuple[FloatArray, NDArray[np.int64], float]:
    """Return the other arguments of a D_s, checked: Γ and which realization it is for, of one shape."""
    dephasing = _check.positive("dephasing", dephasing)
    tolerance = _check.scalar("tolerance", tolerance, _check.positive)
    try:
        shape = np.broadcast_shapes(dephasing.shape, leading)
    except ValueError:
        rule = f"broadcastable to the realizations of shape {leading}"
        _check.fail("dephasing", rule, f"of shape {dephasing.shape}")
    row_of = np.arange(np.prod(leading, dtype=int)).reshape(leading)
    return np.broadcast_to(dephasing, shape), np.broadcast_to(row_of, shape), tolerance


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
