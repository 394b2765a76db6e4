"""The masters: no two students of a class share their answers, and every answer is told from its mistakes."""

import json
import math
import re
import sys

import nbformat
import pytest
from classroom import complete
from course import cases, copies, master, new, prove

NAMES = master.names()
each_master = pytest.mark.parametrize("name", NAMES)
IDS = [f"ab{1000 + 37 * number}" for number in range(300)]
# Seconds of diagonalizing for each case: fewer students, and all 300 by their numbers.
COSTLY = {"2-spectra": 60, "3-localization": 40, "4-ballistic": 15, "6-enaqt": 8, "8-project": 60}


@pytest.fixture(scope="module")
def masters():
    return {name: master.read(name) for name in NAMES}


@pytest.fixture(scope="module")
def drawn(masters):
    """{name: cases of a class, as many as can be computed}."""
    return {
        name: [source.case_of(student, listed=True) for student in IDS[: COSTLY.get(name, 300)]]
        for name, source in masters.items()
    }


def answers(source, case):
    return tuple(f"{case.answers[question]:.9g}" for question in source.questions)


@each_master
def test_no_two_students_share_an_answer_set(name, masters, drawn):
    found = [answers(masters[name], case) for case in drawn[name]]
    assert len(set(found)) == len(found)


@each_master
def test_three_hundred_students_have_three_hundred_sets_of_numbers(name, masters):
    draw = masters[name].draw
    found = {json.dumps(draw(cases.Pick(f"{name}|id {student}|0"))) for student in IDS}
    assert len(found) == len(IDS)


@each_master
def test_every_answer_varies(name, masters, drawn):
    """From student to student, by more than its tolerance.

    Of 8 draws, all that the dearest master affords, fewer than 4 differ once in 500, given 13 bins.
    """
    for question, spec in masters[name].questions.items():
        values = [case.answers[question] for case in drawn[name]]
        bins = {round(math.log(abs(value)) / (2 * math.log1p(spec["tolerance"]))) for value in values}
        assert len(bins) >= min(6, len(values) // 2), question
    assert prove.shared_answers(masters[name]) == []


@each_master
def test_every_draw_tells_right_from_wrong(name, masters, drawn):
    """And most draws do at once: a key that rejects its draws has the wrong ranges."""
    for case in drawn[name][:60]:
        for question, right in case.answers.items():
            wrong = case.mistakes.get(question, {})
            assert case.checks.diagnose(question, right) == "right."
            for words, value in wrong.items():
                assert case.checks.diagnose(question, value) == f"not yet. {words}"


@each_master
def test_answers_are_plausible(name, masters, drawn):
    source = masters[name]
    assert set(source.plausible) == set(source.questions) == set(source.hints)
    for case in drawn[name]:
        for question, (low, high) in source.plausible.items():
            assert low < abs(case.answers[question]) < high


def test_a_constant_answer_is_found(masters):
    source = masters["1-coupling"]
    constant = master.Master(
        "constant",
        source.cells,
        source.key_at,
        source.key,
        source.draw,
        lambda n: source.answers(n) | {"drop": 0.25},
        {"drop": (0.1, 1.0)},
    )
    assert prove.shared_answers(constant) == ["constant, drop: every student has the same answer"]


@each_master
def test_each_usual_mistake_has_its_own_words(name, masters):
    """In a copy with its hashes."""
    assert prove.wrong_words(masters[name]) == []
    assert sum(len(says) for says in masters[name].mistakes.values()) >= 4
    assert set(masters[name].mistakes) <= set(masters[name].questions)


@each_master
def test_tests_cover_every_question(name, masters):
    """Each question is checked where the student sees it, and marked where the student does not."""
    visible = "\n".join(master.HIDDEN.sub("", cell.source) for cell in masters[name].cells)
    hidden = "\n".join(master.hidden_tests(cell) for cell in masters[name].cells)
    for question in masters[name].questions:
        assert f'course.check("{question}"' in visible
        assert f'expect("{question}"' in hidden


@each_master
def test_what_a_search_finds_is_a_small_share(name, masters):
    """Less than a fifth of all points, free predictions included, and it takes minutes of hashing."""
    source = masters[name]
    assert prove.searched_points(source) < 0.19 * source.points
    assert sum(prove.hashes(source).values()) > 1000
    assert all(count > 40 for count in prove.hashes(source).values())


@each_master
def test_students_are_told_the_rule(name, masters):
    intro = next(cell.source for cell in masters[name].cells if cell.id == "intro")
    assert copies.RULE.split("`numbers`: ")[1] in intro


@each_master
def test_no_solution_types_a_number_that_differs_between_students(name, masters):
    """Solutions read `numbers`; what they compare by itself in the second run is proven by `make prove`."""
    code = "\n".join(cell.source for cell in masters[name].cells if "answer" in cell.metadata.get("tags", []))
    used = set(re.findall(r'numbers\["(\w+)"\]', code + "".join(cell.source for cell in masters[name].cells)))
    assert used == set(masters[name].case("id a").numbers)


# A new one


def test_the_skeleton_is_a_master(tmp_path):
    source = written(tmp_path)
    assert prove.wrong_words(source) == [] and prove.shared_answers(source) == []
    compared = [cell.id for cell in source.cells if source.is_compared(cell.id)]
    assert compared == ["test-number", "test-function"]
    intro = source.cells[0].source
    assert copies.RULE in intro and intro.startswith("# Assignment 9: My title")
    kinds = [(cell.cell_type, *master.tags_of(cell)) for cell in source.cells]
    assert ("markdown", False, 2.0) in kinds and source.points == 6


def test_the_skeleton_earns_its_points(tmp_path):
    """In the jail, with both sets of numbers: the function is judged on times that no copy holds."""
    source = written(tmp_path)
    assert prove.lost_points(source, "ada") == []


def written(folder):
    path = folder / "9-my-title.ipynb"
    path.write_text(nbformat.writes(new.notebook(path.stem)), "utf-8")
    return master.read(path.stem, folder)


@pytest.mark.parametrize("name", ["title", "9_title", "9-Title", "../9-title", ""])
def test_a_name_that_is_none_is_refused(name, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["new", name])
    with pytest.raises(SystemExit, match="Name the assignment with its number and small letters"):
        new.main()


def test_nothing_is_written_over(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["new", NAMES[0]])
    with pytest.raises(SystemExit, match="is there already"):
        new.main()


def test_what_depends_on_numbers_is_found():
    """By what hidden tests name: `expect`, `answers` or `numbers`."""
    cells = [
        nbformat.v4.new_code_cell(f"### BEGIN HIDDEN TESTS\n{code}\n### END HIDDEN TESTS\n", id=name)
        for name, code in {
            "a": 'expect("ds", ds)',
            "b": 'require(near(x, answers["y"]), "No.")',
            "c": 'require(near(x, numbers["y"]), "No.")',
            "d": 'require(x > 0, "No.")',
        }.items()
    ]
    source = master.Master("demo", cells, 0, "", None, None, {})
    assert [source.is_compared(name) for name in "abcd"] == [True, True, True, False]
    assert not source.is_compared("e")


def test_masters_are_proven(grader):
    """Every master's own solution earns full marks, for two students and with other numbers."""
    status, words, complaints = complete("prove")
    assert status == 0, complaints
    assert [line.split(";")[0] for line in words.splitlines()] == [f"{name}: proven" for name in NAMES]
