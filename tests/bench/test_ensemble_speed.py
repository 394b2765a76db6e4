"""How well two processes share an ensemble. `make bench` prints the figures."""

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
    """Compute for a given *processor* time, then return a curve."""
    start = time.process_time()
    while time.process_time() - start < 1e-3 * milliseconds:
        np.sqrt(rng.normal(size=200) ** 2)
    return rng.normal(size=50)


def half(milliseconds):
    """Half of the ensemble as a bare loop: what a worker would do if sharing cost nothing."""
    rng = np.random.default_rng(1)
    for _ in range(N_REALIZATIONS[milliseconds] // 2):
        works(rng, milliseconds)


def seconds(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


@pytest.mark.parametrize("milliseconds", N_REALIZATIONS)
def test_two_processes_share_an_ensemble(benchmark, milliseconds):
    """Against two bare loops on the same two processes, by turns: others on the machine slow down both."""
    simulate, n = functools.partial(works, milliseconds=milliseconds), N_REALIZATIONS[milliseconds]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:

        def bare():
            for future in [pool.submit(half, milliseconds) for _ in range(2)]:
                future.result()

        def shared():
            return frenkel.ensemble_average(simulate, n_realizations=n, rng=1, executor=pool)

        bare()  # the processes start
        ideals = []
        benchmark.pedantic(shared, setup=lambda: ideals.append(seconds(bare)), rounds=3)
    if benchmark.enabled:  # under pytest-xdist it is not
        ideal, taken = min(ideals), benchmark.stats.stats.min
        efficiency = f"{ideal:.2f} s, {ideal / taken:.0%}"
        print(f"\n{milliseconds:g} ms a realization, two processes: {taken:.2f} s, ideally {efficiency}")
        assert ideal > EFFICIENCY * taken
