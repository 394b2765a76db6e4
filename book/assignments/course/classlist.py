"""The class list, `students.csv`: who is in the course, and by which number each platform knows them.

Its columns are student, name, canvas, moodle, email; all but the first may be empty. Without a list, students
are called as their files are.
"""

import csv
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


def student_of(listed, platform, number):
    """Return the student whom `platform` ("canvas" or "moodle") knows as `number`, or None."""
    return next((name for name, row in listed.items() if row.get(platform) == number), None)
