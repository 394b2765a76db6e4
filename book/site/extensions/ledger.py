"""Directive `ledger`: the claims of `book/ledger.toml`, which `notebooks/claims.py` explains, as a table."""

from docutils import nodes
from notebooks import claims as ledger
from notebooks import recorded, sources
from quiz import html
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

logger = logging.getLogger(__name__)


class Ledger(SphinxDirective):
    required_arguments = 1

    def inline(self, text):
        return self.state.inline_text(text, self.lineno)[0]

    def run(self):
        self.env.note_dependency(str(ledger.BOOK / "ledger.toml"))
        themes, claims = ledger.load()
        for chapter in {claim["cell"].partition("#")[0] for claim in claims if "cell" in claim}:
            self.env.note_dependency(str(recorded.folder(sources.find(chapter)) / "printed.toml"))
        theme = self.arguments[0]
        if theme == "summary":
            return [self.summary(themes, claims)]
        if theme not in themes:
            raise self.error(f"no theme `{theme}` in ledger.toml")
        mine = [claim for claim in claims if claim["theme"] == theme]
        for words in ledger.complaints(themes, mine):
            logger.warning("%s", words, location=self.get_location())
        return [
            self.table("ledger", themes[theme], ("Claim", "Paper", "Ours", "Verdict"), map(self.row, mine))
        ]

    def table(self, kind, caption, heads, rows):
        """Return a table whose roles are spelled out, because on a phone its rows become cards."""
        head = html("tr", *(html("th", nodes.Text(text), scope="col", role="columnheader") for text in heads),
                    role="row")  # fmt: skip
        return html(
            "table",
            html("caption", *self.inline(caption)),
            html("thead", head, role="rowgroup"),
            html("tbody", *rows, role="rowgroup"),
            class_=kind,
            role="table",
        )

    def number(self, claim, reading=""):
        """Return our number as a link to the cell that prints it."""
        chapter, _, cell = claim["cell"].partition("#")
        page = sources.find(chapter).relative_to(sources.ROOT).as_posix().removesuffix(sources.SUFFIX)
        address = self.env.app.builder.get_relative_uri(self.env.docname, page)
        text = nodes.Text(ledger.shown(claim, reading))
        return html("a", text, href=f"{address}#code-{cell}", class_="internal")

    def numbers(self, claim):
        """Return what stands in the column of our numbers: one, one for each reading, or none."""
        if "cell" not in claim:
            return nodes.Text("–")
        if "verdicts" not in claim:
            return self.number(claim)
        lines = (
            html(
                "li",
                nodes.Text(f"{reading}: "),
                self.number(claim, reading),
                nodes.Text(f" {ledger.VERDICTS[word]}"),
            )
            for reading, word in claim["verdicts"].items()
        )
        return html("ul", *lines, class_="readings")

    def row(self, claim):
        word = ledger.verdict(claim)
        words = [html("strong", nodes.Text(ledger.named(word)))]
        if said := ledger.remarks(claim):
            words += [nodes.Text(". "), *self.inline(said)]
        place = html("span", nodes.Text(f"{claim['kind']}: {claim['place']}"), class_="place")
        return html(
            "tr",
            html("th", *self.inline(claim["claim"]), nodes.Text(" "), place, scope="row", role="rowheader"),
            html("td", *self.inline(ledger.papers(claim)), role="cell", data_label="Paper"),
            html("td", self.numbers(claim), role="cell", data_label="Ours"),
            html("td", *words, role="cell", data_label="Verdict"),
            role="row",
            id=f"claim-{claim['id']}",
            data_verdict=word.replace(" ", "-"),
        )

    def summary(self, themes, claims):
        def line(title, counts):
            cells = (html("td", nodes.Text(str(count)), role="cell") for count in counts)
            return html(
                "tr", html("th", *self.inline(title), scope="row", role="rowheader"), *cells, role="row"
            )

        rows = [line(*each) for each in ledger.counts(themes, claims)]
        return self.table("ledger-summary", "The ledger, counted", ledger.heads(), rows)


def setup(app):
    app.add_directive("ledger", Ledger)
