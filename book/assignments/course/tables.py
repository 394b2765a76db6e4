"""Read tables as office programs save them: with their separators, encodings and marks."""

import codecs
import csv
import io


def read(path):
    """Return (names of the columns, rows as dictionaries) of a table with a head line.

    Names of columns are in small letters; cells have no spaces around them; empty rows are left out. It may
    be separated by commas, semicolons or tabs, and saved as UTF-8, UTF-16 or in Windows' own encoding.
    """
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValueError(f"{path}: this is a workbook; save it as CSV UTF-8")
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    if text[:4].casefold() == "sep=":  # Excel's own first line
        text = text.partition("\n")[2]
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True))
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    filled = [[cell.strip() for cell in row] for row in rows[1:] if any(cell.strip() for cell in row)]
    return names, [dict(zip(names, [*row, *[""] * len(names)], strict=False)) for row in filled]


def decode(data):
    """Return the text that `data`, bytes, means."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if data[1:2] == b"\0":
        return data.decode("utf-16-le", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
