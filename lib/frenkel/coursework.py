"""Checks for assignments: whether a number is right, and which usual mistake it looks like.

An assignment's notebook carries one line of text, made by `seal` from the instructor's key: the numbers of
every variant and, for each question, one-way hashes of the right answer and of the usual mistakes. A hash is
of a logarithm rounded to bins, so that an answer within the tolerance is recognized and nothing can be read
off. This keeps an answer from being seen, not from being searched for by trying a thousand numbers: marks are
given by tests that the notebook does not hold.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import numbers as number_types
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from . import _check

# What a number that is wrong by a plain factor is told, unless the assignment knows better.
FACTORS = {
    2.0: "two times",
    4.0: "four times",
    8.0: "eight times",
    math.pi: "π times",
    2 * math.pi: "2π times",
    4 * math.pi: "4π times",
    10.0: "ten times",
    100.0: "a hundred times",
    1e3: "a thousand times",
    1e4: "ten thousand times",
    1e6: "a million times",
}
UNITS = "Compare the units of your inputs with the unit asked for."
OPEN = "no answer yet."


def variant(assignment: str, student: str, n_variants: int) -> int:
    """Return which of `n_variants` sets of numbers a student gets in an assignment.

    The SHA-256 of `assignment` and `student`, modulo the count; capitals and spaces do not matter.

    >>> variant("coupling", "ab1234", 24) == variant("coupling", " AB1234 ", 24)
    True
    """
    n_variants = _check.integer("n_variants", n_variants, 1)
    name = "".join(str(student).split()).casefold()
    return int(hashlib.sha256(f"{assignment}|{name}".encode()).hexdigest()[:12], 16) % n_variants


def _number(value: Any) -> float | str:
    """Return `value` as a float, or in words what else it is."""
    if hasattr(value, "ndim") and value.ndim == 0:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, number_types.Number):
        size = getattr(value, "size", None) or (len(value) if isinstance(value, (list, tuple)) else None)
        what = f"a list or array of {size}" if size else f"a {type(value).__name__}"
        return f"this is {what}; one number is asked for."
    if isinstance(value, complex):
        return "this is a complex number; a real one is asked for."
    value = float(value)  # type: ignore[arg-type]
    if not math.isfinite(value):
        return f"this is {value}, not a finite number: look for a division by zero or a logarithm of zero."
    return value


def _bin(value: float, tolerance: float) -> int:
    return round(math.log(abs(value)) / math.log1p(tolerance / 2))


def _lock(salt: str, question: str, which: int, content: Any) -> str:
    return hashlib.sha256(f"{salt}|{question}|{which}|{content}".encode()).hexdigest()[:8]


def _content(value: float | str, tolerance: float, question: str) -> Any:
    """Return what is hashed: a word, or the sign and the bin of a number."""
    if isinstance(value, str):
        return value.strip().casefold()
    number = _number(value)
    if isinstance(number, str) or number == 0:
        _check.fail("answers", f"words or finite numbers other than 0 (`{question}`)", value)
    return number > 0, _bin(number, tolerance)


def seal(
    assignment: str,
    variants: Sequence[Mapping[str, Any]],
    answers: Sequence[Mapping[str, float | str]],
    mistakes: Mapping[str, Mapping[str, Sequence[float | str]]],
    *,
    tolerances: Mapping[str, float] | None = None,
    hints: Mapping[str, str] | None = None,
) -> str:
    """Return the line of text that an `Assignment` is opened with.

    Parameters
    ----------
    assignment : str
        Its name.
    variants : sequence of dict
        The numbers of every variant.
    answers : sequence of dict
        For every variant, {question: right answer}, a number other than zero or a word.
    mistakes : dict
        {question: {what to say: the wrong answers, one for every variant}}.
    tolerances : dict, optional
        {question: relative tolerance}; 1 % where nothing is said.
    hints : dict, optional
        {question: what to say to an answer that looks like no mistake of the list}.

    Raises
    ------
    ValueError
        If an answer is zero or not finite, or if a mistake cannot be told from the right answer or from
        another mistake within the tolerance.
    """
    salt = hashlib.sha256(assignment.encode()).hexdigest()[:8]
    questions: dict[str, Any] = {}
    for question in answers[0]:
        tolerance = (tolerances or {}).get(question, 0.01)
        says = mistakes.get(question, {})
        locks = []
        for which, right in enumerate(answers):
            values = [right[question], *(wrong[which] for wrong in says.values())]
            contents = [_content(value, tolerance, question) for value in values]
            for first, content in enumerate(contents):
                for second in range(first):
                    if _alike(content, contents[second]):
                        words = [f"the right answer to `{question}`", *says]
                        rule = f"told apart in variant {which}"
                        _check.fail("mistakes", rule, f"the same for «{words[second]}» and «{words[first]}»")
            locks.append("".join(_lock(salt, question, which, content) for content in contents))
        questions[question] = {
            "tolerance": tolerance,
            "word": isinstance(answers[0][question], str),
            "hint": (hints or {}).get(question, ""),
            "says": list(says),
            "locks": locks,
        }
    content = {"salt": salt, "variants": [dict(numbers) for numbers in variants], "questions": questions}
    packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 9)
    return base64.b85encode(packed).decode()


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    return one[0] == other[0] and abs(one[1] - other[1]) <= 2


class Assignment:
    """The checks of one assignment for one student.

    Parameters
    ----------
    name : str
        Name of the assignment.
    student : str
        The student's id, from which the numbers follow.
    sealed : str
        What `seal` returned.

    Attributes
    ----------
    numbers : dict
        The student's own numbers.

    Examples
    --------
    >>> mistakes = {"ds": {"Is a 2 missing in D = ½ dMSD/dt?": [8.0]}}
    >>> line = seal("demo", [{"rate": 0.5}], [{"ds": 4.0}], mistakes)
    >>> course = Assignment("demo", "ab1234", line)
    >>> course.check("ds", 2 / course.numbers["rate"])
    ds: right.
    >>> course.check("ds", 8.0)
    ds: not yet. Is a 2 missing in D = ½ dMSD/dt?
    >>> course.check("ds", 1.0)
    ds: not yet. Your value is four times too small.
    """

    def __init__(self, name: str, student: str, sealed: str) -> None:
        self._sealed = json.loads(zlib.decompress(base64.b85decode(sealed)))
        self._which = variant(name, student, len(self._sealed["variants"]))
        self.numbers: dict[str, Any] = dict(self._sealed["variants"][self._which])
        if not str(student).strip():
            print("Write your student id into the cell above and run on: these are an example's numbers.")

    def check(self, question: str, value: Any) -> None:
        """Say whether `value` answers `question`, and if not, what it looks like."""
        print(f"{question}: {self.diagnose(question, value)}")

    def diagnose(self, question: str, value: Any) -> str:
        """Return what `check` says."""
        asked = self._sealed["questions"]
        spec = asked[_check.choice("question", question, asked)]
        if value is None:
            return OPEN
        plain = ""
        if spec["word"]:
            if not isinstance(value, str):
                return "choose one of the words, in quotation marks."
            found = self._find(question, value.strip().casefold())
        else:
            number = _number(value)
            if isinstance(number, str):
                return number
            if number == 0:
                return f"not yet. Zero is not the answer. {spec['hint']}".strip()
            found = self._find_number(question, number)
            if found is None:
                plain = self._plain_factor(question, number)
        if found == 0:
            return "right."
        if found is not None:
            return f"not yet. {spec['says'][found - 1]}"
        return " ".join(filter(None, ["not yet.", plain, spec["hint"]]))

    def _find(self, question: str, *contents: Any) -> int | None:
        """Return 0 if one of `contents` is the right answer, i for the i-th mistake, None for neither."""
        spec = self._sealed["questions"][question]
        keys = [_lock(self._sealed["salt"], question, self._which, content) for content in contents]
        line = spec["locks"][self._which]
        locks = [line[start : start + 8] for start in range(0, len(line), 8)]
        return next((i for i, lock in enumerate(locks) if lock in keys), None)

    def _find_number(self, question: str, number: float) -> int | None:
        middle = _bin(number, self._sealed["questions"][question]["tolerance"])
        return self._find(question, *((number > 0, middle + step) for step in (0, -1, 1)))

    def _plain_factor(self, question: str, number: float) -> str:
        if self._find_number(question, -number) == 0:
            return "Its sign is wrong."
        for factor, words in FACTORS.items():
            for size, way in ((number / factor, "large"), (number * factor, "small")):
                if self._find_number(question, size) == 0:
                    return f"Your value is {words} too {way}." + (f" {UNITS}" if factor >= 100 else "")
        return ""
