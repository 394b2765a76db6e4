"""Explorers that play: they move when asked, rest when nobody looks, and do not chatter."""

import itertools
import re

import pytest
from explorer_page import HIDE, PLAYING, figure_of, settled, values_of
from frenkel.explore import EXPLORERS

# Counts pictures and sentences of a figure from now on.
COUNT = """figure => {
    window.watching?.disconnect();
    const canvas = figure.querySelector("canvas");
    window.seen = { pictures: [], sentences: 0 };
    const context = canvas.getContext("2d");
    const draw = CanvasRenderingContext2D.prototype.putImageData;
    context.putImageData = (...rest) => {
        window.seen.pictures.push(performance.now());
        draw.apply(context, rest);
    };
    window.watching = new MutationObserver(() => window.seen.sentences++);
    window.watching.observe(figure.querySelector("output"), { childList: true });
}"""
# Sight is told late and in heaps, as by a browser that is busy.
LATE_SIGHT = """window.IntersectionObserver = class extends IntersectionObserver {
    constructor(tell, options) {
        const heap = [];
        super((news) => {
            if (!heap.length) setTimeout(() => tell(heap.splice(0)), 300);
            heap.push(...news);
        }, options);
    }
};"""
# Notes the moments that Python is asked for.
ASKED = """window.asked = [];
const post = Worker.prototype.postMessage;
Worker.prototype.postMessage = function (question, ...rest) {
    if (question.task === "show") window.asked.push(JSON.parse(question.values).time);
    return post.call(this, question, ...rest);
};"""
# What a tab does that goes behind another one, or comes back.
MOMENT = "figure => Number(figure.querySelector('.explorer-clock input').value)"


@pytest.fixture(scope="module")
def stage(browser, site_url, together):
    """A page with all explorers that play, and the Python that they share."""
    path, body = together(PLAYING)
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    html = {"body": body, "content_type": "text/html; charset=utf-8"}
    context.route(f"{site_url}{path}*", lambda route: route.fulfill(**html))
    page = context.new_page()
    page.add_init_script(ASKED)
    page.goto(site_url + path)
    yield page
    context.close()


def awake(page, name):
    """The explorer `name`, awake and settled, with what it shows counted from now on."""
    figure = figure_of(page, name)
    figure.locator(".explorer-clock input").dispatch_event("pointerdown")
    settled(figure)
    figure.scroll_into_view_if_needed()
    figure.evaluate(COUNT)
    return figure


@pytest.fixture
def playing(stage):
    """A function that gives the explorer `name` awake, at its defaults; it rests after the test."""
    figures = []

    def begin(name):
        figures.append(awake(stage, name))
        return figures[-1]

    yield begin
    for figure in figures:
        stage.evaluate(HIDE, False)
        figure.evaluate("figure => { figure.style.display = ''; }")
        figure.locator("[data-speed]").select_option("1")
        button(figure, "reset").click()
        settled(figure)


@pytest.fixture
def alone(browser, shown, site_url):
    """A function that gives an explorer awake on its own page, in a browser as `options` say."""
    pages = []

    def begin(name, script="", **options):
        page = browser.new_page(viewport={"width": 1280, "height": 900}, **options)
        pages.append(page)
        page.add_init_script(script)
        page.goto(site_url + shown[name][0])
        return awake(page, name)

    yield begin
    for page in pages:
        page.close()


def button(figure, name="play"):
    return figure.locator(f"[data-action={name}]")


@pytest.mark.parametrize("name", PLAYING)
def test_it_plays_to_the_end_and_again(playing, name):
    figure = playing(name)
    clock = EXPLORERS[name].clock
    figure.locator("[data-speed]").select_option("4")
    button(figure).click()
    assert button(figure).inner_text() == "Pause" and figure.get_attribute("data-playing") == "true"
    figure.page.wait_for_function(
        "figure => figure.querySelector('[data-action=play]').textContent === 'Play again'",
        arg=figure.element_handle(),
        timeout=1000 * clock.seconds + 20_000,
    )
    settled(figure)
    assert figure.get_attribute("data-playing") == "false"
    assert figure.evaluate(MOMENT) == pytest.approx(clock.high)
    seen = figure.page.evaluate("window.seen")
    assert len(seen["pictures"]) > 5
    assert seen["sentences"] <= 2 + clock.seconds, "it chatters"
    explorer = EXPLORERS[name]
    assert figure.locator("output").inner_text() == explorer.read_out(
        explorer.run(**values_of(figure, explorer))
    )
    button(figure).click()
    assert figure.evaluate(MOMENT) < clock.high / 2
    button(figure).click()


def test_steps_and_keys(playing):
    figure = playing("exciton")
    step, before = EXPLORERS["exciton"].clock.step, figure.evaluate(MOMENT)
    button(figure, "step").click()
    settled(figure)
    assert figure.evaluate(MOMENT) == pytest.approx(before + step)
    button(figure, "back").press("Enter")
    settled(figure)
    assert figure.evaluate(MOMENT) == pytest.approx(before)
    figure.locator(".explorer-clock input").press("ArrowRight")
    settled(figure)
    assert figure.evaluate(MOMENT) == pytest.approx(before + step)
    button(figure).press("Space")
    assert button(figure).inner_text() == "Pause"
    button(figure).press("Space")
    assert button(figure).inner_text() == "Play"


def playing_slowly(playing):
    """Return an explorer that has begun to play, and its page."""
    figure = playing("exciton")
    figure.locator("[data-speed]").select_option("0.25")
    button(figure).click()
    figure.page.wait_for_function("() => window.seen.pictures.length > 3")
    return figure, figure.page


def test_out_of_sight_it_rests(playing):
    figure, page = playing_slowly(playing)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(500)
    before, pictures = figure.evaluate(MOMENT), page.evaluate("window.seen.pictures.length")
    page.wait_for_timeout(1000)
    assert figure.evaluate(MOMENT) == before
    assert page.evaluate("window.seen.pictures.length") == pictures
    figure.scroll_into_view_if_needed()
    page.wait_for_function(f"() => window.seen.pictures.length > {pictures + 3}")
    assert figure.evaluate(MOMENT) < before + 3, "the clock has gone on out of sight"


def test_in_a_hidden_tab_it_rests(playing):
    figure, page = playing_slowly(playing)
    page.evaluate(HIDE, True)
    page.wait_for_timeout(500)
    before, pictures = figure.evaluate(MOMENT), page.evaluate("window.seen.pictures.length")
    page.wait_for_timeout(1000)
    assert page.evaluate("window.seen.pictures.length") == pictures
    page.evaluate(HIDE, False)
    page.wait_for_function(f"() => window.seen.pictures.length > {pictures + 3}")
    assert figure.evaluate(MOMENT) < before + 3, "the clock has gone on in the hidden tab"


def test_each_picture_is_a_new_frame_and_the_slider_follows_at_leisure(playing):
    figure = playing("exciton")
    page, step = figure.page, EXPLORERS["exciton"].clock.step
    figure.evaluate(
        """figure => {
            window.asked = [];
            window.moves = 0;
            new MutationObserver(() => window.moves++).observe(
                figure.querySelector(".explorer-clock input"), { attributeFilter: ["aria-valuetext"] });
        }"""
    )
    button(figure).click()
    page.wait_for_function("() => window.asked.length > 40")
    moves = page.evaluate("window.moves")
    button(figure).click()
    settled(figure)
    *frames, last = page.evaluate("window.asked")  # the last one is asked for its words
    assert all(after - before > step / 2 for before, after in itertools.pairwise(frames))
    assert figure.evaluate(MOMENT) == pytest.approx(last), "the slider stands where the picture is not"
    assert 1 <= moves < len(frames) / 2


def test_gone_and_back_in_a_moment_it_goes_on(alone):
    figure = alone("exciton", LATE_SIGHT)
    page = figure.page
    figure.locator("[data-speed]").select_option("0.25")
    button(figure).click()
    page.wait_for_function("() => window.seen.pictures.length > 3")
    figure.evaluate(
        """async (figure) => {
            const moment = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go, 50)));
            for (const display of ["none", ""]) {
                figure.style.display = display;
                await moment();
            }
        }"""
    )
    page.wait_for_timeout(500)
    before = figure.evaluate(MOMENT)
    page.evaluate("() => { window.seen.pictures = []; }")
    page.wait_for_function("() => window.seen.pictures.length > 3")
    assert button(figure).inner_text() == "Pause" and figure.evaluate(MOMENT) > before


def test_a_figure_that_is_folded_away_keeps_its_state(playing):
    figure = playing("exciton")
    figure.evaluate("figure => { figure.style.display = 'none'; }")
    button(figure, "step").dispatch_event("click")
    assert settled(figure) == "live"
    figure.evaluate("figure => { figure.style.display = ''; }")
    button(figure, "back").click()
    assert settled(figure) == "live"


def test_a_setting_moves_the_sliders_and_plays(playing):
    figure = playing("exciton")
    words, values = next(iter(EXPLORERS["exciton"].settings.items()))
    figure.get_by_role("button", name=words).click()
    assert button(figure).inner_text() == "Pause"
    figure.page.wait_for_function("() => window.seen.pictures.length > 3")
    button(figure).click()
    settled(figure)
    now = values_of(figure, EXPLORERS["exciton"])
    assert {name: now[name] for name in values} == pytest.approx(values)


def test_who_wants_no_motion_gets_none_unasked(alone):
    figure = alone("exciton", reduced_motion="reduce")
    words = list(EXPLORERS["exciton"].settings)[-1]
    figure.get_by_role("button", name=words).click()
    settled(figure)
    before = figure.evaluate(MOMENT)
    figure.page.wait_for_timeout(500)
    assert button(figure).inner_text() == "Play" and figure.evaluate(MOMENT) == before
    button(figure).click()
    figure.page.wait_for_function("() => window.seen.pictures.length > 3")


def test_a_link_holds_the_moment(playing):
    figure = playing("exciton")
    button(figure, "step").click()
    settled(figure)
    button(figure, "link").click()
    figure.page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('exciton.')")
    link = figure.page.evaluate("navigator.clipboard.readText()")
    clock = EXPLORERS["exciton"].clock
    moment = float(re.search(r"exciton\.time=([\d.]+)", link)[1])
    assert moment == pytest.approx(clock.default + clock.step)
    page = figure.page.context.new_page()
    page.goto(link)
    settled(figure_of(page, "exciton"))
    assert figure_of(page, "exciton").evaluate(MOMENT) == pytest.approx(moment)
    page.close()


# The clock, twice after the first picture, and the seconds since then.
PLAYED = """async figure => {
    const clock = figure.querySelector(".explorer-clock input");
    const frame = () => new Promise(requestAnimationFrame);
    const canvas = figure.querySelector("canvas");
    await new Promise((shown) => {
        if (canvas.hidden) new MutationObserver(shown).observe(canvas, { attributeFilter: ["hidden"] });
        else shown();
    });
    const begun = performance.now();
    const passed = () => (performance.now() - begun) / 1000;
    while (passed() < 1.2) await frame();
    const before = Number(clock.value);
    while (passed() < 2.4) await frame();
    return [before, Number(clock.value), passed()];
}"""


@pytest.mark.parametrize("words", list(EXPLORERS["exciton"].settings))
def test_on_a_cold_page_it_plays_from_its_beginning(browser, site_url, words):
    """However long Python takes to start, the clock begins with the first picture."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{site_url}book/index.html")
    figure = figure_of(page, "exciton")
    figure.get_by_role("button", name=words, exact=True).click()
    before, after, passed = figure.evaluate(PLAYED, timeout=60_000)
    clock = EXPLORERS["exciton"].clock
    assert 0 < before < after < passed * (clock.high - clock.low) / clock.seconds + 2 * clock.step
    page.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_first_screen_has_picture_buttons_and_slider(browser, site_url, width, height):
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{site_url}book/index.html")
    figure = figure_of(page, "exciton")
    slider = figure.locator(".explorer-controls input").first
    for part in (figure.locator(".explorer-picture"), figure.locator(".explorer-settings"), slider):
        box = part.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= height
    page.close()


NOISE = "figure => Number(figure.querySelector('[name=dephasing]').value)"
# Notes where the slider of the noise is seen to be.
WATCH_NOISE = """figure => {
    const slider = figure.querySelector("[name=dephasing]");
    window.noises = [];
    const look = () => { noises.push(Number(slider.value)); requestAnimationFrame(look); };
    look();
}"""


@pytest.mark.parametrize("reduced_motion", ["no-preference", "reduce"])
def test_a_button_lets_the_noise_go_over_the_maximum(alone, reduced_motion):
    """Unless the reader wants no motion: then it is there at once."""
    figure = alone("exciton", reduced_motion=reduced_motion)
    quiet, *_, much = EXPLORERS["exciton"].settings
    figure.get_by_role("button", name=quiet, exact=True).click()
    settled(figure)
    figure.page.wait_for_timeout(2000)
    low = figure.evaluate(NOISE)
    figure.evaluate(WATCH_NOISE)
    figure.get_by_role("button", name=much, exact=True).click()
    figure.page.wait_for_timeout(3000)
    seen = figure.page.evaluate("noises")
    assert low == seen[0] < seen[-1] == figure.evaluate(NOISE)
    assert seen == sorted(seen)
    between = {noise for noise in seen if low < noise < seen[-1]}
    assert not between if reduced_motion == "reduce" else len(between) > 5


# Press a button, and do something else while the noise is on its way.
INTERRUPT = """async (figure, [far, action, words]) => {
    const slider = figure.querySelector("[name=dephasing]");
    const buttons = [...figure.querySelectorAll("[data-setting]")];
    const press = (text) => buttons.find(({ textContent }) => textContent === text).click();
    const from = Number(slider.value);
    press(far);
    const to = Number(slider.max);
    while (!(slider.value > from + 0.2 * (to - from))) await new Promise(requestAnimationFrame);
    const between = Number(slider.value) < from + 0.9 * (to - from);
    if (action === "press") press(words);
    else if (action === "move") {
        slider.value = slider.min;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    } else figure.querySelector(`[data-action=${action}]`).click();
    return between;
}"""


@pytest.mark.parametrize("action", ["press", "move", "play", "reset", "step"])
def test_who_interrupts_a_button_gets_what_was_asked_for_last(playing, action):
    """Another button and the hand on the slider win; a pause comes to where the first button leads."""
    figure, explorer = playing("exciton"), EXPLORERS["exciton"]
    quiet, *_, much = explorer.settings
    noise = explorer.parameters[0]
    assert noise.high == pytest.approx(explorer.settings[much][noise.name])
    figure.get_by_role("button", name=quiet, exact=True).click()
    settled(figure)
    figure.page.wait_for_timeout(1500)
    assert figure.evaluate(INTERRUPT, [much, action, quiet]), "too late"
    figure.page.wait_for_timeout(2500)
    if button(figure).inner_text() == "Pause":
        button(figure).click()
    settled(figure)
    values = values_of(figure, explorer)
    gone_to = {
        "press": explorer.settings[quiet][noise.name],
        "move": noise.low,
        "reset": noise.default,
    }
    assert values[noise.name] == pytest.approx(gone_to.get(action, noise.high))
    assert figure.locator("output").inner_text() == explorer.read_out(explorer.run(**values))
