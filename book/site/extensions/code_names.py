"""Sphinx extension: a long name in code breaks between its words, at strokes, dots and underscores."""

import re

from docutils import nodes
from quiz import html
from sphinx.transforms.post_transforms import SphinxPostTransform

LONG = 18  # characters of a name that stays whole
BETWEEN = re.compile(r"(?<=[^\W_][/._])(?=[^\W_])")


def breakable(text):
    """Return a text in code as nodes, with places to break in words that are long."""
    parts = []
    for word in re.split(r"(\s+)", text):
        first, *others = BETWEEN.split(word) if len(word) > LONG else [word]
        parts += [nodes.Text(first)]
        parts += [part for other in others for part in (html("wbr"), nodes.Text(other))]
    return parts


class BreakNames(SphinxPostTransform):
    default_priority = 910
    formats = ("html",)

    def run(self, **kwargs):
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) > LONG and all(isinstance(part, nodes.Text) for part in code.children):
                code[:] = breakable(code.astext())


def setup(app):
    app.add_post_transform(BreakNames)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
