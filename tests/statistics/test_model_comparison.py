"""Several models, one data set: fits, and what they refuse."""

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
