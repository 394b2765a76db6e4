"""Open ZIP archives without trusting them: what is in them is counted before any of it is read.

Nothing is unpacked to disk, and a member's name is only ever text. What is not read is said in words.
"""

import re
import stat
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

MB = 1024**2
MAX_BYTES = 20 * MB  # one file that a student handed in
DIRECTORY = b"PK\x01\x02"  # begins each entry of an archive's list of members
LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


class ArchiveError(Exception):
    """An archive is not read; the message is the end of a sentence that begins with its name."""


@dataclass(frozen=True)
class Caps:
    """How much an archive may hold: members, and bytes when unfolded.

    One that unfolds to more than a single file may have must not unfold to more than `ratio` times its size.
    """

    members: int
    total: int
    ratio: int


# What an LMS packed for a class: one student's bomb is to spoil it for nobody.
DOWNLOAD = Caps(members=20_000, total=64 * 1024 * MB, ratio=10**6)
STUDENT = Caps(members=500, total=200 * MB, ratio=200)  # notebooks have 3 to 30


@dataclass
class Member:
    """One file: its path, its date there, its data or in words why there are none."""

    path: str
    when: datetime | None
    problem: str
    read: Callable[[], bytes]


def _open(file, caps):
    """Return the archive in `file`, a path or bytes, unless it is damaged or too much."""
    try:
        if isinstance(file, bytes):
            if file.count(DIRECTORY) > 2 * caps.members:  # listing them would take the memory
                raise ArchiveError(f"holds more than {caps.members} files")
            file = BytesIO(file)
        archive = zipfile.ZipFile(file)
    except ArchiveError:
        raise
    except Exception:  # zipfile has many words for it
        raise ArchiveError("is damaged: it cannot be opened") from None
    infos = archive.infolist()
    if len(infos) > caps.members:
        raise ArchiveError(f"holds more than {caps.members} files")
    if (total := sum(info.file_size for info in infos)) > caps.total:
        raise ArchiveError(f"would unfold to {total // MB} MB, and {caps.total // MB} MB is the limit")
    if total > max(MAX_BYTES, caps.ratio * sum(info.compress_size for info in infos)):
        raise ArchiveError(f"would unfold to {total // MB} MB, more than {caps.ratio} times its size")
    return archive


def members(file, caps):
    """Return the `Member`s of an archive, a path or bytes; raise ArchiveError if it is not read at all.

    The archive stays open as long as one of them is kept.
    """
    archive, found = _open(file, caps), []
    for info in archive.infolist():
        path = name_of(info)
        if path and not info.is_dir() and not info.filename.endswith("\\") and not LITTER.search(path):
            found.append(Member(path, _date(info), _problem(info), lambda i=info: _read(archive, i)))
    return found


def name_of(info):
    """Return a member's path with slashes, without a root and without steps upward.

    Names that are not marked as UTF-8 are read as that nevertheless if they can be: some programs do not mark
    them.
    """
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    steps = re.sub(r"^[A-Za-z]:", "", name.replace("\\", "/")).split("/")
    return "/".join(step for step in steps if step not in ("", ".", ".."))


def _date(info):
    """Return the local time that stands at a member; None for none, which archives write as 1980."""
    try:
        return datetime(*info.date_time) if info.date_time[0] > 1980 else None
    except ValueError:
        return None


def _problem(info):
    """Return in words why a member is not read, or nothing."""
    if info.flag_bits & 0x1:
        return "is locked with a password"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link to a file that was not handed in"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in a way that is not read here"
    return too_large(info.file_size)


def too_large(size):
    """Return in words that a file of `size` bytes is not read, or nothing."""
    if size <= MAX_BYTES:
        return ""
    return f"has {size / MB:.0f} MB, and {MAX_BYTES // MB} MB is the limit: clear its outputs"


def _read(archive, info):
    """Return a member's data, no more than its list entry says and the limit allows; raise ArchiveError."""
    try:
        with archive.open(info) as file:
            return file.read(min(info.file_size, MAX_BYTES))
    except Exception:  # zipfile has many words for it
        raise ArchiveError("is damaged inside its archive") from None
