"""The Python behind a page's live cells: one namespace for the page, cells that run statement by statement.

`worker.js` gives a `Page` to a cell's code, and loads the packages that it waits for.
"""

import ast
import builtins
import linecache
import sys
import warnings
from functools import partial

import cell_errors
from cell_outputs import Screen, Stream


def no_input(prompt=""):
    raise RuntimeError("A page cannot ask for input: write the value into the code.")


class Page:
    """The namespace that the cells of a page share. Nothing raises here: an error is an output."""

    def __init__(self, packages=()):
        self.packages = frozenset(packages)  # names of modules that can still be had
        self.failed = False  # whether the last cell did
        self.namespace = self._fresh()
        self._names = set()  # of cells, which tracebacks take for files
        builtins.input = no_input
        warnings.showwarning = lambda message, category, *place: sys.stderr.write(
            f"{category.__name__}: {message}\n"
        )

    def _fresh(self):
        return {"__name__": "__main__", "display": self.display}

    def begin(self, name, source, send):
        """Take up a cell; `proceed` runs it. Its outputs go to `send` as they come."""
        self._screen = Screen(send)
        self._name, self._source, self._done, self.failed = name, source, 0, False
        self._names.add(name)
        linecache.cache[name] = (len(source), None, [f"{line}\n" for line in source.split("\n")], name)
        try:
            statements = ast.parse(source, name).body
        except SyntaxError as error:
            statements = []
            self._fail(error)
        self._steps = [partial(self._execute, it, it is statements[-1]) for it in statements]

    def proceed(self):
        """Run what is left of the cell; return the package that it waits for, or None at its end."""
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Stream(self._screen, "text"), Stream(self._screen, "warning")
        try:
            while self._done < len(self._steps) and not self.failed:
                if package := self._step(self._steps[self._done]):
                    return package
                self._done += 1
            self._show_figures()
        finally:
            self._screen.flush()
            sys.stdout, sys.stderr = before
        return None

    def display(self, *values):
        """Show values below the cell, as `display` does in Jupyter."""
        for value in values:
            self._screen.display(value)

    def _step(self, step):
        """Take a step; return the name of a package that has to be there before it is taken again."""
        self._screen.flush()
        sent, draws = self._screen.count, self._generators()
        try:
            step()
        except BaseException as error:  # also what SystemExit and KeyboardInterrupt stand for
            package = cell_errors.missing(error)
            if package not in self.packages:
                return self._fail(error)
            self.packages -= {package}
            self._screen.take_back(sent)
            for generator, state in draws:
                generator.bit_generator.state = state
            return package
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.show = lambda *args, **kwargs: self._show_figures()
        return None

    def _execute(self, statement, last):
        if not last or not isinstance(statement, ast.Expr) or self._is_silent(statement):
            exec(compile(ast.Module([statement], []), self._name, "exec"), self.namespace)
            return
        value = eval(compile(ast.Expression(statement.value), self._name, "eval"), self.namespace)
        if value is not None:
            self.display(value)

    def _is_silent(self, statement):
        """Whether a semicolon keeps the value of the last line to itself."""
        line = self._source.encode().splitlines()[statement.end_lineno - 1]
        return line[statement.end_col_offset :].lstrip().startswith(b";")

    def _generators(self):
        """Return the random generators of the page with their present states."""
        values = list(self.namespace.values())
        generators = [value for value in values if type(value).__name__ == "Generator"]
        return [(it, it.bit_generator.state) for it in generators if hasattr(it, "bit_generator")]

    def _show_figures(self):
        """Show the figures that are open, and close them."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        try:
            for number in () if self.failed else pyplot.get_fignums():
                self._screen.draw(pyplot.figure(number))
        except Exception as error:  # such as a formula in a label that cannot be read
            self._fail(error)
        pyplot.close("all")

    def _fail(self, error):
        self.failed = True
        try:
            words, line = cell_errors.explain(error, self._name, self._source, self._names)
        except Exception:  # it is one that a reader has made, and has not what errors have
            words, line = type(error).__name__, None
        self._screen.put("error", text=words, line=line)
