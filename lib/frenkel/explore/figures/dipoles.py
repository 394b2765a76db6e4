"""A packet on a plane whose sites are coupled by dipoles."""

import numpy as np

from ...motion.measures import mean_squared_displacement
from ...motion.wavefunctions import evolve_state
from ...system.dipole_lattices import long_range
from ...system.hamiltonians import hamiltonian, site_energies
from ...system.lattices import square
from .. import artists
from ..explorer import Explorer
from ..parameters import Slider

EDGE = 21
SITES = np.arange(EDGE) - EDGE // 2
DURATION = np.linspace(0, 4, 41)  # ħ/J


def compute(angle, reach, disorder, time):
    """A coherent packet from the middle of a sheet of dipoles that lie in the sheet."""
    direction = [np.cos(np.radians(angle)), np.sin(np.radians(angle)), 0.0]
    sheet = long_range(square(EDGE, periodic=False), direction, cutoff=reach, neighbor=(0, 0, 1))
    H = hamiltonian(sheet, disorder * site_energies(EDGE**2, 1.0, rng=5))
    start = np.zeros(EDGE**2)
    start[EDGE**2 // 2] = 1
    psi = evolve_state(H, start, DURATION)
    populations = (abs(psi) ** 2).reshape(-1, EDGE, EDGE)
    index = int(np.abs(DURATION - time).argmin())
    edge = populations[index].sum() - populations[index, 1:-1, 1:-1].sum()
    return {
        "sites": SITES,
        "map": populations[index].T,  # [y, x]
        "times": DURATION,
        "along_x": np.sqrt(mean_squared_displacement(populations.sum(axis=2), SITES)),
        "along_y": np.sqrt(mean_squared_displacement(populations.sum(axis=1), SITES)),
        "time": DURATION[index],
        "index": index,
        "angle": angle,
        "reach": reach,
        "disorder": disorder,
        "next_x": 1 - 3 * np.cos(np.radians(angle)) ** 2,
        "next_y": 1 - 3 * np.sin(np.radians(angle)) ** 2,
        "reaches_edge": bool(edge > 0.02),
    }


def draw(axes, result):
    left, right = axes
    sites, times = result["sites"], result["times"]
    bright = np.sqrt(result["map"] / result["map"].max())  # of the brightest site: also a thin wave is seen
    artists.image(left, "P", sites, sites, bright, cmap="magma", vmin=0, vmax=1)
    tilt = np.radians(result["angle"])
    arrow = 2.5 * np.array([-1, 1])
    ends = arrow * np.cos(tilt), arrow * np.sin(tilt)
    artists.line(left, "dipole", *ends, color="w", lw=1.5, marker="o", ms=3)
    artists.line(right, "x", times, result["along_x"], color="C0", label="along x")
    artists.line(right, "y", times, result["along_y"], color="C1", label="along y")
    artists.line(right, "now", [result["time"]] * 2, [0, 10], color="C2", lw=1, ls=":", label="t")
    right.set(xlim=(0, times[-1]), ylim=(0, 10))
    if not right.get_xlabel():
        ticks = [-10, -5, 0, 5, 10]
        left.set(xlabel="x (a)", ylabel="y (a)", xticks=ticks, yticks=ticks, aspect="equal")
        right.set(xlabel="time t (ħ/J)", ylabel="rms distance (a)")
        artists.legend(right)


def read_out(result):
    x, y = (result[name][result["index"]] for name in ("along_x", "along_y"))
    sentence = (
        f"With dipoles tilted by {result['angle']:.0f}° from x, neighbors along x couple with "
        f"{result['next_x']:.2f} J and along y with {result['next_y']:.2f} J; at t = "
        f"{result['time']:.1f} the exciton is {x:.1f} sites away along x and {y:.1f} along y."
    )
    if result["reaches_edge"]:
        sentence += " It has met the edge of this small sheet: look at earlier times."
    return sentence


dipoles = Explorer(
    name="dipoles",
    title="A wave packet among dipoles that lie in a sheet",
    parameters=(
        Slider("angle", "tilt of all dipoles from x", "φ", 0.0, 90.0, 0.0, "°", steps=90),
        Slider("reach", "longest bond", "r", 1.0, 5.0, 1.0, "a", steps=40),
        Slider("disorder", "static disorder", "Δ", 0.0, 6.0, 0.0, "J", steps=60),
        Slider("time", "time", "t", 0.0, 4.0, 2.0, "ħ/J", steps=40),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    length=230,
)
