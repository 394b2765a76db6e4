"""Say where a panel stands, on a wide page and on a narrow one.

A narrow page has the panels of a figure below each other (notebooks/narrow.py). A caption that begins with
"Left:", or a sentence about "the right panel", is true on a wide page alone; so both words are written, and
book.css shows the one that holds.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from units import set_texts

CORNERS = {
    "top left": "first",
    "upper left": "first",
    "top right": "second",
    "upper right": "second",
    "bottom left": "third",
    "lower left": "third",
    "bottom right": "fourth",
    "lower right": "fourth",
}
SIDES = {"left": "above", "right": "below"}
WHICH = {"left": "upper", "right": "lower"}
CORNER, SIDE = "|".join(CORNERS), "|".join(SIDES)
# What is said of a panel: in a caption at the head of a sentence, and wherever else it can mean nothing else.
IN_CAPTIONS = re.compile(
    rf"\b(?P<corner>{CORNER})\b|(?:^|(?<=[.)] ))(?P<head>{SIDE})(?=[:,])|(?<=\()(?P<aside>{SIDE})(?=\))"
    rf"|\bon the (?P<place>{SIDE})\b|\b(?P<order>from left to right)\b",
    re.IGNORECASE,
)
IN_TEXT = re.compile(rf"\b(?P<corner>{CORNER})(?= panel\b)|\b(?P<which>{SIDE})(?= panel\b)", re.IGNORECASE)
AFTER_A_FIGURE = re.compile(rf"(?<=^, )(?:(?P<corner>{CORNER})|(?P<aside>{SIDE}))(?=\))")


def below_each_other(found):
    """Return what a match says where panels stand below each other."""
    kind, word = next((kind, word.lower()) for kind, word in found.groupdict().items() if word)
    if kind == "order":
        said = "from top to bottom"
    else:
        said = {"corner": CORNERS, "which": WHICH}.get(kind, SIDES)[word]
    return said.capitalize() if found[0][0].isupper() else said


def parted(text, pattern):
    """Return a text as nodes, two for each place: the wide page's word and the narrow page's."""
    parts, at = [], 0
    for found in pattern.finditer(text):
        parts.append(nodes.Text(text[at : found.start()]))
        parts.append(nodes.inline("", found[0], classes=["on-wide"]))
        parts.append(nodes.inline("", below_each_other(found), classes=["on-narrow"]))
        at = found.end()
    return [*parts, nodes.Text(text[at:])] if parts else [nodes.Text(text)]


def is_plot(node):
    """Whether a caption is that of a figure which a cell draws; a drawing looks the same on every page."""
    figure = node.parent
    return isinstance(node, nodes.caption) and "drawing" not in figure["classes"]


class SayWherePanelsAre(SphinxPostTransform):
    default_priority = 890
    formats = ("html",)

    def run(self, **kwargs):
        set_texts(self.document, panels_placed)


def panels_placed(text, element, before):
    if is_plot(element):
        return parted(str(text), IN_CAPTIONS)
    after_figure = isinstance(before, nodes.reference) and before.astext().startswith("Fig")
    parts = parted(str(text), AFTER_A_FIGURE) if after_figure else [text]
    texts = [parted(str(part), IN_TEXT) if isinstance(part, nodes.Text) else [part] for part in parts]
    return [part for nodes_of_text in texts for part in nodes_of_text]


def setup(app):
    app.add_post_transform(SayWherePanelsAre)
