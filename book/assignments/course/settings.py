"""nbgrader's settings for this course, for `make grade` and for nbgrader's own programs on a JupyterHub."""

from functools import lru_cache
from pathlib import Path

from nbgrader import preprocessors
from traitlets import Dict, Unicode

from . import classlist, feedback, jail, marking, master, pages

read_master = lru_cache(master.read)

# The line that a class folder's nbgrader_config.py holds.
CONFIG = """\
# Student code runs in the jail, whoever starts the grading.
import sys

sys.path.insert(0, {path!r})
from course import settings

settings.configure(get_config())  # noqa: F821
"""


class Mark(preprocessors.NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute: runs the notebook in the jail, then marks it outside."""

    limits = Dict(help="fields of jail.Limits that differ from its defaults").tag(config=True)
    runs = Unicode("runs", help="folder of what came of each run").tag(config=True)
    class_list = Unicode("students.csv", help="the class list, if there is one").tag(config=True)

    def preprocess(self, nb, resources):
        where = resources["nbgrader"]
        source = read_master(where["assignment"])
        kept = Path(self.runs) / where["assignment"] / f"{where['student']}.json"
        listed = where["student"] if where["student"] in classlist.read(self.class_list) else None
        runs = marking.runs_of(nb, source, jail.Limits(**self.limits), listed, kept)
        marking.finish(nb, runs, source, listed, kept.with_suffix(".scores.json"))
        return nb, resources


def configure(config):
    """Set what makes nbgrader mark with the jail."""
    # The copies come finished, with nothing to clear: nbgrader only has to know their cells.
    config.GenerateAssignment.preprocessors = [
        preprocessors.ComputeChecksums,
        preprocessors.SaveCells,
        preprocessors.CheckCellMetadata,
    ]
    config.Autograde.autograde_preprocessors = [
        Mark,
        preprocessors.LimitOutput,
        preprocessors.SaveAutoGrades,
        preprocessors.AssignLatePenalties,
        preprocessors.CheckCellMetadata,
    ]
    config.GenerateFeedback.exporter_class = feedback.Page
    config.GenerateFeedback.preprocessors = []  # the page reads the gradebook itself
    config.HTMLExporter.filters = {"markdown2html": pages.of_cell}  # of the formgrader, which shows them too
    return config
