"""Packages as explorers need them: what they load at a first touch, without what no explorer asks of it.

A reader's own code has the packages whole: they are in the rest (see `packing`).
"""

import fnmatch
import io
import zipfile

from fontTools import subset, ttLib

FONTS = "matplotlib/mpl-data/fonts/ttf/*.ttf"
# What explorers write: Latin, Greek, accents over symbols, signs of mathematics, arrows, marks.
SCRIPTS = [(0x20, 0x17F), (0x2B0, 0x3FF), (0x2000, 0x22FF), (0x25A0, 0x25FF), (0x27C0, 0x27FF), (0x2A00, 0x2AFF)]
# Matplotlib takes pictures from Pillow and gives it some to save; an explorer shows its own.
PILLOW = {
    "PIL/__init__.py": "",
    "PIL/Image.py": "class Image: pass\n",
    "PIL/PngImagePlugin.py": "class PngInfo: pass\n",
}
LEFT_OUT = ("PIL/*", "mpl_toolkits/*")  # without the latter Matplotlib has two dimensions


def font(data):
    """Return the bytes of a font that has the glyphs of `SCRIPTS` alone; each is drawn as before."""
    options = subset.Options(
        hinting=True,
        legacy_kern=True,
        notdef_outline=True,
        glyph_names=True,
        layout_features=[],
        name_IDs=["*"],
        recalc_bounds=False,
        recalc_timestamp=False,
    )
    whole = ttLib.TTFont(io.BytesIO(data), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in SCRIPTS for code in range(first, last + 1)])
    subsetter.subset(whole)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def wheel(data):
    """Return the bytes of a wheel as explorers need it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if not any(fnmatch.fnmatchcase(member.filename, pattern) for pattern in LEFT_OUT):
                content = old.read(member)
                new.writestr(member, font(content) if fnmatch.fnmatchcase(member.filename, FONTS) else content)
        if "PIL/__init__.py" in old.namelist():
            for name, source in PILLOW.items():
                new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), source)
    return out.getvalue()
