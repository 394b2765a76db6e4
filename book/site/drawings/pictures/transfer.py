"""A transfer matrix turns a vector and stretches it; a product of many makes it grow."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing


def draw():
    sheet = Drawing(
        "A transfer matrix turns and stretches",
        """Left: a circle of vectors. One site of the chain turns it and stretches it to an ellipse of the
        same area: in one direction vectors grow, across it they shrink. A vector follows, turned and
        longer. Right: the length of one vector along a chain of eighty sites, drawn on a logarithmic
        axis. It goes up and down, and on average it grows in proportion to the number of sites: the
        slope is gamma, one over the localization length.""",
        222,
    )
    radius, y = 34, 76
    angles = np.linspace(0, 2 * np.pi, 73)
    circle = np.array([np.cos(angles), np.sin(angles)])
    U = np.array([[0.9, -1.0], [1.0, 0.0]])
    image = U @ circle
    vector = np.array([np.cos(0.15), np.sin(0.15)])
    for x, points, arrow in ((52, circle, vector), (158, image, U @ vector)):
        sheet.path(
            list(zip(x + radius * points[0], y - radius * points[1], strict=True)),
            closed=True,
            stroke="quiet",
            width=THIN,
        )
        sheet.arrow(x, y, x + radius * arrow[0], y - radius * arrow[1], "wave", width=2.6, size=9)
    sheet.arrow(92, y, 112, y)
    sheet.text(102, y - 8, "*U*_n", "disorder", "middle")
    sheet.text(52, 146, "before", "quiet", "middle")
    sheet.text(158, 146, "after a site", "quiet", "middle")
    energies = frenkel.site_energies(80, 1.0, rng=3)
    z, logs = np.array([1.0, 0.0]), [0.0]
    for energy in energies:
        z = np.array([[0.5 - energy, -1.0], [1.0, 0.0]]) @ z
        logs.append(np.log(np.hypot(*z)))
    logs = np.array(logs)
    x = 226 + 116 * np.arange(81) / 80
    scale = 100 / logs.max()
    sheet.axes(226, 140, 126, 124, "sites *n*", "")
    sheet.text(234, 20, "log length", "quiet")
    sheet.line(226, 140, 342, 140 - scale * 80 * (logs[-1] / 80), "ink", width=THIN, dash="4 4")
    sheet.curve(x, 140 - scale * logs, "wave")
    sheet.text(350, 122, "slope 1/*ξ*", anchor="end")
    return sheet
