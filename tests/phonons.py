"""The polaron master equation written down again: plain integrals over phonons and time, dense matrices."""

import numpy as np


def partial_polaron_correlations(bath, split, times):
    """Return φ(0) and ⟨D(t) D⟩, ⟨D(t) S⟩, -⟨S(t) S⟩ of the modes of one site."""
    w = np.exp(np.linspace(np.log(1e-6), np.log(3e3), 6000))
    modes = bath.spectral_density(w) * w * np.log(w[1] / w[0]) / np.pi  # (1/π) ∫ 𝒥 dω
    F, coth = w**2 / (w**2 + split**2), 1 / np.tanh(w / (2 * bath.temperature))
    stays, mixed, moves = modes * (1 - F) ** 2, modes * F * (1 - F) / w, modes * (F / w) ** 2
    found = np.empty((3, len(times)), dtype=complex)
    for k in range(0, len(times), 500):
        part = slice(k, k + 500)
        cos, sin = np.cos(np.outer(times[part], w)), np.sin(np.outer(times[part], w))
        found[0, part] = cos @ (stays * coth) - 1j * (sin @ stays)
        found[1, part] = cos @ mixed - 1j * (sin @ (mixed * coth))
        found[2, part] = cos @ (moves * coth) - 1j * (sin @ moves)
    return (moves * coth).sum(), found


def _quadrature(last):
    edges = np.concatenate([[0], np.geomspace(1e-6, 0.02, 25), np.arange(0.17, last, 0.15)])
    x, weights = np.polynomial.legendre.leggauss(8)
    width = np.diff(edges)[:, None]
    return (edges[:-1, None] + width * (x + 1) / 2).ravel(), (width * weights / 2).ravel()


def polaron_liouvillian(H, bath, split, last):
    """Return d vec(ρ)/dt, row-major in sites, with correlations integrated up to the time `last`.

    The coupling is Σ_n |n⟩⟨n| D_n + Σ_ij H_ij |i⟩⟨j| (exp(S_i - S_j) - κ). A jump for each of its terms a is
    Σ_b √γ_ab(E_ν - E_μ) V_b between eigenstates, γ_ab(ω) = ∫ dt exp(iωt) ⟨E_a†(t) E_b⟩, and what they lose is
    divided between E_μ and E_ν so that exp(-H/kT) stays.
    """
    n, eye = len(H), np.eye(len(H))
    t, weights = _quadrature(last)
    at_zero, (DD, DS, SS) = partial_polaron_correlations(bath, split, t)
    kappa = np.exp(-at_zero)
    terms = [(np.outer(site, site), site, None) for site in eye]
    terms += [
        (H[i, j] * np.outer(eye[i], eye[j]), None, eye[i] - eye[j])
        for i in range(n)
        for j in range(n)
        if i != j and H[i, j]
    ]

    def correlation(a, b):
        (_, site, bond), (_, other_site, other_bond) = terms[a], terms[b]
        if bond is None and other_bond is None:
            return (site @ other_site) * DD
        if bond is None:
            return kappa * (site @ other_bond) * DS
        if other_bond is None:
            return kappa * (other_site @ bond) * DS
        return kappa**2 * np.expm1((bond @ other_bond) * SS)

    sites = np.diag(np.diag(H))
    levels, states = np.linalg.eigh(sites + kappa * (H - sites))
    fall = levels - levels[:, None]
    phases = np.exp(1j * np.multiply.outer(fall, t)) * weights
    every = range(len(terms))
    gamma = np.array([[2 * (phases @ correlation(a, b)).real for b in every] for a in every])
    values, vectors = np.linalg.eigh(gamma.transpose(2, 3, 0, 1))
    assert values.min() > -1e-3 * values.max(), "the spectra are not positive"
    roots = (vectors * np.sqrt(np.maximum(values, 0))[..., None, :]) @ vectors.swapaxes(-1, -2)
    V = [states.T @ term[0] @ states for term in terms]
    jumps = [sum(roots[:, :, a, b] * V[b] for b in every) for a in every]
    loss = sum(jump.T @ jump for jump in jumps)
    K = -loss / (1 + np.exp(-fall / (2 * bath.temperature))) - 1j * np.diag(levels)
    L = np.kron(K, eye) + np.kron(eye, K.conj()) + sum(np.kron(jump, jump) for jump in jumps)
    turn = np.kron(states, states)
    return turn @ L @ turn.T


def vibronic_dimer(H, reorganization, frequency, n_levels):
    """Return the Hamiltonian of two sites, each with one oscillator, and the energies of a free oscillator.

    Of the two modes the sum (b₁ + b₂)/√2 shifts both sites by -λ/2 and is left out; the difference couples to
    √(λω/2) σ_z. Site energies are vertical; the basis is sites × levels.
    """
    free = frequency * np.arange(n_levels)
    b = np.diag(np.sqrt(np.arange(1.0, n_levels)), 1)
    coupling = np.sqrt(reorganization * frequency / 2) * np.kron(np.diag([1, -1]), b + b.T)
    return np.kron(H, np.eye(n_levels)) + np.kron(np.eye(2), np.diag(free)) + coupling, free


def vibronic_populations(H, reorganization, frequency, temperature, times, n_levels=60):
    """P₁(t) of such a dimer from site 1, its oscillators in equilibrium without an exciton, exactly."""
    total, free = vibronic_dimer(H, reorganization, frequency, n_levels)
    levels, states = np.linalg.eigh(total)
    thermal = np.exp(-free / temperature)
    thermal /= thermal.sum()
    start = states[:n_levels]  # of site 1: [oscillator, eigenstate]
    turned = np.einsum("vk,v,vl->kl", start, thermal, start)
    seen = start.T @ start
    return np.array([(np.exp(1j * t * (levels[:, None] - levels)) * turned * seen).sum().real for t in times])


def vibronic_free_energy(H, reorganization, frequency, temperature, n_levels=80):
    """Free energy of exciton and oscillators less that of the oscillators alone, exactly."""
    total, free = vibronic_dimer(H, reorganization, frequency, n_levels)
    both = [np.exp(-np.linalg.eigvalsh(total) / temperature).sum(), np.exp(-free / temperature).sum()]
    return -reorganization / 2 - temperature * np.log(both[0] / both[1])
