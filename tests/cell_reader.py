"""A reader whose code runs in the Python behind live cells and tasks."""

import cells


class Reader:
    """A page and what its cells have put out."""

    def __init__(self, *packages, page=cells.Page):
        self.page, self.outputs, self.waited = page(packages), [], []

    def run(self, source, name="cell 1", **task):
        self.outputs.clear()
        self.page.begin(name, source, self.take, **task)
        while package := self.page.proceed():
            self.waited.append(package)
        return self.outputs

    def take(self, output):
        if output["kind"] == "back":
            del self.outputs[output["count"] :]
        else:
            self.outputs.append(output)

    def text(self, source, name="cell 1"):
        return "".join(output["text"] for output in self.run(source, name))
