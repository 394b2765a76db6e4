"""The dipolar coupling against the distance, in both conventions."""

import numpy as np

from ... import units
from ...system.dipoles import dipolar_coupling, transition_dipole
from ...system.samples import PEAK_ENERGY, REFRACTIVE_INDEX, SAMPLES
from .. import artists
from ..explorer import Explorer
from ..parameters import Choice, Slider

DISTANCES = np.linspace(8.0, 16.0, 161)  # nm
CUBE = SAMPLES["DAB-1"].size  # nm; closer than this, nanocrystals of that sample would overlap
DISORDER = SAMPLES["DAB-1"].direct_disorder  # meV
LABELS = {  # where the name of a sample stands: nm to the right of its point, and a factor above it
    "OA-1": (-0.35, 0.5),
    "OA-2": (0.15, 1.0),
    "DAB-1": (-0.25, 1.5),
    "DAB-2": (0.15, 1.12),
    "DAB-3": (-0.25, 0.55),
}


def compute(dipole, distance, refractive_index, convention):
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


def draw(axes, result):
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


def read_out(result):
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
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "A sample of the paper": {"distance": 11.2},
        "Half the dipole": {"dipole": 42.0},
        "No medium between": {"refractive_index": 1.0},
    },
    panels=1,
    length=175,
)
