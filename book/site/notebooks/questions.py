"""What authors write in `{self-check}` and `{prediction}`, read for the pages (`extensions/quiz.py`) and for
the notebooks (`plain.py`) alike: what is asked, what can be answered, and what is said to it.
"""

import re
from typing import NamedTuple

NUMBER = re.compile(r"^\s*([-+−]?[\d.]+(?:e[-+]?\d+)?)\s*±\s*([\d.]+(?:e[-+]?\d+)?)\s*$", re.IGNORECASE)
OPTION = re.compile(r"\[([ x])\] (.+?) : (.+)$")


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


def targets(options, items, prose):
    """Return the numbers that a self-check recognizes, the right one first."""
    if not prose or "hint" not in options:
        raise ValueError("a number needs :hint: for other entries and a text for the right one")
    texts = [(options["number"], True, None)]
    for item in items:
        text, colon, says = item.partition(" : ")
        if not colon:
            raise ValueError(f"a number must read «- 0.74 ± 0.01 : what to say to it», but is {item!r}")
        texts.append((text, False, says))
    return [Target(text, *number_and_tolerance(text), right, says) for text, right, says in texts]


def predictions(items, prose):
    """Return the labels of a prediction."""
    if len(items) < 2 or not prose:
        raise ValueError("a prediction needs two options and the text that follows them")
    return items
