"""Hand the marks back: the tables, each group member's page, and the archives of the pages."""

import shutil
from datetime import UTC, datetime

from nbgrader.api import Gradebook

from . import export, pack, people


def write(submitted, database, waiting):
    """Write the tables, and the archives of the pages unless answers are waiting for their marks.

    Returns {typed id: students} for ids that several typed.
    """
    folder, name = submitted.folder, submitted.name
    results, typed, owners = [], {}, people.everyone(folder, name, submitted.marked())
    with Gradebook(database) as gradebook:
        points = gradebook.find_assignment(name).max_score
        for student in owners:
            state = submitted.remembered(student)
            submission = gradebook.find_submission(name, student)
            score = submission.score - (submission.late_submission_penalty or 0)
            for member in people.group(folder, name, student):
                results.append(export.Result(member, people.counted(member, score), state["notes"]))
                share_page(folder / "feedback", name, student, member.student)
            if state["student"]:
                typed.setdefault(state["student"].casefold(), []).append(student)
    tables = folder / "export"
    export.write(tables / f"{name}-canvas.csv", export.canvas(results, name, points))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    export.write(tables / f"{name}-moodle.csv", export.moodle(results, points, now))
    absent = set(submitted.listed) - {each.person.student for each in results}
    rows = export.overview(results, people.everyone(folder, name, absent).values(), points)
    export.write(tables / f"{name}-overview.csv", rows, encoding="utf-8-sig")
    left = pack.pack(folder, name, {} if waiting else owners)
    if left:
        print(f"In no archive of pages, since the platform's number is not known: {', '.join(left)}.")
    return {each: several for each, several in typed.items() if len(several) > 1}


def share_page(feedback, name, student, member):
    """Give a member of a group the page of the one whose notebook counts."""
    if member != student:
        shutil.copytree(feedback / student / name, feedback / member / name, dirs_exist_ok=True)
