"""Noise with a memory, between white noise and frozen disorder."""

from functools import lru_cache

import numpy as np

from ...exact import clean_msd
from ...motion.colored_noise import colored_trajectories, ornstein_uhlenbeck
from ...motion.measures import mean_squared_displacement
from ...system.hamiltonians import hamiltonian
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..parameters import Choice, Slider
from ..words import with_error

N_SITES, N_RUNS = 41, 40
SITES = np.arange(N_SITES) - N_SITES // 2
TIMES = np.linspace(0, 6, 25)  # ħ/J
FINE = np.linspace(0, 6, 301)
STATIC = 1e9  # a correlation time that outlasts everything


def _spread(amplitude, correlation_time):
    """MSD(t) from the middle of a clean chain under this noise, and its standard error."""
    psi = colored_trajectories(
        hamiltonian(chain(N_SITES)), (SITES == 0).astype(float), TIMES, amplitude=amplitude,
        correlation_time=correlation_time, n_trajectories=N_RUNS, rng=5, max_step=0.05,
    )  # fmt: skip
    msd = mean_squared_displacement(abs(psi) ** 2, SITES)
    return msd.mean(axis=0), msd.std(axis=0, ddof=1) / np.sqrt(N_RUNS)


@lru_cache(maxsize=8)
def _static(amplitude):
    return _spread(amplitude, STATIC)[0]


def compute(correlation_time, strength, hold):
    """Noise and spreading; `strength` is the amplitude σ or the dephasing 2σ²τ, whichever is held."""
    amplitude = strength if hold == "amplitude" else np.sqrt(strength / (2 * correlation_time))
    msd, error = _spread(amplitude, correlation_time)
    paths = ornstein_uhlenbeck(FINE, amplitude=amplitude, correlation_time=correlation_time, n_paths=2, rng=3)
    dephasing = 2 * amplitude**2 * correlation_time
    return {
        "fine": FINE,
        "paths": paths,
        "times": TIMES,
        "msd": msd,
        "msd_error": error,
        "white": clean_msd(TIMES, dephasing),
        "static": _static(float(amplitude)),
        "amplitude": float(amplitude),
        "dephasing": float(dephasing),
        "correlation_time": correlation_time,
        "product": float(amplitude * correlation_time),
    }


_LEVELS = np.array([0.5, 1, 2, 5, 10, 20, 50, 100])


def draw(axes, result):
    left, right = axes
    for row, color in enumerate(("C3", "C4")):
        artists.line(left, f"path {row}", result["fine"], result["paths"][row], color=color, lw=1)
    size = _LEVELS[_LEVELS >= min(1.05 * np.abs(result["paths"]).max(), 100)].min()
    left.set(xlim=(0, 6), ylim=(-size, size))
    times, msd, error = result["times"], result["msd"], result["msd_error"]
    artists.band(right, "error", times, msd - error, msd + error, color="C1", alpha=0.25)
    artists.line(right, "msd", times, msd, color="C1", label="this noise")
    artists.line(right, "white", times, result["white"], color="C0", lw=1.3, ls="--", label="white, same Γ")
    artists.line(right, "static", times, result["static"], color="C2", lw=1.3, ls=":", label="frozen, same σ")
    right.set(xlim=(0, 6), ylim=(0, 75))
    if not left.get_xlabel():
        left.set(xlabel="time t (ħ/J)", ylabel=r"energies of two sites $\xi_n(t)$ (J)")
        right.set(xlabel="time t (ħ/J)", ylabel="MSD (a²)")
        artists.legend(right, columns=2)


def read_out(result):
    msd, error, white, static = (result[name][-1] for name in ("msd", "msd_error", "white", "static"))
    nearer = "white noise" if abs(msd - white) < abs(msd - static) else "frozen disorder"
    if abs(msd - white) < 2 * error and abs(msd - static) < 2 * error:
        nearer = "both"
    return (
        f"With σ = {result['amplitude']:.2f} and τ = {result['correlation_time']:.2f}, Γ = 2σ²τ is "
        f"{result['dephasing']:.2f}; at t = 6 the MSD is {with_error(msd, error)}, against {white:.1f} for "
        f"white noise of this Γ and {static:.1f} for frozen energies of this σ: nearer to {nearer}."
    )


memory = Explorer(
    name="memory",
    title="Noise with a memory, and how an exciton spreads under it",
    parameters=(
        Slider("correlation_time", "correlation time", "τ", 0.02, 20.0, 1.0, "ħ/J", scale="log", steps=60),
        Slider("strength", "strength of the noise", "σ or Γ", 0.2, 4.0, 1.0, "J", steps=38),
        Choice("hold", "held fixed", {"amplitude": "σ", "dephasing": "Γ = 2σ²τ"}, "amplitude"),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Nearly white": {"correlation_time": 0.02, "strength": 1.0, "hold": "dephasing"},
        "Between": {"correlation_time": 1.0, "strength": 1.0, "hold": "amplitude"},
        "Nearly frozen": {"correlation_time": 20.0, "strength": 2.0, "hold": "amplitude"},
    },
)
