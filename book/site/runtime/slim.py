"""What of Python's archives a reader has to wait for: less than what is published.

Whatever can be left out is named by its kind, with the reason, and not by what one run happened to need: in a
live cell a reader may import anything. Notebooks, which load Python anew in any case, get all but `NEVER`.
"""

import fnmatch
import io
import json
import zipfile

from fontTools.ttLib import TTFont

# What nothing in a browser reads, in a page or in a notebook.
NEVER = (
    "*/tests/*",
    "*/sample_data/*",
    "*.pyi",
    # for compilers
    "numpy/_core/include/*",
    "numpy/*.a",
    # buttons and pages of windows that a browser does not open
    "matplotlib/mpl-data/images/*",
    "matplotlib/backends/web_backend/*",
    "matplotlib/backends/qt_editor/*",
    # fonts for PDF and PostScript, serif letters; mathematical text asks for DejaVuSansMono, cm* and STIX*
    "matplotlib/mpl-data/fonts/afm/*",
    "matplotlib/mpl-data/fonts/pdfcorefonts/*",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSansMono-*",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSerif*",
    # letters and a format that Matplotlib does not use
    "PIL/_imagingft.*",
    "PIL/_webp.*",
)

# What pages do without besides. Importing it gives Python's own ModuleNotFoundError.
NOT_IN_PAGES = (
    # other programs and processes, of which a page has none
    "multiprocessing/*",
    "concurrent/futures/process.*",
    "asyncio/windows_*",
    "asyncio/proactor_events.*",
    "pty.*",
    "pipes.*",
    "crypt.*",
    "ctypes/macholib/*",
    "ctypes/wintypes.*",
    "ctypes/_aix.*",
    # servers and clients: a page of this book asks no host for anything
    "ftplib.*",
    "imaplib.*",
    "mailbox.*",
    "mailcap.*",
    "nntplib.*",
    "poplib.*",
    "smtplib.*",
    "socketserver.*",
    "telnetlib.*",
    "http/server.*",
    "http/cookiejar.*",
    "wsgiref/*",
    "xmlrpc/*",
    "cgi.*",
    "cgitb.*",
    "netrc.*",
    # tools on files of programs
    "compileall.*",
    "modulefinder.*",
    "pickletools.*",
    "pyclbr.*",
    "tabnanny.*",
    "trace.*",
    "zipapp.*",
    "pydoc_data/*",
    # sound, and formats nobody writes any more
    "aifc.*",
    "chunk.*",
    "sndhdr.*",
    "sunau.*",
    "uu.*",
    "xdrlib.*",
    "nturl2path.*",
    "__phello__/*",
    "__hello__.*",
    # XML but for its trees
    "xml/dom/*",
    "xml/sax/*",
    "unittest/mock.*",
    # Python's second versions of what it has in C
    "_pydatetime.*",
    "_pyio.*",
    # letters of single countries and of old machines, but for those of Western Europe
    "encodings/cp[02356789]*",
    "encodings/cp424.*",
    "encodings/cp10*",
    "encodings/cp11*",
    "encodings/cp125[013-8].*",
    "encodings/iso8859_[2-9].*",
    "encodings/iso8859_1[0-46].*",
    "encodings/mac_[!r]*",
    "encodings/mac_romanian.*",
    "encodings/koi8_*",
    "encodings/big5*",
    "encodings/euc_*",
    "encodings/gb*",
    "encodings/hz.*",
    "encodings/iso2022_*",
    "encodings/johab.*",
    "encodings/shift_jis*",
    "encodings/hp_roman8.*",
    "encodings/kz1048.*",
    "encodings/ptcp154.*",
    "encodings/tis_620.*",
    # what compiles, packs or tests NumPy (SciPy imports f2py)
    "numpy/_pyinstaller/*",
    "numpy/*.pxd",
    "numpy/*.c",
    "numpy/*.h",
    "numpy/_core/_operand_flag_tests.*",
    "numpy/_core/_rational_tests.*",
    "numpy/_core/_struct_ufunc_tests.*",
    "numpy/_core/_umath_tests.*",
    "numpy/_core/_simd.*",
    # windows of other toolkits, and files that need TeX
    "matplotlib/backends/_backend_gtk.*",
    "matplotlib/backends/_backend_tk.*",
    "matplotlib/backends/_macosx.*",
    "matplotlib/backends/_tkagg.*",
    "matplotlib/backends/backend_cairo.*",
    "matplotlib/backends/backend_gtk*",
    "matplotlib/backends/backend_macosx.*",
    "matplotlib/backends/backend_nbagg.*",
    "matplotlib/backends/backend_pgf.*",
    "matplotlib/backends/backend_qt*",
    "matplotlib/backends/backend_tk*",
    "matplotlib/backends/backend_webagg*",
    "matplotlib/backends/backend_wx*",
    "matplotlib/backends/qt_compat.*",
    # what documents and tests Matplotlib
    "matplotlib/sphinxext/*",
    "matplotlib/testing/*",
    "pylab.*",
    # letters that are slanted *and* bold, and those of STIX in more than one cut: the next one stands in
    "matplotlib/mpl-data/fonts/ttf/DejaVuSans-BoldOblique.ttf",
    "matplotlib/mpl-data/fonts/ttf/STIXGeneralBol*.ttf",
    "matplotlib/mpl-data/fonts/ttf/STIXGeneralItalic.ttf",
    "matplotlib/mpl-data/fonts/ttf/STIXSiz*Bol.ttf",
    # pictures in formats of other programs (PNG, JPEG, GIF, TIFF, BMP and PPM stay), windows and cameras
    "PIL/[ACEFHIKLNQSUVWX]*ImagePlugin.*",
    "PIL/B[lu]*ImagePlugin.*",
    "PIL/D[cd]*ImagePlugin.*",
    "PIL/G[br]*ImagePlugin.*",
    "PIL/M[cis]*ImagePlugin.*",
    "PIL/Mpeg*ImagePlugin.*",
    "PIL/P[acdsi]*ImagePlugin.*",
    "PIL/TgaImagePlugin.*",
    "PIL/PdfParser.*",
    "PIL/*FontFile.*",
    "PIL/_imagingcms.*",
    "PIL/_imagingmorph.*",
    "PIL/_imagingtk.*",
    "PIL/ImageCms.*",
    "PIL/ImageGrab.*",
    "PIL/ImageMorph.*",
    "PIL/ImageQt.*",
    "PIL/ImageShow.*",
    "PIL/ImageTk.*",
    "PIL/ImageWin.*",
    # a table of time zones, railroad diagrams, a list of licenses to choose from, what a patch left
    "dateutil/zoneinfo/*.tar.gz",
    "pyparsing/diagram/*",
    "packaging/licenses/*",
    "*.orig",
)

HINTS = ("fpgm", "prep", "cvt ", "GSUB", "GPOS", "GDEF", "FFTM", "gasp", "hdmx", "VDMX", "LTSH", "DSIG")


def is_cut(name, patterns):
    """Tell whether a member of an archive is left out. Licenses never are."""
    if ".dist-info/" in name or "license" in name.rpartition("/")[2].lower():
        return False
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def without_hints(font):
    """Return a TrueType font without the programs that fit its letters to pixels.

    Matplotlib hints by itself (`text.hinting: force_autohint`) and never runs them: a third of a font.
    """
    out = io.BytesIO()
    with TTFont(io.BytesIO(font), recalcTimestamp=False, recalcBBoxes=False) as tables:
        for name in HINTS:
            if name in tables:
                del tables[name]
        for name in tables["glyf"].keys():
            tables["glyf"][name].removeHinting()
        tables.save(out)
    return out.getvalue()


def listed_fonts(listing, patterns):
    """Return Matplotlib's list of its fonts without those cut, under the version number it looks for.

    As published the number is another one, and the list names fonts of the computer where it was made. Either
    makes Matplotlib read every font at a start, for seconds.
    """
    fonts = json.loads(listing)
    fonts["_version"] = 330
    for kind in ("afmlist", "ttflist"):
        fonts[kind] = [
            font
            for font in fonts[kind]
            if not font["fname"].startswith("/")
            and not is_cut(f"matplotlib/mpl-data/{font['fname']}", patterns)
        ]
    return json.dumps(fonts).encode()


def slim(archive, page):
    """Return the bytes of a wheel or of the standard library for a page or else for notebooks.

    The same input gives the same bytes. Nothing is compressed: `precompile.js` does that.
    """
    patterns = NEVER + NOT_IN_PAGES if page else NEVER
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            if not is_cut(member.filename, patterns):
                data = old.read(member)
                if member.filename == "matplotlib/fontlist.json":
                    data = listed_fonts(data, patterns)
                elif page and "/ttf/DejaVu" in member.filename:
                    data = without_hints(data)
                new.writestr(member, data, zipfile.ZIP_STORED)
    return out.getvalue()
