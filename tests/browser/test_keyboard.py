"""A page without a mouse and without motion: Tab reaches all that can be operated, and shows where it is."""

import pytest
from conftest import ROOT, THOROUGH

SOURCES = [path.relative_to(ROOT).as_posix() for path in (ROOT / "book").glob("**/*.md")]
PAGES = sorted(path.partition(".")[0] for path in SOURCES)
CHOSEN = PAGES if THOROUGH else ["book/chapters/06-dephasing"]

# Everything that Tab should reach, and what looks as if it could be clicked though Tab never will.
STOPS = """() => {
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
    const shown = (element) => element.checkVisibility({checkVisibilityCSS: true}) && !element.disabled;
    const inert = (element) => element.closest("dialog:not([open])");
    const groups = new Set();
    window.look = (element) => {
        const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(element);
        return [outlineStyle === "none" ? "0px" : outlineWidth, boxShadow].join(" ");
    };
    window.words = (element) => element.outerHTML.replace(/\\s+/g, " ").slice(0, 160);
    window.stops = new Map();
    window.passed = new Set();
    for (const element of document.querySelectorAll(kinds)) {
        if (!shown(element) || inert(element) || element.tabIndex < 0) continue;
        if (element.type === "radio") {
            if (groups.has(element.name)) continue;
            groups.add(element.name);
        }
        window.stops.set(element, look(element));
    }
    const dead = [];
    for (const element of document.querySelectorAll("body *")) {
        if (getComputedStyle(element).cursor !== "pointer" || !shown(element) || inert(element)) continue;
        // What has a data-button is a title beside the button that does the same.
        if (!element.closest(`label, [data-button], ${kinds}`)) dead.push(words(element));
    }
    return dead;
}"""
# What is wrong with the present stop; it is struck off the list.
HERE = """() => {
    const element = document.activeElement;
    if (element === document.body) return null;
    const before = window.stops.get(element) ?? "0px none"; // a box that scrolls, or a fold
    const faults = [];
    if (window.passed.has(element)) faults.push("comes twice");
    if (look(element) === before) faults.push("shows no focus");
    window.stops.delete(element);
    window.passed.add(element);
    const box = element.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const line = element.getClientRects()[0];
    const top = document.elementFromPoint(line.x + line.width / 2, line.y + line.height / 2);
    if (y < 0 || y > innerHeight || x < 0 || x > innerWidth) faults.push("is out of sight");
    else if (!element.contains(top) && !top?.contains(element)) faults.push(`is covered by ${words(top)}`);
    for (let e = element; e; e = e.parentElement) {
        if (getComputedStyle(e).opacity < 0.3) faults.push("is transparent");
    }
    return faults.map((fault) => `${fault}: ${words(element)}`);
}"""
MOVING = """() => {
    const moves = (element, pseudo) => {
        const {transitionDuration, animationDuration, scrollBehavior} = getComputedStyle(element, pseudo);
        const seconds = `${transitionDuration}, ${animationDuration}`.split(",").map(parseFloat);
        return Math.max(...seconds) > 0.01 || scrollBehavior === "smooth";
    };
    const all = [...document.querySelectorAll("*")];
    const moving = all.filter((e) => [null, "::before", "::after"].some((pseudo) => moves(e, pseudo)));
    return moving.map((element) => element.outerHTML.slice(0, 100));
}"""


@pytest.fixture
def page(browser):
    """A page for a reader who has asked for less motion."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", service_workers="block"
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", CHOSEN)
def test_tab_reaches_everything_and_shows_where_it_is(page, site_url, name, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site_url}{name}.html", wait_until="load")
    assert page.evaluate(MOVING) == []
    assert page.evaluate(STOPS) == [], "can be clicked, but not reached"
    faults = []
    for _ in range(page.evaluate("stops.size") + 50):
        page.keyboard.press("Tab")
        found = page.evaluate(HERE)
        if found is None:
            break
        faults += found
    else:
        faults.append("Tab does not leave the page")
    assert not faults, "\n".join(faults)
    assert page.evaluate("[...stops.keys()].map(words)") == [], "Tab passed them by"


def test_keys_operate_a_page(page, site_url):
    page.goto(f"{site_url}book/chapters/06-dephasing.html", wait_until="load")
    question = page.locator(".question:has(fieldset)").first
    question.locator("input").first.press("Space")
    assert question.locator("[role=status]").inner_text()
    number = page.locator(".question:has([inputmode=decimal])").first
    number.locator("input").press_sequentially("1e9")
    number.locator("input").press("Enter")
    assert number.locator("[role=status]").inner_text()
    solution = page.locator(".solution.dropdown").first
    hidden = solution.locator("p:not(.admonition-title)").first
    assert not hidden.is_visible()
    solution.locator("button").first.press("Enter")
    assert hidden.is_visible()
    code = page.locator("details.hide").first
    code.locator("summary").press("Enter")
    assert code.locator("pre").first.is_visible()
    theme = page.locator(".theme-switch-button").first
    seen = set()
    for _ in range(3):  # light, dark, and the system's
        theme.press("Enter")
        seen.add(page.evaluate("document.documentElement.dataset.theme"))
    assert seen == {"light", "dark"}
    page.set_viewport_size({"width": 390, "height": 900})
    menu = page.locator(".primary-toggle").first
    menu.press("Enter")
    chapters = page.locator("dialog[open]")
    assert chapters.get_by_role("link", name="Temperature").is_visible()
    page.keyboard.press("Escape")
    assert not chapters.count()
    page.keyboard.press("Control+k")
    page.keyboard.type("dephasing")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=dephasing*")
