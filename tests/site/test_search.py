"""What the search looks through: every place of the book, by an address that exists."""

import json
from collections import Counter
from urllib.parse import urldefrag

import pytest
import search
from docutils import nodes
from notebooks import sources


@pytest.fixture(scope="session")
def records(site):
    return json.loads((site / "_static" / search.RECORDS).read_text("utf-8"))


def test_every_place_is_there_once(records, parsed):
    addresses = [record["address"] for record in records]
    assert len(addresses) == len(set(addresses))
    anchors = {}
    for page, anchor in map(urldefrag, addresses):
        if page not in anchors:
            anchors[page] = {tag["id"] for tag in parsed(page).find_all(id=True)}
        assert not anchor or anchor in anchors[page], (page, anchor)


def test_all_kinds_of_places_are_there(records):
    counts = Counter(record["kind"] for record in records)
    assert counts["exercise"] == counts["solution"] >= 4 * len(sources.chapters())
    assert {"page", "section", "term", "function", "module", "reference"} <= set(counts)
    assert all(record["title"] for record in records)


def test_places_hold_prose_and_formulas_as_one_reads_them(records):
    text = " ".join(record["words"] for record in records)
    assert "\\" not in text and "import numpy" not in text and "Show the code" not in text
    assert "D(t)" in text and "Γ" in text


def test_formulas():
    def spoken(latex):
        return search.spoken(nodes.math("", latex))

    assert spoken(r"D_\mathrm{s}(\Gamma)") == "Ds(Γ)"
    assert spoken(r"\frac{\Gamma}{\hbar}") == "Γ/ℏ"
    assert spoken(r"\langle x^2 \rangle") == "⟨x^2⟩"


def test_words_are_told_from_numbers_of_references():
    assert search.joined(["as Mott\n", " says", " …", ", and", " (…)", "."]) == "as Mott says, and."
