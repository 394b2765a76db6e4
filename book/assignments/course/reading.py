"""Read the bytes of a submission as cells, whatever a front end, an editor or a file system did to them.

`read` mends what can be mended without guessing, and says so in one sentence each.
"""

import codecs
import json
import re
from dataclasses import dataclass

from . import pictures, report
from .archives import too_large

MAX_CELLS = 1000
MAX_DEPTH, MAX_PARTS = 60, 1_000_000  # of a file, as `report.measure` counts them
MAX_SOURCE = 200_000  # characters of one cell
KINDS = {
    b"PK\x03\x04": "an archive",
    b"PK\x05\x06": "an empty archive",
    b"7z\xbc\xaf'\x1c": "an archive (7z)",
    b"Rar!": "an archive (rar)",
    b"\x1f\x8b": "an archive (gz)",
    b"BZh": "an archive (bz2)",
    b"\xfd7zXZ": "an archive (xz)",
    b"%PDF": "a PDF",
    b"{\\rtf": "a text document",
    b"\xd0\xcf\x11\xe0": "a text document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
# A text, closed or not, so that no quotation mark is looked at twice; or a comma before a closing bracket.
COMMA = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*"?)|,(?=[ \n\t]{0,200}[}\]])', re.DOTALL)
MARK = re.compile(r"^# *(?:%%|In ?\[[\d* ]*\]:?|\+)(?P<about>.*)$", re.MULTILINE)
BREAKS_OFF = "The file breaks off"
OF = re.compile(r"coursework\.Assignment\(\s*[\"']([^\"'\n]{1,80})[\"']")


class Unreadable(Exception):
    """A submission cannot be marked; the message says why, to the student."""


@dataclass
class Submission:
    """The cells of a submission, each a dictionary, and what was mended."""

    cells: list
    notes: list
    cut: bool = False  # the file breaks off: that cells are missing is no news
    nameless: bool = False  # the file is a script: that its cells have no names is no news


def kind(data):
    """Return in words what a file is that is no notebook, or nothing."""
    known = next((words for begins, words in KINDS.items() if data.startswith(begins)), "")
    if not known and re.match(rb"\s*<(!doctype html|html|\?xml|div|p)\b", data[:200], re.IGNORECASE):
        known = "a web page"
    return known


def read(data, name):
    """Return the `Submission` in `data`, bytes, for the assignment `name`; raise Unreadable."""
    if problem := too_large(len(data)):
        raise Unreadable(f"The file {problem}.")
    if not data.strip():
        raise Unreadable("The file is empty.")
    if known := kind(data):
        raise Unreadable(f"The file is {known}. Hand in the notebook itself, the file that ends in .ipynb.")
    notes = []
    text = _text(data, notes)
    if re.match(r"\s*[{\[<]", text):
        notebook = _json(text, notes)
        found, metadata = _cells(notebook), notebook.get("metadata") or {}
    else:
        found, metadata = _script(text), None
        notes.append("The file is a Python script, not a notebook: its cells were read from their marks.")
    cells = _plain(found, notes)
    other = _assignment(cells, metadata, name)
    if other and other != name:
        raise Unreadable(f"This is the notebook of another assignment, {other[:60]!r}.")
    if not cells:
        raise Unreadable("The file is damaged: it cannot be read as a notebook with cells.")
    cut = any(note.startswith(BREAKS_OFF) for note in notes)
    return Submission(cells, notes, cut=cut, nameless=metadata is None and not cut)


def _text(data, notes):
    """Return `data` as text."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or data[1:2] == b"\0" or data[:1] == b"\0":
        order = "utf-16" if data[:1] in b"\xff\xfe" else "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        text = data.decode(order, "replace")
        notes.append("The file was saved as UTF-16; it was read as that.")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            cut = error.start > len(data) - 4  # broken off in the middle of a character
            text = data.decode("utf-8-sig", "ignore") if cut else data.decode("cp1252", "replace")
            if not cut:
                notes.append("The file was not saved as UTF-8: some letters may be wrong.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _json(text, notes):
    """Return the notebook in `text`, a dictionary, mended if need be; raise Unreadable."""
    try:
        found = _loads(text)
        if found is None and "\n>>>>>>>" in text:
            found = _loads(_side(text, "<")) or _loads(_side(text, "="))
            notes += ["The file held two versions, merged by Git: the first was read."] * bool(found)
        if found is None:
            found = _loads(COMMA.sub(lambda match: match[1] or "", text))
            notes += ["The file had commas where none may be: they were left out."] * bool(found)
        if found is None:
            found = _beginning(text)
            if found:
                words = f"only its first {len(found['cells'])} cells could be read. Hand in the whole file."
                notes.append(f"{BREAKS_OFF}: {words}")
    except report.TooMuch:
        raise Unreadable("The file is damaged: it holds more parts than a notebook has.") from None
    if not isinstance(found, dict):
        raise Unreadable("The file is damaged: it cannot be read as a notebook.")
    return found


def _loads(text):
    """Return what the JSON in `text` holds, None if it is none; raise TooMuch."""
    report.measure(text.encode("utf-8", "replace"), MAX_DEPTH, MAX_PARTS)
    try:
        return json.loads(text, strict=False)  # also with NaN, and with line ends inside of texts
    except ValueError:
        return None


def _side(text, wanted):
    """Return `text` with one side of every conflict of a merge: what follows `<<<<<<<` or `=======`."""
    kept, side = [], wanted
    for line in text.split("\n"):
        if re.match(r"(<{7}|={7}|>{7})(?!\S)", line):
            side = wanted if line[0] == ">" else line[0]
        elif side == wanted:
            kept.append(line)
    return "\n".join(kept)


def _beginning(text):
    """Return the notebook whose first cells a broken-off `text` holds, or None."""
    start, decoder, cells = re.search(r'"cells"\s*:\s*\[', text), json.JSONDecoder(strict=False), []
    at = start.end() if start else len(text)
    report.measure(text[at:].encode("utf-8", "replace"), MAX_DEPTH, MAX_PARTS)
    while at < len(text) and len(cells) <= MAX_CELLS:
        at += len(re.match(r"[\s,]*", text[at : at + 1000])[0])
        try:
            cell, at = decoder.raw_decode(text, at)
        except ValueError:
            break
        cells.append(cell)
    return {"cells": cells} if cells else None


def _cells(notebook):
    """Return the cells of a notebook of format 3, 4 or later."""
    found = notebook.get("cells")
    if isinstance(found, list):
        return found
    sheets = notebook["worksheets"] if isinstance(notebook.get("worksheets"), list) else []
    sheets = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    found = [cell for cells in sheets if isinstance(cells, list) for cell in cells]
    for cell in found:
        if isinstance(cell, dict) and cell.get("cell_type") == "heading":
            words = cell.get("source")
            words = "".join(words) if isinstance(words, list) else words
            cell |= {"cell_type": "markdown", "source": f"## {words}"}
        elif isinstance(cell, dict) and "input" in cell:
            cell["source"] = cell["input"]
    return found


def _script(text):
    """Return the cells of a script that Jupyter or Jupytext wrote from a notebook; raise Unreadable."""
    marks = list(MARK.finditer(text))
    if not marks:
        raise Unreadable("The file is neither a notebook nor a script with the marks of cells.")
    cells = []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    pieces = [("", text[: marks[0].start()])]
    pieces += [(mark["about"], text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
    for about, body in pieces:
        name = re.search(r'"grade_id": *"([\w-]+)"', about)
        named = {"metadata": {"nbgrader": {"grade_id": name[1]}}} if name else {}
        if "[markdown]" in about or "[md]" in about:
            cells.append({"cell_type": "markdown", "source": _uncommented(body), **named})
            continue
        if "jupytext:" in body[:200]:  # the head of the file
            continue
        lines = body.strip("\n").split("\n")
        code = len(lines)
        while code and lines[code - 1][:1] in ("", "#"):
            code -= 1  # text cells stand as comments below the code
        cells.append({"cell_type": "code", "source": "\n".join(lines[:code]).strip("\n"), **named})
        blocks = re.split(r"\n{2,}", "\n".join(lines[code:]).strip("\n"))
        cells += [{"cell_type": "markdown", "source": _uncommented(block)} for block in blocks]
    return [cell for cell in cells if cell["source"].strip()]


def _uncommented(text):
    return re.sub(r"^# ?", "", text.strip("\n"), flags=re.MULTILINE)


def _plain(found, notes):
    """Return type, source, names and pictures of every cell; whatever else it holds is dropped."""
    cells, lost = [], 0
    for number, cell in enumerate(found):
        try:
            cells.append(_cell(cell, number, notes))
        except (KeyError, TypeError, ValueError, AttributeError):
            lost += 1
    cells = [cell for cell in cells if cell["source"].strip() or cell["names"]]
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"The notebook has more than {MAX_CELLS} cells.")
    if lost:
        notes.append(f"{lost} of {len(found)} cells of the file could not be read.")
    return cells


def _cell(cell, number, notes):
    source = cell.get("source") or ""
    source = "".join(source) if isinstance(source, list) else source
    if not isinstance(source, str) or cell["cell_type"] not in ("code", "markdown", "raw"):
        raise ValueError
    attached = {}
    if cell["cell_type"] != "code" or cell.get("attachments"):
        source, attached, said = pictures.take(source, cell.get("attachments"), number + 1)
        notes += said
    if len(source) > MAX_SOURCE:
        notes.append(f"Cell {number + 1} is too long: only its first {MAX_SOURCE} characters were read.")
        source = source[:MAX_SOURCE]
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    mark = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
    # Colab keeps the id in the metadata, and so does Deepnote under a name of its own.
    called = [mark.get("grade_id"), cell.get("id"), metadata.get("id"), metadata.get("cell_id")]
    names = [name for name in called if isinstance(name, str)]
    known = {"cell_type": cell["cell_type"], "names": names, "attachments": attached}
    return {**known, "source": report.whole(source)}


def _assignment(cells, metadata, name):
    """Return of which assignment a notebook is, by its cells or else by its metadata; rather `name`."""
    if found := [match[1] for cell in cells if (match := OF.search(cell["source"]))]:
        return name if name in found else found[0]
    known = metadata.get("frenkel") if isinstance(metadata, dict) else None
    known = known.get("assignment") if isinstance(known, dict) else None
    return known if isinstance(known, str) else None
