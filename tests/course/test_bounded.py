"""The grader itself, bounded: what leaves the jail or comes in a file costs its own submission alone."""

import dataclasses
import json
import os
import re
import subprocess
import sys
import time
import tracemalloc

import nbformat
import numpy as np
import psutil
import pytest
from classroom import FIRST, Class, call
from course import guard, inside, jail, marking, master, reading, rebuild, report, scoring, worker

MB = 1024**2


def peak_of(function, *arguments):
    """Return (what it returns or raises, the most memory it took meanwhile in MB)."""
    tracemalloc.start()
    try:
        result = function(*arguments)
    except Exception as problem:
        result = problem
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return result, peak / MB


# Reports


def record(outputs=(), exports="{}", name="a"):
    return json.dumps({"id": name, "outputs": list(outputs), "exports": exports}).encode()


FLOODS = {
    "many lists": b'{"id": "a", "exports": "{}", "outputs": [' + b"[]," * (5 * MB) + b"[]]}\n",
    "many dictionaries": b'{"id": "a", "exports": "{}", "outputs": ' + b'[{"":{}},' * MB + b"\n",
    "deep": b'{"id": "a", "exports": "{}", "outputs": ' + b"[" * 90_000 + b"]" * 90_000 + b"}\n",
    "one line": b"x" * (60 * MB),
    "many lines": b'{"id": 0}\n' * 300_000,
    "many records": (record() + b"\n") * 200_000,
    "records of the next cells": b"".join(record(name=f"c{i}") + b"\n" for i in range(100_000)),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_of_reports_is_read_in_bounded_memory(kind):
    flood = FLOODS[kind]
    records = report.Records([{"id": "a"}, *({"id": f"c{i}"} for i in range(20))])

    def read():
        for line in report.lines(flood[place : place + 65536] for place in range(0, len(flood), 65536)):
            records.take(line)

    _, peak = peak_of(read)
    assert peak < 40, "MB, of which the longest line may be 16"
    assert len(records.found) <= 21


def test_records_are_text_pictures_and_values_that_nobody_has_opened():
    head, rest = "iVBORw0KGgoAAAANSUhEUg", "gAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    picture, large = f"{head}AAAAEAAAABCAYAAA{rest[1:]}", f"{head}D//////////wgGAAA{rest[1:]}"
    show = [
        {"output_type": "stream", "text": "\ud800" + "x" * 10**6},
        {"output_type": "display_data", "data": {"image/png": picture, "text/html": "<script>"}},
        *(
            {"output_type": "display_data", "data": {"image/png": bad}}
            for bad in (large, "PHN2Zz4=" * 20, 3, [picture])
        ),
        {"output_type": "error", "ename": [["x"]], "evalue": {"x": 1}, "traceback": ["a", 1, "b"]},
        {"output_type": "execute_result", "data": {"text/html": "<script>"}},
        "x",
    ]
    records = report.Records([{"id": "a"}])
    assert records.take(record(show * 20, "{[}"))
    (kept,) = records.found
    assert kept["exports"] == "{[}" and len(kept["outputs"]) <= report.MAX_OUTPUTS
    assert kept["outputs"][0]["text"] == "?" + "x" * (inside.MAX_TEXT - 1), "text that UTF-8 can write"
    shown = [output["data"] for output in kept["outputs"] if output["output_type"] == "display_data"]
    assert [data.get("image/png") for data in shown[:5]] == [picture, None, None, None, None]
    assert "script" not in json.dumps(kept)


@pytest.mark.usefixtures("in_jail")
def test_forged_values_are_not_opened_by_the_grader():
    source = source_of({"good": 'expect("answer", answer)'})
    for values in ("[" * 10**6, '{"answer": ' + "[" * 10**5, "{}" * 9, '{"answer": {"x": 1}}', '["answer"]'):
        (found, peak) = peak_of(scores_of, values, source)
        assert found["good"] == (0.0, ["There is no answer to mark."]) or found["good"][1][0].startswith(
            "Not found when this test ran"
        )
        assert peak < 20


@pytest.mark.usefixtures("in_jail")
def test_a_forged_record_says_nothing_in_the_terminal():
    source = master.read(FIRST)
    error = {"output_type": "error", "ename": "CellTimeout", "evalue": "\x1b[2J", "traceback": [""]}
    notebook = master.copy(source, solved=False)
    run = jail.Run([{"id": "units", "outputs": [error], "exports": "{}"}])
    marking.finish(notebook, (run, jail.Run([])), source)
    assert "\x1b" not in " ".join(notebook.metadata["frenkel"]["notes"])


# Files


@pytest.mark.parametrize("filling", [b"[],", b'{"":0},', b"0,", b'"",'])
def test_a_file_of_twenty_megabytes_is_read_in_bounded_memory(filling, monkeypatch):
    monkeypatch.setattr(reading, "MAX_PARTS", 100_000)  # a tenth: tracing makes it slow
    data = b'{"nbformat": 4, "cells": [], "metadata": {"x": [' + filling * (19 * MB // len(filling)) + b"0]}}"
    problem, peak = peak_of(rebuild.read, data, FIRST)
    assert isinstance(problem, rebuild.Unreadable) and "damaged" in str(problem)
    assert peak < 40


def test_half_a_character_in_a_file_is_no_trouble():
    cell = {"cell_type": "markdown", "source": "\ud800 = 1", "metadata": {}}
    data = json.dumps({"nbformat": 4, "cells": [cell], "metadata": {}}).encode()
    assert rebuild.read(data, FIRST).cells[0]["source"] == "? = 1"


# Hidden tests


def scores(exports, source):
    """Return what the hidden tests of `source` say to values as the jail exports them."""
    return scores_of(json.dumps(inside.exports(list(exports), exports)), source)


def scores_of(packed, source):
    names = [cell.id for cell in source.cells if master.hidden_tests(cell)]
    run = jail.Run([{"id": name, "outputs": [], "exports": packed} for name in names])
    return marking.scores_of(nbformat.v4.new_notebook(), (run, run), source)


def source_of(tests):
    """Return a master with hidden tests, {cell: code}."""
    cells = [
        nbformat.v4.new_code_cell(f"### BEGIN HIDDEN TESTS\n{code}\n### END HIDDEN TESTS\n", id=name)
        for name, code in tests.items()
    ]
    key = {"draw": lambda pick: {"n": 1.0}, "answers": lambda numbers: {"answer": 2.0}}
    return master.Master("9-x", cells, 0, "", **key, plausible={"answer": (1.0, 3.0)})


@pytest.mark.usefixtures("in_jail")
def test_an_answer_that_fills_the_memory_costs_its_test():
    """A list where a table was asked for, of which `np.diag` makes a table of its square: 1 GB and more."""
    source = source_of({"large": 'require(np.diag(H, 1).any(), "")\nexpect("answer", answer)'})
    found = scores({"H": np.ones(11_000), "answer": 2.0}, source)
    words = ["An answer is so large that the test ran out of memory.", "answer: right."]
    assert found["large"] == (0.5, words)


@pytest.mark.usefixtures("in_jail")
def test_the_masters_look_at_the_shape_first():
    found = scores({"H": np.ones(11_000), "center": 1.0, "participation": 1.0}, master.read("2-spectra"))
    share, words = found["test-large"]
    asked = "An answer could not be read: the shape (200, 200) was asked for, this has the shape (11000,)."
    assert share == 0 and words.count(asked) == 2


@pytest.mark.usefixtures("in_jail")
def test_what_a_test_cannot_finish_costs_its_points_alone(monkeypatch):
    monkeypatch.setattr(jail, "GRACE", 1.0)
    source = source_of(
        {
            "good": 'expect("answer", answer)',
            "endless": 'while x: pass\nrequire(True, "")',
            "crash": "import ctypes\nx and ctypes.string_at(0)",
            "shape": 'require(shaped(a, 2, 3).sum(), "")\nrequire(shaped(a, 4, None).sum() == 20, "")',
            "last": 'expect("answer", answer)',
        }
    )
    found = scores({"answer": 2.0, "x": 1.0, "a": [[1] * 5] * 4}, source)
    assert {name: share for name, (share, _) in found.items()} == {
        "good": 1.0,
        "endless": 0.0,
        "crash": 0.0,
        "shape": 0.5,
        "last": 1.0,
    }
    assert "could not be finished: it ran longer than 5 seconds" in found["endless"][1][0]
    assert "could not be finished: it crashed Python" in found["crash"][1][0]
    assert "the shape (2, 3) was asked for, this has the shape (4, 5)." in found["shape"][1][0]


@pytest.mark.parametrize("value", [[[1, 2], [3]], "word", [["a"]], {"a": 1}, None, 3.0])
def test_shapes_are_checked_before_work(value):
    with pytest.raises(scoring.Misshapen, match=r"asked for|different lengths"):
        scoring.shaped(value, 2, 2)


@pytest.mark.usefixtures("in_jail")
def test_tests_without_an_end_take_a_minute_together(monkeypatch):
    monkeypatch.setattr(marking, "BOUNDS", dataclasses.replace(marking.BOUNDS, seconds=8, cell_seconds=4.0))
    source = source_of(dict.fromkeys(("one", "two", "three", "four"), "while x: pass"))
    found = scores({"x": 1.0}, source)
    assert [share for share, _ in found.values()] == [0.0] * 4
    assert found["four"][1] == ["The tests before this one took all the time."]


# The grader's own processes


class Tasks:
    def right(self, value):
        return value + 1

    def late(self):
        time.sleep(60)

    def endless(self):
        while True:
            pass

    def hungry(self):
        return len(bytearray(8 * 1024**3))

    def dying(self):
        os._exit(3)

    def wrong(self):
        raise ValueError("no such answer")

    def jailless(self):
        raise jail.JailMissing("none")

    def slot(self):
        with guard._slot() as number:
            return number


def test_a_task_of_the_grader_costs_itself_alone():
    said = {}
    with worker.Crew(Tasks(), 2) as crew:
        one, other = crew.workers
        other.begin("late", seconds=100)
        for task in ("late", "endless", "hungry", "dying", "wrong", "jailless"):
            one.begin(task, seconds=2 if task == "endless" else 30, patience=2 if task == "late" else 100)
            assert crew.wait() == [one]
            with pytest.raises((worker.Failed, jail.JailMissing)) as caught:
                one.answer()
            said[task] = str(caught.value)
            one.begin("right", 1, seconds=30)
            assert crew.wait() == [one] and one.answer() == 2
        processes = [one.process, other.process]
        assert crew.peak > 50 * MB
    assert not any(process.is_alive() for process in processes)
    assert said == {
        "late": "it took too long",
        "endless": "it took too long",
        "hungry": "it took too much memory",
        "dying": "the grader's process died",
        "wrong": "ValueError: no such answer",
        "jailless": "none",
    }


def test_each_worker_starts_jails_of_its_own():
    """Under other users and on other processors than its colleagues'."""
    with worker.Crew(Tasks(), 3) as crew:
        for each in crew.workers:
            each.begin("slot", seconds=30)
        while busy := [each for each in crew.workers if each.task]:
            ready = crew.wait()
            assert set(ready) <= set(busy)
            assert [each.answer() for each in ready] == [each.place for each in ready]


def test_workers_die_with_the_grader():
    script = f"""
import sys, time
sys.path[:0] = {sys.path!r}
from course import worker
class Tasks:
    def late(self): time.sleep(60)
crew = worker.Crew(Tasks(), 1)
(one,) = crew.workers
one.begin("late", seconds=30)
print(one.process.pid, flush=True)
crew.wait()
"""
    grader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    its = psutil.Process(int(grader.stdout.readline()))
    time.sleep(0.5)
    grader.kill()
    left = psutil.wait_procs([its], timeout=5)[1]
    for process in left:
        process.kill()  # it would keep the pipe open
    grader.communicate()
    assert not left


ROUND_AND_ROUND = """
import sys
from course import grade, worker

class Slow(grade.Grading):
    def mark(self, student, plain=False):
        if student == "slow" and not plain:
            while True: pass
        return super().mark(student, plain)

grade.MARK_SECONDS = 10
grade.Grading = Slow
sys.argv[1:] = {arguments}
grade.main()
"""


def test_a_text_that_makes_no_page_is_shown_as_it_was_typed(grader, tmp_path):
    """Here its page is never done; such a text is a hundred thousand brackets."""
    group = Class(master.read(FIRST), tmp_path)
    group.hand_in("slow", {"criticize": "[" * 1000 + " Where is my *page*?"})
    group.hand_in("right")
    script = ROUND_AND_ROUND.format(arguments=[FIRST, "--class-folder", str(tmp_path), "--jobs", "1"])
    running = call(grader, "grade", code=script)
    words, complaints = running.communicate(timeout=300)
    assert (running.returncode, complaints) == (0, ""), words
    assert group.marks() == {"slow": 18, "right": 18}
    assert "slow: 18 of 29 Its texts could not be made into a page" in words
    assert "Where is my *page*?" in group.feedback("slow")
    assert re.search(r"The grader took at most \d+ MB of memory", words)
