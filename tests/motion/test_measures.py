"""Numbers that describe transport, by hand and at known curves."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import CONVERGED


def test_step_length_is_one_site_where_the_interpolation_is_the_answer():
    strength = 2 * 0.7 / (0.7**2 + 1.3**2)
    assert_law("D_s of the interpolation", frenkel.coherence_length(9 * strength, 0.7, 1.3), 3)


def test_first_maximum_of_a_parabola_on_a_coarse_grid():
    """Three points determine a parabola: its top is found exactly, however far from a grid point."""
    times = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    for top in (1.2, 1.45, 2.3):
        maximum = frenkel.first_maximum(times, 7.0 - 1.5 * (times - top) ** 2)
        assert_law("D_max, t_max", maximum, (7.0, top))


def test_mean_squared_displacement_by_hand():
    """0.1 · 1 + 0.7 · 9 along a line; 0.1 · 2 + 0.7 · 25 in a plane."""
    populations = [0.1, 0.2, 0.7]
    assert_law("MSD on a line", frenkel.mean_squared_displacement(populations, [-1.0, 0.0, 3.0]), 6.4)
    plane = [[-1.0, 1.0], [0.0, 0.0], [3.0, -4.0]]
    assert_law("MSD in a plane", frenkel.mean_squared_displacement(populations, plane), 17.7)


def test_first_maximum_and_coherence_length_of_a_known_curve():
    times = np.linspace(0, 8, 4001)
    curve = np.exp(-0.5 * times) * np.sin(times)
    t_max = np.arctan(2)
    d_max = np.exp(-0.5 * t_max) * np.sin(t_max)
    assert_law("D_max, t_max", frenkel.first_maximum(times, curve), (d_max, t_max), CONVERGED)
    integral = (1 - np.exp(-0.5 * t_max) * (0.5 * np.sin(t_max) + np.cos(t_max))) / 1.25
    assert_law("L₀", frenkel.coherence_length_bound(times, curve), np.sqrt(integral), CONVERGED)
    msd = 3.0 + times**2
    assert_law("½ dMSD/dt", frenkel.diffusivity_from_msd(times, msd), times)


def test_a_curve_that_falls_below_zero_first_has_no_coherence_length():
    with pytest.raises(ValueError, match="Argument `diffusivity` must be a curve whose integral"):
        frenkel.coherence_length_bound([0.0, 1.0, 2.0], [-5.0, 1.0, 0.0])
