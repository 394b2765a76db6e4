"""The claims ledger: verdicts follow from the numbers, and every way to drift away is caught."""

import copy
import re

import pytest
from notebooks import claims, recorded, sources

THEMES, CLAIMS = claims.load()
PAGE = "book/chapters/10-reproduction.html"


def test_every_verdict_follows_from_what_the_cells_print():
    wrong = claims.complaints(THEMES, CLAIMS)
    assert not wrong, "\n".join(wrong)


def test_the_chapter_shows_every_theme_once():
    source = sources.find("reproduction").read_text("utf-8")
    shown = re.findall(r"```\{ledger\} ([\w-]+)", source)
    assert sorted(shown) == sorted([*THEMES, "summary"])
    assert {claim["theme"] for claim in CLAIMS} == set(THEMES)


def test_no_number_of_ours_is_typed():
    """What a cell prints and what stands in the ledger's own words do not coincide by copying."""
    for claim in CLAIMS:
        for reading, word in claims.by_reading(claim).items():
            if "cell" in claim and word == "differs":
                mine = claims.ours(claim, reading=reading)[0]
                words = claim["claim"] + claim.get("paper", "") + claim["reason"]
                assert not re.search(rf"(?<![\d.]){re.escape(mine)}(?![\d.])", words), claim["id"]


def test_what_hangs_on_a_reading_is_shown_under_each():
    """Cells that print a number for each reading of J and Δ are quoted with their readings."""
    of_cell = {}
    for claim in CLAIMS:
        if "verdicts" in claim:
            of_cell.setdefault(claim["cell"], set()).update(claim["verdicts"])
    for claim in CLAIMS:
        if claim.get("cell") in of_cell and claim.get("verdict", "not testable") != "not testable":
            line = re.search(claim["pattern"], claims.printed(claim["cell"]), re.MULTILINE)[0]
            named = [reading for reading in of_cell[claim["cell"]] if reading in line]
            assert not named, f"{claim['id']} quotes {named} alone"


def test_a_row_that_has_one_reading_of_the_sample_card_has_all():
    """What hangs on J or Δ is not judged under the readings that suit it."""
    printed = claims.printed("reproduction#card")
    card = set(re.findall(r"^DAB-1 +(J.*?) +[\d.]+ +[\d.]+ +", printed, re.MULTILINE))
    assert len(card) == 5
    shown = {claim["id"]: set(claims.by_reading(claim)) for claim in CLAIMS}
    for name, readings in shown.items():
        assert not readings & card or readings == card, name


def test_the_chapter_counts_as_the_ledger_does():
    source = sources.find("reproduction").read_text("utf-8")
    agree = [claim for claim in CLAIMS if claims.verdict(claim) == "agrees"]
    counted = [str(sum("weak" in claim for claim in agree)), str(len(agree))]
    assert re.findall(r"(\d+) of its (\d+) rows are marked as weak", source) == [tuple(counted)]


def test_no_test_is_vacuous_in_silence():
    """What passes with twice or half our number, or by a bound of ours, is called weak, and nothing else."""
    for claim in CLAIMS:
        good = claims.GOOD[claim["kind"]]
        passed = [reading for reading, word in claims.by_reading(claim).items() if word == good]
        weak = any(claims.vacuous(claim, *claims.ours(claim, reading=reading)) for reading in passed)
        assert weak == ("weak" in claim), claim["id"]


# One claim of each kind about a small notebook, and what breaks it.

CLAIM = {
    "id": "mu", "theme": "t", "kind": "computed", "claim": "A dipole", "place": "Eq. 1", "value": "85.2",
    "unit": "D", "cell": "chapter#dipole", "pattern": r"μ = ([\d.]+) ± ([\d.]+)", "verdict": "reproduced",
}  # fmt: skip
DIFFERS = CLAIM | {"value": "80", "verdict": "differs", "reason": "Another formula."}
UNTESTED = {key: CLAIM[key] for key in ("id", "theme", "kind", "claim", "place")} | {
    "paper": "7 nm", "verdict": "not testable", "reason": "Measured.",
}  # fmt: skip
MEASURED = CLAIM | {"kind": "measured", "verdict": "agrees"}
READINGS = {key: value for key, value in MEASURED.items() if key != "verdict"} | {
    "pattern": r"{reading}: μ = ([\d.]+) ± ([\d.]+)", "reason": "It does.",
    "verdicts": {"J/4π": "agrees", "J": "differs"},
}  # fmt: skip
WEAK = MEASURED | {"relation": "<", "value": "1000", "weak": "A loose bound."}
BOUND = WEAK | {"value": "100", "paper": "small", "read_as": "below 100"}
PRINTED = "J/4π: μ = 85.1 ± 0.1 D\nJ: μ = 50.0 ± 0.1 D"


@pytest.fixture
def book(tmp_path):
    """Write a book of one chapter, whose one cell prints a text, and return its folder."""

    def write(text):
        chapter = tmp_path / "chapters" / "01-chapter.nb.md"
        recorded.write(recorded.folder(chapter), recorded.Record("", {"dipole": text}, {}))
        chapter.touch()
        return tmp_path

    return write


@pytest.mark.parametrize("claim", [CLAIM, DIFFERS, UNTESTED, MEASURED, READINGS, WEAK, BOUND])
def test_a_sound_claim_has_no_complaint(book, claim):
    assert claims.complaint(claim, book(PRINTED)) is None


def test_a_bound_of_ours_is_shown_as_ours():
    assert claims.papers(BOUND) == "small, read as below 100"
    assert claims.papers(MEASURED) == "85.2 D"


def test_readings_that_do_not_agree_are_said_to():
    assert claims.verdict(READINGS) == "depends"
    assert claims.verdict(READINGS | {"verdicts": {"J": "agrees", "J/4π": "agrees"}}) == "agrees"
    assert claims.verdict(CLAIM) == "reproduced"


@pytest.mark.parametrize(
    ("claim", "change", "words"),
    [
        (CLAIM, {"value": "84.2"}, "does not follow"),
        (CLAIM, {"verdict": "differs", "reason": "So."}, "does not follow"),
        (DIFFERS, {"value": "85"}, "does not follow"),
        (DIFFERS, {"verdict": "reproduced"}, "does not follow"),
        (CLAIM, {"cell": "chapter#gone"}, "does not print"),
        (CLAIM, {"cell": "nowhere#dipole"}, "does not print"),
        (CLAIM, {"pattern": r"J = ([\d.]+)"}, "does not print"),
        (UNTESTED, {"cell": "chapter#gone", "pattern": "(x)"}, "does not print"),
        (DIFFERS, {"reason": ""}, "needs a reason"),
        (UNTESTED, {"reason": ""}, "needs a reason"),
        (CLAIM, {"verdict": "true"}, "no such verdict"),
        (CLAIM, {"relation": "~"}, "no such kind or relation"),
        (CLAIM, {"tolerance": 1}, "unknown"),
        (CLAIM, {"place": None}, "missing"),
        (CLAIM, {"pattern": None}, "go together"),
        (CLAIM, {"value": None}, "neither"),
        (CLAIM, {"value": None, "paper": "85"}, "needs a cell and a value"),
        (CLAIM, {"cell": None, "pattern": None}, "needs a cell and a value"),
        (UNTESTED, {"paper": None}, "neither"),
        (CLAIM, {"kind": "guessed"}, "no such kind"),
        (CLAIM, {"kind": "measured"}, "no such verdict for what was measured"),
        (MEASURED, {"verdict": "reproduced"}, "no such verdict for what was measured"),
        (CLAIM, {"verdicts": {"J": "reproduced"}}, "one of `verdict` and `verdicts`"),
        (CLAIM, {"verdict": None}, "one of `verdict` and `verdicts`"),
        (READINGS, {"pattern": CLAIM["pattern"]}, "with {reading}"),
        (READINGS, {"verdicts": {"J/4π": "agrees", "J/12π": "differs"}}, "under the reading 'J/12π'"),
        (READINGS, {"verdicts": {"J/4π": "agrees", "J": "agrees"}}, "does not follow"),
        (READINGS, {"reason": None}, "«depends» needs a reason"),
        (WEAK, {"weak": None}, "`weak` must say why"),
        (WEAK, {"value": "100"}, "`weak` is not true"),
        (CLAIM, {"weak": "So."}, "`weak` is not true"),
        (BOUND, {"weak": None}, "the bound is ours"),
        (BOUND, {"read_as": None}, "`weak` is not true"),
    ],
)
def test_every_way_to_drift_is_caught(book, claim, change, words):
    changed = {key: value for key, value in (claim | change).items() if value is not None}
    assert words in claims.complaint(changed, book(PRINTED))


def test_a_changed_output_is_caught(book):
    assert claims.complaint(CLAIM, book("μ = 85.2 ± 0.1 D")) is None
    assert "does not follow" in claims.complaint(CLAIM, book("μ = 87.2 ± 0.1 D"))


def test_repeated_ids_and_unknown_themes_are_caught(book):
    folder = book("μ = 85.1 ± 0.1 D")
    assert not claims.complaints({"t": ""}, [CLAIM], folder)
    assert "twice" in claims.complaints({"t": ""}, [CLAIM, copy.copy(CLAIM)], folder)[0]
    assert "no such theme" in claims.complaints({"other": ""}, [CLAIM], folder)[0]


@pytest.mark.parametrize(
    ("claim", "mine", "expected"),
    [
        ({"value": "97.09"}, ("97.1", ""), True),  # ours has fewer digits
        ({"value": "23"}, ("23.5", ""), True),
        ({"value": "23"}, ("23.6", ""), False),
        ({"value": "103"}, ("104.0", ""), False),
        ({"value": "103"}, ("104.0", "0.3"), True),  # two errors and half a digit
        ({"value": "100", "resolution": 10}, ("106", ""), False),
        ({"value": "100", "resolution": 10}, ("105", ""), True),
        ({"value": "9.186e-3"}, ("9.1859e-03", ""), True),
        ({"value": "9.186e-3"}, ("9.1852e-03", ""), False),
        ({"value": "-1"}, ("−0.96", ""), True),
        ({"value": "1", "relation": ">"}, ("1.1", "0.1"), False),  # not by two errors
        ({"value": "1", "relation": ">"}, ("1.3", "0.1"), True),
        ({"value": "1", "relation": "<"}, ("0.9", ""), True),
        ({"value": "1", "relation": "<"}, ("1.0", ""), False),
        ({"value": ["0.1", "0.5"], "relation": "in"}, ("0.4", ""), True),
        ({"value": ["0.1", "0.5"], "relation": "in"}, ("64", ""), False),
        ({"value": ["0.1", "0.5"], "relation": "in"}, ("0.02", ""), False),
        ({"value": "100", "relation": "≈"}, ("119", ""), True),
        ({"value": "100", "relation": "≈"}, ("121", "10"), False),
        ({"value": "100", "relation": "≈"}, ("121", "11"), True),
        ({"value": "100", "relation": "≈"}, ("82", ""), False),
        ({"value": "100", "relation": "∼"}, ("139", ""), True),
        ({"value": "100", "relation": "∼"}, ("71", ""), False),
        ({"value": "-1", "relation": "≈"}, ("-1.1", ""), True),
        ({"value": "-1", "relation": "≈"}, ("1.1", ""), False),
    ],
)
def test_the_rule(claim, mine, expected):
    assert claims.holds(claim, *mine) == expected


@pytest.mark.parametrize(
    ("claim", "mine", "expected"),
    [
        ({"value": "85.2"}, ("85.2", ""), False),
        ({"value": "85.2"}, ("85.2", "30"), True),  # with such an error anything passes
        ({"value": "100", "relation": "∼"}, ("98", ""), False),
        ({"value": ["10", "100"], "relation": "in"}, ("30", ""), True),
        ({"value": ["10", "15"], "relation": "in"}, ("12", ""), False),
        ({"value": "40", "relation": "<"}, ("23", ""), False),
        ({"value": "40", "relation": "<"}, ("19", ""), True),
        ({"value": "2", "relation": ">"}, ("2.9", ""), False),
        ({"value": "2", "relation": ">"}, ("4.1", ""), True),
        ({"value": "0", "relation": ">"}, ("3", ""), True),  # a sign
        ({"value": "-3", "relation": ">"}, ("-2.1", ""), False),
        ({"value": "0"}, ("0.0", "0.1"), True),
        ({"value": "2", "relation": ">", "read_as": "more than 2"}, ("2.9", ""), True),
    ],
)
def test_what_a_factor_of_two_would_not_change(claim, mine, expected):
    assert claims.vacuous(claim, *mine) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("8.854e-12", "8.854×10⁻¹²"),
        ("9.1859e-03", "9.1859×10⁻³"),
        ("4e+11", "4×10¹¹"),
        ("-1.84", "−1.84"),
        ("132", "132"),
    ],
)
def test_a_number_is_shown_as_one_writes_it(text, shown):
    assert claims.readable(text) == shown


@pytest.fixture(scope="module")
def page(parsed):
    return parsed(PAGE)


def test_the_page_shows_every_claim_with_our_number_and_its_cell(page, parsed):
    anchors = {"": {tag["id"] for tag in page.find_all(id=True)}}
    for claim in CLAIMS:
        row = page.find("tr", id=f"claim-{claim['id']}")
        assert row is not None, claim["id"]
        word = claims.verdict(claim)
        assert claims.WORDS.get(word, word) in row.find_all("td")[-1].get_text()
        links = row.find_all("a", href=re.compile("#code-"))
        for reading, link in zip(claims.by_reading(claim), links if "cell" in claim else (), strict=False):
            assert claims.readable(claims.ours(claim, reading=reading)[0]) in link.get_text()
            address, _, anchor = link["href"].partition("#")
            if address not in anchors:
                target = parsed(f"book/chapters/{address}")
                anchors[address] = {tag["id"] for tag in target.find_all(id=True)}
            assert anchor in anchors[address], f"{claim['id']}: no anchor {anchor}"


def test_the_summary_counts_every_claim(page):
    last = page.find("table", class_="ledger-summary").find_all("tr")[-1]
    counts = [int(cell.get_text()) for cell in last.find_all("td")]
    assert counts[-2] == sum(counts[:-2]) == len(CLAIMS)
    assert counts[-1] == sum("weak" in claim for claim in CLAIMS)
