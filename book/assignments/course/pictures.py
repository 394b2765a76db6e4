"""Pictures in answers: kept as attachments of their cell, if they are pictures and not too large."""

import base64
import binascii
import re
from urllib.parse import unquote

MAX_PICTURE = 8 * 1024**2  # bytes of one picture
BEGINNINGS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/webp": b"RIFF",
}
BEGIN = re.compile(
    r"!\[([^\]\n]{0,300})\]\( {0,9}(<?)|<img\b[^>]{0,500}?\bsrc {0,9}= {0,9}([\"'])", re.IGNORECASE
)
OTHER = re.compile(r"attachment:(?!picture-\d+-\d+\.[a-z]+\))", re.IGNORECASE)
INLINE = re.compile(r"data:(?P<type>[\w/+.-]+);base64,(?P<data>[A-Za-z0-9+/=\s%]*)", re.I)


def take(source, attachments, number):
    """Return (source, attachments, notes) of the text cell `number`, with its pictures under names of ours.

    A picture is attached to its cell or stands in the text itself, as Colab has it; its name becomes unique
    in the notebook, so that cells can be put together.
    """
    attachments = attachments if isinstance(attachments, dict) else {}
    text, kept, notes, at = [], {}, [], 0
    for start, end, words, target in _links(source):
        label = words if target.startswith("data:") else unquote(target).removeprefix("attachment:")
        label = re.sub(r"[^\w .()-]", "", label)[-60:] or "picture"
        bundle = _bundle(target, attachments)
        problem = _problem(*bundle) if bundle else "was not in the notebook"
        if problem:
            notes.append(f"The picture `{label}` {problem}.")
            shown = f"(The picture {label} {problem}.)"
        else:
            name = f"picture-{number}-{len(kept) + 1}.{bundle[0].removeprefix('image/')}"
            kept[name] = dict([bundle])
            shown = f"![{label}](attachment:{name})"
        text += [source[at:start], shown]
        at = end
    source = "".join([*text, source[at:]])
    if OTHER.search(source):  # written in a way that is not read here; a page cannot be made of it
        notes.append(f"Cell {number} names an attachment that was not found.")
        source = OTHER.sub("attachment ", source)
    return source, kept, notes


def _links(source):
    """Yield (start, end, words, target) of every picture in a text that is not on the web.

    They are written ![words](target "title"), with <> around a target that has spaces, or as the tag <img>.
    The text may be long and hostile: every step goes forward.
    """
    end = 0
    for begin in BEGIN.finditer(source):
        if begin.start() < end:  # inside the last one
            continue
        words, angle, quote = begin.groups()
        last = source.find(quote or (">" if angle else ")"), begin.end())
        closing = source.find(">" if quote else ")", last)
        if last < 0 or closing < 0:
            return
        target, end = source[begin.end() : last].strip(), closing + 1
        target = target if angle or quote else target.partition(" ")[0]
        if not target.startswith(("http:", "https:", "//")):
            yield begin.start(), end, words or "picture", target


def _bundle(target, attachments):
    """Return (type, base64 text) of the picture that a link means, or None."""
    if inline := INLINE.fullmatch(target):
        return inline["type"].lower(), re.sub(r"\s", "", unquote(inline["data"]))
    if not target.startswith("attachment:"):
        return None
    name = target.removeprefix("attachment:")
    found = attachments.get(name) or attachments.get(unquote(name))
    for kind, data in found.items() if isinstance(found, dict) else ():
        data = "".join(data) if isinstance(data, list) else data
        if isinstance(data, str):
            return kind.lower(), re.sub(r"\s", "", data)
    return None


def _problem(kind, data):
    """Return in words why a picture is not shown, or nothing."""
    if kind not in BEGINNINGS:
        return f"is of a kind that is not shown ({re.sub('[^a-z/+.-]', '', kind)[:30]})"
    if len(data) * 3 // 4 > MAX_PICTURE:
        return f"has more than {MAX_PICTURE // 1024**2} MB"
    try:
        begins = base64.b64decode(data, validate=True).startswith(BEGINNINGS[kind])
    except (binascii.Error, ValueError):
        begins = False
    return "" if begins else "is damaged"
