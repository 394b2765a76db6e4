"""Hold a number, its error and its unit together, and a sample's name: no line of text begins with a unit.

The space between them becomes one that does not break, in text alone; code and formulas stay as they are.
Between a formula and a unit it is a mark for site.js, for browsers would break there all the same.
"""

import re

from docutils import nodes
from frenkel.explore.words import AFTER_A_NUMBER, BETWEEN, HELD, UNIT, relations_held
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

AT_THE_START = re.compile(f"^{UNIT}")
SAMPLE = re.compile(r"\b((?:DAB|OA)-\d)\b")
VERBATIM = (nodes.literal, nodes.FixedTextElement, nodes.math, addnodes.desc_signature)


class HoldUnits(SphinxPostTransform):
    default_priority = 900

    def run(self, **kwargs):
        set_texts(self.document, units_held)


def set_texts(document, parts_of):
    """Put `parts_of(text, element, what stands before)` in the place of all texts that are no code."""
    for element in list(document.findall(nodes.TextElement)):
        if is_verbatim(element):
            continue
        children, before = [], None
        for child in joined(element):
            children += parts_of(child, element, before) if isinstance(child, nodes.Text) else [child]
            before = child
        element[:] = children


def joined(element):
    """Return the children of an element, lines of text that follow each other as one."""
    children = []
    for child in element.children:
        if isinstance(child, nodes.Text) and children and isinstance(children[-1], nodes.Text):
            children[-1] = nodes.Text(f"{children[-1]}{child}".replace("\n", " "))
        else:
            children.append(child)
    return children


def is_verbatim(node):
    return node is not None and (isinstance(node, VERBATIM) or is_verbatim(node.parent))


def units_held(text, element, before):
    held = AFTER_A_NUMBER.sub(HELD, text)
    if isinstance(before, nodes.math):
        held = AT_THE_START.sub(HELD, held)
    held = BETWEEN.sub(HELD, held)
    return [nodes.Text(held)] if "held" in element["classes"] else whole(SAMPLE, held)


def whole(pattern, text):
    """Return a text as nodes in which what a pattern finds has a place of its own, which does not break."""
    parts = (part for part in enumerate(pattern.split(text)) if part[1])
    return [nodes.inline("", it, classes=["held"]) if place % 2 else nodes.Text(it) for place, it in parts]


NUMBERED = re.compile(r"\b(Figs?\.|Eqs?\.|Exercise) (?=\d)")
STROKE = re.compile(r"((?<![\w/|])\|?\w{1,3}\|?/\|?\w{1,2}\|?(?![\w/])|\b[HJ]-aggregates?\b)")


class HoldWords(SphinxPostTransform):
    """Hold together short relations (`Δ = 2J`), quotients (`ħ/J`), and figures with their numbers."""

    default_priority = 905

    def run(self, **kwargs):
        def parts_of(text, element, _):
            return [text] if "held" in element["classes"] else words_held(text)

        set_texts(self.document, parts_of)


def words_held(text):
    """Return the nodes that stand in the place of a text."""
    text = NUMBERED.sub(rf"\1{HELD}", text)
    return whole(STROKE, relations_held(text))


def setup(app):
    app.add_post_transform(HoldUnits)
    app.add_post_transform(HoldWords)
