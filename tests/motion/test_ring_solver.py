"""D_s by a sparse solve, for weak noise on small rings: the same bounds as the continued fraction's."""

import sys
import time

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from frenkel._engines import ring_operators, ring_solver
from references import dense_diffusion_constant

weak = pytest.mark.filterwarnings("ignore:Coherences reach:frenkel.ConvergenceWarning")
ENERGIES = frenkel.site_energies(60, 1.0, rng=2)


@pytest.mark.parametrize("bands", [(9, 8), (8, 9), (3, 2), (2, 3)])
def test_solve_is_the_fraction_of_the_same_bands(bands):
    rates = np.array([0.02, 0.3, 4.0])
    fraction = ring_operators.constant_at_band(ENERGIES[None], np.zeros(3, int), rates, 1e-11, *bands)
    solved = [ring_solver.solve(ENERGIES, rate, *bands) for rate in rates]
    assert_law("D_s", np.mean(fraction, axis=0) / solved, 1, 1e-9)


@weak
def test_weak_noise_agrees_with_the_dense_solve():
    """Dense solves know a ring of N sites; coherences that end before they meet do not tell."""
    energies = frenkel.site_energies(24, 6.0, rng=3)
    for rate in (1e-4, 1e-3):
        D = frenkel.diffusion_constant(energies, rate)
        assert_law("D_s", D / dense_diffusion_constant(energies, rate), 1, 2e-3)


@weak
def test_a_solve_is_chosen_where_it_is_cheaper(monkeypatch):
    solved = []
    monkeypatch.setattr(ring_solver, "solve", lambda ring, rate, *bands: solved.append(rate) or 0.5)
    frenkel.diffusion_constant(np.tile(ENERGIES, 3), 0.001)
    assert set(solved) == {0.001}
    solved.clear()
    frenkel.diffusion_constant(np.tile(ENERGIES, 3), 0.3)
    assert not solved, "strong noise takes few levels"
    rates = np.geomspace(0.0005, 10, 13)
    chosen = ring_solver.worth_solving(np.zeros((1, 200)), 118, 9.0, rates)
    assert chosen.any() and not chosen.all() and (np.diff(chosen.astype(int)) <= 0).all(), "the weakest alone"


@pytest.mark.slow
@weak
def test_without_scipy_the_fraction_answers(monkeypatch):
    D = frenkel.diffusion_constant(ENERGIES, 0.004)
    monkeypatch.setitem(sys.modules, "scipy.sparse.linalg", None)
    monkeypatch.setattr(ring_solver, "has_scipy", ring_solver.has_scipy.__wrapped__)  # without memory
    assert not ring_solver.is_possible(60, 10, 0.1)
    assert_law("D_s", frenkel.diffusion_constant(ENERGIES, 0.004) / D, 1, 1e-3)


@weak
def test_weaker_noise_is_in_reach_on_small_rings():
    start = time.process_time()
    D, stronger = (frenkel.diffusion_constant(4 * ENERGIES, rate) for rate in (1e-7, 1e-5))
    assert_law("D_s in proportion to Γ", D / stronger * 100, 1, 2e-3)
    assert time.process_time() - start < 30
