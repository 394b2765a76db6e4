"""The student's id in a notebook, as it is written there, and when two spellings mean the same."""

import ast
import re

TYPED = 200  # characters of an id
SET = re.compile(r"""^student *= *(?:"([^"\n]*)"|'([^'\n]*)'|(\d+)\b)""", re.MULTILINE)
LINE = re.compile(r"^[ \t]*student[ \t]*(?:==?|:=?)[ \t]*(?P<value>[^\n]*)$", re.IGNORECASE | re.MULTILINE)
QUOTES = "\"'`´‘’‚‛“”„‟«»‹›〈〉「」"


def mend(source, original):
    """Return (source, notes): the cell of the id, so that it defines a `student` in quotation marks."""
    if _defined(source):
        return source, []
    line = LINE.search(source)
    value = line["value"] if line else source.strip() if "\n" not in source.strip() else ""
    words, _, comment = value.partition("#")
    name = words.strip().strip(QUOTES + "()[]<>; \t").strip()
    if name in ("", "None"):  # perhaps in the comment, in place of what stood there
        handed = original.partition("#")[2].strip()
        name = comment.replace(handed, "").strip().strip(QUOTES + ",;:. \t")
        name = name if re.fullmatch(r"[\w.@-]{2,40}", name) else ""
    if not name or len(name) > 100:
        return source, []
    written = f"student = {name!r}"
    mended = source[: line.start()] + written + source[line.end() :] if line else written
    return mended, [f"The student id was not in quotation marks in its place; it was read as {name!r}."]


def _defined(source):
    """Return whether the code sets `student` to a text that is not empty, or to what is no plain value."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    for statement in reversed(tree.body):
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "student":
            value = statement.value
            if isinstance(value, ast.Constant):
                return isinstance(value.value, str) and bool(value.value.strip())
            return not isinstance(value, (ast.Name, ast.BinOp, ast.Attribute, ast.Set, ast.List))
    return False


def typed(source):
    """Return the id that a cell sets, empty for none; its code is not run."""
    found = SET.findall(source)
    return "".join(found[-1]).strip()[:TYPED] if found else ""


def whose(typed, listed, group=()):
    """Return (whose numbers count, whether the id in the notebook is the student's).

    `typed` is the id in the notebook, `listed` the one in the class list, None without one; the ids of a
    group are each other's. Numbers follow from an id as it is spelled in the notebook.
    """
    own = bool(listed) and plain(typed) in map(plain, group or [listed])
    return (typed if own else listed or typed), own


def plain(name):
    """Return an id without spaces, capitals and what spreadsheets change: zeros before, `.0` after it."""
    name = "".join(str(name).split()).casefold()
    name = re.sub(r"^(\d+)\.0+$", r"\1", name)
    return (name.lstrip("0") or "0") if name.isdigit() else name
