"""Copies of a master: the student's, for everyone or for a class, and the solved one for instructors."""

import re
from pathlib import Path

import frenkel
import nbformat
import yaml

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

made_with, here = "{version}", frenkel.__version__
editions = [[int(part) for part in words.split(".") if part.isdigit()] for words in (here, made_with)]
if editions[0] < editions[1]:
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
# What every intro says.
RULE = (
    "Compute every answer from `numbers`: for the marks your notebook is run twice, the second time with "
    "numbers that you have not seen, and a result that is typed in counts a quarter. To try this yourself, "
    "clear your id and run everything again. `course.check` tells you what it recognizes; after five wrong "
    "answers to a question it makes you wait before the next."
)
EVERYONE, CLASS = "for everyone", "for this class"  # who a copy was made for


def site(config=ASSIGNMENTS.parents[1] / "_config.yml"):
    """Return the address of the published book, without a slash at its end, from Jupyter Book's `config`."""
    return yaml.safe_load(Path(config).read_text("utf-8"))["html"]["baseurl"].rstrip("/")


def tags_of(cell):
    """Return (is an answer, points or None) of a cell of a master."""
    tags = cell.metadata.get("tags", [])
    points = [float(tag.removeprefix("points:")) for tag in tags if tag.startswith("points:")]
    return "answer" in tags, points[0] if points else None


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
