"""Execute what is stale and write the notebooks: python -m notebooks [--confirm] [CHAPTER ...].

With --confirm the records then say that today's code gives what is recorded, also where nothing else changed.
`page` executes only the cells of one chapter that a change reaches.
"""

import sys

from . import execute, part, sources, written


def _complain_of(execution, chapters):
    try:
        complaints = execution(chapters)
    except sources.Trouble as trouble:
        complaints = [str(trouble)]
    if complaints:
        sys.exit("\n\n".join(complaints))


def main(names):
    confirm = "--confirm" in names
    names = [name for name in names if name != "--confirm"]
    unknown = [name for name in names if sources.find(name) is None]
    if unknown:
        sys.exit(f"There is no chapter named {', '.join(unknown)}. There are: {sources.names()}.")
    paths = [sources.find(name) for name in names] or sources.chapters()
    _complain_of(execute.execute, paths)
    if confirm:
        print(*execute.confirm(paths), sep="\n")
    written.write(paths)


def page(path):
    """Execute of one chapter what a page needs that shows a change, and write its notebook."""
    _complain_of(part.show, path)
    written.write([path])


if __name__ == "__main__":
    main(sys.argv[1:])
