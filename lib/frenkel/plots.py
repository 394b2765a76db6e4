"""Figures in one house style: every plot takes data and ``ax=None`` and returns the Axes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .states.sample_card import SampleCard

# Okabe and Ito's palette, ordered for contrast on light and on dark pages; safe for color-blind readers.
PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")

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
                lift = 17 if words == "Δ\ndirect" else 6  # a line higher: the next label begins above it
                ax.annotate(words, (energy.value, row), (shift, lift), color=color, fontsize=8, **place)
        noise = card.dephasing([cold, warm])
        ax.plot(noise, [row + 0.3] * 2, color=PALETTE[4], lw=3.5, solid_capstyle="butt")
    ax.text(1.1 * float(cards[0].dephasing(warm)), 0.3, "ħΓ, 50 to 298 K", va="center", fontsize=8)
    ax.text(float(thermal_energy(120.0)), -1.1, r"$k_\mathrm{B}T$", ha="center", fontsize=8)
    ax.set(xscale="log", xlim=(0.4, 160), ylim=(len(cards) - 0.4, -1.25), xlabel="energy (meV)")
    ax.set_yticks(range(len(cards)), [card.name for card in cards])
    ax.set_xticks([1, 3, 10, 30, 100], ["1", "3", "10", "30", "100"])
    ax.set_xticks([], minor=True)
    return ax


def name_curves(ax: Axes, *, apart: float = 0.075) -> None:
    """Write the label of every labeled line of `ax` beside its right end, in the color of the line.

    Where ends are closer than a share `apart` of the height, the words move away from each other.
    """
    ends = []  # (height as a share of the axes', line)
    for line in ax.lines:
        points = np.asarray(line.get_xydata(), dtype=float)
        if len(points) and not str(line.get_label()).startswith("_"):
            ends.append((float(ax.transLimits.transform(ax.transScale.transform(points[-1]))[1]), line))
    ends.sort(key=lambda end: end[0])
    height = [end for end, _ in ends]
    for _ in range(50 * len(height)):
        for low in range(len(height) - 1):
            overlap = apart - (height[low + 1] - height[low])
            if overlap > 0:
                height[low] -= overlap / 2
                height[low + 1] += overlap / 2
    for (_, line), y in zip(ends, height, strict=True):
        words, color = str(line.get_label()), line.get_color()
        ax.text(1.01, y, words, color=color, va="center", fontsize=9, transform=ax.transAxes)
