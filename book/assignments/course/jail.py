"""The jail: a student's cells executed where they see nothing, hold little and end nobody but themselves.

`walls` says what there is inside, `seccomp` what the kernel refuses, `guard` watches from outside.
"""

import json
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from . import report, seccomp, walls
from .guard import Guard
from .walls import JailMissing, Limits

INSIDE = Path(__file__).with_name("inside.py")
GRACE = 10.0  # s that a cell may take to notice that its time is over


@dataclass
class Run:
    """What came of a submission: one record for every cell that ran, and why it ended early, if it did."""

    cells: list
    ended: str | None = None


def check(limits=None):
    """Raise JailMissing, with the reason, unless our own program runs in the jail and nothing else does."""
    walls.refuse_root()
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


def _job(cells, limits, figures=True):
    return json.dumps({"cells": cells, "limits": asdict(limits), "figures": figures}).encode()


CRASHED = "Python stopped: the code ended or crashed the interpreter"
GARBLED = "the code wrote into the report of the run, which could not be read from here on"


def run(cells, limits=None, figures=True):
    """Execute `cells`, dictionaries with id, source and the names to export, and return a `Run`.

    Without `figures` they are made and closed as ever, and no picture is drawn of them.

    Python that stops before the end is started once more, within the same time in all: it may have been the
    machine and not the student. Whether there is a jail at all is never a submission's word: if not even our
    own part of the program ran, `check` decides.
    """
    limits, started = limits or Limits(), time.monotonic()
    result, ready = _run(cells, limits, figures)
    left = int(limits.seconds - (time.monotonic() - started))
    if result.ended == CRASHED and left > 0:
        again, ready_again = _run(cells, replace(limits, seconds=left), figures)
        ready = ready or ready_again
        if len(again.cells) >= len(result.cells):
            result = again
    if not ready:
        check(limits)
    return result


def _run(cells, limits, figures):
    """Execute `cells` once; return the `Run` and whether our own program came to the first of them."""
    guard, records = Guard(INSIDE, _job(cells, limits, figures), limits), report.Records(cells)
    ready = False
    for line in guard:
        if not ready:  # the first line is ours, written before anything of the student's ran
            ready = report.loads(line) == {"ready": True}
            guard.look_at_scratch()
        elif not records.take(line):
            continue
        guard.deadline = time.monotonic() + limits.cell_seconds + GRACE
    ended = guard.ended or (CRASHED if not records.done else GARBLED if records.awaits() else None)
    return Run(records.found, ended), ready
