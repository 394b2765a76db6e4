r"""How far hops with quantum phonons carry an exciton through a disordered chain, plane or crystal.

The rates obey detailed balance, so each bond is a resistor: between sites i and j it conducts
:math:`g_{ij} = p_i k_{i\to j} = p_j k_{j\to i}`, p the populations of equilibrium. On a chain resistors stand
in series, and D is their harmonic mean (Derrida, J. Stat. Phys. 31, 433 (1983)); on any lattice it is what
the network conducts.
"""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray
from ..system.lattices import Lattice, _check_lattice
from ._golden_rule import downhill_rates
from .spectral_densities import _Bath, _check_bath

_MOST_SITES = 40_000  # of a crystal: minutes of factorization


def _check_energies(site_energies, bath, least):
    energies = _check.array("site_energies", site_energies)
    if energies.ndim == 0 or energies.shape[-1] < least:
        _check.fail(
            "site_energies", f"an array (..., n) of at least {least} sites", f"of shape {energies.shape}"
        )
    widest = 1e4 * max(bath.temperature, bath.reorganization)
    if np.ptp(energies, axis=-1).max() > widest:
        _check.fail("site_energies", f"within {widest:g}", float(np.ptp(energies, axis=-1).max()))
    return energies


def _bonds(energies, first, second, bath):
    """Return log(p_i k_ij) and log p, up to the same constant; the rates of a coupling of 1."""
    kT = bath.temperature
    above = energies - energies.min(axis=-1, keepdims=True)
    low, high = above[..., first], above[..., second]
    rates = downhill_rates(bath, np.abs(high - low).ravel()).reshape(low.shape)
    return np.log(np.maximum(rates, 1e-300)) - np.maximum(low, high) / kT, -above / kT


def polaron_diffusion_constant(
    site_energies: ArrayLike, bath: _Bath, *, coupling: ArrayLike = 1.0
) -> FloatOrArray:
    r"""Return :math:`D_s` of hops between neighbors on disordered rings whose phonons are quantum.

    .. math:: D_s = \left[\frac1N\sum_n\frac1{p_n k_{n\to n+1}}\right]^{-1},\qquad
              p_n = \frac{\mathrm e^{-\beta\varepsilon_n}}{\frac1N\sum_m\mathrm e^{-\beta\varepsilon_m}}

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Relaxed energies of n ≥ 3 sites in J; leading axes are independent rings.
    bath : DrudeBath or BrownianBath
        The bath of every site.
    coupling : float or array
        J of all bonds, 1 by default; it broadcasts against the leading axes.

    Returns
    -------
    float or array
        In J a²/ħ; exact for one period of an endless chain and these rates.

    Raises
    ------
    ValueError, TypeError
        As in `polaron_hopping_rate`, or if `site_energies` are not those of rings.

    Examples
    --------
    >>> from frenkel import BrownianBath, polaron_hopping_rate
    >>> bath = BrownianBath(reorganization=1.0, frequency=2.0, damping=0.5, temperature=1.0)
    >>> print(f"{polaron_diffusion_constant([0.0, 0.0, 0.0], bath):.4f}")  # without disorder: the rate
    1.4597
    """
    bath = _check_bath(bath)
    energies = _check_energies(site_energies, bath, 3)
    coupling = _check.array("coupling", coupling)
    _check.together(site_energies=energies[..., 0], coupling=coupling)
    n_sites = energies.shape[-1]
    flow, weight = _bonds(energies, np.arange(n_sites), np.roll(np.arange(n_sites), -1), bath)
    worst = flow.min(axis=-1, keepdims=True)
    resistance = np.exp(worst - flow).mean(axis=-1)
    return (coupling**2 * np.exp(worst[..., 0]) / (resistance * np.exp(weight).mean(axis=-1)))[()]


def polaron_lattice_diffusion_constant(
    lattice: Lattice, site_energies: ArrayLike, bath: _Bath, *, axis: int = 0
) -> FloatOrArray:
    r"""Return :math:`D_s` along one axis of a periodic lattice, of hops along its bonds with quantum phonons.

    .. math:: D_s = \min_u \sum_{\mathrm{bonds}} p_i k_{i\to j}\,(x_{ij} + u_j - u_i)^2

    the power that a network of resistors takes in a field of one along the axis, :math:`x_{ij}` the length of
    a bond along it: a sparse linear system for the potentials u (Haus and Kehr, Phys. Rep. 150, 263 (1987)).

    Parameters
    ----------
    lattice : Lattice
        Connected, and periodic along the axis.
    site_energies : array, shape (..., n)
        Relaxed site energies in J; leading axes are independent realizations.
    bath : DrudeBath or BrownianBath
        The bath of every site.
    axis : int
        Axis of the lattice.

    Returns
    -------
    float or array, shape (...)
        In J a²/ħ; bonds hop at the rate of their own coupling.

    Raises
    ------
    ValueError, TypeError
        As in `polaron_hopping_rate`, or if the lattice is open along the axis, in pieces or too large.

    Examples
    --------
    >>> import numpy as np
    >>> from frenkel import BrownianBath, square
    >>> bath = BrownianBath(reorganization=1.0, frequency=2.0, damping=0.5, temperature=1.0)
    >>> print(f"{polaron_lattice_diffusion_constant(square(4), np.zeros(16), bath):.4f}")
    1.4597
    """
    lattice, bath = _check_lattice(lattice), _check_bath(bath)
    axis = _check.integer("axis", axis, 0)
    n_axes = lattice.positions.shape[1]
    if axis >= n_axes:
        _check.fail("axis", f"an axis of the lattice, below {n_axes}", axis)
    if not np.broadcast_to(lattice.periods, (n_axes,))[axis]:
        _check.fail("lattice", f"periodic along axis {axis}", "open there")
    if lattice.n_sites > _MOST_SITES:
        _check.fail("lattice", f"of at most {_MOST_SITES} sites", f"one of {lattice.n_sites}")
    energies = _check_energies(site_energies, bath, 2)
    if energies.shape[-1] != lattice.n_sites:
        _check.fail("site_energies", f"of shape (..., {lattice.n_sites})", f"of shape {energies.shape}")
    first, second = lattice.bonds.T
    flow, weight = _bonds(energies, first, second, bath)
    with np.errstate(divide="ignore"):
        flow += 2 * np.log(np.abs(np.broadcast_to(lattice.couplings, first.shape)))
    rows = [_conducted(lattice, row, axis) for row in flow.reshape(-1, len(first))]
    result = np.array(rows).reshape(energies.shape[:-1]) / np.exp(weight).sum(axis=-1)
    return result[()]


def _conducted(lattice: Lattice, flow: FloatArray, axis: int) -> float:
    """Return the least power of the network with conductances exp(flow)."""
    from scipy.sparse import csc_array
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import splu

    kept = flow > flow.max() - 600  # the rest would underflow: it conducts nothing
    (first, second), n_sites = lattice.bonds[kept].T, lattice.n_sites
    g, step = np.exp(flow[kept] - flow.max()), lattice.vectors[kept, axis]
    pieces = connected_components(csc_array((g, (first, second)), shape=(n_sites, n_sites)), directed=False)[
        0
    ]
    if pieces > 1:
        _check.fail("lattice", "connected by hops that are not frozen out", f"in {pieces} pieces")
    degree = np.bincount(first, g, n_sites) + np.bincount(second, g, n_sites)
    scale = 1 / np.sqrt(degree)  # conductances span many orders of magnitude: solve in balanced units
    edges = -g * scale[first] * scale[second]
    diagonal = np.arange(n_sites)
    rows, columns = np.concatenate([first, second, diagonal]), np.concatenate([second, first, diagonal])
    values = np.concatenate([edges, edges, np.ones(n_sites)])
    laplacian = csc_array((values, (rows, columns)), shape=(n_sites, n_sites))
    drive = np.bincount(first, g * step, n_sites) - np.bincount(second, g * step, n_sites)
    potential = np.zeros(n_sites)
    potential[1:] = scale[1:] * splu(laplacian[1:, 1:].tocsc()).solve(
        (scale * drive)[1:]
    )  # a constant is free
    power = g @ (step + potential[second] - potential[first]) ** 2
    return float(power * np.exp(flow.max()))
