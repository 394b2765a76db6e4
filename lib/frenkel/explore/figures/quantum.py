"""Two sites whose bath keeps its classical fluctuations while its quanta grow: from noise to phonons."""

import numpy as np

from ...baths.hierarchy import hierarchy
from ...baths.polaron_rates import polaron_hopping_rate
from ...baths.spectral_densities import DrudeBath
from .. import artists
from ..explorer import Explorer
from ..parameters import Slider

TIMES = np.linspace(0, 12, 61)  # ħ/J
CUTOFF = 2.0  # J/ħ
HOT = 1e4  # k_BT in J at which the response is gone
TOLERANCE = 4e-3


def _upper(H, bath):
    """Population of the first site, which starts occupied."""
    return hierarchy(H, [[1, 0], [0, 0]], TIMES, bath, tolerance=TOLERANCE)[:, 0, 0].real


def compute(warmth, amplitude, gap):
    """Upper site under noise of this amplitude: classical, quantum and by the golden rule."""
    H = np.array([[gap / 2, 1.0], [1.0, -gap / 2]])
    noise = DrudeBath(amplitude**2 / (2 * HOT), CUTOFF, HOT)
    bath = DrudeBath(amplitude**2 / (2 * warmth), CUTOFF, warmth)
    down, up = np.atleast_1d(polaron_hopping_rate([-gap, gap], bath))
    golden = (up + down * np.exp(-(up + down) * TIMES)) / (up + down)
    levels, states = np.linalg.eigh(H)
    weights = np.exp(-(levels - levels[0]) / warmth)
    return {
        "times": TIMES,
        "quantum": _upper(H, bath),
        "classical": _upper(H, noise),
        "golden": golden,
        "boltzmann": float(states[0] ** 2 @ weights / weights.sum()),
        "reorganization": bath.reorganization,
        "warmth": warmth,
        "amplitude": amplitude,
        "gap": gap,
    }


def draw(axes, result):
    (ax,) = axes
    times = result["times"]
    artists.line(ax, "classical", times, result["classical"], color="C0", ls="--", label="classical noise")
    artists.line(ax, "golden", times, result["golden"], color="C2", ls=":", label="hops, golden rule")
    artists.line(ax, "quantum", times, result["quantum"], color="C1", label="phonons, exact")
    level = np.full(2, result["boltzmann"])
    artists.line(ax, "boltzmann", [0, 12], level, color="0.6", lw=1, label="Boltzmann, eigenstates")
    if not ax.get_xlabel():
        ax.set(xlabel="time t (ħ/J)", ylabel="population of the upper site", xlim=(0, 12), ylim=(0, 1.02))
        artists.legend(ax, columns=2)


def read_out(result):
    quantum, classical, golden = (result[name][-1] for name in ("quantum", "classical", "golden"))
    apart = np.abs(result["quantum"] - result["golden"]).max()
    return (
        f"Phonons with a thermal energy of {result['warmth']:.2f} J release "
        f"λ = {result['reorganization']:.2f} J. At t = 12 the upper site holds {quantum:.2f}, "
        f"under classical noise {classical:.2f}, by hops {golden:.2f}; hops are off by at most {apart:.2f}."
    )


quantum = Explorer(
    name="quantum",
    title="From noise to phonons: two sites in a bath of one strength and many temperatures",
    parameters=(
        Slider("warmth", "temperature of the phonons", "k_{B}T", 1.0, 200.0, 4.0, "J", scale="log", steps=46),
        Slider("amplitude", "spread of the energies", "σ", 0.5, 3.0, 2.0, "J", steps=10),
        Slider("gap", "energy difference", "δ", 0.0, 4.0, 2.0, "J", steps=16),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    panels=1,
    settings={
        "Classical noise": {"warmth": 200.0, "amplitude": 2.0, "gap": 2.0},
        "Warm phonons": {"warmth": 4.0, "amplitude": 2.0, "gap": 2.0},
        "Cold phonons": {"warmth": 1.0, "amplitude": 2.0, "gap": 2.0},
        "A bound pair": {"warmth": 1.0, "amplitude": 0.5, "gap": 0.0},
    },
)
