"""The book's drawings: one file each in `pictures`, its name the drawing's, drawn with the pen of `kit`.

A page shows one with the directive `{drawing} name`; a notebook embeds `svg(name, theme)`.
"""

import functools
import importlib
import re
from pathlib import Path

from .kit import WIDTH
from .palette import THEMES

SHOWN = 480  # CSS pixels; the width that the style sheet allows a drawing on a page, 30rem
FOLDER = Path(__file__).parent / "pictures"


class Trouble(Exception):
    """What is wrong with a request for a drawing, in words."""


def names():
    """Return the names of all drawings."""
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


@functools.cache
def drawing(name):
    """Return a drawing, computed and drawn once."""
    if name not in names():
        raise Trouble(f"Argument `name` must be a drawing ({', '.join(names())}), but is {name!r}.")
    return importlib.import_module(f"{__name__}.pictures.{name}").draw()


def inline(name):
    """Return a drawing as SVG for a page, whose style sheet has the colors."""
    return drawing(name).svg(name)


def svg(name, theme="light"):
    """Return a drawing as SVG that stands on its own, with the plain colors of `theme`, "light" or "dark"."""
    if theme not in THEMES:
        raise Trouble(f"Argument `theme` must be one of {', '.join(THEMES)}, but is {theme!r}.")
    colors = THEMES[theme]
    text = re.sub(r"var\(--draw-([\w-]+)\)", lambda match: colors[match[1]], inline(name))
    text = text.replace("currentColor", colors["ink"])
    height = round(SHOWN * drawing(name).height / WIDTH)
    return text.replace("<svg ", f'<svg width="{SHOWN}" height="{height}" ', 1)


def alternative(name):
    """Return the words from which a reader who cannot see the drawing learns what it says."""
    return drawing(name).alternative
