"""A class for tests: who hands in what, how it is graded, and what came of it."""

import csv
import html
import json
import os
import re
import subprocess
import textwrap

import nbformat
from conftest import ROOT
from course import jail, prove

PYTHON = ROOT / ".venv-grading" / "bin" / "python"
FIRST = "1-coupling"
SMALL = jail.Limits(seconds=60, cell_seconds=30.0, memory=400 * 1024**2)


def run(source, limits=SMALL, after="x = 1"):
    """Run `source` as a student's first cell, and `after` as the second."""
    cells = [{"id": "a", "source": textwrap.dedent(source), "exports": ["said"]}]
    return jail.run([*cells, {"id": "b", "source": after, "exports": ["x"]}], limits)


def said(source, limits=SMALL):
    """Return the value that `source` leaves in `said`, which it prints as JSON."""
    result = run(f"{textwrap.dedent(source)}\nimport json\nprint('said', json.dumps(said))", limits)
    outputs = result.cells[0]["outputs"]
    text = "".join(output.get("text", "") for output in outputs)
    assert "said " in text, (result.ended, outputs)
    return json.loads(text[text.index("said ") + 5 :])


def call(python, module, *arguments, code=None, **settings):
    """Start a program of the course package, or `code` beside it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "book" / "assignments"), **settings.pop("env", {})}
    command = [str(python), *(["-c", code] if code else ["-m", f"course.{module}"]), *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment, cwd=ROOT, **pipes, **settings)


def cell_of(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


class Class:
    """Writes submissions into an inbox, as students called their files."""

    def __init__(self, source, folder):
        self.source, self.folder = source, folder
        self.inbox = folder / "inbox" / source.name
        self.inbox.mkdir(parents=True)

    def hand_in(self, student, answers=None, data=None):
        """Hand in all right answers but `answers`, {cell: source}, or the bytes `data`."""
        notebook = prove.submission(self.source, student)
        for name, source in (answers or {}).items():
            cell_of(notebook, name).source = source
        data = nbformat.writes(notebook).encode() if data is None else data
        (self.inbox / f"{student}.ipynb").write_bytes(data)

    def marks(self):
        """Return {student: points} from the table for Canvas."""
        path = self.folder / "export" / f"{self.source.name}-canvas.csv"
        with path.open(encoding="utf-8", newline="") as file:
            return {row[0]: float(row[5]) for row in list(csv.reader(file))[2:]}

    def feedback(self, student):
        """Return the words of a student's page."""
        page = self.folder / "feedback" / student / self.source.name / f"{self.source.name}.html"
        page = page.read_text("utf-8")
        return html.unescape(" ".join(re.sub(r"<[^>]+>", "", page[page.index("<body") :]).split()))
