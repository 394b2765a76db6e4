"""The jail: bubblewrap around one submission, with a guard outside that counts seconds, bytes and processes.

Inside there is no network, no home, no repository and no other student's work: only the system's libraries,
this environment's Python and packages, all read-only, and a small scratch folder in memory.
"""

import json
import os
import re
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

INSIDE = Path(__file__).with_name("inside.py")
INSTALL = "On Debian and Ubuntu, `apt-get install bubblewrap` brings it."


class JailMissing(Exception):
    """There is no working bubblewrap: nothing may be run."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    seconds: int = 300  # of wall-clock time, the whole notebook; also of CPU time
    cell_seconds: float = 60.0
    memory: int = 2 * 1024**3  # bytes of address space of a process, and of memory of all together
    processes: int = 32
    file: int = 32 * 1024**2  # bytes, the largest file and all files together
    report: int = 32 * 1024**2  # bytes, all outputs together


@dataclass
class Run:
    """What came of a submission: one record for every cell that ran, and why it ended early, if it did."""

    cells: list
    ended: str | None = None


def _prefixes():
    """Return the folders that hold this Python and its packages."""
    folders = {os.path.realpath(sys.base_prefix), os.path.abspath(sys.prefix)}
    return sorted(folder for folder in folders if not folder.startswith("/usr"))


def font_cache():
    """Return the folder with Matplotlib's list of fonts, which would take each jail a second to make."""
    folder = Path(sys.prefix) / "matplotlib"
    if not list(folder.glob("fontlist-*.json")):
        folder.mkdir(exist_ok=True)
        environment = {**os.environ, "MPLCONFIGDIR": str(folder)}
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=environment, check=True)
    return folder


def command(program, limits):
    """Return the command line that runs `program`, a list, in the jail."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise JailMissing(f"bubblewrap is not installed, so nothing was graded. {INSTALL}")
    line = [bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"]
    line += ["--new-session", "--clearenv", "--cap-drop", "ALL"]
    line += ["--uid", "65534", "--gid", "65534", "--hostname", "jail"]
    line += ["--size", str(limits.file), "--tmpfs", "/tmp", "--ro-bind", "/usr", "/usr"]
    for folder in ("/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache"):
        line += ["--ro-bind-try", folder, folder]
    for folder in _prefixes():
        line += ["--ro-bind", folder, folder]
    line += ["--ro-bind", str(font_cache()), "/opt/matplotlib", "--ro-bind", str(INSIDE), "/opt/inside.py"]
    line += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--remount-ro", "/"]
    line += ["--chdir", "/tmp"]
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
    return [*line, "--", *program]


def check():
    """Raise JailMissing, with the reason, unless a program runs in the jail."""
    done = subprocess.run(command(["/usr/bin/true"], Limits()), capture_output=True, text=True)
    if done.returncode:
        reason = done.stderr.strip() or f"it ended with {done.returncode}"
        raise JailMissing(f"bubblewrap does not work here, so nothing was graded: {reason}")


def _use_of(process):
    """Return (memory in bytes, number of processes) of all that runs in the jail."""
    memory = count = 0
    try:
        for child in process.children(recursive=True):
            try:
                memory += child.memory_info().rss
            except psutil.Error:
                continue
            count += 1
    except psutil.Error:
        pass
    return memory, count


def _guard(process, limits):
    """Yield what the jail reports, in pieces, until it ends; return why it was stopped, or None."""
    watched, started, size = psutil.Process(process.pid), time.monotonic(), 0
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if selector.select(timeout=0.05):
                piece = os.read(process.stdout.fileno(), 65536)
                if not piece:
                    return None
                size += len(piece)
                yield piece
            memory, count = _use_of(watched)
            if time.monotonic() - started > limits.seconds:
                return f"it ran longer than {limits.seconds} seconds"
            if memory > limits.memory:
                return f"it used more than {limits.memory // 1024**2} MB of memory"
            if count > limits.processes:
                return f"it started more than {limits.processes} processes"
            if size > limits.report:
                return f"it wrote more than {limits.report // 1024**2} MB of output"


CRASHED = "Python stopped: the code ended or crashed the interpreter"


def run(cells, limits=None):
    """Execute `cells`, dictionaries with id, source and the names to export, and return a `Run`.

    Python that stops before the end is started once more: it may have been the machine and not the student.
    """
    limits = limits or Limits()
    first = _run(cells, limits)
    return _run(cells, limits) if first.ended == CRASHED else first


def _run(cells, limits):
    """Execute `cells` once.

    The lines of the report come from the jail: what is not a record of the next cell is left out.
    """
    job = json.dumps({"cells": cells, "limits": asdict(limits)}).encode()
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as complaints:
        stdin.write(job)
        stdin.seek(0)
        process = subprocess.Popen(
            command([sys.executable, "-I", "/opt/inside.py"], limits),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        try:
            pieces, guard = [], _guard(process, limits)
            while True:
                try:
                    pieces.append(next(guard))
                except StopIteration as stop:
                    ended = stop.value
                    break
        finally:
            process.kill()
            process.stdout.close()
            process.wait()
        records, done = _records(b"".join(pieces), cells)
        if not records and ended is None and not done:
            complaints.seek(0)
            words = complaints.read(2000).decode("utf-8", "replace").strip()
            if words.startswith("bwrap:"):
                raise JailMissing(f"bubblewrap does not work here, so nothing was graded: {words}")
    if ended is None and not done:
        ended = CRASHED
    return Run(records, ended)


def _records(report, cells):
    """Return the records of the first cells, in their order, and whether the jail said that it was done."""
    records, done = [], False
    for line in report.split(b"\n"):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(record, dict):
            continue
        if record.get("done") is True:
            done = True
        if len(records) < len(cells) and record.get("id") == cells[len(records)]["id"]:
            if isinstance(record.get("outputs"), list) and isinstance(record.get("exports"), dict):
                record["outputs"] = [clean for output in record["outputs"] if (clean := _plain(output))]
                records.append(record)
    return records, done


def _plain(output):
    """Return one output with nothing in it but text and PNG pictures, or None.

    It may have been forged, and is shown in the instructor's browser.
    """

    def text(value):
        lines = value if isinstance(value, list) else [value]
        return "".join(line for line in lines if isinstance(line, str))

    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        return {"output_type": "stream", "name": "stdout", "text": text(output.get("text"))}
    if kind == "error":
        words = {key: text(output.get(key)) for key in ("ename", "evalue")}
        return {"output_type": "error", **words, "traceback": [text(output.get("traceback"))]}
    if kind == "display_data" and isinstance(output.get("data"), dict):
        picture = re.sub(r"[^A-Za-z0-9+/=]", "", text(output["data"].get("image/png")))
        data = {"text/plain": text(output["data"].get("text/plain"))}
        if picture:
            data["image/png"] = picture
        return {"output_type": "display_data", "data": data, "metadata": {}}
    return None
