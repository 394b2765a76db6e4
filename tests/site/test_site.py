"""The built site: complete in itself, every link leads somewhere, every page reads well in a browser."""

import itertools
import re
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import THOROUGH
from explorer_page import settled, touch
from sphinxcontrib import katex

LOADED = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "srcset",
    "object": "data",
}
GENERATED = {"genindex.html", "search.html", "py-modindex.html", "index.html"}
# What Sphinx would have replaced, had it understood it.
LEFTOVER = re.compile(r"\?\?|\[\?\]|\{(?:eq|ref|numref|cite|term|doc|implements|py:\w+)(?::\w+)?\}`|[`:]{3,}")


# Two of the four ways to see a page by default; `make live` takes all, and wakes the explorers.
SEEN = [(1280, "light"), (390, "dark")] + [(1280, "dark"), (390, "light")] * THOROUGH


@pytest.fixture(scope="session")
def pages(site):
    """Every page of the built book, parsed, by its path in the site."""
    others = {"_static", "_live", "lite"}
    files = [file for file in site.rglob("*.html") if not others & set(file.relative_to(site).parts)]
    return {
        file.relative_to(site).as_posix(): BeautifulSoup(file.read_text("utf-8"), "html.parser")
        for file in files
    }


@pytest.fixture(scope="session")
def chapters(pages):
    """The pages that people wrote."""
    written = {path: page for path, page in pages.items() if path not in GENERATED}
    assert len(written) > 5
    return written


def is_outside(address):
    return bool(re.match(r"(?:[a-z][a-z+.-]*:)?//", address, re.IGNORECASE))


def test_pages_load_nothing_from_other_hosts(pages):
    outside = [
        f"{path}: {tag[attribute]}"
        for path, page in pages.items()
        for name, attribute in LOADED.items()
        for tag in page.find_all(name, {attribute: True})
        if is_outside(tag[attribute]) and tag.get("rel") != ["canonical"]
    ]
    assert not outside


def test_every_page_has_a_policy(pages):
    for path in set(pages) - {"index.html"}:  # a redirection, written by Jupyter Book
        first = pages[path].head.find(True)
        assert first.get("http-equiv") == "Content-Security-Policy", path
        assert "unsafe" not in first["content"].partition("style-src")[0]
        assert not pages[path].find_all(lambda tag: any(name.startswith("on") for name in tag.attrs)), path


def test_icons_are_those_that_pages_show(site, pages):
    script = (site / "_static" / "scripts" / "fontawesome.js").read_text("utf-8")
    assert len(script) < 150_000
    classes = {name for page in pages.values() for tag in page.find_all("i") for name in tag.get("class", ())}
    names = {name[3:] for name in classes if name.startswith("fa-")} - {"solid", "lg", "regular", "brands"}
    assert not {name for name in names if f'{name}":[' not in script and f"{name}:[" not in script}


def test_styles_load_nothing_from_other_hosts(site):
    for file in site.rglob("*.css"):
        for address in re.findall(r"""(?:url\(|@import\s+)["']?([^"')\s]+)""", file.read_text("utf-8")):
            assert not is_outside(address), f"{file.relative_to(site)}: {address}"
            if not address.startswith(("data:", "#")):
                assert (file.parent / re.split("[?#]", address)[0]).is_file(), f"{file.name}: {address}"


def test_style_and_script_of_katex_are_of_one_version(site):
    style = (site / "_static" / "katex" / "katex.min.css").read_text("utf-8")
    assert f'content:"{katex.katex_version}"' in style, "copy KaTeX's style and fonts of the script's version"


def test_pages_have_language_title_and_one_heading(chapters):
    titles = [page.title.get_text(strip=True) for page in chapters.values()]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    for path, page in chapters.items():
        assert page.html["lang"] == "en", path
        assert len(page.find("article").find_all("h1")) == 1, path


def test_headings_and_landmarks_make_an_outline(chapters):
    def count(page, name, role):
        found = page.find_all(lambda tag: tag.name == name or tag.get("role") == role)
        return len([tag for tag in found if not tag.find_parents(["main", "article"])])

    for path, page in chapters.items():
        levels = [int(tag.name[1]) for tag in page.find_all(re.compile("^h[1-6]$"))]
        skipped = [pair for pair in itertools.pairwise([0, *levels]) if pair[1] > pair[0] + 1]
        assert not skipped, path
        assert (count(page, "main", "main"), count(page, "header", "banner")) == (1, 1), path
        names = [nav.get("aria-label", nav.get("aria-labelledby")) for nav in page.find_all("nav")]
        assert all(names) and len(set(names)) == len(names), path


def test_what_changes_by_itself_is_read_aloud(pages):
    for path, page in pages.items():
        assert all(tag.get("aria-live") == "polite" for tag in page.find_all("output")), path
        for place in page.select(".explorer-status, .question .answer"):
            assert place.get("role") == "status", path


def test_images_have_alternative_text(chapters):
    silent = [
        f"{path}: {image}" for path, page in chapters.items() for image in page.find_all("img", alt=None)
    ]
    assert not silent


def test_nothing_is_left_unresolved(chapters):
    for path, page in chapters.items():
        article = page.find("article")
        for code in article.find_all(["pre", "script"]):
            code.extract()
        found = LEFTOVER.search(article.get_text())
        assert found is None, f"{path}: {found[0]}"


def test_less_than_signs_start_no_tag(chapters):
    """`n<m` in a formula would: write `n \\lt m`."""
    for path, page in chapters.items():
        for formula in page.find_all(class_="math"):
            assert not formula.find_all(re.compile("^(?!span|a|div)")), f"{path}: {formula}"


def is_verbatim(text):
    return any(tag.name in ("pre", "code", "script", "figure") for tag in text.parents)


def test_no_line_begins_with_a_unit(chapters):
    """Nor may a reader's line end with the number: the space between them does not break."""
    loose = re.compile(r"\d (?:%|K|D|meV|[µn]m|[fpn]s|cm²)(?!\w)")
    for path, page in chapters.items():
        found = [text for text in page.find("article").find_all(string=loose) if not is_verbatim(text)]
        assert not found, f"{path}: {found}"


def test_links_and_anchors_lead_somewhere(site, pages):
    anchors = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    lost = []
    for path, page in pages.items():
        for link in page.find_all("a", href=True):
            address, anchor = urldefrag(urljoin(f"http://site/{path}", link["href"]))
            if urlsplit(address).netloc != "site" or link["href"] == "#":
                continue
            target = unquote(urlsplit(address).path).lstrip("/") or "index.html"
            if not (site / target).is_file() or (anchor and unquote(anchor) not in anchors.get(target, ())):
                lost.append(f"{path}: {link['href']}")
    assert not lost


def test_words_can_be_searched_offline(site_url, browser):
    page = browser.new_page()
    page.goto(f"{site_url}search.html?q=dephasing")
    page.locator("#search-results li").first.wait_for()
    assert page.locator("#search-results li a").count() > 1
    page.locator("#search-results .context").first.wait_for()
    excerpts = " ".join(page.locator("#search-results .context").all_inner_texts())
    assert "dephasing" in excerpts.lower()
    assert not re.search(r"live notebook|Show the code|\\", excerpts)
    page.get_by_text("Places found").wait_for()
    places = page.locator("#search-results li > a").evaluate_all("links => links.map((link) => link.href)")
    assert len(places) == len(set(places))
    assert page.locator("#search-results .search-summary").inner_text() == f"Places found: {len(places)}"
    page.close()


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
    # With preload, axe itself would ask for style sheets, and for some in the wrong folder.
    for violation in (
        Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
    ):
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


def test_no_page_scrolls_sideways(pages, site_url, browser):
    """Also with few fonts, on the narrowest phones and at four times the size on a desktop (320 pixels)."""
    page = browser.new_page()
    wide = []
    for path in sorted(set(pages) - {"index.html"}):
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


@pytest.mark.parametrize(("width", "theme"), SEEN)
def test_pages_read_well_in_a_browser(pages, site_url, browser, width, theme):
    faults = []
    for path in sorted(set(pages) - {"index.html"}):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
        faults += [f"{path}: {fault}" for fault in faults_of(page, site_url + path, site_url)]
        page.close()
    assert not faults, "\n".join(faults)
