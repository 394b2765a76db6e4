"""Collect, grade, write feedback and export the marks of one assignment: `make grade`.

A class lives in one folder:

    students.csv        the class list (optional)
    inbox/NAME/         what was downloaded from Canvas or Moodle, archives or files
    submitted/          one notebook for each student, as handed in; `nbgrader collect` writes here too
    feedback/           one page for each student
    export/             NAME-canvas.csv, NAME-moodle.csv, and the pages packed for both
    byhand/NAME.csv     every mark; fill in score and comment where a person decides, and grade again

A submission that has not changed since it was marked is not run again, so that grading can be interrupted and
taken up at any time.
"""

import argparse
import copy
import hashlib
import json
import logging
import os
import sys
import time
import warnings
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from . import (
    build,
    classlist,
    collect,
    export,
    handmarks,
    jail,
    marking,
    master,
    pack,
    people,
    plain,
    rebuild,
    settings,
    sheet,
)

STOPPED = 2  # exit status: nothing was graded


class GradingError(Exception):
    """One student's notebook could not be marked, for a reason that is not the student's."""


def code_digest(source_path):
    """Return a hash of what marks depend on beside the submission: the master, the grader, the library."""
    total = hashlib.sha256(source_path.read_bytes() + marking.library_digest().encode())
    for path in sorted(path for path in Path(__file__).parent.iterdir() if path.is_file()):
        total.update(path.read_bytes())
    return total.hexdigest()


class Grading:
    """The grading of one assignment in one class folder."""

    def __init__(self, name, folder, limits):
        self.name, self.folder = name, Path(folder).resolve()
        self.limits = jail.Limits(**limits)
        self.source = master.read(name)
        self.copy = master.copy(self.source, solved=False)
        self.code = code_digest(master.ASSIGNMENTS / f"{name}.ipynb") + json.dumps(limits)
        self.listed = classlist.read(self.folder / "students.csv")
        self.settings = settings.configure(Config())
        self.settings.Mark.runs = str(self.folder / "runs")
        self.settings.Mark.class_list = str(self.folder / "students.csv")
        self.settings.Mark.limits = limits
        self.settings.Page.folder = str(self.folder)
        self.settings.CourseDirectory.root = str(self.folder)
        self.settings.CourseDirectory.submitted_directory = "prepared"
        self.settings.CourseDirectory.db_url = self.database = f"sqlite:///{self.folder / 'gradebook.db'}"
        self.api = NbGraderAPI(CourseDirectory(config=self.settings), config=self.settings)

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

    def students(self):
        """Return all who handed something in."""
        return sorted(path.parents[1].name for path in self.folder.glob(f"submitted/*/{self.name}/*.ipynb"))

    def state(self, student):
        return self.folder / "marks" / self.name / f"{student}.json"

    def digest(self, student):
        data = (self.folder / "submitted" / student / self.name / f"{self.name}.ipynb").read_bytes()
        data += b"".join(self.notes_of_exchange(student).values())
        listed = "listed" if student in self.listed else ""
        return hashlib.sha256(data + self.code.encode() + listed.encode()).hexdigest()

    def notes_of_exchange(self, student):
        """Return {file: content} of what nbgrader's exchange left with a submission and wants back."""
        folder = self.folder / "submitted" / student / self.name
        paths = [folder / name for name in ("timestamp.txt", "submission_secret.txt")]
        return {path.name: path.read_bytes() for path in paths if path.is_file()}

    def is_marked(self, student):
        """Return whether this very submission has its marks and its feedback."""
        path = self.state(student)
        page = self.folder / "feedback" / student / self.name / f"{self.name}.html"
        return (
            path.is_file()
            and page.is_file()
            and json.loads(path.read_text("utf-8"))["digest"] == self.digest(student)
        )

    def prepare(self, student):
        """Write the rebuilt notebook and run it in the jail; one that cannot be read becomes an empty one.

        This is the slow part, and safe to do for several students at once.
        """
        path = self.folder / "submitted" / student / self.name / f"{self.name}.ipynb"
        try:
            notebook, notes = rebuild.rebuild(self.copy, rebuild.read(path.read_bytes(), self.name))
            readable = True
        except rebuild.Unreadable as problem:
            notebook, notes = copy.deepcopy(self.copy), [f"{problem} There was nothing to mark."]
            readable = False
        notebook.metadata["frenkel"] = {"assignment": self.name, "notes": notes, "readable": readable}
        prepared = self.folder / "prepared" / student / self.name
        build.write(notebook, prepared / f"{self.name}.ipynb")
        for file, content in self.notes_of_exchange(student).items():
            (prepared / file).write_bytes(content)
        kept = self.folder / "runs" / self.name / f"{student}.json"
        marking.run_of(notebook, self.source, self.limits, kept)

    def mark(self, student):
        """Give marks and write feedback with nbgrader; remember that it was done."""
        self.said(self.api.autograde(self.name, student, force=True, create=True))
        self.said(self.api.generate_feedback(self.name, student, force=True))
        path = self.folder / "autograded" / student / self.name / f"{self.name}.ipynb"
        said = nbformat.read(path, as_version=4).metadata["frenkel"]
        state = self.state(student)
        state.parent.mkdir(parents=True, exist_ok=True)
        half = state.with_suffix(".part")
        half.write_text(json.dumps({"digest": self.digest(student), **said}), encoding="utf-8")
        half.replace(state)

    def grade(self, jobs):
        """Grade who is not graded yet; return {student: what went wrong with the grader}."""
        everyone = self.students()
        waiting = [student for student in everyone if not self.is_marked(student)]
        print(f"{self.name}: {len(everyone)} submissions, {len(waiting)} to grade", flush=True)
        failed, started = {}, time.monotonic()
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            runs = {pool.submit(self.prepare, student): student for student in waiting}
            for run in as_completed(runs):  # one slow notebook keeps nobody waiting
                student = runs[run]
                try:
                    run.result()
                    self.mark(student)
                except jail.JailMissing:
                    pool.shutdown(cancel_futures=True)
                    raise
                except Exception as error:  # one student's trouble is no other's
                    failed[student] = f"{type(error).__name__}: {error}"
                print(f"  {student}: {self.line(student, failed)}", flush=True)
        if waiting:
            seconds = (time.monotonic() - started) / len(waiting)
            print(f"{seconds:.1f} s per submission, {jobs} at a time")
        return failed

    def line(self, student, failed):
        if student in failed:
            return f"NOT GRADED, {failed[student].splitlines()[-1]}"
        notes = json.loads(self.state(student).read_text("utf-8"))["notes"]
        with Gradebook(self.database) as gradebook:
            submission = gradebook.find_submission(self.name, student)
            score = f"{plain.shown(submission.score)} of {plain.shown(submission.max_score)}"
        return " ".join(" ".join([score, *notes]).split())

    def marked(self):
        """Return who has marks."""
        return [student for student in self.students() if self.state(student).is_file()]

    def hand_marks(self):
        """Take in the sheet of hand marks and write it anew; return the number of answers without a mark."""
        sheets = handmarks.HandMarks(self.folder, self.name, self.copy, self.database)
        sheets.take(people.everyone(self.folder, self.name, self.marked()))
        for student in sorted(sheets.changed):
            self.said(self.api.generate_feedback(self.name, student, force=True))
        for line in sheets.said:
            print(line)
        return sheets.waiting

    def export(self, waiting):
        """Write the tables, and the archives of the pages unless answers are waiting for their marks.

        Returns {typed id: students} for ids that several typed.
        """
        results, typed = [], {}
        owners = people.everyone(self.folder, self.name, self.marked())
        with Gradebook(self.database) as gradebook:
            points = gradebook.find_assignment(self.name).max_score
            for student, person in owners.items():
                state = json.loads(self.state(student).read_text("utf-8"))
                submission = gradebook.find_submission(self.name, student)
                score = people.counted(person, submission.score - (submission.late_submission_penalty or 0))
                words = [*filter(None, [person.late]), *state["notes"]]
                for member in people.group(self.folder, self.name, student):
                    results.append(export.Result(member, score, words))
                if state["student"]:
                    typed.setdefault(state["student"].casefold(), []).append(student)
        folder = self.folder / "export"
        export.write(folder / f"{self.name}-canvas.csv", export.canvas(results, self.name, points))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        export.write(folder / f"{self.name}-moodle.csv", export.moodle(results, points, now))
        left = pack.pack(self.folder, self.name, {} if waiting else owners)
        if left:
            print(f"In no archive of pages, since the platform's number is not known: {', '.join(left)}.")
        return {name: several for name, several in typed.items() if len(several) > 1}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="the assignment, such as 1-coupling")
    parser.add_argument("--class-folder", type=Path, default=Path("class"), help="folder of this class")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="submissions run at a time")
    for limit, default in vars(jail.Limits()).items():
        parser.add_argument(f"--{limit.replace('_', '-')}", type=type(default), help=f"default {default}")
    arguments = parser.parse_args()
    sys.stdout, sys.stderr = plain.Terminal(sys.stdout), plain.Terminal(sys.stderr)
    # nbgrader calls alembic, which is installed beside this Python, by its bare name.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    warnings.simplefilter("ignore", SAWarning)  # of nbgrader's use of its database
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    limits = {name: value for name in vars(jail.Limits()) if (value := getattr(arguments, name)) is not None}
    try:
        jail.check()
        arguments.class_folder.mkdir(parents=True, exist_ok=True)
        grading = Grading(arguments.name, arguments.class_folder, limits)
        handmarks.HandMarks(grading.folder, grading.name, grading.copy, grading.database).check()
        collect.collect(grading.folder, arguments.name)
        grading.register()
        failed = grading.grade(arguments.jobs)
        waiting = grading.hand_marks()
        shared = grading.export(waiting)
    except (jail.JailMissing, master.MasterError, GradingError, sheet.SheetError, ValueError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(STOPPED)
    for name, several in shared.items():
        print(f"The same id, {name}, stands in the notebooks of {', '.join(several)}.")
    if waiting:
        print(f"{waiting} answers wait for marks by hand in byhand/{arguments.name}.csv;", end=" ")
        print("the totals leave them out, and the pages are not packed yet.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
