"""The class list, `students.csv`: who is in the course, and as whom each platform knows them.

Its columns are student, name, canvas, email, group; all but the first may be empty. Canvas knows a student by
one number; Moodle's numbers are others in every assignment, so that the name decides. Students with the same
word in the column group hand in one notebook together. Without a list, students are called as their files
are.
"""

import re
import unicodedata
from pathlib import Path

from . import identity, tables


def read(path):
    """Return {student: row}, empty if there is no list; raise ValueError, in words, for a broken one."""
    path = Path(path)
    if not path.is_file():
        return {}
    names, rows = tables.read(path)
    if rows and "student" not in names:
        raise ValueError(f"{path}: the first line must name the columns, and one of them `student`")
    listed, spelled = {}, {}
    for row in rows:
        student = row["student"] = whole(row["student"], path)
        row["canvas"] = whole(row.get("canvas", ""), path)
        if not student:
            continue
        if student in (".", "..") or re.search(r"[/\\\0]", student):
            raise ValueError(f"{path}: {student!r} cannot be the name of a folder")
        if other := spelled.setdefault(identity.plain(student), student if student not in listed else None):
            if other != student:
                raise ValueError(f"{path}: {other} and {student} are the same id, but for zeros and capitals")
        if student in listed:
            raise ValueError(f"{path}: {student} stands in it twice")
        listed[student] = row
    return listed


def whole(text, path):
    """Return an id or number of the list as it was before a spreadsheet took it for a decimal number."""
    if re.fullmatch(r"[+-]?\d+([.,]\d+)?[eE]\+?\d+", text):
        words = "was cut short by a spreadsheet: make its column text and enter the id again"
        raise ValueError(f"{path}: {text} {words}")
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text.removeprefix("'"))


def student_of(listed, platform, number, name):
    """Return the one student of the list whom `platform` knows by `number` and `name`, or None."""
    found = candidates(listed, platform, number, name)
    return found[0] if len(found) == 1 else None


def candidates(listed, platform, number, name):
    """Return all students of the list who may be meant by `number` and `name`."""
    if platform == "canvas":
        return [student for student, row in listed.items() if row["canvas"] == number]
    asked = letters(name)
    if platform == "moodle":  # which puts the group before the name, if a group hands in
        found = [
            student
            for student, row in listed.items()
            if asked in (letters(row.get("name", "")), letters(row.get("group", "") + row.get("name", "")))
        ]
        return found if asked else []
    found = [student for student in listed if letters(student) == asked]
    found = found or [student for student in listed if identity.plain(student) == identity.plain(name)]
    group = [student for student, row in listed.items() if asked and letters(row.get("group", "")) == asked]
    return found or group[:1]


def letters(name):
    """Return what is left of `name` when platforms have taken out what a file name must not hold."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name)).casefold()


def mates(listed, student):
    """Return all students of the group of `student`, with `student`; alone if there is no group."""
    group = listed.get(student, {}).get("group", "").casefold()
    others = [each for each, row in listed.items() if group and row.get("group", "").casefold() == group]
    return others or [student]
