"""Hostile arguments for functions outside the table of `test_inputs`, refused in the same grammar."""

import re

import numpy as np
import pytest

NAN, INF = float("nan"), float("inf")
JUNK = [None, "x", object(), {}, [], [[]], ["a"], [None, 1.0], [[1.0], [1.0, 2.0]], NAN, INF, [0.0, NAN], 1j]
NON_NEGATIVE = [*JUNK, -0.3, [1.0, -1e-9]]
POSITIVE = [*NON_NEGATIVE, 0.0, [1.0, 0.0]]
ONE = [[1.0, 2.0], np.ones((1, 1))]
WHOLE = [None, "x", [], [3], 2.5, 3.0, NAN, 1j, True, -1]
OPTIONAL = slice(1, None)  # of a list that begins with None, where None is allowed


def assert_refused(function, call, argument, values):
    """Fail unless `function` refuses all `values` of `argument` in the grammar, and answers `call`."""
    answer = function(**call)
    for part in answer if isinstance(answer, tuple) else (answer,):
        assert np.isfinite(part).all(), f"{function.__name__} answers {answer!r}"
    for value in values:
        with pytest.raises((ValueError, TypeError)) as caught:
            pytest.fail(f"{argument}={value!r} is answered: {function(**call | {argument: value})!r}")
        message = str(caught.value)
        named = re.fullmatch(r"Argument `(\w+)` must be .*, but is .*\.", message, re.DOTALL)
        assert named and (named[1] == argument or "of shape" in message), f"{argument}={value!r}: {message}"


def shaped(*shape):
    return np.full(shape, 0.5)
