"""How well two processes share an ensemble. `make bench` prints the figures; it needs two idle cores."""

import functools
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

import frenkel
import numpy as np
import pytest

EFFICIENCY = 0.85
N_REALIZATIONS = {0.5: 4000, 5.0: 400, 100.0: 20}  # milliseconds a realization: two seconds in all


def works(rng, milliseconds):
    """Compute for a given *processor* time, whoever else uses the machine, then return a curve."""
    start = time.process_time()
    while time.process_time() - start < 1e-3 * milliseconds:
        np.sqrt(rng.normal(size=200) ** 2)
    return rng.normal(size=50)


def seconds(milliseconds, executor):
    simulate = functools.partial(works, milliseconds=milliseconds)
    start = time.perf_counter()
    frenkel.ensemble_average(simulate, n_realizations=N_REALIZATIONS[milliseconds], rng=1, executor=executor)
    return time.perf_counter() - start


@pytest.mark.parametrize("milliseconds", N_REALIZATIONS)
def test_two_processes(benchmark, milliseconds):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        frenkel.ensemble_average(
            functools.partial(works, milliseconds=1.0), n_realizations=200, executor=pool
        )
        together = benchmark.pedantic(seconds, args=(milliseconds, pool), rounds=3)
    if benchmark.enabled:  # under pytest-xdist it is not
        together, alone = benchmark.stats.stats.min, min(seconds(milliseconds, None) for _ in range(2))
        efficiency = alone / (2 * together)
        print(
            f"\n{milliseconds:g} ms a realization: {alone:.2f} s alone, {together:.2f} s with two processes, "
            f"efficiency {efficiency:.0%}"
        )
        assert efficiency > EFFICIENCY
