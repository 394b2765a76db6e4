"""Write the student copies and the solved copies: `make course`.

For everyone: `_build/course/release`, which the site publishes, and `_build/course/solved`. For a class whose
folder has a class list, where all have numbers of their own: `handout/NAME.ipynb`, one file in which an id
opens its own numbers and checks and no others, and `handout/NAME/STUDENT.ipynb`, where there are no others.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from . import classlist, copies, master

ROOT = master.ASSIGNMENTS.parents[1]
OUTPUT = ROOT / "_build" / "course"
COPIES = master.ASSIGNMENTS / "release"  # finished ones, where the masters are not: see `public`
UNSAFE = r"[^\w@.-]"  # in the name of a file


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
            write(copies.copy(source, solved=solved), output / folder / f"{name}.ipynb")
        print(f"{name}: {source.points:g} points, for everyone", flush=True)
    mark.write_text(digest())


def hand_out(names, folder):
    """Write the copies of the class in `folder`, if it has a class list; return how many students it has."""
    students = sorted(classlist.read(folder / "students.csv"))
    for name in names if students else ():
        source, target = master.read(name), folder / "handout"
        write(copies.copy(source, solved=False, students=students), target / f"{name}.ipynb")
        shutil.rmtree(target / name, ignore_errors=True)
        for student in students:
            line = source.seal([source.case_of(one, listed=True) for one in ("", student)], ["", student])
            one = copies.copy(source, solved=False, students=[student], line=line)
            write(one, target / name / f"{re.sub(UNSAFE, '_', student)}.ipynb")
        print(f"{name}: {len(students)} students, in {target}", flush=True)
    return len(students)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="the assignments to hand out to the class, all if none")
    parser.add_argument("--class-folder", type=Path, default=Path("class"), help="folder of this class")
    arguments = parser.parse_args()
    try:
        build()
        hand_out(arguments.names or master.names(), arguments.class_folder)
    except (master.MasterError, ValueError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
