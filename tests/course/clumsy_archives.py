"""Archives as an LMS packs them, with what students put into them, in good faith and in bad.

`archives(source)` yields (name of the file in the inbox, its bytes, [Expected]) as `clumsy.submissions` does.
"""

import io
import stat
import struct
import zipfile

import nbformat
from clumsy import Expected, as_dict, pack
from course import master

ENCRYPTED = 0x1


def zipped(members, **options):
    """Return a ZIP archive of (name or ZipInfo, bytes) pairs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members:
            kind = zipfile.ZIP_DEFLATED if isinstance(name, str) else name.compress_type
            archive.writestr(name, data, kind)
    return file.getvalue()


def dated(name, *date):
    """Return the entry of a member of a certain date."""
    info = zipfile.ZipInfo(name, (*date, 0, 0, 0)[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def link(name):
    info = dated(name, 2027, 4, 1)
    info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


def locked(data):
    """Return an archive with its members marked as encrypted."""
    for begins, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = data.find(begins)
        while found >= 0:
            (flags,) = struct.unpack_from("<H", data, found + at)
            flags = struct.pack("<H", flags | ENCRYPTED)
            data = data[: found + at] + flags + data[found + at + 2 :]
            found = data.find(begins, found + 4)
    return data


def unmarked(data, name):
    """Return an archive whose UTF-8 names are not marked as such, as some programs write them."""
    raw = name.encode("utf-8")
    for begins, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = data.find(begins)
        data = data[: found + at] + struct.pack("<H", 0) + data[found + at + 2 :]
    assert data.count(raw) == 2
    return data


class Work:
    """The files of assignment 1 that students have."""

    def __init__(self, source):
        self.source = source
        self.blank = nbformat.writes(master.copy(source, solved=False)).encode()

    def right(self, student):
        return pack(as_dict(self.source, student))

    def half(self, student):
        """Return a notebook with two of the nine answers, worth 4 points."""
        notebook = as_dict(self.source, student)
        empty = {cell.id: cell.source for cell in master.copy(self.source, solved=False).cells}
        for cell in notebook["cells"]:
            if cell["id"] not in ("dipole", "predict", "student"):
                cell["source"] = empty[cell["id"]]
        return pack(notebook)


def canvas(name, number, turn, file="1-coupling.ipynb", late=False):
    return f"{name}{'_LATE' if late else ''}_{number}_{turn}_{file}"


def moodle(name, number, file="1-coupling.ipynb"):
    return f"{name}_{number}_assignsubmission_file/{file}"


def archives(source):
    """Yield (file name, bytes, [Expected]) of every archive."""
    work = Work(source)
    yield from from_canvas(work)
    yield from from_moodle(work)


def from_canvas(work):
    evil = zipped([(canvas("victim", 601, 9999), work.blank), (moodle("Victim", 71), work.blank)])
    zeros = zipped([("1-coupling.ipynb", bytes(256 * 1024**2))], compresslevel=1)  # one MB or so
    many = zipped([(f"{number}.txt", b"") for number in range(600)])
    members = [
        (canvas("tardy", 501, 900), work.blank),
        (canvas("tardy", 501, 950, "1-coupling-1.ipynb", late=True), work.right("tardy")),
        (canvas("victim", 601, 700), work.right("victim")),
        (canvas("evil", 602, 800, "work.zip"), evil),
        (canvas("victim_601_9998", 603, 801), work.half("victim")),  # a name of the student's own choice
        (canvas("bomb", 604, 802, "work.zip"), zeros),
        (canvas("crowd", 605, 803, "work.zip"), many),
        (
            canvas("doll", 606, 804, "work.zip"),
            zipped([("in.zip", zipped([("x.ipynb", work.right("doll"))]))]),
        ),
        (canvas("packed", 607, 805, "work.zip"), zipped([("my/1-coupling.ipynb", work.right("packed"))])),
        (
            canvas("locked", 608, 806, "work.zip"),
            locked(zipped([("1-coupling.ipynb", work.right("locked"))])),
        ),
        (canvas("hurt", 609, 807, "work.zip"), zipped([("1-coupling.ipynb", work.right("hurt"))])[:-40]),
        (canvas("linked", 610, 808, "work.zip"), zipped([(link("1-coupling.ipynb"), b"/etc/passwd")])),
        (canvas("twice", 611, 809), work.right("twice")),
        (canvas("twice", 611, 810, "1-coupling-1.ipynb"), work.right("twice")),  # the same again
        (canvas("monday", 612, 811), work.half("monday")),
        (canvas("resent", 613, 920), work.right("resent")),
        (canvas("resent", 613, 915, "1-coupling-3.ipynb"), work.half("resent")),
    ]
    yield (
        "canvas.zip",
        zipped(members),
        [
            Expected("tardy-501", note="left out: `1-coupling.ipynb` (as handed out, not late)"),
            Expected("victim-601"),
            Expected("evil-602", 0),  # what it packed speaks for nobody
            Expected("bomb-604", 0, "`work.zip` would unfold to 256 MB"),
            Expected("crowd-605", 0, "`work.zip` holds more than 500 files"),
            Expected("doll-606", 0, "is an archive in an archive"),
            Expected("packed-607"),
            Expected("locked-608", 0, "is locked with a password"),
            Expected("hurt-609", 0, "`work.zip` is damaged"),
            Expected("linked-610", 0, "is a link to a file that was not handed in"),
            Expected("twice-611"),
            Expected("monday-612", 4),
            Expected("resent-613", note="left out: `1-coupling-3.ipynb` (2 of 9 answers)"),
        ],
    )
    tuesday = [(canvas("monday", 612, 911), work.right("monday")), (canvas("packed", 607, 912), work.blank)]
    newer = "`1-coupling.ipynb` counts, the newest that was worked on; left out: `1-coupling.ipynb` (2 of"
    both = (
        "`work.zip/my/1-coupling.ipynb` counts, the newest that was worked on; left out: `1-coupling.ipynb`"
    )
    yield (
        "tuesday.zip",
        zipped(tuesday),
        [Expected("monday-612", note=newer), Expected("packed-607", note=both)],
    )


def from_moodle(work):
    right = work.right
    other = pack({**as_dict(work.source, "x"), "cells": [], "metadata": {}})
    members = [
        (
            dated(moodle("Check Point", 37, "w/.ipynb_checkpoints/1-coupling-checkpoint.ipynb"), 2027, 4, 2),
            work.blank,
        ),
        (dated(moodle("Check Point", 37, "w/1-coupling (1).ipynb"), 2027, 4, 1), right("Check Point")),
        (dated(moodle("Solution First", 38), 2027, 4, 1), right("Solution First")),
        (dated(moodle("Solution First", 38, "7-microscopy.ipynb"), 2027, 4, 3), other),
        (dated(moodle("New Er", 39), 2027, 4, 1, 10), work.half("New Er")),
        (dated(moodle("New Er", 39, "1-coupling (1).ipynb"), 2027, 4, 5, 10), right("New Er")),
        (dated(moodle("Li Lei", 40), 2027, 4, 1), right("Li Lei")),
        (dated(moodle("Li Lei", 41), 2027, 4, 1), work.half("Li Lei")),
        (dated(moodle("李雷", 42), 2027, 4, 1), right("李雷")),
        (dated(moodle("Jose\u0301", 43), 2027, 4, 1), right("José")),
        (dated("/../../" + moodle("Up Ward", 44), 2027, 4, 1), right("Up Ward")),
        (dated("all\\" + moodle("Win Down", 45).replace("/", "\\"), 2027, 4, 1), right("Win Down")),
        (dated(moodle("Back Wards", 51), 2027, 4, 5), right("Back Wards")),
        (dated(moodle("Back Wards", 51, "1-coupling (1).ipynb"), 2027, 4, 1), work.half("Back Wards")),
        (dated("__MACOSX/" + moodle("Up Ward", 44, "._1-coupling.ipynb"), 2027, 4, 9), b"\0\5\x16\7"),
        (dated(moodle("Fol Der", 46, "1-coupling.ipynb/inner.ipynb"), 2027, 4, 1), right("Fol Der")),
        (dated(moodle("Rar Er", 47, "work.rar"), 2027, 4, 1), b"Rar!\x1a\x07\x01\0"),
        (dated(moodle("Photo Graph", 48), 2027, 4, 1), right("Photo Graph")),
        (dated(moodle("Photo Graph", 48, "derivation.jpg"), 2027, 4, 1), b"\xff\xd8\xff\xe0"),
        (dated(moodle("Type In", 49, "x")[:-1] + "onlinetext.html", 2027, 4, 1), b"<p>My answer</p>"),
    ]
    newer = (
        "`1-coupling (1).ipynb` counts, the newest that was worked on; left out: `1-coupling.ipynb` (2 of 9"
    )
    yield (
        "moodle.zip",
        zipped(members),
        [
            Expected("check-point-37", note="(a copy that an editor keeps, as handed out)"),
            Expected("solution-first-38", note="left out: `7-microscopy.ipynb` (not readable as a notebook)"),
            Expected("new-er-39", note=newer),
            Expected("li-lei-40"),
            Expected("li-lei-41", 4),
            Expected("李雷-42"),
            Expected("josé-43"),
            Expected("up-ward-44"),
            Expected("win-down-45"),
            Expected("back-wards-51", note="left out: `1-coupling (1).ipynb` (2 of 9 answers)"),
            Expected("fol-der-46"),
            Expected("rar-er-47", 0, "The file is an archive (rar)"),
            Expected("photo-graph-48", note="left out: `derivation.jpg`"),
            Expected("type-in-49", 0, "The file is a web page"),
        ],
    )
    name = moodle("Zoë Núñez", 50)
    yield "unmarked.zip", unmarked(zipped([(name, right("Zoë"))]), name), [Expected("zoë-núñez-50")]
