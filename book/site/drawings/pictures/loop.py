"""A way that returns, and the same way backward: two amplitudes that are always in phase."""

import numpy as np

from drawings.kit import Drawing

PLACES = [(60, 128), (112, 62), (196, 46), (236, 104), (188, 164), (116, 176)]


def draw():
    sheet = Drawing(
        "A loop and its time reverse",
        """From one site a wave sets out along a loop, scattered at five places, and returns. The same loop
        run backward is drawn beside it. Both ways have the same length and the same kicks, so the two
        waves come back in step, whatever the disorder is. Below, two equal arrows are put end to end:
        amplitudes add, two times the amplitude is four times the probability, where two unrelated ways
        would give twice. To return is twice as likely as it is for a marble; that holds the wave.""",
        262,
    )
    points = np.array(PLACES, float)
    inward = points.mean(0)
    for shift, order, color in ((5, 1, "wave"), (-5, -1, "ink")):
        ring = points + shift * (points - inward) / np.linalg.norm(points - inward, axis=1)[:, None]
        ring = ring[::order]
        for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            way = (b - a) / np.linalg.norm(b - a)
            sheet.arrow(
                *(a + 9 * way), *(b - 9 * way), color, size=8, dash=None if color == "wave" else "5 3"
            )
    for x, y in PLACES[1:]:
        sheet.dot(x, y, "disorder", 6)
    sheet.circle(*PLACES[0], 9, stroke="ink", fill="paper", width=2)
    sheet.text(44, 120, "start", anchor="end")
    sheet.text(252, 88, "one way", "wave")
    sheet.text(252, 106, "and back")
    y = 232
    sheet.arrow(60, y, 116, y, "wave", width=2.6, size=9)
    sheet.arrow(120, y, 176, y, "ink", width=2.6, size=9, dash="5 3")
    sheet.text(194, y + 4, "in step: |1 + 1|^2 = 4")
    return sheet
