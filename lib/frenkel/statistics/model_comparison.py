"""Several models, one data set: weighted fits and information criteria."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import _check
from .._engines.least_squares import least_squares
from .._types import ArrayLike, FloatArray

# function(temperature, *parameters), start and, optionally, (lowest, highest) values
Model = (
    tuple[Callable[..., Any], ArrayLike] | tuple[Callable[..., Any], ArrayLike, tuple[ArrayLike, ArrayLike]]
)
_RULE = "a dict {name: (function, start)} or {name: (function, start, (lowest, highest))}"


class ModelFit(NamedTuple):
    """One fitted model.

    Attributes
    ----------
    name : str
        As given.
    parameters : array, shape (r,)
        Best values.
    errors : array, shape (r,)
        Their standard errors, from the given errors of the data: infinite where the data leave a parameter
        undetermined, NaN for one that stands on its bound, which is then held fixed for the others.
    covariance : array, shape (r, r)
        Of the parameters; `errors` are the roots of its diagonal.
    chi_squared : float
        χ², the sum of the squares of residual over error; with r parameters and n data, n − r is good.
    aicc : float
        Corrected Akaike information criterion: the lower, the better supported.
    bic : float
        Bayesian information criterion, read in the same way.
    weight : float
        Akaike weight among the models compared: they add up to 1, whether any of them is right or not.
    """

    name: str
    parameters: np.ndarray
    errors: np.ndarray
    covariance: np.ndarray
    chi_squared: float
    aicc: float
    bic: float
    weight: float


def _check_model(model: Any) -> tuple[Callable[..., Any], FloatArray, FloatArray, FloatArray]:
    """Return (function, start, lowest, highest) of a model of the dict."""
    if not isinstance(model, tuple) or len(model) not in (2, 3):
        _check.fail("models", _RULE, model, TypeError)
    function = _check.function("models", model[0], "a dict of tuples whose first is a function")
    start = _check.array("models", model[1], "a dict of tuples whose second is a list of numbers", ndim=1)
    low, high = np.full((2, len(start)), [[-np.inf], [np.inf]])
    if len(model) == 3:
        try:
            low, high = (np.broadcast_to(np.asarray(bound, dtype=float), start.shape) for bound in model[2])
        except (TypeError, ValueError):
            _check.fail(
                "models", "with bounds (lowest, highest), a number or one for each parameter", model[2]
            )
        if not ((low < start) & (start < high)).all():
            _check.fail("models", "with a start between its bounds", f"{start} within {low} and {high}")
    return function, start, low, high


def compare_models(
    temperature: ArrayLike, data: ArrayLike, errors: ArrayLike, models: dict[str, Model]
) -> list[ModelFit]:
    r"""Fit models of D(T) to one data set and rank them, the best supported first.

    .. math:: \mathrm{AICc} = \chi^2 + 2r + \frac{2r(r+1)}{N_\mathrm d-r-1},\qquad
              \mathrm{BIC} = \chi^2 + r\ln N_\mathrm d

    for r parameters and :math:`N_\mathrm d` data.

    Parameters
    ----------
    temperature, data, errors : array, shape (n,)
        T in K (or any other abscissa), D in cm²/s, and its standard errors, positive and independent.
    models : dict
        ``{name: (function, start)}`` with ``function(temperature, *parameters)`` and a sequence of r start
        values, r ≤ n − 2, or ``{name: (function, start, (lowest, highest))}`` with bounds for each parameter,
        ``-inf`` or ``inf`` where there is none. Parameters that must stay positive may go in as logarithms.

    Returns
    -------
    list of ModelFit

    Raises
    ------
    ValueError, TypeError
        If data or errors are not one a temperature, or a model is not what it should be.
    RuntimeError
        If a fit does not converge or leaves the numbers that its model accepts, naming the model.

    Warns
    -----
    ConvergenceWarning
        If a model is rough or strongly bent over the error bars found, so that these cannot be trusted.

    Notes
    -----
    See K. P. Burnham and D. R. Anderson, Model Selection and Multimodel Inference, 2nd ed. (Springer, 2002).
    Gaussian errors of known size. A good rank is not a good fit: look at χ² too.

    A model may contain functions that are right to a *tolerance* only, such as `frenkel.diffusion_constant`:
    slopes are taken over half the standard error that a parameter would have alone, where the data see them.
    ``scipy.optimize.curve_fit`` takes them over 10⁻⁸ of a parameter, where such a function shows its rounding
    and no slope: the fit then stops at its start, with error bars that are many times too small. Give it
    ``method="trf", diff_step=0.01, x_scale="jac"`` there (a fraction of the expected relative errors, for
    parameters that are not near zero), and ``absolute_sigma=True``. For J and Δ there is
    `frenkel.fit_diffusion`.

    Examples
    --------
    >>> t = np.array([10.0, 50.0, 100.0, 200.0, 300.0])
    >>> models = {"constant": (lambda t, a: a + 0 * t, [1.0]), "line": (lambda t, a, b: a + b * t, [1, 0])}
    >>> best = compare_models(t, 0.1 + 0.002 * t, np.full(5, 0.02), models)[0]
    >>> print(best.name, f"{best.parameters[1]:.4f} ± {best.errors[1]:.4f}")
    line 0.0020 ± 0.0001
    """
    temperature = _check.array("temperature", temperature, ndim=1)
    data, errors = _check.array("data", data), _check.positive("errors", errors)
    for name, values in (("data", data), ("errors", errors)):
        if values.shape != temperature.shape:
            _check.fail(name, f"of shape {temperature.shape}", f"of shape {values.shape}")
    if not isinstance(models, dict) or not models:
        _check.fail("models", _RULE, models, TypeError)
    count = len(data)
    fits = []
    for name, model in models.items():
        function, start, low, high = _check_model(model)
        k = len(start)
        if k > count - 2:
            _check.fail("models", f"of at most {count - 2} parameters for {count} data", f"{name!r} with {k}")

        def residuals(parameters: FloatArray, function: Callable[..., Any] = function) -> FloatArray:
            values = function(temperature, *parameters)
            _check.unmasked("models", values, "functions that return numbers")
            return (np.asarray(values, dtype=float) - data) / errors

        if residuals(start).shape != data.shape or not np.isfinite(residuals(start)).all():
            _check.fail("models", "finite at every temperature at the start", f"not so for {name!r}")
        try:
            fit = least_squares(residuals, start, low, high)
        except ValueError as error:
            raise RuntimeError(f"The fit of {name!r} failed: {error}") from error
        if not fit.is_smooth:
            warnings.warn(
                f"The model {name!r} is rough or bent over the error bars of its parameters, which cannot be "
                "trusted. If it is computed to a tolerance, ask it for a smaller one.",
                _check.ConvergenceWarning,
                stacklevel=2,
            )
        aicc = fit.chi_squared + 2 * k + 2 * k * (k + 1) / (count - k - 1)
        bic = fit.chi_squared + k * np.log(count)
        spread = np.sqrt(np.diag(fit.covariance))
        fits.append(ModelFit(name, fit.parameters, spread, fit.covariance, fit.chi_squared, aicc, bic, 0.0))
    fits.sort(key=lambda fit: fit.aicc)
    support = np.exp([(fits[0].aicc - fit.aicc) / 2 for fit in fits])
    return [fit._replace(weight=float(w)) for fit, w in zip(fits, support / support.sum(), strict=True)]
