r"""The generator of a hierarchy as one real sparse matrix: see the head of `hierarchy` for its terms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._types import ComplexArray, DenseMatrix, FloatArray
from ._auxiliaries import Memories, links


def hermitian_basis(n: int) -> ComplexArray:
    """Return an orthonormal basis (n², n, n) of Hermitian matrices: diagonal ones, then two for each pair."""
    basis = np.zeros((n * n, n, n), dtype=complex)
    basis[np.arange(n), np.arange(n), np.arange(n)] = 1.0
    a, b = np.triu_indices(n, 1)
    k = n + 2 * np.arange(len(a))
    basis[k, a, b] = basis[k, b, a] = np.sqrt(0.5)
    basis[k + 1, a, b], basis[k + 1, b, a] = 1j * np.sqrt(0.5), -1j * np.sqrt(0.5)
    return basis


def commutators(basis: ComplexArray, operator: NDArray[Any]) -> tuple[FloatArray, FloatArray]:
    """Return the real matrices of ρ → -i[O, ρ] and of ρ → {O, ρ} for a Hermitian O."""
    flat = (operator @ basis).reshape(len(basis), -1)
    table = basis.conj().reshape(len(basis), -1) @ flat.T  # Tr(B_i O B_j)
    return 2 * table.imag, 2 * table.real


def generator(
    H: DenseMatrix, couplings: list[tuple[FloatArray, Memories]], indices: NDArray[np.int16]
) -> tuple[NDArray[Any], ...]:
    """Return rows, columns and values of the generator; `couplings` are pairs of diag V and memories.

    Where n + e_k is left out and k is a plain exponential, it is not zero but follows matrix n at once:
    (n_k + 1)/(Σ n ν + ν_k) V× (r V× + ...) (Ishizaki and Tanimura's closure, for every link that is cut).
    """
    basis = hermitian_basis(len(H))
    eye = np.eye(len(basis))
    up, parts = links(indices), []
    everyone = np.arange(len(indices))

    def put(rows, columns, weights, matrix):
        i, j = np.nonzero(np.abs(matrix) > 1e-14 * max(np.abs(matrix).max(), 1e-300))
        d = len(basis)
        block = (rows[:, None] * d + i, columns[:, None] * d + j, weights[:, None] * matrix[i, j])
        parts.append([part.ravel() for part in block])

    rates = np.concatenate([np.diag(memory.W) for _, memory in couplings])
    decay = indices @ rates
    put(everyone, everyone, np.ones(len(indices)), commutators(basis, H)[0])
    put(everyone, everyone, -decay, eye)
    first = 0
    for V, memory in couplings:
        minus, plus = commutators(basis, np.diag(V))
        for k in range(len(memory.W)):
            J = first + k
            below, above = np.flatnonzero(up[:, J] >= 0), up[up[:, J] >= 0, J]
            weight, scale = np.sqrt(indices[below, J] + 1.0), memory.scale[k]
            start = memory.real[k] * minus + memory.imaginary[k] * plus
            put(below, above, weight * scale * memory.output[k], minus)
            put(above, below, weight / scale, start)
            others = np.flatnonzero(memory.W[k])
            for m in others[others != k]:
                both = np.flatnonzero((up[:, J] >= 0) & (up[:, first + m] >= 0))
                weight = np.sqrt((indices[both, J] + 1.0) * (indices[both, first + m] + 1.0))
                weight *= -memory.W[k, m] * memory.scale[m] / scale
                put(up[both, J], up[both, first + m], weight, eye)
            if len(others) == 1 and others[0] == k and memory.output[k]:
                cut = np.flatnonzero(up[:, J] < 0)
                put(cut, cut, (indices[cut, J] + 1) / (decay[cut] + rates[J]), minus @ start)
        first += len(memory.W)
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))
