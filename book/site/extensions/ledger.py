"""The claims ledger: book/ledger.toml against what the chapters print.

    ```{ledger} energies
    ```

shows the claims of one theme as a table, and ``{ledger} summary`` counts verdicts by theme. A claim is a
table of the TOML file:

id, theme       names; each id occurs once
claim, place    the claim in our words (Markdown), and where it stands in the paper
value           the paper's number as printed, such as "85.2"; with the relation "in", two of them
unit            of `value` and of ours
paper           what to show for the paper's value, if not `value` and `unit`
relation        what the claim says of our number: "=" `value` (the default), ">" or "<" it, "in" the range
resolution      unit of the last digit that `value` claims, where it is not the last one printed (about 100)
cell            "chapter#id" of the code cell that prints our number
pattern         a regular expression for its output; group 1 is our number, group 2, if any, its error
verdict         "reproduced", "differs" or "not testable"
reason          why, unless reproduced

No number of ours is typed: it is read from the recorded output of the cell, which the tests rerun. A number
is reproduced if it lies within half the resolution of the paper's, plus half a unit of our own last digit,
plus two standard errors; `complaint` says in words where a verdict does not follow from this.
"""

import re
import tomllib

from docutils import nodes
from notebooks import recorded, sources
from quiz import html
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)
BOOK = sources.BOOK
VERDICTS = {"reproduced": "✓", "differs": "≠", "not testable": "○"}
NEEDED = {"id", "theme", "claim", "place", "verdict"}
ALLOWED = NEEDED | {"value", "unit", "paper", "relation", "resolution", "cell", "pattern", "reason"}


def load(path=None):
    """Return (themes, claims) of a ledger: a dict of titles and a list of dicts."""
    ledger = tomllib.loads((path or BOOK / "ledger.toml").read_text("utf-8"))
    return ledger["themes"], ledger["claim"]


def printed(cell, book=BOOK):
    """Return what the cell "chapter#id" has printed, or None if there is no such cell."""
    chapter, _, name = cell.partition("#")
    path = sources.find(chapter, book)
    return recorded.printed(recorded.folder(path)).get(name) if path else None


def ours(claim, book=BOOK):
    """Return our number and its standard error ("" if none) as printed, or None."""
    text = printed(claim["cell"], book)
    match = re.search(claim["pattern"], text, re.MULTILINE) if text is not None else None
    return (match[1], match[2] if match.re.groups > 1 else "") if match else None


def readable(text):
    """Return a printed number as a reader writes it: "8.854e-12" as "8.854×10⁻¹²"."""
    raised = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
    text = re.sub(r"e([+-]\d+)$", lambda power: "×10" + str(int(power[1])).translate(raised), text)
    return text.replace("-", "−")


def number(text):
    return float(text.replace("−", "-"))


def last_digit(text):
    """Return the unit of the last printed digit: 0.01 for "9.14", 0.0001e-3 for "9.1859e-03"."""
    mantissa, _, exponent = text.lower().partition("e")
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def holds(claim, value, error=""):
    """Tell whether our number bears the claim out."""
    relation, paper = claim.get("relation", "="), claim["value"]
    mine, spread = number(value), 2 * number(error or "0")
    if relation in "<>":
        sign = 1 if relation == ">" else -1
        return sign * (mine - number(paper)) > spread
    low, high = paper if relation == "in" else (paper, paper)
    slack = [
        claim.get("resolution", last_digit(end)) / 2 + last_digit(value) / 2 + spread for end in (low, high)
    ]
    rounding = 1e-9 * abs(mine)
    return number(low) - slack[0] - rounding <= mine <= number(high) + slack[1] + rounding


def complaint(claim, book=BOOK):
    """Return in words what is wrong with a claim, or None."""
    keys = set(claim)
    if not keys >= NEEDED or not keys <= ALLOWED:
        return f"keys missing: {sorted(NEEDED - keys)}, unknown: {sorted(keys - ALLOWED)}"
    verdict, relation = claim["verdict"], claim.get("relation", "=")
    if verdict not in VERDICTS or relation not in ("=", "<", ">", "in"):
        return f"no such verdict or relation: {verdict!r}, {relation!r}"
    if verdict != "reproduced" and not claim.get("reason"):
        return f"«{verdict}» needs a reason"
    if ("cell" in claim) != ("pattern" in claim):
        return "`cell` and `pattern` go together"
    if "value" not in claim and "paper" not in claim:
        return "neither `value` nor `paper` says what the paper has"
    if "cell" in claim and ours(claim, book) is None:
        return f"the cell {claim['cell']} does not print {claim['pattern']!r}"
    if verdict == "not testable":
        return None
    if "cell" not in claim or "value" not in claim:
        return f"«{verdict}» needs a cell and a value to follow from"
    mine = ours(claim, book)
    if holds(claim, *mine) != (verdict == "reproduced"):
        shown = " ± ".join(filter(None, mine))
        return f"«{verdict}» does not follow: paper {relation} {claim['value']}, ours {shown}"
    return None


def complaints(themes, claims, book=BOOK):
    """Return what is wrong with a whole ledger, a sentence each."""
    seen, wrong = set(), []
    for claim in claims:
        name = claim.get("id", "?")
        words = "its id occurs twice" if name in seen else complaint(claim, book)
        if words is None and claim["theme"] not in themes:
            words = f"no such theme: {claim['theme']}"
        if words:
            wrong.append(f"claim `{name}`: {words}")
        seen.add(name)
    return wrong


class Ledger(SphinxDirective):
    required_arguments = 1

    def inline(self, text):
        return self.state.inline_text(text, self.lineno)[0]

    def run(self):
        self.env.note_dependency(str(BOOK / "ledger.toml"))
        themes, claims = load()
        for chapter in {claim["cell"].partition("#")[0] for claim in claims if "cell" in claim}:
            self.env.note_dependency(str(recorded.folder(sources.find(chapter)) / "printed.toml"))
        theme = self.arguments[0]
        if theme == "summary":
            return [self.summary(themes, claims)]
        if theme not in themes:
            raise self.error(f"no theme `{theme}` in ledger.toml")
        mine = [claim for claim in claims if claim["theme"] == theme]
        for words in complaints(themes, mine):
            logger.warning("%s", words, location=self.get_location())
        return [
            self.table("ledger", themes[theme], ("Claim", "Paper", "Ours", "Verdict"), map(self.row, mine))
        ]

    def table(self, kind, caption, heads, rows):
        """Return a table whose roles are spelled out, because on a phone its rows become cards."""
        head = html("tr", *(html("th", nodes.Text(text), scope="col", role="columnheader") for text in heads),
                    role="row")  # fmt: skip
        return html(
            "table",
            html("caption", *self.inline(caption)),
            html("thead", head, role="rowgroup"),
            html("tbody", *rows, role="rowgroup"),
            class_=kind,
            role="table",
        )

    def row(self, claim):
        unit = f" {claim['unit']}" if claim.get("unit") else ""
        paper = claim.get("paper") or f"{claim['value']}{unit}"
        found = ours(claim) if "cell" in claim else None
        shown = [nodes.Text("–")]
        if found:
            chapter, _, cell = claim["cell"].partition("#")
            page = sources.find(chapter).relative_to(sources.ROOT).as_posix().removesuffix(sources.SUFFIX)
            address = self.env.app.builder.get_relative_uri(self.env.docname, page)
            value = " ± ".join(map(readable, filter(None, found)))
            shown = [html("a", nodes.Text(value + unit), href=f"{address}#code-{cell}", class_="internal")]
        verdict = claim["verdict"]
        words = [html("strong", nodes.Text(f"{VERDICTS[verdict]} {verdict}"))]
        if claim.get("reason"):
            words += [nodes.Text(". "), *self.inline(claim["reason"])]
        place = html("span", nodes.Text(claim["place"]), class_="place")
        return html(
            "tr",
            html("th", *self.inline(claim["claim"]), nodes.Text(" "), place, scope="row", role="rowheader"),
            html("td", *self.inline(paper), role="cell", data_label="Paper"),
            html("td", *shown, role="cell", data_label="Ours"),
            html("td", *words, role="cell", data_label="Verdict"),
            role="row",
            id=f"claim-{claim['id']}",
            data_verdict=verdict.replace(" ", "-"),
        )

    def summary(self, themes, claims):
        def line(title, chosen):
            counts = [sum(claim["verdict"] == verdict for claim in chosen) for verdict in VERDICTS]
            cells = (
                html("td", nodes.Text(str(count)), role="cell")
                for count in (*counts, len(chosen))
            )  # fmt: skip
            return html(
                "tr", html("th", *self.inline(title), scope="row", role="rowheader"), *cells, role="row"
            )

        rows = [line(title, [c for c in claims if c["theme"] == name]) for name, title in themes.items()]
        heads = ("Theme", *(f"{sign} {verdict}" for verdict, sign in VERDICTS.items()), "all")
        return self.table("ledger-summary", "The ledger, counted", heads, [*rows, line("All claims", claims)])


def setup(app):
    app.add_directive("ledger", Ledger)
