"""Exchange with a dark state that decays, and hopping on a rough chain with a bath of finite temperature."""

import numpy as np
import pytest
from assertions import assert_law
from frenkel import exact, site_energies
from frenkel.motion.ring_hopping import thermal_diffusion_constant
from frenkel.rivals.dark_states import bright_fraction, exchange_kinetics
from frenkel.units import thermal_energy
from scipy.linalg import expm

RATES = {"relaxation_rate": 1 / 200, "bright_decay": 1 / 500, "dark_decay": 1 / 900}
SPLITTING = 6.0


def generator(temperature):
    """Rates of (bright, dark), as in RATES, three bright states for a dark one."""
    up = RATES["relaxation_rate"] * 3 * np.exp(-SPLITTING / thermal_energy(temperature))
    down, bright, dark = RATES.values()
    return np.array([[-bright - down, up], [down, -dark - up]])


@pytest.mark.parametrize("start", [1.0, 0.4, 0.0])
@pytest.mark.parametrize("temperature", [15.0, 70.0, 290.0])
def test_emission_is_that_of_the_rate_equations(temperature, start):
    """Two exponentials with the right weights: propagated, and integrated by inversion."""
    found = exchange_kinetics(
        temperature, splitting=SPLITTING, degeneracy_ratio=3.0, bright_start=start, **RATES
    )
    matrix, first = generator(temperature), np.array([start, 1 - start])
    assert_law("time spent bright", found.bright_time, -np.linalg.solve(matrix, first)[0], 1e-9)
    slow = found.slow_photons * found.bright_time / found.slow
    quick = (1 - found.slow_photons) * found.bright_time / found.fast
    for time in (0.0, 100.0, 1500.0):
        expected = (expm(matrix * time) @ first)[0]
        emission = slow * np.exp(-time / found.slow) + quick * np.exp(-time / found.fast)
        assert_law(f"emission after {time} ps", emission, expected, 1e-11)


def test_late_diffusivity_is_the_dispersion_of_the_slow_mode():
    """λ(κ) = λ(0) + D κ², by a difference of eigenvalues."""
    for temperature in (15.0, 70.0, 290.0):
        found = exchange_kinetics(temperature, splitting=SPLITTING, degeneracy_ratio=3.0, **RATES)
        share = found.mobile_share
        spread = 1e-7 * np.diag([1.0, 0.2])  # D_d = D_b / 5
        slow = [-np.linalg.eigvals(generator(temperature) + sign * spread).max().real for sign in (-1, 1)]
        assert_law("D", share + 0.2 * (1 - share), (slow[0] - slow[1]) / 2e-7, 1e-6)


def test_quick_exchange_has_thermal_shares():
    temperatures = np.array([2.0, 7.0, 40.0, 300.0])
    quick = {"splitting": 5.0, "relaxation_rate": 1e9, "bright_decay": 1e-3, "dark_decay": 2e-5}
    found = exchange_kinetics(temperatures, **quick)
    bright = bright_fraction(temperatures, 5.0)
    assert_law("mobile share over the thermal one", found.mobile_share / bright, 1.0, 1e-6)
    decay = bright * 1e-3 + (1 - bright) * 2e-5
    assert_law("one lifetime", found.slow * decay, 1.0, 1e-6)
    late = found.bright_time * found.slow_photons  # without the flash before the first exchange
    assert_law("radiative rate", late / found.slow / bright, 1.0, 1e-6)
    assert exchange_kinetics(0.01, **quick).mobile_share < 1e-300, "frozen excitons are not mobile"


def test_hopping_on_a_rough_chain_freezes():
    """The closed form against 200 000 sites, and its hot limit."""
    energies = site_energies(200_000, 1.0, rng=3, shape=(8,))
    for dephasing, warmth in ((0.3, 0.7), (1.0, 1.0), (3.0, 2.0)):
        rings = thermal_diffusion_constant(energies, dephasing, warmth)
        off = rings.mean() / exact.strong_dephasing_constant(dephasing, 1.0, warmth) - 1
        error = rings.std(ddof=1) / np.sqrt(8) / rings.mean()
        assert abs(off) < 4 * error < 0.03, f"Γ = {dephasing}, k_BT = {warmth}: off by {off:.4f}"
    hot = exact.strong_dephasing_constant(0.7, 1.3, 1e9)
    assert_law("hot limit", hot, exact.strong_dephasing_constant(0.7, 1.3), 1e-12)
