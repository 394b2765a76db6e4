"""Several models, one data set: weighted fits and information criteria."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray

Model = tuple[Callable[..., Any], ArrayLike]  # function(temperature, *parameters), start


class ModelFit(NamedTuple):
    """One fitted model.

    Attributes
    ----------
    name : str
        As given.
    parameters : array, shape (r,)
        Best values.
    errors : array, shape (r,)
        Their standard errors, from the given errors of the data.
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
    chi_squared: float
    aicc: float
    bic: float
    weight: float


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
        values, r ≤ n − 2. Parameters that must stay positive go in as logarithms.

    Returns
    -------
    list of ModelFit

    Raises
    ------
    RuntimeError
        If a fit does not converge, naming the model.

    Notes
    -----
    See K. P. Burnham and D. R. Anderson, Model Selection and Multimodel Inference, 2nd ed. (Springer, 2002).
    Gaussian errors of known size. A good rank is not a good fit: look at χ² too.

    Examples
    --------
    >>> t = np.array([10.0, 50.0, 100.0, 200.0, 300.0])
    >>> models = {"constant": (lambda t, a: a + 0 * t, [1.0]), "line": (lambda t, a, b: a + b * t, [1, 0])}
    >>> best = compare_models(t, 0.1 + 0.002 * t, np.full(5, 0.02), models)[0]
    >>> print(best.name, f"{best.parameters[1]:.4f} ± {best.errors[1]:.4f}")
    line 0.0020 ± 0.0001
    """
    from scipy.optimize import least_squares

    temperature = _check.array("temperature", temperature, ndim=1)
    data, errors = _check.array("data", data), _check.positive("errors", errors)
    for name, values in (("data", data), ("errors", errors)):
        if values.shape != temperature.shape:
            _check.fail(name, f"of shape {temperature.shape}", f"of shape {values.shape}")
    if not isinstance(models, dict) or not models:
        _check.fail("models", "a dict {name: (function, start)}", models, TypeError)
    count = len(data)
    fits = []
    for name, model in models.items():
        if not isinstance(model, tuple) or len(model) != 2:
            _check.fail("models", "a dict {name: (function, start)}", models, TypeError)
        function = _check.function("models", model[0], "a dict of pairs whose first is a function")
        start = _check.array("models", model[1], "a dict of pairs whose second is a list of numbers", ndim=1)
        k = len(start)
        if k > count - 2:
            _check.fail("models", f"of at most {count - 2} parameters for {count} data", f"{name!r} with {k}")

        def residuals(parameters: FloatArray, function: Callable[..., Any] = function) -> FloatArray:
            return (np.asarray(function(temperature, *parameters), dtype=float) - data) / errors

        if residuals(start).shape != data.shape or not np.isfinite(residuals(start)).all():
            _check.fail("models", "finite at every temperature at the start", f"not so for {name!r}")
        try:
            fit = least_squares(residuals, start, x_scale="jac", xtol=1e-12, ftol=1e-12, gtol=1e-12)
        except ValueError as error:
            raise RuntimeError(f"The fit of {name!r} left the numbers: {error}") from error
        spread = np.linalg.pinv(fit.jac.T @ fit.jac)
        if not fit.success:
            raise RuntimeError(f"The fit of {name!r} did not converge; start nearer or fix a parameter.")
        chi_squared = 2 * fit.cost
        aicc = chi_squared + 2 * k + 2 * k * (k + 1) / (count - k - 1)
        bic = chi_squared + k * np.log(count)
        fits.append(ModelFit(name, fit.x, np.sqrt(np.diag(spread)), chi_squared, aicc, bic, 0.0))
    fits.sort(key=lambda fit: fit.aicc)
    support = np.exp([(fits[0].aicc - fit.aicc) / 2 for fit in fits])
    return [fit._replace(weight=float(w)) for fit, w in zip(fits, support / support.sum(), strict=True)]
