"""Annihilation widens a profile although nothing moves."""

import numpy as np

from drawings.kit import THIN, Drawing, Frame


def draw():
    sheet = Drawing(
        "A crowd that thins in the middle",
        """Left: where two excitons meet, one is left. Right: a bell-shaped profile of a crowd and, below
        it, the same profile a while later, computed without any motion: most are lost where most are,
        in the middle, so that the top is flattened. Dashed, the later profile is scaled to the height
        of the first: it is wider. A microscope would call that diffusion.""",
        214,
    )
    for y, pair in ((70, True), (150, False)):
        sheet.dot(52 if pair else 68, y, "wave", 8)
        if pair:
            sheet.dot(84, y, "wave", 8)
    sheet.arrow(68, 92, 68, 132)
    sheet.text(68, 44, "two meet", anchor="middle")
    sheet.text(68, 184, "one is left", anchor="middle")
    x = np.linspace(-3, 3, 121)
    before = np.exp(-(x**2) / 2)
    after = before / (1 + 2.5 * before)  # dn/dt = −k n², everywhere by itself
    frame = Frame(136, 186, 210, 140, (-3, 3), (0, 1.05))
    sheet.line(136, 186, 346, 186, "quiet", width=THIN)
    sheet.area(frame.x(x), 186, frame.y(after), "wave", 0.3)
    sheet.curve(frame.x(x), frame.y(before), "wave")
    sheet.curve(frame.x(x), frame.y(after), "wave", width=2.6)
    sheet.curve(frame.x(x), frame.y(after / after.max()), "noise", dash="5 4")
    sheet.text(241, 34, "before", "wave", "middle")
    sheet.text(241, 172, "after", "wave", "middle")
    sheet.text(346, 74, "scaled", "noise", "end")
    sheet.text(346, 91, "up", "noise", "end")
    return sheet
