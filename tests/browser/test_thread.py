"""The section Build it yourself of a late chapter, run and changed in its page; its program."""

import pytest
from conftest import ROOT
from live_page import UNFOLD, printed, run, write
from notebooks import recorded, sources, thread, written

CHAPTER = sources.find("phonons")


@pytest.fixture(scope="module")
def section(browser, site_url):
    """Return a function that finds a cell of the section by its tag."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.faults = []
    page.on("console", lambda message: message.type == "error" and page.faults.append(message.text))
    address = CHAPTER.relative_to(ROOT).as_posix().replace(sources.SUFFIX, ".html")
    page.goto(site_url + address)
    page.evaluate(UNFOLD)
    yield lambda tag: page.locator(f".cell.tag_{tag}")
    assert page.faults == []
    page.close()


def test_the_section_runs_without_its_chapter(section):
    stored = recorded.printed(recorded.folder(CHAPTER))
    for tag in ("mychain-use", "mychain-check"):
        cell = section(tag)
        assert run(cell).startswith("Ran in ")
        assert printed(cell) == stored[cell.get_attribute("id").removeprefix("code-")]


def test_a_slip_in_the_piece_shows_in_the_check(section):
    """In a chapter of which no other cell has run."""
    piece, check = section("mychain"), section("mychain-check")
    code = thread.code(sources.read(CHAPTER), thread.PIECE)
    write(piece, code.replace("2 / np.pi * d_omega", "1 / np.pi * d_omega"))
    assert run(check).startswith("Ran in ")
    assert "agree to 0 digits" in printed(check)
    piece.locator("[data-action=reset]").click()  # for the other tests: their order is random


def test_what_the_section_needs_of_earlier_chapters_is_folded_and_complete(section):
    before = section(thread.BEFORE)
    assert before.locator("pre").first.text_content().strip() == thread.code(
        sources.read(CHAPTER), thread.BEFORE
    )


def test_the_program_is_offered_beside_the_section(section):
    link = section(thread.PIECE).page.locator("a[download='mychain.py']")
    with link.page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == thread.FILE
    assert download.value.path().read_text("utf-8") == written.program(CHAPTER)
