"""Marks out of the gradebook, as Canvas and Moodle read them."""

import csv
import io
from dataclasses import dataclass

from .plain import harmless, shown


@dataclass
class Result:
    """What one student gets: `person` is a `people.Person`, `words` is what there is to say."""

    person: object
    score: float
    words: list


def write(path, rows, encoding="utf-8"):
    """Write `rows` as CSV, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[harmless(str(field)) for field in row] for row in rows])
    half = path.with_suffix(".part")
    half.write_text(text.getvalue(), encoding=encoding)
    half.replace(path)


def canvas(results, name, points):
    """Return the rows that Canvas's gradebook imports."""
    rows = [["Student", "ID", "SIS User ID", "SIS Login ID", "Section", name]]
    rows.append(["    Points Possible", "", "", "", "", shown(points)])
    for result in results:
        person = result.person
        rows.append([person.name, person.canvas, "", person.login, "", shown(result.score)])
    return rows


def moodle(results, points, now):
    """Return the rows of Moodle's grading worksheet.

    Moodle refuses one without the time of the last change, and keeps a mark that it got later than `now`.
    """
    rows = [["Identifier", "Full name", "Email address", "Grade", "Maximum grade"]]
    rows[0] += ["Last modified (grade)", "Feedback comments"]
    for result in results:
        person = result.person
        identifier = f"Participant {person.moodle}" if person.moodle else ""
        who = [identifier, person.name, person.email]
        rows.append([*who, shown(result.score), shown(points), now, " ".join(result.words)])
    return rows


def overview(results, nothing, points):
    """Return the rows of a table for the instructor: everyone, the mark, how late it was, all that was said.

    `nothing` are those of the class list who handed nothing in; they stand in it without a mark.
    """
    rows = [["student", "name", "score", "points", "hours late", "file", "notes"]]
    for result in results:
        person = result.person
        who, marks = [person.student, person.name], [shown(result.score), shown(points)]
        rows.append([*who, *marks, person.hours_late, person.file, " ".join(result.words)])
    for person in nothing:
        rows.append([person.student, person.name, "", shown(points), "", "", "Nothing was handed in."])
    return [rows[0], *sorted(rows[1:])]
