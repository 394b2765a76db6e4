"""One exciton on its way: energies that stand or shake, a wave with its phase, the average of many runs."""

from functools import lru_cache

import numpy as np

from ..._engines import master_equation
from ..._engines.noisy_steps import check_step, sample
from ...motion.measures import mean_squared_displacement
from ...system.hamiltonians import hamiltonian
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Clock, Slider

N_SITES = 51
SITES = np.arange(N_SITES) - N_SITES // 2
END, FRAMES = 30.0, 300  # ħ/J
TIMES = np.linspace(0, END, FRAMES + 1)
FLOOR, REACH = -0.36, 0.03  # where site energies are drawn: around FLOOR, so much for an energy of J


@lru_cache(maxsize=8)
def _run(dephasing, disorder):
    """ψ(t) of one run, the noise that it met (a mean over each frame), and the populations of the average."""
    energies = disorder * unit_disorder(3, N_SITES, 1)[0]
    H = hamiltonian(chain(N_SITES), energies)
    start = (SITES == 0).astype(float)
    rng, kicks = np.random.default_rng(4), []

    def kick(psi, dt):
        phases = np.sqrt(dephasing * dt) * rng.standard_normal(psi.shape)
        kicks.append((dt, phases[0]))
        return psi * np.exp(-1j * phases)

    psi = sample(H, start, TIMES, 1, check_step(H, dephasing, None), kick)[0]
    ends = np.cumsum([dt for dt, _ in kicks]) - 1e-9
    frame = np.searchsorted(TIMES, ends) - 1
    noise = np.zeros((FRAMES, N_SITES))
    np.add.at(noise, frame, [phases for _, phases in kicks])
    noise /= TIMES[1]
    rho = np.diag(start.astype(complex))
    average = master_equation.evolve(H, rho, TIMES, dephasing, observe=np.diagonal).real
    return energies, noise[np.r_[0, :FRAMES]], psi, average


def compute(dephasing, disorder):
    """One run and the average of all, at all times."""
    energies, noise, psi, average = _run(dephasing, disorder)
    return {
        "times": TIMES,
        "sites": SITES,
        "energies": energies,
        "noise": noise,
        "populations": abs(psi) ** 2,
        "phases": np.angle(psi),
        "average": average,
        "distance": np.sqrt(mean_squared_displacement(abs(psi) ** 2, SITES)),
        "average_distance": np.sqrt(mean_squared_displacement(average, SITES)),
        "dephasing": dephasing,
        "disorder": disorder,
    }


_TURN = np.linspace(0, 2 * np.pi, 13)
_HUES = np.stack([0.55 + 0.4 * np.cos(_TURN + shift) for shift in (0, -2.1, 2.1)], axis=1)


def _colors(phases):
    """Return a color for each phase: the same lightness all around, and no color of the palette."""
    return np.stack([np.interp(phases % (2 * np.pi), _TURN, hue) for hue in _HUES.T], axis=1)


def move(axes, result):
    """The wave, the levels and how far both have come, at the moment of the clock."""
    left, right = axes
    index = round(result["time"] / END * FRAMES)
    sites, levels = result["sites"], result["energies"] + result["noise"][index]
    wave = artists.bars(left, "wave", sites, result["populations"][index], _colors(result["phases"][index]))
    average = artists.line(left, "average", sites, result["average"][index], color="C1", lw=1.6)
    shaken = np.clip(FLOOR + REACH * levels, FLOOR - 0.22, FLOOR + 0.22)
    dots = artists.line(left, "levels", sites, shaken, color="C2", marker="_", ms=5, mew=2, ls="")
    until = slice(0, index + 1)
    times = result["times"][until]
    one = artists.line(right, "one", times, result["distance"][until], color="C5", lw=1.2, label="this run")
    mean = artists.line(
        right,
        "mean",
        times,
        result["average_distance"][until],
        color="C1",
        lw=1.8,
        label="average of all runs",
    )
    return [wave, average, dots, one, mean]


def draw(axes, result):
    left, right = axes
    artists.line(left, "ground", [SITES[0], SITES[-1]], [0, 0], color="0.5", lw=0.6)
    frozen = FLOOR + REACH * result["energies"]
    artists.line(left, "frozen", SITES, frozen, color="0.6", marker="_", ms=5, ls="")
    free = np.sqrt(2) * TIMES
    artists.line(right, "free", TIMES, free, color="0.5", lw=1, ls=":", label="a wave on a clean chain")
    if not left.get_xlabel():
        left.set(
            xlabel="site n − n₀", ylabel="probability $P_n$", xlim=(SITES[0], SITES[-1]), ylim=(-0.6, 1.02)
        )
        left.set_yticks([0, 0.5, 1])
        left.text(SITES[0] + 1, FLOOR + 0.19, "energies", fontsize=8.5, va="bottom")
        right.set(xlabel="time t (ħ/J)", ylabel="distance (a)", xlim=(0, END), ylim=(0, 10))
        move(axes, result)
        artists.legend(right, columns=2)


def read_out(result):
    index = round(result["time"] / END * FRAMES)
    one, mean = result["distance"][index], result["average_distance"][index]
    return (
        f"At Γ = {result['dephasing']:.2g} and Δ = {result['disorder']:.1f}, after t = {result['time']:.1f} the "
        f"exciton of this run is {one:.1f} sites from where it started (root mean square); the average of all "
        f"runs is {mean:.1f} sites away, and a wave on a clean chain would be {np.sqrt(2) * result['time']:.1f}."
    )


exciton = Explorer(
    name="exciton",
    title="One exciton on its way",
    parameters=(
        Slider("dephasing", "dephasing", "Γ", 0.01, 60.0, 2.0, "J/ħ", scale="log", steps=100),
        Slider("disorder", "static disorder", "Δ", 0.0, 5.0, 3.0, "J", steps=50),
        Clock("time", "time", "t", 0.0, END, 15.0, "ħ/J", steps=FRAMES, moments=(0.0, 1.0, 5.0, 20.0)),
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings={
        "quiet": {"dephasing": 0.01, "disorder": 3.0},
        "best noise": {"dephasing": 2.0, "disorder": 3.0},
        "too much": {"dephasing": 60.0, "disorder": 3.0},
        "no disorder": {"dephasing": 0.01, "disorder": 0.0},
    },
    length=250,
)
