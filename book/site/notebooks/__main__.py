"""Execute what is stale and write the notebooks: python -m notebooks [CHAPTER ...]."""

import sys

from . import execute, sources, written


def main(names):
    unknown = [name for name in names if sources.find(name) is None]
    if unknown:
        known = ", ".join(map(sources.name, sources.chapters()))
        sys.exit(f"There is no chapter named {', '.join(unknown)}. There are: {known}.")
    paths = [sources.find(name) for name in names] or sources.chapters()
    try:
        complaints = execute.execute(paths)
    except sources.Trouble as trouble:
        complaints = [str(trouble)]
    if complaints:
        sys.exit("\n\n".join(complaints))
    written.write(paths)


if __name__ == "__main__":
    main(sys.argv[1:])
