"""The pen that all drawings share: one sheet, one stroke, one size of type, and things that come up again.

A sheet is 360 units wide, about a phone's column, and as high as its drawing needs; y grows downward. Labels
have a small markup: `*J*` is a symbol of a formula, `_s` and `^2` (or `_{max}`) are set low and high.
"""

import re
from xml.sax.saxutils import escape

import numpy as np

from .palette import variable

WIDTH = 360
STROKE, THIN, BOLD = 1.6, 1.0, 2.6
TYPE = 13.0
SMALL = 0.76  # indices, in parts of the type
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', sans-serif"
MATH = "KaTeX_Math, Cambria, 'Liberation Serif', serif"
UPRIGHT = "KaTeX_Main, Cambria, 'Liberation Serif', serif"
MARKUP = re.compile(r"\*(?P<symbol>[^*]+)\*|(?P<place>[_^])(?:\{(?P<group>[^}]*)\}|(?P<one>.))")


def number(value):
    """Return a coordinate as short as it can be: a tenth of a unit is finer than the eye."""
    return "0" if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")


def width_of(text, size=TYPE):
    """Return about how wide a label is, by the kinds of its letters."""
    plain = MARKUP.sub(lambda m: m["symbol"] or "\0" * len(m["group"] or m["one"]), text)
    kinds = {"\0": 0.45, **dict.fromkeys("iljtfrI.,:;'|!()[] ", 0.32), **dict.fromkeys("mwMW—", 0.86)}
    return size * sum(kinds.get(letter, 0.68 if letter.isupper() else 0.56) for letter in plain)


def spans(text):
    """Return a label's markup as SVG."""
    out, end, low = [], 0, 0.0

    def put(letters, attributes, shift):
        nonlocal low
        dy = shift - low
        low = shift
        moved = f' dy="{number(dy)}"' if dy else ""
        out.append(
            f"<tspan{moved}{attributes}>{escape(letters)}</tspan>" if moved or attributes else escape(letters)
        )

    for match in MARKUP.finditer(text):
        if match.start() > end:
            put(text[end : match.start()], "", 0.0)
        if match["symbol"]:
            upright = all(letter in "ΓΔΩΣΨ∞" for letter in match["symbol"])
            family = UPRIGHT if upright else MATH
            slant = "" if upright else ' font-style="italic"'
            put(match["symbol"], f' font-family="{family}" font-size="{number(TYPE * 1.12)}"{slant}', 0.0)
        else:
            shift = TYPE * (0.24 if match["place"] == "_" else -0.36)
            put(match["group"] or match["one"], f' font-size="{number(TYPE * SMALL)}"', shift)
        end = match.end()
    if end < len(text):
        put(text[end:], "", 0.0)
    return "".join(out)


class Drawing:
    """A sheet to draw on: its title, its text alternative, and a height in units."""

    def __init__(self, title, alternative, height):
        self.title, self.alternative, self.height = title, " ".join(alternative.split()), height
        self.parts, self.labels = [], []

    # --- strokes and areas

    def add(self, tag, *, stroke=None, fill=None, width=STROKE, dash=None, opacity=None, **attributes):
        """Put an element on the sheet; colors are names of the palette."""
        known = {"fill": variable(fill) if fill else "none"}
        if stroke:
            known |= {"stroke": variable(stroke), "stroke-width": number(width)}
        if dash:
            known["stroke-dasharray"] = dash
        if opacity is not None:
            known["opacity"] = f"{opacity:.2f}"
        for name, value in attributes.items():
            known[name] = value if isinstance(value, str) else number(value)
        self.parts.append(f"<{tag} " + " ".join(f'{name}="{value}"' for name, value in known.items()) + "/>")

    def path(self, points, *, closed=False, **style):
        """Join points by straight lines."""
        d = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + ("Z" if closed else "")
        self.add("path", d=d, **{"stroke-linejoin": "round", "stroke-linecap": "round"}, **style)

    def line(self, x1, y1, x2, y2, stroke="ink", **style):
        self.path([(x1, y1), (x2, y2)], stroke=stroke, **style)

    def curve(self, x, y, stroke="wave", **style):
        """Draw a computed curve."""
        self.path(list(zip(x, y, strict=True)), stroke=stroke, **style)

    def area(self, x, low, high, fill="wave", opacity=0.25):
        """Fill what lies between two curves; `low` may be one level."""
        low = np.broadcast_to(low, np.shape(x))
        points = [*zip(x, high, strict=True), *zip(x[::-1], low[::-1], strict=True)]
        self.path(points, closed=True, fill=fill, opacity=opacity)

    def bezier(self, *points, stroke="ink", **style):
        """Draw a cubic curve through four points, or a quadratic one through three."""
        first, *rest = [f"{number(x)} {number(y)}" for x, y in points]
        kind = "Q" if len(points) == 3 else "C"
        self.add(
            "path", d=f"M{first}{kind}{' '.join(rest)}", stroke=stroke, **{"stroke-linecap": "round"}, **style
        )

    def circle(self, x, y, r, **style):
        self.add("circle", cx=x, cy=y, r=r, **style)

    def dot(self, x, y, color="ink", r=4.0):
        self.circle(x, y, r, fill=color)

    def rect(self, x, y, across, down, **style):
        self.path([(x, y), (x + across, y), (x + across, y + down), (x, y + down)], closed=True, **style)

    # --- arrows

    def head(self, x, y, angle, color="ink", size=7.0):
        """Put the tip of an arrow at a point; the angle is that of its flight."""
        wings = [angle + np.pi - 0.42, angle + np.pi + 0.42]
        points = [(x, y), *[(x + size * np.cos(a), y + size * np.sin(a)) for a in wings]]
        self.path(points, closed=True, fill=color)

    def arrow(self, x1, y1, x2, y2, color="ink", *, width=STROKE, both=False, size=7.0, **style):
        """Draw a straight arrow, or one with two tips."""
        angle = float(np.arctan2(y2 - y1, x2 - x1))
        back = 0.7 * size
        dx, dy = back * np.cos(angle), back * np.sin(angle)
        start = (x1 + dx, y1 + dy) if both else (x1, y1)
        self.path([start, (x2 - dx, y2 - dy)], stroke=color, width=width, **style)
        self.head(x2, y2, angle, color, size)
        if both:
            self.head(x1, y1, angle + np.pi, color, size)

    def bow(self, x1, y1, x2, y2, lift, color="ink", *, width=STROKE, both=False, **style):
        """Draw an arrow that bends: `lift` is how far its middle lies to the left of its way."""
        x1, y1, x2, y2 = map(float, (x1, y1, x2, y2))
        length = np.hypot(x2 - x1, y2 - y1)
        nx, ny = (y2 - y1) / length, -(x2 - x1) / length
        mid = ((x1 + x2) / 2 + 2 * lift * nx, (y1 + y2) / 2 + 2 * lift * ny)
        self.bezier((x1, y1), mid, (x2, y2), stroke=color, width=width, **style)
        self.head(x2, y2, float(np.arctan2(y2 - mid[1], x2 - mid[0])), color)
        if both:
            self.head(x1, y1, float(np.arctan2(y1 - mid[1], x1 - mid[0])), color)

    def photon(self, x1, y1, x2, y2, color="light", *, waves=4, height=4.0):
        """Draw a wiggling arrow: a photon."""
        angle = float(np.arctan2(y2 - y1, x2 - x1))
        length = np.hypot(x2 - x1, y2 - y1) - 7
        s = np.linspace(0, 1, 12 * waves + 1)
        across = height * np.sin(2 * np.pi * waves * s)
        x = x1 + s * length * np.cos(angle) - across * np.sin(angle)
        y = y1 + s * length * np.sin(angle) + across * np.cos(angle)
        self.curve(x, y, color)
        self.head(x2, y2, angle, color)

    # --- letters

    def text(self, x, y, words, color="ink", anchor="start"):
        """Set a label with its baseline at y; it keeps its distance from what lies under it."""
        name = color if color in ("ink", "quiet") else f"{color}-text"
        self.parts.append(
            f'<text x="{number(x)}" y="{number(y)}" fill="{variable(name)}" text-anchor="{anchor}"'
            f' stroke="{variable("paper")}" stroke-width="4" stroke-linejoin="round" paint-order="stroke">'
            f"{spans(words)}</text>"
        )
        wide = width_of(words)
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        self.labels.append((words, (left, y - 0.78 * TYPE, left + wide, y + 0.26 * TYPE)))

    # --- things

    def level(self, x, y, length=26.0, color="ink", **style):
        """Draw the level of a site, centered at x."""
        self.line(x - length / 2, y, x + length / 2, y, color, **({"width": BOLD} | style))

    def axes(self, x, y, width, height, across="", up="", color="quiet"):
        """Draw two axes from the corner (x, y) with their names at the ends."""
        self.arrow(x, y, x + width, y, color, width=THIN, size=6)
        self.arrow(x, y, x, y - height, color, width=THIN, size=6)
        if across:
            self.text(x + width, y + 16, across, "quiet", "end")
        if up:
            self.text(x + 8, y - height + 8, up, "quiet")

    def spring(self, x1, x2, y, color="ink", *, turns=6, height=5.0, **style):
        """Draw a spring from x1 to x2."""
        x = np.linspace(x1 + 5, x2 - 5, 2 * turns + 1)
        up = y + height * np.where(np.arange(2 * turns + 1) % 2, 1, -1) * np.r_[0, np.ones(2 * turns - 1), 0]
        self.path([(x1, y), *zip(x, up, strict=True), (x2, y)], stroke=color, **style)

    def cube(self, x, y, size, *, depth=0.42, fill=None, stroke="ink", opacity=0.3, **style):
        """Draw a cube: its front's lower left corner at (x, y), its depth going up to the right."""
        d = depth * size
        front = [(x, y), (x + size, y), (x + size, y - size), (x, y - size)]
        top = [front[3], front[2], (x + size + d, y - size - d), (x + d, y - size - d)]
        side = [front[1], (x + size + d, y - d), top[2], front[2]]
        for face, shade in ((front, opacity), (top, 0.5 * opacity), (side, 1.5 * opacity)):
            self.path(face, closed=True, fill="paper")
            if fill:
                self.path(face, closed=True, fill=fill, opacity=shade)
            self.path(face, closed=True, stroke=stroke, **style)

    # --- the sheet

    def svg(self, name):
        """Return the sheet as SVG; `name` makes its ids its own on a page.

        Sphinx, which marks the words that a search was for, would end in an error at one in a title.
        """
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {number(self.height)}"'
            f' aria-labelledby="drawing-{name}-title drawing-{name}-text"'
            f' font-family="{FONT}" font-size="{number(TYPE)}">'
            f'<title class="nohighlight" id="drawing-{name}-title">{escape(self.title)}</title>'
            f'<desc class="nohighlight" id="drawing-{name}-text">{escape(self.alternative)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )


class Frame:
    """A place on the sheet for a curve: turns data into coordinates."""

    def __init__(self, x, y, width, height, across, up):
        """(x, y) is the lower left corner; `across` and `up` are the (least, largest) values of the data."""
        self.box, self.across, self.up = (x, y, width, height), across, up

    def x(self, value):
        x, _, width, _ = self.box
        return x + width * (np.asarray(value, float) - self.across[0]) / (self.across[1] - self.across[0])

    def y(self, value):
        _, y, _, height = self.box
        return y - height * (np.asarray(value, float) - self.up[0]) / (self.up[1] - self.up[0])
