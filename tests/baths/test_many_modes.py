"""Hierarchy and polaron master equation against excitons whose phonons are all followed, and paths summed."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law, assert_order, populations
from frenkel import BrownianBath, DrudeBath
from phonons import evolve_with_modes, modes_of, reduced_equilibrium
from scipy.linalg import expm

DIMER = np.array([[1.0, 1.0], [1.0, -1.0]])
CHAIN = np.array([[1.0, 1.0, 0.0], [1.0, -1.0, 0.7], [0.0, 0.7, 0.3]])
# What baths of equal sites have in common moves all energies alike and is left out.
DIFFERENCE = [np.array([1, -1]) / np.sqrt(2)]
DIFFERENCES = [np.array([1, -1, 0]) / np.sqrt(2), np.array([1, 1, -2]) / np.sqrt(6)]


def errors_of_modes(H, bath, operators, counts, most):
    """Largest difference of ρ up to t = 2 between a hierarchy and 2, 4, ... modes a coordinate."""
    times, first = np.linspace(0.25, 2.0, 8), np.eye(len(H))[0]
    found = frenkel.hierarchy(H, np.diag(first), times, bath, tolerance=3e-4)
    exact = [evolve_with_modes(H, first, times, operators, modes_of(bath, n, 10.0), most) for n in counts]
    return [np.abs(found - rho).max() for rho in exact]


@pytest.mark.parametrize(
    "bath", [BrownianBath(0.5, 2.0, 1.0, 1.0), BrownianBath(1.0, 2.0, 1.0, 0.5)], ids=str
)
def test_two_sites_with_many_modes(bath):
    """Six quanta in up to eight modes: with each two modes more the error falls by half at least."""
    errors = errors_of_modes(DIMER, bath, DIFFERENCE, (2, 4, 6, 8), 6)
    assert (np.diff(np.log(errors)) < -np.log(2)).all() and errors[-1] < 5e-4, f"ρ: errors {errors}"


def test_three_sites_with_many_modes():
    errors = errors_of_modes(CHAIN, BrownianBath(0.5, 2.0, 1.0, 1.0), DIFFERENCES, (2, 3, 4), 6)
    assert (np.diff(np.log(errors)) < -np.log(2)).all() and errors[-1] < 2e-2, f"ρ: errors {errors}"


def test_hops_of_the_master_equation_between_relaxed_sites():
    """Its rate is right in the order J²; it has no memory, so that only what is lost later can be compared.

    With phonons at rest around site 1, site 2 is 2λ higher and its energy moves by both baths.
    """
    bath, times = BrownianBath(4.0, 5.0, 2.0, 4.0), np.array([0.75, 1.5])
    modes = modes_of(bath, 6, 14.0)  # at J = 1/4 two modes more, or two quanta, change the rate by 0.2 %
    for gap in (0.0, 3.0):
        for coupling, allowed in ((0.5, 0.03), (0.25, 0.008)):
            H = np.array([[gap / 2, coupling], [coupling, -gap / 2]])
            lifted = H + np.diag([0.0, 2 * bath.reorganization])
            exact = evolve_with_modes(lifted, [1, 0], times, [np.array([0, np.sqrt(2)])], modes, 8)
            found = frenkel.polaron_master_equation(H, np.diag([1.0, 0.0]), times, bath)
            lost = np.diff(populations(found)[:, 0]) / np.diff(populations(exact)[:, 0])
            assert_law(f"rate at a gap of {gap:g}, J = {coupling:g}", lost, 1, allowed)


def test_the_master_equation_in_a_weak_bath_with_thirty_modes():
    """Two quanta at most: what the upper eigenstate loses between 2.5 and 5 is right in the order of λ."""
    states, times, errors = np.linalg.eigh(DIMER)[1], np.array([2.5, 5.0]), []
    for strength in (0.08, 0.04, 0.02):
        bath = BrownianBath(strength, 3.0, 3.0, 1.0)
        exact = evolve_with_modes(DIMER, states[:, 1], times, DIFFERENCE, modes_of(bath, 30, 12.0), 2)
        start = np.outer(states[:, 1], states[:, 1])
        found = frenkel.polaron_master_equation(DIMER, start, times, bath)
        upper = [populations(states.T @ rho.real @ states)[:, 1] for rho in (found, exact)]
        errors.append((np.diff(upper[0]) / np.diff(upper[1]))[0] - 1)
        full = frenkel.hierarchy(DIMER, start, times, bath, tolerance=1e-5)
        assert_law("hierarchy", full, exact, 0.2 * strength**2)  # a third quantum
    assert_order("rate", errors, 1, 2)


@pytest.mark.parametrize(
    "baths",
    [[DrudeBath(0.8, 2.0, 1.0)] * 3, [DrudeBath(s, c, 1.0) for s, c in ((0.8, 2.0), (0.3, 2.0), (0.5, 3.0))]],
    ids=["equal", "unequal"],
)
def test_equilibrium_of_three_sites_is_a_sum_over_paths_and_not_boltzmanns(baths):
    """3¹⁰ paths and 3⁵, so that the error of the slices can be taken off."""
    of_states = expm(-CHAIN) / np.trace(expm(-CHAIN))
    of_sites = np.exp(-np.diag(CHAIN)) / np.exp(-np.diag(CHAIN)).sum()
    late = populations(frenkel.hierarchy(CHAIN, of_states, [30.0, 40.0], baths, tolerance=3e-4))
    assert_law("stationary", late[0], late[1], 1e-4)
    coarse, fine = (reduced_equilibrium(CHAIN, baths, n) for n in (5, 10))
    assert_law("populations", late[1], (4 * fine - coarse) / 3, 3e-4)
    for words, wrong in (("eigenstates", np.diag(of_states)), ("sites", of_sites)):
        assert np.abs(late[1] - wrong).max() > 5e-3, f"equilibrium is Boltzmann's of {words}"
