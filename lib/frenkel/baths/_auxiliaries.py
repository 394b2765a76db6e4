r"""Which auxiliary density matrices a hierarchy keeps, and the memories that they belong to.

A *memory* is one component q of a bath whose correlation function is u·exp(-W t)·(r + i m): an exponential (W
= ν), two exponentials whose rates nearly meet (a chain, so that their large coefficients cancel before they
are used), or the coordinate and the momentum of an underdamped mode. All numbers are real; then all auxiliary
matrices are Hermitian.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._types import FloatArray
from ._exponentials import few_exponentials, line_shape
from .spectral_densities import _Bath

_DEEPEST = 4000  # level of a memory
_MOST_TERMS = 64
_NEIGHBORS = 0.2  # relative distance of a rate from one of 𝒥's own below which the two are chained


class Memories(NamedTuple):
    """Components of one bath: W (k, k), start r + i m (k), output u (k), scale and size (k)."""

    W: FloatArray
    real: FloatArray
    imaginary: FloatArray
    output: FloatArray
    scale: FloatArray
    size: FloatArray


@lru_cache(maxsize=64)
def enough_terms(bath: _Bath, tolerance: float) -> int:
    """Return how many of Padé's terms keep the error of the line shape g(t) below `tolerance` at all times.

    That is the relative error of an optical coherence. The approximant is exact at zero frequency, so the
    error does not grow with time.
    """
    times = np.geomspace(1e-3, 8.0, 60) / bath.temperature
    exact = line_shape(bath, times).real
    for n_terms in range(_MOST_TERMS):
        rates, c = few_exponentials(bath, n_terms)
        x = times[:, None] * rates
        if np.abs(((np.expm1(-x) + x) @ (c / rates**2)).real - exact).max() <= tolerance:
            return n_terms
    rule = f"hot enough for {_MOST_TERMS} exponentials at this tolerance"
    _check.fail("bath", rule, f"one at a temperature of {bath.temperature:g}")


def _chain(rates, c):
    """Newton's form of Σ c exp(-rates t): q_1' = -ν_1 q_1 + s q_2, ..., of which q_1 is the sum."""
    step = rates.mean()
    start = np.zeros(len(rates), dtype=complex)
    factor = np.ones(len(rates))
    for k in range(len(rates)):
        start[k] = (c * factor)[k:].sum()
        factor = factor * (rates[k] - rates) / step
    return np.diag(rates) - step * np.eye(len(rates), k=1), start, np.eye(len(rates))[0]


def _oscillator(rates, c):
    """q' = ω p, p' = -ω q - γ p for a pair of complex rates."""
    frequency, damping = np.sqrt((rates[0] * rates[1]).real), rates.sum().real
    W = np.array([[0.0, -frequency], [frequency, damping]])
    return W, np.array([c.sum(), -(c * rates).sum() / frequency]), np.array([1.0, 0.0])


def memories(bath: _Bath, n_terms: int, width: float, longer: float) -> Memories:
    """Return the memories of a bath with `n_terms` of Padé's, as a system of a `width` in energy sees them.

    A size is the root of a memory's variance times its duration. That is no longer than a period, of the
    memory or of the system, or than `longer` periods, if it takes so long to decay.
    """
    rates, c = few_exponentials(bath, n_terms)
    blocks: list = []
    n_own = len(rates) - n_terms
    if rates[0].imag:
        blocks.append(_oscillator(rates[:2], c[:2]))
        rates, c, n_own = rates[2:], c[2:], 0
    while len(rates):  # the first is left: with it go those that nearly meet it
        near = np.abs(rates / rates[0] - 1) < _NEIGHBORS
        near[n_own:] &= n_own > 0  # Padé's own keep apart
        near[0] = True
        blocks.append(_chain(rates[near].real, c[near]))
        rates, c, n_own = rates[~near], c[~near], n_own - int(np.count_nonzero(near[:n_own]))
    n = sum(len(start) for _, start, _ in blocks)
    W, start, output = np.zeros((n, n)), np.zeros(n, dtype=complex), np.zeros(n)
    scale, x = np.ones(n), np.ones(n)
    at = 0
    for block, begin, out in blocks:
        here = slice(at, at + len(begin))
        W[here, here], start[here], output[here] = block, begin, out
        scale[here] = np.sqrt(np.abs(begin).max())
        decay = np.linalg.eigvals(block).real.min()
        rate = np.abs(np.linalg.det(block)) ** (1 / len(begin))
        x[here] = scale[here] / max(decay, np.hypot(rate, width / 2) / longer)
        if len(begin) == 1:  # what is left out is closed, up to the frequencies around it over its own
            x[here] *= np.sqrt(1 / (1 + rate / max(width, scale[here][0])))
        at += len(begin)
    return Memories(W, start.real, start.imag, output, scale, x)


def largest(sizes: FloatArray, threshold: float, most: int) -> NDArray[np.int16] | None:
    r"""Return the indices n (N, k) of all matrices of size above `threshold`, or None if more than `most`.

    In its natural units a matrix is as large as :math:`\prod_k x_k^{n_k}/\sqrt{n_k!}`, x_k the root of a
    memory's variance times its duration. The cost -log of that is made to grow with n, so that no gap is
    left.
    """
    budget = -np.log(threshold)
    costs, indices = np.zeros(1), np.zeros((1, 0), dtype=np.int16)
    for x in sizes:
        n = np.arange(1, _DEEPEST)
        ladder = np.cumsum(np.log(n) / 2 - np.log(max(x, 1e-300)))
        ladder = np.append(0.0, np.maximum.accumulate(np.maximum(ladder, 0.0)))
        ladder = ladder[ladder <= budget]
        total = costs[:, None] + ladder
        row, level = np.nonzero(total <= budget)
        if len(row) > most:
            return None
        costs = total[row, level]
        indices = np.column_stack([indices[row], level.astype(np.int16)])
    return indices


def links(indices: NDArray[np.int16]) -> NDArray[np.intp]:
    """Return the positions (N, k) of n + e_k in the list, -1 where it is left out."""
    names = np.random.default_rng(0).integers(1, 1 << 62, indices.shape[1], dtype=np.uint64)
    keys = (indices.astype(np.uint64) * names).sum(axis=1, dtype=np.uint64)  # a hash: linear, modulo 2^64
    order = np.argsort(keys)
    wanted = keys[:, None] + names
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    found = order[place]
    return np.where(keys[found] == wanted, found, -1)
