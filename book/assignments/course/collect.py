"""Take in what students handed in, as Canvas and Moodle name it, archives or loose files.

Nothing is unpacked to disk under a name of its own: of each student's files one is read, up to the limit, and
written where nbgrader looks for it. A file that is no notebook is taken in too; grading says what is wrong.
"""

import json
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import classlist, rebuild

# doejane_LATE_12345_678901_1-coupling-2.ipynb: user, then file; doejane_12345_text.html for what was typed in
CANVAS = re.compile(
    r"(?:^|/)(?P<name>[^/]+?)(?P<late>_LATE)?_(?P<number>\d+)_"
    r"(?:(?P<turn>\d+)_(?P<file>[^/]+)|(?:text|link)\.html)$"
)
# Jane Doe_12345_assignsubmission_file/1-coupling.ipynb; maybe with folders of her own, or without the slash
MOODLE = re.compile(
    r"(?:^|/)(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?/?(?:.*/)?(?P<file>[^/]+)$"
)
PLAIN = re.compile(r"(?:(?P<name>[^/]+)/)?(?P<file>[^/]+)$")
MAX_MEMBERS = 20_000


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
    data: bytes


def safe(name):
    """Return `name` as the name of a folder, whatever characters it had."""
    return re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", name))[:60].strip("-.").lower() or "unnamed"


def parse(path, assignment, listed):
    """Return the `Hand` that a path names, without its data."""
    late, turn, number = False, 0, ""
    if found := MOODLE.search(path):
        platform, number = "moodle", found["number"]
    elif found := CANVAS.search(path):
        platform, number = "canvas", found["number"]
        late, turn = bool(found["late"]), int(found["turn"] or 0)
    else:
        found, platform = PLAIN.search(path), "plain"
    name, file = found["name"], found["file"] or "text.html"
    if platform == "plain" and file != f"{assignment}.ipynb":  # ab1234.ipynb, in whatever folder
        name = Path(file).stem
    name = name or "unnamed"
    student = classlist.student_of(listed, platform, number, name) or f"{safe(name)}-{number}".strip("-")
    return Hand(student, platform, number, name, file, late, turn, b"")


def files(inbox):
    """Yield (path, function that reads at most so many bytes, or a complaint) for all files of an inbox."""
    for path in sorted(inbox.rglob("*")):
        inside = path.relative_to(inbox).as_posix()
        if not path.is_file() or path.is_symlink() or path.name.startswith("."):
            continue
        if path.suffix.lower() != ".zip":
            yield inside, path.open
            continue
        try:
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist()[:MAX_MEMBERS]:
                    hidden = member.is_dir() or member.filename.startswith("__MACOSX")
                    if not hidden:
                        yield member.filename, lambda mode, a=archive, m=member: a.open(m)
        except zipfile.BadZipFile:
            print(f"{path.name} is not a readable archive; download it again.")


def take(inbox, name, listed):
    """Return {student: Hand} for the assignment `name`: of each student, the latest notebook."""
    hands = {}
    for path, opener in files(inbox):
        hand = parse(path, name, listed)
        try:
            with opener("rb") as file:
                hand.data = file.read(rebuild.MAX_BYTES + 1)
        except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile):  # damaged or locked member
            hand.data = b""
        best = hands.get(hand.student)
        if best is None or rank(hand, name) > rank(best, name):
            hands[hand.student] = hand
    return hands


def rank(hand, name):
    """Order the files of one student: notebooks, later ones, those that are called as handed out."""
    return hand.file.endswith(".ipynb"), hand.turn, hand.file == f"{name}.ipynb", hand.file


def collect(folder, name):
    """Write `submitted/` from `inbox/<name>/` and `received/<name>.json`; return {student: who and what}."""
    record = folder / "received" / f"{name}.json"
    received = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    for student, hand in take(folder / "inbox" / name, name, classlist.read(folder / "students.csv")).items():
        target = folder / "submitted" / student / name / f"{name}.ipynb"
        if not target.is_file() or target.read_bytes() != hand.data:
            target.parent.mkdir(parents=True, exist_ok=True)
            half = target.with_suffix(".part")
            half.write_bytes(hand.data)
            half.replace(target)
        said = {key: value for key, value in vars(hand).items() if key not in ("student", "data")}
        received[student] = said
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps(received, indent=1, ensure_ascii=False), encoding="utf-8")
    return received
