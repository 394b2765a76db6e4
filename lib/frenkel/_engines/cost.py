"""What a call may cost: more than `BUDGET` seconds of one core are refused, with the argument that would do.

Every engine knows how long its unit of work takes (measured on a laptop's core, good to a factor of two).
"""

BUDGET = 300.0  # s


def affordable(seconds: float) -> float:
    """Return how many units of work, of `seconds` each, a call may ask for."""
    return BUDGET / seconds
