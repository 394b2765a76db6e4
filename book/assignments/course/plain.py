"""Text that leaves the grader: nothing in it acts on the spreadsheet, terminal or browser that shows it.

Whatever a student wrote, or named a file or themselves, goes through here before it stands in a table
(`harmless`), in the terminal (`Terminal`) or on a page (`visible`).
"""

import re
import sys
from pathlib import Path

MOST = 30_000  # characters of a field of a table; a spreadsheet's cell holds 32,767
ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x9b[0-?]*[ -/]*[@-~]"  # colors and movements of the cursor
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90-\x9f\n]{0,2000}+(?:\x07|\x1b\\|\x9c)"  # titles
    r"|\x1b[ -/]*[0-~]"
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What turns the order of letters around, so that a reader sees another text than the machine.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Where a field may begin, for a spreadsheet that splits the line at another separator than ours.
BEGINS = r"""(^|[\n\t;,|"])(\s{0,9})"""
FORMULA = re.compile(BEGINS + r"(?='{0,9}[=+\-@＝＋－＠])")
GUARDED = re.compile(BEGINS + r"'(?='{0,9}[=+\-@＝＋－＠])")


def visible(text):
    """Return `text` with lines and tabs as its only controls; what would turn it around is named instead."""
    text = ESCAPE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = TURNING.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
    return CONTROL.sub("\ufffd", text)


def harmless(text, most=MOST):
    """Return `text` as a field of a table that no spreadsheet takes for a formula, wherever it splits it."""
    text = FORMULA.sub(r"\1\2'", visible(text))
    if len(text) <= most:
        return text
    return f"{text[:most]} [{len(text) - most} characters more: see the page]"


def typed(field):
    """Return what was typed into a field, without the marks that `harmless` sets."""
    return GUARDED.sub(r"\1\2", field)


def placeless(text, *folders):
    """Return `text` without the places of this machine: Python's, the book's, the home and `folders`."""
    book = Path(__file__).parents[3]
    places = {str(place): name for place, name in ((Path.home(), "~"), (book, "book"))}
    places |= {str(Path(folder).resolve()): "class" for folder in folders}
    for prefix in (sys.prefix, sys.base_prefix):
        places |= {prefix: "python", str(Path(prefix).resolve()): "python"}
    for place in sorted(places, key=len, reverse=True):  # the inner ones first
        if place not in ("/", "/usr"):
            text = re.sub(rf"{re.escape(place)}(?![\w-])", places[place], text)
    return text


def shown(score):
    """Return a mark as it is written everywhere."""
    return f"{score:.2f}".rstrip("0").rstrip(".")


class Terminal:
    """A stream to the terminal that lets no control through but the end of a line."""

    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        safe = (letter if letter.isprintable() or letter == "\n" else ascii(letter)[1:-1] for letter in text)
        return self.stream.write("".join(safe))

    def __getattr__(self, name):
        return getattr(self.stream, name)
