"""Explorers at work in a reader's browser, and their numbers as CSV: a web worker calls a `Desk`."""

import csv
import io
import itertools
import json
import warnings

import numpy as np

from .. import EXPLORERS
from .picture import Picture


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


class Desk:
    """The last result and the pictures of every explorer of a page."""

    def __init__(self):
        self._latest = {}  # name -> (values, result, warnings in words)
        self._pictures = {}

    def result(self, name, values):
        """Return the result at `values` and the model's warnings, computed only if the values are new."""
        if name not in self._latest or self._latest[name][0] != values:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                result = EXPLORERS[name].run(**values)
            self._latest[name] = (values, result, " ".join(str(warning.message) for warning in caught))
        return self._latest[name][1:]

    def show(self, name, values, layout, theme, width):
        """Return read-out, warnings and picture, `width` pixels wide, as a dict; or {"error": words}.

        `values` is a JSON object, because that is what a page can send.
        """
        explorer = EXPLORERS[name]
        values = json.loads(values)
        try:
            result, note = self.result(name, values)
        except ValueError as error:
            return {"error": str(error)}
        key = (name, layout, theme)
        if key not in self._pictures:
            self._pictures[key] = Picture(explorer, layout, theme)
        picture = self._pictures[key]
        # Back at the defaults it is the first picture again, even if a longer label has moved the axes.
        pixels = picture.draw(result, width / picture.width, afresh=values == explorer.defaults)
        shape = {"height": pixels.shape[0], "width": pixels.shape[1]}
        return {"read_out": explorer.read_out(result), "note": note, "pixels": pixels.cast("B"), **shape}

    def numbers(self, name, values):
        """Return the numbers behind the picture at `values` (a JSON object) as CSV."""
        return to_csv(self.result(name, json.loads(values))[0])
