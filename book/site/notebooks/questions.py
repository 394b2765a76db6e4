"""What authors write in `{self-check}` and `{prediction}`, read for the pages (`extensions/quiz.py`) and for
the notebooks (`plain.py`) alike: what is asked, what can be answered, and what is said to it.
"""

import re
from typing import NamedTuple

from frenkel import _formulas

NUMBER = re.compile(r"^\s*([-+−]?[\d.]+(?:e[-+]?\d+)?)\s*±\s*([\d.]+(?:e[-+]?\d+)?)\s*$", re.IGNORECASE)
OPTION = re.compile(r"\[([ x])\] (.+?) : (.+)$")
BASE = re.compile(r"([a-z]+)(?:\^(-?\d+))?$")


class Choice(NamedTuple):
    """One of several answers."""

    label: str
    right: bool
    says: str


class Target(NamedTuple):
    """A number that is recognized: `text` as the author wrote it, 0.37 ± 0.01."""

    text: str
    value: float
    within: float
    right: bool
    says: str | None  # None for the right one: the prose says it


class Formula(NamedTuple):
    """A formula that is recognized, as the author wrote it and in LaTeX."""

    text: str
    latex: str
    right: bool
    says: str | None  # None for the right one: the prose says it


def split(lines):
    """Return the items of the list, continuation lines joined, and the row where the prose begins."""
    items = []
    for row, line in enumerate(lines):
        if line.startswith("- "):
            items.append(line[2:].strip())
        elif line.startswith("  ") and items:
            items[-1] += " " + line.strip()
        elif line.strip() or not items:
            return items, row
    return items, len(lines)


def number_and_tolerance(text):
    """Return the two numbers of «0.37 ± 0.01»."""
    match = NUMBER.match(text or "")
    if not match:
        raise ValueError(f"a number must read like «0.37 ± 0.01», but is {text!r}")
    return tuple(float(part.replace("−", "-")) for part in match.groups())


def choices(items, prose):
    """Return the options of a self-check."""
    parsed = [OPTION.match(item) for item in items]
    if not all(parsed) or len(parsed) < 2:
        raise ValueError("every option must read «- [ ] answer : what to say to it», and there must be two")
    if [match[1] for match in parsed].count("x") != 1 or prose:
        raise ValueError("exactly one option must be marked [x], and nothing may follow the options")
    return [Choice(match[2], match[1] == "x", match[3]) for match in parsed]


def entries(kind, options, items, prose):
    """Return (text, is it right, what to say) of all entries that are recognized, the right one first."""
    if not prose or "hint" not in options:
        raise ValueError(f"a {kind} needs :hint: for other entries and a text for the right one")
    found = [(options[kind], True, None)]
    for item in items:
        text, colon, says = item.partition(" : ")
        if not colon:
            raise ValueError(
                f"a wrong {kind} must read «- {options[kind]} : what to say to it», but is {item!r}"
            )
        found.append((text, False, says))
    return found


def targets(options, items, prose):
    """Return the numbers that a self-check recognizes, the right one first."""
    found = entries("number", options, items, prose)
    return [Target(text, *number_and_tolerance(text), right, says) for text, right, says in found]


def names(text):
    """Return {name: {base: power}} of «J energy, ħ energy time, D length^2 time^-1, N»."""
    found = {}
    for part in (text or "").split(","):
        name, *bases = part.split() or [""]
        parsed = [BASE.match(base) for base in bases]
        if not all(parsed):
            raise ValueError(
                f"names must read «J energy, D length^2 time^-1, N», but one is {part.strip()!r}"
            )
        found[name] = {match[1]: int(match[2] or 1) for match in parsed}
    return found


def formulas(options, items, prose):
    """Return the formulas that a self-check recognizes, the right one first, and the names in them."""
    if not options.get("names", "").strip():
        raise ValueError("a formula needs :names:, those that may occur in it with their dimensions")
    known, most = names(options["names"]), len(_formulas.judging.PRIMES)
    if len(known) > most:
        raise ValueError(f"a formula may have {most} names, but has {len(known)}")
    found, trees = [], []
    for text, right, says in entries("formula", options, items, prose):
        try:
            tree = _formulas.parse(text, known)
            right and _formulas.dimension(tree, known)
        except _formulas.Misread as error:
            raise ValueError(f"the formula {text!r} cannot be read: {error}") from None
        if right and not _formulas.agree(tree, tree, known):
            raise ValueError(f"the formula {text!r} has no value where its names lie between 0.5 and 2")
        if any(_formulas.agree(tree, other, known) for other in trees):
            raise ValueError(f"the formula {text!r} is another way to write one above it")
        trees.append(tree)
        found.append(Formula(text, _formulas.latex(tree), right, says))
    return found, known


def predictions(items, prose):
    """Return the labels of a prediction."""
    if len(items) < 2 or not prose:
        raise ValueError("a prediction needs two options and the text that follows them")
    return items
