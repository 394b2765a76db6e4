"""Operators near their diagonal on periodic grids of any dimension: X[s, n] = X_{n, n + r_s}.

Of each pair ±r of displacements one is stored, for the operators are symmetric or antisymmetric; a few
mirror images X_{n, n-r} = ±X_{n-r, n} follow the stored rows, and every row is a grid with a halo, laid out
flat, so that a shift to a neighboring site is a contiguous slice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._types import FloatArray

if TYPE_CHECKING:
    from ..system.lattices import Lattice

IntArray: TypeAlias = NDArray[np.int64]
Grid: TypeAlias = tuple[tuple[int, ...], IntArray, FloatArray]  # shape, steps, couplings
Sources: TypeAlias = list[int | None]  # rows

_CHUNK = 1 << 14  # elements that are worked on at once: a few such arrays fit in a core's cache


def grid_of(lattice: Lattice) -> Grid:
    """Return (shape, steps, couplings) of a periodic grid: steps (m, d), one of each pair ±δ; J ≠ 0."""
    rule = "a periodic grid whose bonds are the same at every site, as `ring`, `square` and `cubic` return it"
    shape = tuple(np.broadcast_to(lattice.periods, lattice.positions.shape[1:]).astype(int).tolist())
    sites = np.arange(lattice.n_sites)
    if (
        not np.prod(shape) == len(sites)
        or (np.indices(shape).reshape(len(shape), -1).T != lattice.positions).any()
    ):
        _check.fail("lattice", rule, "open or not a grid")
    vectors = np.rint(lattice.vectors).astype(int)
    leading = np.take_along_axis(vectors, (vectors != 0).argmax(axis=1)[:, None], axis=1)[:, 0]
    forward = np.where(leading > 0, 1, -1)
    first, second = np.where(forward > 0, lattice.bonds.T, lattice.bonds.T[::-1])
    steps, kind = np.unique(vectors * forward[:, None], axis=0, return_inverse=True)
    couplings = np.zeros((len(steps), len(sites)))
    couplings[kind, first] = lattice.couplings
    there = np.ravel_multi_index((lattice.positions[first].astype(int) + steps[kind]).T, shape, mode="wrap")
    if (there != second).any() or len(first) != couplings.size or np.ptp(couplings, axis=1).max() > 1e-12:
        _check.fail("lattice", rule, "of bonds that differ from site to site")
    coupled = couplings[:, 0] != 0
    return shape, steps[coupled], couplings[coupled, 0]


def ball(steps: IntArray, reach: int) -> IntArray:
    """Return the displacements r, |r|₁ ≤ reach, to which `steps` lead: one of each pair ±r, in order."""
    found = {(0,) * steps.shape[1]}
    edge = found
    both = [tuple(step) for step in np.concatenate([steps, -steps]).tolist()]
    while edge:
        new = {tuple(a + b for a, b in zip(r, step, strict=True)) for r in edge for step in both}
        edge = {r for r in new if sum(map(abs, r)) <= reach} - found
        found = found | edge
    half = [r for r in found if r >= (0,) * steps.shape[1]]
    return np.array(sorted(half))


def _runs(sources: list[Sources], longest: int) -> list[tuple[int, int, Sources]]:
    """Group rows into runs (start, stop, sources of the first) whose sources move along with them."""
    runs, start = [], 0
    for s in range(1, len(sources) + 1):
        moves = s < len(sources) and all(
            (old is None and new is None) or (old is not None and new == old + s - start)
            for old, new in zip(sources[start], sources[s], strict=True)
        )
        if not moves or s - start == longest:
            runs.append((start, s, sources[start]))
            start = s
    return runs


class Stencil:
    """The commutator with H of operators that reach up to `reach` (in |r|₁) on one periodic grid."""

    def __init__(
        self, shape: tuple[int, ...], steps: IntArray, couplings: FloatArray, energies: FloatArray, reach: int
    ) -> None:
        self.shape, self.steps, self.couplings = shape, steps, couplings
        self.displacements = ball(steps, reach)
        row = {tuple(r): s for s, r in enumerate(self.displacements.tolist())}
        self.n_rows = len(row)
        self.step_rows = [row[tuple(step)] for step in steps.tolist()]

        halo = np.abs(steps).max(axis=0)
        padded = tuple(int(n + 2 * h) for n, h in zip(shape, halo, strict=True))
        strides = np.cumprod((1, *padded[:0:-1]))[::-1]
        self.size = int(np.prod(padded))
        self._inner: tuple[Any, ...] = (..., *(slice(h, h + n) for n, h in zip(shape, halo, strict=True)))
        self._padded, self._halo = padded, halo
        self._near = slice(int(halo @ strides), self.size - int(halo @ strides))

        hops = [(step, J) for step, J in zip(steps, couplings, strict=True)]
        hops += [(-step, J) for step, J in hops]
        wanted = {tuple(r) for step, _ in hops for r in (self.displacements - step).tolist()}
        mirrors = sorted(r for r in wanted if r not in row and tuple(-x for x in r) in row)
        where = row | {r: self.n_rows + m for m, r in enumerate(mirrors)}
        sources = [[where.get(tuple((r - step).tolist())) for step, _ in hops] for r in self.displacements]
        self._runs = _runs(sources, max(_CHUNK // self.size, 1))
        self._hops = [(int(step @ strides), float(J)) for step, J in hops]
        site = np.indices(padded).reshape(len(shape), -1) - halo[:, None]  # [axis, padded site]
        place = np.indices(padded)[self._inner].reshape(len(shape), -1)
        self._flat = np.ravel_multi_index(place, padded)  # of each site
        self._mirror_rows = np.array([row[tuple(-x for x in r)] for r in mirrors], dtype=int)[:, None]
        moved = [np.ravel_multi_index(site + np.array(r)[:, None], shape, mode="wrap") for r in mirrors]
        self._mirror_sites = self._flat[np.array(moved, dtype=int).reshape(len(mirrors), self.size)]

        here = energies[np.ravel_multi_index(site, shape, mode="wrap")]
        self._gaps = np.empty((self.n_rows, self.size))
        for s, r in enumerate(self.displacements):
            self._gaps[s] = here - energies[np.ravel_multi_index(site + r[:, None], shape, mode="wrap")]
        waves = np.meshgrid(*[2 * np.pi * np.fft.fftfreq(n) for n in shape], indexing="ij")
        self._gradients = np.array(
            [J * (np.exp(1j * sum(q * x for q, x in zip(waves, step, strict=True))) - 1)
             for step, J in zip(steps.tolist(), couplings, strict=True)]
        )  # fmt: skip
        self._laplacian = (np.abs(self._gradients) ** 2).sum(axis=0)

    def zeros(self) -> FloatArray:
        return np.zeros((self.n_rows + len(self._mirror_rows), self.size))

    def beyond(self, reach: int) -> IntArray:
        """Which rows have |r|₁ > `reach`."""
        return np.flatnonzero(np.abs(self.displacements).sum(axis=1) > reach)

    def inner(self, x: FloatArray) -> FloatArray:
        """The sites of x without their halo: a view [row, *grid]."""
        return x.reshape(-1, *self._padded)[self._inner]

    def fill(self, x: FloatArray, sign: int) -> None:
        """Fill halo and mirror rows of a symmetric (`sign` 1) or antisymmetric (-1) operator."""
        grid = x[: self.n_rows].reshape(-1, *self._padded)
        for axis, (n, h) in enumerate(zip(self.shape, self._halo, strict=True)):
            if h:
                grid = np.moveaxis(grid, axis + 1, 0)
                grid[:h], grid[n + h :] = grid[n : n + h].copy(), grid[h : 2 * h].copy()
                grid = np.moveaxis(grid, 0, axis + 1)
        np.multiply(x[self._mirror_rows, self._mirror_sites], sign, out=x[self.n_rows :])

    def add_commutator(self, x: FloatArray, out: FloatArray, factor: float | FloatArray, sign: float) -> None:
        """out = factor out + sign [H, x] in the stored rows; halo and mirrors are left to `fill`.

        [H, X]_r(n) = (ε_n - ε_{n+r}) X_r(n) + Σ_δ J_δ (X_{r-δ}(n + δ) - X_{r-δ}(n)).
        """
        near = self._near
        for start, stop, sources in self._runs:
            row = out[start:stop, near]
            row *= factor
            change = self._gaps[start:stop, near] * x[start:stop, near]
            for source, (offset, J) in zip(sources, self._hops, strict=True):
                if source is not None:
                    y = x[source : source + stop - start]
                    step = y[:, near.start + offset : near.stop + offset] - y[:, near]
                    change += step if J == 1 else J * step
            row += change if sign == 1 else sign * change

    def project(self, x: FloatArray) -> None:
        """Take the gradient part out of the currents of x, so that what is left has no divergence.

        The gradient J_δ (φ_{n+δ} - φ_n) is what [H, φ] is for a diagonal φ; FFT solves for φ.
        """
        currents = np.stack([self.inner(x)[s] for s in self.step_rows])
        axes = tuple(range(1, currents.ndim))
        waves = np.fft.fftn(currents, axes=axes)
        divergence = (self._gradients.conj() * waves).sum(axis=0)
        potential = np.divide(
            divergence, self._laplacian, out=np.zeros_like(divergence), where=self._laplacian > 1e-12
        )
        currents -= np.fft.ifftn(self._gradients * potential, axes=axes).real
        for s, current in zip(self.step_rows, currents, strict=True):
            self.inner(x)[s] = current
