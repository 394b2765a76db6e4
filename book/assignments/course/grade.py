"""Collect, grade, write feedback and export the marks of one assignment: `make grade`.

A class lives in one folder:

    students.csv        the class list (optional)
    course.toml         time zone and deadlines (optional)
    inbox/NAME/         what was downloaded from Canvas or Moodle, archives or files
    submitted/          one notebook for each student, as handed in; `nbgrader collect` writes here too
    feedback/           one page for each student
    export/             NAME-canvas.csv, NAME-moodle.csv, and NAME-overview.csv with all that there is to say
    byhand/NAME.csv     the answers to mark by hand; fill in score and comment and grade again

A submission that has not changed since it was marked is not run again, so that grading can be interrupted and
taken up at any time.
"""

import argparse
import copy
import hashlib
import json
import logging
import os
import shutil
import sys
import time
import warnings
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config

from . import build, classlist, collect, deadlines, export, jail, marking, master, rebuild, settings, worker

STOPPED = 2  # exit status: nothing was graded
# What the grader's own part of the work may take of the processor; looking after the jail is a part of it.
PREPARE_SECONDS, MARK_SECONDS = 120, 60


class GradingError(Exception):
    """One student's notebook could not be marked, for a reason that is not the student's."""


def code_digest(source_path):
    """Return a hash of what marks depend on beside the submission: the master, the grader, the library."""
    total = hashlib.sha256(source_path.read_bytes() + marking.library_digest().encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()


class Grading:
    """The grading of one assignment in one class folder."""

    def __init__(self, name, folder, limits):
        self.name, self.folder = name, Path(folder).resolve()
        self.limits = jail.Limits(**limits)
        self.source = master.read(name)
        self.code = code_digest(master.ASSIGNMENTS / f"{name}.ipynb") + json.dumps(limits)
        self.listed = classlist.read(self.folder / "students.csv")
        self.copy = master.copy(self.source, solved=False, students=sorted(self.listed) or None)
        self.rules = deadlines.read(self.folder / "course.toml", master.names())
        self.received, self.complaints = collect.collect(self.folder, name, self.copy, self.rules)
        self.settings = settings.configure(Config())
        self.settings.Mark.runs = str(self.folder / "runs")
        self.settings.Mark.class_list = str(self.folder / "students.csv")
        self.settings.Mark.limits = limits
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
        """Return all who handed something in; of a group, the one whose notebook counts."""
        found = {path.parents[1].name for path in self.folder.glob(f"submitted/*/{self.name}/*.ipynb")}
        others = [set(said.get("group", ())) - {student} for student, said in self.received.items()]
        return sorted(found.difference(*others))

    def notes_of_collecting(self, student):
        """Return what there is to say of how and when the file came."""
        said = self.received.get(student, {})
        return [said["late"]] * bool(said.get("late")) + said.get("notes", [])

    def state(self, student):
        return self.folder / "marks" / self.name / f"{student}.json"

    def digest(self, student):
        data = (self.folder / "submitted" / student / self.name / f"{self.name}.ipynb").read_bytes()
        data += b"".join(self.notes_of_exchange(student).values())
        listed = "listed" if student in self.listed else ""
        told = json.dumps([listed, self.received.get(student)])
        return hashlib.sha256(data + self.code.encode() + told.encode()).hexdigest()

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
        received = self.received.get(student, {})
        try:
            if received.get("problem"):
                raise rebuild.Unreadable(received["problem"])
            submitted = rebuild.read(path.read_bytes(), self.name)
            notebook, notes = rebuild.rebuild(self.copy, submitted)
            readable, made_for = True, rebuild.made_for(submitted.cells)
        except rebuild.Unreadable as problem:
            notebook, notes = copy.deepcopy(self.copy), [f"{problem} There was nothing to mark."]
            readable, made_for = False, None
        notebook.metadata["frenkel"] = {
            "assignment": self.name,
            "notes": self.notes_of_collecting(student) + notes,
            "readable": readable,
            "made_for": made_for,
            "group": received.get("group", [student]),
        }
        prepared = self.folder / "prepared" / student / self.name
        build.write(notebook, prepared / f"{self.name}.ipynb")
        for file, content in self.notes_of_exchange(student).items():
            (prepared / file).write_bytes(content)
        kept = self.folder / "runs" / self.name / f"{student}.json"
        listed = student if student in self.listed else None
        runs = marking.runs_of(notebook, self.source, self.limits, listed, kept)
        marking.scores_of(notebook, runs, self.source, listed, kept.with_suffix(".scores.json"))

    def mark(self, student, plain=False):
        """Give marks and write feedback with nbgrader; remember that it was done.

        With `plain` texts are shown as they were typed, if one of them cannot be made into a page.
        """
        if plain:
            path = self.folder / "prepared" / student / self.name / f"{self.name}.ipynb"
            notebook = nbformat.read(path, as_version=4)
            notebook.metadata["frenkel"]["plain"] = True
            build.write(notebook, path)
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
                    what, student, *plain = one.task
                    try:
                        one.answer()
                    except worker.Failed as problem:  # one student's trouble is no other's
                        failed[student] = str(problem)
                    else:
                        failed.pop(student, None)
                    if what == "prepare" and student not in failed:
                        tasks.append(("mark", student))
                    elif what == "mark" and student in failed and not plain:
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
        notes = json.loads(self.state(student).read_text("utf-8"))["notes"]
        with Gradebook(self.database) as gradebook:
            submission = gradebook.find_submission(self.name, student)
            score = f"{export.shown(submission.score)} of {export.shown(submission.max_score)}"
        return " ".join([score, *notes])

    def hand_marks(self):
        """Put the hand marks of the sheet into the gradebook, and write the sheet anew with every answer."""
        path = self.folder / "byhand" / f"{self.name}.csv"
        given = export.read_hand(path, dict(self.by_hand()))
        marked = [student for student in self.students() if self.state(student).is_file()]
        cells = {(student, cell) for student in marked for cell, _ in self.by_hand()}
        if lost := [key for key, (score, _) in given.items() if score is not None and key not in cells]:
            raise export.SheetError(f"{path.name} has a mark where there is no answer: {', '.join(lost[0])}")
        rows, open_answers = [], 0
        with Gradebook(self.database) as gradebook:
            for student in marked:
                changed = False
                answers = self.answers(student)
                for cell, points in self.by_hand():
                    grade = gradebook.find_grade(cell, self.name, self.name, student)
                    comment = gradebook.find_comment(cell, self.name, self.name, student)
                    score, words = given.get((student, cell), (None, ""))
                    if score is not None and (grade.manual_score, comment.manual_comment) != (score, words):
                        grade.manual_score, grade.needs_manual_grade = score, False
                        comment.manual_comment, changed = words, True
                    # An answer that was left as it had been handed out has got its zero already.
                    mark = grade.auto_score if grade.manual_score is None else grade.manual_score
                    open_answers += mark is None
                    mark = "" if mark is None else export.shown(mark)
                    answer = export.harmless(answers.get(cell, "")[:5000])
                    rows.append([student, cell, points, mark, comment.manual_comment or "", answer])
                gradebook.db.commit()
                if changed:
                    self.said(self.api.generate_feedback(self.name, student, force=True))
        export.write(path, [export.HAND, *rows], encoding="utf-8-sig")  # which spreadsheets take for UTF-8
        return open_answers

    def by_hand(self):
        """Return (cell, points) of what is marked by hand."""
        marks = [(cell.id, cell.metadata.nbgrader) for cell in self.copy.cells]
        return [(name, mark.points) for name, mark in marks if mark.grade and mark.solution]

    def answers(self, student):
        path = self.folder / "autograded" / student / self.name / f"{self.name}.ipynb"
        return {cell.get("id"): cell.source for cell in nbformat.read(path, as_version=4).cells}

    def export(self):
        """Write the tables for Canvas and Moodle; return {typed id: students} for ids that several typed."""
        received, submissions, comments, typed = self.received, [], {}, {}
        with Gradebook(self.database) as gradebook:
            points = gradebook.find_assignment(self.name).max_score
            for student in self.students():
                if not self.state(student).is_file():
                    continue
                score = gradebook.find_submission(self.name, student).score
                state = json.loads(self.state(student).read_text("utf-8"))
                for member in received.get(student, {}).get("group", [student]):
                    submissions.append((member, score * received.get(student, {}).get("share", 1.0)))
                    comments[member] = state["notes"]
                    self.share_page(student, member)
                if state["student"]:
                    typed.setdefault(state["student"].casefold(), []).append(student)
        table = export.canvas(submissions, received, self.listed, self.name, points)
        export.write(self.folder / "export" / f"{self.name}-canvas.csv", table)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        table = export.moodle(submissions, received, self.listed, points, comments, now)
        export.write(self.folder / "export" / f"{self.name}-moodle.csv", table)
        table = export.overview(submissions, received, self.listed, points, comments)
        export.write(self.folder / "export" / f"{self.name}-overview.csv", table, encoding="utf-8-sig")
        return {name: several for name, several in typed.items() if len(several) > 1}

    def share_page(self, student, member):
        """Give a member of a group the page of the one whose notebook counts."""
        if member != student:
            pages = [self.folder / "feedback" / each / self.name for each in (student, member)]
            shutil.copytree(*pages, dirs_exist_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="the assignment, such as 1-coupling")
    parser.add_argument("--class-folder", type=Path, default=Path("class"), help="folder of this class")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="submissions run at a time")
    for limit, default in vars(jail.Limits()).items():
        parser.add_argument(f"--{limit.replace('_', '-')}", type=type(default), help=f"default {default}")
    arguments = parser.parse_args()
    # nbgrader calls alembic, which is installed beside this Python, by its bare name.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    warnings.simplefilter("ignore", SAWarning)  # of nbgrader's use of its database
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)
    limits = {name: value for name in vars(jail.Limits()) if (value := getattr(arguments, name)) is not None}
    try:
        jail.check(jail.Limits(**limits))
        arguments.class_folder.mkdir(parents=True, exist_ok=True)
        grading = Grading(arguments.name, arguments.class_folder, limits)
        print(*grading.complaints, sep="\n", end="\n" if grading.complaints else "")
        grading.register()
        failed = grading.grade(arguments.jobs)
        waiting = grading.hand_marks()
        shared = grading.export()
    except (jail.JailMissing, master.MasterError, GradingError, export.SheetError, ValueError) as problem:
        print(problem, file=sys.stderr)
        sys.exit(STOPPED)
    peak = worker.Crew.highest + worker.peak_of_this_process()
    print(f"The grader took at most {peak / 1024**2:.0f} MB of memory.")
    for name, several in shared.items():
        print(f"The same id, {name}, stands in the notebooks of {', '.join(several)}.")
    if waiting:
        print(f"{waiting} answers wait for marks by hand in byhand/{arguments.name}.csv;", end=" ")
        print("the totals leave them out.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
