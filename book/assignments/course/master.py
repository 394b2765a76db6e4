"""A master notebook: one source for the student's copy, the solved copy and the tests that give marks.

Tags of a cell say what it is:

    key                 Python that draws the numbers and knows the answers and the usual mistakes
    answer              code that students write
    points:3            code: a test worth 3 points; Markdown: a free-form answer, marked by hand
    answer, points:3    code that is marked by hand, such as a figure

A cell without such a tag is given as it is. Inside an answer, what stands between `### BEGIN SOLUTION` and
`### END SOLUTION` is taken out, and lines that start with `# STUB ` stand in its place; inside a test, what
stands between `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS` runs only where marks are given.
"""

import ast
import builtins
import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import frenkel
import nbformat
from frenkel import _locks, coursework

from . import cases
from .copies import ASSIGNMENTS, HIDDEN, SOLUTION, tags_of
from .copies import STUB as STUB
from .copies import WHEEL as WHEEL
from .copies import copy as copy
from .copies import site as site

LINES = ASSIGNMENTS.parents[1] / "_build" / "course" / "lines"
KEY = ("draw", "answers", "plausible", "mistakes", "tolerance", "hints")  # the first three are needed


class MasterError(Exception):
    """A master notebook breaks a rule; the message says which and where."""


@dataclass
class Master:
    """A master notebook, read.

    `cells` are the notebook's cells without the key. From the key come `draw` (numbers from a `cases.Pick`),
    `answers` (a function of the numbers), `plausible` (for every question the range in which an answer makes
    sense), `mistakes`, `tolerance` and `hints`. What else `answers` returns is for hidden tests alone.
    """

    name: str
    cells: list
    key_at: int
    key: str
    draw: object
    answers: object
    plausible: dict
    mistakes: dict = field(default_factory=dict)
    tolerance: dict = field(default_factory=dict)
    hints: dict = field(default_factory=dict)
    _cases: dict = field(default_factory=dict, repr=False)

    @cached_property
    def secret(self):
        """Bytes that whoever has not got the key cannot know."""
        return hashlib.sha256(self.key.encode()).digest()

    @cached_property
    def questions(self):
        """{question: tolerance, hint and what is said to mistakes}."""
        return {
            question: {
                "tolerance": self.tolerance.get(question, coursework.TOLERANCE),
                "hint": self.hints.get(question, ""),
                "says": list(self.mistakes.get(question, {})),
            }
            for question in self.plausible
        }

    @property
    def points(self):
        """The points of all cells together."""
        return sum(tags_of(cell)[1] or 0 for cell in self.cells)

    def is_compared(self, cell):
        """Return whether the hidden tests of the cell with this id compare with the key: numbers matter."""
        code = "".join(hidden_tests(each) for each in self.cells if each.id == cell)
        names = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
        return bool(names & {"expect", "answers", "numbers"})

    def case(self, who):
        """Return the case of `who`, drawn once."""
        if who not in self._cases:
            try:
                self._cases[who] = cases.draw(self, who)
            except cases.NoCase as error:
                raise MasterError(str(error)) from None
        return self._cases[who]

    def case_of(self, student, *, listed=False):
        """Return the case of a student: of one's own on a class list, of one's seat otherwise."""
        if listed:
            return self.case(f"id {_locks.person(student)}")
        return self.case(f"seat {coursework.variant(self.name, student, cases.SEATS)}")

    @property
    def unseen(self):
        """The case that no copy holds, on which marks are given."""
        return self.case(f"unseen {self.secret.hex()}")

    def line(self, students=None):
        """Return the line that a copy carries: for everyone, or for the students of a list.

        It is kept in `_build`, because a class takes a while to compute.
        """
        names = [f"seat {seat}" for seat in range(cases.SEATS)] if students is None else ["", *students]
        total = hashlib.sha256(self.secret + sources_digest())
        total.update(json.dumps([self.name, names]).encode())
        kept = LINES / f"{self.name}-{total.hexdigest()[:24]}.txt"
        if not kept.is_file():
            found = [self.case(name) for name in names] if students is None else None
            found = found or [self.case_of(name, listed=True) for name in names]
            kept.parent.mkdir(parents=True, exist_ok=True)
            half = kept.with_suffix(f".{os.getpid()}")
            half.write_text(self.seal(found, names if students is not None else None), encoding="utf-8")
            half.replace(kept)
        return kept.read_text("utf-8")

    def seal(self, found, students=None):
        """Return the line that holds the cases `found`, with their checks."""
        wrong = {
            question: {words: [case.mistakes[question][words] for case in found] for words in spec["says"]}
            for question, spec in self.questions.items()
        }
        right = [{question: case.answers[question] for question in self.questions} for case in found]
        return coursework.seal(
            self.name,
            [case.numbers for case in found],
            right,
            wrong,
            students=students,
            tolerances=self.tolerance,
            hints=self.hints,
            secret=self.secret,
        )

    def numbers_only(self, case):
        """Return a line with the numbers of one case, for any id, whose checks say nothing."""
        return coursework.seal(self.name, [case.numbers], [dict.fromkeys(self.questions)], {})


@cache
def sources_digest():
    """Return a hash of what a line follows from beside the key."""
    library = sorted(Path(frenkel.__file__).parent.rglob("*.py"))  # wherever it is installed
    total = hashlib.sha256()
    for path in (*library, Path(cases.__file__), Path(__file__)):
        total.update(path.read_bytes())
    return total.digest()


def names():
    """Return the names of all masters; they start with the number of the assignment."""
    return sorted(path.stem for path in ASSIGNMENTS.glob("*.ipynb"))


def read(name, folder=ASSIGNMENTS):
    """Return the master called `name`, with its key executed."""
    path = Path(folder) / f"{name}.ipynb"
    if not path.is_file():
        raise MasterError(f"there is no master notebook {path}")
    notebook = nbformat.from_dict(json.loads(path.read_text("utf-8")))  # nbformat.read would rename doubles
    for cell in notebook.cells:
        cell.source = "".join(cell.source)
    keys = [i for i, cell in enumerate(notebook.cells) if "key" in cell.metadata.get("tags", [])]
    if len(keys) != 1:
        raise MasterError(f"{name}: exactly one cell must have the tag `key`, not {len(keys)}")
    space = {}
    exec(compile(notebook.cells[keys[0]].source, f"{name}: key", "exec"), space)
    cells = [cell for i, cell in enumerate(notebook.cells) if i != keys[0]]
    given = {word: space[word] for word in KEY if word in space}
    if missing := [word for word in KEY[:3] if word not in given]:
        raise MasterError(f"{name}: the key defines no {missing[0]!r}")
    master = Master(name, cells, keys[0], notebook.cells[keys[0]].source, **given)
    check(master)
    return master


def check(master):
    """Raise MasterError if a rule is broken that would leak a solution or make a test void."""
    seen = set()
    for cell in master.cells:
        answer, points = tags_of(cell)
        where = f"{master.name}, cell {cell.id}"
        if cell.id in seen or not re.fullmatch(r"[a-z][a-z0-9-]*", cell.id):
            raise MasterError(f"{where}: ids are unique words of small letters, digits and hyphens")
        seen.add(cell.id)
        marks = len(re.findall(r"### (?:BEGIN|END)", cell.source))
        regions = len(SOLUTION.findall(cell.source)) * answer
        regions += len(HIDDEN.findall(cell.source)) * (points is not None and not answer)
        if marks != 2 * regions:
            raise MasterError(f"{where}: a BEGIN without its END, or where its tag does not allow it")
        if answer and (cell.cell_type != "code" or not regions):
            raise MasterError(f"{where}: an answer is code with a solution in it")
        if points is not None and not answer and cell.cell_type == "code" and not regions:
            raise MasterError(f"{where}: a test without hidden tests gives no marks")


def hidden_tests(cell):
    """Return what only the grader runs of a test cell."""
    return "".join(HIDDEN.findall(cell.source))


def asked_of(code):
    """Return the names that `code` reads and does not define: what the student's notebook has to bring."""
    tree = ast.parse(code)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    stored = {node.id for node in found if not isinstance(node.ctx, ast.Load)}
    stored |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    stored |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    loaded = {node.id for node in found if isinstance(node.ctx, ast.Load)}
    return sorted(loaded - stored - set(dir(builtins)) - GIVEN)


# What hidden tests find defined; everything else that they name comes from the student's notebook.
GIVEN = {"np", "numbers", "answers", "expect", "require", "near", "shaped"}
