r"""Exact time evolution of many disordered chains at once: the engine of `frenkel.motion.disordered_chains`.

ψ(t) = exp(-iHt) ψ(0) is expanded in Chebyshev polynomials of h = (H - center) / radius,

.. math:: \psi(t) = e^{-i\,\mathrm{center}\,t} \sum_k (2 - \delta_{k0}) (-i)^k J_k(\mathrm{radius}\,t)\,
          T_k(h)\,\psi(0),\qquad T_{k+1} = 2 h T_k - T_{k-1}.

H is real, so the T_k(h) ψ(0) stay real if ψ(0) is: one recursion with a three-point stencil serves all
chains, and one matrix product of its terms with the coefficients serves all times.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import _check
from .._types import ComplexArray, FloatArray
from .chebyshev import coefficients
from .cost import affordable

_BLOCK = 32  # terms that meet the coefficients in one product; even, because odd terms are imaginary
_CHUNK = 1 << 18  # elements of (times × chains × sites) that are worked on at once: they fit in a cache
_LONGEST = 300.0  # radius times the duration of one expansion
_MOST_UPDATES = affordable(6e-9)  # applications of H to one site
_OVERHEAD = 2000  # sites that take as long as calling NumPy


def _twice_stencil(x: FloatArray, detuning: FloatArray, hopping: float, out: FloatArray) -> None:
    """Write 2 h x into `out`: detuning and hopping come doubled."""
    np.add(x[..., 2:], x[..., :-2], out=out[..., 1:-1])
    out[..., 0], out[..., -1] = x[..., 1], x[..., -2]
    out *= hopping
    out += detuning * x


def _segment(
    parts: FloatArray, durations: FloatArray, detuning: FloatArray, radius: float
) -> tuple[FloatArray, FloatArray]:
    """Return Σ_k (2 - δ_k0) (-i)^k J_k(radius t) T_k(h) ψ, real and imaginary part, each [time, chain, site].

    `parts` is [real, imaginary] or, for real ψ, [real]; `detuning` is twice the diagonal of h.
    """
    table = coefficients(durations, radius, 0.0)  # [order, time]
    orders = len(table)
    terms = np.empty((_BLOCK + 2, *parts.shape))  # the last two of the block before, then a block of new ones
    terms[2] = parts
    _twice_stencil(parts, detuning, 2 / radius, terms[3])
    terms[3] /= 2
    even, odd = np.zeros((2, len(durations), *parts.shape))
    signs = np.where(np.arange(_BLOCK) // 2 % 2, -1.0, 1.0)[:, None]
    for first in range(0, orders, _BLOCK):
        for row in range(4 if first == 0 else 2, min(_BLOCK, orders - first) + 2):
            _twice_stencil(terms[row - 1], detuning, 2 / radius, terms[row])
            terms[row] -= terms[row - 2]
        weights = table[first : first + _BLOCK] * signs[: orders - first]
        late = int((np.abs(weights).max(axis=0) > 1e-17).argmax())  # before this time none of them matters
        flat = terms[2 : len(weights) + 2].reshape(len(weights), -1)
        for sums, parity in ((even, 0), (odd, 1)):
            sums[late:].reshape(-1, flat.shape[1])[...] += weights[parity::2, late:].T @ flat[parity::2]
        terms[:2] = terms[_BLOCK:]
    if len(parts) == 1:
        return even[:, 0], -odd[:, 0]
    return even[:, 0] + odd[:, 1], even[:, 1] - odd[:, 0]


def _evolve(energies: FloatArray, start: ComplexArray, times: FloatArray) -> tuple[ComplexArray, FloatArray]:
    """Return states (t, m, n) but for a phase exp(-i center t), and the centers (m,), of chains (m, n)."""
    center = (energies.max(axis=-1) + energies.min(axis=-1)) / 2
    radius = np.ptp(energies, axis=-1).max() / 2 + 2.0
    detuning = 2 * (energies - center[:, None]) / radius
    parts = np.stack([start.real, start.imag] if start.imag.any() else [start.real])
    parts = np.broadcast_to(parts[:, None], (len(parts), *energies.shape))
    states = np.empty((len(times), *energies.shape), dtype=complex)
    now, done = 0.0, 0
    while done < len(times):
        last = np.searchsorted(times, now + _LONGEST / radius, side="right")
        end = times[-1] if last == len(times) else now + _LONGEST / radius
        real, imag = _segment(parts, np.append(times[done:last], end) - now, detuning, radius)
        states[done:last].real, states[done:last].imag = real[:-1], imag[:-1]
        parts, now, done = np.stack([real[-1], imag[-1]]), end, last
    return states, center


def in_chunks(
    chains: FloatArray, start: ComplexArray, times: FloatArray
) -> Iterator[tuple[slice, ComplexArray, FloatArray]]:
    """Yield (slice of the chains, what `_evolve` returns for it)."""
    size = max(_CHUNK // (max(len(times), _BLOCK) * chains.shape[-1]), 1)
    for first in range(0, len(chains), size):
        chunk = slice(first, first + size)
        yield chunk, *_evolve(chains[chunk], start, times)


def check_affordable(energies: FloatArray, times: FloatArray) -> None:
    """Refuse what would take minutes."""
    longest = _MOST_UPDATES / ((energies.size + _OVERHEAD) * (np.ptp(energies, axis=-1).max() / 2 + 2.0))
    if times[-1] > longest:
        _check.fail("times", f"below {longest:.2g} for {energies.size} sites", float(times[-1]))
