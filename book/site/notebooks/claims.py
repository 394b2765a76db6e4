"""The claims ledger: book/ledger.toml against what the chapters print.

    ```{ledger} energies
    ```

shows the claims of one theme as a table, and ``{ledger} summary`` counts verdicts by theme, on a page (see
`extensions/ledger.py`) and in a notebook. A claim is a table of the TOML file:

id, theme       names; each id occurs once
kind            what the paper did: "computed" or "simulated" it, "measured", "inferred" or "stated" it
claim, place    the claim in our words (Markdown), and where it stands in the paper
value           the paper's number as printed, such as "85.2"; with the relation "in", two of them
unit            of `value` and of ours
paper           what to show for the paper's value, if not `value` and `unit`
read_as         the bound that we chose where the paper has a word, such as "more than 2" for "considerably"
relation        what the claim says of our number: "=" `value` (the default), "≈" or "∼" it, ">" or "<" it,
                "in" the range
resolution      unit of the last digit that `value` claims, where it is not the last one printed
cell            "chapter#id" of the code cell that prints our number
pattern         a regular expression for its output; group 1 is our number, group 2, if any, its error
verdict         "reproduced", "agrees", "differs" or "not testable"
verdicts        in place of `verdict`: {reading: verdict} for a claim that depends on how J or Δ is read, or
                on what else is left open; the pattern then has {reading} where the cell prints its name
weak            why the test is weak: that a number off by a factor of two would pass as well, or that the
                bound is ours
reason          why, unless the verdict is good everywhere

No number of ours is typed: it is read from the recorded output of the cell, which the tests rerun. A number
agrees with one that is printed as exact if it lies within half the resolution of the paper's, plus half a
unit of our own last digit, plus two standard errors; with "≈" within a factor of 1.2, with "∼" of 1.4, or
within two standard errors if these are wider. A computation that is not the paper's own never "reproduces":
it "agrees" with a measurement, an inference or a statement. `complaint` says in words where a verdict does
not follow from this, and where a test that almost any number would pass is not marked weak.
"""

import re
import tomllib
from collections import Counter

from . import recorded, sources

BOOK = sources.BOOK
VERDICTS = {"reproduced": "✓", "agrees": "≈", "depends": "⇄", "differs": "≠", "not testable": "○"}
WORDS = {"depends": "depends on the reading"}
GOOD = {"computed": "reproduced", "simulated": "reproduced"} | dict.fromkeys(
    ("measured", "inferred", "stated"), "agrees"
)
NEAR = {"≈": 1.2, "∼": 1.4}  # as factors
NEEDED = {"id", "theme", "kind", "claim", "place"}
ALLOWED = NEEDED | {
    "value", "unit", "paper", "read_as", "relation", "resolution",
    "cell", "pattern", "verdict", "verdicts", "weak", "reason",
}  # fmt: skip
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


def ours(claim, book=BOOK, reading=""):
    """Return our number and its standard error ("" if none) as printed, or None."""
    text = printed(claim["cell"], book)
    pattern = claim["pattern"].replace("{reading}", re.escape(reading))
    match = re.search(pattern, text, re.MULTILINE) if text is not None else None
    return (match[1], match[2] if match.re.groups > 1 else "") if match else None


def by_reading(claim):
    """Return {reading: verdict}; the reading is "" if there is but one."""
    return claim["verdicts"] if "verdicts" in claim else {"": claim["verdict"]}


def verdict(claim):
    """Return the verdict on a claim, "depends" if its readings do not agree."""
    found = set(by_reading(claim).values())
    return found.pop() if len(found) == 1 else "depends"


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
    if relation in NEAR:
        low, high = sorted([number(paper) / NEAR[relation], number(paper) * NEAR[relation]])
        return low <= mine <= high or abs(mine - number(paper)) <= spread
    low, high = paper if relation == "in" else (paper, paper)
    slack = [
        claim.get("resolution", last_digit(end)) / 2 + last_digit(value) / 2 + spread for end in (low, high)
    ]
    rounding = 1e-9 * abs(mine)
    return number(low) - slack[0] - rounding <= mine <= number(high) + slack[1] + rounding


def vacuous(claim, value, error=""):
    """Tell whether the claim would hold as well for a number that is off by a factor of two.

    Off means to either side; for a claim that something is larger or smaller, toward the bound. A claim
    about a sign holds for every number of that sign. Where we chose the bound it does in any case: either the
    number is beyond twice the bound, or another choice would have changed the verdict.
    """
    relation, mine = claim.get("relation", "="), number(value)
    if relation in "<>":
        wrong = [2 * mine if abs(number(claim["value"])) > abs(mine) else mine / 2]
    else:
        wrong = [2 * mine, mine / 2]
    return mine == 0 or "read_as" in claim or any(holds(claim, repr(number), error) for number in wrong)


def complaint(claim, book=BOOK):
    """Return in words what is wrong with a claim, or None."""
    keys = set(claim)
    if not keys >= NEEDED or not keys <= ALLOWED:
        return f"keys missing: {sorted(NEEDED - keys)}, unknown: {sorted(keys - ALLOWED)}"
    if ("verdict" in claim) == ("verdicts" in claim):
        return "one of `verdict` and `verdicts` must stand"
    verdicts, relation, good = by_reading(claim), claim.get("relation", "="), GOOD.get(claim["kind"])
    if good is None or relation not in ("=", "<", ">", "in", *NEAR):
        return f"no such kind or relation: {claim['kind']!r}, {relation!r}"
    for word in verdicts.values():
        if word not in (good, "differs", "not testable"):
            return f"no such verdict for what was {claim['kind']}: {word!r}"
    if set(verdicts.values()) != {good} and not claim.get("reason"):
        return f"«{verdict(claim)}» needs a reason"
    if ("cell" in claim) != ("pattern" in claim):
        return "`cell` and `pattern` go together"
    if "verdicts" in claim and "{reading}" not in claim.get("pattern", ""):
        return "`verdicts` needs a pattern with {reading}"
    if "value" not in claim and "paper" not in claim:
        return "neither `value` nor `paper` says what the paper has"
    weak = []
    for reading, word in verdicts.items():
        mine = ours(claim, book, reading) if "cell" in claim else None
        where = f" under the reading {reading!r}" if reading else ""
        if "cell" in claim and mine is None:
            return f"the cell {claim['cell']} does not print {claim['pattern']!r}{where}"
        if word == "not testable":
            continue
        if mine is None or "value" not in claim:
            return f"«{word}» needs a cell and a value to follow from"
        if holds(claim, *mine) != (word == good):
            shown = " ± ".join(filter(None, mine))
            return f"«{word}» does not follow: paper {relation} {claim['value']}, ours {shown}{where}"
        weak.append(word == good and vacuous(claim, *mine))
    if any(weak) and not claim.get("weak"):
        return "`weak` must say why twice or half our number would pass as well, or that the bound is ours"
    if claim.get("weak") and not any(weak):
        return "`weak` is not true: twice or half our number would not pass, and the bound is the paper's"
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
    stated = claim.get("paper") or f"{claim['value']} {claim.get('unit', '')}".rstrip()
    return f"{stated}, read as {claim['read_as']}" if "read_as" in claim else stated


def shown(claim, reading="", book=BOOK):
    """Return our number with its error and unit as a reader writes it, or None."""
    found = ours(claim, book, reading) if "cell" in claim else None
    if found is None:
        return None
    return f"{' ± '.join(map(readable, filter(None, found)))} {claim.get('unit', '')}".rstrip()


def named(word):
    """Return a verdict with its sign: "⇄ depends on the reading"."""
    return f"{VERDICTS[word]} {WORDS.get(word, word)}"


def remarks(claim):
    """Return what is to be said of a verdict, in Markdown."""
    weak = f"*Weak test:* {claim['weak']}" if claim.get("weak") else ""
    return " ".join(filter(None, [weak, claim.get("reason")]))


def heads():
    """Return what stands above the columns of `counts`."""
    return ("Theme", *map(named, VERDICTS), "all", "of these, weak tests")


def counts(themes, claims):
    """Return [(title, counts by verdict, of all and of weak tests)] of each theme and of all together."""
    groups = [(title, [c for c in claims if c["theme"] == name]) for name, title in themes.items()]
    counted = []
    for title, chosen in [*groups, ("All claims", claims)]:
        of = Counter(map(verdict, chosen))
        weak = sum("weak" in claim for claim in chosen)
        counted.append((title, [*(of[word] for word in VERDICTS), len(chosen), weak]))
    return counted


def markdown(theme, inline):
    """Return the claims of a theme, or the counts of verdicts, as a table; `inline` writes roles plainly."""
    themes, claims = load()
    if theme == "summary":
        columns = heads()
        rows = [(inline(title), *map(str, numbers)) for title, numbers in counts(themes, claims)]
    elif theme in themes:
        columns = ("Claim", "Paper", "Ours", "Verdict")
        rows = [_row(claim, inline) for claim in claims if claim["theme"] == theme]
    else:
        raise sources.Trouble(f"no theme `{theme}` in ledger.toml")
    rows = [[FORMULA.sub(_without_bars, cell) for cell in row] for row in rows]
    if any("|" in cell for row in rows for cell in row):
        raise sources.Trouble("the sign | outside of a formula breaks the table of the claims")
    return "\n".join(f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *rows))


def _without_bars(formula):
    return formula[0].replace("|", r"\vert ")


def _row(claim, inline):
    numbers = [
        f"{reading}: {shown(claim, reading)} {VERDICTS[word]}" if reading else shown(claim) or "–"
        for reading, word in by_reading(claim).items()
    ]
    judged = f"**{named(verdict(claim))}**"
    if said := remarks(claim):
        judged += f". {inline(said)}"
    stated = f"{inline(claim['claim'])} *({claim['kind']}: {claim['place']})*"
    return stated, inline(papers(claim)), "<br>".join(numbers), judged
