"""Hamiltonians and the lattices that they are made of."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law

RINGS = np.random.default_rng(5).normal(0, 1, (3, 150))


def test_formats_of_the_hamiltonian_are_one_matrix():
    for lattice in (frenkel.chain(7), frenkel.ring(7)):
        dense = frenkel.hamiltonian(lattice, RINGS[0, :7])
        assert_law("H is not Hermitian", dense, dense.T)
        assert_law("diagonal of H is not the site energies", dense.diagonal(), RINGS[0, :7])
        assert np.count_nonzero(dense - np.diag(dense.diagonal())) == 2 * len(lattice.bonds)
        sparse = frenkel.hamiltonian(lattice, RINGS[0, :7], format="sparse")
        assert_law("sparse H differs from dense H", sparse.toarray(), dense)


@pytest.mark.parametrize(
    ("lattice", "low", "high"),
    [(frenkel.chain(9), -8, 8), (frenkel.ring(9), -4, 4), (frenkel.ring(8), -3, 4)],
)
def test_displacements_go_the_short_way(lattice, low, high):
    n = lattice.n_sites
    away = np.array([frenkel.displacements(lattice, origin) for origin in range(n)])  # [from, to, axis]
    first, second = lattice.bonds.T
    assert_law("a neighbor is not one bond away", away[first, second], lattice.vectors)
    assert_law("a neighbor is not one bond away", away[second, first], -lattice.vectors)
    assert_law("a site is away from itself", away[np.arange(n), np.arange(n)])
    assert (away.min(), away.max()) == (low, high)


BROKEN = {
    "a site that is not there": {"bonds": np.array([[0, 1], [1, 3]])},
    "a negative site": {"bonds": np.array([[0, 1], [1, -1]])},
    "a bond to itself": {"bonds": np.array([[0, 1], [1, 1]])},
    "a pair twice": {"bonds": np.array([[0, 1], [1, 0]])},
    "bonds that are no whole numbers": {"bonds": np.array([[0.0, 1.0], [1.0, 2.0]])},
    "bonds of three": {"bonds": np.array([[0, 1, 2]])},
    "too few vectors": {"vectors": np.ones((1, 1))},
    "too many couplings": {"couplings": np.ones(3)},
    "a coupling that is no number": {"couplings": np.nan},
    "periods of two axes": {"periods": np.ones(2)},
    "positions on a line without an axis": {"positions": np.arange(3.0)},
    "an infinite position": {"positions": np.array([[0.0], [1.0], [np.inf]])},
}


@pytest.mark.parametrize("fault", BROKEN)
def test_lattices_put_together_wrongly_are_refused(fault):
    lattice = frenkel.chain(3)
    frenkel.hamiltonian(lattice._replace(couplings=np.array([1.0, -2.0]), periods=0.0))
    for use in (frenkel.hamiltonian, lambda it: frenkel.displacements(it, 0)):
        with pytest.raises((ValueError, TypeError), match=r"Argument `lattice` must be .*, but is"):
            use(lattice._replace(**BROKEN[fault]))


def test_a_lattice_without_bonds_has_a_diagonal_hamiltonian():
    alone = frenkel.Lattice(np.zeros((1, 1)), np.empty((0, 2), int), np.empty((0, 1)))
    for format in ("dense", "sparse"):
        H = frenkel.hamiltonian(alone, [3.0], format=format)
        assert_law("H of one site", H.toarray() if format == "sparse" else H, [[3.0]])
