"""Directive `task`: a function that the reader writes, in the page or in a notebook.

The statement stands in the chapter; starter, check, hints and solution in its file in `book/tasks`::

    ```{task} hopping_rate
    Write the rate {eq}`eq-hopping` as a function of $\\Gamma$ and $\\delta\\varepsilon$.
    ```
"""

from docutils import nodes
from notebooks import sources
from notebooks import tasks as written
from quiz import html
from sphinx.util.docutils import SphinxDirective

BUTTONS = {"check": "Check", "edit": "Write", "reset": "Reset", "stop": "Stop"}


def code(text):
    return nodes.literal_block(text, text, language="python")


def button(action, words, name):
    return html("button", nodes.Text(words), type="button", hidden="", data_action=action,
                aria_label=f"{words}: task {name}")  # fmt: skip


class TaskDirective(SphinxDirective):
    required_arguments = 1
    has_content = True

    def run(self):
        name, chapter = self.arguments[0], sources.name(self.env.docname)
        used = self.env.metadata[self.env.docname].setdefault("tasks", [])
        try:
            task = written.find(chapter, name)
        except sources.Trouble as trouble:
            raise self.error(str(trouble)) from None
        if name in used:
            raise self.error(f"the task {name} stands twice in this chapter")
        used.append(name)
        self.env.note_dependency(str(written.FOLDER / f"{chapter}.py"))
        statement = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, statement)
        starter = html("div", code(task.starter), class_="task-starter")
        buttons = [button(action, words, name) for action, words in BUTTONS.items()]
        return [
            html(
                "section",
                html("p", nodes.Text(f"Task: {task.title}"), class_="task-title"),
                *statement.children,
                starter,
                html("div", *buttons, class_="live-bar"),
                html("output", aria_live="polite"),
                self.hints(name, task),
                class_="task",
                id=f"task-{name}",
                aria_label=f"Task: {task.title}",
                data_task=name,
                data_check=written.sealed(name, task),
            )
        ]

    def hints(self, name, task):
        """Return the hints, each behind the one before it, and the solution behind the last."""
        use = html("div", button("use", "Put it into the editor", name), class_="live-bar")
        fold = self.fold("Solution", code(task.solution), use)
        for number, hint in reversed([*enumerate(task.hints, start=1)]):
            text = html("p", *self.state.inline_text(hint, self.lineno)[0])
            fold = self.fold(f"Hint {number}", text, fold)
        return fold

    @staticmethod
    def fold(summary, *content):
        return html("details", html("summary", nodes.Text(summary)), *content, class_="task-hint")


def unused(app, env):
    """Stop at a task that its chapter does not show."""
    for docname in env.found_docs:
        shown = env.metadata.get(docname, {}).get("tasks", [])
        for name in written.of(sources.name(docname)).keys() - {*shown}:
            raise sources.Trouble(f"the task {name} of {docname} stands nowhere in it")


def setup(app):
    app.add_directive("task", TaskDirective)
    app.connect("env-check-consistency", unused)
