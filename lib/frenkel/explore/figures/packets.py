"""Explorer of the chapter on ballistic transport: packets and spots on disordered chains, without noise."""

import numpy as np

from ...motion.disordered_chains import coherent_spread
from ...motion.measures import coherence_length_bound, first_maximum
from ...motion.wavefunctions import excess_kurtosis, wave_packet
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Choice, Clock, Slider

N_SITES, N_CHAINS = 151, 72
FLOOR = 1e-3  # of the logarithmic panel
CENTER = N_SITES // 2
AWAY = np.arange(N_SITES) - CENTER
TIMES = np.linspace(0, 15, 151)  # ħ/J, the frames of the clock
STARTS = {
    "packet": "a coherent packet at rest",
    "moving": "a coherent packet in mid-band",
    "spot": "an incoherent spot",
    "site": "one site",
}
MOMENTA = {"moving": -np.pi / 2}  # to the right: the velocity is −2 sin q


def compute(start, disorder, width):
    """The profile and D(t) at all times, averaged over chains.

    Averaged over disorder, every site of an incoherent spot spreads alike: its profile is that of one site
    under the spot, and its D(t) is that of one site.
    """
    energies, momentum = disorder * unit_disorder(23, N_SITES, N_CHAINS), MOMENTA.get(start, 0.0)
    coherent = start in ("packet", "moving")
    packet = {"width": width, "momentum": momentum} if coherent else {}
    spread = coherent_spread(energies, TIMES, **packet)
    curves, profiles = spread.diffusivity, spread.mean_populations
    mean, error = curves.mean(axis=0), curves.std(axis=0, ddof=1) / np.sqrt(N_CHAINS)
    error *= disorder > 0  # clean chains differ by rounding only
    if start == "spot":
        spot = abs(wave_packet(N_SITES, CENTER, width=width)) ** 2
        profiles = np.array([np.convolve(profile, spot, mode="same") for profile in profiles])
    try:
        d_max, t_max = first_maximum(TIMES, mean)
        bound = coherence_length_bound(TIMES, mean)
    except ValueError:  # D(t) only rises
        d_max, t_max, bound = mean[-1], 0.0, 0.0
    return {
        "sites": AWAY,
        "profiles": profiles,
        "times": TIMES,
        "diffusivity": mean,
        "diffusivity_error": error,
        "d_max": d_max,
        "t_max": t_max,
        "bound": bound,
        "start": start,
        "disorder": disorder,
    }


def _now(result):
    """Return the frame of the clock, the profile there, its mean and its variance about the mean."""
    index = np.abs(TIMES - result["time"]).argmin()
    profile = result["profiles"][index]
    mean = profile @ AWAY
    return index, profile, mean, profile @ (AWAY - mean) ** 2


_TOPS = np.array([0.3, 0.5, 1, 1.5, 2.5, 5, 10, 20, 45, 90])


def move(axes, result):
    left, right = axes
    index, profile, mean, variance = _now(result)
    variance = max(variance, 1e-9)
    gaussian = np.exp(-((AWAY - mean) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    seen = [np.maximum(values, FLOOR / 10) for values in (gaussian, profile)]
    here = [TIMES[index]], [result["diffusivity"][index]]
    return [
        artists.line(left, "gaussian", AWAY, seen[0], color="C1", lw=1.2, ls="--", label="Gaussian"),
        artists.line(left, "profile", AWAY, seen[1], color="C0", lw=1.4, label="at time t"),
        artists.line(right, "now", *here, color="C0", marker="o", ms=7, ls="", clip_on=False, label="t"),
    ]


def draw(axes, result):
    left, right = axes
    initial = np.maximum(result["profiles"][0], FLOOR / 10)
    artists.line(left, "initial", AWAY, initial, color="C2", lw=1, ls=":", label="start")
    times, mean, error = result["times"], result["diffusivity"], result["diffusivity_error"]
    artists.band(right, "error", times, mean - error, mean + error, color="C0", alpha=0.25)
    artists.line(right, "D", times, mean, color="C0", label="D(t)")
    artists.guide(right, "free", times, 2 * times, label="2t")
    top = _TOPS[_TOPS > 1.02 * (mean + error).max()].min()
    low = -0.1 * top if (mean - error).min() > -0.1 * top else -0.4 * top
    peak = [result["t_max"] or -1] * 2  # outside the panel if there is none
    artists.line(right, "peak", peak, [low, result["d_max"]], color="C3", lw=1.2, label="first maximum")
    left.set(xlim=(AWAY[0], AWAY[-1]), ylim=(FLOOR, 1))
    right.set(xlim=(0, times[-1]), ylim=(low, top))
    if not left.get_xlabel():
        left.set(xlabel="site n − n₀", ylabel="probability $P_n$", yscale="log")
        right.set(xlabel="time t (ħ/J)", ylabel="D(t) (J a²/ħ)")
        right.axhline(0, color="0.5", lw=0.6)
        move(axes, result)
        for ax in axes:
            artists.legend(ax)


def read_out(result):
    if result["t_max"]:
        peak = (
            f"D(t) has its first maximum, {result['d_max']:.2f}, at t = {result['t_max']:.1f}, and the rule "
            f"gives L₀ = {result['bound']:.1f} sites"
        )
    else:
        peak = f"D(t) has no maximum before t = {TIMES[-1]:g}, where it is {result['d_max']:.2f}"
    _, profile, mean, variance = _now(result)
    ran = f"the mean is {mean:.1f} sites to the right, " if result["start"] == "moving" else ""
    kurtosis = excess_kurtosis(profile, AWAY - mean)
    return (
        f"From {STARTS[result['start']]} at Δ = {result['disorder']:.2f}, {peak}; at "
        f"t = {result['time']:.1f} {ran}the root mean square distance from the start is "
        f"{np.sqrt(variance + mean**2):.1f} sites and the excess kurtosis {kurtosis:.1f}."
    )


packets = Explorer(
    name="packets",
    title="A profile and its diffusivity, without noise",
    parameters=(
        Slider("disorder", "static disorder", "Δ", 0.0, 4.0, 0.5, "J", steps=80),
        Slider("width", "width of the start", "b", 2.0, 12.0, 5.0, "a", steps=50),
        Choice("start", "start", STARTS, "moving"),
        Clock(
            "time", "time", "t", 0.1, 15.0, 12.0, "ħ/J", steps=149, seconds=5.9, moments=(0.1, 4.0, 8.0, 15.0)
        ),
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings={
        "Clean": {"disorder": 0.0},
        "Echo": {"disorder": 0.5},
        "At rest": {"start": "packet", "disorder": 1.0, "width": 10.0},
        "Incoherent": {"start": "spot", "disorder": 1.0, "width": 10.0},
    },
)
