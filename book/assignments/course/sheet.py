"""The sheet of marks given by hand, a table that goes through somebody's office program and comes back.

It is read in whatever separators, decimal marks and encodings the program saved it, and refused, with the
line, where it cannot be understood. It is never written over before a copy of what was typed is kept.
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from . import plain
from .plain import shown

COLUMNS = ["student", "name", "cell", "kind", "points", "program", "score", "comment", "changed", "answer"]
NEEDED = ["student", "cell", "score", "comment"]
NUMBER = re.compile(r"(?:0|[1-9]\d{0,5})?(?:[.,]\d{1,9})?", re.ASCII)  # 01.05 is the first of May
DATE = re.compile(r"\d+[./-]\d+(?:[./-]\d*)?|\d+[. -]+[^\W\d]{3,}.*|[^\W\d]{3,}[. -]+\d+|0\d[.,]\d+")
BROKEN = re.compile(r"Err:\d{3}|#[A-Z/0]{2,7}[!?]|#N/A|#(?:FEHLER|BEZUG|WERT|NULL|ZAHL)!?")
TABLES = (".csv", ".xlsx", ".xls", ".ods", ".numbers", ".tsv", ".txt")
HINT = "; a spreadsheet took it for a date: give the column the format text and type the mark again"


class SheetError(Exception):
    """The sheet of hand marks holds something that is not a mark, or cannot be read or written."""


@dataclass
class Row:
    """What was typed into one line."""

    line: int
    student: str
    cell: str
    score: float | None
    comment: str
    changed: str
    more: dict  # columns of the instructor's own

    @property
    def typed(self):
        return self.score, self.comment


@dataclass
class Sheet:
    """A sheet as it was read; without one, an empty one."""

    rows: list = field(default_factory=list)
    more: list = field(default_factory=list)  # names of the instructor's own columns
    separator: str = ","
    data: bytes | None = None


def decode(data):
    """Return the text of a table in the encoding in which it was saved."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:4]:
        return data.decode("utf-16-be" if data.startswith(b"\0") else "utf-16-le", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def plainly(name):
    """Return the name of a column as it is compared."""
    return " ".join(name.replace("\ufeff", "").split()).casefold().removeprefix("'")


def read(path, points):
    """Return the `Sheet` in `path`; raise SheetError with the line of what cannot be understood.

    `points` says for every cell how many there are; None stands for a score that was not given.
    """
    if not path.is_file():
        return Sheet()
    closed(path)
    data = path.read_bytes()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise SheetError(f"{path.name} is a workbook that is only called a table: save it as CSV")
    head, lines, separator = _table(path.name, decode(data))
    own = [name for name in head if name and name not in COLUMNS]
    sheet = Sheet([], own, separator, data)
    for number, cells in lines:
        row = _row(path.name, number, dict(zip(head, cells, strict=False)), points, own)
        if row:
            sheet.rows.append(row)
    return sheet


def _table(name, text):
    """Return (names of the columns, [(number of the line, cells)], separator)."""
    separators = ",;\t|"
    first, _, rest = text.lstrip("\r\n").partition("\n")
    if first.casefold().startswith("sep="):  # Excel's own first line
        separators, text = first.strip()[4:] or "\t", rest
    best, problem = None, ""
    for separator in separators:
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
            lines = [row for row in enumerate(reader, 1) if any(cell.strip() for cell in row[1])]
        except csv.Error as error:
            problem = f": {error}"
            continue
        head = [plainly(cell) for cell in lines[0][1]] if lines else []
        if set(NEEDED) <= set(head):
            best = head, lines[1:], separator
            break
    if best is None:
        columns = ", ".join(COLUMNS)
        raise SheetError(f"{name} must have the columns {columns}, separated by commas{problem}")
    head, lines, separator = best
    last = max(len(row) for _, row in [(0, head), *lines])
    head += [""] * (last - len(head))
    for at, column in enumerate(head):
        if column in head[:at] and column:
            raise SheetError(f"{name} has two columns {column}")
        filled = [number for number, row in lines if at < len(row) and row[at].strip()]
        if not column and filled:
            what = "a separator inside a comment, without quotation marks, or a column without a heading"
            raise SheetError(f"{name}, line {filled[0]}: there is more in it than the heading names: {what}")
    return head, lines, separator


def _row(name, number, cells, points, own):
    """Return what one line says, None if nothing was typed into it and it belongs to no one."""
    cells = {key: plain.typed((cells.get(key) or "").strip()) for key in [*COLUMNS, *own]}
    cells = {key: unicodedata.normalize("NFC", text) for key, text in cells.items()}
    where, cell = f"{name}, line {number}", cells["cell"]
    score = score_of(cells["score"], points.get(cell), where)
    row = Row(number, cells["student"], cell, score, plain.visible(cells["comment"]), cells["changed"], {})
    row.more = {key: cells[key] for key in own if cells[key]}
    if broken := next((text for text in (row.comment, *row.more.values()) if BROKEN.fullmatch(text)), None):
        words = (
            "a spreadsheet took what was typed there for a formula: type it again with an apostrophe in front"
        )
        raise SheetError(f"{where}: {broken}: {words}")
    if not row.student and not cell:
        if row.score is not None or row.comment or row.more:
            raise SheetError(f"{where}: something is typed, but the line says neither student nor cell")
        return None
    return row


def score_of(text, most, where):
    """Return the mark that `text` means, with a point or a comma, or None for an empty one."""
    text = text.replace("\u00a0", " ").strip().removeprefix("'").strip()
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        hint = HINT if DATE.fullmatch(text) else ""
        raise SheetError(f"{where}: {plain.visible(text)!r} is not a mark{hint}")
    score = float(text.replace(",", "."))
    if most is not None and score > most:
        raise SheetError(f"{where}: {text} is more than {shown(most)} points")
    return score


def closed(path):
    """Raise SheetError if an office program has the sheet open, or saved it under another name."""
    for lock in (f".~lock.{path.name}#", f"~${path.name}"):
        if (path.parent / lock).exists():
            words = "save and close it there, then run the command again"
            crashed = f"if no program has it open, one crashed: delete {lock}"
            raise SheetError(f"byhand/{path.name} is open in another program: {words}; {crashed}")
    written = path.stat().st_mtime if path.is_file() else 0
    for other in path.parent.glob(f"{path.stem}*"):
        newer = other != path and other.suffix.lower() in TABLES and other.stat().st_mtime >= written
        if newer:
            words = f"save it as {path.name}, of the type CSV, or put it elsewhere"
            raise SheetError(f"byhand/{other.name} is newer than {path.name} and is not read: {words}")


def keep(path, data):
    """Keep a copy of the sheet as it was saved."""
    folder = path.parent / "kept"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    target, number = folder / f"{path.stem}-{stamp}.csv", 1
    while target.exists():
        target, number = folder / f"{path.stem}-{stamp}-{number}.csv", number + 1
    target.write_bytes(data)


def write(path, rows, sheet):
    """Write `rows`, dictionaries, in the separators in which `sheet` was read; return what is in the file.

    Raises SheetError if somebody saved the sheet meanwhile.
    """
    closed(path)
    now = path.read_bytes() if path.is_file() else None
    if now != sheet.data:
        raise SheetError(f"byhand/{path.name} was saved while this ran: run the command again")
    comma = sheet.separator == ";"  # where semicolons separate, commas are decimal points
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*COLUMNS, *sheet.more], delimiter=sheet.separator, restval="")
    writer.writeheader()
    for row in rows:
        numbers = {key: row[key] for key in ("points", "program", "score")}
        numbers = {key: "" if number is None else shown(number) for key, number in numbers.items()}
        if comma:
            numbers = {key: number.replace(".", ",") for key, number in numbers.items()}
        words = {key: plain.harmless(str(value)) for key, value in row.items() if key not in numbers}
        writer.writerow(words | numbers)
    data = text.getvalue().encode("utf-8-sig")  # by which spreadsheets know UTF-8
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    try:
        half.write_bytes(data)
        half.replace(path)
    except OSError as error:
        raise SheetError(f"byhand/{path.name} cannot be written: {error.strerror}") from None
    return data
