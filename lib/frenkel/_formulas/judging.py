"""The value of a formula and its dimension."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from .reading import FUNCTIONS, Misread, Tree

Dimension = dict[str, float]
POINTS = 6
PRIMES = (2, 3, 5, 7, 11, 13, 17, 19)


def value(tree: Tree, of: Mapping[str, float]) -> float:
    """Return the value of a formula, not a number where it has none."""
    try:
        match tree:
            case ("number", text):
                return float(text)
            case ("name", name):
                return of[name]
            case ("call", name, inner):
                return float(FUNCTIONS[name](value(inner, of)))
            case ("-", inner):
                return -value(inner, of)
            case (sign, left, right):
                a, b = value(left, of), value(right, of)
                return {"+": a.__add__, "-": a.__sub__, "*": a.__mul__, "/": a.__truediv__,
                        "^": lambda b: math.pow(a, b)}[sign](b)  # fmt: skip
    except (ArithmeticError, ValueError):
        pass
    return math.nan


def points(names: Iterable[str]) -> list[dict[str, float]]:
    """Return values between 0.5 and 2 of the names, without a relation among them: π keeps its own."""
    return [
        {
            name: 0.5 + 1.5 * math.modf(math.sqrt(prime) * k)[0]
            for name, prime in zip(names, PRIMES, strict=False)
        }
        | {"π": math.pi}
        for k in range(1, POINTS + 1)
    ]


def agree(one: Tree, other: Tree, names: Iterable[str]) -> bool:
    """Return whether two formulas have the same value at all points."""
    pairs = [(value(one, at), value(other, at)) for at in points(names)]
    return all(abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1e-300) for a, b in pairs)


def in_words(dimension: Dimension) -> str:
    """Return a dimension in words: energy² time⁻¹."""
    raised = str.maketrans("0123456789-.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻·")
    parts = [
        base + ("" if power == 1 else f"{power:g}".translate(raised))
        for base, power in sorted(dimension.items())
    ]
    return " ".join(parts) or "a pure number"


def _times(one: Dimension, other: Dimension, power: float = 1.0) -> Dimension:
    """Return the dimension of `one` times the `power` of `other`."""
    total = {base: one.get(base, 0.0) + power * other.get(base, 0.0) for base in one | other}
    return {base: round(exponent, 9) for base, exponent in total.items() if abs(exponent) > 1e-9}


def dimension(tree: Tree, of: Mapping[str, Dimension]) -> Dimension:
    """Return the dimension of a formula; `Misread` names two terms, or a place, that do not fit."""
    match tree:
        case ("number", _):
            return {}
        case ("name", name):
            return dict(of.get(name, {}))
        case ("-", inner):
            return dimension(inner, of)
        case ("call", "sqrt", inner):
            return _times({}, dimension(inner, of), 0.5)
        case ("call", name, inner):
            found = dimension(inner, of)
            if found:
                raise Misread(f"What stands in {name}(…) must be a pure number, but has the dimension "
                              f"{in_words(found)}.")  # fmt: skip
            return {}
    sign, left, right = tree
    one, other = dimension(left, of), dimension(right, of)
    match sign:
        case "*":
            return _times(one, other)
        case "/":
            return _times(one, other, -1.0)
        case "^":
            if other:
                raise Misread(f"An exponent must be a pure number, but has the dimension {in_words(other)}.")
            exponent = value(right, dict.fromkeys([*of, "π"], math.nan))
            if one and math.isnan(exponent):
                raise Misread("What has a dimension can be raised only to a number.")
            return _times({}, one, exponent) if one else {}
    if one != other:
        raise Misread(f"Two terms have different dimensions: {in_words(one)} and {in_words(other)}.")
    return one
