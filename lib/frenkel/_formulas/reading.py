"""From what a reader types to a tree."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

Tree = tuple[Any, ...]

SAME = ("sqrt", "exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh")
FUNCTIONS = {name: getattr(math, name) for name in SAME} | {"ln": math.log}
WORDS = (
    *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Phi", "Psi", "Omega"),
    *("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu"),
    *("nu", "xi", "pi", "rho", "sigma", "tau", "phi", "chi", "psi", "omega", "hbar"),
)
LETTERS = dict(zip(WORDS, "ΓΔΘΛΞΦΨΩαβγδεηθκλμνξπρστφχψωħ", strict=True))
TOKEN = re.compile(
    r"\s*((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|[A-Za-zΑ-ωħ]+(?:_[A-Za-z0-9]+)?|\S)"
)
WORD = re.compile("[A-Za-zΑ-ωħ]")
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
SIGNS = {"−": "-", "·": "*", "×": "*", "⋅": "*", "**": "^", "√": " sqrt ", "ℏ": "ħ", "µ": "μ", "ϵ": "ε",
         "[": "(", "]": ")", "{": "(", "}": ")"}  # fmt: skip
LONGEST = 200


class Misread(ValueError):
    """What cannot be read as a formula, in words for whoever typed it."""


def tokens(text: str, names: Iterable[str]) -> list[str]:
    """Return numbers, names, functions and signs; `Jt` becomes J and t if these are `names`."""
    if len(text) > LONGEST:
        raise Misread(f"A formula has at most {LONGEST} characters here.")
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: f"^({found[0].translate(RAISED)})", text)
    text = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", text)
    for written, meant in SIGNS.items():
        text = text.replace(written, meant)
    known = {name: name for name in [*FUNCTIONS, *names, "π"]}
    known |= {word: letter for word, letter in LETTERS.items() if letter in known}
    found = []
    for token in TOKEN.findall(text):
        if not WORD.match(token):
            found.append(token)
            continue
        while token:
            name = next(
                (name for name in sorted(known, key=len, reverse=True) if token.startswith(name)), None
            )
            if name is None:
                raise Misread(f"There is no “{token}” here.")
            found.append(known[name])
            token = token[len(name) :]
    return found


def parse(text: str, names: Iterable[str]) -> Tree:
    """Return the tree of a formula in `names`; `Misread` says in words what cannot be read."""
    rest = tokens(text, tuple(names))[::-1]

    def following() -> str:
        return rest[-1] if rest else ""

    def total() -> Tree:
        sign = rest.pop() if following() in ("+", "-") else "+"
        tree = ("-", product()) if sign == "-" else product()
        while following() in ("+", "-"):
            tree = (rest.pop(), tree, product())
        return tree

    def product() -> Tree:
        tree = signed()
        while following() and following() not in "+-)":
            sign = rest.pop() if following() in ("*", "/") else "*"
            tree = (sign, tree, signed())
        return tree

    def signed() -> Tree:
        if following() in ("+", "-"):
            return ("-", signed()) if rest.pop() == "-" else signed()
        return power()

    def power() -> Tree:
        tree = atom()
        if following() == "^":
            rest.pop()
            tree = ("^", tree, signed())
        return tree

    def atom() -> Tree:
        token = rest.pop() if rest else ""
        if token == "(":
            return bracket()
        if token in FUNCTIONS:
            if (rest.pop() if rest else "") != "(":
                raise Misread(f"A bracket follows {token}, as in {token}(…).")
            return ("call", token, bracket())
        if re.match(r"\.?[0-9]", token):
            return ("number", token)
        if WORD.match(token):
            return ("name", token)
        raise Misread(f"“{token}” stands where a number or a name should." if token else "It ends too early.")

    def bracket() -> Tree:
        tree = total()
        if (rest.pop() if rest else "") != ")":
            raise Misread("A bracket is not closed.")
        return tree

    tree = total()
    if rest:
        raise Misread("A bracket is closed that was not opened.")
    return tree
