"""The reader's own program, `mychain.py`: most chapters add a piece, in a section *Build it yourself*.

Tags say what a cell of this section is::

    mychain        the piece: functions of the reader's own, which use NumPy and the pieces before
    mychain-use    what they give, printed
    mychain-check  the same from the library, and how well the two agree

A section that uses pieces of earlier chapters begins with a folded cell, tagged `mychain-before`, of which
the chapter's text has but the first line, a comment. `sources.read` puts those functions below it. So every
reader of chapters finds plain code that runs by itself: a page, a notebook without neighbors, a fingerprint.
"""

import ast

PIECE, BEFORE, SECTION = "mychain", "mychain-before", ("mychain", "mychain-use", "mychain-check")
FILE = "mychain.py"
BETWEEN = "\n\n\n"  # functions
HEAD = '''\
"""{file} as of chapter {number}, {title}.

One exciton on a lattice. If nothing else is said, energies are in J, times in ħ/J, lengths in lattice
constants. It needs NumPy alone. Written by its reader along the book «{book}»,
{address}. License: BSD 3-Clause.
"""

import numpy as np
'''


def address(chapter):
    """Return where in the site the program as of a chapter lies."""
    return f"_downloads/mychain/{chapter}/{FILE}"


def code(notebook, *tags):
    """Return the code of a chapter's cells that have one of these tags."""
    cells = [cell for cell in notebook.cells if {*cell.metadata.get("tags", [])} & {*tags}]
    return BETWEEN.join(cell.source for cell in cells)


def statements(pieces):
    """Return {names: lines} of what stands at the top of the pieces, in their order."""
    found = {}
    for piece in pieces:
        lines = piece.split("\n")
        for statement in ast.parse(piece).body:
            targets = [statement] if hasattr(statement, "name") else statement.targets
            names = tuple(getattr(target, "name", None) or target.id for target in targets)
            found[names] = "\n".join(lines[statement.lineno - 1 : statement.end_lineno])
    return found


def read_in(text):
    """Return the names that a piece of code reads."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def needed(text, pieces):
    """Return those statements of the pieces that a text uses, directly or through others, in their order."""
    found, waiting, used = statements(pieces), read_in(text), set()
    while names := {n for n in found if n not in used and {*n} & waiting}:
        used |= names
        waiting = set().union(*(read_in(found[n]) for n in names))
    return [lines for names, lines in found.items() if names in used]


def fill(notebook, earlier):
    """Put the functions of earlier chapters, given as notebooks, into the cell that waits for them."""
    pieces = [code(other, PIECE) for other in earlier]
    for cell in notebook.cells:
        if BEFORE in cell.metadata.get("tags", []):
            cell.source = BETWEEN.join([cell.source, *needed(code(notebook, *SECTION), pieces)])


def program(notebooks, **about):
    """Return the text of `mychain.py` as of the last of these chapters, or "" if that has no such section."""
    pieces = [piece for notebook in notebooks if (piece := code(notebook, PIECE))]
    text = f"{HEAD.format(file=FILE, **about)}\n\n{BETWEEN.join(pieces)}\n"
    return text if code(notebooks[-1], *SECTION) else ""
