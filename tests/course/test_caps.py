"""Each cap on what is read by itself: just under it all is well, just above it nothing is made of it.

What the caps are for, whole floods and bombs, is in `test_bounded`, `test_collect` and `test_rebuild`; there
one cap hides that another has gone.
"""

import base64
import json
import os
import tracemalloc
import zipfile

import numpy as np
import pytest
from classroom import FIRST
from clumsy_archives import dated, link, locked, zipped
from course import archives, collect, inside, pictures, plain, reading, report, scoring

# Reports


def nested(depth):
    return b"[" * depth + b"]" * depth


def test_json_is_measured_before_it_is_made():
    assert report.loads(nested(5), depth=5, parts=100)
    assert len(report.loads(b"[" + b"0," * 97 + b"0]", depth=5, parts=98)) == 98
    for data in (nested(6), b"[" + b"0," * 99 + b"0]", b"[" + b'{"":0},' * 60 + b"0]"):
        with pytest.raises(report.TooMuch):
            report.loads(data, depth=5, parts=99)


def test_a_long_line_is_left_out_however_it_comes():
    pieces = [b"a" * 10, b"\nb", b"b" * 8, b"b\n", b"c" * 11, b"\nd\n", b"e" * 8, b"e" * 8, b"\nf\n"]
    pieces.append(b"g" * 11 + b"\nh")
    assert list(report.lines(pieces, most=10)) == [b"a" * 10, b"b" * 10, b"d", b"f"]
    tracemalloc.start()
    assert list(report.lines((bytes(50_000) for _ in range(200)), most=10**6)) == []
    assert tracemalloc.get_traced_memory()[1] < 2 * 10**6, "what is left out is not kept meanwhile"
    tracemalloc.stop()


def record(name="a", outputs=(), exports="{}"):
    return json.dumps({"id": name, "outputs": list(outputs), "exports": exports}).encode()


def test_a_record_is_that_of_the_next_cell():
    records = report.Records([{"id": "a"}, {"id": "b"}])
    for line in (record("b"), record("x"), record(exports={}), b'{"id": "a", "outputs": 3, "exports": "{}"}'):
        assert not records.take(line) and records.found == []
    assert records.take(record()) and not records.take(record()) and records.take(record("b"))
    assert not records.awaits() and not records.take(record()) and not records.take(record("b"))


def picture(width=9, height=9, more=""):
    head = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4)
    return base64.b64encode(head + bytes(60)).decode() + more


def test_a_picture_is_a_small_png():
    assert report.is_picture(picture()) and report.is_picture(picture(6000, 6000))
    for bad in (picture(8000, 8000), picture(0), picture(more="A" * inside.MAX_PICTURE), picture()[1:], "x"):
        assert not report.is_picture(bad)
    shown = [{"output_type": "display_data", "data": {"image/png": each}} for each in (picture(), picture(0))]
    assert ["image/png" in report.plain(each)["data"] for each in shown] == [True, False]


def test_what_is_shown_is_cut_and_can_be_written():
    long = "\ud800" + "x" * inside.MAX_TEXT
    for output, key in (("stream", "text"), ("error", "ename"), ("error", "evalue")):
        assert report.plain({"output_type": output, key: long})[key] == "?" + "x" * (inside.MAX_TEXT - 1)
    records = report.Records([{"id": "a"}])
    records.take(record(outputs=[{"output_type": "stream", "text": "x"}] * (report.MAX_OUTPUTS + 1)))
    assert len(records.found[0]["outputs"]) == report.MAX_OUTPUTS


# Values


def deep(levels):
    return [deep(levels - 1)] if levels else 1.0


def packed(levels):
    return {"list": [packed(levels - 1)]} if levels else 1.0


def test_values_are_small_and_shallow():
    good = {"deep": deep(6), "large": np.zeros(inside.MAX_VALUES), "long": [0.0] * 1000, "number": 10**300}
    bad = {"deep": deep(7), "large": np.zeros(inside.MAX_VALUES + 1), "number": 10**301, "code": np.sin}
    assert inside.exports(good, good).keys() == good.keys() and inside.exports(bad, bad) == {}
    assert len(inside.portable("x" * 30_000)) == inside.MAX_TEXT
    assert scoring.unpack(packed(scoring.MAX_DEPTH)) == deep(scoring.MAX_DEPTH)
    with pytest.raises(ValueError, match="too deeply nested"):
        scoring.unpack(packed(scoring.MAX_DEPTH + 1))


def test_the_picture_of_a_cell_is_small():
    def shown(size):
        item = type("Item", (), {"data": {"image/png": "x" * size, "text/plain": "x" * 30_000}})
        captured = type("Captured", (), {"stdout": "x" * 30_000, "outputs": [item]})
        return inside.outputs_of(captured, None)

    printed, output = shown(inside.MAX_PICTURE)
    assert len(printed["text"]) == len(output["data"]["text/plain"]) == inside.MAX_TEXT
    assert "image/png" in output["data"] and "image/png" not in shown(inside.MAX_PICTURE + 1)[1]["data"]


# Archives


CAPS = archives.Caps(members=3, total=4 * archives.MB, ratio=100)
ZEROS = bytes(archives.MB)


@pytest.fixture
def small_files(monkeypatch):
    """Files may have 2 MB: the same caps, in less time."""
    monkeypatch.setattr(archives, "MAX_BYTES", 2 * archives.MB)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([(str(number), b"x") for number in range(4)], "holds more than 3 files"),
        ([("x", 5 * ZEROS)], "would unfold to 5 MB, and 4 MB is the limit"),
        ([("x", 3 * ZEROS)], "would unfold to 3 MB, more than 100 times its size"),
    ],
)
def test_an_archive_is_counted_before_it_is_read(members, words, small_files):
    with pytest.raises(archives.ArchiveError, match=words):
        archives.members(zipped(members), CAPS)
    assert len(archives.members(zipped([("x", 2 * ZEROS), ("y", b""), ("z", b"")]), CAPS)) == 3


def test_many_members_are_not_even_listed(monkeypatch):
    data = zipped([(str(number), b"") for number in range(7)])
    monkeypatch.setattr(archives.zipfile, "ZipFile", None)
    with pytest.raises(archives.ArchiveError, match="holds more than 3 files"):
        archives.members(data, CAPS)


def test_members_that_are_not_read_say_why(small_files):
    odd = dated("x", 2027, 4, 1)
    odd.compress_type = zipfile.ZIP_BZIP2
    for data, words in {
        locked(zipped([("x", b"x")])): "is locked with a password",
        zipped([(link("x"), b"/etc/passwd")]): "is a link to a file that was not handed in",
        zipped([(odd, b"x")]): "is packed in a way that is not read here",
        zipped([("x", 3 * os.urandom(archives.MB))]): "has 3 MB, and 2 MB is the limit: clear its outputs",
    }.items():
        (member,) = archives.members(data, archives.STUDENT)
        assert member.problem == words


def test_no_more_is_read_than_a_file_may_have(monkeypatch):
    monkeypatch.setattr(archives, "MAX_BYTES", 5)
    (member,) = archives.members(zipped([("x", b"123456789")]), archives.STUDENT)
    assert member.read() == b"12345"


def test_names_lead_nowhere():
    for name, path in {
        "../../etc/x": "etc/x",
        "/etc/x": "etc/x",
        "a/./b//c": "a/b/c",
        "C:\\x\\..\\y": "x/y",
        "a\\..\\..\\b": "a/b",
    }.items():
        assert archives.name_of(zipfile.ZipInfo(name)) == path
    for name in ("../../x", "a/b", "..", "\0\n", "x" * 300, "<b>"):
        short = collect.safe(name)
        assert short == os.path.basename(short) and short not in ("", ".", "..") and len(short) < 70
        assert not set("/\\\0\n<>") & set(short)


def test_a_link_in_the_inbox_is_not_followed(tmp_path):
    (tmp_path / "x.ipynb").symlink_to("/etc/passwd")
    complaints = []
    assert list(collect.files(tmp_path, complaints)) == [] and "is a link" in complaints[0]


# Notebooks


def notebook(cells, metadata=None):
    return json.dumps({"nbformat": 4, "cells": cells, "metadata": metadata or {}}).encode()


CELL = {"cell_type": "code", "source": "x = 1", "metadata": {}}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b" " * (archives.MAX_BYTES + 1), "20 MB is the limit"),
        (notebook([CELL] * (reading.MAX_CELLS + 1)), "more than 1000 cells"),
        (notebook([CELL], {"x": json.loads(nested(reading.MAX_DEPTH))}), "more parts than a notebook has"),
        (b"{" + b"]" * 99 + b'"cells": [' + b"[" * 99, "more parts than a notebook has"),
        (b"%PDF", "a PDF"),
    ],
)
def test_a_notebook_is_measured_before_it_is_read(data, words):
    with pytest.raises(reading.Unreadable, match=words):
        reading.read(data, FIRST)


def test_a_long_cell_is_cut():
    read = reading.read(notebook([CELL | {"source": "x" * (reading.MAX_SOURCE + 1)}]), FIRST)
    assert len(read.cells[0]["source"]) == reading.MAX_SOURCE and "is too long" in read.notes[0]


def test_an_attached_picture_is_of_a_known_kind_and_small():
    good = picture()
    assert pictures._problem("image/png", good) == ""
    assert "a kind that is not shown" in pictures._problem("image/svg+xml", good)
    assert "more than 8 MB" in pictures._problem("image/png", good + "A" * (12 * 1024**2))
    assert pictures._problem("image/jpeg", good) == pictures._problem("image/png", "?") == "is damaged"


# Tables


def test_a_field_fits_a_cell():
    assert plain.harmless("x" * plain.MOST) == "x" * plain.MOST
    assert plain.harmless("x" * (plain.MOST + 9)).endswith("[9 characters more: see the page]")


@pytest.mark.parametrize("mark", '\n\t;,|"')
def test_a_formula_is_none_wherever_a_field_may_begin(mark):
    assert plain.harmless(f"a{mark}=1") == f"a{mark}'=1"
