"""What the pages' one style sheet keeps of many, and what becomes of a page's scripts."""

import logging

import lean
import pytest
import tinycss2
from conftest import ROOT

NAMES = {"shown", "other", "main"}


def kept(text):
    rules = tinycss2.parse_stylesheet(text, skip_whitespace=True)
    return lean.kept(rules, NAMES).replace("\n", "")


@pytest.mark.parametrize(
    "rule",
    [
        "p{color:red}",
        ".shown{color:red}",
        "#main > .shown:hover{color:red}",
        ":not(.missing){color:red}",
        ":is(.missing,.shown) p{color:red}",
        ".shown:has(.other){color:red}",
        "[data-theme=dark] a{color:red}",
        "@media print{.shown{color:red}}",
        "@media print{@supports (top:0){.shown{color:red}}}",
        "@font-face{font-family:A}",
        "/*! license */",
    ],
)
def test_what_can_match_is_kept(rule):
    assert kept(rule) == rule


@pytest.mark.parametrize(
    "rule",
    [
        ".missing{color:red}",
        "#missing{color:red}",
        ".shown .missing{color:red}",
        ".shown.missing{color:red}",
        ".shown:is(.missing,#missing){color:red}",
        "p:has(.missing){color:red}",
        "@media print{.missing{color:red}}",
        "/* note */",
    ],
)
def test_what_matches_nothing_goes(rule):
    assert kept(rule) == ""


def test_of_several_selectors_those_that_match_stay():
    assert kept(".missing, .shown, .shown .missing{color:red}") == ".shown{color:red}"


def test_broken_style_stops_the_build():
    with pytest.raises(ValueError, match="cannot be read"):
        kept("p{color:red} }")


def test_imports_and_addresses(tmp_path):
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "a.css").write_text('@import "../b.css"; p{background:url("../images/x.png")}')
    (tmp_path / "b.css").write_text("a{background:url(y.png)} i{background:url(data:image/png;base64,AA)}")
    text = lean.kept(lean.rules_of(tmp_path, "theme/a.css"), NAMES)
    assert "url(y.png)" in text and "url(images/x.png)" in text and "url(data:image/png;base64,AA)" in text
    assert text.index("y.png") < text.index("x.png")


PAGE = """<html><head>
<link rel="stylesheet" href="../_static/a.css?v=1" />
<link rel="preload" as="script" href="../_static/scripts/bootstrap.js">
<link href="../_static/b.css" rel="stylesheet" />
<script src="../_static/documentation_options.js?v=2"></script>
<script>OPTIONS.page = 1;</script>
<script src="../_static/doctools.js?v=2"></script>
<script defer src="../_static/quiz.js"></script>
<script src="../searchindex.js"></script>
</head><body><i class="fa-solid fa-bars"></i>
<img alt="" src="x" style="width: 60px; height: 30px;">%s</body></html>"""


def test_page():
    html = lean.lean(PAGE % "<p data-question>", "abc", "OPTIONS = {}")
    assert html.count("stylesheet") == 1 and 'href="../_static/pages.css?v=abc"' in html
    assert html.index("OPTIONS = {}") < html.index("OPTIONS.page")
    assert '<script defer src="../_static/doctools.js?v=2"></script>' in html
    assert '<script defer src="../_static/quiz.js"></script>' in html
    assert "preload" not in html and "searchindex" not in html
    assert '<i aria-hidden="true" class="fa-solid fa-bars">' in html
    assert '<img loading="lazy" width="60" height="30" alt=""' in html
    assert "quiz.js" not in lean.lean(PAGE % "", "abc", "")


@pytest.mark.parametrize(
    ("classes", "folds"),
    [
        ("solution dropdown admonition", True),
        ("admonition note dropdown", True),
        ("toggle", True),
        ("cell toggle docutils", True),
        ("dropdown dropdown-run-buttons", False),
        ("btn dropdown-toggle", False),
        ("admonition note", False),
    ],
)
def test_what_folds_has_its_script(classes, folds):
    script = '<script src="../_static/togglebutton.js"></script></head>'
    page = (PAGE % f'<div class="{classes}"></div>').replace("</head>", script)
    assert ("togglebutton.js" in lean.lean(page, "abc", "")) == folds


def test_a_font_is_cut_without_a_word(caplog):
    """The program that cuts it reports each step, which would bury what `make page` has to say."""
    caplog.set_level(logging.INFO)
    file = next((ROOT / ".venv").glob(f"lib/*/site-packages/**/{lean.ICON_FONT.rpartition('/')[2]}"))
    assert lean.icon_font(file, {0xF107}).startswith(b"wOFF") and not caplog.records
