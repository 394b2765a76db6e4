"""The Python behind a page's live cells: one namespace for the page, cells that run statement by statement.

A statement that stops for a package may have changed lists and arrays already. So all that has run is run
again, unseen, from what the first cell had found, and then the present cell from its beginning.

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
from cell_state import Found


def no_input(prompt=""):
    raise RuntimeError("A page cannot ask for input: write the value into the code.")


class Page:
    """The namespace that the cells of a page share. Nothing raises here: an error is an output."""

    def __init__(self, packages=()):
        self.packages = frozenset(packages)  # names of modules that can still be had
        self.failed = False  # whether the last cell did
        self.namespace = self._fresh()
        self._names = set()  # of cells, which tracebacks take for files
        self._history = []  # (name, source, what it found) of all that has run, in its order
        self._torn = False  # whether a statement has stopped halfway
        builtins.input = no_input
        warnings.showwarning = lambda message, category, *place: sys.stderr.write(
            f"{category.__name__}: {message}\n"
        )

    def _fresh(self):
        return {"__name__": "__main__", "display": self.display}

    def begin(self, name, source, send, anew=False):
        """Take up a cell; `proceed` runs it. Its outputs go to `send` as they come.

        `anew`: it finds what it found before, as if neither it nor what has run since had been there.
        """
        names = [name for name, *_ in self._history]
        if anew and name in names:
            place = names.index(name)
            self._history[place][-1].bring_back(self.namespace)
            del self._history[place:], names[place:]
        self._history.append((name, source, Found(self.namespace, names=name not in names)))
        self._send, self._torn = send, False
        self._take_up(name, source, send)

    def _take_up(self, name, source, send):
        self._screen = Screen(send)
        self._name, self._source, self._done, self.failed = name, source, 0, False
        self._names.add(name)
        linecache.cache[name] = (len(source), None, [f"{line}\n" for line in source.split("\n")], name)
        try:
            statements = ast.parse(source, name).body
        except SyntaxError as error:
            statements = []
            self._fail(error)
        self._steps = []
        for it in statements:
            self._steps += [partial(self._expect, it), partial(self._execute, it, it is statements[-1])]

    def proceed(self):
        """Run what is left of the cell; return the package that it waits for, or None at its end."""
        if self._torn:
            self._close_figures()
            self._history[0][-1].bring_back(self.namespace)
            for name, source, found in self._history[:-1]:
                self._take_up(name, source, lambda output: None)
                found.draw_again()
                if package := self._run():
                    return package
            name, source, found = self._history[-1]
            self._send({"kind": "back", "count": 0})
            self._take_up(name, source, self._send)
            found.draw_again()
            self._torn = False
        return self._run()

    def _run(self):
        before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = Stream(self._screen, "text"), Stream(self._screen, "warning")
        try:
            while self._done < len(self._steps) and not self.failed:
                self._screen.flush()
                if package := self._step(self._steps[self._done]):
                    self.packages -= {package}
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
        try:
            if package := step():
                return package
        except BaseException as error:  # also what SystemExit and KeyboardInterrupt stand for
            package = cell_errors.missing(error)
            if package not in self.packages:
                return self._fail(error)
            self._torn = True
            return package
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.show = lambda *args, **kwargs: self._show_figures()
        return None

    def _expect(self, statement):
        """Return a package that the statement itself imports and that is not there yet: it is had before."""
        for node in ast.walk(statement):
            names = [it.name for it in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for name in names:
                if (package := name.partition(".")[0]) in self.packages:
                    return package
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
        self._close_figures()

    def _close_figures(self):
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            pyplot.close("all")

    def _fail(self, error):
        self.failed = True
        try:
            words, line = cell_errors.explain(error, self._name, self._source, self._names)
        except Exception:  # it is one that a reader has made, and has not what errors have
            words, line = type(error).__name__, None
        self._screen.put("error", text=words, line=line)
