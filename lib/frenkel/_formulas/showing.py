"""A formula as mathematics."""

from __future__ import annotations

from .reading import LETTERS, Tree


def latex(tree: Tree) -> str:
    """Return a formula in LaTeX, with the brackets that it needs."""

    def inside(part: Tree, *kinds: str) -> str:
        """Return a part, between brackets if it is of one of these kinds."""
        return rf"\left({latex(part)}\right)" if part[0] in kinds else latex(part)

    match tree:
        case ("number", text):
            if "e" in text.lower():
                digits, exponent = text.lower().split("e")
                return rf"{digits} \cdot 10^{{{int(exponent)}}}"
            return str(text)
        case ("name", name):
            letter, _, index = name.partition("_")
            letter = next((rf"\{word} " for word, sign in LETTERS.items() if sign == letter), letter)
            return letter + (rf"_\mathrm{{{index}}}" if index else "")
        case ("call", "sqrt", inner):
            return rf"\sqrt{{{latex(inner)}}}"
        case ("call", name, inner):
            return rf"\{name}\left({latex(inner)}\right)"
        case ("-", inner):
            return f"-{inside(inner, '+', '-')}"
    sign, left, right = tree
    match sign:
        case "/":
            return rf"\frac{{{latex(left)}}}{{{latex(right)}}}"
        case "^":
            return f"{inside(left, '+', '-', '*', '/', '^', 'call')}^{{{latex(right)}}}"
        case "*":
            dot = r" \cdot " if right[0] == "number" else r" \, "
            return f"{inside(left, '+', '-')}{dot}{inside(right, '+', '-')}"
    return f"{latex(left)} {sign} {inside(right, '+', '-')}"
