"""Hold a number and its unit together: no line of text begins with a unit.

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
VERBATIM = (nodes.literal, nodes.FixedTextElement, nodes.math, addnodes.desc_signature)


class HoldUnits(SphinxPostTransform):
    default_priority = 900

    def run(self, **kwargs):
        for element in self.document.findall(nodes.TextElement):
            if is_verbatim(element):
                continue
            before = None
            for place, child in enumerate(element.children):
                if isinstance(child, nodes.Text):
                    held = AFTER_A_NUMBER.sub("\N{NO-BREAK SPACE}", child)
                    if isinstance(before, nodes.math):
                        held = AT_THE_START.sub("\N{NO-BREAK SPACE}", held)
                    element[place] = nodes.Text(held)
                before = child


def is_verbatim(node):
    return node is not None and (isinstance(node, VERBATIM) or is_verbatim(node.parent))


def setup(app):
    app.add_post_transform(HoldUnits)
