"""What an explorer is: parameters, a computation, a drawing and a sentence.

An explorer knows no host. `frenkel.explore.notebook` shows it as ipywidgets on a live kernel,
`frenkel.explore.page` writes the static figure of the online book, and `frenkel.explore.live` runs it
in the reader's browser. All three call the same `compute`, `draw` and `read_out`.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from .. import _check

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(words):
    """Return a sentence with its numbers as a page sets them: powers of ten, minus signs, no minus zero."""
    words = re.sub(r"(?<=\d)e([+-]\d+)", lambda power: "·10" + str(int(power[1])).translate(_RAISED), words)
    words = re.sub(r"(?<![\w.])-(?=0(?:\.0+)?(?![\d.]*\d))", "", words)
    return re.sub(r"(?<![\w.])-(?=\d)", "−", words)


@dataclass(frozen=True)
class Slider:
    """A number in a range.

    `scale` is "linear" or "log"; a slider stands on one of `steps` + 1 positions spaced evenly on
    that scale. `symbol` is what a formula calls it (plain Unicode, such as "Γ"), `unit` its unit.
    """

    name: str
    label: str
    symbol: str
    low: float
    high: float
    default: float
    unit: str = ""
    scale: str = "linear"
    steps: int = 100

    def check(self, value):
        """Return `value` as a float, or raise in the one grammar if it lies outside the range."""
        rule = f"between {self.low:g} and {self.high:g}"
        number = _check.scalar(self.name, value, partial(_check.array, rule=rule))
        slack = 1e-9 * (self.high - self.low)
        if not self.low - slack <= number <= self.high + slack:
            _check.fail(self.name, rule, number)
        return min(max(number, self.low), self.high)

    def to_position(self, value):
        """Return the place of `value` on the slider's own scale: itself, or its decimal logarithm."""
        return math.log10(value) if self.scale == "log" else value

    def from_position(self, position):
        """Return the value at a place on the slider's own scale."""
        return 10.0**position if self.scale == "log" else position

    @property
    def step(self):
        """Distance between neighboring positions on the slider's own scale."""
        return (self.to_position(self.high) - self.to_position(self.low)) / self.steps

    @property
    def corners(self):
        return (self.low, self.high)


@dataclass(frozen=True)
class Choice:
    """One of a few named options: `options` maps the value to what the reader sees."""

    name: str
    label: str
    options: dict[str, str]
    default: str
    symbol: str = ""
    unit: str = ""

    def check(self, value):
        """Return `value`, or raise in the one grammar if it is no option."""
        return _check.choice(self.name, value, self.options)

    @property
    def corners(self):
        return tuple(self.options)


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
        from . import notebook

        return notebook.mime_bundle(self)
