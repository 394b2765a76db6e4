"""What a reader can set: a number in a range, or one of a few options."""

import math
from dataclasses import dataclass
from functools import partial

import numpy as np

from .. import _check


@dataclass(frozen=True)
class Slider:
    """A number in a range.

    `scale` is "linear" or "log"; a slider stands on one of `steps` + 1 positions spaced evenly on
    that scale. `symbol` is what a formula calls it, in Unicode, such as "Γ", with what is lowered in
    braces, as in "k_{trap}"; `unit` is its unit.
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

    def nearest(self, value):
        """Return the value at the position nearest to `value`."""
        low = self.to_position(self.low)
        return self.from_position(
            low + self.step * round((self.to_position(self.check(value)) - low) / self.step)
        )

    @property
    def step(self):
        """Distance between neighboring positions on the slider's own scale."""
        return (self.to_position(self.high) - self.to_position(self.low)) / self.steps

    @property
    def corners(self):
        return (self.low, self.high)


@dataclass(frozen=True)
class Clock(Slider):
    """The time of an explorer that plays: a slider that moves by itself, from end to end in `seconds`.

    Before it is played the explorer stands at `default`, a moment that tells something; on paper it is seen
    at the four `moments`.
    """

    seconds: float = 9.0
    moments: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def times(self):
        """All moments at which it may stand: the frames."""
        return np.linspace(self.low, self.high, self.steps + 1)

    def frame(self, moment):
        """Return the index of the frame at `moment`."""
        return round((moment - self.low) / self.step)


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

    nearest = check

    @property
    def corners(self):
        return tuple(self.options)
