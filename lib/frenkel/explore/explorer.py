"""What an explorer is: parameters, a computation, a drawing and a sentence.

An explorer knows no host. `frenkel.explore.hosts` shows it: as ipywidgets on a live kernel (`notebook`), as
the static figure of the online book (`page`), and at work in the reader's browser (`live`). All call the same
`compute`, `draw` and `read_out`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .. import _check
from .words import typeset


@dataclass(frozen=True)
class Explorer:
    """A figure that reruns its model.

    Parameters
    ----------
    name : str
        Identifier, unique in the book.
    title : str
        What the figure shows, as a caption would begin.
    parameters : tuple of Slider and Choice
    compute : callable
        ``compute(**parameters)`` -> dict of names to numbers and arrays. It calls the library and
        holds no physics of its own.
    draw : callable
        ``draw(axes, result)``: updates the artists that it made at the first call (see `artists`).
    read_out : callable
        ``read_out(result)`` -> one sentence in plain words, enough to learn from without the picture; its
        numbers are set by `typeset`.
    panels : int
        Number of axes: side by side on a wide page, one below the other on a narrow one.
    length : int
        Characters of the longest sentence, where it is much longer than that of the defaults: the page keeps
        room for it.
    """

    name: str
    title: str
    parameters: tuple
    compute: Callable
    draw: Callable
    read_out: Callable
    panels: int = 2
    length: int = 0

    def __post_init__(self):
        words = self.read_out
        object.__setattr__(self, "read_out", lambda result: typeset(words(result)))

    @property
    def defaults(self):
        """The values the explorer starts from."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    def values(self, **changes):
        """Return a full set of checked values: the defaults with `changes` applied."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in changes:
            _check.choice("parameter", name, known)
        return {name: known[name].check(changes.get(name, known[name].default)) for name in known}

    def run(self, **changes):
        """Return ``compute`` at the defaults with `changes` applied, after checking them."""
        return self.compute(**self.values(**changes))

    def _repr_mimebundle_(self, include=None, exclude=None):
        from .hosts import notebook

        return notebook.mime_bundle(self)
