"""Free places for words in a plot: each beside its own curve, clear of all other curves and words.

Lengths are in points, on the smallest axes on which a page shows the plot. Words are held there by the edge
next to the curve: on larger axes they cover less, and stay clear.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ._types import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.transforms import Transform

BROAD, LOW = 225.0, 0.85  # axes on a narrow page: not wider than that, and of so much of the height
GAP = 3.0  # between a curve and its name
ENOUGH = 14.0  # more room around a name is no better
SIDES = ((0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0))  # of the curve, the best first
HORIZONTAL, VERTICAL = ("center", "left", "right"), ("center", "bottom", "top")  # by 0, 1, -1


class Place(NamedTuple):
    """A point, in shares of the axes, and the edges of the words that are held there."""

    x: float
    y: float
    ha: str
    va: str


class _Box(NamedTuple):
    center: FloatArray
    half: FloatArray


def free_places(ax: Axes, lines: Sequence[Line2D], words: Sequence[str], fontsize: float) -> list[Place]:
    """Return a place for the `words` of each of the `lines`, which are among those of `ax`."""
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]  # lays the axes out
    box = ax.get_window_extent()
    points = 72 / ax.figure.dpi
    size = np.array([min(box.width * points, BROAD), box.height * points * LOW])
    paths = {line: _drawn(ax, line.get_transform(), line.get_xydata(), size) for line in ax.lines}
    walks = {line: path if line.get_linestyle() == "None" else _walk(path) for line, path in paths.items()}
    bars = [_walk(bar) for bar in _bars(ax, size)]
    standing = [_box_of(ax, text, points, size) for text in ax.texts]
    halves = [_half_size(ax, each, fontsize) * points for each in words]
    found: list[tuple[Place, _Box]] = []
    for _turn in range(2):  # the second time all others have their places
        for number, (line, half) in enumerate(zip(lines, halves, strict=True)):
            taken = standing + [box for i, (_, box) in enumerate(found) if i != number]
            strangers = np.concatenate(
                [*(w for other, w in walks.items() if other is not line), *bars, _NOTHING]
            )
            gap = GAP + (line.get_markersize() / 2 if line.get_marker() not in ("None", None) else 0)
            best = _best_place(walks[line], half, gap, strangers, taken, size)
            found[number : number + 1] = [best]
    return [place for place, _ in found]


_NOTHING = np.zeros((0, 2))


def _drawn(ax: Axes, transform: Transform, data: Any, size: FloatArray) -> FloatArray:
    """Return points of `data` in points of the smallest axes, without those that cannot be drawn."""
    shares = ax.transAxes.inverted().transform(transform.transform(np.asarray(data, dtype=float)))
    return shares[np.isfinite(shares).all(axis=1)] * size


def _walk(path: FloatArray, step: float = 2.5) -> FloatArray:
    """Return points of a polygon, one every `step`."""
    if len(path) < 2:
        return path
    path = np.clip(path, -1e4, 1e4)
    way = np.append(0, np.cumsum(np.hypot(*np.diff(path, axis=0).T)))
    at = np.linspace(0, way[-1], 1 + min(2000, int(np.ceil(way[-1] / step))))
    return np.stack([np.interp(at, way, column) for column in path.T], axis=1)


def _bars(ax: Axes, size: FloatArray) -> list[FloatArray]:
    """Return the bars of errors and the dots of scattered data."""
    from matplotlib.collections import LineCollection, PathCollection

    found = []
    for group in ax.collections:
        if isinstance(group, LineCollection):
            found += [_drawn(ax, group.get_transform(), part, size) for part in group.get_segments()]
        elif isinstance(group, PathCollection):
            found += [
                _drawn(ax, group.get_offset_transform(), [dot], size)
                for dot in np.asarray(group.get_offsets())
            ]
    return found


def _box_of(ax: Axes, text: Any, points: float, size: FloatArray) -> _Box:
    from matplotlib.text import Text

    box = Text.get_window_extent(text)  # without an arrow
    center = ax.transAxes.inverted().transform([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    return _Box(center * size, np.array([box.width, box.height]) * points / 2)


def _half_size(ax: Axes, words: str, fontsize: float) -> FloatArray:
    trial = ax.text(0.5, 0.5, words, fontsize=fontsize)
    box = trial.get_window_extent()
    trial.remove()
    return np.array([box.width, box.height]) / 2


def _distance(centers: FloatArray, half: FloatArray, points: FloatArray) -> FloatArray:
    """Return how far boxes are from the next of the `points`."""
    if not len(points):
        return np.full(len(centers), np.inf)
    beyond = np.maximum(np.abs(points - centers[:, None]) - half, 0)
    return np.hypot(beyond[..., 0], beyond[..., 1]).min(axis=1)


def _best_place(
    walk: FloatArray, half: FloatArray, gap: float, strangers: FloatArray, taken: list[_Box], size: FloatArray
) -> tuple[Place, _Box]:
    """Return the place with most room that lies beside the curve and nearer to it than to any other."""
    inside = walk[((walk >= 0) & (walk <= size)).all(axis=1)]
    anchors = (inside if len(inside) else np.array([size / 2]))[:: max(1, len(inside) // 80)]
    best: tuple[float, Place, _Box] | None = None
    for rank, side in enumerate(SIDES):
        held = anchors + gap * np.array(side) / np.hypot(*side)
        centers = held + half * side
        own = _distance(centers, half, walk)
        room = _distance(centers, half, strangers)
        for box in taken:
            room = np.minimum(room, _distance(centers, half + box.half, box.center[None]))
        outside = np.maximum(np.abs(centers - size / 2) + half - size / 2, 0).sum(axis=1)
        cramped = np.maximum(0.8 * gap - own, 0) + np.maximum(1.5 * own - room, 0)
        touching = np.minimum(own, room) < 1
        middle = np.abs(centers[:, 0] / size[0] - 0.6)
        alone = np.minimum(_distance(anchors, np.zeros(2), strangers), ENOUGH)  # it is clear which is meant
        score = (
            np.minimum(room, ENOUGH)
            - 5 * cramped
            - 50 * touching
            - 20 * outside
            - 0.4 * rank
            - 3 * middle
            + alone
        )
        top = int(score.argmax())
        if best is None or score[top] > best[0]:
            x, y = (float(share) for share in held[top] / size)
            place = Place(x, y, HORIZONTAL[side[0]], VERTICAL[side[1]])
            best = float(score[top]), place, _Box(centers[top], half)
    assert best is not None
    return best[1:]
