"""Hopping on random films: rates, films, walkers and the linear solve."""

import numpy as np
import pytest
from assertions import assert_law
from frenkel.motion.thermal_rates import marcus_rate
from frenkel.rivals.film_hopping import hopping_diffusion_constant, hopping_walks
from frenkel.rivals.films import Film, film_hops, miller_abrahams_rate, random_film
from frenkel.units import rate_to_per_ps, thermal_energy
from hostile import JUNK, NON_NEGATIVE, ONE, POSITIVE


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


@pytest.mark.slow
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
POSITIVE_ONE, NON_NEGATIVE_ONE = [*POSITIVE, *ONE], [*NON_NEGATIVE, *ONE]
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


def test_films_in_pieces_are_refused():
    hops = HOPS._replace(rate=np.where((HOPS.origin + HOPS.target) % 4 == 1, HOPS.rate, 0.0))
    with pytest.raises(ValueError, match="Argument `hops` must be connected"):
        hopping_diffusion_constant(hops, np.zeros(4), 9.0)
