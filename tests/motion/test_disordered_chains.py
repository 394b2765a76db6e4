"""Wave packets without noise: many chains at once against one at a time, currents against differences,
eigenstates against time, closed forms against all of them.

Seeds are fixed; ensembles agree within four standard errors of their difference.
"""

import re

import frenkel
import numpy as np
import pytest
import scipy.linalg
import scipy.special
from assertions import assert_law, assert_points_at
from conftest import CONVERGED, EXACT
from frenkel import exact
from frenkel.motion.disordered_chains import coherent_spread, evolve_chains, long_time_populations
from frenkel.motion.wavefunctions import excess_kurtosis, return_probability

TIMES = np.array([0.0, 0.01, 1.0, 7.0, 50.0, 300.0])  # from one term of the expansion to a thousand
NAN = float("nan")


def assert_same(first, second, first_error, second_error=0.0, beyond=0.0):
    """Two estimates within four standard errors of their difference, plus a known systematic part."""
    off, allowed = np.abs(first - second), 4 * np.hypot(first_error, second_error) + beyond
    assert (off <= allowed).all(), f"off by {(off / allowed).max():.2f} of what is allowed"


def mean_and_error(values):
    return values.mean(axis=0), values.std(axis=0, ddof=1) / np.sqrt(len(values))


# --- many chains at once


@pytest.mark.parametrize("packet", [{}, {"width": 3.0}, {"width": 3.0, "momentum": 1.0}], ids=str)
def test_chains_evolve_as_they_do_one_at_a_time(packet):
    energies = frenkel.site_energies(61, 1.3, rng=1, shape=(2, 2))
    psi0 = frenkel.wave_packet(61, 30, **packet)
    psi = evolve_chains(energies, psi0, TIMES)
    for index in np.ndindex(2, 2):
        H = frenkel.hamiltonian(frenkel.chain(61), energies[index])
        alone = frenkel.evolve_state(H, psi0, TIMES)
        assert_law("a chain depends on its neighbors in the batch", psi[:, *index], alone)
    assert_law("norm not conserved", np.linalg.norm(psi, axis=-1), 1)


def test_chains_evolve_as_the_matrix_exponential_says():
    energies = np.array([3.0, -1.0, 0.4, 0.0])
    H = frenkel.hamiltonian(frenkel.chain(4), energies)
    psi0 = np.array([0.6, 0.8j, 0.0, 0.0])
    expected = [scipy.linalg.expm(-1j * H * t) @ psi0 for t in TIMES]
    assert_law("differs from expm", evolve_chains(energies, psi0, TIMES), expected)


def test_sparse_chain_of_ten_thousand_sites():
    n = 10_001
    H = frenkel.hamiltonian(frenkel.chain(n), format="sparse")
    psi = frenkel.evolve_state(H, frenkel.wave_packet(n, n // 2), [30.0])
    expected = exact.bessel_populations(np.arange(n) - n // 2, 30.0)
    assert_law("profile is not Bessel's", abs(psi[0]) ** 2, expected)


@pytest.mark.slow
def test_current_is_the_derivative_of_the_msd():
    grid = np.linspace(0, 8, 8001)
    energies = frenkel.site_energies(101, 1.0, rng=1, shape=(3,))
    for packet in ({}, {"width": 4.0, "momentum": 1.2}):
        spread = coherent_spread(energies, grid, **packet)
        differences = frenkel.diffusivity_from_msd(grid, spread.msd)
        # second-order differences in steps of 1e-3
        assert_law("D is not half the slope of the MSD", spread.diffusivity, differences, tolerance=1e-4)


def test_msd_is_that_of_the_profile():
    energies = frenkel.site_energies(80, 1.0, rng=1)
    spread = coherent_spread(energies, [5.0], width=2.0)
    psi = evolve_chains(energies, frenkel.wave_packet(80, 40, width=2.0), [5.0])
    expected = frenkel.mean_squared_displacement(abs(psi) ** 2, np.arange(80) - 40.0)
    assert_law("MSD", spread.msd, expected)
    assert spread.msd.shape == spread.diffusivity.shape == spread.return_probability.shape == (1,)


def test_mean_populations_are_those_of_all_chains():
    """In chunks of several sizes: 2000 chains are more than one chunk holds."""
    energies = frenkel.site_energies(21, 1.0, rng=1, shape=(40, 50))
    psi = evolve_chains(energies, frenkel.wave_packet(21, 10, width=1.0), [0.5, 1.0])
    spread = coherent_spread(energies, [0.5, 1.0], width=1.0)
    assert_law("mean populations", spread.mean_populations, (abs(psi) ** 2).mean(axis=(1, 2)))


# --- clean chains


@pytest.mark.parametrize(("width", "momentum"), [(0.0, 0.0), (2.0, 0.0), (10.0, 0.3), (5.0, np.pi / 2)])
def test_clean_packets_spread_by_their_velocities(width, momentum):
    times = np.linspace(0, 20, 5)
    spread = coherent_spread(np.zeros(301), times, width=width, momentum=momentum)
    expected = exact.clean_packet_msd(times, width, momentum)
    assert_law("MSD of a clean packet", spread.msd, expected, tolerance=CONVERGED)
    slope = (expected - width**2) / np.where(times > 0, times, 1)
    assert_law("D of a clean packet", spread.diffusivity, slope, tolerance=CONVERGED)


def test_return_probability_and_kurtosis_of_a_clean_chain():
    times = np.array([0.5, 3.0, 40.0])
    energies, away = np.zeros(201), np.arange(201) - 100.0
    spread = coherent_spread(energies, times)
    assert_law("return probability", spread.return_probability, scipy.special.jv(0, 2 * times) ** 2)
    psi = evolve_chains(energies, frenkel.wave_packet(201, 100), times)
    # ⟨x²⟩ = 2t², ⟨x⁴⟩ = 2t² + 6t⁴
    assert_law("kurtosis", excess_kurtosis(abs(psi) ** 2, away), 1 / (2 * times**2) - 1.5)


def test_kurtosis_tells_a_gaussian_from_an_exponential():
    away = np.arange(-400, 401) * 1.0
    shapes = np.array([np.exp(-(away**2) / 800), 7 * np.exp(-abs(away) / 20)])  # not normalized
    assert_law("kurtosis", excess_kurtosis(shapes, away), [0, 3], tolerance=0.01)  # sums for integrals


# --- disordered chains


def test_short_times():
    times = np.array([0.1, 0.2, 0.3])
    for distribution, width in (("gaussian", 1.5), ("box", 1.5 * np.sqrt(12))):
        energies = frenkel.site_energies(21, width, distribution=distribution, rng=1, shape=(4000,))
        mean, error = mean_and_error(coherent_spread(energies, times).diffusivity)
        series = exact.short_time_diffusivity(times, 1.5)
        assert_same(mean, series, error, beyond=1.5**4 * times**5)  # the next order
        assert (abs(mean - 2 * times) > 20 * error).all(), "the cubic term is not tested"


@pytest.mark.parametrize(("disorder", "times"), [(2.0, [0.9, 0.95, 1.0, 1.05]), (40.0, [0.05, 0.06, 0.08])])
def test_peak_of_strong_disorder(disorder, times):
    """Resonant pairs give √π / Δ; other sites add up to 3 %."""
    energies = frenkel.site_energies(21, disorder, rng=1, shape=(20_000,))
    mean, error = mean_and_error(coherent_spread(energies, times).diffusivity)
    expected = exact.strong_disorder_peak(disorder)
    assert_same(mean.max(), expected, error.max(), beyond=0.03 * expected)
    assert error.max() < 0.02 * expected


def test_two_engines_agree_on_the_first_maximum():
    """Velocity correlations average over starting sites of a ring, this one over chains."""
    grid = np.linspace(0, 6, 25)
    ring = frenkel.site_energies(400, 1.0, rng=1, shape=(12,))
    other = mean_and_error(frenkel.diffusivity(ring, 0.0, grid))
    own = mean_and_error(
        coherent_spread(frenkel.site_energies(65, 1.0, rng=2, shape=(2000,)), grid).diffusivity
    )
    assert_same(own[0], other[0], own[1], other[1], beyond=1e-3)  # tolerance of the other engine
    assert 1.95 < own[0].max() < 2.15


@pytest.mark.slow
def test_localized_packets_saturate_where_the_eigenstates_say():
    """Time and disorder average at long times against the diagonal ensemble of the very same chains."""
    n, psi0 = 161, frenkel.wave_packet(161, 80)
    energies = frenkel.site_energies(n, 2.0, rng=3, shape=(60,))
    late = np.sort(np.random.default_rng(1).uniform(300, 3000, 60))
    spread = coherent_spread(energies, late)
    forever = long_time_populations(energies, psi0)
    assert_law("infinite-time populations do not sum to 1", forever.sum(axis=-1), 1)
    away = np.arange(n) - 80.0
    for by_time, by_states in [
        (spread.msd.mean(axis=1), forever @ away**2),
        (spread.return_probability.mean(axis=1), forever[:, 80]),
    ]:
        assert_same(by_time.mean(), by_states.mean(), *mean_and_error(by_time - by_states)[1:])
    assert by_states.mean() > 0.2, "an exciton on a strongly disordered chain stays"
    assert abs(spread.diffusivity.mean()) < 0.05, "D has not gone to zero"


def test_infinite_time_average_of_a_clean_chain():
    """(1 + [n = n₀ or its mirror image] / 2) / (N + 1), summed: a standing wave never forgets its mirror."""
    n = 9
    populations = long_time_populations(np.zeros(n), np.eye(n)[2])
    expected = np.ones(n)
    expected[[2, n - 3]] = 1.5
    assert_law("infinite-time average", populations, expected / (n + 1))


# --- warnings and refusals


def test_a_short_chain_warns_with_the_length_that_would_do():
    with pytest.warns(frenkel.ConvergenceWarning, match=r"Use at least \d+ sites") as caught:
        coherent_spread(np.zeros(41), [0.0, 12.0])
    needed = int(re.search(r"at least (\d+)", str(caught[0].message))[1])
    assert_points_at(caught, __file__, "coherent_spread(")
    spread = coherent_spread(np.zeros(needed), [0.0, 12.0])
    assert_law("MSD", spread.msd, [0, 2 * 12.0**2], tolerance=CONVERGED)
    coherent_spread(frenkel.site_energies(101, 3.0, rng=1), [0.0, 100.0])  # localized: short, but enough


REFUSED = [
    (evolve_chains, {"site_energies": [0.0, 0.0], "psi0": [1, 0], "times": [1.0]} | changes)
    for changes in ({"site_energies": [0.0]}, {"site_energies": [NAN, 0.0]}, {"psi0": [1, 1]}, {"psi0": [1]},
                    {"psi0": np.eye(2)}, {"times": [1.0, 0.0]}, {"times": [1e12]})
] + [
    (long_time_populations, {"site_energies": [0.0, 0.0], "psi0": [1, 0]} | changes)
    for changes in ({"site_energies": 1.0}, {"site_energies": [0.0, NAN]}, {"psi0": [2, 0]},
                    {"psi0": np.eye(2)})
] + [
    (return_probability, {"psi": [[1, 0]], "psi0": [1, 0]} | changes)
    for changes in ({"psi": [1, 1]}, {"psi": [1]}, {"psi0": [1, 0, 0]}, {"psi0": [NAN, 0]},
                    {"psi0": np.eye(2)})
] + [
    (excess_kurtosis, {"populations": [0.5, 0, 0.5], "displacements": [-1, 0, 1]} | changes)
    for changes in ({"populations": [0, 1, 0]}, {"populations": [NAN, 0, 1]}, {"populations": [-1, 0, 1]},
                    {"displacements": [1, 2]}, {"displacements": np.ones((3, 1))})
]  # fmt: skip


@pytest.mark.parametrize(("function", "arguments"), REFUSED)
def test_hostile_values_are_refused(function, arguments):
    with pytest.raises((ValueError, TypeError), match=r"Argument `\w+` must be .*, but is "):
        function(**arguments)


def test_times_of_minutes_are_refused():
    with pytest.raises(ValueError, match=r"Argument `times` must be below .*, but is"):
        coherent_spread(np.zeros((100, 1000)), np.linspace(0, 1e6, 100))


def test_zero_time_is_the_start():
    spread = coherent_spread(np.zeros(41), [0.0])
    assert_law(
        "start", [spread.msd[0], spread.diffusivity[0], spread.return_probability[0]], [0, 0, 1], EXACT
    )
