"""The claims ledger: book/ledger.toml against what the chapters print.

    ```{ledger} energies
    ```

shows the claims of one theme as a table, and ``{ledger} summary`` counts verdicts by theme, on a page (see
`extensions/ledger.py`) and in a notebook. A claim is a
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
from collections import Counter

from . import recorded, sources

BOOK = sources.BOOK
VERDICTS = {"reproduced": "✓", "differs": "≠", "not testable": "○"}
NEEDED = {"id", "theme", "claim", "place", "verdict"}
ALLOWED = NEEDED | {"value", "unit", "paper", "relation", "resolution", "cell", "pattern", "reason"}
FORMULA = re.compile(r"\$[^$]+\$")


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


def papers(claim):
    """Return what the paper has, in Markdown."""
    return claim.get("paper") or f"{claim['value']} {claim.get('unit', '')}".rstrip()


def shown(claim, book=BOOK):
    """Return our number with its error and unit as a reader writes it, or None."""
    found = ours(claim, book) if "cell" in claim else None
    if found is None:
        return None
    return f"{' ± '.join(map(readable, filter(None, found)))} {claim.get('unit', '')}".rstrip()


def counts(themes, claims):
    """Return [(title, a count for each verdict and one of all)] of each theme and of all together."""
    groups = [(title, [c for c in claims if c["theme"] == name]) for name, title in themes.items()]
    counted = []
    for title, chosen in [*groups, ("All claims", claims)]:
        of = Counter(claim["verdict"] for claim in chosen)
        counted.append((title, [*(of[verdict] for verdict in VERDICTS), len(chosen)]))
    return counted


def markdown(theme, inline):
    """Return the claims of a theme, or the counts of verdicts, as a table; `inline` writes roles plainly."""
    themes, claims = load()
    if theme == "summary":
        heads = ("Theme", *(f"{sign} {verdict}" for verdict, sign in VERDICTS.items()), "all")
        rows = [(inline(title), *map(str, numbers)) for title, numbers in counts(themes, claims)]
    elif theme in themes:
        heads = ("Claim", "Paper", "Ours", "Verdict")
        rows = [_row(claim, inline) for claim in claims if claim["theme"] == theme]
    else:
        raise sources.Trouble(f"no theme `{theme}` in ledger.toml")
    rows = [[FORMULA.sub(_without_bars, cell) for cell in row] for row in rows]
    if any("|" in cell for row in rows for cell in row):
        raise sources.Trouble("the sign | outside of a formula breaks the table of the claims")
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def _without_bars(formula):
    return formula[0].replace("|", r"\vert ")


def _row(claim, inline):
    verdict = f"**{VERDICTS[claim['verdict']]} {claim['verdict']}**"
    if claim.get("reason"):
        verdict += f". {inline(claim['reason'])}"
    said = f"{inline(claim['claim'])} *({claim['place']})*"
    return said, inline(papers(claim)), shown(claim) or "–", verdict
