"""The scheme of the published scripts: its exact average, its limits, and what it shares with our engines."""

import frenkel
import numpy as np
import pytest
from conftest import CONVERGED, EXACT
from frenkel.motion.published_scheme import averaged_diffusivity, clean_constant, sampled_msd
from scipy.linalg import expm

N, DT, STEPS = 24, 0.1, 12
ENERGIES = frenkel.site_energies(N, 1.0, rng=8)
AWAY = (np.arange(N) - np.arange(N)[:, None] + N // 2) % N - N // 2


def by_density_matrices(energies, noise, dt, n_steps):
    """Average over starting sites of the MSD, from the averaged density matrix element by element."""
    U = expm(-1j * dt * frenkel.hamiltonian(frenkel.ring(N), energies))
    kept = np.exp(-noise * dt**2)
    spreads = np.zeros(n_steps + 1)
    for start in range(N):
        rho = np.zeros((N, N), dtype=complex)
        rho[start, start] = 1.0
        for step in range(n_steps):
            pairs = np.einsum("nk,ml,kl->nm", U, U.conj(), rho)
            jumps = np.diag(abs(U) ** 2 @ rho.diagonal())
            rho = kept * pairs + (1 - kept) * jumps
            spreads[step + 1] += rho.diagonal().real @ AWAY[start] ** 2 / N
    return np.diff(spreads) / (2 * dt)


@pytest.mark.parametrize("noise", [0.0, 10.0, 200.0])
def test_velocity_form_equals_density_matrices_of_all_sites(noise):
    expected = by_density_matrices(ENERGIES, noise, DT, STEPS)
    assert averaged_diffusivity(ENERGIES, noise, DT, STEPS) == pytest.approx(expected, abs=1e-8)  # ring of 24


@pytest.mark.parametrize("noise", [3.0, 30.0])
def test_samples_average_to_the_exact_map(noise):
    rings = np.broadcast_to(ENERGIES, (400, N))
    sampled = np.diff(sampled_msd(rings, noise, DT, STEPS, rng=1)) / (2 * DT)
    exact = averaged_diffusivity(ENERGIES, noise, DT, STEPS)
    assert sampled[:, 0] == pytest.approx(exact[0], abs=EXACT)  # from one site, |U|² has no phase
    error = sampled[:, 1:].std(axis=0, ddof=1) / np.sqrt(len(sampled))
    assert (abs(sampled[:, 1:].mean(axis=0) - exact[1:]) < 4 * error).all()


@pytest.mark.parametrize("noise", [1.0, 10.0, 100.0, 3000.0])
def test_clean_ring_has_the_closed_form(noise):
    kept = np.exp(-noise * DT**2)
    steps = np.arange(60)
    closed = DT * (1 + 2 * kept**2 * (1 - kept**steps) / (1 - kept))
    assert averaged_diffusivity(np.zeros(N), noise, DT, 60) == pytest.approx(closed, abs=EXACT)
    limit = DT * (1 + 2 * kept**2 / (1 - kept))
    assert clean_constant(noise, DT) == pytest.approx(limit, rel=CONVERGED)


def test_gamma_of_the_model_is_noise_times_step():
    """At fixed Γ = noise · dt the scheme meets the engine of the book, with an error proportional to dt."""
    rings = frenkel.site_energies(60, 1.0, rng=2, shape=(3,))
    time, dephasing, errors = 4.0, 1.0, []
    for dt in (0.1, 0.05):
        n_steps = round(time / dt)
        late = averaged_diffusivity(rings, dephasing / dt, dt, n_steps)[..., -1]
        ours = frenkel.diffusivity(rings, dephasing, [time - dt / 2], tolerance=1e-6)[..., 0]
        errors.append((late / ours - 1).mean())
    assert errors[0] == pytest.approx(-0.09, abs=0.02)  # close to -Γ dt, which is exact without disorder
    assert errors[1] == pytest.approx(errors[0] / 2, rel=0.1)


def test_norm_is_kept_on_average_only():
    """A single draw changes the norm; without noise it does not."""
    steady = sampled_msd(np.zeros(N), 0.0, DT, STEPS)
    assert steady == pytest.approx(2 * (DT * np.arange(STEPS + 1)) ** 2, abs=1e-8)
    noisy = sampled_msd(np.zeros(N), 50.0, DT, STEPS, rng=1)
    assert noisy[-1] < steady[-1]


@pytest.mark.parametrize(
    ("argument", "value"),
    [("noise", -1.0), ("noise", [1.0]), ("dt", 0.0), ("dt", float("nan")), ("n_steps", 0), ("n_steps", 1.5),
     ("site_energies", [0.0] * 5), ("site_energies", 1.0), ("site_energies", [np.inf] * 40)],
)  # fmt: skip
@pytest.mark.parametrize("function", [sampled_msd, averaged_diffusivity])
def test_wrong_arguments_are_refused(function, argument, value):
    call = {"site_energies": ENERGIES, "noise": 1.0, "dt": DT, "n_steps": 2} | {argument: value}
    with pytest.raises((ValueError, TypeError), match=f"Argument `{argument}` must be .*, but is "):
        function(**call)


@pytest.mark.parametrize(("noise", "dt", "name"), [(0.0, 0.1, "noise"), (1.0, -0.1, "dt")])
def test_closed_form_refuses_wrong_arguments(noise, dt, name):
    with pytest.raises(ValueError, match=f"Argument `{name}` must be "):
        clean_constant(noise, dt)
