"""Which submissions share passages, of words and of code, that the assignment did not give: `make similar`.

Every text becomes the set of its runs of a few words; runs that the copy or the solutions hold, or that more
than a tenth of the class wrote, say nothing and are left out. What is left is counted for every pair, a run
being worth the more the fewer have it (A. Broder, On the resemblance and containment of documents, 1997). The
report says where to look. It says nothing about who wrote first, or whether anyone may have.
"""

import argparse
import builtins
import hashlib
import itertools
import json
import keyword
import math
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from . import master, neighbors, pages, people, plain

RUN = {"words": 6, "code": 10, "form": 16}  # tokens in a run; `form` is code with every name and number alike
LEAST = 4  # runs that a pair shares at the least, to stand in the report
MOST_PAIRS = 40
COMMON = 6, 0.1  # students, or part of the class, that may share a run before it is commonplace
END = "\f"  # of a cell: no run goes on in the next one
COMMENT = re.compile(r"#.*$", re.MULTILINE)
WORD = re.compile(r"[^\W_]+|\f")
TOKEN = re.compile(r"[A-Za-z_]\w*|\d+\.?\d*(?:[eE][+-]?\d+)?|[^\s\w]|\f")
FIXED = {*keyword.kwlist, *dir(builtins)}


@dataclass
class Text:
    """What one student wrote: the places of its tokens, and its runs, of each kind."""

    source: dict = field(default_factory=dict)
    spans: dict = field(default_factory=dict)  # {kind: [(start, end) of a token]}
    runs: dict = field(default_factory=dict)  # {kind: {run: number of its first token}}
    pictures: set = field(default_factory=set)


def read(cells, known=frozenset()):
    """Return the `Text` of `cells`; names in `known` keep their names in the form."""
    text = Text()
    codes = [plain.visible(cell.source) for cell in cells if cell.cell_type == "code"]
    words = [plain.visible(cell.source) for cell in cells if cell.cell_type != "code"]
    words += ["\n".join(COMMENT.findall(code)) for code in codes]
    text.source = {"words": END.join(words), "code": END.join(COMMENT.sub("", code) for code in codes)}
    text.source["form"] = text.source["code"]
    for kind, length in RUN.items():
        found = list((WORD if kind == "words" else TOKEN).finditer(text.source[kind]))
        tokens = [each[0].casefold() if kind == "words" else each[0] for each in found]
        if kind == "form":
            tokens = [_alike(token, known) for token in tokens]
        text.spans[kind] = [each.span() for each in found]
        windows = (tokens[at : at + length] for at in range(len(tokens) - length + 1))
        runs = [(" ".join(window), at) for at, window in enumerate(windows) if END not in window]
        text.runs[kind] = dict(reversed(runs))  # the first place of each
    for cell in cells:
        for bundle in (cell.get("attachments") or {}).values():
            text.pictures.add(hashlib.sha256(json.dumps(bundle, sort_keys=True).encode()).hexdigest())
    return text


def _alike(token, known):
    if token[0].isdigit():
        return "0"
    return token if not (token[0].isalpha() or token[0] == "_") or token in FIXED or token in known else "x"


@dataclass
class Pair:
    """Two students and what they share."""

    one: str
    other: str
    weight: float = 0.0
    shared: dict = field(default_factory=lambda: defaultdict(int))  # {kind: number of runs}
    share: dict = field(default_factory=dict)  # {kind: part of the shorter text}
    pictures: int = 0


def pairs(texts, given):
    """Return the pairs of `texts`, {student: Text}, that share most beyond the texts `given`."""
    found, common = {}, max(COMMON[0], COMMON[1] * len(texts))
    for kind in RUN:
        handed_out = set().union(*(text.runs[kind] for text in given))
        owners = defaultdict(list)
        for student, text in texts.items():
            for run in text.runs[kind].keys() - handed_out:
                owners[run].append(student)
        size = Counter(student for several in owners.values() for student in several)
        for several in owners.values():
            if 1 < len(several) <= common:
                for couple in itertools.combinations(several, 2):
                    pair = found.setdefault(couple, Pair(*couple))
                    pair.shared[kind] += 1
                    pair.weight += math.log(len(texts) / len(several)) + 1
        for (one, other), pair in found.items():
            if pair.shared[kind]:
                pair.share[kind] = pair.shared[kind] / min(size[one], size[other])
    for one, other in itertools.combinations(texts, 2):
        if same := len(texts[one].pictures & texts[other].pictures):
            pair = found.setdefault((one, other), Pair(one, other))
            pair.pictures, pair.weight = same, pair.weight + 100.0 * same
    kept = [pair for pair in found.values() if pair.pictures or max(pair.shared.values()) >= LEAST]
    return sorted(kept, key=lambda pair: -pair.weight)[:MOST_PAIRS]


def passages(one, other, given, kind, most=6):
    """Return the longest passages of the `Text` `one` that stand in `other` too, and not in `given`."""
    shared = one.runs[kind].keys() & other.runs[kind].keys()
    shared -= set().union(*(text.runs[kind] for text in given))
    covered, length = [], RUN[kind]
    for at in sorted(one.runs[kind][run] for run in shared):
        if covered and at <= covered[-1][1]:
            covered[-1][1] = at + length
        else:
            covered.append([at, at + length])
    spans = one.spans[kind]
    found = [one.source[kind][spans[first][0] : spans[last - 1][1]] for first, last in covered]
    return sorted(found, key=len, reverse=True)[:most]


def submissions(folder, name):
    """Return {student: cells that the student wrote}."""
    found = {}
    for path in sorted(folder.glob(f"prepared/*/{name}/{name}.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        own = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("solution", True)]
        found[path.parents[1].name] = [cell for cell in own if cell.get("id") != "student"]
    return found


def report(name, folder):
    """Write the report of one assignment; return (its path, number of pairs, number of hints)."""
    source = master.read(name)
    copies = [master.copy(source, solved=solved).cells for solved in (False, True)]
    known = set(TOKEN.findall("\n".join(cell.source for cells in copies for cell in cells)))
    given = [read(cells, known) for cells in copies]
    handed_in = submissions(folder, name)
    texts = {student: read(cells, known) for student, cells in handed_in.items()}
    hints = neighbors.hints(source, folder, {student: text.source["code"] for student, text in texts.items()})
    who = people.everyone(folder, name, texts)
    rows = []
    for pair in pairs(texts, given):
        one, other = texts[pair.one], texts[pair.other]
        shown = {kind: passages(one, other, given, kind) for kind in ("words", "code")}
        if not shown["code"]:
            shown["form"] = passages(one, other, given, "form", 2)
            shown["the other's"] = passages(other, one, given, "form", 2)
        share = {kind: f"{100 * pair.share.get(kind, 0):.0f} %" for kind in RUN}
        row = {"one": who[pair.one], "other": who[pair.other], "share": share, "pictures": pair.pictures}
        rows.append(row | {"shown": {kind: found for kind, found in shown.items() if found}})
    page = pages.document("similar.html.j2", name=name, count=len(texts), pairs=rows, hints=hints, who=who)
    path = folder / "similar" / f"{name}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path, len(rows), len(hints)


def main():
    sys.stdout, sys.stderr = plain.Terminal(sys.stdout), plain.Terminal(sys.stderr)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="the assignment, such as 1-coupling")
    parser.add_argument("--class-folder", type=Path, default=Path("class"), help="folder of this class")
    arguments = parser.parse_args()
    try:
        path, count, hints = report(arguments.name, arguments.class_folder)
    except master.MasterError as problem:
        sys.exit(str(problem))
    print(f"{path}: {count} pairs with passages in common, {hints} hints from numbers.")


if __name__ == "__main__":
    main()
