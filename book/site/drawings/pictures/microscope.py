"""A microscope that times its photons: spot, magnification, moving detector, clock."""

import numpy as np

from drawings.kit import THIN, Drawing


def draw():
    sheet = Drawing(
        "From a spot to a clock",
        """A laser pulse makes a spot of excitons on the sample, about 300 nanometers wide. While the
        excitons live the spot widens by a hundred nanometers, a ring around it shows. Photons leave it,
        pass the lens, and make a picture that is 120 times as large. A small detector is moved across
        the picture in steps. For every photon it notes where it stood and, from a clock that the pulse
        started, when the photon came. Place and time together give the width of the spot against time.""",
        262,
    )
    axis = 96
    for r, opacity in ((30, 0.2), (20, 0.55)):
        sheet.add("ellipse", cx=44, cy=axis, rx=r * 0.45, ry=r, fill="light", opacity=opacity)
    sheet.add(
        "ellipse",
        cx=44,
        cy=axis,
        rx=30 * 0.45,
        ry=30,
        stroke="wave",
        width=THIN,
        **{"stroke-dasharray": "3 3"},
    )
    sheet.arrow(44, axis + 22, 44, axis + 38, "wave", size=6)
    sheet.arrow(44, axis - 22, 44, axis - 38, "wave", size=6)
    sheet.text(44, 20, "spot", "light", "middle")
    for end in (-1, 1):  # rays through the lens
        sheet.path(
            [(44, axis + 20 * end), (122, axis - 6 * end), (282, axis - 58 * end)],
            stroke="light",
            width=THIN,
            opacity=0.8,
        )
    lens = np.linspace(-1, 1, 31)
    bulge = 9 * (1 - lens**2)
    sheet.path(
        [
            *zip(122 + bulge, axis + 42 * lens, strict=True),
            *zip(122 - bulge[::-1], axis + 42 * lens[::-1], strict=True),
        ],
        closed=True,
        stroke="ink",
        fill="paper",
    )
    sheet.text(122, 38, "lens", anchor="middle")
    sheet.text(196, axis + 5, "× 120", "light", "middle")
    y = np.linspace(-70, 70, 71)
    profile = 40 * np.exp(-(y**2) / (2 * 27.0**2))
    outline = list(zip(290 + profile, axis + y, strict=True))
    sheet.path([(290, axis - 70), *outline, (290, axis + 70)], closed=True, fill="light", opacity=0.3)
    sheet.path(outline, stroke="light")
    sheet.text(310, 20, "picture", "light", "middle")
    sheet.rect(334, axis - 8, 14, 16, fill="paper", stroke="ink")
    sheet.arrow(341, axis + 12, 341, axis + 44, size=6)
    sheet.arrow(341, axis - 12, 341, axis - 44, size=6)
    sheet.text(352, axis + 92, "moving detector", anchor="end")
    x, y = 220, 224  # the clock
    sheet.circle(x, y, 22, stroke="ink")
    sheet.line(x, y, x, y - 16)
    sheet.arrow(x, y, x + 14, y + 6, "light", size=6)
    sheet.path([(341, axis + 100), (341, y), (x + 30, y)], stroke="quiet", width=THIN)
    sheet.head(x + 26, y, np.pi, "quiet", 6)
    sheet.path([(44, axis + 100), (44, y), (x - 26, y)], stroke="quiet", width=THIN)
    sheet.head(x - 25, y, 0.0, "quiet", 6)
    sheet.text(52, axis + 92, "pulse", "light")
    sheet.text(60, y - 8, "start", "quiet")
    sheet.text(258, y - 8, "stop", "quiet")
    return sheet
