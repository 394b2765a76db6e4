"""The orientation factor of two dipoles, and of many pairs."""

import numpy as np

from ...system.dipoles import orientation_factor
from .. import artists
from ..explorer import Explorer
from ..parameters import Slider
from ..words import with_error

ANGLES = np.linspace(0.0, 180.0, 181)  # degrees
BINS = np.linspace(-2.05, 2.05, 42)
MOST_PAIRS = 10_000


def compute(angle, tilt, pairs):
    """κ of parallel dipoles against their angle to the separation, and of pairs that are tilted at random."""
    n_pairs = round(pairs)

    def direction(degrees):
        radians = np.radians(degrees)
        return np.stack([np.cos(radians), np.sin(radians), np.zeros_like(radians)], axis=-1)

    noise = np.random.default_rng(2).standard_normal((2, MOST_PAIRS, 3))[:, :n_pairs]
    first, second = direction(np.asarray(angle)) + np.radians(tilt) * noise
    axis = [1.0, 0.0, 0.0]
    tilted = orientation_factor(first, second, axis)
    aligned = orientation_factor(direction(ANGLES), direction(ANGLES), axis)
    return {
        "angles": ANGLES,
        "aligned": aligned,
        "angle": angle,
        "kappa": float(orientation_factor(direction(np.asarray(angle)), direction(np.asarray(angle)), axis)),
        "tilt": tilt,
        "kappas": (BINS[1:] + BINS[:-1]) / 2,
        "shares": np.histogram(tilted, BINS)[0] / n_pairs,
        "n_pairs": n_pairs,
        "mean": tilted.mean(),
        "error": tilted.std() / np.sqrt(n_pairs),
        "rms": np.sqrt((tilted**2).mean()),
        "middle": np.quantile(tilted, [0.16, 0.84]),
    }


def draw(axes, result):
    left, right = axes
    artists.line(left, "zero", [-5, 185], [0, 0], color="0.5", lw=0.8)
    artists.line(left, "aligned", result["angles"], result["aligned"], color="C0", lw=2, label="aligned")
    artists.line(
        left,
        "middle",
        [result["angle"]] * 2,
        result["middle"],
        color="C1",
        lw=4,
        alpha=0.6,
        label="tilted pairs",
    )
    artists.line(left, "here", [result["angle"]], [result["kappa"]], color="C0", marker="o", ms=8)
    left.set(xlabel="angle θ to the separation (°)", ylabel="orientation factor κ", xlim=(-5, 185))
    left.set(ylim=(-2.2, 2.2), xticks=[0, 45, 90, 135, 180])
    shares = {"color": "C1", "drawstyle": "steps-mid", "label": "tilted pairs"}
    artists.line(right, "shares", result["kappas"], result["shares"], **shares)
    artists.line(right, "mean", [result["mean"]] * 2, [0, 1.2], color="C2", ls="--", label="mean")
    top = 1.1 * max(result["shares"].max(), 0.1)
    right.set(xlabel="orientation factor κ", ylabel="share of pairs", xlim=(-2.2, 2.2), ylim=(0, top))
    if left.get_legend() is None:
        for ax in axes:
            artists.legend(ax)


def read_out(result):
    return (
        f"Aligned dipoles at {result['angle']:.0f}° have κ = {result['kappa']:.2f}. "
        f"{result['n_pairs']} pairs tilted by {result['tilt']:.0f}° have the mean "
        f"{with_error(result['mean'], result['error'])} and the root mean square {result['rms']:.2f}."
    )


orientation = Explorer(
    name="orientation",
    title="Orientation factor of two aligned dipoles, and its spread when they are tilted",
    parameters=(
        Slider("angle", "angle to the separation", "θ", 0.0, 180.0, 0.0, "°", steps=180),
        Slider("tilt", "random tilt", "σ", 0.0, 90.0, 10.0, "°", steps=90),
        Slider("pairs", "number of pairs", "M", 10.0, MOST_PAIRS, 3000.0, scale="log", steps=60),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Head to tail": {"angle": 0.0},
        "Side by side": {"angle": 90.0},
        "Near the magic angle": {"angle": 55.0},
        "Any direction": {"tilt": 90.0},
    },
    length=130,
)
