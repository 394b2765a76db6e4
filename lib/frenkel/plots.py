"""Figures in one house style: every plot takes data and ``ax=None`` and returns the Axes."""

from __future__ import annotations

from typing import Any

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
