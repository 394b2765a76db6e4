"""How hard an exercise is and what it asks for, in the words of its `:class:` and in those that readers see.

```{exercise} Two sites
:label: ex-superlattices-dimer
:class: standard pencil
"""

from .sources import Trouble

LEVELS = {"warm-up": "Warm-up", "standard": "Standard", "project": "Project"}
KINDS = {"pencil": "with pencil and paper", "build": "to build", "open": "open, with more than one answer"}


def read(words):
    """Return the level and the kind among the words of a class.

    >>> read("warm-up pencil")
    ('warm-up', 'pencil')
    """
    words = words.split()
    levels, kinds = LEVELS.keys() & words, KINDS.keys() & words
    if len(levels) != 1 or len(kinds) != 1 or len(words) != 2:
        raise Trouble(
            f"the class of an exercise must be one of {', '.join(LEVELS)} and one of {', '.join(KINDS)}, "
            f"but is {' '.join(words)!r}"
        )
    return levels.pop(), kinds.pop()


def shown(words):
    """Return what readers see of a class.

    >>> shown("warm-up pencil")
    'Warm-up, with pencil and paper'
    """
    level, kind = read(words)
    return f"{LEVELS[level]}, {KINDS[kind]}"
