"""A guard outside of each jail: it counts seconds, bytes and processes, and kills all that runs there.

The program is the first process of a namespace of its own: killing it, from outside, kills all others in it.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import tempfile
import threading
import time

import psutil

from . import report, seccomp, walls

GRACE = 10.0  # s that a jail may take to be gone
# What the kernel keeps for a process beside its pages, such as the buffers of 64 descriptors, and for a file.
PER_PROCESS, PER_FILE = 32 * 1024**2, 2048


_slots, _slots_lock = set(), threading.Lock()


def leave_slots(count):
    """Leave the first `count` slots, and with them their processors and users, to other processes."""
    _slots.update(range(count))


@contextlib.contextmanager
def _slot():
    """Hold the lowest number that no other jail of this process holds."""
    with _slots_lock:
        number = next(number for number in range(len(_slots) + 1) if number not in _slots)
        _slots.add(number)
    try:
        yield number
    finally:
        with _slots_lock:
            _slots.remove(number)


@contextlib.contextmanager
def _on_one_processor(slot):
    """Start processes on one processor, so that a crowd in one jail does not slow down the others."""
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(all_of_them)[slot % len(all_of_them)]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)


class Guard:
    """A program in the jail, and what it writes.

    Iterate over the lines; then `ended` says why it was stopped, or is None. `deadline`, on the monotonic
    clock, is when the cell that runs has to be over. Before there is one, the program is but our own, and
    nobody looks at what it uses.
    """

    def __init__(self, script, job, limits, complaints=subprocess.DEVNULL):
        self.script, self.job, self.limits, self.complaints = script, job, limits, complaints
        self.ended = self.deadline = None
        self.first = self.handle = self.heir = self.scratch = None

    def __iter__(self):
        with _slot() as slot, tempfile.TemporaryFile() as stdin, contextlib.ExitStack() as stack:
            stdin.write(self.job)
            stdin.seek(0)
            self._start(slot, stdin, stack)
            yield from report.lines(self._pieces())

    def _start(self, slot, stdin, stack):
        pipes = [os.pipe(), os.pipe()]
        (info, info_end), (filter_end, filled) = pipes
        os.write(filled, seccomp.program())
        os.close(filled)
        words = walls.command(self.script, self.limits, slot, info_end, filter_end)
        with open(info, "rb") as said:
            try:
                with _on_one_processor(slot):
                    self.process = subprocess.Popen(
                        words,
                        stdin=stdin,
                        stdout=subprocess.PIPE,
                        stderr=self.complaints,
                        env={},
                        pass_fds=(info_end, filter_end),
                    )
            finally:
                os.close(info_end)
                os.close(filter_end)
            stack.callback(self._stop)
            told = said.read(1000)  # bubblewrap says it before the program starts
        if told:
            with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
                number = json.loads(told)["child-pid"]
                self.handle = os.pidfd_open(number)
                self.first = psutil.Process(number)
                # Whoever kills the grader, in whatever way, closes this shell's input.
                words = [walls.tool("sh"), "-c", f"read line; kill -9 {number}"]
                self.heir = subprocess.Popen(words, stdin=subprocess.PIPE, env={}, start_new_session=True)

    def _stop(self):
        """Kill all that runs in the jail, and wait until it is gone."""
        if self.heir is not None:
            self.heir.kill()
            self.heir.wait()
            self.heir.stdin.close()
        if self.handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            os.close(self.handle)
        else:
            self.process.kill()
        self.process.stdout.close()
        try:
            self.process.wait(timeout=GRACE)  # bubblewrap ends with its child
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.scratch is not None:
            os.close(self.scratch)

    def _pieces(self):
        """Yield what the program writes, in pieces, until it ends or is stopped."""
        limits, started, size, crowd = self.limits, time.monotonic(), 0, False
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            looked, pause = 0.0, 0.01
            while True:
                if selector.select(timeout=0.01 if crowd else 0.05):
                    piece = os.read(self.process.stdout.fileno(), 65536)
                    if not piece:
                        return
                    size += len(piece)
                    yield piece
                now = time.monotonic()
                if self.deadline is not None and now - looked > pause:
                    memory, count = self._use()
                    looked, crowd = time.monotonic(), count > 1 or memory > limits.memory // 4
                    pause = max(0.01, 3 * (looked - now))  # a quarter of a processor for looking, at most
                    if count > limits.processes:
                        self.ended = f"it started more than {limits.processes} processes"
                    elif memory > limits.memory:
                        self.ended = f"it used more than {limits.memory // 1024**2} MB of memory"
                if now - started > limits.seconds:
                    self.ended = f"it ran longer than {limits.seconds} seconds"
                elif self.deadline is not None and now > self.deadline:
                    self.ended = f"it ran longer than {limits.cell_seconds:g} seconds and did not stop"
                elif size > limits.report:
                    self.ended = f"it wrote more than {limits.report // 1024**2} MB of output"
                if self.ended:
                    return

    def look_at_scratch(self):
        """Keep the jail's scratch folder in sight; to be called before the program runs what is not ours."""
        if self.first:
            with contextlib.suppress(OSError):
                self.scratch = os.open(f"/proc/{self.first.pid}/root/tmp", os.O_RDONLY | os.O_DIRECTORY)

    def _use(self):
        """Return (memory in bytes, number of processes and threads) of all that runs in the jail.

        The kernel counts a page in memory once for each process that holds it. Only if that is too much are
        shared pages shared out among those processes, which takes longer to find out.
        """
        if self.first is None:
            return 0, 0
        try:
            everyone = [self.first, *self.first.children(recursive=True)]
        except psutil.Error:
            return 0, 0
        kept = PER_PROCESS * (len(everyone) - 1)
        if self.scratch is not None:
            now = os.fstatvfs(self.scratch)
            kept += (now.f_blocks - now.f_bfree) * now.f_frsize + (now.f_files - now.f_ffree) * PER_FILE
        memory, count = 0, 0
        for one in everyone:
            with contextlib.suppress(psutil.Error):
                memory += one.memory_info().rss
                count += one.num_threads()
        if memory + kept > self.limits.memory and count <= self.limits.processes:
            memory = sum(map(_share, everyone))
        return memory + kept, count


def _share(process):
    """Return the memory of a process, shared pages in equal shares."""
    try:
        return process.memory_full_info().pss
    except psutil.AccessDenied:
        return process.memory_info().rss
    except psutil.Error:
        return 0
