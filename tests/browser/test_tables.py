"""Tables and what else is wider than a phone: whole, or said to scroll before its edge is reached."""

import pytest
from conftest import ROOT
from live_page import press, printed, run
from notebooks import recorded, sources

CHAPTER = "book/chapters/07-enaqt.html"
# What scrolls sideways though no name, no place in the order of Tab, or no fading edge says so.
UNSAID = """() => [...document.querySelectorAll(".bd-article *")].filter((box) => {
    const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX) && box.clientWidth > 1;
    if (!scrolls || box.scrollWidth <= box.clientWidth + 1) return false;
    const said = box.tabIndex === 0 && /scrolls sideways/.test(box.getAttribute("aria-label"));
    return !said || getComputedStyle(box).maskImage === "none";
}).map((box) => box.outerHTML.slice(0, 120))"""
UNFOLD = """() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    for (const button of document.querySelectorAll(".toggle-hidden .toggle-button")) button.click();
}"""


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 390, "height": 844}, service_workers="block")
    yield page
    page.close()


def test_what_scrolls_says_so(page, site_url):
    count = 0
    for path in sources.chapters()[1:]:
        page.goto(site_url + path.relative_to(ROOT).as_posix().replace(sources.SUFFIX, ".html"))
        page.evaluate(UNFOLD)
        page.wait_for_timeout(200)
        assert page.evaluate(UNSAID) == [], path.name
        count += page.locator("[data-more]").count()
    assert count > 50


def test_the_edge_fades_where_there_is_more(page, site_url):
    page.goto(f"{site_url}{CHAPTER}#code-7940f529")
    box = page.locator("#code-7940f529 .pst-scrollable-table-container")
    assert box.get_attribute("data-more") == "behind"
    assert box.get_attribute("aria-label").startswith("Table, scrolls sideways: The best dephasing")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.locator("[data-more='before behind']").wait_for()
    box.evaluate("(it) => it.scrollTo(it.scrollWidth, 0)")
    page.locator("#code-7940f529 [data-more='before']").wait_for()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("#code-7940f529 .pst-scrollable-table-container:not([data-more], [tabindex])").wait_for()


def test_nothing_covers_a_formula_in_a_head(page, site_url):
    """The ground of heads that stay in view lies below them, not below the parts of a formula."""
    page.goto(site_url + CHAPTER)
    parts = page.locator("table.printed thead th *")
    grounds = parts.evaluate_all("(all) => all.map((it) => getComputedStyle(it).backgroundColor)")
    assert len(grounds) > 20 and {*grounds} == {"rgba(0, 0, 0, 0)"}


def test_a_run_is_compared_with_what_the_book_printed(page, site_url):
    page.goto(f"{site_url}book/chapters/04-localization.html")
    cell = page.locator("#code-57f1b14b")
    text = recorded.printed(recorded.folder(sources.find("localization")))["57f1b14b"]
    assert cell.locator("table.printed caption").is_visible()
    assert run(cell).startswith("Ran")
    assert printed(cell) == text.rstrip("\n") or printed(cell) == text
    assert "the same as in the book" in cell.locator(".live-note").inner_text()
    assert not cell.locator("table.printed").is_visible()
    press(cell, "reset")
    assert cell.locator("table.printed").is_visible()


def test_a_picture_opens_as_it_is_shown(page, site_url):
    page.goto(site_url + CHAPTER)
    for width, narrow in ((390, True), (1280, False)):
        page.set_viewport_size({"width": width, "height": 844})
        link = page.locator("#fig-map a.image-reference")
        link.scroll_into_view_if_needed()
        assert link.locator("img").evaluate("(image) => image.decode().then(() => true)")
        link.evaluate("(it) => it.addEventListener('click', (event) => event.preventDefault())")
        link.click()
        assert ("narrow" in link.get_attribute("href")) == narrow
