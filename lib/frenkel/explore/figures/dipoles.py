"""A packet on a plane whose sites are coupled by dipoles."""

import numpy as np

from ...motion.measures import mean_squared_displacement
from ...motion.wavefunctions import evolve_state
from ...system.dipole_lattices import long_range
from ...system.hamiltonians import hamiltonian, site_energies
from ...system.lattices import square
from .. import artists
from ..explorer import Explorer
from ..hues import shades
from ..parameters import Clock, Slider

EDGE = 29  # the fastest wave, of long bonds along the dipoles, is at the edge after the end of the clock
SITES = np.arange(EDGE) - EDGE // 2
CORNER = (-10, 10)  # where a dipole is drawn, away from the wave
CLOCK = Clock("time", "time", "t", 0.0, 2.0, 2.0, "ħ/J", steps=100, seconds=3.5, moments=(0.2, 0.6, 1.2, 2.0))
TIMES = CLOCK.times


def compute(angle, reach, disorder):
    """A wave from the middle of a sheet of dipoles that lie in the sheet, at all times."""
    direction = [np.cos(np.radians(angle)), np.sin(np.radians(angle)), 0.0]
    sheet = long_range(square(EDGE, periodic=False), direction, cutoff=reach, neighbor=(0, 0, 1))
    H = hamiltonian(sheet, disorder * site_energies(EDGE**2, 1.0, rng=5))
    start = np.zeros(EDGE**2)
    start[EDGE**2 // 2] = 1
    psi = evolve_state(H, start, TIMES).reshape(-1, EDGE, EDGE)  # x, y
    populations = abs(psi) ** 2
    return {
        "sites": SITES,
        "times": TIMES,
        "amplitudes": psi,
        "along_x": np.sqrt(mean_squared_displacement(populations.sum(axis=2), SITES)),
        "along_y": np.sqrt(mean_squared_displacement(populations.sum(axis=1), SITES)),
        "angle": angle,
        "reach": reach,
        "disorder": disorder,
        "next_x": 1 - 3 * np.cos(np.radians(angle)) ** 2,
        "next_y": 1 - 3 * np.sin(np.radians(angle)) ** 2,
    }


def move(axes, result):
    left, right = axes
    index = CLOCK.frame(result["time"])
    until, wave = slice(0, index + 1), shades(result["amplitudes"][index].T)  # [y, x]
    wave = artists.image(left, "wave", SITES, SITES, wave, interpolation="nearest")
    tilt, ends = np.radians(result["angle"]), 2.5 * np.array([-1, 1])
    x, y = CORNER[0] + ends * np.cos(tilt), CORNER[1] + ends * np.sin(tilt)
    dipole = artists.line(left, "dipole", x, y, color=left.xaxis.label.get_color(), lw=1.5, marker="o", ms=3)
    lines = [
        artists.line(right, name, TIMES[until], result[name][until], color=color, lw=1.6, ls=ls, label=label)
        for name, color, ls, label in (("along_x", "C0", "-", "along x"), ("along_y", "C1", "--", "along y"))
    ]
    return [wave, dipole, *lines]


def draw(axes, result):
    left, right = axes
    if not left.get_xlabel():
        ticks = [-10, 0, 10]
        left.set(xlabel="x (a)", ylabel="y (a)", xticks=ticks, yticks=ticks)
        right.set(xlabel="time t (ħ/J)", ylabel="rms distance (a)", xlim=(0, CLOCK.high), ylim=(0, 8))
        move(axes, result)
        artists.sheet(left)
        artists.legend(right)


def read_out(result):
    index = CLOCK.frame(result["time"])
    x, y = result["along_x"][index], result["along_y"][index]
    return (
        f"With dipoles tilted by {result['angle']:.0f}° from x, neighbors along x couple with "
        f"{result['next_x']:.2f} J and along y with {result['next_y']:.2f} J; at t = "
        f"{result['time']:.1f} the exciton is {x:.1f} sites away along x and {y:.1f} along y."
    )


dipoles = Explorer(
    name="dipoles",
    title="A wave among dipoles that lie in a sheet",
    parameters=(
        Slider("angle", "tilt of all dipoles from x", "φ", 0.0, 90.0, 0.0, "°", steps=90),
        Slider("reach", "longest bond", "r", 1.0, 5.0, 1.0, "a", steps=40),
        Slider("disorder", "static disorder", "Δ", 0.0, 6.0, 0.0, "J", steps=60),
        CLOCK,
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings={
        "Head to tail": {"angle": 0.0},
        "Near the magic angle": {"angle": 55.0},
        "Long bonds": {"reach": 5.0},
        "Stuck": {"disorder": 6.0},
    },
    seen=(
        "Four moments of a wave on a plane of dipoles that point along x, its phase as color. It spreads "
        "about twice as far along x as along y, and stays symmetric to both axes."
    ),
    heights=(1.8, 1.0),
)
