"""The book as one printed document."""

import re
import subprocess
import sys

import pdf
import pytest
from bs4 import BeautifulSoup


@pytest.fixture(scope="module")
def printed(site, tmp_path_factory, browser):
    """A folder with the book as `make pdf` prints it, in HTML too; `browser` skips where there is none."""
    folder = tmp_path_factory.mktemp("print")
    command = [sys.executable, pdf.__file__, site, folder / "book.pdf", "--html", folder / "book.html"]
    subprocess.run(command, check=True)
    return folder


@pytest.fixture(scope="module")
def document(printed):
    return BeautifulSoup((printed / "book.html").read_text("utf-8"), "html.parser")


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


def test_print(printed):
    content = (printed / "book.pdf").read_bytes()
    assert content.startswith(b"%PDF") and max(map(int, re.findall(rb"/Count (\d+)", content))) > 50
