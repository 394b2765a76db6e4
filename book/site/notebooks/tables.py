"""Printed rows as tables: what a cell prints in columns, read strictly, for the page to show as a table.

A cell that prints rows says under `table` what they are, in a caption::

    table: Maximum and late value of $D(t)$

or, if they are not all that it prints, or the printed head does not name the columns one by one::

    table:
      caption: Maximum and late value of $D(t)$
      lines: 1-7
      columns: Γ | $D_\\mathrm{max}$ | $t_\\mathrm{max}$ | $D(20)$

`lines` are the printed lines of the table, `heads` (1) the number of those that are its head, in whose place
`columns` stands. A line named in `across` goes across all columns, over the rows that it tells of. With
`turned` the printed columns become rows. A list of such entries gives several tables. Columns are parted
where no row writes anything; what cannot be read so is refused.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from .sources import Trouble

KEYS = {"caption", "lines", "heads", "columns", "across", "turned"}
JOINTS = {"±", "=", "to", "of"}  # what holds together the words beside it,
UNITS = {"%", "K", "ns"}  # and with the one before it


class Table(NamedTuple):
    first: int  # the printed line, counted from 0
    last: int  # the line behind it
    caption: str
    head: list
    rows: list  # of cells; a row of a single cell goes across


def gaps(rows):
    """Return (start, end) of each run of places that every row leaves empty, between its words."""
    width = max(map(len, rows))
    rows = [row.ljust(width) for row in rows]
    empty = "".join(" " if all(row[place] == " " for row in rows) else "x" for place in range(width))
    inner = len(empty.rstrip())
    return [(run.start(), run.end()) for run in re.finditer(" +", empty[:inner]) if run.start() > 0]


def aligned(lines):
    """Return whether three lines that follow each other leave a common gap of two places, as columns do."""
    for rows in zip(lines, lines[1:], lines[2:], strict=False):
        if all(map(str.strip, rows)) and any(end - start > 1 for start, end in gaps(rows)):
            return True
    return False


def joins(rows, start, end):
    """Return whether what a gap would part belongs together in some row: `1.2 ± 0.1`, `3 to 5`, `7 K`."""
    for row in rows:
        before, after = row[:start].split()[-1:], row[end:].split()[:1]
        if JOINTS & {*before, *after} or UNITS & {*after}:
            return True
    return False


def tidy(entry):
    """Return an entry without what aligned it: `6 to  7` as `6 to 7`, `3.1  61` as `3.1, 61`, `x:` as `x`.

    A hyphen alone says that there is nothing; it becomes a dash.
    """
    entry = re.sub(r"([±=:]|to|of)  +", r"\1 ", entry.strip().rstrip(",:"))
    between = r" +" if re.fullmatch(r"[\d. ]+", entry) else r" {2,}"
    return "–" if entry == "-" else re.sub(between, ", ", entry)


def cut(rows, count):
    """Return the cells of rows that have `count` columns, parted where all rows leave most room.

    Where a short entry stands between the columns of the others, each row must have wide gaps of its own.
    """
    found = [gap for gap in gaps(rows) if not joins(rows, *gap)]
    widest = sorted(found, key=lambda gap: gap[0] - gap[1])
    room = [end - start for start, end in widest] + [0]
    if len(found) >= count - 1 and (count == 1 or room[count - 2] > room[count - 1]):
        edges = [0, *sorted(end for _, end in widest[: count - 1]), None]
        return [[tidy(row[start:end]) for start, end in pairwise(edges)] for row in rows]
    cells = [re.split(r" {2,}", row.strip()) for row in rows]
    if {*map(len, cells)} != {count}:
        raise Trouble(f"{count} columns were announced, but {len(found) + 1} could be parted")
    return [[tidy(entry) for entry in row] for row in cells]


def span(words, count):
    """Return the lines `3-7` as (first, last + 1), counted from 0; all of them if nothing is said."""
    found = re.fullmatch(r"(\d+)-(\d+)", str(words or f"1-{count}"))
    first, last = (int(found[1]) - 1, int(found[2])) if found else (0, 0)
    if not 0 <= first < last <= count:
        raise Trouble(f"`lines` are as 1-{count}, but are {words}")
    return first, last


def one(entry, printed):
    """Return the table that one entry describes in the printed lines."""
    if entry.keys() - KEYS or "caption" not in entry:
        raise Trouble(f"it has a caption, and of {', '.join(sorted(KEYS))} what it needs, but {[*entry]}")
    first, last = span(entry.get("lines"), len(printed))
    start = first + entry.get("heads", 1)
    if "columns" in entry:
        head = entry["columns"].split(" | ")
    elif start == first + 1:
        head = re.split(r" {2,}", printed[first].strip())
    else:
        raise Trouble("without one printed head it needs `columns`")
    across = {int(line) - 1 for line in str(entry.get("across", "")).split()}
    lines = [line for line in range(start, last) if line not in across]
    if not lines or not across <= {*range(start, last)}:
        raise Trouble(f"it has {len(lines)} rows, and across it the lines {sorted(across)}")
    cells = dict(zip(lines, cut([printed[line] for line in lines], len(head)), strict=True))
    rows = [cells.get(line, [printed[line].strip()]) for line in range(start, last)]
    if entry.get("turned"):
        head, *rows = map(list, zip(head, *rows, strict=True))
    return Table(first, last, entry["caption"], head, rows)


def of(cell, text):
    """Return the tables of a cell in what it has printed, in their order."""
    said = cell.metadata.get("table")
    if not said:
        return []
    entries = [{"caption": said}] if isinstance(said, str) else said if isinstance(said, list) else [said]
    printed = text.rstrip("\n").split("\n")
    try:
        tables = [one(entry, printed) for entry in entries]
        if any(after.first < before.last for before, after in pairwise(tables)):
            raise Trouble("its tables overlap")
    except Trouble as trouble:
        raise Trouble(f"the table of cell {cell.id} cannot be read: {trouble}") from None
    return tables
