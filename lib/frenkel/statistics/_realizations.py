"""One realization from its seed, and the running mean of many."""

from __future__ import annotations

from collections.abc import Callable, Generator
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _check

_ENOUGH = 1024  # realizations after which a mean that is not twice its error counts as zero
BLOCK = 16  # realizations between two looks at the precision; part of the definition of a result

Simulation = Callable[[np.random.Generator], Any]
Seeds = tuple[Any, tuple[int, ...], int, int]


def seeds_of(sequence: np.random.SeedSequence) -> Seeds:
    """Return what `generator` needs to make the children that `sequence` would spawn next."""
    return sequence.entropy, sequence.spawn_key, sequence.pool_size, sequence.n_children_spawned


def generator(seeds: Seeds, index: int) -> np.random.Generator:
    """Return the random numbers of realization `index`."""
    entropy, spawn_key, pool_size, born = seeds
    child = np.random.SeedSequence(entropy, spawn_key=(*spawn_key, born + index), pool_size=pool_size)
    return np.random.default_rng(child)


def realization(simulate: Simulation, seeds: Seeds, index: int) -> NDArray[Any]:
    """Return what `simulate` makes of realization `index`, as an array."""
    value = simulate(generator(seeds, index))
    return np.asarray(_check.unmasked("simulate", value, "a function that returns numbers"))


def serial(
    simulate: Simulation, seeds: Seeds, first: int, stop: int | None
) -> Generator[NDArray[Any], None, None]:
    """Yield realizations `first`, `first` + 1, ... up to `stop` (excluded), computed here."""
    for index in count(first) if stop is None else range(first, stop):
        yield realization(simulate, seeds, index)


class Moments(NamedTuple):
    """Welford's running mean and sum of squared deviations; a new one for each realization, so that an
    interrupt finds either the old or the new, never half of both."""

    n_realizations: int = 0
    mean: Any = None
    spread: Any = None

    def add(self, value: NDArray[Any]) -> Moments:
        """Return the moments with one more value, after checking it."""
        if value.dtype.kind not in "buifc" or not np.isfinite(value).all():
            _check.fail("simulate", "a function that returns finite numbers", f"returning {value!r}")
        mean, spread = (np.float64(0), np.float64(0)) if self.mean is None else (self.mean, self.spread)
        if self.mean is not None and value.shape != self.mean.shape:
            rule = f"a function that returns shape {self.mean.shape}"
            _check.fail("simulate", rule, f"returning {value.shape}")
        change = value - mean
        mean = mean + change / (self.n_realizations + 1)
        return Moments(self.n_realizations + 1, mean, spread + (np.conj(change) * (value - mean)).real)

    def error(self) -> Any:
        """Return the standard error of the mean."""
        return np.sqrt(self.spread / (self.n_realizations * max(self.n_realizations - 1, 1)))

    def suffice(self, rel_error: float | None, n_realizations: int | None) -> bool:
        """Whether to stop; fail if all `n_realizations` are there and are not enough."""
        at_end = self.n_realizations == n_realizations
        looked_at = self.n_realizations >= 2 * BLOCK and self.n_realizations % BLOCK == 0
        if rel_error is None or not (at_end or looked_at):
            return at_end
        error, mean = self.error().max(), np.abs(self.mean).max()  # a curve may cross zero
        if error <= rel_error * mean:
            return True
        if n_realizations is None and self.n_realizations >= _ENOUGH and error > 0.5 * mean:
            raise RuntimeError(
                f"The mean cannot be told from zero: {self.n_realizations} realizations gave {mean:.3g} with "
                f"an error of {error:.3g}, so that no relative error is in reach. Give `n_realizations`."
            )
        if at_end:
            with np.errstate(divide="ignore"):
                ratio = np.divide(error, mean)
            needed = self.n_realizations * (ratio / rel_error) ** 2
            raise RuntimeError(
                f"{self.n_realizations} realizations gave a relative error of {ratio:.3g}, "
                f"not {rel_error:g}; about {np.ceil(needed):.0f} would do."
            )
        return False
