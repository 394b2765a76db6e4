"""Begin an assignment of one's own: `make new-assignment NAME=9-title`.

The skeleton has what every master has: a key, a number that is checked, a function that is judged on cases
that no student has seen, and an answer in words. `make prove` accepts it as it is: change one thing at a
time.
"""

import re
import sys

import nbformat

from . import build, copies, master

KEY = """\
import numpy as np


def draw(pick):
    \"\"\"Return a student's numbers; the tests draw others in the same way.\"\"\"
    return {
        "dephasing": pick.between(0.3, 1.5),
        "times": sorted(pick.between(0.2, 6) for _ in range(5)),
    }


def answers(n):
    \"\"\"Return the answers to the questions, and what else the hidden tests compare with.\"\"\"
    rate, times = n["dephasing"], np.array(n["times"])
    return {
        "ds": 2 / rate,
        "spread": 4 / rate**2 * (rate * times - 1 + np.exp(-rate * times)),
    }


plausible = {"ds": (0.1, 100)}  # every question, and where someone would look for its answer
mistakes = {
    "ds": {
        "D is half the slope of the mean square displacement.": lambda n, a: 2 * a["ds"],
        "Noise hinders the clean chain: D must fall with the dephasing.": lambda n, a: 2 * n["dephasing"],
    },
}
tolerance = {"ds": 0.005}  # relative; this is what holds where nothing is said
hints = {"ds": "Integrate the velocity correlation, which decays at the rate of dephasing."}
"""
# (id, type, tags, source)
CELLS = [
    (
        "intro",
        "markdown",
        [],
        "# Assignment {number}: {title}\n\nSay what the student has learned at the end, which chapter "
        "to read first and how long it takes.\n\n" + copies.RULE,
    ),
    ("key", "code", ["key"], KEY),
    (
        "number-text",
        "markdown",
        [],
        "## 1. A number\n\nWhich diffusion constant has the clean chain at your `dephasing`?",
    ),
    (
        "number",
        "code",
        ["answer"],
        'ds = None\n### BEGIN SOLUTION\nds = 2 / numbers["dephasing"]\n### END SOLUTION',
    ),
    (
        "test-number",
        "code",
        ["points:1"],
        'course.check("ds", ds)\n### BEGIN HIDDEN TESTS\nexpect("ds", ds)\n### END HIDDEN TESTS',
    ),
    (
        "function-text",
        "markdown",
        [],
        "## 2. A function\n\nWrite a function `mean_square(time, rate)` that returns the mean square "
        "displacement on the clean chain. It is called with your `times` here, and "
        "with others for the marks.",
    ),
    (
        "function",
        "code",
        ["answer"],
        "def mean_square(time, rate):\n    ### BEGIN SOLUTION\n    # STUB return None  # your code here\n"
        "    return 4 / rate**2 * (rate * time - 1 + np.exp(-rate * time))\n    ### END SOLUTION",
    ),
    (
        "test-function",
        "code",
        ["points:3"],
        'spread = [mean_square(time, numbers["dephasing"]) for time in numbers["times"]]\nprint(spread)\n'
        "### BEGIN HIDDEN TESTS\n"
        'require(near(spread, answers["spread"], 1e-3), "`mean_square` differs from the exact law.")\n'
        'require(near(spread, answers["spread"], 1e-6), "`mean_square` is close, but not exact.")\n'
        "### END HIDDEN TESTS",
    ),
    (
        "criticize-text",
        "markdown",
        [],
        "## 3. Criticize\n\nAsk for a judgment with its reason, and for a number of words.",
    ),
    (
        "criticize",
        "markdown",
        ["points:2"],
        "Your model answer.\n\n**Rubric.** One point each: what earns the first; what earns the second.",
    ),
]


def notebook(name):
    """Return the skeleton of an assignment, called for example `9-title`."""
    number, title = re.fullmatch(r"(\d+)-([a-z0-9-]+)", name).groups()
    cells = []
    for cell_id, kind, tags, source in CELLS:
        make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
        if cell_id == "intro":
            source = source.format(number=number, title=title.replace("-", " ").capitalize())
        cells.append(make(source.rstrip("\n"), id=cell_id, metadata={"tags": tags} if tags else {}))
    return nbformat.v4.new_notebook(cells=cells, metadata=copies.KERNEL, nbformat_minor=5)


def main():
    if len(sys.argv) != 2 or not re.fullmatch(r"\d+-[a-z0-9-]+", sys.argv[1]):
        sys.exit("Name the assignment with its number and small letters: make new-assignment NAME=9-title")
    path = master.ASSIGNMENTS / f"{sys.argv[1]}.ipynb"
    if path.exists():
        sys.exit(f"{path} is there already.")
    build.write(notebook(path.stem), path)
    print(f"{path} is a master. Try it at once: make prove ASSIGNMENT={path.stem}")


if __name__ == "__main__":
    main()
