"""A microscope that times its photons: spot, magnification, moving detector, clock."""

import numpy as np

from drawings.kit import THIN, Drawing

AXIS = 96
SPOT, LENS, PICTURE = 44, 122, 290  # places along the axis
ENLARGED = (PICTURE - LENS) / (LENS - SPOT)  # as drawn
HALF, LATER = 15, 20  # half the width of the spot, 300 nm, and a while later, 400 nm


def rays():
    """Return the rays of a thin lens that make the picture of the spot's edges: points from spot to picture.

    From each edge one goes straight through the middle of the lens, and one that is parallel to the axis is
    bent through the focus; they meet in the picture, upside down.
    """
    out = []
    for edge in (-HALF, HALF):
        start, end = (SPOT, AXIS + edge), (PICTURE, AXIS - ENLARGED * edge)
        out += [[start, (LENS, AXIS), end], [start, (LENS, AXIS + edge), end]]
    return out


def draw():
    sheet = Drawing(
        "From a spot to a clock",
        f"""A laser pulse makes a spot of excitons on the sample, about 300 nanometers wide. While the
        excitons live the spot widens, here by a hundred nanometers; a dashed ring around it shows that.
        Photons leave it, pass the lens, and make a picture. From each edge of the spot two rays are
        drawn. One goes straight through the middle of the lens, the other starts parallel to the axis and
        is bent; they meet in the picture, where above and below are exchanged. The picture is as many
        times larger as it is farther from the lens: {ENLARGED:.1f} times in the drawing, 120 times in the
        experiment. A small detector is moved across the picture in steps. For every photon it notes where
        it stood and, from a clock that the pulse started, when the photon came. Place and time together
        give the width of the spot against time.""",
        262,
    )
    for r, opacity in ((LATER, 0.2), (HALF, 0.55)):
        sheet.add("ellipse", cx=SPOT, cy=AXIS, rx=r * 0.45, ry=r, fill="light", opacity=opacity)
    sheet.add("ellipse", cx=SPOT, cy=AXIS, rx=LATER * 0.45, ry=LATER, stroke="wave", width=THIN, dash="3 3")
    for way in (-1, 1):
        sheet.arrow(SPOT, AXIS + (LATER + 3) * way, SPOT, AXIS + (LATER + 18) * way, "wave", size=6)
    sheet.text(SPOT, 20, "spot", "light", "middle")
    lens = np.linspace(-1, 1, 31)
    bulge = 9 * (1 - lens**2)
    right = zip(LENS + bulge, AXIS + 42 * lens, strict=True)
    left = zip(LENS - bulge[::-1], AXIS + 42 * lens[::-1], strict=True)
    sheet.path([*right, *left], closed=True, stroke="ink", fill="paper")
    sheet.text(LENS, 38, "lens", anchor="middle")
    y = np.linspace(-70, 70, 71)
    half = ENLARGED * HALF  # where the picture has half of its brightness
    profile = 40 * 0.5 ** ((y / half) ** 2)
    outline = list(zip(PICTURE + profile, AXIS + y, strict=True))
    sheet.path([(PICTURE, AXIS - 70), *outline, (PICTURE, AXIS + 70)], closed=True, fill="light", opacity=0.3)
    sheet.path(outline, stroke="light")
    for ray in rays():
        sheet.path(ray, stroke="light", width=THIN)
    sheet.text(310, 20, "picture", "light", "middle")
    sheet.text(214, 38, "× 120", "light", "middle")
    sheet.rect(334, AXIS - 8, 14, 16, fill="paper", stroke="ink")
    sheet.arrow(341, AXIS + 12, 341, AXIS + 44, size=6)
    sheet.arrow(341, AXIS - 12, 341, AXIS - 44, size=6)
    sheet.text(352, AXIS + 92, "moving detector", anchor="end")
    x, y = 220, 224  # the clock
    sheet.circle(x, y, 22, stroke="ink")
    sheet.line(x, y, x, y - 16)
    sheet.arrow(x, y, x + 14, y + 6, "light", size=6)
    sheet.path([(341, AXIS + 100), (341, y), (x + 30, y)], stroke="quiet", width=THIN)
    sheet.head(x + 26, y, np.pi, "quiet", 6)
    sheet.path([(SPOT, AXIS + 100), (SPOT, y), (x - 26, y)], stroke="quiet", width=THIN)
    sheet.head(x - 25, y, 0.0, "quiet", 6)
    sheet.text(52, AXIS + 92, "pulse", "light")
    sheet.text(60, y - 8, "start", "quiet")
    sheet.text(258, y - 8, "stop", "quiet")
    return sheet
