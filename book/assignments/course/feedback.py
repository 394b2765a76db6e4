"""The page that a student gets back, written by nbgrader's `generate_feedback` from the marked notebook.

It stands alone: one file without a script, a link or anything from elsewhere, and without a path of the
machine that graded.
"""

import re
from pathlib import Path

from nbconvert.exporters import Exporter
from nbgrader.api import Gradebook
from traitlets import Unicode

from . import handmarks, marking, marks, pages, people, plain

BUDGET = 200_000  # characters of a notebook that are set; what comes after them is shown as it was typed
FOLDED = {"setup": "Setting up", "student": "Student id", "numbers": "The numbers of this notebook"}
TITLES = {"test": "Tests", "words": "Answer", "figure": "Figure"}
HOW = {"test": "by tests", "words": "by hand", "figure": "by hand"}


class Page(Exporter):
    """Writes the page of one student."""

    output_mimetype = "text/html"
    folder = Unicode(".", help="the folder of the class").tag(config=True)

    def _file_extension_default(self):
        return ".html"

    def from_notebook_node(self, nb, resources=None, **options):
        nb, resources = super().from_notebook_node(nb, resources, **options)
        where = resources["nbgrader"]
        assignment, student = where["assignment"], where["student"]
        folder = Path(self.folder)
        said = handmarks.Record(folder, assignment).comments(student)
        with Gradebook(where["db_url"]) as gradebook:
            given = marks.of(gradebook, assignment, student, marks.graded_cells(nb), said)
            submission = gradebook.find_submission(assignment, student)
            late = submission.late_submission_penalty or 0
            total, most = submission.score - late, submission.max_score
        about = people.about(folder, assignment, student)
        state = nb.metadata.get("frenkel", {})
        notes = [*state.get("notes", []), *[marking.RAN] * bool(state.get("ran"))]
        lines = []
        if late:
            lines.append(f"{plain.shown(late)} points were taken off because it was late.")
        if waiting := sum(mark.waits for mark in given):
            lines.append(f"Answers that wait for their mark: {waiting}. Until then they count as zero.")
        return pages.document(
            "page.html.j2",
            title=self.clean(title_of(nb) or assignment),
            student=self.clean(student),
            name=self.clean(about.name),
            total=plain.shown(total),
            most=plain.shown(most),
            said=[self.clean(line) for line in lines],
            notes=[self.clean(note) for note in notes],
            marks=(rows := list(self.rows(nb, given))),
            cells=list(self.cells(nb, {row["cell"]: row for row in rows})),
        ), resources

    def clean(self, text):
        """Return `text` without controls and without places of this machine."""
        return plain.placeless(plain.visible(text), self.folder)

    def rows(self, nb, given):
        """Yield what the table and the headings say of each mark."""
        given, task = {mark.cell: mark for mark in given}, ""
        for cell in nb.cells:
            known = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "markdown" and known.get("locked"):
                task = heading_of(cell.source) or task
            mark = given.get(known.get("grade_id")) if known.get("grade") else None
            if mark is None:
                continue
            corrected = ""
            if mark.corrected and mark.kind == "test":
                corrected = f"Corrected by hand: the tests had given {plain.shown(mark.program)}."
            yield {
                "cell": mark.cell,
                "task": task or mark.cell,
                "title": TITLES[mark.kind],
                "how": HOW[mark.kind] + (", corrected by hand" if corrected else ""),
                "waits": mark.waits,
                "shown": "waits" if mark.waits else plain.shown(mark.score),
                "most": plain.shown(mark.most),
                "corrected": corrected,
                "comment": self.clean(mark.comment),
            }

    def cells(self, nb, rows):
        """Yield what the page shows of each cell."""
        budget = -1 if nb.metadata.get("frenkel", {}).get("plain") else BUDGET
        for cell in nb.cells:
            if cell.get("id") == "about-this-run":  # the page says it above
                continue
            known = cell.metadata.get("nbgrader", {})
            name = known.get("grade_id", cell.get("id", ""))
            mark = rows.get(name) if known.get("grade") else None
            source = self.clean(cell.source)
            budget -= len(source)
            seen = {"kind": cell.cell_type, "name": name, "mark": mark, "source": source}
            if cell.cell_type == "code":
                folded = "The test" if mark and known.get("locked") else FOLDED.get(name, "")
                outputs = [shown for output in cell.get("outputs", ()) if (shown := self.output(output))]
                yield {**seen, "folded": folded, "outputs": outputs, "plain": budget < 0}
            else:
                attachments = cell.get("attachments") or {}
                html = pages.rich(source, attachments, typeset=budget >= 0)
                yield {**seen, "html": html, "outputs": []}

    def output(self, output):
        """Return one output as text or a picture, None where it is neither."""
        if output.output_type == "execute_result" and set(output.data) == {"text/plain"}:
            return None  # the points of a test, which stand above it
        if output.output_type == "stream":
            text = output.text
        elif output.output_type == "error":
            text = "\n".join(output.traceback) or f"{output.ename}: {output.evalue}"
        else:
            data = output.get("data", {})
            for kind in pages.KINDS.values():
                if kind in data and (picture := pages.picture(data[kind])):
                    return {"picture": picture}
            text = data.get("text/plain", "")
        text = re.sub(r"[^\n]*\r(?!\n)", "", text).rstrip("\n")  # a progress bar writes over itself
        return {"text": self.clean(text)} if text.strip() else None


def heading_of(source):
    """Return the words of the first heading in Markdown, or nothing."""
    found = re.search(r"^#{1,6} +(.+)$", source, re.MULTILINE)
    return found[1].strip() if found else ""


def title_of(nb):
    """Return the title of the assignment: the first heading that the students were given."""
    given = (cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("locked"))
    titles = (heading_of(cell.source) for cell in given if cell.cell_type == "markdown")
    return next(filter(None, titles), "")
