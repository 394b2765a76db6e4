"""How long a class of thirty takes to grade on two cores, jail, marks, feedback and tables included."""

import os
import re
import subprocess

import nbformat
import pytest
from conftest import ROOT
from course import jail, master, prove

STUDENTS, LIMIT = 30, 6.0  # s per submission, on two cores of a plain machine with nothing else to do


@pytest.mark.parametrize("name", ["1-coupling", "4-ballistic"])
def test_thirty_submissions(name, benchmark, tmp_path):
    python = ROOT / ".venv-grading" / "bin" / "python"
    if not python.is_file():
        pytest.fail("The grader is not set up. Run `make grader` first; `make bench` does.", pytrace=False)
    try:
        jail.check()
    except jail.JailMissing as problem:
        pytest.skip(str(problem))
    source = master.read(name)
    inbox = tmp_path / "inbox" / name
    inbox.mkdir(parents=True)
    for number in range(STUDENTS):
        student = f"student-{number:02}"
        (inbox / f"{student}.ipynb").write_text(nbformat.writes(prove.submission(source, student)), "utf-8")
    command = [str(python), "-m", "course.grade", name, "--class-folder", str(tmp_path), "--jobs", "2"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "book" / "assignments")}

    def grade():
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)

    done = benchmark.pedantic(grade, rounds=1)
    seconds = float(re.search(r"([\d.]+) s per submission", done.stdout)[1])
    print(f"\n{name}: {seconds} s per submission, {STUDENTS} submissions, two at a time")
    assert len(list((tmp_path / "feedback").iterdir())) == STUDENTS
    assert seconds < LIMIT
