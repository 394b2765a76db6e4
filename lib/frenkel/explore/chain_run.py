"""One exciton on a chain, frame by frame: one run under its noise, and the average of all runs."""

from functools import lru_cache

import numpy as np

from .._engines import master_equation
from .._engines.noisy_steps import check_step, sample
from ..motion.measures import mean_squared_displacement
from ..system.hamiltonians import hamiltonian
from ..system.lattices import chain
from . import artists
from .frozen import unit_disorder
from .hues import colors, key, mean
from .parameters import Clock

N_SITES = 41
SITES = np.arange(N_SITES) - N_SITES // 2
CLOCK = Clock("time", "time", "t", 0.0, 24.0, 12.0, "ħ/J", steps=240, moments=(0.0, 1.0, 5.0, 12.0))
TIMES = CLOCK.times
RATES = np.geomspace(0.05, 30, 61)  # J/ħ, the positions of the slider of the noise
QUIET, BEST, MUCH = (float(RATES[k]) for k in (0, 40, 60))  # at Δ = 3 the largest D_s is near BEST
SETTINGS = {
    words: {"dephasing": rate, "disorder": 3.0}
    for words, rate in (("Quiet", QUIET), ("Best noise", BEST), ("Too much noise", MUCH))
}
SEED = 7  # a landscape near the median of a dozen in how far the exciton gets
FLOOR, REACH, KNEE = -0.36, 0.055, 2.0  # levels are around FLOOR: linear up to KNEE (J), then logarithmic


@lru_cache(maxsize=8)
def run(dephasing, disorder):
    """Return what a frame needs of one run and of the average of all, at all `TIMES`.

    The energies of a frame are the site energies and the mean over the frame of the noise that the run met.
    """
    energies = disorder * unit_disorder(SEED, N_SITES, 1)[0]
    H = hamiltonian(chain(N_SITES), energies)
    start = (SITES == 0).astype(float)
    rng, kicks = np.random.default_rng(4), []

    def kick(psi, dt):
        phases = np.sqrt(dephasing * dt) * rng.standard_normal(psi.shape)
        kicks.append((dt, phases[0]))
        return psi * np.exp(-1j * phases)

    psi = sample(H, start, TIMES, 1, 3 * check_step(H, dephasing, None), kick)[0]
    ends = np.cumsum([dt for dt, _ in kicks]) - 1e-9
    frame = np.searchsorted(TIMES, ends) - 1
    noise = np.zeros((CLOCK.steps, N_SITES))
    np.add.at(noise, frame, [phases for _, phases in kicks])
    noise /= TIMES[1]
    rho = np.diag(start.astype(complex))
    average = master_equation.evolve(H, rho, TIMES, dephasing, observe=np.diagonal).real
    return {
        "times": TIMES,
        "sites": SITES,
        "energies": energies,
        "noise": noise[np.r_[0, : CLOCK.steps]],
        "amplitudes": psi,
        "average": average,
        "distance": np.sqrt(mean_squared_displacement(abs(psi) ** 2, SITES)),
        "average_distance": np.sqrt(mean_squared_displacement(average, SITES)),
        "dephasing": dephasing,
        "disorder": disorder,
    }


def _height(energies):
    """Where levels are drawn. The noise of a frame can be ten times the disorder, and neither may be lost."""
    return FLOOR + REACH * np.arcsinh(energies / KNEE)


def move(ax, result):
    """Draw wave and levels at the moment of the clock; return the artists."""
    index = CLOCK.frame(result["time"])
    psi = result["amplitudes"][index]
    shaken = _height(result["energies"] + result["noise"][index])
    average = np.sqrt(result["average"][index])
    return [
        artists.bars(ax, "wave", SITES, abs(psi), colors(np.angle(psi))),
        artists.line(ax, "average", SITES, average, color=artists.ink(), lw=1.8),
        artists.line(ax, "levels", SITES, shaken, color="C1", marker="_", ms=6, mew=2, ls=""),
    ]


def draw(ax, result):
    """Draw what stands still: the levels without noise, and the axes."""
    artists.line(
        ax, "frozen", SITES, _height(result["energies"]), color="C3", marker="_", ms=6, mew=1.4, ls=""
    )
    if not ax.get_xlabel():
        artists.line(ax, "ground", SITES[[0, -1]], [0, 0], color="0.5", lw=0.6)
        _name(ax)
        ax.set(xlabel="site n − n₀", ylabel="energies        amplitude", xlim=(-20, 20), ylim=(-0.82, 1.02))
        ax.set_yticks([0, 0.5, 1])


def _name(ax):
    """Say what is what, where nothing is drawn: beside the start above, and below the levels."""
    key(ax, -19, 0.94, 6)
    mean(ax, 4, 0.94, 3, "mean of\nall runs")
    for gid, x, word, color in (("still", -19, "frozen", "C3"), ("moving", 5, "shaken", "C1")):
        place = {"va": "center_baseline", "color": artists.letters(color), "fontsize": 8.5}
        artists.text(ax, gid, x, -0.7, word, **place)
