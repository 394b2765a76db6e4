"""Thermal rates: detailed balance, limits, QuTiP's Bloch-Redfield equation, diffusion by a dispersion."""

import frenkel
import numpy as np
import pytest
import qutip
from assertions import assert_law, populations, rate_equation
from conftest import CONVERGED, EXACT
from frenkel import exact
from frenkel.motion import ring_hopping, thermal_rates
from references import ring_rates

ENERGIES = np.array([0.8, -1.1, 0.3, 1.7, -0.4])
H = frenkel.hamiltonian(frenkel.chain(5), ENERGIES)
CHANGES = np.array([-7.0, -1.0, -1e-9, 1e-9, 0.4, 3.0])


@pytest.mark.parametrize("thermal_energy", [0.3, 1.0, 20.0])
def test_detailed_balance(thermal_energy):
    boltzmann = np.exp(-CHANGES / thermal_energy)
    for rate in (
        lambda change: thermal_rates.thermal_hopping_rate(change, 0.7, thermal_energy),
        lambda change: thermal_rates.marcus_rate(change, 2.0, thermal_energy),
    ):
        assert_law("detailed balance between sites", rate(CHANGES) / rate(-CHANGES) / boltzmann, 1)
    energies, rates = thermal_rates.redfield_rates(H, dephasing=0.2, thermal_energy=thermal_energy)
    flow = rates * np.exp(-energies / thermal_energy)  # [to, from]
    assert_law("detailed balance between eigenstates", flow / flow.max(), flow.T / flow.max())


def test_rates_lead_to_boltzmann_from_anywhere():
    energies, rates = thermal_rates.redfield_rates(H, dephasing=0.2, thermal_energy=0.7)
    for start in np.eye(5):
        final = rate_equation(rates, start, [1.0, 3000.0])[-1]
        weights = np.exp(-energies / 0.7)
        assert_law("Boltzmann in the eigenstates", final, weights / weights.sum())
    hopping = ring_rates(ENERGIES, lambda change: thermal_rates.thermal_hopping_rate(change, 0.7, 0.9))
    weights = np.exp(-ENERGIES / 0.9)
    final = rate_equation(hopping, np.eye(5)[3], [2000.0])[0]
    assert_law("Boltzmann on the sites", final, weights / weights.sum())


def test_hopping_at_infinite_temperature_is_that_of_white_noise():
    hot = thermal_rates.thermal_hopping_rate(CHANGES, 0.7, 1e12)
    assert_law("hopping rate", hot, exact.hopping_rate(CHANGES, 0.7), 1e-9)
    energies = frenkel.site_energies(50, 1.0, rng=1)
    low, _ = exact.diffusion_constant_bounds(energies, 0.7)
    assert_law("D_s", ring_hopping.thermal_diffusion_constant(energies, 0.7, 1e12), low, 1e-9)
    many = frenkel.site_energies(40_000, 1.0, rng=2)
    expected = exact.strong_dephasing_constant(2.0, 1.0)
    found = ring_hopping.thermal_diffusion_constant(many, 2.0, 1e12)
    error = (
        np.sqrt(12 / 40_000) / 6
    )  # of the mean δε²: variance 8, and 4 as neighbors share a site; Γ² + 2 = 6
    assert abs(found / expected - 1) < 4 * error


def test_redfield_of_a_detuned_dimer_is_hopping():
    """For J ≪ |δ| and Γ ≪ |δ| both are 2C/δ², up to the mixing (2J/δ)² and the (Γ/δ)² of the broadening."""
    for kT in (3.0, 30.0, 1e6):
        dimer = frenkel.hamiltonian(frenkel.chain(2), [40.0, 0.0])
        _, rates = thermal_rates.redfield_rates(dimer, dephasing=0.01, thermal_energy=kT)
        for rate, change in ((rates[0, 1], -40.0), (rates[1, 0], 40.0)):
            # the gap of the eigenstates is larger than δ by 2J²/δ = 0.05, which shifts an uphill rate
            allowed = 4 / 40**2 + 0.05 / kT + 0.05 / 40
            assert_law("rate", thermal_rates.thermal_hopping_rate(change, 0.01, kT) / rate, 1, allowed)


@pytest.mark.slow
def test_redfield_at_infinite_temperature_is_the_secular_master_equation():
    """Error of first order in Γ over the gaps: a tenth of Γ makes it ten times smaller."""
    energies, states = np.linalg.eigh(H)
    start, errors = np.outer(states[:, 1], states[:, 1]), []
    for dephasing in (1e-2, 1e-3):
        times = np.array([0.3, 1.0, 3.0]) / dephasing
        full = frenkel.evolve_density(H, start, times, dephasing=dephasing)
        of_states = populations(states.T @ full @ states)
        _, rates = thermal_rates.redfield_rates(H, dephasing=dephasing, thermal_energy=1e9)
        errors.append(np.abs(rate_equation(rates, np.eye(5)[1], times) - of_states).max())
    assert errors[0] < 1e-2 and errors[1] < errors[0] / 5, f"not the secular limit: {errors}"
    assert energies.shape == (5,)


def test_redfield_equals_qutip():
    """Bloch-Redfield tensor of QuTiP, secular, with the same spectrum at every site."""
    dephasing, kT = 0.05, 0.8

    def spectrum(w):
        w = np.asarray(w, dtype=float)
        safe = np.where(w == 0, 1.0, w)
        return dephasing * np.where(w == 0, 1.0, safe / kT / (1 - np.exp(-safe / kT)))

    operators = [[qutip.basis(5, n).proj(), spectrum] for n in range(5)]
    times = np.array([0.0, 5.0, 40.0])
    energies, states = np.linalg.eigh(H)
    modes = [qutip.Qobj(states[:, j]) for j in range(5)]
    run = qutip.brmesolve(
        qutip.Qobj(H), modes[4], times, operators, e_ops=[mode.proj() for mode in modes], sec_cutoff=1e-4,
        options={"atol": 1e-11, "rtol": 1e-9, "progress_bar": ""},
    )  # fmt: skip
    _, rates = thermal_rates.redfield_rates(H, dephasing=dephasing, thermal_energy=kT)
    found = rate_equation(rates, np.eye(5)[4], times)
    assert_law("populations of eigenstates", found.T, np.array(run.expect), CONVERGED)
    assert energies[4] == energies.max()


@pytest.mark.parametrize("thermal_energy", [0.4, 2.0])
def test_diffusion_constant_equals_the_curvature_of_a_dispersion(thermal_energy):
    """On an endless chain of this period the slowest decay rate of a wave of populations is D_s q²."""
    rates = ring_rates(ENERGIES, lambda gap: thermal_rates.thermal_hopping_rate(gap, 0.7, thermal_energy))
    generator = rates - np.diag(rates.sum(axis=0))

    def decay(q):
        twisted = generator.astype(complex)
        twisted[0, 4] *= np.exp(-5j * q)
        twisted[4, 0] *= np.exp(5j * q)
        return -np.linalg.eigvals(twisted).real.max()

    q = 1e-2
    expected = (16 * decay(q) - decay(2 * q)) / (12 * q**2)  # the q⁴ term is out
    found = ring_hopping.thermal_diffusion_constant(ENERGIES, 0.7, thermal_energy)
    assert_law("D_s", found / expected, 1, 1e-6)


def test_cold_disordered_ring_freezes():
    energies = frenkel.site_energies(2000, 1.0, rng=3)
    found = [ring_hopping.thermal_diffusion_constant(energies, 1.0, kT) for kT in (1e3, 2.0, 1.0, 0.5, 1e-3)]
    assert (np.diff(found) < 0).all() and found[-1] >= 0
    flat = [ring_hopping.thermal_diffusion_constant(np.zeros(5), 1.0, kT) for kT in (1e-3, 1.0, 1e3)]
    assert_law("without disorder there is no hill", flat, 2.0)


def test_marcus_is_fastest_downhill_by_the_reorganization_energy():
    changes = np.linspace(-8, 4, 1201)
    assert_law("inverted region", changes[thermal_rates.marcus_rate(changes, 3.0, 0.5).argmax()], -3.0, 1e-9)
    area = np.trapezoid(thermal_rates.marcus_rate(changes, 2.0, 0.1), changes)
    assert_law("golden rule: ∫k dδ = 2πJ²", area, 2 * np.pi, CONVERGED)


def test_stack_equals_loop():
    rings = frenkel.site_energies(30, 1.0, rng=4, shape=(2, 3))
    found = ring_hopping.thermal_diffusion_constant(rings, 1.0, 0.7)
    assert found.shape == (2, 3)
    assert_law("stack", found[1, 2], ring_hopping.thermal_diffusion_constant(rings[1, 2], 1.0, 0.7), EXACT)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: thermal_rates.thermal_hopping_rate(1.0, 0.0, 1.0), "dephasing"),
        (lambda: thermal_rates.thermal_hopping_rate(1.0, 1.0, 0.0), "thermal_energy"),
        (lambda: thermal_rates.marcus_rate(1.0, 0.0, 1.0), "reorganization_energy"),
        (lambda: thermal_rates.redfield_rates(H, dephasing=-1.0, thermal_energy=1.0), "dephasing"),
        (lambda: ring_hopping.ring_diffusion_constant(1.0, [1.0]), "site_energies"),
        (lambda: ring_hopping.ring_diffusion_constant([1.0, 2.0], [1.0, 0.0]), "forward_rates"),
    ],
)
def test_bad_arguments_are_named(call, named):
    with pytest.raises(ValueError, match=f"Argument `{named}` must be .*, but is"):
        call()
