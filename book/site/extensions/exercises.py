"""Directive `exercise`: that of sphinx-exercise, with its level and its kind in words below the title.

To a screen reader the title is a heading, so that one can go from exercise to exercise. The build warns if
the class does not name exactly one of each.
"""

import re

from docutils import nodes
from notebooks import exercise_labels
from notebooks.sources import Trouble
from sphinx.util import logging
from sphinx_exercise.directive import ExerciseDirective

logger = logging.getLogger(__name__)
TITLE = re.compile(r'(<div class="exercise [^>]*>\s*<p class="admonition-title")')


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


def drop_ids(app, doctree, docname):
    """Let sections inside exercises and solutions be without the id that sphinx-exercise gives them all."""
    for section in doctree.findall(nodes.section):
        if {"exercise-content", "solution-content"} & {*section["ids"]}:
            section["ids"] = []


def name_headings(app, pagename, templatename, context, doctree):
    """Make the titles of exercises headings below that of their section."""
    if "body" in context:
        context["body"] = TITLE.sub(r'\1 role="heading" aria-level="3"', context["body"])


def setup(app):
    app.add_directive("exercise", Exercise, override=True)
    app.connect("doctree-resolved", drop_ids)
    app.connect("html-page-context", name_headings)
