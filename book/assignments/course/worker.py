"""Processes of the grader that may fail: each does one task at a time, in bounded memory and time.

What students hand in is read, rebuilt and turned into pages by programs that a file made for it can keep busy
for ever, or fill with memory. Here that costs a process and not the run: it is killed, and the next task gets
a new one.
"""

import contextlib
import ctypes
import multiprocessing
import os
import resource
import signal
import time
from multiprocessing import connection
from pathlib import Path

from . import guard, jail

PATIENCE = 1200.0  # s
MEMORY = 3 * 1024**3  # bytes of address space, of which the programs themselves take one
KILL_AT_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG


class Failed(Exception):
    """A task was not done; the message says why."""


class Worker:
    """A process that calls methods of `target`, which it got when it was started; `place` is its number."""

    def __init__(self, target, place):
        self.target, self.place = target, place
        self.process = self.pipe = self.task = None
        self.peak = 0  # bytes of memory, the most of all processes that this worker has been

    def begin(self, task, *about, seconds, patience=PATIENCE):
        """Begin to call the method `task` with `about`.

        It may take so many `seconds` of the processor, and, if it waits or others keep the processor busy, a
        `patience` of so many by the clock.
        """
        if self.process is None:
            context = multiprocessing.get_context("fork")  # the grader has one thread: see `Crew`
            self.pipe, other = context.Pipe()
            arguments = (self.target, other, self.place, os.getpid())
            self.process = context.Process(target=_serve, args=arguments, daemon=True)
            self.process.start()
            other.close()
        self.task, self.deadline = (task, *about), time.monotonic() + patience
        self.pipe.send((seconds, *self.task))

    def answer(self):
        """Return what the task has returned; raise Failed, or JailMissing, if it did not."""
        self.task, answer = None, None
        if self.pipe.poll():
            with contextlib.suppress(EOFError, OSError):
                answer, peak = self.pipe.recv()
                self.peak = max(self.peak, peak)
        if answer is None:
            self.process.join(timeout=1)  # one that has died has closed its end a moment before
            late = self.process.exitcode in (None, -signal.SIGXCPU)
            self.stop()
            raise Failed("it took too long" if late else "the grader's process died")
        if isinstance(answer, Exception):
            raise answer
        return answer[0]

    def stop(self):
        if self.process is None:
            return
        with contextlib.suppress(OSError, ValueError, StopIteration):
            lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
            most = next(line for line in lines if line.startswith("VmHWM"))
            self.peak = max(self.peak, int(most.split()[1]) * 1024)
        self.process.kill()
        self.process.join()
        self.pipe.close()
        self.process = self.pipe = None


def peak_of_this_process():
    """Return the most memory that this process has taken, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _serve(target, pipe, place, parent):
    ctypes.CDLL(None).prctl(KILL_AT_DEATH_OF_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        return
    # The soft limit alone, since the jail sets its own.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    guard.leave_slots(place)
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    while True:
        seconds, task, *about = pipe.recv()
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time() + seconds) + 1, most))
        try:
            answer = (getattr(target, task)(*about),)
        except jail.JailMissing as problem:
            answer = problem
        except MemoryError:
            answer = Failed("it took too much memory")
        except Exception as problem:
            answer = Failed(f"{type(problem).__name__}: {problem}"[:1000])
        pipe.send((answer, peak_of_this_process()))


class Crew:
    """Workers for one `target`; used in `with`, they are gone at its end.

    There are no threads: a process that is forked beside threads may inherit a lock that nobody opens.
    """

    highest = 0  # bytes of memory, the most that any crew of this process can have taken

    def __init__(self, target, count):
        self.workers = [Worker(target, place) for place in range(count)]

    def __enter__(self):
        return self

    def __exit__(self, *about):
        for worker in self.workers:
            worker.stop()
        Crew.highest = max(Crew.highest, self.peak)

    def call(self, task, *about, seconds):
        """Have the first worker do a task, and return what the task returns; raise Failed."""
        self.workers[0].begin(task, *about, seconds=seconds)
        self.wait()
        return self.workers[0].answer()

    def wait(self):
        """Return the workers that have an answer or whose time is over."""
        busy = [worker for worker in self.workers if worker.task]
        left = min(worker.deadline for worker in busy) - time.monotonic()
        ready = connection.wait([worker.pipe for worker in busy], timeout=max(0.0, left))
        return [worker for worker in busy if worker.pipe in ready or time.monotonic() > worker.deadline]

    @property
    def peak(self):
        """The most memory, in bytes, that the workers can have taken together."""
        return sum(worker.peak for worker in self.workers)
