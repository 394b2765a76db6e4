"""Write the student copies and the solved copies: `make course`."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from . import master

ROOT = master.ASSIGNMENTS.parents[1]
OUTPUT = ROOT / "_build" / "course"
COPIES = master.ASSIGNMENTS / "release"  # finished ones, where the masters are not: see `public`


def build_wheel(folder):
    """Build the library's wheel into `folder`, for those who have no `frenkel` yet."""
    with tempfile.TemporaryDirectory() as made:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", made]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        shutil.copy(Path(made) / master.WHEEL, folder)


def write(notebook, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook).rstrip("\n") + "\n", encoding="utf-8")


def digest():
    """Return a hash of all that the copies follow from."""
    folders = [(master.ASSIGNMENTS, "*.ipynb"), (COPIES, "*.ipynb")]
    folders += [(Path(__file__).parent, "*.py"), (ROOT / "lib", "*.py")]
    total = hashlib.sha256(master.site().encode() + (ROOT / "pyproject.toml").read_bytes())
    for folder, pattern in folders:
        for path in sorted(folder.glob(pattern) if pattern == "*.ipynb" else folder.rglob(pattern)):
            total.update(path.read_bytes())
    return total.hexdigest()


def build(output=OUTPUT):
    """Write `release/`, with the library's wheel, and `solved/` under `output`, unless they are there."""
    mark = output / "digest"
    if mark.is_file() and mark.read_text() == digest():
        return
    mark.unlink(missing_ok=True)
    for folder in ("release", "solved"):
        shutil.rmtree(output / folder, ignore_errors=True)
        (output / folder).mkdir(parents=True)
    build_wheel(output / "release")
    for path in COPIES.glob("*.ipynb"):
        shutil.copy(path, output / "release")
    for name in master.names():
        source = master.read(name)
        for folder, solved in (("release", False), ("solved", True)):
            write(master.copy(source, solved=solved), output / folder / f"{name}.ipynb")
        print(f"{name}: {source.points:g} points, {len(source.variants)} variants", flush=True)
    mark.write_text(digest())


def main():
    try:
        build()
    except master.MasterError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
