"""Ensembles give the same bits wherever they run and however often they are interrupted."""

import contextlib
import functools
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import frenkel
import numpy as np
import pytest
from frenkel.statistics import _workers
from frenkel.statistics._realizations import Moments
from simulations import assert_same_bits, fails_at_40, noisy_curve

SPAWN = multiprocessing.get_context("spawn")


def scaled_curve(rng, factor):
    return factor * noisy_curve(rng)


class Counted:
    """A simulation that counts its calls and fails from call `n_calls` on."""

    def __init__(self, n_calls=np.inf, error=KeyboardInterrupt):
        self.calls, self.n_calls, self.error = 0, n_calls, error

    def __reduce__(self):  # to a checkpoint, all are one simulation
        return Counted, ()

    def __call__(self, rng):
        self.calls += 1
        if self.calls >= self.n_calls:
            raise self.error
        return noisy_curve(rng)


@pytest.fixture(scope="module")
def expected():
    return frenkel.ensemble_average(noisy_curve, rel_error=0.05, rng=7)


@pytest.mark.parametrize("interrupted_at", [1, 2, 17, 32, 33, 64])
def test_interrupted_run_goes_on_where_it_was(tmp_path, expected, interrupted_at):
    options = {"rel_error": 0.05, "rng": 7, "checkpoint": tmp_path / "run.npz"}
    with pytest.raises(KeyboardInterrupt):
        frenkel.ensemble_average(Counted(interrupted_at), **options)
    rest = Counted()
    assert_same_bits(frenkel.ensemble_average(rest, **options), expected)
    assert rest.calls == expected.n_realizations - (interrupted_at - 1), "finished realizations ran again"
    finished = Counted()
    assert_same_bits(frenkel.ensemble_average(finished, **options), expected)
    assert finished.calls == 0, "a finished run ran again"
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"], "something else is left behind"


def test_interrupted_run_goes_on_on_another_executor(tmp_path, expected):
    options = {"rel_error": 0.05, "rng": 7, "checkpoint": tmp_path / "run.npz"}
    with ThreadPoolExecutor(2) as pool, pytest.raises(ZeroDivisionError):
        frenkel.ensemble_average(Counted(50, ZeroDivisionError), **options, executor=pool)
    with ThreadPoolExecutor(3) as pool:
        assert_same_bits(frenkel.ensemble_average(Counted(), **options, executor=pool), expected)


def test_finished_run_can_be_made_longer(tmp_path):
    options = {"rng": 7, "checkpoint": tmp_path / "run.npz"}
    frenkel.ensemble_average(noisy_curve, n_realizations=37, **options)
    longer = frenkel.ensemble_average(noisy_curve, rel_error=0.05, **options)
    assert_same_bits(longer, frenkel.ensemble_average(noisy_curve, rel_error=0.05, rng=7))
    with pytest.raises(ValueError, match=r"`checkpoint` must be a file of at most 37 .* is of \d+ already\."):
        frenkel.ensemble_average(noisy_curve, n_realizations=37, **options)


def closed_over(factor):
    return lambda rng: factor * rng.normal(1.0)


OTHER_RUNS = {
    "seed": (noisy_curve, 8),
    "spawned seed": (noisy_curve, np.random.SeedSequence(7).spawn(1)[0]),
    "name": (scaled_curve, 7),
    "bound number": (functools.partial(scaled_curve, factor=2.0), 7),
    "bound array": (functools.partial(scaled_curve, factor=np.ones(3)), 7),
    "closure": (closed_over(2.0), 7),
    "constant": (lambda rng: rng.normal(3.0), 7),
}


@pytest.mark.parametrize("difference", OTHER_RUNS)
def test_file_of_another_run_is_refused(tmp_path, difference):
    mine = {
        "bound number": functools.partial(scaled_curve, factor=1.0),
        "bound array": functools.partial(scaled_curve, factor=np.array([1.0, 1.0, 2.0])),
        "closure": closed_over(1.0),
        "constant": lambda rng: rng.normal(4.0),
    }.get(difference, noisy_curve)
    options = {"n_realizations": 4, "checkpoint": tmp_path / "run.npz"}
    frenkel.ensemble_average(mine, rng=7, **options)
    other, seed = OTHER_RUNS[difference]
    with pytest.raises(ValueError, match="`checkpoint` must be a file of this run"):
        frenkel.ensemble_average(other, rng=seed, **options)
    frenkel.ensemble_average(mine, rng=7, **options)  # and has not been touched


def test_what_is_no_checkpoint_is_refused(tmp_path):
    options = {"n_realizations": 4, "rng": 1}
    (tmp_path / "text").write_text("not a checkpoint")
    np.savez(tmp_path / "other.npz", count=3)
    (tmp_path / "empty").touch()
    for name in ("text", "other.npz", "empty"):
        with pytest.raises(ValueError, match="`checkpoint` must be a file that an ensemble wrote"):
            frenkel.ensemble_average(noisy_curve, checkpoint=tmp_path / name, **options)
    for path in (tmp_path, tmp_path / "missing" / "run.npz"):
        with pytest.raises(ValueError, match="`checkpoint` must be the path of a file"):
            frenkel.ensemble_average(noisy_curve, checkpoint=path, **options)
    with pytest.raises(ValueError, match="`rng` must be a seed"):
        frenkel.ensemble_average(noisy_curve, checkpoint=tmp_path / "run.npz", n_realizations=4)


def test_crash_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    options = {"rng": 7, "checkpoint": tmp_path / "run.npz"}
    frenkel.ensemble_average(noisy_curve, n_realizations=8, **options)
    old = (tmp_path / "run.npz").read_bytes()

    def full_disk(file, **arrays):
        file.write(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez", full_disk)
    with pytest.raises(OSError, match="no space left"):
        frenkel.ensemble_average(noisy_curve, n_realizations=16, **options)
    assert (tmp_path / "run.npz").read_bytes() == old
    assert len(list(tmp_path.iterdir())) == 1, "half a file is left behind"


SCRIPT = """
import sys, time
sys.path[:0] = {path!r}
import frenkel, simulations
simulations.noisy_curve.__globals__["np"].seterr(all="raise")
def slow(rng):
    time.sleep(0.005)
    return simulations.noisy_curve(rng)
average = frenkel.ensemble_average(slow, n_realizations=250, rng=7, checkpoint=sys.argv[1])
print(average.mean.tolist())
"""


@pytest.mark.slow
def test_killed_process_loses_half_a_second(tmp_path):
    """SIGKILL: nothing can be written at the end, so the file is what was written on the way."""
    file = tmp_path / "run.npz"
    command = [sys.executable, "-c", SCRIPT.format(path=sys.path), str(file)]
    process = subprocess.Popen(command)
    end = time.monotonic() + 20

    def count():
        with contextlib.suppress(FileNotFoundError), np.load(file) as content:
            return int(content["count"])
        return 0

    while count() < 20 and time.monotonic() < end:
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert 20 <= count() < 250, count()
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    whole = frenkel.ensemble_average(noisy_curve, n_realizations=250, rng=7)
    assert printed.strip() == str(whole.mean.tolist())


def dies(rng, at, flag):
    """Realization `at` kills its worker: once if there is a `flag` file to remember it by, else always."""
    index = rng.bit_generator.seed_seq.spawn_key[-1]
    if index == at and multiprocessing.parent_process() is not None:
        try:
            if flag is not None:
                os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
            os.kill(os.getpid(), signal.SIGKILL)
        except FileExistsError:
            pass
    return noisy_curve(rng)


@pytest.fixture(scope="module")
def pool():
    with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        yield pool


def test_a_simulation_that_fails_fails_everywhere_alike(tmp_path, pool):
    for name, executor in {"here": None, "pool": pool}.items():
        options = {"n_realizations": 2000, "rng": 7, "executor": executor, "checkpoint": tmp_path / name}
        with pytest.raises(ArithmeticError, match="realization 40"):
            frenkel.ensemble_average(fails_at_40, **options)
        with np.load(tmp_path / name) as file:
            assert file["count"] == 40, f"{name}: {file['count']} of 40 finished realizations were kept"


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(tmp_path):
    simulate = functools.partial(dies, at=300, flag=tmp_path / "died")
    with (
        ProcessPoolExecutor(2, mp_context=SPAWN) as pool,
        pytest.warns(RuntimeWarning, match="A worker died"),
    ):
        average = frenkel.ensemble_average(simulate, n_realizations=1500, rng=7, executor=pool)
    assert (tmp_path / "died").exists(), "no worker died; the test proves nothing"
    assert_same_bits(average, frenkel.ensemble_average(noisy_curve, n_realizations=1500, rng=7))


@pytest.mark.slow
def test_workers_that_always_die_end_the_run_after_the_checkpoint(tmp_path):
    file = tmp_path / "run.npz"
    simulate = functools.partial(dies, at=20, flag=None)
    options = {"n_realizations": 60, "rng": 7, "checkpoint": file}
    with (
        ProcessPoolExecutor(2, mp_context=SPAWN) as pool,
        pytest.warns(RuntimeWarning, match="A worker died"),
        pytest.raises(RuntimeError, match="Workers died 4 times in a row over realizations"),
    ):
        frenkel.ensemble_average(simulate, executor=pool, **options)
    with np.load(file) as content:
        assert 0 < content["count"] <= 20
    average = frenkel.ensemble_average(simulate, **options)  # here, where it does not kill
    assert_same_bits(average, frenkel.ensemble_average(noisy_curve, n_realizations=60, rng=7))


class GrowingCluster(ThreadPoolExecutor):
    """Looks like Dask's executor on a cluster that has one worker more at each look."""

    def __init__(self):
        super().__init__(1)
        self._client, self.looks, self.under_way = self, 0, []

    def nthreads(self):
        self.looks += 1
        return {f"worker {index}": 1 for index in range(self.looks)}

    def submit(self, *call):
        self.under_way = [future for future in self.under_way if not future.done()]
        self.under_way.append(super().submit(*call))
        self.most = len(self.under_way)
        return self.under_way[-1]


def test_workers_that_come_later_get_work(monkeypatch):
    monkeypatch.setattr(_workers, "RECOUNT", 0.0)
    with GrowingCluster() as cluster:
        average = frenkel.ensemble_average(noisy_curve, rel_error=0.02, rng=7, executor=cluster)
    assert cluster.looks > 4 and cluster.most > 3 * _workers.AHEAD, "more workers are not given more work"
    assert_same_bits(average, frenkel.ensemble_average(noisy_curve, rel_error=0.02, rng=7))


def test_functions_that_cannot_be_pickled_are_named(pool):
    with pytest.raises(TypeError, match="`simulate` must be a function from the top of a module"):
        frenkel.ensemble_average(lambda rng: 1.0, n_realizations=4, executor=pool)


def test_callers_generator_moves_alike_with_every_executor(pool):
    """However far ahead the workers ran, the next ensemble gets the same seeds."""
    following = []
    for executor in (None, pool):
        rng = np.random.default_rng(5)
        first = frenkel.ensemble_average(noisy_curve, rel_error=0.1, rng=rng, executor=executor)
        second = frenkel.ensemble_average(noisy_curve, n_realizations=40, rng=rng)
        assert not np.array_equal(first.mean, second.mean), "seeds repeat"
        following.append(second)
    assert_same_bits(*following)


def test_seeds_are_the_children_of_the_callers():
    """So that one realization can be run again by hand."""
    drawn = [np.random.default_rng(child).normal() for child in np.random.SeedSequence(9).spawn(20)]
    average = frenkel.ensemble_average(lambda rng: rng.normal(), n_realizations=20, rng=9)
    assert abs(average.mean - np.mean(drawn)) < 1e-14


def test_complex_and_short_numbers():
    """The error of complex numbers is that of |x - mean|; single precision is averaged in double."""
    drawn = []
    average = frenkel.ensemble_average(
        lambda rng: drawn.append(rng.normal(size=2) + 1j * rng.normal(3, size=2)) or drawn[-1],
        n_realizations=50,
        rng=3,
    )
    assert np.allclose(average.mean, np.mean(drawn, axis=0), rtol=1e-13)
    assert np.allclose(average.standard_error, np.std(drawn, axis=0, ddof=1) / np.sqrt(50), rtol=1e-13)
    short = frenkel.ensemble_average(lambda rng: rng.random(2, dtype="f4"), n_realizations=50, rng=3)
    assert short.mean.dtype == short.standard_error.dtype == float


def test_an_average_that_vanishes_is_never_precise():
    with pytest.raises(RuntimeError, match=r"relative error of inf"):
        Moments(40, np.zeros(1), np.ones(1)).suffice(0.1, 40)
