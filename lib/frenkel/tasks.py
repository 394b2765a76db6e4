"""Tasks of the book: a function that the reader writes, compared with the library on cases it has not seen.

A chapter's notebook and its page carry a task as one line of text, made by `frenkel.questions.seal` when
the book is built, so that no solution stands open in the code. `check` runs the reader's function, and if it
gives what one of the usual mistakes gives, says which one and why it is one.
"""

from __future__ import annotations

import copy
import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from numbers import Number
from typing import Any, NamedTuple

import numpy as np

from .questions import _opened

TOLERANCE = 1e-6  # of the largest number in an answer


class Verdict(NamedTuple):
    """What `check` found: is the function right, what to say, and the error that it raised, if one."""

    passed: bool
    words: str
    error: BaseException | None = None

    def __repr__(self) -> str:
        return ("Passed. " if self.passed else "Not yet. ") + self.words


def check(sealed: str, function: Callable[..., Any] | None) -> Verdict:
    """Compare a function with the library's, and with what the usual mistakes give.

    Parameters
    ----------
    sealed : str
        The line that `frenkel.questions.seal` has made of a task: `name`, of the function; `cases`, source of
        a function that takes a random generator and returns tuples of arguments; `library`, source of the
        function that is right; `solution`, and its `mistakes`, each what stands in it, what some write in
        place of that, and what to say then.
    function : callable
        The reader's function. It gets copies, so that it can spoil nothing.

    Returns
    -------
    Verdict
        It prints as a sentence.

    Raises
    ------
    ValueError
        If `sealed` is no such line. What the function raises becomes words, except that a missing module and
        an interrupt go through.

    Examples
    --------
    >>> from frenkel.questions import seal
    >>> double = {"name": "double", "solution": "def double(x):\\n    return 2 * x", "mistakes": []}
    >>> double |= {"library": "def twice(x):\\n    return x + x"}
    >>> double |= {"cases": "def cases(rng):\\n    return [(1.0,), (3.0,)]"}
    >>> check(seal(double), lambda x: x)
    Not yet. Your numbers are 0.5 times what they should be, in all 2 cases.
    """
    task = _opened(sealed)
    if not callable(function):
        return Verdict(False, f"The check needs a function with the name `{task['name']}`.")
    library = _defined(task["library"])
    cases = _defined(task["cases"])(np.random.default_rng(2025))
    names = tuple(inspect.signature(library).parameters)
    answers = []
    for case in cases:
        given = copy.deepcopy(case)
        try:
            answer = function(*given)
        except ModuleNotFoundError:
            raise
        except (Exception, SystemExit) as error:
            return Verdict(False, _raised(error, function, names, case), error)
        for name, before, after in zip(names, case, given, strict=True):
            if isinstance(before, np.ndarray) and not np.array_equal(before, after):
                words = "Whoever calls it may need it again: work on a copy."
                return Verdict(False, f"Your function changes its argument `{name}`. {words}")
        # A function may return the same array again; what is no number need not be copied, nor can it always.
        answers.append(answer if _numbers(answer) is None else copy.deepcopy(answer))
    wanted = [library(*copy.deepcopy(case)) for case in cases]
    if all(map(_agree, answers, wanted)):
        return Verdict(True, f"Your function is right in all {len(cases)} cases of the check.")
    pairs = list(zip(answers, cases, strict=True))
    for right, wrong, words in task["mistakes"]:
        mistaken = _defined(task["solution"].replace(right, wrong), task["name"])
        if all(_agree(answer, mistaken(*copy.deepcopy(case))) for answer, case in pairs):
            return Verdict(False, words)
    complaints = (_complaint(answer, target) for answer, target in zip(answers, wanted, strict=True))
    for case, complaint in zip(cases, complaints, strict=True):
        if complaint:
            return Verdict(False, f"For {_shown(names, case)}, {complaint}.")
    return Verdict(False, _difference(names, cases, answers, wanted))


def _defined(source: str, name: str | None = None) -> Callable[..., Any]:
    """Return the function that a piece of code defines: `name`, or the last one."""
    import frenkel

    namespace: dict[str, Any] = {"np": np, "frenkel": frenkel}
    exec(compile(source, "<task>", "exec"), namespace)
    functions = [value for value in namespace.values() if inspect.isfunction(value)]
    return namespace[name] if name else functions[-1]


def _numbers(value: Any) -> Any:
    """Return an answer as an array of numbers, or None where it is none."""
    if isinstance(value, np.ma.MaskedArray):  # its mask would be lost
        return None
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O" and all(isinstance(it, Number | Decimal) for it in array.flat):
            array = array.astype(complex)
    except Exception:  # rows of several lengths, a number beyond all floats, an object of the reader's own
        return None
    return array if array.dtype.kind in "iufc" else None


def _agree(answer: Any, wanted: Any) -> bool:
    answer, wanted = _numbers(answer), np.asarray(wanted)
    if answer is None or answer.shape != wanted.shape:
        return False
    # False also for an answer that is not finite.
    return bool(abs(answer - wanted).max(initial=0) <= TOLERANCE * abs(wanted).max(initial=0))


def _complaint(answer: Any, wanted: Any) -> str:
    """Say what is wrong with the form of an answer, if anything is."""
    numbers, wanted = _numbers(answer), np.asarray(wanted)
    if answer is None:
        return "your function returns nothing; it has to end with `return`"
    if answer is ...:
        return "your function still returns `...`; put there what it is to return"
    if numbers is None:
        return f"your function returns {_brief(answer)}, which is no number or array of numbers"
    if numbers.shape != wanted.shape:
        return f"your function returns {_form(numbers)}; it should be {_form(wanted)}"
    if not np.isfinite(numbers).all():
        return "your function returns a number that is not finite"
    return ""


def _difference(
    names: Sequence[str], cases: Sequence[Any], answers: Sequence[Any], wanted: Sequence[Any]
) -> str:
    """Say in which case an answer differs, and if all do by one factor, by which."""
    ours = np.concatenate([np.ravel(value) for value in wanted])
    yours = np.concatenate([np.ravel(_numbers(value)) for value in answers])
    factor = np.vdot(ours, yours) / np.vdot(ours, ours)
    if abs(factor) > TOLERANCE and _brief(factor) != "1" and _agree(yours, factor * ours):
        return f"Your numbers are {_brief(factor)} times what they should be, in all {len(cases)} cases."
    place = next(i for i, pair in enumerate(zip(answers, wanted, strict=True)) if not _agree(*pair))
    yours, ours = np.ravel(_numbers(answers[place])), np.ravel(wanted[place])
    worst = int(abs(yours - ours).argmax())
    element = f" in element {worst} of the flattened answer" if ours.size > 1 else ""
    digits = 6 if _brief(yours[worst]) != _brief(ours[worst]) else 12
    given, right = _brief(yours[worst], digits), _brief(ours[worst], digits)
    said = f"your function gives {given}{element}; it should be {right}"
    return f"For {_shown(names, cases[place])}, {said}."


def _raised(
    error: BaseException, function: Callable[..., Any], names: Sequence[str], case: Sequence[Any]
) -> str:
    # The last line of the reader's own code, wherever it has raised.
    own = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = [it for it in traceback.extract_tb(error.__traceback__) if it.filename == own]
    line = f" in line {frames[-1].lineno}" if frames and frames[-1].lineno else ""
    said = "".join(traceback.format_exception_only(error)).strip()
    return f"For {_shown(names, case)}, your function raises an error{line}: {said[:400]}"


def _shown(names: Sequence[str], case: Sequence[Any]) -> str:
    return ", ".join(f"`{name}` = {_brief(value)}" for name, value in zip(names, case, strict=True))


def _form(array: Any) -> str:
    return f"an array of shape {array.shape}" if array.ndim else "a single number"


def _brief(value: Any, digits: int = 6) -> str:
    """Return a value in a few words."""
    if isinstance(value, Mapping | Iterator | np.random.Generator | list | tuple) or callable(value):
        return f"a {type(value).__name__}"
    numbers = _numbers(value)
    if numbers is None:
        return " ".join(repr(value).split())[:60]
    if numbers.ndim:
        return _form(numbers)
    number = complex(numbers)
    if abs(number.imag) <= TOLERANCE * abs(number):
        return f"{number.real:.{digits}g}"
    if abs(number.real) <= TOLERANCE * abs(number):
        imaginary = f"{number.imag:.{digits}g}"
        return {"1": "", "-1": "-"}.get(imaginary, imaginary) + "i"
    return f"{number.real:.{digits}g}{number.imag:+.{digits}g}i"
