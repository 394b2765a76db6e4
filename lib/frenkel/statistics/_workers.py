"""Run realizations on an executor and hand them out in order, whoever computed them.

Realizations travel in chunks of about a tenth of a second, so that short ones are not drowned by what it
costs to send them, and a few chunks a worker are under way at any time. A realization is a function of
its seed alone, so chunks may be cut, repeated and thrown away at will.
"""

from __future__ import annotations

import time
import warnings
from collections import deque
from collections.abc import Generator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from ._realizations import Seeds, Simulation, realization

SECONDS = 0.1  # of work in a chunk
AHEAD = 4  # chunks a worker
RECOUNT = 5.0  # s between two looks at how many workers a cluster has: they come and go
PATIENCE = 3  # deaths of workers in a row, without one finished chunk between them
LOOK = 5.0  # s without an answer, after which a cluster is asked whether it still works on it


def _chunk(
    simulate: Simulation, seeds: Seeds, first: int, size: int, attempt: int
) -> tuple[list[NDArray[Any]], float]:
    """Return up to `size` realizations and the seconds they took.

    One that raises ends the chunk; it is asked for again as the first of another, and raises there.
    `attempt` keeps Dask, which remembers what it was asked, from repeating an old answer.
    """
    start, values = time.perf_counter(), []
    for index in range(first, first + size):
        try:
            values.append(realization(simulate, seeds, index))
        except Exception:
            if not values:
                raise
            break
    return values, time.perf_counter() - start


def _running(dask_worker: Any) -> int:
    """How many tasks this worker of a Dask cluster executes."""
    return len(dask_worker.state.executing)


@dataclass
class _Task:
    first: int
    size: int
    future: Future[Any]


class _Crew:
    """An executor whose dead workers are replaced."""

    def __init__(self, executor: Executor, simulate: Simulation, seeds: Seeds) -> None:
        self.executor = executor
        self.arguments = simulate, seeds
        self.deaths = 0  # in a row
        self.attempt = 0
        self.own: Executor | None = None
        self.recount, self.threads = 0.0, 1  # of a cluster

    @property
    def n_workers(self) -> int:
        """Workers of a pool, threads of a Dask cluster; 2 of an executor that does not say."""
        client = getattr(self.executor, "_client", None)
        if client is None:
            return getattr(self.executor, "_max_workers", 2)
        if time.monotonic() >= self.recount:
            self.recount = time.monotonic() + RECOUNT
            self.threads = max(sum(client.nthreads().values()), 1)
        return self.threads

    def submit(self, first: int, size: int) -> Future[Any]:
        try:
            return self.executor.submit(_chunk, *self.arguments, first, size, self.attempt)
        except BrokenExecutor as error:
            future: Future[Any] = Future()
            future.set_exception(error)
            return future

    def answer(self, task: _Task) -> tuple[list[NDArray[Any]], float]:
        """Return what a chunk has given; one that a Dask cluster has lost is asked for again.

        When workers die, Dask may forget a task: none of them works, and its future would wait for ever.
        """
        client, idle = getattr(self.executor, "_client", None), 0
        while True:
            try:
                return task.future.result(None if client is None else LOOK)
            except TimeoutError:
                if client is None or task.future.done():  # it is the simulation's own
                    raise
            running = client.run(_running, on_error="return").values()  # empty while there are no workers
            idle = 0 if any(running) or not running else idle + 1
            if idle == 2:
                last, idle = task.first + task.size - 1, 0
                warnings.warn(
                    f"The cluster has lost realizations {task.first} to {last}; they are run again.",
                    RuntimeWarning,
                    stacklevel=4,
                )
                self.attempt += 1
                task.future.cancel()
                task.future = self.submit(task.first, task.size)

    def is_death(self, error: BaseException) -> bool:
        """Whether a worker died, rather than a simulation failed (Dask's error is known by its name)."""
        return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"

    def recover(self, error: BaseException, task: _Task) -> None:
        """Count a death; put a new process pool in the place of a broken one."""
        self.deaths += 1
        self.attempt += 1
        last = task.first + task.size - 1
        if self.deaths > PATIENCE:
            raise RuntimeError(
                f"Workers died {self.deaths} times in a row over realizations {task.first} to {last}: "
                f"is there memory enough, does `simulate` crash? ({error})"
            ) from error
        warnings.warn(
            f"A worker died over realizations {task.first} to {last}; what it lost is run again.",
            RuntimeWarning,
            stacklevel=4,
        )
        if isinstance(error, BrokenExecutor):
            if not isinstance(self.executor, ProcessPoolExecutor):
                raise error
            self.close()
            old: Any = self.executor
            self.executor = self.own = ProcessPoolExecutor(
                old._max_workers, old._mp_context, old._initializer, old._initargs
            )

    def close(self) -> None:
        """Shut down the pool that took the place of a broken one; the caller's own is the caller's."""
        if self.own is not None:
            self.own.shutdown(cancel_futures=True)


def _finished(task: _Task) -> bool:
    return task.future.done() and not task.future.cancelled() and task.future.exception() is None


def parallel(
    simulate: Simulation, seeds: Seeds, first: int, stop: int | None, executor: Executor
) -> Generator[NDArray[Any], None, None]:
    """Yield the same as `serial`, computed on `executor`."""
    crew, tasks = _Crew(executor, simulate, seeds), deque[_Task]()
    submitted, seconds = first, None  # realizations; the time of one, as lately seen
    try:
        while True:
            n_workers = crew.n_workers
            while len(tasks) < AHEAD * n_workers and (stop is None or submitted < stop):
                size = 1 if seconds is None else max(int(SECONDS / max(seconds, 1e-9)), 1)
                if stop is not None:  # the last chunks are smaller, so that workers end together
                    size = min(size, -(-(stop - submitted) // (2 * n_workers)))
                tasks.append(_Task(submitted, size, crew.submit(submitted, size)))
                submitted += size
            if not tasks:
                return
            task = tasks[0]
            try:
                values, elapsed = crew.answer(task)
            except Exception as error:
                if not crew.is_death(error):
                    raise
                crew.recover(error, task)
                for other in tasks if isinstance(error, BrokenExecutor) else [task]:
                    if not _finished(other):
                        other.future.cancel()
                        other.future = crew.submit(other.first, other.size)
                continue
            tasks.popleft()
            crew.deaths = 0
            recent = elapsed / len(values)
            seconds = recent if seconds is None else (seconds + recent) / 2
            yield from values
            if len(values) < task.size:  # the next one raised: let it raise here
                rest = task.first + len(values), task.size - len(values)
                tasks.appendleft(_Task(*rest, crew.submit(*rest)))
    finally:
        for task in tasks:
            task.future.cancel()
        crew.close()
