"""Where the sites are and which of them are neighbors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from . import _check
from ._types import FloatArray


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
    """

    positions: np.ndarray
    bonds: np.ndarray
    vectors: np.ndarray

    @property
    def n_sites(self) -> int:
        return len(self.positions)


def check_lattice(lattice: Lattice) -> Lattice:
    """Return `lattice` if it is one."""
    if not isinstance(lattice, Lattice):
        _check.fail("lattice", "a Lattice, as `chain` and `ring` return it", lattice, TypeError)
    return lattice


def _line(n_sites: int, n_bonds: int) -> Lattice:
    start = np.arange(n_bonds)
    positions = np.arange(n_sites, dtype=float)[:, None]
    return Lattice(positions, np.stack([start, (start + 1) % n_sites], axis=1), np.ones((n_bonds, 1)))


def chain(n_sites: int) -> Lattice:
    """Return an open chain of `n_sites` ≥ 2 sites, one lattice constant apart.

    >>> chain(3).bonds.tolist()
    [[0, 1], [1, 2]]
    """
    n_sites = _check.integer("n_sites", n_sites, 2)
    return _line(n_sites, n_sites - 1)


def ring(n_sites: int) -> Lattice:
    """Return a chain of `n_sites` ≥ 3 sites closed to a ring.

    >>> ring(3).bonds.tolist()
    [[0, 1], [1, 2], [2, 0]]
    """
    n_sites = _check.integer("n_sites", n_sites, 3)
    return _line(n_sites, n_sites)


def displacements(lattice: Lattice, origin: int) -> FloatArray:
    """Return the displacement of every site from site `origin`, shape (n, d).

    On a ring it is the shorter way around, from -n/2 (excluded) to n/2.

    >>> displacements(ring(5), 0)[:, 0].tolist()
    [0.0, 1.0, 2.0, -2.0, -1.0]
    """
    n_sites = check_lattice(lattice).n_sites
    origin = _check.integer("origin", origin, 0)
    if origin >= n_sites:
        _check.fail("origin", f"a site number below {n_sites}", origin)
    away = lattice.positions - lattice.positions[origin]
    if len(lattice.bonds) == n_sites:  # a ring
        away = away - n_sites * np.round(away / n_sites - 1e-9)
    return away
