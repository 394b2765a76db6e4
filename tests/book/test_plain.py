"""Readers' notebooks are the whole chapter, in plain Jupyter; what cannot be written so is told."""

import re
from functools import cache

import nbformat
import pytest
from nbconvert import HTMLExporter
from notebooks import labels, myst, sources, written

MYST = r"\{[a-z][\w:-]*\}`|^ *(?:`{3,}|:{3,})\{|^\([\w-]+\)=$"  # a role, a directive, a target
CHAPTERS = pytest.mark.parametrize("path", sources.chapters(), ids=sources.name)
TEXT = r"""# A chapter

Prose with a {term}`coherence
length`, {term}`waves <coherence>`, {eq}`eq-a`, {numref}`fig-a`, {ref}`ex-a`, {ref}`here`, {doc}`enaqt`,
*{cite:t}`moix2013`* {cite}`anderson1958, moix2013`, {eq}`eq-hsr`, {numref}`fig-map` and $\{a\}$, `{term}`.

(here)=
## A section

- {term}`coherence` in a list
> and {term}`coherence` in a
> {term}`coherence
> length` here

| $a$ | b |
| --- | --- |
| no | not {term}`coherence` |

```{math}
:label: eq-a
a = b \\
c = d
```

{implements}`frenkel.diffusivity tests/book/test_questions.py::test_paper_has_no_folds`

```{code-cell}
---
id: drawn
tags: [hide-input]
mystnb:
  figure:
    name: fig-a
    caption: See {eq}`eq-a`.
  image:
    alt: A line.
---
1
```

```{admonition} Common misconception
:class: misconception
*"This."* See {eq}`eq-a`.
```

```{exercise} Do $x$
:label: ex-a
:class: warm-up pencil
The task.
```

````{solution} ex-a
:class: dropdown
As in {eq}`eq-a`:

```python
print(1)
```
````

```{exercise} More
:label: ex-b
:class: project open
The task.
```

```{solution-start} ex-b
```

```{code-cell}
:id: solved

2
```

Then {eq}`eq-a`.

```{solution-end}
```
"""


@pytest.fixture
def chapter(tmp_path):
    """Return a function that writes a chapter and returns the cells of its notebook, by their ids."""

    def write(text):
        path = tmp_path / "70-chapter.nb.md"
        path.write_text(text, "utf-8")
        return {cell.id: cell for cell in written.runnable(path).cells}

    return write


def test_roles_become_words_with_links(chapter):
    text, glossary = chapter(TEXT)["top-text1"].source, f"{labels.site()}book/pages/glossary.html#term-"
    enaqt = f"{labels.site()}book/chapters/07-enaqt.html"
    assert f"with a [coherence length]({glossary}coherence-length), [waves]({glossary}coherence)," in text
    assert "[(1)](#eq-a), [Fig. 1](#fig-a), [Exercise 1](#ex-a), [A section](#here)," in text
    assert f"[Environment-assisted quantum transport]({enaqt}),\n" in text
    assert "*Moix et al. ([2013](#cite-moix2013))* ([Anderson 1958](#cite-anderson1958); [Moix" in text
    figure = labels.book()["enaqt"].figures["fig-map"]
    assert f"[(7.1)]({enaqt}#equation-eq-hsr), [Fig. {figure}]({enaqt}#fig-map)" in text
    assert text.endswith(r" and $\{a\}$, `{term}`."), "what is no role stays as it is"


def test_roles_are_found_in_lists_quotations_and_tables(chapter):
    text = re.sub(r"\(https?:[^)]*\)", "", chapter(TEXT)["top-text2"].source)
    assert text.startswith('<a id="here"></a>\n\n## A section\n\n- [coherence] in a list\n')
    assert "\n> and [coherence] in a\n> [coherence length] here\n" in text
    assert "\n| no | not [coherence] |\n" in text
    assert '<a id="eq-a"></a>\n\n$$\n\\begin{split}\na = b \\\\\nc = d\n\\end{split}\n\\tag{1}\n$$\n' in text
    assert "*Computed by* [`frenkel.diffusivity`], *checked by* [`test_paper_has_no_folds`]." in text


def test_figures_notes_exercises_and_works_are_written(chapter):
    cells = chapter(TEXT)
    assert cells["drawn"].metadata.jupyter.source_hidden and "mystnb" not in cells["drawn"].metadata
    assert cells["caption-fig-a"].source == (
        '<a id="fig-a"></a>**Fig. 1.** See [(1)](#eq-a).\n\n'
        "<details><summary>The picture in words</summary>\n\nA line.\n\n</details>"
    )
    assert cells["drawn-text1"].source == '> **Common misconception**\n>\n> *"This."* See [(1)](#eq-a).'
    assert (
        cells["ex-a"].source
        == '<a id="ex-a"></a>**Exercise 1 (Do $x$)**\n\n*Warm-up, with pencil and paper.*\n\nThe task.'
    )
    assert cells["work-ex-a"].source == "# Your work on Exercise 1"
    assert cells["work-ex-a-text1"].source == (
        "<details><summary>Solution to Exercise 1 (Do $x$)</summary>\n\nAs in [(1)](#eq-a):\n\n"
        "```python\nprint(1)\n```\n\n</details>"
    )
    assert cells["solved"].metadata.jupyter == {"source_hidden": True, "outputs_hidden": True}
    assert "in words</summary>\n\nThen [(1)](#eq-a).\n\n</details>" in cells["solved-text1"].source
    assert cells["references"].source.count('\n- <a id="cite-') == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("```{note}\nThis.\n```", "cannot show the directive {note}"),
        ("```{figure} x.png\n```", "cannot show the directive {figure}"),
        ("- item\n\n  ```{math}\n  x\n  ```", "stands inside a list"),
        (
            "````{exercise} A\n:label: ex-c\n:class: standard build\n"
            "```{self-check} Q?\n- [x] a : b\n- [ ] c : d\n```\n````",
            "{self-check} here",
        ),
        ("{download}`x`", "cannot show the role {download}"),
        ("{eq}`eq-none`", "no label `eq-none` among the equations"),
        ("{numref}`fig-none`", "no label `fig-none` among the figures"),
        ("{ref}`none`", "no label `none` among the targets"),
        ("{ref}`ex-none`", "no label `ex-none` among the exercises"),
        ("{doc}`none`", "no page `none`"),
        ("{term}`none`", "no term `none`"),
        ("{cite}`none`", "no work `none`"),
        ("{implements}`frenkel.none tests/book/test_questions.py::test_paper_has_no_folds`", "no function"),
        ("{implements}`frenkel.diffusivity tests/book/test_questions.py::test_none`", "no test"),
        ("A price of 5\\$ and more", "dollar as mathematics"),
        ("[here](enaqt.md)", "written as a role"),
        ("<b>bold</b>", "cannot show html inline"),
        ("term\n: its definition", "cannot show dl"),
        ("$$x$$ (eq-x)", "cannot show math block label"),
        ("```{math}\na\n\nb\n```", "empty line"),
        (
            "```{exercise} A\n:label: ex-c\n```",
            "one of warm-up, standard, project and one of pencil, build, open",
        ),
        ("```{exercise} A\n:label: ex-c\n:class: standard open build\n```", "but is 'standard open build'"),
        ("```{solution} ex-none\n```", "no exercise `ex-none`"),
        ("```{solution-start} ex-a\n```\n\nText.", "has no end"),
        ("```{self-check} Q?\n- [x] a : b\n```", "there must be two"),
        ("```{ledger} none\n```", "no theme `none`"),
    ],
)
def test_what_cannot_be_written_is_told(chapter, text, words):
    with pytest.raises(sources.Trouble, match=re.escape(words)) as trouble:
        chapter(f"{TEXT}\n{text}\n")
    assert str(trouble.value).startswith("70-chapter.nb.md: ")


runnable = cache(written.runnable)  # read only


@CHAPTERS
def test_nothing_of_the_markup_is_left(path):
    notebook = runnable(path)
    nbformat.validate(notebook)
    anchors = set(re.findall(r'<a id="([^"]*)"></a>', "".join(cell.source for cell in notebook.cells)))
    for cell in notebook.cells:
        assert "mystnb" not in cell.metadata
        texts = [cell.source] if cell.cell_type == "markdown" else []
        texts += [output.get("data", {}).get("text/markdown", "") for output in cell.get("outputs", ())]
        for text in texts:
            outside = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
            assert not re.search(MYST, outside, re.MULTILINE), text
            assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= anchors, text
            assert outside.count("<details>") == outside.count("</details>")


@CHAPTERS
def test_a_notebook_is_the_whole_chapter(path):
    """Every equation, figure, question, exercise and code cell of the source is there, and in its order."""
    source, notebook = sources.read(path), runnable(path)
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    plain = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    page = labels.read(path, source.cells)
    assert re.findall(r"\\tag\{([\d.]+)\}", plain) == list(page.equations.values())
    assert len(page.equations) == text.count("\n:label: eq-")
    assert re.findall(r"\*\*Fig\. ([\d.]+)\.\*\*", plain) == list(page.figures.values())
    questions = [cell for cell in notebook.cells if re.fullmatch(r"question-\d+", cell.id)]
    assert len(questions) == len(re.findall(r"^```\{(?:self-check|prediction)\}", text, re.MULTILINE))
    assert all("<details>" in cell.outputs[0].data["text/markdown"] for cell in questions)
    assert plain.count("**Exercise ") == len(page.exercises) == text.count("{exercise}")
    code = [cell.id for cell in source.cells if cell.cell_type == "code"]
    assert [cell.id for cell in notebook.cells if cell.id in code] == code
    assert [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"] == list(
        range(1, 1 + sum(cell.cell_type == "code" for cell in notebook.cells))
    )


@CHAPTERS
def test_nbconvert_alone_makes_a_page_of_it(path):
    notebook = runnable(path)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    shown = re.sub(r"\W+", "", html)
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("#"):
            heading = myst.html(cell.source.partition("\n")[0].lstrip("#").strip())
            assert re.sub(r"\W+", "", heading) in shown
    assert html.count("The picture in words") == html.count("No description has been provided")
