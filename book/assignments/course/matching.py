"""Find the cells of the student copy in a submission: by their names, their content and their place."""

import ast
import difflib
import re
import textwrap

YOUR_PLACE = ("setup", "student", "numbers")  # in every assignment: they say nothing about which one it is
ALIKE = 0.75  # of given text: below it, it is another text
MOST = 100  # cells without names that are compared with each given one
# The wheel, its version, the sealed line and whom it is for.
LATER = re.compile(
    r'"frenkel\[full\] @ [^"\n]*"|^made_with, here = .*|"[^"\n]{200,}"(?:\)  # [a-z ]+)?', re.MULTILINE
)
MOST_WORDS = 300  # of a cell that are compared


def plain(source):
    """Return `source` without what a later `make course` writes anew and without spaces at ends of lines."""
    source = LATER.sub("", source)
    return "\n".join(line.rstrip() for line in source.strip("\n").splitlines())


def is_free(cell):
    """Return whether students write into this cell of the copy."""
    return cell.metadata.nbgrader.solution


def is_blank(cell, original):
    """Return whether a submitted cell says no more than the cell `original` of the copy."""
    return plain(cell["source"]) in ("", plain(original.source))


def assigned(source):
    """Return the names that stand left of a sign of equality at the beginning of a line of `source`."""
    found = re.findall(r"^([A-Za-z_][\w, ]*?) *=(?!=)", source, re.MULTILINE)
    return {name.strip() for names in found for name in names.split(",")}


def match(copy, cells):
    """Return ({id of a cell of `copy`: index in `cells`}, ids that were found without their names)."""
    originals, claims = {cell.id: cell for cell in copy.cells}, {}
    for index, cell in enumerate(cells):
        if name := next((name for name in cell["names"] if name in originals), None):
            claims.setdefault(name, []).append(index)
    found = {
        name: min(indices, key=lambda i, name=name: (_is_copy(cells[i], originals[name]), i))
        for name, indices in claims.items()
    }
    by_name = set(found)
    _match_given(copy, cells, found)
    if set(found) - set(YOUR_PLACE):  # otherwise it is another notebook, whose places mean nothing
        _match_places(copy, cells, found)
    return found, [cell.id for cell in copy.cells if cell.id in set(found) - by_name]


def _is_copy(cell, original):
    """Order cells of one name: of answers one with words, of given cells one that is as it was given."""
    blank = is_blank(cell, original)
    return blank if is_free(original) else not blank


def _match_given(copy, cells, found):
    """Find given cells and tests that lost their names, by what stands in them."""
    given = [cell for cell in copy.cells if cell.id not in found and not is_free(cell)]
    texts = {cell.id: plain(cell.source) for cell in given}
    left = [i for i in range(len(cells)) if i not in found.values()]
    sources = {i: plain(cells[i]["source"]) for i in left}
    for cell in given:
        same = [i for i in left if sources[i] == texts[cell.id]]
        if same:
            found[cell.id] = same[0]
            left.remove(same[0])
    for cell in given:
        if cell.id in found:
            continue
        scores = {i: _likeness(texts[cell.id], sources[i]) for i in left[:MOST]}
        best = max(scores, key=scores.get, default=None)
        if best is not None and scores[best] >= ALIKE:
            found[cell.id] = best
            left.remove(best)


def _likeness(given, source):
    if given and given in source:  # with words of the student around it
        return 1.0
    words = [re.findall(r"\w+", text)[:MOST_WORDS] for text in (given, source)]
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _match_places(copy, cells, found):
    """Find answers that lost their names: they stand between the cells that stand around them in the copy."""
    order = [cell.id for cell in copy.cells]
    for at, original in enumerate(copy.cells):
        if original.id in found or not is_free(original):
            continue
        before = [found[name] for name in order[:at] if name in found]
        after = [found[name] for name in order[at + 1 :] if name in found]
        first, last = before[-1] + 1 if before else 0, after[0] if after else len(cells)
        inside = [i for i in range(first, last) if i not in found.values()]
        if inside and before and (after or at + 1 == len(order)):
            wanted = assigned(original.source)

            def fits(i, original=original, wanted=wanted):
                cell = cells[i]
                alike = cell["cell_type"] == original.cell_type
                return not wanted & assigned(cell["source"]), not alike, is_blank(cell, original), i

            found[original.id] = min(inside, key=fits)


def added(original, source):
    """Return the lines of `source` that `original` does not have; of a lengthened line, what it got."""
    old, new = plain(original).split("\n"), plain(source).split("\n")
    lines = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what not in ("insert", "replace"):
            continue
        for line in new[c:d]:
            known = next((each for each in old[a:b] if each and line.startswith(each)), "")
            lines.append(line.removeprefix(known))
    if re.sub(r"\W+", "", original) == re.sub(r"\W+", "", source):  # spaces or marks of a front end
        return ""
    return textwrap.dedent("\n".join(lines)).strip("\n")


def compiles(source):
    """Return whether `source` is Python."""
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
