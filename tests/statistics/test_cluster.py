"""Ensembles on a Dask cluster of two local processes: the same bits as here, also when workers die."""

import functools
import os
import signal
import time
from concurrent.futures import Executor, Future

import dask
import frenkel
import numpy as np
import pytest
from distributed import Client, LocalCluster
from frenkel.statistics import _workers
from simulations import assert_same_bits, fails_at_40, noisy_curve


@pytest.fixture(scope="module")
def client():
    """Two workers of one thread; a task that has killed two of them is given up."""
    settings = {
        "distributed.scheduler.allowed-failures": 1,
        "distributed.worker.multiprocessing-method": "spawn",
        "distributed.admin.log-format": "%(message)s",
        "logging.distributed": "critical",
    }
    with (
        dask.config.set(settings),
        LocalCluster(2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1") as cluster,
        Client(cluster) as client,
    ):
        yield client


def dies_here(rng, at, flag):
    """Realization `at` kills its worker, until there are as many files `flag`0, `flag`1, ... as it finds."""
    if rng.bit_generator.seed_seq.spawn_key[-1] == at:
        for name in flag:
            if not os.path.exists(name):
                os.close(os.open(name, os.O_CREAT | os.O_EXCL))
                os.kill(os.getpid(), signal.SIGKILL)
    return noisy_curve(rng)


def rests(rng):
    """Takes longer than two looks at the cluster."""
    time.sleep(2.5 * _workers.LOOK)
    return noisy_curve(rng)


def test_same_bits_on_a_cluster(client):
    for options in ({"rel_error": 0.05}, {"n_realizations": 1000}):
        here = frenkel.ensemble_average(noisy_curve, rng=7, **options)
        there = frenkel.ensemble_average(noisy_curve, rng=7, **options, executor=client.get_executor())
        assert_same_bits(there, here)


@pytest.mark.slow
@pytest.mark.parametrize("deaths", [1, 3])  # one that Dask mends itself; a task that Dask gives up
def test_killed_workers_of_a_cluster_lose_nothing(client, tmp_path, deaths):
    flags = [str(tmp_path / f"{index}") for index in range(deaths)]
    simulate = functools.partial(dies_here, at=100, flag=flags)
    options = {"n_realizations": 300, "rng": 7, "checkpoint": tmp_path / "run.npz"}
    if deaths == 1:
        average = frenkel.ensemble_average(simulate, **options, executor=client.get_executor())
    else:
        with pytest.warns(RuntimeWarning, match="A worker died"):
            average = frenkel.ensemble_average(simulate, **options, executor=client.get_executor())
    assert len(list(tmp_path.glob("[0-9]"))) == deaths, "no worker died; the test proves nothing"
    assert_same_bits(average, frenkel.ensemble_average(noisy_curve, n_realizations=300, rng=7))


class Forgetful(Executor):
    """A cluster that never answers its third question."""

    def __init__(self, client):
        self._client, self.inner, self.asked = client, client.get_executor(), 0

    def submit(self, function, *arguments):
        self.asked += 1
        return Future() if self.asked == 3 else self.inner.submit(function, *arguments)


@pytest.mark.slow
def test_an_answer_that_the_cluster_has_lost_is_asked_for_again(client):
    """As happens, rarely, when workers die; a simulation that takes its time is waited for."""
    with pytest.warns(RuntimeWarning, match="The cluster has lost realizations 2 to 2"):
        average = frenkel.ensemble_average(noisy_curve, n_realizations=300, rng=7, executor=Forgetful(client))
    assert_same_bits(average, frenkel.ensemble_average(noisy_curve, n_realizations=300, rng=7))
    slow = frenkel.ensemble_average(rests, n_realizations=2, rng=7, executor=client.get_executor())
    assert_same_bits(slow, frenkel.ensemble_average(noisy_curve, n_realizations=2, rng=7))


@pytest.mark.slow
def test_failing_simulation_on_a_cluster_keeps_what_came_before(client, tmp_path):
    file = tmp_path / "run.npz"
    options = {"n_realizations": 200, "rng": 7, "checkpoint": file, "executor": client.get_executor()}
    with pytest.raises(ArithmeticError, match="realization 40"):
        frenkel.ensemble_average(fails_at_40, **options)
    with np.load(file) as content:
        assert content["count"] == 40
