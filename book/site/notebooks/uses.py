"""Which definitions of the library a chapter uses, and a fingerprint of them.

Every top-level function, class and constant of `frenkel` is a definition. A chapter uses those that its
cells name, those that these name, and so on; names are followed through imports and attributes of modules, a
class is used as a whole. A definition that is named and never called counts as used, so that the fingerprint
errs on the safe side. The module in which a definition lives does not count.
"""

import ast
import copy
from functools import cache, cached_property
from typing import NamedTuple

from . import sources
from .normalized import bare, digest, text_of

PACKAGE = sources.ROOT / "lib" / "frenkel"


class Place(NamedTuple):
    """A module (`name` is None), or what `name` is in it."""

    module: str
    name: str | None = None


class Module:
    """What the top level of one module defines and imports."""

    def __init__(self, name, tree, is_package):
        self.name, self.is_package = name, is_package
        self.defined = {}  # {name: [statements]}; under "" the statements that bind nothing
        self.imported = {}  # {name: Place}
        for statement in tree.body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                self.imported |= self.bound_by(statement)
            elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
                self.note(statement)

    def note(self, statement):
        """File a statement under the names that it binds; of `if TYPE_CHECKING` only its imports count."""
        checking = isinstance(statement, ast.If) and ast.unparse(statement.test).endswith("TYPE_CHECKING")
        names = set()
        for node in ast.walk(statement):
            if isinstance(node, (ast.Import, ast.ImportFrom)) and not isinstance(statement, ast.FunctionDef):
                self.imported |= self.bound_by(node)
        if hasattr(statement, "name"):
            names = {statement.name}
        else:
            stored = (n for n in ast.walk(statement) if isinstance(getattr(n, "ctx", None), ast.Store))
            names = {n.id for n in stored if isinstance(n, ast.Name)}
            names |= {n.name for n in ast.walk(statement) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
            inner = (n for n in ast.walk(statement) if isinstance(n, ast.comprehension))
            names -= {n.id for each in inner for n in ast.walk(each.target) if isinstance(n, ast.Name)}
        if not checking:
            for name in names or {""}:
                self.defined.setdefault(name, []).append(statement)

    def bound_by(self, statement):
        """Return {name: Place} for an import statement."""
        if isinstance(statement, ast.Import):
            return {
                alias.asname or alias.name.partition(".")[0]: Place(
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
                for alias in statement.names
            }
        home = statement.module or ""
        if statement.level:
            above = self.name.split(".")
            above = above[: len(above) - statement.level + self.is_package]
            home = ".".join(filter(None, [*above, home]))
        return {alias.asname or alias.name: Place(home, alias.name) for alias in statement.names}


class Named(ast.NodeVisitor):
    """Collect every name in a tree with the attributes that follow it: ("units", "MEV")."""

    def __init__(self, tree):
        self.found = set()
        self.visit(tree)

    def visit_Name(self, node):
        self.found.add((node.id,))

    def visit_Attribute(self, node):
        chain, inner = [node.attr], node.value
        while isinstance(inner, ast.Attribute):
            chain.append(inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            self.found.add((inner.id, *reversed(chain)))
        else:
            self.visit(inner)


class Library:
    """The definitions of a package and who names whom."""

    def __init__(self, package=PACKAGE):
        self.package = package
        self.modules = {}
        for path in sorted(package.rglob("*.py")):
            parts = [package.name, *path.relative_to(package).with_suffix("").parts]
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            self.modules[name] = Module(name, ast.parse(path.read_text("utf-8")), path.stem == "__init__")
        self._edges = {}

    def look_up(self, place):
        """Return the definitions, or the one module, that a place stands for, through all re-exports."""
        module = self.modules.get(place.module)
        if module is None or place.name is None:
            return {place} if module else set()
        if place.name in module.defined:
            return {place}
        if module.imported.get(place.name, place) != place:  # `from . import units` binds the module itself
            return self.look_up(module.imported[place.name])
        inside = f"{place.module}.{place.name}"
        if inside in self.modules:
            return {Place(inside)}
        if "__getattr__" in module.defined:  # a lazy package: any definition of this name below it
            below = (name for name in self.modules if name.startswith(f"{place.module}."))
            return {Place(name, place.name) for name in below if place.name in self.modules[name].defined}
        return set()

    def follow(self, chain, bound):
        """Return the definitions that `name.attribute…` reaches, given {name: Place}."""
        reached = self.look_up(bound[chain[0]]) if chain[0] in bound else set()
        for attribute in chain[1:]:
            if not any(place.name is None for place in reached):
                break  # the attribute of an object: its class is named where it is made
            reached = set().union(
                *(self.look_up(Place(p.module, attribute)) if p.name is None else {p} for p in reached)
            )
        return set().union(*(self.everything(p.module) if p.name is None else {p} for p in reached))

    def everything(self, module):
        """Return all definitions of a module that is used as an object."""
        return {Place(module, name) for name in self.modules[module].defined}

    def named_in(self, tree, module, bound):
        """Return the definitions that a tree names."""
        bound = dict(bound)
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                bound |= module.bound_by(node)
        return set().union(*(self.follow(chain, bound) for chain in Named(tree).found))

    @cache  # noqa: B019 - a library lives as long as its program
    def trees(self, place):
        """Return what counts of the statements of a definition."""
        return [bare(copy.deepcopy(s)) for s in self.modules[place.module].defined[place.name]]

    @cache  # noqa: B019
    def edges(self, place):
        """Return the definitions that a definition names; and what its module does when it is imported."""
        module = self.modules[place.module]
        bound = module.imported | {name: Place(place.module, name) for name in module.defined if name}
        found = set().union(*(self.named_in(tree, module, bound) for tree in self.trees(place)))
        return found | ({Place(place.module, "")} if "" in module.defined else set())

    @cached_property
    def explorers(self):
        """{name: Place}: where each explorer is defined, `x = Explorer(name="x", …)`."""
        return {
            keyword.value.value: Place(module.name, name)
            for module in self.modules.values()
            if module.name.startswith(f"{self.package.name}.explore")
            for name, statements in module.defined.items()
            for statement in statements
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)
            for keyword in statement.value.keywords
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
        }

    def closure(self, roots):
        """Return all definitions that `roots` use, themselves included."""
        seen, waiting = set(), set(roots)
        while waiting:
            place = waiting.pop()
            seen.add(place)
            waiting |= self.edges(place) - seen
        return seen

    def roots(self, codes):
        """Return the definitions that code cells name."""
        nothing = Module("", ast.Module([], []), is_package=False)
        return self.named_in(ast.parse("\n".join(codes)), nothing, {})

    def marks(self, places):
        """Return {name: hash} of definitions: of their code, and of the code that their names stand for."""
        own = {place: digest("\n".join(map(text_of, self.trees(place)))) for place in places}
        return {
            f"{place.module}.{place.name}": digest(
                " ".join([own[place], *sorted(own[p] for p in self.edges(place))])
            )
            for place in places
        }


@cache
def library():
    return Library()


def mark_of(cell):
    """Return a hash of a cell's code; a semicolon at its end keeps a value from being shown."""
    try:
        code = text_of(bare(ast.parse(cell.source)))
    except SyntaxError as error:
        raise sources.Trouble(f"cell {cell.id}, line {error.lineno}: {error.msg}:\n{cell.source}") from None
    return digest(f"{code} {cell.source.rstrip()[-1:] == ';'} {sources.figure(cell)}")


def of_chapter(notebook):
    """Return {name: hash} of all code that the recorded outputs of a chapter follow from."""
    cells = [c for c in notebook.cells if c.cell_type == "code" and not sources.explorer(c)]
    marks = {f"cell {cell.id}": mark_of(cell) for cell in cells}
    return marks | library().marks(library().closure(library().roots(cell.source for cell in cells)))


def of_explorer(name):
    """Return {name: hash} of all code that an explorer runs."""
    return library().marks(library().closure({library().explorers[name]}))


def fingerprint(marks):
    """Return one hash for all; the modules in which definitions live do not count."""
    return digest(" ".join(sorted(f"{name.rpartition('.')[2]}={mark}" for name, mark in marks.items())))
