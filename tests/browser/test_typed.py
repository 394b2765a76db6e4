"""What a reader has typed is there again after a reload, also when the book's own code is another."""

import pytest
from explorer_page import REFUSE
from live_page import press, write
from playwright.sync_api import expect

CHAPTER = "book/chapters/07-enaqt.html"
TASK = "section.task"
OPEN = ".cell[data-live]:not(.tag_hide-input)"  # cells whose code no fold hides
LINE = "answer = 6 * 7  # mine"
OTHER_BOOK = """() => {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith("frenkel.typed"))) {
        const { text } = JSON.parse(localStorage.getItem(key));
        localStorage.setItem(key, JSON.stringify({ book: "x = 1", text }));
    }
}"""
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('frenkel.typed')).length"
PUT = """(kept) => {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith("frenkel.typed"));
    keys.forEach((key) => localStorage.setItem(key, kept));
}"""
# The theme's own scripts do not expect that.
FULL = """const put = Storage.prototype.setItem;
Storage.prototype.setItem = function (key, ...rest) {
    if (key.startsWith("frenkel")) throw new DOMException("full", "QuotaExceededError");
    put.call(this, key, ...rest);
};"""


@pytest.fixture
def page(browser, site_url):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, service_workers="block")
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(site_url + CHAPTER)
    yield page
    assert page.faults == []
    assert page.workers == [], "an editor needs no Python"
    context.close()


def second(page):
    return page.locator(OPEN).nth(1)


def code(part):
    part.locator(".cm-content").wait_for()
    return part.locator(".cm-content").inner_text()


@pytest.fixture(params=[".cell[data-live] >> nth=1", TASK], ids=["cell", "task"])
def edited(page, request):
    """A cell or a task in which a reader has written, and the book's code of it."""
    part = page.locator(request.param).first
    press(part, "edit")
    book = code(part)
    write(part, LINE)
    return part, book


def test_code_is_there_after_a_reload(page, edited):
    part, book = edited
    page.reload()
    assert code(part) == LINE
    press(part, "reset")
    assert code(part) == book
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator(".cm-content").count() == 0, "the book's code needs no editor"


def test_a_cell_says_that_it_is_edited_and_the_others_are_the_books(page):
    third = page.locator(OPEN).nth(2)
    press(third, "edit")
    book = code(third)
    write(second(page), LINE)
    page.reload()
    assert code(second(page)) == LINE
    assert second(page).locator(".live-status").inner_text() == "Edited: press Run"
    assert code(third) == book
    assert third.locator(".live-status").inner_text() == ""
    assert not third.locator("[data-action=reset]").is_visible()


def test_of_another_edition_the_readers_code_is_kept_and_told(page, edited):
    part, book = edited
    page.evaluate(OTHER_BOOK)
    for _ in range(2):
        page.reload()
        assert code(part) == LINE
        expect(part.locator(".live-status, output")).to_have_text(
            "Yours, from an older edition of the book: Reset shows its new code"
        )
    press(part, "reset")
    assert code(part) == book
    assert page.evaluate(KEPT) == 0


@pytest.mark.parametrize("storage", [FULL, REFUSE], ids=["full", "refused"])
def test_without_room_code_can_be_typed(page, storage):
    page.add_init_script(storage)
    page.reload()
    write(second(page), LINE)
    assert code(second(page)) == LINE
    press(second(page), "reset")
    assert code(second(page)) != LINE


@pytest.mark.parametrize("kept", ["{", "null", "7", '{"book": 1}'])
def test_what_cannot_be_read_is_no_fault(page, kept):
    press(second(page), "edit")
    book = code(second(page))
    write(second(page), LINE)
    page.evaluate(PUT, kept)
    page.reload()
    assert code(second(page)) == book
