"""From populations to the numbers that describe transport: MSD, D(t), its maximum, coherence lengths."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray


def mean_squared_displacement(populations: ArrayLike, displacements: ArrayLike) -> FloatOrArray:
    r"""Return the mean squared displacement.

    .. math:: \mathrm{MSD}(t) = \sum_n P_n(t)\,|\mathbf r_n - \mathbf r_0|^2

    Parameters
    ----------
    populations : array, shape (..., n)
        :math:`P_n`, non-negative.
    displacements : array, shape (n,) or (n, d)
        :math:`\mathbf r_n - \mathbf r_0` in lattice constants, as `frenkel.displacements` gives them.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If `populations` are negative or not one for each displacement.

    Notes
    -----
    Eq. 7 of the paper. It is taken from the profile itself, not from a Gaussian fit: the profiles of
    coherent motion are not Gaussian.

    Examples
    --------
    >>> float(mean_squared_displacement([0.25, 0.5, 0.25], [-1.0, 0.0, 1.0]))
    0.5
    """
    populations = _check.array("populations", populations)
    displacements = _check.array("displacements", displacements)
    if displacements.ndim not in (1, 2):
        _check.fail("displacements", "of shape (n,) or (n, d)", f"of shape {displacements.shape}")
    squares = displacements**2 if displacements.ndim == 1 else (displacements**2).sum(axis=-1)
    if populations.ndim == 0 or populations.shape[-1:] != squares.shape:
        _check.fail("populations", f"of shape (..., {len(squares)})", f"of shape {populations.shape}")
    if populations.min() < -1e-9:
        _check.fail("populations", "non-negative", float(populations.min()))
    return populations @ squares


def _check_curve(name: str, times: ArrayLike, values: ArrayLike) -> tuple[FloatArray, FloatArray]:
    times = _check.times("times", times)
    values = _check.array(name, values)
    if values.ndim == 0 or values.shape[-1] != len(times):
        _check.fail(name, f"of shape (..., {len(times)}), one value a time", f"of shape {values.shape}")
    if len(times) < 3:
        _check.fail("times", "at least 3 times", times)
    return times, values


def diffusivity_from_msd(times: ArrayLike, msd: ArrayLike) -> FloatArray:
    r"""Return D(t) by second-order differences (paper, Eq. 8).

    .. math:: D(t) = \tfrac12\,\frac{\mathrm d\,\mathrm{MSD}}{\mathrm dt}

    `times` of shape (t,) and `msd` of shape (..., t) give (..., t).

    >>> diffusivity_from_msd([0.0, 1.0, 2.0], [0.0, 2.0, 4.0]).tolist()
    [1.0, 1.0, 1.0]
    """
    times, msd = _check_curve("msd", times, msd)
    return np.gradient(msd, times, axis=-1, edge_order=2) / 2


def first_maximum(times: ArrayLike, diffusivity: ArrayLike) -> tuple[float, float]:
    r"""Return the first maximum :math:`D_\mathrm{max}` of D(t) and its time :math:`t_\mathrm{max}`.

    Both are refined by a parabola through three points.

    Parameters
    ----------
    times : array, shape (t,)
    diffusivity : array, shape (t,)
        A smooth curve: an ensemble average, not one noisy realization.

    Raises
    ------
    ValueError
        If D(t) only rises or only falls: then it has no maximum in the window.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.linspace(0, 3, 301)
    >>> d_max, t_max = first_maximum(t, np.sin(t))
    >>> print(f"{d_max:.5f} {t_max:.5f}")
    1.00000 1.57080
    """
    times, diffusivity = _check_curve("diffusivity", times, diffusivity)
    if diffusivity.ndim != 1:
        _check.fail("diffusivity", "one curve of shape (t,)", f"of shape {diffusivity.shape}")
    inner = (diffusivity[1:-1] > diffusivity[:-2]) & (diffusivity[1:-1] >= diffusivity[2:])
    if not inner.any():
        _check.fail("diffusivity", "a curve with a maximum inside the window of `times`", "without one")
    peak = 1 + int(inner.argmax())
    near = slice(peak - 1, peak + 2)
    origin = times[peak]
    curvature, slope, value = np.polyfit(times[near] - origin, diffusivity[near], 2)
    shift = -slope / (2 * curvature)
    return float(value + slope * shift / 2), float(origin + shift)


def coherence_length_bound(times: ArrayLike, diffusivity: ArrayLike) -> float:
    r"""Return the upper bound of the coherence length in lattice constants.

    .. math:: L_0 \le \sqrt{\int_0^{t_\mathrm{max}} D(t)\,\mathrm dt}

    The rule of the paper (section "Time- and temperature-dependent exciton transport"); the integral is
    half the MSD gained until D(t) is largest. `times` has to begin at 0.

    >>> import numpy as np
    >>> t = np.linspace(0, 3, 3001)
    >>> print(f"{coherence_length_bound(t, np.sin(t)):.4f}")  # ∫ sin from 0 to π/2 is 1
    1.0000
    """
    times, diffusivity = _check_curve("diffusivity", times, diffusivity)
    if times[0] != 0:
        _check.fail("times", "a grid that begins at 0", float(times[0]))
    _, t_max = first_maximum(times, diffusivity)
    inside = np.append(times[times < t_max], t_max)
    gained = np.trapezoid(np.interp(inside, times, diffusivity), inside)
    if gained < 0:
        _check.fail("diffusivity", "a curve whose integral up to its maximum is not negative", float(gained))
    return float(np.sqrt(gained))


def coherence_length(
    diffusion_constant: ArrayLike, dephasing: ArrayLike, disorder: ArrayLike
) -> FloatOrArray:
    r"""Return the step length L(Γ, Δ) that the paper's interpolation assigns to a value of :math:`D_s`.

    .. math:: D_s = \frac{2\Gamma}{\Gamma^2 + \Delta^2}\,L(\Gamma,\Delta)^2

    This defines L, it predicts nothing. Arguments broadcast; :math:`D_s` ≥ 0, Γ > 0, Δ ≥ 0.

    >>> print(f"{float(coherence_length(2.0, 1.0, 0.0)):.3f}")  # no disorder: one site at every Γ
    1.000
    """
    diffusion_constant = _check.non_negative("diffusion_constant", diffusion_constant)
    dephasing = _check.positive("dephasing", dephasing)
    disorder = _check.non_negative("disorder", disorder)
    _check.together(diffusion_constant=diffusion_constant, dephasing=dephasing, disorder=disorder)
    return np.sqrt(diffusion_constant * (dephasing**2 + disorder**2) / (2 * dephasing))
