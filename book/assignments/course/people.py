"""Who handed something in, and as what: the class list and what was received, together."""

import json
from dataclasses import dataclass
from pathlib import Path

from . import classlist


@dataclass
class Person:
    """A student of one assignment, with what the platform needs to know them again."""

    student: str
    name: str
    email: str
    login: str  # the id in the class list, nothing for those who are not in it
    canvas: str  # Canvas's number of the student
    moodle: str  # Moodle's number of the student in this assignment
    attachment: str  # Canvas's number of the file
    hours_late: str  # nothing if in time; "late" if only that is known
    file: str  # what counts of what was handed in
    share: float  # of the points that is left after a deduction for lateness


def received(folder, assignment):
    """Return {student: what came} as `collect` wrote it down."""
    path = Path(folder) / "received" / f"{assignment}.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def about(folder, assignment, student):
    """Return the `Person` that `student` is."""
    return everyone(folder, assignment, [student])[student]


def everyone(folder, assignment, students):
    """Return {student: Person}."""
    came, listed = received(folder, assignment), classlist.read(Path(folder) / "students.csv")
    shared = {member: said for each, said in came.items() for member in said.get("group") or [each]}
    return {
        student: _person(student, came.get(student, {}), shared.get(student, {}), listed.get(student))
        for student in students
    }


def _person(student, came, shared, row):
    """Return who a student is: `came` is what this student handed in, `shared` what the group did."""
    platform, number = came.get("platform"), came.get("number", "")
    known = row or {}
    hours, late = shared.get("hours_late"), "late" if shared.get("late") else ""
    return Person(
        student,
        known.get("name") or came.get("name") or student,
        known.get("email", ""),
        student if row is not None else "",
        known.get("canvas") or (number if platform == "canvas" else ""),
        number if platform == "moodle" else "",
        str(came.get("turn") or "") if platform == "canvas" else "",
        late if hours is None else f"{hours:.1f}",
        shared.get("file", ""),
        shared.get("share", 1.0),
    )


def group(folder, assignment, student):
    """Return the `Person` of everyone whose notebook that of `student` is: a group's members, or one."""
    members = received(folder, assignment).get(student, {}).get("group") or [student]
    return list(everyone(folder, assignment, members).values())


def counted(person, score):
    """Return what the tables count of `score`."""
    return round(score * person.share, 2)
