"""The microscope: blur, response, lifetime and counts; and what its functions refuse."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from frenkel.microscope.imaging import Microscope, expected_counts, record_counts, transfer_function
from frenkel.microscope.profiles import gaussian_profiles, lattice_profiles
from hostile import NAN
from public import fresh_python

FWHM = np.sqrt(8 * np.log(2))
SMOOTH = Microscope(point_spread="gaussian")
X = np.linspace(-3000.0, 3000.0, 301)
TIMES = np.arange(0.0, 4001.0, 20.0)
STOPS = np.linspace(-2500.0, 2500.0, 51)
EDGES = np.arange(-400.0, 4001.0, 100.0)
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


@pytest.mark.parametrize("field", Microscope._fields)
def test_impossible_microscopes_are_refused(field):
    with pytest.raises((ValueError, TypeError), match=f"Argument `{field}` must be"):
        transfer_function(0.1, Microscope(**{field: NAN}))


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
