"""Questions in a notebook: the cell that asks one, and what stands below it without a kernel."""

from string import ascii_lowercase

import nbformat
from frenkel import questions as asked

from . import myst, questions

SOURCE = """\
# A question. Its answers are packed, so that none stands open here.
from frenkel import questions

questions.ask("{sealed}")"""
VERDICT = {True: "right", False: "other"}
ALL = "All answers in words"


def fold(summary, text):
    """Return a text behind a fold, in Markdown; `summary` is HTML."""
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def lettered(texts):
    return "\n".join(f"- ({letter}) {text}" for letter, text in zip(ascii_lowercase, texts, strict=False))


def prediction(block, items, prose, inline):
    """Return (what `frenkel.questions` wants of a prediction, its labels, summary and text of the fold)."""
    labels = [inline(label) for label in questions.predictions(items, prose)]
    given = {
        "title": "Before you look",
        "choices": [{"label": myst.html(label)} for label in labels],
        "otherwise": myst.html(prose, block=True),
    }
    return given, labels, fold("Read on without choosing", prose)


def choice(block, items, prose, inline):
    """Return the same of a self-check with several answers."""
    options = questions.choices(items, prose)
    labels, says = ([inline(text) for text in texts] for texts in
                    ([option.label for option in options], [option.says for option in options]))  # fmt: skip
    choices = [
        {"label": myst.html(label), "verdict": VERDICT[option.right], "says": myst.html(words)}
        for option, label, words in zip(options, labels, says, strict=True)
    ]
    marked = [f"{'**Correct.** ' * option.right}{words}" for option, words in zip(options, says, strict=True)]
    return {"title": "Check yourself", "choices": choices}, labels, fold(ALL, lettered(marked))


def entry(block, found, prose, inline, known, shown):
    """Return the same of a self-check in which something is typed.

    `known(each)` is what is recognized in an entry, `shown(each)` the entry in Markdown.
    """
    hint = inline(block.options["hint"])
    says = [prose if each.says is None else inline(each.says) for each in found]
    recognized = [
        {**known(each), "verdict": VERDICT[each.right], "says": myst.html(words, block=True)}
        for each, words in zip(found, says, strict=True)
    ]
    lines = [f"**{shown(each)}:** {words}" for each, words in zip(found, says, strict=True)]
    given = {"title": "Check yourself", "otherwise": myst.html(hint)}
    return given, recognized, fold(ALL, "\n\n".join([*lines, f"**Hint:** {hint}"]))


def number(block, items, prose, inline):
    """Return the same of a self-check that asks for a number."""
    unit = inline(block.options.get("unit", ""))
    given, recognized, answers = entry(
        block, questions.targets(block.options, items, prose), prose, inline,
        known=lambda each: {"value": each.value, "within": each.within},
        shown=lambda each: " ".join(filter(None, (each.text, unit))),
    )  # fmt: skip
    return given | {"unit": myst.html(unit), "targets": recognized}, [], answers


def formula(block, items, prose, inline):
    """Return the same of a self-check that asks for a formula."""
    found, names = questions.formulas(block.options, items, prose)
    given, recognized, answers = entry(
        block, found, prose, inline,
        known=lambda each: {"text": each.text},
        shown=lambda each: f"${each.latex}$",
    )  # fmt: skip
    left = myst.html(inline(block.options.get("left", "")))
    return given | {"left": left, "names": names, "formulas": recognized}, [], answers


def kind_of(block):
    """Return the function that reads a question."""
    if block.name == "prediction":
        return prediction
    return next((kind for kind in (number, formula) if kind.__name__ in block.options), choice)


def cell(block, name, inline, nested):
    """Return the code cell that asks a `{self-check}` or a `{prediction}`, and what stands below it."""
    lines = block.text.split("\n")
    items, row = questions.split(lines)
    given, labels, answers = kind_of(block)(block, items, nested("\n".join(lines[row:])), inline)
    asks = inline(block.argument)
    shown = [f"**{given['title']}.** {asks}", *filter(None, [lettered(labels)]), answers]
    given = {"plain": asks, "asks": myst.html(asks), **given, "shown": "\n\n".join(shown)}
    output = nbformat.v4.new_output("execute_result", asked.Question(given).still())
    return nbformat.v4.new_code_cell(SOURCE.format(sealed=asked.seal(given)), id=name, outputs=[output])
