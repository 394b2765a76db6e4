"""How numbers are recognized without being written down: bins of logarithms, and slow hashes of them.

See `coursework` for the reasons.
"""

from __future__ import annotations

import hashlib
import math
import numbers as number_types
from collections.abc import Mapping, Sequence
from typing import Any

from . import _check

# What a number that is wrong by a plain factor is told, unless the assignment knows better.
FACTORS = {
    2.0: "two times",
    4.0: "four times",
    8.0: "eight times",
    math.pi: "π times",
    2 * math.pi: "2π times",
    4 * math.pi: "4π times",
    10.0: "ten times",
    100.0: "a hundred times",
    1e3: "a thousand times",
    1e4: "ten thousand times",
    1e6: "a million times",
}
PEPPERS = 1024
BLOCK = bytes(2**16)  # what is hashed for each pepper: long, so that C is hardly faster than Python
RIGHT, SIGN, FACTOR = 0, 127, 128  # findings; between the first two stand the usual mistakes


def person(student: str) -> str:
    """Return an id without spaces and capitals, which do not matter."""
    return "".join(str(student).split()).casefold()


def number(value: Any) -> float | str:
    """Return `value` as a float, or in words what else it is."""
    if hasattr(value, "ndim") and value.ndim == 0:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, number_types.Number):
        size = getattr(value, "size", None) or (len(value) if isinstance(value, (list, tuple)) else None)
        what = f"a list or array of {size}" if size else f"a {type(value).__name__}"
        return f"this is {what}; one number is asked for."
    if isinstance(value, complex):
        return "this is a complex number; a real one is asked for."
    value = float(value)  # type: ignore[arg-type]
    if not math.isfinite(value):
        return f"this is {value}, not a finite number: look for a division by zero or a logarithm of zero."
    return value


def bin_of(value: float, tolerance: float, phase: int) -> str:
    """Return the sign of `value` and its bin on a logarithmic axis: the tolerance to both sides."""
    place = math.log(abs(value)) / (2 * math.log1p(tolerance)) - phase / 16
    return f"{'-' if value < 0 else '+'}{math.floor(place + 0.5)}"


def bins(right: float, mistakes: Sequence[float], tolerance: float) -> tuple[int, dict[str, int]]:
    """Return (phase, {bin: finding}) of everything that is recognized about one question.

    The phase, in sixteenths of a bin, puts the right answer into the middle of its bin. A finding is RIGHT, i
    for the i-th mistake, SIGN, or FACTOR + 2j for the j-th factor too large and one more for too small.
    """
    for value in (right, *mistakes):
        if isinstance(number(value), str) or value == 0:
            _check.fail("answers", "finite numbers other than 0", value)
    phase = round(16 * math.log(abs(right)) / (2 * math.log1p(tolerance))) % 16
    found: dict[str, int] = {}
    for finding, value in enumerate((right, *mistakes)):
        mine = bin_of(value, tolerance, phase)
        if mine in found:
            other = f"mistake {found[mine]}" if found[mine] else "the right answer"
            _check.fail("mistakes", "told apart", f"the same for {other} and mistake {finding}")
        found[mine] = finding
    others = [*enumerate(mistakes, start=1), (SIGN, -right)]
    for j, factor in enumerate(FACTORS):
        others += [(FACTOR + 2 * j, right * factor), (FACTOR + 2 * j + 1, right / factor)]
    half = 1 + tolerance / 2
    for finding, value in others:
        for close in (value, value / half, value * half):
            found.setdefault(bin_of(close, tolerance, phase), finding)
    return phase, found


def digest(salt: str, content: str, pepper: int) -> bytes:
    """Return the hash of `content` with one pepper."""
    key = hashlib.blake2b(f"{salt}|{content}".encode()).digest()
    return hashlib.blake2b(BLOCK, key=key, salt=pepper.to_bytes(2, "big"), digest_size=37).digest()


def lock(salt: str, content: str, secret: bytes, peppers: int) -> bytes:
    """Return the hash of `content` with the pepper that follows from the secret, for who seals."""
    drawn = hashlib.blake2b(f"{salt}|{content}".encode(), key=secret[:64], digest_size=8).digest()
    return digest(salt, content, int.from_bytes(drawn, "big") % peppers)


def search(salt: str, content: str, locks: Mapping[bytes, Any], peppers: int) -> bytes | None:
    """Return the hash of `content` that begins with one of `locks`, trying every pepper."""
    size = len(next(iter(locks), b""))
    hashes = (digest(salt, content, pepper) for pepper in range(peppers))
    return next((found for found in hashes if found[:size] in locks), None)


def cipher(data: bytes, key: bytes) -> bytes:
    """Return `data` encrypted, or decrypted, with a key that is used once."""
    stream = hashlib.shake_256(key).digest(len(data))
    return bytes(one ^ other for one, other in zip(data, stream, strict=True))
