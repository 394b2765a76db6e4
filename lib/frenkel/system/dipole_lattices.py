"""Lattices coupled beyond their nearest neighbors: parallel dipoles, 1/r³ with the angular factor."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray
from .lattices import Lattice, _check_lattice, _nearest_image

_CLOSEST = 1e-9  # lattice constants; sites nearer than this are in one place


def _dipole_field(vectors: FloatArray, direction: FloatArray) -> FloatArray:
    """(1 - 3 cos²θ) / r³ for vectors (m, 3) and a unit vector."""
    distances = np.linalg.norm(vectors, axis=1)
    return (1 - 3 * (vectors @ direction / distances) ** 2) / distances**3


def long_range(
    lattice: Lattice | ArrayLike,
    direction: ArrayLike,
    *,
    cutoff: float,
    neighbor: ArrayLike = (1.0, 0.0, 0.0),
) -> Lattice:
    r"""Return a lattice whose sites are all coupled as parallel dipoles are, up to a cutoff distance.

    .. math:: J_{nm} = \frac{g(\mathbf r_n - \mathbf r_m)}{g(\mathbf b)},\qquad
              g(\mathbf r) = \frac{1 - 3\cos^2\theta_{\mathbf r}}{r^3}

    Parameters
    ----------
    lattice : Lattice or array, shape (n, d)
        Its sites are kept, its bonds replaced; bare positions (in lattice constants, d ≤ 3) make an open
        sample of any form. Missing coordinates are zero.
    direction : array, shape (3,)
        Direction of all dipoles; θ is the angle between it and **r**.
    cutoff : float
        Pairs farther apart, in lattice constants, are not coupled; below half of the shortest period, so
        that each pair meets only once.
    neighbor : array, shape (3,)
        The bond **b** whose coupling is the unit J (with its sign): dipoles along x coupled head to tail by
        default.

    Returns
    -------
    Lattice

    Raises
    ------
    ValueError, TypeError
        If `cutoff` is not positive, too long or too short for a single bond, if two sites coincide, or if
        the dipoles do not couple along `neighbor` (at the magic angle).

    Notes
    -----
    The angular factor is `frenkel.orientation_factor` for parallel dipoles: -2 head to tail, +1 side
    by side. Every pair is looked at: 4096 sites take about a second.

    Examples
    --------
    >>> from frenkel import square
    >>> dipoles = long_range(square(8), [1, 0, 0], cutoff=1.0)  # head to tail along x, side by side along y
    >>> sorted(set(dipoles.couplings.tolist()))
    [-0.5, 1.0]
    """
    if not isinstance(lattice, Lattice):
        positions = _check.array("lattice", lattice, "a Lattice or an array (n, d) of positions", ndim=2)
        lattice = Lattice(positions, np.empty((0, 2), int), np.empty((0, positions.shape[1])))
    n_sites, n_axes = _check_lattice(lattice).positions.shape
    if n_axes > 3 or n_sites < 2:
        rule = "at least two sites in at most three dimensions"
        _check.fail("lattice", rule, f"of shape {(n_sites, n_axes)}")
    cutoff = _check.scalar("cutoff", cutoff, _check.positive)
    half = np.min(lattice.periods, where=np.asarray(lattice.periods) > 0, initial=np.inf) / 2
    if cutoff >= half:
        _check.fail("cutoff", f"below {half:g}, half the shortest period", cutoff)
    direction = _check.unit_vectors("direction", direction, ndim=1)
    length = np.abs(_check.array("neighbor", neighbor)).max()
    neighbor = _check.unit_vectors("neighbor", neighbor, ndim=1) * np.linalg.norm(neighbor)
    if length < _CLOSEST:
        _check.fail("neighbor", f"a vector of at least {_CLOSEST:g} lattice constants", length)
    unit = _dipole_field(neighbor[None], direction)[0]
    if abs(unit) < 1e-9 / np.linalg.norm(neighbor) ** 3:
        _check.fail("neighbor", "a bond along which the dipoles couple", neighbor.tolist())
    parts, ways = [], []
    block = max((1 << 18) // n_sites, 1)  # first sites at a time: a few MB of distances
    for start in range(0, n_sites, block):
        away = lattice.positions - lattice.positions[start : start + block, None]
        away = _nearest_image(away, lattice.periods)
        near = np.einsum("abi,abi->ab", away, away) <= (cutoff * (1 + 1e-9)) ** 2
        first, second = np.nonzero(np.triu(near, start + 1))
        parts.append(np.stack([first + start, second], axis=1))
        ways.append(away[first, second])
    pairs, vectors = np.concatenate(parts), np.concatenate(ways)
    if not len(pairs):
        _check.fail("cutoff", "long enough for one bond", cutoff)
    embedded = np.pad(vectors, [(0, 0), (0, 3 - n_axes)])
    if np.abs(embedded).max(axis=1).min() < _CLOSEST:
        _check.fail("lattice", "sites that do not coincide", "with two sites in one place")
    couplings = _dipole_field(embedded, direction) / unit
    return Lattice(lattice.positions, pairs, vectors, couplings, lattice.periods)
