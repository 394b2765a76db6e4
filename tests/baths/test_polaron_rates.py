"""Polaron hops: checked values, detailed balance, limits, one golden rule by diagonalization, networks."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import CONVERGED, EXACT
from frenkel import BrownianBath, DrudeBath, exact
from frenkel.baths import _golden_rule
from frenkel.motion import thermal_rates
from references import ring_rates

PHONON = BrownianBath(1.0, 2.0, 0.5, 1.0)
BATHS = [
    PHONON,
    BrownianBath(1.0, 2.0, 0.5, 0.15),
    BrownianBath(3.0, 1.0, 2.2, 0.3),
    DrudeBath(0.5, 0.5, 1.0),
    DrudeBath(0.5, 3.0, 0.1),
    DrudeBath(40.0, 0.5, 1.0),
]


def by_real_time(bath, falls, longest):
    """k(δ) by Gauss and Legendre along the real axis, with panels that shrink towards t = 0."""
    nodes, weights = np.polynomial.legendre.leggauss(16)
    edges = np.concatenate(
        [[0], np.geomspace(1e-7, 0.05, 50), np.linspace(0.05, longest, int(8 * longest))[1:]]
    )
    t = (edges[:-1, None] + np.diff(edges)[:, None] * (nodes + 1) / 2).ravel()
    w = (np.diff(edges)[:, None] * weights / 2).ravel()
    overlap = w * np.exp(-2 * (bath.line_shape(t) + 1j * bath.reorganization * t))
    return 2 * (np.exp(-1j * np.multiply.outer(falls, t)) @ overlap).real


def test_checked_values():
    found = frenkel.polaron_hopping_rate([0.0, 1.0, -1.0], PHONON)
    assert_law("physics.md 11", found, [1.45967, 0.33714, 0.91643], 6e-6)


@pytest.mark.parametrize(
    ("bath", "longest"), [(PHONON, 70), (BATHS[2], 30), (BATHS[3], 40), (BATHS[5], 5)], ids=str
)
def test_contour_equals_the_integral_over_real_times(bath, longest):
    falls = np.array([-9.0, -3.0, -1.0, 0.0, 0.5])
    expected = by_real_time(bath, falls, longest)
    assert_law("k", frenkel.polaron_hopping_rate(falls, bath), expected, 1e-8 * expected.max())


@pytest.mark.parametrize("bath", BATHS, ids=str)
def test_detailed_balance_without_the_formula_for_it(bath):
    """The contour at τ gives uphill rates as well; near the middle of the strip it needs no symmetry."""
    for change in np.array([0.3, 1.0, 3.0]) * bath.temperature:
        overlap = _golden_rule._overlap(bath, 0.0, 8 * bath.temperature)
        up, down = _golden_rule._spectrum(bath, np.array([-change, change]), overlap)
        assert_law("k(δ)/k(-δ)", up / down * np.exp(change / bath.temperature), 1, 1e-6)
    up, down = frenkel.polaron_hopping_rate([2.0, -2.0], bath)
    assert_law("k(δ)/k(-δ)", up / down * np.exp(2.0 / bath.temperature), 1, EXACT)


@pytest.mark.parametrize("bath", BATHS, ids=str)
def test_the_golden_rule_has_its_sum(bath):
    """∫k dδ = 2π J²; and the mean of δ over k is -λ_r."""
    widest = 30 * np.sqrt(bath.static_variance) + 12 * bath.reorganization + 60 * bath.temperature
    changes = np.linspace(-widest, widest, 40_001)
    rates = frenkel.polaron_hopping_rate(changes, bath)
    # Between narrow phonon lines the grid is fine enough; a Drude bath leaves λγ/δ² beyond its ends.
    assert_law("∫k dδ", np.trapezoid(rates, changes) / (2 * np.pi), 1, 0.02)


def test_marcus_is_the_slow_hot_limit():
    changes = np.array([-6.0, -4.0, 0.0, 2.0])
    errors = []
    for kT in (4.0, 40.0):
        scaled = changes * np.sqrt(kT)
        found = frenkel.polaron_hopping_rate(scaled, DrudeBath(2.0, 1e-3, kT))
        errors.append(np.abs(found / thermal_rates.marcus_rate(scaled, 4.0, kT) - 1).max())
    assert errors[0] < 2e-3 and errors[1] < errors[0] / 3, f"not Marcus: {errors}"


def test_white_noise_is_the_fast_hot_limit():
    changes, errors = np.array([-2.0, 0.0, 1.0]), []
    for cutoff in (1e2, 1e3):
        bath = DrudeBath(cutoff / 4e5, cutoff, 1e5)  # Γ = 1
        found = frenkel.polaron_hopping_rate(changes, bath)
        errors.append(np.abs(found / exact.hopping_rate(changes, bath.white_noise_rate) - 1).max())
    assert errors[0] < 0.02 and errors[1] < errors[0] / 8, f"not white noise: {errors}"


def test_weak_coupling_is_one_phonon_at_a_time():
    """Redfield far from resonance: 2·2J²/δ² 𝒥(δ)(n + 1), to first order in λ."""
    kT, gap, errors = 0.7, 3.0, []
    for strength in (1e-2, 1e-3):
        bath = DrudeBath(strength, 1.0, kT)
        one = 4 * bath.spectral_density(gap) / gap**2 / -np.expm1(-gap / kT)
        errors.append(abs(frenkel.polaron_hopping_rate(-gap, bath) / one - 1))
    assert errors[0] < 0.05 and errors[1] < errors[0] / 8, f"not one phonon: {errors}"


def test_interpolation_equals_single_calls():
    falls = np.random.default_rng(1).normal(scale=10, size=4000)
    for bath in BATHS[:2]:
        found = frenkel.polaron_hopping_rate(falls, bath)
        single = np.array([frenkel.polaron_hopping_rate(fall, bath) for fall in falls[:40]])
        assert_law("stack", found[:40] / single, 1, 1e-6)


def test_shapes_and_couplings_broadcast():
    found = frenkel.polaron_hopping_rate(np.ones((3, 1)), PHONON, coupling=[1.0, 2.0])
    assert found.shape == (3, 2)
    assert_law("J²", found[:, 1] / found[:, 0], 4)


def test_a_chain_is_bonds_in_series_and_a_ring_a_lattice():
    energies = frenkel.site_energies(30, 1.0, rng=2, shape=(2, 3))
    found = frenkel.polaron_diffusion_constant(energies, PHONON, coupling=0.5)
    assert found.shape == (2, 3)
    one = frenkel.polaron_diffusion_constant(energies[1, 2], PHONON)
    assert_law("stack, J²", found[1, 2] * 4 / one, 1)
    ring = frenkel.ring(30)._replace(couplings=0.5)
    lattice = frenkel.polaron_lattice_diffusion_constant(ring, energies, PHONON)
    assert_law("network of a ring", lattice / found, 1, 1e-8)


@pytest.mark.parametrize("kT", [0.3, 2.0])
def test_diffusion_constant_is_the_curvature_of_a_dispersion(kT):
    energies, q = np.array([0.3, -0.8, 0.1, 0.9, -0.2]), 1e-2
    bath = BrownianBath(1.0, 2.0, 0.5, kT)
    rates = ring_rates(energies, lambda change: frenkel.polaron_hopping_rate(change, bath))
    generator = rates - np.diag(rates.sum(axis=0))

    def decay(q):
        twisted = generator.astype(complex)
        twisted[0, 4] *= np.exp(-5j * q)
        twisted[4, 0] *= np.exp(5j * q)
        return -np.linalg.eigvals(twisted).real.max()

    expected = (16 * decay(q) - decay(2 * q)) / (12 * q**2)
    assert_law("D_s", frenkel.polaron_diffusion_constant(energies, bath) / expected, 1, 1e-5)


def test_a_plane_without_disorder_and_between_its_bounds():
    plane = frenkel.square(12, couplings=(1.0, 0.5))
    flat = [frenkel.polaron_lattice_diffusion_constant(plane, np.zeros(144), PHONON, axis=a) for a in (0, 1)]
    rate = frenkel.polaron_hopping_rate(0.0, PHONON)
    assert_law("k a²", flat, [rate, rate / 4], CONVERGED)
    energies = frenkel.site_energies(144, 1.0, rng=4)
    rows = frenkel.polaron_diffusion_constant(energies.reshape(12, 12).T, PHONON)
    found = frenkel.polaron_lattice_diffusion_constant(frenkel.square(12), energies, PHONON)
    share = np.exp(-energies / 1.0).reshape(12, 12).sum(axis=0)
    assert found > (rows * share).sum() / share.sum(), "ways around a bad bond do not help"


def test_cold_disorder_freezes():
    energies = frenkel.site_energies(500, 1.0, rng=3)
    found = [
        frenkel.polaron_diffusion_constant(energies, BrownianBath(0.5, 2.0, 0.5, kT))
        for kT in (2.0, 0.5, 0.1, 0.02)
    ]
    assert (np.diff(found) < 0).all() and found[-1] > 0


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: frenkel.polaron_hopping_rate(0.0, 3.0), "bath"),
        (lambda: frenkel.polaron_hopping_rate(1e9, PHONON), "energy_difference"),
        (lambda: frenkel.polaron_hopping_rate(0.0, BrownianBath(1e-8, 1.0, 1e-6, 1.0)), "bath"),
        (lambda: frenkel.polaron_diffusion_constant([0.0, 1.0], PHONON), "site_energies"),
        (
            lambda: frenkel.polaron_lattice_diffusion_constant(frenkel.chain(4), np.zeros(4), PHONON),
            "lattice",
        ),
        (
            lambda: frenkel.polaron_lattice_diffusion_constant(frenkel.ring(4), np.zeros(4), PHONON, axis=1),
            "axis",
        ),
    ],
)
def test_bad_arguments_are_named(call, named):
    with pytest.raises((ValueError, TypeError), match=f"Argument `{named}` must be .*, but is"):
        call()
