"""Film, superlattice and crystal, and what heat does to the diffusion in each."""

import numpy as np

from drawings.kit import Drawing, Frame


def cubes(sheet, kind, left, top, side):
    if kind == "film":
        rng = np.random.default_rng(7)
        for x, y in ((8, 10), (42, 4), (70, 22), (22, 40), (56, 50), (4, 68), (36, 76), (72, 78)):
            turn = rng.uniform(0, np.pi / 2)
            corners = [
                (
                    left + x + 9 + 11 * np.cos(turn + k * np.pi / 2),
                    top + y + 9 + 11 * np.sin(turn + k * np.pi / 2),
                )
                for k in range(4)
            ]
            sheet.path(corners, closed=True, stroke="disorder", fill="paper")
    elif kind == "superlattice":
        for row in range(4):
            for column in range(4):
                sheet.rect(left + 26 * column, top + 26 * row, 17, 17, stroke="wave", fill="paper")
    else:
        sheet.rect(left, top, side, side, stroke="ink")
        for k in range(1, 10):
            sheet.line(left + side * k / 10, top, left + side * k / 10, top + side, "quiet", width=0.7)
            sheet.line(left, top + side * k / 10, left + side, top + side * k / 10, "quiet", width=0.7)


def draw():
    sheet = Drawing(
        "Film, superlattice, crystal",
        """Three samples of one material side by side, and under each how its diffusion constant goes with
        temperature. In the film, cubes lie at random in a polymer: excitons hop, heat helps, and D only
        rises. In the superlattice cubes stand in a regular lattice: D rises, has a maximum near 100
        kelvin, and falls. In the bulk crystal there are no cubes: carriers move in a band, heat scatters
        them, and D only falls. The axes of temperature end at 300 kelvin; the curves show shapes, not
        values.""",
        250,
    )
    side = 95
    T = np.linspace(0.06, 1, 60)  # in units of 300 K
    curves = {
        "film": np.exp(-0.5 / T) / np.exp(-0.5),
        "superlattice": np.exp(-0.6 / T) / (0.05 + T) ** 2.07,
        "crystal": 1 / (1 + 3 * T**1.5),
    }
    for column, (kind, color) in enumerate(
        (("film", "disorder"), ("superlattice", "wave"), ("crystal", "ink"))
    ):
        left = 12 + 120 * column
        sheet.text(left + side / 2, 20, kind, color, "middle")
        cubes(sheet, kind, left, 34, side)
        frame = Frame(left + 2, 226, side - 6, 58, (0, 1), (0, 1.1 * curves[kind].max()))
        sheet.axes(left, 226, side, 78, "", "*D*")
        sheet.curve(frame.x(T), frame.y(curves[kind]), color, width=2.6)
        sheet.text(left + side, 243, "*T*", "quiet", "end")
    return sheet
