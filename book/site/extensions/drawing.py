"""Directive `drawing`: a picture of `book/site/drawings`, its caption beneath, with the label `drawing-NAME`.

```{drawing} chain
Three energies on one chain: ...
```

... in {numref}`drawing-chain` ...
"""

import drawings
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class Drawing(SphinxDirective):
    required_arguments = 1
    has_content = True

    def run(self):
        name = self.arguments[0]
        if not self.content:
            raise self.error(f"the drawing `{name}` needs a caption")
        try:
            picture = nodes.raw("", drawings.inline(name), format="html")
        except drawings.Trouble as trouble:
            raise self.error(str(trouble)) from None
        words, messages = self.state.inline_text(" ".join(self.content), self.lineno)
        figure = nodes.figure("", picture, nodes.caption("", "", *words), classes=["drawing"])
        self.set_source_info(figure)
        self.options["name"] = f"drawing-{name}"
        self.add_name(figure)
        return [figure, *messages]


def setup(app):
    app.add_directive("drawing", Drawing)
