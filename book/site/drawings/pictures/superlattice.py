"""A superlattice in perspective, and one of its crystals as a site with two levels."""

from drawings.kit import THIN, Drawing

CUBE, STEP, DEPTH = 36, 50, 0.42


def draw():
    sheet = Drawing(
        "A crystal made of crystals",
        """Eighteen cubes stand in a regular stack, three wide, three high and two deep, seen a little from
        above and from the right. Each is a nanocrystal of cesium lead bromide, 8 to 9.5 nanometers wide.
        Short hairs in the gaps between them are the ligands; no electron crosses them. The distance from
        the center of one cube to the center of the next is the lattice constant a, about 10 to 12
        nanometers. One cube is excited. Two lines lead from it to what the book makes of it: a site with
        two levels, the ground state g below and the excited state e above, 2.5 electronvolts apart.""",
        252,
    )
    left, bottom = 16, 206
    back = STEP * DEPTH
    for layer in (1, 0):
        for row in range(3):
            for column in range(3):
                x, y = left + STEP * column + back * layer, bottom - STEP * row - back * layer
                excited = (layer, row, column) == (0, 1, 2)
                sheet.cube(
                    x,
                    y,
                    CUBE,
                    depth=DEPTH,
                    fill="wave" if excited else "quiet",
                    opacity=0.55 if excited else 0.14,
                    width=THIN,
                )
    ligands(sheet, left, bottom)
    centers = left + CUBE / 2, left + STEP + CUBE / 2
    for x in centers:
        sheet.line(x, bottom - 8, x, bottom + 16, "quiet", width=THIN)
    sheet.arrow(centers[0], bottom + 16, centers[1], bottom + 16, both=True)
    sheet.text(sum(centers) / 2, bottom + 34, "*a* ≈ 10–12 nm", anchor="middle")
    sheet.arrow(156, 234, 110, 196, "quiet", width=THIN, size=6)
    sheet.text(150, 246, "ligands")

    x, low, high = 300, 172, 84  # the site
    corner = left + 2 * STEP + CUBE
    sheet.line(corner + 8, bottom - STEP - CUBE - 8, x - 36, high - 26, "wave", width=THIN, dash="2 4")
    sheet.line(corner + 4, bottom - STEP, x - 36, low + 16, "wave", width=THIN, dash="2 4")
    sheet.level(x, high, 56, "wave")
    sheet.level(x, low, 56)
    sheet.dot(x, high, "wave", 6)
    sheet.text(x + 34, high + 4, "*e*")
    sheet.text(x + 34, low + 4, "*g*")
    sheet.arrow(x - 16, low - 3, x - 16, high + 3, "light")
    sheet.text(x - 8, (low + high) / 2 + 5, "2.5 eV", "light")
    sheet.text(x, low + 34, "one crystal,", anchor="middle")
    sheet.text(x, low + 51, "one site", anchor="middle")
    return sheet


def ligands(sheet, left, bottom):
    """Draw hairs in the gaps between the cubes in front."""
    places = [(column, row) for row in range(3) for column in range(3)]
    for x, y in [(left + STEP * column, bottom - STEP * row) for column, row in places]:
        for part in (0.15, 0.38, 0.62, 0.85):
            if x < left + 2 * STEP:
                sheet.line(x + CUBE, y - part * CUBE, x + STEP, y - part * CUBE, width=0.8)
            if y > bottom - 2 * STEP:
                sheet.line(x + part * CUBE, y - CUBE, x + part * CUBE, y - STEP, width=0.8)
