"""A copy of the notebooks for a reader to change: python -m notebooks.working_copy FOLDER.

A notebook that the reader has changed stays as it is; one that is as it was copied follows the book.
"""

import hashlib
import json
import sys
from pathlib import Path

from . import written


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


if __name__ == "__main__":
    changed = update(Path(sys.argv[1]))
    if changed:
        print(f"kept as you have changed them: {', '.join(changed)}")
