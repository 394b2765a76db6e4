"""The table of protections that `make protections` takes out: what stands in the source, and every wall."""

import re
from pathlib import Path

import protections
import pytest

TABLE = protections.table()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.file} {row.text[:40]!r}")
def test_what_is_taken_out_stands_there_once(row):
    source = (protections.ROOT / row.path).read_text("utf-8")
    assert len(row.places(source)) == 1 and row.text != row.instead
    file, test = re.match(r"(\w+\.py)::(\w+)", row.test).groups()
    assert f"def {test}(" in Path(__file__).with_name(file).read_text("utf-8")
    assert row.whose in ("", "root", "an ordinary user")


def names_in(file, pattern):
    """Return what is found in a file of the course, and in the rows about it."""
    source = (protections.ROOT / protections.HOMES[0] / file).read_text("utf-8")
    rows = " ".join(row.text for row in TABLE if row.file == file)
    return set(re.findall(pattern, source)), set(re.findall(pattern, rows))


def test_every_wall_is_in_the_table():
    walls, known = names_in("walls.py", r'"(--[a-z][a-z-]+)')
    assert walls - known <= {"--cap-add", "--dev-bind", "--dir", "--info-fd", "--perms", "--setenv"}


def test_every_refused_call_is_in_the_table():
    calls, known = names_in("seccomp.py", r'"(\w+)": \(\d+, (?:\d+|None)\)')
    assert len(calls) > 40 and calls == known
