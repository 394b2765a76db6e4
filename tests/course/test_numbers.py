"""Everyone's numbers: drawn from ranges, found again by the grader; and the copies that carry them."""

import base64
import json
import re
from types import SimpleNamespace

import nbformat
import pytest
from classroom import FIRST, cell_of
from course import build, cases, copies, marking, master, rebuild
from frenkel import coursework

IDS = [f"ab{1000 + 37 * number}" for number in range(300)]


def opened(notebook, student):
    """Return the assignment that a copy opens for `student`."""
    line = re.search(r'student, "([^"]+)"', cell_of(notebook, "numbers").source)[1]
    return coursework.Assignment(notebook.metadata["frenkel"]["assignment"], student, line)


# Drawing


def test_numbers_follow_from_the_id_alone(source):
    """The same in every run, version and season; capitals and spaces do not matter."""
    again = master.read(FIRST)
    for student in IDS[:3]:
        case = source.case_of(student, listed=True)
        assert again.case_of(f" {student.upper()} ", listed=True).numbers == case.numbers
    assert source.case_of("ab1000", listed=True).numbers["extinction"] == 13000000.0


def test_a_pick_keeps_to_its_ranges():
    pick = cases.Pick("test")
    values = [pick.between(-0.0213, -0.0195) for _ in range(500)]
    assert min(values) >= -0.0213 and max(values) <= -0.0195
    assert all(value == round(value, 4) for value in values) and len(set(values)) == 19  # three digits
    assert {pick.integer(8, 24, step=2) for _ in range(500)} == set(range(8, 25, 2))
    assert cases.Pick("one").seed() == cases.Pick("one").seed() != cases.Pick("two").seed()


def demo(**about):
    """Return a made-up master with a width that a draw may make equal to its mistake."""
    given = {
        "name": "demo",
        "draw": lambda pick: {"x": pick.integer(1, 5)},
        "answers": lambda n: {"square": float(n["x"] ** 2), "curve": [1.0]},
        "mistakes": {"square": {"This is x.": lambda n, a: float(n["x"])}},
        "plausible": {"square": (0.5, 20)},
        "questions": {"square": {"tolerance": 0.005, "hint": "", "says": ["This is x."]}},
    }
    return SimpleNamespace(**given | about)


def test_draws_that_cannot_be_told_apart_are_drawn_again():
    """1 is its own square, and 25 is not plausible."""
    found = {cases.draw(demo(), f"id {student}").numbers["x"] for student in range(60)}
    assert found == {2, 3, 4}


def test_ranges_without_a_case_are_refused():
    with pytest.raises(cases.NoCase, match="demo: 100 draws gave no case; the last one: Argument `mistakes`"):
        cases.draw(demo(draw=lambda pick: {"x": 1}), "id a")
    with pytest.raises(cases.NoCase, match="square = 25 is not plausible"):
        cases.draw(demo(draw=lambda pick: {"x": 5}), "id a")


def test_what_is_no_question_is_for_hidden_tests():
    assert cases.draw(demo(), "id a").answers["curve"] == [1.0]


# Copies


def test_the_copy_of_a_class_opens_for_each_its_own(source, tmp_path, capsys):
    students = ["ada", "emmy", "lise"]
    (tmp_path / "students.csv").write_text("student\n" + "\n".join(students), "utf-8")
    assert build.hand_out([FIRST], tmp_path) == 3
    shared = nbformat.read(tmp_path / "handout" / f"{FIRST}.ipynb", as_version=4)
    for student in students:
        case = source.case_of(student, listed=True)
        own = nbformat.read(tmp_path / "handout" / FIRST / f"{student}.ipynb", as_version=4)
        for copy in (shared, own):
            course = opened(copy, student)
            assert course.numbers == case.numbers
        assert opened(own, student).diagnose("dipole", case.answers["dipole"]) == "right."
    assert "on the list" not in capsys.readouterr().out
    opened(shared, "adda")
    assert "The id 'adda' is not on the list" in capsys.readouterr().out


def test_nobody_reads_a_neighbors_numbers_off_a_copy(source, tmp_path):
    """Not in any form in one's own file; in the file of the class only with the neighbor's id."""
    (tmp_path / "students.csv").write_text("student\nada\nemmy", "utf-8")
    build.hand_out([FIRST], tmp_path)
    mine, shared = (
        (tmp_path / "handout" / path).read_bytes() for path in (f"{FIRST}/ada.ipynb", f"{FIRST}.ipynb")
    )
    numbers = source.case_of("emmy", listed=True).numbers
    for content in (mine, shared):
        notebook = nbformat.reads(content.decode(), as_version=4)
        line = re.search(r'student, "([^"]+)"', cell_of(notebook, "numbers").source)[1]
        data = content + b"".join(base64.b85decode(part) for part in line.split(" ")[1:])
        assert b"emmy" not in data and json.dumps(numbers)[1:-1].encode() not in data
        for value in (numbers["extinction"], numbers["peak_eV"], numbers["distance_spread_nm"]):
            assert json.dumps(value).encode() not in data
    own = nbformat.reads(mine.decode(), as_version=4)
    assert opened(own, "emmy").numbers == source.case_of("", listed=True).numbers  # the example's


def test_a_class_without_a_list_gets_no_copies_of_its_own(tmp_path):
    assert build.hand_out([FIRST], tmp_path) == 0
    assert not (tmp_path / "handout").exists()


def test_the_copy_for_everyone_has_a_seat_for_every_id(source):
    copy = copies.copy(source, solved=False)
    for student in ("ada", "", "someone else"):
        assert opened(copy, student).numbers == source.case_of(student).numbers
    assert len({str(source.case_of(student).numbers) for student in IDS}) > 0.9 * cases.SEATS


def test_a_line_is_made_once(source, tmp_path, monkeypatch):
    """And again when the key, the library or the list changes."""
    monkeypatch.setattr(master, "LINES", tmp_path)
    line = source.line(["ada"])
    monkeypatch.setattr(type(source), "seal", lambda *about: "made again")
    assert source.line(["ada"]) == line
    assert source.line(["emmy"]) == "made again"


@pytest.mark.parametrize(
    ("installed", "told"), [("0.0.9", True), ("0.1.0", False), ("0.10.0", False), ("0.0.10rc1", True)]
)
def test_the_first_cell_says_that_the_library_is_older(source, installed, told, monkeypatch, capsys):
    import frenkel

    monkeypatch.setattr(copies.frenkel, "__version__", "0.1.0")
    setup = cell_of(copies.copy(source, solved=False, line="none"), "setup").source
    monkeypatch.setattr(frenkel, "__version__", installed)
    exec(setup[setup.index("import frenkel") :], {})
    said = capsys.readouterr().out
    assert (f"made with frenkel 0.1.0; installed here is {installed}, which is older" in said) == told
    assert ("%pip install --upgrade" in said) == told


# The grader's side


@pytest.mark.parametrize(
    ("source_of_cell", "typed"),
    [
        ('student = "ada"', "ada"),
        ("student = 'ada'  # me", "ada"),
        ('student = ""\nstudent = " ada "', "ada"),
        ("student = 12345", "12345"),
        ("# nothing", ""),
        ("student = 'a' if True else 'b'", "a"),
        ("student = None", ""),
        ("student = int('12')", ""),
    ],
)
def test_the_id_is_read_off_its_cell(source_of_cell, typed):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source_of_cell, id="student")])
    assert marking.student_of(notebook) == (typed, typed, False)
    assert marking.student_of(notebook, "Listed") == ("Listed", typed, False)


@pytest.mark.parametrize(
    ("made_for", "listed", "who"),
    [
        (copies.CLASS, "ada", "id ada"),
        (None, "ada", "id ada"),  # the cell had been deleted
        (copies.EVERYONE, "ada", "seat"),  # taken from the site, though there is a list
        (copies.EVERYONE, None, "seat"),
        (None, None, "seat"),
        (copies.CLASS, None, "id "),  # a slip in the id: the copy has shown the example's numbers
    ],
)
def test_marks_go_by_the_numbers_that_the_copy_showed(source, made_for, listed, who):
    copy = copies.copy(source, solved=False, line="none", students=["ada"] if made_for else None)
    cell_of(copy, "student").source = 'student = "ada"'
    copy.metadata["frenkel"]["made_for"] = made_for
    if who == "seat":
        who = f"seat {coursework.variant(FIRST, 'ada', cases.SEATS)}"
    assert marking.case_of(copy, source, listed) is source.case(who)


@pytest.mark.parametrize(
    ("typed", "listed", "group", "made_for", "who"),
    [
        ("emmy", "ada", ["ada", "emmy"], copies.CLASS, "id emmy"),  # the copy of the group mate
        ("eve", "ada", ["ada", "emmy"], copies.CLASS, "id ada"),
        ("471", "0471", ["0471"], copies.CLASS, "id 0471"),
        ("471", "0471", ["0471"], copies.EVERYONE, "seat 471"),  # as the notebook spells it
        ("eve", "ada", ["ada", "emmy"], copies.EVERYONE, "seat ada"),
    ],
)
def test_of_a_group_the_one_counts_whose_id_stands_in_the_notebook(
    source, typed, listed, group, made_for, who
):
    copy = copies.copy(source, solved=False, line="none")
    cell_of(copy, "student").source = f"student = {typed!r}"
    copy.metadata["frenkel"] |= {"made_for": made_for, "group": group}
    if who.startswith("seat "):
        who = f"seat {coursework.variant(FIRST, who.removeprefix('seat '), cases.SEATS)}"
    assert marking.case_of(copy, source, listed) is source.case(who)


@pytest.mark.parametrize(("students", "made_for"), [(None, copies.EVERYONE), (["ada"], copies.CLASS)])
def test_a_submission_says_for_whom_its_copy_was_made(source, students, made_for):
    copy = copies.copy(source, solved=False, students=students, line="x" * 300)
    read = rebuild.read(nbformat.writes(copy).encode(), FIRST)
    assert rebuild.made_for(read.cells) == made_for
    assert rebuild.made_for([cell for cell in read.cells if "numbers" not in cell["names"]]) is None
    plain = copies.copy(source, solved=False, line="y" * 300)
    assert rebuild.rebuild(plain, read)[1] == []  # neither is an edit of the student's


def test_the_jail_gets_numbers_and_no_checks(source):
    """Of one case, whatever the id, so that code in a submission has nothing to search through."""
    copy = copies.copy(source, solved=False, line="none")
    jobs = [rebuild.job_of(copy, source, case) for case in (source.case_of("ada"), source.unseen)]
    assert jobs[0] != jobs[1]
    for job, case in zip(jobs, (source.case_of("ada"), source.unseen), strict=True):
        space = {"coursework": coursework, "student": "emmy"}
        exec(next(cell["source"] for cell in job if cell["id"] == "numbers"), space)
        assert space["numbers"] == case.numbers
        for question, right in case.answers.items():
            assert space["course"].diagnose(question, right) == "noted."


def test_the_other_numbers_are_nobodys(source):
    unseen = source.unseen.numbers
    others = [source.case_of(student, listed=listed) for student in IDS[:50] for listed in (False, True)]
    assert all(unseen != case.numbers for case in others)
