"""Numbers, arrays, words and functions."""

from __future__ import annotations

import numbers
import re
import reprlib
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from .._types import ArrayLike, FloatArray


class ConvergenceWarning(UserWarning):
    """The answer is limited by a setting; the message says which, and the number that would do."""


LARGEST = 1e50  # numbers beyond ±1e50, or positive ones below 1e-50, would overflow in a formula


def fail(name: str, rule: str, value: Any, error: type[Exception] = ValueError) -> NoReturn:
    """Raise `error` in the one grammar; a `value` of several words is a description and stands as it is."""
    if isinstance(value, (float, np.floating)):
        shown = f"{value:g}"
        if re.search(rf"(?<![\d.]){re.escape(shown)}(?![\d.]*\d)", rule):  # «1, but is 1» would tell nothing
            shown = f"{value:.15g}"
    else:
        shown = value if isinstance(value, str) and " " in value else reprlib.repr(value)
    raise error(f"Argument `{name}` must be {rule}, but is {shown}.")


def _has_mask(value: Any) -> bool:
    """Whether a masked array with masked elements is in `value`; `numpy.asarray` would bring them back."""
    if isinstance(value, (list, tuple)):
        return any(_has_mask(part) for part in value)
    ma = sys.modules.get("numpy.ma")  # none is masked before something has imported it
    return ma is not None and isinstance(value, ma.MaskedArray) and bool(ma.is_masked(value))


def unmasked(name: str, value: Any, rule: str = "an array") -> Any:
    """Return `value` unless some of it is masked: no function here leaves elements out."""
    if _has_mask(value):
        fail(name, f"{rule}, none of them masked", "an array with masked elements: leave these out")
    return value


def array(
    name: str,
    value: ArrayLike,
    rule: str = "an array of finite numbers",
    *,
    ndim: int | None = None,
    dtype: type = float,
) -> NDArray[Any]:
    """Return `value` as a finite array with at least one element, of `ndim` dimensions if given."""
    unmasked(name, value, rule)
    try:
        result = np.asarray(value)
        if result.dtype == object or result.dtype.kind not in "buifc":
            raise TypeError
        if dtype is float and result.dtype.kind == "c":
            raise TypeError
        result = result.astype(dtype)
    except (TypeError, ValueError):
        fail(name, rule, value, TypeError)
    if result.size == 0:
        fail(name, f"{rule}, not empty", value)
    if ndim is not None and result.ndim != ndim:
        fail(name, f"{rule} with {ndim} dimension{'s' * (ndim != 1)}", f"of shape {result.shape}")
    bad = ~np.isfinite(result)
    if bad.any():
        fail(name, rule, result[bad].flat[0].item())
    if (np.abs(result) > LARGEST).any():
        fail(name, f"{rule}, at most {LARGEST:g} in size", float(np.abs(result).max()))
    return result


def non_negative(name: str, value: ArrayLike) -> FloatArray:
    """Return `value` as an array of finite numbers ≥ 0 (a scalar gives shape ())."""
    result = array(name, value, "a non-negative finite number")
    if (result < 0).any():
        fail(name, "a non-negative finite number", float(result[result < 0].flat[0]))
    return result


def positive(name: str, value: ArrayLike) -> FloatArray:
    """Return `value` as an array of finite numbers > 0 (a scalar gives shape ())."""
    result = array(name, value, "a positive finite number")
    if (result <= 0).any():
        fail(name, "a positive finite number", float(result[result <= 0].flat[0]))
    if (result < 1 / LARGEST).any():
        fail(name, f"a positive finite number, at least {1 / LARGEST:g}", float(result.min()))
    return result


def unit_vectors(name: str, value: ArrayLike, *, ndim: int | None = None) -> FloatArray:
    """Return the directions of vectors (..., 3) of any length but zero."""
    rule = "a non-zero vector of 3 numbers"
    result = array(name, value, rule, ndim=ndim)
    if result.shape[-1:] != (3,):
        fail(name, rule, f"of shape {result.shape}")
    largest = np.abs(result).max(axis=-1, keepdims=True)
    if not largest.all():
        fail(name, rule, [0.0, 0.0, 0.0])
    result = result / largest  # so that no square is too small for a float
    return result / np.linalg.norm(result, axis=-1, keepdims=True)


def scalar(name: str, value: ArrayLike, check: Callable[[str, Any], FloatArray]) -> float:
    """Return `value` as a float after `check` (one of the functions above) and only if it is one number."""
    result = check(name, value)
    if result.ndim:
        fail(name, "a single number", f"of shape {result.shape}")
    return float(result)


def integer(name: str, value: Any, low: int) -> int:
    """Return `value` as an int ≥ `low`."""
    rule = f"a whole number ≥ {low}"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        fail(name, rule, value, TypeError)
    if value < low:
        fail(name, rule, int(value))
    return int(value)


def times(name: str, value: ArrayLike) -> FloatArray:
    """Return `value` as a strictly increasing 1D array of finite times ≥ 0."""
    rule = "a strictly increasing 1D array of finite times ≥ 0"
    result = array(name, value, rule, ndim=1)
    if result[0] < 0:
        fail(name, rule, float(result[0]))
    if (np.diff(result) < 1 / LARGEST).any():
        fail(name, rule, value)
    return result


def choice(name: str, value: Any, options: Iterable[Any]) -> Any:
    """Return the one of `options`, strings or whole numbers, that `value` is."""
    if isinstance(value, (str, numbers.Integral)) and not isinstance(value, (bool, np.bool_)):
        for option in options:
            if option == value:
                return option
    fail(name, "one of " + ", ".join(repr(option) for option in options), value)


def function(name: str, value: Any, rule: str = "a function") -> Callable[..., Any]:
    """Return `value` if it can be called."""
    if not callable(value):
        fail(name, rule, value, TypeError)
    return value


def together(**arrays: ArrayLike) -> None:
    """Fail unless `arrays` broadcast; blame the first that does not fit those before it."""
    shape = ()
    for name, value in arrays.items():
        try:
            shape = np.broadcast_shapes(shape, np.shape(value))
        except ValueError:
            rule = f"broadcastable to the arguments before it, of shape {shape}"
            fail(name, rule, f"of shape {np.shape(value)}")


def generator(rng: Any) -> np.random.Generator:
    """Return a NumPy random generator from None, a seed, a SeedSequence or a generator."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        fail("rng", "None, a seed, a SeedSequence or a numpy.random.Generator", rng, TypeError)


def exponent(name: str, value: ArrayLike) -> float:
    """Return a power of the temperature that a float can hold."""
    value = scalar(name, value, array)
    if abs(value) > 5:
        fail(name, "a number between -5 and 5", value)
    return value
