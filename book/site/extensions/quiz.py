"""Directives `self-check` and `prediction`: questions that answer back, as plain, labeled HTML.

One of several answers, a number, or a formula in given names with their dimensions::

    ```{self-check} Which dephasing carries the exciton farthest?
    - [ ] none at all : Without noise the states stay localized.
    - [x] one near the disorder : Right: noise undoes the interference, but not yet the wave.
    ```

    ```{self-check} What is $D_s$ of a clean chain at $\\Gamma = 4$?
    :number: 0.5 ± 0.01
    :unit: $J a^2/\\hbar$
    :hint: Look at the closed form again.
    - 1 ± 0.01 : This would be $4/\\Gamma$.

    Right: $2/\\Gamma = 0.5$.
    ```

    ```{self-check} How far does the exciton get on a clean chain?
    :formula: 2 J^2 t^2 a^2 / ħ^2
    :names: J energy, t time, a length, ħ energy time
    :left: $\\mathrm{MSD}(t) =$
    :hint: Which power of $t$ is ballistic?
    - 2 J t a^2 / ħ : This grows as a walk does.

    Right: ballistic.
    ```

A prediction has neither right nor wrong; whatever the reader chooses, the text below shows::

    ```{prediction} What will happen when the noise grows?
    - The exciton goes less far
    - It goes farther at first

    Watch the right panel while you move the slider.
    ```
"""

import json
from string import ascii_lowercase

from docutils import nodes
from docutils.parsers.rst import directives
from notebooks import questions
from sphinx.util.docutils import SphinxDirective


class element(nodes.General, nodes.TextElement):
    """An HTML element: `tag`, and its attributes as a dict in `html`. Text, so it may hold references."""


def visit_element(writer, node):
    attributes = "".join(f' {name}="{writer.attval(str(value))}"' for name, value in node["html"].items())
    writer.body.append(f"<{node['tag']}{attributes}>")


def depart_element(writer, node):
    if node["tag"] not in ("input", "wbr"):
        writer.body.append(f"</{node['tag']}>")


def html(tag, *children, **attributes):
    """Return an element; `class_` and `for_` stand for the names that Python reserves."""
    attributes = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return element("", "", *children, tag=tag, html=attributes)


class Question(SphinxDirective):
    """What both directives share: the frame, the options and the place where answers appear."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def inline(self, text):
        return self.state.inline_text(text, self.lineno)[0]

    def run(self):
        items, row = questions.split(self.content)
        prose = nodes.container()
        if row < len(self.content):
            self.state.nested_parse(self.content[row:], self.content_offset + row, prose)
        try:
            return [self.ask(items, prose.children)]
        except ValueError as error:
            raise self.error(str(error)) from error

    def frame(self, kind, title, field, answers, summary):
        """Return the whole question: label, field, live region, and all answers in words behind a fold."""
        return html(
            "div",
            html("p", nodes.Text(title), class_="question-kind"),
            field,
            html("div", role="status", class_="answer"),
            html("details", html("summary", nodes.Text(summary)), *answers, class_="answers"),
            class_=f"question {kind}",
            data_question=kind,
        )

    def lettered(self, index, label):
        """Return the label of an option behind its letter, so that readers can talk about it."""
        return [nodes.Text(f"({ascii_lowercase[index]}) "), *self.inline(label)]

    def choices(self, labels):
        """Return a fieldset with one radio button a label."""
        name = f"question-{self.env.new_serialno('question')}"
        rows = [
            html(
                "div",
                html("input", type="radio", name=name, id=f"{name}-{index}", value=index),
                html("label", *self.lettered(index, label), for_=f"{name}-{index}"),
                class_="option",
            )
            for index, label in enumerate(labels)
        ]
        return html("fieldset", html("legend", *self.inline(self.arguments[0])), *rows)

    def feedback(self, right, content, label=(), **attributes):
        """Return one answer: what it answers to (for print), whether it is right, and the words."""
        said = "Correct." if right else "Not this one."
        shown = html(
            "div", html("span", nodes.Text(said), class_="visually-hidden"), *content, class_="words"
        )
        verdict = "right" if right else "other"
        return html("div", html("p", *label, class_="about"), shown, data_verdict=verdict, **attributes)


class SelfCheck(Question):
    option_spec = {
        "number": directives.unchanged_required,
        "unit": directives.unchanged,
        "formula": directives.unchanged_required,
        "names": directives.unchanged_required,
        "left": directives.unchanged,
        "hint": directives.unchanged,
    }

    def ask(self, items, prose):
        kinds = (kind for kind in (self.number, self.formula) if kind.__name__ in self.options)
        field, answers = next(kinds, self.single)(items, prose)
        return self.frame("self-check", "Check yourself", field, answers, "All answers in words")

    def single(self, items, prose):
        options = questions.choices(items, prose)
        answers = [
            self.feedback(
                option.right, self.inline(option.says), self.lettered(index, option.label), data_answer=index
            )
            for index, option in enumerate(options)
        ]
        return self.choices([option.label for option in options]), answers

    def number(self, items, prose):
        answers = [
            self.feedback(
                target.right,
                prose if target.says is None else self.inline(target.says),
                [nodes.Text(target.text)],
                data_value=target.value,
                data_within=target.within,
            )
            for target in questions.targets(self.options, items, prose)
        ]
        return self.entry([], self.options.get("unit", ""), inputmode="decimal", size=10), [
            *answers,
            self.hint(),
        ]

    def formula(self, items, prose):
        found, names = questions.formulas(self.options, items, prose)
        answers = [
            self.feedback(
                each.right,
                prose if each.says is None else self.inline(each.says),
                [nodes.math(each.latex, rf"\displaystyle {each.latex}")],
                data_formula=each.text,
            )
            for each in found
        ]
        left = html("span", *self.inline(self.options.get("left", "")))
        field = self.entry([left], "", size=26, spellcheck="false", autocapitalize="none",
                           data_names=json.dumps(names, ensure_ascii=False))  # fmt: skip
        return field, [*answers, self.hint()]

    def hint(self):
        """Return what is said to every other entry."""
        return self.feedback(False, self.inline(self.options["hint"]), [nodes.Text("Hint")], data_else="")

    def entry(self, before, unit, **attributes):
        """Return a labeled field with a button, and what stands before and after it."""
        name = f"question-{self.env.new_serialno('question')}"
        typed = html(
            "input", type="text", id=name, autocomplete="off", aria_describedby=f"{name}-unit", **attributes
        )
        after = html("span", *self.inline(unit), class_="unit", id=f"{name}-unit")
        button = html("button", nodes.Text("Check"), type="button")
        return html(
            "div",
            html("label", *self.inline(self.arguments[0]), for_=name),
            html("div", *before, typed, after, button, class_="entry"),
            class_="typed",
        )


class Prediction(Question):
    def ask(self, items, prose):
        field = self.choices(questions.predictions(items, prose))
        answer = html("div", html("div", *prose, class_="words"), data_verdict="open", data_else="")
        return self.frame("prediction", "Before you look", field, [answer], "Read on without choosing")


def setup(app):
    app.add_node(element, html=(visit_element, depart_element))
    app.add_directive("self-check", SelfCheck)
    app.add_directive("prediction", Prediction)
