"""What the text calls a function of the library, and a test."""

import ast
import importlib

from . import sources


def find_function(name):
    """Return where a public function is documented, as a dotted name, or None: in the module that defines it,
    or in the package (`frenkel.exact`) that offers what its private modules define.
    """
    module, _, attribute = name.rpartition(".")
    try:
        function = getattr(importlib.import_module(module), attribute)
        home = function.__module__.partition("._")[0]
        return f"{home}.{function.__qualname__}"
    except (ImportError, AttributeError, ValueError):
        return None


def has_test(identifier):
    """Tell whether `path::test` or `path::Class::test` names a test that exists."""
    path, *names = identifier.split("::")
    file = sources.ROOT / path
    if not names or not file.is_file():
        return False
    body = ast.parse(file.read_text("utf-8")).body
    for name in names:
        found = [node for node in body if getattr(node, "name", None) == name]
        if not found:
            return False
        body = found[0].body
    return names[-1].startswith("test")
