"""Two dipoles in each other's field, head to tail and side by side; the lines of the field are computed."""

import numpy as np

from drawings.kit import THIN, Drawing

FIELD = 36.0  # length of an arrow of the field μ/r³


def field(angle):
    """Return the field at a place to the right of a dipole at an angle, 3(n·μ)n − μ, in units of μ/r³."""
    dipole, n = np.array([np.cos(angle), np.sin(angle)]), np.array([1.0, 0.0])
    return 3 * (n @ dipole) * n - dipole


def field_lines(sheet, x, y, angle, reach):
    """Draw lines of a dipole's field: r = c sin²θ about its axis, for a few c."""
    for c in reach:
        for side in (1, -1):
            theta = np.linspace(0.36, np.pi - 0.36, 61)
            r = c * np.sin(theta) ** 2
            along, across = r * np.cos(theta), side * r * np.sin(theta)
            px = x + along * np.cos(angle) - across * np.sin(angle)
            py = y - along * np.sin(angle) - across * np.cos(angle)
            sheet.curve(px, py, "light", width=THIN, opacity=0.9)
            middle = len(theta) // 2  # abreast of the dipole the field runs backward
            sheet.head(px[middle], py[middle], np.pi - angle, "light", 6)


def dipole(sheet, x, y, angle, color="ink"):
    dx, dy = 20 * np.cos(angle), -20 * np.sin(angle)
    sheet.arrow(x - dx, y - dy, x + dx, y + dy, color, width=3.4, size=12)


def field_arrow(sheet, x, y, angle):
    """Draw the field that the left dipole makes at the right one, beside the latter, centered at (x, y)."""
    dx, dy = FIELD / 2 * field(angle)
    sheet.arrow(x - dx, y + dy, x + dx, y - dy, "light", width=THIN)


def draw():
    sheet = Drawing(
        "Two dipoles, head to tail and side by side",
        """Upper half: a dipole points to the right, and its field lines leave its head, bend round and
        return to its tail. On its axis the field points along the dipole, and a second dipole that lies
        there, head to tail, points along the field: kappa is minus two, J is negative, the two attract.
        Lower half: the dipole points up. Beside it, at the same distance, the field points down and is
        half as strong. A second dipole that stands there, side by side, points against the field: kappa
        is plus one, J is positive, the two repel. Next to each second dipole an arrow is the field at its
        place; the lower arrow is half as long as the upper one.""",
        332,
    )
    y = 84
    field_lines(sheet, 134, y, 0.0, (44, 70))
    dipole(sheet, 134, y, 0.0)
    dipole(sheet, 246, y, 0.0)
    field_arrow(sheet, 246, y + 14, 0.0)
    sheet.text(246, y - 22, "*κ* = −2", anchor="middle")
    sheet.text(290, y + 4, "*J* < 0")
    sheet.text(246, y + 34, "along the field", "light", "middle")
    y = 250
    field_lines(sheet, 134, y, np.pi / 2, (40, 68, 112))
    dipole(sheet, 134, y, np.pi / 2)
    dipole(sheet, 246, y, np.pi / 2)
    field_arrow(sheet, 260, y, np.pi / 2)
    sheet.text(290, y - 14, "*κ* = +1")
    sheet.text(290, y + 14, "*J* > 0")
    sheet.text(302, y + 48, "against the field", "light", "middle")
    return sheet
