"""Cases: one set of numbers of an assignment, with its right and its wrong answers.

Every student has a case, drawn from the ranges of the key by a generator that is seeded with the assignment
and the id: a class of any size shares nothing, and the grader draws the same case again. Who is on no class
list has one of `SEATS` cases, which the copy for everyone holds. Marks come from a second case besides, the
same for the whole class and known to the grader alone.
"""

import math
import random
from dataclasses import dataclass, field
from functools import cached_property

from frenkel import _locks, coursework

SEATS = 64
DRAWS = 100  # attempts to find a case in which nothing can be confused


class NoCase(Exception):
    """The ranges of a key leave no case in which right and wrong can be told apart."""


class Pick:
    """What the key draws its numbers with; Python's generator is the same in every version."""

    def __init__(self, seed):
        self._random = random.Random(seed)

    def between(self, low, high, digits=3):
        """Return a number from `low` to `high`, rounded to that many significant digits."""
        value = self._random.uniform(low, high)
        return round(value, digits - 1 - math.floor(math.log10(abs(value))))

    def integer(self, low, high, step=1):
        """Return an integer from `low` to `high`, both included."""
        return self._random.randrange(low, high + 1, step)

    def seed(self):
        """Return a seed for a generator of random numbers."""
        return self._random.randrange(1, 10**6)


@dataclass
class Case:
    """The numbers, the answers of the key and, {question: {what to say: number}}, the usual mistakes."""

    numbers: dict
    answers: dict
    mistakes: dict
    questions: dict = field(repr=False)  # {question: tolerance, hint, what is said to mistakes}

    @cached_property
    def checks(self):
        """What is said to an answer; ValueError if two of them cannot be told apart."""
        return Key(self)


class Key(coursework.Checks):
    """The words of the student's copy, from answers that are known: without a search."""

    def __init__(self, case):
        super().__init__(case.questions)
        self._bins = {}
        for question, spec in case.questions.items():
            wrong = list(case.mistakes.get(question, {}).values())
            self._bins[question] = _locks.bins(case.answers[question], wrong, spec["tolerance"])

    def find(self, question, value):
        phase, found = self._bins[question]
        return found.get(_locks.bin_of(value, self.questions[question]["tolerance"], phase))


def draw(master, who):
    """Return the case of `who`: the first draw that is plausible and in which nothing can be confused."""
    said = ""
    for attempt in range(DRAWS):
        numbers = master.draw(Pick(f"{master.name}|{who}|{attempt}"))
        right = {name: _plain(value) for name, value in master.answers(numbers).items()}
        wrong = {
            question: {words: float(make(numbers, right)) for words, make in says.items()}
            for question, says in master.mistakes.items()
        }
        case = Case(numbers, right, wrong, master.questions)
        try:
            _ = case.checks
        except ValueError as error:
            said = str(error)
            continue
        out = [name for name, (low, high) in master.plausible.items() if not low < abs(right[name]) < high]
        if not out:
            return case
        said = f"{out[0]} = {right[out[0]]:g} is not plausible"
    raise NoCase(f"{master.name}: {DRAWS} draws gave no case; the last one: {said}")


def _plain(value):
    """Return a NumPy scalar as a float, so that every version of a notebook writes it the same."""
    return float(value) if getattr(value, "ndim", None) == 0 else value
