"""Every attack and every clumsy file in one class, graded in one run: honest marks as they should be."""

import re
from types import SimpleNamespace

import clumsy
import clumsy_archives
import nbformat
import pytest
from classroom import FIRST, Class, call, submission
from course import rebuild

# Points that the program gives: dipole 2, coupling 4, predict 2, error 4, units 3, shift 3. An attack in
# the answer `units` costs what the attack prevents: units, or units and what comes after it, shift.
WRITE = "import os\nfor number in range(3, 9):\n    try: os.write(number, {data})\n    except OSError: pass\n"
DEAF = "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"  # for the end of its time
ATTACKS = {
    # name: (what the cell `units` holds, points, what the page says)
    "environ": ("print(open('/proc/1/environ').read())", 15, "FileNotFoundError"),
    "bwrap": ("import os; os.write(2, b'bwrap: x'); os._exit(1)", 12, "Python stopped"),
    "monitor": ("import os; os.write(os.open('/proc/1/fd/2', 1), b'bwrap: x')", 15, "FileNotFoundError"),
    "crash": ("import ctypes; ctypes.string_at(0)", 12, "Python stopped"),
    "closing": ("import os; os.closerange(0, 64)", 12, "Python stopped"),
    "killing": ("import os; os.kill(1, 9); os.kill(-1, 9)", 15, "ProcessLookupError"),
    "stopping": ("import os, signal\nif not os.fork(): os.kill(0, 19)\nos._exit(0)", 12, "Python stopped"),
    "endless": ("while True: pass", 15, "was stopped after 2 seconds"),
    "crowd": (
        "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
        12,
        "stopped at cell units",
    ),
    "hoard": ("hoard = bytearray(8 * 10**9)", 15, "MemoryError"),
    "family": (
        f"{DEAF}import os, time\nfor _ in range(8):\n    if not os.fork():\n"
        "        hoard = bytearray(400 * 2**20)\n        time.sleep(60)\ntime.sleep(60)",
        12,
        "more than 2048 MB of memory",
    ),
    "memfd": ("import os; os.memfd_create('x')", 15, "PermissionError"),
    "shared": ("import mmap; mmap.mmap(-1, 3 * 10**9)", 15, "PermissionError"),
    "socket": ("import socket; socket.socket()", 15, "PermissionError"),
    "flood": (DEAF + "import os\nwhile True:\n    os.write(3, b'x' * 65536)", 12, "32 MB of output"),
    "garbler": (WRITE.format(data="b'{'"), 12, "the code wrote into the report"),
    "deep": (WRITE.format(data="b'[' * 60000 + b'\\n'"), 15, "ran from top to bottom"),
    "forger": (
        WRITE.format(data="""b'{"id": "test-units", "outputs": [], "exports": "{}"}\\n{"done": true}\\n'"""),
        15,
        "ran from top to bottom",
    ),
    "sysctl": ("open('/proc/sys/kernel/core_pattern', 'w')", 15, "FileNotFoundError"),
    "shouting": ("for _ in range(10**4): print('x' * 10000)", 15, "ran from top to bottom"),
    "giant": ("time_fs = [[0.0] * 300] * 300; d_unit = 10**400", 15, "Not found when this test ran"),
}
FILES = {
    # name: (the file, what the page says)
    "many": (b'{"nbformat": 4, "cells": [], "metadata": {"x": [' + b"[]," * 5_000_000 + b"0]}}", "damaged"),
    "nested": (b"[" * 5_000_000, "damaged"),
    "binary": (bytes(range(256)) * 1000, "neither a notebook nor a script"),
    "more/archive": (b"PK\x03\x04 work.zip", "is damaged: it cannot be opened"),
    "large": (b" " * (rebuild.MAX_BYTES + 1), "20 MB is the limit"),
}
HONEST = 4
PATIENCE = 1500  # s, for a hundred submissions on two processors that have other work, too
pytestmark = pytest.mark.timeout(PATIENCE + 60)
STRANGER = "victim_601_9998_603"  # a name that can be read as that of somebody else's file


@pytest.fixture(scope="module")
def handed_in(source):
    """Return [(file, bytes, what is expected of whom)] of everyone who was clumsy."""
    alone = [(file, data, [expected]) for file, data, expected in clumsy.submissions(source)]
    return [*alone, *clumsy_archives.archives(source)]


@pytest.fixture(scope="module")
def expected(handed_in):
    """Return {student: what is expected}; of two archives the later one has the last word."""
    return {each.student: each for _, _, several in handed_in for each in several}


@pytest.fixture(scope="module")
def graded(grader, source, handed_in, tmp_path_factory):
    """All of them in one run, on two processors."""
    group = Class(source, tmp_path_factory.mktemp("class"))
    for number in range(HONEST):
        group.hand_in(f"honest-{number:02}", {"criticize": f"My answer, {number}."})
    for name, (code, _, _) in ATTACKS.items():
        group.hand_in(name, {"units": code})
    (group.inbox / "more").mkdir()
    for name, (data, _) in FILES.items():
        group.hand_in(name, data=data)
    for file, data, _ in handed_in:
        (group.inbox / file).write_bytes(data)
    limits = ["--cell-seconds", "2", "--seconds", "30"]
    running = call(grader, "grade", FIRST, "--class-folder", str(group.folder), "--jobs", "2", *limits)
    try:
        words, complaints = running.communicate(timeout=PATIENCE)
    finally:
        running.kill()
    return SimpleNamespace(group=group, words=words, complaints=complaints, status=running.returncode)


def test_the_run_comes_to_its_end(graded, expected):
    assert (graded.status, graded.complaints) == (0, ""), graded.words
    count = HONEST + len(ATTACKS) + len(FILES) + len(expected) + 1
    assert count > 100 and graded.words.startswith(f"{FIRST}: {count} submissions, {count} to grade")


def test_every_honest_mark_is_as_it_should_be(graded):
    marks = graded.group.marks()
    assert {name: marks[name] for name in marks if name.startswith("honest")} == {
        f"honest-{number:02}": 18 for number in range(HONEST)
    }
    for number in range(HONEST):
        page = graded.group.feedback(f"honest-{number:02}")
        assert f"My answer, {number}." in page and "ran from top to bottom" in page


def test_clumsiness_costs_nothing_and_one_sentence_says_what_happened(graded, expected):
    marks = graded.group.marks()
    assert {name: marks[name] for name in expected} == {name: each.points for name, each in expected.items()}
    for name, each in expected.items():
        page = graded.group.feedback(name)
        assert each.note.replace("`", "") in page, name
        assert each.note or "ran from top to bottom" in page, name
        for words in each.answers.values():
            assert "attachment:" in words or " ".join(words.split()) in page, name


def test_every_attack_costs_the_attacker_alone(graded):
    marks = graded.group.marks()
    expected = {name: points for name, (_, points, _) in ATTACKS.items()}
    expected |= dict.fromkeys((name.removeprefix("more/") for name in FILES), 0)
    assert {name: marks[name] for name in expected} == expected


@pytest.mark.parametrize("name", [*ATTACKS, *FILES])
def test_every_attacker_is_told(graded, name):
    assert (ATTACKS | FILES)[name][-1] in graded.group.feedback(name.removeprefix("more/"))


def test_memory_and_time_are_printed_and_bounded(graded):
    seconds, memory = re.search(r"([\d.]+) s per submission[\s\S]* at most (\d+) MB", graded.words).groups()
    assert 100 < int(memory) < 1500 and float(seconds) > 0


def test_nothing_else_is_touched(graded, expected):
    """Of every student there is one notebook, one run and one page, and what was handed in is as it was."""
    folder = graded.group.folder
    names = {f"honest-{number:02}" for number in range(HONEST)} | set(ATTACKS) | set(expected)
    names |= {name.removeprefix("more/") for name in FILES}
    for kind in ("submitted", "feedback", "autograded"):
        found = {path.name for path in (folder / kind).iterdir()}
        (stranger,) = found - names
        assert stranger.startswith(STRANGER) and names < found
    right = submission(graded.group.source, "honest-00", criticize="My answer, 0.")
    handed = folder / "submitted" / "honest-00" / FIRST / f"{FIRST}.ipynb"
    assert handed.read_text("utf-8") == nbformat.writes(right)
