"""What was handed in for one assignment, and what is remembered of each mark: nothing is marked twice."""

import hashlib
import json
from pathlib import Path

from . import marking, master


def code_digest(name, limits):
    """Return a hash of what marks depend on beside the submission: the master, the grader, the library."""
    total = hashlib.sha256((master.ASSIGNMENTS / f"{name}.ipynb").read_bytes())
    total.update(marking.library_digest().encode() + limits.encode())
    for path in sorted(path for path in Path(__file__).parent.iterdir() if path.is_file()):
        total.update(path.read_bytes())
    return total.hexdigest()


class Submitted:
    """The submissions of the assignment `name` in a class folder.

    `listed` is the class list, `received` what `collect` returned; `limits` are those of the jail, in words.
    """

    def __init__(self, folder, name, listed, received, limits):
        self.folder, self.name, self.listed, self.received = folder, name, listed, received
        self.code = code_digest(name, limits)

    def students(self):
        """Return all who handed something in; of a group, the one whose notebook counts."""
        found = {path.parents[1].name for path in self.folder.glob(f"submitted/*/{self.name}/*.ipynb")}
        others = [set(said.get("group", ())) - {student} for student, said in self.received.items()]
        return sorted(found.difference(*others))

    def marked(self):
        """Return those of them who have marks."""
        return [student for student in self.students() if self._state(student).is_file()]

    def path(self, student):
        return self.folder / "submitted" / student / self.name / f"{self.name}.ipynb"

    def notes(self, student):
        """Return what there is to say of how and when the file came."""
        said = self.received.get(student, {})
        return [said["late"]] * bool(said.get("late")) + said.get("notes", [])

    def notes_of_exchange(self, student):
        """Return {file: content} of what nbgrader's exchange left with a submission and wants back."""
        paths = [self.path(student).with_name(name) for name in ("timestamp.txt", "submission_secret.txt")]
        return {path.name: path.read_bytes() for path in paths if path.is_file()}

    def _state(self, student):
        return self.folder / "marks" / self.name / f"{student}.json"

    def digest(self, student):
        data = self.path(student).read_bytes() + b"".join(self.notes_of_exchange(student).values())
        told = json.dumps([student in self.listed, self.received.get(student)])
        return hashlib.sha256(data + self.code.encode() + told.encode()).hexdigest()

    def is_marked(self, student):
        """Return whether this very submission has its marks and its feedback."""
        page = self.folder / "feedback" / student / self.name / f"{self.name}.html"
        found = self._state(student).is_file() and page.is_file()
        return found and self.remembered(student)["digest"] == self.digest(student)

    def remember(self, student, said):
        """Write down that a submission was marked, and what was said."""
        state = self._state(student)
        state.parent.mkdir(parents=True, exist_ok=True)
        half = state.with_suffix(".part")
        half.write_text(json.dumps({"digest": self.digest(student), **said}), encoding="utf-8")
        half.replace(state)

    def remembered(self, student):
        return json.loads(self._state(student).read_text("utf-8"))
