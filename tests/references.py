"""Slow, plain references for several tests: dense Liouvillians, density matrices from all sites."""

import frenkel
import numpy as np


def liouvillian(H, dephasing):
    """d vec(ρ)/dt for row-major vec, written down from the master equation."""
    eye = np.eye(len(H))
    coherent = -1j * (np.kron(H, eye) - np.kron(eye, H.T))
    return coherent - dephasing * np.diag(1 - eye.ravel())


def ring_diffusivity(energies, times, evolve):
    """½ dMSD/dt averaged over all starting sites, from dP_n/dt = 2 Im Σ_m H_nm ρ_mn, no differences."""
    lattice = frenkel.ring(len(energies))
    H = frenkel.hamiltonian(lattice, energies)
    total = 0.0
    for first in range(len(energies)):
        rho = evolve(H, np.diag(np.eye(len(energies))[first]).astype(complex), times)
        rates = 2 * np.einsum("nm,tmn->tn", H, rho).imag
        total += rates @ (frenkel.displacements(lattice, first)[:, 0] ** 2) / 2
    return total / len(energies)


def dense_diffusion_constant(energies, dephasing):
    """D_s = (1/N) Tr[v† X] with i[H, X] + Γ (X - diag X) = v, all N² elements, in the gauge Tr X = 0."""
    n = len(energies)
    H = frenkel.hamiltonian(frenkel.ring(n), energies)
    hop = np.roll(np.eye(n), 1, axis=1)  # |n⟩⟨n+1|
    v = (1j * (hop - hop.T)).ravel()
    gauge = np.outer(np.eye(n), np.eye(n)) / n
    X = np.linalg.solve(gauge - liouvillian(H, dephasing), v)
    return (v.conj() @ X).real / n
