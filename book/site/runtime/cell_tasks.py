"""Tasks of a page: the reader's code in a namespace of its own, and the verdict on its function."""

import cell_errors
from cells import Page


class Tasks(Page):
    """Every check begins with an empty namespace: what another task or a cell has defined is not there."""

    def begin(self, name, source, send, sealed):
        """Take up the code of the task `name`; `proceed` runs it and sends a verdict."""
        self.namespace, self._sealed = self._fresh(), sealed
        self._history.clear()
        super().begin(name, source, send)

    def _take_up(self, *code):
        super()._take_up(*code)
        self._steps.append(self._judge)

    def _judge(self):
        from frenkel import tasks

        verdict = tasks.check(self._sealed, self.namespace.get(self._name))
        line = None
        if verdict.error is not None:
            _, line = cell_errors.explain(verdict.error, self._name, self._source, self._names)
        self._screen.put("verdict", passed=verdict.passed, words=verdict.words, line=line)
