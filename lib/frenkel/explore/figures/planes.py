"""D_s against dephasing on a chain and on a plane."""

import warnings
from functools import lru_cache

import numpy as np

from ..._check import ConvergenceWarning
from ...motion.lattice_diffusion import lattice_diffusion_constant
from ...motion.ring_diffusion import diffusion_constant
from ...system.lattices import square
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Slider

RATES = np.geomspace(0.3, 10, 41)  # J/ħ, the positions of the slider
N_RINGS, N_SITES = 6, 200
N_PLANES, WIDTH = 2, 12
CHAIN_TOLERANCE, PLANE_TOLERANCE = 4e-2, 7e-2  # proven; answers are an order better than this


@lru_cache(maxsize=8)
def _chain(disorder):
    energies = disorder * unit_disorder(7, N_SITES, N_RINGS)
    constants = np.asarray(diffusion_constant(energies, RATES[:, None], tolerance=CHAIN_TOLERANCE))
    return constants.mean(axis=-1), constants.std(axis=-1, ddof=1) / np.sqrt(N_RINGS)


@lru_cache(maxsize=8)
def _plane(disorder, anisotropy):
    lattice = square(WIDTH, couplings=(1.0, anisotropy))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        energies = disorder * unit_disorder(8, WIDTH**2, N_PLANES)
        constants = lattice_diffusion_constant(lattice, energies, RATES[:, None], tolerance=PLANE_TOLERANCE)
    return np.mean(constants, axis=-1), bool(caught)


def compute(dephasing, disorder, anisotropy):
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


def draw(axes, result):
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


def read_out(result):
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
    compute=compute,
    draw=draw,
    read_out=read_out,
    length=270,
)
