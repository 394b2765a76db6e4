"""Moments and fits of counted profiles: unbiased where they claim it, with error bars that hold."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from frenkel.microscope.fits import fit_diffusion_constant, fit_gaussian
from frenkel.microscope.imaging import Microscope, expected_counts, record_counts
from frenkel.microscope.moments import background_level, direct_msd, second_moment
from frenkel.microscope.profiles import gaussian_profiles, lattice_profiles
from frenkel.microscope.smoothing import bootstrap
from frenkel.microscope.windows import untruncated_variance

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


def diffusion_constants(estimate, repeats):
    """Return D and its error for each of the repeats."""
    value, error = estimate(repeats[:, LATE])
    fits = [fit_diffusion_constant(CENTERS[LATE], *pair) for pair in zip(value, error, strict=True)]
    return np.array(fits).T


def by_moment(counts):
    return second_moment(counts, STOPS, background=2.0)


def by_fit(counts):
    return fit_gaussian(counts, STOPS, background=2.0)[:2]


@pytest.mark.parametrize("estimate", [by_moment, by_fit])
def test_error_bars_of_the_diffusion_constant_hold(repeats, estimate):
    """No bias beyond four standard errors; one and two error bars hold 68 % and 95 % of the repeats."""
    value, error = diffusion_constants(estimate, repeats)
    count = len(value)
    off = abs(value.mean() - D) / value.std(ddof=1) * np.sqrt(count)
    assert off < 4, f"D is biased: {value.mean():.5f} instead of {D}, {off:.1f} standard errors"
    for width, share in ((1, 0.6827), (2, 0.9545)):
        held = (abs(value - D) <= width * error).mean()
        allowed = 4 * np.sqrt(share * (1 - share) / count)
        assert abs(held - share) <= allowed, (
            f"{width} error bars hold {held:.3f}, not {share} ± {allowed:.3f}"
        )


@pytest.mark.parametrize("estimate", [by_moment, by_fit])
def test_error_bars_of_the_variances_are_the_scatter(repeats, estimate):
    """Pooled over repeats and bins, which tells 3 %."""
    value, error = estimate(repeats[:, LATE])
    pooled = np.sqrt((value.var(axis=0, ddof=1) / (error**2).mean(axis=0)).mean())
    assert abs(pooled - 1) < 4 / np.sqrt(2 * value.size), f"variances scatter {pooled:.3f} error bars"


def test_gaussian_fit_is_more_precise_if_the_profile_is_gaussian(repeats):
    direct, fitted = (diffusion_constants(f, repeats)[0].std() for f in (by_moment, by_fit))
    assert fitted < direct, (fitted, direct)


@pytest.mark.slow
def test_deviance_of_a_good_fit_is_that_of_poisson_counts():
    """Above 1 where few counts are expected; three per profile are lost to the fit."""
    from scipy.stats import poisson

    mean = mean_counts(gaussian_profiles(X, TIMES, D), n_photons=5e4)[LATE]
    k = np.arange(800.0)[:, None, None]
    terms = 2 * (k * np.log(np.maximum(k, 1) / mean) - k + mean)
    expected = ((poisson.pmf(k, mean) * terms).sum(axis=0).sum(axis=1) - 3) / (len(STOPS) - 3)
    found = fit_gaussian(record_counts(mean, shape=40, rng=9), STOPS, background=2.0).deviance.mean(axis=1)
    off = (found.mean() - expected.mean()) / found.std(ddof=1) * np.sqrt(len(found))
    assert abs(off) < 4, f"deviance {found.mean():.3f}, not {expected.mean():.3f}: {off:.1f} standard errors"


def test_fitted_gaussian_is_the_best_one(repeats):
    """Against a general minimizer, for one profile."""
    from scipy.optimize import minimize

    counts = repeats[0, 20]

    def loss(theta):
        mean = np.exp(theta[0] - (STOPS - theta[1]) ** 2 / 2e5 / theta[2]) + 2.0
        return (mean - counts * np.log(mean)).sum()

    best = minimize(loss, [np.log(counts.max()), 0.0, 2.0], method="Nelder-Mead", options={"fatol": 1e-11})
    fit = fit_gaussian(counts, STOPS, background=2.0)
    assert_law("maximum of the likelihood", fit.variance, 1e5 * best.x[2], 1e-3 * fit.standard_error)


def test_direct_moment_needs_no_gaussian_and_a_fit_does():
    """A localized, two-sided exponential profile that grows: the moment is right, the fit is not."""
    n = np.arange(-300, 301)
    lengths = 12 * np.sqrt(1 + TIMES[:, None] / 2000)
    populations = np.exp(-abs(n) / lengths)
    populations /= populations.sum(axis=1, keepdims=True)
    truth = 100 * frenkel.mean_squared_displacement(populations, n)
    true_rate = (truth[-1] - truth[0]) / TIMES[-1] / 200
    profiles = lattice_profiles(X, populations, n, spacing=10.0, spot=200.0)
    counts = record_counts(mean_counts(profiles, n_photons=2e7), rng=3)[LATE]
    direct = fit_diffusion_constant(CENTERS[LATE], *second_moment(counts, STOPS, background=2.0))
    fitted = fit_diffusion_constant(CENTERS[LATE], *fit_gaussian(counts, STOPS, background=2.0)[:2])
    assert abs(direct.value - true_rate) < 4 * direct.standard_error, (direct, true_rate)
    assert abs(fitted.value - true_rate) > 10 * fitted.standard_error, (fitted, true_rate)


def test_diffraction_tails_bias_both_estimators():
    """With Airy rings a window loses what spreads into the tails; a fit errs with the background."""
    counts = mean_counts(gaussian_profiles(X, TIMES, D), Microscope(), background=0.0)[LATE]
    first = []
    for window in (1000.0, 2000.0):
        moments = second_moment(counts, STOPS, window=window)
        first.append(moments.value[0])
        rate = fit_diffusion_constant(CENTERS[LATE], *moments).value
        assert 0.7 * D < rate < 0.96 * D, f"D = {rate:.3f} within {window} nm"
    assert first[1] > 1.4 * first[0], "the second moment of an Airy image converges?"
    found = []
    for background in (0.0, 5.0):
        fit = fit_gaussian(counts + background, STOPS, background=background)
        found.append(fit_diffusion_constant(CENTERS[LATE], *fit[:2]).value / D)
    assert found[0] < 0.97 and found[1] > 1.05, f"Gaussian fits to Airy images are not biased: {found}"


def test_unsubtracted_background_mimics_transport():
    """It mixes in the moment of a flat profile, the more the fewer excitons are left."""
    counts = mean_counts(gaussian_profiles(X, TIMES, D))[LATE]
    flat = second_moment(counts, STOPS).value
    right = second_moment(counts, STOPS, background=2.0).value
    signal = (counts - 2).sum(axis=1)
    mixed = (signal * right + 2 * (STOPS**2).sum()) / (signal + 2 * len(STOPS))
    assert_law("mixture of moments", flat / mixed, 1.0, 1e-12)
    assert (np.diff(flat - right) > 0).all(), "the error does not grow with time"


def test_background_comes_from_before_the_pulse(repeats):
    levels = np.array([background_level(record, EDGES, before=-200.0) for record in repeats])
    assert_law("error of the background", levels[:, 1], np.sqrt(2.0 / (2 * len(STOPS))), 0.05)
    scatter = levels[:, 0].std(ddof=1) / levels[:, 1].mean()
    assert abs(scatter - 1) < 4 / np.sqrt(2 * len(levels)), f"background scatters {scatter:.2f} error bars"
    assert abs(levels[:, 0].mean() - 2.0) < 4 * levels[0, 1] / np.sqrt(len(levels))


def test_a_wrong_background_is_in_the_error(repeats):
    """Background known to ±0.5 counts: late moments scatter as much as the error says, twice photon noise."""
    levels = 2.0 + 0.5 * np.random.default_rng(11).standard_normal(len(repeats))
    pairs = zip(repeats[:, -1], levels, strict=True)
    moments = [second_moment(c, STOPS, background=b, background_error=0.5) for c, b in pairs]
    value, error = np.array(moments).T
    photons = second_moment(repeats[:, -1], STOPS, background=2.0).standard_error.mean()
    assert error.mean() > 1.5 * photons, "background hardly matters here"
    scatter = value.std(ddof=1) / error.mean()
    assert abs(scatter - 1) < 4 / np.sqrt(2 * len(levels)), f"moments scatter {scatter:.2f} error bars"


def test_truncation_is_undone_for_a_gaussian():
    from scipy.stats import truncnorm

    for a in (0.3, 1.0, 2.0, 4.0, 9.0):
        cut = truncnorm(-a, a).var() * 50.0**2
        assert_law(f"truncation at {a} σ", untruncated_variance(cut, a * 50.0) / 2500, 1.0, 1e-7)


def test_msd_is_zero_at_its_reference(repeats):
    msd = direct_msd(repeats[:, LATE], STOPS, background=2.0)
    assert_law("MSD at the reference", msd.value[:, 0])
    scatter = msd.value.std(axis=0, ddof=1)[1:] / msd.standard_error.mean(axis=0)[1:]
    assert abs(scatter - 1).max() < 4 / np.sqrt(2 * len(repeats)), f"MSD scatters {scatter} error bars"


@pytest.mark.parametrize("estimate", [lambda data: np.nan, lambda data: np.ones(int(data.sum()) % 7)])
def test_estimates_that_fail_are_named(estimate):
    with pytest.raises(ValueError, match="Argument `estimate` must be a function that returns finite"):
        bootstrap(estimate, [4.0, 9.0], rng=1)


def test_profiles_without_a_fit_are_named():
    with pytest.raises(RuntimeError, match="no finite Gaussian fit"):
        fit_gaussian([[9.0, 5.0, 9.0]], [-1.0, 0.0, 1.0])
