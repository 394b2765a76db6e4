"""Noise with memory: its covariance, its limits (white, static), and a hierarchy that averages it exactly."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law, assert_points_at
from frenkel.motion.colored_noise import _phase_step, kubo_coherence, ornstein_uhlenbeck
from references import by_hierarchy
from scipy.sparse import csr_array

RING = frenkel.hamiltonian(frenkel.ring(5), [0.5, -0.7, 0.0, 0.9, -0.2])
START = np.eye(5)[0]
TIMES = np.array([0.7, 1.5, 3.0])


def within(samples, expected, allowed=0.0):
    """Whether means over the first axis lie within four standard errors (and `allowed`) of `expected`."""
    error = samples.std(axis=0) / np.sqrt(len(samples))
    return (np.abs(samples.mean(axis=0) - expected) < 4 * error + allowed).all()


def test_paths_have_the_covariance_they_should():
    times = np.array([0.0, 0.1, 0.5, 2.0])
    paths = ornstein_uhlenbeck(times, amplitude=1.3, correlation_time=0.6, n_paths=20_000, rng=1)
    expected = 1.3**2 * np.exp(-np.abs(times[:, None] - times) / 0.6)
    assert within(paths[:, :, None] * paths[:, None], expected), "wrong covariance"
    assert within(paths, 0.0), "mean not zero"


@pytest.mark.parametrize("x", [1e-7, 1e-3, 0.1, 0.4999, 0.5001, 2.0, 60.0])
def test_a_step_draws_noise_and_its_integral_jointly(x):
    """Covariances of (ξ, ξ', ∫ξ) from the integrals of σ² exp(-|t-t'|/τ); relative, as they span decades."""
    sigma, tau = 1.7, 0.3
    e, a, b, c, d = _phase_step(x * tau, sigma, tau)
    E = -np.expm1(-x)
    variance = 2 * (x - E) if x > 1e-2 else x**2 - x**3 / 3 + x**4 / 12
    assert_law("⟨ξ'²⟩", (e**2 * sigma**2 + a**2) / sigma**2, 1)
    assert_law("⟨ξ ∫ξ⟩", b / (tau * E), 1)
    assert_law("⟨ξ' ∫ξ⟩", (e * b * sigma**2 + a * c) / (sigma**2 * tau * E), 1)
    assert_law("⟨(∫ξ)²⟩", (b**2 * sigma**2 + c**2 + d**2) / (sigma**2 * tau**2 * variance), 1, 1e-7)
    if x < 1e-2:  # the part of ∫ξ that neither end knows: σ²τ²x³/6, in the Brownian limit
        assert_law("Brownian bridge", d**2 / (sigma**2 * tau**2 * x**3 / 6), 1, 2 * x)


@pytest.mark.parametrize("correlation_time", [0.05, 1.0, 30.0])
def test_uncoupled_sites_follow_kubo(correlation_time):
    options = {"amplitude": 1.2, "correlation_time": correlation_time}
    psi = frenkel.colored_trajectories(
        np.zeros((2, 2)), [0.6, 0.8], TIMES, n_trajectories=4000, rng=2, **options
    )
    optical = kubo_coherence(TIMES, **options)
    assert within(psi[..., 0].real, 0.6 * optical), "optical coherence"
    assert within((psi[..., 0] * psi[..., 1].conj()).real, 0.48 * optical**2), "coherence between sites"


def test_kubo_has_its_limits():
    fast = kubo_coherence(TIMES, amplitude=1e3, correlation_time=5e-7)
    assert_law("motional narrowing: exp(-Γt/2), Γ = 2σ²τ", fast, np.exp(-TIMES / 2), 1e-5)
    slow = kubo_coherence(TIMES, amplitude=0.8, correlation_time=1e8)
    assert_law("static Gaussian", slow, np.exp(-(0.8**2) * TIMES**2 / 2), 1e-7)


@pytest.mark.parametrize("dephasing", [0.5, 3.0])
def test_short_memory_is_white_noise(dephasing):
    """Γ = 2σ²τ; half or double that would be seen."""
    tau = 1e-4
    psi = frenkel.colored_trajectories(
        RING, START, TIMES, amplitude=np.sqrt(dephasing / (2 * tau)), correlation_time=tau,
        n_trajectories=3000, rng=3,
    )  # fmt: skip
    answers = [
        np.diagonal(
            frenkel.evolve_density(RING, np.diag(START), TIMES, dephasing=rate), axis1=1, axis2=2
        ).real
        for rate in (dephasing, dephasing / 2, dephasing * 2)
    ]
    assert within(abs(psi) ** 2, answers[0], 1e-3), "not the master equation"
    assert not within(abs(psi) ** 2, answers[1], 1e-3) and not within(abs(psi) ** 2, answers[2], 1e-3)


def test_long_memory_is_static_disorder():
    """Trajectory by trajectory: the same normals, taken for site energies that never move."""
    options = {"amplitude": 1.5, "correlation_time": 1e12, "n_trajectories": 50, "rng": 4}
    psi = frenkel.colored_trajectories(RING, START, TIMES, **options)
    energies = 1.5 * np.random.default_rng(4).standard_normal((50, 5))
    static = np.array([frenkel.evolve_state(RING + np.diag(shift), START, TIMES) for shift in energies])
    assert_law("static disorder", abs(psi) ** 2, abs(static) ** 2, 5e-3)


@pytest.mark.parametrize(("amplitude", "correlation_time"), [(0.6, 3.0), (1.5, 0.5), (2.0, 0.1)])
def test_memory_between_the_limits_equals_an_exact_hierarchy(amplitude, correlation_time):
    options = {"amplitude": amplitude, "correlation_time": correlation_time}
    dimer = frenkel.hamiltonian(frenkel.chain(2), [0.8, 0.0])
    psi = frenkel.colored_trajectories(dimer, [1, 0], TIMES, n_trajectories=8000, rng=5, **options)
    expected = by_hierarchy(0.8, amplitude, correlation_time, TIMES)
    assert_law("hierarchy converged", by_hierarchy(0.8, amplitude, correlation_time, TIMES, 45), expected)
    assert within(abs(psi[..., 0]) ** 2, expected, 1e-3), "noise with memory"


def test_zero_amplitude_and_norm():
    options = {"correlation_time": 1.0, "n_trajectories": 2, "rng": 6}
    quiet = frenkel.colored_trajectories(RING, START, TIMES, amplitude=0.0, **options)
    assert_law("no noise", quiet[1], frenkel.evolve_state(RING, START, TIMES))
    sparse = frenkel.hamiltonian(frenkel.ring(5), [0.5, -0.7, 0.0, 0.9, -0.2], format="sparse")
    psi = [frenkel.colored_trajectories(H, START, TIMES, amplitude=1.0, **options) for H in (RING, sparse)]
    assert_law("norm", np.linalg.norm(psi[0], axis=-1), 1)
    assert_law("dense equals sparse", psi[0], psi[1])
    assert np.array_equal(psi[0], frenkel.colored_trajectories(RING, START, TIMES, amplitude=1.0, **options))


def test_long_steps_of_sparse_matrices_stay_exact():
    """With weak noise a step is many inverse bandwidths long, and far from zero energy phases turn fast."""
    for shift in (0.0, 1e4):
        dense = RING + shift * np.eye(5)
        options = {"n_trajectories": 2, "rng": 7}
        weak = {"dephasing": 1e-9, **options}
        psi = [frenkel.trajectories(H, START, [40.0], **weak) for H in (dense, csr_array(dense))]
        assert_law("norm of a long step", np.linalg.norm(psi[1], axis=-1), 1)
        assert_law("dense equals sparse", psi[1], psi[0], 1e-8)  # a phase of 4·10⁵ has lost six digits
        still = {"amplitude": 0.0, "correlation_time": 1.0, **options}
        psi = frenkel.colored_trajectories(csr_array(dense), START, [40.0], **still)
        assert_law("no noise", psi[0], frenkel.evolve_state(dense, START, [40.0])[0], 1e-8)


def test_long_step_warns_at_the_caller():
    options = {"amplitude": 1.0, "correlation_time": 1.0, "n_trajectories": 2, "rng": 1}
    with pytest.warns(frenkel.ConvergenceWarning, match="`max_step` = 0.9") as caught:
        frenkel.colored_trajectories(RING, START, [1.0], max_step=0.9, **options)
    assert_points_at(caught, __file__, "colored_trajectories(")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"amplitude": -1.0}, "amplitude"),
        ({"correlation_time": 0.0}, "correlation_time"),
        ({"n_trajectories": 0}, "n_trajectories"),
        ({"times": [1.0, 0.5]}, "times"),
        ({"psi0": np.eye(5)}, "psi0"),
    ],
)
def test_bad_arguments_are_named(changes, named):
    call = {"H": RING, "psi0": START, "times": TIMES, "amplitude": 1.0, "correlation_time": 1.0}
    with pytest.raises(ValueError, match=f"Argument `{named}` must be .*, but is"):
        frenkel.colored_trajectories(**{**call, "n_trajectories": 2, **changes})
