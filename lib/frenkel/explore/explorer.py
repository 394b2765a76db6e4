"""What an explorer is: parameters, a computation, a drawing and a sentence.

An explorer knows no host. `frenkel.explore.hosts` shows it: as ipywidgets on a live kernel (`notebook`), as
the static figure of the online book (`page`), and at work in the reader's browser (`live`). All call the same
`compute`, `draw` and `read_out`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from .. import _check
from .parameters import Clock
from .words import typeset


@dataclass(frozen=True)
class Rest:
    """What an explorer shows before it runs, and on paper: what its buttons set, beside each other.

    Parameters
    ----------
    draw : callable
        ``draw(panels, ax, results)``: `results` are those of all settings, {words: result}; there is one
        panel for each, and one Axes beside or below them for what they have in common.
    read_out : callable
        ``read_out(results)`` -> one sentence in plain words.
    seen : str
        What is to be seen, in sentences, for those who do not see it; the sentence follows it.
    """

    draw: Callable
    read_out: Callable
    seen: str


@dataclass(frozen=True)
class Explorer:
    """A figure that reruns its model.

    Parameters
    ----------
    name : str
        Identifier, unique in the book.
    title : str
        What the figure shows, as a caption would begin.
    parameters : tuple of Slider and Choice, at most one of them a Clock
    compute : callable
        ``compute(**parameters)`` -> dict of names to numbers and arrays. It calls the library and
        holds no physics of its own. The clock is left out: one result holds all moments.
    draw : callable
        ``draw(axes, result)``: updates the artists that it made at the first call (see `artists`).
    move : callable
        Of an explorer with a clock: ``move(axes, result)`` does the same for what moves, drawn over the rest,
        and returns it. The moment is in the result, under the clock's name.
    read_out : callable
        ``read_out(result)`` -> one sentence in plain words, enough to learn from without the picture; its
        numbers are set by `typeset`.
    panels : int
        Number of axes: side by side on a wide page, one below the other on a narrow one.
    settings : dict
        What the sliders are set to by buttons: words -> {name of a parameter: value}. A slider goes to the
        nearest of its positions, and to its default if only another button names it.
    rest : Rest, optional
        What is shown at rest; otherwise it is the defaults, or four moments of an explorer with a clock.
    glides : tuple of str
        Of an explorer with a clock: parameters whose sliders a button does not set at once but lets go there.
        `move` draws what follows them; the values on the way are in the result under their names.
    seen : str
        Of an explorer with a clock: what its four moments show, in sentences, for those who do not see it.
    heights : tuple of float
        Of its panels relative to each other where one is below the other, if they are not alike.
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
    move: Callable | None = None
    panels: int = 2
    settings: dict[str, dict] = field(default_factory=dict)
    rest: Rest | None = None
    glides: tuple[str, ...] = ()
    seen: str = ""
    heights: tuple[float, ...] = ()
    length: int = 0

    def __post_init__(self):
        say, still = self.read_out, self.draw

        def draw(axes, result):
            still(axes, result)
            if self.move:
                self.move(axes, result)

        moved = {name for values in self.settings.values() for name in values}
        settings = {
            words: {
                p.name: p.nearest(values.get(p.name, p.default)) for p in self.parameters if p.name in moved
            }
            for words, values in self.settings.items()
        }
        object.__setattr__(self, "settings", settings)
        object.__setattr__(self, "read_out", lambda result: typeset(say(result)))
        object.__setattr__(self, "draw", draw)

    @property
    def defaults(self):
        """The values the explorer starts from."""
        return {parameter.name: parameter.default for parameter in self.parameters}

    @property
    def clock(self):
        """The parameter that is a `Clock`, or None."""
        return next((parameter for parameter in self.parameters if isinstance(parameter, Clock)), None)

    def values(self, **changes):
        """Return a full set of checked values: the defaults with `changes` applied."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in changes:
            _check.choice("parameter", name, known)
        return {name: known[name].check(changes.get(name, known[name].default)) for name in known}

    def run(self, **changes):
        """Return ``compute`` at the defaults with `changes` applied, after checking them; and the moment."""
        values = self.values(**changes)
        moment = {name: values.pop(name) for name in [self.clock.name]} if self.clock else {}
        return self.compute(**values) | moment

    def at_rest(self):
        """Return what the picture at rest is drawn from, its sentence, and in words what is to be seen."""
        if self.rest is None:
            result = self.run()
            sentence = self.read_out(result)
            return result, sentence, f"{self.seen} {sentence}".strip()
        results = {words: self.run(**values) for words, values in self.settings.items()}
        sentence = typeset(self.rest.read_out(results))
        return results, sentence, f"{self.rest.seen} {sentence}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        from .hosts import notebook

        return notebook.mime_bundle(self)
