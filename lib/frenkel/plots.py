"""Figures in one house style: every plot takes data and ``ax=None`` and returns the Axes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ._free_places import Place, free_places
from ._types import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from .states.sample_card import SampleCard

# Okabe and Ito's palette, ordered for contrast on light and on dark pages; safe for color-blind readers.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")

# A line that curves are compared with: zero, a bound, free flight. A page that inverts it must still show it.
GUIDE: dict[str, Any] = {"color": "0.35", "lw": 1.2, "ls": ":", "zorder": 1.5}

NAME_SIZE = 9.0  # points, of the name of a curve

_INK = {"light": "#1b1f23", "dark": "#e6e6e6"}
_PAPER = {"light": "#ffffff", "dark": "#14181e"}


def style(theme: str = "light") -> dict[str, Any]:
    """Return the house style for a page `theme` ("light" or "dark") as Matplotlib settings.

    Use it as ``with matplotlib.rc_context(style()): ...`` or ``matplotlib.rcParams.update(style())``.
    """
    from cycler import cycler

    ink, paper = _INK[theme], _PAPER[theme]
    return {
        "axes.prop_cycle": cycler(color=PALETTE),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": ink,
        "axes.labelcolor": ink,
        "axes.facecolor": paper,
        "axes.titlesize": 10,
        "axes.labelsize": 10,
        "figure.facecolor": paper,
        "figure.constrained_layout.use": True,
        "font.size": 9.5,
        "grid.alpha": 0.25,
        "legend.frameon": False,
        "lines.dotted_pattern": (1.6, 1.6),  # longer dots than Matplotlib's, which are faint on dark paper
        "lines.linewidth": 1.8,
        "savefig.facecolor": paper,
        "text.color": ink,
        "xtick.color": ink,
        "ytick.color": ink,
    }


def sample_cards(cards: Iterable[SampleCard], *, ax: Axes | None = None) -> Axes:
    """Draw |J|, Δ and ħΓ(T) of samples under every reading on one axis of energy; return the Axes.

    A row for each card, the first one labeled: circles for the readings of |J|, full for the one that the
    book holds to be the best founded; diamonds for Δ, open if read directly, full if corrected for exchange
    narrowing with the printed |J|; a bar for ħΓ from 50 to 298 K. Gray: k_BT over the same temperatures.
    """
    import matplotlib.pyplot as plt

    from .states.sample_card import BEST, COUPLINGS
    from .units import thermal_energy

    ax = ax or plt.gca()
    cards = list(cards)
    cold, warm = 50.0, 298.0  # K
    ax.axvspan(float(thermal_energy(cold)), float(thermal_energy(warm)), color="0.5", alpha=0.15, lw=0)
    for row, card in enumerate(cards):
        marks = [
            (card.readings[name, "direct"].coupling, "o", PALETTE[0], name == BEST[0], f"|J|\n{name}")
            for name in COUPLINGS
        ]
        for name in ("direct", "narrowed"):
            disorder = card.readings["as printed", name].disorder
            marks.append((disorder, "D", PALETTE[1], name == "narrowed", f"Δ\n{name}"))
        for energy, marker, color, full, words in marks:
            ax.plot(energy.value, row, marker, color=color, mfc=color if full else "none", ms=6)
            if row == 0:
                side = {"as printed": "left", "narrowed": "right"}.get(words.partition("\n")[2], "center")
                place: dict[str, Any] = {"ha": side, "va": "bottom", "textcoords": "offset points"}
                shift = {"left": -7, "right": 7, "center": 0}[side]
                lift = 28 if words == "Δ\ndirect" else 6  # above its neighbor's, which may begin left of it
                ax.annotate(words, (energy.value, row), (shift, lift), color=color, fontsize=8, **place)
        noise = card.dephasing([cold, warm])
        ax.plot(noise, [row + 0.3] * 2, color=PALETTE[4], lw=3.5, solid_capstyle="butt")
    ax.text(1.1 * float(cards[0].dephasing(warm)), 0.3, "ħΓ, 50 to 298 K", va="center", fontsize=8)
    corner: dict[str, Any] = {"va": "top", "transform": ax.get_xaxis_transform(), "fontsize": 8}
    ax.text(1.06 * float(thermal_energy(cold)), 0.98, r"$k_\mathrm{B}T$", **corner)
    ax.set(xscale="log", xlim=(0.4, 160), ylim=(len(cards) - 0.4, -1.8), xlabel="energy (meV)")
    ax.set_yticks(range(len(cards)), [card.name for card in cards])
    ax.set_xticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
    ax.set_xticks([], minor=True)
    return ax


def name_curves(ax: Axes, *, within: bool = False, apart: float = 0.075) -> None:
    """Write the label of every labeled line of `ax` beside it, in the color of the line.

    The words stand at the right end; where ends are closer than a share `apart` of the height, they move away
    from each other. Or they stand `within` the axes, where there is most room next to the line, clear of all
    that has been drawn so far, on a wide page and on a narrow one.
    """
    named = _labeled_lines(ax)
    lines = [line for line, _ in named]
    words = [label for _, label in named]
    if within:
        places = free_places(ax, lines, words, NAME_SIZE)
    else:
        places = [Place(1.01, height, "left", "center") for height in _heights_of_ends(ax, lines, apart)]
    for line, label, (x, y, ha, va) in zip(lines, words, places, strict=True):
        look: dict[str, Any] = {"color": _legible(line.get_color(), ax), "fontsize": NAME_SIZE}
        ax.text(x, y, label, ha=ha, va=va, transform=ax.transAxes, **look)


def _labeled_lines(ax: Axes) -> list[tuple[Line2D, str]]:
    """Return the lines of `ax` that have a label and a point, data with bars of errors among them."""
    from matplotlib.container import ErrorbarContainer

    of_bars = {
        group.lines[0]: group.get_label() for group in ax.containers if isinstance(group, ErrorbarContainer)
    }
    named = [(line, str(of_bars.get(line) or line.get_label())) for line in ax.lines]
    return [
        (line, label)
        for line, label in named
        if len(np.asarray(line.get_xydata())) and not label.startswith("_")
    ]


def _heights_of_ends(ax: Axes, lines: list[Line2D], apart: float) -> list[float]:
    """Return the heights of the last points, in shares of the axes, pushed apart where they are too close."""
    ends = [np.asarray(line.get_xydata(), dtype=float)[-1] for line in lines]
    heights = np.array([ax.transLimits.transform(ax.transScale.transform(end))[1] for end in ends])
    order = heights.argsort(kind="stable")
    for _ in range(50 * len(heights)):
        for low, high in pairwise(order):
            overlap = max(0.0, apart - (heights[high] - heights[low]))
            heights[low] -= overlap / 2
            heights[high] += overlap / 2
    return [float(height) for height in heights]


def _legible(color: Any, ax: Axes) -> tuple[float, float, float]:
    """Return a color mixed with that of text until its contrast to the paper is 4.5, as words need."""
    from matplotlib import rcParams
    from matplotlib.colors import to_rgb

    ink, mixed = np.array(to_rgb(rcParams["text.color"])), np.array(to_rgb(color))
    paper = _luminance(np.array(to_rgb(ax.get_facecolor())))
    for share in np.linspace(0, 1, 21):
        mixed = (1 - share) * np.array(to_rgb(color)) + share * ink
        dim, bright = sorted((paper, _luminance(mixed)))
        if (bright + 0.05) / (dim + 0.05) >= 4.5:
            break
    return (float(mixed[0]), float(mixed[1]), float(mixed[2]))


def _luminance(rgb: FloatArray) -> float:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
