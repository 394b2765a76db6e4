"""What a page's workers load of Python: the core, which explorers use, and the rest, for a reader's own code.

The core comes in several archives, so that each is imported while the next is still on the line.

`core.txt` lists the core, as `make core` has found it: a top-level name of the standard library a line, such
as `json`, and files of packages, such as `numpy/version.pyc`, of which it has what `abridge` leaves. Every
archive is stored without compression and then packed as a whole with xz, which takes two thirds of what the
same files take in wheels; the worker unpacks it as it comes. Notebooks have the wheels as they are.
"""

import hashlib
import io
import json
import lzma
import re
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
DECODER = "xz-decompress.js"
PLAIN = ("xz-decompress.js", "lock.json")  # what unpacks the others, and what is not worth it
LARGEST = 1 << 26  # bytes of dictionary that the decoder allows
SHELVES = ("numpy", "frenkel", "matplotlib", "fonts")  # of the core, in the order in which they are wanted


def listed():
    """Return (names, empty): the set of what is core, and that of files which need only be there."""
    lines = (HERE / "core.txt").read_text("utf-8").splitlines()
    lines = {line for line in lines if line and not line.startswith("#")}
    empty = {line for line in lines if line.startswith("empty ")}
    return lines - empty, {line.removeprefix("empty ") for line in empty}


def members(archive):
    """Return {name: bytes} of an archive, folders left out."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {item.filename: opened.read(item) for item in opened.infolist() if not item.is_dir()}


def stored(files):
    """Return a ZIP archive of {name: bytes} that compresses nothing; like files stand together, for xz."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files, key=lambda name: (name.rpartition(".")[2], name)):
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name])
    return out.getvalue()


def top(name):
    """Return the top-level name to which a file of the standard library belongs."""
    return name.split("/")[0].removesuffix(".pyc")


def shelf(name):
    """Return on which of `SHELVES` a file of the core is; what Matplotlib needs is on its own."""
    if name.endswith(".ttf"):
        return "fonts"
    owner = re.split(r"[/-]", name)[0]
    return owner if owner in SHELVES else "matplotlib"


def split(stdlib, wheels, abridged):
    """Return (library, core, rest): the core's standard library and packages, and all that is left of both.

    `core` is a dict, {name of a shelf: archive}; the others are archives.

    Python finds the rest beside the core's packages, so that a package of these may be in both; a file that
    the core has abridged is whole in the rest, and takes its place. A package of the standard library may be
    in one alone: its place is the archive in which its beginning is. What packages say of themselves, their
    licenses among it, is core: Python reads it as a whole or not at all. So is all of frenkel, abridged.

    Parameters
    ----------
    stdlib : bytes
        The compiled standard library.
    wheels : list of bytes
        Compiled wheels.
    abridged : list of bytes
        The same, as explorers need them.

    Raises
    ------
    ValueError
        If `core.txt` lists what is in none of them.
    """
    names, empty = listed()
    library = members(stdlib)
    packages, short = (
        {name: data for wheel in some for name, data in members(wheel).items()} for some in (wheels, abridged)
    )
    missing = sorted((names | empty) - {top(name) for name in library} - short.keys())
    if missing:
        raise ValueError(f"core.txt lists {missing[0]}, which is in no archive: run `make core`")
    begins = {name: data for name, data in library.items() if top(name) in names}
    used = {
        name: data
        for name, data in short.items()
        if name in names or ".dist-info/" in name or name.startswith("frenkel/")
    }
    used |= dict.fromkeys(empty, b"")
    has = begins | used
    left = {name: data for name, data in (library | packages).items() if has.get(name) != data}
    core = {name: {file: data for file, data in used.items() if shelf(file) == name} for name in SHELVES}
    return stored(begins), {name: stored(files) for name, files in core.items()}, stored(left)


def pack(data, cache):
    """Return `data` packed with xz, from the folder `cache` if it was packed before."""
    kept = cache / f"{hashlib.sha256(data).hexdigest()}.xz"
    if not kept.is_file():
        size = min(1 << max(len(data) - 1, 1 << 12).bit_length(), LARGEST)  # in the reader's memory
        best = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": size}
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(lzma.compress(data, check=lzma.CHECK_CRC32, filters=[best]))
        unfinished.rename(kept)
    return kept.read_bytes()


def entry(name, file_name, depends=()):
    """Return an entry of Pyodide's lock file."""
    return {
        "name": name,
        "version": "1",
        "file_name": file_name,
        "install_dir": "site",
        "package_type": "package",
        "depends": list(depends),
        "imports": [name],
        "unvendored_tests": False,
    }


def archives(whole, abridged, lock):
    """Return {name: bytes} of what the workers load as archives, with the lock file that they read.

    `whole` are the files that notebooks have, `abridged` the packages as explorers need them, and `lock` is
    the lock file of notebooks, as a dict.
    """
    packages = lock["packages"]
    later = {name: packages[name] for name in ("openblas", "scipy")}
    wheels = [item["file_name"] for name, item in packages.items() if name not in later]
    library, core, rest = split(
        whole["python_stdlib.zip"], [whole[name] for name in wheels], list(abridged.values())
    )
    made = {"library.zip": library, "rest.zip": rest} | {f"{name}.zip": data for name, data in core.items()}
    made |= {item["file_name"]: stored(members(whole[item["file_name"]])) for item in later.values()}
    known = later | {"scipy": later["scipy"] | {"depends": ["openblas"]}}  # NumPy is there
    for item in known.values():
        item["sha256"] = hashlib.sha256(made[item["file_name"]]).hexdigest()
    made["lock.json"] = json.dumps({"info": lock["info"], "packages": known}).encode()
    return made


def publish(folder, files, cache):
    """Write {name: bytes} into `folder`, packed, and return the manifest's entry of each by its name.

    An entry has the `size` and `sha256` of the file and what is `sent` of it, in bytes; `packed`, the SHA-256
    of what is sent, if the host has it packed, under its name with `.xz`.
    """
    listing = {}
    for name, data in files.items():
        item = {
            "name": name,
            "size": len(data),
            "sent": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        if name in PLAIN or name.endswith(".py"):
            (folder / name).write_bytes(data)
        else:
            packed = pack(data, cache)
            (folder / f"{name}.xz").write_bytes(packed)
            item |= {"sent": len(packed), "packed": hashlib.sha256(packed).hexdigest()}
        listing[name] = item
    return listing
