"""Runs inside the jail: executes a student's cells, one after the other, and says what came of each.

It reads one job from standard input, as JSON, and writes one line of JSON when it is ready, one for every
cell and one at the end. It stands alone: nothing of the course package is visible in the jail. What it
reports is only ever data, and whoever reads it trusts none of it.
"""

import base64
import contextlib
import gc
import io
import json
import os
import resource
import shutil
import signal
import sys
import types

MAX_TEXT = 20_000  # characters of output kept for a cell
MAX_PICTURE = 2_000_000  # characters of one picture, in base64
MAX_VALUES = 100_000  # numbers in one exported value


class Bounded(io.StringIO):
    """Keeps the first part of what is printed, so that a loop that prints does not fill the memory."""

    def write(self, text):
        if self.tell() < MAX_TEXT:
            super().write(text[:MAX_TEXT])
        return len(text)


class CellTimeout(BaseException):
    """Not an Exception, so that `except Exception` in a student's loop does not swallow it."""


def portable(value, depth=0):
    """Return `value` as something JSON can hold: numbers, words, arrays, lists and dictionaries of these."""
    import numpy as np

    if depth > 6:
        raise ValueError("too deeply nested")
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float)):
        if isinstance(value, int) and abs(value) > 10**300:
            raise ValueError("too large")
        return value
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "buifc" or value.size > MAX_VALUES:
            raise ValueError("not an array of numbers, or too large")
        kind = complex if value.dtype.kind == "c" else float
        data = np.ascontiguousarray(value, dtype=kind).tobytes()
        return {"array": base64.b64encode(data).decode(), "kind": kind.__name__, "shape": list(value.shape)}
    if isinstance(value, (list, tuple)) and len(value) <= MAX_VALUES:
        return {"list": [portable(item, depth + 1) for item in value]}
    if isinstance(value, dict) and len(value) <= 1000:
        return {"dict": {str(key)[:100]: portable(item, depth + 1) for key, item in value.items()}}
    raise ValueError(f"of type {type(value).__name__}, which cannot be marked")


def exports(names, space):
    """Return {name: portable value} for those of `names` that exist and can be carried."""
    found = {}
    for name in names:
        try:
            found[name] = portable(space[name])
        except Exception:  # whatever a student's object does when it is looked at, it is not an answer
            continue
    return found


def outputs_of(captured, problem):
    """Return what a cell showed, as notebook outputs of plain text and pictures."""
    shown = []
    if captured.stdout:
        shown.append({"output_type": "stream", "name": "stdout", "text": captured.stdout[:MAX_TEXT]})
    for item in captured.outputs:
        data = {}
        text, picture = item.data.get("text/plain"), item.data.get("image/png")
        if isinstance(picture, bytes):
            picture = base64.b64encode(picture).decode()
        elif isinstance(picture, str):
            picture = "".join(picture.split())
        if isinstance(text, str):
            data["text/plain"] = text[:MAX_TEXT]
        if isinstance(picture, str) and len(picture) <= MAX_PICTURE:
            data["image/png"] = picture
        if data:
            shown.append({"output_type": "display_data", "data": data, "metadata": {}})
    if problem:
        shown.append(problem)
    return shown


def make_shell(figures):
    """Return an IPython shell that reports errors instead of printing them, and draws figures or none."""
    from IPython.core.interactiveshell import InteractiveShell

    class Shell(InteractiveShell):
        problem = None

        def enable_gui(self, gui=None):
            """There is no window in here."""

        @contextlib.contextmanager
        def _tee(self, channel):
            """Print once: IPython would keep all of it for a history, too, without an end."""
            yield

        def _showtraceback(self, etype, evalue, stb):
            text = "\n".join(stb)[-MAX_TEXT:]
            self.problem = {
                "output_type": "error",
                "ename": str(getattr(etype, "__name__", etype)),
                "evalue": str(evalue)[:1000],
                "traceback": [text],
            }

    shell = Shell.instance()
    shell.displayhook.write_output_prompt = lambda: None  # no Out[1]:
    shell.colors = "nocolor"
    shell.history_manager.enabled = False
    if not figures:
        shell.config.InlineBackend.figure_formats = set()
    return shell


def main():
    gc.disable()  # nothing of what is imported will ever be garbage
    sys.path.append("/opt/library")  # where `frenkel` is if it is not among the packages
    job = json.load(sys.stdin)
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)

    limits = job["limits"]
    # The other limits were set outside. A crowd stops growing at twice what the guard ends the run for.
    resource.setrlimit(resource.RLIMIT_NPROC, (2 * limits["processes"],) * 2)
    shutil.copytree("/opt/matplotlib", "/tmp/matplotlib", dirs_exist_ok=True)

    from IPython.utils import capture

    capture.StringIO = Bounded
    shell = make_shell(job["figures"])
    if any("matplotlib" in cell["source"] for cell in job["cells"]):
        import matplotlib.pyplot  # noqa: F401  # which takes a second, and no cell's time
    gc.enable()

    def out_of_time(signum, frame):
        raise CellTimeout(f"stopped after {limits['cell_seconds']:g} seconds")

    signal.signal(signal.SIGALRM, out_of_time)
    report.write(json.dumps({"ready": True}) + "\n")
    report.flush()
    myself = os.getpid()
    for cell in job["cells"]:
        shell.problem, captured = None, types.SimpleNamespace(stdout="", outputs=[])
        try:
            with capture.capture_output() as captured:
                # It rings again every second: a loop that catches everything is stopped again and again.
                signal.setitimer(signal.ITIMER_REAL, limits["cell_seconds"], 1.0)
                shell.run_cell(cell["source"], store_history=False)
                signal.setitimer(signal.ITIMER_REAL, 0)
        except BaseException as error:  # the alarm may ring between two lines of this file
            signal.setitimer(signal.ITIMER_REAL, 0)
            shell._showtraceback(type(error), error, [repr(error)])
        if os.getpid() != myself:  # a child that a student's code forked and left behind
            os._exit(1)
        line = {
            "id": cell["id"],
            "outputs": outputs_of(captured, shell.problem),
            "exports": json.dumps(exports(cell["exports"], shell.user_ns)),  # which only `scoring` opens
        }
        report.write(json.dumps(line) + "\n")
        report.flush()
    report.write(json.dumps({"done": True}) + "\n")
    report.flush()
    os._exit(0)  # threads that a student left behind do not keep the jail open


if __name__ == "__main__":
    main()
