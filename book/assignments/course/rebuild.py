"""Put a submission back into the shape of the student copy, keeping what the student wrote.

The copy's cells come in the copy's order; where students may write, their text is taken over; cells of their
own stay behind the cell they followed. What had to be mended is said in words.
"""

import nbformat

from . import copies, identity, master, matching, reading
from .archives import MAX_BYTES
from .matching import added, assigned, is_blank, plain
from .reading import Unreadable, read

__all__ = ["MAX_BYTES", "Unreadable", "answered", "job_of", "made_for", "read", "rebuild"]
INSTALLING = ("%", "!", "await piplite")  # how a line begins that has no use in the jail
TURNED = {"code": "code", "markdown": "Markdown", "raw": "raw text"}


def rebuild(copy, submission):
    """Return (notebook, notes): the student copy `copy` filled with the cells of `submission`.

    Raises Unreadable if they have no cell in common.
    """
    building = Building(copy, submission)
    cells = building.all()
    # Metadata of its own: several notebooks are rebuilt at a time, and each gets its student's notes.
    metadata = nbformat.from_dict(copy.metadata)
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)
    notes = [*submission.notes, *building.notes]
    if building.lost and not submission.cut:
        words = ", ".join(building.lost)
        notes.append(f"Missing, and put back as handed out: {words}.")
    return notebook, notes


class Building:
    """One submission on its way into the shape of the copy."""

    def __init__(self, copy, submission):
        self.copy, self.cells, self.notes, self.lost = copy, submission.cells, [], []
        self.found, unnamed = matching.match(copy, self.cells)
        if not set(self.found) - set(matching.YOUR_PLACE):
            raise Unreadable("No cell of this notebook belongs to this assignment.")
        if unnamed and not submission.nameless:
            some = ", ".join(f"`{name}`" for name in unnamed[:4]) + (" and others" if unnamed[4:] else "")
            self.notes.append(f"Cells had lost their names: {some} were found by content and place.")
        self.own = {}  # {id of the cell they follow, None for the beginning: cells}
        at = {index: name for name, index in self.found.items()}
        originals, place = {cell.id: cell for cell in copy.cells}, None
        for index, cell in enumerate(self.cells):
            place = at.get(index, place)
            if index not in at:
                doubled = next((originals[name] for name in cell["names"] if name in originals), None)
                if doubled is None or not is_blank(cell, doubled):
                    self.own.setdefault(place, []).append(cell)

    def all(self):
        """Return the cells of the rebuilt notebook."""
        cells = []
        for number, original in enumerate(self.copy.cells):
            before = self.copy.cells[number - 1] if number else None
            cells.append(self.one(original, before))
        placed = []
        for cell in [None, *cells]:
            name = cell.id if cell else None
            if cell:
                for kept in self.own.get(("before", name), ()):
                    placed.append(_extra(kept, f"before-{name}", 0))
                placed.append(cell)
            placed += [_extra(own, name or "first", i) for i, own in enumerate(self.own.get(name, ()))]
        return placed

    def one(self, original, before):
        """Return the rebuilt cell for `original`, which stands after `before` in the copy."""
        cell = nbformat.from_dict(original)
        index = self.found.get(cell.id)
        mark = cell.metadata.nbgrader
        submitted = self.cells[index] if index is not None else None
        if not mark.solution:
            self.given(cell, submitted)
        else:
            if submitted and not is_blank(submitted, original):
                self.take(cell, submitted)
            if mark.grade:
                self.gather(cell, original, before)
            if submitted is None and cell.source == original.source:
                self.missing(cell)
            elif cell.id == "student":
                cell.source, said = identity.mend(cell.source, original.source)
                self.notes += said
        return cell

    def given(self, cell, submitted):
        """Keep what a student wrote into a given cell or a test, which themselves stay as handed out."""
        is_test = cell.metadata.nbgrader.grade
        what = "test" if is_test else "given"
        if submitted is None:
            if is_test or (cell.cell_type == "code" and cell.id not in matching.YOUR_PLACE):
                self.lost.append(f"the {what} cell `{cell.id}`")
            return
        more = "" if is_blank(submitted, cell) else added(cell.source, submitted["source"])
        if cell.cell_type == "markdown":
            if len("".join(filter(str.isalnum, more))) > 2:
                kept = {**submitted, "cell_type": "markdown", "source": more, "into": True}
                self.own.setdefault(cell.id, []).insert(0, kept)
        elif not is_blank(submitted, cell):
            words = f"The {what} cell `{cell.id}` had been changed; the original was run"
            lines = [line for line in more.split("\n") if not line.lstrip().startswith(INSTALLING)]
            if "".join(lines).strip():
                words += ", and what was added as a cell of its own"
                place = ("before", cell.id) if is_test else cell.id
                self.own.setdefault(place, []).insert(0, {**submitted, "source": "\n".join(lines)})
            self.notes.append(f"{words}.")

    def take(self, cell, submitted):
        """Put what a student wrote into the answer cell `cell`, also from a cell of another type."""
        source, kind = submitted["source"], submitted["cell_type"]
        if kind != cell.cell_type:
            self.notes.append(f"The answer cell `{cell.id}` had become {TURNED[kind]}; it was read.")
            source = _as_code(source) if cell.cell_type == "code" else _as_text(submitted)
        cell.source = source
        if submitted["attachments"] and cell.cell_type == "markdown":
            cell.attachments = dict(submitted["attachments"])

    def gather(self, cell, original, before):
        """Add to an answer that is marked by hand what the student wrote around its cell.

        What stands between the question and the next given cell belongs to it, and so do copies of the cell.
        """
        blank = plain(cell.source) == plain(original.source)
        if cell.cell_type == "code" and not blank:
            return  # more code of the student's own runs where it stands
        above = self.own.get(before.id, []) if before is not None and before.cell_type == "markdown" else []
        below = self.own.get(cell.id, [])
        copies = [own for cells in self.own.values() for own in cells if cell.id in own["names"]]
        below = below + [own for own in copies if not any(own is each for each in above + below)]
        if not above + below:
            return
        kinds = ("code",) if cell.cell_type == "code" else ("markdown", "raw")
        above, below, others = (
            [own for own in above if own["cell_type"] in kinds],
            [own for own in below if own["cell_type"] in kinds],
            [own for own in above + below if own["cell_type"] not in kinds],
        )
        if above + below:
            middle = [] if blank else [cell.source]
            texts = [*(own["source"] for own in above), *middle, *(own["source"] for own in below)]
            self.put_together(cell, texts, above + below)
        elif blank:
            self.point_out(cell, others)

    def put_together(self, cell, texts, taken):
        """Make `texts` the answer `cell`, and leave out the cells `taken`, in which they stood."""
        cell.source = "\n\n".join(texts)
        for own in taken:
            if cell.cell_type == "markdown" and own["attachments"]:
                cell.attachments = {**cell.get("attachments", {}), **own["attachments"]}
        for cells in self.own.values():
            cells[:] = [own for own in cells if not any(own is each for each in taken)]
        question = any("into" in own for own in taken)
        where = "in the text of the question" if question else "in cells beside its own"
        self.notes.append(f"The answer `{cell.id}` stood {where}: it was put together.")

    def point_out(self, cell, around):
        """Make a blank answer show that cells of another kind stand beside it, which stay where they are."""
        if cell.cell_type == "code":
            cell.source += "\n# The answer may be in the text beside this cell."
        else:
            cell.source = "\n\n".join(_as_text(own) for own in around)
        self.notes.append(f"The answer cell `{cell.id}` was left blank; the cells beside it stand for it.")

    def missing(self, cell):
        """Put an answer cell back, without setting back what other cells of the student define."""
        written = set().union(*(assigned(own["source"]) for cells in self.own.values() for own in cells))
        taken = [self.cells[index]["source"] for index in self.found.values()]
        written = written.union(*(assigned(source) for source in taken)) & assigned(cell.source)
        if cell.cell_type == "code" and written:
            cell.source = "# this cell was missing; its variables are defined elsewhere"
            self.notes.append(f"The answer cell `{cell.id}` was missing; other cells define its variables.")
        else:
            self.lost.append(f"the answer cell `{cell.id}`")


def _as_text(cell):
    """Return what stands in a cell as Markdown."""
    return f"```python\n{cell['source']}\n```" if cell["cell_type"] == "code" else cell["source"]


def _as_code(source):
    """Return text as code: as it is, if it is Python, else as comments."""
    lines = [line for line in source.split("\n") if not line.strip().startswith("```")]
    if matching.compiles("\n".join(lines)):
        return "\n".join(lines)
    return "\n".join(f"# {line}" for line in source.split("\n"))


def _extra(cell, after, number):
    """Return a cell of the student's own."""
    if cell["cell_type"] == "code":
        return nbformat.v4.new_code_cell(cell["source"], id=f"own-{after}-{number}")
    made = nbformat.v4.new_markdown_cell(cell["source"], id=f"own-{after}-{number}")
    if cell["attachments"]:
        made.attachments = dict(cell["attachments"])
    return made


def answered(copy, notebook):
    """Return (how many of the answers in `notebook` are not as handed out in `copy`, how many there are)."""
    sources = {cell.id: plain(cell.source) for cell in notebook.cells}
    asked = [cell for cell in copy.cells if matching.is_free(cell) and cell.id != "student"]
    return sum(sources[cell.id] != plain(cell.source) for cell in asked), len(asked)


def made_for(cells):
    """Return for whom the copy that was handed in had been made, None if it does not say."""
    sources = [cell["source"] for cell in cells if reading.OF.search(cell["source"])]
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
