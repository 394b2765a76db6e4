"""A large class on a JupyterHub: nbgrader's own exchange around `make grade`."""

import os
import shutil
import subprocess

import nbformat
from classroom import FIRST, call, cell_of

NBGRADER = """
import os, sys
from nbgrader.apps import NbGraderApp

name, *what = sys.argv[1:]
for folder, action in zip(what[::2], what[1::2]):
    os.chdir(folder)
    NbGraderApp.launch_instance([action, name])
    for app in (NbGraderApp, NbGraderApp.subcommands[action][0]):
        app.clear_instance()
"""


def test_through_the_exchange_of_nbgrader(grader, tmp_path):
    """From release to feedback, with nbgrader's own commands around ours, as on a JupyterHub.

    nbgrader's command for fetching only copies files; the student's side is one of them, to hand in.
    """
    exchange, teacher, student = (tmp_path / name for name in ("exchange", "teacher", "student"))
    for folder in (exchange, student):
        folder.mkdir()
    exchange.chmod(0o777)
    settings = f"""
c = get_config()
c.Exchange.root = {str(exchange)!r}
c.CourseDirectory.course_id = "excitons"
"""
    path = {"PATH": f"{grader.parent}{os.pathsep}{os.environ['PATH']}"}

    def nbgrader(*what):
        """Run commands of nbgrader, each in its folder, as `nbgrader` does and in one process."""
        command = [str(grader), "-c", NBGRADER, FIRST, *map(str, what)]
        done = subprocess.run(command, env=os.environ | path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def grade():
        running = call(grader, "grade", FIRST, "--class-folder", str(teacher), "--jobs", "1")
        words, complaints = running.communicate(timeout=120)
        assert (running.returncode, complaints) == (0, ""), words
        return words

    assert "0 submissions" in grade()
    with (teacher / "nbgrader_config.py").open("a") as file:
        file.write(settings)
    (student / "nbgrader_config.py").write_text(settings, "utf-8")
    shutil.copytree(teacher / "release" / FIRST, student / FIRST)
    mine = student / FIRST / f"{FIRST}.ipynb"
    notebook = nbformat.read(mine, as_version=4)
    cell_of(notebook, "student").source = "student = 'me'"
    cell_of(notebook, "predict").source = "prediction, drop = 'tenth', 1 - (1 + numbers['expansion']) ** -3"
    mine.write_text(nbformat.writes(notebook), "utf-8")
    nbgrader(teacher, "release_assignment", student, "submit", teacher, "collect")
    fetched = exchange / "excitons" / "outbound" / FIRST / mine.name
    assert fetched.read_bytes() == (teacher / "release" / FIRST / mine.name).read_bytes()
    assert "2 of 29" in grade()
    nbgrader(teacher, "release_feedback")
    (page,) = (exchange / "excitons" / "feedback").glob("*.html")
    assert "2 of 29 points" in page.read_text("utf-8")
