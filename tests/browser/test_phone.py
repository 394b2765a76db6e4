"""Explorers under a finger, for the ears and in large letters."""

import itertools
import re

import pytest
from explorer_page import figure_of, settled, touch
from fingers import PHONE, middle, swipe, thumb
from frenkel.explore import EXPLORERS, Choice

SLIDERS = 100  # px for sliders below picture and sentence
# Where picture, sentence and sliders are, and what hides the upper edge of the page.
PLACES = """figure => {
    const place = (selector) => figure.querySelector(selector).getBoundingClientRect();
    const head = document.querySelector(".bd-header-article").getBoundingClientRect().bottom;
    return {head, picture: place(".explorer-picture").top, words: place(".explorer-words").bottom,
            first: place(".explorer-controls").top, last: place(".explorer-controls").bottom};
}"""
TO_LAST = """figure => {
    const last = [...figure.querySelectorAll(".explorer-controls :is(input, select)")].at(-1);
    last.scrollIntoView({block: "end", behavior: "instant"});
    return last.getBoundingClientRect().bottom;
}"""
# Counts what a screen reader would read aloud of an explorer.
LISTEN = """figure => {
    window.heard = [];
    for (const region of figure.querySelectorAll("[role=status], [role=alert], [aria-live], output")) {
        if (region.getAttribute("aria-live") === "off") continue;
        new MutationObserver(() => heard.push(region.textContent))
            .observe(region, {childList: true, characterData: true, subtree: true});
    }
}"""
DRAG = """async ([figure, name, seconds]) => {
    const control = figure.querySelector(`[name="${name}"]`);
    const [low, high] = [Number(control.min), Number(control.max)];
    for (let end = performance.now() + 1000 * seconds, i = 0; performance.now() < end; i++) {
        control.value = low + (high - low) * (0.3 + 0.4 * Math.abs(Math.sin(i / 20)));
        control.dispatchEvent(new Event("input", {bubbles: true}));
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}"""
# Text that does not have the room that it needs, or lies outside of the explorer.
CUT = """figure => {
    const edge = figure.getBoundingClientRect();
    const words = "figcaption, output, button, .explorer-label, .explorer-value, .explorer-status";
    return [...figure.querySelectorAll(words)].filter((element) => {
        const box = element.getBoundingClientRect();
        const {clipPath, display} = getComputedStyle(element);
        if (!box.width || clipPath !== "none") return false;
        const spills = element.scrollWidth > element.clientWidth + 1 && display !== "inline";
        return spills || box.left < edge.left || box.right > edge.right + 0.5;
    }).map((element) => `${element.className || element.tagName}: ${element.textContent}`);
}"""


@pytest.fixture(scope="module")
def still(browser, site_url, everything):
    """The page with all explorers on a phone; nothing is touched."""
    path, body = everything
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.route(site_url + path, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(site_url + path)
    yield page
    context.close()


@pytest.mark.parametrize("name", EXPLORERS)
def test_picture_sentence_and_sliders_share_a_view(still, name):
    """All of it, or the sliders pass below picture and sentence, which stay."""
    figure = figure_of(still, name)
    figure.locator(".explorer-picture").evaluate("box => box.scrollIntoView({behavior: 'instant'})")
    places = figure.evaluate(PLACES)
    room = PHONE["viewport"]["height"] - places["head"]
    if places["last"] - places["picture"] <= room:
        return
    assert figure.evaluate(TO_LAST) <= PHONE["viewport"]["height"] + 1
    places = figure.evaluate(PLACES)
    assert places["picture"] >= places["head"] - 1, "the picture has left"
    assert PHONE["viewport"]["height"] - places["words"] >= SLIDERS, "picture and sentence leave no room"
    last = figure.locator(".explorer-controls .explorer-control").last.bounding_box()
    assert last["y"] >= places["words"] - 1, "the last slider is hidden"


def opened(phone, first):
    name, url = first
    asked = []
    phone.on("request", lambda request: "/pyodide/" in request.url and asked.append(request.url))
    phone.goto(url, wait_until="load")
    figure = figure_of(phone, name)
    figure.locator(".explorer-controls").evaluate(
        "box => box.scrollIntoView({block: 'end', behavior: 'instant'})"
    )
    phone.wait_for_timeout(300)
    return figure, asked


def test_a_finger_that_scrolls_moves_no_slider_and_wakes_nothing(phone, first):
    figure, asked = opened(phone, first)
    values = "figure => [...figure.querySelectorAll('input, select')].map((control) => control.value)"
    before = figure.evaluate(values)
    controls = figure.locator(".explorer-controls .explorer-control")
    for index, part in itertools.product(range(controls.count()), (".explorer-label", "input, select")):
        place = controls.nth(index).locator(part).first
        place.evaluate("element => element.scrollIntoView({block: 'end', behavior: 'instant'})")
        at, (x, y) = phone.evaluate("scrollY"), middle(place.bounding_box())
        swipe(phone, x + 20, y, 4, -150)
        assert phone.evaluate("scrollY") > at + 50, "the page does not scroll"
    assert figure.evaluate(values) == before
    assert figure.get_attribute("data-state") == "static"
    assert asked == []


def test_a_finger_that_moves_a_slider_wakes_it_and_one_that_scrolls_leaves_it(phone, first):
    figure, asked = opened(phone, first)
    slider = figure.locator(".explorer-controls input[type=range]").first
    before, (x, y) = slider.input_value(), thumb(slider)
    swipe(phone, x, y, 90, 3)
    assert slider.input_value() != before
    assert settled(figure) == "live"
    assert asked
    slider.evaluate("element => element.scrollIntoView({block: 'end', behavior: 'instant'})")
    before, sentence = slider.input_value(), figure.locator("output").inner_text()
    swipe(phone, *thumb(slider), 4, -150)
    assert (slider.input_value(), figure.locator("output").inner_text()) == (before, sentence)


def test_the_wait_is_honest_and_in_view(phone, first):
    """The cost is said before; then megabytes, and that the picture shows other settings."""
    figure, _ = opened(phone, first)
    button = figure.get_by_role("button", name="Run it here")
    said = re.fullmatch(r"Run it here \((\d+) MB, once\)", button.inner_text())[1]
    slider = figure.locator(".explorer-controls input[type=range]").first
    phone.context.route("**/matplotlib.zip.xz", lambda route: None)
    slider.press("End")
    words = figure.locator(".explorer-status")
    phone.wait_for_function("words => / of .* MB/.test(words.textContent)", arg=words.element_handle())
    total = re.search(r"of ([\d.]+) MB", words.inner_text())[1]
    assert f"{float(total):.0f}" == said
    assert figure.locator(".explorer-other").is_visible()
    assert not button.is_visible()
    view = figure.evaluate(PLACES)
    box = words.bounding_box()
    assert view["head"] <= box["y"] and box["y"] + box["height"] <= PHONE["viewport"]["height"]
    bar = figure.locator("progress")
    phone.wait_for_function("bar => bar.position > 0", arg=bar.element_handle())
    assert 0 < bar.evaluate("bar => bar.position") < 1


def test_the_button_wakes_it_and_goes(phone, first):
    figure, _ = opened(phone, first)
    figure.locator("[data-action=start]").tap()
    assert settled(figure) == "live"
    assert not figure.locator("[data-action=start]").is_visible()
    assert not figure.locator(".explorer-other").is_visible()
    phone.reload()
    assert figure.locator("[data-action=start]").inner_text() == "Run it here", "it has been paid for"


def test_live_regions_speak_when_a_change_has_settled(phone, first):
    name, _ = first
    figure, _ = opened(phone, first)
    figure.evaluate(LISTEN)
    touch(figure)
    assert settled(figure) == "live"
    phone.wait_for_timeout(1500)
    started = phone.evaluate("heard.splice(0)")
    sentence = figure.locator("output").inner_text()
    assert started == ["Starting Python", f"Ready: move a slider {sentence}"]
    slider = next(p for p in EXPLORERS[name].parameters if not isinstance(p, Choice))
    phone.evaluate(DRAG, [figure.element_handle(), slider.name, 5])
    assert phone.evaluate("heard") == []
    settled(figure)
    phone.wait_for_timeout(1500)
    assert phone.evaluate("heard") == [figure.locator("output").inner_text()]


@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (390, "200%"), (320, "200%"), (1280, "200%")])
def test_large_letters_cut_nothing(still, width, size):
    still.set_viewport_size({"width": width, "height": 664})
    still.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
    try:
        still.wait_for_timeout(300)
        for name in EXPLORERS:
            figure = figure_of(still, name)
            assert figure.evaluate(CUT) == [], name
            assert figure.evaluate("figure => figure.scrollWidth - figure.clientWidth") <= 0, name
            figure.evaluate(TO_LAST)
            last = figure.locator(".explorer-controls .explorer-control").last.bounding_box()
            stays = figure.locator(".explorer-view.stays")
            if stays.count():
                box = stays.bounding_box()
                assert last["y"] >= box["y"] + box["height"] - 1, f"{name} hides its sliders"
    finally:
        still.evaluate("() => { document.documentElement.style.fontSize = ''; }")
        still.set_viewport_size(PHONE["viewport"])
