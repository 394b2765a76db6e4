"""The report of passages in common: what two students share is found, what everyone shares is not."""

import json
import random
import re
import time
from types import SimpleNamespace

import nbformat
import pytest
from classroom import FIRST, complete, submission
from course import build, master, neighbors, similar

ESSAY = "The ratio of two samples stays the same since the factor cancels, whereas the number of states that "
ESSAY += "take part in an eigenstate follows from the disorder over the coupling and therefore changes by an "
ESSAY += "order of magnitude."
OTHERS = (
    "Only dimensionless curves survive a change of the convention; absolute times do not survive it at all."
)
CODE = """
def sampled_ratio(count, seed=17):
    generator = np.random.default_rng(seed)
    values = []
    for trial in range(count):
        shifted = numbers["distance_nm"] + generator.normal(0.0, 1.1)
        if shifted > 2.5:
            values.append((numbers["distance_nm"] / shifted) ** 3)
    return sum(values) / len(values)
"""
NAMES = r"\b(sampled_ratio|count|seed|generator|values|trial|shifted)\b"
RENAMED = re.sub(NAMES, lambda word: f"my_{word[0][::-1]}", CODE)


@pytest.fixture(scope="module")
def given(source):
    return [similar.read(master.copy(source, solved=solved).cells) for solved in (False, True)]


def text_of(*cells):
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return similar.read([make[kind](source) for kind, source in cells])


def words(text):
    return text_of(("markdown", text))


def test_words_in_common_are_found_in_other_surroundings(given):
    texts = {"ada": words(f"I think so. {ESSAY} It is clear."), "emmy": words(f"**{ESSAY.upper()}**")}
    texts["lise"] = words(OTHERS)
    (pair,) = similar.pairs(texts, given)
    assert {pair.one, pair.other} == {"ada", "emmy"} and pair.share["words"] == 1.0
    (passage,) = similar.passages(texts["ada"], texts["emmy"], given, "words")
    assert passage == ESSAY.rstrip(".")


def test_code_in_common_is_found_under_other_names(given):
    texts = {"ada": CODE, "emmy": RENAMED, "lise": "x = 1"}
    texts = {student: text_of(("code", code)) for student, code in texts.items()}
    (pair,) = similar.pairs(texts, given)
    assert {pair.one, pair.other} == {"ada", "emmy"}
    assert pair.share["form"] == 1.0 and pair.share.get("code", 0) < 0.2


def test_comments_count_as_words(given):
    texts = {"ada": text_of(("code", f"x = 1  # {ESSAY}")), "emmy": words(ESSAY)}
    assert len(similar.pairs(texts, given)) == 1


def test_what_was_handed_out_or_is_in_the_solutions_says_nothing(source, given):
    blank, solved = (master.copy(source, solved=choice).cells for choice in (False, True))
    both = [cell for cell in [*blank, *solved] if cell.metadata.nbgrader.solution]
    assert len(both) > 10
    assert similar.pairs({"ada": similar.read(both), "emmy": similar.read(both)}, given) == []


def test_what_the_class_shares_says_nothing(given):
    everyone = {f"student-{number}": words(f"{ESSAY} {number}") for number in range(30)}
    assert similar.pairs(everyone, given) == []
    four = {name: words(ESSAY) for name in ("ada", "emmy", "lise", "hedy")}
    assert len(similar.pairs(four | {f"s{number}": words(OTHERS) for number in range(26)}, given)) == 6


def test_the_same_picture_is_said(given):
    one = nbformat.v4.new_markdown_cell("![x](attachment:a)", attachments={"a": {"image/png": "AAAA"}})
    other = nbformat.v4.new_markdown_cell("![y](attachment:b)", attachments={"b": {"image/png": "AAAA"}})
    (pair,) = similar.pairs({"ada": similar.read([one]), "emmy": similar.read([other])}, given)
    assert pair.pictures == 1


@pytest.mark.timeout(120)
def test_a_class_of_300_takes_seconds(given):
    """Three hundred students with 900 words and 900 tokens of code each; two of them share a paragraph."""
    rng = random.Random(3)
    vocabulary = [f"word{number}" for number in range(3000)]
    texts = {}
    for number in range(300):
        essay = " ".join(rng.choices(vocabulary, k=900))
        lines = ((*rng.choices(vocabulary, k=2), rng.random()) for _ in range(180))
        code = "\n".join(f"{name} = {other} + {value}" for name, other, value in lines)
        essay += f" {ESSAY}" * (number in (7, 211))
        texts[f"s{number}"] = text_of(("markdown", essay), ("code", code))
    started = time.monotonic()
    best = similar.pairs(texts, given)[0]
    assert {best.one, best.other} == {"s7", "s211"}
    assert time.monotonic() - started < 60


# Numbers of a neighbor


def two_with_other_numbers(source):
    names = [f"student-{number}" for number in range(100)]
    numbers = {name: source.case_of(name).numbers for name in names}
    mine = set(list(numbers[names[0]].values())[:2])
    return names[0], next(name for name in names if not mine & set(numbers[name].values()))


def prepared(folder, student, notebook, exports):
    """Write what grading leaves behind of a submission."""
    build.write(notebook, folder / "prepared" / student / FIRST / f"{FIRST}.ipynb")
    for path, data in (
        (
            folder / "runs" / FIRST / f"{student}.json",
            {"cells": [{"exports": json.dumps(exports)}], "ended": None},
        ),
        (folder / "marks" / FIRST / f"{student}.json", {"student": student, "notes": []}),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data), "utf-8")


@pytest.fixture
def folder(tmp_path, source):
    """A class of three: one typed a neighbor's numbers, one has the neighbor's results, one is honest."""
    student, other = two_with_other_numbers(source)
    given, right = source.case_of(other).numbers, source.case_of(other).answers
    mine = source.case_of(student).answers
    typed = f"dipole = np.sqrt(9.186e-3 * 1.875 * {given['extinction']} * {given['linewidth_meV']} / 2526)"
    prepared(tmp_path, student, submission(source, student, dipole=typed, criticize=ESSAY), dict(mine))
    prepared(tmp_path, other, submission(source, other, criticize=ESSAY), dict(right))
    third = next(f"t-{n}" for n in range(99) if source.case_of(f"t-{n}").numbers != given)
    copied = {key: round(right[key], 6) for key in ("dipole", "coupling_si", "shift")}
    theirs = source.case_of(third).answers
    prepared(tmp_path, third, submission(source, third, criticize=OTHERS), theirs | copied)
    tmp_path.joinpath("honest").write_text(other)
    return tmp_path


def test_a_neighbors_numbers_are_a_hint(folder, source):
    handed_in = similar.submissions(folder, FIRST).items()
    codes = {name: similar.read(cells).source["code"] for name, cells in handed_in}
    found = {hint.student: hint for hint in neighbors.hints(source, folder, codes)}
    honest = (folder / "honest").read_text()
    assert honest not in found and len(found) == 2
    for hint in found.values():
        assert honest in hint.others and len(hint.numbers) >= 2


def test_own_numbers_are_no_hint_even_if_a_neighbor_has_them_too(source, tmp_path, monkeypatch):
    given = {
        "ada": {"a": 12.37, "b": 45.61},
        "emmy": {"a": 12.37, "b": 45.61},
        "lise": {"a": 1.111, "b": 2.222},
    }
    drawn = {student: SimpleNamespace(numbers=numbers, answers={}) for student, numbers in given.items()}
    monkeypatch.setattr(neighbors, "cases", lambda source, folder, students: drawn)
    codes = {"ada": "x = 12.37 * 45.61", "emmy": "", "lise": "x = 12.37 * 3"}
    assert neighbors.hints(source, tmp_path, codes) == []
    (hint,) = neighbors.hints(source, tmp_path, codes | {"lise": codes["ada"]})
    assert (hint.student, hint.others) == ("lise", ["ada", "emmy"])


def test_the_report_is_a_page_that_accuses_no_one(folder, browser):
    status, said, complaints = complete("similar", FIRST, "--class-folder", folder)
    assert (status, complaints) == (0, "") and "1 pairs with passages in common, 2 hints" in said
    path = folder / "similar" / f"{FIRST}.html"
    text = path.read_text("utf-8")
    assert "What it does not show." in text and "The ratio of two samples" in text
    assert not re.search(r"plagiar|cheat|copied from|guilty|suspect|fraud", text, re.IGNORECASE)
    assert "<script" not in text and "default-src 'none'" in text
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_a_report_without_submissions_and_without_an_assignment(tmp_path):
    status, said, _ = complete("similar", FIRST, "--class-folder", tmp_path)
    assert status == 0 and "0 pairs" in said
    status, _, complaints = complete("similar", "no-such", "--class-folder", tmp_path)
    assert status == 1 and "there is no master notebook" in complaints and "Traceback" not in complaints
