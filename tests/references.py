"""Slow, plain references for several tests: dense Liouvillians, density matrices from all sites."""

import frenkel
import numpy as np
from scipy.linalg import expm


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


def by_hierarchy(detuning, amplitude, correlation_time, times, depth=60):
    """P₁(t) of a dimer by Kubo's stochastic Liouville equation.

    Only ξ₁ - ξ₂ matters, of variance 2σ². In the Hermite functions of its Fokker-Planck operator memory k
    decays at k/τ, and the noise couples it to k ± 1.
    """
    H, A, eye = np.array([[detuning, 1.0], [1.0, 0.0]]), np.diag([1.0, 0.0]), np.eye(2)

    def commutator(M):
        return np.kron(M, eye) - np.kron(eye, M)

    ladder = np.diag(np.sqrt(np.arange(1.0, depth)), 1)
    L = (
        -1j * np.kron(np.eye(depth), commutator(H))
        - 1j * np.sqrt(2) * amplitude * np.kron(ladder + ladder.T, commutator(A))
        - np.kron(np.diag(np.arange(depth)) / correlation_time, np.eye(4))
    )
    start = np.eye(4 * depth)[0]
    return np.array([(expm(L * t) @ start)[0].real for t in times])


def ring_rates(energies, rate):
    """Rate matrix between neighbors on a ring, ``rate(E_final - E_initial)``."""
    n_sites = len(energies)
    here, there = np.arange(n_sites), (np.arange(n_sites) + 1) % n_sites
    rates = np.zeros((n_sites, n_sites))
    rates[there, here] = rate(energies[there] - energies[here])
    rates[here, there] = rate(energies[here] - energies[there])
    return rates
