"""Two displaced parabolas: the barrier of a hop whose surroundings must rearrange."""

import numpy as np

from drawings.kit import THIN, Drawing, Frame

SHIFT = 1.0  # reorganization energy λ = SHIFT² with parabolas q²/1


def draw():
    sheet = Drawing(
        "Two displaced parabolas",
        """Energy against a coordinate of the surroundings. Two equal parabolas stand side by side: exciton
        here, exciton there. Each has its minimum where the surroundings have adapted to it. To hop
        without a change of the surroundings would cost the reorganization energy lambda, the height of
        the other parabola above the first minimum. It is cheaper to wait until heat has brought both to
        the crossing halfway, a quarter of lambda above the minima: there the exciton changes over.""",
        246,
    )
    frame = Frame(24, 200, 312, 168, (-1.05, 2.05), (-0.12, 1.3))
    q = np.linspace(-1.05, 1.12, 61)
    sheet.arrow(24, 218, 346, 218, "quiet", width=THIN, size=6)
    sheet.text(346, 236, "surroundings", "quiet", "end")
    sheet.curve(frame.x(q), frame.y(q**2), "ink", width=2)
    sheet.curve(frame.x(1 - q), frame.y(q**2), "ink", width=2)
    zero, one, half = (float(frame.x(v)) for v in (0, 1, 0.5))
    y0, y1, yc = (float(frame.y(v)) for v in (0, 1, 0.25))
    sheet.arrow(zero, y0, zero, y1)
    sheet.text(zero - 8, y1 + 40, "*λ*_r", anchor="end")
    sheet.line(zero, y0, half + 26, y0, "quiet", width=THIN, dash="2 4")
    sheet.arrow(half, y0, half, yc + 2, "noise", both=True, size=6)
    sheet.text(half, y0 + 16, "*λ*_r/4", "noise", "middle")
    sheet.bow(zero + 22, y0 - 12, half - 12, yc - 10, 4, "noise")
    sheet.bow(half + 12, yc - 10, one - 22, y0 - 12, 4, "hop")
    sheet.text(18, 48, "here", "ink")  # each at the outer branch of its parabola
    sheet.text(342, 48, "there", "ink", "end")
    return sheet
