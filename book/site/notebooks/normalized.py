"""What of a piece of code counts: its tree without comments, docstrings, annotations, layout, local names."""

import ast
import hashlib

from .renamed import Renamed

MEANT = {"ClassVar", "InitVar", "KW_ONLY"}  # the annotations that a dataclass heeds


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Strip(ast.NodeTransformer):
    """Take docstrings and annotations out of a tree."""

    def __init__(self):
        self.in_class = False

    def body(self, node, in_class):
        outer, self.in_class = self.in_class, in_class
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        self.generic_visit(node)
        self.in_class = outer
        return node

    def visit_Module(self, node):
        return self.body(node, in_class=False)

    def visit_ClassDef(self, node):
        return self.body(node, in_class=True)

    def visit_FunctionDef(self, node):
        node.returns = None
        return self.body(node, in_class=False)

    def visit_arg(self, node):
        node.annotation = None
        return node

    def visit_AnnAssign(self, node):
        if self.in_class:  # a field: its name and its place count
            named = {n.id for n in ast.walk(node.annotation) if isinstance(n, ast.Name)}
            node.annotation = node.annotation if named & MEANT else ast.Constant(None)
        elif node.value is None:
            return ast.Pass()
        else:
            node = ast.Assign([node.target], node.value)
        return self.generic_visit(node)


def bare(tree):
    """Return a tree of which only what counts is left; it is changed in place."""
    return Renamed().visit(Strip().visit(tree))


def text_of(node):
    """Return a tree as text that is the same for every layout and every version of Python."""
    if isinstance(node, ast.AST):
        fields = {name: value for name, value in ast.iter_fields(node) if name not in ("ctx", "kind")}
        inside = " ".join(
            f"{name}={text_of(value)}" for name, value in fields.items() if value not in (None, [])
        )
        return f"{type(node).__name__}({inside})"
    return f"[{' '.join(map(text_of, node))}]" if isinstance(node, list) else repr(node)
