"""Averages over disorder and noise that do not depend on how they were run."""

from typing import NamedTuple

import numpy as np

from . import _check

_BLOCK = 16  # realizations between two looks at the precision; part of the definition of a result


class EnsembleAverage(NamedTuple):
    """Mean over realizations, its standard error (same shape) and the number of realizations."""

    mean: np.ndarray
    standard_error: np.ndarray
    n_realizations: int


def _one(simulate, seed):
    return np.asarray(simulate(np.random.default_rng(seed)))


def _precise(mean, error, rel_error):
    """Whether the error is at most `rel_error` of the largest mean (a curve may cross zero)."""
    return error.max() <= rel_error * np.abs(mean).max()


def ensemble_average(
    simulate, *, rel_error=None, n_realizations=None, rng=None, executor=None, progress=False
):
    r"""Average ``simulate(rng)`` over independent realizations.

    .. math:: \bar x = \frac1M \sum_m x_m,\qquad
              \mathrm{SE} = \sqrt{\frac{1}{M(M-1)} \sum_m (x_m - \bar x)^2}

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
        Runs the realizations: a process pool, or Dask's ``Client.get_executor()``. `simulate` has to be
        picklable then.
    progress : bool
        Show a `tqdm` bar.

    Returns
    -------
    EnsembleAverage
        (mean, standard_error, n_realizations). The same `rng` gives the same bits with any executor,
        because seeds belong to realizations and sums run in their order.

    Raises
    ------
    ValueError, TypeError
        If neither or a wrong stopping rule is given, or `simulate` returns something that is not finite
        or changes its shape.
    RuntimeError
        If both rules are given and `n_realizations` did not reach `rel_error`, with the number that would do.

    Examples
    --------
    >>> average = ensemble_average(lambda rng: rng.normal(5.0), rel_error=0.02, rng=1)
    >>> bool(average.standard_error <= 0.02 * average.mean), average.n_realizations
    (True, 112)
    """
    _check.function("simulate", simulate, "a function of a random generator")
    if executor is not None:
        method = getattr(executor, "map", executor)
        _check.function("executor", method, "None or a concurrent.futures.Executor")
    if rel_error is None and n_realizations is None:
        _check.fail("rel_error", "given, or `n_realizations`", rel_error)
    if rel_error is not None:
        rel_error = _check.scalar("rel_error", rel_error, _check.positive)
    if n_realizations is not None:
        n_realizations = _check.integer("n_realizations", n_realizations, 2)
    seeds = _check.generator(rng).bit_generator.seed_seq

    bar = None
    if progress:
        from tqdm.auto import tqdm

        bar = tqdm(total=n_realizations, unit="realization")
    run = map if executor is None else executor.map
    count, mean, spread = 0, None, None  # Welford's running mean and sum of squared deviations
    try:
        while True:
            size = _BLOCK if n_realizations is None else min(_BLOCK, n_realizations - count)
            for value in run(_one, [simulate] * size, seeds.spawn(size)):
                if not np.isfinite(value).all():
                    _check.fail("simulate", "a function that returns finite numbers", f"returning {value!r}")
                if mean is None:
                    mean, spread = np.zeros(value.shape), np.zeros(value.shape)
                if value.shape != mean.shape:
                    _check.fail(
                        "simulate", f"a function that returns shape {mean.shape}", f"returning {value.shape}"
                    )
                count += 1
                change = value - mean
                mean = mean + change / count
                spread = spread + change * (value - mean)
                if bar is not None:
                    bar.update()
            error = np.sqrt(spread / (count * max(count - 1, 1)))
            if rel_error is not None and count >= 2 * _BLOCK and _precise(mean, error, rel_error):
                break
            if count == n_realizations:
                if rel_error is None or _precise(mean, error, rel_error):
                    break
                needed = int(np.ceil(count * (error.max() / (rel_error * np.abs(mean).max())) ** 2))
                raise RuntimeError(
                    f"{count} realizations gave a relative error of {error.max() / np.abs(mean).max():.3g}, "
                    f"not {rel_error:g}; about {needed} would do."
                )
    finally:
        if bar is not None:
            bar.close()
    return EnsembleAverage(mean[()], error[()], count)
