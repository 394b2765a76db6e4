"""Questions of the book in a notebook: predictions and self-checks that answer.

A chapter's notebook carries a question as one line of text, made by `seal` when the book is built, so that no
answer stands open in the code. `ask` shows it: with a live kernel as buttons or a field, without one as text
with the answers behind a fold.
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import zlib
from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any

from . import _check, _formulas

NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
NO_NUMBER = "Enter a number, for example 0.25 or 2e-3."
COLORS = {"right": "#009e73", "other": "#d55e00", "open": "#0072b2"}
SAID = {"right": "<b>Correct.</b> ", "other": "<b>Not this one.</b> ", "open": ""}


def seal(question: Mapping[str, Any]) -> str:
    """Return the line of text that `ask` reads; see `Question` for what a question has."""
    text = json.dumps(dict(question), ensure_ascii=False, separators=(",", ":"))
    return base64.b85encode(zlib.compress(text.encode(), 9)).decode()


def ask(sealed: str) -> Question:
    """Return the question that `seal` has made a line of text of.

    >>> choices = {"label": "up", "verdict": "right", "says": "Yes."}, {"label": "down", "says": "No."}
    >>> ask(seal({"plain": "Where?", "asks": "Where?", "choices": choices})).answer(0)
    ('right', 'Yes.')
    """
    return Question(_opened(sealed))


def _opened(sealed: str) -> dict[str, Any]:
    """Return what `seal` has made a line of text of."""
    try:
        return dict(json.loads(zlib.decompress(base64.b85decode(sealed))))
    except (AttributeError, TypeError, ValueError, zlib.error):
        _check.fail("sealed", "a line that `seal` has made", sealed)


class Question:
    """A question, shown where a cell ends with it.

    Parameters
    ----------
    given : dict
        `title`, what kind of question it is; `plain`, the question in words, and `asks`, in HTML with
        formulas between dollars; `shown`, Markdown that stands for it without a kernel. Either `choices`,
        dicts with `label` and, in a self-check, `verdict` and `says`; or `targets`, the numbers that are
        recognized, dicts with `value`, `within`, `verdict` and `says`, and their `unit`; or `formulas`, dicts
        with `text`, `verdict` and `says`, the right one first, the `names` in them, {name: {base: power}},
        and the `left` side of the equation. `otherwise` is said to all other answers.
    """

    def __init__(self, given: Mapping[str, Any]) -> None:
        self.given = given

    def __repr__(self) -> str:
        return str(self.given["plain"])

    def answer(self, entry: int | str) -> tuple[str, str]:
        """Return ("right", "other" or "open", what to say in HTML) to a choice's place or an entered text."""
        otherwise = self.given.get("otherwise", "")
        if isinstance(entry, int):
            chosen = self.given["choices"][entry]
            if "says" in chosen:
                return chosen.get("verdict", "other"), chosen["says"]
            return "open", f"<p>You said: ({ascii_lowercase[entry]}) {chosen['label']}</p>{otherwise}"
        if "formulas" in self.given:
            return self._formula(entry)
        text = entry.strip().replace("−", "-").replace(",", ".")
        if not NUMBER.fullmatch(text):
            return "open", NO_NUMBER
        for target in self.given["targets"]:
            # A little more than the tolerance: 0.38 - 0.37 is not quite 0.01 in floating point.
            if abs(float(text) - target["value"]) <= target["within"] * (1 + 1e-9):
                return target.get("verdict", "other"), target["says"]
        return "other", otherwise

    def _formula(self, entry: str) -> tuple[str, str]:
        """Judge a formula by its value, what agrees with none by its dimension."""
        known, names = self.given["formulas"], self.given["names"]
        try:
            tree = _formulas.parse(entry, names)
        except _formulas.Misread as error:
            return "open", f"{html.escape(str(error))} Names here: {', '.join(names)}."
        wrote = f"<p>You wrote ${_formulas.latex(tree)}$.</p>"
        for each in known:
            if _formulas.agree(tree, _formulas.parse(each["text"], names), names):
                return each["verdict"], wrote + each["says"]
        try:
            found = _formulas.dimension(tree, names)
            asked = _formulas.dimension(_formulas.parse(known[0]["text"], names), names)
        except _formulas.Misread as error:
            return "other", f"{wrote}{error}"
        if found != asked:
            words = _formulas.in_words
            return "other", f"{wrote}Its dimension is {words(found)}; asked for is {words(asked)}."
        return "other", wrote + self.given["otherwise"]

    def widget(self) -> Any:
        """Return the question as a widget: a button for every choice, or a field to type in."""
        import ipywidgets

        def words(text: str) -> Any:
            layout = {"max_width": "48em"}
            return ipywidgets.HTMLMath(f'<div style="line-height: 1.5">{text}</div>', layout=layout)

        place = words("")

        def say(entry: int | str) -> None:
            verdict, said = self.answer(entry)
            style = f"border-left: 4px solid {COLORS[verdict]}; padding: 0 0.8em; line-height: 1.5"
            place.value = f'<div role="status" style="{style}">{SAID[verdict]}{said}</div>'

        rows = []
        for index, choice in enumerate(self.given.get("choices", ())):
            plain = re.sub("<[^>]*>", "", html.unescape(choice["label"]))
            button = ipywidgets.Button(
                description=f"({ascii_lowercase[index]})",
                tooltip=f"Answer ({ascii_lowercase[index]}): {plain}",
                layout={"width": "3.2em", "flex": "0 0 auto"},
            )
            button.on_click(lambda _, index=index: say(index))
            rows.append(ipywidgets.HBox([button, words(choice["label"])], layout={"align_items": "center"}))
        if "choices" not in self.given:
            kind, width = ("a formula", "20em") if "formulas" in self.given else ("a number", "9em")
            field = ipywidgets.Text(placeholder=kind, continuous_update=False, layout={"width": width})
            check = ipywidgets.Button(description="Check", layout={"width": "6em"})
            check.on_click(lambda _: say(field.value))
            field.observe(lambda _: say(field.value), "value")
            left, unit = words(self.given.get("left", "")), words(self.given.get("unit", ""))
            rows.append(ipywidgets.HBox([left, field, unit, check]))
        asked = words(f"<b>{self.given['title']}.</b> {self.given['asks']}")
        return ipywidgets.VBox([asked, *rows, place])

    def still(self) -> dict[str, str]:
        """Return, by type, what stands for the question where no kernel runs."""
        return {"text/plain": repr(self), "text/markdown": self.given["shown"]}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        live = {} if os.environ.get("FRENKEL_STATIC") else self.widget()._repr_mimebundle_()
        return live | self.still()
