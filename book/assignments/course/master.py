"""A master notebook: one source for the student's copy, the solved copy and the tests that give marks.

Tags of a cell say what it is:

    key                 Python that defines the variants, the answers and the usual mistakes; instructors only
    answer              code that students write
    points:3            code: a test worth 3 points; Markdown: a free-form answer, marked by hand
    answer, points:3    code that is marked by hand, such as a figure

A cell without such a tag is given as it is. Inside an answer, what stands between `### BEGIN SOLUTION` and
`### END SOLUTION` is taken out, and lines that start with `# STUB ` stand in its place; inside a test, what
stands between `### BEGIN HIDDEN TESTS` and `### END HIDDEN TESTS` runs only where marks are given.
"""

import ast
import builtins
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import frenkel
import nbformat
import yaml
from frenkel import coursework

ASSIGNMENTS = Path(__file__).resolve().parents[1]
WHEEL = f"frenkel-{frenkel.__version__}-py3-none-any.whl"
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n(.*?)^ *### END SOLUTION\n?", re.MULTILINE | re.DOTALL)
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)^### END HIDDEN TESTS\n?", re.MULTILINE | re.DOTALL)
STUB = re.compile(r"^( *)# STUB (.*)\n?", re.MULTILINE)
YOUR_WORDS = "*Your answer goes here.*"
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}

SETUP = """\
import importlib.util
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
"""
STUDENT = """\
student = ""  # your student id, in quotation marks
"""
NUMBERS = """\
course = coursework.Assignment("{name}", student, "{sealed}")
numbers = course.numbers
for quantity, value in numbers.items():
    print(f"{{quantity}} = {{value}}")
"""


def site(config=ASSIGNMENTS.parents[1] / "_config.yml"):
    """Return the address of the published book, without a slash at its end, from Jupyter Book's `config`."""
    return yaml.safe_load(Path(config).read_text("utf-8"))["html"]["baseurl"].rstrip("/")


class MasterError(Exception):
    """A master notebook breaks a rule; the message says which and where."""


@dataclass
class Master:
    """A master notebook, read.

    `cells` are the notebook's cells without the key; `variants`, `answers` (a function of a variant's
    numbers), `mistakes`, `tolerance` and `hints` come from the key.
    """

    name: str
    cells: list
    variants: list
    answers: object
    key_at: int
    mistakes: dict = field(default_factory=dict)
    tolerance: dict = field(default_factory=dict)
    hints: dict = field(default_factory=dict)

    def variant(self, student):
        """Return which variant `student` has."""
        return coursework.variant(self.name, student, len(self.variants))

    @property
    def points(self):
        """The points of all cells together."""
        return sum(tags_of(cell)[1] or 0 for cell in self.cells)

    @cached_property
    def right(self):
        """The answers in every variant."""
        return [self.answers(numbers) for numbers in self.variants]

    @cached_property
    def wrong(self):
        """{question: {what to say: the wrong answer in every variant}} of the usual mistakes."""
        pairs = list(zip(self.variants, self.right, strict=True))
        return {
            question: {words: [make(*pair) for pair in pairs] for words, make in says.items()}
            for question, says in self.mistakes.items()
        }

    @cached_property
    def sealed(self):
        """The line that the student's copy carries."""
        told = {"tolerances": self.tolerance, "hints": self.hints}
        try:
            return coursework.seal(self.name, self.variants, self.right, self.wrong, **told)
        except ValueError as error:
            raise MasterError(f"{self.name}: {error}") from None


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
    optional = {key: space[key] for key in ("mistakes", "tolerance", "hints") if key in space}
    try:
        master = Master(name, cells, space["variants"], space["answers"], keys[0], **optional)
    except KeyError as error:
        raise MasterError(f"{name}: the key defines no {error}") from None
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


def copy(master, *, solved):
    """Return the notebook for students, or with `solved` the one for instructors.

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
    setup = SETUP.format(site=site(), wheel=WHEEL)
    sealed = NUMBERS.format(name=master.name, sealed=master.sealed)
    cells[master.key_at : master.key_at] = [
        _cell("code", "setup", setup.rstrip("\n")),
        _cell("code", "student", STUDENT.rstrip("\n"), free=True),
        _cell("code", "numbers", sealed.rstrip("\n"), fold=True),
    ]
    metadata = {**KERNEL, "frenkel": {"assignment": master.name}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)


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
