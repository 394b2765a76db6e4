"""The jail: bubblewrap around one program, with a guard outside that counts seconds, bytes and processes.

Inside there is no network, no /proc, no home, no repository and no other student's work: only the system's
libraries, this environment's Python and packages, all read-only, and a small scratch folder in memory. The
program is the first process of its own namespace: killing it, from outside, kills all that runs there.
"""

import contextlib
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import frenkel
import psutil

from . import report, seccomp

INSIDE = Path(__file__).with_name("inside.py")
INSTALL = "On Debian and Ubuntu, `apt-get install bubblewrap` brings it."
NOBODY = 65534
AS_ROOT = "GRADE_AS_ROOT"
GRACE = 10.0  # s that a cell may take to notice that its time is over
# What the kernel keeps for a process beside its pages, such as the buffers of 64 descriptors, and for a file.
PER_PROCESS, PER_FILE = 32 * 1024**2, 2048


class JailMissing(Exception):
    """There is no working jail: nothing may be run."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    seconds: int = 300  # of wall-clock time, the whole notebook; also of CPU time
    cell_seconds: float = 60.0
    memory: int = 2 * 1024**3  # bytes of address space of a process, and of memory of all together
    processes: int = 32  # and threads
    file: int = 32 * 1024**2  # bytes, the largest file and all files together
    report: int = 32 * 1024**2  # bytes, all outputs together


@dataclass
class Run:
    """What came of a submission: one record for every cell that ran, and why it ended early, if it did."""

    cells: list
    ended: str | None = None


def font_cache():
    """Return the folder with Matplotlib's list of fonts, which would take each jail a second to make."""
    folder = Path(sys.prefix) / "matplotlib"
    if not list(folder.glob("fontlist-*.json")):
        folder.mkdir(exist_ok=True)
        environment = {**os.environ, "MPLCONFIGDIR": str(folder)}
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=environment, check=True)
    return folder


def refuse_root():
    """Raise JailMissing for root behind whom an ordinary user stands, who could grade as well."""
    if os.geteuid() or os.environ.get(AS_ROOT) == "yes":
        return
    try:
        login = int(Path("/proc/self/loginuid").read_text())
    except (OSError, ValueError):
        login = -1
    if login not in (-1, 2**32 - 1) or "SUDO_USER" in os.environ:
        raise JailMissing(
            "Grade as an ordinary user, not as root: nothing was graded. "
            f"Where root is the only user, {AS_ROOT}=yes before the command says so."
        )


@cache
def _tool(name):
    """Return the path of a program of the system."""
    path = shutil.which(name)
    if path is None:
        hint = INSTALL if name == "bwrap" else "It belongs to util-linux."
        what = "bubblewrap" if name == "bwrap" else f"`{name}`"
        raise JailMissing(f"{what} is not installed, so nothing was graded. {hint}")
    return path


def command(script, limits, slot=0):
    """Return the command line that runs the Python `script` in the jail; descriptors come behind `{}`.

    As an ordinary user the jail is a user namespace. Root makes one without, and the program becomes nobody.
    """
    root = os.geteuid() == 0
    line = [_tool("prlimit"), f"--as={limits.memory}", f"--cpu={limits.seconds}", f"--fsize={limits.file}"]
    line += ["--core=0", "--nofile=64", "--sigpending=256", "--memlock=0", "--msgqueue=0", "--"]
    line += [_tool("bwrap")]
    line += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    line += ["--as-pid-1", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    if root:
        line += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        line += ["--unshare-user", "--disable-userns", "--uid", str(NOBODY), "--gid", str(NOBODY)]
    line += ["--hostname", "jail", "--ro-bind", "/usr", "/usr"]
    prefix, base = os.path.abspath(sys.prefix), os.path.realpath(sys.base_prefix)
    if not base.startswith("/usr/local"):
        line += ["--tmpfs", "/usr/local", "--remount-ro", "/usr/local"]
    folders = ["/opt", "/opt/library", "/dev"]
    if not base.startswith("/usr"):
        folders += [str(folder) for folder in reversed(Path(base).parents) if folder.name]
    for folder in folders:
        line += ["--perms", "0755", "--dir", folder]
    if not base.startswith("/usr"):
        line += ["--ro-bind", base, base]
    for folder in ("/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache"):
        line += ["--ro-bind-try", folder, folder]
    line += ["--ro-bind", prefix, "/opt/python", "--ro-bind", str(font_cache()), "/opt/matplotlib"]
    line += ["--ro-bind", os.path.dirname(frenkel.__file__), "/opt/library/frenkel"]
    line += ["--ro-bind", str(script), "/opt/program.py"]
    for device in ("null", "random", "urandom"):
        line += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    line += ["--perms", "0777", "--size", str(limits.file), "--tmpfs", "/tmp"]
    line += ["--remount-ro", "/", "--chdir", "/tmp"]
    settings = {
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    for name, value in settings.items():
        line += ["--setenv", name, value]
    line += ["--info-fd", "{info}", "--seccomp", "{filter}", "--"]
    if root:
        user = str(NOBODY - slot)  # each its own, so that what is counted by user is counted for each
        line += [_tool("setpriv"), "--reuid", user, "--regid", user, "--clear-groups"]
        line += ["--inh-caps=-all", "--ambient-caps=-all", "--pdeathsig", "KILL"]
    return [*line, "/opt/python/bin/python3", "-I", "/opt/program.py"]


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
    clock, is when the cell that runs has to be over.
    """

    def __init__(self, script, job, limits, complaints=subprocess.DEVNULL):
        self.script, self.job, self.limits, self.complaints = script, job, limits, complaints
        self.ended = self.deadline = None
        self.peak, self.scratch = 0, None

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
        ends = {"info": info_end, "filter": filter_end}
        words = [word.format(**ends) for word in command(self.script, self.limits, slot)]
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
        self.first = self.handle = None
        if told:
            with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
                number = json.loads(told)["child-pid"]
                self.handle = os.pidfd_open(number)
                self.first = psutil.Process(number)

    def _stop(self):
        """Kill all that runs in the jail, and wait until it is gone."""
        if self.handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            with selectors.DefaultSelector() as selector:
                selector.register(self.handle, selectors.EVENT_READ)
                selector.select(timeout=GRACE)
            os.close(self.handle)
        self.process.kill()
        self.process.stdout.close()
        self.process.wait()
        if self.scratch is not None:
            os.close(self.scratch)

    def _pieces(self):
        """Yield what the program writes, in pieces, until it ends or is stopped."""
        limits, started, size, crowd = self.limits, time.monotonic(), 0, False
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            looked = 0.0
            while True:
                if selector.select(timeout=0.01 if crowd else 0.05):
                    piece = os.read(self.process.stdout.fileno(), 65536)
                    if not piece:
                        return
                    size += len(piece)
                    yield piece
                now = time.monotonic()
                if now - looked > 0.01:
                    memory, count = self._use()
                    looked, crowd = time.monotonic(), count > 1 or memory > limits.memory // 4
                    self.peak = max(self.peak, memory)
                    if memory > limits.memory:
                        self.ended = f"it used more than {limits.memory // 1024**2} MB of memory"
                    elif count > limits.processes:
                        self.ended = f"it started more than {limits.processes} processes"
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


def check(limits=None):
    """Raise JailMissing, with the reason, unless our own program runs in the jail and nothing else does."""
    refuse_root()
    with tempfile.TemporaryFile() as complaints:
        guard = Guard(INSIDE, _job([], limits or Limits()), limits or Limits(), complaints)
        try:
            said = [report.loads(line) for line in guard]
        except seccomp.UnknownMachine as problem:
            raise JailMissing(f"There is no jail here, so nothing was graded: {problem}.") from None
        if said != [{"ready": True}, {"done": True}]:
            complaints.seek(0)
            words = complaints.read(2000).decode("utf-8", "replace").strip()
            reason = guard.ended or words or "our own program did not run in it"
            raise JailMissing(f"bubblewrap does not work here, so nothing was graded: {reason}")


def _job(cells, limits):
    return json.dumps({"cells": cells, "limits": asdict(limits)}).encode()


CRASHED = "Python stopped: the code ended or crashed the interpreter"


def run(cells, limits=None):
    """Execute `cells`, dictionaries with id, source and the names to export, and return a `Run`.

    Python that stops before the end is started once more, within the same time in all: it may have been the
    machine and not the student. Whether there is a jail at all is never a submission's word: if not even our
    own part of the program ran, `check` decides.
    """
    limits, started = limits or Limits(), time.monotonic()
    result, ready = _run(cells, limits)
    left = int(limits.seconds - (time.monotonic() - started))
    if result.ended == CRASHED and left > 0:
        result, ready = _run(cells, replace(limits, seconds=left))
    if not ready:
        check(limits)
    return result


def _run(cells, limits):
    """Execute `cells` once; return the `Run` and whether our own program came to the first of them."""
    guard, records = Guard(INSIDE, _job(cells, limits), limits), report.Records(cells)
    ready = False
    for line in guard:
        if not ready:  # the first line is ours, written before anything of the student's ran
            ready = report.loads(line) == {"ready": True}
            guard.look_at_scratch()
        elif not records.take(line):
            continue
        guard.deadline = time.monotonic() + limits.cell_seconds + GRACE
    ended = guard.ended or (None if records.done else CRASHED)
    return Run(records.found, ended), ready
