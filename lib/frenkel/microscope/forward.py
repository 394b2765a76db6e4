"""D(t) from counts without a moment: the whole picture is modeled and compared with what was counted.

Laboratory units: nm, ps, cm²/s. The instrument is that of `frenkel.microscope.imaging`; its blur, its clock
and the window of the scan are inside the model, so that nothing has to be corrected afterwards.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .. import _check
from .._engines.penalized_counts import NO_FIT, Search
from .._types import ArrayLike, FloatArray
from ..units import NM2_PER_PS, standard_deviation
from .imaging import Microscope, _check_microscope, _time_weights, transfer_function

_SPAN = (500.0, 1e5)  # nm: less is narrower than any picture, more is no microscope
_LEAST = 2 / 3  # −κ of the flattest shape that a distribution can have: its excess kurtosis is −2


class ForwardFit(NamedTuple):
    """D(t) from counts.

    Attributes
    ----------
    times : array, shape (k,)
        The knots in ps, dense after the pulse and sparse late.
    value, low, high : arrays, shape (k,)
        D in cm²/s at the knots, and where ln D is one standard error lower and higher.
    covariance : array, shape (k, k)
        That of ln D: of a difference ``w @ ln D`` it makes the variance ``w @ covariance @ w``.
    strength : float
        ζ of ln D.
    deviance : float
        Twice the logarithm of the likelihood of a model that fits every count, over that of this one; near
        the number of counts if the model is right.
    """

    times: FloatArray
    value: FloatArray
    low: FloatArray
    high: FloatArray
    covariance: FloatArray
    strength: float
    deviance: float


class _Pictures:
    """Expected counts, and their slopes by ln D, ln I and ln(1 + κ/_LEAST) at the knots, spot, background."""

    def __init__(
        self, stops: FloatArray, bin_edges: FloatArray, knots: FloatArray, microscope: Microscope
    ) -> None:
        early = np.arange(0.0, min(10 * microscope.response, knots[-1]), microscope.response / 4)
        late = np.linspace(early[-1], knots[-1], int(2 * (knots[-1] - early[-1]) / microscope.response) + 2)
        self.times = np.append(early[:-1], late)
        self.weights = _time_weights(self.times, bin_edges, microscope.response, None)  # bin, time
        self.hats = np.stack([np.interp(self.times, knots, unit) for unit in np.eye(len(knots))], axis=1)
        period = 20 * np.ptp(stops) + 12e3  # nm, of the Fourier series: room for the tails of the blur
        frequencies = np.arange(int(period / 200)) / period
        passed = transfer_function(frequencies, microscope) * np.where(frequencies == 0, 1, 2) / period
        seen = np.abs(passed) * period > 1e-9
        self.squares = 2 * (np.pi * frequencies[seen]) ** 2  # a Gaussian is damped by exp(−squares σ²)
        self.waves = passed[seen, None] * np.cos(2 * np.pi * frequencies[seen, None] * stops)

    def __call__(self, parameters: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return counts (bin · stop) and their derivatives (parameter, bin · stop)."""
        k = self.hats.shape[1]
        log_rate, log_light, log_tail = (self.hats @ parameters[i * k : (i + 1) * k] for i in range(3))
        tail = _LEAST * np.expm1(log_tail)  # κ
        rate = 2 * NM2_PER_PS * np.exp(log_rate)[:, None] * self.hats  # by ln D at the knots
        steps = np.diff(self.times)[:, None] / 2
        gain = np.concatenate([np.zeros((1, k)), np.cumsum((rate[1:] + rate[:-1]) * steps, axis=0)])
        damping = self.squares * gain.sum(axis=1, keepdims=True)  # time, frequency
        shape, by_damping, by_tail = _shape(damping, tail[:, None])
        start = np.exp(-self.squares * parameters[-2])
        lit = self.weights * np.exp(log_light)  # bin, time
        images = (shape * start) @ self.waves  # time, stop
        wider = (by_damping * start * self.squares) @ self.waves
        other = (by_tail * (tail + _LEAST)[:, None] * start) @ self.waves
        of_spot = (shape * -self.squares * start) @ self.waves
        signal = lit @ images
        slopes = [
            (lit * gain.T[:, None]) @ wider,
            (lit * self.hats.T[:, None]) @ images,
            (lit * self.hats.T[:, None]) @ other,
            (lit @ of_spot)[None],
            np.ones_like(signal)[None],
        ]
        return (signal + parameters[-1]).ravel(), np.concatenate(slopes).reshape(len(parameters), -1)


def _shape(damping: FloatArray, tail: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return (1 + κ a)^(−1/κ), which is exp(−a) for κ = 0, and its derivatives by a and κ."""
    stretch = np.maximum(1 + tail * damping, 1e-12)
    small = np.abs(tail * damping) < 1e-4
    safe = np.where(np.abs(tail) < 1e-9, 1e-9, tail)
    log_shape = np.where(small, -damping + tail * damping**2 / 2, -np.log(stretch) / safe)
    by_tail = np.where(
        small, damping**2 / 2 - 2 * tail * damping**3 / 3, (-log_shape - damping / stretch) / safe
    )
    shape = np.exp(log_shape)
    return shape, -shape / stretch, shape * by_tail


def diffusivity_from_counts(
    counts: ArrayLike,
    stops: ArrayLike,
    bin_edges: ArrayLike,
    *,
    spot: float = 300.0,
    spot_error: float = 1.0,
    n_knots: int = 20,
    microscope: Microscope | None = None,
) -> ForwardFit:
    r"""Return the D(t) ≥ 0 under which the counts of a whole record are most probable.

    .. math:: \max_{D,\,I,\,\kappa,\,\sigma_0,\,b} \sum_{x,\,\mathrm{bin}} (c\ln\Lambda - \Lambda)
              - \frac\zeta2 \int \left(\frac{\mathrm d^2\ln D}{\mathrm du^2}\right)^2 \mathrm du
              - \frac\eta2 \int \left(\frac{\mathrm d^2\ln I}{\mathrm dt^2}\right)^2 \mathrm dt
              - \dots,\qquad u = \ln\left(1 + \frac{t}{t_R}\right)

    Λ is the mean count of `frenkel.expected_counts`, with the emission I(s) in place of the exponential. Its
    profiles are the spot, of variance :math:`\sigma_0^2`, folded with displacements of the transform

    .. math:: (1 + \kappa a)^{-1/\kappa},\qquad a = 2(\pi f)^2\,\mathrm{MSD}(s),\qquad
              \mathrm{MSD}(s) = 2\int_0^s D

    at the spatial frequency f: a Gaussian for κ = 0, a two-sided exponential for κ = 1, of excess kurtosis 3κ
    in general, so that κ > −2/3; κ is a smooth function of u as well. The logarithm keeps D positive. A
    penalty in u, with :math:`t_R` half the response, lets D bend in picoseconds early and in nanoseconds
    late; I may bend away from an exponential decay. The strengths of the penalties are those that make the
    data most probable.

    Parameters
    ----------
    counts : array, shape (b, s)
        Poisson counts, background included, from before the pulse to late.
    stops : array, shape (s,)
        In nm, from the center of the spot.
    bin_edges : array, shape (b + 1,)
        In ps; the pulse is at 0, and the first bins should end before it: they hold the background alone.
    spot, spot_error : float
        Full width at half maximum of the excitation in nm, and the standard error with which it is known, as
        from a picture of the reflected laser. What the excitons gain before the clock can follow is told
        from a wider spot by this knowledge alone.
    n_knots : int
        At least 5, at most 40.
    microscope : Microscope, optional
        The paper's by default.

    Returns
    -------
    ForwardFit
        Errors are those of the Gaussian posterior of ln D. A negative D is not in the model, nor is a profile
        of a shape beyond one κ for each time: a deviance well above the number of counts tells of it, and D
        is then a few percent off.

    Raises
    ------
    ValueError, TypeError
        If counts are negative or do not fit the stops and bins, if no bin ends before the pulse, or the
        record is longer than 300 responses.
    RuntimeError
        If the fit does not converge, as where there is no signal.

    Notes
    -----
    Scoring with the Fisher matrix. The strengths of the penalties by the fixed point of D. J. C. MacKay,
    Neural Computation 4, 415 (1992): ζ is the number of parameters that the data determine over the
    integral that it multiplies.

    Examples
    --------
    >>> from frenkel import expected_counts, gaussian_profiles
    >>> x, t = np.linspace(-4000, 4000, 401), np.arange(0, 1001, 25.0)
    >>> edges, stops = np.arange(-200.0, 1001.0, 50.0), np.linspace(-2500, 2500, 51)
    >>> seen = expected_counts(gaussian_profiles(x, t, 0.2), x, t, edges, stops=stops, lifetime=500.0,
    ...                        n_photons=1e7, background=2.0)
    >>> fit = diffusivity_from_counts(seen, stops, edges)
    >>> print(f"{fit.value.min():.2f} to {fit.value.max():.2f} cm²/s")
    0.20 to 0.20 cm²/s
    """
    counts, stops = _check.non_negative("counts", counts), _check.array("stops", stops, ndim=1)
    bin_edges = _check.uniform_grid("bin_edges", bin_edges)
    if len(stops) < 5 or not _SPAN[0] <= np.ptp(stops) <= _SPAN[1]:
        _check.fail("stops", f"at least five over {_SPAN[0]:g} to {_SPAN[1]:g} nm", stops)
    if counts.shape != (len(bin_edges) - 1, len(stops)):
        _check.fail("counts", f"of shape {len(bin_edges) - 1, len(stops)}", f"of shape {counts.shape}")
    if not bin_edges[1] <= 0 < bin_edges[-1]:
        _check.fail("bin_edges", "from before the pulse at 0 to after it", bin_edges)
    spot = _check.scalar("spot", spot, _check.positive)
    spot_error = _check.scalar("spot_error", spot_error, _check.positive)
    n_knots = _check.integer("n_knots", n_knots, 5)
    if n_knots > 40:
        _check.fail("n_knots", "at most 40", n_knots)
    microscope = _check_microscope(Microscope() if microscope is None else microscope)
    longest = 300 * microscope.response
    if not microscope.response / 100 <= bin_edges[1] - bin_edges[0] or bin_edges[-1] > longest:
        rule = f"spaced by a hundredth of the response or more, and end by {longest:g} ps"
        _check.fail("bin_edges", rule, bin_edges)
    if counts.max() > 1e12:
        _check.fail("counts", "at most 1e12", float(counts.max()))

    unit = microscope.response / 2
    end = bin_edges[-1] + 2 * microscope.response  # light from beyond the last edge that comes before it
    u = np.linspace(0, np.log1p(end / unit), n_knots)
    knots = unit * np.expm1(u)
    dark = max(float(counts[bin_edges[1:] <= 0].mean()), 0.1 / counts.size)
    late = bin_edges[1:] > 0
    light = np.maximum(counts.sum(axis=1) - dark * len(stops), 1.0)[late]
    light = np.log(light / (bin_edges[1] - bin_edges[0]) * np.ptp(stops) / (len(stops) - 1))
    variance = standard_deviation(spot) ** 2
    start = np.concatenate(
        [
            np.full(n_knots, np.log(0.1)),
            np.interp(knots, bin_edges[1:][late], light),
            np.full(n_knots, 0.01),
            [variance, dark],
        ]
    )
    variance_error = 2 * np.sqrt(variance) * standard_deviation(spot_error)
    search = Search(counts.ravel(), _Pictures(stops, bin_edges, knots, microscope), u, knots, start)
    search.run(float(variance_error) ** -2.0)
    log_value, covariance = search.parameters[:n_knots], search.covariance[:n_knots, :n_knots]
    variances = np.diag(covariance)  # rounding may make them negative where the counts know nothing of D
    if not 0 < variances.min() <= variances.max() < 2500:
        raise RuntimeError(NO_FIT)
    error = np.sqrt(variances)
    value, low, high = (np.exp(log_value + step * error) for step in (0, -1, 1))
    return ForwardFit(knots, value, low, high, covariance, search.strengths[0], search.deviance())
