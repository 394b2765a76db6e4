"""Explorers at work in a reader's browser, and their numbers as CSV: a web worker calls a `Desk`.

Words and numbers need no Matplotlib: a reader has them while it is still on the line.
"""

import csv
import io
import itertools
import json
import warnings

import numpy as np

from .. import EXPLORERS


def to_csv(result):
    """Return `result` as CSV: a column for each quantity, every digit kept.

    A number fills the first row of its column; an array of several dimensions takes a column for each of
    its rows, numbered from 0.
    """
    columns = {}
    for name, value in result.items():
        array = np.asarray(value)
        if array.ndim < 2:
            columns[name] = np.atleast_1d(array).tolist()
        else:
            for row, values in enumerate(array.reshape(-1, array.shape[-1]).tolist()):
                columns[f"{name}[{row}]"] = values
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(itertools.zip_longest(*columns.values(), fillvalue=""))
    return file.getvalue()


class Shown:
    """An explorer that is being looked at: its last result and its pictures."""

    def __init__(self, explorer):
        self.explorer = explorer
        self._latest = None  # values without the moment, result, warnings in words
        self._pictures = {}
        self._drawn = None  # what the last picture shows, but for the moment

    def _result(self, values):
        """Return the result at `values`, the model's warnings, and the values without the moment.

        Nothing is computed for a new moment.
        """
        explorer = self.explorer
        values = explorer.values(**values)
        moment = {name: values.pop(name) for name in [explorer.clock.name]} if explorer.clock else {}
        if self._latest is None or self._latest[0] != values:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                result = explorer.run(**values)
            self._latest = (values, result, " ".join(str(warning.message) for warning in caught))
        return self._latest[1] | moment, self._latest[2], values

    def words(self, values):
        """Return read-out and warnings as a dict; or {"error": words}."""
        try:
            result, note, _ = self._result(values)
        except ValueError as error:
            return {"error": str(error)}
        return {"read_out": self.explorer.read_out(result), "note": note}

    def show(self, values, layout, theme, width, way=None):
        """Return the same and the picture, `width` pixels wide; or {"error": words}.

        `way` has the values of parameters that glide to those in `values`: the picture shows them there, and
        nothing is computed.
        """
        from .picture import Picture

        words = self.words(values)
        if "error" in words:
            return words
        result, _, held = self._result(values)
        result |= way or {}
        key = (layout, theme)
        if key not in self._pictures:
            self._pictures[key] = Picture(self.explorer, layout, theme)
        picture = self._pictures[key]
        drawn = (key, width, held)
        if drawn == self._drawn and self.explorer.clock:
            pixels = picture.frame(result, width / picture.width)
        else:
            # Back at the defaults it is the first picture again, even if a longer label has moved the axes.
            afresh = values == self.explorer.defaults
            pixels = picture.draw(result, width / picture.width, afresh=afresh)
        self._drawn = drawn
        return words | {"pixels": pixels}

    def numbers(self, values):
        """Return the numbers behind the picture at `values` as CSV."""
        return to_csv(self._result(values)[0])


class Desk:
    """All explorers of a page. Values come as JSON objects, because that is what a page can send."""

    def __init__(self):
        self._shown = {}

    def _explorer(self, name):
        if name not in self._shown:
            self._shown[name] = Shown(EXPLORERS[name])
        return self._shown[name]

    def words(self, name, values):
        """Return what `Shown.words` does."""
        return self._explorer(name).words(json.loads(values))

    def show(self, name, values, layout, theme, width, way="{}"):
        """Return what `Shown.show` does, with the picture as bytes, its height and its width."""
        answer = self._explorer(name).show(json.loads(values), layout, theme, width, json.loads(way))
        if "pixels" not in answer:
            return answer
        height, width, _ = answer["pixels"].shape
        return answer | {"pixels": answer["pixels"].cast("B"), "height": height, "width": width}

    def numbers(self, name, values):
        """Return the numbers behind the picture at `values` as CSV."""
        return self._explorer(name).numbers(json.loads(values))
