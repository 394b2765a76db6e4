"""Levels of disordered chains: counted, weighed, and whether they repel each other."""

import frenkel
import numpy as np
from assertions import assert_law
from frenkel import exact
from frenkel.states.levels import density_of_states, integrated_density_of_states, level_spacing_ratio

GOE, POISSON = 0.5307, 2 * np.log(2) - 1


def assert_within(value, error, expected, beyond=0.0):
    """Within four standard errors, and `beyond` (a known systematic part)."""
    off, allowed = abs(value - expected), 4 * error + beyond
    assert off <= allowed, f"{value:.5g} ± {error:.2g} is not {expected:.5g}"


def spectra(n_sites, disorder, n_chains, rng=1):
    energies = frenkel.site_energies(n_sites, disorder, rng=rng, shape=(n_chains,))
    return energies, np.linalg.eigh(frenkel.hamiltonian(frenkel.chain(n_sites), energies))


def test_counting_equals_diagonalizing():
    energies, (levels, _) = spectra(60, 1.5, 5)
    grid = np.linspace(-5, 5, 41)
    counted = integrated_density_of_states(grid[:, None], energies)
    expected = (levels < grid[:, None, None]).mean(axis=-1)
    assert_law("levels miscounted", counted, expected)
    at_zero = integrated_density_of_states([-1e-9, 0.0, 1e-9], np.zeros(4))  # a pivot that vanishes
    assert_law("levels of a clean chain miscounted", at_zero, 0.5)
    assert_law("a single site", integrated_density_of_states([0.9, 1.0, 1.1], [1.0]), [0, 0, 1])


def test_density_of_states_is_normalized_and_of_the_variance_of_H():
    energies = frenkel.site_energies(1000, 1.0, rng=1, shape=(40,))
    edges = np.linspace(-8, 8, 161)
    density, error = density_of_states(energies, edges)
    middle, width = (edges[1:] + edges[:-1]) / 2, 0.1
    assert_law("density not normalized", density.sum() * width, 1)
    variance = (density * middle**2).sum() * width
    assert_within(variance, np.sqrt(2 / 40_000), 2 + 1.0, beyond=2 / 1000 + width**2 / 12)
    assert (error >= 0).all() and error.max() < 0.1 * density.max()


def test_levels_beyond_the_band_edge():
    """Halperin's integrated density of states, with its Lifshitz tail."""
    energies = frenkel.site_energies(20_000, 0.1, rng=1, shape=(20,))
    edge = np.array([1.97, 2.0, 2.03, 2.06])
    beyond = 1 - integrated_density_of_states(edge[:, None], energies)
    below = integrated_density_of_states(-edge[:, None], energies)
    for counted in (beyond, below):
        mean, error = counted.mean(axis=1), counted.std(axis=1, ddof=1) / np.sqrt(20)
        expected = exact.band_edge_integrated_density(edge, 0.1)
        for k in range(4):  # lattice corrections are of relative order Δ^(4/3) = 5 %
            assert_within(mean[k], error[k], expected[k], beyond=0.03 * expected[k])


def test_edge_forms_join_the_known_limits():
    disorder = 0.001
    inside, outside = exact.band_edge_localization_length([1.997, 2.002], disorder)
    assert_law("inside the band", inside / (8 * 0.003 / disorder**2), 1, tolerance=1e-4)
    assert_law("outside the band", outside * np.sqrt(0.002), 1, tolerance=2e-3)  # next: D / (4 e^(3/2))
    clean = np.sqrt(0.003) / np.pi
    assert_law("clean levels", exact.band_edge_integrated_density(1.997, disorder) / clean, 1, tolerance=1e-4)


def test_level_spacing_ratio_of_random_matrices_and_of_independent_levels():
    rng = np.random.default_rng(1)
    matrices = rng.normal(size=(300, 60, 60))
    for levels, expected in [
        (np.linalg.eigvalsh(matrices + matrices.swapaxes(-1, -2)), GOE),
        (rng.random((300, 400)), POISSON),
    ]:
        ratio = level_spacing_ratio(levels)
        assert_within(ratio.mean(), ratio.std(ddof=1) / np.sqrt(300), expected, beyond=1e-3)
    assert_law("a picket fence", level_spacing_ratio(np.arange(9.0)), 1)


def test_localized_chain_has_independent_levels():
    _, (levels, _) = spectra(400, 3.0, 40)
    ratio = level_spacing_ratio(levels)
    assert_within(ratio.mean(), ratio.std(ddof=1) / np.sqrt(40), POISSON, beyond=0.004)  # overlap ~ ξ/n


def test_levels_of_a_disordered_metal_repel():
    """A cube of 7³ sites, whose states extend in its whole band center at Δ = 2."""
    line, eye = frenkel.hamiltonian(frenkel.chain(7)), np.eye(7)
    cube = sum(
        np.kron(np.kron(a, b), c) for a, b, c in [(line, eye, eye), (eye, line, eye), (eye, eye, line)]
    )
    ratio = []
    for energies in frenkel.site_energies(343, 2.0, rng=1, shape=(24,)):
        levels = np.linalg.eigvalsh(cube + np.diag(energies))
        ratio.append(level_spacing_ratio(levels[100:243]))
    assert_within(np.mean(ratio), np.std(ratio, ddof=1) / np.sqrt(24), GOE)
