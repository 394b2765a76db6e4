"""Write the student copies and the solved copies: `make course`."""

import argparse
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


def build_wheel(folder):
    """Build the library's wheel into `folder`, for those who have no `frenkel` yet; return its path."""
    with tempfile.TemporaryDirectory() as made:
        command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", made]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        return Path(shutil.copy(next(Path(made).glob("*.whl")), folder))


def write(notebook, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(notebook).rstrip("\n") + "\n", encoding="utf-8")


def digest(site):
    """Return a hash of all that the copies follow from."""
    folders = [(master.ASSIGNMENTS, "*.ipynb"), (Path(__file__).parent, "*.py"), (ROOT / "lib", "*.py")]
    total = hashlib.sha256(site.encode() + (ROOT / "pyproject.toml").read_bytes())
    for folder, pattern in folders:
        for path in sorted(folder.glob(pattern) if pattern == "*.ipynb" else folder.rglob(pattern)):
            total.update(path.read_bytes())
    return total.hexdigest()


def build(output=OUTPUT, *, site=master.SITE):
    """Write `release/`, with the library's wheel, and `solved/` under `output`, unless they are there."""
    mark = output / "digest"
    if mark.is_file() and mark.read_text() == digest(site):
        return
    mark.unlink(missing_ok=True)
    for folder in ("release", "solved"):
        shutil.rmtree(output / folder, ignore_errors=True)
        (output / folder).mkdir(parents=True)
    wheel = build_wheel(output / "release").name
    for name in master.names():
        source = master.read(name)
        for folder, solved in (("release", False), ("solved", True)):
            notebook = master.copy(source, solved=solved, wheel=wheel, site=site)
            write(notebook, output / folder / f"{name}.ipynb")
        print(f"{name}: {source.points:g} points, {len(source.variants)} variants", flush=True)
    mark.write_text(digest(site))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default=master.SITE, help="address of the published book")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    try:
        build(arguments.output, site=arguments.site)
    except master.MasterError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
