"""A color for each phase of a wave."""

import numpy as np

from . import artists

_TURN = np.linspace(0, 2 * np.pi, 13)
_HUES = np.stack([0.55 + 0.4 * np.cos(_TURN + shift) for shift in (0, -2.1, 2.1)], axis=1)


def colors(phases):
    """Return RGB, shape (..., 3), of nearly the same lightness all around, and no color of the palette."""
    return np.stack([np.interp(phases % (2 * np.pi), _TURN, hue) for hue in _HUES.T], axis=-1)


def key(ax, x, y, width, height=0.05):
    """Draw all hues from x over a `width`, around y, and the word for what they say behind them."""
    phases = np.linspace(0, 2 * np.pi, 25)[:-1]
    step = width / len(phases)
    places = x + step * (np.arange(len(phases)) + 0.5)
    artists.image(ax, "hues", places, y + np.array([-0.25, 0.25]) * height, np.stack(2 * [colors(phases)]))
    artists.text(ax, "phase", x + 1.15 * width, y, "phase", va="center_baseline", fontsize=8.5)


def mean(ax, x, y, width, words):
    """Draw a sample of the thick line in ink that is a mean, and behind it `words`, on two lines."""
    artists.line(ax, "sample", [x, x + width], [y, y], color=artists.ink(), lw=1.8)
    artists.text(ax, "mean", x + 1.3 * width, y + 0.06, words, va="top", fontsize=8.5, linespacing=1.0)


def shades(psi):
    """Return RGBA of amplitudes, in bytes: phase as color, and the more of it the larger they are.

    The largest has its full color, so that a wave that has become thin is seen as well on either paper, and a
    hundredth of its probability a quarter.
    """
    cover = (abs(psi) / abs(psi).max()) ** 0.6
    rgba = np.concatenate([colors(np.angle(psi)), cover[..., None]], axis=-1)
    return np.rint(255 * rgba).astype(np.uint8)
