"""Tables and what else is wider than a phone: whole, or said to scroll before its edge is reached."""

from live_page import press, printed, run
from notebooks import recorded, sources

CHAPTER = "book/chapters/07-enaqt.html"


def test_the_edge_fades_where_there_is_more(narrow, site_url):
    narrow.goto(f"{site_url}{CHAPTER}#code-7940f529")
    box = narrow.locator("#code-7940f529 .pst-scrollable-table-container")
    assert box.get_attribute("data-more") == "behind"
    assert box.get_attribute("aria-label").startswith("Table, scrolls sideways: The best dephasing")
    box.focus()
    narrow.keyboard.press("ArrowRight")
    narrow.locator("[data-more='before behind']").wait_for()
    box.evaluate("(it) => it.scrollTo(it.scrollWidth, 0)")
    narrow.locator("#code-7940f529 [data-more='before']").wait_for()
    narrow.set_viewport_size({"width": 1280, "height": 800})
    narrow.locator("#code-7940f529 .pst-scrollable-table-container:not([data-more], [tabindex])").wait_for()


def test_a_formula_is_said_once(narrow, site_url):
    """What names a box that scrolls is text: it has no second form for the eye and no LaTeX."""
    narrow.goto(f"{site_url}book/chapters/08-temperature.html")
    box = narrow.get_by_role("group", name="Where diffusion is fastest")
    name = box.get_attribute("aria-label").replace("\u200b", "").replace("\u00a0", " ")
    assert "up to 300 K, and Ds at 300 K, with" in name


def test_nothing_covers_a_formula_in_a_head(narrow, site_url):
    """The ground of heads that stay in view lies below them, not below the parts of a formula."""
    narrow.goto(site_url + CHAPTER)
    parts = narrow.locator("table.printed thead th *")
    grounds = parts.evaluate_all("(all) => all.map((it) => getComputedStyle(it).backgroundColor)")
    assert len(grounds) > 20 and {*grounds} == {"rgba(0, 0, 0, 0)"}


# Entries of tables on more than one line, and captions that do not lie in their table's box.
TORN = """() => [
    ...[...document.querySelectorAll("table.printed td.short")].filter((entry) => {
        const range = document.createRange();
        range.selectNodeContents(entry);
        return new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 4))).size > 1;
    }),
    ...[...document.querySelectorAll("table.printed caption > span")].filter((caption) => {
        const box = caption.closest(".pst-scrollable-table-container").getBoundingClientRect();
        return caption.getBoundingClientRect().width > Math.max(1, box.width + 1);
    }),
].map((it) => it.textContent)"""


def test_short_entries_stay_whole_and_captions_in_their_place(narrow, site_url):
    for chapter in ("08-temperature", "14-phonons"):
        narrow.goto(f"{site_url}book/chapters/{chapter}.html")
        assert narrow.locator("table.printed td.short").count() > 50
        assert narrow.evaluate(TORN) == []
    narrow.set_viewport_size({"width": 1280, "height": 800})
    caption = narrow.locator("#code-82faec0e caption > span")
    assert caption.bounding_box()["width"] > 500, "as wide as its place, not as its table"


def test_a_run_is_compared_with_what_the_book_printed(narrow, site_url):
    narrow.goto(f"{site_url}book/chapters/04-localization.html")
    cell = narrow.locator("#code-57f1b14b")
    text = recorded.printed(recorded.folder(sources.find("localization")))["57f1b14b"]
    assert cell.locator("table.printed caption").is_visible()
    assert run(cell).startswith("Ran")
    assert printed(cell) == text.rstrip("\n") or printed(cell) == text
    assert "the same as in the book" in cell.locator(".live-note").inner_text()
    assert not cell.locator("table.printed").is_visible()
    press(cell, "reset")
    assert cell.locator("table.printed").is_visible()


def test_a_picture_opens_as_it_is_shown(narrow, site_url):
    narrow.goto(site_url + CHAPTER)
    for width, is_narrow in ((390, True), (1280, False)):
        narrow.set_viewport_size({"width": width, "height": 844})
        link = narrow.locator("#fig-map a.image-reference")
        link.scroll_into_view_if_needed()
        assert link.locator("img").evaluate("(image) => image.decode().then(() => true)")
        link.evaluate("(it) => it.addEventListener('click', (event) => event.preventDefault())")
        link.click()
        assert ("narrow" in link.get_attribute("href")) == is_narrow


def test_printed_sentences_break_and_columns_do_not(narrow, site_url):
    narrow.goto(f"{site_url}book/chapters/02-coupling.html")
    spaces = "(all) => all.map((it) => [getComputedStyle(it).whiteSpace, it.scrollWidth > it.clientWidth])"
    assert narrow.locator("#code-cell-4 .sentences pre").evaluate_all(spaces) == [["pre-wrap", False]]
    narrow.goto(f"{site_url}book/chapters/12-dimensions.html")
    assert narrow.locator("#code-e3d5b151 .output pre").evaluate_all(spaces) == [["pre", True]]
    narrow.set_viewport_size({"width": 1280, "height": 800})
    assert narrow.locator("#code-e3d5b151 .output pre").evaluate_all(spaces) == [["pre", False]]
