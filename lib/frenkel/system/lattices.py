"""Where the sites are and which of them are neighbors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray


class Lattice(NamedTuple):
    """Sites and bonds.

    Attributes
    ----------
    positions : array, shape (n, d)
        Site positions in lattice constants.
    bonds : int array, shape (m, 2)
        Pairs of coupled sites, each pair once.
    vectors : array, shape (m, d)
        Displacement from the first to the second site of each bond; on a periodic lattice it goes the
        short way around, which positions alone cannot tell.
    couplings : float or array, shape (m,)
        Coupling of each bond in units of J.
    periods : float or array, shape (d,)
        Length after which the lattice repeats itself along each axis; 0 where it ends instead.
    """

    positions: np.ndarray
    bonds: np.ndarray
    vectors: np.ndarray
    couplings: np.ndarray | float = 1.0
    periods: np.ndarray | float = 0.0

    @property
    def n_sites(self) -> int:
        return len(self.positions)


def _check_lattice(lattice: Lattice) -> Lattice:
    """Return `lattice` if it is one, and one whose parts belong together."""
    if not isinstance(lattice, Lattice):
        _check.fail("lattice", "a Lattice, as `chain` and `ring` return it", lattice, TypeError)
    positions = _check.array("lattice", lattice.positions, "of finite positions (n, d)", ndim=2)
    n_sites, n_axes = positions.shape
    bonds = np.asarray(_check.unmasked("lattice", lattice.bonds, "of bonds"))
    if bonds.ndim != 2 or bonds.shape[1] != 2 or bonds.dtype.kind not in "iu":
        _check.fail("lattice", "of bonds (m, 2) between site numbers", f"of {bonds.dtype}, {bonds.shape}")
    m = len(bonds)
    for name, shapes in (
        ("vectors", [(m, n_axes)]), ("couplings", [(), (m,)]), ("periods", [(), (n_axes,)]),
    ):  # fmt: skip
        part = np.asarray(_check.unmasked("lattice", getattr(lattice, name), f"of {name}"), dtype=float)
        if part.shape not in shapes or not (np.abs(part) <= _check.LARGEST).all():
            _check.fail("lattice", f"of finite {name} of shape {shapes[-1]}", f"of shape {part.shape}")
    if not len(bonds):
        return lattice
    if bonds.min() < 0 or bonds.max() >= n_sites or (bonds[:, 0] == bonds[:, 1]).any():
        _check.fail("lattice", f"of bonds between two of its sites, 0 to {n_sites - 1}", "not so")
    pairs = np.sort(bonds.min(axis=1).astype(np.int64) * n_sites + bonds.max(axis=1))
    if (np.diff(pairs) == 0).any():
        _check.fail("lattice", "of pairs of sites, each of them once", "one that repeats a pair")
    return lattice


def _grid(shape: tuple[int, ...], periodic: Any, couplings: Any) -> Lattice:
    """A d-dimensional grid of sites, the last axis running fastest, with nearest-neighbor bonds."""
    n_sites, n_axes = int(np.prod(shape)), len(shape)
    grid = np.indices(shape).reshape(n_axes, n_sites).T
    bonds, vectors = [], []
    for axis, step in enumerate(np.eye(n_axes, dtype=int)):
        first = np.arange(n_sites) if periodic else np.flatnonzero(grid[:, axis] < shape[axis] - 1)
        second = np.ravel_multi_index((grid[first] + step).T, shape, mode="wrap")
        bonds.append(np.stack([first, second], axis=1))
        vectors.append(np.tile(step.astype(float), (len(first), 1)))
    strengths = np.concatenate([np.full(len(part), J) for part, J in zip(bonds, couplings, strict=True)])
    periods = np.array(shape, dtype=float) * periodic
    return Lattice(grid.astype(float), np.concatenate(bonds), np.concatenate(vectors), strengths, periods)


def _check_grid(sizes: Any, periodic: Any, couplings: Any) -> Any:
    """Return the checked arguments of a grid: `sizes` by name, of which all but the first may be None."""
    if not isinstance(periodic, (bool, np.bool_)):
        _check.fail("periodic", "True or False", periodic, TypeError)
    least, (default, *_) = 3 if periodic else 2, sizes.values()
    shape = [_check.integer(name, default if n is None else n, least) for name, n in sizes.items()]
    couplings = _check.array("couplings", couplings)
    if couplings.shape != (len(shape),):
        _check.fail("couplings", f"{len(shape)} finite numbers, one an axis", f"of shape {couplings.shape}")
    return tuple(shape), bool(periodic), couplings


def chain(n_sites: int) -> Lattice:
    """Return an open chain of `n_sites` ≥ 2 sites, one lattice constant apart.

    >>> chain(3).bonds.tolist()
    [[0, 1], [1, 2]]
    """
    return _grid((_check.integer("n_sites", n_sites, 2),), False, [1.0])


def ring(n_sites: int) -> Lattice:
    """Return a chain of `n_sites` ≥ 3 sites closed to a ring.

    >>> ring(3).bonds.tolist()
    [[0, 1], [1, 2], [2, 0]]
    """
    return _grid((_check.integer("n_sites", n_sites, 3),), True, [1.0])


def square(
    n_x: int, n_y: int | None = None, *, periodic: bool = True, couplings: ArrayLike = (1.0, 1.0)
) -> Lattice:
    """Return a square lattice with nearest-neighbor bonds.

    Parameters
    ----------
    n_x, n_y : int
        Sites along x and y, at least 3 (2 if open); `n_y` equals `n_x` if it is not given. Site (x, y) has
        the number ``x * n_y + y``.
    periodic : bool
        Close both axes to a torus, or leave the edges open.
    couplings : array, shape (2,)
        Coupling of the bonds along x and along y in units of J.

    Returns
    -------
    Lattice

    Raises
    ------
    ValueError, TypeError
        If a size is too small or not whole, or `couplings` are not two finite numbers.

    Examples
    --------
    >>> square(4).n_sites, len(square(4).bonds), len(square(4, periodic=False).bonds)
    (16, 32, 24)
    """
    return _grid(*_check_grid({"n_x": n_x, "n_y": n_y}, periodic, couplings))


def cubic(
    n_x: int,
    n_y: int | None = None,
    n_z: int | None = None,
    *,
    periodic: bool = True,
    couplings: ArrayLike = (1.0, 1.0, 1.0),
) -> Lattice:
    """Return a simple cubic lattice with nearest-neighbor bonds.

    Parameters
    ----------
    n_x, n_y, n_z : int
        Sites along each axis, at least 3 (2 if open); those not given equal `n_x`. The number of a site
        runs fastest along z.
    periodic : bool
        Close all axes, or leave the faces open.
    couplings : array, shape (3,)
        Coupling of the bonds along x, y and z in units of J.

    Returns
    -------
    Lattice

    Raises
    ------
    ValueError, TypeError
        If a size is too small or not whole, or `couplings` are not three finite numbers.

    Examples
    --------
    >>> cubic(4).n_sites, len(cubic(4).bonds)
    (64, 192)
    """
    return _grid(*_check_grid({"n_x": n_x, "n_y": n_y, "n_z": n_z}, periodic, couplings))


def _nearest_image(away: FloatArray, periods: FloatArray | float) -> FloatArray:
    """Return displacements (..., d) the short way around: from -period/2 (excluded) to period/2."""
    closed = np.asarray(periods) > 0
    length = np.where(closed, periods, 1.0)
    return away - np.where(closed, length * np.round(away / length - 1e-9), 0.0)


def displacements(lattice: Lattice, origin: int) -> FloatArray:
    """Return the displacement of every site from site `origin`, shape (n, d).

    Along periodic axes it is the shorter way around, from -n/2 (excluded) to n/2 lattice constants.

    >>> displacements(ring(5), 0)[:, 0].tolist()
    [0.0, 1.0, 2.0, -2.0, -1.0]
    """
    n_sites = _check_lattice(lattice).n_sites
    origin = _check.integer("origin", origin, 0)
    if origin >= n_sites:
        _check.fail("origin", f"a site number below {n_sites}", origin)
    return _nearest_image(lattice.positions - lattice.positions[origin], lattice.periods)
