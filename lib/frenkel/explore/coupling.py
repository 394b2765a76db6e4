"""Explorer of chapter 2: the point-dipole coupling against distance."""

import numpy as np

from ..coupling import dipolar_coupling
from . import artists
from .base import Choice, Explorer, Slider

DISTANCES = np.linspace(8.0, 16.0, 161)  # nm


def compute(dipole, distance, refractive_index, convention):
    """J(a) for dipoles head to tail, and J at the chosen distance."""

    def magnitude(at):
        return dipolar_coupling(dipole, at, refractive_index, convention=convention)

    return {
        "distances": DISTANCES,
        "couplings": magnitude(DISTANCES),
        "distance": distance,
        "coupling": magnitude(distance),
        "convention": convention,
    }


def draw(axes, result):
    (ax,) = axes
    artists.line(ax, "J", result["distances"], result["couplings"], color="C0", lw=2)
    artists.line(ax, "here", [result["distance"]], [result["coupling"]], color="C1", marker="o", ms=8)
    ax.set(xlabel="distance a (nm)", ylabel="coupling |J| (meV)", xlim=(8, 16), yscale="log", ylim=(0.1, 300))


def read_out(result):
    return (
        f"At {result['distance']:.1f} nm the coupling is {result['coupling']:.2f} meV "
        f"({'Eq. 2 as printed' if result['convention'] == 'paper' else 'SI point dipoles'})."
    )


coupling = Explorer(
    name="coupling",
    title="Point-dipole coupling against distance",
    parameters=(
        Slider("dipole", "transition dipole", "μ", 20.0, 150.0, 85.0, "D", steps=130),
        Slider("distance", "center-to-center distance", "a", 8.0, 16.0, 11.2, "nm", steps=80),
        Slider("refractive_index", "refractive index", "n", 1.0, 2.5, 1.875, steps=120),
        Choice("convention", "formula", {"si": "SI, with 4π", "paper": "as printed in the paper"}, "si"),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    panels=1,
)
