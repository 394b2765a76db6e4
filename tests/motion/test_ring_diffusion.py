"""D(t) and D_s on rings against closed forms, dense solutions and their own bounds."""

import itertools

import frenkel
import numpy as np
import pytest
import qutip
from assertions import assert_law, populations
from conftest import CONVERGED, EXACT
from frenkel import exact
from frenkel._engines import continued_fraction, ring_operators
from frenkel.motion.ring_frequencies import diffusion_constant_from_spectrum
from references import dense_diffusion_constant, ring_diffusivity

TIMES = np.array([0.0, 0.3, 1.1, 2.5, 4.0])


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


@pytest.mark.slow
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


@small_ring
@pytest.mark.parametrize("dephasing", [1.0, 4.0])
def test_diffusion_constant_equals_the_dense_solution(dephasing):
    energies = frenkel.site_energies(40, 1.0, rng=6)
    D = frenkel.diffusion_constant(energies, dephasing, tolerance=1e-7)
    assert_law(
        "D_s differs from the dense solution", D, dense_diffusion_constant(energies, dephasing), CONVERGED
    )


@pytest.mark.slow
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


def test_an_unending_fraction_is_between_its_ends_and_nearer_to_the_answer():
    """And beyond a few levels it is right, with noise enough or without disorder."""
    energies, rates = frenkel.site_energies(200, 0.6, rng=3, shape=(2,)), np.array([0.03, 0.06, 0.3])
    levels = itertools.islice(ring_operators.levels(energies, 80, 81), 40)
    alphas, betas = (np.stack(column) for column in zip(*levels, strict=True))
    low, high = (
        np.stack(end, axis=1)
        for end in zip(
            *(
                continued_fraction.fraction(rates, [*alphas[:, [ring] * 3]], [*betas[:, [ring] * 3]])
                for ring in (0, 1)
            ),
            strict=True,
        )
    )
    estimate = ring_operators.estimated_constant(energies, rates, 40)
    assert (low < estimate).all() and (estimate < high).all()
    truth = frenkel.diffusion_constant(energies, rates[:, None], tolerance=1e-4)
    off = np.abs(estimate / truth - 1)
    assert (off < 0.3 * np.minimum(1 - low / truth, high / truth - 1) + 1e-4).all(), off
    assert off[2].max() < 1e-3
    clean = ring_operators.estimated_constant(np.zeros((1, 9)), rates, 3)
    assert_law("2/Γ without disorder", clean[:, 0], 2 / rates)


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


@pytest.mark.slow
@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-5])
def test_asked_tolerance_is_met(tolerance):
    fine = frenkel.diffusion_constant(RINGS[1:], 0.5, tolerance=1e-8)
    coarse = frenkel.diffusion_constant(RINGS[1:], 0.5, tolerance=tolerance)
    assert_law("tolerance of D_s not met", coarse / fine, 1, tolerance)
    times = np.linspace(0, 12, 13)
    fine = frenkel.diffusivity(RINGS[1:], 0.5, times, tolerance=1e-8)
    coarse = frenkel.diffusivity(RINGS[1:], 0.5, times, tolerance=tolerance)
    assert_law("tolerance of D(t) not met", (coarse - fine) / fine.max(axis=-1, keepdims=True), 0, tolerance)


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
