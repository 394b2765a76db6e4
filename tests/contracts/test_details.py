"""Details that no law holds, found by mutants (tests/MUTANTS.md): ends of ranges, defaults, stacks, names."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import CONVERGED
from frenkel import exact
from frenkel.microscope import fits, imaging, moments, profiles, smoothing
from frenkel.motion import colored_noise, disordered_chains, ring_frequencies, ring_hopping, thermal_rates
from frenkel.rivals import annihilation, film_hopping, films, photons
from frenkel.rivals.dark_states import bright_dark_diffusivity, bright_fraction
from frenkel.rivals.transient_localization import transient_localization_length
from frenkel.states import levels, linewidths, superradiance
from frenkel.statistics import model_comparison


def refused(name):
    return pytest.raises((ValueError, TypeError), match=f"Argument `{name}` must be ")


def test_ends_of_ranges_belong_to_them():
    assert_law("first site", frenkel.wave_packet(3, 0), [1, 0, 0])
    assert_law("last site", frenkel.wave_packet(3, 2), [0, 0, 1])
    assert frenkel.site_energies(3, 1.0, rng=1, shape=0).shape == (0, 3)
    assert_law("one site narrows nothing", exact.exchange_narrowed_disorder(2.0, 1), 2.0)
    with pytest.warns(frenkel.ConvergenceWarning, match="reaches the ends of the 2 sites"):
        assert_law("two sites", disordered_chains.coherent_spread([0.0, 0.0], [np.pi / 4]).msd, 0.5)
    for width in (1.0, 1.5):
        spread = frenkel.coherent_spread(np.zeros(81), [1.0, 3.0], width=width, momentum=0.4)
        assert_law("packet", spread.msd, exact.clean_packet_msd([1.0, 3.0], width, 0.4), 1e-6)
    assert_law("at rest", exact.clean_packet_msd(2.0, 1.5), exact.clean_packet_msd(2.0, 1.5, 0.0))
    paths = colored_noise.ornstein_uhlenbeck([0.7], amplitude=2.0, correlation_time=1.0, n_paths=4000, rng=1)
    assert_law("noise at its first time", paths.std(), 2, 0.1)
    times = np.linspace(0, 10, 51)  # steps of exactly τ/5
    length = transient_localization_length(times, np.stack([4 + 0 * times, 9 + 0 * times]), 1.0)
    assert_law("a stack of constant MSDs", length, [2, 3])
    with refused("times"):
        transient_localization_length(times, times, 0.8)  # steps of τ/4
    slow = colored_noise.kubo_coherence(1.0, amplitude=1.0, correlation_time=1e4)
    assert_law("slow noise, t/τ = 10⁻⁴", slow, np.exp(-0.5 + 1e-4 / 6 - 1e-8 / 24))
    faint = moments.second_moment([0.0, 0.5, 0.25], [-1.0, 0.0, 1.0])
    assert_law("less than one count", faint.value, 1 / 3)
    assert_law("spacings that vanish", levels.level_spacing_ratio([1.0, 1.0, 1.0, 2.0, 4.0]), 0.5 / 3)


def test_defaults():
    x = np.linspace(-500, 500, 21)
    fit = fits.fit_gaussian(100 * np.exp(-(x**2) / 2 / 130**2), x)
    assert_law("no background", np.sqrt(fit.variance), 130, 1e-6)
    wide = fits.fit_gaussian(100 * np.exp(-(x**2) / 2 / 800**2), x)
    assert_law("wider than the scan", np.sqrt(wide.variance) / 800, 1, 1e-6)
    counts = np.array([20.0, 90.0, 60.0, 30.0])
    fit = fits.fit_gaussian(counts, x[:4])
    mean = fit.amplitude * np.exp(-((x[:4] - fit.center) ** 2) / 2 / fit.variance)
    missing = 2 * (counts * np.log(counts / mean) - counts + mean).sum()
    assert_law("deviance of four stops, three parameters", fit.deviance, missing)
    assert_law("as many bright states as dark ones", bright_fraction(300.0, 0.0), 0.5)
    cold = {"splitting": 50.0, "bright_diffusivity": 1.0}
    assert_law("dark excitons rest", bright_dark_diffusivity(5.0, **cold))
    assert_law("or do not", bright_dark_diffusivity(5.0, **cold, dark_diffusivity=0.3), 0.3)
    mixed = bright_dark_diffusivity(300.0, splitting=0.0, bright_diffusivity=1.0, dark_diffusivity=0.3)
    assert_law("half of them bright", mixed, 0.65)


def test_profiles_are_densities():
    x = np.linspace(-4000, 4000, 801)
    assert_law("∫ P dx", np.trapezoid(profiles.gaussian_profiles(x, [0.0, 900.0], 0.3), x), 1, 1e-9)


def test_light_of_a_lifetime_is_one_exciton():
    """Each time stands for a hat, 20 ps to either side, of which the ends have half: ∫ hat exp(-t/τ)/τ."""
    times, x = np.arange(0, 4001, 20.0), 20 / 300
    weights = imaging._time_weights(times, np.array([-1e4, 1e5]), 70.0, 300.0)[0]
    quadrature = (20 / 6) ** 2 / 300**2 / 12  # six parts to a step
    assert_law("∫ exp(-t/τ)/τ dt", weights.sum(), 1 - np.exp(-4000 / 300), 1.1 * quadrature)
    assert_law("the first", weights[0], 1 - (1 - np.exp(-x)) / x, 4e-5)  # the trapezoidal rule of a hat
    assert_law("the second", weights[1], 4 * np.exp(-x) * np.sinh(x / 2) ** 2 / x, 4e-5)


def test_profiles_that_decay_need_no_lifetime():
    """But for the straight lines between times, which lie above an exponential by (20/400)²/12 on average."""
    x, times = np.linspace(-900, 900, 31), np.arange(0, 1001, 20.0)
    plain = profiles.gaussian_profiles(x, times, 0.2)
    given = imaging.expected_counts(plain, x, times, [0.0, 300.0, 900.0], lifetime=400.0)
    decaying = plain * np.exp(-times / 400)[:, None]
    found = imaging.expected_counts(decaying, x, times, [0.0, 300.0, 900.0])
    assert_law("counts", found / given.max(), given / given.max(), (20 / 400) ** 2 / 12)


def test_error_of_a_density_of_states_is_that_of_its_own_bin():
    chains, edges = frenkel.site_energies(30, 1.0, rng=3, shape=(7,)), [-3.0, -1.0, 0.5]
    below = levels.integrated_density_of_states(np.array(edges)[:, None], chains)
    each = np.diff(below, axis=0) / np.diff(edges)[:, None]
    density, error = frenkel.density_of_states(chains, edges)
    assert_law("mean", density, each.mean(axis=1))
    assert_law("error", error, each.std(axis=1, ddof=1) / np.sqrt(7))


def test_bonds_along_diagonals_diffuse_along_both_axes():
    """Clean: D = (2/Γ) Σ (J x)² over one of each pair of bonds, whatever the signs of x."""
    lattice = frenkel.long_range(frenkel.square(8), [1, 0.3, 0], cutoff=1.5)
    for axis in (0, 1):
        strength = (lattice.couplings**2 * lattice.vectors[:, axis] ** 2).sum() / 64
        D = frenkel.lattice_diffusion_constant(lattice, np.zeros(64), 3.0, axis=axis)
        assert_law("D_s", D, 2 / 3 * strength)
        D = frenkel.lattice_diffusivity(lattice, np.zeros(64), 3.0, [0.4], axis=axis)
        assert_law("D(t)", D, exact.clean_diffusivity(0.4, 3.0) * strength, 1e-8)


def test_stacks_of_states():
    H = np.array([[[0.0, 1.0], [1.0, 0.5]], [[0.3, -2.0], [-2.0, 0.0]], np.zeros((2, 2))])
    rho = superradiance.thermal_state(H, 0.7)
    for one, alone in zip(rho, H, strict=True):
        assert_law("thermal state", one, superradiance.thermal_state(alone, 0.7))
    numbers = superradiance.coherence_number(rho)
    assert_law("coherence number", numbers, [superradiance.coherence_number(one) for one in rho])
    bright = superradiance.superradiance(rho, [2.0, 1.0])
    assert_law("superradiance", bright, [superradiance.superradiance(one, [2.0, 1.0]) for one in rho])
    assert_law("unit of the dipole", superradiance.superradiance(rho, [6.0, 3.0]), bright)
    by_hand = (4 * rho[0, 0, 0] + rho[0, 1, 1] + 4 * rho[0, 0, 1]) / 2.5
    assert_law("by hand", bright[0], by_hand)
    with refused("rho"):
        superradiance.coherence_number(1.5 * np.eye(2) / 2)
    assert_law("stack of stacks", superradiance.coherence_number(rho[:, None]), numbers[:, None])


def test_ends_are_watched_at_each_time_by_itself():
    """The packet arrives at the last few of 300 times."""
    with pytest.warns(frenkel.ConvergenceWarning, match="reaches the ends of the 41 sites"):
        disordered_chains.coherent_spread(np.zeros(41), np.linspace(0, 8.5, 300))


def test_stacks_of_currents():
    rings = frenkel.site_energies(30, 1.0, rng=5, shape=(2, 3))
    spectrum = frenkel.current_spectrum(rings, n_levels=4)
    for part, name in zip(spectrum, ("frequencies", "weights"), strict=True):
        assert part.shape == (2, 3, 4), name
    assert_law("alone", spectrum, np.reshape([frenkel.current_spectrum(e, n_levels=4) for row in rings
                                              for e in row], (2, 3, 2, 4)).transpose(2, 0, 1, 3))  # fmt: skip
    with refused("frequencies"):
        ring_frequencies.diffusion_constant_from_spectrum(*spectrum, np.ones(4))


def test_coherence_has_phases():
    psi = np.array([1, 1j, -1]) / np.sqrt(3)
    assert_law("coherence number", superradiance.coherence_number(np.outer(psi, psi.conj())), 3)
    assert_law("superradiance", superradiance.superradiance(np.outer(psi, psi.conj())), 1 / 3)


def test_errors_of_a_bootstrap_are_those_of_each_component():
    both = smoothing.bootstrap(lambda counts: counts, [400.0, 100.0], n_resamples=300, rng=1)
    assert_law("√n", both.standard_error / np.sqrt([400.0, 100.0]), 1, 0.2)


def test_spectra_of_photons_in_a_stack():
    absorption, weights = np.array([[1e4, 2e4], [3e4, 1e4]]), [1.0, 3.0]
    together = photons.photon_recycling_diffusivity(absorption, 1000.0, weights=weights)
    each = [photons.photon_recycling_diffusivity(alpha, 1000.0, weights=weights) for alpha in absorption]
    assert_law("stack", together / each, 1)


def test_walkers_hop_each_in_its_own_time():
    """After one mean waiting time a share of 1 - 1/e has left, not all or none."""
    ring = films.Film(np.arange(50.0)[:, None], 50.0)
    hops = films.film_hops(ring, np.zeros(50), lambda distance, change: 0.5 / distance, cutoff=1.5)
    walks = film_hopping.hopping_walks(hops, [0.2], n_walkers=4000, rng=2)
    still = (walks[:, 0, 0] == 0).mean()
    expected = 0.8187 + 0.5 * 0.0164  # no hop, or two that cancel
    assert abs(still - expected) < 4 * np.sqrt(expected * (1 - expected) / 4000)


def test_sites_without_a_way_out_are_refused():
    step = np.array([[1.0], [-1.0]])
    with refused("hops"):
        film_hopping.hopping_walks(
            films.Hops(np.array([0, 1]), np.array([1, 0]), step, np.ones(2), 3), [1.0], n_walkers=2
        )


def test_walkers_that_rest_for_several_times_stay_where_they_are():
    """P(no hop until t) = exp(-2kt), also where a walker waits for several times to pass."""
    ring = films.Film(np.arange(50.0)[:, None], 50.0)
    hops = films.film_hops(ring, np.zeros(50), lambda distance, change: 0.5 / distance, cutoff=1.5)
    times = np.linspace(0.1, 3, 30)
    walks = film_hopping.hopping_walks(hops, times, n_walkers=4000, rng=3)[..., 0]
    waited = (np.cumsum(walks != 0, axis=1) == 0).mean(axis=0)
    assert (np.abs(waited - np.exp(-times)) < 0.03).all()
    assert (np.abs(np.diff(walks, axis=1)) <= 5).all(), "a walker jumps"
    assert_law("MSD = 2 k t a²", (walks**2).mean(axis=0) / times, 1, 0.1)


def test_sparse_spectra_end_where_their_levels_do():
    """A clean ring has one bright level: the continued fraction is one step long."""
    clean = frenkel.hamiltonian(frenkel.ring(4), format="sparse")
    line = frenkel.absorption_spectrum(clean, [1.5, 2.0], dephasing=0.5)
    assert_law("line", line, frenkel.absorption_spectrum(clean.toarray(), [1.5, 2.0], dephasing=0.5))
    dark = frenkel.absorption_spectrum(clean, [1.5, 2.0], dephasing=0.5, dipoles=np.zeros(4))
    assert dark.tolist() == [0.0, 0.0], "no dipoles, no line"
    with pytest.raises(ValueError, match=r"Argument `dephasing` must be at least 0\.0004 for"):
        frenkel.absorption_spectrum(clean, [1.5], dephasing=1e-9)


def test_levels_of_a_sparse_matrix_have_the_same_rates():
    H = frenkel.hamiltonian(frenkel.chain(4), [0.0, 1.0, 0.5, -1.0], format="sparse")
    options = {"dephasing": 0.3, "thermal_energy": 0.7}
    both = (thermal_rates.redfield_rates(each, **options) for each in (H, H.toarray()))
    pairs = zip(*both, strict=True)
    for sparse, dense in pairs:
        assert_law("rates", sparse, dense)


def test_temperatures_that_phonons_tell_apart_just_so():
    fit = linewidths.fit_linewidth([7.0, 60.0], [26.0, 30.0], [1.0, 1.0])
    found = linewidths.linewidth([7.0, 60.0], fit.static_linewidth, fit.phonon_coupling)
    assert_law("two points determine both", found, [26.0, 30.0], 1e-9)


def test_a_spot_must_fit_to_the_end():
    x = np.linspace(-700, 700, 101)
    options = {"density": 1e11, "rate": 0.01, "diffusivity": 0.5, "spot": 300.0}
    annihilation.annihilation_profiles(x, [0.0, 1.0], **options)
    with refused("positions"):
        annihilation.annihilation_profiles(x, [0.0, 1.0, 900.0], **options)


def test_steps_of_annihilation_are_short_enough():
    """Against the formula for the start, diffusion included: its square is not in the error."""
    x, t = np.linspace(-1000, 1000, 161), [0.0, 5.0]
    profile = annihilation.annihilation_profiles(x, t, density=1e11, rate=0.05, diffusivity=0.4, spot=300.0)
    variance = (profile * x**2).sum(axis=1) / profile.sum(axis=1)
    feigned = annihilation.annihilation_broadening(1e11, 0.05, spot=300.0)
    assert_law("slope", np.diff(variance)[0] / 2 / 5 / 100 / (0.4 + feigned), 1, 0.03)


def test_steps_of_diffusion_are_short_enough():
    """The same profile however many times are asked for: here diffusion, not annihilation, sets the step."""
    x, options = np.linspace(-900, 900, 61), {"density": 1e11, "rate": 0.003, "diffusivity": 0.5}
    often, once = (
        annihilation.annihilation_profiles(x, times, **options)[-1]
        for times in (np.linspace(0, 300, 601), [0.0, 300.0])
    )
    assert_law("profile", once / often.max(), often / often.max(), CONVERGED)


WRONG = {
    "temperature": {"temperature": [[1.0, 2.0, 3.0]]},
    "data": {"data": [1.0, 2.0]},
    "errors": {"errors": [1.0, 2.0]},
}


@pytest.mark.parametrize("name", WRONG)
def test_data_that_do_not_fit_models_are_named(name):
    call = {"temperature": [1.0, 2.0, 3.0], "data": [1.0, 2.0, 3.0], "errors": [1.0, 1.0, 1.0]}
    models = {"constant": (lambda t, a: a + 0 * t, [1.0])}
    model_comparison.compare_models(**call, models=models)
    for bad in (WRONG[name][name], [np.nan, 1.0, 1.0]):
        with refused(name):
            model_comparison.compare_models(**call | {name: bad}, models=models)


def test_shapes_at_odds_are_named():
    with refused("second"):
        frenkel.orientation_factor(np.ones((2, 3)), np.ones((3, 3)), [1, 0, 0])
    with refused("forward_rates"):
        ring_hopping.ring_diffusion_constant(np.zeros((2, 3)), np.ones((4, 3)))
    with refused("values"):
        frenkel.propagate_uncertainty(lambda x: x, [[1.0]], [[0.1]])
    with refused("direction"):
        frenkel.long_range(frenkel.square(4), [[1, 0, 0]], cutoff=1.0)
    with refused("neighbor"):
        frenkel.long_range(frenkel.square(4), [1, 0, 0], cutoff=1.0, neighbor=[[1, 0, 0]])
    with refused("displacements"):
        profiles.lattice_profiles([-1.0, 0.0, 1.0], [[0.5, 0.5]], [[0.0], [1.0]], spacing=1.0)
    with refused("linewidths"):
        linewidths.fit_linewidth([7.0, 298.0, 300.0], [[26.0, 98.0, 99.0]])
    with refused("site_energies"):
        frenkel.hamiltonian(frenkel.chain(3), np.zeros((2, 3)), format="sparse")
