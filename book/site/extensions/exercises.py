"""Directive `exercise`: that of sphinx-exercise, with its level and its kind in words below the title.

The build warns if the class does not name exactly one of each.
"""

from docutils import nodes
from notebooks import exercise_labels
from notebooks.sources import Trouble
from sphinx.util import logging
from sphinx_exercise.directive import ExerciseDirective

logger = logging.getLogger(__name__)


class Exercise(ExerciseDirective):
    def run(self):
        found = super().run()
        try:
            words = exercise_labels.shown(" ".join(self.options.get("class", [])))
        except Trouble as trouble:
            logger.warning("%s", trouble, location=self.get_location())
            return found
        for exercise in found:
            _, content = exercise.children
            content.insert(0, nodes.paragraph("", words, classes=["exercise-label"]))
        return found


def setup(app):
    app.add_directive("exercise", Exercise, override=True)
