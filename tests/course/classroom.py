"""A class for tests: who hands in what, how it is graded, and what came of it."""

import csv
import html
import json
import os
import re
import shutil
import subprocess
import textwrap
import zipfile

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


def complete(module, *arguments, code=None):
    """Run such a program with the grader's Python to its end; return (status, output, complaints)."""
    assert PYTHON.is_file(), "The grader is not set up. Run `make grader` first; `make test` does."
    running = call(PYTHON, module, *map(str, arguments), code=code)
    words, complaints = running.communicate(timeout=500)
    return running.returncode, words, complaints


def grade(folder):
    """Grade the class in `folder`; return what was printed."""
    status, words, complaints = complete("grade", FIRST, "--class-folder", folder, "--jobs", "2")
    assert (status, complaints) == (0, ""), words + complaints
    return words


def refused(folder):
    """Grade the class in `folder`, which the grader must refuse; return its reason."""
    status, _, complaints = complete("grade", FIRST, "--class-folder", folder)
    assert status == 2
    return complaints


def cell_of(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def submission(source, student, **answers):
    """Return a notebook with right answers but for `answers`, {cell with _ for -: source}."""
    notebook = prove.submission(source, student)
    for name, text in answers.items():
        cell_of(notebook, name.replace("_", "-")).source = text
    return notebook


def hand_in(folder, path, notebook, archive=None):
    """Put a notebook into the inbox, in an archive if one is named."""
    inbox = folder / "inbox" / FIRST
    inbox.mkdir(parents=True, exist_ok=True)
    data = nbformat.writes(notebook).encode()
    if archive is None:
        (inbox / path).write_bytes(data)
        return
    with zipfile.ZipFile(inbox / archive, "a") as file:
        file.writestr(path, data)


def copied(folder, target):
    """Return a copy of a class, which its tests may change."""
    return shutil.copytree(folder, target / "class")


def page_of(folder, student):
    return folder / "feedback" / student / FIRST / f"{FIRST}.html"


class Class:
    """Writes submissions into an inbox, as students called their files."""

    def __init__(self, source, folder):
        self.source, self.folder = source, folder
        self.inbox = folder / "inbox" / source.name
        self.inbox.mkdir(parents=True)

    def hand_in(self, student, answers=None, data=None):
        """Hand in all right answers but `answers`, {cell: source}, or the bytes `data`."""
        if data is None:
            data = nbformat.writes(submission(self.source, student, **(answers or {}))).encode()
        (self.inbox / f"{student}.ipynb").write_bytes(data)

    def marks(self):
        """Return {student: points} from the table for the instructor."""
        path = self.folder / "export" / f"{self.source.name}-overview.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            return {row["student"]: float(row["score"]) for row in csv.DictReader(file)}

    def feedback(self, student):
        """Return the words of a student's page."""
        page = page_of(self.folder, student).read_text("utf-8")
        return html.unescape(" ".join(re.sub(r"<[^>]+>", "", page[page.index("<body") :]).split()))
