"""Take each protection of the grader out and see whether a test notices: `make protections`.

    make protections                                   all of them: half an hour
    make protections PROTECTIONS="walls.py plain.py"   those of these files

The table is tests/course/PROTECTIONS.md: what stands in which file, what is put in its place, and the test
that notices. A copy of the project in `_build/protections` is changed in one place, and that test runs there;
it has to fail. `test_protections` holds the table to the source.
"""

import argparse
import importlib
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("PROTECTIONS.md")
WORK, LOG = ROOT / "_build" / "protections", ROOT / "_build" / "protections.log"
HOMES = [Path("book/assignments/course"), Path("lib/frenkel")]
SLOW = ("hypothesis.strategies", "nbconvert.filters.markdown_mistune", "psutil")  # to import, and not changed
ME = "an ordinary user" if os.geteuid() else "root"


class Protection(NamedTuple):
    """A row of the table; `whose` is who alone has this protection, if not everyone."""

    file: str
    text: str
    instead: str
    test: str
    whose: str

    @property
    def path(self):
        """Where the file is in the project."""
        return next(home / self.file for home in HOMES if (ROOT / home / self.file).is_file())

    def places(self, source):
        """Return where the text stands in `source`, whatever spaces and ends of lines are in it."""
        words = map(re.escape, self.text.split())
        return list(re.finditer(r"\s+".join(words), source))


def table():
    """Return all rows of the table."""
    rows = [line for line in TABLE.read_text("utf-8").splitlines() if re.match(r"\| \w+\.", line)]
    cells = ([cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows)
    return [Protection(file, *(cell.strip("`") for cell in rest)) for file, *rest in cells]


def copy():
    """Write the project, as it stands, to where it may be changed."""
    shutil.rmtree(WORK, ignore_errors=True)
    known = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(known, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (WORK / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, WORK / name)
    for name in (".venv", ".venv-grading"):
        (WORK / name).symlink_to((ROOT / name).resolve())


def fails(*tests):
    """Return whether one of these tests fails in the copy; raise RuntimeError if they do not run.

    They run in a child of this process, which has imported what takes long.
    """
    child = multiprocessing.get_context("fork").Process(target=_run, args=(tests,))
    child.start()
    child.join()
    said = LOG.read_text("utf-8")
    if child.exitcode != bool(re.search("^(FAILED|ERROR) tests/course/", said, re.MULTILINE)):
        raise RuntimeError(said)
    return bool(child.exitcode)


def _run(tests):
    os.chdir(WORK)
    sys.path.insert(0, str(WORK / "lib"))
    os.environ.update(CI="true", PYTHONPATH="lib", PYTHONDONTWRITEBYTECODE="1")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # they take longer than the test
    sys.dont_write_bytecode = True  # of two versions within a second Python would take the first for both
    with LOG.open("wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    options = ["-x", "-q", "-rfE", "-p", "pytest_timeout", "--timeout=120", "-p", "no:cacheprovider"]
    status = pytest.main([*options, *(f"tests/course/{test}" for test in tests)])
    sys.stdout.flush()
    os._exit(status)


def noticed(protection):
    """Return whether the test notices that a protection is gone."""
    path = WORK / protection.path
    source = path.read_text("utf-8")
    (place,) = protection.places(source)
    path.write_text(source[: place.start()] + protection.instead + source[place.end() :], "utf-8")
    try:
        return fails(protection.test)
    finally:
        path.write_text(source, "utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", help="all by default")
    files = parser.parse_args().files
    chosen = [each for each in table() if not files or each.file in files]
    mine = [each for each in chosen if each.whose in ("", ME)]
    for name in SLOW:
        importlib.import_module(name)
    copy()
    if fails(*dict.fromkeys(each.test for each in mine)):
        sys.exit(f"Without any change a test fails:\n{LOG.read_text('utf-8')}")
    missed = 0
    for each in mine:
        seen = noticed(each)
        missed += not seen
        print("noticed" if seen else "MISSED ", each.file, each.text, sep="  ", flush=True)
    print(f"{len(mine) - missed} of {len(mine)} were noticed; {len(chosen) - len(mine)} are not {ME}'s.")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
