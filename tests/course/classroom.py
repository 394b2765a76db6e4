"""A class to be graded in tests: submissions as the platforms send them, and the grader's own Python."""

import os
import shutil
import subprocess
import zipfile

import nbformat
from conftest import ROOT
from course import prove

PYTHON = ROOT / ".venv-grading" / "bin" / "python"
NAME = "1-coupling"


def run(module, *arguments):
    """Run a module of the course with the grader's Python; return (status, output, complaints)."""
    return _run("-m", module, *arguments)


def script(code, *arguments):
    """Run `code` in the same way."""
    return _run("-c", code, *arguments)


def _run(*command):
    assert PYTHON.is_file(), "The grader is not set up. Run `make grader` first; `make test` does."
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "book" / "assignments")}
    command = [str(PYTHON), *map(str, command)]
    done = subprocess.run(command, env=settings, cwd=ROOT, capture_output=True, text=True, timeout=500)
    return done.returncode, done.stdout, done.stderr


def grade(folder):
    """Grade the class in `folder`; return what was printed."""
    status, words, complaints = run("course.grade", NAME, "--class-folder", folder, "--jobs", "2")
    assert (status, complaints) == (0, ""), words + complaints
    return words


def refused(folder):
    """Grade the class in `folder`, which the grader must refuse; return its reason."""
    status, _, complaints = run("course.grade", NAME, "--class-folder", folder)
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
    inbox = folder / "inbox" / NAME
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
    return folder / "feedback" / student / NAME / f"{NAME}.html"
