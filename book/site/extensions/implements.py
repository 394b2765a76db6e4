"""Role `implements`: under an equation, the function that computes it and the test that checks it.

    {implements}`frenkel.diffusion_constant tests/test_limits.py::test_strong_dephasing`

The build warns if the function is not in the library or the test not in its file.
"""

import ast
import importlib
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[3]


def find_function(name):
    """Return where a public function is documented, as a dotted name, or None: where it is defined, or in
    the package (`frenkel.exact`) that offers what its modules define.
    """
    module, _, attribute = name.rpartition(".")
    try:
        function = getattr(importlib.import_module(module), attribute)
        home = function.__module__
        while home.count(".") > 1:
            home = home.rpartition(".")[0]
        return f"{home}.{function.__qualname__}"
    except (ImportError, AttributeError, ValueError):
        return None


def has_test(identifier):
    """Tell whether `path::test` or `path::Class::test` names a test that exists."""
    path, *names = identifier.split("::")
    file = ROOT / path
    if not names or not file.is_file():
        return False
    body = ast.parse(file.read_text("utf-8")).body
    for name in names:
        found = [node for node in body if getattr(node, "name", None) == name]
        if not found:
            return False
        body = found[0].body
    return names[-1].startswith("test")


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
        line = nodes.inline("", "", classes=["implements"])
        line += [nodes.Text("Computed by "), reference, nodes.Text(", checked by "), nodes.literal("", test)]
        return [line], []


def setup(app):
    app.add_role("implements", Implements())
