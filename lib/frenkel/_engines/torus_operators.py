r"""Operators between all pairs of sites of a torus: the lattice engine where coherences reach around.

An operator is an array of N rows, X_{nm}, and [H, X] = HX ∓ (HX)†, for X is Hermitian (-) or antihermitian
(+) in turn; HX is a sum of shifted rows, and no matrix is multiplied. The result is exactly Hermitian or
antihermitian, and that matters: rounding would otherwise feed operators of the other kind, among which
taking out gradients of one triangle is no projection, and the bounds would close around a wrong number.

With a twist θ of an axis, whoever goes once around it comes back with a phase :math:`\mathrm e^{\mathrm
i\theta}`. H is then complex, a Hermitian X carries currents as well, and they too are freed of divergence;
:math:`\mathrm i[H, \cdot\,]` between operators without divergence is antisymmetric, which is all that the
continued fraction needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement, product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._types import FloatArray
from .chebyshev import propagate
from .continued_fraction import bounds
from .lattice_operators import radius_of
from .lattice_stencil import Grid
from .ring_correlation import integral

_BLOCK = 1 << 16  # elements that are worked on at once: a few such arrays fit in a core's cache
_TILE = 192  # rows and columns of a transpose that are worked on at once
_LINE = 64  # bytes of a line of the cache
_SAFETY = 10.0  # rounding errors of H in a long bidiagonalization that are reckoned with


def _pieces(n_sites: int, shift: int) -> list[tuple[slice, slice, int]]:
    """Slices (here, there, times around): site i + `shift` of a ring is there where site i is here."""
    times, rest = divmod(shift, n_sites)
    ahead = (slice(0, n_sites - rest), slice(rest, n_sites), times)
    return [ahead, (slice(n_sites - rest, n_sites), slice(0, rest), times + 1)] if rest else [ahead]


class Torus:
    """The commutator with H of operators between all sites of one periodic grid."""

    def __init__(
        self, grid: Grid, energies: FloatArray, twist: ArrayLike | None = None, *, single: bool = False
    ) -> None:
        self.shape, self.steps, self.couplings = grid
        self.twisted = twist is not None and bool(np.any(twist))
        twist = np.asarray(twist, dtype=float) if self.twisted else np.zeros(len(self.shape))
        self.dtype = np.dtype([["f8", "f4"], ["c16", "c8"]][self.twisted][single])
        lines = -(-len(energies) * self.dtype.itemsize // _LINE)
        lines += 1 - lines % 2  # an odd number: the rows of a column must not compete for one place in cache
        self.n_columns = lines * _LINE // self.dtype.itemsize  # those beyond N stay zero
        self._image, self._tile = self.zeros(), np.empty((_TILE, _TILE), self.dtype)
        self._energies = energies.astype(self.dtype).reshape(*self.shape, 1)
        self._blocks = self._plan(twist)

        site = np.indices(self.shape).reshape(len(self.shape), 1, -1)
        ahead = site + self.steps.T[:, :, None]  # [axis, step, site]
        self._here = np.arange(len(energies))
        self._there = np.ravel_multi_index(ahead, self.shape, mode="wrap")
        around = np.tensordot(twist, ahead // np.array(self.shape)[:, None, None], axes=1)
        self._phases = np.exp(1j * around) if self.twisted else 1.0
        waves = np.meshgrid(*[2 * np.pi * np.fft.fftfreq(n) for n in self.shape], indexing="ij")
        slopes = np.exp(1j * np.tensordot(self.steps, waves, axes=1)) - 1
        self._gradients = slopes * self.couplings.reshape(-1, *[1] * len(self.shape))
        self._laplacian = (np.abs(self._gradients) ** 2).sum(axis=0)

    def zeros(self) -> NDArray[Any]:
        return np.zeros((int(np.prod(self.shape)), self.n_columns), self.dtype)

    def _plan(self, twist: FloatArray) -> list[tuple[Any, list[Any]]]:
        """HX as a list of (block of X, hops): a hop is (factor, rows of the block, rows that it adds)."""
        depth = 0  # a block spans the axes from here on
        while depth < len(self.shape) - 1 and np.prod(self.shape[depth:]) * self.n_columns > _BLOCK:
            depth += 1
        width = max(_BLOCK // int(np.prod(self.shape[depth:])), 1)
        blocks = []
        for lead, start in product(np.ndindex(*self.shape[:depth]), range(0, self.n_columns, width)):
            columns, hops = slice(start, start + width), []
            single = [slice(at, at + 1) for at in lead]
            for step, J in zip([*self.steps, *-self.steps], [*self.couplings] * 2, strict=True):
                pieces = [
                    [(slice(0, 1), slice((at + s) % n, (at + s) % n + 1), (at + s) // n)]
                    for at, s, n in zip(lead, step, self.shape, strict=False)
                ]
                pieces += [_pieces(n, s) for n, s in zip(self.shape[depth:], step[depth:], strict=True)]
                for piece in product(*pieces):
                    here, there, times = zip(*piece, strict=True)
                    angle = twist @ times
                    factor = complex(J * np.exp(1j * angle)) if angle else float(J)
                    hops.append((factor, here, (*there, columns)))
            blocks.append(((*single, *[slice(None)] * (len(self.shape) - depth), columns), hops))
        return blocks

    def add_commutator(
        self, x: NDArray[Any], sign: int, out: NDArray[Any], factor: float, weight: float
    ) -> None:
        """out = factor out + weight [H, x], x being Hermitian (`sign` 1) or antihermitian (-1)."""
        grid, image = (y.reshape(*self.shape, self.n_columns) for y in (x, self._image))
        for block, hops in self._blocks:
            target = image[block]
            np.multiply(grid[block], self._energies[block[:-1]], out=target)
            for J, here, there in hops:
                part = target[here]
                part += grid[there] if J == 1 else J * grid[there]
        combine = np.subtract if sign == 1 else np.add  # so that the result is of the kind -sign
        tiles = [slice(start, min(start + _TILE, len(x))) for start in range(0, len(x), _TILE)]
        for rows, columns in combinations_with_replacement(tiles, 2):
            part = out[rows, columns]
            change = self._tile[: part.shape[0], : part.shape[1]]
            combine(self._image[rows, columns], self._image[columns, rows].T.conj(), out=change)
            change *= weight
            part *= factor
            part += change
            if rows != columns:
                np.multiply(part.T.conj(), -sign, out=out[columns, rows])

    def project(self, x: NDArray[Any], sign: int) -> None:
        """Take out the diagonal of x and the gradient part of its currents.

        A gradient is [H, φ] with a diagonal φ; its elements are J_δ (φ_{n+δ} - φ_n), times phases.
        """
        x[self._here, self._here] = 0  # as it is but for rounding: it is the divergence of the one before
        if sign == 1 and not self.twisted:
            return  # a real symmetric operator carries no current
        unit = self._phases * (1j if sign == 1 else 1.0)
        axes = tuple(range(1, len(self.shape) + 1))
        elements = (x[self._here, self._there].astype(np.result_type(self.dtype, float)) * np.conj(unit)).real
        waves = np.fft.fftn(elements.reshape(-1, *self.shape), axes=axes)
        divergence = (self._gradients.conj() * waves).sum(axis=0)
        potential = np.divide(
            divergence, self._laplacian, out=np.zeros_like(divergence), where=self._laplacian > 1e-12
        )
        slopes = np.fft.ifftn(self._gradients * potential, axes=axes).real.reshape(elements.shape)
        change = (slopes * unit).astype(self.dtype)
        x[self._here, self._there] -= change
        x[self._there, self._here] -= sign * change.conj()

    def current(self, axis: int) -> NDArray[Any]:
        """w of the velocity v = i[H, x] = iw along `axis`."""
        w = self.zeros()
        weights = ((self.couplings * self.steps[:, axis])[:, None] * self._phases).astype(self.dtype)
        w[self._here, self._there] = weights
        w[self._there, self._here] = -weights.conj()
        return w

    def correlation(self, x: NDArray[Any], axis: int) -> Any:
        """⟨w|x⟩ / N of a real antisymmetric x."""
        return 2 * (self.couplings * self.steps[:, axis]) @ x[self._here, self._there].mean(axis=1)


def _norm(x: NDArray[Any]) -> float:
    """Frobenius norm; the sum of its parts is kept in double precision."""
    bands = (x[start : start + 32] for start in range(0, len(x), 32))
    return float(np.sqrt(sum(float(np.vdot(rows, rows).real) for rows in bands)))


def levels(torus: Torus, axis: int) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield (α_j, β_j) of the Golub-Kahan process that starts from w; vectors are left with their norm."""
    antisymmetric, symmetric = torus.current(axis), torus.zeros()
    alpha, beta = np.inf, _norm(antisymmetric)
    while True:
        torus.add_commutator(antisymmetric, -1, symmetric, -beta / alpha, 1 / beta if beta else 0.0)
        torus.project(symmetric, 1)
        alpha = _norm(symmetric)
        alpha = alpha if alpha > 1e-13 else 0.0
        torus.add_commutator(symmetric, 1, antisymmetric, -alpha / (beta or 1.0), 1 / alpha if alpha else 0.0)
        torus.project(antisymmetric, -1)
        beta = _norm(antisymmetric)
        yield np.array([alpha]), np.array([beta])


def torus_bounds(
    grid: Grid,
    energies: FloatArray,
    dephasing: FloatArray,
    axis: int,
    tolerance: float,
    twist: ArrayLike | None,
) -> tuple[FloatArray, FloatArray]:
    """Return bounds (low, high) of D_s on the torus at each Γ of `dephasing` (g,).

    In single precision if that is enough: the bidiagonalization is that of an H changed in its last digits,
    which are to be small beside Γ.
    """
    _, hops, couplings = grid
    radius = radius_of(grid, energies)
    single = bool(_SAFETY * np.finfo("f4").eps * radius < tolerance * dephasing.min())
    steps = levels(Torus(grid, energies, twist, single=single), axis)
    scale = (hops[:, axis] ** 2 * couplings**2).sum()  # ⟨w|w⟩ / 2N, which is 1 on a chain
    low, high = bounds(steps, radius, np.zeros(len(dephasing), dtype=int), dephasing, tolerance)
    return scale * low, scale * high


def torus_diffusivity(
    grid: Grid, energies: FloatArray, dephasing: float, times: FloatArray, axis: int
) -> FloatArray:
    """D(t) on the torus."""
    torus = Torus(grid, energies)
    state = np.stack([torus.zeros(), torus.current(axis)])  # A and B: real and imaginary part
    site = np.arange(len(energies))
    radius = radius_of(grid, energies)

    def generator(x: NDArray[Any], out: NDArray[Any]) -> None:
        np.multiply(x, -dephasing / 2, out=out)  # of L + Γ/2, so +Γ/2 on the diagonal
        out[0, site, site] *= -1
        torus.add_commutator(x[1], -1, out[0], 1.0, 1.0)
        torus.add_commutator(x[0], 1, out[1], 1.0, -1.0)

    def correlations(at: FloatArray) -> FloatArray:
        options = {"radius": radius, "damping": dephasing}
        return propagate(generator, state, at, observe=lambda x: torus.correlation(x[1], axis), **options)

    return integral(correlations, times, max(radius, 4 * dephasing))
