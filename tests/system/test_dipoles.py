"""From a spectrum to a coupling: the paper's table, the constants, the geometry, and extended dipoles."""

import frenkel
import numpy as np
import pytest
import scipy.constants as constants
from assertions import assert_law
from conftest import CONVERGED, EXACT
from frenkel import extended_orientation_factor, orientation_factor
from frenkel.system.dipoles import DIPOLE_STRENGTH
from frenkel.system.samples import KAPPA, PEAK_ENERGY, REFRACTIVE_INDEX, SAMPLES
from scipy.integrate import quad
from scipy.special import zeta

X, Y, Z = np.eye(3)
DIPOLES = {"OA-1": 85.2, "OA-2": 97.1, "DAB-1": 93.5, "DAB-2": 104.0, "DAB-3": 86.9}  # debye, Eq. 1
COUPLINGS = {"OA-1": 23, "OA-2": 24, "DAB-1": 40, "DAB-2": 37, "DAB-3": 35}  # meV, Eq. 2 as printed


def dipole_of(sample):
    return frenkel.transition_dipole(sample.extinction, sample.linewidth, PEAK_ENERGY, REFRACTIVE_INDEX)


@pytest.mark.parametrize("name", SAMPLES)
def test_dipole_of_the_five_samples(name):
    assert round(float(dipole_of(SAMPLES[name])), 1) == DIPOLES[name]


@pytest.mark.parametrize("name", SAMPLES)
def test_coupling_of_the_five_samples(name):
    sample = SAMPLES[name]
    arguments = (sample.dipole, sample.distance, REFRACTIVE_INDEX, KAPPA)
    # The paper rounds to 1 meV.
    assert frenkel.dipolar_coupling(*arguments, convention="paper") == pytest.approx(
        COUPLINGS[name], abs=0.51
    )


def test_dipole_strength_follows_from_constants():
    debye = 1e-21 / constants.c
    per_molar_per_cm = 0.1  # m²/mol
    strength = 3 * constants.hbar * constants.c * constants.epsilon_0 * np.log(10) / np.pi / constants.N_A
    # The paper prints four digits.
    assert strength * per_molar_per_cm / debye**2 == pytest.approx(DIPOLE_STRENGTH, rel=5e-5)


def test_conventions_differ_by_the_full_solid_angle():
    printed = frenkel.dipolar_coupling(90.0, 10.0, 1.8, convention="paper")
    assert printed / frenkel.dipolar_coupling(90.0, 10.0, 1.8) == pytest.approx(4 * np.pi, rel=EXACT)


def test_si_coupling_is_the_energy_of_two_dipoles():
    dipole, distance = 90e-21 / constants.c, 10e-9
    energy = 2 * dipole**2 / (4 * np.pi * constants.epsilon_0 * 1.8**2 * distance**3)
    # Our vacuum permittivity and SciPy's may belong to different CODATA sets.
    assert frenkel.dipolar_coupling(90.0, 10.0, 1.8) == pytest.approx(
        energy / constants.e * 1e3, rel=CONVERGED
    )


@pytest.mark.parametrize(
    ("first", "second", "separation", "kappa"),
    [(X, X, X, -2), (Z, Z, X, 1), (X, -X, X, 2), (X, Z, X, 0), (X, X, [1, np.sqrt(2), 0], 0)],
)
def test_orientation_factor_of_known_geometries(first, second, separation, kappa):
    assert orientation_factor(first, second, separation) == pytest.approx(kappa, abs=EXACT)


def test_orientation_factor_of_random_dipoles():
    first, second, separation = np.random.default_rng(1).standard_normal((3, 40_000, 3))
    kappa = orientation_factor(first, second, separation)
    error = (kappa**2).std() / np.sqrt(kappa.size)
    assert abs((kappa**2).mean() - 2 / 3) < 4 * error


@pytest.mark.parametrize(
    ("dimension", "direction", "expected"),
    [(1, X, -4 * zeta(3)), (1, Z, 2 * zeta(3)), (2, X, -4.516811), (2, Z, 9.033622), (3, X, 0.0)],
)
def test_lattice_sums(dimension, direction, expected):
    # Square lattice: 4 ζ(3/2) β(3/2) = 9.033622. The tail is an integral, good to 1e-5 beyond 60 sites.
    total = frenkel.dipole_lattice_sum(dimension, direction, radius=60 if dimension < 3 else 20)
    assert total == pytest.approx(expected, abs=2e-3)


SLANTED = [[1, 2, 2], [3, 0, 4], [0, -2, 1]]


@pytest.mark.parametrize("direction", [X, Z, *SLANTED])
def test_lattice_sum_of_a_chain_at_every_radius(direction):
    """(1 - 3 cos²θ) 2 ζ(3); the midpoint rule for the tail of 2/n³ is off by at most 1/(4 (R + ½)⁴)."""
    factor = 1 - 3 * direction[0] ** 2 / np.dot(direction, direction)
    for radius in (1, 2, 3, 10, 100):
        off = frenkel.dipole_lattice_sum(1, direction, radius=radius) - factor * 2 * zeta(3)
        assert abs(off) <= abs(factor) / (4 * (radius + 0.5) ** 4) + EXACT, (
            f"radius {radius}: off by {off:.2g}"
        )


@pytest.mark.parametrize("direction", SLANTED)
def test_lattice_sum_of_a_square_lattice_in_any_direction(direction):
    """(1 - 3/2 sin²θ) 4 ζ(3/2) β(3/2); circles of radius R hold πR² sites up to about √R, so 4 R^(-5/2)."""
    beta = (zeta(1.5, 0.25) - zeta(1.5, 0.75)) / 8
    factor = 1 - 1.5 * (direction[0] ** 2 + direction[1] ** 2) / np.dot(direction, direction)
    for radius in (10, 30, 100):
        off = frenkel.dipole_lattice_sum(2, direction, radius=radius) - factor * 4 * zeta(1.5) * beta
        assert abs(off) <= 4 * abs(factor) * radius**-2.5, f"radius {radius}: off by {off:.2g}"


def test_first_order_error_of_a_power_law():
    value, error = frenkel.propagate_uncertainty(lambda a: a**-3, [11.2], [1.1])
    assert value == pytest.approx(11.2**-3, rel=EXACT)
    assert error == pytest.approx(3 * 1.1 * 11.2**-4, rel=CONVERGED)


def test_cubic_distance_raises_the_mean_and_keeps_the_median():
    samples = frenkel.sample_uncertainty(lambda a: a**-3, [1.0], [0.02], n_samples=400_000, rng=1)
    error = samples.std() / np.sqrt(samples.size)
    assert abs(samples.mean() - (1 + 6 * 0.02**2 + 45 * 0.02**4)) < 4 * error
    assert abs(np.median(samples) - 1) < 4 * 1.2533 * error


def test_samples_have_the_stated_means_and_spreads():
    samples = frenkel.sample_uncertainty(lambda a, b: a - b, [5.0, 2.0], [0.3, 0.4], rng=1)
    error = 0.5 / np.sqrt(samples.size)
    assert abs(samples.mean() - 3.0) < 4 * error
    assert abs(samples.std() - 0.5) < 4 * error / np.sqrt(2)


def smoothed_field(size, distance, along, autocorrelation):
    """κ of cubes on the x axis from 1/r = (2/√π) ∫ exp(-t²r²) dt, which splits into three axes."""
    node, weight = np.polynomial.legendre.leggauss(60)
    shift = np.concatenate([node - 1, node + 1]) / 2
    weight = np.tile(weight, 2) * autocorrelation(np.abs(shift))
    weight /= weight.sum()

    def integrand(t):
        x, y = distance + size * shift, size * shift
        plain = [weight @ np.exp(-((t * u) ** 2)) for u in (x, y)]
        curved = [weight @ ((4 * t**4 * u**2 - 2 * t**2) * np.exp(-((t * u) ** 2))) for u in (x, y)]
        return curved[0] * plain[1] ** 2 if along else plain[0] * curved[1] * plain[1]

    return -2 / np.sqrt(np.pi) * quad(integrand, 0, 40 / distance, limit=400)[0] * distance**3


@pytest.mark.parametrize("along", [True, False])
@pytest.mark.parametrize("profile", ["cos", "cos2", "uniform"])
def test_extended_dipoles_agree_with_a_gaussian_transform(profile, along):
    x = np.linspace(-0.5, 0.5, 20_001)
    density = {"cos": np.cos(np.pi * x), "cos2": np.cos(np.pi * x) ** 2, "uniform": np.ones_like(x)}[profile]

    def autocorrelation(shift):
        moved = [np.interp(x + s, x, density, right=0.0) for s in shift]
        return np.trapezoid(np.array(moved) * density, x, axis=1)

    expected = smoothed_field(8.4, 9.9, along, autocorrelation)
    value = extended_orientation_factor(8.4, [9.9, 0, 0], X if along else Z, profile=profile)
    # The density is tabulated on 20 001 points; where the uniform one ends, that costs 1e-4.
    assert value == pytest.approx(expected, rel=2e-4)


def test_extended_dipoles_agree_with_random_points():
    # Inverse of the distribution function of cos(πx) on (-1/2, 1/2).
    points = np.arcsin(2 * np.random.default_rng(3).random((2, 200_000, 3)) - 1) / np.pi
    separation = np.array([1.3, 0.4, 0.2])
    apart = separation + points[1] - points[0]
    distance = np.linalg.norm(apart, axis=1)
    kappas = orientation_factor([1, 2, 0], [1, 2, 0], apart) * np.linalg.norm(separation) ** 3 / distance**3
    error = kappas.std() / np.sqrt(kappas.size)
    assert abs(extended_orientation_factor(1.0, separation, [1, 2, 0]) - kappas.mean()) < 4 * error


@pytest.mark.parametrize("direction", [X, Z, [1, 2, 3]])
def test_extended_dipoles_become_points_far_away(direction):
    far = np.array([30.0, 10.0, 5.0])
    expected = orientation_factor(direction, direction, far)
    assert extended_orientation_factor(1.0, far, direction) == pytest.approx(expected, abs=CONVERGED)


COSINE_CUMULANT = 1 / 16 - 3 / np.pi**2 + 24 / np.pi**4 - 3 * (1 / 4 - 2 / np.pi**2) ** 2


@pytest.mark.parametrize(("profile", "cumulant"), [("uniform", -1 / 120), ("cos", COSINE_CUMULANT)])
def test_extended_dipoles_start_at_the_fourth_power(profile, cumulant):
    deviation = extended_orientation_factor(1.0, [8.0, 0, 0], X, profile=profile) / -2 - 1
    # The next term is smaller by (L/R)² and a number of order ten.
    assert deviation * 8**4 == pytest.approx(52.5 * cumulant, rel=0.05)


def test_extended_dipoles_of_the_three_polarizations_cancel():
    factors = [extended_orientation_factor(1.0, [1.2, 0.3, 0.1], direction) for direction in (X, Y, Z)]
    assert sum(factors) == pytest.approx(0, abs=CONVERGED)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((8.4, [8.5, 0, 0], X), "`separation` must be .* 8.82 or more"),
        ((8.4, [9.9, 0], X), "`separation`"),
        ((8.4, [9.9, 0, 0], [0, 0, 0]), "`direction` must be a non-zero"),
        ((-1.0, [9.9, 0, 0], X), "`size` must be a positive"),
    ],
)
def test_extended_dipoles_refuse(arguments, words):
    with pytest.raises(ValueError, match=words):
        extended_orientation_factor(*arguments)


def test_extended_dipoles_refuse_an_unknown_profile():
    with pytest.raises(ValueError, match="`profile` must be one of 'cos', 'cos2', 'uniform'"):
        extended_orientation_factor(1.0, [2, 0, 0], X, profile="point")


@pytest.mark.parametrize("size", [1e-170, 1e-3, 1e49])
def test_directions_have_any_length(size):
    tilted = np.array([1.0, 2.0, -0.5])
    kappa = frenkel.orientation_factor(tilted, [0, 1, 1], [1, 1, 0])
    assert_law("κ", frenkel.orientation_factor(size * tilted, [0, size, size], [size, size, 0]), kappa)
    total = frenkel.dipole_lattice_sum(2, tilted, radius=5)
    assert_law("lattice sum", frenkel.dipole_lattice_sum(2, size * tilted, radius=5), total)
    extended = frenkel.extended_orientation_factor(1.0, [2.0, 0, 0], tilted)
    assert_law("extended κ", frenkel.extended_orientation_factor(1.0, [2.0, 0, 0], size * tilted), extended)
    couplings = frenkel.long_range(frenkel.square(6), tilted, cutoff=1.5).couplings
    assert_law("J", frenkel.long_range(frenkel.square(6), size * tilted, cutoff=1.5).couplings, couplings)


def test_uncertainties_of_functions_that_fail_are_refused():
    for function in (lambda x: np.nan * x, lambda x: np.where(np.asarray(x) > 2.0, np.inf, x)):
        for ask in (frenkel.propagate_uncertainty, frenkel.sample_uncertainty):
            with pytest.raises(ValueError, match="Argument `function` must be finite"):
                ask(function, [2.0], [0.1])


def test_uncertainty_of_a_nearly_certain_value():
    """A thousandth of so small an error would be lost to rounding."""
    value, error = frenkel.propagate_uncertainty(lambda x: x**2, [3.0], [1e-14])
    assert_law("σ_f = 2 x σ", error / 6e-14, 1, 1e-6)
    assert value == 9
