"""The hierarchy against checked values, QuTiP, Redfield, classical noise, white noise and its own laws."""

import sys

import frenkel
import numpy as np
import pytest
import qutip
from assertions import assert_law, assert_order
from conftest import EXACT
from frenkel import BrownianBath, DrudeBath
from frenkel.baths import _auxiliaries, _refinement, _steps
from frenkel.motion import thermal_rates
from phonons import vibronic_populations
from qutip.solver.heom import DrudeLorentzPadeBath, HEOMSolver, UnderDampedBath
from references import by_hierarchy
from scipy.linalg import expm

DIMER = np.array([[1.0, 1.0], [1.0, -1.0]])
UPPER = np.diag([1.0, 0.0])
RING = frenkel.hamiltonian(frenkel.ring(5), [0.5, -0.7, 0.0, 0.9, -0.2])
COLD = DrudeBath(0.5, 0.5, 1.0)


@pytest.mark.parametrize(
    ("kT", "times", "checked"),
    [(1.0, [5.0, 10.0, 40.0], [0.4748, 0.3255, 0.1797]), (8.0, [1.0, 40.0], [0.6709, 0.438])],
)
def test_checked_values(kT, times, checked):
    """Half a digit of those printed; and what the printed ones leave out, the hierarchy resolves to 1e-5."""
    rho = frenkel.hierarchy(DIMER, UPPER, times, DrudeBath(0.5, 0.5, kT), tolerance=1e-5)
    assert_law("physics.md 11", rho[:, 0, 0].real, checked, 3e-4)
    loose = frenkel.hierarchy(DIMER, UPPER, times, DrudeBath(0.5, 0.5, kT), tolerance=1e-3)
    assert_law("tolerance", loose, rho, 1e-3)


def by_qutip(H, baths, times, depth):
    options = {"atol": 1e-8, "rtol": 1e-6, "nsteps": 100_000, "progress_bar": ""}
    solver = HEOMSolver(qutip.Qobj(H), baths, max_depth=depth, options=options)
    start = qutip.basis(len(H), 0).proj()
    return np.array([state.full() for state in solver.run(start, [0.0, *times]).states[1:]])


def test_two_drude_baths_equal_qutip():
    times = [0.5, 2.0]
    baths = [
        DrudeLorentzPadeBath(qutip.basis(2, n).proj(), lam=0.5, gamma=0.5, T=1.0, Nk=1) for n in range(2)
    ]
    found = frenkel.hierarchy(DIMER, UPPER, times, COLD)
    assert_law(
        "ρ", found, by_qutip(DIMER, baths, times, 6), 5e-4
    )  # QuTiP's next depth and Nk move it by 3e-4


def test_two_brownian_baths_equal_qutip():
    """QuTiP's λ² is 2λω₀² here."""
    times, strength = [0.5, 1.5], np.sqrt(2 * 0.3) * 2.0
    baths = [
        UnderDampedBath(qutip.basis(2, n).proj(), lam=strength, gamma=1.0, w0=2.0, T=1.0, Nk=1)
        for n in range(2)
    ]
    found = frenkel.hierarchy(DIMER, UPPER, times, BrownianBath(0.3, 2.0, 1.0, 1.0))
    assert_law("ρ", found, by_qutip(DIMER, baths, times, 6), 2e-3)  # QuTiP: Matsubara, no closure


def test_a_mode_without_damping_is_diagonalized():
    """In the order of γ: exciton and oscillators, 60 levels of them, without any theory of baths."""
    times = np.linspace(0.2, 3.0, 15)
    expected, errors = vibronic_populations(DIMER, 0.3, 2.0, 1.0, times), []
    for damping in (0.08, 0.04, 0.02):
        bath = BrownianBath(0.3, 2.0, damping, 1.0)
        found = frenkel.hierarchy(DIMER, UPPER, times, bath, tolerance=1e-4)[:, 0, 0].real
        errors.append(np.abs(found - expected).max())
    assert_order("P₁", errors, 1, 2)


def test_pure_dephasing_is_the_line_shape():
    """Without coupling a coherence between sites decays as exp(-2 Re g), and turns by nothing else."""
    plus = np.full((2, 2), 0.5)
    for bath in (
        COLD,
        DrudeBath(0.2, 3.0, 0.2),
        BrownianBath(0.5, 2.0, 1.0, 0.5),
        BrownianBath(0.3, 2, 4.0, 1),
    ):
        rho = frenkel.hierarchy(np.diag([0.7, 0.0]), plus, [0.5, 3.0], bath)
        expected = 0.5 * np.exp(-2 * bath.line_shape([0.5, 3.0]).real)
        assert_law(f"|ρ₁₂| in {bath}", np.abs(rho[:, 0, 1]), expected, 1e-4)


def test_hot_and_fast_is_white_noise():
    errors = []
    for cutoff in (100.0, 400.0):
        bath = DrudeBath(cutoff / 4e3, cutoff, 1e3)  # Γ = 1
        rho = frenkel.hierarchy(RING, np.eye(5)[0] * np.eye(5), [0.5, 3.0], bath, tolerance=1e-3)
        white = frenkel.evolve_density(RING, np.eye(5)[0] * np.eye(5), [0.5, 3.0], dephasing=1.0)
        errors.append(np.abs(rho - white).max())
    assert errors[0] < 2e-2 and errors[1] < errors[0] / 2.5, f"not white noise: {errors}"


def test_hot_is_classical_noise_with_a_memory():
    """The response falls as λ at a fixed variance 2λkT."""
    times, errors = np.array([0.7, 1.5, 3.0]), []
    expected = by_hierarchy(0.8, 0.9, 1.5, times)
    for kT in (40.0, 400.0):
        bath = DrudeBath(0.9**2 / (2 * kT), 1 / 1.5, kT)
        rho = frenkel.hierarchy([[0.8, 1.0], [1.0, 0.0]], UPPER, times, bath)
        errors.append(np.abs(rho[:, 0, 0].real - expected).max())
    assert errors[0] < 2e-2 and errors[1] < max(errors[0] / 5, 2e-4), f"not classical: {errors}"


def test_weak_coupling_is_redfield():
    """The population of the upper level relaxes at 𝒥(E)(2n + 1) sin²θ/2, to first order in λ."""
    gap, kT = 2 * np.sqrt(2.0), 1.0
    _, levels = np.linalg.eigh(DIMER)
    errors = []
    for strength in (0.04, 0.01):
        bath = DrudeBath(strength, 3.0, kT)
        rate = 0.5 * bath.spectral_density(gap) * 2 / np.tanh(gap / 2 / kT) * 0.5
        t = np.array([1.0, 2.0]) / rate
        rho = frenkel.hierarchy(DIMER, np.outer(levels[:, 1], levels[:, 1]), t, bath, tolerance=1e-4)
        upper = np.einsum("a,tab,b->t", levels[:, 1], rho.real, levels[:, 1])
        limit = 1 / (1 + np.exp(gap / kT))
        errors.append(np.abs(upper - limit - (1 - limit) * np.exp([-1.0, -2.0])).max())
    assert errors[0] < 0.05 and errors[1] < errors[0] / 2.5, f"not Redfield: {errors}"
    energies, rates = thermal_rates.redfield_rates(DIMER, dephasing=1.0, thermal_energy=kT)
    assert_law("the library's rates have its detailed balance", rates[1, 0] / rates[0, 1], np.exp(-gap / kT))
    assert energies[0] < energies[1]


def test_golden_rule_is_the_limit_of_weak_hopping():
    """A dimer with J = 0.05 relaxes at J² (k(δ) + k(-δ)) to Boltzmann's populations of relaxed sites."""
    bath, J = BrownianBath(0.5, 2.0, 1.5, 1.0), 0.05
    up, down = frenkel.polaron_hopping_rate([1.0, -1.0], bath, coupling=J)
    times = np.array([0.5, 1.0, 2.0]) / (up + down)
    rho = frenkel.hierarchy([[0.5, J], [J, -0.5]], UPPER, times, bath, tolerance=1e-3)
    expected = (up + down * np.exp(-(up + down) * times)) / (up + down)
    assert_law("P₁", rho[:, 0, 0].real, expected, 1e-2)  # (J/ω)² and the memory, (k/γ)


def test_laws_of_density_matrices():
    rho = frenkel.hierarchy(RING, np.diag(np.eye(5)[1]), np.linspace(0.2, 3.0, 8), COLD, tolerance=1e-3)
    assert_law("trace", np.trace(rho, axis1=1, axis2=2), 1, 1e-9)
    assert_law("Hermitian", rho, rho.conj().swapaxes(1, 2), EXACT)
    assert np.linalg.eigvalsh(rho).min() > -1e-3, "not positive"


def test_equilibrium_is_the_reduced_one_and_not_boltzmanns():
    """At strong coupling sites are more alike than Boltzmann's factor of either sites or eigenstates says."""
    rho = frenkel.hierarchy(DIMER, UPPER, [60.0, 90.0], DrudeBath(1.0, 1.0, 1.0), tolerance=1e-3)
    assert_law("stationary", rho[0], rho[1], 1e-3)
    of_states = expm(-DIMER) / np.trace(expm(-DIMER))
    assert rho[1, 0, 0].real - of_states[0, 0] < -5e-3 or rho[1, 0, 0].real - of_states[0, 0] > 5e-3


def test_stack_equals_loop_and_unequal_baths_are_allowed():
    stack = np.array([[np.diag([1.0, 0.0]), np.full((2, 2), 0.5)]])
    found = frenkel.hierarchy(DIMER, stack, [1.0, 2.5], COLD)
    assert found.shape == (2, 1, 2, 2, 2)
    assert_law("stack", found[:, 0, 1], frenkel.hierarchy(DIMER, stack[0, 1], [1.0, 2.5], COLD), 1e-4)
    almost = DrudeBath(0.5, 0.5 + 1e-9, 1.0)  # not equal: both sites keep their bath
    two = frenkel.hierarchy(DIMER, stack[0, 0], [1.0, 2.5], [COLD, almost])
    assert_law("the difference of two baths is what counts", two, found[:, 0, 0], 2e-4)
    swapped = frenkel.hierarchy(
        DIMER[::-1, ::-1], np.diag([0.0, 1.0]), [1.0], [COLD, DrudeBath(0.1, 2.0, 1.0)]
    )
    straight = frenkel.hierarchy(DIMER, UPPER, [1.0], [DrudeBath(0.1, 2.0, 1.0), COLD])
    assert_law("each bath has its site", swapped[:, ::-1, ::-1], straight, 2e-4)


def test_steps_are_exact_with_and_without_scipy(monkeypatch):
    rng = np.random.default_rng(1)
    L = rng.normal(size=(30, 30)) - 4 * np.eye(30)
    rows, columns = (part.ravel() for part in np.indices(L.shape))
    state, times = rng.normal(size=(30, 2)), np.array([0.0, 0.3, 1.1])
    expected = np.array([expm(L * t) @ state for t in times])
    dense = _steps.propagate((rows, columns, L.ravel()), state, times, slice(None), 1e-9)
    assert_law("exponential", dense, expected, 1e-9)
    monkeypatch.setattr(_steps, "_DENSE", 0)
    for name in (None, "scipy.sparse"):
        if name:
            monkeypatch.setitem(sys.modules, name, None)  # an import now fails
        series = _steps.propagate((rows, columns, L.ravel()), state, times, slice(None), 1e-9)
        assert_law("series", series, expected, 1e-7)


def test_the_list_of_matrices_has_no_gaps():
    indices = _auxiliaries.largest(np.array([2.0, 0.4, 0.1]), 0.02, 10_000)
    members = {tuple(n) for n in indices.tolist()}
    for n in members:
        for k in np.flatnonzero(n):
            assert tuple(np.array(n) - np.eye(3, dtype=int)[k]) in members, f"{n} hangs in the air"
    up = _auxiliaries.links(indices)
    for i, k in np.argwhere(up >= 0):
        assert (indices[up[i, k]] == indices[i] + np.eye(3, dtype=int)[k]).all(), "wrong link"
    cut = sum(tuple(n + e) not in members for n in indices for e in np.eye(3, dtype=int))
    assert cut == (up < 0).sum(), "a link is missing"


def white_ring(energies, dephasing, times):
    """D(t) of a ring whose coherences may go around it: ∫ Tr[v exp(Ls) v]/N, dense."""
    n = len(energies)
    H = frenkel.hamiltonian(frenkel.ring(n), energies)
    step = np.roll(np.eye(n), 1, axis=1)
    v, eye = 1j * (step - step.T), np.eye(n)
    L = -1j * (np.kron(H, eye) - np.kron(eye, H)) - dephasing * (np.eye(n * n) - np.diag(eye.ravel()))
    whole = np.zeros((n * n + 1, n * n + 1), dtype=complex)
    whole[:-1, :-1], whole[-1, :-1] = L, v.T.ravel() / n
    return np.array([(expm(whole * t) @ np.append(v.ravel(), 0))[-1].real for t in times])


def test_diffusivity_of_a_ring_has_its_limit_of_white_noise():
    energies, times, errors = [0.5, -0.7, 0.2, 0.4], np.linspace(0.3, 3.0, 6), []
    for cutoff in (200.0, 800.0):
        bath = DrudeBath(cutoff / 4e4, cutoff, 1e4)
        found = frenkel.hierarchy_diffusivity(energies, times, bath)
        errors.append(np.abs(found - white_ring(energies, 1.0, times)).max())
    assert errors[0] < 2e-2 and errors[1] < errors[0] / 2.5, f"not white noise: {errors}"


def test_diffusivity_of_a_narrow_band_is_that_of_polaron_hops():
    """Scale J down by scaling all else up: D(t → ∞) of a flat ring is k a², to second order in J."""
    bath = DrudeBath(15.0, 20.0, 40.0)
    found = frenkel.hierarchy_diffusivity(np.zeros(3), [2.0, 3.0], bath)
    assert_law("stationary", found[0], found[1], 2e-3)
    assert_law("D_s = k a²", found[1] / frenkel.polaron_diffusion_constant(np.zeros(3), bath), 1, 0.03)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"bath": 3.0}, "bath"),
        ({"bath": "x"}, "bath"),
        ({"bath": [COLD]}, "bath"),
        ({"bath": [COLD, 1.0]}, "bath"),
        ({"tolerance": 1.0}, "tolerance"),
        ({"times": [1e12]}, "times"),
    ],
)
def test_bad_arguments_are_named(changes, named):
    call = {"H": DIMER, "rho0": UPPER, "times": [1.0, 30.0], "bath": COLD}
    with pytest.raises((ValueError, TypeError), match=f"Argument `{named}` must be .*, but is"):
        frenkel.hierarchy(**call | changes)


def test_a_hierarchy_that_does_not_converge_is_refused(monkeypatch):
    """An underdamped mode in the cold, to many periods: the answers of three rounds swing by 0.1."""
    monkeypatch.setattr(_refinement, "_ROUNDS", 3)
    with pytest.raises(ValueError, match=r"Argument `bath` must be faster, .* refinement still changes"):
        frenkel.hierarchy(DIMER, UPPER, [20.0], BrownianBath(0.5, 2.0, 0.1, 0.2))


def test_a_refusal_names_a_tolerance_that_does(monkeypatch):
    monkeypatch.setattr(_refinement, "_MOST_ENTRIES", 3e3)
    with pytest.raises(ValueError, match=r"Argument `tolerance` must be near (\S+) or above") as caught:
        frenkel.hierarchy(DIMER, UPPER, [1.0, 5.0], COLD, tolerance=1e-7)
    enough = float(str(caught.value).split("near ")[1].split()[0])
    assert 1e-7 < enough < 1e-2
    assert frenkel.hierarchy(DIMER, UPPER, [1.0, 5.0], COLD, tolerance=enough).shape == (2, 2, 2)
