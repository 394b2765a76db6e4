"""Operators and states: Hamiltonians, amplitudes, density matrices, dipoles."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from .._types import ArrayLike, ComplexArray, DenseMatrix, FloatArray, Matrix, Seed
from .values import array, fail, generator, integer
from .values import times as increasing_times


def hamiltonian(H: Any) -> Matrix:
    """Return H (one dense or sparse Hermitian matrix) after checking it."""
    if hasattr(H, "tocsr"):
        H = H.tocsr()
        array("H", H.data, "a Hermitian matrix of finite numbers", dtype=complex)
        difference = abs(H - H.conj().T).max() if H.shape[0] == H.shape[1] else np.inf
        scale = abs(H).max()
    else:
        H = array("H", H, "a Hermitian matrix of finite numbers", ndim=2, dtype=complex)
        H = H if H.imag.any() else H.real.copy()  # real matrices are twice as fast
        difference = np.abs(H - H.conj().T).max() if H.shape[0] == H.shape[1] else np.inf
        scale = np.abs(H).max()
    if difference > 1e-12 * max(scale, 1.0):
        fail("H", "a Hermitian matrix", f"of shape {H.shape} and off by {difference:.3g}")
    return H


def dense_hamiltonian(H: Any) -> DenseMatrix:
    """Return H as a dense Hermitian matrix after checking it."""
    return cast(DenseMatrix, hamiltonian(H.toarray() if hasattr(H, "toarray") else H))


def hamiltonians(H: ArrayLike) -> FloatArray | ComplexArray:
    """Return dense Hermitian matrices (..., n, n)."""
    H = array("H", H, "Hermitian matrices of finite numbers", dtype=complex)
    if H.ndim < 2 or H.shape[-1] != H.shape[-2]:
        fail("H", "of shape (..., n, n)", f"of shape {H.shape}")
    if np.abs(H - H.conj().swapaxes(-1, -2)).max() > 1e-12 * max(np.abs(H).max(), 1.0):
        fail("H", "Hermitian", "not equal to its adjoint")
    return H if H.imag.any() else H.real


def state(name: str, value: ArrayLike, n_sites: int) -> ComplexArray:
    """Return complex amplitudes (..., n) of norm 1 after checking them."""
    result = array(name, value, "an array (..., n_sites) of finite amplitudes", dtype=complex)
    if result.ndim == 0 or result.shape[-1] != n_sites:
        fail(name, f"of shape (..., {n_sites}), one amplitude a site", f"of shape {result.shape}")
    norms = np.linalg.norm(result, axis=-1)
    if np.abs(norms - 1).max() > 1e-9:
        fail(name, "normalized to 1", float(norms.flat[np.abs(norms - 1).argmax()]))
    return result


def density(rho0: ArrayLike, n_sites: int, name: str = "rho0") -> ComplexArray:
    """Return complex density matrices (..., n, n): Hermitian, positive, of trace 1, after checking them."""
    rho0 = array(name, rho0, "a density matrix of finite numbers", dtype=complex)
    if rho0.ndim < 2 or rho0.shape[-2:] != (n_sites, n_sites):
        fail(name, f"of shape (..., {n_sites}, {n_sites})", f"of shape {rho0.shape}")
    if np.abs(rho0 - rho0.conj().swapaxes(-1, -2)).max() > 1e-9:
        fail(name, "Hermitian", "not equal to its adjoint")
    traces = np.trace(rho0, axis1=-2, axis2=-1).real
    if np.abs(traces - 1).max() > 1e-9:
        fail(name, "of trace 1", float(traces.flat[np.abs(traces - 1).argmax()]))
    lowest = np.linalg.eigvalsh(rho0).min()
    if lowest < -1e-9:
        fail(name, "positive (no negative eigenvalue)", float(lowest))
    return rho0


def one_exciton(rho: ArrayLike) -> ComplexArray:
    """Return matrices (..., n, n) of trace 1: an average over realizations, positive but for rounding."""
    rho = array("rho", rho, "density matrices of finite numbers", dtype=complex)
    if rho.ndim < 2 or rho.shape[-1] != rho.shape[-2]:
        fail("rho", "of shape (..., n, n)", f"of shape {rho.shape}")
    if np.abs(np.trace(rho, axis1=-2, axis2=-1) - 1).max() > 1e-6:
        fail("rho", "of trace 1", "a matrix with another trace")
    return rho


def dipoles(value: ArrayLike | None, n_sites: int) -> FloatArray:
    """Return dipoles (n, d)."""
    if value is None:
        return np.ones((n_sites, 1))
    result = array("dipoles", value)
    if result.ndim not in (1, 2) or len(result) != n_sites:
        fail("dipoles", f"of shape ({n_sites},) or ({n_sites}, d)", f"of shape {result.shape}")
    return result.reshape(n_sites, -1)


def trajectories(
    H: Matrix, psi0: ArrayLike, times: ArrayLike, n_trajectories: int, rng: Seed
) -> tuple[Matrix, ComplexArray, FloatArray, int, np.random.Generator]:
    """Return what every kind of trajectory is asked for, after checking it."""
    H = hamiltonian(H)
    psi0 = state("psi0", psi0, H.shape[0])
    if psi0.ndim != 1:
        fail("psi0", f"of shape ({H.shape[0]},)", f"of shape {psi0.shape}")
    times = increasing_times("times", times)
    n_trajectories = integer("n_trajectories", n_trajectories, 1)
    return H, psi0, times, n_trajectories, generator(rng)
