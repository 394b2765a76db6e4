"""Write the student copies and the solved copies: `make course`."""

import argparse
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


def build(names, output=OUTPUT, *, site=master.SITE):
    """Write `release/` and `solved/` under `output` for the masters `names`, and the library's wheel."""
    (output / "release").mkdir(parents=True, exist_ok=True)
    wheel = build_wheel(output / "release").name
    for name in names:
        source = master.read(name)
        for folder, solved in (("release", False), ("solved", True)):
            notebook = master.copy(source, solved=solved, wheel=wheel, site=site)
            write(notebook, output / folder / f"{name}.ipynb")
        points = sum(master.tags_of(cell)[1] or 0 for cell in source.cells)
        print(f"{name}: {points:g} points, {len(source.variants)} variants")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="assignments; all if none is named")
    parser.add_argument("--site", default=master.SITE, help="address of the published book")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    try:
        build(arguments.names or master.names(), arguments.output, site=arguments.site)
    except master.MasterError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
