"""The synthetic microscope obeys optics, and its estimators find what was put in, within their error bars.

All seeds are fixed. Statistical comparisons allow four standard errors; coverages, four standard errors of
a fraction of that many repeats.
"""

import frenkel
import numpy as np
import pytest
from frenkel.microscope.fits import fit_diffusion_constant, fit_gaussian
from frenkel.microscope.imaging import Microscope, expected_counts, record_counts, transfer_function
from frenkel.microscope.moments import background_level, direct_msd, second_moment
from frenkel.microscope.profiles import gaussian_profiles, lattice_profiles
from frenkel.microscope.smoothing import bootstrap, smooth_diffusivity
from frenkel.microscope.windows import untruncated_variance
from hostile import JUNK, NAN, NON_NEGATIVE, ONE, POSITIVE, WHOLE, assert_refused
from laws import assert_law
from test_library import fresh_python

FWHM = np.sqrt(8 * np.log(2))
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


def test_diffraction_is_the_overlap_of_two_pupils():
    """The factor at ν is the shared area of two unit disks 2ν apart, found here by integration."""
    height = np.sin(np.linspace(-np.pi / 2, np.pi / 2, 200001))
    sharp = Microscope(detector_size=1e-6)
    for reduced in (0.0, 0.1, 0.5, 0.9, 1.0, 1.7):
        chords = 2 * np.maximum(np.sqrt(1 - height**2) - reduced, 0.0)
        overlap = np.trapezoid(chords, height) / np.pi
        found = transfer_function(reduced * 2 * 0.6 / 525.0, sharp)
        assert_law(f"overlap of the pupils at ν = {reduced}", found, overlap, 1e-8)


def test_detector_averages_over_its_face():
    """At the first zero, one period fits the 50 µm / 120 of the sample that it sees."""
    assert_law("zero of the detector", transfer_function(120 / 50e3, SMOOTH))


def test_variances_of_spot_blur_and_detector_add():
    r"""σ² = σ₀² + 2D(t − σ_R²/τ) + (0.21 λ/NA)² + s²/12: response and decay only set the clock back."""
    edges = np.arange(400.0, 3000.0, 2.0)
    profiles = gaussian_profiles(X, TIMES, D)
    counts = expected_counts(profiles, X, TIMES, edges, lifetime=700.0, n_photons=1.0, microscope=SMOOTH)
    found = counts @ X**2 / counts.sum(axis=1)
    clock = (edges[1:] + edges[:-1]) / 2 - (70 / FWHM) ** 2 / 700
    fixed = (300 / FWHM) ** 2 + (0.21 * 525 / 0.6) ** 2 + (50e3 / 120) ** 2 / 12
    # the tails beyond ±3000 nm hold 3e-4 of the variance at the end
    assert_law("sum of variances", found[:1000] / (fixed + 200 * D * clock[:1000]), 1.0, 1e-4)


def test_light_is_counted_once_and_in_its_time():
    expected = mean_counts(gaussian_profiles(X, TIMES, D))
    assert_law("signal and background", expected.sum(), 2e6 + 2.0 * expected.size, 1e-3)
    assert_law("bins before the pulse", expected[EDGES[1:] <= -200], 2.0, 1e-6)
    signal = (expected - 2).sum(axis=1)
    # one lifetime apart, but for what leaves the scan; the first bins feel the response
    assert_law("decay", signal[20:35] / signal[5:20], np.exp(-1.0), 2e-4)


def test_excitation_adds_to_the_spreading_of_the_lattice():
    n = np.arange(-40, 41)
    populations = np.exp(-np.abs(n) / 5) / np.exp(-np.abs(n) / 5).sum()
    profile = lattice_profiles(X, populations[None], n, spacing=10.0)[0]
    assert_law("probability", np.trapezoid(profile, X), 1.0, 1e-9)
    spread = 100 * frenkel.mean_squared_displacement(populations, n) + (300 / FWHM) ** 2
    assert_law("variances add", np.trapezoid(profile * X**2, X) / spread, 1.0, 1e-9)


def test_counts_are_poisson(repeats):
    expected = mean_counts(gaussian_profiles(X, TIMES, D))
    off = (repeats.mean(axis=0) - expected) / np.sqrt(expected / len(repeats))
    assert abs(off.mean()) * np.sqrt(off.size) < 4, "mean of the counts is wrong"
    assert abs((off**2).mean() - 1) < 4 * np.sqrt(2.5 / off.size), "variance of the counts is not their mean"


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


FLAT = {"counts": [[9.0, 20.0, 9.0], [9.0, 15.0, 9.0]], "positions": [-9.0, 0.0, 9.0]}
GRID = [*JUNK, 3.0, [0.0, 1.0], [0.0, 1.0, 3.0], [2.0, 1.0, 0.0], [[0.0, 1.0, 2.0]]]
COUNTS = [*NON_NEGATIVE, 3.0, [1.0, 2.0], [0.0, 0.0, 0.0]]
CALLS = [
    (transfer_function, {"frequencies": 0.1}, {"frequencies": JUNK, "microscope": [3, "x", (1, 2)]}),
    (
        lattice_profiles,
        {"positions": X, "populations": [[0.5, 0.5]], "displacements": [0, 1]}
        | {"spacing": 9.0, "spot": 9.0},
        {
            "positions": GRID,
            "populations": [*NON_NEGATIVE, [0.5, 0.5], np.ones((1, 3))],
            "displacements": JUNK,
        }
        | {"spacing": [*POSITIVE, *ONE], "spot": [*POSITIVE, *ONE]},
    ),
    (
        background_level,
        {"counts": [[1.0], [2.0], [3.0]], "bin_edges": [-3.0, -2.0, -1.0, 0.0], "before": -1.0},
        {"counts": [*NON_NEGATIVE, [1.0, 2.0], [[1.0]]], "bin_edges": GRID, "before": [*JUNK, *ONE, -9.0]},
    ),
    (
        untruncated_variance,
        {"moment": 1.0, "half_width": 3.0},
        {"moment": [*POSITIVE, 3.0, 9.0], "half_width": [*POSITIVE, *ONE]},
    ),
    (direct_msd, FLAT | {"reference": 0}, {"counts": [*COUNTS, [1.0, 2.0, 1.0]], "reference": [*WHOLE, 2]}),
    (
        fit_gaussian,
        FLAT | {"background": 1.0},
        {"counts": COUNTS, "positions": GRID, "background": NON_NEGATIVE},
    ),
    (
        fit_diffusion_constant,
        {"times": [0.0, 1.0], "variance": [1.0, 2.0], "errors": [1.0, 1.0]},
        {"times": [*JUNK, [0.0], [1.0, 0.0]], "variance": [*JUNK, [1.0]], "errors": [*POSITIVE, [1.0]]},
    ),
    (
        bootstrap,
        {"estimate": np.sum, "data": [1.0, 2.0], "resample": "repeats", "n_resamples": 10, "rng": 1},
        {"estimate": [None, 3], "data": [*JUNK, 3.0, [1.0]], "resample": [None, "x", 3], "rng": ["x", -1]}
        | {"n_resamples": [*WHOLE, 9]},
    ),
]


@pytest.mark.parametrize(
    ("function", "call", "argument", "values"),
    [(f, call, name, values) for f, call, refused in CALLS for name, values in refused.items()],
    ids=[f"{f.__name__}-{name}" for f, _, refused in CALLS for name in refused],
)
def test_hostile_arguments_are_refused(function, call, argument, values):
    assert_refused(function, call, argument, values)


@pytest.mark.parametrize("field", Microscope._fields)
def test_impossible_microscopes_are_refused(field):
    with pytest.raises((ValueError, TypeError), match=f"Argument `{field}` must be"):
        transfer_function(0.1, Microscope(**{field: NAN}))


@pytest.mark.parametrize("estimate", [lambda data: np.nan, lambda data: np.ones(int(data.sum()) % 7)])
def test_estimates_that_fail_are_named(estimate):
    with pytest.raises(ValueError, match="Argument `estimate` must be a function that returns finite"):
        bootstrap(estimate, [4.0, 9.0], rng=1)


def test_profiles_without_a_fit_are_named():
    with pytest.raises(RuntimeError, match="no finite Gaussian fit"):
        fit_gaussian([[9.0, 5.0, 9.0]], [-1.0, 0.0, 1.0])


def test_the_microscope_needs_numpy_alone():
    """Explorers may call it."""
    fresh_python("""
import sys
for name in ("scipy", "matplotlib", "tqdm"):
    sys.modules[name] = None  # an import now fails
import numpy as np
from frenkel.microscope import fits, imaging, moments, profiles, smoothing, windows
from frenkel.rivals import annihilation, dark_states, transient_localization
x, t = np.linspace(-2000, 2000, 101), np.arange(0, 1001, 25.0)
edges = np.arange(0, 1001, 100.0)
mean = imaging.expected_counts(profiles.gaussian_profiles(x, t, 0.2), x, t, edges, background=1.0)
counts = imaging.record_counts(mean, rng=1)
moment, error = moments.second_moment(counts, x, background=1.0)
windows.untruncated_variance(1.0, 3.0), fits.fit_gaussian(counts, x, background=1.0)
smoothing.smooth_diffusivity(edges[1:], moment, error)
dark_states.bright_fraction(9.0, 1.0), transient_localization.transient_localization_diffusivity(1.0, 1.0)
annihilation.annihilation_profiles(x, [0.0, 1.0], density=1e11, rate=0.1)
""")
