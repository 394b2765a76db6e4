"""The step of a trajectory."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law


class Quadrature(np.random.Generator):
    """A generator whose normal numbers run through Gauss-Hermite nodes: averages over it are exact."""

    def __init__(self, n_nodes, n_sites, n_kicks):
        super().__init__(np.random.PCG64(0))
        nodes, weights = np.polynomial.hermite_e.hermegauss(n_nodes)
        grid = np.stack(np.meshgrid(*[nodes] * (n_sites * n_kicks), indexing="ij"), -1)
        self.kicks = iter(grid.reshape(-1, n_kicks, n_sites).swapaxes(0, 1))
        weights = np.stack(np.meshgrid(*[weights] * (n_sites * n_kicks), indexing="ij"), -1)
        self.weights = weights.reshape(-1, n_sites * n_kicks).prod(axis=-1)
        self.weights /= self.weights.sum()

    def standard_normal(self, shape):
        return next(self.kicks).reshape(shape)


def averaged_step(H, psi0, dt, dephasing, n_nodes=7):
    """One step of `frenkel.trajectories`, averaged over its noise exactly: a density matrix."""
    noise = Quadrature(n_nodes, len(psi0), n_kicks=2)
    psi = frenkel.trajectories(
        H, psi0, [dt], dephasing=dephasing, n_trajectories=len(noise.weights), rng=noise, max_step=dt
    )[:, 0]
    assert next(noise.kicks, None) is None, "a step kicks twice"
    return np.einsum("m,mi,mj->ij", noise.weights, psi, psi.conj())


@pytest.mark.parametrize("dt", [0.05, 0.6])
def test_kick_is_the_root_of_dephasing_times_step(dt):
    """Without a Hamiltonian a coherence decays to exp(-Γ dt) in one step; kicks of √Γ dt give exp(-Γ dt²)."""
    psi0 = np.sqrt([0.5, 0.5])
    coherence = averaged_step(np.zeros((2, 2)), psi0, dt, 0.8, n_nodes=12)[0, 1]
    assert_law("a step does not dephase by exp(-Γ dt)", coherence, 0.5 * np.exp(-0.8 * dt))


def test_trajectory_step_is_of_second_order():
    """Halving dt divides the error of one step by 8, hence the error at a given time by 4."""
    H = frenkel.hamiltonian(frenkel.chain(2), [0.7, -0.7])
    psi0 = np.array([0.6, 0.8j])
    errors = []
    for dt in (0.08, 0.04, 0.02):
        truth = frenkel.evolve_density(H, np.outer(psi0, psi0.conj()), [dt], dephasing=0.9)[0]
        errors.append(np.abs(averaged_step(H, psi0, dt, 0.9) - truth).max())
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    assert (abs(orders - 3) < 0.1).all(), f"one step is of order {orders}, not 3"
