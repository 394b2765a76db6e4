"""Explorers of chapter 2: the point-dipole coupling against distance, and its orientation factor."""

import numpy as np

from .. import units
from ..coupling import dipolar_coupling, orientation_factor, transition_dipole
from ..samples import PEAK_ENERGY, REFRACTIVE_INDEX, SAMPLES
from . import artists
from .base import Choice, Explorer, Slider

DISTANCES = np.linspace(8.0, 16.0, 161)  # nm
CUBE = SAMPLES["DAB-1"].size  # nm; closer than this, nanocrystals of that sample would overlap
DISORDER = SAMPLES["DAB-1"].linewidth_7k / np.sqrt(8 * np.log(2))  # meV, standard deviation from the FWHM
LABELS = {  # where the name of a sample stands: nm to the right of its point, and a factor above it
    "OA-1": (-0.35, 0.5),
    "OA-2": (0.15, 1.0),
    "DAB-1": (-0.25, 1.5),
    "DAB-2": (0.15, 1.12),
    "DAB-3": (-0.25, 0.55),
}
ANGLES = np.linspace(0.0, 180.0, 181)  # degrees
BINS = np.linspace(-2.05, 2.05, 42)
MOST_PAIRS = 10_000


def compute_coupling(dipole, distance, refractive_index, convention):
    """|J|(a) for dipoles head to tail, |J| at the chosen distance, and the five samples at their own μ."""

    def magnitude(dipole, at):
        return dipolar_coupling(dipole, at, refractive_index, convention=convention)

    samples = SAMPLES.values()
    extinctions, linewidths, distances = (
        np.array([getattr(sample, name) for sample in samples])
        for name in ("extinction", "linewidth", "distance")
    )
    dipoles = transition_dipole(extinctions, linewidths, PEAK_ENERGY, REFRACTIVE_INDEX)
    coupling = float(magnitude(dipole, distance))
    return {
        "distances": DISTANCES,
        "couplings": magnitude(dipole, DISTANCES),
        "distance": distance,
        "coupling": coupling,
        "time_unit_fs": 1e3 * float(units.time_to_ps(1.0, coupling)),
        "disorder_over_coupling": DISORDER / coupling,
        "sample_distances": distances,
        "sample_couplings": magnitude(dipoles, distances),
        "convention": convention,
    }


def draw_coupling(axes, result):
    (ax,) = axes
    artists.band(ax, "overlap", [8, CUBE], [0.018] * 2, [750] * 2, color="0.5", alpha=0.3)
    artists.line(ax, "J", result["distances"], result["couplings"], color="C0", lw=2)
    style = {"color": "C2", "ls": "", "marker": "s", "ms": 5}
    artists.line(ax, "samples", result["sample_distances"], result["sample_couplings"], **style)
    for name, a, J in zip(SAMPLES, result["sample_distances"], result["sample_couplings"], strict=True):
        right, up = LABELS[name]
        artists.text(ax, name, a + right, J * up, name, color="C2", va="center", fontsize=8.5)
    artists.line(
        ax, "here", [result["distance"]], [result["coupling"]], color="C1", marker="o", ms=8, clip_on=False
    )
    ax.set(
        xlabel="distance a (nm)", ylabel="coupling |J| (meV)", xlim=(8, 16), yscale="log", ylim=(0.018, 750)
    )


def read_out_coupling(result):
    formula = "as printed" if result["convention"] == "paper" else "SI, with 4π"
    words = (
        f"At {result['distance']:.1f} nm the coupling is {result['coupling']:.2f} meV ({formula}): "
        f"ħ/J is {result['time_unit_fs']:.0f} fs, and a disorder of {DISORDER:.0f} meV is "
        f"{result['disorder_over_coupling']:.2f} J."
    )
    if result["distance"] < CUBE:
        words += f" Nanocrystals of {CUBE} nm would overlap here: the formula means nothing."
    return words


coupling = Explorer(
    name="coupling",
    title="Point-dipole coupling against distance; squares: the five samples, gray: nanocrystals overlap",
    parameters=(
        Slider("dipole", "transition dipole", "μ", 20.0, 150.0, 85.0, "D", steps=130),
        Slider("distance", "center-to-center distance", "a", 8.0, 16.0, 11.2, "nm", steps=80),
        Slider("refractive_index", "refractive index", "n", 1.0, 2.5, 1.875, steps=120),
        Choice("convention", "formula", {"si": "SI, with 4π", "paper": "as printed in the paper"}, "si"),
    ),
    compute=compute_coupling,
    draw=draw_coupling,
    read_out=read_out_coupling,
    panels=1,
    length=175,
)


def compute_orientation(angle, tilt, pairs):
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


def draw_orientation(axes, result):
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


def read_out_orientation(result):
    return (
        f"Aligned dipoles at {result['angle']:.0f}° have κ = {result['kappa']:.2f}. "
        f"{result['n_pairs']} pairs tilted by {result['tilt']:.0f}° have the mean "
        f"{result['mean']:.3f} ± {result['error']:.3f} and the root mean square {result['rms']:.2f}."
    )


orientation = Explorer(
    name="orientation",
    title="Orientation factor of two aligned dipoles, and its spread when they are tilted",
    parameters=(
        Slider("angle", "angle to the separation", "θ", 0.0, 180.0, 0.0, "°", steps=180),
        Slider("tilt", "random tilt", "σ", 0.0, 90.0, 10.0, "°", steps=90),
        Slider("pairs", "number of pairs", "M", 10.0, MOST_PAIRS, 3000.0, scale="log", steps=60),
    ),
    compute=compute_orientation,
    draw=draw_orientation,
    read_out=read_out_orientation,
)
