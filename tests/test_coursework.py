"""What an assignment says to a student: right, wrong in a usual way, wrong in another way, no answer."""

import base64
import json
import zlib

import numpy as np
import pytest
from frenkel import coursework

VARIANTS = [{"rate": 0.5}, {"rate": 0.8}]
ANSWERS = [{"ds": 4.0, "sign": -3.0, "word": "rises"}, {"ds": 2.5, "sign": -2.0, "word": "rises"}]
MISTAKES = {
    "ds": {"Is the half missing?": [8.0, 5.0], "That is a rate.": [0.5, 0.8]},
    "word": {"That is the clean chain.": ["falls", "falls"]},
}
SEALED = coursework.seal(
    "demo", VARIANTS, ANSWERS, MISTAKES, tolerances={"ds": 0.02}, hints={"ds": "Look at the limit."}
)
STUDENTS = {coursework.variant("demo", str(number), 2): str(number) for number in range(20)}


@pytest.fixture(params=(0, 1))
def course(request):
    return coursework.Assignment("demo", STUDENTS[request.param], SEALED)


@pytest.fixture
def right(course):
    return ANSWERS[VARIANTS.index(course.numbers)]


def test_right_answers_are_right(course, right):
    for question, value in right.items():
        assert course.diagnose(question, value) == "right."
    assert course.diagnose("ds", np.float64(right["ds"])) == "right."
    assert course.diagnose("ds", np.array(right["ds"])) == "right."
    assert course.diagnose("word", " Rises ") == "right."


@pytest.mark.parametrize(("factor", "good"), [(1.0099, True), (0.9902, True), (1.025, False), (0.975, False)])
def test_tolerance(course, right, factor, good):
    """Within half of it always right, beyond it never."""
    assert (course.diagnose("ds", right["ds"] * factor) == "right.") == good


def test_each_usual_mistake_is_told_its_own_words(course):
    which = VARIANTS.index(course.numbers)
    for question, says in MISTAKES.items():
        for words, wrong in says.items():
            assert course.diagnose(question, wrong[which]) == f"not yet. {words}"


@pytest.mark.parametrize(
    ("factor", "words"),
    [(4, "four times too large"), (0.5, "two times too small"), (1e-3, "a thousand times too small")],
)
def test_plain_factors_are_named(course, right, factor, words):
    assert words in course.diagnose("sign", right["sign"] * factor)


def test_a_wrong_sign_is_named(course, right):
    assert course.diagnose("sign", -right["sign"]) == "not yet. Its sign is wrong."


def test_other_wrong_answers_get_the_hint(course, right):
    assert course.diagnose("ds", 1.37 * right["ds"]) == "not yet. Look at the limit."
    assert course.diagnose("word", "stays") == "not yet."


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


def test_a_word_is_asked_for(course):
    assert "choose one of the words" in course.diagnose("word", 3.0)


def test_an_unknown_question_is_refused(course):
    with pytest.raises(ValueError, match="Argument `question` must be one of 'ds', 'sign', 'word'"):
        course.check("dx", 1.0)


def test_check_prints(course, right, capsys):
    course.check("ds", right["ds"])
    assert capsys.readouterr().out == "ds: right.\n"


def test_without_an_id_there_is_an_example(capsys):
    assert coursework.Assignment("demo", " ", SEALED).numbers in VARIANTS
    assert "Write your student id" in capsys.readouterr().out


def test_ids_differ_in_more_than_capitals_and_spaces():
    assert coursework.variant("demo", "AB 12", 97) == coursework.variant("demo", "ab12", 97)
    found = {coursework.variant("demo", f"s{number}", 24) for number in range(300)}
    assert found == set(range(24))


def test_nothing_can_be_read_off():
    content = zlib.decompress(base64.b85decode(SEALED)).decode()
    kept = json.loads(content)["questions"]
    assert set(kept["ds"]) == {"tolerance", "word", "hint", "says", "locks"}
    assert "4.0" not in content and "2.5" not in content and "rises" not in content


def test_answers_that_cannot_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="told apart in variant 0, but is the same for «the right answer"):
        coursework.seal("demo", VARIANTS[:1], [{"ds": 4.0}], {"ds": {"Almost.": [4.02]}})
    with pytest.raises(ValueError, match=r"the same for «One\.» and «Two\.»"):
        coursework.seal("demo", VARIANTS[:1], [{"ds": 4.0}], {"ds": {"One.": [2.0], "Two.": [2.0]}})


@pytest.mark.parametrize("value", [0.0, float("nan"), None])
def test_answers_that_cannot_be_sealed_are_refused(value):
    with pytest.raises(ValueError, match="Argument `answers`"):
        coursework.seal("demo", VARIANTS[:1], [{"ds": value}], {})
