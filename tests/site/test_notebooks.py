"""Readers' notebooks and the site say the same: numbers, and links from the one to the other."""

import json
import re
import zipfile
from functools import cache
from urllib.parse import urldefrag

import pytest
from lite_site import ARCHIVE, EXTENSIONS
from notebooks import labels, sources, written

CHAPTERS = pytest.mark.parametrize("path", sources.chapters(), ids=sources.name)


@pytest.fixture(scope="module")
def anchors(parsed):
    """Return a function that gives the anchors of a page of the site by its path."""
    return cache(lambda path: {tag["id"] for tag in parsed(path).find_all(id=True)})


def place(path):
    return path.relative_to(sources.ROOT).as_posix().replace(sources.SUFFIX, ".html")


@CHAPTERS
def test_numbers_are_those_of_the_page(parsed, path):
    page, here = parsed(place(path)), labels.read(path, sources.read(path).cells)
    equations = {
        node["id"].removeprefix("equation-"): node.select_one(".eqno").get_text().strip("()#")
        for node in page.select("div.math[id^=equation-]")
    }
    assert equations == here.equations
    figures = {
        node["id"]: node.select_one(".caption-number").get_text().strip().removeprefix("Fig. ")
        for node in page.select("figure[id^=fig-], figure[id^=drawing-]")
    }
    assert figures == here.figures
    exercises = {
        node["id"]: node.select_one(".caption-number").get_text().strip().removeprefix("Exercise ")
        for node in page.select("div.exercise[id]")
    }
    assert exercises == {label: number for label, (number, _) in here.exercises.items()}
    number = page.select_one("h1 .section-number")
    assert (number.get_text().strip(" .") if number else None) == (str(here.number) if here.number else None)


@CHAPTERS
def test_links_to_the_site_lead_somewhere(anchors, path):
    texts = [cell.source for cell in written.runnable(path).cells if cell.cell_type == "markdown"]
    addresses = re.findall(rf"\]\({re.escape(labels.site())}([^)]*)\)", "\n".join(texts))
    assert addresses
    targets = [(page, anchor, anchors(page or "index.html")) for page, anchor in map(urldefrag, addresses)]
    assert not [f"{page}#{anchor}" for page, anchor, known in targets if anchor and anchor not in known]


def test_live_notebooks_carry_no_extension_of_another_program(site):
    """Whatever the environment holds: Notebook 7's own extension keeps JupyterLite from starting."""
    config = json.loads((site / "lite" / "jupyter-lite.json").read_bytes())["jupyter-config-data"]
    assert sorted(item["name"] for item in config["federated_extensions"]) == sorted(EXTENSIONS)


def test_one_archive_holds_what_readers_open_and_the_live_ones_are_the_same(site):
    with zipfile.ZipFile(site / "_sources" / ARCHIVE) as archive:
        packed = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    files = {file.name: file.read_bytes() for file in written.FOLDER.glob("*.ipynb")}
    assert packed == files and len(files) == len(sources.chapters())
    for name, text in files.items():
        here, live = (json.loads(each) for each in (text, (site / "lite" / "files" / name).read_bytes()))
        assert live["cells"] == here["cells"]
