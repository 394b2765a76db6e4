r"""Levels of a disordered chain: how many there are at each energy and whether they repel each other."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray


def integrated_density_of_states(energy: ArrayLike, site_energies: ArrayLike) -> FloatOrArray:
    r"""Return the fraction of the levels of each open chain that lie below `energy`.

    .. math:: \mathcal N(E) = \frac1N\,\#\{d_n < 0\},\qquad d_n = \varepsilon_n - E - \frac{1}{d_{n-1}}

    Sylvester's law of inertia (Sturm counting) for chains of N sites: no diagonalization, exact, at a cost
    proportional to N for each energy.

    Parameters
    ----------
    energy : array, shape (...)
        In units of J; broadcasts against the leading axes of `site_energies`.
    site_energies : array, shape (..., n)

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If an argument is not finite, or shapes do not broadcast.

    Examples
    --------
    >>> float(integrated_density_of_states(0.5, [0.0, 0.0, 0.0]))  # levels -√2, 0, √2
    0.6666666666666666
    """
    energy, chains = _check.array("energy", energy), _check.chains(site_energies)
    _check.together(energy=energy, site_energies=chains[..., 0])
    shape = np.broadcast_shapes(energy.shape, chains.shape[:-1])
    smallest = np.finfo(float).eps * max(np.abs(chains).max(), np.abs(energy).max(), 1.0)
    pivots, count = np.full(shape, np.inf), np.zeros(shape, dtype=int)
    for site in np.moveaxis(chains, -1, 0):
        pivots = site - energy - 1 / pivots
        pivots = np.where(np.abs(pivots) < smallest, smallest, pivots)
        count += pivots < 0
    return count / chains.shape[-1]


def density_of_states(site_energies: ArrayLike, edges: ArrayLike) -> tuple[FloatArray, FloatArray]:
    r"""Return the density of states per site in bins of energy, averaged over chains.

    .. math:: g(E) = \frac{\mathcal N(E_{i+1}) - \mathcal N(E_i)}{E_{i+1} - E_i}

    for E between the edges :math:`E_i` and :math:`E_{i+1}`, with the fraction :math:`\mathcal N` of
    `integrated_density_of_states`.

    Parameters
    ----------
    site_energies : array, shape (m, n)
        At least 2 independent open chains, as ``site_energies(n, disorder, shape=(m,))`` draws them.
    edges : array, shape (b + 1,)
        Increasing edges of the bins, in units of J.

    Returns
    -------
    density, standard_error : arrays, shape (b,)
        States per site and J; the error is that of the mean over the m chains.

    Raises
    ------
    ValueError, TypeError
        If there are fewer than two chains, or `edges` do not increase.

    Notes
    -----
    Nothing is diagonalized, so chains of 10⁵ sites are no trouble.

    Examples
    --------
    >>> import numpy as np
    >>> density, error = density_of_states(np.zeros((2, 5)), [-2.0, 0.1, 2.0])  # levels -√3, -1, 0, 1, √3
    >>> (5 * density * [2.1, 1.9]).round(6).tolist()
    [3.0, 2.0]
    """
    chains = _check.chains(site_energies)
    if chains.ndim != 2 or len(chains) < 2:
        _check.fail("site_energies", "of shape (m, n) with at least 2 chains", f"of shape {chains.shape}")
    rule = "a strictly increasing 1D array of at least 2 finite energies"
    edges = _check.array("edges", edges, rule, ndim=1)
    if len(edges) < 2 or (np.diff(edges) <= 0).any():
        _check.fail("edges", rule, edges)
    below = integrated_density_of_states(edges[:, None], chains)  # [edge, chain]
    density = np.diff(below, axis=0) / np.diff(edges)[:, None]
    return density.mean(axis=1), density.std(axis=1, ddof=1) / np.sqrt(len(chains))


def level_spacing_ratio(energies: ArrayLike) -> FloatOrArray:
    r"""Return the mean ratio of neighboring level spacings, which tells whether levels repel.

    .. math:: r = \left\langle \frac{\min(s_i, s_{i+1})}{\max(s_i, s_{i+1})} \right\rangle,
              \qquad s_i = E_{i+1} - E_i

    2 ln 2 - 1 = 0.3863 for independent (Poisson) levels, as of states localized far from each other;
    0.5307 for the Gaussian orthogonal ensemble, as of extended states in a disordered metal (Atas et al.,
    Phys. Rev. Lett. 110, 084101 (2013)). No unfolding is needed: the density of states drops out.

    Parameters
    ----------
    energies : array, shape (..., n)
        At least three levels in any order. Where two spacings vanish, their ratio counts as 0.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If there are fewer than three levels.

    Examples
    --------
    >>> float(level_spacing_ratio([0.0, 1.0, 3.0, 4.0]))
    0.5
    """
    energies = _check.array("energies", energies, "an array (..., n) of finite levels")
    if energies.ndim == 0 or energies.shape[-1] < 3:
        _check.fail("energies", "at least 3 levels along the last axis", f"of shape {energies.shape}")
    spacings = np.diff(np.sort(energies, axis=-1), axis=-1)
    smaller = np.minimum(spacings[..., 1:], spacings[..., :-1])
    larger = np.maximum(spacings[..., 1:], spacings[..., :-1])
    return (smaller / np.where(larger == 0, 1.0, larger)).mean(axis=-1)
