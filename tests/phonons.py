"""Plain references for excitons with phonons.

The polaron master equation written down again, by integrals over phonons and time; few modes diagonalized, or
followed with all their quanta; equilibrium as a sum over paths in imaginary time.
"""

import numpy as np
from scipy.linalg import expm
from scipy.sparse import csr_array, diags_array, eye_array, kron
from scipy.sparse.linalg import expm_multiply


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


def modes_of(bath, n_modes, highest):
    """Return frequencies and couplings of few modes, all empty, that stand for a warm bath.

    Phonons in equilibrium do to an exciton what empty ones do if there are some of negative frequency, at a
    density 𝒥(ω)/(1 - exp(-ω/kT)): C(t) is the same, and Gaussian. The nodes of Gauss's quadrature, here for
    |ω| < `highest`, have the first 2n derivatives of C at t = 0. Lanczos's tridiagonal matrix has the nodes.
    """
    w = highest * (np.arange(1, 4000, 2) / 2000 - 1)
    density = bath.spectral_density(w) / -np.expm1(-w / bath.temperature) * (w[1] - w[0]) / np.pi
    vectors, diagonal, beside = [np.sqrt(density / density.sum())], [], []
    for _ in range(n_modes):
        new = w * vectors[-1]
        diagonal.append(new @ vectors[-1])
        for _ in range(2):  # the second time against what rounding left
            new = new - np.array(vectors).T @ (np.array(vectors) @ new)
        beside.append(np.linalg.norm(new))
        vectors.append(new / beside[-1])
    nodes, states = np.linalg.eigh(np.diag(diagonal) + np.diag(beside[:-1], 1) + np.diag(beside[:-1], -1))
    return nodes, np.sqrt(density.sum()) * np.abs(states[0])


def evolve_with_modes(H, psi0, times, operators, modes, most):
    """Return ρ(t) of an exciton, each of the diagonal `operators` coupled to modes of its own, exactly.

    The modes start empty and together have up to `most` quanta; the `times` are equally spaced.
    """
    frequencies, strengths = (np.tile(part, len(operators)) for part in modes)
    numbers = np.array(list(_at_most(most, len(frequencies))))
    place = {state.tobytes(): i for i, state in enumerate(numbers)}
    n_sites, size = len(H), len(numbers)
    below, free = np.flatnonzero(numbers.sum(axis=1) < most), diags_array(numbers @ frequencies)
    total = kron(csr_array(H), eye_array(size)) + kron(eye_array(n_sites), free)
    for k, strength in enumerate(strengths):
        one = np.eye(len(strengths), dtype=int)[k]
        above = [place[state.tobytes()] for state in numbers[below] + one]
        up = csr_array((strength * np.sqrt(numbers[below, k] + 1.0), (above, below)), shape=(size, size))
        total += kron(diags_array(np.asarray(operators[k // len(modes[0])], dtype=float)), up + up.T)
    start = np.zeros((n_sites, size), dtype=complex)
    start[:, place[np.zeros_like(numbers[0]).tobytes()]] = psi0
    ends = {"start": times[0], "stop": times[-1], "num": len(times), "endpoint": True}
    psi = expm_multiply(-1j * total.tocsr(), start.ravel(), **ends).reshape(-1, n_sites, size)
    return psi @ psi.conj().swapaxes(1, 2)


def _at_most(quanta, n_modes):
    """All ways to put up to so many quanta into the modes."""
    if n_modes == 0:
        yield ()
        return
    for first in range(quanta + 1):
        for rest in _at_most(quanta - first, n_modes - 1):
            yield (first, *rest)


def reduced_equilibrium(H, baths, n_slices):
    """Return the populations of Tr_B exp(-H_total/kT)/Z: a sum over all closed paths in imaginary time.

    A path on site n at both τ and τ' gains K(τ - τ'), K(τ) = (1/π)∫ dω 𝒥 cosh(ω(β/2 - τ))/sinh(βω/2), here
    integrated over pairs of slices. Trotter's error falls as the square of the number of slices grows.
    """
    n_sites, kT = len(H), baths[0].temperature
    paths = np.indices((n_sites,) * n_slices).reshape(n_slices, -1)
    step = expm(-H / (n_slices * kT))
    weights = np.ones(paths.shape[1])
    gain = np.array([_imaginary_gain(bath, n_slices) for bath in baths])
    for i in range(n_slices):
        weights *= step[paths[i], paths[(i + 1) % n_slices]] * np.exp(gain[paths[i], 0])
        for j in range(i):
            weights *= np.exp(np.where(paths[i] == paths[j], gain[paths[i], i - j], 0.0))
    found = np.bincount(paths[0], weights, n_sites)
    return found / found.sum()


def _imaginary_gain(bath, n_slices):
    """∫∫ K over two slices 0, 1, ... apart (for 0 over half the square), from G with the curvature K."""
    beta, w = 1 / bath.temperature, np.exp(np.linspace(-16, 12, 40_001))
    tau = np.linspace(0, beta, n_slices + 1)[:, None]
    wave = np.expm1(-w * tau) + np.exp(-w * (beta - tau)) - np.exp(-w * beta)
    G = np.trapezoid(bath.spectral_density(w) / w * wave / -np.expm1(-w * beta), np.log(w), axis=1) / np.pi
    at_once = G[1] - G[0] + tau[1, 0] * bath.reorganization
    return np.append(at_once, np.diff(G, 2))
