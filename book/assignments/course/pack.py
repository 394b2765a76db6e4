"""Feedback pages packed as Moodle and Canvas take them back.

Moodle reads `Jane Doe_4711_assignsubmission_file_/...`, the number being the participant's; Canvas looks for
the first two numbers between underscores in a name, the student's and that of the file that was handed in.
"""

import re
import zipfile


def moodle_path(person, name):
    """Return where Moodle looks for the page of a student; an underscore in a name would end it."""
    title = re.sub(r"[\\/:*?\"<>|_\x00-\x1f]+", " ", person.name).strip(" .~") or "Participant"
    return f"{title}_{person.moodle}_assignsubmission_file_/{name}-feedback.html"


def canvas_path(person, name):
    """Return the name by which Canvas knows whose page it is; no other part of it may be a number alone."""
    title = re.sub(r"[\W_]+", "", person.name).casefold()
    title = "student" if not title or title.isdigit() or title in ("anon", "late") else title
    return f"{title}_{person.canvas}_{person.attachment}_{name}-feedback.html"


def pack(folder, name, owners):
    """Write the archives of those whose numbers are known; return the students who are in neither.

    `owners` are those whose notebooks were marked, {student: `people.Person`}.
    """
    kinds = {"moodle": [], "canvas": []}
    left = []
    for owner, person in owners.items():
        page = folder / "feedback" / owner / name / f"{name}.html"
        if person.moodle:
            kinds["moodle"].append((moodle_path(person, name), page))
        elif person.canvas and person.attachment:
            kinds["canvas"].append((canvas_path(person, name), page))
        else:
            left.append(person.student)
    for kind, pages in kinds.items():
        target = folder / "export" / f"{name}-{kind}-feedback.zip"
        target.unlink(missing_ok=True)
        if pages:
            write(target, pages)
    return left


def write(target, pages):
    """Write one archive, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".part")
    with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, page in pages:
            archive.write(page, path)
    half.replace(target)
