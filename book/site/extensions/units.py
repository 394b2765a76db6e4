"""Hold a number, its error and its unit together, and a sample's name: no line of text begins with a unit.

The space between them becomes one that does not break, in text alone; code and formulas stay as they are.
Between a formula and a unit it is a mark for site.js, for browsers would break there all the same.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

SPACE = r" (?=(?:%|[KDJÅ]|[mnpf]?s|[nµc]?m|[mk]?eV|nJ|[MG]i?B|\|J\||ħ/J)(?![A-Za-z]))"
AFTER_A_NUMBER = re.compile(rf"(?<=\d){SPACE}")
AT_THE_START = re.compile(f"^{SPACE}")
# Between the factors of a unit, and between a number and its error.
BETWEEN = re.compile(r"(?<=[¹²³]) (?=[A-Za-z]{1,2}⁻)|(?<=J) (?=a²)|(?<=\d) (?=± \d)|(?<=\d ±) (?=\d)")
SAMPLE = re.compile(r"\b((?:DAB|OA)-\d)\b")
HELD = "\N{NO-BREAK SPACE}"
VERBATIM = (nodes.literal, nodes.FixedTextElement, nodes.math, addnodes.desc_signature)


class HoldUnits(SphinxPostTransform):
    default_priority = 900

    def run(self, **kwargs):
        for element in list(self.document.findall(nodes.TextElement)):
            if is_verbatim(element):
                continue
            children, before = [], None
            for child in joined(element):
                if isinstance(child, nodes.Text):
                    held = AFTER_A_NUMBER.sub(HELD, child)
                    if isinstance(before, nodes.math):
                        held = AT_THE_START.sub(HELD, held)
                    children += samples_whole(BETWEEN.sub(HELD, held), element)
                else:
                    children.append(child)
                before = child
            element.children = []
            element.extend(children)


def joined(element):
    """Return the children of an element, lines of text that follow each other as one."""
    children = []
    for child in element.children:
        if isinstance(child, nodes.Text) and children and isinstance(children[-1], nodes.Text):
            children[-1] = nodes.Text(f"{children[-1]}{child}".replace("\n", " "))
        else:
            children.append(child)
    return children


def samples_whole(text, element):
    """Return a text as nodes in which the name of a sample has a place of its own, which does not break."""
    if "held" in element["classes"]:
        return [nodes.Text(text)]
    parts = (part for part in enumerate(SAMPLE.split(text)) if part[1])
    return [
        nodes.inline("", words, classes=["held"]) if index % 2 else nodes.Text(words)
        for index, words in parts
    ]


def is_verbatim(node):
    return node is not None and (isinstance(node, VERBATIM) or is_verbatim(node.parent))


NUMBERED = re.compile(r"\b(Figs?\.|Eqs?\.|Exercise) (?=\d)")
RELATION = re.compile(r"(?<![\w.])(\|?\w{1,2}\|?) ([=≈<>]) (?=[-−+|]?[\w.|]{1,6}(?!\w))")
STROKE = re.compile(r"((?<![\w/|])\|?\w{1,3}\|?/\|?\w{1,2}\|?(?![\w/])|\b[HJ]-aggregates?\b)")


class HoldWords(SphinxPostTransform):
    """Hold together short relations (`Δ = 2J`), quotients (`ħ/J`), and figures with their numbers."""

    default_priority = 905

    def run(self, **kwargs):
        for element in list(self.document.findall(nodes.TextElement)):
            if not is_verbatim(element) and "held" not in element["classes"]:
                element[:] = [part for child in element.children for part in words_held(child)]


def words_held(child):
    """Return what stands in the place of a child of an element."""
    if not isinstance(child, nodes.Text):
        return [child]
    text = NUMBERED.sub("\\1\N{NO-BREAK SPACE}", child)
    text = RELATION.sub("\\1\N{NO-BREAK SPACE}\\2\N{NO-BREAK SPACE}", text)
    parts = [part for part in enumerate(STROKE.split(text)) if part[1]]
    return [nodes.inline("", it, classes=["held"]) if place % 2 else nodes.Text(it) for place, it in parts]


def setup(app):
    app.add_post_transform(HoldUnits)
    app.add_post_transform(HoldWords)
