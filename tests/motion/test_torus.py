"""D_s of lattices around which coherences reach: against direct solutions, other sizes, twists and itself."""

import warnings

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import CONVERGED, EXACT
from frenkel._engines import lattice_methods
from frenkel._engines.lattice_operators import bounds_at, diffusivity_at
from frenkel._engines.lattice_stencil import grid_of
from frenkel._engines.torus_operators import Torus, torus_bounds, torus_diffusivity
from scipy.integrate import simpson
from scipy.sparse import csc_array, csr_array, diags_array, eye_array, kron
from scipy.sparse.linalg import spsolve
from scipy.special import k0

pytestmark = pytest.mark.filterwarnings("ignore:Coherences spread:frenkel.ConvergenceWarning")
TORI = {
    "ring": frenkel.ring(9),
    "plane": frenkel.square(4, 5, couplings=(1.0, -0.6)),
    "crystal": frenkel.cubic(3, 3, 3, couplings=(1.0, 0.5, 2.0)),
    "dipoles": frenkel.long_range(frenkel.square(5), [1, 0.3, 0], cutoff=1.5),
}
each_torus = pytest.mark.parametrize("lattice", TORI.values(), ids=TORI)


def rough(lattice, disorder, seed=1):
    return frenkel.site_energies(lattice.n_sites, disorder, rng=seed)


def twisted(lattice, energies, twist):
    """H whose bonds gain the phases of `twist` where they cross the edge of the grid."""
    H = frenkel.hamiltonian(lattice, energies).astype(complex)
    sizes = np.asarray(lattice.periods)
    for (n, m), vector in zip(lattice.bonds, lattice.vectors, strict=True):
        around = np.rint((lattice.positions[n] + vector - lattice.positions[m]) / sizes)
        H[n, m] *= np.exp(1j * around @ twist)
        H[m, n] = H[n, m].conj()
    return H


def direct(lattice, energies, dephasing, axis=0, twist=None):
    """Solve i[H, X] + Γ(X - diag X) = v by sparse elimination; D_s = Tr[v X] / N."""
    n_sites = lattice.n_sites
    H = twisted(lattice, energies, np.zeros(len(lattice.periods)) if twist is None else twist)
    v = np.zeros_like(H)
    first, second = lattice.bonds.T
    v[first, second] = 1j * H[first, second] * lattice.vectors[:, axis]
    v[second, first] = v[first, second].conj()
    one = eye_array(n_sites)
    coherences = diags_array(1 - np.eye(n_sites).ravel())
    flow = 1j * (kron(csc_array(H), one) - kron(one, csc_array(H.T))) + dephasing * coherences
    flow = flow.tolil()
    flow[0] = np.eye(n_sites).ravel()[None]  # the trace of X is free
    rest = v.ravel().copy()
    rest[0] = 0
    return np.vdot(v, spsolve(flow.tocsc(), rest)).real / n_sites


@pytest.mark.slow
@each_torus
def test_both_bounds_end_at_the_direct_solution(lattice):
    energies, rates = rough(lattice, 2.0), np.array([0.1, 1.0])
    for axis in range(len(lattice.periods)):
        expected = np.array([direct(lattice, energies, rate, axis) for rate in rates])
        for tolerance in (0.5, 1e-2):
            low, high = torus_bounds(grid_of(lattice), energies, rates, axis, tolerance, None)
            assert low[0] < expected[0] < high[0], "the direct solution is not between the bounds"
            assert (high <= (1 + tolerance) * low).all()
        for tolerance, allowed in ((1e-9, 2e-9), (1e-3, 1e-3)):  # in double and in single precision
            low, high = torus_bounds(grid_of(lattice), energies, rates, axis, tolerance, None)
            assert_law("lower bound", low / expected, 1.0, allowed)
            assert_law("upper bound", high / expected, 1.0, allowed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lattice", "twist"),
    [("ring", [1.0]), ("plane", [0.7, -2.0]), ("crystal", [0.3, 1.0, 2.0]), ("dipoles", [1.0, 0.5])],
)
def test_a_twisted_torus_is_solved_directly_too(lattice, twist):
    lattice = TORI[lattice]
    energies = rough(lattice, 2.0)
    expected = [direct(lattice, energies, rate, 0, twist) for rate in (0.1, 1.0)]
    D = frenkel.lattice_diffusion_constant(lattice, energies, [0.1, 1.0], tolerance=1e-8, twist=twist)
    assert_law("D_s of a twisted torus", D, expected, CONVERGED)
    straight = frenkel.lattice_diffusion_constant(lattice, energies, [0.1, 1.0], tolerance=1e-8)
    assert (np.abs(D / straight - 1) > [1e-2, 1e-5]).all(), "the twist changes nothing"
    for same in (np.negative(twist), np.add(twist, 2 * np.pi)):
        again = frenkel.lattice_diffusion_constant(lattice, energies, [0.1, 1.0], tolerance=1e-8, twist=same)
        assert_law("time reversal, a whole turn", again, D, CONVERGED)


def test_commutators_stay_of_one_kind_to_the_last_digit():
    """Or rounding would feed operators of the other kind, and bounds would close around a wrong number."""
    lattice = frenkel.square(14, 15, couplings=(1.0, -0.6))  # more sites than a tile of the transpose
    torus = Torus(grid_of(lattice), rough(lattice, 1.0))
    x, y = torus.current(0), torus.zeros()
    for _ in range(5):
        torus.add_commutator(x, -1, y, -0.3, 0.7)
        torus.project(y, 1)
        torus.add_commutator(y, 1, x, -0.2, 0.1)
        torus.project(x, -1)
        square = slice(lattice.n_sites)
        assert (y[:, square] == y[:, square].T).all() and (x[:, square] == -x[:, square].T).all()
        H = frenkel.hamiltonian(lattice)
        divergence = np.einsum("nm,mn->n", H, x[:, square])
        assert_law("divergence of the current", divergence, 0.0)


CHECKED = {  # lattice, {Γ: D_s}: dense matrices and 400 steps, computed apart from the library
    "crystal": (
        frenkel.cubic(8),
        {0.1: 0.929, 0.2: 0.930, 0.3: 0.910, 0.5: 0.860, 0.8: 0.786, 1.2: 0.7005},
    ),
    "plane": (frenkel.square(24), {0.2: 0.739, 0.43: 0.763, 1.0: 0.697}),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CHECKED)
def test_checked_numbers(case):
    lattice, expected = CHECKED[case]
    energies = np.random.default_rng(0).normal(size=lattice.n_sites) * 2
    D = frenkel.lattice_diffusion_constant(lattice, energies, list(expected))
    assert_law("D_s", D / list(expected.values()), 1.0, 5e-3)


def followed(lattice, energies, dephasing, twist):
    """D_s = ∫ Tr[v X] dt / N along dX/dt = -i[H, X] - Γ (X - diag X) from v, by RK4: no M, no fraction."""
    H = csr_array(twisted(lattice, energies, twist))
    v = np.zeros(H.shape, dtype=complex)
    (first, second), step = lattice.bonds.T, 0.1
    v[first, second] = 1j * H[first, second] * lattice.vectors[:, 0]
    v += v.conj().T

    def slope(X):
        flow = -1j * (H @ X)
        flow += flow.conj().T - dephasing * X
        flow.ravel()[:: len(X) + 1] += dephasing * X.diagonal()
        return flow

    X, correlation = v, [np.vdot(v, v).real]
    for _ in range(round(10 / dephasing / step)):  # what is left has decayed to e⁻¹⁰
        a = slope(X)
        b = slope(X + step / 2 * a)
        c = slope(X + step / 2 * b)
        X = X + step / 6 * (a + 2 * b + 2 * c + slope(X + step * c))
        correlation.append(np.vdot(v, X).real)
    return simpson(correlation, dx=step) / lattice.n_sites


@pytest.mark.slow
def test_a_large_twisted_torus_is_where_its_curve_ends():
    lattice, rate, twist = frenkel.cubic(8), 0.2, [2.8, 0.8, 2.5]
    energies = np.random.default_rng(0).normal(size=512) * 2
    D = frenkel.lattice_diffusion_constant(lattice, energies, rate, twist=twist, tolerance=1e-4)
    assert_law("D_s", D / followed(lattice, energies, rate, twist), 1.0, 5e-4)


def winding_loops(lattice, rates, constants):
    """What loops around the torus take from D_s: (W/4π²) Σ e^{-R/ℓ}/R in a crystal, 2 K₀(R/ℓ) on a plane."""
    d, length = len(lattice.periods), np.sqrt(constants / rates)
    n = np.stack(np.meshgrid(*[np.arange(-4, 5)] * d), axis=-1).reshape(-1, d)
    R = np.linalg.norm(n[n.any(axis=1)] * lattice.periods, axis=1)[:, None]
    return 4 * d / (4 * np.pi**2) * (np.exp(-R / length) / R if d == 3 else 2 * k0(R / length)).sum(axis=0)


@pytest.mark.slow
@pytest.mark.parametrize("case", CHECKED)
def test_checked_numbers_return_from_twisted_boundaries(case):
    """A mean over twists has lost the loops around the torus, and nothing else.

    They are a fortieth of D_s in the crystal at Γ = 0.1 and not to be seen from 0.5 on, nor on the plane.
    """
    lattice, (rates, checked) = CHECKED[case][0], np.array(list(CHECKED[case][1].items())).T
    energies = np.random.default_rng(0).normal(size=lattice.n_sites) * 2
    twists = 2 * np.pi * np.random.default_rng(1).random((16, len(lattice.periods)))
    D = np.array(
        [frenkel.lattice_diffusion_constant(lattice, energies, rates, twist=phases) for phases in twists]
    )
    scatter = np.hypot(D.std(axis=0, ddof=1) / 4, 5e-4)  # the checked values have three digits
    more, loops = D.mean(axis=0) - checked, winding_loops(lattice, rates, checked)
    error = np.hypot(scatter, 0.2 * loops)  # one D for all energies of the clean band: good to a fifth
    assert_law("standard errors off", (more - loops) / error, 0.0, 3.0)
    if case == "crystal":
        assert more[0] > 4 * scatter[0], "a twist changes nothing where loops go around"


@pytest.mark.parametrize(
    ("lattice", "reach"), [(frenkel.square(14), 5), (frenkel.cubic(7), 2)], ids=["plane", "crystal"]
)
def test_a_reach_and_the_whole_torus_agree(lattice, reach):
    """Where coherences end before they meet, both are the same physics."""
    energies, grid, times = rough(lattice, 2.0), grid_of(lattice), np.array([0.3, 0.6])
    low, high = bounds_at(grid, energies, np.array([4.0]), 0, reach, 1e-7)
    torus = np.array(torus_bounds(grid, energies, np.array([4.0]), 0, 1e-7, None))
    assert (low <= torus * (1 + 1e-7)).all() and (torus <= high * (1 + 1e-7)).all()
    assert_law("bounds of the reach", high / low, 1.0, 5e-2)
    ends = (
        diffusivity_at(grid, energies, 4.0, times, 0, reach),
        diffusivity_at(grid, energies, 4.0, times, 0, reach - 1),
    )
    curve = torus_diffusivity(grid, energies, 4.0, times, 0)
    assert_law("D(t)", ends[0], curve, 2 * np.abs(ends[0] - ends[1]).max())


def test_the_cheaper_way_is_taken(monkeypatch):
    """Strong noise on a large plane keeps a reach; weak noise, and any on a small plane, takes the torus."""
    taken = []

    def note(kind):
        engine = getattr(lattice_methods, kind)
        monkeypatch.setattr(lattice_methods, kind, lambda *args: (taken.append(kind), engine(*args))[1])

    note("bounds_at")
    note("torus_bounds")
    for n, rate, expected in ((40, 10.0, "bounds_at"), (24, 0.3, "torus_bounds"), (6, 30.0, "torus_bounds")):
        lattice = frenkel.square(n)
        frenkel.lattice_diffusion_constant(lattice, rough(lattice, 1.0), rate, tolerance=2e-2)
        assert taken[-1] == expected, (n, rate, taken)


@pytest.mark.slow
def test_no_curve_is_steeper_than_noise_alone():
    """|d ln D_s / d ln Γ| ≤ 1: D_s is a mixture of Γ / (Γ² + Ω²)."""
    lattice, rates = frenkel.cubic(4), np.geomspace(0.02, 20, 25)
    energies = frenkel.site_energies(64, 3.0, rng=2, shape=(2,))
    D = frenkel.lattice_diffusion_constant(lattice, energies, rates[:, None], tolerance=1e-5)
    assert D.shape == (25, 2)
    slope = np.diff(np.log(D), axis=0) / np.diff(np.log(rates))[:, None]
    assert (np.abs(slope) < 1 + 1e-4).all()
    assert slope[0].min() > 0.2 and slope[-1].max() < -0.8
    one = frenkel.lattice_diffusion_constant(lattice, energies[1], rates, tolerance=1e-5)
    assert_law("a realization alone", one / D[:, 1], 1.0, 1e-5)


@pytest.mark.parametrize("twist", [None, [0.4, 1.1]])
def test_without_disorder_the_size_and_the_twist_do_not_matter(twist):
    lattice = frenkel.square(3, 4, couplings=(1.0, -0.4))
    rates = np.array([0.03, 1.0])
    for axis, J in enumerate((1.0, -0.4)):
        D = frenkel.lattice_diffusion_constant(lattice, np.zeros(12), rates, axis=axis, twist=twist)
        assert_law("D_s = 2J²/Γ", D, 2 * J**2 / rates, EXACT * 100)


@pytest.mark.slow
def test_random_twists_stand_for_a_larger_crystal():
    """What interference around 6³ sites takes from D_s comes back with twists, and then 6³ and 8³ agree.

    By the ratio of D_s at two rates: it varies less from sample to sample, and strong noise has no size.
    """
    rng, rates = np.random.default_rng(5), [0.1, 0.7]

    def ratios(n, n_samples, is_twisted):
        """Mean and standard error."""
        found = []
        for _ in range(n_samples):
            energies, phases = 2 * rng.normal(size=n**3), 2 * np.pi * rng.random(3)
            twist = phases if is_twisted else None
            D = frenkel.lattice_diffusion_constant(frenkel.cubic(n), energies, rates, twist=twist)
            found.append(D[0] / D[1])
        return np.mean(found), np.std(found, ddof=1) / np.sqrt(n_samples)

    straight, twisted, large = ratios(6, 12, False), ratios(6, 12, True), ratios(8, 3, True)
    assert twisted[0] - straight[0] > 4 * np.hypot(straight[1], twisted[1]), "twists do nothing"
    assert abs(twisted[0] - large[0]) < 2 * np.hypot(twisted[1], large[1]), "two sizes differ"


def test_wrong_twists_and_impossible_sizes_are_named():
    lattice = frenkel.square(4)
    for twist in ([1.0], 1.0, [1.0, np.nan], "x", [1.0, 2.0, 3.0], [[1.0, 2.0]]):
        with pytest.raises((ValueError, TypeError), match="Argument `twist` must be None or"):
            frenkel.lattice_diffusion_constant(lattice, rough(lattice, 1.0), 1.0, twist=twist)
    large = frenkel.square(60)
    with pytest.raises(ValueError, match="`dephasing` must be at least") as refused:
        frenkel.lattice_diffusion_constant(large, rough(large, 1.0), 1e-4)
    with pytest.raises(ValueError, match="`dephasing` must be at least") as again:
        frenkel.lattice_diffusion_constant(large, rough(large, 1.0), 1e-3)
    bound = str(refused.value).split("at least ")[1].split()[0]
    assert bound == str(again.value).split("at least ")[1].split()[0], "the bound moves with the request"


def test_a_torus_around_which_nothing_spreads_is_no_matter_of_warning():
    lattice = frenkel.cubic(6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frenkel.lattice_diffusion_constant(lattice, rough(lattice, 2.0), 1.5)
        frenkel.lattice_diffusion_constant(lattice, np.zeros(216), 0.01)
