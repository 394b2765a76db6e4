"""The book's drawings: sound, in the palette, legible on a phone, told in words, each used by a page."""

import re
from collections import Counter
from itertools import combinations
from xml.etree import ElementTree

import drawings
import pytest
from colors import contrast
from conftest import ROOT
from drawings import kit, palette

NAMES = drawings.names()
SVG = "{http://www.w3.org/2000/svg}"
COLUMN = 342  # CSS pixels that the text column of a page has in a window of 390
LEAST = 9  # CSS pixels
PAGES = [*(ROOT / "book").glob("chapters/*.md"), *(ROOT / "book").glob("pages/*.md")]
each_drawing = pytest.mark.parametrize("name", NAMES)


def tree(name):
    return ElementTree.fromstring(drawings.inline(name))


@each_drawing
def test_drawing_is_an_image_with_title_and_words(name):
    root = tree(name)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    named = {part.get("id"): part.text for part in (root.find(f"{SVG}title"), root.find(f"{SVG}desc"))}
    assert list(named) == root.get("aria-labelledby").split()
    title, words = named.values()
    assert 10 <= len(title) <= 60
    assert len(words.split()) >= 35, "too few words for a reader who cannot see it"
    assert words == drawings.alternative(name)


@each_drawing
def test_drawing_takes_its_colors_from_the_palette(name):
    allowed = {"none", *map(palette.variable, palette.THEMES["light"])}
    for element in tree(name).iter():
        assert {element.get("fill", "none"), element.get("stroke", "none")} <= allowed
        assert element.get("style") is None


@each_drawing
@pytest.mark.parametrize("theme", palette.THEMES)
def test_drawing_on_its_own_has_plain_colors(name, theme):
    text = drawings.svg(name, theme)
    assert "var(" not in text
    assert "currentColor" not in text
    width, height = (float(ElementTree.fromstring(text).get(side)) for side in ("width", "height"))
    assert height / width == pytest.approx(drawings.drawing(name).height / kit.WIDTH, abs=0.01)
    assert set(re.findall(r'(?:fill|stroke)="(#\w+)"', text)) <= set(palette.THEMES[theme].values())


@each_drawing
def test_letters_are_legible_on_a_phone(name):
    root = tree(name)
    scale = COLUMN / float(root.get("viewBox").split()[2])
    sizes = [float(element.get("font-size")) for element in root.iter() if element.get("font-size")]
    assert sizes
    assert scale * min(sizes) >= LEAST


@each_drawing
def test_labels_keep_apart_and_stay_on_the_sheet(name):
    sheet = drawings.drawing(name)
    assert sheet.labels
    for words, (left, top, right, bottom) in sheet.labels:
        inside = left >= 0 and top >= 0 and right <= kit.WIDTH and bottom <= sheet.height
        assert inside, f"«{words}» leaves the sheet"
    for (one, a), (other, b) in combinations(sheet.labels, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, f"«{one}» and «{other}» overlap"


@each_drawing
def test_drawing_is_small(name):
    assert len(drawings.inline(name)) < 32_000


def test_every_drawing_is_shown_once_and_every_chapter_opens_with_one():
    shown = Counter()
    for page in PAGES:
        text = page.read_text("utf-8")
        here = re.findall(r"^`{3,}\{drawing\} (\S+)$", text, flags=re.MULTILINE)
        shown.update(here)
        if page.parent.name == "chapters":
            assert here, f"{page.name} has no drawing"
            assert text.index("{drawing}") < text.index("\n## "), f"{page.name} does not open with a drawing"
    assert shown == Counter(NAMES)


def test_style_sheet_has_the_colors_of_the_palette():
    css = (ROOT / "book" / "site" / "static" / "book.css").read_text("utf-8")
    for theme, selector in (("light", "html"), ("dark", 'html[data-theme="dark"]')):
        rules = css.partition(f"\n{selector} {{\n  --draw-")
        values = dict(re.findall(r"--draw-([\w-]+): (#\w+);", "--draw-" + rules[2].partition("}")[0]))
        colors = dict(palette.THEMES[theme])
        del colors["ink"]
        assert values == colors


@pytest.mark.parametrize("theme", palette.THEMES)
def test_colors_stand_out_from_the_paper(theme):
    colors = palette.THEMES[theme]
    for name in palette.MEANINGS:
        assert contrast(colors[f"{name}-text"], colors["paper"]) >= 4.5
    for name in ("ink", "quiet"):
        assert contrast(colors[name], colors["paper"]) >= 4.5


def test_unknown_drawing_and_theme_are_named():
    with pytest.raises(drawings.Trouble, match=r"`name` must be a drawing \(.*chain.*\), but is 'chian'"):
        drawings.inline("chian")
    with pytest.raises(drawings.Trouble, match="`theme` must be one of light, dark, but is 'sepia'"):
        drawings.svg("chain", "sepia")
    with pytest.raises(KeyError, match="A color must be one of"):
        palette.variable("red")
