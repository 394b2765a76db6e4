"""Checks for assignments: whether a number is right, and which usual mistake it looks like.

An assignment's notebook carries one line of text, made by `seal` from the instructor's key. It holds records,
each with one set of numbers and the checks of its answers, and a student's id opens one of them: in the copy
of a class the student's own, elsewhere one of the seats that the copy has for everyone.

What is hashed is the bin of a logarithm, as wide as the tolerance, so that an answer within it is recognized.
Each hash is made with a number between 0 and 1023 that nobody keeps (a pepper, after Manber, 1996): `seal`
hashes once, and whoever asks has to try them all, 64 MB of hashing, about a tenth of a second. One search
answers everything about a number: the right answer, the usual mistakes, a wrong sign and plain factors are
locks of one kind, side by side. Nothing can be read off. But a quantity known to half a percent has a few
hundred bins in any plausible range: a program finds it in a minute or so, and no hash can change that. So
marks must come from cases that the notebook does not hold.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import time
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from . import _check, _locks

UNITS = "Compare the units of your inputs with the unit asked for."
OPEN = "no answer yet."
TOLERANCE = 0.005  # relative, where an assignment says nothing
FREE_TRIES = 5  # wrong answers to a question before the waits begin


def variant(assignment: str, student: str, n_variants: int) -> int:
    """Return which of `n_variants` seats a student has in a copy that is made for everyone.

    The SHA-256 of `assignment` and `student`, modulo the count; capitals and spaces do not matter.

    >>> variant("coupling", "ab1234", 24) == variant("coupling", " AB1234 ", 24)
    True
    """
    n_variants = _check.integer("n_variants", n_variants, 1)
    name = f"{assignment}|{_locks.person(student)}"
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16) % n_variants


def seal(
    assignment: str,
    numbers: Sequence[Mapping[str, Any]],
    answers: Sequence[Mapping[str, float | None]],
    mistakes: Mapping[str, Mapping[str, Sequence[float]]],
    *,
    students: Sequence[str] | None = None,
    tolerances: Mapping[str, float] | None = None,
    hints: Mapping[str, str] | None = None,
    secret: bytes = b"",
) -> str:
    """Return the line of text that an `Assignment` is opened with.

    Parameters
    ----------
    assignment : str
        Its name.
    numbers : sequence of dict
        The numbers of every record.
    answers : sequence of dict
        For every record, {question: right answer}, a number other than zero, or None if nothing is to be
        told about it.
    mistakes : dict
        {question: {what to say: the wrong answers, one for every record}}.
    students : sequence of str, optional
        Whose record each is, the first for those who have none; without it every id has a seat at one of the
        records, see `variant`.
    tolerances : dict, optional
        {question: relative tolerance}; half a percent where nothing is said.
    hints : dict, optional
        {question: what to say to an answer that looks like no mistake of the list}.
    secret : bytes, optional
        What the peppers follow from; whoever knows it needs one hash for each guess.

    Raises
    ------
    ValueError
        If an answer is zero or not finite, or if a mistake cannot be told from the right answer or from
        another mistake within the tolerance.
    """
    peppers = _locks.PEPPERS if any(value is not None for each in answers for value in each.values()) else 1
    spec: dict[str, dict[str, Any]] = {
        question: {
            "tolerance": (tolerances or {}).get(question, TOLERANCE),
            "hint": (hints or {}).get(question, ""),
            "says": list(mistakes.get(question, {})),
        }
        for question in answers[0]
    }
    seats = 0 if students else len(numbers)
    head = {"peppers": peppers, "seats": seats, "questions": spec}
    packed = [zlib.compress(json.dumps(head, separators=(",", ":")).encode(), 9)]
    for which, (given, right) in enumerate(zip(numbers, answers, strict=True)):
        name = _locks.person(students[which]) if students else f"seat {which}"
        tag = _locks.lock(assignment, name, secret, peppers)
        phases, locks = {}, bytearray()
        for question, value in right.items():
            if value is None:
                continue
            wrong = [values[which] for values in mistakes.get(question, {}).values()]
            phase, found = _locks.bins(value, wrong, spec[question]["tolerance"])
            mine = []
            for content, finding in found.items():
                lock = _locks.lock(f"{assignment}|{name}|{question}", content, secret, peppers)
                mine.append(lock[:4] + bytes([lock[4] ^ finding]))
            phases[question] = phase, len(mine)
            locks += b"".join(sorted(mine))  # so that the order says nothing
        known = json.dumps([given, phases], separators=(",", ":")).encode()
        packed.append(tag[:5] + _locks.cipher(known + b"\n" + locks, tag[5:]))
    return " ".join(base64.b85encode(part).decode() for part in packed)


class Checks:
    """What is said to an answer, however it is recognized: `find` is the subclass's own."""

    def __init__(self, questions: Mapping[str, Mapping[str, Any]]) -> None:
        self.questions = questions

    def find(self, question: str, value: float) -> int | None:
        """Return what `bins` calls `value`, None if nothing is known about it."""
        raise NotImplementedError

    def diagnose(self, question: str, value: Any) -> str:
        """Return what `check` says."""
        spec = self.questions[_check.choice("question", question, self.questions)]
        if value is None:
            return OPEN
        number = _locks.number(value)
        if isinstance(number, str):
            return number
        if number == 0:
            return f"not yet. Zero is not the answer. {spec['hint']}".strip()
        found = self.find(question, number)
        if found == _locks.RIGHT:
            return "right."
        if found is not None and found < _locks.SIGN:
            return f"not yet. {spec['says'][found - 1]}"
        plain = "Its sign is wrong." if found == _locks.SIGN else ""
        if found is not None and found >= _locks.FACTOR:
            factor, words = list(_locks.FACTORS.items())[(found - _locks.FACTOR) // 2]
            plain = f"Your value is {words} too {'small' if found % 2 else 'large'}."
            plain += f" {UNITS}" if factor >= 100 else ""
        return " ".join(filter(None, ["not yet.", plain, spec["hint"]]))


class Assignment(Checks):
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
        head, *records = (base64.b85decode(part) for part in sealed.split(" "))
        self._head = json.loads(zlib.decompress(head))
        super().__init__(self._head["questions"])
        tags = {record[:5]: record[5:] for record in records}
        seats, who = self._head["seats"], _locks.person(student)
        mine = f"seat {variant(name, who, seats)}" if seats else who
        key = _locks.search(name, mine, tags, self._head["peppers"])
        if key is None:
            print(f"The id {student!r} is not on the list of this class: look for a slip of the keyboard.")
            mine, who = "", ""
            key = _locks.search(name, mine, tags, self._head["peppers"])
        if not who:
            print("Write your student id into the cell above and run on: these are an example's numbers.")
        if key is None:
            _check.fail("sealed", f"made for the assignment {name!r}", "made for another one")
        known, locks = _locks.cipher(tags[key[:5]], key[5:]).split(b"\n", 1)
        self.numbers: dict[str, Any]
        self.numbers, self._phases = json.loads(known)
        self._locks: dict[str, dict[bytes, int]] = {}
        for question, (_, count) in self._phases.items():
            parts = [locks[start : start + 5] for start in range(0, 5 * count, 5)]
            self._locks[question] = {part[:4]: part[4] for part in parts}
            locks = locks[5 * count :]
        self._salt = f"{name}|{mine}"
        self._tried: dict[str, dict[str, str]] = {question: {} for question in self.questions}
        self._next: dict[str, float] = {}

    def find(self, question: str, value: float) -> int | None:
        """Return what `bins` calls `value`, None if nothing is known about it."""
        content = _locks.bin_of(value, self.questions[question]["tolerance"], self._phases[question][0])
        locks = self._locks[question]
        digest = _locks.search(f"{self._salt}|{question}", content, locks, self._head["peppers"])
        return None if digest is None else digest[4] ^ locks[digest[:4]]

    def diagnose(self, question: str, value: Any) -> str:
        """Return what `check` says, without a limit on tries."""
        if question in self.questions and question not in self._phases and value is not None:
            return "noted."
        return super().diagnose(question, value)

    def check(self, question: str, value: Any) -> None:
        """Say whether `value` answers `question`, and if not, what it looks like.

        After five wrong answers to a question the next ones have to wait, longer each time: ten seconds,
        twenty, up to five minutes. What has been asked before is answered again at once.
        """
        print(f"{question}: {self._patiently(question, value)}")

    def _patiently(self, question: str, value: Any) -> str:
        tried, asked = self._tried.get(question, {}), repr(value)[:100]
        if asked in tried or value is None:
            return tried.get(asked, OPEN)
        wait = self._next.get(question, 0.0) - time.monotonic()
        if wait > 0:
            return (
                f"not looked at, after {len(tried)} wrong answers. Ask again in {math.ceil(wait)} s, "
                "and spend them on the hint, on the units and on a limit in which you know the answer."
            )
        words = self.diagnose(question, value)
        if words.startswith("not yet."):
            tried[asked] = words
            if len(tried) >= FREE_TRIES:
                self._next[question] = time.monotonic() + min(10 * 2 ** (len(tried) - FREE_TRIES), 300)
        return words
