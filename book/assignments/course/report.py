"""What the jail reports, read in bounded memory: its lines come from a process that runs students' code.

A line that is too long, too deep or of too many parts is left out unread, and so is whatever is not a record
of the next cell. What is kept is text, pictures and one string of exported values that only `scoring` opens.
"""

import base64
import json
import re

from . import inside

MAX_LINE = 16 * 1024**2  # bytes
MAX_DEPTH, MAX_PARTS = 30, 5000  # of a record; its values are one string
MAX_OUTPUTS = 50  # of one cell
MAX_PIXELS = 40_000_000
# A text, closed or not, so that no quotation mark is looked at twice; or a sign between parts.
TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{\]},]', re.DOTALL)


class TooMuch(ValueError):
    """JSON that would take more memory or a deeper stack than it is worth."""


def loads(data, depth=MAX_DEPTH, parts=MAX_PARTS):
    """Return what the JSON in `data`, bytes in UTF-8, holds; raise ValueError."""
    measure(data, depth, parts)
    return json.loads(data.decode("utf-8"))


def measure(data, depth, parts):
    """Raise TooMuch if the JSON in `data` is deeper than `depth` or has more than so many parts.

    Lists and dictionaries are counted, with what is in them, before any of them is made: an empty list takes
    twenty times more memory than its three characters.
    """
    level, count = 0, 0
    for token in TOKEN.finditer(data):
        first = token[0][:1]
        if first in b"[{":
            level += 1
        elif first in b"]}":
            level -= 1
        count += first in b"[{,"
        if level > depth or count > parts:
            raise TooMuch(f"more than {parts} parts or {depth} levels")


def lines(pieces, most=MAX_LINE):
    """Yield the lines in `pieces`, bytes; longer ones are left out, and so is a last half one."""
    begun, size, skipping = [], 0, False
    for piece in pieces:
        *ends, rest = piece.split(b"\n")
        for end in ends:
            if not skipping and size + len(end) <= most:
                yield b"".join([*begun, end])
            begun, size, skipping = [], 0, False
        size += len(rest)
        skipping = skipping or size > most
        begun = [] if skipping else [*begun, rest]


class Records:
    """The records of the first cells, in their order, and whether the jail said that it was done."""

    def __init__(self, cells):
        # How each record begins, as `inside` writes it: most of a flood is not looked at any closer.
        self.names = [cell["id"] for cell in cells]
        self.beginnings = [json.dumps({"id": name})[:-1].encode() for name in self.names]
        self.found, self.done = [], False

    def awaits(self):
        """Return whether there are cells without a record."""
        return len(self.found) < len(self.names)

    def take(self, line):
        """Keep `line` if it is the record of the next cell; return whether it is."""
        self.done = self.done or line == b'{"done": true}'
        if not self.awaits() or not line.startswith(self.beginnings[len(self.found)]):
            return False
        try:
            record = loads(line)
        except (ValueError, RecursionError):
            return False
        outputs, exports = record.get("outputs"), record.get("exports")
        if not isinstance(outputs, list) or not isinstance(exports, str):
            return False
        outputs = [clean for output in outputs[:MAX_OUTPUTS] if (clean := plain(output))]
        self.found.append({"id": self.names[len(self.found)], "outputs": outputs, "exports": exports})
        return True


def whole(text):
    """Return `text` as UTF-8 can write it: JSON may hold halves of characters."""
    return text.encode("utf-8", "replace").decode("utf-8")


def plain(output):
    """Return one output with nothing in it but text and a PNG picture, or None.

    It may have been forged, and is shown in the instructor's browser.
    """

    def text(value):
        lines = value if isinstance(value, list) else [value]
        return whole("".join(line for line in lines if isinstance(line, str))[: inside.MAX_TEXT])

    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        return {"output_type": "stream", "name": "stdout", "text": text(output.get("text"))}
    if kind == "error":
        words = {key: text(output.get(key)) for key in ("ename", "evalue")}
        return {"output_type": "error", **words, "traceback": [text(output.get("traceback"))]}
    if kind == "display_data" and isinstance(output.get("data"), dict):
        data = {"text/plain": text(output["data"].get("text/plain"))}
        picture = output["data"].get("image/png")
        if isinstance(picture, str) and is_picture(picture):
            data["image/png"] = picture
        return {"output_type": "display_data", "data": data, "metadata": {}}
    return None


def is_picture(text):
    """Return whether `text` is base64 that begins as a PNG picture of a size that a browser can show."""
    if len(text) > inside.MAX_PICTURE or not re.fullmatch(r"iVBORw0KGgo[A-Za-z0-9+/]{60,}={0,2}", text):
        return False
    head = base64.b64decode(text[:48])
    width, height = (int.from_bytes(head[place : place + 4]) for place in (16, 20))
    return head[12:16] == b"IHDR" and 0 < width * height <= MAX_PIXELS
