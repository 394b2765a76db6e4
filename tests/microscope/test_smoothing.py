"""D(t) from noisy moments: its error bars hold and its smoothing keeps what it should."""

import numpy as np
import pytest
from assertions import assert_law
from frenkel.microscope.fits import fit_diffusion_constant
from frenkel.microscope.imaging import Microscope, expected_counts, record_counts
from frenkel.microscope.moments import second_moment
from frenkel.microscope.profiles import gaussian_profiles
from frenkel.microscope.smoothing import bootstrap, smooth_diffusivity

SMOOTH = Microscope(point_spread="gaussian")
X = np.linspace(-3000.0, 3000.0, 301)
TIMES = np.arange(0.0, 4001.0, 20.0)
STOPS = np.linspace(-2500.0, 2500.0, 51)
EDGES = np.arange(-400.0, 4001.0, 100.0)
CENTERS = (EDGES[1:] + EDGES[:-1]) / 2
LATE = CENTERS > 100
D = 0.2  # cm²/s


def mean_counts(profiles, microscope=SMOOTH, **options):
    options = {"stops": STOPS, "lifetime": 1500.0, "n_photons": 2e6, "background": 2.0} | options
    return expected_counts(profiles, X, TIMES, EDGES, microscope=microscope, **options)


@pytest.fixture(scope="module")
def repeats():
    """Two hundred measurements of diffusion with D, shape (repeat, bin, stop)."""
    return record_counts(mean_counts(gaussian_profiles(X, TIMES, D)), shape=200, rng=1)


def by_moment(counts):
    return second_moment(counts, STOPS, background=2.0)


def rising_and_falling(times):
    """D(t) in cm²/s with a maximum at 800 ps, as coherent transport has it."""
    return 0.4 * times / 800 * np.exp(1 - times / 800) + 0.05


def test_smoothed_derivative_covers_a_known_curve():
    """Two error bars hold 95 % of all points, averaged over curves and times; the curve is resolved."""
    times = np.linspace(0, 4000, 41)
    dense = np.linspace(0, 4000, 4001)
    slope = 200 * rising_and_falling(dense)
    truth = np.append(0, np.cumsum((slope[1:] + slope[:-1]) / 2))[::100]
    rng = np.random.default_rng(4)
    errors = 1500 + 0.5 * times
    curves = [smooth_diffusivity(times, truth + errors * rng.standard_normal(41), errors) for _ in range(100)]
    off = np.array([curve.value for curve in curves]) - rising_and_falling(times)
    held = (abs(off) <= 2 * np.array([curve.standard_error for curve in curves])).mean(axis=1)
    assert abs(held.mean() - 0.9545) < 4 * held.std(ddof=1) / 10, f"two error bars hold {held.mean():.3f}"
    naive = np.sqrt(2) * errors.mean() / 100 / 200 / np.sqrt(2)
    assert np.sqrt((off**2).mean()) < naive / 4, "smoothing gains little over differences"


def test_smoothed_derivative_keeps_what_the_penalty_leaves_free():
    times = np.sort(np.random.default_rng(5).uniform(0, 3000, 30))
    msd = 300 + 40 * times + 0.01 * times**2
    for strength in (None, 1e-6, 1e3):
        smooth = smooth_diffusivity(times, msd, np.full(30, 100.0), strength=strength)
        assert_law("a parabola", smooth.value, (40 + 0.02 * times) / 200, 1e-8)
    assert_law("degrees of freedom", smooth.degrees_of_freedom, 3.0, 0.2)


def test_bootstrap_finds_the_error_of_photon_noise(repeats):
    """200 resamples know a standard deviation to 5 %: four of those allowed."""

    def estimate(counts):
        moment = second_moment(counts[LATE], STOPS, background=2.0)
        return fit_diffusion_constant(CENTERS[LATE], *moment).value

    result = bootstrap(estimate, repeats[0], rng=6)
    expected = fit_diffusion_constant(CENTERS[LATE], *by_moment(repeats[0][LATE])).standard_error
    assert abs(result.standard_error / expected - 1) < 0.2, (result, expected)


def test_bootstrap_of_repeats_finds_the_error_of_the_mean():
    data = np.random.default_rng(7).normal(3.0, 2.0, (40, 500))
    result = bootstrap(lambda sample: sample.mean(axis=0), data, resample="repeats", rng=8)
    # of 40 repeats; averaged over 500 columns
    assert_law("standard error", result.standard_error.mean() / (2 / np.sqrt(40)), 1.0, 0.03)
    assert ((result.low < result.value) & (result.value < result.high)).all()
