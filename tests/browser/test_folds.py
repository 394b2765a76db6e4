"""Code is shut on a narrow page before it is seen; open where there is room, on paper, without scripts."""

import re
from urllib.parse import quote

import pytest
from live_page import STARTING, press, printed, run, write

CHAPTER = "book/chapters/07-enaqt.html"
OPEN = ".code-fold:not(.hide)[open]"
# In every frame before it is painted: the most folds that stood open, and whether any was there.
WATCH = """
    window.seen = { most: 0, folds: 0 };
    const look = () => {
        const folds = [...document.querySelectorAll(".code-fold:not(.hide)")];
        seen.folds = folds.length;
        seen.most = Math.max(seen.most, folds.filter(({ open }) => open).length);
        requestAnimationFrame(look);
    };
    look();
"""


def test_no_frame_of_a_narrow_page_shows_code_open(narrow, site_url):
    narrow.add_init_script(WATCH)
    narrow.goto(site_url + CHAPTER)
    narrow.wait_for_timeout(300)
    assert narrow.evaluate("seen.folds") > 10
    assert narrow.evaluate("seen.most") == 0


def test_a_tap_opens_code_that_can_be_run_and_edited(narrow, site_url):
    narrow.goto(site_url + CHAPTER)
    cell = narrow.locator(".cell[data-live]", has_text="n_sites=400").first
    fold, code = cell.locator(".code-fold"), cell.locator(".cell_input").first
    summary = fold.locator("summary")
    assert summary.inner_text() == "Show the code: times, rings, transients"
    assert not code.is_visible() and cell.get_by_role("button", name="Run").is_visible()
    summary.click()
    assert code.is_visible()
    assert summary.inner_text().startswith("Hide the code: times")
    summary.press("Enter")
    assert not code.is_visible(), "the keyboard shuts it"
    press(cell, "edit")
    cell.locator(".cm-content").wait_for(timeout=STARTING)  # in sight
    write(cell, "print(6 * 7)")
    summary.press("Enter")
    run(cell)
    assert printed(cell).strip() == "42"
    assert not cell.locator(".cm-content").is_visible(), "to run shut code does not open it"


def test_what_the_address_names_is_open(narrow, site_url):
    narrow.goto(f"{site_url}{CHAPTER}#code-f9876438")
    assert narrow.locator("#code-f9876438 .code-fold[open]").count() == narrow.locator(OPEN).count() == 1


def test_a_task_is_never_shut(narrow, site_url):
    narrow.goto(site_url + CHAPTER)
    assert narrow.locator(".task .code-fold").count() == 0
    starters = narrow.locator(".task-starter")
    assert starters.count() and all(starter.is_visible() for starter in starters.all())


def test_paper_and_a_wide_page_have_all_code(narrow, site_url):
    narrow.goto(site_url + CHAPTER)
    folds = narrow.locator(".code-fold:not(.hide)").count()
    narrow.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert narrow.locator(OPEN).count() == folds
    narrow.evaluate("dispatchEvent(new Event('afterprint'))")
    assert narrow.locator(OPEN).count() == 0
    narrow.set_viewport_size({"width": 1280, "height": 800})
    narrow.locator(OPEN).nth(folds - 1).wait_for(state="attached")
    assert not any(each.is_visible() for each in narrow.locator(".code-fold:not(.hide) > summary").all())
    assert all(each.is_visible() for each in narrow.locator(f"{OPEN} pre").all() if not inside_a_fold(each))


def test_a_phone_that_is_turned_and_turned_back(narrow, site_url):
    """All that it has shut is shut again, but what the reader has opened or is writing in."""
    narrow.goto(site_url + CHAPTER)
    mine, writing = narrow.locator(".cell[data-live] .code-fold:not(.hide)").all()[:2]
    mine.locator("summary").click()
    narrow.set_viewport_size({"width": 844, "height": 390})
    narrow.locator(OPEN).nth(5).wait_for()
    writing.locator("xpath=..").locator("[data-action=edit]").click()
    writing.locator(".cm-content").wait_for(timeout=STARTING)
    narrow.set_viewport_size({"width": 390, "height": 844})
    narrow.wait_for_timeout(300)
    opened = narrow.locator(OPEN)
    assert opened.count() == 2
    assert all(fold.get_attribute("open") is not None for fold in (mine, writing))


def test_the_page_stays_where_it_is_read_when_the_phone_is_turned(narrow, site_url):
    narrow.goto(site_url + CHAPTER)
    part = narrow.locator("#where-is-the-best-noise > p").first
    for width, height in ((844, 390), (390, 844)):
        part.evaluate("it => it.scrollIntoView({block: 'center', behavior: 'instant'})")
        narrow.wait_for_timeout(200)
        narrow.set_viewport_size({"width": width, "height": height})
        narrow.wait_for_timeout(500)
        box = part.bounding_box()
        assert -box["height"] < box["y"] < height, "another place is in view"


def test_a_link_within_the_page_opens_what_it_names(narrow, site_url):
    narrow.goto(f"{site_url}book/chapters/10-reproduction.html")
    link = narrow.locator(".ledger a[href^='#code-']").first
    name = link.get_attribute("href")
    assert narrow.locator(f"{name} .code-fold[open]").count() == 0
    link.evaluate("it => it.click()")
    narrow.locator(f"{name} > .code-fold[open]").wait_for()
    narrow.goto(f"{site_url}book/chapters/12-dimensions.html")
    inside = narrow.locator(".solution [id^='code-']").first
    assert not inside.is_visible()
    narrow.evaluate("(name) => { location.hash = name; }", inside.get_attribute("id"))
    inside.wait_for()
    narrow.reload()
    inside.wait_for()


@pytest.mark.parametrize("name", ["%", "%E0%A4%A", "a%20b", "constructor"])
def test_an_address_that_names_nothing_is_no_fault(narrow, site_url, name):
    faults = []
    narrow.on("pageerror", lambda error: faults.append(str(error)))
    narrow.goto(f"{site_url}{CHAPTER}?highlight=noise#{name}")
    narrow.wait_for_timeout(500)
    narrow.evaluate("(name) => { location.hash = `${name}%`; }", name)
    narrow.wait_for_timeout(200)
    assert faults == []


def test_the_search_of_the_browser_opens_what_it_finds(narrow, site_url):
    """A link to words, which looks for them as that search does."""
    narrow.goto(site_url + CHAPTER)
    hidden = narrow.locator(".solution.toggle-hidden p:not(.admonition-title)").all_text_contents()
    words = next(found[0] for text in hidden if (found := re.search(r"\w+( [a-z]+){6}", text)))
    narrow.goto("about:blank")
    narrow.goto(f"{site_url}{CHAPTER}#:~:text={quote(words)}")
    found = narrow.locator(".solution:not(.toggle-hidden)", has_text=words)
    found.locator("p", has_text=words).first.wait_for()
    assert narrow.locator(".solution:not(.toggle-hidden)").count() == 1
    found.locator(".toggle-button").click()
    assert not found.locator("p", has_text=words).first.is_visible()


def inside_a_fold(element):
    return element.evaluate("(it) => Boolean(it.closest('.toggle-hidden, .live-output'))")


def test_code_is_open_without_scripts(browser, site_url):
    page = browser.new_page(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page.goto(site_url + CHAPTER)
    assert page.locator(OPEN).count() > 10
    assert page.locator(OPEN).first.locator("pre").is_visible()
    page.close()


def test_paper_cuts_no_code_and_has_no_buttons(narrow, site_url):
    narrow.goto(f"{site_url}book/chapters/01-superlattices.html")
    narrow.set_viewport_size({"width": 700, "height": 1000})
    narrow.emulate_media(media="print")
    buttons = narrow.locator(".solution.toggle-hidden .toggle-button")
    buttons.evaluate_all("(all) => all.forEach((it) => it.click())")
    cut = "(all) => all.filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.textContent)"
    assert narrow.locator(".task pre, .solution pre, .cell pre").count() > 10
    assert narrow.locator("pre").evaluate_all(cut) == []
    waiting = ".toggle-button, .run-live, .code-fold:not([open]), .implements:not([open]), .entry button"
    assert narrow.locator(waiting).count() and not any(
        each.is_visible() for each in narrow.locator(waiting).all()
    )
