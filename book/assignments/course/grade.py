"""Collect, grade, write feedback and export the marks of one assignment: `make grade`.

A class lives in one folder:

    students.csv        the class list (optional)
    course.toml         time zone and deadlines (optional)
    inbox/NAME/         what was downloaded from Canvas or Moodle, archives or files
    submitted/          one notebook for each student, as handed in; `nbgrader collect` writes here too
    feedback/           one page for each student
    export/             NAME-canvas.csv, NAME-moodle.csv, the pages packed for both, and NAME-overview.csv
    byhand/NAME.csv     every mark; fill in score and comment where a person decides, and grade again

A submission that has not changed since it was marked is not run again, so that grading can be interrupted and
taken up at any time.
"""

import argparse
import copy
import json
import logging
import os
import sys
import time
import warnings
from pathlib import Path

import nbformat
import nbgrader.api
from nbgrader import dbutil
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from . import (
    build,
    classlist,
    collect,
    deadlines,
    handback,
    handmarks,
    jail,
    marking,
    master,
    people,
    plain,
    rebuild,
    settings,
    sheet,
    submitted,
    worker,
)

STOPPED = 2  # exit status: nothing was graded
# What the grader's own part of the work may take of the processor; looking after the jail is a part of it.
PREPARE_SECONDS, MARK_SECONDS = 120, 60


class GradingError(Exception):
    """One student's notebook could not be marked, for a reason that is not the student's."""


class Grading:
    """The grading of one assignment in one class folder."""

    def __init__(self, name, folder, limits):
        self.name, self.folder = name, Path(folder).resolve()
        self.limits = jail.Limits(**limits)
        self.source = master.read(name)
        self.listed = classlist.read(self.folder / "students.csv")
        self.copy = master.copy(self.source, solved=False, students=sorted(self.listed) or None)
        self.settings = settings.configure(Config())
        self.settings.Mark.runs = str(self.folder / "runs")
        self.settings.Mark.class_list = str(self.folder / "students.csv")
        self.settings.Mark.limits = limits
        self.settings.Page.folder = str(self.folder)
        self.settings.CourseDirectory.root = str(self.folder)
        self.settings.CourseDirectory.submitted_directory = "prepared"
        self.settings.CourseDirectory.db_url = self.database = f"sqlite:///{self.folder / 'gradebook.db'}"
        self.api = NbGraderAPI(CourseDirectory(config=self.settings), config=self.settings)
        self.sheet().check()
        rules = deadlines.read(self.folder / "course.toml", master.names())
        received, self.complaints = collect.collect(self.folder, name, self.copy, rules)
        self.submitted = submitted.Submitted(self.folder, name, self.listed, received, json.dumps(limits))

    def sheet(self):
        """Return the sheet of marks given by hand."""
        return handmarks.HandMarks(self.folder, self.name, self.copy, self.database)

    def register(self):
        """Tell nbgrader the cells and points of the student copy."""
        config = self.folder / "nbgrader_config.py"
        if not config.is_file():
            config.write_text(settings.CONFIG.format(path=str(master.ASSIGNMENTS)), encoding="utf-8")
        path = self.folder / "source" / self.name / f"{self.name}.ipynb"
        release = self.folder / "release" / self.name / path.name
        written = path.read_bytes() if path.is_file() else b""
        build.write(self.copy, path)
        if written != path.read_bytes() or not release.is_file():
            self.said(self.api.generate_assignment(self.name, force=True))

    def said(self, result):
        """Raise GradingError if an action of nbgrader did not succeed."""
        if not result["success"]:
            raise GradingError((result.get("error") or result.get("log") or "nbgrader failed").strip())

    def prepare(self, student):
        """Write the rebuilt notebook and run it in the jail; one that cannot be read becomes an empty one.

        This is the slow part, and safe to do for several students at once.
        """
        received = self.submitted.received.get(student, {})
        try:
            if received.get("problem"):
                raise rebuild.Unreadable(received["problem"])
            read = rebuild.read(self.submitted.path(student).read_bytes(), self.name)
            notebook, notes = rebuild.rebuild(self.copy, read)
            readable, made_for = True, rebuild.made_for(read.cells)
        except rebuild.Unreadable as problem:
            notebook, notes = copy.deepcopy(self.copy), [f"{problem} There was nothing to mark."]
            readable, made_for = False, None
        notebook.metadata["frenkel"] = {
            "assignment": self.name,
            "notes": self.submitted.notes(student) + notes,
            "readable": readable,
            "made_for": made_for,
            "group": received.get("group", [student]),
        }
        prepared = self.folder / "prepared" / student / self.name
        build.write(notebook, prepared / f"{self.name}.ipynb")
        for file, content in self.submitted.notes_of_exchange(student).items():
            (prepared / file).write_bytes(content)
        kept = self.folder / "runs" / self.name / f"{student}.json"
        listed = student if student in self.listed else None
        runs = marking.runs_of(notebook, self.source, self.limits, listed, kept)
        marking.scores_of(notebook, runs, self.source, listed, kept.with_suffix(".scores.json"))

    def mark(self, student, typed=False):
        """Give marks and write feedback with nbgrader; remember that it was done.

        With `typed` texts are shown as they were typed, if one of them cannot be made into a page.
        """
        if typed:
            path = self.folder / "prepared" / student / self.name / f"{self.name}.ipynb"
            notebook = nbformat.read(path, as_version=4)
            notebook.metadata["frenkel"]["plain"] = True
            build.write(notebook, path)
        self.said(self.api.autograde(self.name, student, force=True, create=True))
        self.said(self.api.generate_feedback(self.name, student, force=True))
        path = self.folder / "autograded" / student / self.name / f"{self.name}.ipynb"
        self.submitted.remember(student, nbformat.read(path, as_version=4).metadata["frenkel"])

    def grade(self, jobs):
        """Grade who is not graded yet; return {student: what went wrong with the grader}."""
        everyone = self.submitted.students()
        waiting = [student for student in everyone if not self.submitted.is_marked(student)]
        print(f"{self.name}: {len(everyone)} submissions, {len(waiting)} to grade", flush=True)
        failed, started, count = {}, time.monotonic(), len(waiting)
        with worker.Crew(self, jobs + 1) as crew:
            *runners, marker = crew.workers
            tasks = [("prepare", student) for student in waiting]
            while tasks or any(one.task for one in crew.workers):
                for one in [marker, *runners]:
                    task = next((task for task in tasks if (task[0] == "mark") == (one is marker)), None)
                    if task and not one.task:
                        tasks.remove(task)
                        seconds = MARK_SECONDS if one is marker else self.limits.seconds + PREPARE_SECONDS
                        one.begin(*task, seconds=seconds, patience=worker.PATIENCE + self.limits.seconds)
                for one in crew.wait():
                    what, student, *typed = one.task
                    try:
                        one.answer()
                    except worker.Failed as problem:  # one student's trouble is no other's
                        failed[student] = str(problem)
                    else:
                        failed.pop(student, None)
                    if what == "prepare" and student not in failed:
                        tasks.append(("mark", student))
                    elif what == "mark" and student in failed and not typed:
                        tasks.append(("mark", student, True))
                    else:
                        print(f"  {student}: {self.line(student, failed)}", flush=True)
        if count:
            seconds = (time.monotonic() - started) / count
            print(f"{seconds:.1f} s per submission, {jobs} at a time")
        return failed

    def line(self, student, failed):
        if student in failed:
            return f"NOT GRADED, {failed[student].splitlines()[-1]}"
        with Gradebook(self.database) as gradebook:
            submission = gradebook.find_submission(self.name, student)
            score = f"{plain.shown(submission.score)} of {plain.shown(submission.max_score)}"
        return " ".join(" ".join([score, *self.submitted.remembered(student)["notes"]]).split())

    def hand_marks(self):
        """Take in the sheet of hand marks and write it anew; return the number of answers without a mark."""
        marks = self.sheet()
        marks.take(people.everyone(self.folder, self.name, self.submitted.marked()))
        for student in sorted(marks.changed):
            self.said(self.api.generate_feedback(self.name, student, force=True))
        print(*marks.said, sep="\n", end="\n" * bool(marks.said))
        return marks.waiting


def version_of_tables():
    """Return what `alembic heads` says of nbgrader, which would start that program and wait five seconds."""
    from alembic.script import ScriptDirectory  # for a new class alone

    return ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="the assignment, such as 1-coupling")
    parser.add_argument("--class-folder", type=Path, default=Path("class"), help="folder of this class")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="submissions run at a time")
    for limit, default in vars(jail.Limits()).items():
        parser.add_argument(f"--{limit.replace('_', '-')}", type=type(default), help=f"default {default}")
    arguments = parser.parse_args()
    sys.stdout, sys.stderr = plain.Terminal(sys.stdout), plain.Terminal(sys.stderr)
    nbgrader.api.get_alembic_version = version_of_tables
    warnings.simplefilter("ignore", SAWarning)  # of nbgrader's use of its database
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    limits = {name: value for name in vars(jail.Limits()) if (value := getattr(arguments, name)) is not None}
    try:
        jail.check(jail.Limits(**limits))
        arguments.class_folder.mkdir(parents=True, exist_ok=True)
        grading = Grading(arguments.name, arguments.class_folder, limits)
        print(*grading.complaints, sep="\n", end="\n" * bool(grading.complaints))
        grading.register()
        failed = grading.grade(arguments.jobs)
        waiting = grading.hand_marks()
        shared = handback.write(grading.submitted, grading.database, waiting)
    except (jail.JailMissing, master.MasterError, GradingError, sheet.SheetError, ValueError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(STOPPED)
    peak = worker.Crew.highest + worker.peak_of_this_process()
    print(f"The grader took at most {peak / 1024**2:.0f} MB of memory.")
    for name, several in shared.items():
        print(f"The same id, {name}, stands in the notebooks of {', '.join(several)}.")
    if waiting:
        print(f"{waiting} answers wait for marks by hand in byhand/{arguments.name}.csv;", end=" ")
        print("the totals leave them out, and the pages are not packed yet.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
