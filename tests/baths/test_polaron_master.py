"""The polaron master equation: its limits, its laws, another assembly of it, and the hierarchy."""

import frenkel
import numpy as np
import pytest
import qutip
from assertions import assert_law, assert_order, populations
from conftest import EXACT
from frenkel import BrownianBath, DrudeBath
from frenkel.baths import polaron_master
from phonons import polaron_liouvillian
from references import ring_rates
from scipy.linalg import expm

UPPER = np.diag([1.0, 0.0])
FAST = BrownianBath(4.0, 5.0, 2.0, 4.0)
COLD = BrownianBath(2.0, 5.0, 1.0, 1.0)
ENERGIES = frenkel.site_energies(60, 1.0, rng=1)


def dimer(gap, coupling=1.0):
    return np.array([[gap / 2, coupling], [coupling, -gap / 2]])


def white(dephasing, cutoff=1e4):
    return DrudeBath(dephasing / 40, cutoff, 10 * cutoff)


@pytest.mark.parametrize(
    ("bath", "split"),
    [(DrudeBath(0.5, 5.0, 0.5), 1.0), (BrownianBath(1.0, 2.0, 0.5, 1.0), 0.7), (FAST, 1.3)],
    ids=str,
)
@pytest.mark.parametrize(
    "H", [dimer(1.0), [[0.5, 1, 0.6], [1, -0.7, 0.8], [0.6, 0.8, 0.3]]], ids=["dimer", "triangle"]
)
def test_the_generator_is_that_of_plain_integrals(H, bath, split):
    """Every correlation counts: on a triangle, bonds have products of -2 to 2. φ has settled to 1e-5."""
    H, times = np.array(H, dtype=float), [0.5, 1.0, 3.0]
    frame = frenkel.polaron_frame(H, bath, split=split)
    slowest = min(frame.split, 2 * np.pi * bath.temperature, bath._poles().rates.real.min())
    L = polaron_liouvillian(H, bath, frame.split, 40 / slowest)
    start = np.diag(np.eye(len(H))[0])
    expected = [(expm(L * t) @ start.ravel()).reshape(H.shape) for t in times]
    found = frenkel.polaron_master_equation(H, start, times, bath, split=split)
    assert_law("ρ", found, np.array(expected), 5e-5)


def test_hot_and_fast_and_undisplaced_is_white_noise():
    """Short of it are a memory of 1/γ and, at kT = 10γ, a response of the order of H/kT."""
    H = frenkel.hamiltonian(frenkel.ring(5), [0.5, -0.7, 0.0, 0.9, -0.2])
    start, times = np.diag(np.eye(5)[1]), [0.5, 3.0]
    expected = frenkel.evolve_density(H, start, times, dephasing=1.0)
    errors = [
        np.abs(
            frenkel.polaron_master_equation(H, start, times, white(1.0, cutoff), split=1e5 * cutoff)
            - expected
        ).max()
        for cutoff in (1e2, 1e3, 1e4)
    ]
    assert_order("ρ", errors, 1, 10)
    for dephasing in (1.0, 3.0):
        D = frenkel.polaron_master_diffusion_constant(ENERGIES, white(dephasing), split=1e9, tolerance=1e-3)
        assert_law("D_s", D / frenkel.diffusion_constant(ENERGIES, dephasing), 1, 1e-3)  # its tolerance


def test_without_a_split_it_is_the_golden_rule():
    """Slow modes are left behind in the order of w."""
    energies, up_down = ENERGIES[:24], frenkel.polaron_hopping_rate([1.0, -1.0], FAST)
    splits, total = (1e-1, 1e-2, 1e-3), up_down.sum()
    hops = frenkel.polaron_diffusion_constant(energies, FAST, coupling=0.5)
    errors = [
        frenkel.polaron_master_diffusion_constant(energies, FAST, split=w, coupling=0.5, tolerance=1e-5)
        / hops
        - 1
        for w in splits
    ]
    assert_order("D_s", errors, 1, 10)
    times = np.array([0.5, 1.0, 2.0]) / total
    expected = (up_down[0] + up_down[1] * np.exp(-total * times)) / total
    errors = [
        np.abs(
            populations(frenkel.polaron_master_equation(dimer(1.0), UPPER, times, FAST, split=w))[:, 0]
            - expected
        ).max()
        for w in splits
    ]
    assert_order("P₁", errors, 1, 10)


def test_a_clean_chain_is_a_band_in_white_noise():
    found = [
        frenkel.polaron_master_diffusion_constant(np.zeros(3), white(dephasing), split=1e9, tolerance=1e-3)
        for dephasing in (0.7, 2.0)
    ]
    assert_law("D_s/(2/Γ)", np.array(found) / [2 / 0.7, 1.0], 1, 1e-3)  # its tolerance


def noise_of(bath):
    """∫ dt exp(iωt) C(t) = 2𝒥(n + 1), as a function of ω alone: QuTiP gives two arguments to one of two."""

    def spectrum(w):
        w = w if abs(w) > 1e-9 else 1e-9
        return float(2 * bath.spectral_density(w) / -np.expm1(-w / bath.temperature))

    return spectrum


@pytest.mark.parametrize("H", [dimer(1.0), [[1, 1, 0], [1, -1, 0.7], [0, 0.7, 0.3]]], ids=["dimer", "chain"])
def test_a_weak_bath_is_bloch_and_redfields_in_the_order_of_its_strength(H):
    """At the times 1/λ of relaxation, in QuTiP, whose solver has no Lamb shift either."""
    H = np.array(H, dtype=float)
    n, states, errors = len(H), np.linalg.eigh(H)[1], []
    for strength in (0.04, 0.02, 0.01):
        bath = DrudeBath(strength, 3.0, 2.0)

        times = np.linspace(0, 1 / strength, 21)
        sites = [(qutip.Qobj(np.diag(site)), noise_of(bath)) for site in np.eye(n)]
        options = {"atol": 1e-10, "rtol": 1e-9, "nsteps": 100_000}
        start = np.diag(np.eye(n)[0])
        result = qutip.brmesolve(
            qutip.Qobj(H), qutip.Qobj(start), times, a_ops=sites, sec_cutoff=-1, options=options
        )
        expected = np.array([state.full() for state in result.states])[1:]
        found = frenkel.polaron_master_equation(H, start, times[1:], bath, split=1e3)
        off = states.T @ (found - expected) @ states
        level = populations(off)
        errors.append([np.abs(level).max(), np.abs(off - level[:, :, None] * np.eye(n)).max()])
    assert_order("populations", np.array(errors)[:, 0], 1, 2)
    assert_order("coherences", np.array(errors)[:, 1], 1, 2)


def test_equilibrium_is_the_hierarchys_in_the_order_of_the_bath():
    """In the sites, neither Boltzmann's state nor that of the frame has what phonons and exciton share."""
    H, errors = dimer(2.0), []
    for strength in (0.4, 0.2, 0.1):
        bath = DrudeBath(strength, 5.0, 1.0)
        frame, late = frenkel.polaron_frame(H, bath), 3 / bath.white_noise_rate
        bare, dressed = (expm(-(np.diag(np.diag(H)) + k * dimer(0.0))) for k in (1.0, frame.overlap))
        bare, dressed = bare / np.trace(bare), dressed / np.trace(dressed)
        exact = frenkel.hierarchy(H, bare, [5 * late], bath, tolerance=1e-4)[0]
        errors.append([*np.abs(bare - exact)[0], abs(dressed - exact)[0, 0]])
    for k, state in enumerate(("population of exp(-H/kT)", "its coherence", "population of the frame")):
        assert_order(state, np.array(errors)[:, k], 1, 2)


def walk_of_eigenstates(energies, overlap, rates_between):
    """D of jumps between localized states of a ring, by the dispersion of their rates."""
    n = len(energies)
    levels, states = np.linalg.eigh(overlap * frenkel.hamiltonian(frenkel.ring(n)) + np.diag(energies))
    rates = rates_between(levels, states)
    np.fill_diagonal(rates, 0.0)
    around = np.exp(2j * np.pi * np.arange(n) / n)
    turns = np.angle(around @ states**2) * n / (2 * np.pi)
    return by_perturbation(rates - np.diag(rates.sum(axis=0)), (turns[:, None] - turns + n / 2) % n - n / 2)


def by_perturbation(generator, ways):
    """-½ of the curvature of the slowest mode of a generator whose elements lead as far as `ways`."""

    first, second = ways * generator, ways**2 * generator
    values, right = np.linalg.eig(generator)
    rho = right[:, np.argmax(values.real)]
    left = np.linalg.eig(generator.T)
    trace = left[1][:, np.argmax(left[0].real)]
    rho /= trace @ rho
    source = first @ rho - (trace @ first @ rho) * rho
    sigma = np.linalg.lstsq(generator, source, rcond=1e-14)[0]
    sigma -= (trace @ sigma) * rho
    return (0.5 * trace @ second @ rho - trace @ first @ sigma).real


def test_weak_bath_and_strong_disorder_is_a_walk_of_eigenstates():
    """At the rates 2𝒥(ω)(n + 1) Σ |ψ|²|ψ'|² of Redfield, in the order of the bath.

    All levels and neighbors are far apart here. Random ones are not: two sites in resonance, a period apart
    even, need a bath weaker than their splitting, and make a walk around a ring ambiguous.
    """
    energies, errors = 3.0 * np.array([0, 5, 2, 7, 1, 4, 6, 3]), []
    for strength in (0.3, 0.1, 0.03):
        bath = DrudeBath(strength, 3.0, 4.0)
        noise = np.vectorize(noise_of(bath))

        def redfield(levels, states, noise=noise):
            return noise(levels - levels[:, None]) * ((states**2).T @ states**2)  # [b, a]: E_a - E_b

        found = frenkel.polaron_master_diffusion_constant(energies, bath, split=1e6, tolerance=1e-5)
        errors.append(found / walk_of_eigenstates(energies, 1.0, redfield) - 1)
    assert_order("D_s", errors, 1, 3)


@pytest.mark.parametrize("bath", [FAST, COLD, DrudeBath(0.5, 0.5, 0.3)], ids=str)
def test_equilibrium_is_boltzmanns_in_the_frame_and_always_positive(bath):
    H = frenkel.hamiltonian(frenkel.chain(4), [1.0, -2.0, 0.0, 1.5])
    frame = frenkel.polaron_frame(H, bath)
    sites = np.diag(np.diag(H))
    equilibrium = expm(-(sites + frame.overlap * (H - sites)) / bath.temperature)
    equilibrium /= np.trace(equilibrium)
    rho = frenkel.polaron_master_equation(H, [equilibrium, np.eye(4)[3] * np.eye(4)], [0.3, 2.0, 20.0], bath)
    assert_law("stationary", rho[:, 0], equilibrium, 1e-8)
    assert_law("trace", np.trace(rho, axis1=-2, axis2=-1), 1, 1e-8)
    assert_law("Hermitian", rho, rho.conj().swapaxes(-1, -2), EXACT)
    assert np.linalg.eigvalsh(rho).min() > -1e-9, "a negative population"


def dense_diffusion_constant(energies, bath, split):
    """D of a ring from the generator of a few sites, its elements twisted by the short ways around."""
    n = len(energies)
    H = frenkel.hamiltonian(frenkel.ring(n), energies)
    units = np.zeros((2, n * n, n, n), dtype=complex)  # Hermitian and anti-Hermitian parts of |i⟩⟨j|
    every, (i, j) = np.arange(n * n), np.divmod(np.arange(n * n), n)
    units[0, every, i, j] += 0.5
    units[0, every, j, i] += 0.5
    units[1, every, i, j] -= 0.5j
    units[1, every, j, i] += 0.5j
    both = [polaron_master._applied(H, bath, split, part) for part in units]
    L = (both[0] + 1j * both[1]).reshape(n * n, n * n).T
    way = (i[:, None] - i + n / 2) % n + (j[:, None] - j + n / 2) % n - n
    return by_perturbation(L, way / 2)


@pytest.mark.parametrize(
    ("bath", "split", "disorder", "allowed"),
    [(FAST, 1.0, 1.0, 2e-4), (BrownianBath(1.0, 3.0, 2.0, 3.0), 2.0, 1.0, 2e-4), (COLD, 0.8, 4.0, 5e-3)],
)
def test_the_band_is_the_dense_generator(bath, split, disorder, allowed):
    """In the last, cold, Redfield's equation has populations of -0.1, and hops half the D.

    The band settles within 1e-4. Around the ring of 14 sites the cold coherences meet: they are off by 30, 12
    and 7 % on one of 8, 10 and 12.
    """
    energies = frenkel.site_energies(14, disorder, rng=1)
    found = frenkel.polaron_master_diffusion_constant(energies, bath, split=split, tolerance=1e-4)
    assert_law("D_s", found / dense_diffusion_constant(energies, bath, split), 1, allowed)


@pytest.mark.parametrize("gap", [0.0, 1.0, 3.0])
def test_two_sites_tend_to_the_hierarchy_for_small_couplings(gap):
    """A hop takes what phonons remember of the one before, and of their start: an error of the order J²."""
    errors = []
    for coupling in (1.0, 0.5, 0.25):
        times = np.array([0.5, 1.0, 2.0, 4.0]) * 2 / coupling**2
        H = dimer(gap, coupling)
        expected = frenkel.hierarchy(H, UPPER, times, FAST, tolerance=1e-4)
        errors.append(
            np.abs(populations(frenkel.polaron_master_equation(H, UPPER, times, FAST) - expected)).max()
        )
    assert_order("P₁", errors, 2, 2)


def test_diffusion_tends_to_that_of_the_hierarchy_for_narrow_bands():
    """All else scaled up is J scaled down. At λ = 2J a master equation of second order is off by a fifth."""
    errors, scales = [], (1.6, 2.5, 4.0)
    for scale in scales:
        bath, energies = DrudeBath(2 * scale, 5 * scale, 5 * scale), scale * np.array([0.6, -0.6, 0.3])
        late = frenkel.hierarchy_diffusivity(energies, [scale * 4.0], bath, tolerance=1e-3)
        D = frenkel.polaron_master_diffusion_constant(energies, bath, tolerance=1e-4)
        errors.append(D / late[0] - 1)
    assert_order("D_s", errors, 1, 1.6)


def test_a_stack_is_one_frame_and_scales_with_the_coupling():
    rings = frenkel.site_energies(20, 1.0, rng=3, shape=(2, 1))
    found = frenkel.polaron_master_diffusion_constant(rings, FAST, split=1e-3, coupling=0.1)
    assert found.shape == (2, 1)
    one = frenkel.polaron_master_diffusion_constant(rings[1, 0], FAST, split=1e-3, coupling=0.2)
    assert_law("J²", one / found[1, 0], 4, 1e-3)


def test_rates_between_neighbors_are_those_of_the_references():
    rates = ring_rates(np.array([0.3, -0.8, 0.1]), lambda change: frenkel.polaron_hopping_rate(change, FAST))
    rho = frenkel.polaron_master_equation(
        np.diag([0.3, -0.8, 0.1]) + 1.0 - np.eye(3), np.eye(3)[0] * np.eye(3), [1e-3], FAST, split=1e-4
    )
    assert_law("dP/dt", rho[0].diagonal().real[1:] / 1e-3, rates[1:, 0], 2e-3 * rates.max())


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: frenkel.polaron_master_equation(np.eye(17), np.eye(17) / 17, [1.0], FAST), "H"),
        (lambda: frenkel.polaron_master_equation(dimer(1.0), UPPER, [1e12], FAST), "times"),
        (lambda: frenkel.polaron_master_equation(dimer(1.0), UPPER, [1.0], FAST, split=-1.0), "split"),
        (lambda: frenkel.polaron_master_diffusion_constant([0.0, 1.0], FAST), "site_energies"),
        (lambda: frenkel.polaron_master_diffusion_constant([0.0, 1.0, 200.0], FAST), "site_energies"),
        (lambda: frenkel.polaron_master_diffusion_constant(np.zeros(3), FAST, tolerance=0.5), "tolerance"),
        (lambda: frenkel.polaron_master_diffusion_constant(ENERGIES[:6], DrudeBath(1e-3, 2.0, 2.0)), "bath"),
    ],
)
def test_bad_arguments_are_named(call, named):
    with pytest.raises((ValueError, TypeError), match=f"Argument `{named}` must be .*, but is"):
        call()
