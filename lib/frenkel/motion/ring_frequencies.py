r"""The current of a ring as a set of frequencies: why :math:`D_s(\Gamma)` is a mixture of Lorentzians."""

from __future__ import annotations

from itertools import islice

import numpy as np

from .. import _check
from .._engines.cost import BUDGET, largest
from .._engines.ring_operators import levels
from .._types import ArrayLike, FloatArray, FloatOrArray


def _seconds(n_sites: int, n_rings: int, n_levels: float) -> float:
    """What a spectrum takes: a band of 2 `n_levels` coherences, and the diagonalization at the end."""
    return 3e-8 * n_levels * (n_sites * 4 * n_levels + 1e4) + 5e-9 * n_rings * n_levels**3


def current_spectrum(site_energies: ArrayLike, *, n_levels: int = 60) -> tuple[FloatArray, FloatArray]:
    r"""Return frequencies and weights of the current: :math:`D_s` as a mixture of Lorentzians in Γ.

    .. math:: D_s(\Gamma) = 2\sum_j p_j\,\frac{\Gamma}{\Gamma^2 + \Omega_j^2},\qquad \sum_j p_j = 1

    The squares of the frequencies :math:`\Omega_j` are eigenvalues of MᵀM (head of
    `frenkel.motion.ring_diffusion`) in the Krylov space of the velocity, and the :math:`p_j` their weights
    in it: `n_levels` nodes of a Gauss quadrature, whose :math:`D_s` is a lower bound at every Γ and exact
    up to the power :math:`\Gamma^{-4m-1}`, m = `n_levels`, for strong dephasing.

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Site energies of rings in units of J.
    n_levels : int
        Number of nodes, at least 1. Coherences up to 2 `n_levels` sites are kept, all there are.

    Returns
    -------
    frequencies, weights : arrays, shape (..., n_levels)
        In units of J/ħ; in ascending order.

    Raises
    ------
    ValueError, TypeError
        If `site_energies` is one number or not finite, or `n_levels` below 1 or so many that the answer would
        take many minutes.

    Examples
    --------
    >>> frequencies, weights = current_spectrum([0.0, 1.0, 0.0, 1.0], n_levels=1)
    >>> frequencies.round(12).tolist(), weights.round(12).tolist()
    ([1.0], [1.0])
    """
    energies = _check.centered_energies(site_energies)
    n_levels = _check.integer("n_levels", n_levels, 1)
    rings = energies.reshape(-1, energies.shape[-1])
    size = rings.size, len(rings)
    if _seconds(*size, n_levels) > BUDGET:
        most = largest(lambda number: _seconds(*size, number) <= BUDGET) or 1
        _check.fail("n_levels", f"at most {most:g} for {rings.size} sites", n_levels)
    steps = islice(levels(rings, 2 * n_levels, 2 * n_levels + 1), n_levels)
    alphas, betas = (np.stack(column, axis=-1) for column in zip(*steps, strict=True))
    diagonal = alphas**2
    diagonal[:, 1:] += betas[:, :-1] ** 2
    matrices = np.zeros((len(rings), n_levels, n_levels))
    level = np.arange(n_levels)
    matrices[:, level, level] = diagonal
    matrices[:, level[1:], level[:-1]] = alphas[:, :-1] * betas[:, :-1]  # eigh reads the lower triangle
    squares, vectors = np.linalg.eigh(matrices)
    shape = (*energies.shape[:-1], n_levels)
    return np.sqrt(np.maximum(squares, 0)).reshape(shape), (vectors[:, 0] ** 2).reshape(shape)


def diffusion_constant_from_spectrum(
    frequencies: ArrayLike, weights: ArrayLike, dephasing: ArrayLike
) -> FloatOrArray:
    r"""Return :math:`D_s` at any dephasing from the frequencies and weights of `current_spectrum`.

    .. math:: D_s(\Gamma) = 2\sum_j p_j\,\frac{\Gamma}{\Gamma^2 + \Omega_j^2}

    One reduction of a ring serves a whole curve :math:`D_s(\Gamma)`. With `n_levels` nodes it is a lower
    bound, which is close where Γ is not far below the smallest :math:`\Omega_j`
    (`frenkel.diffusion_constant` proves how close).

    Parameters
    ----------
    frequencies, weights : array, shape (..., n_levels)
        :math:`\Omega_j` in J/ħ and :math:`p_j`.
    dephasing : float or array
        Γ > 0 in J/ħ; broadcasts against the leading axes of `frequencies`.

    Returns
    -------
    float or array
        In J a²/ħ.

    Raises
    ------
    ValueError, TypeError
        If `weights` are negative or not one for each frequency, or `dephasing` is not positive.

    Examples
    --------
    >>> spectrum = current_spectrum([0.0, 1.0, 0.0, 1.0], n_levels=1)
    >>> diffusion_constant_from_spectrum(*spectrum, [1.0, 2.0]).tolist()  # 2Γ / (Γ² + 1)
    [1.0, 0.8]
    """
    frequencies = _check.array("frequencies", frequencies)
    weights = _check.non_negative("weights", weights)
    dephasing = _check.positive("dephasing", dephasing)
    if frequencies.ndim == 0:
        _check.fail("frequencies", "an array (..., n_levels)", float(frequencies))
    if weights.shape != frequencies.shape:
        _check.fail("weights", f"of shape {frequencies.shape}, as `frequencies`", f"of shape {weights.shape}")
    _check.together(dephasing=dephasing, frequencies=frequencies[..., 0])
    rate = dephasing[..., None]
    return (2 * weights * rate / (rate**2 + frequencies**2)).sum(axis=-1)[()]
