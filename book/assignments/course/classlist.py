"""The class list, `students.csv`: who is in the course, and as whom each platform knows them.

Its columns are student, name, canvas, email; all but the first may be empty. Canvas knows a student by one
number; Moodle's numbers are others in every assignment, so that the name decides. Without a list, students
are called as their files are.
"""

import csv
import re
import unicodedata
from pathlib import Path


def read(path):
    """Return {student: row}, empty if there is no list."""
    path = Path(path)
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(file)
        ]
    if rows and "student" not in rows[0]:
        raise ValueError(f"{path}: the first line must name the columns, and one of them `student`")
    return {row["student"]: row for row in rows if row["student"]}


def student_of(listed, platform, number, name):
    """Return the one student of the list whom `platform` knows by `number` and `name`, or None."""
    if platform == "canvas":
        found = [student for student, row in listed.items() if row.get("canvas") == number]
    elif platform == "moodle":
        found = [student for student, row in listed.items() if letters(row.get("name", "")) == letters(name)]
    else:
        found = [student for student in listed if letters(student) == letters(name)]
    return found[0] if len(found) == 1 else None


def letters(name):
    """Return what is left of `name` when platforms have taken out what a file name must not hold."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", name)).casefold()
