"""Bands, photons, dark states, annihilation, transient localization: the formulas of the rivals."""

import numpy as np
import pytest
from assertions import assert_law
from frenkel import exact
from frenkel.rivals.annihilation import annihilation_broadening, annihilation_profiles
from frenkel.rivals.bands import band_diffusivity, einstein_diffusivity
from frenkel.rivals.dark_states import bright_dark_diffusivity, bright_fraction
from frenkel.rivals.photons import photon_recycling_diffusivity
from frenkel.rivals.transient_localization import (
    transient_localization_diffusivity,
    transient_localization_length,
)
from frenkel.units import thermal_energy

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


@pytest.mark.slow
def test_split_steps_have_converged():
    x = np.linspace(-1500, 1500, 101)
    options = {"density": 1e11, "rate": 0.2, "diffusivity": 0.3, "lifetime": 800.0}
    few = annihilation_profiles(x, [0.0, 200.0], **options)[-1]
    many = annihilation_profiles(x, np.linspace(0, 200, 1001), **options)[-1]
    assert_law("step of the splitting", few / many.max(), many / many.max(), 1e-4)
