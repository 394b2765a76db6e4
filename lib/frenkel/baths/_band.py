r"""The generator of ρ_mn, |m - n| ≤ K, on an endless chain, with the way that each element leads.

`frenkel.baths.polaron_master_diffusion` says how D follows from it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_MOST_ELEMENTS = 1 << 24  # of the generator: a quarter of a gigabyte
_MOST_PAIRS = 1 << 23  # of elements of two jump operators


def window(reach: int) -> NDArray[np.intp]:
    """Return the sites, relative to its own, on which the jumps of a site are followed."""
    return np.arange(-reach - 1, reach + 3)


class Band:
    """What becomes of ρ_mn: elements [m, n - m, m' - m, n' - m'] of the generator, those to ρ_m'n'."""

    def __init__(self, n_sites, reach, kept):
        self.n, self.reach, self.kept = n_sites, reach, kept
        self.farthest, self.width = 2 * reach + 3, 2 * reach + 1
        shape = n_sites, self.width, 2 * self.farthest + 1, self.width
        self.fits = np.prod(shape) <= _MOST_ELEMENTS
        self.elements = np.zeros(shape if self.fits else (0, 0, 0, 0), dtype=complex)

    def _add(self, new, old, value_of):
        """Add ``value_of(site)`` (elements) from ρ of pairs `old` to pairs `new`, relative to the site."""
        (m, n), (before, after) = new, old
        flat = self.elements.reshape(-1)
        stride = self.elements[0].size
        place = (
            (after - before + self.reach) * (2 * self.farthest + 1) + m - before + self.farthest
        ) * self.width
        place += n - m + self.reach
        for site in range(self.n):
            values = value_of(site)
            large = np.abs(values) > self.kept * np.abs(values).max()
            first = (site + before[large]) % self.n
            np.add.at(flat, first * stride + place[large], values[large].astype(complex))

    def put_one_sided(self, operator):
        """Add Oρ + ρO† for an operator (sites, M, M)."""
        at, size = window(self.reach), np.abs(operator).max(axis=0)
        i, j = np.nonzero(size > self.kept * size.max())
        n = np.arange(-2 * self.reach - 2, 2 * self.reach + 4)
        m, k = at[i][:, None], at[j][:, None]
        element, column = np.nonzero((np.abs(m - n) <= self.reach) & (np.abs(k - n) <= self.reach))
        m, k, n, i, j = at[i[element]], at[j[element]], n[column], i[element], j[element]
        self._add((m, n), (k, n), lambda site: operator[site, i, j])
        self._add((n, m), (n, k), lambda site: operator[site, i, j].conj())

    def put_jumps(self, jumps):
        """Add Σ L ρ L† for real L (sites, 3, M, M); return whether there was room."""
        at, size = window(self.reach), np.abs(jumps).max(axis=(0, 1))
        left, right = np.nonzero(np.abs(at[:, None] - at) <= self.reach)
        both = size[np.ix_(left, left)] * size[np.ix_(right, right)]
        new, old = np.nonzero(both > self.kept * size.max() ** 2)
        if len(new) > _MOST_PAIRS:
            return False
        here, there, before, after = left[new], right[new], left[old], right[old]

        def values(site):
            return sum(L[here, before] * L[there, after] for L in jumps[site])

        self._add((at[here], at[there]), (at[before], at[after]), values)
        return True

    def diffusion_constant(self, deepest):
        """Return D and the least population; the norm replaces the equation of the site `deepest`."""
        from scipy.sparse import csc_array
        from scipy.sparse.linalg import splu

        m, k, step, new = np.nonzero(self.elements)
        values, way = self.elements[m, k, step, new], step - self.farthest + (new - k) / 2
        rows, columns = (m + step - self.farthest) % self.n * self.width + new, m * self.width + k
        size, diagonal = self.n * self.width, np.arange(self.n) * self.width + self.reach
        first, second = (
            csc_array((values * way**power, (rows, columns)), shape=(size, size)) for power in (1, 2)
        )
        keep = rows != diagonal[deepest]  # it follows from the others
        norm = np.full(self.n, diagonal[deepest])
        places = np.append(rows[keep], norm), np.append(columns[keep], diagonal)
        solve = splu(csc_array((np.append(values[keep], np.ones(self.n)), places), shape=(size, size))).solve
        trace, one = np.zeros(size), np.zeros(size, dtype=complex)
        trace[diagonal], one[diagonal[deepest]] = 1.0, 1.0
        rho = solve(one)
        source = first @ rho
        source -= (trace @ source) * rho
        source[diagonal[deepest]] = 0.0
        D = 0.5 * trace @ (second @ rho) - trace @ (first @ solve(source))
        return float(D.real), float(rho[diagonal].real.min())
