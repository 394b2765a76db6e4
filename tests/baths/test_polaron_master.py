"""The polaron master equation: its limits, its laws, another assembly of it, and the hierarchy."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import EXACT
from frenkel import BrownianBath, DrudeBath
from frenkel.baths import polaron_master
from references import ring_rates
from scipy.linalg import expm

UPPER = np.diag([1.0, 0.0])
FAST = BrownianBath(4.0, 5.0, 2.0, 4.0)
COLD = BrownianBath(2.0, 5.0, 1.0, 1.0)
ENERGIES = frenkel.site_energies(60, 1.0, rng=1)


def dimer(gap, coupling=1.0):
    return np.array([[gap / 2, coupling], [coupling, -gap / 2]])


def white(dephasing, temperature=1e5, cutoff=1e4):
    return DrudeBath(dephasing * cutoff / (4 * temperature), cutoff, temperature)


def test_hot_and_fast_and_undisplaced_is_white_noise():
    times = [0.5, 3.0]
    H = frenkel.hamiltonian(frenkel.ring(5), [0.5, -0.7, 0.0, 0.9, -0.2])
    start = np.diag(np.eye(5)[1])
    found = frenkel.polaron_master_equation(H, start, times, white(1.0), split=1e9)
    assert_law("ρ", found, frenkel.evolve_density(H, start, times, dephasing=1.0), 2e-4)  # √kT, γ
    for dephasing in (1.0, 3.0):
        D = frenkel.polaron_master_diffusion_constant(ENERGIES, white(dephasing), split=1e9, tolerance=1e-3)
        assert_law("D_s", D / frenkel.diffusion_constant(ENERGIES, dephasing), 1, 1e-3)


def test_without_a_split_it_is_the_golden_rule():
    errors = []
    for split in (1e-2, 1e-3):
        D = frenkel.polaron_master_diffusion_constant(ENERGIES[:24], FAST, split=split, coupling=0.5)
        errors.append(abs(D / frenkel.polaron_diffusion_constant(ENERGIES[:24], FAST, coupling=0.5) - 1))
    assert errors[1] < 2e-4 and errors[1] < errors[0] / 8, f"not hops: {errors}"
    up, down = frenkel.polaron_hopping_rate([1.0, -1.0], FAST)
    times = np.array([0.5, 1.0, 2.0]) / (up + down)
    rho = frenkel.polaron_master_equation(dimer(1.0), UPPER, times, FAST, split=1e-3)
    expected = (up + down * np.exp(-(up + down) * times)) / (up + down)
    assert_law("P₁", rho[:, 0, 0].real, expected, 1e-3)


def test_a_clean_chain_is_a_band_in_white_noise():
    found = [
        frenkel.polaron_master_diffusion_constant(np.zeros(3), white(dephasing), split=1e9, tolerance=1e-3)
        for dephasing in (0.7, 2.0)
    ]
    assert_law("2/Γ", found, [2 / 0.7, 1.0], 3e-3)


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
    """At the rates 2𝒥(ω)(n + 1) Σ |ψ|²|ψ'|² of Redfield."""
    energies, errors = frenkel.site_energies(24, 5.0, rng=3), []
    for strength in (3e-2, 3e-3):
        bath = DrudeBath(strength, 3.0, 4.0)

        def redfield(levels, states, bath=bath):
            fall = levels - levels[:, None] + np.eye(len(levels))  # [b, a]: E_a - E_b
            quanta = bath.spectral_density(fall) / -np.expm1(-fall / bath.temperature)
            return 2 * quanta * ((states**2).T @ states**2)

        found = frenkel.polaron_master_diffusion_constant(energies, bath, split=1e6, tolerance=2e-2)
        errors.append(abs(found / walk_of_eigenstates(energies, 1.0, redfield) - 1))
    assert errors[1] < 0.02 and errors[1] < errors[0] / 4, f"not a walk: {errors}"


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
    ("bath", "split", "disorder"),
    [(FAST, 1.0, 1.0), (BrownianBath(1.0, 3.0, 2.0, 3.0), 2.0, 1.0), (COLD, 0.8, 4.0)],
)
def test_the_band_is_the_dense_generator(bath, split, disorder):
    """In the last, cold, Redfield's equation has populations of -0.1, and hops half the D."""
    energies = frenkel.site_energies(14, disorder, rng=1)
    found = frenkel.polaron_master_diffusion_constant(energies, bath, split=split, tolerance=1e-3)
    assert_law("D_s", found / dense_diffusion_constant(energies, bath, split), 1, 5e-3)  # around 14 sites


@pytest.mark.parametrize(("bath", "gap"), [(FAST, 0.0), (FAST, 1.0), (FAST, 3.0)], ids=str)
def test_two_sites_equal_the_hierarchy_and_more_so_for_smaller_couplings(bath, gap):
    """The hierarchy begins with unrelaxed phonons, and a master equation has no memory: 1/γ in J is small."""
    errors = []
    for coupling in (1.0, 0.5):
        times = np.array([0.5, 1.0, 2.0, 4.0]) * 2 / coupling**2
        H = dimer(gap, coupling)
        expected = frenkel.hierarchy(H, UPPER, times, bath, tolerance=1e-3)[:, 0, 0].real
        found = frenkel.polaron_master_equation(H, UPPER, times, bath)[:, 0, 0].real
        errors.append(np.abs(found - expected).max())
    assert errors[0] < 0.05 and errors[1] < errors[0] / 3, f"off by {errors}"


def test_diffusion_tends_to_that_of_the_hierarchy_for_narrow_bands():
    """All else scaled up is J scaled down. At λ = 2J a master equation of second order is off by a sixth."""
    errors = []
    for scale in (1.0, 2.5):
        bath, energies = DrudeBath(2 * scale, 5 * scale, 5 * scale), scale * np.array([0.6, -0.6, 0.3])
        late = frenkel.hierarchy_diffusivity(energies, scale * np.array([3.0, 4.0]), bath, tolerance=1e-2)
        errors.append(frenkel.polaron_master_diffusion_constant(energies, bath) / late[1] - 1)
    assert abs(errors[0]) < 0.2 and abs(errors[1]) < abs(errors[0]) / 2, f"off by {errors}"


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
        (lambda: frenkel.polaron_master_diffusion_constant(ENERGIES[:24], DrudeBath(1e-3, 2.0, 2.0)), "bath"),
    ],
)
def test_bad_arguments_are_named(call, named):
    with pytest.raises((ValueError, TypeError), match=f"Argument `{named}` must be .*, but is"):
        call()
