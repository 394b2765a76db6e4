"""Take in what students handed in, as Canvas and Moodle name it, archives or loose files.

Only an archive that lies directly in the inbox is what an LMS packed, and its names say who handed in what;
what a student packed names nobody. Nothing is unpacked to disk under a name of its own: of a student's files
the newest that was worked on is written where nbgrader looks for it, and what was left out is said.
"""

import hashlib
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from . import archives, choosing, classlist, deadlines, worker

# doejane_LATE_12345_678901_1-coupling-2.ipynb: user, then file; doejane_12345_text.html for what was typed in
CANVAS = re.compile(
    r"(?:^|/)(?P<name>[^/]+?)(?P<late>_LATE)?_(?P<number>\d+)_"
    r"(?:(?P<turn>\d+)_(?P<file>[^/]+)|(?:text|link)\.html)$"
)
# Jane Doe_12345_assignsubmission_file/1-coupling.ipynb; maybe with folders of her own, or without the slash
MOODLE = re.compile(
    r"(?:^|/)(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?/?(?P<file>(?:.*/)?[^/]+)$"
)
ENDINGS = re.compile(
    r"(?: ?\(\d{1,3}\)|\.(?:ipynb|json|txt|py|md|html?|pdf|zip|7z|rar|tar|gz|tgz))+$", re.IGNORECASE
)
PLAIN = re.compile(r"(?:(?P<name>[^/]+)/)?(?P<file>[^/]+)$")
TWO_USERS = re.compile(r"_\d+_\d+_(?:.*_)?\d+_\d+_")  # a name of Canvas's that can be read in two ways
NOT_OPENED = re.compile(r"\.(tar|gz|tgz|bz2|xz|7z|rar|crdownload|part|download)$", re.IGNORECASE)
PACKING = timedelta(minutes=10)  # dates closer than that may be the times at which an archive was packed


@dataclass
class Found:
    """One file in the inbox: its path, what opens it, and what is known of its age."""

    path: str
    read: Callable[[], bytes]
    when: datetime | None = None
    problem: str = ""
    archive: str = ""  # the name of the archive it was in
    packed: bool = False  # its date may be that of the packing


@dataclass
class Hand:
    """One file that a student handed in."""

    student: str
    platform: str
    number: str
    name: str
    file: str
    late: bool
    turn: int


def safe(name, number=""):
    """Return `name` as the name of a folder, whatever characters it had.

    A platform's number tells equal names apart; without one, a name that lost letters gets a few of its hash.
    """
    name = unicodedata.normalize("NFC", name)
    short = re.sub(r"[^\w.-]+", "-", name)[:60].strip("-.").lower() or "unnamed"
    if not number and classlist.letters(short) != classlist.letters(name):
        number = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{short}-{number}".strip("-")


def parse(path, assignment, listed, archive=""):
    """Return the `Hand` that a path in the inbox names; `archive` is the file it was packed in."""
    late, turn, number = False, 0, ""
    owner = owner_of(path, listed, archive)
    if owner:
        return Hand(owner, "plain", "", owner, PurePosixPath(path).name, late, turn)
    if found := MOODLE.search(path):
        platform, number = "moodle", found["number"]
    elif found := CANVAS.search(path):
        platform, number = "canvas", found["number"]
        late, turn = bool(found["late"]), int(found["turn"] or 0)
    else:
        found, platform = PLAIN.search(path), "plain"
    name, file = found["name"], found["file"] or "text.html"
    if platform == "plain":  # ab1234.ipynb or ab1234_1-coupling (2).ipynb, in whatever folder
        name = ENDINGS.sub("", file).replace(assignment, "").strip("-_. ") or (name or "").strip(".")
    name = name or PurePosixPath(archive).stem or "unnamed"
    student = classlist.student_of(listed, platform, number, name) or safe(name, number)
    return Hand(student, platform, number, name, file, late, turn)


def owner_of(path, listed, archive):
    """Return the student of the class list whose folder or own archive a file is in, or None."""
    first = PurePosixPath(path).parts[0] if "/" in path else ""
    stem = PurePosixPath(archive).stem
    for name in (stem, first):
        if name and (owner := classlist.student_of(listed, "plain", "", name)):
            return owner
    return None


def files(inbox, complaints):
    """Yield what is in an inbox as `Found`; what is in archives that lie directly in it, too."""
    for path in sorted(inbox.rglob("*")):
        inside = path.relative_to(inbox).as_posix()
        if path.is_symlink():
            complaints.append(f"{inside} is a link: put the file itself into the inbox.")
            continue
        if not path.is_file() or archives.LITTER.search(inside):
            continue
        when = datetime.fromtimestamp(path.stat().st_mtime)
        download = path.parent == inbox and not (CANVAS.search(inside) or MOODLE.search(inside))
        if download and _begins(path).startswith((b"PK\x03\x04", b"PK\x05\x06")):
            yield from _download(path, complaints)
        elif download and path.suffix.lower() == ".zip":
            complaints.append(f"{path.name} is not a readable archive; download it again.")
        elif download and NOT_OPENED.search(path.name):
            complaints.append(f"{path.name} is not opened here: put a ZIP archive or files into the inbox.")
        else:
            problem = archives.too_large(path.stat().st_size)
            yield Found(inside, path.read_bytes, when, problem, packed=True)


def _begins(path):
    with path.open("rb") as file:
        return file.read(4)


def _download(path, complaints):
    """Yield what an archive of an LMS holds."""
    try:
        members = archives.members(path, archives.DOWNLOAD)
        if not members:
            raise archives.ArchiveError("holds no file")
        dates = [member.when for member in members if member.when]
        packed = not dates or max(dates) - min(dates) < PACKING
        for member in members:
            yield Found(member.path, member.read, member.when, member.problem, path.name, packed)
    except archives.ArchiveError as problem:
        complaints.append(f"{path.name} {problem}: nothing of it was taken in; download it again.")


def take(inbox, name, listed, crew, keep):
    """Return ({student: the `choosing.Choice` of theirs}, complaints); data are kept in the folder `keep`.

    The members of a group share one choice, under the one of them whose file counts.
    """
    complaints, choices = [], {}
    hands = [(parse(found.path, name, listed, found.archive), found) for found in files(inbox, complaints)]
    double = [hand.platform == "canvas" and bool(TWO_USERS.search(found.path)) for hand, found in hands]
    sure = {hand.number for (hand, _), two in zip(hands, double, strict=True) if hand.number and not two}
    for number, (hand, found) in enumerate(hands):
        note = ""
        if double[number] and hand.number in sure:
            hand.student, hand.number = safe(found.path), ""  # a student's own name may be made like that
            words = f"`{choosing.named_as(found.path)}` can be read as the name of two students' files"
            note = f"{words}: it was kept apart from both."
        elif listed and hand.student not in listed:
            twins = classlist.candidates(listed, hand.platform, hand.number, hand.name)
            note = "The class list holds this name more than once." if twins else "Not on the class list."
        key = classlist.mates(listed, hand.student)[0]
        if key not in choices:
            choices[key] = choosing.Choice(name, crew, keep / f"{len(choices)}.data")
        choices[key].notes += [note] * bool(note and note not in choices[key].notes)
        choices[key].offer(hand, found, number)
    return {choice.best.hand.student: choice for choice in choices.values()}, complaints


def collect(folder, name, copy, rules=None):
    """Write `submitted/` from `inbox/<name>/` and `received/<name>.json`.

    Returns ({student: who and what}, complaints about the inbox). `copy` is the student copy, `rules` are the
    `deadlines.Rules` of the course.
    """
    rules = rules or deadlines.Rules()
    listed = classlist.read(folder / "students.csv")
    record = folder / "received" / f"{name}.json"
    received = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    folder.mkdir(parents=True, exist_ok=True)
    scratch = tempfile.TemporaryDirectory(dir=folder, prefix=".inbox-")
    with scratch as keep, worker.Crew(choosing.Reader(name, copy), 1) as crew:
        choices, complaints = take(folder / "inbox" / name, name, listed, crew, Path(keep))
        for student, choice in choices.items():
            group = classlist.mates(listed, student)
            received = {each: said for each, said in received.items() if each not in group}
            received[student] = choice.said() | {"group": group}
            write(folder / "submitted" / student / name / f"{name}.ipynb", choice.data())
    for stamp in folder.glob(f"submitted/*/{name}/timestamp.txt"):
        if (student := stamp.parents[1].name) not in choices:
            when = deadlines.stamp(stamp.read_text("utf-8", "replace"))
            empty = {"number": "", "name": "", "file": f"{name}.ipynb", "marked_late": False, "notes": []}
            received[student] = {"platform": "nbgrader", **empty, "when": when and when.isoformat()}
    dateless = 0
    for student, said in received.items():
        when = datetime.fromisoformat(said["when"]) if said.get("when") else None
        late = deadlines.lateness(rules, name, student, marked=said.get("marked_late", False), when=when)
        said |= {"late": late.words, "hours_late": late.hours, "share": late.share}
        dateless += said["platform"] != "canvas" and when is None
    if dateless and name in rules.deadlines:
        complaints.append(f"{dateless} submissions have no date of their own: they may be late unseen.")
    write(record, json.dumps(received, indent=1, ensure_ascii=False).encode())
    return received, complaints


def write(path, data):
    """Write `data`, bytes, whole or not at all, unless they are there."""
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_bytes(data)
    half.replace(path)
