"""Spectra: sum rules, closed forms, the noise average by trajectories and by a Liouvillian, scaling laws."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import EXACT
from frenkel import exact
from frenkel.states import spectra, superradiance
from scipy.linalg import eigh_tridiagonal

FREQUENCIES = np.linspace(-5, 5, 40)  # without 0, at which the ground state makes L singular
ENERGIES = frenkel.site_energies(6, 0.7, rng=1)
H = frenkel.hamiltonian(frenkel.chain(6), ENERGIES)
DIPOLES = np.random.default_rng(2).normal(size=(6, 3))


def test_oscillator_strength_is_only_shared_out():
    _, strengths = spectra.oscillator_strengths(np.stack([H, -H]), DIPOLES)
    assert_law("sum rule of oscillator strength", strengths.sum(axis=-1), (DIPOLES**2).sum())
    assert (strengths >= 0).all()


def test_absorption_obeys_its_moments():
    """∫A = Σμ², and ∫ωA/∫A = ⟨μ|H|μ⟩/⟨μ|μ⟩: the sticks' mean does not depend on how states mix."""
    energies, strengths = spectra.oscillator_strengths(H)
    assert_law("first moment", (energies * strengths).sum(), H.sum())
    assert_law("second moment", (energies**2 * strengths).sum(), (H @ H).sum())
    wide = np.tan(np.linspace(-np.pi / 2, np.pi / 2, 4002)[1:-1])
    line = spectra.absorption_spectrum(H, wide, dephasing=0.8)
    assert_law("area of the line", np.trapezoid(line, wide), 6, 0.01)


@pytest.mark.parametrize("n_sites", [1, 2, 7, 40])
def test_clean_chain(n_sites):
    if n_sites == 1:
        energies, strengths = np.array([0.0]), np.array([1.0])
    else:
        energies, strengths = spectra.oscillator_strengths(frenkel.hamiltonian(frenkel.chain(n_sites)))
    index = range(n_sites, 0, -1)
    assert_law("levels", energies, [exact.chain_energy(k, n_sites) for k in index])
    assert_law("strengths", strengths, [exact.chain_oscillator_strength(k, n_sites) for k in index], 1e-9)


def test_bright_state_lies_where_the_sign_of_the_coupling_puts_it():
    """J-aggregate: red shift by 2|J|; H-aggregate: blue shift; all the strength of a ring in one state."""
    ring = frenkel.hamiltonian(frenkel.ring(9))
    for matrix, shift in ((ring, 2.0), (-ring, -2.0)):
        energies, strengths = spectra.oscillator_strengths(matrix)
        assert_law("shift of the bright state", energies[strengths.argmax()], shift)
        assert_law("its strength", strengths.max(), 9)


def test_phase_noise_halves_the_dephasing_of_optical_coherences():
    """⟨ψ(t)⟩ = exp(-iHt - Γt/2) ψ(0) over sampled trajectories."""
    times, dephasing, start = [0.6, 1.5], 0.8, np.eye(6)[2]
    psi = frenkel.trajectories(H, start, times, dephasing=dephasing, n_trajectories=4000, rng=3)
    expected = frenkel.evolve_state(H, start, times) * np.exp(-dephasing * np.array(times) / 2)[:, None]
    error = psi.std(axis=0) / np.sqrt(len(psi))
    assert (np.abs(psi.mean(axis=0) - expected) < 4 * error).all(), "optical coherences do not decay at Γ/2"


def test_absorption_equals_the_linear_response_of_the_master_equation():
    """Lindblad equation with a ground state, written down term by term and resolved at each frequency."""
    dephasing, size = 0.5, 7
    full = np.zeros((size, size))
    full[1:, 1:] = H
    jumps = [np.sqrt(dephasing) * np.diag(np.eye(size)[n]) for n in range(1, size)]
    eye = np.eye(size)
    L = -1j * (np.kron(full, eye) - np.kron(eye, full.T))
    for C in jumps:
        L = L + np.kron(C, C) - 0.5 * (np.kron(C @ C, eye) + np.kron(eye, C @ C))
    mu = np.zeros((size, size))
    mu[0, 1:] = mu[1:, 0] = DIPOLES[:, 0]
    ground = np.diag(eye[0])
    response = [
        np.trace(
            mu @ np.linalg.solve(-1j * w * np.eye(size**2) - L, (mu @ ground).ravel()).reshape(size, size)
        )
        for w in FREQUENCIES
    ]
    line = spectra.absorption_spectrum(H, FREQUENCIES, dephasing=dephasing, dipoles=DIPOLES[:, 0])
    assert_law("absorption", line, np.real(response) / np.pi)


@pytest.mark.parametrize("n_sites", [6, 400])
def test_continued_fraction_equals_sticks(n_sites):
    dipoles = np.random.default_rng(2).normal(size=(n_sites, 2))
    lattice, energies = frenkel.chain(n_sites), frenkel.site_energies(n_sites, 0.7, rng=1)
    lines = [
        spectra.absorption_spectrum(
            frenkel.hamiltonian(lattice, energies, format=format), FREQUENCIES, dephasing=0.2, dipoles=dipoles
        )
        for format in ("dense", "sparse")
    ]
    assert_law("resolvent by recursion", lines[1] / lines[0].max(), lines[0] / lines[0].max(), 1e-7)


def test_stack_equals_loop():
    stack = frenkel.hamiltonian(frenkel.chain(6), frenkel.site_energies(6, 1.0, rng=1, shape=(2, 3)))
    lines = spectra.absorption_spectrum(stack, FREQUENCIES, dephasing=0.3)
    one = spectra.absorption_spectrum(stack[1, 2], FREQUENCIES, dephasing=0.3)
    assert lines.shape == (2, 3, 40)
    assert_law("stack of realizations", lines[1, 2], one)


def test_exchange_narrowing_of_a_short_ring():
    """Spread of the bright state Δ/√N, over 2000 realizations in first order."""
    rings = frenkel.hamiltonian(frenkel.ring(9), frenkel.site_energies(9, 0.02, rng=5, shape=2000))
    energies, _ = spectra.oscillator_strengths(rings)
    spread, expected = energies[:, -1].std(), exact.exchange_narrowed_disorder(0.02, 9)
    assert abs(spread / expected - 1) < 4 / np.sqrt(4000) + 0.001  # second order: Δ² / gap


def test_uneven_bonds_spread_the_bright_state_twice_as_much_as_uneven_sites():
    """First order: √((Δ² + 4σ_J²)/N), since the mean over a ring holds each bond twice."""
    rng, n = np.random.default_rng(5), np.arange(9)
    rings = np.zeros((2000, 9, 9))
    rings[:, n, n] = rng.normal(0, 0.01, (2000, 9))
    rings[:, n, n - 1] = rings[:, n - 1, n] = 1 + rng.normal(0, 0.02, (2000, 9))
    energies, _ = spectra.oscillator_strengths(rings)
    spread, expected = energies[:, -1].std(), np.sqrt((0.01**2 + 4 * 0.02**2) / 9)
    assert abs(spread / expected - 1) < 4 / np.sqrt(4000) + 0.002  # second order: σ² / gap


def band_widths(disorder, n_sites, rng):
    """FWHM of the bright line of ten samples of chains, in units of Δ^(4/3); `n_sites` each."""
    scale, rng = disorder ** (4 / 3), np.random.default_rng(rng)
    bins = np.arange(-2.3, 5, 0.02)
    centers, sticks = (bins[1:] + bins[:-1]) / 2, np.zeros((10, len(bins) - 1))
    for sample in np.repeat(range(10), 50):
        energies, states = eigh_tridiagonal(
            disorder * rng.standard_normal(n_sites), np.ones(n_sites - 1), select="v",
            select_range=(2 - 2.5 * scale, 2 + 6 * scale),
        )  # fmt: skip
        heights = states.sum(axis=0) ** 2
        sticks[sample] += np.histogram((energies - 2) / scale, bins, weights=heights)[0]
    lines = sticks @ np.exp(-0.5 * ((centers[:, None] - centers) / 0.15) ** 2)
    all_but_one = [spectra.full_width_half_maximum(centers, lines.sum(axis=0) - lines[i]) for i in range(10)]
    return np.mean(all_but_one), np.std(all_but_one) * 3  # the standard error by jackknife


@pytest.mark.slow
def test_motional_narrowing_of_long_chains():
    """Widths of 1.25 Δ^(4/3) over a factor of four in Δ, though Δ/√N of a whole chain would be far less."""
    widths = [band_widths(disorder, n_sites, rng=7) for disorder, n_sites in ((0.2, 160), (0.8, 80))]
    for width, error in widths:
        smoothed = spectra.J_BAND_WIDTH * 1.05  # by a Gaussian of 0.15: seen to widen the line by 5 %
        assert abs(width - smoothed) < 4 * error + 0.04 * smoothed, f"width {width:.3f}({error:.3f}) Δ^(4/3)"
    exponent = 4 / 3 + np.log(widths[1][0] / widths[0][0]) / np.log(4)
    error = np.hypot(widths[0][1], widths[1][1]) / widths[0][0] / np.log(4)
    assert abs(exponent - 4 / 3) < 4 * error + 0.03 and 4 * error < 0.3  # 4 % over a factor of four
    assert_law("inverse", spectra.disorder_from_linewidth(spectra.J_BAND_WIDTH * 0.5 ** (4 / 3)), 0.5)


def test_coherence_numbers_between_their_bounds():
    """From 1 to n where populations are even, as after an average over all shifts of a disordered ring."""
    ring = -frenkel.hamiltonian(frenkel.ring(6), ENERGIES)
    for thermal_energy in (0.05, 0.5, 5.0):
        rho = superradiance.thermal_state(ring, thermal_energy)
        even = np.mean([np.roll(rho, (k, k), axis=(0, 1)) for k in range(6)], axis=0)
        assert 1 <= superradiance.coherence_number(even) <= 6, "coherence number of even populations"
        assert 0 <= superradiance.superradiance(rho) <= 6 + EXACT
        light = superradiance.superradiance(np.stack([rho, even]))
        assert_law("a ring shines the same however it is turned", light[0], light[1])
    for m in (1, 2, 6):  # one state on m of six sites: m²/n, which is m only where the lattice is full
        state = np.pad(np.full((m, m), 1 / m), (0, 6 - m))
        assert_law("coherence number of a pure state", superradiance.coherence_number(state), m**2 / 6)
        assert_law("its superradiance", superradiance.superradiance(state), m)
    hot = superradiance.thermal_state(-H, 1e8)
    hot_numbers = [superradiance.coherence_number(hot), superradiance.superradiance(hot)]
    assert_law("hot excitons", hot_numbers, 1, 1e-6)


def test_few_realizations_count_as_many_sites_as_many():
    """Averaged over 200 ensembles of 20 chains: the number of 4000. Squared means give a fifth less."""
    rng, numbers, plain = np.random.default_rng(5), [], []
    total = np.zeros((20, 20))
    for _ in range(200):
        chains = -frenkel.hamiltonian(frenkel.chain(20), frenkel.site_energies(20, 1.0, rng=rng, shape=(20,)))
        rho = superradiance.thermal_state(chains, 0.1)
        numbers.append(superradiance.ensemble_coherence_number(rho))
        plain.append(superradiance.coherence_number(rho.mean(axis=0)))
        total += rho.sum(axis=0)
    expected = superradiance.coherence_number(total / 4000)
    values, errors = np.array(numbers).T
    assert abs(values.mean() - expected) < 4 * values.std() / np.sqrt(200), "the number is biased"
    assert np.mean(plain) < 0.85 * expected, "the plain number is not biased: this test shows nothing"
    assert errors.mean() == pytest.approx(values.std(), rel=0.3), "the error is not the scatter"
    same = np.broadcast_to(np.full((4, 4), 0.25), (3, 4, 4))
    assert_law("equal realizations", superradiance.ensemble_coherence_number(same), [4, 0], 1e-12)


def test_cold_clean_chain_is_superradiant():
    cold = superradiance.thermal_state(-frenkel.hamiltonian(frenkel.chain(20)), 1e-3)
    assert_law(
        "strength of k = 1", superradiance.superradiance(cold), exact.chain_oscillator_strength(1, 20), 1e-8
    )
    same = superradiance.thermal_state(frenkel.hamiltonian(frenkel.chain(20)), 1e-3)
    assert superradiance.superradiance(same) < 0.1, "an H-aggregate relaxes to a dark state"


def test_thermal_state_commutes_and_is_boltzmann():
    rho = superradiance.thermal_state(H, 0.6)
    assert_law("stationarity of the thermal state", rho @ H - H @ rho)
    energies, states = np.linalg.eigh(H)
    weights = np.exp(-energies / 0.6)
    assert_law("populations", np.diag(states.T @ rho @ states), weights / weights.sum())


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: spectra.oscillator_strengths([[0, 1], [0, 0]]), "H"),
        (lambda: spectra.oscillator_strengths(H, np.ones(5)), "dipoles"),
        (lambda: spectra.absorption_spectrum(H, FREQUENCIES, dephasing=0.0), "dephasing"),
        (lambda: spectra.absorption_spectrum(H, [[1.0]], dephasing=1.0), "frequencies"),
        (lambda: spectra.full_width_half_maximum([0, 1, 2], [0, 1, 2]), "y"),
        (lambda: spectra.full_width_half_maximum([0, 1, 1], [0, 1, 0]), "x"),
        (lambda: superradiance.thermal_state(H, 0.0), "thermal_energy"),
        (
            lambda: spectra.absorption_spectrum(
                frenkel.hamiltonian(frenkel.chain(5), format="sparse"), FREQUENCIES, dephasing=1e-5
            ),
            "dephasing",
        ),
        (lambda: superradiance.coherence_number(np.eye(3)), "rho"),
        (lambda: superradiance.ensemble_coherence_number([np.eye(3) / 3] * 2), "rho"),
        (lambda: superradiance.superradiance(np.eye(3) / 3, np.zeros(3)), "dipoles"),
        (lambda: exact.chain_energy(4, 3), "index"),
    ],
)
def test_bad_arguments_are_named(call, named):
    with pytest.raises(ValueError, match=f"Argument `{named}` must be .*, but is"):
        call()
