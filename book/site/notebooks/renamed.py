"""Local names of functions by their order: what a variable is called changes nothing that a function does."""

import ast

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = FUNCTIONS + COMPREHENSIONS
BY_NAME = {"eval", "exec", "globals", "locals", "vars"}  # what sees the names of variables


def names_in(trees):
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}


def stored_in(scope):
    """Return the variables that a scope stores, not those of the scopes inside it."""
    found, waiting = set(), list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        if not isinstance(node, SCOPES):
            waiting += ast.iter_child_nodes(node)
    return found


def kept_in(scope):
    """Return the names that are kept: parameters, what is bound in other ways, what is seen from around."""
    kept, around = set(), []
    for node in ast.walk(scope):
        match node:
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                kept.update(names)
            case ast.alias(name=name, asname=other):
                kept.add(other or name.partition(".")[0])
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                kept.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                kept.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                kept.add(name)
            case ast.NamedExpr(target=ast.Name(id=name)):  # may bind outside its comprehension
                kept.add(name)
    if isinstance(scope, FUNCTIONS):
        around = [*scope.args.defaults, *filter(None, scope.args.kw_defaults)]
        around += getattr(scope, "decorator_list", [])
    elif isinstance(scope, COMPREHENSIONS):
        around = [scope.generators[0].iter]
    return kept | names_in(around)


class Renamed(ast.NodeTransformer):
    """Call the variables of each function and comprehension by numbers, in the order in which they are met.

    Two functions that become the same differ in nothing but the names of their variables. Where a class
    stands inside a function, or something sees names (`locals`), all stays as it is.
    """

    def __init__(self):
        self.depth = 0

    def visit(self, node):
        if not isinstance(node, SCOPES):
            return self.generic_visit(node)
        self.depth += 1
        self.generic_visit(node)  # the innermost scopes first
        self.rename(node)
        self.depth -= 1
        return node

    def rename(self, scope):
        if BY_NAME & names_in([scope]) or any(isinstance(node, ast.ClassDef) for node in ast.walk(scope)):
            return
        bound, numbers = stored_in(scope) - kept_in(scope), {}
        for node in ast.walk(scope):
            if isinstance(node, ast.Name) and node.id in bound:
                node.id = f"{self.depth}.{numbers.setdefault(node.id, len(numbers))}"
