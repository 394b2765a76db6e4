"""What an assignment says to a student: right, wrong in a usual way, wrong in another way, no answer.

And what its line of text gives away, to the student whose it is and to a neighbor.
"""

import base64
import json
import math
import time
import zlib
from unittest import mock

import numpy as np
import pytest
from frenkel import _locks, coursework

NUMBERS = [{"rate": 0.5}, {"rate": 0.8}]
ANSWERS = [{"ds": 4.0, "sign": -3.0}, {"ds": 2.5, "sign": -2.0}]
MISTAKES = {"ds": {"Is the half missing?": [8.0, 5.0], "That is a rate.": [0.5, 0.8]}}
TOLD = {"tolerances": {"ds": 0.02}, "hints": {"ds": "Look at the limit."}, "secret": b"of this test"}
STUDENTS = {coursework.variant("demo", str(number), 2): str(number) for number in range(20)}
with mock.patch.object(_locks, "PEPPERS", 8):  # what is said does not depend on what it costs
    SEALED = coursework.seal("demo", NUMBERS, ANSWERS, MISTAKES, **TOLD)
    CLASS = coursework.seal("demo", NUMBERS, ANSWERS, MISTAKES, students=["", "Ada 1"], **TOLD)


@pytest.fixture(params=(0, 1))
def course(request):
    return coursework.Assignment("demo", STUDENTS[request.param], SEALED)


@pytest.fixture
def right(course):
    return ANSWERS[NUMBERS.index(course.numbers)]


def test_right_answers_are_right(course, right):
    for question, value in right.items():
        assert course.diagnose(question, value) == "right."
    assert course.diagnose("ds", np.float64(right["ds"])) == "right."
    assert course.diagnose("ds", np.array(right["ds"])) == "right."


@pytest.mark.parametrize(("factor", "good"), [(1.018, True), (0.983, True), (1.023, False), (0.977, False)])
def test_tolerance(course, right, factor, good):
    """The bin is as wide as the tolerance to both sides, to an eighth of it."""
    assert (course.diagnose("ds", right["ds"] * factor) == "right.") == good


def test_each_usual_mistake_is_told_its_own_words(course):
    which = NUMBERS.index(course.numbers)
    for question, says in MISTAKES.items():
        for words, wrong in says.items():
            assert course.diagnose(question, wrong[which]) == f"not yet. {words}"


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (4, "four times too large"),
        (0.5, "two times too small"),
        (2 * math.pi, "2π times too large"),
        (1e-3, f"a thousand times too small. {coursework.UNITS}"),
        (1e6, f"a million times too large. {coursework.UNITS}"),
    ],
)
@pytest.mark.parametrize("near", [1.0, 1.0024, 0.9976])
def test_plain_factors_are_named(course, right, factor, words, near):
    assert words in course.diagnose("sign", right["sign"] * factor * near)


def test_a_wrong_sign_is_named(course, right):
    assert course.diagnose("sign", -right["sign"]) == "not yet. Its sign is wrong."


def test_other_wrong_answers_get_the_hint(course, right):
    assert course.diagnose("ds", 1.37 * right["ds"]) == "not yet. Look at the limit."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "no answer yet"),
        ("4", "this is a str; one number"),
        ([1, 2, 3], "this is a list or array of 3; one number"),
        (np.ones((2, 2)), "a list or array of 4"),
        (np.ones(1), "a list or array of 1"),
        (True, "this is a bool"),
        (lambda t: t, "this is a function"),
        (1j, "complex"),
        (np.complex128(1j), "complex"),
        (float("nan"), "not a finite number"),
        (-np.inf, "not a finite number"),
        (0, "Zero is not the answer"),
    ],
)
def test_what_is_no_number_is_told_so(course, value, words):
    assert words in course.diagnose("ds", value)


def test_an_unknown_question_is_refused(course):
    with pytest.raises(ValueError, match="Argument `question` must be one of 'ds', 'sign'"):
        course.check("dx", 1.0)


def test_check_prints(course, right, capsys):
    course.check("ds", right["ds"])
    assert capsys.readouterr().out == "ds: right.\n"


def test_without_an_id_there_is_an_example(capsys):
    assert coursework.Assignment("demo", " ", SEALED).numbers in NUMBERS
    assert "Write your student id" in capsys.readouterr().out


def test_ids_differ_in_more_than_capitals_and_spaces():
    assert coursework.variant("demo", "AB 12", 97) == coursework.variant("demo", "ab12", 97)
    found = {coursework.variant("demo", f"s{number}", 24) for number in range(300)}
    assert found == set(range(24))


def test_a_class_knows_its_students(capsys):
    """A listed id has its own numbers, without regard to capitals and spaces; another one is told so."""
    assert coursework.Assignment("demo", "ada1", CLASS).numbers == NUMBERS[1]
    assert capsys.readouterr().out == ""
    stranger = coursework.Assignment("demo", "ada2", CLASS)
    assert "'ada2' is not on the list of this class" in capsys.readouterr().out
    assert stranger.numbers == NUMBERS[0]
    assert stranger.diagnose("ds", ANSWERS[0]["ds"]) == "right."


def test_the_line_of_another_assignment_is_refused():
    with pytest.raises(ValueError, match="Argument `sealed` must be made for the assignment 'other'"):
        coursework.Assignment("other", "ada1", SEALED)


# What can be read off, and what it costs to search


def contents(sealed):
    """Return everything that the line says to who has no id: its head and the bytes of its records."""
    head, *records = (base64.b85decode(part) for part in sealed.split(" "))
    return zlib.decompress(head).decode(), b"".join(records)


@pytest.mark.parametrize("sealed", [SEALED, CLASS])
def test_nothing_can_be_read_off(sealed):
    """Neither answers nor anyone's numbers: the head holds words, the records are encrypted."""
    head, records = contents(sealed)
    assert set(json.loads(head)["questions"]["ds"]) == {"tolerance", "hint", "says"}
    for secret in ("4.0", "2.5", "0.5", "0.8", '"rate"', "ada"):
        assert secret not in head and secret.encode() not in records.lower()


def test_one_students_record_says_nothing_of_anothers():
    """What Ada opens is her own: with it in hand, the other record stays as it is."""
    alone = coursework.seal("demo", NUMBERS[1:], ANSWERS[1:], {}, students=["Ada 1"], **TOLD)
    ada = coursework.Assignment("demo", "ada1", alone)
    assert str(NUMBERS[0]["rate"]) not in str(vars(ada))
    assert len(alone.split(" ")) == 2  # the head and the record


def test_a_try_costs_a_thousand_long_hashes(monkeypatch):
    """And an untouched question none."""
    line = coursework.seal("demo", NUMBERS, ANSWERS, MISTAKES, **TOLD)
    course, made = coursework.Assignment("demo", "ada", line), []
    monkeypatch.setattr(_locks, "digest", lambda *about: made.append(about) or bytes(37))
    course.diagnose("ds", None)
    course.diagnose("ds", "four")
    assert made == []
    course.diagnose("ds", 1.2345)
    assert len(made) == _locks.PEPPERS >= 1024
    assert len(_locks.BLOCK) * _locks.PEPPERS >= 64 * 2**20


def test_the_pepper_follows_from_the_secret():
    """Who does not know it has to try them all; who seals with another one writes another line."""
    lines = [
        coursework.seal("demo", NUMBERS, ANSWERS, MISTAKES, **TOLD | {"secret": secret}).split(" ")
        for secret in (b"one", b"one", b"another")
    ]
    assert lines[0] == lines[1]
    assert lines[0][0] == lines[2][0] and lines[0][1:] != lines[2][1:]


def test_the_order_of_locks_says_nothing(course):
    for locks in course._locks.values():
        assert list(locks) == sorted(locks)


def test_without_answers_there_is_nothing_to_search():
    """What the grader's jail gets: numbers for any id, no locks, no wait."""
    line = coursework.seal("demo", NUMBERS[:1], [{"ds": None, "sign": None}], {})
    course = coursework.Assignment("demo", "anyone", line)
    assert course.numbers == NUMBERS[0]
    assert course.diagnose("ds", ANSWERS[0]["ds"]) == course.diagnose("ds", 1.0) == "noted."
    assert course.diagnose("ds", None) == "no answer yet."
    assert course._locks == {}


def test_tries_are_limited(course, monkeypatch, capsys):
    """Five wrong answers are free; then each new one waits longer. What was asked before costs nothing."""
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    asked = []
    monkeypatch.setattr(course, "find", lambda question, value: asked.append(value))

    def ask(value):
        course.check("ds", value)
        return capsys.readouterr().out

    for value in (101.0, 102.0, 103.0, 104.0, 105.0):
        assert "not yet" in ask(value)
    assert "not looked at, after 5 wrong answers. Ask again in 10 s" in ask(106.0)
    assert ask(103.0) == "ds: not yet. Look at the limit.\n" and len(asked) == 5
    clock[0] += 10.5
    assert "not yet" in ask(106.0)
    assert "in 20 s" in ask(107.0) and len(asked) == 6
    course.check("sign", 1.0)
    assert "not yet" in capsys.readouterr().out  # another question has its own count
    for _ in range(20):
        clock[0] += 301.0
        ask(clock[0])
    assert "in 300 s" in ask(1.0)


def test_answers_that_cannot_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="told apart, but is the same for the right answer and mistake 1"):
        coursework.seal("demo", NUMBERS[:1], [{"ds": 4.0}], {"ds": {"Almost.": [4.01]}})
    with pytest.raises(ValueError, match="the same for mistake 1 and mistake 2"):
        coursework.seal("demo", NUMBERS[:1], [{"ds": 4.0}], {"ds": {"One.": [2.0], "Two.": [2.0]}})


@pytest.mark.parametrize("value", [0.0, float("nan"), "four"])
def test_answers_that_cannot_be_sealed_are_refused(value):
    with pytest.raises(ValueError, match="Argument `answers`"):
        coursework.seal("demo", NUMBERS[:1], [{"ds": value}], {})
