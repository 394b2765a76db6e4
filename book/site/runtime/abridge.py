"""Packages as explorers need them: what they load at a first touch, without what no explorer asks of it.

A reader's own code has the packages whole: they are in the rest (see `packing`).
"""

import fnmatch
import io

from fontTools import subset, ttLib

# Those that may be changed under their name; they tell their license themselves.
FONTS = "matplotlib/mpl-data/fonts/ttf/DejaVuSans*.ttf"
# What explorers write: Latin, Greek, accents and raised letters, signs of mathematics, arrows, marks.
SCRIPTS = "20-17f, 2b0-3ff, 1d00-1dbf, 2000-20ff, 210a-211f, 2122-213a, 213c-22ff, 25a0-25ff, 27c0-27ff"
TYPES = b"""\
class NDArray:
    def __class_getitem__(cls, kind):
        return cls

ArrayLike = DTypeLike = NBitBase = NDArray
"""
RANDOM = b"""\
from ._generator import Generator, default_rng
from .bit_generator import BitGenerator, SeedSequence
"""
POLYNOMIALS = b"""\
from . import chebyshev, legendre
from .polynomial import Polynomial
"""
# What is loaded in place of more. Matplotlib takes pictures from Pillow and gives it some to save, where an
# explorer shows its own; NumPy has more sources of random numbers than one and more families of polynomials;
# its types nobody reads while a program runs.
INSTEAD = {
    "PIL/__init__.py": b"",
    "PIL/Image.py": b"class Image: pass\n",
    "PIL/PngImagePlugin.py": b"class PngInfo: pass\n",
    "numpy/_typing/__init__.py": TYPES,
    "numpy/typing/__init__.py": b"from numpy._typing import ArrayLike, DTypeLike, NBitBase, NDArray\n",
    "numpy/random/__init__.py": RANDOM,
    "numpy/polynomial/__init__.py": POLYNOMIALS,
}
LEFT_OUT = (
    "PIL/*",
    "mpl_toolkits/*",  # without it Matplotlib has two dimensions
    "*.dist-info/RECORD",  # of files and their hashes, which are others now
)
# What is imported to no purpose here: NumPy writes docstrings of what is not Python, and Matplotlib gets
# ready for axes of dates and of words.
EMPTIED = (
    "numpy/_core/_add_newdocs.py",
    "numpy/_core/_add_newdocs_scalars.py",
    "matplotlib/category.py",
    "matplotlib/dates.py",
)


def font(data):
    """Return the bytes of a font that has the glyphs of `SCRIPTS` alone; each is drawn as before."""
    # Bounds that a font states need not be those of its outlines, and glyphs stand where it states them.
    short = ttLib.TTFont(io.BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    options = subset.Options(legacy_kern=True, notdef_outline=True, glyph_names=True, name_IDs=["*"])
    options.drop_tables += ["FFTM"]  # dates, which nobody can make shorter
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(SCRIPTS))
    subsetter.subset(short)
    out = io.BytesIO()
    short.save(out)
    return out.getvalue()


def files(package):
    """Return {name: bytes} of what explorers need of a package, whose files are {name: bytes}."""
    kept = {
        name: data
        for name, data in package.items()
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in LEFT_OUT)
    }
    fonts = {name: font(data) for name, data in kept.items() if fnmatch.fnmatchcase(name, FONTS)}
    instead = INSTEAD | dict.fromkeys(EMPTIED, b"")
    return kept | fonts | {name: source for name, source in instead.items() if name in package}
