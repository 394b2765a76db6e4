"""Code cells of the built chapters, edited and run in their pages."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, THOROUGH
from explorer_page import figure_of, wake
from live_page import cells_of, finished, picture, press, printed, run, write
from notebooks import recorded, sources
from playwright.sync_api import expect
from upstream import is_known

# All chapters in `make live`.
CHOSEN = sources.chapters()[1:] if THOROUGH else [sources.find("superlattices"), sources.find("dephasing")]
# The browser's NumPy gives the same numbers, but in two cells. Poisson draws, whose means differ in the
# fifteenth digit between one BLAS and another: two samples of 400 pictures, whose scatter is known to 1/√800
# each. And the engine of tori in single precision, where rounding moves D_s by 1e-4 (explorer_page.ERRORS).
WITHIN = {"d6b50f1f": {"rel": 0.1}, "loops": {"abs": 1.01e-4}}
BEFORE = 6_000  # bytes that a page with live cells loads for them before one is pressed
# The first cell of chapter 7 with few sites and times.
FEW = """\
times = np.linspace(0, 20, 21)
rings = frenkel.site_energies(n_sites=30, disorder=1.0, rng=1, shape=(2,))
transients = {dephasing: frenkel.diffusivity(rings, dephasing, times) for dephasing in (0.3, 1)}
"""
# Each page begins as on a first visit; what it keeps it finds again when it is loaded anew.
LISTEN = """
    if (!sessionStorage.getItem("opened")) localStorage.clear();
    sessionStorage.setItem("opened", "yes");
    window.refused = [];
    const note = ({ blockedURI, effectiveDirective }) => refused.push(`${effectiveDirective} ${blockedURI}`);
    addEventListener("securitypolicyviolation", note);
"""


def address(site_url, name):
    path = sources.find(name).relative_to(ROOT).as_posix()
    return site_url + path.replace(sources.SUFFIX, ".html")


@pytest.fixture(scope="module")
def open_chapter(browser, site_url):
    """Return a function that opens a chapter; what goes wrong there is in `page.faults`."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})

    def open_(name):
        page = context.new_page()
        page.faults, page.asked = [], []
        own = (site_url, "blob:", "data:")
        page.on("console", lambda message: message.type == "error" and page.faults.append(message.text))
        page.on("pageerror", lambda error: is_known(error) or page.faults.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        context.on("request", lambda request: request.url.startswith(own) or page.faults.append(request.url))
        page.add_init_script(LISTEN)
        page.goto(address(site_url, name))
        return page

    yield open_
    context.close()


def numbers(text):
    return [float(number) for number in re.findall(r"\d+\.?\d*(?:e[+-]\d+)?", text)]


def assert_no_faults(page):
    assert page.evaluate("refused") == []
    assert page.faults == []


@pytest.fixture(scope="module")
def enaqt(open_chapter):
    """Chapter 7, whose first cell has been run once."""
    page = open_chapter("enaqt")
    page.wait_for_load_state("networkidle")
    page.before = list(page.asked)
    first = cells_of(page)[0]
    write(first, FEW)
    assert page.workers == [], "an editor needs no Python"
    assert re.fullmatch(r"Ran in [\d.]+ s", run(first))
    yield page
    assert_no_faults(page)


@pytest.fixture
def first(enaqt):
    """Its first cell, as in the book, with the picture that follows from it below."""
    cell = cells_of(enaqt)[0]
    yield cell
    if cell.locator("[data-action=reset]").is_visible():
        press(cell, "reset")


def test_nothing_is_loaded_before_a_press(enaqt, site):
    own = [
        url for url in enaqt.before if "/_live/" in url and "explorer" not in url and "pictures" not in url
    ]
    names = sorted({re.search(r"_live/([^?]*)", url)[1] for url in own})
    assert names == ["cells.css", "cells.js"]
    assert sum((site / "_live" / name).stat().st_size for name in names) < BEFORE
    assert any("codemirror.js" in url for url in enaqt.asked)


def test_a_changed_number_changes_the_picture(enaqt, first):
    below = cells_of(enaqt)[1]
    write(first, FEW)
    run(first)
    before = picture(below)
    assert before.startswith("data:"), "the picture below belongs to the cell and was drawn with it"
    write(first, FEW.replace("disorder=1.0", "disorder=3.0"))
    assert first.locator(".live-status").inner_text() == "Edited: press Run"
    run(first)
    assert picture(below) != before
    assert "Your run" in below.locator(".live-note").inner_text()
    assert below.locator("figcaption").is_visible()
    table = cells_of(enaqt)[2]
    run(table)
    assert printed(table) != json.loads(table.locator("[data-printed]").get_attribute("data-printed"))
    press(below, "reset")
    assert not picture(below).startswith("data:")


def test_an_error_marks_its_line(first):
    write(first, "a = 1\nb = a / 0\nc = 2")
    assert run(first) == "Error in line 2, see below"
    assert first.locator("[data-failed]").inner_text() == "b = a / 0"
    assert printed(first) == "Line 2:\n    b = a / 0\nZeroDivisionError: division by zero"
    first.locator(".cm-content").press("End")
    first.page.keyboard.type(" ")
    assert first.locator("[data-failed]").count() == 0


def test_an_endless_loop_is_stopped(enaqt, first):
    """And explorers, which have a Python of their own, go on."""
    wake(figure_of(enaqt, "enaqt"))
    write(first, "while True:\n    print('on and on')")
    press(first, "run")
    first.locator(".live-output", has_text="is not shown").wait_for()
    assert enaqt.evaluate("1 + 1") == 2
    press(first, "stop")
    assert finished(first, 2_000).startswith("Stopped. What this page had computed is gone")
    assert figure_of(enaqt, "enaqt").get_attribute("data-state") == "live"
    write(first, "print(np.arange(3))")
    run(first)  # with the set-up, in a new Python
    assert printed(first) == "[0 1 2]\n"


WILD = """\
class Table:
    def _repr_html_(self):
        return '''<table onclick="hurt = 1"><tr><th scope="col" style="color: red">a<td>1 < 2</table>
            <script>hurt = 1</script><img src=x onerror="hurt = 1"><a href="javascript:hurt = 1">link</a>
            <style>body { display: none }</style><svg><script>hurt = 1</script></svg>'''
Table()
"""


def test_tables_are_shown_and_nothing_else_of_html(enaqt, first):
    write(first, WILD)
    run(first)
    table = first.locator(".live-table")
    assert table.locator("th[scope=col]").inner_text() == "a"
    assert table.locator("td").inner_text() == "1 < 2"
    attributes = "it => [...it.querySelectorAll('*')].flatMap((element) => element.getAttributeNames())"
    assert table.evaluate(attributes) == ["scope"]
    assert table.locator("script, img, style, svg, a").count() == 0
    assert "link" in table.inner_text()
    assert enaqt.evaluate("window.hurt") is None


OUTSIDE = """\
import js, pyodide
for name in "caches indexedDB importScripts XMLHttpRequest WebSocket Worker BroadcastChannel".split():
    print(hasattr(js, name), end=" ")
js.fetch("http://outside.invalid/")
"""


def test_code_reaches_no_other_page_and_no_host(enaqt, first):
    write(first, OUTSIDE)
    run(first)
    assert printed(first).startswith("False " * 7)
    assert_no_faults(enaqt)


WHOLE = """\
import PIL.Image, mpl_toolkits.mplot3d
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
print(*(function.__doc__.split()[0] for function in (np.mean, plt.plot, frenkel.ring)))
plain, bold = (FT2Font(findfont(f"DejaVu Sans:{weight}")) for weight in ("normal", "bold"))
print(PIL.Image.new("L", (2, 3)).size, len(plain.get_charmap()) > 5_000, bold.style_name)
"""


def test_a_readers_code_has_the_packages_whole(enaqt, first):
    """Explorers have them without docstrings, Pillow, a third dimension and most glyphs."""
    write(first, WHOLE)
    run(first)
    assert printed(first) == "Compute Plot Return\n(2, 3) True Bold\n"


def test_the_keyboard_gets_in_and_out(enaqt, first):
    code = first.locator(".cm-content")
    write(first, "x = 1")
    code.press("Home")
    code.press("Tab")
    assert code.inner_text() == "    x = 1"
    code.press("Shift+Tab")
    code.press("Shift+Enter")
    assert finished(first).startswith("Ran")
    code.focus()
    code.press("Escape")
    code.press("Tab")
    assert enaqt.evaluate("document.activeElement.dataset.action") == "run"
    labels = [
        button.get_attribute("aria-label") for button in first.locator(".live-bar button:visible").all()
    ]
    assert labels == ["Run cell 1", "Reset cell 1"]


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 390)])
def test_live_cells_read_well(enaqt, first, theme, width):
    write(first, "print('x' * 300)\nimport warnings; warnings.warn('careful')\n1 / 0  # " + "long " * 40)
    run(first)
    enaqt.set_viewport_size({"width": width, "height": 900})
    enaqt.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
    assert not enaqt.evaluate("document.documentElement.scrollWidth > innerWidth")
    here = {"include": [[f"#{first.get_attribute('id')}"]]}
    found = Axe().run(enaqt, here, {"preload": False, "resultTypes": ["violations"]})
    assert [(it["id"], [node["target"] for node in it["nodes"]]) for it in found.response["violations"]] == []
    enaqt.set_viewport_size({"width": 1280, "height": 900})
    enaqt.evaluate("document.documentElement.dataset.theme = 'light'")


DEEP = """\
from frenkel import exact
n, times = 0, []
for t in (1.0, 2.0, 3.0):
    times.append(t); n += 1
    exact.bessel_populations(0, t)  # imports SciPy
print(n, times)
"""
# What a screen reader may hear of a cell, and how often what is seen there changes.
HEAR = """cell => {
    [window.heard, window.seen] = [[], 0];
    const [bar, status] = [".live-bar", ".live-status"].map((place) => cell.querySelector(place));
    const watch = (place, then) =>
        new MutationObserver(then).observe(place, { childList: true, subtree: true });
    watch(status, () => heard.push(status.textContent));
    watch(bar, () => (seen += / of .* MB/.test(bar.textContent)));
}"""


def test_a_start_is_told_in_few_words_and_what_comes_late_changes_no_number(open_chapter):
    page = open_chapter("enaqt")
    first = cells_of(page)[0]
    write(first, DEEP)
    first.evaluate(HEAR)
    run(first)
    assert printed(first) == "3 [1.0, 2.0, 3.0]\n"
    assert page.evaluate("seen") > 20
    heard = page.evaluate("heard")
    assert len(heard) < 12, heard
    assert not [words for words in heard if "MB" in words]
    assert "Loading scipy" in heard
    assert first.locator(".live-loaded").text_content() == ""
    assert_no_faults(page)
    page.close()


def test_reset_takes_back_what_the_code_has_done_to_names(first):
    write(first, "sum = 0; max = 3; print = None; np = None; plt.style.use('dark_background')")
    run(first)
    write(first, "print(sum([1]), max(1, 2), np.pi, plt.rcParams['axes.facecolor'])")
    run(first)
    assert printed(first).startswith("1 2 3.14")
    assert "black" not in printed(first)


SLEEP = "import time; time.sleep(2); x = 1"


def test_a_run_that_ends_moves_no_page(enaqt, first):
    write(first, SLEEP)
    first.locator("[data-action=run]").press("Enter")
    first.locator("[data-action=stop]:focus").wait_for()
    enaqt.evaluate("window.scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    foot = enaqt.locator(".bd-footer-content")
    there = foot.bounding_box()["y"]
    finished(first)
    assert first.locator("[data-action=run]:focus").count() == 1
    assert foot.bounding_box()["y"] == pytest.approx(there, abs=1)
    first.locator("[data-action=run]").press("Enter")
    first.locator("[data-action=stop]:focus").wait_for()
    enaqt.evaluate("document.activeElement.blur()")
    finished(first)
    assert enaqt.evaluate("document.activeElement.tagName") == "BODY", "the reader was elsewhere"


def test_what_is_typed_during_a_run_is_said_when_it_can_run(first):
    write(first, SLEEP)
    press(first, "run")
    status = first.locator(".live-status")
    status.filter(has_text="Running").wait_for()
    write(first, "x = 2")
    assert "Edited" not in status.inner_text()
    assert first.locator("[data-action=run]").is_disabled()
    assert finished(first) == "Edited: press Run"


def test_one_thing_runs_at_a_time(enaqt, first):
    write(first, "while True: pass")
    press(first, "run")
    first.locator(".live-status", has_text="Running").wait_for()
    task = enaqt.locator("section.task").first
    task.locator("[data-action=check]").click()
    said = task.locator("output", has_text="Other code of this page is running")
    said.wait_for()
    said = said.inner_text()
    press(first, "stop")
    finished(first)
    assert said == "Other code of this page is running, and has to end or to be stopped first."


def test_paper_has_the_books_code_with_the_books_output(enaqt, first):
    write(first, "x = 'mine'")
    run(first)
    book = first.locator(".cell_input .highlight").first
    assert not book.is_visible()
    enaqt.emulate_media(media="print")
    try:
        assert book.is_visible()
        assert not first.locator(".live-editor").is_visible()
    finally:
        enaqt.emulate_media(media="screen")


def test_output_that_scrolls_can_be_reached_and_says_so(enaqt, first):
    enaqt.set_viewport_size({"width": 390, "height": 844})
    write(first, "print('x' * 300)")
    run(first)
    wide = first.locator(".live-output pre[data-more=behind][role=group][tabindex='0']")
    wide.wait_for()
    assert wide.get_attribute("aria-label") == "Text, scrolls sideways"
    write(first, "for _ in range(99): print('x')")
    run(first)
    first.locator(".live-output pre[tabindex='0'][aria-label='Text, scrolls']").wait_for()
    write(first, "print('x')")
    run(first)
    expect(first.locator(".live-output pre[tabindex]")).to_have_count(0)
    enaqt.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("path", CHOSEN, ids=sources.name)
def test_every_cell_gives_the_stored_numbers(open_chapter, path):
    page = open_chapter(sources.name(path))
    stored = recorded.printed(recorded.folder(path))
    found = {}
    for cell in cells_of(page):
        said = run(cell)
        assert said.startswith("Ran in "), (said, printed(cell))
        if cell.locator("figure").count():
            assert picture(cell).startswith("data:")
        found[cell.get_attribute("id").removeprefix("code-")] = printed(cell)
    found = {name: text for name, text in found.items() if text}
    for name in WITHIN.keys() & stored.keys():
        assert numbers(found.pop(name)) == pytest.approx(numbers(stored.pop(name)), **WITHIN[name])
    assert found == stored
    assert_no_faults(page)


def test_second_visit_without_network(enaqt, open_chapter):
    page = open_chapter("enaqt")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    try:
        page.reload()
        first = cells_of(page)[0]
        write(first, FEW)
        assert run(first).startswith("Ran in ")
        assert picture(cells_of(page)[1]).startswith("data:")
        assert_no_faults(page)
    finally:
        page.context.set_offline(False)  # which the other tests share


@pytest.fixture
def plain(browser, site_url):
    """Chapter 2 in a browser that asks the host for everything."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(address(site_url, "coupling"))
    yield page
    context.close()


def once(page, file, answer):
    """Let one request of a file be answered by `answer`, and those after it by the site."""
    page.route(f"**/_live/{file}*", answer, times=1)


@pytest.mark.parametrize("file", ["live-cells.js", "cell-editor.js", "codemirror.js", "live.css", "typed.js"])
def test_an_editor_that_did_not_come_comes_at_the_next_press(plain, file):
    login = {"body": "<!doctype html><title>Login</title>", "content_type": "text/html"}
    once(plain, file, lambda route: route.abort() if file == "live.css" else route.fulfill(**login))
    cell = cells_of(plain)[0]
    press(cell, "edit")
    expect(cell.locator(".live-status")).to_have_text("The editor could not be loaded")
    press(cell, "edit")
    cell.locator(".cm-content").wait_for()
    assert cell.locator(".live-status").inner_text() == ""


def test_an_editor_that_does_not_come_is_told(plain):
    once(plain, "codemirror.js", lambda route: None)
    cell = cells_of(plain)[0]
    press(cell, "edit")
    expect(cell.locator(".live-status")).to_have_text("Loading the editor")
    expect(cell.locator(".live-status")).to_have_text("The editor could not be loaded", timeout=12_000)
    press(cell, "edit")
    cell.locator(".cm-content").wait_for()
