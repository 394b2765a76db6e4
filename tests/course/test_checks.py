"""What a search through the checks is worth: a quarter of what it finds, because others judge the rest."""

import json
import re

import nbformat
import numpy as np
import pytest
from classroom import cell_of
from course import copies, inside, jail, marking, master, prove, scoring
from frenkel import _locks, coursework


def graded(source, notebook, listed=None):
    """Return {test: (points, words)} of a submission that went through the jail, and its runs."""
    runs = marking.runs_of(notebook, source, jail.Limits(), listed)
    marking.finish(notebook, runs, source, listed)
    found = {}
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") and not mark.get("solution"):
            found[cell.id] = float(cell.outputs[1].data["text/plain"]), cell.outputs[0].text
    return found, runs


def typed_in(source, case, free="'third'"):
    """Return a submission whose answers are the numbers that a search through the checks has found."""
    notebook = copies.copy(source, solved=False, line="none")
    cell_of(notebook, "student").source = "student = 'ada'"
    for cell in notebook.cells:
        if cell.metadata.nbgrader.solution and cell.cell_type == "code" and cell.id != "student":
            names = re.findall(r"^(\w+) = None", cell.source, re.MULTILINE)
            cell.source = "\n".join(f"{name} = {case.answers.get(name, free)}" for name in names)
    return notebook


def search(checks, question, low, high, sign):
    """Return the value that the checks call right, trying one after the other, and how many were tried."""
    width, value, tries = 1 + 1.9 * checks.questions[question]["tolerance"], low, 0
    while value < high:
        tries += 1
        if checks.diagnose(question, sign * value) == "right.":
            return sign * value, tries
        value *= width
    return None, tries


def test_a_search_finds_an_answer_and_takes_as_many_hashes_as_proven(source, monkeypatch):
    """The attack itself, with cheap hashes: it works, which is why it must not be worth it."""
    monkeypatch.setattr(_locks, "PEPPERS", 1)
    case = source.case_of("ada", listed=True)
    checks = coursework.Assignment(source.name, "ada", source.seal([case], ["ada"]))
    for question in ("dipole", "shift"):
        right = case.answers[question]
        found, tries = search(checks, question, *source.plausible[question], 1 if right > 0 else -1)
        assert found == pytest.approx(right, rel=0.0051)
        assert 10 < tries <= 1.1 * prove.hashes(source)[question]


def test_numbers_that_are_typed_in_earn_a_quarter(source):
    """Every answer right to the last digit: 17 of 18 points are a quarter each, a prediction is one whole."""
    case = source.case_of("ada")
    found, _ = graded(source, typed_in(source, case))
    total = sum(points for points, _ in found.values())
    assert total == pytest.approx(prove.searched_points(source), abs=0.05)
    assert prove.searched_points(source) < 0.3 * 18
    words = found["test-dipole"][1]
    assert words == "dipole: right for your numbers, wrong when they are others. Compute it from `numbers`.\n"


SEARCH = """
def search(question):
    value, tried = 1e-3, 0
    while value < 1e4:
        for sign in (1, -1):
            if "right" in course.diagnose(question, sign * value):
                return sign * value
        value *= 1.01
    return None


dipole = search("dipole")
told = sorted({course.diagnose("dipole", value) for value in (1.0, 87.0, None)})
"""


def test_code_that_searches_in_the_jail_finds_nothing(source):
    notebook = prove.submission(source, "ada", line="none")
    cell_of(notebook, "dipole").source = SEARCH + "print(told)"
    found, runs = graded(source, notebook)
    assert found["test-dipole"] == (0.0, "There is no answer to mark.\n")
    said = next(cell for cell in runs[0].cells if cell["id"] == "dipole")["outputs"][0]["text"]
    assert said.strip() == "['no answer yet.', 'noted.']"


def test_the_other_numbers_are_shown_to_nobody(source):
    """Not in the page's notebook, whatever a submission prints."""
    notebook = prove.submission(source, "ada", line="none")
    cell_of(notebook, "figure").source = "print(numbers, vars(course))"
    _, runs = graded(source, notebook)
    shown = nbformat.writes(notebook)
    own, other = source.case_of("ada").numbers, source.unseen.numbers
    assert json.dumps(own["extinction"]) in shown
    assert json.dumps(other["extinction"]) not in shown and json.dumps(other["peak_eV"]) not in shown
    assert [cell["id"] for cell in runs[1].cells][-1] == "test-shift"


def test_a_listed_student_is_marked_with_numbers_of_the_list(source):
    """Whatever the notebook says: code that computes from `numbers` is right for any id."""
    notebook = prove.submission(source, "adda", line="none")
    found, _ = graded(source, notebook, listed="ada")
    assert sum(points for points, _ in found.values()) == 18
    assert "adda" in notebook.cells[0].source and "its numbers count" in notebook.cells[0].source


def test_the_second_run_ends_where_numbers_no_longer_matter():
    """A project of an hour is not run twice for its four anchors."""
    source = master.read("8-project")
    notebook = prove.submission(source, "ada", line="none")
    asked = []

    def run(job, limits, figures):
        asked.append([cell["id"] for cell in job])
        assert figures == (len(asked) == 1), "the second run's are drawn for nobody"
        return jail.Run([{"id": cell["id"], "outputs": [], "exports": "{}"} for cell in job], None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jail, "run", run)
        marking.runs_of(notebook, source, jail.Limits())
    assert asked[0][-1] == "figure" and asked[1][-1] == "test-anchors"
    asked.clear()
    with pytest.MonkeyPatch.context() as patch:  # one that was ended is not ended twice
        patch.setattr(jail, "run", lambda job, *about: run(job[:3], *about))
        marking.runs_of(notebook, source, jail.Limits())
    assert asked == [["setup", "student", "numbers"]] * 2


# The score of one test


QUESTIONS = {"ds": {"tolerance": 0.01, "hint": "Look at the limit.", "says": ["Half?"]}}
CASES = [
    {"numbers": {"rate": rate}, "answers": {"ds": 2 / rate}, "mistakes": {"ds": {"Half?": 4 / rate}}}
    for rate in (0.5, 0.8)
]
CODE = 'expect("ds", ds)\nrequire(ds > 0, "Is it negative?")'


def judged(*values, code=CODE):
    test = {"code": code, "asked": ["ds"], "values": [json.dumps({"ds": value}) for value in values]}
    return scoring.judge(test, CASES, QUESTIONS)


def test_one_case_counts_a_quarter_and_the_other_the_rest():
    assert judged(4.0, 2.5) == (1.0, ["ds: right."])
    share, words = judged(4.0, 4.0)
    assert share == pytest.approx(0.25 * 1 + 0.75 * 0.5)
    assert words == ["ds: right for your numbers, wrong when they are others. Compute it from `numbers`."]
    assert judged(8.0, 5.0) == (0.5, ["ds: not yet. Half?"])
    assert judged(None, None) == (0.0, ["There is no answer to mark."])
    assert judged(4.0) == (1.0, ["ds: right."])  # a test in which numbers do not matter


def test_what_is_wrong_with_other_numbers_alone_is_said():
    share, words = judged(1.0, -1.0, code='require(ds > 0, "Is it negative?")')
    assert (share, words) == (0.25, ["With other numbers than yours: Is it negative?"])


def test_right_is_the_same_in_copy_and_grade(monkeypatch):
    """Whatever the check calls right earns the point, and the tolerance itself, too."""
    monkeypatch.setattr(_locks, "PEPPERS", 1)
    line = coursework.seal("demo", [{}], [{"ds": 4.0}], {}, tolerances={"ds": 0.01})
    course = coursework.Assignment("demo", "ada", line)
    for step in range(-30, 31):
        value = 4.0 * (1 + step / 2000)
        mine, theirs = course.diagnose("ds", value) == "right.", judged(value)[1] == ["ds: right."]
        assert theirs or not mine
        assert theirs or abs(step) > 19
        assert not theirs or abs(step) < 23


def test_values_are_carried_as_plain_data():
    values = [None, True, 3, 2.5, "word", 1 + 2j, [1, [2.0, "x"]], {"a": 1.0}]
    assert [scoring.unpack(json.loads(json.dumps(inside.portable(value)))) for value in values] == values
    array = np.arange(6.0).reshape(2, 3) * 1j
    assert (scoring.unpack(inside.portable(array)) == array).all()
    for refused in (object(), np.array([object()]), 10**400, np.zeros(10**6), {"f": print}):
        with pytest.raises(ValueError, match=r"too|not an array|cannot"):
            inside.portable(refused)
    assert inside.exports(["a", "b"], {"a": print}) == {}
