"""What a task begins with, for `skeletons`: its file, itself, and its statement in the chapter."""

FILE = '''\
"""Tasks of the chapter {chapter}."""

import numpy as np
from notebooks.tasks import Task
'''
TASK = '''

def {name}_cases(rng):
    return [(np.array([1.0, 2.0]),), (rng.normal(size=5),)]


def {name}_library(x):
    return x + x  # TODO: what the library says, or another way to the same numbers


{name} = Task(
    title="TODO: in a few words",
    starter="""
    import numpy as np


    def {name}(x):
        \\"\\"\\"TODO: what it returns.\\"\\"\\"
        return ...
    """,
    solution="""
    import numpy as np


    def {name}(x):
        return 2 * x
    """,
    cases={name}_cases,
    library={name}_library,
    mistakes=(
        ("2 * x", "x", "TODO: what is wrong with this number, and why; a sentence that teaches."),
        ("2 * x", "x / 2", "TODO: what is wrong with that number, and why; a sentence that teaches."),
    ),
    hints=(
        r"TODO: where to begin.",
        r"TODO: nearly the solution.",
    ),
)  # fmt: skip
'''
STATEMENT = """
```{{task}} {name}
TODO: the statement. Move it to where the argument stands.
```
"""
