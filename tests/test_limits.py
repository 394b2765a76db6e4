"""Closed forms against engines, engines against each other, QuTiP and SciPy as outsiders."""

import itertools

import frenkel
import numpy as np
import pytest
import qutip
import scipy.constants
import scipy.special
from conftest import CONVERGED, EXACT
from frenkel import exact, units
from frenkel._engines import chebyshev, continued_fraction, ring_operators
from frenkel.motion import traps
from frenkel.motion.disordered_chains import evolve_chains
from frenkel.motion.ring_frequencies import diffusion_constant_from_spectrum
from laws import assert_law, populations
from scipy.linalg import expm
from scipy.sparse import csr_array

TIMES = np.array([0.0, 0.3, 1.1, 2.5, 4.0])


def liouvillian(H, dephasing):
    """d vec(ρ)/dt for row-major vec, written down from the master equation."""
    eye = np.eye(len(H))
    coherent = -1j * (np.kron(H, eye) - np.kron(eye, H.T))
    return coherent - dephasing * np.diag(1 - eye.ravel())


def by_expm(H, start, times, dephasing):
    L = liouvillian(H, dephasing)
    return populations(np.array([(expm(L * t) @ start.ravel()).reshape(H.shape) for t in times]))


def by_qutip(H, start, times, dephasing):
    basis = [qutip.basis(len(H), n).proj() for n in range(len(H))]
    noise = [np.sqrt(dephasing) * site for site in basis] if dephasing else []
    options = {"atol": 1e-11, "rtol": 1e-9, "nsteps": 100_000, "progress_bar": ""}
    state = qutip.Qobj(start if noise else np.sqrt(start.diagonal()))
    run = qutip.mesolve(qutip.Qobj(H), state, times, noise, e_ops=basis, options=options)
    return np.array(run.expect).T


def by_density(H, start, times, dephasing):
    return populations(frenkel.evolve_density(H, start, times, dephasing=dephasing))


def by_sparse_density(H, start, times, dephasing):
    return by_density(csr_array(H), start, times, dephasing)


def by_wavefunction(H, start, times, dephasing):
    return abs(frenkel.evolve_state(H, np.sqrt(start.diagonal()), times)) ** 2


def by_sparse_wavefunction(H, start, times, dephasing):
    return by_wavefunction(csr_array(H), start, times, dephasing)


def by_chains(H, start, times, dephasing):
    return abs(evolve_chains(H.diagonal()[None], np.sqrt(start.diagonal()), times)[:, 0]) ** 2


def by_transfer(H, start, times, dephasing):
    """With a loss so slow that nothing is lost."""
    options = {"dephasing": dephasing, "traps": np.zeros(len(H)), "loss_rate": 1e-13}
    return traps.transfer_populations(H, start, times, **options)[0]


def by_trajectories(H, start, times, dephasing):
    psi = frenkel.trajectories(
        H, np.sqrt(start.diagonal()), times, dephasing=dephasing, n_trajectories=2000, rng=1
    )
    return abs(psi) ** 2


def by_colored_trajectories(H, start, times, dephasing):
    """Noise that forgets at once: Γ = 2σ²τ."""
    tau = 1e-5
    noise = {"amplitude": np.sqrt(dephasing / (2 * tau)), "correlation_time": tau}
    psi0 = np.sqrt(start.diagonal())
    psi = frenkel.colored_trajectories(H, psi0, times, **noise, n_trajectories=2000, rng=1)
    return abs(psi) ** 2


def of_dimer(dephasing):
    first = exact.dimer_population(TIMES, dephasing)
    return np.stack([first, 1 - first], axis=-1)


def of_detuned_dimer(detuning):
    frequency = np.sqrt(4 + detuning**2)
    second = 4 / frequency**2 * np.sin(frequency * TIMES / 2) ** 2
    return np.stack([1 - second, second], axis=-1)


def of_triangle():
    stay = (5 + 4 * np.cos(3 * TIMES)) / 9
    return np.stack([stay, (1 - stay) / 2, (1 - stay) / 2], axis=-1)


def of_long_chain():
    return exact.bessel_populations(np.arange(51) - 25, TIMES[:, None])


DISORDERED = np.array([0.8, -1.1, 0.3, 1.7, -0.4])
# name: (lattice, site energies, dephasing, first site, what gives populations (t, n), or None: SciPy's expm)
SYSTEMS = {
    "dimer": (frenkel.chain(2), 0.0, 0.0, 0, lambda: of_dimer(0.0)),
    "underdamped dimer": (frenkel.chain(2), 0.0, 0.5, 0, lambda: of_dimer(0.5)),
    "critical dimer": (frenkel.chain(2), 0.0, 4.0, 0, lambda: of_dimer(4.0)),
    "overdamped dimer": (frenkel.chain(2), 0.0, 9.0, 0, lambda: of_dimer(9.0)),
    "detuned dimer": (frenkel.chain(2), [1.5, 0.0], 0.0, 0, lambda: of_detuned_dimer(1.5)),
    "triangle": (frenkel.ring(3), 0.0, 0.0, 0, of_triangle),
    "long chain": (frenkel.chain(51), 0.0, 0.0, 25, of_long_chain),
    "disordered ring": (frenkel.ring(5), DISORDERED, 0.7, 1, None),
    "disordered chain": (frenkel.chain(5), DISORDERED, 3.0, 4, None),
    "plane": (frenkel.square(3), 0.3 * np.arange(9.0), 0.4, 4, None),
}
OWN = {
    "density": by_density,
    "sparse density": by_sparse_density,
    "wavefunction": by_wavefunction,
    "sparse wavefunction": by_sparse_wavefunction,
    "chains": by_chains,
    "transfer": by_transfer,
}
OUTSIDERS = {"expm": by_expm, "QuTiP": by_qutip}
COHERENT = {"wavefunction", "sparse wavefunction", "chains"}  # they know no noise
NO_LONG_CHAIN = {"expm", "transfer"}  # a Liouvillian of 2601 by 2601
CASES = [
    (engine, system)
    for system, (lattice, _, dephasing, _, _) in SYSTEMS.items()
    for engine in OWN | OUTSIDERS
    if not (engine in COHERENT and dephasing)
    and not (engine in NO_LONG_CHAIN and lattice.n_sites > 10)
    and not (engine == "chains" and len(lattice.bonds) >= lattice.n_sites)
]


def prepare(system):
    lattice, energies, dephasing, first, solution = SYSTEMS[system]
    H = frenkel.hamiltonian(lattice, energies)
    start = np.diag(np.eye(lattice.n_sites)[first])
    expected = by_expm(H, start, TIMES, dephasing) if solution is None else solution()
    return (H, start, TIMES, dephasing), expected


@pytest.mark.parametrize(("engine", "system"), CASES)
def test_solvable_system(engine, system):
    arguments, expected = prepare(system)
    assert_law(
        f"{system} differs from its solution by {engine}",
        (OWN | OUTSIDERS)[engine](*arguments),
        expected,
        EXACT if engine in OWN else CONVERGED,
    )


@pytest.mark.parametrize("offset", [0.0, 2.5])
def test_amplitudes_equal_those_of_expm(offset):
    """With their phases, global one included, for a complex H."""
    rng = np.random.default_rng(3)
    A = rng.normal(size=(5, 5)) + 1j * rng.normal(size=(5, 5))
    H, psi0 = (A + A.conj().T) / 2 + offset * np.eye(5), rng.normal(size=5) + 1j * rng.normal(size=5)
    psi0 /= np.linalg.norm(psi0)
    expected = [expm(-1j * H * t) @ psi0 for t in TIMES]
    assert_law("ψ(t) is not exp(-iHt) ψ(0)", frenkel.evolve_state(H, psi0, TIMES), expected)
    rho = frenkel.evolve_density(H, np.outer(psi0, psi0.conj()), TIMES, dephasing=0.8)
    start = np.outer(psi0, psi0.conj()).ravel()
    expected = [(expm(liouvillian(H, 0.8) * t) @ start).reshape(5, 5) for t in TIMES]
    assert_law("ρ(t) is not exp(Lt) ρ(0)", rho, expected)


SAMPLED = {"white": by_trajectories, "colored": by_colored_trajectories}


@pytest.mark.parametrize("noise", SAMPLED)
@pytest.mark.parametrize("system", SYSTEMS)
def test_trajectories_average_to_the_solution(system, noise):
    arguments, expected = prepare(system)
    samples = SAMPLED[noise](*arguments)
    error = samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
    step = 1e-3 if arguments[-1] else EXACT  # what the default step may cost
    off = abs(samples.mean(axis=0) - expected) - step
    assert (off <= 4 * error).all(), (
        f"{system}: trajectories {(off / np.maximum(error, 1e-12)).max():.1f} SE off"
    )


class Quadrature(np.random.Generator):
    """A generator whose normal numbers run through Gauss-Hermite nodes: averages over it are exact."""

    def __init__(self, n_nodes, n_sites, n_kicks):
        super().__init__(np.random.PCG64(0))
        nodes, weights = np.polynomial.hermite_e.hermegauss(n_nodes)
        grid = np.stack(np.meshgrid(*[nodes] * (n_sites * n_kicks), indexing="ij"), -1)
        self.kicks = iter(grid.reshape(-1, n_kicks, n_sites).swapaxes(0, 1))
        weights = np.stack(np.meshgrid(*[weights] * (n_sites * n_kicks), indexing="ij"), -1)
        self.weights = weights.reshape(-1, n_sites * n_kicks).prod(axis=-1)
        self.weights /= self.weights.sum()

    def standard_normal(self, shape):
        return next(self.kicks).reshape(shape)


def averaged_step(H, psi0, dt, dephasing, n_nodes=7):
    """One step of `frenkel.trajectories`, averaged over its noise exactly: a density matrix."""
    noise = Quadrature(n_nodes, len(psi0), n_kicks=2)
    psi = frenkel.trajectories(
        H, psi0, [dt], dephasing=dephasing, n_trajectories=len(noise.weights), rng=noise, max_step=dt
    )[:, 0]
    assert next(noise.kicks, None) is None, "a step kicks twice"
    return np.einsum("m,mi,mj->ij", noise.weights, psi, psi.conj())


@pytest.mark.parametrize("dt", [0.05, 0.6])
def test_kick_is_the_root_of_dephasing_times_step(dt):
    """Without a Hamiltonian a coherence decays to exp(-Γ dt) in one step; kicks of √Γ dt give exp(-Γ dt²)."""
    psi0 = np.sqrt([0.5, 0.5])
    coherence = averaged_step(np.zeros((2, 2)), psi0, dt, 0.8, n_nodes=12)[0, 1]
    assert_law("a step does not dephase by exp(-Γ dt)", coherence, 0.5 * np.exp(-0.8 * dt))


def test_trajectory_step_is_of_second_order():
    """Halving dt divides the error of one step by 8, hence the error at a given time by 4."""
    H = frenkel.hamiltonian(frenkel.chain(2), [0.7, -0.7])
    psi0 = np.array([0.6, 0.8j])
    errors = []
    for dt in (0.08, 0.04, 0.02):
        truth = frenkel.evolve_density(H, np.outer(psi0, psi0.conj()), [dt], dephasing=0.9)[0]
        errors.append(np.abs(averaged_step(H, psi0, dt, 0.9) - truth).max())
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert (abs(orders - 3) < 0.1).all(), f"one step is of order {orders}, not 3"


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


# The band is grown further than these small rings reach around; that nothing gets there at the times asked
# for is what the comparison shows.
small_ring = pytest.mark.filterwarnings("ignore:Coherences reach:frenkel.ConvergenceWarning")


@small_ring
@pytest.mark.parametrize("dephasing", [0.0, 0.3, 6.0])
def test_velocity_engine_equals_master_equation(dephasing):
    energies = frenkel.site_energies(36, 1.0, rng=4)
    times = np.linspace(0, 3, 7)
    expected = ring_diffusivity(energies, times, lambda *at: frenkel.evolve_density(*at, dephasing=dephasing))
    D = frenkel.diffusivity(energies, dephasing, times, tolerance=1e-8)
    assert_law("D(t) of one operator differs from that of all starting sites", D, expected, CONVERGED)


@small_ring
def test_velocity_engine_equals_qutip():
    energies, times = frenkel.site_energies(26, 1.0, rng=8), np.linspace(0, 2, 5)

    def evolve(H, rho0, times):
        noise = [np.sqrt(0.5) * qutip.basis(len(H), n).proj() for n in range(len(H))]
        options = {"atol": 1e-10, "rtol": 1e-8, "store_states": True, "progress_bar": ""}
        run = qutip.mesolve(qutip.Qobj(H), qutip.Qobj(rho0), times, noise, options=options)
        return np.array([state.full() for state in run.states])

    D = frenkel.diffusivity(energies, 0.5, times, tolerance=1e-8)
    assert_law("D(t) differs from QuTiP's", D, ring_diffusivity(energies, times, evolve), CONVERGED)


@pytest.mark.parametrize("dephasing", [0.05, 0.5, 3.0])
def test_clean_ring_has_the_diffusivity_of_damped_ballistic_motion(dephasing):
    times = np.linspace(0, 30, 16)
    D = frenkel.diffusivity(np.zeros(200), dephasing, times)
    assert_law("D(t) of the clean ring", D, exact.clean_diffusivity(times, dephasing))
    assert_law("D_s of the clean ring", frenkel.diffusion_constant(np.zeros(200), dephasing), 2 / dephasing)
    assert_law("2t without dephasing", frenkel.diffusivity(np.zeros(200), 0.0, times), 2 * times)


@pytest.mark.parametrize("dephasing", [0.0, 0.4])
def test_clean_chain_spreads_as_the_closed_form(dephasing):
    lattice = frenkel.chain(61)
    rho = frenkel.evolve_density(
        frenkel.hamiltonian(lattice), np.diag(np.eye(61)[30]), TIMES, dephasing=dephasing
    )
    msd = frenkel.mean_squared_displacement(populations(rho), frenkel.displacements(lattice, 30))
    assert_law("MSD of the clean chain", msd, exact.clean_msd(TIMES, dephasing))


def test_clean_closed_forms_hang_together():
    """MSD = 2 ∫ D, also where it is a series in Γt, and MSD = Σ n² J_n(2t)² without noise."""
    times = np.linspace(0.5, 12, 9)
    n = np.arange(-60, 61)
    spread = (exact.bessel_populations(n, times[:, None]) * n**2).sum(axis=-1)
    assert_law("Σ n² J_n(2t)² is not 2t²", spread, exact.clean_msd(times))
    node, weight = np.polynomial.legendre.leggauss(40)
    for dephasing in (
        0.0,
        1e-5,
        0.9e-3 / times[-1],
        0.3,
        5.0,
    ):  # on both sides of where the series takes over
        inside = exact.clean_diffusivity(times[:, None] * (node + 1) / 2, dephasing)
        msd = exact.clean_msd(times, dephasing)
        assert_law("MSD is not 2 ∫ D", times * (inside @ weight) / msd, 1)


def dense_diffusion_constant(energies, dephasing):
    """D_s = (1/N) Tr[v† X] with i[H, X] + Γ (X - diag X) = v, all N² elements, in the gauge Tr X = 0."""
    n = len(energies)
    H = frenkel.hamiltonian(frenkel.ring(n), energies)
    hop = np.roll(np.eye(n), 1, axis=1)  # |n⟩⟨n+1|
    v = (1j * (hop - hop.T)).ravel()
    gauge = np.outer(np.eye(n), np.eye(n)) / n
    X = np.linalg.solve(gauge - liouvillian(H, dephasing), v)
    return (v.conj() @ X).real / n


@small_ring
@pytest.mark.parametrize("dephasing", [1.0, 4.0])
def test_diffusion_constant_equals_the_dense_solution(dephasing):
    energies = frenkel.site_energies(40, 1.0, rng=6)
    D = frenkel.diffusion_constant(energies, dephasing, tolerance=1e-7)
    assert_law(
        "D_s differs from the dense solution", D, dense_diffusion_constant(energies, dephasing), CONVERGED
    )


@pytest.mark.parametrize("dephasing", [0.5, 2.0])
def test_diffusivity_tends_to_the_diffusion_constant(dephasing):
    energies = np.tile(frenkel.site_energies(20, 1.0, rng=6), 5)  # a short period relaxes fast
    late = frenkel.diffusivity(energies, dephasing, [300.0], tolerance=1e-7)
    D = frenkel.diffusion_constant(energies, dephasing, tolerance=1e-7)
    assert_law("D(t → ∞) is not D_s", late, D, CONVERGED)


RINGS = np.random.default_rng(3).normal(0, 1, (4, 400)) * np.array([0.1, 0.5, 1, 2])[:, None]


def test_diffusion_constant_lies_between_its_closed_bounds():
    rates = np.geomspace(0.5, 100, 8)[:, None]
    D = frenkel.diffusion_constant(RINGS, rates)
    low, high = exact.diffusion_constant_bounds(RINGS, rates)
    assert (low <= D).all() and (D <= high).all(), "D_s leaves [2Γ/(Γ² + mean δε²), 2/Γ]"


def test_strong_dephasing_limit():
    """D_s → 2Γ/(Γ² + mean δε²) from above, with an error that falls as 1/Γ² of the answer or faster."""
    rates = np.array([20.0, 40.0, 80.0])[:, None]
    D = frenkel.diffusion_constant(RINGS, rates, tolerance=1e-9)
    excess = D / exact.diffusion_constant_bounds(RINGS, rates)[0] - 1
    assert (excess >= 0).all() and (excess[-1] < 1e-3).all(), f"the limit is missed by {excess}"
    assert (excess[:-1] / excess[1:] > 3.5).all(), f"the limit is not approached: {excess}"
    long = frenkel.site_energies(40_000, 1.0, rng=2)
    sampled, exactly = (
        exact.diffusion_constant_bounds(long, 5.0)[0],
        exact.strong_dephasing_constant(5.0, 1.0),
    )
    assert abs(sampled / exactly - 1) < 0.005, "⟨δε²⟩ is not 2Δ²"  # four standard errors of the mean of δε²


@pytest.mark.parametrize("disorder", [0.0, 0.5, 2.0, 7.0])
def test_strong_dephasing_constant_is_the_harmonic_mean_of_hopping_rates(disorder):
    """Differences of Gaussian energies are Gaussian, of variance 2Δ²; Gauss-Hermite averages 1/k exactly."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(4)
    resistances = 1 / exact.hopping_rate(np.sqrt(2) * disorder * nodes, 3.0)
    average = (weights * resistances).sum() / weights.sum()
    assert_law("resistances in series", exact.strong_dephasing_constant(3.0, disorder), 1 / average)


def test_bounds_of_rings_of_any_size():
    """High is 2/Γ for every ring; both are 2/Γ where nothing differs; by hand for three sites."""
    _, high = exact.diffusion_constant_bounds(RINGS, 0.7)
    assert_law("the upper bound is 2/Γ", high, np.full(len(RINGS), 2 / 0.7))
    assert_law("bounds of a single site", exact.diffusion_constant_bounds([3.0], 0.7), 2 / 0.7)
    assert_law("bounds of a clean ring", exact.diffusion_constant_bounds(np.zeros((2, 5)), 0.7), 2 / 0.7)
    by_hand = 2 * 0.7 / (0.49 + (1 + 4 + 9) / 3)  # differences 1, 2 and -3
    assert_law("lower bound of three sites", exact.diffusion_constant_bounds([0, 1, 3], 0.7)[0], by_hand)


def test_hopping_walk_has_the_strong_dephasing_constant():
    """A random walk with rates k has D = 1 / mean(1/k): resistances in series."""
    energies, dephasing = RINGS[2], 30.0
    rates = exact.hopping_rate(energies - np.roll(energies, -1), dephasing)
    walk = 1 / (1 / rates).mean()
    assert_law("harmonic mean", walk, exact.diffusion_constant_bounds(energies, dephasing)[0])


def test_ends_of_the_fraction_enclose_the_answer():
    """Gauss bounds rise, Gauss-Radau bounds fall, on a band that is kept fixed."""
    energies, rates = RINGS[2:3], np.array([0.3, 1.0, 5.0])
    alphas, betas, lows, highs = [], [], [], []
    for alpha, beta in ring_operators.levels(energies, 21, 20):
        alphas.append(np.repeat(alpha, 3))
        betas.append(np.repeat(beta, 3))
        if len(alphas) % 5 == 0:
            low, high = continued_fraction.fraction(rates, alphas, betas)
            lows.append(low)
            highs.append(high)
        if len(alphas) == 200:
            break
    assert (np.diff(lows, axis=0) >= -EXACT).all(), "lower bounds do not rise"
    assert (np.diff(highs, axis=0) <= EXACT).all(), "upper bounds do not fall"
    assert (np.array(lows) <= highs[-1] + EXACT).all() and (np.array(highs) >= lows[-1] - EXACT).all()
    assert_law("the bounds do not meet", lows[-1], highs[-1], CONVERGED)


def test_ends_enclose_the_answer_when_orthogonality_is_lost():
    """Rounding decides on (α_j, β_j) of high levels; both ends stay bounds of one and the same answer."""
    energies = RINGS[3, :60] * np.array([[1.0], [1 + 1e-15]])
    levels = itertools.islice(ring_operators.levels(energies, 21, 20), 500)
    alphas, betas = zip(*levels, strict=True)
    assert (np.abs(np.diff(alphas[-50:])) > 1e-3).any(), "the last digit of the energies changes nothing"
    rates = np.full(2, 0.1)
    ends = [continued_fraction.fraction(rates, alphas[:k], betas[:k]) for k in range(5, 501, 5)]
    low, high = np.array(ends).swapaxes(0, 1)
    assert_law("the bounds do not meet", low[-1] / high[-1, ::-1], 1)
    assert (low <= high[-1] * (1 + EXACT)).all() and (high >= low[-1] * (1 - EXACT)).all()
    assert (np.diff(low, axis=0) >= -EXACT).all() and (np.diff(high, axis=0) <= EXACT).all()


def test_first_elements_of_the_recursion():
    """α₁² is the mean of δε², and a uniform current is left over: the two elements one can do by hand."""
    alpha, beta = next(ring_operators.levels(RINGS, 3, 2))
    squares = ((RINGS - np.roll(RINGS, -1, axis=-1)) ** 2).mean(axis=-1)
    assert_law("α₁² is not mean δε²", alpha**2, squares)
    assert (beta > 0).all()


@pytest.mark.parametrize(
    ("band", "tolerance"), [(4, 1e-9), (5, 1e-9), (8, 1e-9), (9, 1e-9), (40, 0.3), (41, 0.3)]
)
def test_ends_of_the_band_enclose_the_answer(band, tolerance):
    """A short band, and a long one whose fraction is cut off early."""
    rates = np.array([0.7, 2.0])
    pairs = np.zeros(2, dtype=int), rates
    truth = frenkel.diffusion_constant(RINGS[2], rates, tolerance=1e-8)
    low = ring_operators.constant_at_band(RINGS[2:3], *pairs, tolerance, band + 1, band)[0]
    high = ring_operators.constant_at_band(RINGS[2:3], *pairs, tolerance, band, band + 1)[1]
    assert (low <= truth).all() and (truth <= high).all(), f"{truth} is not between {low} and {high}"


@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-5])
def test_asked_tolerance_is_met(tolerance):
    fine = frenkel.diffusion_constant(RINGS[1:], 0.5, tolerance=1e-8)
    coarse = frenkel.diffusion_constant(RINGS[1:], 0.5, tolerance=tolerance)
    assert_law("tolerance of D_s not met", coarse / fine, 1, tolerance)
    times = np.linspace(0, 12, 13)
    fine = frenkel.diffusivity(RINGS[1:], 0.5, times, tolerance=1e-8)
    coarse = frenkel.diffusivity(RINGS[1:], 0.5, times, tolerance=tolerance)
    assert_law("tolerance of D(t) not met", (coarse - fine) / fine.max(axis=-1, keepdims=True), 0, tolerance)


@pytest.mark.parametrize("damping", [0.0, 3.0, 200.0])
def test_propagator_equals_expm(damping):
    """Also where damping exceeds the bandwidth, and for times on both sides of a segment."""
    rng = np.random.default_rng(1)
    A = rng.normal(size=(8, 8)) + 1j * rng.normal(size=(8, 8))
    H, state = (A + A.conj().T) / 2, rng.normal(size=8) + 0j
    L = -1j * H - np.diag(damping * (np.arange(8) % 2))
    radius = np.linalg.norm(H, 2)
    times = np.array([0.0, 1e-6, 0.5, 30.0])

    def generator(x, out):
        out[...] = L @ x + damping / 2 * x

    got = chebyshev.propagate(generator, state, times, radius=radius, damping=damping)
    assert_law("exp(L t)", got, [expm(L * t) @ state for t in times])


@pytest.mark.parametrize("dephasing", [4.0, 4.000001, 30.0, 1e3, 1e6])
def test_overdamped_dimer_relaxes_at_four_over_the_dephasing(dephasing):
    """By the engine; and where cosh overflows and exp(-Γt/2) underflows only their product is left."""
    times = np.array([0.3, 1.0]) * min(1, 1e4 / dephasing)
    H = frenkel.hamiltonian(frenkel.chain(2))
    rho = frenkel.evolve_density(H, np.diag([1.0, 0.0]), times, dephasing=dephasing)
    assert_law("P₁", rho[:, 0, 0].real, exact.dimer_population(times, dephasing))
    late = exact.dimer_population(dephasing, dephasing)
    rate = dephasing / 2 - np.sqrt(dephasing**2 / 4 - 4) if dephasing < 1e3 else 4 / dephasing
    if dephasing > 5:
        share = (1 + 1 / np.sqrt(1 - 16 / dephasing**2)) / 2
        assert_law("overdamped", late, (1 + share * np.exp(-rate * dephasing)) / 2, 1e-6)


def test_bessel_functions_equal_those_of_scipy():
    x = np.array([0.0, 1e-3, 0.7, 5.0, 64.0])
    orders = np.arange(110)
    ours, reference = chebyshev.bessel_functions(x, 110), scipy.special.jv(orders[:, None], x)
    assert_law("J_k(x)", ours, reference, 1e-14)
    tail = (orders[:, None] > x + 1) & (reference > 1e-280)
    assert_law("J_k(x) relative to itself beyond k = x", ours[tail] / reference[tail], 1)


def test_units_are_those_of_scipy():
    c = scipy.constants
    for name, value in [
        ("ELEMENTARY_CHARGE", c.e),
        ("HBAR", c.hbar),
        ("BOLTZMANN", c.k),
        ("SPEED_OF_LIGHT", c.c),
        ("VACUUM_PERMITTIVITY", c.epsilon_0),
    ]:
        assert_law(name, getattr(units, name) / value, 1, 1e-9)
    mev = c.e / 1000
    assert_law("ps of one ħ/J", units.time_to_ps(1.0, 40.0) / (c.hbar / (40 * mev) * 1e12), 1)
    assert_law(
        "cm²/s of one J a²/ħ",
        units.diffusivity_to_cm2_per_s(1.0, 40.0, 9.9) / (40 * mev * 9.9e-9**2 / c.hbar * 1e4),
        1,
    )
    assert_law("k_B T", units.thermal_energy(300.0) / (c.k * 300 / mev), 1)
    assert_law("there and back", units.time_from_ps(units.time_to_ps(3.0, 23.0), 23.0), 3.0)
    back = units.diffusivity_from_cm2_per_s(units.diffusivity_to_cm2_per_s(3.0, 23.0, 10.0), 23.0, 10.0)
    assert_law("there and back", back, 3.0)


def test_step_length_is_one_site_where_the_interpolation_is_the_answer():
    strength = 2 * 0.7 / (0.7**2 + 1.3**2)
    assert_law("D_s of the interpolation", frenkel.coherence_length(9 * strength, 0.7, 1.3), 3)


def test_first_maximum_of_a_parabola_on_a_coarse_grid():
    """Three points determine a parabola: its top is found exactly, however far from a grid point."""
    times = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    for top in (1.2, 1.45, 2.3):
        maximum = frenkel.first_maximum(times, 7.0 - 1.5 * (times - top) ** 2)
        assert_law("D_max, t_max", maximum, (7.0, top))


def test_mean_squared_displacement_by_hand():
    """0.1 · 1 + 0.7 · 9 along a line; 0.1 · 2 + 0.7 · 25 in a plane."""
    populations = [0.1, 0.2, 0.7]
    assert_law("MSD on a line", frenkel.mean_squared_displacement(populations, [-1.0, 0.0, 3.0]), 6.4)
    plane = [[-1.0, 1.0], [0.0, 0.0], [3.0, -4.0]]
    assert_law("MSD in a plane", frenkel.mean_squared_displacement(populations, plane), 17.7)


def test_first_maximum_and_coherence_length_of_a_known_curve():
    times = np.linspace(0, 8, 4001)
    curve = np.exp(-0.5 * times) * np.sin(times)
    t_max = np.arctan(2)
    d_max = np.exp(-0.5 * t_max) * np.sin(t_max)
    assert_law("D_max, t_max", frenkel.first_maximum(times, curve), (d_max, t_max), CONVERGED)
    integral = (1 - np.exp(-0.5 * t_max) * (0.5 * np.sin(t_max) + np.cos(t_max))) / 1.25
    assert_law("L₀", frenkel.coherence_length_bound(times, curve), np.sqrt(integral), CONVERGED)
    msd = 3.0 + times**2
    assert_law("½ dMSD/dt", frenkel.diffusivity_from_msd(times, msd), times)


def test_a_curve_that_falls_below_zero_first_has_no_coherence_length():
    with pytest.raises(ValueError, match="Argument `diffusivity` must be a curve whose integral"):
        frenkel.coherence_length_bound([0.0, 1.0, 2.0], [-5.0, 1.0, 0.0])


def test_weak_disorder_localization_length_at_a_point():
    assert_law("ξ(E)", exact.weak_disorder_localization_length([0.5, -1.0], 0.2), [187.5, 150.0])


def test_spectrum_of_the_current_gives_the_diffusion_constant():
    """A handful of frequencies bounds D_s from below, and all of them give it."""
    rates = np.array([0.5, 1.0, 5.0])[:, None]
    truth = frenkel.diffusion_constant(RINGS[2], rates[:, 0], tolerance=1e-9)
    mixtures = []
    for n_levels in (1, 6, 60):
        frequencies, weights = frenkel.current_spectrum(RINGS[2], n_levels=n_levels)
        assert weights.sum() == pytest.approx(1, abs=EXACT)
        mixtures.append(diffusion_constant_from_spectrum(frequencies, weights, rates[:, 0]))
        terms = 2 * weights * rates / (rates**2 + frequencies**2)
        assert mixtures[-1] == pytest.approx(terms.sum(axis=-1), rel=EXACT)
    assert (mixtures[0] <= mixtures[1]).all() and (mixtures[1] <= truth * (1 + CONVERGED)).all()
    low, _ = exact.diffusion_constant_bounds(RINGS[2], rates[:, 0])
    assert mixtures[0] == pytest.approx(low, rel=EXACT)
    assert mixtures[2] == pytest.approx(truth, rel=CONVERGED)
