"""Functions and units against SciPy's."""

import numpy as np
import pytest
import scipy.constants
import scipy.special
from assertions import assert_law
from frenkel import exact, units
from frenkel._engines import chebyshev
from scipy.linalg import expm


@pytest.mark.parametrize("damping", [0.0, 3.0, 200.0])
def test_propagator_equals_expm(damping):
    """Also where damping exceeds the bandwidth, and for times on both sides of a segment."""
    rng = np.random.default_rng(1)
    A = rng.normal(size=(8, 8)) + 1j * rng.normal(size=(8, 8))
    H, state = (A + A.conj().T) / 2, rng.normal(size=8) + 0j
    L = -1j * H - np.diag(damping * (np.arange(8) % 2))
    radius = np.linalg.norm(H, 2)
    times = np.array([0.0, 1e-6, 0.5, 30.0])

    def generator(x, out):
        out[...] = L @ x + damping / 2 * x

    got = chebyshev.propagate(generator, state, times, radius=radius, damping=damping)
    assert_law("exp(L t)", got, [expm(L * t) @ state for t in times])


def test_bessel_functions_equal_those_of_scipy():
    x = np.array([0.0, 1e-3, 0.7, 5.0, 64.0])
    orders = np.arange(110)
    ours, reference = chebyshev.bessel_functions(x, 110), scipy.special.jv(orders[:, None], x)
    assert_law("J_k(x)", ours, reference, 1e-14)
    tail = (orders[:, None] > x + 1) & (reference > 1e-280)
    assert_law("J_k(x) relative to itself beyond k = x", ours[tail] / reference[tail], 1)


def test_units_are_those_of_scipy():
    c = scipy.constants
    for name, value in [
        ("ELEMENTARY_CHARGE", c.e),
        ("HBAR", c.hbar),
        ("BOLTZMANN", c.k),
        ("SPEED_OF_LIGHT", c.c),
        ("VACUUM_PERMITTIVITY", c.epsilon_0),
    ]:
        assert_law(name, getattr(units, name) / value, 1, 1e-9)
    mev = c.e / 1000
    assert_law("ps of one ħ/J", units.time_to_ps(1.0, 40.0) / (c.hbar / (40 * mev) * 1e12), 1)
    assert_law(
        "cm²/s of one J a²/ħ",
        units.diffusivity_to_cm2_per_s(1.0, 40.0, 9.9) / (40 * mev * 9.9e-9**2 / c.hbar * 1e4),
        1,
    )
    assert_law("k_B T", units.thermal_energy(300.0) / (c.k * 300 / mev), 1)
    assert_law("there and back", units.time_from_ps(units.time_to_ps(3.0, 23.0), 23.0), 3.0)
    back = units.diffusivity_from_cm2_per_s(units.diffusivity_to_cm2_per_s(3.0, 23.0, 10.0), 23.0, 10.0)
    assert_law("there and back", back, 3.0)


def test_weak_disorder_localization_length_at_a_point():
    assert_law("ξ(E)", exact.weak_disorder_localization_length([0.5, -1.0], 0.2), [187.5, 150.0])
