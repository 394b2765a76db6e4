"""Explorer of the chapter on superlattices: one exciton, three energies, three ways to move."""

import warnings
from functools import lru_cache

import numpy as np

from ... import units
from ..._check import ConvergenceWarning
from ...exact import clean_msd
from ...motion.ring_diffusion import diffusivity
from ...motion.white_noise import evolve_density
from ...system.hamiltonians import hamiltonian
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Slider
from ..words import with_error

N_SITES = 65  # of the chain in the map: what its ends reflect stays outside until the window closes
SITES = np.arange(N_SITES) - N_SITES // 2
RINGS = (5, 40)
TIMES = np.linspace(0.0, 24.0, 41)  # ħ/J
HALF = len(TIMES) // 2
QUIET, BEST, MUCH = 0.1, 40.0, 400.0  # meV; at the default J and Δ the exciton gets farthest near BEST


@lru_cache(maxsize=16)
def _spreads(disorder, dephasing):
    """Mean squared displacement (ring, time), averaged over the noise and all starting sites of each ring."""
    rings = disorder * unit_disorder(6, RINGS[1], RINGS[0])
    with warnings.catch_warnings():
        # At weak disorder coherences reach around a ring, which then repeats: no matter for a running wave.
        warnings.simplefilter("ignore", ConvergenceWarning)
        curves = diffusivity(rings, dephasing, TIMES, tolerance=1e-2)
    steps = (curves[:, 1:] + curves[:, :-1]) * np.diff(TIMES)
    return np.concatenate([np.zeros((RINGS[0], 1)), np.cumsum(steps, axis=1)], axis=1)


def _distance(spreads):
    """Root mean square distance at each time, and its standard error from ring to ring."""
    distance = np.sqrt(spreads.mean(axis=0))
    error = spreads.std(axis=0, ddof=1) / np.sqrt(RINGS[0])
    error *= np.ptp(spreads, axis=0) > 1e-9 * distance**2  # clean rings differ by rounding only
    return distance, error / (2 * np.maximum(distance, 1e-9))


def compute(coupling, disorder, dephasing):
    """P_n(t) on one chain, and the distance averaged over 200 starting sites; in meV and fs."""
    ratio, noise = disorder / coupling, dephasing / coupling
    start = np.diag((SITES == 0).astype(float))
    H = hamiltonian(chain(N_SITES), ratio * unit_disorder(6, N_SITES, 1)[0])
    rho = evolve_density(H, start, TIMES, dephasing=noise)
    spreads = _spreads(ratio, noise)
    distance, error = _distance(spreads)
    quiet, quiet_error = _distance(_spreads(ratio, 0.0))
    growths = np.sqrt(spreads[:, -1] / spreads[:, HALF])
    return {
        "sites": SITES,
        "times": 1e3 * units.time_to_ps(TIMES, coupling),
        "populations": np.maximum(np.diagonal(rho, axis1=1, axis2=2).real, 0),
        "distance": distance,
        "distance_error": error,
        "quiet": quiet,
        "quiet_error": quiet_error,
        "growth": distance[-1] / distance[HALF],
        "growth_error": growths.std(ddof=1) / np.sqrt(RINGS[0]),
        "free": np.sqrt(clean_msd(TIMES)),
        "coupling": coupling,
        "disorder": disorder,
        "dephasing": dephasing,
    }


def draw(axes, result):
    left, right = axes
    times, distance, error = result["times"], result["distance"], result["distance_error"]
    root = np.sqrt(result["populations"])
    artists.image(left, "P", result["sites"], times, root, cmap="magma", vmin=0, vmax=0.7)
    step = times[1] / 2
    left.images[0].set_extent((SITES[0] - 0.5, SITES[-1] + 0.5, -step, times[-1] + step))
    artists.line(right, "free", times, result["free"], color="C0", lw=1.3, ls=":", label="free wave")
    artists.line(right, "quiet", times, result["quiet"], color="0.5", lw=1.3, ls="--", label="no noise")
    artists.band(right, "error", times, distance - error, distance + error, color="C1", alpha=0.3)
    artists.line(right, "distance", times, distance, color="C1", label="this noise")
    left.set(xlim=(-16, 16), ylim=(0, times[-1]))
    right.set(xlim=(0, times[-1]), ylim=(0, 8))
    if not left.get_xlabel():
        left.set(xlabel="site n − n₀", ylabel="time (fs)")
        right.set(xlabel="time (fs)", ylabel="rms distance (sites)")
        artists.legend(right)


def _against(distance, error, quiet, quiet_error):
    """Return what noise does to the distance, if twice the error of the difference lets one tell."""
    beyond = (distance - quiet) / max(2 * np.hypot(error, quiet_error), 1e-9)
    return "farther than" if beyond > 1 else "less far than" if beyond < -1 else "about as far as"


def read_out(result):
    far, error = result["distance"][-1], result["distance_error"][-1]
    quiet, quiet_error = result["quiet"][-1], result["quiet_error"][-1]
    growth = with_error(result["growth"], result["growth_error"])
    return (
        f"With J = {result['coupling']:.0f}, Δ = {result['disorder']:.0f}, Γ = {result['dephasing']:.1f} meV "
        f"the exciton is {with_error(far, error)} sites away after {result['times'][-1]:.0f} fs, "
        f"{_against(far, error, quiet, quiet_error)} without noise ({with_error(quiet, quiet_error)}), "
        f"averaged over {RINGS[0] * RINGS[1]} starts. In the second half of that time its distance "
        f"grew {growth} times: a wave would be at 2, a random walk at 1.41, a standing exciton at 1."
    )


regimes = Explorer(
    name="regimes",
    title="One exciton on a disordered, noisy chain",
    parameters=(
        Slider("coupling", "coupling", "J", 15.0, 40.0, 20.0, "meV", steps=25),
        Slider("disorder", "static disorder", "Δ", 0.0, 60.0, 50.0, "meV", steps=60),
        Slider("dephasing", "dephasing", "Γ", QUIET, MUCH, BEST, "meV", scale="log", steps=60),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Clean and quiet": {"disorder": 0.0, "dephasing": QUIET},
        "Quiet": {"disorder": 50.0, "dephasing": QUIET},
        "Best noise": {"disorder": 50.0, "dephasing": BEST},
        "Too much noise": {"disorder": 50.0, "dephasing": MUCH},
    },
)
