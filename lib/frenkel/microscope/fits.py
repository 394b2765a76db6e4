"""Fits to counts and moments: a line through a variance, and the Gaussians that the paper avoids."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray
from ..units import NM2_PER_PS

_FEWEST = 1e-6
_NARROWEST = 0.3  # standard deviation over the distance of stops, below which one stop holds all counts


class Estimate(NamedTuple):
    """Values and their standard errors, of the same shape."""

    value: float | FloatArray
    standard_error: float | FloatArray


class GaussianFit(NamedTuple):
    """Maximum-likelihood Gaussians, one for each bin: every field has the shape of the counts without x.

    Attributes
    ----------
    variance : array
        σ² in nm².
    standard_error : array
        That of σ², in nm².
    center : array
        x₀ in nm.
    amplitude : array
        A, in counts at the center.
    deviance : array
        Twice the log-likelihood missing to a perfect fit, per degree of freedom: near 1 if the profile is
        Gaussian and counts are not few.
    """

    variance: np.ndarray
    standard_error: np.ndarray
    center: np.ndarray
    amplitude: np.ndarray
    deviance: np.ndarray


def fit_gaussian(counts: ArrayLike, positions: ArrayLike, *, background: float = 0.0) -> GaussianFit:
    r"""Fit a Gaussian on a known background to each profile by maximum likelihood.

    .. math:: \Lambda(x) = A\,\mathrm e^{-(x - x_0)^2/2\sigma^2} + b,\qquad
              \sum_x \left[c_x \ln\Lambda(x) - \Lambda(x)\right] = \max

    Fisher scoring in ln A, x₀ and ln σ², all profiles at once; errors from the Fisher information. Right if
    the profile is Gaussian, and then the most precise there is; else a number that depends on the shape.

    Parameters
    ----------
    counts : array, shape (..., x)
        Poisson counts, background included.
    positions : array, shape (x,)
        In nm, evenly spaced.
    background : float
        b, known, in counts at every stop.

    Returns
    -------
    GaussianFit

    Raises
    ------
    RuntimeError
        If a profile has no finite Gaussian fit: too few counts, too flat, or narrower than the distance of
        stops.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(-500, 500, 21)
    >>> fit = fit_gaussian(1000 * np.exp(-x**2 / 2 / 130**2) + 5, x, background=5.0)
    >>> print(f"{np.sqrt(fit.variance):.2f} nm, {fit.standard_error:.0f} nm²")
    130.00 nm, 319 nm²
    """
    counts, positions, background = _check.profile_counts(counts, positions, background)
    rows = counts.reshape(-1, len(positions))
    net = np.maximum(rows - background, 1e-9)
    total = net.sum(axis=1)
    if total.min() < _FEWEST:
        _check.fail(
            "counts", f"of at least {_FEWEST:g} over the background in every profile", float(total.min())
        )
    middle = net @ positions / total
    spread = (net * (positions - middle[:, None]) ** 2).sum(axis=1) / total
    step = positions[1] - positions[0]
    spread = np.maximum(spread, step**2 / 4)
    theta = np.stack([np.log(total * step / np.sqrt(2 * np.pi * spread)), middle, np.log(spread)], axis=1)

    def model(theta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        away = (positions - theta[:, 1:2]) / np.exp(theta[:, 2:] / 2)
        peak = np.exp(np.clip(theta[:, :1], -50, 50) - away**2 / 2)
        return away, peak, np.maximum(peak + background, 1e-12)

    def likelihood(mean: FloatArray) -> FloatArray:
        return (rows * np.log(mean) - mean).sum(axis=1)

    damping = np.ones(len(rows))
    for _ in range(200):
        away, peak, mean = model(theta)
        slopes = (
            peak[..., None]
            * np.stack(  # profile, stop, parameter
                [np.ones_like(away), away / np.exp(theta[:, 2:] / 2), away**2 / 2], axis=-1
            )
        )
        information = np.einsum("pxi,pxj->pij", slopes / mean[..., None], slopes)
        score = np.einsum("pxi,px->pi", slopes, rows / mean - 1)
        scale = np.sqrt(np.maximum(np.einsum("pii->pi", information), 1e-300))
        scaled = information / scale[:, :, None] / scale[:, None, :] + 1e-12 * np.eye(3)
        move = np.linalg.solve(scaled, (score / scale)[..., None])[..., 0] / scale
        move *= np.minimum(1.0, 2.0 / np.maximum(np.abs(move[:, [0, 2]]).max(axis=1), 1e-300))[:, None]
        trial = theta + damping[:, None] * move
        better = likelihood(model(trial)[2]) >= likelihood(mean) - 1e-9 * np.abs(likelihood(mean))
        theta = np.where(better[:, None], trial, theta)
        damping = np.where(better, np.minimum(1.0, 2 * damping), damping / 4)
        converged = (np.abs(move * scale).max(axis=1) < 1e-6).all()  # a millionth of a standard error
        if converged:
            break
    variance = np.exp(np.minimum(theta[:, 2], 700))
    if not converged or variance.max() > 100 * np.ptp(positions) ** 2:
        raise RuntimeError("A profile has no finite Gaussian fit: too few counts, or too flat for the scan.")
    if variance.min() < (_NARROWEST * step) ** 2:
        raise RuntimeError(
            "A profile is narrower than the distance of the stops, which cannot tell its width."
        )
    error = variance * np.sqrt(np.linalg.inv(scaled)[:, 2, 2]) / scale[:, 2]
    surprise = np.where(rows > 0, rows * np.log(np.maximum(rows, 1) / mean), 0.0) - (rows - mean)
    deviance = 2 * surprise.sum(axis=1) / max(len(positions) - 3, 1)
    results = variance, error, theta[:, 1], np.exp(theta[:, 0]), deviance
    return GaussianFit(*(result.reshape(counts.shape[:-1])[()] for result in results))


def fit_diffusion_constant(times: ArrayLike, variance: ArrayLike, errors: ArrayLike) -> Estimate:
    r"""Return (D, its standard error) from a straight line through σ²(t) or MSD(t), in cm²/s.

    .. math:: \sigma^2(t) = \sigma_0^2 + 2Dt

    Weighted least squares; the offset is free, so what is common to all times does not matter.

    Parameters
    ----------
    times : array, shape (t,)
        In ps, increasing.
    variance, errors : array, shape (t,)
        In nm²; the errors positive and independent of each other.

    Returns
    -------
    Estimate
        (value, standard_error).

    Raises
    ------
    ValueError, TypeError
        If there are fewer than two times, other numbers of values, or errors that are not positive.

    Examples
    --------
    >>> fit = fit_diffusion_constant([0.0, 1000.0, 2000.0], [5e3, 15e3, 25e3], [1e3, 1e3, 1e3])
    >>> print(f"{fit.value:.3f} ± {fit.standard_error:.4f} cm²/s")
    0.050 ± 0.0035 cm²/s
    """
    times = _check.times("times", times)
    variance, errors = _check.array("variance", variance), _check.positive("errors", errors)
    if len(times) < 2:
        _check.fail("times", "at least two times", times)
    for name, values in (("variance", variance), ("errors", errors)):
        if values.shape != times.shape:
            _check.fail(name, f"of shape {times.shape}", f"of shape {values.shape}")
    weights = errors**-2.0
    away = times - weights @ times / weights.sum()
    stiffness = weights @ away**2
    slope = (weights * away) @ variance / stiffness
    return Estimate(float(slope / 2 / NM2_PER_PS), float(stiffness**-0.5 / 2 / NM2_PER_PS))
