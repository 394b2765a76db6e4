"""Marks given by hand: from the sheet into nbgrader's gradebook, and back with every answer.

Three places know a mark: the sheet, the gradebook (where nbgrader's formgrader may have changed it), and the
record of what both said last time. Where the sheet differs from the record, somebody typed it, and it counts.
"""

import hashlib
import json
import unicodedata

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from . import marks, plain, sheet

NOTHING = {"score": None, "comment": "", "changed": "", "seen": None}
ANEW = "handed in anew since this mark was given; clear this field if the mark stays"


class Record:
    """What was said last time: of each mark, and of the whole sheet as it was written."""

    def __init__(self, folder, name):
        self.path = folder / "marks" / f"{name}.json"
        stored = json.loads(self.path.read_text("utf-8")) if self.path.is_file() else {}
        self.marks, self.sheet = stored.get("marks", {}), stored.get("sheet")

    def get(self, student, cell):
        """Return {score, comment, changed, seen} of a mark; `seen` is a hash of what it was given for."""
        return self.marks.get(student, {}).get(cell) or NOTHING

    def comments(self, student):
        return {cell: said["comment"] for cell, said in self.marks.get(student, {}).items()}

    def write(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        half = self.path.with_suffix(".part")
        stored = {"sheet": self.sheet, "marks": self.marks}
        half.write_text(json.dumps(stored, indent=1, ensure_ascii=False), encoding="utf-8")
        half.replace(self.path)


class HandMarks:
    """The sheet of one assignment, taken in and written anew.

    Afterwards `said` has the lines to print, `waiting` the number of answers without a mark, and `changed`
    the students whose pages have to be written anew.
    """

    def __init__(self, folder, name, copy, database):
        self.folder, self.name, self.database = folder, name, database
        self.path = folder / "byhand" / f"{name}.csv"
        self.cells = marks.graded_cells(copy)
        self.points = {cell.id: cell.metadata.nbgrader.get("points") for cell in copy.cells}
        self.record = Record(folder, name)
        self.said, self.waiting, self.changed = [], 0, set()

    def check(self):
        """Raise SheetError, before anything is graded, if the sheet could not be taken in afterwards."""
        sheet.read(self.path, self.points)

    def take(self, people):
        """Take in what was typed for `people`, {student: Person}, and write the sheet anew."""
        read = sheet.read(self.path, self.points)
        typed, gone = self.sort(read.rows, people)
        rows, missing, corrected = [], 0, 0
        with Gradebook(self.database) as gradebook:
            for student in people:
                answers = self.answers(student)
                given = marks.of(gradebook, self.name, student, self.cells, self.record.comments(student))
                for mark in given:
                    row = typed.get((student, mark.cell))
                    missing += row is None and bool(self.record.get(student, mark.cell)["seen"])
                    shown = self.one(gradebook, student, mark, row, answers[mark.cell])
                    rows.append({"name": people[student].name, **shown, **(row.more if row else {})})
                    self.waiting += mark.waits
                    corrected += mark.corrected and mark.kind == "test"
            gradebook.db.commit()
        if read.data is not None and hashlib.sha256(read.data).hexdigest() != self.record.sheet:
            sheet.keep(self.path, read.data)
        if read.data is not None and missing:
            where = f"byhand/{self.path.name}"
            self.said.append(f"{missing} lines were missing from {where} and are back with their marks.")
        if corrected:
            self.said.append(f"{corrected} marks of tests were corrected by hand; the corrections count.")
        order = [cell for cell, _ in self.cells]
        # Tests last, and otherwise one question after the other, as they are best marked.
        rows.sort(key=lambda row: (row["kind"] == "test", order.index(row["cell"])))
        written = sheet.write(self.path, [*rows, *map(self.left, gone)], read)
        self.record.sheet = hashlib.sha256(written).hexdigest()
        self.record.write()

    def sort(self, rows, people):
        """Return ({(student, cell): row}, rows of students who are gone); raise SheetError for others."""
        names = {unicodedata.normalize("NFC", self.written(student)): student for student in people}
        known = {cell for cell, _ in self.cells}
        typed, gone = {}, {}
        for row in rows:
            key = (names.get(row.student), row.cell)
            place = typed
            if key[0] is None or row.cell not in known:
                key, place = (row.student, row.cell), gone
                empty = row.score is None and not row.comment and not row.more
                if empty:
                    continue
                if row.cell not in self.record.marks.get(row.student, {}):
                    where = f"{self.path.name}, line {row.line}"
                    words = f"a mark where there is no answer: {row.student}, {row.cell}"
                    words += "; was the sheet saved as UTF-8?" * ("?" in row.student)
                    raise sheet.SheetError(f"{where}: {words}")
            other = place.setdefault(key, row)
            if (other.typed, other.changed) != (row.typed, row.changed):
                words = f"lines {other.line} and {row.line} are about the same answer and differ"
                raise sheet.SheetError(f"{self.path.name}, {words}: {row.student}, {row.cell}")
        for student in sorted({row.student for row in gone.values()}):
            words = "has marks by hand and no submission any more; they are kept in the sheet"
            self.said.append(f"{student} {words}.")
        return typed, list(gone.values())

    def one(self, gradebook, student, mark, row, answer):
        """Take in one mark; return its line of the sheet."""
        last = self.record.get(student, mark.cell)
        where = f"{student}, {mark.cell}"
        told = (None if mark.hand is None else round(mark.hand, 2), self.written(mark.comment))
        seen = hashlib.sha256(f"{answer}\0{mark.program}".encode("utf-8", "replace")).hexdigest()
        now = {"score": told[0], "comment": told[1], "seen": last["seen"] or seen}
        if row is not None and row.typed != (last["score"], last["comment"]):
            if told not in (row.typed, (last["score"], last["comment"])):
                words = f"the formgrader says {told[0]}, the sheet {row.score}; the sheet counts"
                self.said.append(f"{where}: {words}.")
            mark.hand, mark.comment = row.typed
            now = {"score": row.score, "comment": row.comment, "seen": seen}
            self.give(gradebook, student, mark)
        confirmed = row is not None and last["changed"] and not row.changed
        if now["score"] is None or confirmed:
            now["seen"] = seen
        if row is not None and row.changed not in ("", last["changed"]):
            words = "what stands in the column `changed` is not read; write it into `comment`"
            self.said.append(f"{where}: {words}.")
        now["changed"] = ANEW if now["seen"] != seen else ""
        if now["changed"]:
            self.said.append(f"{where}: handed in anew since the mark {plain.shown(now['score'])} was given.")
        self.record.marks.setdefault(student, {})[mark.cell] = now
        line = {"student": student, "cell": mark.cell, "kind": mark.kind, "points": mark.most}
        line |= {"program": mark.program, "score": now["score"], "comment": now["comment"]}
        return line | {"changed": now["changed"], "answer": answer}

    def written(self, comment):
        """Return a comment as it comes back from the sheet."""
        return plain.visible(plain.typed(plain.harmless(comment)).strip())

    def give(self, gradebook, student, mark):
        """Put one mark into the gradebook."""
        grade = gradebook.find_grade(mark.cell, self.name, self.name, student)
        grade.manual_score, grade.needs_manual_grade = mark.hand, mark.waits
        try:
            gradebook.find_comment(mark.cell, self.name, self.name, student).manual_comment = mark.comment
        except MissingEntry:  # of a test; the record has it
            pass
        self.changed.add(student)

    def left(self, row):
        """Return the line of a student who is gone, as it was."""
        line = {"student": row.student, "cell": row.cell, "points": self.points.get(row.cell)}
        return line | {"program": None, "score": row.score, "comment": row.comment, **row.more}

    def answers(self, student):
        """Return {cell: what the sheet shows of it} for every cell with points."""
        path = self.folder / "autograded" / student / self.name / f"{self.name}.ipynb"
        kinds, page = dict(self.cells), f"feedback/{student}/{self.name}/{self.name}.html"
        found = dict.fromkeys(kinds, "")
        for cell in nbformat.read(path, as_version=4).cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name not in kinds:
                continue
            outputs = cell.get("outputs", ())
            pictures = [each for each in outputs if "image/png" in each.get("data", {})]
            if kinds[name] == "test":
                found[name] = "".join(output.text for output in outputs if output.output_type == "stream")
            else:
                found[name] = cell.source
            found[name] = found[name].rstrip()
            if pictures or cell.get("attachments"):
                found[name] += f"\n[with a picture: see the page {page}]"
        return found
