"""One script from several: what a page loads in one request is written in pieces that name what they import.

The pieces are modules of JavaScript with plain imports of names, `import { a, b } from "./piece.js";`, and
plain exports of declarations. They become one script, each piece once and after those that it imports; all
names share one scope, so a name that two pieces declare is an error of syntax. Comments stay behind.
"""

import re

IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|class|function)\b)", re.MULTILINE)
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)  # lines of their own
LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def pieces(file, found=()):
    """Return the files of a script in the order in which they run; `file` is the last."""
    if file in found:
        return found
    for name in IMPORT.findall(file.read_text("utf-8")):
        found = pieces(file.with_name(name), found)
    return (*found, file)


def script(file):
    """Return the text of the script that ends with `file`.

    Its names have a scope of their own; not so in a folder `worker`, for a worker has no other script.
    """
    parts = [EXPORT.sub("", IMPORT.sub("", piece.read_text("utf-8"))) for piece in pieces(file)]
    text = COMMENT.sub("", "\n".join(part.strip("\n") + "\n" for part in parts))
    if left := LEFT.search(text):
        raise ValueError(f"{file.name} cannot be joined: {left[0]!r} is no plain import or export")
    return (
        f'"use strict";\n{text}'
        if file.parent.name == "worker"
        else f'"use strict";\n(() => {{\n{text}}})();\n'
    )
