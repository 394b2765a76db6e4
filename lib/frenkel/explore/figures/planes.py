"""D_s against dephasing on a chain, and on a plane or in a crystal."""

import warnings
from functools import lru_cache

import numpy as np

from ..._check import ConvergenceWarning
from ...motion.lattice_diffusion import lattice_diffusion_constant
from ...motion.ring_diffusion import diffusion_constant
from ...system.lattices import cubic, square
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Choice, Slider

RATES = np.geomspace(0.2, 10, 41)  # J/ħ, the positions of the slider
N_RINGS, N_SITES = 6, 200
CHAIN_TOLERANCE, LATTICE_TOLERANCE = 4e-2, 7e-2  # proven; answers are an order better than this
LATTICES = {"plane": (square(12), 2), "crystal": (cubic(6), 1)}  # and the number of samples
SIZES = {"plane": "12 by 12 sites", "crystal": "6 by 6 by 6 sites"}
VISIBLE = 0.03  # change by the twist that is worth a word


@lru_cache(maxsize=8)
def _chain(disorder):
    energies = disorder * unit_disorder(7, N_SITES, N_RINGS)
    constants = np.asarray(diffusion_constant(energies, RATES[:, None], tolerance=CHAIN_TOLERANCE))
    return constants.mean(axis=-1), constants.std(axis=-1, ddof=1) / np.sqrt(N_RINGS)


@lru_cache(maxsize=8)
def _lattice(dimension, disorder, anisotropy):
    """D_s at all `RATES` on a torus, without and with a twist by π/4 around every axis.

    With it, paths once around an axis in either sense differ in phase by π/2, and their interference cancels
    between the loop and its opposite.
    """
    lattice, n_samples = LATTICES[dimension]
    lattice = lattice._replace(couplings=np.where(lattice.vectors[:, 0] == 0, anisotropy, 1.0))
    energies = disorder * unit_disorder(8, lattice.n_sites, n_samples, standardized=True)
    twist = np.full(lattice.positions.shape[1], np.pi / 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # both curves are shown: the reader sees it
        return [
            np.mean(
                lattice_diffusion_constant(
                    lattice, energies, RATES[:, None], tolerance=LATTICE_TOLERANCE, twist=phases
                ),
                axis=-1,
            )
            for phases in (None, twist)
        ]


def compute(dimension, dephasing, disorder, anisotropy):
    """D_s(Γ) along x on a chain, and on a lattice with weaker bonds across x; interpolated for this Γ."""
    chain, chain_error = _chain(disorder)
    straight, twisted = _lattice(dimension, disorder, anisotropy)
    chain_here, lattice_here = (
        np.interp(np.log(dephasing), np.log(RATES), curve) for curve in (chain, twisted)
    )
    return {
        "rates": RATES,
        "chain": chain,
        "chain_error": chain_error,
        "straight": straight,
        "twisted": twisted,
        "dimension": dimension,
        "dephasing": dephasing,
        "disorder": disorder,
        "anisotropy": anisotropy,
        "chain_here": chain_here,
        "lattice_here": lattice_here,
        "best_chain": RATES[chain.argmax()],
        "best_lattice": RATES[twisted.argmax()],
    }


_STEPS = np.array([0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30])


def draw(axes, result):
    left, right = axes
    rates, chain, lattice = result["rates"], result["chain"], result["twisted"]
    error = result["chain_error"]
    artists.band(left, "chain error", rates, chain - error, chain + error, color="C0", alpha=0.25)
    artists.line(left, "chain", rates, chain, color="C0", label="chain")
    artists.line(left, "lattice", rates, lattice, color="C1", label="lattice")
    artists.line(left, "straight", rates, result["straight"], color="C1", lw=1, ls="--", label="no twist")
    top = _STEPS[_STEPS >= 1.05 * max(chain.max(), lattice.max(), result["straight"].max())].min()
    artists.guide(left, "best chain", [result["best_chain"]] * 2, [0, top], color="C0")
    artists.guide(left, "best lattice", [result["best_lattice"]] * 2, [0, top], color="C1")
    here = [result["dephasing"]] * 2
    dot = {"marker": "o", "ms": 7, "ls": "", "clip_on": False}
    both = [result["chain_here"], result["lattice_here"]]
    artists.line(left, "here", here, both, color="C3", label="this Γ", **dot)
    left.set(xlim=(rates[0], rates[-1]), ylim=(0, top))
    artists.line(right, "ratio", rates, lattice / chain, color="C2")
    artists.guide(right, "one", rates[[0, -1]], [1, 1])
    artists.line(right, "here", here[:1], [both[1] / both[0]], color="C3", **dot)
    right.set(xlim=(rates[0], rates[-1]), ylim=(0.5, 15))
    if not left.get_xlabel():
        left.set(xlabel="dephasing Γ (J/ħ)", ylabel="$D_s$ along x (J a²/ħ)", xscale="log")
        right.set(
            xlabel="dephasing Γ (J/ħ)", ylabel="$D_s$ lattice / $D_s$ chain", xscale="log", yscale="log"
        )
        artists.legend(left)


def _place(best):
    return f"at Γ = {RATES[0]:g} or below" if best == RATES[0] else f"near Γ = {best:.2g}"


def read_out(result):
    chain, lattice = result["chain_here"], result["lattice_here"]
    where = {"plane": "on the plane", "crystal": "in the crystal"}[result["dimension"]]
    sentence = (
        f"At Γ = {result['dephasing']:.2g}, Δ = {result['disorder']:.2f} and Jy/Jx = "
        f"{result['anisotropy']:.2f}, Dₛ along x is {lattice:.3f} {where} and {chain:.3f} on the chain, "
        f"a ratio of {lattice / chain:.2f}; the best noise is {_place(result['best_lattice'])} {where}, "
        f"{_place(result['best_chain'])} on the chain."
    )
    change = result["twisted"][0] / result["straight"][0] - 1
    if abs(change) > VISIBLE:
        sentence += (
            f" At Γ = {RATES[0]:g} the twist changes Dₛ by {100 * change:.0f} %: "
            f"{SIZES[result['dimension']]} are few, so trust weak noise less."
        )
    return sentence


planes = Explorer(
    name="planes",
    title="Diffusion constant on a chain, and on a plane or in a crystal",
    parameters=(
        Choice("dimension", "lattice", {"plane": "plane", "crystal": "crystal"}, "plane"),
        Slider("dephasing", "dephasing", "Γ", 0.2, 10.0, 1.0, "J/ħ", scale="log", steps=40),
        Slider("disorder", "static disorder", "Δ", 0.5, 4.0, 2.0, "J", steps=35),
        Slider("anisotropy", "ratio of the couplings", "J_{y}/J_{x}", 0.0, 1.0, 1.0, steps=20),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Rows apart": {"anisotropy": 0.0},
        "A plane": {"dimension": "plane"},
        "A crystal": {"dimension": "crystal"},
    },
    length=310,
)
