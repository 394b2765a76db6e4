"""D(t) and D_s on lattices against rings, density matrices, resistor networks and themselves."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law, assert_points_at
from conftest import CONVERGED, EXACT
from frenkel import exact
from frenkel._engines.continued_fraction import bounds
from frenkel._engines.lattice_operators import bounds_at, levels
from frenkel._engines.lattice_stencil import Stencil, grid_of
from frenkel._engines.torus_operators import torus_bounds
from public import fresh_python


def rough(lattice, disorder, seed=1):
    return frenkel.site_energies(lattice.n_sites, disorder, rng=seed)


# Small lattices around which coherences spread: the engine describes them exactly.
small_torus = pytest.mark.filterwarnings("ignore:Coherences spread:frenkel.ConvergenceWarning")


def test_lattice_engine_on_a_ring_is_the_ring_engine():
    ring, times = frenkel.ring(60), np.linspace(0, 4, 9)
    energies = rough(ring, 1.0)
    ours = frenkel.lattice_diffusivity(ring, energies, 1.0, times, tolerance=1e-7)
    assert_law("D(t)", ours, frenkel.diffusivity(energies, 1.0, times, tolerance=1e-7), CONVERGED)
    ours = frenkel.lattice_diffusion_constant(ring, energies, 1.0, tolerance=1e-6)
    assert_law("D_s", ours, frenkel.diffusion_constant(energies, 1.0, tolerance=1e-7), CONVERGED)


def test_uncoupled_rows_are_rings():
    plane = frenkel.square(50, 3, couplings=(1.0, 0.0))
    energies, rates = rough(plane, 1.0), np.array([1.0, 3.0])
    rings = frenkel.diffusion_constant(energies.reshape(50, 3).T, rates[:, None], tolerance=1e-7)
    ours = frenkel.lattice_diffusion_constant(plane, energies, rates, tolerance=1e-6)
    assert_law("D_s of rows", ours, rings.mean(axis=1), CONVERGED)
    curves = frenkel.diffusivity(energies.reshape(50, 3).T, 1.0, [1.0, 3.0], tolerance=1e-7)
    ours = frenkel.lattice_diffusivity(plane, energies, 1.0, [1.0, 3.0], tolerance=1e-7)
    assert_law("D(t) of rows", ours, curves.mean(axis=0), CONVERGED)
    across = frenkel.lattice_diffusion_constant(plane, energies, rates, axis=1)
    assert_law("nothing couples the rows", across, 0.0)


@pytest.mark.parametrize("axis", range(3))
def test_clean_lattices_are_chains_along_every_axis(axis):
    """D(t) = 2 J² (1 - exp(-Γt)) / Γ along an axis with coupling J."""
    couplings = [1.0, 0.5, -0.2]
    lattice, times = frenkel.cubic(3, 4, 5, couplings=couplings), np.array([0.0, 0.5, 3.0])
    clean = np.zeros(60)
    D = frenkel.lattice_diffusivity(lattice, clean, 0.7, times, axis=axis)
    J = couplings[axis]
    assert_law("D(t) of a clean lattice", D, J**2 * exact.clean_diffusivity(times, 0.7))
    D = frenkel.lattice_diffusion_constant(lattice, clean, [0.01, 0.7], axis=axis)
    assert_law("D_s of a clean lattice", D, J**2 * 2 / np.array([0.01, 0.7]))


def spreading(lattice, energies, times, dephasing):
    """D(t) along the first axis from all sites, a density matrix each: Σ_nm (x_n - x_0)² Im(H_nm ρ_mn)."""
    H = frenkel.hamiltonian(lattice, energies)
    total = np.zeros(len(times))
    for start, rho0 in enumerate(np.eye(lattice.n_sites)):
        squares = frenkel.displacements(lattice, start)[:, 0] ** 2
        for t, rho in enumerate(frenkel.evolve_density(H, np.diag(rho0), times, dephasing=dephasing)):
            total[t] += (H @ rho).diagonal().imag @ squares
    return total / lattice.n_sites


def response(lattice, energies, time, dephasing, axis):
    """D(t) from one density matrix, the uniform one with a little velocity: ∫ Tr[v ρ(s)] ds.

    It holds on any torus and for any time, also when the way around is open.
    """
    H = frenkel.hamiltonian(lattice, energies)
    v = np.zeros(H.shape, dtype=complex)
    weights = 1j * np.asarray(lattice.couplings) * lattice.vectors[:, axis]
    first, second = lattice.bonds.T
    v[first, second], v[second, first] = weights, -weights
    push = 0.1 / np.abs(v).sum(axis=0).max() / lattice.n_sites
    nodes, areas = np.polynomial.legendre.leggauss(40)
    rho0 = np.eye(lattice.n_sites) / lattice.n_sites + push * v
    rho = frenkel.evolve_density(H, rho0, time * (nodes + 1) / 2, dephasing=dephasing)
    correlation = np.einsum("nm,tmn->t", v, rho).real / push / lattice.n_sites
    return time / 2 * areas @ correlation


@small_torus
@pytest.mark.parametrize("bonds", ["nearest", "dipoles"])
def test_lattice_diffusivity_is_that_of_density_matrices_from_all_sites(bonds):
    """As long as nothing has come around: an exciton that meets itself has no displacement."""
    lattice, times = frenkel.square(11, 3, couplings=(1.0, 0.6)), np.array([0.2, 0.4])
    if bonds == "dipoles":
        lattice = frenkel.long_range(lattice, [1, 0.3, 0], cutoff=1.45)
    energies = rough(lattice, 2.0)
    fast = frenkel.lattice_diffusivity(lattice, energies, 0.5, times, tolerance=1e-7)
    assert_law(
        "D(t)", fast, spreading(lattice, energies, times, 0.5), CONVERGED if bonds == "nearest" else 1e-5
    )


@small_torus
@pytest.mark.parametrize("bonds", ["nearest", "dipoles", "cubic"])
def test_lattice_diffusivity_is_a_linear_response_on_any_torus(bonds):
    lattice = frenkel.square(4, 5, couplings=(1.0, 0.6))
    if bonds == "dipoles":
        lattice = frenkel.long_range(lattice, [1, 0.3, 0], cutoff=1.45)
    if bonds == "cubic":
        lattice = frenkel.cubic(3, 3, 4, couplings=(1.0, 0.5, -0.3))
    energies = rough(lattice, 2.0)
    for axis in range(lattice.positions.shape[1]):
        fast = frenkel.lattice_diffusivity(lattice, energies, 0.3, [1.0, 4.0], axis=axis, tolerance=1e-7)
        slow = [response(lattice, energies, time, 0.3, axis) for time in (1.0, 4.0)]
        assert_law("D(t)", fast, slow, CONVERGED)


@small_torus
@pytest.mark.parametrize("dephasing", [2.0, 5.0])
def test_diffusion_constant_is_where_the_diffusivity_ends(dephasing):
    """D(t) knows nothing of potentials and projections, D_s nothing of time; a small cell mixes soon."""
    lattice = frenkel.square(3, 4, couplings=(1.0, 0.7))
    energies = rough(lattice, 1.5)
    for axis in (0, 1):
        late = frenkel.lattice_diffusivity(lattice, energies, dephasing, [20.0], axis=axis, tolerance=1e-4)
        D = frenkel.lattice_diffusion_constant(lattice, energies, dephasing, axis=axis, tolerance=1e-4)
        # each of the two may be off by 1e-4, D(t) by that of its maximum, about twice its end
        assert_law("D_s differs from late D(t)", D / late[0], 1.0, 3e-4)


def resistor_network(lattice, energies, dephasing, axis):
    """D of classical hops at rates k = 2Γ J² / (Γ² + δε²) between neighbors, from Kirchhoff's law.

    D = min_φ (1/N) Σ_bonds k (x_ij + φ_j - φ_i)², the power of the network in a unit field.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import spsolve

    first, second = lattice.bonds.T
    gap = energies[first] - energies[second]
    rates = 2 * dephasing * np.asarray(lattice.couplings) ** 2 / (dephasing**2 + gap**2)
    field = lattice.vectors[:, axis]
    m, n = len(first), lattice.n_sites
    ends = (np.tile(np.arange(m), 2), np.concatenate([first, second]))
    slope = coo_array((np.repeat([-1.0, 1.0], m), ends), shape=(m, n)).tocsr()
    laplacian = (slope.T * rates @ slope).tocsc()
    potential = np.zeros(n)
    potential[1:] = spsolve(laplacian[1:, 1:], -(slope.T @ (rates * field))[1:])
    return (rates * (field + slope @ potential) ** 2).sum() / n


def test_strong_dephasing_makes_a_resistor_network():
    """The difference falls as 1/Γ² when Γ and disorder grow together."""
    lattice = frenkel.square(12, 10, couplings=(1.0, 0.6))
    off = []
    for scale in (15.0, 30.0):
        energies = rough(lattice, scale)
        D = frenkel.lattice_diffusion_constant(lattice, energies, scale, axis=1, tolerance=1e-7)
        off.append(D / resistor_network(lattice, energies, scale, 1) - 1)
    assert abs(off[1]) < 3 / 30.0**2, off
    assert 3.7 < off[0] / off[1] < 4.3, f"the difference does not fall as 1/Γ²: {off}"


def test_nearest_neighbors_alone_are_a_resistor_network():
    """The engine's equations truncated to one bond are Kirchhoff's, at any dephasing."""
    lattice = frenkel.cubic(4, 3, 5, couplings=(1.0, 0.6, 0.3))
    energies = rough(lattice, 1.0)
    grid = grid_of(lattice)
    steps = levels(Stencil(*grid, energies, 1), 2, 1, 1)
    low, high = bounds(steps, 20.0, np.array([0]), np.array([0.5]), 1e-12)
    for bound in (low, high):
        expected = resistor_network(lattice, energies, 0.5, 2)
        assert_law("Kirchhoff's law", bound * 0.3**2, expected, EXACT)


def stationary_operator(n, energies, dephasing):
    """D_s along x of a plane of n by n sites by another way: no parts, no potential, no reach, no bounds.

    Solves Γ(X - diag X) + i[H, X] = v by GMRES for X_{n, n+r}.
    """
    from scipy.sparse.linalg import LinearOperator, gmres

    site, away = np.indices((n,) * 4)[:2], np.indices((n,) * 4)[2:]
    levels = energies.reshape(n, n)
    gaps = levels[tuple(site)] - levels[tuple((site + away) % n)]
    kept = dephasing * (away != 0).any(axis=0)
    v = np.zeros(gaps.shape, dtype=complex)
    v[..., 1, 0], v[..., -1, 0] = 1j, -1j

    def flow(x):
        X = x.reshape(gaps.shape)
        commutator = gaps * X
        for axis in (0, 1):
            for s in (1, -1):  # (HX)_{n, n+r} = X_{n+s, n+r}, (XH)_{n, n+r} = X_{n, n+r+s}
                commutator = commutator + np.roll(X, (-s, s), axis=(axis, axis + 2))
                commutator = commutator - np.roll(X, -s, axis=axis + 2)
        return (kept * X + 1j * commutator).ravel()

    X, failed = gmres(LinearOperator((v.size,) * 2, flow, dtype=complex), v.ravel(), rtol=1e-8, restart=100)
    assert not failed
    return np.vdot(v, X).real / n**2


@small_torus
def test_diffusion_constant_of_a_plane_keeps_its_promise():
    energies = frenkel.site_energies(16, 2.0, rng=1)
    exact_way = stationary_operator(4, energies, 0.3)
    for tolerance in (4e-2, 5e-3, 1e-3, 1e-6):
        D = frenkel.lattice_diffusion_constant(frenkel.square(4), energies, 0.3, tolerance=tolerance)
        assert_law("D_s", D / exact_way, 1.0, tolerance)


@small_torus
def test_bounds_close_around_the_diffusion_constant_of_the_torus():
    """Coherences up to K ask the same of the torus as all of them, as long as they end before they meet."""
    lattice = frenkel.square(16)
    energies, rates = rough(lattice, 1.0), np.array([0.5, 1.0])
    D = np.sqrt(np.prod(torus_bounds(grid_of(lattice), energies, rates, 0, 1e-7, None), axis=0))
    pairs = [bounds_at(grid_of(lattice), energies, rates, 0, reach, 1e-6) for reach in (2, 4, 6)]
    low, high = np.array(pairs).swapaxes(0, 1)
    assert (np.diff(low, axis=0) > 0).all(), "the lower bound does not rise with the reach"
    assert (np.diff(high, axis=0) < 0).all(), "the upper bound does not fall with the reach"
    assert (low < D).all() and (high > D).all()
    assert (high < 2 / rates).all(), "disorder must not help"


@small_torus
def test_lattice_engine_follows_the_symmetries_of_the_lattice():
    lattice = frenkel.square(6, 6)
    energies = rough(lattice, 1.0)

    def constant(energies, dephasing=2.0, axis=0):
        return frenkel.lattice_diffusion_constant(lattice, energies, dephasing, axis=axis, tolerance=1e-6)

    D = [constant(energies, axis=axis) for axis in (0, 1)]
    grid = energies.reshape(6, 6)
    assert_law("exchange of the axes", constant(grid.T.ravel()), D[1])
    for same in (np.roll(grid, (2, 1), axis=(0, 1)), grid[::-1], grid + 3.0, -grid):
        assert_law("symmetry", constant(same.ravel()), D[0])
    together = constant([energies, -energies], [[2.0], [3.0]])
    assert together.shape == (2, 2)
    assert_law("a stack differs from its parts", together[0], D[0], CONVERGED)
    curve = frenkel.lattice_diffusivity(lattice, energies, 2.0, [1.0])
    stack = frenkel.lattice_diffusivity(lattice, [[energies], [-energies]], 2.0, [1.0])
    assert_law("a stack differs from its parts", stack, np.full((2, 1, 1), curve[0]))


def test_small_lattices_and_long_waits_are_named():
    lattice = frenkel.square(6)
    energies = rough(lattice, 1.0)
    for ask in (
        lambda: frenkel.lattice_diffusion_constant(lattice, energies, 0.5),
        lambda: frenkel.lattice_diffusivity(lattice, energies, 0.5, [6.0]),
    ):
        with pytest.warns(frenkel.ConvergenceWarning, match="Use at least") as caught:
            ask()
        assert_points_at(caught, __file__)
    with pytest.raises(ValueError, match="Argument `dephasing` must be at least"):
        frenkel.lattice_diffusion_constant(lattice, energies, 1e-6)
    with pytest.raises(ValueError, match="Argument `times` must be below"):
        frenkel.lattice_diffusivity(lattice, energies, 1.0, [1e9])


def test_lattices_and_their_engine_need_numpy_alone():
    code = """
import sys
for name in ("scipy", "matplotlib", "ipywidgets", "tqdm"):
    sys.modules[name] = None  # an import now fails
import frenkel
plane = frenkel.long_range(frenkel.square(12), [1, 0, 0], cutoff=1.5)
energies = frenkel.site_energies(144, 1.0, rng=1)
frenkel.hamiltonian(plane, energies)
frenkel.lattice_diffusivity(plane, energies, 5.0, [0.1])
frenkel.lattice_diffusion_constant(plane, energies, 5.0)
"""
    fresh_python(code)
