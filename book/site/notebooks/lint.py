"""Lint the code of the chapters with ruff, in place, and their fences: python -m notebooks.lint [--fix].

The rules are those of notebooks in pyproject.toml. Complaints name the line of the chapter's own file.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from . import sources


def _ruff(paths, folder, *options):
    """Return what ruff complains about in the chapters' code, and the notebooks that it has looked at."""
    notebooks = {}
    for path in paths:
        notebooks[path] = folder / f"{sources.stem(path)}.ipynb"
        nbformat.write(sources.read(path), notebooks[path])
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "json"]
    done = subprocess.run(
        [*ruff, "--config", sources.ROOT / "pyproject.toml", *options, *notebooks.values()],
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return json.loads(done.stdout), notebooks


def _place(path, cell, row):
    """Return `book/chapters/03-spectra.nb.md:17` for a row of a cell of the chapter."""
    notebook = sources.read(path)
    lines = path.read_text("utf-8").splitlines()
    first = notebook.metadata.source_map[cell - 1]
    while lines[first] != notebook.cells[cell - 1].source.split("\n")[0]:
        first += 1
    return f"{os.path.relpath(path)}:{first + row}"


FENCE = re.compile(r"\s*(`{3,}|~{3,}|:{3,})([^`]*)")


def fences(path):
    """Return what is wrong with the first fence of a text that is not closed as it was opened, or nothing.

    To Markdown a fence that is too short closes nothing, and all that follows is in the block.
    """
    opened = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not (match := FENCE.fullmatch(line)):
            continue
        fence, words = match[1], match[2].strip()
        if words:
            opened.append((number, fence))
        elif opened and opened[-1][1] == fence:
            opened.pop()
        else:
            which = f"line {opened[-1][0]} opened one with {opened[-1][1]}" if opened else "none is open"
            return [f"{os.path.relpath(path)}:{number}: {fence} closes no block: {which}"]
    return [
        f"{os.path.relpath(path)}:{number}: the block {fence} is never closed" for number, fence in opened
    ]


def complaints(paths):
    """Return a line for each fault of the chapters' fences, or else of their code, where ruff finds it."""
    if told := [words for path in paths for words in fences(path)]:
        return told
    with tempfile.TemporaryDirectory() as folder:
        found, notebooks = _ruff(paths, Path(folder))
    of = {notebook.name: path for path, notebook in notebooks.items()}
    told = []
    for it in found:
        place = _place(of[Path(it["filename"]).name], it["cell"], it["location"]["row"])
        told.append(f"{place}: {it['code']} {it['message']}")
    return told


def fix(paths):
    """Write into the chapters what ruff can mend by itself."""
    with tempfile.TemporaryDirectory() as folder:
        _, notebooks = _ruff(paths, Path(folder), "--fix")
        for path, notebook in notebooks.items():
            text = before = path.read_text("utf-8")
            for old, new in zip(sources.read(path).cells, nbformat.read(notebook, 4).cells, strict=True):
                if old.source != new.source:
                    text = text.replace(f"\n{old.source}\n", f"\n{new.source}\n", 1)
            if text != before:
                path.write_text(text, "utf-8")


if __name__ == "__main__":
    if "--fix" in sys.argv:
        fix(sources.chapters())
    sys.exit("\n".join(complaints(sources.chapters())) or 0)
