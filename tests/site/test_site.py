"""The built site: complete in itself, every link leads somewhere."""

import gzip
import hashlib
import itertools
import re
from collections import Counter
from copy import copy
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from conftest import ROOT
from fontTools.ttLib import TTFont
from sphinxcontrib import katex

LOADED = {
    "script": "src",
    "link": "href",
    "img": "src",
    "iframe": "src",
    "source": "srcset",
    "object": "data",
}
GENERATED = {"genindex.html", "search.html", "py-modindex.html", "index.html", "404.html"}
ICON = re.compile(r'\.(fa-[\w-]+):before[^{}]*\{content:"(.)"')
# What Sphinx would have replaced, had it understood it.
LEFTOVER = re.compile(r"\?\?|\[\?\]|\{(?:eq|ref|numref|cite|term|doc|implements|py:\w+)(?::\w+)?\}`|[`:]{3,}")


@pytest.fixture(scope="session")
def pages(parsed, paths):
    """Every page of the built book, parsed, by its path in the site."""
    return {path: parsed(path) for path in paths}


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


def test_every_page_names_its_icon(pages):
    """Where none is named, a browser may ask the host for one, and complain that there is none."""
    for path in set(pages) - {"index.html"}:
        assert pages[path].find("link", rel="icon", href=True), path


def test_words_wait_for_no_script(pages):
    """Scripts come after them, one style sheet before."""
    for path in set(pages) - {"index.html", "404.html"}:
        scripts = pages[path].find_all("script", src=True)
        assert scripts and all(script.has_attr("defer") for script in scripts), path
        assert len(pages[path].find_all("script", type="module")) == (path == "search.html"), path
        names = {script["src"].rpartition("/")[2].partition("?")[0] for script in scripts}
        assert "site.js" in names
        assert not names & {"katex.min.js", "fontawesome.js", "searchtools.js", "searchindex.js"}, path
        assert not pages[path].find_all("link", rel="preload"), path
        styles = [link["href"] for link in pages[path].find_all("link", rel="stylesheet")]
        assert len([address for address in styles if "_static/" in address]) == 1, path


def test_pages_are_light(site, chapters):
    """What words need, compressed: page, styles, scripts. Fonts and pictures come as they are seen."""
    for path, page in chapters.items():
        addresses = [tag["src"] for tag in page.find_all("script", src=True)]
        addresses += [tag["href"] for tag in page.find_all("link", rel="stylesheet")]
        files = [site / path, *((site / path).parent / address.partition("?")[0] for address in addresses)]
        assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 270_000, path
        eager = [image["src"] for image in page.find_all("img") if image.get("loading") != "lazy"]
        assert not eager, path


def test_code_is_legible_in_both_themes(site):
    """The theme writes these colors when the build is nearly done."""
    style = (site / "_static" / "pages.css").read_text("utf-8")
    for theme in ("light", "dark"):
        assert f'html[data-theme="{theme}"] .highlight .c1' in style


@pytest.mark.parametrize(
    ("room", "package", "served"),
    [
        ("runtime/codemirror", "codemirror", "_live"),
        ("search", "minisearch", "_static"),
        ("runtime/xz", "xz-decompress", "_live/pyodide"),
    ],
)
def test_packages_are_those_that_were_vetted(site, room, package, served):
    folder = ROOT / "book" / "site" / room
    sum_, name = (folder / f"{package}.sha256").read_text().split()
    assert name == f"{package}.js"
    for file in (folder / name, site / served / name):
        assert hashlib.sha256(file.read_bytes()).hexdigest() == sum_
    assert "Permission is hereby granted" in (folder / "LICENSE").read_text()


def test_icons_have_a_glyph(site, pages):
    style = (site / "_static" / "pages.css").read_text("utf-8")
    codes = {name: ord(sign) for name, sign in ICON.findall(style)}
    glyphs = set(TTFont(site / "_static" / "icons.woff").getBestCmap())
    marked = [tag for page in pages.values() for tag in page.select("i[class*=fa-], span[class*=fa-]")]
    assert marked
    for tag in marked:
        assert tag["aria-hidden"] == "true"
        names = [name for name in tag["class"] if name.startswith("fa-")]
        assert any(codes.get(name) in glyphs for name in names), tag


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
    """An explorer has a place of its own for it, which waits until a change has settled."""
    for path, page in pages.items():
        for tag in page.find_all("output"):
            assert tag.get("aria-live") == ("off" if tag.find_parent(class_="explorer") else "polite"), path
        assert len(page.select(".explorer")) == len(page.select(".explorer .explorer-spoken")), path
        for place in page.select(".explorer-spoken, .question .answer"):
            assert place.get("role") == "status", path


def test_exercises_are_headings_below_their_section(chapters):
    found = [(path, title) for path, page in chapters.items() for title in page.select("div.exercise > p")]
    assert len(found) > 80
    for path, title in found:
        assert (title.get("role"), title.get("aria-level")) == ("heading", "3"), path
        assert title.find_parent("section").find("h2", recursive=False), path


def test_images_have_alternative_text(chapters):
    silent = [
        f"{path}: {image}" for path, page in chapters.items() for image in page.find_all("img", alt=None)
    ]
    assert not silent


def test_nothing_is_left_unresolved(chapters):
    for path, page in chapters.items():
        article = page.find("article")
        verbatim = {id(text) for code in article.find_all(["pre", "script"]) for text in code.strings}
        found = LEFTOVER.search("".join(text for text in article.strings if id(text) not in verbatim))
        assert found is None, f"{path}: {found[0]}"


def test_formulas_are_set(chapters):
    """For the eyes and for the ears, with nothing left to do."""
    for path, page in chapters.items():
        for formula in page.select("article .math"):
            assert formula.select_one(".katex-html .strut") and formula.select_one("math annotation"), path
        seen = [text for text in page.find("article").strings if not is_verbatim(text)]
        assert not [text for text in seen if re.search(r"\\[(\[]", text)], path


def is_verbatim(text):
    return any(tag.name in ("pre", "code", "script", "figure", "annotation") for tag in text.parents)


def test_no_line_begins_with_a_unit(chapters):
    """Nor may a reader's line end with the number: the space between them does not break."""
    loose = re.compile(r"\d (?:%|K|D|meV|[µn]m|[fpn]s|cm²)(?!\w)")
    for path, page in chapters.items():
        found = [text for text in page.find("article").find_all(string=loose) if not is_verbatim(text)]
        assert not found, f"{path}: {found}"


def test_no_line_breaks_within_a_number_or_a_name(chapters):
    """Not before its error, not between the factors of its unit, not in the name of a sample."""
    loose = re.compile(r"\d ± \d|[¹²³] [A-Za-z]{1,2}⁻|\b(?:DAB|OA)-\d")
    for path, page in chapters.items():
        texts = page.find("article").find_all(string=loose)
        found = [text for text in texts if not is_verbatim(text) and not text.find_parent(class_="held")]
        assert not found, f"{path}: {found}"


def test_captions_say_where_panels_are_on_both_pages(chapters):
    sides = re.compile(r"(?:^|[.)] )(?:(?:Top|Upper|Bottom|Lower) )?(?:Left|Right|left|right)[:,]")
    count = 0
    for path, page in chapters.items():
        for caption in map(copy, page.select(".cell_output figcaption")):
            wide = caption.select(".on-wide")
            assert len(wide) == len(caption.select(".on-narrow")), path
            for place in wide:
                place.extract()
            assert not sides.search(caption.get_text()), f"{path}: {caption.get_text()}"
            count += len(wide)
    assert count > 50


def test_no_id_stands_twice_in_a_page(pages):
    for path, page in pages.items():
        counts = Counter(tag["id"] for tag in page.find_all(id=True))
        assert [name for name, count in counts.items() if count > 1] == [], path


def test_only_chapters_are_called_so(pages):
    """The landing page is a live notebook too."""
    buttons = {path: page.select_one("button[aria-label^='Run this']") for path, page in pages.items()}
    offers = {path: button["aria-label"] for path, button in buttons.items() if button}
    assert len(offers) == 15
    for path, words in offers.items():
        is_chapter = path.startswith("book/chapters/")
        assert words == f"Run this {'chapter' if is_chapter else 'page'}", path
        assert bool(pages[path].select(".run-live")) == is_chapter, path


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


def test_what_live_notebooks_link_to_is_there(site):
    assert (site / "lite" / "tree" / "index.html").is_file()
