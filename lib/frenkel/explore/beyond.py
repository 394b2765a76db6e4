"""Explorers of the chapter beyond Haken and Strobl: noise with a memory, and a network with a trap."""

from functools import lru_cache

import numpy as np

from ..exact import clean_msd
from ..hamiltonian import hamiltonian, site_energies
from ..lattice import chain
from ..noise import colored_trajectories, ornstein_uhlenbeck
from ..transfer import WAVENUMBER_PER_PS, fmo_hamiltonian, transfer_efficiency, transfer_time
from ..transport import mean_squared_displacement
from . import artists
from .base import Choice, Explorer, Slider

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


def _compute_memory(correlation_time, strength, hold):
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


def _draw_memory(axes, result):
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


def _read_memory(result):
    msd, error, white, static = (result[name][-1] for name in ("msd", "msd_error", "white", "static"))
    nearer = "white noise" if abs(msd - white) < abs(msd - static) else "frozen disorder"
    if abs(msd - white) < 2 * error and abs(msd - static) < 2 * error:
        nearer = "both"
    return (
        f"With σ = {result['amplitude']:.2f} and τ = {result['correlation_time']:.2f}, Γ = 2σ²τ is "
        f"{result['dephasing']:.2f}; at t = 6 the MSD is {msd:.1f} ± {error:.1f}, against {white:.1f} for "
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
    compute=_compute_memory,
    draw=_draw_memory,
    read_out=_read_memory,
)


RATES = np.geomspace(0.1, 1e4, 51)  # cm⁻¹, the positions of the slider
N_DRAWS = 12
CHAIN_COUPLING = 80.0  # cm⁻¹, about the strongest coupling of the complex


def _network(name):
    """(Hamiltonian in cm⁻¹, first site, trap site)."""
    if name == "chain":
        return CHAIN_COUPLING * hamiltonian(chain(7)), 0, 6
    return fmo_hamiltonian(), 0 if name == "fmo1" else 5, 2


def _compute_trap(dephasing, trap_rate, lifetime, disorder, network):
    """Efficiency and mean transfer time against dephasing, averaged over static disorder."""
    H, first, last = _network(network)
    draws = site_energies(7, 1.0, rng=4, shape=(N_DRAWS,)) if disorder else np.zeros((1, 7))
    options = {
        "dephasing": RATES,
        "traps": WAVENUMBER_PER_PS * trap_rate * np.eye(7)[last],
        "loss_rate": WAVENUMBER_PER_PS / lifetime,
    }
    networks = [H + np.diag(disorder * energies) for energies in draws]
    efficiencies = np.array([transfer_efficiency(each, first, **options) for each in networks])
    times = np.array([transfer_time(each, first, **options) for each in networks]) * WAVENUMBER_PER_PS
    mean = efficiencies.mean(axis=0)
    spread = efficiencies.std(axis=0, ddof=1) / np.sqrt(N_DRAWS) if disorder else np.zeros_like(mean)
    index = int(np.abs(np.log(RATES / dephasing)).argmin())
    arrival = (times * efficiencies).sum(axis=0) / efficiencies.sum(axis=0)  # of those that do arrive
    return {
        "rates": RATES,
        "efficiency": mean,
        "efficiency_error": spread,
        "arrival": arrival,
        "dephasing": RATES[index],
        "here": mean[index],
        "here_arrival": arrival[index],
        "best": RATES[mean.argmax()],
        "largest": mean.max(),
        "trap_rate": trap_rate,
        "lifetime": lifetime,
        "disorder": disorder,
        "name": {"chain": "a chain of seven", "fmo1": "pigment 1", "fmo6": "pigment 6"}[network],
    }


_DOT = {"marker": "o", "ms": 8, "ls": "", "clip_on": False}


def _draw_trap(axes, result):
    left, right = axes
    rates, mean, error = result["rates"], result["efficiency"], result["efficiency_error"]
    artists.band(left, "error", rates, mean - error, mean + error, color="C1", alpha=0.25)
    artists.line(left, "curve", rates, mean, color="C1", label="this network")
    artists.line(left, "best", [result["best"]] * 2, [0, 1.02], color="C3", lw=1, label="best Γ")
    artists.line(left, "here", [result["dephasing"]], [result["here"]], color="C1", **_DOT)
    left.set(xlim=(rates[0], rates[-1]), ylim=(0, 1.02))
    artists.line(right, "curve", rates, result["arrival"], color="C0")
    here = [result["dephasing"]], [result["here_arrival"]]
    artists.line(right, "here", *here, color="C0", **_DOT)
    right.set(xlim=(rates[0], rates[-1]), ylim=(0.03, 3000))
    if not left.get_xlabel():
        left.set(xlabel="dephasing ħΓ (cm⁻¹)", ylabel="efficiency η", xscale="log")
        right.set(xlabel="dephasing ħΓ (cm⁻¹)", ylabel="mean transfer time (ps)", xscale="log", yscale="log")
        artists.legend(left)


def _digits(number, count):
    """Write a number with `count` significant digits and no exponent."""
    return f"{float(f'{number:.{count}g}'):.10g}"


def _read_trap(result):
    return (
        f"From {result['name']}, with ħΓ = {_digits(result['dephasing'], 3)} cm⁻¹, trapping "
        f"{_digits(result['trap_rate'], 2)} per ps, lifetime {_digits(result['lifetime'], 3)} ps and "
        f"disorder {result['disorder']:.0f} cm⁻¹, {100 * result['here']:.1f} % arrive, after "
        f"{_digits(result['here_arrival'], 2)} ps on average; the best dephasing is "
        f"{_digits(result['best'], 2)} cm⁻¹, with {100 * result['largest']:.1f} %."
    )


trap = Explorer(
    name="trap",
    title="Transfer to a trap before the excitation is lost",
    parameters=(
        Slider("dephasing", "dephasing", "ħΓ", 0.1, 1e4, 10.0, "cm⁻¹", scale="log", steps=50),
        Slider("trap_rate", "trapping rate", "k_trap", 0.01, 1000.0, 1.0, "1/ps", scale="log", steps=50),
        Slider("lifetime", "lifetime", "1/k_loss", 1.0, 1000.0, 1000.0, "ps", scale="log", steps=30),
        Slider("disorder", "added static disorder", "Δ", 0.0, 300.0, 0.0, "cm⁻¹", steps=30),
        Choice(
            "network",
            "network",
            {"fmo6": "FMO, from pigment 6", "fmo1": "FMO, from pigment 1", "chain": "chain of 7 equal sites"},
            "fmo6",
        ),
    ),
    compute=_compute_trap,
    draw=_draw_trap,
    read_out=_read_trap,
)
