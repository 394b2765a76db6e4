"""What engines ask of a Hamiltonian, dense or sparse, before they use it, and how a state moves under it."""

from __future__ import annotations

import numpy as np

from .._types import ComplexArray, FloatArray, Matrix
from .chebyshev import check_affordable, propagate


def spectral_bounds(H: Matrix) -> tuple[float, float]:
    """Return bounds (low, high) of the eigenvalues of a Hermitian matrix, by Gershgorin's circles."""
    diagonal = H.diagonal().real
    radii = np.asarray(abs(H).sum(axis=1)).ravel() - np.abs(diagonal)
    return (diagonal - radii).min(), (diagonal + radii).max()


def work_of(H: Matrix) -> int:
    """Return the multiplications that H takes to act on one state."""
    return H.nnz if hasattr(H, "nnz") else H.size


def evolve(H: Matrix, psi0: ComplexArray, times: FloatArray) -> ComplexArray:
    """Return exp(-i H t) psi0, shape (t, ..., n), for amplitudes (..., n)."""
    low, high = spectral_bounds(H)
    center = (low + high) / 2
    check_affordable(times, high - low, work_of(H) * psi0.size / H.shape[0])

    def generator(x: ComplexArray, out: ComplexArray) -> None:
        flat = x.reshape(-1, x.shape[-1])
        out[...] = -1j * ((H @ flat.T).T.reshape(x.shape) - center * x)

    states = propagate(generator, psi0, times, radius=(high - low) / 2)
    return states * np.exp(-1j * center * times).reshape(-1, *(1,) * psi0.ndim)
