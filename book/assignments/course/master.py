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
import yaml
from frenkel import coursework

from . import cases

ASSIGNMENTS = Path(__file__).resolve().parents[1]
LINES = ASSIGNMENTS.parents[1] / "_build" / "course" / "lines"
WHEEL = f"frenkel-{frenkel.__version__}-py3-none-any.whl"
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n(.*?)^ *### END SOLUTION\n?", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)^### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL)
STUB = re.compile(r"^( *)# STUB (.*)\n?", re.MULTILINE)
KEY = ("draw", "answers", "plausible", "mistakes", "tolerance", "hints")  # the first three are needed
YOUR_WORDS = "*Your answer goes here.*"
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}

SETUP = """\
import importlib.util
import re
import sys

if importlib.util.find_spec("frenkel") is None:
    if sys.platform == "emscripten":  # in the browser: from the book's own site
        import piplite
        await piplite.install("frenkel")
    else:  # on Colab, for example
        %pip install --quiet "frenkel[full] @ {site}/assignments/{wheel}"

import frenkel
import matplotlib.pyplot as plt
import numpy as np
from frenkel import coursework

made_with, here = "{version}", frenkel.__version__
if [int(part) for part in re.findall(r"\d+", here)[:3]] < [int(part) for part in re.findall(r"\d+", made_with)[:3]]:
    print(f"This notebook was made with frenkel {{made_with}}; installed here is {{here}}, which is older.")
    print("What follows may fail. Run this in a new cell, restart the kernel and begin again from the top:")
    print('%pip install --upgrade "frenkel[full] @ {site}/assignments/{wheel}"')
"""
STUDENT = """\
student = ""  # your student id, in quotation marks
"""
NUMBERS = """\
course = coursework.Assignment("{name}", student, "{sealed}")  # {made_for}
numbers = course.numbers
for quantity, value in numbers.items():
    print(f"{{quantity}} = {{value}}")"""
EVERYONE, CLASS = "for everyone", "for this class"  # who a copy was made for


def site(config=ASSIGNMENTS.parents[1] / "_config.yml"):
    """Return the address of the published book, without a slash at its end, from Jupyter Book's `config`."""
    return yaml.safe_load(Path(config).read_text("utf-8"))["html"]["baseurl"].rstrip("/")


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
            return self.case(f"id {coursework.person(student)}")
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
    """Return a hash of the library and of the code that makes copies."""
    total = hashlib.sha256()
    for folder in (Path(frenkel.__file__).parent, Path(__file__).parent):
        for path in sorted(folder.rglob("*.py")):
            total.update(path.read_bytes())
    return total.digest()


def tags_of(cell):
    """Return (is an answer, points or None) of a cell of a master."""
    tags = cell.metadata.get("tags", [])
    points = [float(tag.removeprefix("points:")) for tag in tags if tag.startswith("points:")]
    return "answer" in tags, points[0] if points else None


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


def strip_solution(source):
    """Return an answer as students get it."""

    def stubs(match):
        lines = "".join(f"{indent}{line}\n" for indent, line in STUB.findall(match[2]))
        return lines or f"{match[1]}# your code here\n"

    return SOLUTION.sub(stubs, source).rstrip("\n")


def keep_solution(source):
    """Return an answer with its solution and without the marks around it."""
    return SOLUTION.sub(lambda match: STUB.sub("", match[2]), source).rstrip("\n")


def copy(master, *, solved, students=None, line=None):
    """Return the notebook for students, or with `solved` the one for instructors.

    It is for everyone, or for the `students` of a list; `line` takes the place of what they need.
    Every cell carries nbgrader's metadata; the id of a cell is its grade_id.
    """
    cells = []
    for cell in master.cells:
        answer, points = tags_of(cell)
        source = cell.source
        if answer:
            source = keep_solution(source) if solved else strip_solution(source)
        elif points is not None and not solved:
            source = HIDDEN.sub("", source).rstrip("\n") if cell.cell_type == "code" else YOUR_WORDS
        by_hand = points is not None and (answer or cell.cell_type == "markdown")
        cells.append(_cell(cell.cell_type, cell.id, source, points=points, free=answer or by_hand))
    setup = SETUP.format(site=site(), wheel=WHEEL, version=frenkel.__version__)
    sealed = numbers_cell(master, line or master.line(students), EVERYONE if students is None else CLASS)
    cells[master.key_at : master.key_at] = [
        _cell("code", "setup", setup.rstrip("\n")),
        _cell("code", "student", STUDENT.rstrip("\n"), free=True),
        _cell("code", "numbers", sealed, fold=True),
    ]
    metadata = {**KERNEL, "frenkel": {"assignment": master.name}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)


def numbers_cell(master, line, made_for):
    """Return the source of the cell that opens the line."""
    return NUMBERS.format(name=master.name, sealed=line, made_for=made_for)


def _cell(cell_type, name, source, *, points=None, free=False, fold=False):
    mark = {
        "schema_version": 3,
        "grade_id": name,
        "cell_type": cell_type,
        "grade": points is not None,
        "solution": free,
        "locked": not free,
        "task": False,
    }
    if points is not None:
        mark["points"] = points
    metadata = {"nbgrader": mark, "deletable": False}
    if not free:
        metadata["editable"] = False
    if fold:
        metadata["jupyter"] = {"source_hidden": True}
        metadata["cellView"] = "form"  # Colab's word for the same
    make = nbformat.v4.new_code_cell if cell_type == "code" else nbformat.v4.new_markdown_cell
    return make(source, id=name, metadata=metadata)
