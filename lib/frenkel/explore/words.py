"""How sentences of an explorer write numbers, and what no line may part; the book's texts obey it too."""

import re

from ..statistics import uncertainty

HELD = "\N{NO-BREAK SPACE}"
UNIT = r" (?=(?:%|[KDJÅ]|[mnpf]?s|[nµc]?m|[mk]?eV|nJ|[MG]i?B|\|J\||ħ/J)(?![A-Za-z]))"
AFTER_A_NUMBER = re.compile(rf"(?<=\d){UNIT}")
# Between the factors of a unit, and between a number and its error.
BETWEEN = re.compile(r"(?<=[¹²³]) (?=[A-Za-z]{1,2}⁻)|(?<=J) (?=a²)|(?<=\d) (?=± \d)|(?<=\d ±) (?=\d)")
RELATION = re.compile(r"(?<![\w.])(\|?\w{1,2}\|?) ([=≈<>]) (?=[-−+|]?[\w.|]{1,6}(?!\w))")
LOWERED = re.compile(r"_\{(\w+)\}")  # of a symbol
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(words):
    """Return a sentence as a page sets it: powers of ten, minus signs, no minus zero, held units."""
    words = re.sub(r"(?<=\d)e([+-]\d+)", lambda power: "·10" + str(int(power[1])).translate(_RAISED), words)
    words = re.sub(r"(?<![\w.])-(?=0(?:\.0+)?(?![\d.]*\d))", "", words)
    words = re.sub(r"(?<![\w.])-(?=\d)", "−", words)
    return relations_held(BETWEEN.sub(HELD, AFTER_A_NUMBER.sub(HELD, words)))


def relations_held(text):
    """Return a text in which short relations such as `Δ = 2J` do not break."""
    return RELATION.sub(rf"\1{HELD}\2{HELD}", text)


def with_error(value, error):
    """Write a value with as many digits as its error has, and alone if that is below a thousandth of it."""
    return f"{value:.3g}" if error <= 1e-3 * abs(value) else uncertainty.with_error(value, error)


def digits(number, count):
    """Write a number with `count` significant digits and no exponent."""
    return f"{float(f'{number:.{count}g}'):.10g}"
