"""The band of a ring and its bright state, for both signs of J."""

import numpy as np

from drawings.kit import THIN, Drawing, Frame


def draw():
    sheet = Drawing(
        "The bright state stands at one end of the band",
        """Two bands of a ring of twelve sites, energy against wave number q. On the left J is negative,
        dipoles head to tail: the band is lowest at q = 0, where all dipoles swing in phase, and this
        one state takes all the light. The line lies below the energy of a single site, to the red by
        twice the magnitude of J. On the right J is positive, dipoles side by side: the same state at q
        = 0 is the highest, and the line lies to the blue. The other eleven states are dark.""",
        250,
    )
    q = np.linspace(-np.pi, np.pi, 61)
    states = np.pi * np.arange(-5, 7) / 6
    for left, sign, name, shift in ((18, -1, "*J* < 0", "red"), (196, 1, "*J* > 0", "blue")):
        frame = Frame(left, 172, 146, 112, (-np.pi, np.pi), (-2, 2))
        sheet.line(left, 116, left + 146, 116, "quiet", width=THIN, dash="2 4")
        sheet.curve(frame.x(q), frame.y(2 * sign * np.cos(q)), "wave", width=THIN)
        for k in states:
            x, y = float(frame.x(k)), float(frame.y(2 * sign * np.cos(k)))
            if abs(k) > 1e-9:
                sheet.circle(x, y, 3.5, stroke="wave", fill="paper")
        x, y = float(frame.x(0)), float(frame.y(2 * sign))
        sheet.circle(x, y, 12, fill="light", opacity=0.35)
        sheet.dot(x, y, "light", 6)
        sheet.text(x, 22, name, "wave", "middle")
        sheet.arrow(x, 116, x, y - 9 * np.sign(y - 116), "light")
        sheet.text(x, 106 if sign < 0 else 134, "2|*J* |", "light", "middle")
        sheet.text(x, 208, f"to the {shift}", "light", "middle")
        for n in range(6):  # dipoles in phase
            tail = left + 13 + 21 * n if sign < 0 else left + 20 + 21 * n
            if sign < 0:
                sheet.arrow(tail, 232, tail + 16, 232, size=6)
            else:
                sheet.arrow(tail, 241, tail, 224, size=6)
    sheet.text(180, 120, "*E*", "quiet", "middle")
    return sheet
