"""What becomes of a chapter's cells in a notebook that readers open: Markdown and code, without extensions.

`Writer` walks through the text of a chapter. For a directive that it cannot write plainly the build fails, as
for a reference that leads nowhere.
"""

import base64
import html

import drawings
import nbformat

from . import claims, exercise_labels, labels, myst, question_cells, roles, sources, task_cells
from .question_cells import fold
from .sources import Trouble

DRAWN = 480  # width of a drawing in CSS pixels, as on the page
WORK = "# Your work on Exercise {number}"
HIDDEN = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # JupyterLab and Notebook 7; Colab
FOLDED = {"jupyter": {"source_hidden": True, "outputs_hidden": True}, "cellView": "form"}


def cells(path, notebook):
    """Return the cells of a chapter as plain Jupyter shows them."""
    try:
        return Writer(labels.read(path, notebook.cells)).write(notebook.cells)
    except (Trouble, ValueError) as error:
        raise Trouble(f"{path.name}: {error}") from None


def in_words(alternative):
    """Return what is to be seen on a picture; hosts do not show the alternative text of an output."""
    return fold("The picture in words", html.escape(alternative, quote=False))


def quotation(text):
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


class Writer:
    def __init__(self, page):
        self.page, self.roles = page, roles.Roles(page)
        self.cells, self.buffer = [], []
        self.last, self.questions, self.solving = "top", 0, None

    def write(self, given):
        """Return the written cells."""
        for cell in given:
            try:
                self.code(cell) if cell.cell_type == "code" else self.text(cell.source)
            except (Trouble, ValueError) as error:
                raise Trouble(f"cell {cell.id}: {error}") from None
        if self.solving:
            raise Trouble(f"the solution of {self.solving} has no end")
        if self.roles.cited:
            self.put_text(roles.references(self.roles.cited), "references")
        return self.cells

    def code(self, cell):
        """Write a code cell; below one that shows a picture its caption and what is to be seen."""
        shown = cell.metadata.pop("mystnb", {})
        cell.metadata.pop("table", None)  # a notebook shows what was printed
        tags = cell.metadata.get("tags", [])
        if self.solving:
            cell.metadata |= nbformat.from_dict(FOLDED)
        elif {"hide-input", "remove-input"} & set(tags):
            cell.metadata |= nbformat.from_dict(HIDDEN)
        if sources.explorer(cell) or "figure" in shown:
            # nbval compares what a cell prints; pictures are compared by their pixels.
            cell.metadata.tags = [*tags, "nbval-ignore-output"]
        self.put_code(cell)
        if "figure" in shown:
            name = shown["figure"]["name"]
            caption = self.caption(name, shown["figure"]["caption"])
            self.put_text(f"{caption}\n\n{in_words(shown['image']['alt'])}", f"caption-{name}")
        elif sources.explorer(cell):
            self.put_text(in_words(cell.outputs[0].data["text/plain"]), f"caption-{cell.id}")

    def text(self, source):
        """Write the cells that a piece of the chapter's text becomes; each heading begins one."""
        before = None
        for block in myst.blocks(source):
            if block.kind == "target" or (block.kind == "heading" and before != "target"):
                self.flush()
            before = block.kind
            own = {"self-check": self.question, "prediction": self.question, "exercise": self.exercise,
                   "solution": self.solution, "solution-start": self.start_solution,
                   "solution-end": self.end_solution, "task": self.task}.get(block.name)  # fmt: skip
            if own:
                own(block)
            elif written := self.block(block):
                self.buffer.append(written)
        self.flush()

    def flush(self):
        """Make a cell of what has been written since the last one."""
        text, self.buffer = "\n\n".join(self.buffer), []
        if text and self.solving:
            text = fold(f"{self.solution_title(self.solving)}, in words", text)
        if text:
            self.put_text(text)

    def put_text(self, text, name=None):
        taken = {cell.id for cell in self.cells}
        names = (f"{self.last}-text{count}" for count in range(1, 1000))
        name = name or next(name for name in names if name not in taken)
        self.cells.append(nbformat.v4.new_markdown_cell(text, id=name))

    def put_code(self, cell):
        self.cells.append(cell)
        self.last = cell.id

    # What stays text.

    def inline(self, text):
        return myst.with_roles(" ".join(text.split()), self.roles.write)

    def nested(self, text):
        """Return the text of a directive, with those inside it."""
        return "\n\n".join(filter(None, map(self.block, myst.blocks(text))))

    def block(self, block):
        """Return a block in plain Markdown."""
        if block.kind == "target":
            return f'<a id="{block.text}"></a>'
        if block.kind != "directive":
            text = myst.with_roles(block.text, self.roles.write)
            return f"# {self.page.number}. {text[2:]}" if text.startswith("# ") and self.page.number else text
        method = getattr(self, f"_{block.name.replace('-', '_')}", None)
        if method is None:
            raise Trouble(f"a notebook cannot show the directive {{{block.name}}} here")
        return method(block)

    def _math(self, block):
        text, label = block.text.strip(), block.options.get("label")
        if "\n\n" in text:
            raise Trouble(f"a formula with an empty line: {text}")
        if "\\\\" in text:  # as Sphinx does
            text = f"\\begin{{split}}\n{text}\n\\end{{split}}"
        if label is None:
            return f"$$\n{text}\n$$"
        return f'<a id="{label}"></a>\n\n$$\n{text}\n\\tag{{{self.page.equations[label]}}}\n$$'

    def _admonition(self, block):
        return quotation(f"**{self.inline(block.argument)}**\n\n{self.nested(block.text)}")

    def caption(self, name, words):
        return f'<a id="{name}"></a>**Fig. {self.page.figures[name]}.** {self.inline(words)}'

    def _drawing(self, block):
        """Return a drawing as a picture that brings its own light paper, with its caption beneath."""
        svg = base64.b64encode(drawings.svg(block.argument).encode()).decode()
        words = html.escape(drawings.alternative(block.argument), quote=True)
        shown = f'width="{DRAWN}" alt="{words}" style="background: white"'
        image = f'<img src="data:image/svg+xml;base64,{svg}" {shown}>'
        return f"{image}\n\n{self.caption(f'drawing-{block.argument}', block.text)}"

    def _ledger(self, block):
        return claims.markdown(block.argument, self.inline)

    # What has cells of its own.

    def exercise_title(self, label):
        number, title = self.page.exercises[label]
        return f"Exercise {number} ({self.inline(title)})" if title else f"Exercise {number}"

    def solution_title(self, label):
        if label not in self.page.exercises:
            raise Trouble(f"no exercise `{label}` in this chapter")
        return f"Solution to {myst.html(self.exercise_title(label))}"

    def exercise(self, block):
        self.flush()
        label = block.options["label"]
        title = f'<a id="{label}"></a>**{self.exercise_title(label)}**'
        kind = exercise_labels.shown(block.options.get("class", ""))
        self.put_text(f"{title}\n\n*{kind}.*\n\n{self.nested(block.text)}", label)
        work = WORK.format(number=self.page.exercises[label][0])
        self.put_code(nbformat.v4.new_code_cell(work, id=f"work-{label}"))

    def solution(self, block):
        self.flush()
        self.put_text(fold(self.solution_title(block.argument), self.nested(block.text)))

    def start_solution(self, block):
        self.flush()
        self.solving = block.argument
        self.put_text(f"**{self.solution_title(block.argument)}**: the cells up to the next exercise.")

    def end_solution(self, block):
        self.flush()
        self.solving = None

    def question(self, block):
        self.flush()
        self.questions += 1
        cell = question_cells.cell(block, f"question-{self.questions}", self.inline, self.nested)
        cell.metadata |= nbformat.from_dict(HIDDEN)
        self.put_code(cell)

    def task(self, block):
        self.flush()
        self.cells += task_cells.cells(sources.name(self.page.address), block, self.inline, self.nested)
        self.last = self.cells[-1].id
