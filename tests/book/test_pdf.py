"""The book as one printed document."""

import re
import subprocess
import sys

import pdf
import pytest
from bs4 import BeautifulSoup


@pytest.fixture(scope="module")
def document(site):
    return BeautifulSoup(pdf.compose(site, "http://site/"), "html.parser")


def test_every_page_of_the_book_is_a_chapter(document):
    assert len(document.select(".page > section > h1")) == len(pdf.documents())
    ids = [tag["id"] for tag in document.find_all(id=True)]
    assert len(set(ids)) == len(ids)


def test_solutions_stand_at_the_back_and_know_their_exercises(document):
    solutions = document.select("#solutions .solution")
    assert solutions and len(solutions) == len(document.select(".solution"))
    exercises = {tag["id"] for tag in document.select(".exercise")}
    for solution in solutions:
        assert solution.select_one(".admonition-title a")["href"].lstrip("#") in exercises


def test_explorers_stand_still(document):
    assert document.select(".explorer .explorer-light img")
    assert not document.select(".explorer :is(input, select, button, canvas, progress), script:not([src])")


def test_numbers_and_references_are_resolved(document):
    text = document.get_text()
    assert not re.search(r"\?\?|\[\?\]|IntSlider|FloatSlider|VBox\(", text)
    here = {tag["id"] for tag in document.find_all(id=True)}
    inside = [link["href"][1:] for link in document.find_all("a", href=True) if link["href"].startswith("#")]
    assert not set(inside) - here


def test_print(site, tmp_path, browser):
    """As `make pdf` does it; `browser` skips where there is none."""
    target = tmp_path / "book.pdf"
    subprocess.run([sys.executable, pdf.__file__, site, target], check=True)
    content = target.read_bytes()
    assert content.startswith(b"%PDF") and max(map(int, re.findall(rb"/Count (\d+)", content))) > 50
