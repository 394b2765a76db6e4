"""Counts fitted directly: D(t) comes back through blur, clock, window and background, with honest errors."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from frenkel.microscope.forward import diffusivity_from_counts
from frenkel.microscope.profiles import gaussian_profiles

X = np.linspace(-4000.0, 4000.0, 401)
TIMES = np.arange(0.0, 3101.0, 20.0)
EDGES = np.arange(-200.0, 3001.0, 50.0)
STOPS = np.linspace(-2500.0, 2500.0, 51)
HUMP = 0.03 + 0.5 * TIMES / 300 * np.exp(-TIMES / 300)  # rises for 300 ps


def expected(diffusivity, n_photons=2e7, lifetime=800.0):
    profiles = gaussian_profiles(X, TIMES, diffusivity)
    options = {"stops": STOPS, "lifetime": lifetime, "n_photons": n_photons, "background": 4.0}
    return frenkel.expected_counts(profiles, X, TIMES, EDGES, **options)


def test_counts_of_the_model_are_those_of_the_microscope():
    """Noise-free counts of Gaussian profiles leave no deviance: blur, clock and decay are the same."""
    fit = diffusivity_from_counts(expected(0.15), STOPS, EDGES)
    assert fit.deviance < 1.0, f"deviance {fit.deviance:.2f} of {len(STOPS) * (len(EDGES) - 1)} counts"
    assert_law("D", fit.value, 0.15, 0.002)


@pytest.mark.parametrize("n_knots", [6, 10, 40])
def test_few_knots_and_many_find_the_same(n_knots):
    """No shape flatter than any distribution, of excess kurtosis below −2, stands in the way."""
    fit = diffusivity_from_counts(expected(0.3)[:12], STOPS, EDGES[:13], n_knots=n_knots)
    assert_law("D", fit.value, 0.3, 0.003)


@pytest.mark.slow
def test_errors_cover_a_rise_that_the_clock_blurs():
    """Twelve records of a hump: one and two bars hold the truth about as often as they say."""
    mean, off = expected(HUMP), []
    for counts in np.random.default_rng(3).poisson(mean, (12, *mean.shape)):
        fit = diffusivity_from_counts(counts, STOPS, EDGES)
        seen = (fit.times > 60) & (fit.times < 3000)
        truth = np.interp(fit.times, TIMES, HUMP)[seen]
        off.append(np.log(fit.value[seen] / truth) / np.log(fit.high / fit.value)[seen])
        early, top = (np.interp(t, fit.times, fit.value) for t in (60.0, 300.0))
        assert early < 0.75 * top, "the rise is lost"
    one, two = (np.mean(np.abs(off) < k) for k in (1, 2))
    assert 0.5 < one < 0.9, f"one standard error holds the truth in {one:.0%}"
    assert two > 0.88, f"two standard errors hold it in {two:.0%}"


def test_a_decay_that_is_not_exponential_is_not_taken_for_transport():
    mixed = expected(0.1, 1e7, 250.0) + expected(0.1, 1e7, 1500.0)
    counts = np.random.default_rng(1).poisson(mixed)
    fit = diffusivity_from_counts(counts, STOPS, EDGES)
    late = fit.times > 60
    assert (np.abs(np.log(fit.value / 0.1) / np.log(fit.high / fit.value))[late] < 4).all()


@pytest.mark.slow
def test_records_without_a_signal_are_refused():
    with pytest.raises(RuntimeError, match="is there a signal"):
        diffusivity_from_counts(np.full((64, 51), 4.0), STOPS, EDGES)
