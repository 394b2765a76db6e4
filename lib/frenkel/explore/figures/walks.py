"""Explorer of the chapter on dephasing: noisy trajectories, and the master equation they average to."""

import warnings

import numpy as np

from ..._check import ConvergenceWarning
from ...exact import clean_msd
from ...motion.measures import mean_squared_displacement
from ...motion.white_noise import evolve_density, trajectories
from ...system.hamiltonians import hamiltonian
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..parameters import Slider
from ..words import with_error

N_SITES = 41
SITES = np.arange(N_SITES) - N_SITES // 2
TIMES = np.linspace(0, 8, 17)  # ħ/J


def compute(dephasing, n_trajectories, step):
    """Profile at the last time and MSD(t), from sampled trajectories and from the master equation."""
    H = hamiltonian(chain(N_SITES))
    start = (SITES == 0).astype(float)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        psi = trajectories(
            H, start, TIMES, dephasing=dephasing, n_trajectories=round(n_trajectories), rng=5, max_step=step
        )
    populations = abs(psi) ** 2
    spreads = mean_squared_displacement(populations, SITES)
    rho = evolve_density(H, np.diag(start), TIMES, dephasing=dephasing)
    exact = np.diagonal(rho, axis1=1, axis2=2).real
    return {
        "sites": SITES,
        "one": populations[0, -1],
        "average": populations[:, -1].mean(axis=0),
        "exact": exact[-1],
        "times": TIMES,
        "msd": spreads.mean(axis=0),
        "msd_error": spreads.std(axis=0, ddof=1) / np.sqrt(len(psi)),
        "msd_exact": mean_squared_displacement(exact, SITES),
        "msd_infinite": clean_msd(TIMES, dephasing),
        "dephasing": dephasing,
        "n_trajectories": len(psi),
        "step_too_long": bool(caught),
    }


def draw(axes, result):
    left, right = axes
    sites, times = result["sites"], result["times"]
    artists.line(left, "one", sites, result["one"], color="C5", lw=1, label="one run")
    artists.line(left, "average", sites, result["average"], color="C1", label="average")
    artists.line(left, "exact", sites, result["exact"], color="C0", lw=1.2, ls="--", label="exact")
    left.set(xlim=(-20, 20), ylim=(0, min(1.0, 1.3 * max(result["exact"].max(), result["average"].max()))))
    msd, error = result["msd"], result["msd_error"]
    artists.band(right, "error", times, msd - error, msd + error, color="C1", alpha=0.25)
    artists.line(right, "msd", times, msd, color="C1")
    artists.line(right, "exact", times, result["msd_exact"], color="C0", lw=1.2, ls="--")
    right.set(xlim=(0, times[-1]), ylim=(0, 1.15 * max(msd.max(), result["msd_exact"].max())))
    if not left.get_xlabel():
        left.set(xlabel="site n − n₀", ylabel="probability $P_n$ at t = 8")
        right.set(xlabel="time t (ħ/J)", ylabel="MSD (a²)")
        artists.legend(left)


def read_out(result):
    msd, error, exact = result["msd"][-1], result["msd_error"][-1], result["msd_exact"][-1]
    sentence = (
        f"At Γ = {result['dephasing']:.2f} and t = 8, {result['n_trajectories']} trajectories give "
        f"MSD = {with_error(msd, error)}; the master equation gives {exact:.1f}"
    )
    off = abs(msd - exact)
    if result["step_too_long"] and off > 4 * error:
        return sentence + ": the time step is too long, and no number of trajectories mends that."
    return sentence + f", {off / error:.1f} standard errors away."


walks = Explorer(
    name="walks",
    title="Noisy trajectories and their average",
    parameters=(
        Slider("dephasing", "dephasing", "Γ", 0.05, 5.0, 0.5, "J/ħ", scale="log", steps=80),
        Slider("n_trajectories", "trajectories", "M", 2, 200, 50, steps=99),
        Slider("step", "longest time step", "dt", 0.05, 0.5, 0.1, "ħ/J", steps=45),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Few runs": {"n_trajectories": 6},
        "Many runs": {"n_trajectories": 200},
        "Steps too long": {"n_trajectories": 200, "step": 0.5, "dephasing": 5.0},
    },
    length=165,
)
