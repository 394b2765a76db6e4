"""Localization lengths, participation and transmission against closed forms and each other."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import CONVERGED, EXACT
from frenkel import exact
from frenkel.states.levels import density_of_states, integrated_density_of_states, level_spacing_ratio
from frenkel.states.localization import localization_length, participation_ratio, transmission
from public import fresh_python
from scipy.integrate import quad
from scipy.special import gamma, zeta

NAN = float("nan")


def assert_within(value, error, expected, beyond=0.0):
    """Within four standard errors, and `beyond` (a known systematic part)."""
    off, allowed = abs(value - expected), 4 * error + beyond
    assert off <= allowed, f"{value:.5g} ± {error:.2g} is not {expected:.5g}"


def spectra(n_sites, disorder, n_chains, rng=1):
    energies = frenkel.site_energies(n_sites, disorder, rng=rng, shape=(n_chains,))
    return energies, np.linalg.eigh(frenkel.hamiltonian(frenkel.chain(n_sites), energies))


def test_participation_ratio_of_known_states():
    n = 20
    assert_law("one site", participation_ratio(np.eye(n)), 1)
    assert_law("even spread", participation_ratio(np.exp(1j * np.arange(n))), n)
    modes = np.linalg.eigh(frenkel.hamiltonian(frenkel.chain(n)))[1]
    assert_law("standing waves", participation_ratio(modes.T), 2 * (n + 1) / 3)


def test_participation_ratio_ignores_norm_and_never_overflows():
    psi = np.random.default_rng(1).normal(size=(3, 4, 9))
    expected = participation_ratio(psi)
    assert expected.shape == (3, 4) and (expected >= 1).all() and (expected <= 9).all()
    for factor in (1e-200, 1e40, -1j):
        assert_law("depends on the norm", participation_ratio(factor * psi), expected)


def test_eigenstates_spread_less_with_disorder_and_more_at_the_band_center():
    ratios = []
    for disorder in (0.5, 1.0, 2.0, 4.0):
        _, (levels, vectors) = spectra(300, disorder, 4)
        ratio = participation_ratio(vectors.swapaxes(-1, -2))
        ratios.append(ratio[abs(levels) < 0.5].mean())
        assert ratios[-1] > 1.5 * ratio[abs(levels) > 2.3].mean() or disorder > 1
    assert (np.diff(ratios) < 0).all(), f"participation ratios {ratios} do not fall with disorder"


def test_weak_disorder_inside_the_band():
    """2 (4 - E²) / Δ²; the next order is relative Δ² / (4 - E²)²-like, below 1 % here."""
    for energy in (0.7, -1.3):
        length, error = localization_length(energy, 0.2, n_sites=4_000_000, rng=1)
        expected = exact.weak_disorder_localization_length(energy, 0.2)
        assert error < 0.01 * length
        assert_within(length, error, expected, beyond=0.01 * expected)


def test_anomaly_of_the_band_center():
    """8.754 / Δ², and not the 8 / Δ² of perturbation theory."""
    length, error = localization_length(0.0, 0.2, n_sites=8_000_000, rng=1)
    expected = exact.band_center_localization_length(0.2)
    assert_within(length, error, expected, beyond=0.01 * expected)
    assert length - 4 * error > 1.03 * exact.weak_disorder_localization_length(0.0, 0.2)


@pytest.mark.parametrize("distance", [-0.02, -0.005, 0.0, 0.003, 0.01])
def test_band_edges(distance):
    """Halperin's white-noise formula; beyond it terms of relative order |E| - 2 and Δ^(4/3) = 0.5 %."""
    disorder = 0.02
    length, error = localization_length(2 + distance, disorder, rng=1)
    expected = exact.band_edge_localization_length(2 + distance, disorder)
    assert_within(length, error, expected, beyond=0.01 * expected)
    lower, _ = localization_length(-2 - distance, disorder, rng=2)
    assert_within(lower, error * np.sqrt(2), length)


def test_number_at_the_band_edge():
    """Mean slope of du = -u² dn + Δ dW, from its density with a constant current (Halperin)."""
    disorder = 0.3

    def weight(w, power):
        return w**power * np.exp(-(w**3) / (6 * disorder**2))

    areas = [quad(weight, 0, np.inf, args=(power,))[0] for power in (0.5, -0.5)]
    assert_law("ξ at the edge", 2 * areas[1] / areas[0], exact.band_edge_localization_length(2.0, disorder))
    closed = 2 * gamma(1 / 6) / np.sqrt(np.pi) / 6 ** (1 / 3)
    assert_law("in closed form", closed, exact.band_edge_localization_length(2.0, 1.0))
    assert f"{closed:.3f}" == "3.457"  # as the book prints it


def test_second_moment_of_a_localized_profile():
    """∫ x² p(x) dx of Gogolin's profile is 2 ζ(3) ξ², and ∫ p(x) dx is 1."""

    def weight(u, moment):  # ∫ exp(-(1 + u²)|x|/2ξ) dx = 4ξ/(1 + u²), and with x² it is 32ξ³/(1 + u²)³
        over_x = 32 / (1 + u**2) ** 3 if moment else 4 / (1 + u**2)
        return u * np.sinh(np.pi * u) * ((1 + u**2) / (1 + np.cosh(np.pi * u))) ** 2 * over_x

    for moment, expected in ((0, 1.0), (2, 2 * zeta(3))):
        integral, _ = quad(weight, 0, 40, args=(moment,))
        assert_law(f"moment {moment}", np.pi**2 / 8 * integral, expected)


def test_length_at_the_edge_scales_as_the_power_minus_two_thirds():
    disorder = np.array([0.01, 0.08])
    length, error = localization_length(2.0, disorder, n_sites=4_000_000, rng=1)
    power = np.log(length[1] / length[0]) / np.log(8)
    assert_within(power, np.hypot(*(error / length)) / np.log(8), -2 / 3, beyond=0.01)


def test_outside_the_band_the_clean_chain_decides():
    length, error = localization_length(3.0, 0.01, rng=1)
    assert_within(length, error, 1 / np.arccosh(1.5), beyond=1e-4)


def test_strong_disorder_limit():
    """γ → ⟨ln |ε|⟩ = ln Δ - (γ_Euler + ln 2) / 2; hops over near-resonant sites add terms of order 1/Δ."""
    length, error = localization_length(0.0, 1e4, n_sites=200_000, rng=1)
    assert_within(1 / length, error / length**2, np.log(1e4) - (np.euler_gamma + np.log(2)) / 2, beyond=1e-3)


@pytest.mark.slow
def test_determinants_agree():
    """Thouless: γ is the growth of ln |det(E - H)| with the length of the chain; LU knows no recursion."""
    n, m, disorder = 120, 200, 2.0
    energies = frenkel.site_energies(2 * n, disorder, rng=5, shape=(m,))
    H = frenkel.hamiltonian(frenkel.chain(2 * n), energies)
    for energy in (0.0, 1.5, 3.0):
        shifted = energy * np.eye(2 * n) - H
        gain = np.linalg.slogdet(shifted)[1] - np.linalg.slogdet(shifted[:, :n, :n])[1]
        length, error = localization_length(energy, disorder, rng=1)
        own_error = gain.std(ddof=1) / np.sqrt(m) / n
        assert_within(1 / length, np.hypot(error / length**2, own_error), gain.mean() / n)


def test_box_and_gaussian_agree_for_equal_weak_variance():
    gaussian, first = localization_length(1.0, 0.2, n_sites=2_000_000, rng=1)
    box, second = localization_length(1.0, 0.2 * np.sqrt(12), distribution="box", n_sites=2_000_000, rng=2)
    assert_within(box, np.hypot(first, second), gaussian)


def test_energies_and_disorders_broadcast():
    energies, disorders = np.array([0.3, 2.5]), np.array([[1.0], [2.0]])
    length, error = localization_length(energies, disorders, n_sites=20_000, rng=3)
    assert length.shape == error.shape == (2, 2)
    one = localization_length(2.5, 1.0, n_sites=20_000, rng=3)
    assert_law("batch differs from loop", [length[0, 1], error[0, 1]], one, tolerance=CONVERGED)


def test_standard_error_is_the_scatter_between_seeds():
    runs = np.array([localization_length(0.5, 1.0, n_sites=50_000, rng=seed) for seed in range(60)])
    scatter, claimed = runs[:, 0].std(ddof=1), runs[:, 1].mean()
    assert abs(scatter / claimed - 1) < 4 / np.sqrt(2 * 59), f"scatter {scatter:.3g}, claimed {claimed:.3g}"
    long, error = localization_length(0.5, 1.0, n_sites=4_000_000, rng=100)
    assert_within(runs[:, 0].mean(), np.hypot(claimed / np.sqrt(60), error), long)


def test_too_few_sites_are_refused_with_the_number_that_would_do():
    with pytest.raises(RuntimeError, match="`n_sites` = ") as caught:
        localization_length(0.0, 0.1, n_sites=4000, rng=1)
    needed = int(float(str(caught.value).split("`n_sites` = ")[1].split()[0]))
    length, error = localization_length(0.0, 0.1, n_sites=needed, rng=1)
    assert error < 0.25 * length


def test_transmission_of_one_site_and_of_nothing():
    energy = np.linspace(-1.9, 1.9, 7)
    for barrier in (-3.0, 0.4, 50.0):
        expected = (4 - energy**2) / (4 - energy**2 + barrier**2)
        assert_law("one site", transmission(energy, [barrier]), expected)
    assert_law("a clean chain reflects", transmission(energy, np.zeros(50)), 1)


def test_transmission_equals_fisher_and_lee():
    """T = (2 sin k)² |G_1n|², G = (E - H - Σ)⁻¹ with Σ = e^{ik} on both ends."""
    n = 12
    energies = frenkel.site_energies(n, 1.5, rng=2, shape=(3,))
    for energy in (-1.2, 0.0, 1.9):
        inverse = energy * np.eye(n) - frenkel.hamiltonian(frenkel.chain(n), energies).astype(complex)
        k = np.arccos(energy / 2)
        inverse[:, [0, -1], [0, -1]] -= np.exp(1j * k)
        green = np.linalg.inv(inverse)[:, 0, -1]
        assert_law("Fisher-Lee", transmission(energy, energies), 4 * np.sin(k) ** 2 * abs(green) ** 2)
    assert_law("left differs from right", transmission(0.3, energies[:, ::-1]), transmission(0.3, energies))


def test_transmission_of_a_long_chain_does_not_underflow():
    energies = frenkel.site_energies(4000, 3.0, rng=1)
    logarithm = transmission(0.5, energies, log=True)
    assert logarithm < -800 and transmission(0.5, energies) == 0
    assert_law(
        "log of T", np.log(transmission(0.5, energies[:50])), transmission(0.5, energies[:50], log=True)
    )


def test_typical_transmission_falls_with_the_localization_length_and_the_mean_does_not():
    """⟨ln T⟩ = -2n/ξ; its variance is twice that; ⟨T⟩ ≫ exp ⟨ln T⟩."""
    energies = frenkel.site_energies(400, 0.5, rng=3, shape=(4000,))
    short, long = (transmission(1.0, energies[:, :n], log=True) for n in (200, 400))
    gain = (long - short) / 200
    length, error = localization_length(1.0, 0.5, rng=1)
    assert_within(gain.mean(), np.hypot(gain.std() / 4000**0.5, 2 * error / length**2), -2 / length)
    growth = (long.var() - short.var()) / (short.mean() - long.mean())  # single-parameter scaling: 2
    assert abs(growth - 2) < 0.3, f"variance of ln T grows {growth:.3g} times as fast as its mean"
    assert np.exp(long).mean() > 100 * np.exp(long.mean())


REFUSED = [
    (participation_ratio, {"states": value}) for value in (None, "x", [], 1.0, [NAN, 1], [0.0, 0.0])
] + [
    (level_spacing_ratio, {"energies": value})
    for value in (None, [], 1.0, [1.0, 2.0], [NAN, 1, 2], [1j, 2, 3])
] + [
    (localization_length, {"energy": 0.0, "disorder": 1.0} | changes)
    for changes in ({"disorder": 0.0}, {"disorder": -1}, {"disorder": NAN}, {"energy": NAN},
                    {"energy": 1e300}, {"n_sites": 0}, {"n_sites": 1.5}, {"n_sites": 10**13},
                    {"distribution": "cauchy"}, {"rng": "x"}, {"energy": [1, 2], "disorder": [1, 2, 3]})
] + [
    (integrated_density_of_states, {"energy": 0.0, "site_energies": [0.0]} | changes)
    for changes in ({"energy": NAN}, {"site_energies": 1.0}, {"site_energies": [NAN]},
                    {"energy": [1, 2], "site_energies": np.ones((3, 4))})
] + [
    (density_of_states, {"site_energies": np.ones((2, 3)), "edges": [0.0, 1.0]} | changes)
    for changes in ({"edges": [1.0]}, {"edges": [1.0, 0.0]}, {"site_energies": [1.0, 2.0]},
                    {"site_energies": np.ones((1, 3))})
] + [
    (transmission, {"energy": 0.0, "site_energies": [0.0]} | changes)
    for changes in ({"energy": 2.0}, {"energy": -2.5}, {"site_energies": 1.0}, {"site_energies": [NAN]},
                    {"energy": [1, 0], "site_energies": np.ones((3, 4))})
]  # fmt: skip


@pytest.mark.parametrize(("function", "arguments"), REFUSED)
def test_hostile_values_are_refused(function, arguments):
    with pytest.raises((ValueError, TypeError), match=r"Argument `\w+` must be .*, but is "):
        function(**arguments)


def test_rounding_does_not_let_transmission_exceed_one():
    clean = transmission(np.linspace(-1.99, 1.99, 101), np.zeros(1000))
    assert (clean <= 1).all()
    assert_law("a clean chain reflects", clean, 1, tolerance=100 * EXACT)


def test_numpy_alone_will_do():
    """Explorers run where there is no SciPy."""
    code = """
import sys
sys.modules["scipy"] = None  # an import now fails
import frenkel, numpy as np
from frenkel.states.levels import level_spacing_ratio
from frenkel.states.localization import transmission
from frenkel.motion.disordered_chains import evolve_chains, long_time_populations
energies = frenkel.site_energies(50, 1.0, rng=1, shape=(3,))
frenkel.localization_length([0.0, 1.0], 1.0, n_sites=20_000, rng=1), frenkel.participation_ratio(energies)
frenkel.density_of_states(energies, [-1.0, 1.0]), level_spacing_ratio(energies), transmission(0.5, energies)
frenkel.coherent_spread(energies, [1.0]), long_time_populations(energies, np.eye(50)[25])
"""
    fresh_python(code)
