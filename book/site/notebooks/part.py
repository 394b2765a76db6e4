"""Execute of a chapter only the cells that a change reaches, and those that they need, to show its page soon.

Which these are `links` tells. What comes out is recorded, but not with a fingerprint of the code: the next
`make notebooks` or `make book` executes the chapter as a whole.
"""

import copy
import os
from concurrent.futures import ThreadPoolExecutor

from . import execute, links, recorded, sources


def joined(notebook, before, now):
    """Return a record of all cells of a chapter, given one of before and one of {ids of the cells} now."""
    cells, new = now
    record = recorded.Record(execute.IN_PART, {}, {})
    for cell in notebook.cells:
        source, name = new if cell.id in cells else before, sources.figure(cell)
        if cell.id in source.printed:
            record.printed[cell.id] = source.printed[cell.id]
        if name is not None:
            record.figures.update((each, source.figures[each]) for each in (name, recorded.narrow(name)))
    return record


def show(path):
    """Execute what a page needs that shows a change; return what is wrong, a text each.

    Where it is not known which cells gave what is recorded, or a change reaches all, all are executed.
    """
    waiting = list(execute.stale([path]))
    if not waiting:
        return execute.execute([path])
    ((_, notebook, *_),) = waiting
    known, cells = execute.cells_of(path), links.of_chapter(notebook)
    changed = [link.cell for link in cells.values() if known.get(link.cell) != link.mark]
    wanted = set(changed).union(*(cells[cell].needs for cell in changed))
    if not known or wanted == cells.keys() or os.environ.get("CI"):
        return execute.execute([path])
    new = None
    if wanted:
        of_all = f"{len(wanted)} of {len(cells)} cells"
        print(f"executing {path.name}, {of_all}: changed {execute.few(changed)}", flush=True)
        part = copy.copy(notebook)
        part.cells = [cell for cell in notebook.cells if cell.id in wanted]
        os.environ.update(execute.KERNEL_ENVIRONMENT)
        try:
            with ThreadPoolExecutor(max_workers=1) as thread:  # where no event loop runs, as in `execute`
                new = thread.submit(execute.run, path, part, execute.IN_PART).result()
        except sources.Trouble as words:
            return [f"{path.name}: {words}"]
    place = recorded.folder(path)
    before = recorded.read(place)
    record = joined(notebook, before, (wanted, new))
    different = recorded.difference(before, record)
    if different:
        recorded.write(place, record)
    execute.tell(path, different)
    execute.note(path, notebook, None)
    return []
