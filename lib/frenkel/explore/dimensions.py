"""Explorers of the chapter on dimensions: a plane beside a chain, and a packet among tilted dipoles."""

import warnings
from functools import lru_cache

import numpy as np

from .._check import ConvergenceWarning
from ..coherent import evolve_state
from ..dipole_lattice import long_range
from ..hamiltonian import hamiltonian, site_energies
from ..lattice import square
from ..lattice_velocity import lattice_diffusion_constant
from ..transport import mean_squared_displacement
from ..velocity import diffusion_constant
from . import artists
from .base import Explorer, Slider

RATES = np.geomspace(0.3, 10, 41)  # J/ħ, the positions of the slider
N_RINGS, N_SITES = 6, 200
N_PLANES, WIDTH = 2, 12
CHAIN_TOLERANCE, PLANE_TOLERANCE = 4e-2, 7e-2  # proven; answers are an order better than this


@lru_cache(maxsize=1)
def _disorder():
    """The same disorder of unit strength for every setting: rings and planes."""
    return (
        site_energies(N_SITES, 1.0, rng=7, shape=(N_RINGS,)),
        site_energies(WIDTH**2, 1.0, rng=8, shape=(N_PLANES,)),
    )


@lru_cache(maxsize=8)
def _chain(disorder):
    energies = disorder * _disorder()[0]
    constants = np.asarray(diffusion_constant(energies, RATES[:, None], tolerance=CHAIN_TOLERANCE))
    return constants.mean(axis=-1), constants.std(axis=-1, ddof=1) / np.sqrt(N_RINGS)


@lru_cache(maxsize=8)
def _plane(disorder, anisotropy):
    lattice = square(WIDTH, couplings=(1.0, anisotropy))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        constants = lattice_diffusion_constant(
            lattice, disorder * _disorder()[1], RATES[:, None], tolerance=PLANE_TOLERANCE
        )
    return np.mean(constants, axis=-1), bool(caught)


def _compute_planes(dephasing, disorder, anisotropy):
    """D_s(Γ) along x on a chain and on a plane whose bonds along y are weaker."""
    chain, chain_error = _chain(disorder)
    plane, too_small = _plane(disorder, anisotropy)
    here = RATES[np.abs(np.log(RATES / dephasing)).argmin()]
    index = int(np.flatnonzero(RATES == here)[0])
    return {
        "rates": RATES,
        "chain": chain,
        "chain_error": chain_error,
        "plane": plane,
        "dephasing": here,
        "disorder": disorder,
        "anisotropy": anisotropy,
        "chain_here": chain[index],
        "plane_here": plane[index],
        "best_chain": RATES[chain.argmax()],
        "best_plane": RATES[plane.argmax()],
        "too_small": too_small,
    }


_STEPS = np.array([0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30])


def _draw_planes(axes, result):
    left, right = axes
    rates, chain, plane = result["rates"], result["chain"], result["plane"]
    error = result["chain_error"]
    artists.band(left, "chain error", rates, chain - error, chain + error, color="C0", alpha=0.25)
    artists.line(left, "chain", rates, chain, color="C0", label="chain")
    artists.line(left, "plane", rates, plane, color="C1", label="plane, along x")
    top = _STEPS[_STEPS >= 1.05 * max(chain.max(), plane.max())].min()
    artists.line(left, "best chain", [result["best_chain"]] * 2, [0, top], color="C0", lw=1, ls=":")
    artists.line(left, "best plane", [result["best_plane"]] * 2, [0, top], color="C1", lw=1, ls=":")
    here = [result["dephasing"]] * 2
    dot = {"marker": "o", "ms": 7, "ls": "", "clip_on": False}
    both = [result["chain_here"], result["plane_here"]]
    artists.line(left, "here", here, both, color="C3", label="this Γ", **dot)
    left.set(xlim=(rates[0], rates[-1]), ylim=(0, top))
    artists.line(right, "ratio", rates, plane / chain, color="C2")
    artists.line(right, "one", rates[[0, -1]], [1, 1], color="0.5", lw=1, ls=":")
    artists.line(right, "here", here[:1], [both[1] / both[0]], color="C3", **dot)
    right.set(xlim=(rates[0], rates[-1]), ylim=(0.5, 5))
    if not left.get_xlabel():
        left.set(xlabel="dephasing Γ (J/ħ)", ylabel="$D_s$ along x (J a²/ħ)", xscale="log")
        right.set(xlabel="dephasing Γ (J/ħ)", ylabel="$D_s$ plane / $D_s$ chain", xscale="log")
        artists.legend(left)


def _place(best):
    return f"at Γ = {RATES[0]:g} or below" if best == RATES[0] else f"near Γ = {best:.2g}"


def _read_planes(result):
    chain, plane = result["chain_here"], result["plane_here"]
    sentence = (
        f"At Γ = {result['dephasing']:.2g}, Δ = {result['disorder']:.2f} and Jy/Jx = "
        f"{result['anisotropy']:.2f}, Dₛ along x is {plane:.3f} on the plane and {chain:.3f} on the chain, "
        f"a ratio of {plane / chain:.2f}; the best noise is {_place(result['best_plane'])} on the plane, "
        f"{_place(result['best_chain'])} on the chain."
    )
    if result["too_small"]:
        sentence += f" Coherences reach around these {WIDTH} by {WIDTH} sites: trust weak noise less."
    return sentence


planes = Explorer(
    name="planes",
    title="Diffusion constant on a chain and on a plane",
    parameters=(
        Slider("dephasing", "dephasing", "Γ", 0.3, 10.0, 1.0, "J/ħ", scale="log", steps=40),
        Slider("disorder", "static disorder", "Δ", 0.5, 4.0, 2.0, "J", steps=35),
        Slider("anisotropy", "coupling along y over coupling along x", "Jy/Jx", 0.0, 1.0, 1.0, steps=20),
    ),
    compute=_compute_planes,
    draw=_draw_planes,
    read_out=_read_planes,
    length=270,
)


EDGE = 21
SITES = np.arange(EDGE) - EDGE // 2
DURATION = np.linspace(0, 4, 41)  # ħ/J


def _compute_dipoles(angle, reach, disorder, time):
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


def _draw_dipoles(axes, result):
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


def _read_dipoles(result):
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
    compute=_compute_dipoles,
    draw=_draw_dipoles,
    read_out=_read_dipoles,
    length=230,
)
