"""The book's drawings: sound, in the palette, legible on a phone, told in words, each used by a page."""

import re
from collections import Counter
from itertools import combinations
from xml.etree import ElementTree

import drawings
import numpy as np
import pytest
from colors import contrast
from conftest import ROOT
from drawings import kit, palette
from drawings.pictures import dipoles, exchange, kicks, microscope, response

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


def tips(name, color):
    """Return where the arrows of a color in a drawing end."""
    heads = [e.get("d") for e in tree(name).iter() if e.get("fill") == palette.variable(color) and e.get("d")]
    return np.array([[float(part) for part in re.findall(r"-?[\d.]+", d)[:2]] for d in heads])


def test_thick_arrow_is_the_average_of_the_thin_ones_and_near_that_of_all():
    thin, thick = tips("kicks", "noise").reshape(3, kicks.RUNS, 2), tips("kicks", "wave")
    assert thin.mean(1) == pytest.approx(thick, abs=0.1)
    centers = np.array([[float(c.get("cx")), float(c.get("cy"))] for c in tree("kicks").iter(f"{SVG}circle")])
    assert np.hypot(*(thin - centers[:, None]).T) == pytest.approx(kicks.RADIUS, abs=0.1)
    along, up = (thick - centers).T / kicks.RADIUS
    assert along == pytest.approx(np.exp(-np.array(kicks.TIMES)), abs=0.03)
    assert up == pytest.approx(0, abs=0.03)


def test_rays_of_the_microscope_are_those_of_a_thin_lens():
    to_lens, to_picture = microscope.LENS - microscope.SPOT, microscope.PICTURE - microscope.LENS
    focus = microscope.LENS + 1 / (1 / to_lens + 1 / to_picture)
    rays = microscope.rays()
    for straight, bent in zip(rays[::2], rays[1::2], strict=True):
        (start, lens, end), (_, turn, same) = straight, bent
        assert straight[0] == bent[0]
        assert end == same
        assert lens == (microscope.LENS, microscope.AXIS)
        middle = np.interp(lens[0], [start[0], end[0]], [start[1], end[1]])
        assert middle == pytest.approx(microscope.AXIS)  # not bent
        assert turn[1] == start[1]
        assert np.interp(focus, [turn[0], end[0]], [turn[1], end[1]]) == pytest.approx(microscope.AXIS)
        size = (end[1] - microscope.AXIS) / (start[1] - microscope.AXIS)
        assert size == pytest.approx(-to_picture / to_lens)
    drawn = {e.get("d") for e in tree("microscope").iter(f"{SVG}path")}
    assert {"M" + "L".join(f"{kit.number(x)} {kit.number(y)}" for x, y in ray) for ray in rays} <= drawn


def test_field_beside_a_dipole_is_half_of_that_on_its_axis_and_backward():
    assert dipoles.field(0.0) == pytest.approx([2, 0])
    assert dipoles.field(np.pi / 2) == pytest.approx([0, -1])
    dashes = re.findall(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)\"", drawings.inline("dipoles"))
    light = tips("dipoles", "light")
    starts = {tuple(map(float, dash[:2])) for dash in dashes}
    shown = [
        np.subtract(tip, start) for tip in light for start in starts if 30 < np.hypot(*(tip - start)) < 80
    ]
    assert any(v == pytest.approx([2 * dipoles.FIELD, 0], abs=0.2) for v in shown)
    assert any(v == pytest.approx([0, dipoles.FIELD], abs=0.2) for v in shown)


def test_response_is_as_wide_as_it_is_called_and_the_areas_are_equal():
    t, true, seen = response.curves()
    assert np.exp(-((response.WIDTH / 2) ** 2) / (2 * response.SPREAD**2)) == pytest.approx(0.5)
    assert seen.sum() == pytest.approx(true.sum(), rel=1e-3)
    assert t[true.argmax()] == pytest.approx(response.PEAK)


def test_width_of_the_emission_is_that_of_its_profile_and_shrinks_late():
    x = np.linspace(-20, 20, 4001)
    widths = []
    for time in (0.1, 2.0, 5.0):
        shape, width = exchange.emission(x, time)
        assert abs(shape[0]) < 1e-4 * shape.max()
        assert width == pytest.approx(np.sqrt((shape * x**2).sum() / shape.sum()), rel=0.01)
        widths.append(width)
    assert widths[0] < widths[2] < widths[1]


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
