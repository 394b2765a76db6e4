"""Photon recycling: an exciton moves by being emitted and caught again."""

import itertools

import numpy as np

from drawings.kit import THIN, Drawing


def draw():
    sheet = Drawing(
        "Light that comes back",
        """Eighty cubes in five long rows, nearly all of them empty. One is excited and emits a photon, which
        flies over many cubes until another absorbs it; this one emits again, and so on, each flight a
        long one in a random direction. The third photon leaves the sample at the top and is lost. The
        exciton has moved far without a single hop between neighbors. The mean length of a flight is one
        over alpha, alpha being the absorption.""",
        200,
    )
    size, step, left, top = 12, 20, 22, 62
    for row in range(5):
        for column in range(16):
            sheet.rect(left + step * column, top + step * row, size, size, stroke="quiet", width=THIN)
    stops = [(2, 3), (8, 1), (12, 4)]
    centers = [(left + step * c + size / 2, top + step * r + size / 2) for c, r in stops]
    for x, y in centers:
        sheet.rect(x - size / 2, y - size / 2, size, size, fill="light", stroke="light")
    for (x1, y1), (x2, y2) in itertools.pairwise(centers):
        way = np.array([x2 - x1, y2 - y1]) / np.hypot(x2 - x1, y2 - y1)
        sheet.photon(x1 + 10 * way[0], y1 + 10 * way[1], x2 - 9 * way[0], y2 - 9 * way[1], waves=7)
    x, y = centers[-1]
    sheet.photon(x + 3, y - 10, x + 30, 22, waves=7)
    sheet.text(x + 22, 20, "lost", "light", "end")
    sheet.text(centers[0][0] - 4, 184, "emitted", "light", "middle")
    sheet.text(centers[1][0], 48, "caught, emitted again", "light", "middle")
    sheet.text(centers[2][0], 184, "and again", "light", "middle")
    return sheet
