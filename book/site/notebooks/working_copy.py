"""A copy of the notebooks that a reader may change: python -m notebooks.working_copy FOLDER [--fresh NAME].

A notebook that the reader has changed stays as it is; one that is as it was copied follows the book. With
`--fresh` a chapter is given back as the book has it, and the reader's is kept under another name.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

from . import sources, written

WIDGETS = "@jupyter-widgets/jupyterlab-manager"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def update(folder):
    """Copy the written notebooks into `folder`; return the names of those that the reader has changed."""
    folder.mkdir(exist_ok=True)
    note = folder / ".copied.json"
    copied = json.loads(note.read_text("utf-8")) if note.is_file() else {}
    kept = []
    for source in sorted(written.FOLDER.glob("*.ipynb")):
        target = folder / source.name
        if target.is_file() and digest(target) not in (copied.get(source.name), digest(source)):
            kept.append(source.name)
            continue
        target.write_bytes(source.read_bytes())
        copied[source.name] = digest(source)
    note.write_text(json.dumps(copied), "utf-8")
    return kept


def put_away(folder, chapter):
    """Give the reader's notebook of a chapter another name; return it, or None if there is no notebook."""
    path = sources.find(chapter)
    mine = folder / f"{sources.stem(path)}.ipynb" if path else None
    if mine is None or not mine.is_file():
        return None
    names = (folder / f"{mine.stem}-mine-{count}.ipynb" for count in range(1, 1000))
    return mine.rename(next(name for name in names if not name.exists()))


def copy_extensions(names, folder):
    """Copy of the environment's extensions of JupyterLab these alone.

    It carries others too, made for another program, which keep JupyterLab or live notebooks from starting.
    """
    for name in names:
        source = Path(sys.prefix, "share", "jupyter", "labextensions", name)
        shutil.copytree(source, folder / name, dirs_exist_ok=True)


def main(folder, *rest):
    folder = Path(folder)
    if rest:
        _, chapter = rest
        kept = put_away(folder, chapter)
        print(f"yours is now {kept.name}" if kept else f"{folder} has no chapter {chapter!r}")
    changed = update(folder)
    copy_extensions([WIDGETS], folder / ".extensions")
    if changed:
        print(f"kept as you have changed them: {', '.join(changed)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
