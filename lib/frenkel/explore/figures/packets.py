"""Explorer of the chapter on ballistic transport: packets and spots on disordered chains, without noise."""

from functools import lru_cache

import numpy as np

from ...motion.disordered_chains import coherent_spread, evolve_chains
from ...motion.measures import coherence_length_bound, first_maximum
from ...motion.wavefunctions import excess_kurtosis, wave_packet
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Choice, Slider

N_SITES, N_CHAINS = 181, 72
FLOOR = 1e-6  # of the logarithmic panel
CENTER = N_SITES // 2
AWAY = np.arange(N_SITES) - CENTER
TIMES = np.linspace(0, 20, 81)  # ħ/J
STARTS = {
    "packet": "a coherent packet at rest",
    "moving": "a coherent packet in mid-band",
    "spot": "an incoherent spot",
    "site": "one site",
}
MOMENTA = {"moving": np.pi / 2}


@lru_cache(maxsize=8)
def _spread(start, disorder, width):
    """D(t) of each chain; moving the time alone leaves it as it is."""
    coherent = {"width": width, "momentum": MOMENTA.get(start, 0.0)} if start in ("packet", "moving") else {}
    return coherent_spread(disorder * unit_disorder(23, N_SITES, N_CHAINS), TIMES, **coherent).diffusivity


def compute(start, disorder, width, time):
    """The profile at one time and D(t), averaged over chains.

    Averaged over disorder, every site of an incoherent spot spreads alike: its profile is that of one site
    under the spot, and its D(t) is that of one site.
    """
    curves = _spread(start, disorder, width)
    mean, error = curves.mean(axis=0), curves.std(axis=0, ddof=1) / np.sqrt(N_CHAINS)
    error *= disorder > 0  # clean chains differ by rounding only
    coherent = start in ("packet", "moving")
    psi0 = wave_packet(N_SITES, CENTER, width=width * coherent, momentum=MOMENTA.get(start, 0.0))
    psi = evolve_chains(disorder * unit_disorder(23, N_SITES, N_CHAINS), psi0, np.array([0.0, time]))
    initial, profile = (abs(psi) ** 2).mean(axis=1)
    if start == "spot":
        spot = abs(wave_packet(N_SITES, CENTER, width=width)) ** 2
        initial, profile = (np.convolve(values, spot, mode="same") for values in (initial, profile))
    variance = profile @ AWAY**2
    try:
        d_max, t_max = first_maximum(TIMES, mean)
        bound = coherence_length_bound(TIMES, mean)
    except ValueError:  # D(t) only rises
        d_max, t_max, bound = mean[-1], 0.0, 0.0
    return {
        "sites": AWAY,
        "initial": initial,
        "profile": profile,
        "gaussian": np.exp(-(AWAY**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance),
        "kurtosis": float(excess_kurtosis(profile, AWAY)),
        "width_now": float(np.sqrt(variance)),
        "times": TIMES,
        "diffusivity": mean,
        "diffusivity_error": error,
        "d_max": d_max,
        "t_max": t_max,
        "bound": bound,
        "start": start,
        "disorder": disorder,
        "time": time,
    }


_TOPS = np.array([0.3, 0.5, 1, 1.5, 2.5, 5, 10, 20, 45, 90])


def draw(axes, result):
    left, right = axes
    sites = result["sites"]
    styles = {
        "initial": {"color": "C2", "lw": 1, "ls": ":", "label": "start"},
        "gaussian": {"color": "C1", "lw": 1.2, "ls": "--", "label": "Gaussian"},
        "profile": {"color": "C0", "lw": 1.4, "label": "at time t"},
    }
    for name, style in styles.items():
        artists.line(left, name, sites, np.maximum(result[name], FLOOR / 10), **style)
    times, mean, error = result["times"], result["diffusivity"], result["diffusivity_error"]
    artists.band(right, "error", times, mean - error, mean + error, color="C0", alpha=0.25)
    artists.line(right, "D", times, mean, color="C0", label="D(t)")
    artists.line(right, "free", times, 2 * times, color="0.5", lw=1, ls=":", label="2t")
    top = _TOPS[_TOPS > 1.02 * (mean + error).max()].min()
    low = -0.1 * top if (mean - error).min() > -0.1 * top else -0.4 * top
    peak = [result["t_max"] or -1] * 2  # outside the panel if there is none
    artists.line(right, "peak", peak, [low, result["d_max"]], color="C3", lw=1.2, label="$t_{max}$")
    artists.line(right, "now", [result["time"]] * 2, [low, top], color="C2", lw=1, ls=":", label="t")
    left.set(xlim=(sites[0], sites[-1]), ylim=(FLOOR, 2))
    right.set(xlim=(0, times[-1]), ylim=(low, top))
    if not left.get_xlabel():
        left.set(xlabel="site n − n₀", ylabel="probability $P_n$", yscale="log")
        right.set(xlabel="time t (ħ/J)", ylabel="D(t) (J a²/ħ)")
        right.axhline(0, color="0.5", lw=0.6)
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
    return (
        f"From {STARTS[result['start']]} at Δ = {result['disorder']:.2f}, {peak}; at "
        f"t = {result['time']:.1f} the root mean square distance is {result['width_now']:.1f} sites and the "
        f"excess kurtosis {result['kurtosis']:.1f}."
    )


packets = Explorer(
    name="packets",
    title="A profile and its diffusivity, without noise",
    parameters=(
        Slider("disorder", "static disorder", "Δ", 0.0, 4.0, 1.0, "J", steps=80),
        Slider("width", "width of the start", "b", 2.0, 12.0, 10.0, "a", steps=50),
        Slider("time", "time", "t", 0.5, 20.0, 10.0, "ħ/J", steps=78),
        Choice("start", "start", STARTS, "packet"),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
)
