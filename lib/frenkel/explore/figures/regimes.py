"""Explorer of the chapter on superlattices: one exciton, three energies, three ways to move."""

import numpy as np

from ... import units
from ...exact import clean_msd
from ...motion.measures import mean_squared_displacement
from ...motion.white_noise import evolve_density
from ...system.hamiltonians import hamiltonian, site_energies
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..parameters import Slider

N_SITES = 41
SITES = np.arange(N_SITES) - N_SITES // 2
DURATION = 200.0  # fs
STEPS = np.arange(41) / 40


def compute(coupling, disorder, dephasing):
    """P_n(t) of an exciton that starts in the middle of one disordered chain; in meV and fs."""
    times = STEPS * DURATION
    scaled = units.time_from_ps(1e-3 * times, coupling)
    energies = disorder / coupling * site_energies(N_SITES, 1.0, rng=6)
    start = np.diag((SITES == 0).astype(float))
    rho = evolve_density(hamiltonian(chain(N_SITES), energies), start, scaled, dephasing=dephasing / coupling)
    populations = np.diagonal(rho, axis1=1, axis2=2).real
    spread = mean_squared_displacement(np.maximum(populations, 0), SITES)
    edge = populations[-1, [0, -1]].sum()
    return {
        "sites": SITES,
        "times": times,
        "populations": populations,
        "width": np.sqrt(spread),
        "free_width": np.sqrt(clean_msd(scaled)),
        "coupling": coupling,
        "disorder": disorder,
        "dephasing": dephasing,
        "reaches_end": bool(edge > 0.002),
    }


def draw(axes, result):
    left, right = axes
    sites, times = result["sites"], result["times"]
    artists.image(left, "P", sites, times, np.sqrt(result["populations"]), cmap="magma", vmin=0, vmax=0.7)
    artists.line(right, "free", times, result["free_width"], color="C0", lw=1.3, ls=":", label="free wave")
    artists.line(right, "width", times, result["width"], color="C1", label="this exciton")
    right.set(xlim=(0, times[-1]), ylim=(0, 16))
    if not left.get_xlabel():
        left.set(xlabel="site n − n₀", ylabel="time (fs)")
        right.set(xlabel="time (fs)", ylabel="rms distance (sites)")
        artists.legend(right)


def read_out(result):
    half, width = result["width"][[len(STEPS) // 2, -1]]
    sentence = (
        f"With J = {result['coupling']:.0f}, Δ = {result['disorder']:.0f}, Γ = {result['dephasing']:.1f} meV "
        f"the exciton is {half:.1f} sites away after 100 fs and {width:.1f} after 200 fs, "
        f"{width / half:.2f} times as far: a wave would be at 2, a random walk at 1.41, a standing one at 1."
    )
    if result["reaches_end"]:
        sentence += " It has met the ends of this short chain: lower J."
    return sentence


regimes = Explorer(
    name="regimes",
    title="One exciton on a disordered, noisy chain",
    parameters=(
        Slider("coupling", "coupling", "J", 5.0, 40.0, 20.0, "meV", steps=35),
        Slider("disorder", "static disorder", "Δ", 0.0, 60.0, 15.0, "meV", steps=60),
        Slider("dephasing", "dephasing", "Γ", 0.1, 100.0, 1.0, "meV", scale="log", steps=60),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    length=235,
)
