"""Choose, of all that one student handed in, the notebook that counts: the newest that was worked on."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from . import archives, reading, rebuild, worker

ASIDE = re.compile(r"(?:^|/)\.|-checkpoint\.ipynb$")  # copies that an editor keeps, hidden from its user
COPY = re.compile(r"(?:\((\d+)\)|-(\d+))$")  # 1-coupling (2), 1-coupling-2: what a second file is called
OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")  # archives, too, but of no notebook
OTHER = re.compile("another assignment")
MOST_NAMED = 4
READ_SECONDS = 60  # of the processor, for one file


@dataclass
class Entry:
    """One file of a student, judged."""

    label: str  # its path in the submission
    student: str
    hand: object
    rank: tuple
    digest: str
    problem: str  # why it was not read
    words: str  # what there is to say if it is left out
    when: datetime | None


class Reader:
    """Reads files in a process of its own, which one made for it may keep busy or fill with memory."""

    def __init__(self, name, copy):
        self.name, self.copy = name, copy

    def look(self, data):
        """Return (how many answers are in a notebook, how many there are, why it is not read)."""
        try:
            notebook, _ = rebuild.rebuild(self.copy, reading.read(data, self.name))
        except reading.Unreadable as unreadable:
            return -1, 0, str(unreadable)
        return *rebuild.answered(self.copy, notebook), ""


class Choice:
    """What one student, or a group, handed in; of its data only those of the best file are kept, on disk.

    `crew` is a worker's `Crew` of a `Reader`.
    """

    def __init__(self, name, crew, kept):
        self.name, self.crew, self.kept = name, crew, kept
        self.entries, self.best, self.size, self.notes = [], None, 0, []

    def offer(self, hand, found, number):
        """Judge one more file, or what it holds if it is an archive."""
        for label, data, problem, dates in self.contents(hand, found):
            self.judge(hand, found, label, data, problem, (*dates, number))

    def contents(self, hand, found):
        """Yield (path, data, why there are none, dates) of a file, or of what a student packed in it."""
        outer = found.when or datetime.min
        if problem := found.problem or self.full():
            yield hand.file, b"", problem, (outer, outer)
            return
        try:
            data = found.read()
            self.size += len(data)
            is_archive = data.startswith(b"PK\x03\x04") and not hand.file.lower().endswith(OFFICE)
            packed = archives.members(data, archives.STUDENT) if is_archive else None
        except (archives.ArchiveError, OSError) as error:
            problem = str(error) if isinstance(error, archives.ArchiveError) else "cannot be opened"
            yield hand.file, b"", problem, (outer, outer)
            return
        if packed is None:
            yield hand.file, data, "", (outer, outer)
        elif not packed:
            yield hand.file, b"", "is an archive with nothing in it", (outer, outer)
        for member in packed or ():
            yield self.member(hand, member, outer)

    def member(self, hand, member, outer):
        """Return the same of one file in a student's archive."""
        data, problem = b"", member.problem or self.full()
        if not problem:
            try:
                data = member.read()
            except archives.ArchiveError as error:
                problem = str(error)
        self.size += len(data)
        if data.startswith(b"PK\x03\x04") and not member.path.lower().endswith(OFFICE):
            data, problem = b"", "is an archive in an archive: it was not opened"
        return f"{hand.file}/{member.path}", data, problem, (outer, member.when or datetime.min)

    def full(self):
        """Return in words that no more is read of this student, or nothing."""
        caps = archives.STUDENT
        return "is too much" if self.size > caps.total or len(self.entries) > caps.members else ""

    def judge(self, hand, found, label, data, problem, order):
        """Rank a file among those of the student, and keep its data if it is the best so far."""
        path = PurePosixPath(label)
        answered, asked, reason = -1, 0, problem
        if not problem:
            try:
                answered, asked, reason = self.crew.call("look", data, seconds=READ_SECONDS)
            except worker.Failed as failed:  # one student's file ends nobody else's grading
                reason = problem = f"could not be read ({failed})"
        aside = bool(ASIDE.search(label))
        again = COPY.search(path.stem)
        rank = (
            answered > 0,
            answered >= 0,
            path.suffix.lower() == ".ipynb" and not OTHER.search(reason),
            not aside,
            hand.turn,
            *order[:2],
            int((again[1] or again[2])[:9]) if again else 0,
            path.stem == self.name,
            order[2],
        )
        words = f"{answered} of {asked} answers" if answered > 0 else "as handed out"
        if OTHER.search(reason):
            words = "of another assignment"
        elif answered < 0:
            words = problem or "not readable as a notebook"
        elif aside:
            words = f"a copy that an editor keeps, {words}"
        when = None if found.packed or hand.platform == "canvas" else found.when
        digest = hashlib.sha256(data or label.encode("utf-8", "replace")).hexdigest()
        entry = Entry(label, hand.student, hand, rank, digest, problem, words, when)
        self.entries.append(entry)
        if self.best is None or rank > self.best.rank:
            self.best = entry
            self.kept.write_bytes(data)

    def data(self):
        """Return the bytes of the file that counts."""
        return self.kept.read_bytes()

    def said(self):
        """Return what the record of an assignment says of this student."""
        hand, best = self.best.hand, self.best
        left = {entry.digest: entry for entry in self.entries if entry.digest != best.digest}
        left = sorted(left.values(), key=lambda entry: entry.rank, reverse=True)
        notes = list(self.notes)
        if left:
            named = [f"`{named_as(entry.label)}` ({entry.words}{self.earlier(entry)})" for entry in left]
            more = f" and {len(named) - MOST_NAMED} more" if named[MOST_NAMED:] else ""
            newest = ", the newest that was worked on" if best.rank[0] else ""
            some = ", ".join(named[:MOST_NAMED]) + more
            notes.append(f"`{named_as(best.label)}` counts{newest}; left out: {some}.")
        return {
            "platform": hand.platform,
            "number": hand.number,
            "turn": hand.turn,
            "name": hand.name,
            "file": best.label,
            "marked_late": hand.late,
            "when": best.when.isoformat() if best.when else None,
            "notes": notes,
            "problem": f"The file `{named_as(best.label)}` {best.problem}." if best.problem else "",
        }

    def earlier(self, entry):
        """Return in words that a file that was left out is another student's, or came in time."""
        words = f", handed in by {entry.student}" if entry.student != self.best.student else ""
        return words + (", not late" if self.best.hand.late and not entry.hand.late else "")


def named_as(label):
    """Return the name of a file as it may stand in a sentence."""
    return re.sub(r"[^\w ./()+,-]", "_", label)[-80:]
