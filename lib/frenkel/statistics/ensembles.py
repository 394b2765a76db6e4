"""Averages over disorder and noise that do not depend on how they were run."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._types import Seed
from ._realizations import Moments, Seeds, Simulation, seeds_of, serial

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ._checkpoint import Checkpoint


class EnsembleAverage(NamedTuple):
    """Mean over realizations, its standard error (same shape) and the number of realizations."""

    mean: NDArray[Any]
    standard_error: NDArray[np.float64]
    n_realizations: int


def _check_executor(executor: Any, simulate: Any) -> None:
    if not callable(getattr(executor, "submit", None)):
        _check.fail("executor", "None or a concurrent.futures.Executor", executor, TypeError)
    from concurrent.futures import ProcessPoolExecutor

    if isinstance(executor, ProcessPoolExecutor):
        try:
            pickle.dumps(simulate)
        except (pickle.PicklingError, AttributeError, TypeError):
            rule = "a function from the top of a module (no lambda), which a process pool can pickle"
            _check.fail("simulate", rule, simulate, TypeError)


def _open(
    checkpoint: Any, simulate: Any, rng: Any, seeds: Seeds, limit: int | None
) -> tuple[Checkpoint, Moments]:
    """Return the file of an ensemble and the state found in it."""
    from ._checkpoint import Checkpoint, fingerprint

    if rng is None:
        _check.fail("rng", "a seed, for `checkpoint` to find it again", rng)
    file = Checkpoint(checkpoint, fingerprint(simulate, seeds))
    moments = file.load()
    if limit is not None and moments.n_realizations > limit:
        rule = f"a file of at most {limit} realizations, as `n_realizations` asks for"
        _check.fail("checkpoint", rule, f"of {moments.n_realizations} already")
    return file, moments


def ensemble_average(
    simulate: Simulation,
    *,
    rel_error: float | None = None,
    n_realizations: int | None = None,
    rng: Seed = None,
    executor: Executor | None = None,
    progress: bool = False,
    checkpoint: str | os.PathLike[str] | None = None,
) -> EnsembleAverage:
    r"""Average ``simulate(rng)`` over independent realizations.

    .. math:: \bar x = \frac1M \sum_m x_m,\qquad
              \mathrm{SE} = \sqrt{\frac{1}{M(M-1)} \sum_m |x_m - \bar x|^2}

    Parameters
    ----------
    simulate : callable
        Takes a `numpy.random.Generator` and returns a number or an array of fixed shape.
    rel_error : float, optional
        Stop when the largest standard error is at most this fraction of the largest absolute mean.
        Looked at every 16 realizations, from 32 on.
    n_realizations : int, optional
        Stop after this many, at least 2. With `rel_error`, the most that are run.
    rng : None, int, SeedSequence or Generator
        Each realization gets a child seed of its own.
    executor : concurrent.futures.Executor, optional
        Runs the realizations: a process pool, or Dask's ``Client.get_executor()`` (install
        ``frenkel[cluster]``). `simulate` has to be picklable then. Workers that die are replaced and what
        they lost is run again.
    progress : bool
        Show a bar of progress (tqdm).
    checkpoint : path, optional
        A file to go on from and to write to, about every half second and when the run ends or is
        interrupted. Call again with the same `simulate` and `rng` to go on, also with another stopping
        rule: more realizations, a smaller error. Needs `rng`.

    Returns
    -------
    EnsembleAverage
        (mean, standard_error, n_realizations). The same `rng` gives the same bits with any executor and
        any interruption, because seeds belong to realizations and sums run in their order.

    Raises
    ------
    ValueError, TypeError
        If neither or a wrong stopping rule is given, `simulate` returns something that is not finite
        or changes its shape, or `checkpoint` is the file of another run: of a function with another name,
        code or bound arguments, or of another seed.
    RuntimeError
        If both rules are given and `n_realizations` did not reach `rel_error`, with the number that would do;
        if `rel_error` stands alone and after 1024 realizations the mean cannot be told from zero;
        if workers die four times in a row.

    Warns
    -----
    RuntimeWarning
        If a worker died, or a Dask cluster has lost an answer.

    Examples
    --------
    >>> average = ensemble_average(lambda rng: rng.normal(5.0), rel_error=0.02, rng=1)
    >>> bool(average.standard_error <= 0.02 * average.mean), average.n_realizations
    (True, 112)
    """
    _check.function("simulate", simulate, "a function of a random generator")
    if rel_error is None and n_realizations is None:
        _check.fail("rel_error", "given, or `n_realizations`", rel_error)
    if rel_error is not None:
        rel_error = _check.scalar("rel_error", rel_error, _check.positive)
    if n_realizations is not None:
        n_realizations = _check.integer("n_realizations", n_realizations, 2)
    if executor is not None:
        _check_executor(executor, simulate)
    sequence: Any = _check.generator(rng).bit_generator.seed_seq
    seeds = seeds_of(sequence)
    file, moments = None, Moments()
    if checkpoint is not None:
        file, moments = _open(checkpoint, simulate, rng, seeds, n_realizations)
    if executor is None:
        values = serial(simulate, seeds, moments.n_realizations, n_realizations)
    else:
        from ._workers import parallel

        values = parallel(simulate, seeds, moments.n_realizations, n_realizations, executor)
    bar = None
    if progress:
        from tqdm.auto import tqdm

        bar = tqdm(total=n_realizations, initial=moments.n_realizations, unit="realization")
    try:
        while not moments.suffice(rel_error, n_realizations):
            moments = moments.add(next(values))
            if bar is not None:
                bar.update()
            if file is not None:
                file.save_if_due(moments)
    finally:
        values.close()
        if bar is not None:
            bar.close()
        if file is not None and moments.n_realizations:
            file.save(moments)
        if hasattr(rng, "spawn"):  # a generator or sequence of the caller gives new seeds next time
            sequence.spawn(moments.n_realizations)
    return EnsembleAverage(moments.mean[()], moments.error()[()], moments.n_realizations)
