"""Put a submission back into the shape of the student copy, keeping what the student wrote.

The copy's cells come in the copy's order; where students may write, their text is taken over; cells of their
own stay behind the cell they followed. What had to be mended is said in words.
"""

import re

import nbformat

from . import copies, master, report

MAX_BYTES = 20 * 1024**2
MAX_CELLS = 1000
MAX_DEPTH, MAX_PARTS = 60, 1_000_000  # of the file, as `report.loads` counts them
MAX_SOURCE = 200_000  # characters of one cell


class Unreadable(Exception):
    """A submission cannot be marked; the message says why, to the student."""


def read(data, name):
    """Return the notebook in `data`, bytes, of the assignment `name`; raise Unreadable."""
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1024**2:.0f} MB"
        raise Unreadable(f"The file has {size}; {MAX_BYTES // 1024**2} MB is the limit. Clear its outputs.")
    if not data.strip():
        raise Unreadable("The file is empty.")
    if data.startswith(b"PK\x03\x04"):
        raise Unreadable("The file is an archive. Hand in the notebook itself, not packed.")
    try:
        notebook = report.loads(data, MAX_DEPTH, MAX_PARTS)
        if notebook["nbformat"] < 4:
            raise Unreadable("The notebook has an old format. Save it with a current Jupyter.")
        cells = [_cell(cell) for cell in notebook["cells"]]
        metadata = dict(notebook.get("metadata") or {})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable("The file is damaged: it cannot be read as a notebook.") from None
    if len(cells) > MAX_CELLS or any(len(cell["source"]) > MAX_SOURCE for cell in cells):
        raise Unreadable("The notebook has too many cells, or a cell that is too long.")
    other = metadata.get("frenkel")
    other = other.get("assignment") if isinstance(other, dict) else None
    if isinstance(other, str) and other != name:
        raise Unreadable(f"This is the notebook of another assignment, {other[:60]!r}.")
    return cells


def _cell(cell):
    """Return type, source and the names that a cell may be known by; whatever else it holds is dropped."""
    source = cell["source"]
    source = "".join(source) if isinstance(source, list) else source
    if not isinstance(source, str) or cell["cell_type"] not in ("code", "markdown", "raw"):
        raise ValueError
    metadata = cell.get("metadata") or {}
    mark = metadata.get("nbgrader") or {}
    known = [mark.get("grade_id"), cell.get("id"), metadata.get("id")]  # Colab keeps the id in the metadata
    names = [name for name in known if isinstance(name, str)]
    return {"cell_type": cell["cell_type"], "source": report.whole(source), "names": names}


def rebuild(copy, submitted):
    """Return (notebook, notes): the student copy `copy` filled with the cells `submitted`.

    Raises Unreadable if they have no cell in common.
    """
    wanted = {cell.id: cell for cell in copy.cells}
    place, filled, extra = None, {}, {}
    for cell in submitted:
        name = next((name for name in cell["names"] if name in wanted and name not in filled), None)
        if name is None:
            extra.setdefault(place, []).append(cell)
        else:
            filled[name] = cell
            place = name
    if not filled:
        raise Unreadable("No cell of this notebook belongs to this assignment.")
    notes, cells = [], []
    cells += [_extra(cell, None, number) for number, cell in enumerate(extra.get(None, ()))]
    for name, original in wanted.items():
        cell = nbformat.from_dict(original)
        found = filled.get(name)
        mark = cell.metadata.nbgrader
        what = "test" if mark.grade and not mark.solution else "answer" if mark.solution else "given"
        if found is None:
            if name not in ("setup", "numbers") and what == "given" and cell.cell_type == "markdown":
                pass  # a text that the student has cleared away
            else:
                notes.append(f"The {what} cell `{name}` was missing; it was put back as handed out.")
        elif mark.solution and found["cell_type"] == cell.cell_type:
            cell.source = found["source"]
        elif cell.cell_type == "code" and _differ(found["source"], cell.source):
            notes.append(f"The {what} cell `{name}` had been changed; the original was run.")
        cells.append(cell)
        cells += [_extra(cell, name, number) for number, cell in enumerate(extra.get(name, ()))]
    # Metadata of its own: several notebooks are rebuilt at a time, and each gets its student's notes.
    metadata = nbformat.from_dict(copy.metadata)
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata, nbformat_minor=5), notes


def _differ(one, other):
    """Return whether two sources differ in more than line ends and what a later `make course` writes anew."""

    def plain(source):
        # The wheel, its version, the sealed line and whom it is for.
        later = r'"frenkel\[full\] @ [^"\n]*"|^made_with, here = .*|"[^"\n]{200,}"\)  # [a-z ]+'
        source = re.sub(later, "", source, flags=re.MULTILINE)
        return [line.rstrip() for line in source.splitlines()]

    return plain(one) != plain(other)


def _extra(cell, after, number):
    """Return a cell of the student's own."""
    make = nbformat.v4.new_code_cell if cell["cell_type"] == "code" else nbformat.v4.new_markdown_cell
    return make(cell["source"], id=f"own-{after or 'first'}-{number}")


def made_for(cells):
    """Return for whom the copy that was handed in had been made, None if it does not say."""
    sources = [cell["source"] for cell in cells if "numbers" in cell["names"]]
    known = (copies.EVERYONE, copies.CLASS)
    return next((who for who in known for source in sources if f"  # {who}" in source), None)


def job_of(notebook, source, case):
    """Return the cells that the jail executes with the numbers of `case`, and the names that tests ask for.

    Its checks say nothing: there is nothing to search through in the jail.
    """
    tests = {cell.id: cell for cell in source.cells}
    line = copies.numbers_cell(source, source.numbers_only(case), copies.EVERYONE)
    job = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        asked = master.asked_of(master.hidden_tests(tests[cell.id])) if cell.id in tests else []
        job.append({"id": cell.id, "source": line if cell.id == "numbers" else cell.source, "exports": asked})
    return job
