"""A network with a trap: how much of an excitation arrives, and when."""

import numpy as np

from ...motion.traps import fmo_hamiltonian, transfer_efficiency, transfer_time
from ...system.hamiltonians import hamiltonian, site_energies
from ...system.lattices import chain
from ...units import WAVENUMBER_PER_PS
from .. import artists
from ..explorer import Explorer
from ..parameters import Choice, Slider
from ..words import digits

RATES = np.geomspace(0.1, 1e4, 51)  # cm⁻¹, the positions of the slider
N_DRAWS = 12
CHAIN_COUPLING = 80.0  # cm⁻¹, about the strongest coupling of the complex


def _network(name):
    """(Hamiltonian in cm⁻¹, first site, trap site)."""
    if name == "chain":
        return CHAIN_COUPLING * hamiltonian(chain(7)), 0, 6
    return fmo_hamiltonian(), 0 if name == "fmo1" else 5, 2


def compute(dephasing, trap_rate, lifetime, disorder, network):
    """Efficiency and mean transfer time against dephasing, over static disorder; interpolated for this Γ."""
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
    arrival = (times * efficiencies).sum(axis=0) / efficiencies.sum(axis=0)  # of those that do arrive
    here, here_arrival = (np.interp(np.log(dephasing), np.log(RATES), curve) for curve in (mean, arrival))
    return {
        "rates": RATES,
        "efficiency": mean,
        "efficiency_error": spread,
        "arrival": arrival,
        "dephasing": dephasing,
        "here": here,
        "here_arrival": here_arrival,
        "best": RATES[mean.argmax()],
        "largest": mean.max(),
        "trap_rate": trap_rate,
        "lifetime": lifetime,
        "disorder": disorder,
        "name": {"chain": "a chain of seven", "fmo1": "pigment 1", "fmo6": "pigment 6"}[network],
    }


_DOT = {"marker": "o", "ms": 8, "ls": "", "clip_on": False}


def draw(axes, result):
    left, right = axes
    rates, mean, error = result["rates"], result["efficiency"], result["efficiency_error"]
    artists.band(left, "error", rates, mean - error, mean + error, color="C1", alpha=0.25)
    artists.line(left, "curve", rates, mean, color="C1", label="this network")
    artists.line(left, "best", [result["best"]] * 2, [0, 1.02], color=artists.ink(), lw=1, label="best Γ")
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


def read_out(result):
    return (
        f"From {result['name']}, with ħΓ = {digits(result['dephasing'], 3)} cm⁻¹, trapping "
        f"{digits(result['trap_rate'], 2)} per ps, lifetime {digits(result['lifetime'], 3)} ps and "
        f"disorder {result['disorder']:.0f} cm⁻¹, {100 * result['here']:.1f} % arrive, after "
        f"{digits(result['here_arrival'], 2)} ps on average; the best dephasing is "
        f"{digits(result['best'], 3)} cm⁻¹, with {100 * result['largest']:.1f} %."
    )


trap = Explorer(
    name="trap",
    title="Transfer to a trap before the excitation is lost",
    parameters=(
        Slider("dephasing", "dephasing", "ħΓ", 0.1, 1e4, 10.0, "cm⁻¹", scale="log", steps=50),
        Slider("trap_rate", "trapping rate", "k_{trap}", 0.01, 1000.0, 1.0, "per ps", scale="log", steps=50),
        Slider("lifetime", "lifetime", "1/k_{loss}", 1.0, 1000.0, 1000.0, "ps", scale="log", steps=30),
        Slider("disorder", "added static disorder", "Δ", 0.0, 300.0, 0.0, "cm⁻¹", steps=30),
        Choice(
            "network",
            "network",
            {"fmo6": "FMO, from pigment 6", "fmo1": "FMO, from pigment 1", "chain": "chain of 7 equal sites"},
            "fmo6",
        ),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Quiet": {"dephasing": 0.1},
        "Best noise": {"dephasing": 126.0},
        "Too much noise": {"dephasing": 1e4},
        "Equal sites": {"network": "chain"},
    },
)
