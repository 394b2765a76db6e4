"""How well two workers of a Dask cluster share an ensemble, and what limits them. `make bench` prints it."""

import functools
import logging

import frenkel
import pytest
from test_ensemble_speed import EFFICIENCY, N_REALIZATIONS, half, seconds, works

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def client():
    """Two worker processes of one thread each; the scheduler lives in the process of the test."""
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    cluster = distributed.LocalCluster(**options, processes=True, silence_logs=logging.CRITICAL)
    with cluster, distributed.Client(cluster) as client:
        yield client


@pytest.mark.parametrize("milliseconds", N_REALIZATIONS)
def test_two_dask_workers_share_an_ensemble(benchmark, client, milliseconds):
    """Against two bare loops on the same two workers."""
    simulate, n = functools.partial(works, milliseconds=milliseconds), N_REALIZATIONS[milliseconds]

    def bare():
        client.gather([client.submit(half, milliseconds, pure=False) for _ in range(2)])

    def shared():
        return frenkel.ensemble_average(simulate, n_realizations=n, rng=1, executor=client.get_executor())

    bare()  # the workers have imported what they need
    ideals = []
    benchmark.pedantic(shared, setup=lambda: ideals.append(seconds(bare)), rounds=3)
    if benchmark.enabled:  # under pytest-xdist it is not
        ideal, taken = min(ideals), benchmark.stats.stats.min
        print(f"\n{milliseconds:g} ms a realization, two Dask workers: {taken:.2f} s, ideally {ideal:.2f} s, "
              f"{ideal / taken:.0%}")  # fmt: skip
        if milliseconds >= 5:
            assert ideal > EFFICIENCY * taken
