"""Formulas as a reader types them, `2 J^2 t^2 / hbar^2`: their value, their dimension, and as mathematics.

The grammar is that of the page, `formula.js`, line by line: what one of them understands, the other does. A
formula is a tree of tuples: ("number", text), ("name", name), ("call", function, tree), ("-", tree), and
(sign, tree, tree) for the signs + - * / ^. A product without a sign binds as one with a sign does, so that
1/2 J is J/2.
"""

from .judging import agree, dimension, in_words
from .reading import Misread, parse
from .showing import latex

__all__ = ["Misread", "agree", "dimension", "in_words", "latex", "parse"]
