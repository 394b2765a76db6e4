"""What fingers, keys and a turned phone do to an explorer: only what moves a control moves or wakes it."""

import pytest
from explorer_page import PLAYING, figure_of, settled, touch
from fingers import PHONE, bring, fingers, glide, middle, swipe

VALUES = "figure => [...figure.querySelectorAll('[name]')].map((control) => control.value)"
RANGES = ".explorer-controls input[type=range]"
WAITS = 400  # ms, after which what was to happen has happened
VIEW = """figure => {
    const view = figure.querySelector(".explorer-view");
    return [getComputedStyle(view).position, view.offsetHeight];
}"""


@pytest.fixture
def still(phone, first):
    """An explorer that nobody has touched."""
    name, url = first
    phone.goto(url)
    figure = figure_of(phone, name)
    bring(figure.locator(RANGES).first, "center")
    yield figure
    phone.wait_for_timeout(WAITS)
    assert figure.get_attribute("data-state") == "static"


@pytest.fixture
def playing(phone, shown, site_url):
    """An explorer whose clock runs, slowly."""
    name = next(name for name in PLAYING if figure_has_sliders(name, shown))
    phone.goto(site_url + shown[name][0])
    figure = figure_of(phone, name)
    touch(figure)
    assert settled(figure) == "live"
    figure.locator("[data-speed]").select_option("0.25")
    bring(figure.locator("[data-action=play]"), "center")
    figure.locator("[data-action=play]").tap()
    phone.wait_for_timeout(WAITS)
    return figure


def figure_has_sliders(name, shown):
    return 'type="range"' in shown[name][1].partition('class="explorer-controls"')[2]


def test_keys_that_move_nothing_wake_nothing(still):
    still.locator(RANGES).first.focus()
    for key in ("Control", "CapsLock", "Alt", "F2", "PrintScreen"):
        still.page.keyboard.press(key)


def test_a_tap_beside_the_sliders_wakes_nothing(still):
    label = still.locator(".explorer-controls .explorer-label").first
    place = label.bounding_box()["x"] + 2, label.bounding_box()["y"] + 1
    still.page.evaluate("addEventListener('pointerdown', ({target}) => { window.hit = target.className; })")
    fingers(still.page, "touchStart", place)
    fingers(still.page, "touchEnd")
    still.page.mouse.click(*place, button="right")
    assert still.page.evaluate("hit") == "explorer-label"


def test_fingers_that_pinch_wake_nothing(still):
    before = still.evaluate(VALUES)
    slider = middle(still.locator(RANGES).first.bounding_box())
    picture = middle(still.locator(".explorer-picture").bounding_box())
    glide(still.page, (*slider, 0, 60), (*picture, 0, -60))
    assert still.evaluate(VALUES) == before


def test_a_swipe_over_the_picture_wakes_nothing(still):
    bring(still.locator(".explorer-picture"), "center")
    swipe(still.page, *middle(still.locator(".explorer-picture").bounding_box()), 10, -150)


def test_a_swipe_on_a_phone_that_lies_wakes_nothing(still):
    still.page.set_viewport_size({"width": 664, "height": 390})
    bring(still.locator(RANGES).first, "center")
    before = still.evaluate(VALUES)
    for part in (0.3, 0.9):
        box = still.locator(RANGES).first.bounding_box()
        swipe(still.page, box["x"] + part * box["width"], middle(box)[1], 4, -120)
        bring(still.locator(RANGES).first, "center")
    assert still.evaluate(VALUES) == before


@pytest.mark.parametrize("part", [RANGES, ".explorer-clock input"], ids=["slider", "clock"])
def test_a_finger_that_scrolls_leaves_what_plays(playing, part):
    slider = playing.locator(part).first
    bring(slider)
    before, box = slider.input_value(), slider.bounding_box()
    at = playing.page.evaluate("scrollY")
    swipe(playing.page, box["x"] + 0.9 * box["width"], middle(box)[1], 3, -150)
    assert playing.page.evaluate("scrollY") > at + 50
    assert playing.locator("[data-action=play]").inner_text() == "Pause", "the clock stands"
    now = slider.input_value()
    if part == RANGES:
        assert now == before
    else:
        end = float(slider.get_attribute("max"))
        assert float(before) <= float(now) < float(before) + 0.3 * end


def test_a_tap_on_the_clock_sets_it(playing):
    slider = playing.locator(".explorer-clock input")
    bring(slider, "center")
    box = slider.bounding_box()
    slider.tap(position={"x": 0.8 * box["width"], "y": box["height"] / 2})
    assert playing.locator("[data-action=play]").inner_text() == "Play"
    share = float(slider.input_value()) / float(slider.get_attribute("max"))
    assert share == pytest.approx(0.8, abs=0.05)


def test_a_second_explorer_costs_nothing(phone, shown, site_url):
    """Once one has started Python, the others of the page neither name its price nor say that it starts."""
    path = next(path for path, _ in shown.values() if sum(path == other for other, _ in shown.values()) > 1)
    one, two = [name for name, (other, _) in shown.items() if other == path][:2]
    phone.goto(site_url + path)
    button = figure_of(phone, two).locator("[data-action=start]")
    assert "MB" in button.inner_text()
    touch(figure_of(phone, one))
    assert settled(figure_of(phone, one)) == "live"
    assert button.inner_text() == "Run it here"
    words = figure_of(phone, two).locator(".explorer-spoken")
    words.evaluate("""it => {
        window.heard = [];
        new MutationObserver(() => heard.push(it.textContent)).observe(it, {childList: true});
    }""")
    button.tap()
    assert settled(figure_of(phone, two)) == "live"
    phone.wait_for_timeout(1500)
    heard = phone.evaluate("heard")
    assert heard[0] == "Python is ready: computing" and len(heard) == 2


def test_a_phone_is_turned_while_python_starts(phone, first):
    """The picture is at last that of the page's width, there and back."""
    name, url = first
    phone.goto(url)
    figure = figure_of(phone, name)
    figure.locator("[data-action=start]").tap()
    phone.set_viewport_size({"width": 664, "height": 390})
    shapes = []
    for size in (None, PHONE["viewport"]):
        if size:
            phone.set_viewport_size(size)
        phone.wait_for_timeout(WAITS)
        assert settled(figure) == "live"
        shape = "it => [it.width / it.height, it.clientWidth / it.clientHeight]"
        drawn, shown = figure.locator("canvas").evaluate(shape)
        assert drawn == pytest.approx(shown, rel=0.02)
        shapes.append(shown)
    assert shapes[0] > shapes[1]


def test_a_picture_stays_only_where_it_leaves_room(still):
    """Also if the window has changed in height alone, as beside another one or above a keyboard."""
    page, width = still.page, PHONE["viewport"]["width"]
    for height, position in ((330, "static"), (900, "sticky"), (330, "static")):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(WAITS)
        assert still.evaluate(VIEW)[0] == position, height


def test_no_button_lies_on_the_sliders(still):
    """The theme's button to the top of the page comes when a reader scrolls up; not over an explorer."""
    page, top = still.page, still.page.locator("#pst-back-to-top")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(WAITS)
    page.evaluate("scrollBy(0, -300)")
    top.wait_for(state="visible")
    bring(still.locator(RANGES).first)
    page.wait_for_timeout(WAITS)
    assert not top.is_visible()
