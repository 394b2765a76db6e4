"""Write the repository for everyone, without the masters and with the students' copies: `make public`."""

import shutil
import subprocess
import sys
from pathlib import Path

from . import build, master

ROOT = build.ROOT
# The masters, and the tests that know what is in them.
PRIVATE = ("book/assignments/*.ipynb", "tests/*/test_assignments.py", "tests/*/test_grading_speed.py")
PRIVATE += ("tests/course/*",)


def tracked(folder):
    """Return the files that git knows in `folder`, relative to it; none if it is no repository."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=folder, capture_output=True, text=True)
    return {Path(name) for name in done.stdout.split("\0") if name}


def write(target):
    """Write the public files into `target` and remove what git knows there and has gone here."""
    target = Path(target).resolve()
    if target == ROOT or target.is_relative_to(ROOT / "book"):
        raise ValueError(f"{target} is this repository; name a folder beside it")
    target.mkdir(parents=True, exist_ok=True)
    build.build()
    sources = {path: ROOT / path for path in tracked(ROOT) if not any(path.match(each) for each in PRIVATE)}
    for path in (build.OUTPUT / "release").glob("*.ipynb"):
        sources[build.COPIES.relative_to(ROOT) / path.name] = path
    for path in tracked(target) - set(sources):
        (target / path).unlink(missing_ok=True)
    for path, source in sources.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target / path)


if __name__ == "__main__":
    try:
        write(*sys.argv[1:])
    except (master.MasterError, TypeError, ValueError) as problem:
        sys.exit(str(problem))
