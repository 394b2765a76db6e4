"""Every rival model against a limit and an independent method; all seeds fixed, four standard errors."""

import numpy as np
import pytest
from frenkel import exact
from frenkel.motion.thermal_rates import marcus_rate
from frenkel.rivals.annihilation import annihilation_broadening, annihilation_profiles
from frenkel.rivals.bands import band_diffusivity, einstein_diffusivity
from frenkel.rivals.dark_states import bright_dark_diffusivity, bright_fraction
from frenkel.rivals.film_hopping import hopping_diffusion_constant, hopping_walks
from frenkel.rivals.films import Film, film_hops, miller_abrahams_rate, random_film
from frenkel.rivals.photons import photon_recycling_diffusivity
from frenkel.rivals.transient_localization import (
    transient_localization_diffusivity,
    transient_localization_length,
)
from frenkel.statistics.model_comparison import compare_models
from frenkel.units import rate_to_per_ps, thermal_energy
from hostile import JUNK, NON_NEGATIVE, ONE, OPTIONAL, POSITIVE, WHOLE, assert_refused
from laws import assert_law

WARM = np.linspace(5.0, 300.0, 60)


def test_einstein_relation():
    from scipy.constants import e, k

    assert_law("D = μ k T / e", einstein_diffusivity(0.19, 298.0), 0.19 * k * 298.0 / e, 1e-12)


def test_acoustic_phonons_alone_let_d_fall_with_the_root_of_t():
    d = band_diffusivity(WARM, acoustic_mobility=20.0, defect_mobility=1e12)
    assert_law("D √T", d * np.sqrt(WARM) / (d[0] * np.sqrt(WARM[0])), 1.0, 1e-6)


def test_a_band_falls_at_all_temperatures_only_without_ordinary_defects():
    """p = −1: constant, then falling. Neutral defects, p = 0: a maximum where μ_d/μ_ac (T/T₀)^(3/2) = 2."""
    options = {"acoustic_mobility": 20.0, "defect_mobility": 60.0}
    flat = band_diffusivity(WARM, **options)
    assert (np.diff(flat) < 0).all(), "D(T) of a band does not fall"
    assert_law("limit of a cold band", band_diffusivity(1e-9, **options), einstein_diffusivity(60, 300), 1e-5)
    fine = np.linspace(100, 300, 200001)
    peak = fine[band_diffusivity(fine, **options, defect_exponent=0.0).argmax()]
    assert_law("maximum of a band with neutral defects", peak, 300 * (2 * 20 / 60) ** (2 / 3), 2e-3)


def test_photon_recycling_is_a_random_flight():
    """Flights of exponential length in random directions at random times, simulated."""
    rng = np.random.default_rng(1)
    duration, lifetime, share = 20e3, 1000.0, 0.6  # ps
    counts = rng.poisson(share * duration / lifetime, 20000)
    flights = np.repeat(np.arange(20000), counts)
    along = rng.exponential(1e7 / 4e4, len(flights)) * rng.uniform(-1, 1, len(flights))  # nm, along x
    squares = np.bincount(flights, along, 20000) ** 2
    found, error = squares.mean() / 2 / duration / 100, squares.std() / np.sqrt(20000) / 2 / duration / 100
    expected = photon_recycling_diffusivity(4e4, lifetime, reabsorption=share)
    assert abs(found - expected) < 4 * error, f"D = {found:.4f}({error:.4f}), not {expected:.4f}"


def test_rare_weak_absorption_carries_photon_recycling():
    mixed = photon_recycling_diffusivity([1e5, 1e3], 1000.0, weights=[0.99, 0.01])
    one, other = (photon_recycling_diffusivity(alpha, 1000.0) for alpha in (1e5, 1e3))
    assert_law("mean over the spectrum", mixed, 0.99 * one + 0.01 * other, 1e-12 * mixed)


def test_bright_and_dark_shares_are_thermal():
    """Against the stationary state of rates that obey detailed balance."""
    for temperature in (3.0, 40.0, 300.0):
        up = 3.0 * np.exp(-7.0 / thermal_energy(temperature))
        rates = np.array([[-1.0, up], [1.0, -up]])  # of bright, dark
        state = np.linalg.svd(rates)[2][-1]
        share = bright_fraction(temperature, 7.0, degeneracy_ratio=3.0)
        assert_law("thermal share", share, state[0] / state.sum(), 1e-12)
    assert_law("far below any splitting", bright_fraction([0.001, 0.001], [500.0, -500.0]), [0.0, 1.0])


def test_a_dark_state_gives_a_turnover_without_interference():
    options = {"splitting": 5.0, "bright_diffusivity": 1.0, "dark_diffusivity": 0.01}
    d = bright_dark_diffusivity(WARM, **options, exponent=1.0)
    peak = d.argmax()
    assert 0 < peak < len(d) - 1 and (np.diff(d[: peak + 1]) > 0).all() and (np.diff(d[peak:]) < 0).all()
    assert (np.diff(bright_dark_diffusivity(WARM, **options)) > 0).all(), "activation alone has a maximum?"
    cold = bright_dark_diffusivity(0.01, **options, exponent=1.0)
    assert_law("cold excitons are dark", cold, 0.01)


def test_transient_localization_in_three_limits():
    """Ballistic: 2τ, as for dephasing 1/τ of a clean chain; diffusive: D; localized: ξ²/2τ."""
    times, tau = np.linspace(0, 60, 6001), 2.0

    def constant(msd):
        return transient_localization_length(times, msd, tau) ** 2 / (2 * tau)

    ballistic = constant(exact.clean_msd(times, 0.0))
    assert_law("ballistic", ballistic, exact.clean_diffusivity(1e9, 1 / tau), 1e-4)
    assert_law("diffusive", constant(2 * 0.7 * times), 0.7, 1e-6)
    saturating = 9.0 * (1 - np.exp(-times / 0.5))
    assert_law("localized", constant(saturating), 9.0 / (2 * (0.5 + tau)), 1e-4)
    assert_law("units", transient_localization_diffusivity(30.0, 10.0), 0.45, 1e-12)


def test_annihilation_follows_its_rate_law_without_diffusion():
    x = np.linspace(-800, 800, 161)
    width, density, rate = 300 / np.sqrt(8 * np.log(2)), 1e-3, 5.0  # nm, nm⁻², nm²/ps
    profiles = annihilation_profiles(x, [0.0, 50.0, 200.0], density=1e11, rate=0.05, lifetime=400.0)
    plane = density * np.exp(-(x[:, None] ** 2 + x**2) / (2 * width**2))
    for profile, time in zip(profiles, (0.0, 50.0, 200.0), strict=True):
        left, lost = np.exp(-time / 400), 400 * (1 - np.exp(-time / 400))
        expected = (plane * left / (1 + rate * plane * lost)).sum(axis=1) / plane.sum() / 10.0
        assert_law(f"n(x) at {time} ps", profile / expected.max(), expected / expected.max(), 1e-12)
    number = 2 * np.pi * width**2 / rate / 150 * np.log1p(rate * density * 150)
    alone = annihilation_profiles(x, [0.0, 150.0], density=1e11, rate=0.05)[-1].sum() * 10.0
    assert_law("number of excitons", alone, number / (2 * np.pi * width**2 * density), 1e-6)


def test_annihilation_feigns_transport():
    x, times = np.linspace(-900, 900, 181), np.array([0.0, 0.1])
    profiles = annihilation_profiles(x, times, density=1e11, rate=0.05)
    variance = profiles @ x**2 / profiles.sum(axis=1)
    feigned = annihilation_broadening(1e11, 0.05)
    assert_law("feigned D", np.diff(variance) / 0.1 / 200 / feigned, 1.0, 2e-3)


def test_diffusion_without_annihilation_is_diffusion():
    x, times = np.linspace(-1500, 1500, 201), np.array([0.0, 300.0, 900.0])
    profiles = annihilation_profiles(x, times, density=1e11, rate=0.0, diffusivity=0.2, lifetime=500.0)
    number = profiles.sum(axis=1)
    assert_law("decay", number / number[0], np.exp(-times / 500), 1e-9)
    spread = profiles @ x**2 / number - profiles[0] @ x**2 / number[0]
    assert_law("2 D t", spread, 40 * times, 1e-3 * 36000)


def test_split_steps_have_converged():
    x = np.linspace(-1500, 1500, 101)
    options = {"density": 1e11, "rate": 0.2, "diffusivity": 0.3, "lifetime": 800.0}
    few = annihilation_profiles(x, [0.0, 200.0], **options)[-1]
    many = annihilation_profiles(x, np.linspace(0, 200, 1001), **options)[-1]
    assert_law("step of the splitting", few / many.max(), many / many.max(), 1e-4)


def boltzmann(energies, temperature):
    return np.exp(-(energies - energies.min()) / thermal_energy(temperature))


def test_rates_obey_detailed_balance():
    change = np.linspace(-80, 80, 41)
    for rate in (
        miller_abrahams_rate(change, 150.0, attempt_rate=2.0),
        marcus_rate(change, 60.0, thermal_energy(150.0), coupling=3.0),
    ):
        ratio = rate / rate[::-1] * np.exp(change / thermal_energy(150.0))
        assert_law("forward over backward", ratio, 1.0, 1e-10)


def test_marcus_rates_obey_their_sum_rule():
    """Over all energies, the integral is 2π V² at every temperature: Franck-Condon weights add to 1."""
    change = np.linspace(-900, 900, 20001)
    for temperature in (50.0, 300.0):
        rate = marcus_rate(change, 60.0, thermal_energy(temperature), coupling=3.0)
        assert_law("sum rule", np.trapezoid(rate, change) / (2 * np.pi * 9.0), 1.0, 1e-9)


def test_films_keep_their_distance():
    film = random_film(500, spacing=12.0, exclusion=8.0, rng=1)
    away = abs(film.positions[:, None] - film.positions)
    distance = np.sqrt((np.minimum(away, film.box - away) ** 2).sum(axis=-1)) + 99 * np.eye(500)
    assert distance.min() >= 8.0 and film.positions.min() >= 0 and film.positions.max() <= film.box


def test_a_chain_of_random_barriers_is_harmonic():
    """Equal energies: D = a²/⟨1/k⟩, where the random-walk theory is exact."""
    n = 60
    rates = np.random.default_rng(2).lognormal(size=n)
    film = Film(np.arange(float(n))[:, None] * 2.0, 2.0 * n)
    hops = film_hops(film, np.zeros(n), lambda distance, change: distance, cutoff=2.5)
    bond = np.where((hops.target - hops.origin) % n == 1, hops.origin, hops.target)
    hops = hops._replace(rate=rates[bond])
    found = hopping_diffusion_constant(hops, np.zeros(n), 100.0)
    assert_law("harmonic mean", found, 4 / np.mean(1 / rates) / 100, 1e-10)


def test_a_chain_of_random_energies_is_harmonic():
    r"""Detailed balance: D = a² / (⟨e^{−E/kT}⟩ ⟨1/(k e^{−E/kT})⟩)."""
    n, temperature = 80, 120.0
    energies = np.random.default_rng(3).normal(0, 15, n)
    film = Film(np.arange(float(n))[:, None], float(n))

    def rate(distance, change):
        return miller_abrahams_rate(change, temperature, attempt_rate=0.3 / distance)

    hops = film_hops(film, energies, rate, cutoff=1.5)
    share = np.exp(-energies / thermal_energy(temperature))
    bonds = 0.3 * np.minimum(share, np.roll(share, -1))
    expected = 1 / share.mean() / np.mean(1 / bonds) / 100
    assert_law("chain", hopping_diffusion_constant(hops, energies, temperature) / expected, 1.0, 1e-9)


def disordered_film(temperature, kind="miller-abrahams"):
    film = random_film(300, spacing=12.0, exclusion=8.0, rng=4)
    energies = np.random.default_rng(5).normal(0, 20, 300)

    def rate(distance, change):
        if kind == "marcus":
            coupling = 2 * (12 / distance) ** 3
            return rate_to_per_ps(marcus_rate(change, 50.0, thermal_energy(temperature), coupling=coupling))
        return miller_abrahams_rate(change, temperature, attempt_rate=0.1 * (12 / distance) ** 6)

    return film_hops(film, energies, rate, cutoff=30.0), energies


@pytest.mark.parametrize("kind", ["miller-abrahams", "marcus"])
def test_walkers_agree_with_the_linear_solve(kind):
    """The late slope of thermal walkers, whose early one is larger."""
    hops, energies = disordered_film(200.0, kind)
    end = 3000 / np.bincount(hops.origin, hops.rate).mean()
    times = np.array([end / 2, end])
    walks = hopping_walks(hops, times, n_walkers=4000, start=boltzmann(energies, 200.0), rng=6)
    gained = (walks[:, 1] ** 2 - walks[:, 0] ** 2).mean(axis=1) / (2 * (end / 2)) / 100
    found, error = gained.mean(), gained.std() / np.sqrt(len(gained))
    expected = hopping_diffusion_constant(hops, energies, 200.0)
    assert error < 0.06 * expected and abs(found - expected) < 4 * error, f"{found}({error}), not {expected}"


@pytest.mark.parametrize("kind", ["miller-abrahams", "marcus"])
def test_hopping_is_thermally_activated(kind):
    d = [hopping_diffusion_constant(*disordered_film(t, kind), t) for t in (50.0, 100.0, 200.0, 300.0)]
    assert (np.diff(d) > 0).all(), f"D(T) of a hopping film does not rise: {d}"


def test_excitons_made_by_light_slow_down_as_they_relax():
    hops, _ = disordered_film(100.0)
    times = np.array([100.0, 4000.0, 8000.0])
    squares = (hopping_walks(hops, times, n_walkers=3000, rng=7) ** 2).mean(axis=2)
    early, late = squares[:, 0] / 200, (squares[:, 2] - squares[:, 1]) / 8000
    error = np.hypot(early.std(), late.std()) / np.sqrt(3000)
    assert early.mean() - late.mean() > 4 * error, "hot excitons do not move faster"


def test_walkers_stay_until_they_hop():
    """Hops at a rate of 1e-9 in 1 ps: none; and the first of two times is not later than the second."""
    film = Film(np.arange(4.0)[:, None], 4.0)
    hops = film_hops(film, np.zeros(4), lambda distance, change: 1e-9 / distance, cutoff=1.5)
    assert_law("no hop", hopping_walks(hops, [0.0, 0.5, 1.0], n_walkers=50, rng=8))


T = np.linspace(10.0, 300.0, 12)
MODELS = {
    "constant": (lambda t, a: a + 0 * t, [1.0]),
    "line": (lambda t, a, b: a + b * t, [1.0, 0.0]),
    "parabola": (lambda t, a, b, c: a + b * t + c * t**2, [1.0, 0.0, 0.0]),
    "activated": (lambda t, a, b: np.exp(a - b / thermal_energy(t)), [0.0, 5.0]),
}


def test_fits_are_weighted_least_squares():
    errors = 0.02 + 0.0002 * T
    data = 0.3 + 0.001 * T + errors * np.random.default_rng(9).standard_normal(12)
    ranked = compare_models(T, data, errors, MODELS)
    line = next(fit for fit in ranked if fit.name == "line")
    slope, covariance = np.polyfit(T, data, 1, w=1 / errors, cov="unscaled")
    assert_law("parameters", line.parameters, slope[::-1], 1e-7)
    assert_law("errors", line.errors, np.sqrt(np.diag(covariance))[::-1], 1e-7)
    chi_squared = (((line.parameters[0] + line.parameters[1] * T - data) / errors) ** 2).sum()
    assert_law("AICc", line.aicc, chi_squared + 4 + 12 / 9, 1e-9)
    assert_law("BIC", line.bic, chi_squared + 2 * np.log(12), 1e-9)
    assert_law("weights", sum(fit.weight for fit in ranked), 1.0)
    support = [np.exp((ranked[0].aicc - fit.aicc) / 2) for fit in ranked]
    assert_law("ratios of weights", [fit.weight / ranked[0].weight for fit in ranked], support)
    assert [fit.aicc for fit in ranked] == sorted(fit.aicc for fit in ranked)


@pytest.mark.parametrize(("name", "parameters"), [("constant", [0.4]), ("activated", [-0.5, 6.0])])
def test_the_model_behind_the_data_is_found(name, parameters):
    """In more than half of 60 data sets, and its error bars hold 68 % of the values of a parameter."""
    rng = np.random.default_rng(10)
    truth = MODELS[name][0](T, *parameters)
    first, held = 0, 0
    for _ in range(60):
        ranked = compare_models(T, truth + 0.02 * rng.standard_normal(12), np.full(12, 0.02), MODELS)
        first += ranked[0].name == name
        fit = next(fit for fit in ranked if fit.name == name)
        held += abs(fit.parameters[0] - parameters[0]) <= fit.errors[0]
    assert first > 30, f"{name} comes first in {first} of 60"
    assert abs(held / 60 - 0.683) < 4 * np.sqrt(0.683 * 0.317 / 60), f"error bars hold {held} of 60"


def test_models_that_run_away_are_named():
    models = {"runaway": (lambda t, a: np.where(a > 1.5, np.nan, a) + 0 * t, [1.0])}
    with pytest.raises(RuntimeError, match="'runaway'"):
        compare_models([1.0, 2.0, 3.0], [9.0, 9.0, 9.0], [1.0, 1.0, 1.0], models)


@pytest.mark.parametrize(("dimension", "limit"), [(1, 0.7476), (2, 0.547), (3, 0.384)])
def test_random_films_are_full_at_the_jamming_density(dimension, limit):
    """Coverages known from random sequential addition: 10 % (in length) below there is room, above not."""
    volume = {1: 1.0, 2: np.pi / 4, 3: np.pi / 6}[dimension]
    jammed = 10 * (limit / volume) ** (1 / dimension)
    film = random_film(150, spacing=10.0, exclusion=0.9 * jammed, dimension=dimension, rng=1)
    assert film.positions.shape == (150, dimension)
    with pytest.raises(RuntimeError, match=r"The film is full with \d+ of 150 sites"):
        random_film(150, spacing=10.0, exclusion=1.1 * jammed, dimension=dimension, rng=1)


RING = Film(np.arange(4.0)[:, None], 4.0)
HOPS = film_hops(RING, np.zeros(4), lambda distance, change: 1 / distance, cutoff=1.5)
SPOT = {"positions": np.linspace(-600, 600, 61), "times": [0.0, 1.0], "density": 1e11, "rate": 0.1}
NUMBER = [*JUNK, *ONE]
POSITIVE_ONE, NON_NEGATIVE_ONE = [*POSITIVE, *ONE], [*NON_NEGATIVE, *ONE]
FITS = {"temperature": [1.0, 2.0, 3.0], "data": [1.0, 2.0, 3.0], "errors": [1.0, 1.0, 1.0]}
CALLS = [
    (
        einstein_diffusivity,
        {"mobility": 1.0, "temperature": 9.0},
        {"mobility": NON_NEGATIVE, "temperature": NON_NEGATIVE},
    ),
    (
        band_diffusivity,
        {"temperature": 9.0, "acoustic_mobility": 1.0, "defect_mobility": 1.0, "defect_exponent": 0.5},
        {"temperature": POSITIVE, "acoustic_mobility": POSITIVE, "defect_mobility": POSITIVE}
        | {"defect_exponent": NUMBER},
    ),
    (
        photon_recycling_diffusivity,
        {"absorption": [1.0], "lifetime": 9.0, "reabsorption": 0.5, "weights": [1.0]},
        {"absorption": POSITIVE, "lifetime": POSITIVE_ONE, "reabsorption": [*NON_NEGATIVE_ONE, 1.1]}
        | {"weights": [*NON_NEGATIVE[OPTIONAL], [0.0], [1.0, 2.0], 1.0]},
    ),
    (
        bright_fraction,
        {"temperature": 9.0, "splitting": 1.0, "degeneracy_ratio": 3.0},
        {"temperature": POSITIVE, "splitting": JUNK, "degeneracy_ratio": POSITIVE_ONE},
    ),
    (
        bright_dark_diffusivity,
        {"temperature": 9.0, "splitting": 1.0, "bright_diffusivity": 1.0, "dark_diffusivity": 0.1}
        | {"exponent": 1.0, "degeneracy_ratio": 3.0},
        {"temperature": POSITIVE, "splitting": JUNK, "bright_diffusivity": NON_NEGATIVE_ONE}
        | {"dark_diffusivity": NON_NEGATIVE_ONE, "exponent": NUMBER, "degeneracy_ratio": POSITIVE_ONE},
    ),
    (
        transient_localization_diffusivity,
        {"length": 1.0, "time": 1.0},
        {"length": NON_NEGATIVE, "time": POSITIVE},
    ),
    (
        transient_localization_length,
        {"times": np.linspace(0, 10, 61), "msd": np.ones(61), "relaxation_time": 1.0},
        {"times": [*JUNK, 1.0, np.linspace(0, 9, 61), np.linspace(1, 11, 61)], "msd": [*NON_NEGATIVE, [1.0]]}
        | {"relaxation_time": POSITIVE_ONE},
    ),
    (
        annihilation_broadening,
        {"density": 1e11, "rate": 0.1, "spot": 300.0},
        {"density": NON_NEGATIVE, "rate": NON_NEGATIVE, "spot": POSITIVE_ONE},
    ),
    (
        annihilation_profiles,
        SPOT | {"diffusivity": 0.1, "lifetime": 99.0, "spot": 300.0},
        {"positions": [*JUNK, [0.0, 1.0, 3.0], np.linspace(-600, 600, 9), np.linspace(-600, 600, 513)]}
        | {"times": [*JUNK, [1.0, 2.0], [0.0]], "density": POSITIVE_ONE, "rate": [*NON_NEGATIVE_ONE]}
        | {"diffusivity": NON_NEGATIVE_ONE, "spot": POSITIVE_ONE}
        | {"lifetime": POSITIVE_ONE[OPTIONAL]},
    ),
    (
        random_film,
        {"n_sites": 9, "spacing": 9.0, "exclusion": 1.0, "dimension": 3, "rng": 1},
        {"n_sites": [*WHOLE, 3, 10**9], "spacing": POSITIVE_ONE, "exclusion": [*NON_NEGATIVE_ONE, 9.0]}
        | {"dimension": [0, 4, 2.5, None, "x", True], "rng": ["x", -1]},
    ),
    (
        miller_abrahams_rate,
        {"energy_change": 1.0, "temperature": 9.0, "attempt_rate": 1.0},
        {"energy_change": JUNK, "temperature": POSITIVE_ONE, "attempt_rate": NON_NEGATIVE},
    ),
    (
        hopping_diffusion_constant,
        {"hops": HOPS, "energies": np.zeros(4), "temperature": 9.0},
        {"hops": [None, 3, (1, 2)], "energies": [*JUNK, [1.0], [0.0, 1.0, 2.0, 3.0]]}
        | {"temperature": POSITIVE_ONE},
    ),
    (
        hopping_walks,
        {"hops": HOPS, "times": [0.0, 1.0], "n_walkers": 2, "start": [1, 0, 0, 0], "rng": 1},
        {"hops": [None, 3, (1, 2)], "times": [*JUNK, 3.0, [1.0, 0.0], [1e9]], "n_walkers": [*WHOLE, 0]}
        | {"start": [*NON_NEGATIVE[OPTIONAL], [1.0], np.zeros(4)], "rng": ["x", -1]},
    ),
]
REFUSALS = [(f, call, name, values) for f, call, refused in CALLS for name, values in refused.items()]


@pytest.mark.parametrize(
    ("function", "call", "argument", "values"),
    REFUSALS,
    ids=[f"{f.__name__}-{name}" for f, _, name, _ in REFUSALS],
)
def test_hostile_arguments_are_refused(function, call, argument, values):
    assert_refused(function, call, argument, values)


FILM = {"film": RING, "energies": np.zeros(4), "rate": lambda d, e: d, "cutoff": 1.5}
WRONG = {
    "film": [3, None],
    "energies": [*JUNK, [1.0]],
    "rate": [3, lambda d, e: -d, lambda d, e: 1.0, lambda d, e: d * np.nan],
    "cutoff": [*POSITIVE_ONE, 0.5, 2.1],
}


@pytest.mark.parametrize("argument", WRONG)
def test_hostile_films_are_refused(argument):
    for value in WRONG[argument]:
        with pytest.raises((ValueError, TypeError), match=f"Argument `{argument}` must be"):
            film_hops(**FILM | {argument: value})


@pytest.mark.parametrize(
    "model",
    [
        3,
        (3, [1.0]),
        (lambda t, a: t, [np.nan]),
        (lambda t, a, b: t, [1.0, 1.0]),
        (lambda t, a: a * t[:, None], [1.0]),
        (lambda t, a: t * np.nan, [1.0]),
    ],
)
def test_hostile_models_are_refused(model):
    with pytest.raises((ValueError, TypeError), match="Argument `models` must be"):
        compare_models(**FITS, models={"a": model})


def test_no_models_are_refused():
    for models in (None, {}, [1], 3):
        with pytest.raises((ValueError, TypeError), match="Argument `models` must be"):
            compare_models(**FITS, models=models)


@pytest.mark.parametrize("argument", FITS)
def test_hostile_data_are_refused(argument):
    for value in [*JUNK, 1.0, [1.0, 2.0]]:
        with pytest.raises((ValueError, TypeError), match=r"Argument `\w+` must be"):
            compare_models(**FITS | {argument: value}, models=MODELS)


def test_films_in_pieces_are_refused():
    hops = HOPS._replace(rate=np.where((HOPS.origin + HOPS.target) % 4 == 1, HOPS.rate, 0.0))
    with pytest.raises(ValueError, match="Argument `hops` must be connected"):
        hopping_diffusion_constant(hops, np.zeros(4), 9.0)
