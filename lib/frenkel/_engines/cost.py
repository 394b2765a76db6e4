"""What a call may cost: more than `BUDGET` seconds of one core are refused, with the argument that would do.

Every engine knows how long its unit of work takes (measured on a laptop's core, good to a factor of two).
"""

from collections.abc import Callable

BUDGET = 300.0  # s


def affordable(seconds: float) -> float:
    """Return how many units of work, of `seconds` each, a call may ask for."""
    return BUDGET / seconds


def round_numbers(low: int, high: int) -> list[float]:
    """1, 2, ..., 9, 10, 20, ... times 10 to the power `low`, up to 10 to the power `high`."""
    return [digit * 10.0**power for power in range(low, high) for digit in range(1, 10)]


def largest(accepted: Callable[[float], bool], low: int = -9, high: int = 15) -> float | None:
    """Return the largest round number that is `accepted`: a bound that does not move with the request."""
    return next((number for number in round_numbers(low, high)[::-1] if accepted(number)), None)


def smallest(accepted: Callable[[float], bool], low: int = -9, high: int = 15) -> float | None:
    """Return the smallest round number that is `accepted`."""
    return next((number for number in round_numbers(low, high) if accepted(number)), None)
