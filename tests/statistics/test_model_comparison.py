"""Several models, one data set: fits, and what they refuse."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from frenkel.statistics.model_comparison import compare_models
from frenkel.units import thermal_energy
from hostile import JUNK

T = np.linspace(10.0, 300.0, 12)
MODELS = {
    "constant": (lambda t, a: a + 0 * t, [1.0]),
    "line": (lambda t, a, b: a + b * t, [1.0, 0.0]),
    "parabola": (lambda t, a, b, c: a + b * t + c * t**2, [1.0, 0.0, 0.0]),
    "activated": (lambda t, a, b: np.exp(a - b / thermal_energy(t)), [0.0, 5.0]),
}


def test_fits_are_weighted_least_squares():
    errors = 0.02 + 0.0002 * T
    data = 0.3 + 0.001 * T + errors * np.random.default_rng(9).standard_normal(12)
    ranked = compare_models(T, data, errors, MODELS)
    line = next(fit for fit in ranked if fit.name == "line")
    slope, covariance = np.polyfit(T, data, 1, w=1 / errors, cov="unscaled")
    assert_law("parameters", line.parameters, slope[::-1], 1e-7)
    assert_law("errors", line.errors, np.sqrt(np.diag(covariance))[::-1], 1e-7)
    chi_squared = (((line.parameters[0] + line.parameters[1] * T - data) / errors) ** 2).sum()
    assert_law("AICc", line.aicc, chi_squared + 4 + 12 / 9, 1e-9)
    assert_law("BIC", line.bic, chi_squared + 2 * np.log(12), 1e-9)
    assert_law("weights", sum(fit.weight for fit in ranked), 1.0)
    support = [np.exp((ranked[0].aicc - fit.aicc) / 2) for fit in ranked]
    assert_law("ratios of weights", [fit.weight / ranked[0].weight for fit in ranked], support)
    assert [fit.aicc for fit in ranked] == sorted(fit.aicc for fit in ranked)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "parameters"), [("constant", [0.4]), ("activated", [-0.5, 6.0])])
def test_the_model_behind_the_data_is_found(name, parameters):
    """In more than half of 60 data sets, and its error bars hold 68 % of the values of a parameter."""
    rng = np.random.default_rng(10)
    truth = MODELS[name][0](T, *parameters)
    first, held = 0, 0
    for _ in range(60):
        ranked = compare_models(T, truth + 0.02 * rng.standard_normal(12), np.full(12, 0.02), MODELS)
        first += ranked[0].name == name
        fit = next(fit for fit in ranked if fit.name == name)
        held += abs(fit.parameters[0] - parameters[0]) <= fit.errors[0]
    assert first > 30, f"{name} comes first in {first} of 60"
    assert abs(held / 60 - 0.683) < 4 * np.sqrt(0.683 * 0.317 / 60), f"error bars hold {held} of 60"


def held_fractions(ranked_fits, truth):
    """How many of the fits hold each true parameter within one and within two of its standard errors."""
    away = np.array([np.abs(fit.parameters - truth) / fit.errors for fit in ranked_fits])
    return (away < 1).sum(axis=0), (away < 2).sum(axis=0)


@pytest.mark.slow
def test_error_bars_hold_for_a_model_that_is_right_to_a_thousandth_only():
    """Steps of 10⁻⁸ see no slope at all in it; 200 data sets, four standard deviations."""

    def rounded(t, a, b):
        return np.exp(np.round(a - np.exp(b) / thermal_energy(t) - np.log(1 + t / 150), 3))

    truth, warm = [-0.5, 1.9], T[2:]
    data, rng, fits = rounded(warm, *truth), np.random.default_rng(12), []
    for _ in range(200):
        noisy = data * (1 + 0.05 * rng.standard_normal(len(warm)))
        fits += compare_models(warm, noisy, 0.05 * data, {"rounded": (rounded, [0.0, 1.5])})
    for held, share in zip(held_fractions(fits, truth), (0.683, 0.954), strict=True):
        assert np.abs(held / 200 - share).max() < 4 * np.sqrt(share * (1 - share) / 200), (
            f"hold {held} of 200"
        )


def test_diffusion_constants_can_be_fitted():
    """D_s of a tolerance of 10⁻³; data without noise, whose errors are those of analytic slopes."""
    shape, rates = frenkel.site_energies(120, 1.0, rng=4), np.array([0.8, 1.5, 3.0, 6.0, 12.0])

    def model(rates, log_height, log_disorder):
        return np.exp(log_height) * frenkel.diffusion_constant(np.exp(log_disorder) * shape, rates)

    truth = np.array([0.3, 1.0])
    data = model(rates, *truth)
    fit = compare_models(rates, data, 0.05 * data, {"D_s": (model, [0.0, 0.7])})[0]

    def log_model(log_disorder):
        return np.log(frenkel.diffusion_constant(np.exp(log_disorder) * shape, rates, tolerance=1e-9))

    slopes = np.stack([np.ones(5), (log_model(1.001) - log_model(0.999)) / 2e-3], axis=1) / 0.05
    errors = np.sqrt(np.diag(np.linalg.inv(slopes.T @ slopes)))
    assert_law("errors", fit.errors / errors, 1, 0.05)  # slopes over half an error bar
    assert_law("parameters", (fit.parameters - truth) / errors, 0, 0.1)
    assert_law("covariance", np.sqrt(np.diag(fit.covariance)), fit.errors)


def test_what_the_data_do_not_say_has_no_error_bar():
    models = {"two of one": (lambda t, a, b, c: (a + b) * t + c, [1.0, 1.0, 0.0])}
    fit = compare_models(T, 2 * T + 1, np.ones(12), models)[0]
    assert np.isinf(fit.errors[:2]).all() and np.isfinite(fit.errors[2])
    models = {"unused": (lambda t, a, b: a * t, [1.0, 5.0])}
    fit = compare_models(T, 2 * T, np.ones(12), models)[0]
    assert np.isinf(fit.errors[1])
    assert_law("the other", fit.errors[0], 1 / np.linalg.norm(T))


def test_bounds_are_kept_and_leave_no_error_bar():
    models = {"line": (lambda t, a, b: a + b * t, [1.0, 1.0], ([0.0, -np.inf], np.inf))}
    fit = compare_models(T, 2 * T - 5, np.ones(12), models)[0]
    assert_law("on its bound", fit.parameters[0], 0, 1e-6)
    assert np.isnan(fit.errors[0])
    assert_law("with the other held", fit.errors[1], 1 / np.linalg.norm(T), 1e-9)
    fit = compare_models(T, 2 * T + 5, np.ones(12), models)[0]
    assert_law("inside", fit.parameters, [5, 2], 1e-6)


def test_a_model_rougher_than_its_data_is_named():
    models = {"rough": (lambda t, a: np.floor(a) * t, [3.0])}
    with pytest.warns(frenkel.ConvergenceWarning, match="'rough' is rough"):
        compare_models(T, 2.2 * T, np.full(12, 0.02), models)


def test_models_that_run_away_are_named():
    models = {"runaway": (lambda t, a: np.where(a > 1.5, np.nan, a) + 0 * t, [1.0])}
    with pytest.raises(RuntimeError, match="'runaway'"):
        compare_models([1.0, 2.0, 3.0], [9.0, 9.0, 9.0], [1.0, 1.0, 1.0], models)


FITS = {"temperature": [1.0, 2.0, 3.0], "data": [1.0, 2.0, 3.0], "errors": [1.0, 1.0, 1.0]}


@pytest.mark.parametrize(
    "model",
    [
        3,
        (3, [1.0]),
        (lambda t, a: t, [np.nan]),
        (lambda t, a, b: t, [1.0, 1.0]),
        (lambda t, a: a * t[:, None], [1.0]),
        (lambda t, a: t * np.nan, [1.0]),
        (lambda t, a: a * t, [1.0], 3),
        (lambda t, a: a * t, [1.0], (0.0, [1.0, 2.0])),
        (lambda t, a: a * t, [1.0], (2.0, 3.0)),
    ],
)
def test_hostile_models_are_refused(model):
    with pytest.raises((ValueError, TypeError), match="Argument `models` must be"):
        compare_models(**FITS, models={"a": model})


def test_no_models_are_refused():
    for models in (None, {}, [1], 3):
        with pytest.raises((ValueError, TypeError), match="Argument `models` must be"):
            compare_models(**FITS, models=models)


@pytest.mark.parametrize("argument", FITS)
def test_hostile_data_are_refused(argument):
    for value in [*JUNK, 1.0, [1.0, 2.0]]:
        with pytest.raises((ValueError, TypeError), match=r"Argument `\w+` must be"):
            compare_models(**FITS | {argument: value}, models=MODELS)
