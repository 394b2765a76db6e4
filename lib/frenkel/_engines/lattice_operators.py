"""D(t) and D_s on lattices at a given reach of coherences; `frenkel.motion.lattice_diffusion` chooses it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .._types import FloatArray
from .chebyshev import propagate
from .continued_fraction import bounds, golub_kahan
from .lattice_stencil import Grid, Stencil
from .ring_correlation import integral


def radius_of(grid: Grid, energies: FloatArray) -> float:
    """Largest difference between two eigenvalues of H, from above."""
    return np.ptp(energies, axis=-1).max() + 4 * np.abs(grid[2]).sum()


def stride_of(grid: Grid) -> int:
    """How far one hop leads, at most, in |r|₁."""
    return int(np.abs(grid[1]).sum(axis=1).max())


def diffusivity_at(
    grid: Grid, energies: FloatArray, dephasing: float, times: FloatArray, axis: int, reach: int
) -> FloatArray:
    """D(t) with coherences up to `reach`."""
    shape, steps, couplings = grid
    stencil = Stencil(shape, steps, couplings, energies, reach)
    weights = steps[:, axis] * couplings
    state = np.stack([stencil.zeros(), stencil.zeros()])  # A and B: real and imaginary part
    state[1, stencil.step_rows] = weights[:, None]
    stencil.fill(state[1], -1)
    radius = radius_of(grid, energies)

    def generator(x: FloatArray, out: FloatArray) -> None:
        np.multiply(x, -dephasing / 2, out=out)  # of L + Γ/2, so +Γ/2 on the diagonal
        out[0, 0] *= -1
        stencil.add_commutator(x[1], out[0], 1.0, 1.0)
        stencil.add_commutator(x[0], out[1], 1.0, -1.0)
        stencil.fill(out[0], 1)
        stencil.fill(out[1], -1)

    def correlation(x: FloatArray) -> FloatArray:  # each of the pair ±δ gives the same
        return 2 * weights @ stencil.inner(x[1])[stencil.step_rows].reshape(len(weights), -1).mean(axis=1)

    def correlations(at: FloatArray) -> FloatArray:
        return propagate(generator, state, at, radius=radius, damping=dephasing, observe=correlation)

    return integral(correlations, times, max(radius, 4 * dephasing))


def levels(
    stencil: Stencil, axis: int, reach_a: int, reach_b: int
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Return the levels (α_j, β_j) of the process that starts from w."""
    beyond_a, beyond_b = (np.append(stencil.beyond(reach), 0) for reach in (reach_a, reach_b))
    symmetric, antisymmetric = stencil.zeros(), stencil.zeros()  # A, whose diagonal stays empty, and B

    def normalize(x: FloatArray, sign: int) -> FloatArray:
        """Divide x by its norm and return the norm; a vanishing x is set to zero."""
        inner = stencil.inner(x[: stencil.n_rows])
        index = list(range(inner.ndim))
        norm = np.sqrt(np.einsum(inner, index, inner, index, []))  # type: ignore[arg-type]
        norm = norm if norm > 1e-13 else 0.0
        x *= 1 / norm if norm else 0.0
        stencil.fill(x, sign)
        return np.array([norm])

    def new_symmetric(beta: FloatArray) -> FloatArray:
        stencil.add_commutator(antisymmetric, symmetric, -beta, 1.0)
        symmetric[beyond_a] = 0
        return normalize(symmetric, 1)

    def new_antisymmetric(alpha: FloatArray) -> FloatArray:
        stencil.add_commutator(symmetric, antisymmetric, -alpha, 1.0)
        antisymmetric[beyond_b] = 0
        stencil.project(antisymmetric)
        return normalize(antisymmetric, -1)

    antisymmetric[stencil.step_rows] = (stencil.couplings * stencil.steps[:, axis])[:, None]
    normalize(antisymmetric, -1)
    return golub_kahan(new_symmetric, new_antisymmetric)


def bounds_at(
    grid: Grid, energies: FloatArray, dephasing: FloatArray, axis: int, reach: int, tolerance: float
) -> tuple[FloatArray, FloatArray]:
    """Return bounds (low, high) of D_s at each Γ of `dephasing` (g,), for coherences up to `reach`."""
    stride, (shape, steps, couplings) = stride_of(grid), grid
    stencil = Stencil(shape, steps, couplings, energies, reach + stride)
    scale = (steps[:, axis] ** 2 * couplings**2).sum()  # ⟨w|w⟩ / 2N, which is 1 on a chain
    options = radius_of(grid, energies), np.zeros(len(dephasing), dtype=int), dephasing, tolerance
    low, _ = bounds(levels(stencil, axis, reach + stride, reach), *options)
    _, high = bounds(levels(stencil, axis, reach, reach + stride), *options)
    return scale * low, scale * high
