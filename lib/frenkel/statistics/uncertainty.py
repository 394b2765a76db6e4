"""How uncertain inputs make an uncertain result, to first order and by sampling; how one is written."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, Seed


def _check_inputs(function: Any, values: ArrayLike, errors: ArrayLike) -> tuple[FloatArray, FloatArray]:
    _check.function("function", function)
    values = _check.array("values", values, "a 1D array of finite numbers", ndim=1)
    errors = _check.non_negative("errors", errors)
    if errors.shape != values.shape:
        _check.fail(
            "errors", f"of shape {values.shape}, one for each of `values`", f"of shape {errors.shape}"
        )
    return values, errors


def propagate_uncertainty(
    function: Callable[..., Any], values: ArrayLike, errors: ArrayLike
) -> tuple[float, float]:
    r"""Return the value of ``function(*values)`` and its standard deviation to first order.

    .. math:: \sigma_f^2 = \sum_i \left(\frac{\partial f}{\partial x_i}\right)^2 \sigma_i^2

    The function f has independent inputs :math:`x_i` with standard deviations `errors`; derivatives by
    central differences over a thousandth of :math:`\sigma_i`.

    Examples
    --------
    >>> value, error = propagate_uncertainty(lambda a: a**-3, [2.0], [0.02])
    >>> print(f"{value:.4f} {error:.5f}")  # three times the relative error of a
    0.1250 0.00375
    """
    values, errors = _check_inputs(function, values, errors)
    variance = 0.0
    for i in np.flatnonzero(errors):
        step = np.zeros_like(values)
        step[i] = max(1e-3 * errors[i], 1e-7 * abs(values[i]))  # more than rounding, however small σ_i is
        slope = (function(*(values + step)) - function(*(values - step))) / (2 * step[i])
        variance += (slope * errors[i]) ** 2
    result = float(function(*values)), float(np.sqrt(variance))
    if not np.isfinite(result).all():
        _check.fail("function", "finite, with finite derivatives, at `values`", f"not so: {result}")
    return result


def sample_uncertainty(
    function: Callable[..., Any],
    values: ArrayLike,
    errors: ArrayLike,
    *,
    n_samples: int = 100_000,
    rng: Seed = None,
) -> FloatArray:
    """Return `n_samples` values of ``function(*inputs)`` for independent Gaussian inputs.

    Means `values`, standard deviations `errors`; the function receives arrays. Inputs are drawn as they
    are: a quantity that must stay positive has to be many standard deviations away from zero.

    Examples
    --------
    >>> samples = sample_uncertainty(lambda a: a**-3, [2.0], [0.02], rng=0)
    >>> print(f"{samples.mean():.4f} {samples.std():.5f}")
    0.1251 0.00376
    """
    values, errors = _check_inputs(function, values, errors)
    n_samples = _check.integer("n_samples", n_samples, 1)
    noise = _check.generator(rng).standard_normal((len(values), n_samples))
    answer = function(*(values[:, None] + errors[:, None] * noise))
    samples = np.asarray(_check.unmasked("function", answer, "a function that returns numbers"))
    if not np.isfinite(samples).all():
        share = np.isfinite(samples).mean()
        _check.fail("function", "finite for every sample", f"so for {share:.3%} of the {n_samples} alone")
    return samples


def with_error(value: float, error: float) -> str:
    """Return "value ± error": one or two significant digits of the error, and the value to the same place.

    Two if its first three digits are 354 or less, else one: so the Particle Data Group rounds (Review of
    Particle Physics, Introduction, 5.3). Numbers of a table whose errors differ by powers of ten are told
    as well as they are known. The value has five significant digits at most: a tiny scatter does not
    pass for accuracy; an error below the last of them is told by that bound.

    Examples
    --------
    >>> with_error(0.827, 0.119)
    '0.83 ± 0.12'
    >>> with_error(0.827, 0.367)
    '0.8 ± 0.4'
    >>> with_error(1.0469062, 0.0000074)
    '1.0469 ± <0.0001'
    """
    value = _check.scalar("value", value, partial(_check.array, rule="a finite number"))
    error = _check.scalar("error", error, _check.positive)
    rounded = f"{error:.2e}"
    places = (float(rounded.partition("e")[0]) <= 3.54) - _exponent(rounded)
    if value:
        places = min(places, 4 - _exponent(f"{value:.4e}"))
    last = Decimal(1).scaleb(-places)
    told = f"<{last:f}" if Decimal(error) < last else f"{_rounded(error, last):f}"
    return f"{_rounded(value, last):f} ± {told}"


def with_digits(value: float, digits: int) -> str:
    """Return a value with so many significant digits, zeros among them, and no power of ten.

    So the numbers of a column are told equally well: Python's ``:.2g`` makes 0.4 of 0.404.

    Examples
    --------
    >>> print(*(with_digits(value, 2) for value in (64.2, 0.404, 0.00997, 1384.0)))
    64 0.40 0.010 1400
    """
    value = _check.scalar("value", value, partial(_check.array, rule="a finite number"))
    digits = _check.integer("digits", digits, 1)
    rounded = f"{value:.{digits - 1}e}"
    return f"{float(rounded) + 0.0:.{max(digits - 1 - _exponent(rounded), 0)}f}"


def _rounded(value: float, last: Decimal) -> Decimal:
    """Round to a multiple of `last`, a power of ten; the answer writes its zeros, and is never -0."""
    return Decimal(value).quantize(last) + 0


def _exponent(rounded: str) -> int:
    return int(rounded.partition("e")[2])
