"""Lattices: bonds, bands, and what couples sites beyond their neighbors."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import EXACT

LATTICES = {
    "chain": frenkel.chain(5),
    "ring": frenkel.ring(6),
    "square": frenkel.square(4, 5, couplings=(1.0, 0.4)),
    "open square": frenkel.square(4, 3, periodic=False),
    "cubic": frenkel.cubic(3, 4, 5, couplings=(1.0, 0.5, 0.2)),
    "dipoles": frenkel.long_range(frenkel.square(7, 6), [1, 2, 0], cutoff=2.3),
}
each_lattice = pytest.mark.parametrize("lattice", LATTICES.values(), ids=LATTICES)


@each_lattice
def test_bonds_are_the_short_way_and_each_pair_meets_once(lattice):
    first, second = lattice.bonds.T
    away = np.array([frenkel.displacements(lattice, origin) for origin in range(lattice.n_sites)])
    assert_law("a bond's vector is not the way between its sites", away[first, second], lattice.vectors)
    pairs = np.sort(lattice.bonds, axis=1)
    assert len(np.unique(pairs, axis=0)) == len(pairs), "a pair of sites has two bonds"
    for format in ("dense", "sparse"):
        H = frenkel.hamiltonian(lattice, format=format)
        H = H.toarray() if format == "sparse" else H
        assert_law(f"couplings of {format} H", np.sum(H**2) / 2, np.sum(np.asarray(lattice.couplings) ** 2))


@pytest.mark.parametrize(
    ("lattice", "shape"), [(LATTICES["square"], (4, 5)), (LATTICES["cubic"], (3, 4, 5))], ids=["2D", "3D"]
)
def test_levels_of_clean_lattices_are_cosine_bands(lattice, shape):
    """E(k) = 2 Σ_i J_i cos k_i, k_i a multiple of 2π/n_i."""
    couplings = [1.0, 0.4] if len(shape) == 2 else [1.0, 0.5, 0.2]
    waves = np.meshgrid(*[np.cos(2 * np.pi * np.arange(n) / n) for n in shape], indexing="ij")
    band = sum(2 * J * wave for J, wave in zip(couplings, waves, strict=True))
    levels = np.linalg.eigvalsh(frenkel.hamiltonian(lattice))
    assert_law("the band of a clean lattice", levels, np.sort(band.ravel()))


def test_wave_packets_of_two_dimensions_are_products():
    """Without disorder the axes are independent: P(x, y, t) = P(x, J_x t) P(y, J_y t)."""
    psi0 = np.eye(21 * 19)[10 * 19 + 9]
    plane = frenkel.square(21, 19, periodic=False, couplings=(1.0, 0.5))
    psi = frenkel.evolve_state(frenkel.hamiltonian(plane, format="sparse"), psi0, [2.0])[0]
    lines = [
        frenkel.evolve_state(frenkel.hamiltonian(frenkel.chain(n)), np.eye(n)[n // 2], [t])[0]
        for n, t in ((21, 2.0), (19, 1.0))
    ]
    assert_law("amplitudes on a square lattice", psi.reshape(21, 19), np.outer(*lines))


@pytest.mark.parametrize("direction", [[1, 0, 0], [0, 0, 1], [1, 2, 3]])
def test_dipole_couplings_are_those_of_the_orientation_factor(direction):
    lattice = frenkel.long_range(frenkel.cubic(7), direction, cutoff=3.1, neighbor=[0, 2, 0])
    kappa = frenkel.orientation_factor(direction, direction, lattice.vectors)
    unit = frenkel.orientation_factor(direction, direction, [0, 1, 0]) / 8
    distance = np.linalg.norm(lattice.vectors, axis=1)
    assert_law("dipole coupling", lattice.couplings, kappa / distance**3 / unit)
    # 122 sites lie within 3.1 lattice constants of a site
    radius = np.linalg.norm(np.indices((7, 7, 7)).reshape(3, -1).T - 3, axis=1)
    assert len(lattice.bonds) == 343 * ((radius <= 3.1).sum() - 1) // 2


@pytest.mark.slow
def test_bright_state_of_long_range_lattice_sits_at_the_lattice_sum():
    """H's eigenvalue for k = 0 is the sum of all couplings of a site, which converges as 1/cutoff."""
    lattice = frenkel.long_range(frenkel.square(61), [0, 0, 1], cutoff=30.0)
    row = np.bincount(lattice.bonds.ravel(), np.repeat(lattice.couplings, 2))
    assert_law("sites of a torus differ", row, row[0], 1e-9)
    tail = 2 * np.pi / 30.0
    expected = frenkel.dipole_lattice_sum(2, [0, 0, 1])
    assert_law("sum of dipole couplings", row[0] + tail, expected, 1e-3 * expected)


def test_bare_positions_and_lattices_make_the_same_sample():
    plane = frenkel.square(5, periodic=False)
    ours, bare = (frenkel.long_range(sites, [1, 1, 0], cutoff=2.0) for sites in (plane, plane.positions))
    for name, one, other in zip(ours._fields, ours, bare, strict=True):
        assert_law(f"{name} of bare positions", np.asarray(one, float) - np.asarray(other, float), 0.0, EXACT)
