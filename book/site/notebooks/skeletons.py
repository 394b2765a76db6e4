"""Write what a chapter, exercise, task or explorer begins with: python -m notebooks.skeletons chapter NAME.

A chapter gets all that the tests ask of it, in the order that readers know. What is marked TODO is for the
author to write; until it is, one test fails: the one that lets nothing unfinished pass.
"""

import re
import secrets
import sys

from . import exercise_labels, sources, task_skeleton, tasks

CHAPTER = """\
# {title}

*About 45 minutes, without the exercises.*

**The question.** TODO: ask it.

**You will be able to** TODO.

**You need** TODO. Units are those of {{ref}}`units`: $J = \\hbar = a = 1$.

```{{code-cell}}
:id: {setup}
:tags: [hide-input]

import frenkel
import matplotlib.pyplot as plt
import numpy as np
from frenkel import plots
from frenkel.explore import EXPLORERS

plt.rcParams.update(plots.style())
```

## TODO: the first step

```{{math}}
:label: eq-{name}-law
\\mathrm{{MSD}} = 2t^2
```

{{implements}}`frenkel.evolve_state tests/laws/test_solvable_systems.py::test_solvable_system`

```{{code-cell}}
:id: {numbers}

times = np.linspace(0, 2, 5)
msd = frenkel.exact.clean_msd(times)
print("mean squared displacement", *(f"{{value:.3f}}" for value in msd))
```

```{{prediction}} TODO: what will happen?
- one thing
- another

TODO: where to look.
```

```{{code-cell}}
:id: {explorer}
:tags: [hide-input]

EXPLORERS["packets"]
```

```{{code-cell}}
---
id: {figure}
tags: [hide-input]
mystnb:
  figure:
    name: fig-{name}
    caption: >-
      TODO: what is drawn, from how many samples, with which errors, and what to see in it.
  image:
    width: 560px
    alt: >-
      TODO: what a reader who does not see the figure must know of it.
---
fig, ax = plt.subplots(figsize=(5.8, 3.4))
ax.plot(times, msd)
ax.set(xlabel="time $t$ (ħ/J)", ylabel="mean squared displacement (a²)");
```

{self_checks}

```{{admonition}} Common misconception
:class: misconception
*"TODO: what one hears."* TODO: why it is not so.
```

## Limits of the model

TODO: what the model leaves out.

## Exercises

{exercises}
"""
SELF_CHECK = """\
```{self-check} TODO: which of the two?
- [ ] this : TODO: why not.
- [x] that : TODO: why.
```"""
EXERCISE = """\
```{{exercise}} {title}
:label: ex-{label}
:class: {classes}
TODO: the task.
```

{fence}{{solution}} ex-{label}
:class: dropdown
TODO: the solution.{program}
{fence}"""
PROGRAM = """

```python
print("TODO: what the exercise asks for")
```

```text
TODO: what the exercise asks for
```"""
EXPLORER = '''\
"""TODO: what it shows."""

import numpy as np

from ...exact import clean_msd
from .. import artists
from ..explorer import Explorer
from ..parameters import Slider

TIMES = np.linspace(0, 10, 101)  # ħ/J


def compute(dephasing):
    """TODO: what is computed; the library computes it."""
    return {{"times": TIMES, "msd": clean_msd(TIMES, dephasing), "dephasing": dephasing}}


def draw(axes, result):
    (ax,) = axes
    artists.line(ax, "msd", result["times"], result["msd"], color="C0", label="MSD")
    ax.set(xlim=(0, TIMES[-1]), ylim=(0, artists.top(result["msd"].max())))
    if not ax.get_xlabel():
        ax.set(xlabel="time t (ħ/J)", ylabel="MSD (a²)")
        artists.legend(ax)


def read_out(result):
    return f"At Γ = {{result['dephasing']:.2f}} the MSD is {{result['msd'][-1]:.1f}} at t = {{TIMES[-1]:g}}."


{name} = Explorer(
    name="{name}",
    title="TODO: as a caption would begin",
    parameters=(Slider("dephasing", "dephasing", "Γ", 0.1, 10.0, 1.0, "J/ħ", scale="log", steps=80),),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={{"Quiet": {{"dephasing": 0.1}}, "Noisy": {{"dephasing": 10.0}}}},
    panels=1,
)
'''
MOST_EXERCISES = 8  # of a chapter
FIGURES = sources.ROOT / "lib" / "frenkel" / "explore" / "figures"


def check(name, is_new, joint="-"):
    """Complain of a name that is no word or several words joined, or that stands for something already."""
    if not re.fullmatch(rf"[a-z]+({joint}[a-z]+)*", name):
        raise sources.Trouble(f"NAME must be small letters, words joined by {joint!r}, but is {name!r}.")
    if not is_new:
        raise sources.Trouble(f"NAME must be new, but {name!r} is there already.")


FIRST = {
    "first": "warm-up pencil",
    "second": "standard pencil",
    "third": "standard build",
    "fourth": "project open",
}


def exercise(chapter, name, classes):
    """Return an exercise with its solution; what is to be built has a program there, with what it prints."""
    _, kind = exercise_labels.read(classes)
    fence, program = ("````", PROGRAM) if kind == "build" else ("```", "")
    title = name.replace("-", " ").capitalize()
    label = f"{chapter}-{name}"
    return EXERCISE.format(title=title, label=label, classes=classes, fence=fence, program=program)


def new_chapter(name):
    """Write the file of a chapter behind the last one and list it; return its path."""
    check(name, sources.find(name) is None)
    last = sources.stem(sources.chapters()[-1])
    stem = f"{int(last.partition('-')[0]) + 1:02d}-{name}"
    cells = {key: secrets.token_hex(4) for key in ("setup", "numbers", "explorer", "figure")}
    text = CHAPTER.format(
        title=name.replace("-", " ").capitalize(),
        name=name,
        self_checks="\n\n".join([SELF_CHECK] * 3),
        exercises="\n\n".join(exercise(name, *first) for first in FIRST.items()),
        **cells,
    )
    path = sources.BOOK / "chapters" / f"{stem}{sources.SUFFIX}"
    path.write_text(text, "utf-8")
    toc = sources.ROOT / "_toc.yml"
    line = f"      - file: book/chapters/{last}\n"
    toc.write_text(toc.read_text("utf-8").replace(line, f"{line}{line.replace(last, stem)}"), "utf-8")
    return path


def new_exercise(chapter, name, level="standard", kind="pencil"):
    """Write an exercise at the end of a chapter's exercises; return the chapter's path."""
    path = sources.find(chapter)
    if path is None:
        raise sources.Trouble(f"CHAPTER must be one of {sources.names()}, but is {chapter!r}.")
    chapter, text = sources.name(path), path.read_text("utf-8")
    label = f"ex-{chapter}-{name}"
    check(name, not re.search(rf"^:label: {re.escape(label)}$", text, re.MULTILINE))
    if len(re.findall(r"^`{3,}\{exercise\}", text, re.MULTILINE)) >= MOST_EXERCISES:
        raise sources.Trouble(f"CHAPTER must have fewer than {MOST_EXERCISES} exercises, but is {chapter!r}.")
    new = exercise(chapter, name, f"{level} {kind}")
    solutions = r"^(`{3,})\{solution\}.*?^\1\n|^```\{solution-end\}\n```\n"
    ends = [*re.finditer(solutions, text, re.MULTILINE | re.DOTALL)]
    place = ends[-1].end() if ends else len(text)
    path.write_text(f"{text[:place]}\n{new}\n{text[place:]}", "utf-8")
    return path


def new_task(chapter, name):
    """Write a task into its chapter's file, the statement at the chapter's end; return the file's path."""
    path = sources.find(chapter)
    if path is None:
        raise sources.Trouble(f"CHAPTER must be one of {sources.names()}, but is {chapter!r}.")
    check(name, all(name not in tasks.of(sources.name(other)) for other in sources.chapters()), "_")
    file = tasks.FOLDER / f"{sources.name(path)}.py"
    text = (
        file.read_text("utf-8") if file.is_file() else task_skeleton.FILE.format(chapter=sources.name(path))
    )
    file.write_text(text + task_skeleton.TASK.format(name=name), "utf-8")
    text = path.read_text("utf-8")
    path.write_text(text + task_skeleton.STATEMENT.format(name=name), "utf-8")
    return file


def new_explorer(name, folder=FIGURES):
    """Write the file of an explorer; return its path."""
    path = folder / f"{name}.py"
    check(name, not path.exists(), "_")
    path.write_text(EXPLORER.format(name=name), "utf-8")
    return path


NEW = {"chapter": new_chapter, "exercise": new_exercise, "task": new_task, "explorer": new_explorer}


def main(kind, *names):
    try:
        path = NEW[kind](*names)
    except sources.Trouble as trouble:
        sys.exit(str(trouble))
    print(f"{path.relative_to(sources.ROOT)} is written: look for TODO in it.")


if __name__ == "__main__":
    main(*sys.argv[1:])
