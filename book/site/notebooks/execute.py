"""Execute chapters whose code, or the library's code that they use, has changed, and record what comes out.

A record carries the fingerprint of the code that it follows from (see `uses`). A chapter whose fingerprint
has changed is executed: if all comes out as it is recorded, nothing is written but a mark in `_build/`, else
the record is. With CI set in the environment nothing is recorded: a cell with another output is named.

A record that was made to show a page (see `part`) says so in place of a fingerprint, and is made good.
"""

import asyncio
import base64
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from . import links, narrow, recorded, sources, uses
from .sources import Trouble

MARKS = sources.ROOT / "_build" / ".followed"  # what has been executed on this machine
# Explorers open no comm when FRENKEL_STATIC is set; one BLAS thread makes sums repeat to the last digit.
KERNEL_ENVIRONMENT = {
    "FRENKEL_STATIC": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
FIGURE_FORMATS = ["retina"]  # of Matplotlib in the kernel: twice the pixels
CELL_TIMEOUT = 120  # seconds


REMEMBERED = 8  # codes of a chapter, so that work on several branches is executed once
IN_PART = "none: some cells were executed without the others; `make notebooks` executes all"


def _kept(path):
    """Return what is remembered of a chapter, the latest first.

    Each is {"record": hash, "code": {name: hash} or None, "cells": {id: hash}}; the code is None where cells
    were executed without the others.
    """
    try:
        return json.loads((MARKS / f"{sources.stem(path)}.json").read_text("utf-8"))
    except FileNotFoundError:
        return []


def marks_of(path):
    """Return [{name: hash}], the codes that are known to give what a chapter has on record."""
    present = recorded.digest(recorded.folder(path))
    return [kept["code"] for kept in _kept(path) if kept["record"] == present and kept["code"]]


def cells_of(path):
    """Return {id: hash}, the code that is known to give what is on record of each cell of a chapter."""
    present = recorded.digest(recorded.folder(path))
    return next((kept["cells"] for kept in _kept(path) if kept["record"] == present and "cells" in kept), {})


def note(path, notebook, code):
    """Remember that the record of a chapter follows from this code, {name: hash}."""
    MARKS.mkdir(parents=True, exist_ok=True)
    cells = {link.cell: link.mark for link in links.of_chapter(notebook).values()}
    now = {"record": recorded.digest(recorded.folder(path)), "code": code, "cells": cells}
    kept = [now, *(other for other in _kept(path) if other != now)][:REMEMBERED]
    (MARKS / f"{sources.stem(path)}.json").write_text(json.dumps(kept, indent=1), "utf-8")


def reason(path, notebook, code):
    """Return in words why a chapter must be executed, or None if what is recorded holds."""
    record = recorded.read(recorded.folder(path))
    if all(sources.explorer(cell) for cell in notebook.cells if cell.cell_type == "code"):
        return None  # nothing is recorded
    named = {sources.figure(cell) for cell in notebook.cells} - {None}
    if named | {recorded.narrow(name) for name in named} != record.figures.keys():
        return "its figures are not those that are recorded"
    known = marks_of(path)
    if record.fingerprint == IN_PART:
        return "only some of its cells were executed"
    if uses.fingerprint(code) in (record.fingerprint, *map(uses.fingerprint, known)):
        return None
    if not known:
        return "the code that it uses is not the code that it was recorded with"
    return f"changed: {few(sorted({name for name, _ in code.items() ^ known[0].items()}))}"


def few(names):
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"{', '.join(names[:4])}{more}"


def output_of(cell):
    """Return what a cell printed, or None, and its figures by their names; complain of anything else."""
    where = f"cell {cell.id}"
    if sources.explorer(cell):
        if [output.output_type for output in cell.outputs] != ["execute_result"]:
            raise Trouble(f"{where} should show an explorer and nothing else")
        return None, {}
    printed, pictures, narrowed = None, [], []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            raise Trouble(f"{where} wrote to stderr:\n{cell.source}\n\n{output.text}")
        if output.output_type == "stream":
            printed = (printed or "") + output.text
        elif "image/png" in output.data:
            kind = narrowed if narrow.MARK in output.metadata else pictures
            kind.append(base64.b64decode(output.data["image/png"]))
        else:
            raise Trouble(
                f"{where} shows a value; print it, or end the line with a semicolon:\n{cell.source}"
            )
    named = sources.figure(cell)
    if len(pictures) != (named is not None) or (pictures and printed):
        raise Trouble(
            f"{where} drew {len(pictures)} figures, names {'one' if named else 'none'}, printed {printed!r};"
            f" a cell prints, or draws one figure and names it:\n{cell.source}"
        )
    if named is None:
        return printed, {}
    return printed, {named: pictures[0], recorded.narrow(named): narrowed[0]}


def run(path, notebook, fingerprint):
    """Execute a chapter and return its record."""
    notebook.metadata = nbformat.from_dict({"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        # Plots at two pixels for a CSS pixel; the page gives them the width that their cell names.
        extra_arguments=[
            "--IPKernelApp.log_level=ERROR",
            f"--InlineBackend.figure_formats={FIGURE_FORMATS}",
            f"--IPKernelApp.extensions={[narrow.__name__]}",
        ],
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        # Where the kernel finds its extension, before what else is to be found.
        rooms = [str(Path(narrow.__file__).parents[1]), os.environ.get("PYTHONPATH")]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, rooms))}
        asyncio.run(client.async_execute(env=environment))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise Trouble(f"did not run to its end:\n{error}") from None
    printed, figures = {}, {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            words, pictures = output_of(cell)
            if words is not None:
                recorded.literal(words, Trouble)
                printed[cell.id] = words
            figures |= pictures
    return recorded.Record(fingerprint, printed, figures)


def refresh(path, notebook, code):
    """Execute one chapter and record what has changed; return None or, in words, what is wrong."""
    place = recorded.folder(path)
    before = recorded.read(place)
    try:
        now = run(path, notebook, uses.fingerprint(code))
    except Trouble as words:
        return f"{path.name}: {words}"
    changed = recorded.difference(before, now)
    if changed and os.environ.get("CI"):
        return (
            f"{path.name}: with today's code, {', '.join(changed)} put out something else than is recorded. "
            "Run `make notebooks` and commit what it writes."
        )
    if changed or before.fingerprint == IN_PART:
        recorded.write(place, now)
    tell(path, changed)
    note(path, notebook, code)
    return None


def tell(path, changed):
    print(f"{path.name}: {'recorded ' + ', '.join(changed) if changed else 'as before'}", flush=True)


def stale(paths):
    """Yield (path, notebook, code, why) for every chapter whose record may no longer hold."""
    for path in paths:
        notebook = sources.read(path)
        try:
            code = uses.of_chapter(notebook)
        except Trouble as words:
            raise Trouble(f"{path.name}, {words}") from None
        why = reason(path, notebook, code)
        if why:
            yield path, notebook, code, why
        elif marks_of(path)[:1] != [code] or not cells_of(path):
            note(path, notebook, code)  # so that the next change can be named


def confirm(paths):
    """Write into each record the fingerprint of the code that gave it here; return the names of the changed.

    After a refactoring that changed no output a fresh clone need not execute what was executed here.
    """
    changed = []
    for path in paths:
        place = recorded.folder(path)
        notebook = sources.read(path)
        record, code = recorded.read(place), uses.of_chapter(notebook)
        now = uses.fingerprint(code)
        if record.fingerprint != now and now in map(uses.fingerprint, marks_of(path)):
            recorded.write(place, record._replace(fingerprint=now))
            note(path, notebook, code)
            changed.append(path.name)
    return changed


def execute(paths):
    """Execute what is stale, two chapters at a time; return what is wrong, a text each."""
    os.environ.update(KERNEL_ENVIRONMENT)
    waiting = list(stale(paths))
    if not waiting:
        print("Nothing to execute.", flush=True)
    for path, *_, why in waiting:
        print(f"executing {path.name}: {why}", flush=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        return [words for words in pool.map(lambda each: refresh(*each[:3]), waiting) if words]
