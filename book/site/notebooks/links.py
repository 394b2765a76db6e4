"""Which cells of a chapter depend on which, so that a changed page is shown before all is executed anew.

A chapter is read statement by statement. Each name stands for the code that it was made by: the statement,
the names that this reads, the definitions of the library behind them. A cell must be executed again when that
changes for one of its statements, and it needs the cells that last made or changed the names that it reads.

What a name stands for can also be changed in place. Counted as such are `a[i] = …`, `a.b = …`, `a += …`, a
method called for its effect (`a.append(1)`, `plt.rcParams.update(…)`), an array given to a function that is
called for its effect (`fill(a)`), and each use of a generator of random numbers. A function that changes an
argument and is called for its value as well is not seen: so this serves to show a page, never to record it.
"""

import ast
import copy
from typing import NamedTuple

from . import sources, uses
from .normalized import bare, digest, text_of

GENERATOR = "default_rng"  # what makes a generator of random numbers: to use it is to change it
SHOWN = {"print", "display"}  # functions that are called for their effect and change no argument


class Link(NamedTuple):
    cell: str
    mark: str  # a hash of all code that the cell's output follows from
    needs: frozenset  # ids of the cells that must be executed before it, through all steps


class Name(NamedTuple):
    """What a name of a chapter stands for at some point of it."""

    mark: str
    cells: frozenset  # ids of those that made it and changed it since
    reads: frozenset = frozenset()  # for a function: the names that it reads when it is called
    generator: bool = False


def root_of(node):
    """Return the chain of names in `a.b[c].d(…)`, ["a", "b", "d"], or [] where no name is at its root."""
    chain = []
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        if isinstance(node, ast.Attribute):
            chain.insert(0, node.attr)
        node = node.func if isinstance(node, ast.Call) else node.value
    return [node.id, *chain] if isinstance(node, ast.Name) else []


def outside_functions(tree):
    """Yield the nodes of a statement that are executed where it stands."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if not isinstance(tree, FUNCTIONS):
            yield from outside_functions(child)


def changed_by(statement, imported):
    """Return the names that a statement changes in place."""
    found = set()
    for node in outside_functions(statement):
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found |= {*root_of(node)[:1]}
        elif isinstance(node, ast.AugAssign):
            found |= {*root_of(node.target)[:1]}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            name, *attributes = root_of(node.value.func) or [""]
            if attributes and (name not in imported or len(attributes) > 1):
                found.add(name)
            if name not in SHOWN and (not attributes or name == "np"):
                found |= {argument.id for argument in node.value.args if isinstance(argument, ast.Name)}
    return found


# What of a statement comes when it is executed, where that is not the order of its text.
ORDER = {
    ast.Assign: ("value", "targets"),
    ast.AnnAssign: ("value", "target"),
    ast.AugAssign: ("value", "target"),
    ast.NamedExpr: ("value", "target"),
    ast.For: ("iter", "target", "body", "orelse"),
    ast.comprehension: ("iter", "ifs"),  # its variables are its own
    ast.ListComp: ("generators", "elt"),
    ast.SetComp: ("generators", "elt"),
    ast.GeneratorExp: ("generators", "elt"),
    ast.DictComp: ("generators", "key", "value"),
}
BRANCHES = (ast.If, ast.While, ast.Try, ast.BoolOp, ast.IfExp, ast.Match)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Flow:
    """Which names a statement reads from before it, which it binds, and which it binds on one of its ways."""

    def __init__(self, statement):
        self.read, self.bound, self.perhaps = set(), set(), set()
        self.follow(statement)

    def follow(self, node):
        if isinstance(node, list):
            for each in node:
                self.follow(each)
        elif isinstance(node, FUNCTIONS):
            own = {argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)}
            names = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
            self.read |= names - own - self.bound
            self.bound |= {node.name} if hasattr(node, "name") else set()
        elif isinstance(node, ast.Name):
            kind = self.bound if isinstance(node.ctx, ast.Store) else self.read
            kind |= {node.id} - self.bound
        elif isinstance(node, ast.AST):
            before = set(self.bound)
            if isinstance(node, ast.AugAssign):
                self.read |= {*root_of(node.target)[:1]} - before
            for field in ORDER.get(type(node), node._fields):
                self.follow(getattr(node, field, None))
            if isinstance(node, BRANCHES):
                self.perhaps |= self.bound - before
                self.bound = before


class Reader:
    """Reads the cells of a chapter in their order."""

    def __init__(self):
        self.names = {}  # {name: Name}
        self.imported = {}  # {name: Place}
        self.links = {}  # {cell: Link}
        self.library = uses.library()

    def reached_by(self, read):
        """Return the chapter's names among these, and those that functions among them read when called."""
        seen, waiting = set(), read
        while waiting := (waiting & self.names.keys()) - seen:
            seen |= waiting
            waiting = set().union(*(self.names[name].reads for name in waiting))
        return seen

    def statement(self, statement, cell):
        """Read one statement; return a hash of it and the cells that it needs."""
        nothing = uses.Module("", ast.Module([], []), is_package=False)
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for name, place in nothing.bound_by(statement).items():
                self.imported[name] = place
                self.names[name] = Name(digest(f"{place}"), frozenset({cell}))
            return digest(text_of(statement)), frozenset()
        flow = Flow(statement)
        read = self.reached_by(flow.read)
        behind = self.library.closure(self.library.named_in(statement, nothing, self.imported))
        behind = uses.fingerprint(self.library.marks(behind))
        before = " ".join(f"{name}={self.names[name].mark}" for name in sorted(read))
        mark = digest(f"{text_of(statement)} {before} {behind}")
        needed = frozenset().union(*(self.names[name].cells for name in read))

        generators = {name for name in read if self.names[name].generator}
        changed = changed_by(statement, self.imported) & self.names.keys()
        kept = any(isinstance(node, FUNCTIONS) for node in ast.walk(statement))
        for name in (changed | generators | flow.perhaps) - flow.bound:
            old = self.names.get(name, Name("", frozenset()))
            self.names[name] = old._replace(mark=digest(f"{name} {mark}"), cells=old.cells | {cell})
        for name in flow.bound:
            self.names[name] = Name(
                digest(f"{name} {mark}"),
                frozenset({cell}),
                frozenset(flow.read) if kept else frozenset(),
                GENERATOR in text_of(statement) and not kept,
            )
        return mark, needed

    def cell(self, cell):
        """Read one cell."""
        marks, needed = [uses.mark_of(cell)], frozenset()
        for statement in ast.parse(cell.source).body:
            mark, more = self.statement(bare(copy.deepcopy(statement)), cell.id)
            marks.append(mark)
            needed |= more
        needed -= {cell.id}
        needed = needed.union(*(self.links[other].needs for other in needed))
        self.links[cell.id] = Link(cell.id, digest(" ".join(marks)), needed)


def of_chapter(notebook):
    """Return {id: Link} for the cells whose outputs are recorded, in their order."""
    reader = Reader()
    for cell in notebook.cells:
        if cell.cell_type == "code" and not sources.explorer(cell):
            reader.cell(cell)
    return reader.links
