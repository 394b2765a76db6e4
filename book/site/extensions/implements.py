"""Role `implements`: under an equation, the function that computes it and the test that checks it.

    {implements}`frenkel.diffusion_constant tests/motion/test_ring_diffusion.py::test_strong_dephasing_limit`

It stands in a paragraph of its own and becomes a mark that opens. The build warns if the function is not in
the library or the test not in its file.
"""

from docutils import nodes
from notebooks import labels
from notebooks.names import find_function, has_test
from quiz import html
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

logger = logging.getLogger(__name__)


def find_public_name(app, env, node, content):
    """Let `frenkel.square` mean the `square` of the module that defines it: each name is documented once."""
    name = node.get("reftarget", "")
    home = find_function(name) if node.get("refdomain") == "py" and name.count(".") == 1 else None
    if home is None or home == name:
        return None
    python = env.get_domain("py")
    return python.resolve_xref(env, node["refdoc"], app.builder, "obj", home, node, content)


class Implements(SphinxRole):
    def run(self):
        function, _, test = self.text.partition(" ")
        target = find_function(function)
        if target is None:
            logger.warning("no function `%s` in the library", function, location=self.get_location())
        if not has_test(test):
            logger.warning("no test `%s` that checks `%s`", test, function, location=self.get_location())
        reference = addnodes.pending_xref(
            "", nodes.literal("", function), refdomain="py", reftype="obj", reftarget=target or function,
            refdoc=self.env.docname, refexplicit=True, refwarn=True,
        )  # fmt: skip
        file, _, name = test.partition("::")
        checks = nodes.reference("", "", nodes.literal("", name), refuri=labels.repository(file))
        line = nodes.inline("", "", classes=["implements"])
        line += [nodes.Text("Computed by "), reference, nodes.Text(", checked by "), checks, nodes.Text(".")]
        return [line], []


class Fold(SphinxTransform):
    """Take the lines out of the way of the text."""

    default_priority = 800

    def apply(self):
        for line in list(self.document.findall(nodes.inline)):
            if "implements" in line["classes"]:
                mark = html("summary", nodes.Text("Computed and checked"))
                line.parent.replace_self(
                    html("details", mark, html("p", *line.children), class_="implements")
                )


def setup(app):
    app.add_role("implements", Implements())
    app.add_transform(Fold)
    app.connect("missing-reference", find_public_name)
