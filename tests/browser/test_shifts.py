"""What a reader looks at stays where it is when pictures come late and an explorer wakes."""

import time

import pytest
import serve
from explorer_page import figure_of, wake

CHAPTER = "book/chapters/07-enaqt.html"
LATE = 1000  # ms, after which a picture comes, when it has been in view for a while
LIMIT = 0.02  # of the sum of layout shifts: 0.1 counts as good, 0.009 are those of the head and of a status
WATCH = """
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries()) {
            const name = ({ node }) => node?.id || node?.className || node?.nodeName;
            shifts.push([value, sources.map(name).join()]);
        }
    }).observe({ type: "layout-shift", buffered: true });
"""
# Scroll through the page, half a window at a time, until all pictures have come.
THROUGH = """async (wait) => {
    for (let at = 0; at < document.body.scrollHeight; at += innerHeight / 2) {
        scrollTo({ top: at, behavior: "instant" });
        await new Promise((resolve) => setTimeout(resolve, wait));
    }
}"""
MISSING = """() => [...document.querySelectorAll(".bd-article img")]
    .filter((image) => image.checkVisibility() && !image.naturalWidth).map(({ src }) => src)"""


@pytest.fixture(params=[(390, 664), (1280, 900)], ids=["phone", "wide"])
def page(request, browser):
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, service_workers="block")
    page = context.new_page()
    page.add_init_script(WATCH)
    yield page
    context.close()


def assert_nothing_jumped(page):
    shifts = page.evaluate("shifts")
    assert sum(value for value, _ in shifts) < LIMIT, shifts


def slow(host):
    time.sleep(LATE / 1000)
    serve.Handler.do_GET(host)


def test_pictures_that_come_late_move_nothing(page, host):
    host.faults |= dict.fromkeys((".png", ".svg"), slow)
    try:
        page.goto(host.url + CHAPTER)
        page.evaluate(THROUGH, LATE / 10)
        page.wait_for_timeout(2 * LATE)
    finally:
        host.faults.clear()
    assert page.evaluate(MISSING) == []
    assert_nothing_jumped(page)


def test_an_explorer_that_wakes_moves_nothing(page, host):
    page.goto(host.url + CHAPTER)
    figure = figure_of(page, "enaqt")
    figure.scroll_into_view_if_needed()
    before = figure.evaluate("it => it.offsetHeight")
    wake(figure)
    assert figure.evaluate("it => it.offsetHeight") == before
    assert_nothing_jumped(page)
