"""What the cells of a chapter put out: text in one readable file, a picture file for each figure.

`recorded/07-enaqt/printed.toml` holds, by the cell's id, what it printed, and the fingerprint of the code
that printed it; `recorded/07-enaqt/fig-map.png` is the figure of that name, `fig-map.narrow.png` the same
drawn for a narrow page. Explorers are not recorded: a build draws them anew.
"""

import hashlib
import io
import os
import re
import struct
import tomllib
from typing import NamedTuple

import numpy as np
from matplotlib import image

from . import sources

HEAD = "# What the cells of {name} print. `make notebooks` writes this file and the figures beside it.\n"


class Record(NamedTuple):
    fingerprint: str
    printed: dict  # {cell id: text}
    figures: dict  # {name of the figure: bytes of its PNG}


def folder(source):
    """Return where the outputs of a chapter are recorded."""
    return source.parent / "recorded" / sources.stem(source)


def size(png):
    """Return the width and height of a picture in CSS pixels, of which each has two of its own."""
    return tuple(pixels // 2 for pixels in struct.unpack(">II", png[16:24]))


def narrow(figure):
    """Return the name under which the narrow version of a figure is recorded."""
    return f"{figure}.narrow"


def _text(place):
    file = place / "printed.toml"
    try:
        text = tomllib.loads(file.read_text("utf-8"))
        return {"fingerprint": text["fingerprint"], "printed": text["printed"]}
    except FileNotFoundError:
        return {"fingerprint": "", "printed": {}}
    except (tomllib.TOMLDecodeError, KeyError) as error:  # as between the two sides of a merge
        advice = "take one side and run `make notebooks`"
        raise sources.Trouble(f"{os.path.relpath(file)} is no record ({error}): {advice}") from None


def printed(place):
    """Return {cell id: text}: what the cells of a recorded chapter have printed."""
    return _text(place)["printed"]


def read(place):
    """Return the record in a folder; an empty one if there is none."""
    text = _text(place)
    figures = {file.stem: file.read_bytes() for file in sorted(place.glob("*.png"))}
    return Record(text["fingerprint"], text["printed"], figures)


def digest(place):
    """Return a hash of all files of a record."""
    files = sorted(place.glob("*"))
    return hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()


def literal(text, trouble=ValueError):
    """Return `text` as a TOML string that reads as it was printed."""
    if "'''" in text or re.search(r"[^\t\n\x20-\x7e\x80-\U0010ffff]", text):
        raise trouble(f"what a cell prints must be plain lines of text, without ''', but is {text!r}")
    return f"'''\n{text}'''"


def write(place, record):
    """Write a record; a figure that looks as it did keeps its file."""
    before = read(place).figures
    place.mkdir(parents=True, exist_ok=True)
    printed = "".join(f"\n{cell} = {literal(text)}\n" for cell, text in record.printed.items())
    head = HEAD.format(name=place.name + sources.SUFFIX)
    text = f'{head}fingerprint = "{record.fingerprint}"\n\n[printed]\n{printed}'
    (place / "printed.toml").write_text(text, encoding="utf-8")
    for name in before.keys() - record.figures.keys():
        (place / f"{name}.png").unlink()
    for name, picture in record.figures.items():
        if name not in before or not look_alike(before[name], picture):
            (place / f"{name}.png").write_bytes(picture)


def difference(before, now):
    """Return what two records do not have in common, in words: cells by their ids, figures by their names."""
    cells = [
        cell
        for cell in {**before.printed, **now.printed}
        if before.printed.get(cell) != now.printed.get(cell)
    ]
    figures = before.figures.keys() ^ now.figures.keys()
    figures |= {name for name in before.figures.keys() & now.figures.keys()
                if not look_alike(before.figures[name], now.figures[name])}  # fmt: skip
    return [*(f"cell {cell}" for cell in cells), *sorted(figures)]


def pixels(picture):
    """Return the bytes of a PNG as an array [row, column, channel] between 0 and 1."""
    return image.imread(io.BytesIO(picture))


# A line that moves by a hundredth of a pixel changes the pixels along its edge by a hundredth of full scale.
# Other processors and releases of libm move it by less; a move by three hundredths no eye tells.
ALIKE = 0.03


def look_alike(before, now):
    """Tell whether two PNG files show the same picture to the eye."""
    if before == now:
        return True
    old, new = pixels(before), pixels(now)
    return old.shape == new.shape and bool(np.abs(old - new).max() <= ALIKE)
