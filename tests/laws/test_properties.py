"""Conservation laws and symmetries for what Hypothesis thinks of: matrices, states, noise, disorder."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law, rate_equation
from conftest import CONVERGED, EXACT
from frenkel import exact
from frenkel.motion import colored_noise, thermal_rates, traps
from frenkel.states import levels, localization, spectra, superradiance
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps
from scipy.sparse import csr_array

settings.register_profile("laws", max_examples=40, deadline=None, derandomize=True, database=None)
laws = settings.get_profile("laws")
size = st.integers(1, 5)
number = st.floats(-3, 3, allow_subnormal=False)
rate = st.floats(0, 20, allow_subnormal=False)
positive = st.floats(0.01, 20)
moments = st.lists(st.floats(0, 8), min_size=2, max_size=4, unique=True).map(
    lambda t: 1e-3 * np.arange(len(t)) + np.sort(t)
)


def arrays(*shape):
    return nps.arrays(float, shape, elements=number)


@st.composite
def matrices(draw, n=None):
    n = draw(size) if n is None else n
    A = draw(arrays(n, n)) + 1j * draw(st.sampled_from([0.0, 1.0])) * draw(arrays(n, n))
    return A + A.conj().T


@st.composite
def states(draw, n):
    psi = draw(arrays(n)) + 1j * draw(arrays(n))
    psi[draw(st.integers(0, n - 1))] += 4
    return psi / np.linalg.norm(psi)


@st.composite
def systems(draw):
    """A Hamiltonian, a density matrix, times and a dephasing."""
    H = draw(matrices())
    n = len(H)
    first, second, share = draw(states(n)), draw(states(n)), draw(st.floats(0, 1))
    rho = share * np.outer(first, first.conj()) + (1 - share) * np.outer(second, second.conj())
    return H, rho, draw(moments), draw(rate)


@laws
@given(system=systems(), sparse=st.booleans())
def test_states_stay_states(system, sparse):
    H, rho0, times, dephasing = system
    rho = frenkel.evolve_density(csr_array(H) if sparse and H.any() else H, rho0, times, dephasing=dephasing)
    assert_law("trace", np.trace(rho, axis1=-2, axis2=-1), 1)
    assert_law("Hermitian", rho, rho.conj().swapaxes(-1, -2))
    assert np.linalg.eigvalsh(rho).min() >= -EXACT, "not positive"
    purity = np.einsum("tnm,tmn->t", rho, rho).real
    assert (np.diff(purity) <= EXACT).all(), "purity grows"
    if dephasing == 0:
        energy = np.einsum("tnm,mn->t", rho, H).real
        assert_law("energy", energy, energy[0], EXACT * 100)


@laws
@given(system=systems(), order=st.randoms(use_true_random=False), shift=number, phases=arrays(5))
def test_names_and_phases_of_sites_and_the_zero_of_energy_are_free(system, order, shift, phases):
    H, rho0, times, dephasing = system
    n = len(H)
    other = list(range(n))
    order.shuffle(other)
    turn = np.exp(1j * phases[:n])
    U = np.diag(turn)[other]
    changed = U @ H @ U.conj().T + shift * np.eye(n)
    rho = frenkel.evolve_density(H, rho0, times, dephasing=dephasing)
    image = frenkel.evolve_density((changed + changed.conj().T) / 2, U @ rho0 @ U.conj().T, times,
                                   dephasing=dephasing)  # fmt: skip
    assert_law("symmetry", image, U @ rho @ U.conj().T, CONVERGED)


@laws
@given(H=matrices(), data=st.data(), times=moments)
def test_wavefunctions_keep_norms_and_overlaps_and_go_back(H, data, times):
    first, second = data.draw(states(len(H))), data.draw(states(len(H)))
    there = frenkel.evolve_state(H, np.stack([first, second]), times)
    overlap = np.einsum("tn,tn->t", there[:, 0].conj(), there[:, 1])
    assert_law("norm", np.linalg.norm(there, axis=-1), 1)
    assert_law("overlap", overlap, np.vdot(first, second))
    if times[-1] > 0:
        back = frenkel.evolve_state(-H, there[-1] / np.linalg.norm(there[-1], axis=-1)[:, None], [times[-1]])[
            0
        ]
        assert_law("there and back", back, [first, second], 1e-8)


@settings(laws, max_examples=15)
@given(H=matrices(), data=st.data(), dephasing=positive, seed=st.integers(0, 99))
def test_trajectories_keep_their_norm_and_repeat(H, data, dephasing, seed):
    psi0 = data.draw(states(len(H)))
    options = {"n_trajectories": 3, "rng": seed}
    for kind in (H, csr_array(H) if H.any() else H):
        white = frenkel.trajectories(kind, psi0, [0.0, 0.2], dephasing=dephasing, **options)
        colored = frenkel.colored_trajectories(
            kind, psi0, [0.0, 0.2], amplitude=dephasing, correlation_time=0.3, **options
        )
        for psi in (white, colored):
            assert_law("norm", np.linalg.norm(psi, axis=-1), 1)
            assert_law("start", psi[:, 0], psi0)
    again = frenkel.trajectories(H, psi0, [0.0, 0.2], dephasing=dephasing, **options)
    first = frenkel.trajectories(H, psi0, [0.0, 0.2], dephasing=dephasing, **options)
    assert np.array_equal(first, again), "a seed does not repeat"


around = pytest.mark.filterwarnings("ignore:Coherences reach:frenkel.ConvergenceWarning")


@pytest.mark.slow
@around
@settings(laws, max_examples=25)
@given(energies=st.integers(1, 12).flatmap(arrays), dephasing=st.floats(0.5, 20), turn=st.integers(0, 12))
def test_diffusion_of_any_ring(energies, dephasing, turn):
    """Between its bounds, the same from wherever one counts and in a mirror; D_s Γ rises and D_s/Γ falls."""
    rates = dephasing * np.array([1.0, 1.3])
    D = frenkel.diffusion_constant(energies, rates, tolerance=1e-8)
    low, high = exact.diffusion_constant_bounds(energies, rates)
    assert (low <= D * (1 + CONVERGED)).all() and (D <= high * (1 + CONVERGED)).all()
    assert D[0] * rates[0] <= D[1] * rates[1] * (1 + CONVERGED)
    assert D[0] / rates[0] >= D[1] / rates[1] * (1 - CONVERGED)
    for other in (np.roll(energies, turn), energies[::-1], -energies, np.tile(energies, 2), energies + 7):
        changed = frenkel.diffusion_constant(other, rates, tolerance=1e-8)
        assert_law("symmetry of D_s", changed / D, 1, CONVERGED)
    times = np.array([0.0, 0.3, 2.0])
    curve = frenkel.diffusivity(energies, dephasing, times, tolerance=1e-8)
    assert (curve <= exact.clean_diffusivity(times, dephasing) + CONVERGED).all(), "faster than a clean ring"
    assert_law(
        "mirror", frenkel.diffusivity(energies[::-1], dephasing, times, tolerance=1e-8), curve, CONVERGED
    )


@around
@settings(laws, max_examples=8)
@given(energies=arrays(12), dephasing=st.floats(2, 20))
def test_diffusion_of_any_lattice(energies, dephasing):
    """Exchanging the axes exchanges the diffusion constants; neither exceeds that of the clean lattice."""
    lattice, other = frenkel.square(3, 4), frenkel.square(4, 3)
    D = [frenkel.lattice_diffusion_constant(lattice, energies, dephasing, axis=axis) for axis in (0, 1)]
    turned = energies.reshape(3, 4).T.ravel()
    T = [frenkel.lattice_diffusion_constant(other, turned, dephasing, axis=axis) for axis in (1, 0)]
    assert_law("axes", np.divide(T, D), 1, 1e-6)
    assert max(D) <= 2 / dephasing * (1 + CONVERGED) and min(D) > 0


@pytest.mark.slow
@laws
@given(H=matrices(), data=st.data(), dephasing=rate, loss=positive, trap=positive)
def test_what_is_not_trapped_is_lost(H, data, dephasing, loss, trap):
    n = len(H)
    rates = np.zeros(n)
    rates[data.draw(st.integers(0, n - 1))] = trap
    start = data.draw(st.integers(0, n - 1))
    options = {"dephasing": dephasing, "traps": rates, "loss_rate": loss}
    efficiency = traps.transfer_efficiency(H, start, **options)
    assert -EXACT <= efficiency <= trap / (trap + loss) + EXACT, "more than a trap at the start would get"
    populated, trapped = traps.transfer_populations(H, start, [0.5, 30 / loss], **options)
    assert populated.min() >= -EXACT and (populated.sum(axis=1) + trapped <= 1 + EXACT).all()
    assert_law("in the end", trapped[-1], efficiency, 1e-8)


@laws
@given(H=matrices(), dephasing=positive, kT=st.floats(0.2, 50), data=st.data())
def test_baths_lead_to_boltzmann(H, dephasing, kT, data):
    energies, rates = thermal_rates.redfield_rates(H, dephasing=dephasing, thermal_energy=kT)
    weights = np.exp(-(energies - energies[0]) / kT)
    flow = rates * weights
    assert_law("detailed balance", flow, flow.T, EXACT * (1 + flow.max()))
    start = data.draw(st.integers(0, len(H) - 1))
    p = rate_equation(rates, np.eye(len(H))[start], [0.0, 0.7, 9.0])
    assert_law("sum", p.sum(axis=1), 1)
    assert p.min() >= -EXACT
    rho = superradiance.thermal_state(H, kT)
    assert_law("Boltzmann", H @ rho, rho @ H, 1e-9)
    assert_law("trace", np.trace(rho).real, 1)
    assert 1 - EXACT <= superradiance.coherence_number(np.eye(len(H)) / len(H)) <= 1 + EXACT


@laws
@given(energies=st.integers(3, 9).flatmap(arrays), energy=st.floats(-1.9, 1.9))
def test_levels_and_transmission_of_any_chain(energies, energy):
    H = frenkel.hamiltonian(frenkel.chain(len(energies)), energies)
    found = np.linalg.eigvalsh(H)
    below = levels.integrated_density_of_states(energy, energies)
    unsure = (np.abs(found - energy) < 1e-9).sum() / len(found)
    assert abs(below - (found < energy).mean()) <= unsure + EXACT
    there, back = (localization.transmission(energy, e) for e in (energies, energies[::-1]))
    assert 0 < there <= 1
    assert_law("reciprocity", there, back)
    ratio = localization.participation_ratio(np.linalg.eigh(H)[1].T)
    assert (ratio >= 1 - EXACT).all() and (ratio <= len(energies) + EXACT).all()
    assert 0 <= levels.level_spacing_ratio(found) <= 1


@laws
@given(H=matrices(), dipoles=arrays(5), dephasing=positive)
def test_light_is_only_shared_out(H, dipoles, dephasing):
    dipoles = dipoles[: len(H)]
    energies, strengths = spectra.oscillator_strengths(H, dipoles)
    assert (strengths >= -EXACT).all()
    assert_law("sum rule", strengths.sum(), (dipoles**2).sum(), 1e-9)
    first = np.einsum("n,nm,m->", dipoles, H, dipoles).real
    assert_law("first moment", strengths @ energies, first, 1e-8)
    line = frenkel.absorption_spectrum(H, [-1.0, 0.0, 1.0], dephasing=dephasing, dipoles=dipoles)
    assert (line >= -EXACT).all()


@laws
@given(sigma=rate, tau=positive, times=moments)
def test_coherences_only_decay(sigma, tau, times):
    decay = colored_noise.kubo_coherence(times, amplitude=sigma, correlation_time=tau)
    assert (decay <= 1).all() and (np.diff(decay) <= EXACT).all()
    p = exact.dimer_population(times, sigma)
    assert (p >= -EXACT).all() and (p <= 1 + EXACT).all()


@laws
@given(n=st.integers(3, 6), m=st.integers(3, 6), periodic=st.booleans())
def test_displacements_there_and_back_add_up_to_nothing(n, m, periodic):
    lattice = frenkel.square(n, m, periodic=periodic)
    away = np.array([frenkel.displacements(lattice, origin) for origin in range(n * m)])
    total = away + away.swapaxes(0, 1)
    half = np.array([n, m])
    assert ((total == 0) | (periodic & (total == half))).all(), "there and back differ by more than a period"
