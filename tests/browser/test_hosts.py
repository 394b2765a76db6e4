"""Hosts, lines, frames and links that misbehave: the page says so in a sentence, or does what it can."""

import pytest
from explorer_page import CATCH_WORKERS, HIDE, REFUSE, figure_of, settled, touch
from live_page import cells_of, press, run, write

COMING = "figure => / of .* MB/.test(figure.querySelector('.explorer-status').textContent)"
FAILED = "figure => figure.dataset.state === 'error'"


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    context.close()


def words_of(figure):
    return figure.locator(".explorer-status").inner_text()


def assert_page_works(page, frame):
    """Theme and search, by hand and by key; nothing was thrown."""
    frame.locator(".theme-switch-button").first.click()
    assert frame.locator("html").get_attribute("data-theme") == "dark"
    dialog = frame.locator("#pst-search-dialog")
    frame.locator(".search-button__button:visible").first.click()
    assert dialog.is_visible()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.keyboard.press("Control+k")
    assert dialog.is_visible()
    page.keyboard.press("Escape")
    assert page.errors == []


def test_storage_refused(page, first):
    page.add_init_script(REFUSE)
    page.goto(first[1])
    assert_page_works(page, page.main_frame)


def test_frame_of_another_site(page, host):
    """Without an origin of its own a page has no storage, no worker and nothing kept."""
    frame = b"<iframe sandbox=allow-scripts width=1200 height=800 src=/book/index.html></iframe>"
    host.edition = {"frame.html": b"<!doctype html>" + frame}
    host.faults = {}
    page.goto(host.url + "frame.html")
    frame = page.frames[1]
    frame.wait_for_load_state()
    assert_page_works(page, frame)
    figure = frame.locator("figure.explorer").first
    touch_in(frame, figure)
    assert words_of(figure).startswith("Python does not run: this browser or frame lets no page start it.")
    assert page.errors == []


def touch_in(frame, figure):
    figure.locator("[name]").first.dispatch_event("pointerdown")
    frame.wait_for_function(FAILED, arg=figure.element_handle())


@pytest.fixture
def starting(page, first):
    """An explorer whose line has stopped in the middle of a file."""
    name, url = first
    page.context.route("**/pyodide.asm.wasm.xz", lambda route: None)
    page.add_init_script(CATCH_WORKERS)
    page.clock.install()
    page.goto(url)
    figure = figure_of(page, name)
    touch(figure)
    page.wait_for_function(COMING, arg=figure.element_handle())
    page.wait_for_timeout(500)  # what comes beside the file
    return figure


def be_silent(page, time):
    """Let the page hear nothing of its worker until `time` (ms) after the last word."""
    page.clock.run_for(time - page.evaluate("Date.now() - workers[0].heard"))


def test_stalled_line(page, starting):
    be_silent(page, 9_000)
    assert starting.get_attribute("data-state") == "loading"
    page.clock.run_for(2_000)
    page.wait_for_function(FAILED, arg=starting.element_handle())
    assert "nothing has come over the line for 10 seconds" in words_of(starting)


# Once Python starts, or once it has, no more of what the worker says is heard.
DEAF = """(started) => {
    window.deaf = false;
    window.Worker = class extends Worker {
        constructor(...all) {
            super(...all);
            let starts = false;
            this.addEventListener("message", (event) => {
                if (deaf) event.stopImmediatePropagation();
                deaf ||= started ? starts && !event.data.starts : event.data.starts;
                starts = event.data.starts;
            });
        }
    };
}"""


@pytest.mark.parametrize(
    ("started", "patience", "reason"),
    [
        (False, 30, "it did not answer for 30 seconds"),
        (True, 10, "nothing has come over the line for 10 seconds"),
    ],
)
def test_while_python_starts_silence_is_not_the_lines(page, first, started, patience, reason):
    """Packages are still coming then, and the worker, which is busy, cannot say so."""
    name, url = first
    page.context.route("**/matplotlib.zip.xz", lambda route: None)  # it is never all there
    page.add_init_script(f"({DEAF})({str(started).lower()})")
    page.clock.install()
    page.goto(url)
    figure = figure_of(page, name)
    touch(figure)
    page.wait_for_function("() => window.deaf")
    page.clock.run_for((patience - 1) * 1000)
    assert figure.get_attribute("data-state") == "loading"
    page.clock.run_for(2_000)
    page.wait_for_function(FAILED, arg=figure.element_handle())
    assert reason in words_of(figure)


def test_a_page_that_comes_back_is_given_time(page, starting):
    """What was to come while the tab was hidden is not counted as silence, not even a moment after."""
    be_silent(page, 9_000)
    for hidden in (True, False):
        page.evaluate(HIDE, hidden)
    page.clock.run_for(9_000)
    assert starting.get_attribute("data-state") == "loading"
    page.clock.run_for(2_000)
    page.wait_for_function(FAILED, arg=starting.element_handle())


def test_worker_lost_while_starting(page, starting):
    page.evaluate("workers[0].terminate()")
    page.wait_for_function(FAILED, arg=starting.element_handle(), timeout=5_000)
    assert "it was stopped" in words_of(starting)


def test_types_that_hosts_do_not_know(page, first):
    """The bytes have been checked: the browser is told what they are, and compiles them while they come."""
    name, url = first
    said = []
    page.on("console", lambda message: said.append(message.text))

    def careless(route):
        answer = route.fetch()
        headers = answer.headers | {"content-type": "application/octet-stream"}
        route.fulfill(response=answer, headers=headers)

    page.context.route("**/_live/pyodide/*", careless)
    page.goto(url)
    touch(figure_of(page, name))
    assert settled(figure_of(page, name)) == "live"
    assert not [words for words in said if "streaming" in words]


def test_links_and_the_way_back(page, first):
    """A link with thousands of values ends in one short sentence; *Back* leads to what was seen."""
    name, url = first
    page.goto(url)
    figure = figure_of(page, name)
    slider = figure.locator("input[type=range][name]").first
    key = f"{name}.{slider.get_attribute('name')}"
    page.goto(f"{url}?{'&'.join([f'{key}=1'] * 2500)}&{key}=2")
    assert settled(figure) == "live"
    assert "was not understood; the default is shown" in words_of(figure)
    assert len(words_of(figure)) < 120
    slider.press("End")
    assert settled(figure) == "live"
    sentence, position = figure.locator("output").inner_text(), slider.input_value()
    page.goto(url.rpartition("/book/")[0] + "/book/pages/glossary.html")
    page.go_back()
    assert slider.input_value() == position
    assert settled(figure) == "live"
    assert figure.locator("output").inner_text() == sentence
    assert page.errors == []


def test_stalled_line_of_a_live_cell(page, first):
    """Live cells watch the same line in the same way."""
    page.context.route("**/pyodide.asm.wasm.xz", lambda route: None)
    page.add_init_script(CATCH_WORKERS)
    page.clock.install()
    page.goto(first[1])
    cell = cells_of(page)[0]
    press(cell, "run")
    assert_given_up_in_time(page, cell, "of .* MB")


def test_stalled_package_of_a_live_cell(page, first):
    """It is watched from the first byte that does not come."""
    page.context.route("**/scipy-*", lambda route: None)
    page.add_init_script(CATCH_WORKERS)
    page.goto(first[1])
    cell = cells_of(page)[0]
    write(cell, "x = 1")
    assert run(cell).startswith("Ran")
    page.clock.install()
    write(cell, "import scipy")
    press(cell, "run")
    assert_given_up_in_time(page, cell, "Loading scipy.*of .* MB")


def assert_given_up_in_time(page, cell, loading):
    words = cell.locator(".live-bar").element_handle()
    said = "([words, pattern]) => new RegExp(pattern).test(words.textContent)"
    page.wait_for_function(said, arg=[words, loading])
    page.wait_for_timeout(500)  # what comes beside the file
    be_silent(page, 9_000)
    button = cell.locator("[data-action=run]")
    assert button.is_disabled()
    page.clock.run_for(2_000)
    page.wait_for_function(said, arg=[words, "nothing has come over the line for 10 seconds"])
    assert button.is_enabled()
