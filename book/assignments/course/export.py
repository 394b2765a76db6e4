"""Marks out of the gradebook, as Canvas and Moodle read them, and the sheet for marks given by hand."""

import csv
import io
import re

HAND = ["student", "cell", "points", "score", "comment", "answer"]


class SheetError(Exception):
    """The sheet of hand marks holds something that is not a mark."""


def write(path, rows, encoding="utf-8"):
    """Write `rows` as CSV, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    half = path.with_suffix(".part")
    half.write_text(text.getvalue(), encoding=encoding)
    half.replace(path)


def harmless(text):
    """Return `text` so that a spreadsheet does not take it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def shown(score):
    return f"{score:.2f}".rstrip("0").rstrip(".")


def canvas(submissions, received, listed, name, points):
    """Return the rows that Canvas's gradebook imports."""
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", name]]
    rows.append(["    Points Possible", "", "", "", "", shown(points)])
    for student, score in submissions:
        known, row = received.get(student, {}), listed.get(student, {})
        number = row.get("canvas") or (known["number"] if known.get("platform") == "canvas" else "")
        title = row.get("name") or known.get("name") or student
        login = student if student in listed else ""
        rows.append([harmless(title), number, "", login, "", shown(score)])
    return rows


def moodle(submissions, received, listed, points, comments, now):
    """Return the rows of Moodle's grading worksheet.

    Moodle refuses one without the time of the last change, and keeps a mark that it got later than `now`.
    """
    rows = [["Identifier", "Full name", "Email address", "Grade", "Maximum grade"]]
    rows[0] += ["Last modified (grade)", "Feedback comments"]
    for student, score in submissions:
        known, row = received.get(student, {}), listed.get(student, {})
        number = known["number"] if known.get("platform") == "moodle" else ""
        title = row.get("name") or known.get("name") or student
        words = harmless(" ".join(comments.get(student, [])))
        identifier = f"Participant {number}" if number else ""
        who = [identifier, harmless(title), row.get("email", "")]
        rows.append([*who, shown(score), shown(points), now, words])
    return rows


def overview(submissions, received, listed, points, comments):
    """Return the rows of a table for the instructor: everyone, the mark, how late it was, all that was said.

    Students of the class list who handed nothing in stand in it without a mark.
    """
    rows = [["student", "name", "score", "points", "hours late", "file", "notes"]]
    marks = dict(submissions)
    of = {member: said for student, said in received.items() for member in said.get("group", [student])}
    for student in sorted({*marks, *listed}):
        said = of.get(student, {})
        name = listed.get(student, {}).get("name") or said.get("name", "")
        words = " ".join(comments.get(student, ["Nothing was handed in."]))
        late, mark = said.get("hours_late"), marks.get(student)
        late = "late" if late is None and said.get("late") else "" if late is None else f"{late:.1f}"
        mark = "" if mark is None else shown(mark)
        row = [student, name, mark, shown(points), late, said.get("file", ""), words]
        rows.append([harmless(cell) for cell in row])
    return rows


def read_hand(path, points):
    """Return {(student, cell): (score or None, comment)} from the sheet; raise SheetError.

    `points` says for every cell how many there are; spreadsheets are apt to change what stands in the sheet.
    """
    if not path.is_file():
        return {}
    found = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        separator = ";" if file.readline().startswith("student;") else ","  # with commas as decimal points
        file.seek(0)
        rows = csv.DictReader(file, delimiter=separator)
        if not set(HAND) <= set(rows.fieldnames or ()):
            raise SheetError(f"{path.name} must have the columns {', '.join(HAND)}, separated by commas")
        for number, row in enumerate(rows, start=2):
            text = (row.get("score") or "").strip().replace(",", ".")
            if text and not re.fullmatch(r"\d+(\.\d+)?", text):
                raise SheetError(f"{path.name}, line {number}: {text!r} is not a mark")
            score = float(text) if text else None
            if score is not None and score > (most := points.get(row["cell"], score)):
                raise SheetError(f"{path.name}, line {number}: {text} is more than {shown(most)} points")
            found[row["student"], row["cell"]] = (score, (row.get("comment") or "").strip())
    return found
