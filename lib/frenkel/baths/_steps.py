"""exp(L t) x for a real sparse generator: dense where it is small, else by steps of Taylor's series."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._types import FloatArray

_DENSE = 300  # rows of a matrix that is exponentiated
_FEW = 12  # different intervals between times
_ORDER = 12
_MOST_WORK = 5e10  # multiplications: minutes


def product(
    rows: NDArray[Any], columns: NDArray[Any], values: FloatArray, size: int
) -> Callable[[FloatArray], FloatArray]:
    """Return the function x → L x for columns x (size, m): by SciPy if it is there, else by NumPy."""
    try:
        from scipy.sparse import coo_array
    except ImportError:  # in a browser that has not loaded it
        order = np.argsort(rows, kind="stable")
        values, columns = values[order, None], columns[order]
        full, starts = np.unique(rows[order], return_index=True)

        def times(x):
            y = np.zeros_like(x)
            y[full] = np.add.reduceat(values * x[columns], starts, axis=0)
            return y

        return times
    return coo_array((values, (rows, columns)), shape=(size, size)).tocsr().__matmul__


def exponential(matrix: FloatArray) -> FloatArray:
    """Return exp(matrix) by scaling, Taylor's series and squaring."""
    doublings = max(0, int(np.ceil(np.log2(np.abs(matrix).sum(axis=0).max() + 1e-300))) + 1)
    powers = [np.eye(len(matrix)), matrix / 2.0**doublings]
    for _ in range(3):
        powers.append(powers[-1] @ powers[1])
    inverse = 1 / np.cumprod(np.maximum(np.arange(16.0), 1))  # 1/k!; (1/2)^16 / 16! is below a rounding error
    result = np.zeros_like(matrix)
    for first in (12, 8, 4, 0):  # Horner's rule in the fourth power (Paterson and Stockmeyer)
        result = result @ powers[4] + sum(inverse[first + k] * powers[k] for k in range(4))
    for _ in range(doublings):
        result = result @ result
    return result


def propagate(
    coordinates: tuple[NDArray[Any], ...], state: FloatArray, times: FloatArray, kept: slice, tolerance: float
) -> FloatArray | None:
    """Return the rows `kept` of exp(L t) `state` (size, m) at the times; None if it takes too many steps.

    `coordinates` are rows, columns and values of L. The series of a step is also its dense output. A step is
    as long as its last two terms allow, which keeps it stable too: a mode that grew would show in them.
    """
    rows, columns, values = coordinates
    intervals = np.diff(times, prepend=0.0)
    different, which = np.unique(
        np.round(intervals / times[-1], 12) if times[-1] else intervals, return_inverse=True
    )
    if len(state) <= _DENSE and len(different) <= _FEW:
        L = np.bincount(rows * len(state) + columns, values, len(state) ** 2).reshape(len(state), -1)
        steps = [exponential(L * intervals[which == i][0]) for i in range(len(different))]
        results = np.empty((len(times), *state[kept].shape))
        for i, kind in enumerate(which):
            state = steps[kind] @ state
            results[i] = state[kept]
        return results
    most = int(_MOST_WORK / (_ORDER * state.shape[1] * (len(values) + 2e4)))  # 2e4: to call NumPy
    return _by_series(product(rows, columns, values, len(state)), most, state, times, kept, tolerance)


def _by_series(apply, most, state, times, kept, tolerance):
    results = np.empty((len(times), *state[kept].shape))
    now, done, step = 0.0, 0, 0.1 / max(np.abs(apply(state)).max(), 1e-3)
    for _ in range(most):
        step = min(step, (times[-1] - now) or 1.0)
        terms = [state]
        for k in range(1, _ORDER + 1):
            terms.append(apply(terms[-1]) * (step / k))
        allowed = tolerance * max(step / times[-1], 1e-6)
        error = (np.abs(terms[-1]).max() + 0.1 * np.abs(terms[-2]).max()) / allowed
        if error <= 1:
            last = int(np.searchsorted(times, now + step * (1 + 1e-12), side="right"))
            if last > done:
                powers = ((times[done:last] - now) / step)[:, None] ** np.arange(_ORDER + 1)
                results[done:last] = np.tensordot(powers, np.array([term[kept] for term in terms]), 1)
                done = last
            if done == len(times):
                return results
            state = np.add.reduce(terms)
            now += step
        step *= min(1.6, 0.9 * max(error, 1e-12) ** (-1 / _ORDER))
    return None
