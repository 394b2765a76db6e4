"""Explorer of the chapter on rival explanations: data made by ENAQT, and the curves of its rivals."""

from functools import lru_cache

import numpy as np

from ...exact import strong_dephasing_constant
from ...motion.thermal_rates import marcus_rate
from ...rivals.bands import band_diffusivity
from ...rivals.dark_states import bright_dark_diffusivity
from ...rivals.films import miller_abrahams_rate
from ...rivals.transient_localization import transient_localization_diffusivity
from ...states.linewidths import dephasing_rate
from ...system.samples import SAMPLES
from ...units import thermal_energy
from .. import artists
from ..explorer import Explorer
from ..parameters import Choice, Slider

TEMPERATURES = np.array([7.0, 20, 35, 50, 70, 90, 120, 160, 210, 298])  # K, of the data
DENSE = np.linspace(5.0, 300.0, 119)
ENERGIES = np.geomspace(1.0, 60.0, 61)  # meV, the positions of the slider
EXPONENTS = np.linspace(-1.0, 3.0, 41)
DISORDER = SAMPLES["DAB-1"].direct_disorder  # meV
PHONON_COUPLING = 62.6  # meV, of DAB-1
SMALLEST_ERROR = 0.01  # of the largest D: what no measurement can go below


def _enaqt(temperature):
    """D_s(T) where dephasing is strong, over its largest value on DENSE."""
    curves = [
        strong_dephasing_constant(dephasing_rate(t, PHONON_COUPLING), DISORDER) for t in (temperature, DENSE)
    ]
    return curves[0] / curves[1].max()


def _bright_dark(temperature, energy, exponent):
    return bright_dark_diffusivity(temperature, splitting=energy, bright_diffusivity=1.0, exponent=exponent)


def _band(temperature, energy, exponent):
    """Both kinds of scattering are equally strong where k_B T is `energy`."""
    crossing = energy / thermal_energy(300.0)
    defects = crossing ** -(exponent + 1.5)
    return band_diffusivity(
        temperature, acoustic_mobility=1.0, defect_mobility=defects, defect_exponent=exponent
    )


def _marcus(temperature, energy, exponent):
    return marcus_rate(0.0, energy, thermal_energy(temperature))


def _activated(temperature, energy, exponent):
    return np.array([miller_abrahams_rate(energy, t, attempt_rate=1.0) for t in temperature])


def _transient(temperature, energy, exponent):
    """The length falls so that D falls as T^-exponent; the time stays."""
    return transient_localization_diffusivity((temperature / 100) ** (-exponent / 2), 1.0)


RIVALS = {  # name: label, curve, and which of the two sliders it uses
    "bright-dark": ("bright–dark exchange (δ, q)", _bright_dark, ("energy", "exponent")),
    "marcus": ("Marcus hopping (λ)", _marcus, ("energy",)),
    "activated": ("activated hopping (barrier)", _activated, ("energy",)),
    "band": ("band with defects (crossing, p)", _band, ("energy", "exponent")),
    "transient": ("transient localization (power of T)", _transient, ("exponent",)),
}


@lru_cache(maxsize=8)
def _shapes(rival):
    """The rival's D at TEMPERATURES for all positions of its sliders: (exponent, energy, temperature)."""
    _, curve, uses = RIVALS[rival]
    energies = ENERGIES if "energy" in uses else ENERGIES[:1]
    exponents = EXPONENTS if "exponent" in uses else EXPONENTS[:1]
    shapes = np.array([[curve(TEMPERATURES, e, q) for e in energies] for q in exponents])
    return np.broadcast_to(shapes, (len(EXPONENTS), len(ENERGIES), len(TEMPERATURES)))


def _fit(data, errors, shape):
    """The amplitude of a shape (..., t) that fits best, and χ²: one linear parameter."""
    size = np.abs(shape).max(axis=-1, keepdims=True)
    scaled = shape / size
    amplitude = (scaled * data / errors**2).sum(axis=-1) / (scaled**2 / errors**2).sum(axis=-1)
    misfit = (((data - amplitude[..., None] * scaled) / errors) ** 2).sum(axis=-1)
    return amplitude / size[..., 0], misfit


def compute(rival, energy, exponent, error):
    """Data from ENAQT, the rival's curve with its amplitude fitted, and χ² along both sliders."""
    truth = _enaqt(TEMPERATURES)
    errors = np.hypot(error / 100 * truth, SMALLEST_ERROR)
    data = truth + errors * np.random.default_rng(11).standard_normal(len(truth))
    curve = RIVALS[rival][1]
    amplitude, misfit = _fit(data, errors, np.asarray(curve(TEMPERATURES, energy, exponent)))
    scale, reference = _fit(data, errors, truth)
    misfits = _fit(data, errors, _shapes(rival))[1]
    best = np.unravel_index(misfits.argmin(), misfits.shape)
    return {
        "temperatures": TEMPERATURES,
        "data": data,
        "errors": errors,
        "dense": DENSE,
        "rival_curve": amplitude * np.asarray(curve(DENSE, energy, exponent)),
        "enaqt_curve": scale * _enaqt(DENSE),
        "misfit": float(misfit),
        "reference": float(reference),
        "energies": ENERGIES,
        "misfits": misfits[np.abs(EXPONENTS - exponent).argmin()],
        "best_misfits": misfits.min(axis=0),
        "best_misfit": min(float(misfits.min()), float(misfit)),
        "best_energy": float(ENERGIES[best[1]]),
        "best_exponent": float(EXPONENTS[best[0]]),
        "energy": energy,
        "error": error,
        "rival": rival,
    }


def draw(axes, result):
    left, right = axes
    dense, t, data, errors = (result[name] for name in ("dense", "temperatures", "data", "errors"))
    low, high = data - errors, data + errors
    gap = np.full_like(t, np.nan)
    bars = np.stack([low, high, gap], axis=1).ravel()
    artists.line(left, "bars", np.repeat(t, 3), bars, color="0.5", lw=1.2)
    artists.line(left, "data", t, data, color="0.5", marker="o", ms=5, ls="", label="data")
    artists.line(left, "enaqt", dense, result["enaqt_curve"], color="C0", label="ENAQT")
    artists.line(left, "rival", dense, result["rival_curve"], color="C1", ls="--", label="rival")
    left.set(xlim=(0, 305), ylim=(-0.15, 1.8))

    energies, reference = result["energies"], result["reference"]
    artists.band(
        right, "alike", energies[[0, -1]], [reference] * 2, [reference + 4] * 2, color="C0", alpha=0.25
    )
    artists.line(right, "ENAQT", energies[[0, -1]], [reference] * 2, color="C0", label="ENAQT")
    artists.line(right, "any", energies, result["best_misfits"], color="C1", lw=1, ls=":", label="best q")
    artists.line(right, "this", energies, result["misfits"], color="C1", ls="--", label="this one")
    style = {"color": "C1", "marker": "o", "ms": 8, "ls": "", "clip_on": False}
    artists.line(right, "here", [result["energy"]], [result["misfit"]], **style)
    right.set(xlim=(1, 60), ylim=(1, 1e4))
    if not left.get_xlabel():
        left.set(xlabel="temperature T (K)", ylabel="$D_s$ over its maximum")
        right.set(xlabel="energy of the rival (meV)", ylabel="misfit χ²", xscale="log", yscale="log")
        for ax in axes:
            artists.legend(ax)


def read_out(result):
    label, _, uses = RIVALS[result["rival"]]
    best = {
        "energy": f"{result['best_energy']:.1f} meV",
        "exponent": f"exponent {result['best_exponent']:.1f}",
    }
    where = ", ".join(best[slider] for slider in uses)
    least, reference = result["best_misfit"], result["reference"]
    if least < reference + 4:
        verdict = "at its best it describes them as well as ENAQT, so D(T) alone does not tell the two apart"
    elif least < reference + 20:
        verdict = "even at its best it is behind, though errors estimated too small could explain that"
    else:
        verdict = "no setting saves it"
    return (
        f"Against {len(result['data'])} points with errors of {result['error']:.0f} %, "
        f"{label.split(' (')[0]} has χ² = {result['misfit']:.1f} here and {least:.1f} at its best ({where}); "
        f"ENAQT, which made the data, has {reference:.1f}: {verdict}."
    )


rivals = Explorer(
    name="rivals",
    title="Data made by ENAQT with the curve of a rival, and the rival’s misfit",
    parameters=(
        Slider("energy", "δ, λ, barrier or crossing", "E", 1.0, 60.0, 5.0, "meV", scale="log", steps=60),
        Slider("exponent", "exponent q, p or power", "q", -1.0, 3.0, 1.0, steps=40),
        Slider("error", "relative error of the data", "e", 3.0, 40.0, 12.0, "%", steps=37),
        Choice("rival", "rival", {name: label for name, (label, *_) in RIVALS.items()}, "bright-dark"),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Bright–dark at its best": {"energy": 28.3, "exponent": 2.6},
        "Better data": {"energy": 30.3, "exponent": 2.8, "error": 3.0},
        "Poor data": {"energy": 24.7, "exponent": 2.3, "error": 40.0},
    },
)
