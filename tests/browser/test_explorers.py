"""Explorers in the built site: alive at a touch, right to the last digit, calm when something fails."""

import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from explorer_page import (
    STARTING,
    assert_numbers,
    figure_of,
    move,
    refusal_of,
    settled,
    touch,
    use_theme,
    values_of,
)
from frenkel.explore import EXPLORERS, Choice
from frenkel.explore.hosts import picture

STATES = ["", "Starting Python: 12.3 of 25.9 MB", "Ready: move a slider"]
PIXELS = "canvas => canvas.hidden ? '' : canvas.toDataURL()"


def settings(explorer):
    """Three settings besides the defaults: both ends of every range, and a seeded random one."""
    rng = random.Random(explorer.name)
    yield {parameter.name: parameter.corners[0] for parameter in explorer.parameters}
    yield {parameter.name: parameter.corners[-1] for parameter in explorer.parameters}
    yield {
        parameter.name: rng.choice(list(parameter.options))
        if isinstance(parameter, Choice)
        else parameter.from_position(
            parameter.to_position(parameter.low) + rng.randrange(parameter.steps) * parameter.step
        )
        for parameter in explorer.parameters
    }


def saved(figure):
    with figure.page.expect_download() as download:
        figure.locator("[data-action=numbers]").click()
    return download.value.path().read_text("utf-8")


def test_numbers_are_those_of_the_library(figure):
    explorer = EXPLORERS[figure.get_attribute("data-explorer")]
    assert_numbers(saved(figure), explorer, values_of(figure, explorer))
    for setting in settings(explorer):
        state = move(figure, *((parameter, setting[parameter.name]) for parameter in explorer.parameters))
        refusal = refusal_of(explorer, values_of(figure, explorer))
        assert state == ("error" if refusal else "live")
        if refusal:
            assert figure.locator(".explorer-status").inner_text() == refusal
        else:
            assert_numbers(saved(figure), explorer, values_of(figure, explorer))


def test_every_control_changes_the_figure(figure):
    explorer = EXPLORERS[figure.get_attribute("data-explorer")]
    canvas = figure.locator("canvas")
    for parameter in explorer.parameters:
        before = canvas.evaluate(PIXELS), figure.locator("output").inner_text()
        for end in [corner for corner in parameter.corners if corner != parameter.default]:
            move(figure, (parameter, end))
            if before != (canvas.evaluate(PIXELS), figure.locator("output").inner_text()):
                break
        else:
            pytest.fail(f"{parameter.name} changes nothing")
        figure.locator("[data-action=reset]").click()
        settled(figure)


def test_reset_restores_picture_and_sentence(figure):
    explorer = EXPLORERS[figure.get_attribute("data-explorer")]
    before = figure.locator("canvas").evaluate(PIXELS)
    move(figure, (explorer.parameters[0], explorer.parameters[0].corners[-1]))
    figure.locator("[data-action=reset]").click()
    settled(figure)
    assert values_of(figure, explorer) == explorer.defaults
    assert figure.locator("canvas").evaluate(PIXELS) == before
    assert figure.locator("output").inner_text() == explorer.read_out(explorer.run())


def test_while_dragging_the_newest_value_wins(figure):
    explorer = EXPLORERS[figure.get_attribute("data-explorer")]
    slider = next(parameter for parameter in explorer.parameters if not isinstance(parameter, Choice))
    figure.evaluate(
        """async (figure, name) => {
            const heard = window.heard = [], output = figure.querySelector("output");
            const watch = new MutationObserver(() => heard.push(output.textContent));
            watch.observe(output, {childList: true});
            const control = figure.querySelector(`[name="${name}"]`);
            const [low, high] = [Number(control.min), Number(control.max)];
            for (let i = 1; i <= 30; i++) {
                control.value = low + (high - low) * (0.2 + i / 100);
                control.dispatchEvent(new Event("input", {bubbles: true}));
                await new Promise((resolve) => setTimeout(resolve, 5));
            }
        }""",
        slider.name,
    )
    settled(figure)
    last = explorer.read_out(explorer.run(**values_of(figure, explorer)))
    assert figure.locator("output").inner_text() == last
    assert len(figure.page.evaluate("window.heard")) < 30, "every value of the drag was computed"


def test_refusal_is_said_in_words_and_the_next_value_recovers(figure):
    explorer = EXPLORERS[figure.get_attribute("data-explorer")]
    slider = next(parameter for parameter in explorer.parameters if not isinstance(parameter, Choice))
    control = figure.locator(f'[name="{slider.name}"]')
    high = control.get_attribute("max")
    control.evaluate("control => { control.max = Number(control.max) + 100; }")
    state = move(figure, (slider, slider.from_position(float(high) + 5)))
    words = figure.locator(".explorer-status").inner_text()
    control.evaluate("(control, high) => { control.max = high; }", high)
    assert state == "error"
    assert words.startswith(f"Argument `{slider.name}` must be between")
    assert "Traceback" not in words
    figure.locator("[data-action=reset]").click()
    assert settled(figure) == "live"


def test_pictures_follow_theme_width_and_print(gallery):
    figures = {name: figure_of(gallery, name) for name in EXPLORERS}
    corner = """canvas => [...canvas.getContext("2d").getImageData(0, 0, 1, 1).data].slice(0, 3)"""
    fits = "canvas => canvas.width === canvas.parentElement.clientWidth"
    try:
        use_theme(gallery, "light")
        for name, figure in figures.items():
            settled(figure)
            assert min(figure.locator("canvas").evaluate(corner)) > 200, name
        use_theme(gallery, "dark")
        for name, figure in figures.items():
            settled(figure)
            assert max(figure.locator("canvas").evaluate(corner)) < 60, name
        gallery.set_viewport_size({"width": 390, "height": 800})
        for name, figure in figures.items():
            canvas = figure.locator("canvas")
            gallery.wait_for_function(fits, arg=canvas.element_handle(), timeout=STARTING)
            box = canvas.bounding_box()
            width, height = picture.size(EXPLORERS[name], "narrow")
            assert box["height"] / box["width"] == pytest.approx(height / width, rel=0.01), name
        assert gallery.evaluate("document.documentElement.scrollWidth") <= 390
        gallery.emulate_media(media="print")
        for name, figure in figures.items():
            assert not figure.locator("canvas").is_visible(), name
            assert figure.locator(".explorer-light").is_visible(), name
    finally:
        gallery.emulate_media(media="screen")
        gallery.set_viewport_size({"width": 760, "height": 900})


def sentences_of(explorer, figure):
    """What an explorer has to say, and something as long as its longest sentence may be."""
    sentences = [figure.locator("output").inner_text()]
    if explorer.length:
        allowed = (values for values in settings(explorer) if not refusal_of(explorer, values))
        sentences += [explorer.read_out(explorer.run(**values)) for values in allowed]
    return [*sentences, (2 * f"{sentences[0]} ")[: max(len(sentences[0]), explorer.length)]]


def test_no_sentence_moves_what_is_below(gallery):
    """On a phone and on a narrow desktop, whatever the model has to say."""
    said = {name: sentences_of(explorer, figure_of(gallery, name)) for name, explorer in EXPLORERS.items()}
    try:
        for width in (390, 760):
            gallery.set_viewport_size({"width": width, "height": 900})
            for name, sentences in said.items():
                heights = figure_of(gallery, name).evaluate(
                    """(figure, said) => Object.entries(said).flatMap(([place, all]) => all.map((words) => {
                        figure.querySelector(place).textContent = words;
                        return figure.offsetHeight;
                    }))""",
                    {"output": sentences, ".explorer-status": STATES},
                )
                assert len(set(heights)) == 1, f"{name} at {width}: {heights}"
    finally:
        gallery.set_viewport_size({"width": 760, "height": 900})
        gallery.locator("[data-action=reset]").evaluate_all(
            "buttons => buttons.forEach((button) => button.click())"
        )


def test_explorers_are_accessible_and_quiet(gallery):
    for theme in ("light", "dark"):
        use_theme(gallery, theme)
        results = Axe().run(gallery, context="figure.explorer", options={"preload": False}).response
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in results["violations"]] == []
    assert gallery.faults == []


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def test_python_waits_for_the_first_touch(page, first):
    name, url = first
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url, wait_until="networkidle")
    figure = figure_of(page, name)
    assert figure.get_attribute("data-state") == "static"
    assert not [address for address in asked if "/_live/pyodide/" in address or "worker.js" in address]
    place = "figure => [figure.offsetTop, figure.offsetHeight, document.documentElement.scrollHeight]"
    before = figure.evaluate(place)
    figure.locator("[name]").first.press("ArrowRight")
    assert figure.get_attribute("data-state") == "loading"
    page.wait_for_function(
        r"figure => /: [\d.]+ of [\d.]+ MB/.test(figure.querySelector('.explorer-status').textContent)",
        arg=figure.element_handle(),
    )
    assert settled(figure) == "live"
    assert any(address.endswith("pyodide.asm.wasm.xz") for address in asked)
    explorer = EXPLORERS[name]
    assert figure.locator("output").inner_text() == explorer.read_out(
        explorer.run(**values_of(figure, explorer))
    )
    assert figure.evaluate(place) == before, "the page moved when the explorer woke"


def test_link_reopens_the_page_in_its_state(page, first):
    name, url = first
    explorer = EXPLORERS[name]
    page.goto(url)
    figure = figure_of(page, name)
    parameter, *others = (p for p in explorer.parameters if not isinstance(p, Choice))
    slider = figure.locator(f'[name="{parameter.name}"]')
    slider.evaluate("control => { control.stepDown(3); }")
    value = values_of(figure, explorer)[parameter.name]
    figure.locator("[data-action=link]").click()
    page.wait_for_function("() => document.querySelector('.explorer-status').textContent !== ''")
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.search(rf"\?{name}\.{parameter.name}=[-.\de]+#explorer-{name}$", link)
    address, anchor = link.split("#")
    extra = "".join(f"&{name}.{p.name}={v}" for p, v in zip(others, ("1e99", "<b>x</b>", ""), strict=False))
    page.goto(f"{address}{extra}&{name}.nothing=1&other.thing=2#{anchor}")
    figure = figure_of(page, name)
    assert figure.get_attribute("data-state") == "loading", "the link starts the model without a touch"
    expected = explorer.defaults | {parameter.name: pytest.approx(value)}
    if others:
        expected[others[0].name] = pytest.approx(others[0].high)
    assert values_of(figure, explorer) == expected
    settled(figure)
    words = figure.locator(".explorer-status").inner_text()
    assert ("outside the range" in words) == (len(others) == 1)
    assert words.startswith("Several of the link’s values") == (len(others) > 1)


def test_without_webassembly_the_static_figure_stays(page, first):
    name, url = first
    page.add_init_script("delete globalThis.WebAssembly")
    page.goto(url)
    figure = figure_of(page, name)
    touch(figure)
    assert settled(figure) == "error"
    words = figure.locator(".explorer-status").inner_text()
    assert "this browser has no WebAssembly" in words
    assert "run locally" in words
    assert figure.locator(".explorer-light img").is_visible()
    assert figure.locator("input").first.is_disabled()
