"""Every page reads well in a browser: nothing is cut off or crowded, nothing complains, axe finds nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import THOROUGH
from explorer_page import settled, touch

# Two of the four ways to see a page by default; `make live` takes all, and wakes the explorers.
SEEN = [(1280, "light"), (390, "dark")] + [(1280, "dark"), (390, "light")] * THOROUGH

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


def violations(page):
    """Return what axe finds; contrast, which takes long, at one element for each look unless `THOROUGH`."""
    options = {"preload": False, "resultTypes": ["violations"]}  # with preload it would ask for style sheets
    found = Axe().run(page, options=options | {"rules": {"color-contrast": {"enabled": THOROUGH}}}).response
    assert page.evaluate(MARK) > 1, "no words are seen"
    one_of_each = {"include": [["[data-look]"]]}
    looks = Axe().run(page, one_of_each, options | {"runOnly": ["color-contrast"]}).response
    return found["violations"] + looks["violations"]


def faults_of(page, url, home):
    """Open a page and return in words what is wrong with it."""
    faults = []
    page.on("console", lambda message: message.type == "error" and faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            request.url.startswith((home, "data:", "blob:")) or faults.append(f"asks for {request.url}")
        ),
    )
    page.goto(url, wait_until="load")
    for figure in page.locator("figure.explorer").all() if THOROUGH else []:
        touch(figure)
        settled(figure)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
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


def test_no_page_scrolls_sideways(paths, site_url, browser):
    """Also with few fonts, on the narrowest phones and at four times the size on a desktop (320 pixels)."""
    page = browser.new_page()
    wide = []
    for path in sorted(set(paths) - {"index.html"}):
        page.goto(site_url + path)
        page.evaluate(UNFOLD)
        for width in (320, 390, 640):
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(f"{path} at {width} pixels")
            wide += [f"{path} at {width} pixels: {words} is cut off" for words in page.evaluate(CUT)]
            wide += [f"{path} at {width} pixels: {words} is torn" for words in page.evaluate(TORN)]
    page.close()
    assert not wide


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


def test_figures_fit_a_phone(paths, site_url, browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    count = 0
    for path in sorted(path for path in paths if path.startswith("book/chapters/")):
        page.goto(site_url + path)
        figures, unfit = page.evaluate(UNFIT)
        assert not unfit, path
        count += figures
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site_url + "book/chapters/07-enaqt.html")
    figure = page.locator("#fig-map img")
    figure.scroll_into_view_if_needed()
    assert figure.evaluate("(image) => image.decode().then(() => !image.currentSrc.includes('narrow'))")
    page.close()
    assert count > 50


@pytest.mark.parametrize(("width", "theme"), SEEN)
def test_pages_read_well_in_a_browser(paths, site_url, browser, width, theme):
    faults = []
    for path in sorted(set(paths) - {"index.html"}):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
        faults += [f"{path}: {fault}" for fault in faults_of(page, site_url + path, site_url)]
        page.close()
    assert not faults, "\n".join(faults)
