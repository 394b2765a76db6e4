"""Files from which an interrupted ensemble goes on."""

from __future__ import annotations

import functools
import hashlib
import os
import pickle
import time
import types
import zipfile
from typing import Any

import numpy as np

from .. import _check
from ._realizations import Moments

LONGEST, SHARE = 0.5, 50  # s between two writes, or this many times what a write takes


def _feed(digest: Any, value: Any, seen: tuple[int, ...] = ()) -> None:
    """Feed what makes `value` what it is: of a function its name, code, defaults and closure."""
    if id(value) in seen:  # a function that refers to itself
        return
    seen = (*seen, id(value))
    parts: tuple[Any, ...]
    if isinstance(value, functools.partial):
        parts = ("partial", value.func, value.args, value.keywords)
    elif isinstance(value, types.MethodType):
        parts = ("method", value.__func__, value.__self__)
    elif isinstance(value, types.FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        parts = (value.__qualname__, value.__code__, value.__defaults__, value.__kwdefaults__, *cells)
    elif isinstance(value, types.CodeType):
        parts = (value.co_code.hex(), value.co_names, value.co_consts)
    elif isinstance(value, np.ndarray) and value.dtype != object:
        parts = (value.dtype.str, value.shape, value.tobytes().hex())
    elif isinstance(value, dict):
        parts = ("dict", *value.items())
    elif isinstance(value, (set, frozenset)):  # their order changes from run to run
        parts = ("set", *sorted(value, key=repr))
    elif isinstance(value, (tuple, list)):
        parts = (type(value).__name__, len(value), *value)
    else:
        try:
            digest.update(pickle.dumps(value, protocol=4))
        except Exception:  # whatever an object says when it cannot be pickled
            digest.update(type(value).__qualname__.encode())
        return
    for part in parts:
        _feed(digest, part, seen)


def fingerprint(simulate: Any, seeds: Any) -> str:
    """Return a hash of `simulate` (name, code, bound arguments; not the functions it calls) and its seeds."""
    digest = hashlib.sha256()
    _feed(digest, (simulate, seeds))
    return digest.hexdigest()


def check_path(path: Any, rule: str) -> str:
    """Return `path` as an absolute string."""
    try:
        return os.path.abspath(os.fsdecode(path))
    except (TypeError, ValueError):
        _check.fail("checkpoint", rule, path, TypeError)


class Checkpoint:
    """The file of one ensemble: its moments, replaced as a whole: a crash leaves old or new."""

    def __init__(self, path: Any, run: str) -> None:
        self.path = check_path(path, "the path of a file in a folder that exists")
        if os.path.isdir(self.path) or not os.path.isdir(os.path.dirname(self.path)):
            _check.fail("checkpoint", "the path of a file in a folder that exists", self.path)
        self.run = run
        self.due = 0.0

    def load(self) -> Moments:
        """Return the moments in the file, empty ones if there is no file."""
        if not os.path.exists(self.path):
            return Moments()
        try:
            with np.load(self.path, allow_pickle=False) as file:
                run, count, mean, spread = (file[name] for name in ("run", "count", "mean", "spread"))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            _check.fail("checkpoint", "a file that an ensemble wrote", self.path)
        if str(run) != self.run:
            rule = "a file of this run, with the same `simulate` and `rng`"
            _check.fail("checkpoint", rule, f"of another: {self.path}")
        return Moments(int(count), mean, spread)

    def save(self, moments: Moments) -> None:
        """Write `moments`."""
        start = time.monotonic()
        temporary = f"{self.path}.{os.getpid()}.part"
        try:
            with open(temporary, "wb") as file:
                np.savez(
                    file, run=self.run, count=moments.n_realizations, mean=moments.mean, spread=moments.spread
                )
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path)
        finally:
            if os.path.exists(temporary):
                os.unlink(temporary)
        now = time.monotonic()
        self.due = now + max(LONGEST, SHARE * (now - start))

    def save_if_due(self, moments: Moments) -> None:
        """Write `moments` unless that has just been done."""
        if time.monotonic() >= self.due:
            self.save(moments)
