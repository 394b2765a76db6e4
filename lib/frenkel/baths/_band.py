r"""The sparse generator of ρ_mn, |m - n| ≤ K, on an endless chain, with the way that each element leads.

`frenkel.baths.polaron_master_diffusion` says how D follows from it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_ELEMENTS = 1 << 25  # before they are summed: a gigabyte or two


def window(reach: int) -> NDArray[np.intp]:
    """Return the sites, relative to its own, on which the jumps of a site are followed."""
    return np.arange(-reach - 1, reach + 3)


class Band:
    """Elements of the generator between ρ_mn, |m - n| ≤ K, of an endless chain, and the ways they lead."""

    def __init__(self, n_sites, reach, kept):
        self.n, self.reach, self.width, self.kept = n_sites, reach, 2 * reach + 1, kept
        self.offsets = window(reach)
        self.parts: list[Any] = []

    def put(self, new, old, values):
        """Add ``values`` (sites, elements) from ρ of pairs `old` to pairs `new`, relative to the site."""
        site, large = np.nonzero(np.abs(values) > self.kept * np.abs(values).max())
        m, n, before, after = (index[large] for index in (*new, *old))
        rows = ((site + m) % self.n) * self.width + (n - m) + self.reach
        columns = ((site + before) % self.n) * self.width + (after - before) + self.reach
        self.parts.append((rows, columns, values[site, large], (m + n - before - after) / 2))

    def put_one_sided(self, operator):
        """Add Oρ + ρO† for an operator (sites, M, M)."""
        size = np.abs(operator).max(axis=0)
        i, j = np.nonzero(size > self.kept * size.max())
        n = np.arange(-2 * self.reach - 2, 2 * self.reach + 4)
        m, k = self.offsets[i][:, None], self.offsets[j][:, None]
        element, column = np.nonzero((np.abs(m - n) <= self.reach) & (np.abs(k - n) <= self.reach))
        m, k, n = self.offsets[i[element]], self.offsets[j[element]], n[column]
        values = operator[:, i[element], j[element]]
        self.put((m, n), (k, n), values)
        self.put((n, m), (n, k), values.conj())

    def put_jumps(self, jumps):
        """Add Σ L ρ L† for real L (sites, 3, M, M); return whether there was room."""
        size = np.abs(jumps).max(axis=(0, 1))
        left, right = np.nonzero(np.abs(self.offsets[:, None] - self.offsets) <= self.reach)
        both = size[np.ix_(left, left)] * size[np.ix_(right, right)]
        new, old = np.nonzero(both > self.kept * size.max() ** 2)
        if len(new) * self.n > _MOST_ELEMENTS:
            return False
        values = sum(
            jumps[:, c][:, left[new], left[old]] * jumps[:, c][:, right[new], right[old]] for c in range(3)
        )
        at = self.offsets
        self.put((at[left[new]], at[right[new]]), (at[left[old]], at[right[old]]), values)
        return True

    def _stop_leaks(self):
        """Give back what elements left out have lost of the trace, half to either site of each ρ_kl."""
        rows, columns, values, _ = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        every = np.arange(self.n * self.width)
        first, second = every // self.width, every % self.width - self.reach
        ends = first, (first + second) % self.n
        onto = rows % self.width == self.reach
        lost = np.zeros(len(every), dtype=complex)
        np.add.at(lost, columns[onto], values[onto])
        for site in ends:
            self.parts.append((site * self.width + self.reach, every, -lost / 2, np.zeros(len(every))))

    def diffusion_constant(self, deepest):
        """Return D and the least population; the norm replaces the equation of the site `deepest`."""
        from scipy.sparse import csc_array
        from scipy.sparse.linalg import splu

        self._stop_leaks()
        rows, columns, values, way = (np.concatenate(part) for part in zip(*self.parts, strict=True))
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
