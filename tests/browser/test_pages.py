"""Every page reads well in a browser: nothing is cut off or crowded, nothing complains, axe finds nothing."""

from collections import defaultdict
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import THOROUGH
from explorer_page import settled, touch

# Two of the four ways to see a page by default; `make live` takes all, and wakes the explorers.
PHONE = (390, "dark")
SEEN = [(1280, "light"), PHONE] + [(1280, "dark"), (390, "light")] * THOROUGH
SIDEWAYS = "() => document.documentElement.scrollWidth > innerWidth"

# Titles of folded solutions, their buttons, and the arrows at the foot: each has its room, and no more.
CROWDED = """() => [
    ...[...document.querySelectorAll(".solution.toggle-hidden")].filter((box) => {
        const title = box.querySelector(".admonition-title");
        const button = box.querySelector(".toggle-button").getBoundingClientRect();
        const words = [...title.querySelector("a").getClientRects()];
        return box.offsetHeight > title.offsetHeight + 2
            || words.some(({ right, top }) => right > button.left && top < button.bottom);
    }).map((box) => box.id),
    ...[...document.querySelectorAll(".prev-next-area svg")]
        .filter((arrow) => arrow.getBoundingClientRect().right > innerWidth)
        .map(() => "the arrow to the next page"),
]"""


# Marks an element of each color and size of letters on each ground, and returns how many.
MARK = """() => {
    const seen = new Set();
    const ground = (element) => {
        const { backgroundColor, backgroundImage } = getComputedStyle(element);
        const clear = backgroundColor === "rgba(0, 0, 0, 0)" && backgroundImage === "none";
        return (clear && element.parentElement && ground(element.parentElement)) || backgroundColor;
    };
    for (const element of document.querySelectorAll("body *")) {
        if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
        if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
        const { color, fontSize, fontWeight, opacity } = getComputedStyle(element);
        const look = [color, fontSize, fontWeight, opacity, ground(element)].join();
        if (!seen.has(look)) element.dataset.look = "";
        seen.add(look);
    }
    return seen.size;
}"""


AXE = "([place, given]) => axe.run(place, given).then(({ violations }) => violations)"
PAGE, MARKS = {"include": [["html"]]}, {"include": [["[data-look]"]]}
QUIET = {"preload": False, "resultTypes": ["violations"]}  # with preload axe would ask for style sheets


def violations(page):
    """Return what axe finds; contrast, which takes long, at one element for each look unless `THOROUGH`."""
    page.evaluate(Axe().axe_script)
    found = page.evaluate(AXE, [PAGE, QUIET | {"rules": {"color-contrast": {"enabled": THOROUGH}}}])
    assert page.evaluate(MARK) > 1, "no words are seen"
    return found + page.evaluate(AXE, [MARKS, QUIET | {"runOnly": ["color-contrast"]}])


def opened(context, url, home):
    """A page, open; what it complains of and asks others for is in `page.faults`."""
    page = context.new_page()
    page.faults = []
    page.on("console", lambda message: message.type == "error" and page.faults.append(message.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((home, "data:", "blob:")) or page.faults.append(f"asks for {request.url}")
        ),
    )
    page.goto(url, wait_until="load")
    return page


def faults_of(page):
    """Return in words what is wrong with an open page."""
    faults = []
    for figure in page.locator("figure.explorer").all() if THOROUGH else []:
        touch(figure)
        settled(figure)
    if page.evaluate(SIDEWAYS):
        faults.append("scrolls sideways")
    faults += [f"{name} is crowded" for name in page.evaluate(CROWDED)]
    wrong = ".katex-error, span.math:not(:has(.strut)), div.math:not(:has(.strut))"
    faults += [f"formula {text}" for text in page.locator(wrong).all_inner_texts()]
    for violation in violations(page):
        where = ", ".join(str(node["target"]) for node in violation["nodes"])
        faults.append(f"{violation['id']} ({violation['help']}) at {where}")
    return faults


UNFOLD = """() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    for (const button of document.querySelectorAll(".toggle-hidden .toggle-button")) button.click();
}"""
# What overflows where it can't be scrolled to. (A table's heads may be there for screen readers alone.)
CUT = """() => [...document.querySelectorAll("article *")].filter((element) => {
    const { scrollWidth, clientWidth } = element;
    return clientWidth > 1 && scrollWidth > clientWidth + 1
        && ["hidden", "clip"].includes(getComputedStyle(element).overflowX);
}).map((element) => element.outerHTML.slice(0, 100))"""


# Formulas broken between brackets that would have had room on a line, or before a comma, a stop or a unit.
TORN = """() => [...document.querySelectorAll(".katex-html")].filter((line) => {
    const after = line.closest("span.math")?.nextSibling;
    if (!line.closest(".held") && /^[\\u00a0,.;:]/.test(after?.data)) return true;
    let depth = 0, width = 0, torn = false, before;
    for (const base of line.querySelectorAll(".base")) {
        const box = base.getBoundingClientRect();
        width = depth ? width + box.width : box.width;
        torn = depth > 0 && (torn || box.left < before.right - 1);
        for (const child of base.children) depth += child.matches(".mopen") - child.matches(".mclose");
        const room = line.closest("div, p, li, td, dd").clientWidth - 60;
        if (torn && depth <= 0 && width < room) return true;
        before = box;
    }
}).map((line) => line.textContent)"""


# Figures of a page of 390 pixels: those that are not the narrow ones, or do not fit their column.
UNFIT = """async () => {
    const figures = [...document.querySelectorAll(".cell_output > figure:not(.explorer)")];
    const unfit = [];
    for (const figure of figures) {
        const image = figure.querySelector("picture > img");
        if (!image) { unfit.push(figure.id); continue; }
        const kept = image.getBoundingClientRect().height;
        image.loading = "eager";
        await image.decode();
        const box = image.getBoundingClientRect();
        const column = figure.getBoundingClientRect();
        const fits = box.left >= column.left && box.right <= column.right && column.right <= innerWidth;
        const still = Math.abs(box.height - kept) < 2 && box.width >= 342;
        if (!fits || !still || !image.currentSrc.includes(".narrow-")) unfit.push(figure.id);
    }
    return [figures.length, unfit];
}"""


# What scrolls sideways though no name, no place in the order of Tab, no fading edge or (where it has been
# printed) no words say so.
UNSAID = """() => [...document.querySelectorAll(".bd-article *")].filter((box) => {
    const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX) && box.clientWidth > 1;
    if (!scrolls || box.scrollWidth <= box.clientWidth + 1) return false;
    const said = box.tabIndex === 0 && /scrolls sideways/.test(box.getAttribute("aria-label"));
    const printed = box.matches(".cell_output pre, .cell_output .pst-scrollable-table-container");
    const above = getComputedStyle(box.matches("pre") ? box.parentElement : box, "::before").content;
    const told = !printed || /scrolls? sideways/.test(above);
    return !said || !told || getComputedStyle(box).maskImage === "none";
}).map((box) => box.outerHTML.slice(0, 120))"""


def read_on_a_phone(page, path, found):
    """Note what is wrong with the figures of a narrow page, and with all of it unfolded and made narrower."""
    is_chapter = path.startswith("book/chapters/")
    if is_chapter:
        figures, unfit = page.evaluate(UNFIT)
        found["figures"] += figures
        found["unfit"] += [f"{path}: {name}" for name in unfit]
    page.evaluate(UNFOLD)
    for width in (390, 320, 640):
        page.set_viewport_size({"width": width, "height": 900})
        wide = [words for words in ["it all"] if page.evaluate(SIDEWAYS)]
        wide += [f"{words} is cut off" for words in page.evaluate(CUT)]
        wide += [f"{words} is torn" for words in page.evaluate(TORN)]
        found["wide"] += [f"{path} at {width} pixels: {words}" for words in wide]
        if width == 390:
            page.wait_for_timeout(200)
            found["unsaid"] += [f"{path}: {words}" for words in page.evaluate(UNSAID)]
            found["said"] += page.locator("[data-more]").count() * is_chapter


@pytest.fixture(scope="module")
def seen(paths, site_url, browser):
    """Return a function that opens each page once, `width` pixels wide in `theme`, and says what it saw."""

    @cache
    def look(width, theme):
        found = defaultdict(list) | {"figures": 0, "said": 0}
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, service_workers="block"
        )
        for path in sorted(set(paths) - {"index.html"}):
            page = opened(context, site_url + path, site_url)
            faults = faults_of(page)
            if (width, theme) == PHONE:
                read_on_a_phone(page, path, found)
            found["faults"] += [f"{path}: {fault}" for fault in page.faults + faults]
            page.close()
        context.close()
        return found

    return look


@pytest.mark.parametrize(("width", "theme"), SEEN)
def test_pages_read_well_in_a_browser(seen, width, theme):
    faults = seen(width, theme)["faults"]
    assert not faults, "\n".join(faults)


def test_no_page_scrolls_sideways(seen):
    """Also with few fonts, on the narrowest phones and at four times the size on a desktop (320 pixels)."""
    wide = seen(*PHONE)["wide"]
    assert not wide, "\n".join(wide)


def test_what_scrolls_says_so(seen):
    found = seen(*PHONE)
    assert not found["unsaid"], "\n".join(found["unsaid"])
    assert found["said"] > 50


def test_figures_fit_a_phone(seen):
    found = seen(*PHONE)
    assert not found["unfit"], "\n".join(found["unfit"])
    assert found["figures"] > 50


def test_a_wide_page_has_the_wide_figures(browser, site_url):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(site_url + "book/chapters/07-enaqt.html")
    figure = page.locator("#fig-map img")
    figure.scroll_into_view_if_needed()
    assert figure.evaluate("(image) => image.decode().then(() => !image.currentSrc.includes('narrow'))")
    page.close()
