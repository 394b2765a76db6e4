"""Synthetic time-resolved photoluminescence microscopy: from a profile P(x, t) to photon counts.

Laboratory units: lengths in nm at the sample, times in ps, diffusivities in cm²/s. The instrument is the
one of Blach et al., Nat. Commun. 16 (2025), Methods: an objective images the emission of a spot as small as
diffraction allows, a photon-counting diode scans the magnified image, and its clock has a response of 70 ps.
Every profile is the one along the scan, integrated across it, so that blur acts in one dimension.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray, Seed
from ..units import FWHM_PER_STANDARD_DEVIATION

_PLAUSIBLE = {  # between which numbers an instrument has it, so that a slip of units shows
    "magnification": (1.0, 1e4, ""),
    "numerical_aperture": (0.01, 1.7, ", as objectives have it"),
    "wavelength": (100.0, 1e5, " nm"),
}
_PADDING = 16  # length of the Fourier grid over that of the profile: room for the tails of the blur


class Microscope(NamedTuple):
    """The instrument; defaults are those of the paper where it states them.

    Attributes
    ----------
    magnification : float
        120, as stated.
    numerical_aperture : float
        NA = 0.6, as stated.
    wavelength : float
        λ of the emission, in nm.
    detector_size : float
        Edge of the square active area in µm. Not stated; 50 µm is a common photodiode, and covers
        50 µm / 120 = 417 nm of the sample.
    response : float
        Full width at half maximum of the Gaussian instrument response in ps: 70, as stated.
    point_spread : str
        "airy", diffraction at a round pupil, or "gaussian", the Gaussian of standard deviation 0.21 λ/NA
        that is closest to it (B. Zhang, J. Zerubia and J.-C. Olivo-Marin, Appl. Opt. 46, 1819 (2007)).
    """

    magnification: float = 120.0
    numerical_aperture: float = 0.6
    wavelength: float = 525.0
    detector_size: float = 50.0
    response: float = 70.0
    point_spread: str = "airy"


def _check_microscope(microscope: Any) -> Microscope:
    if not isinstance(microscope, Microscope):
        _check.fail("microscope", "a frenkel.microscope.imaging.Microscope", microscope, TypeError)
    for name in Microscope._fields[:-1]:
        value = _check.scalar(name, getattr(microscope, name), _check.positive)
        low, high, unit = _PLAUSIBLE.get(name, (0.0, np.inf, ""))
        if not low <= value <= high:
            _check.fail(name, f"between {low:g} and {high:g}{unit}", value)
    _check.choice("point_spread", microscope.point_spread, ("airy", "gaussian"))
    return microscope


def transfer_function(frequencies: ArrayLike, microscope: Microscope | None = None) -> FloatOrArray:
    r"""Return the factor by which the instrument damps a spatial frequency f of the profile.

    .. math:: T(f) = \frac2\pi\left[\arccos\nu - \nu\sqrt{1-\nu^2}\right]\;
              \frac{\sin(\pi f s)}{\pi f s}, \qquad \nu = \frac{|f|\lambda}{2\,\mathrm{NA}} < 1

    The first factor is diffraction at a round pupil, zero for ν ≥ 1; the second the detector of edge s at the
    sample. With ``point_spread="gaussian"`` the first is
    :math:`\mathrm e^{-2(0.21\,\pi f\lambda/\mathrm{NA})^2}`.

    Parameters
    ----------
    frequencies : array
        f in cycles per nm.
    microscope : Microscope, optional
        The paper's by default.

    Returns
    -------
    array
        T(f), 1 at f = 0.

    Raises
    ------
    ValueError, TypeError
        If `microscope` is no `Microscope`, or one of its numbers is not positive or none that instruments
        have: a numerical aperture up to 1.7, a wavelength from 100 nm, a magnification from 1.

    Notes
    -----
    Near f = 0 the Airy factor is 1 − 4ν/π, with a cusp: the second moment of a diffraction-limited image
    is infinite, and what a finite window finds grows with the window.
    See J. W. Goodman, Introduction to Fourier Optics, 3rd ed. (Roberts, 2005), section 6.3.

    Examples
    --------
    >>> abs(transfer_function([0.0, 1 / 300])).tolist()  # nothing finer than λ/(2 NA) = 437 nm passes
    [1.0, 0.0]
    """
    frequencies = _check.array("frequencies", frequencies)
    microscope = _check_microscope(Microscope() if microscope is None else microscope)
    limit = microscope.wavelength / microscope.numerical_aperture
    if microscope.point_spread == "airy":
        reduced = np.minimum(np.abs(frequencies) * limit / 2, 1.0)
        diffraction = 2 / np.pi * (np.arccos(reduced) - reduced * np.sqrt(1 - reduced**2))
    else:
        diffraction = np.exp(-2 * (np.pi * frequencies * 0.21 * limit) ** 2)
    return diffraction * np.sinc(frequencies * 1e3 * microscope.detector_size / microscope.magnification)


def _time_weights(
    times: FloatArray, bin_edges: FloatArray, response: float, lifetime: float | None
) -> FloatArray:
    """Return W, shape (bin, time): what an exciton density at a time gives to a bin.

    Densities are straight lines between `times`; the response, which cuts them at 0, is integrated in steps
    of a twentieth of itself.
    """
    parts = np.ceil(np.diff(times) / (response / 20)).astype(int)
    starts = np.repeat(times[:-1], parts)
    within = np.arange(parts.sum()) - np.repeat(np.cumsum(parts) - parts, parts)
    fine = np.append(starts + within * np.repeat(np.diff(times) / parts, parts), times[-1])
    step = np.diff(fine)
    weights = np.append(step, 0.0) / 2 + np.append(0.0, step) / 2  # trapezoidal rule
    if lifetime is not None:
        weights = weights * np.exp(-fine / lifetime) / lifetime
    scaled = (bin_edges[:, None] - fine) * FWHM_PER_STANDARD_DEVIATION / response / math.sqrt(2)
    passed = np.asarray(np.frompyfunc(math.erf, 1, 1)(scaled), dtype=float)
    hats = np.stack([np.interp(fine, times, unit) for unit in np.eye(len(times))], axis=1)
    return (np.diff(passed, axis=0) / 2 * weights) @ hats


def expected_counts(
    profiles: ArrayLike,
    positions: ArrayLike,
    times: ArrayLike,
    bin_edges: ArrayLike,
    *,
    stops: ArrayLike | None = None,
    lifetime: float | None = None,
    n_photons: float = 1e6,
    background: float = 0.0,
    microscope: Microscope | None = None,
) -> FloatArray:
    r"""Return the mean counts at every stop of the detector in every time bin.

    .. math:: \Lambda(x) = N_\gamma \int_\mathrm{bin}\!\mathrm dt \int_0^\infty\!\mathrm ds\; R(t - s)\,
              \frac{\mathrm e^{-s/\tau}}{\tau} \int\!\mathrm dx'\,\mathrm{PSF}(x - x')\,P(x', s) + b

    R is the Gaussian instrument response, PSF diffraction and detector (`transfer_function`).

    Parameters
    ----------
    profiles : array, shape (t, x)
        Non-negative densities of excitons; they need not be normalized.
    positions : array, shape (x,)
        In nm, evenly spaced, wide enough for all excitons.
    times : array, shape (t,)
        In ps from 0 to the last edge or beyond, in steps of at most half the response.
    bin_edges : array, shape (b + 1,)
        In ps, increasing. Bins before the pulse at 0 measure the background.
    stops : array, shape (s,), optional
        Where the detector stops, in nm; `positions` by default.
    lifetime : float, optional
        τ in ps. Without it, the profiles already decay.
    n_photons : float
        :math:`N_\gamma`, the expected signal counts in the whole record; the background comes on top.
    background : float
        b, the expected dark and stray counts in every bin at every stop.
    microscope : Microscope, optional
        The paper's by default.

    Returns
    -------
    array, shape (b, s)
        Draw counts from it with `record_counts`.

    Raises
    ------
    ValueError
        If the grid of times is too coarse or too short for the bins.

    Examples
    --------
    >>> from frenkel.microscope.profiles import gaussian_profiles
    >>> x, t = np.linspace(-2000, 2000, 201), np.linspace(0, 2000, 101)
    >>> profiles = gaussian_profiles(x, t, 0.2)
    >>> counts = expected_counts(profiles, x, t, [0.0, 500.0, 1000.0], lifetime=1000.0, n_photons=5000.0)
    >>> counts.shape, round(float(counts.sum()))
    ((2, 201), 5000)
    """
    positions, times = _check.uniform_grid("positions", positions), _check.clock(times)
    profiles = _check.non_negative("profiles", profiles)
    if profiles.shape != (len(times), len(positions)):
        _check.fail("profiles", f"of shape {len(times), len(positions)}", f"of shape {profiles.shape}")
    bin_edges = _check.array("bin_edges", bin_edges, ndim=1)
    if len(bin_edges) < 2 or (np.diff(bin_edges) <= 0).any() or not 0 < bin_edges[-1] <= times[-1]:
        _check.fail("bin_edges", "increasing, and end after the pulse and within `times`", bin_edges)
    stops = positions if stops is None else _check.array("stops", stops, ndim=1)
    if stops.min() < positions[0] or stops.max() > positions[-1]:
        _check.fail("stops", "within `positions`", stops)
    lifetime = None if lifetime is None else _check.scalar("lifetime", lifetime, _check.positive)
    n_photons = _check.scalar("n_photons", n_photons, _check.positive)
    background = _check.scalar("background", background, _check.non_negative)
    microscope = _check_microscope(Microscope() if microscope is None else microscope)
    if np.diff(times).max() > 0.5 * microscope.response:
        rule = f"spaced by at most {microscope.response / 2:g} ps, half the response"
        _check.fail("times", rule, float(np.diff(times).max()))

    emitted = _time_weights(times, bin_edges, microscope.response, lifetime) @ profiles  # bin, position
    size = _PADDING * len(positions)
    frequencies = np.fft.rfftfreq(size, positions[1] - positions[0])
    spectrum = np.fft.rfft(emitted, size) * transfer_function(frequencies, microscope)
    double = np.where((frequencies == 0) | (np.arange(len(frequencies)) == size / 2), 1, 2) / size
    waves = double[:, None] * np.exp(2j * np.pi * frequencies[:, None] * (stops - positions[0]))
    signal = np.maximum((spectrum @ waves).real, 0.0)  # bin, stop; rounding may leave -1e-17
    if signal.sum() <= 0:
        _check.fail("profiles", "such that some emission reaches the bins and stops", "zero everywhere there")
    return n_photons * signal / signal.sum() + background


def record_counts(
    expected: ArrayLike, *, shape: int | Sequence[int] = (), rng: Seed = None
) -> NDArray[np.int64]:
    """Return Poisson counts with the means `expected`, shape (b, s) or any other.

    `shape` numbers repeated measurements, which lead; `rng` is None, a seed or a generator.

    >>> record_counts([[4.0, 100.0]], shape=2, rng=1).tolist()
    [[[5, 111]], [[1, 108]]]
    """
    expected = _check.non_negative("expected", expected)
    if expected.max() > 1e15:
        _check.fail("expected", "at most 1e15 counts", float(expected.max()))
    try:
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        return _check.generator(rng).poisson(expected, (*shape, *expected.shape))
    except (TypeError, ValueError):
        if rng is not None:
            _check.generator(rng)
        _check.fail("shape", "a whole number ≥ 0 or a tuple of them", shape)
