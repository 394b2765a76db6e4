"""Explorer of the chapter on microscopy: one measurement, its error bar, and the bias that no bar shows."""

import numpy as np

from ...microscope.fits import fit_diffusion_constant
from ...microscope.imaging import expected_counts, record_counts
from ...microscope.moments import background_level, second_moment
from ...microscope.profiles import gaussian_profiles
from .. import artists
from ..explorer import Explorer
from ..parameters import Choice, Slider
from ..words import with_error

POSITIONS = np.linspace(-5000.0, 5000.0, 251)  # nm
TIMES = np.linspace(0.0, 3000.0, 101)  # ps
STOPS = np.linspace(-2500.0, 2500.0, 51)  # nm
EDGES = np.arange(-400.0, 3001.0, 100.0)  # ps
CENTERS = (EDGES[1:] + EDGES[:-1]) / 2
LATE = CENTERS > 100.0  # the pulse itself is over
LIFETIME = 1000.0  # ps
WINDOWS = np.arange(400.0, 2501.0, 100.0)  # nm


def _line(counts, window, background, background_error=0.0):
    """Second moments after the pulse, with errors, and the straight line through them."""
    options = {"background": background, "background_error": background_error, "window": window}
    moment, error = second_moment(counts[LATE], STOPS, **options)
    return moment, error, fit_diffusion_constant(CENTERS[LATE], moment, error)


def compute(n_photons, window, background, diffusivity, treatment):
    """One synthetic measurement and its slope; the slopes of noiseless data for every window."""
    mean = expected_counts(
        gaussian_profiles(POSITIONS, TIMES, diffusivity),
        POSITIONS,
        TIMES,
        EDGES,
        stops=STOPS,
        lifetime=LIFETIME,
        n_photons=n_photons,
        background=background,
    )
    counts = record_counts(mean, rng=4)
    subtracted = treatment == "subtracted"
    measured = background_level(counts, EDGES, before=-150.0) if subtracted else (0.0, 0.0)
    moment, error, fit = _line(counts, window, *measured)
    lines = [_line(mean, each, background if subtracted else 0.0, measured[1])[2] for each in WINDOWS]
    values, errors = np.array(lines).T
    time = CENTERS[LATE]
    weights = error**-2.0
    offset = weights @ (moment - 200 * fit.value * time) / weights.sum()
    here = int(np.abs(WINDOWS - window).argmin())
    return {
        "times": time,
        "gain": (moment - offset) / 1e3,
        "error": error / 1e3,
        "windows": WINDOWS / 1e3,
        "window": window / 1e3,
        "ratios": values / diffusivity,
        "ratio_errors": errors / diffusivity,
        "ratio": fit.value / diffusivity,
        "ratio_error": fit.standard_error / diffusivity,
        "bias": values[here] / diffusivity - 1,
        "fitted": fit.value,
        "fitted_error": fit.standard_error,
        "diffusivity": diffusivity,
        "n_photons": n_photons,
    }


_TOPS = np.array([2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000.0])


def draw(axes, result):
    left, right = axes
    times, gain, error = result["times"], result["gain"], result["error"]
    artists.band(left, "error", times, gain - error, gain + error, color="C0", alpha=0.25)
    artists.line(left, "gain", times, gain, color="C0", marker="o", ms=3.5, ls="", label="recorded")
    ends = np.array([0.0, 3000.0])
    artists.line(left, "fit", ends, 0.2 * result["fitted"] * ends, color="C0", lw=1.2, label="fit")
    truth = 0.2 * result["diffusivity"] * ends
    artists.line(left, "truth", ends, truth, color="C1", ls="--", label="put in")
    top = _TOPS[_TOPS >= min(1.05 * max(truth[1], np.max(gain + error)), _TOPS[-1])].min()
    left.set(xlim=(0, 3000), ylim=(-0.15 * top, top))

    windows, ratios, errors = result["windows"], result["ratios"], result["ratio_errors"]
    artists.line(right, "truth", [0, 3], [1, 1], color="C1", ls="--", label="put in")
    artists.band(right, "error", windows, ratios - errors, ratios + errors, color="C2", alpha=0.25)
    artists.line(right, "bias", windows, ratios, color="C2", label="expected")
    style = {"color": "C0", "marker": "o", "ms": 8, "ls": "", "label": "this one"}
    artists.line(right, "here", [result["window"]], [np.clip(result["ratio"], -0.05, 2.55)], **style)
    bar = np.clip(result["ratio"] + result["ratio_error"] * np.array([-1, 1]), -0.1, 2.6)
    artists.line(right, "bar", [result["window"]] * 2, bar, color="C0", lw=2)
    right.set(xlim=(0.3, 2.6), ylim=(-0.1, 2.6))
    if not left.get_xlabel():
        left.set(xlabel="time (ps)", ylabel="gain of m(t) (10³ nm²)")
        right.set(xlabel="half-width of the window (µm)", ylabel="D found / D put in")
        for ax in axes:
            artists.legend(ax)


def _percent(share):
    """Write a share in percent, with two digits or all those before the point."""
    return f"{100 * share:.0f} %" if abs(share) >= 0.1 else f"{100 * share:.2g} %"


def read_out(result):
    error, bias = result["ratio_error"], result["bias"]
    off = abs(result["ratio"] - 1) / error
    held = "holds" if off <= 1 else f"is {off:.1f} of its own lengths away from"
    found = with_error(result["fitted"], result["fitted_error"])
    side = "low" if bias < 0 else "high"
    return (
        f"From {result['n_photons'] / 1e6:.3g} million photons the slope gives D = {found} cm²/s, where "
        f"{result['diffusivity']:.3g} was put in: the error bar is {_percent(error)}, the analysis is "
        f"{_percent(abs(bias))} too {side} whatever the number of photons, and the bar {held} the truth."
    )


microscope = Explorer(
    name="microscope",
    title="A measurement of D: the recorded gain, and what the analysis finds against its window",
    parameters=(
        Slider("n_photons", "photons in the record", "N", 1e5, 1e8, 3e6, scale="log", steps=60),
        Slider("window", "half-width of the window", "h", 400.0, 2500.0, 2000.0, "nm", steps=21),
        Slider("background", "background in each bin and stop", "b", 0.0, 20.0, 2.0, "counts", steps=40),
        Slider("diffusivity", "diffusivity put in", "D", 0.01, 1.0, 0.1, "cm²/s", scale="log", steps=40),
        Choice(
            "treatment",
            "background is",
            {"subtracted": "subtracted, as measured before the pulse", "left": "left in"},
            "subtracted",
        ),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "A long record": {"n_photons": 1e8, "window": 2500.0},
        "Few photons": {"n_photons": 1e5},
        "Narrow window": {"n_photons": 1e8, "window": 700.0},
        "Background left in": {"background": 20.0, "treatment": "left"},
    },
)
