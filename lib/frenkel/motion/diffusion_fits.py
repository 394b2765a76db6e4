r"""From D_s measured at several temperatures to the coupling J and the disorder Δ.

The model is this book's: a chain of coupling J and Gaussian disorder Δ under white noise whose strength
follows the temperature,

.. math:: D_s(T) = \frac{J a^2}{\hbar}\;d\!\left(\frac{\Delta}{J}, \frac{\Gamma(T)}{J}\right)

with d the diffusion constant in model units (`frenkel.diffusion_constant`), averaged over disorder. The
temperature of the maximum tells Δ, the height J. What is measured otherwise is held: the lattice constant a,
and Γ(T), which the linewidth gives (`frenkel.states.linewidths`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import _check
from .._engines.least_squares import least_squares
from .._types import ArrayLike, FloatArray, Seed
from ..system.hamiltonians import site_energies
from ..units import diffusivity_to_cm2_per_s
from .ring_diffusion import diffusion_constant

_RINGS = 16  # whose scatter is the error of the model
_TOLERANCE = 2e-3  # of D_s in a fit: well below any error of a measurement
_ENOUGH = 1e-4  # relative change of χ² that ends a fit: a hundredth of a standard error
_RATIOS = (0.3, 100.0)  # of Δ to J: weaker disorder localizes beyond any ring that a fit can afford
_COUPLINGS = (1e-3, 1e6)  # meV
_WEAKEST = 0.1  # over the best dephasing, roughly; see `diffusion_curve`


class DiffusionFit(NamedTuple):
    """What `fit_diffusion` finds.

    Attributes
    ----------
    coupling, disorder : float
        J and Δ in meV, Δ/J between 0.3 and 100.
    covariance : array, shape (2, 2)
        Of J and Δ in meV²: from the errors of the data, and from the finite sample of disorder in the model.
    chi_squared : float
        The sum of the squares of residual over error; n − 2 is good for n data.
    """

    coupling: float
    disorder: float
    covariance: FloatArray
    chi_squared: float


def _temperatures(temperatures: ArrayLike) -> FloatArray:
    kelvin = _check.non_negative("temperatures", temperatures)
    if kelvin.ndim != 1:
        _check.fail("temperatures", "a 1D array", f"of shape {kelvin.shape}")
    return kelvin


def _gamma(dephasing: Any, temperatures: FloatArray) -> FloatArray:
    """Γ(T) in meV, checked."""
    values = _check.function("dephasing", dephasing, "a function of the temperatures")(temperatures)
    rule = "a function that returns a positive Γ for each temperature"
    try:
        gamma = _check.positive("dephasing", values)
    except (TypeError, ValueError):
        _check.fail("dephasing", rule, f"returning {values!r}")
    if gamma.shape != temperatures.shape:
        _check.fail("dephasing", rule, f"returning shape {gamma.shape}")
    return gamma


def _by_ring(
    shapes: FloatArray, gamma: FloatArray, coupling: float, disorder: float, spacing: float
) -> FloatArray:
    """D_s in cm²/s of each ring, shape (t, rings), at Γ (t,) in meV."""
    ratio = disorder / coupling
    rates = gamma / coupling
    least = _WEAKEST * min(0.32 * ratio**2, ratio)
    reached = np.maximum(rates, least)
    d = diffusion_constant(ratio * shapes, reached[:, None], tolerance=_TOLERANCE)
    return np.asarray(diffusivity_to_cm2_per_s(d * (rates / reached)[:, None], coupling, spacing))


def _long_chain(by_ring: FloatArray) -> FloatArray:
    """D_s of the rings one after the other: resistances 1/D_s add, and a mean of D_s would be too large."""
    return 1 / (1 / by_ring).mean(axis=-1)


def _final(shapes: FloatArray, *arguments: Any) -> FloatArray:
    """`_by_ring`, with a warning to the caller of a public function if its rings are too short."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", _check.ConvergenceWarning)
        by_ring = _by_ring(shapes, *arguments)
    if caught:
        words = f"Coherences reach around the rings of {shapes.shape[1]} sites behind D_s(T)."
        advice = f"Try `n_sites` = {4 * shapes.size}, or leave out the coldest temperatures."
        warnings.warn(f"{words} {advice}", _check.ConvergenceWarning, stacklevel=3)
    return by_ring


def _check_parameters(coupling: float, disorder: float, name: str) -> None:
    ratio, (low, high) = disorder / coupling, _RATIOS
    if not (low < ratio < high and _COUPLINGS[0] < coupling < _COUPLINGS[1]):
        _check.fail(
            name, f"such that Δ is between {low:g} and {high:g} times a J in meV", f"J = {coupling:g}"
        )


def _shapes(n_sites: int, rng: Seed) -> FloatArray:
    n_sites = _check.integer("n_sites", n_sites, 320)
    return site_energies(-(-n_sites // _RINGS), 1.0, rng=rng, shape=(_RINGS,))


def diffusion_curve(
    temperatures: ArrayLike,
    coupling: float,
    disorder: float,
    *,
    spacing: float,
    dephasing: Callable[[FloatArray], Any],
    n_sites: int = 2000,
    rng: Seed = 0,
) -> FloatArray:
    r"""Return :math:`D_s(T)` of a disordered chain in cm²/s: the model that `fit_diffusion` fits.

    .. math:: D_s(T) = \frac{J a^2}{\hbar}\;d\!\left(\frac{\Delta}{J}, \frac{\Gamma(T)}{J}\right)

    Parameters
    ----------
    temperatures : array, shape (t,)
        In kelvin.
    coupling, disorder : float
        J and Δ in meV, > 0; Δ between 0.3 J and 100 J.
    spacing : float
        The lattice constant a in nm, > 0.
    dephasing : callable
        ``dephasing(temperatures)`` returns ħΓ in meV, > 0, for each of them.
    n_sites : int
        Sites of disorder, at least 320, in sixteen rings, one after the other.
    rng : None, int, SeedSequence or Generator
        Source of the disorder; the same for every call by default.

    Returns
    -------
    array, shape (t,)

    Raises
    ------
    ValueError, TypeError
        If an argument is not what it should be.

    Warns
    -----
    ConvergenceWarning
        As in `frenkel.diffusion_constant`: `n_sites` are too few for disorder and noise so weak.

    Notes
    -----
    Where Γ is below a tenth of 0.32 Δ²/J, or of Δ where that is less, D_s is continued in proportion to
    Γ. That is its limit, and right to some 15 % there.

    Examples
    --------
    >>> from frenkel.states.linewidths import dephasing_rate
    >>> D = diffusion_curve([60, 100, 298], 4.0, 11.0, spacing=9.9, n_sites=1000,
    ...                     dephasing=lambda T: dephasing_rate(T, 62.6))
    >>> D.round(1).tolist()
    [1.1, 1.7, 0.6]
    """
    temperatures = _temperatures(temperatures)
    coupling = _check.scalar("coupling", coupling, _check.positive)
    disorder = _check.scalar("disorder", disorder, _check.positive)
    _check_parameters(coupling, disorder, "disorder")
    spacing = _check.scalar("spacing", spacing, _check.positive)
    gamma = _gamma(dephasing, temperatures)
    return _long_chain(_final(_shapes(n_sites, rng), gamma, coupling, disorder, spacing))


def fit_diffusion(
    temperatures: ArrayLike,
    constants: ArrayLike,
    errors: ArrayLike,
    *,
    spacing: float,
    dephasing: Callable[[FloatArray], Any],
    start: tuple[float, float] = (10.0, 10.0),
    n_sites: int = 2000,
    rng: Seed = 0,
) -> DiffusionFit:
    r"""Fit the coupling J and the disorder Δ to diffusion constants measured at several temperatures.

    .. math:: \chi^2 = \sum_i \left[\frac{D_i - D_s(T_i; J, \Delta)}{\sigma_i}\right]^2 = \min

    Parameters
    ----------
    temperatures : array, shape (t,)
        In kelvin; at least three, on both sides of the maximum of :math:`D_s` if J and Δ are to be told
        apart.
    constants, errors : array, shape (t,)
        :math:`D_i` and their standard errors in cm²/s, positive and independent.
    spacing : float
        The lattice constant a in nm, held. Its own error is not in the covariance: :math:`D_s \propto a^2`.
    dephasing : callable
        ``dephasing(temperatures)`` returns ħΓ in meV for each of them, held; see
        `frenkel.states.linewidths.dephasing_rate`.
    start : (float, float)
        J and Δ in meV from which to start.
    n_sites, rng
        Of the disorder in the model, as in `frenkel.motion.diffusion_fits.diffusion_curve`.

    Returns
    -------
    DiffusionFit
        (coupling, disorder, covariance, chi_squared).

    Raises
    ------
    ValueError, TypeError
        If an argument is not what it should be.
    RuntimeError
        If the fit does not converge, or ends where Δ/J is 0.3 or 100: the data do not tell J and Δ apart, or
        come in other units.

    Warns
    -----
    ConvergenceWarning
        If `n_sites` are too few at the parameters found, or the model is bent over their error bars.

    Notes
    -----
    Slopes are taken over half the error bar that each parameter would have alone, since :math:`D_s` is
    computed to a tolerance (`frenkel.statistics.model_comparison.compare_models` says more). The scatter
    between the rings of the model adds its share to the covariance; quadruple `n_sites` to halve it.
    Rings are taken in series, as a long chain: their resistances 1/D_s add.

    White noise is hot: below :math:`k_\mathrm BT \approx \Delta` real phonons follow detailed balance and the
    model overestimates D_s. Look at χ², and fit without the coldest points too.

    Examples
    --------
    >>> import numpy as np
    >>> from frenkel.states.linewidths import dephasing_rate
    >>> T = np.array([60.0, 80.0, 100.0, 150.0, 220.0, 298.0])
    >>> D = np.array([0.99, 1.45, 1.68, 1.37, 0.93, 0.62])
    >>> held = {"spacing": 9.9, "dephasing": lambda T: dephasing_rate(T, 62.6), "n_sites": 1000}
    >>> fit = fit_diffusion(T, D, 0.05 * D, **held)
    >>> J, Δ = fit.coupling, fit.disorder
    >>> print(f"J = {J:.1f} ± {fit.covariance[0, 0]**0.5:.1f} meV")
    J = 4.0 ± 0.1 meV
    >>> print(f"Δ = {Δ:.0f} ± {fit.covariance[1, 1]**0.5:.1f} meV")  # made with 11
    Δ = 11 ± 0.4 meV
    """
    temperatures = _temperatures(temperatures)
    constants, errors = _check.array("constants", constants), _check.positive("errors", errors)
    if len(temperatures) < 3:
        _check.fail("temperatures", "at least 3 numbers", f"of shape {temperatures.shape}")
    for name, values in (("constants", constants), ("errors", errors)):
        if values.shape != temperatures.shape:
            _check.fail(name, f"of shape {temperatures.shape}, as `temperatures`", f"of shape {values.shape}")
    spacing = _check.scalar("spacing", spacing, _check.positive)
    first = _check.positive("start", start)
    if first.shape != (2,):
        _check.fail("start", "two positive numbers, J and Δ", f"of shape {first.shape}")
    _check_parameters(float(first[0]), float(first[1]), "start")
    gamma, shapes = _gamma(dephasing, temperatures), _shapes(n_sites, rng)

    def residuals(logarithms: FloatArray) -> FloatArray:
        coupling, ratio = np.exp(logarithms)
        by_ring = _by_ring(shapes, gamma, coupling, coupling * ratio, spacing)
        return (_long_chain(by_ring) - constants) / errors

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", _check.ConvergenceWarning)  # on the way there
        try:
            low, high = np.log([_COUPLINGS, _RATIOS]).T
            fit = least_squares(residuals, np.log(first / [1, first[0]]), low, high, enough=_ENOUGH)
        except ValueError as error:
            raise RuntimeError(f"The fit of J and Δ failed: {error}") from error
    if not np.isfinite(fit.covariance).all():
        raise RuntimeError(
            f"The fit of J and Δ ends at J = {np.exp(fit.parameters[0]):.3g} meV, Δ/J = "
            f"{np.exp(fit.parameters[1]):.3g}: the data do not tell the two apart, or are not in K, cm²/s."
        )
    if not fit.is_smooth:
        words = "D_s is rough or bent over the error bars of J and Δ, which cannot be trusted."
        warnings.warn(words, _check.ConvergenceWarning, stacklevel=2)
    values = np.exp(fit.parameters.cumsum())  # J, Δ
    by_ring = _final(shapes, gamma, *values, spacing)
    weight = _long_chain(by_ring) ** 2 / errors
    model = np.cov(weight[:, None] / by_ring) / _RINGS
    pull = fit.covariance @ fit.slopes.T
    slopes = values[:, None] * [[1, 0], [1, 1]]  # of J and Δ by ln J and ln(Δ/J)
    covariance = slopes @ (fit.covariance + pull @ model @ pull.T) @ slopes.T
    return DiffusionFit(float(values[0]), float(values[1]), covariance, float(fit.chi_squared))
