"""Execute what is stale and write the notebooks: python -m notebooks [--confirm] [CHAPTER ...].

With --confirm the records then say that today's code gives what is recorded, also where nothing else changed.
"""

import sys

from . import execute, sources, written


def main(names):
    confirm = "--confirm" in names
    names = [name for name in names if name != "--confirm"]
    unknown = [name for name in names if sources.find(name) is None]
    if unknown:
        sys.exit(f"There is no chapter named {', '.join(unknown)}. There are: {sources.names()}.")
    paths = [sources.find(name) for name in names] or sources.chapters()
    try:
        complaints = execute.execute(paths)
    except sources.Trouble as trouble:
        complaints = [str(trouble)]
    if complaints:
        sys.exit("\n\n".join(complaints))
    if confirm:
        print(*execute.confirm(paths), sep="\n")
    written.write(paths)


if __name__ == "__main__":
    main(sys.argv[1:])
