"""Linewidths and temperature: closed forms against root finding, fits against SciPy, the paper's samples."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import CONVERGED, EXACT
from frenkel.states import linewidths
from frenkel.system.samples import SAMPLES
from scipy.constants import physical_constants
from scipy.optimize import brentq, curve_fit

KELVIN = physical_constants["Boltzmann constant in eV/K"][0] * 1e3  # meV


def test_number_of_phonons_equals_the_canonical_sum():
    """⟨n⟩ = Σ n exp(-nE/kT) / Σ exp(-nE/kT), summed term by term."""
    for T in (50.0, 298.0, 1000.0):
        weights = np.exp(-np.arange(4000) * 16.0 / (KELVIN * T))
        expected = (np.arange(4000) * weights).sum() / weights.sum()
        assert_law("mean occupation", linewidths.bose_einstein(16.0, T), expected, 1e-9 * (1 + expected))


def test_number_of_phonons_has_its_limits():
    assert linewidths.bose_einstein(16.0, 0.0) == 0
    assert linewidths.bose_einstein(16.0, 1e-3) == 0  # exp overflows: no warning, no NaN
    hot = 1e6
    assert_law("n → kT/E - 1/2", linewidths.bose_einstein(16.0, hot), KELVIN * hot / 16 - 0.5, 1e-3)


@pytest.mark.parametrize(("sample", "expected"), [("DAB-1", 98), ("DAB-2", 132), ("OA-1", 80)])
def test_turnover_of_the_samples(sample, expected):
    """Γ(T) = Δ found by bisection on the linewidth itself, and to the kelvin the numbers checked before."""
    widths = SAMPLES[sample].linewidth_7k, SAMPLES[sample].linewidth
    turnover = linewidths.turnover_from_linewidths(*widths)
    assert round(turnover) == expected
    coupling = (widths[1] - widths[0]) * np.expm1(16.0 / (KELVIN * 298))

    def excess(T):
        return coupling / np.expm1(16.0 / (KELVIN * T)) - widths[0] / 2.3548200450309493

    assert_law("Γ(T) = Δ", turnover, brentq(excess, 5, 400, xtol=1e-10), CONVERGED)


def test_turnover_undoes_the_dephasing_rate():
    T = np.linspace(5, 500, 40)
    rates = linewidths.dephasing_rate(T, 60.0)
    assert_law("T(Γ(T))", linewidths.turnover_temperature(rates, 60.0), T, 1e-8)
    more = linewidths.turnover_from_linewidths(26.0, 98.4, ratio=[0.5, 1.0, 1.414])
    assert (np.diff(more) > 0).all()


def test_turnover_uncertainty_to_first_order_equals_sampling():
    values, errors = [26.0, 98.38, 16.0], [0.5, 2.0, 0.5]
    _, error = frenkel.propagate_uncertainty(linewidths.turnover_from_linewidths, values, errors)
    samples = frenkel.sample_uncertainty(
        linewidths.turnover_from_linewidths, values, errors, n_samples=40_000, rng=1
    )
    assert abs(samples.std() / error - 1) < 4 / np.sqrt(2 * 40_000) + 0.01  # 1 % for the second order


def test_fit_equals_scipy_and_recovers_what_was_put_in():
    rng = np.random.default_rng(4)
    T, errors = np.linspace(7, 300, 12), np.linspace(0.5, 2.0, 12)
    data = linewidths.linewidth(T, 26.0, 62.6) + errors * rng.standard_normal(12)
    for sigma in (errors, None):
        fit = linewidths.fit_linewidth(T, data, sigma)
        expected, covariance = curve_fit(
            lambda T, a, b: a + b / np.expm1(16.0 / (KELVIN * T)),
            T, data, p0=[20, 50], sigma=sigma, absolute_sigma=sigma is not None,
        )  # fmt: skip
        assert_law("fitted widths", fit[:2], expected, 1e-4)
        assert_law("covariance", fit.covariance, covariance, 1e-4)
    off = np.array(linewidths.fit_linewidth(T, data, errors)[:2]) - [26.0, 62.6]
    fit = linewidths.fit_linewidth(T, data, errors)
    assert (np.abs(off) < 4 * np.sqrt(np.diag(fit.covariance))).all()


def test_fit_covariance_is_that_of_repeated_measurements():
    rng = np.random.default_rng(5)
    T, errors = np.array([7.0, 50.0, 100.0, 200.0, 298.0]), np.array([0.5, 0.5, 1.0, 2.0, 3.0])
    clean = linewidths.linewidth(T, 16.0, 60.0)
    fits = [linewidths.fit_linewidth(T, clean + errors * rng.standard_normal(5), errors) for _ in range(2000)]
    spread = np.cov(np.array([fit[:2] for fit in fits]).T)
    expected = fits[0].covariance
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert_law("covariance of the fit", spread / scale, expected / scale, 4 * np.sqrt(2 / 2000))


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: linewidths.bose_einstein(0.0, 300), "phonon_energy"),
        (lambda: linewidths.bose_einstein(16.0, -1), "temperature"),
        (lambda: linewidths.linewidth(300, -1.0, 60), "static_linewidth"),
        (lambda: linewidths.dephasing_rate(300, -1.0), "phonon_coupling"),
        (lambda: linewidths.turnover_temperature(0.0, 60), "best_dephasing"),
        (lambda: linewidths.turnover_from_linewidths(26.0, 20.0), "room_linewidth"),
        (lambda: linewidths.turnover_from_linewidths(26.0, 90.0, temperature=1e-3), "temperature"),
        (lambda: linewidths.fit_linewidth([7, 298], [1, 2]), "temperatures"),
        (lambda: linewidths.fit_linewidth([7, 8, 9], [1, 2, 3]), "temperatures"),
        (lambda: linewidths.fit_linewidth([7, 100, 298], [1, 2]), "linewidths"),
        (lambda: linewidths.fit_linewidth([7, 298], [1, 2], [0, 1]), "errors"),
    ],
)
def test_bad_arguments_are_named(call, named):
    with pytest.raises(ValueError, match=f"Argument `{named}` must be .*, but is"):
        call()


def test_boltzmann_constant():
    """The constants agree with SciPy's."""
    assert_law("Boltzmann constant", frenkel.units.thermal_energy(1.0), KELVIN, EXACT)
