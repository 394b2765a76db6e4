"""Baths: their correlation functions against the integrals that define them, sums of exponentials, limits."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import CONVERGED, EXACT
from frenkel import BrownianBath, DrudeBath
from frenkel.baths import _auxiliaries, _exponentials
from frenkel.motion.colored_noise import kubo_coherence
from hostile import NON_NEGATIVE, POSITIVE, assert_refused
from scipy.linalg import expm

BATHS = [
    DrudeBath(0.5, 0.5, 1.0),
    DrudeBath(0.5, 20.0, 0.3),
    BrownianBath(1.0, 2.0, 0.5, 1.0),
    BrownianBath(1.0, 2.0, 4.0, 1.0),  # critical
    BrownianBath(0.3, 2.0, 9.0, 0.2),
]
names = pytest.mark.parametrize("bath", BATHS, ids=str)


def integral(function):
    """∫_0^∞ of a smooth function: trapezoids in the logarithm of ω, which converge exponentially."""
    w = np.exp(np.linspace(-25, 18, 300_001))
    return np.trapezoid(function(w) * w, np.log(w))


@names
def test_reorganization_energy_is_the_integral_of_the_spectral_density(bath):
    found = integral(lambda w: bath.spectral_density(w) / w / np.pi)
    assert_law("λ", found / bath.reorganization, 1, 1e-5)  # a Drude bath falls off slowly


@names
def test_real_line_shape_is_the_integral_that_defines_it(bath):
    t = 0.7

    def integrand(w):
        return (
            bath.spectral_density(w) / w**2 / np.tanh(w / 2 / bath.temperature) * (1 - np.cos(w * t)) / np.pi
        )

    assert_law("Re g", bath.line_shape(t).real, integral(integrand), 1e-7)


@names
def test_imaginary_line_shape_is_the_response_of_a_classical_oscillator(bath):
    """-Im g(t) = λ ∫_0^t (1 - S(s)) ds: S the relaxation of a stretched oscillator let go."""
    if isinstance(bath, DrudeBath):
        W = np.array([[bath.cutoff]])
    else:
        W = np.array([[0.0, -1.0], [bath.frequency**2, bath.damping]])
    n, times = len(W), np.linspace(0.1, 3.0, 5)
    augmented = np.zeros((n + 1, n + 1))
    augmented[:n, :n], augmented[n, 0] = -W, 1.0
    area = np.array([expm(augmented * t)[n, 0] for t in times])
    expected = -bath.reorganization * (times - area)
    assert_law("Im g", bath.line_shape(times).imag, expected, CONVERGED)


@names
def test_correlation_is_the_curvature_of_the_line_shape(bath):
    times, h = np.array([0.2, 1.0, 4.0]), 4e-3
    near = [bath.line_shape(times + step) for step in (-2 * h, -h, 0.0, h, 2 * h)]
    curvature = (-near[0] + 16 * near[1] - 30 * near[2] + 16 * near[3] - near[4]) / (12 * h**2)
    assert_law("C = g''", bath.correlation(times), curvature, 1e-6)


@names
def test_padé_converges_to_the_exact_line_shape(bath):
    times = np.geomspace(1e-3, 8, 30) / bath.temperature
    errors = []
    for tolerance in (1e-2, 1e-4, 1e-6):
        n_terms = _auxiliaries.enough_terms(bath, tolerance)
        rates, c = _exponentials.few_exponentials(bath, n_terms)
        x = times[:, None] * rates
        errors.append(np.abs((np.expm1(-x) + x) @ (c / rates**2) - bath.line_shape(times)).max())
        assert errors[-1] < 1.5 * tolerance, f"{n_terms} terms leave {errors[-1]:.2g}"


@names
def test_memories_are_the_same_correlation_function(bath):
    """Chains and oscillators too: u exp(-W t)(r + i m) is Σ c exp(-νt)."""
    memory = _auxiliaries.memories(bath, 4, 2.0, 1.0)
    rates, c = _exponentials.few_exponentials(bath, 4)
    for t in (0.0, 0.3, 2.0):
        found = memory.output @ expm(-memory.W * t) @ (memory.real + 1j * memory.imaginary)
        assert_law("memory", found, np.exp(-rates * t) @ c, 1e-7)


def test_a_pole_that_meets_a_matsubara_frequency_is_a_limit():
    times = np.array([0.3, 2.0])
    near = [DrudeBath(0.5, 2 * np.pi * (1 + shift), 1.0) for shift in (-1e-3, 0.0, 1e-3)]
    below, at, above = (bath.line_shape(times) for bath in near)
    assert_law("between its neighbors", at, (below + above) / 2, 5e-6)  # kT is moved by 1e-5
    memory = _auxiliaries.memories(near[1], 3, 2.0, 1.0)
    assert np.abs(memory.real).max() < 20, "large coefficients do not cancel"


def test_critical_damping_is_a_limit():
    times = np.array([0.3, 2.0])
    below, at, above = (
        BrownianBath(1.0, 2.0, 4.0 * (1 + x), 0.7).line_shape(times) for x in (-1e-3, 0.0, 1e-3)
    )
    assert_law("between its neighbors", at, (below + above) / 2, 1e-5)


def test_limits_have_one_gamma():
    """Fast and hot: g = Γt/2, so that a coherence between two sites decays at Γ; slow: λ kT t²."""
    fast = DrudeBath(0.01, 1e3, 1e5)
    assert_law("white noise", fast.line_shape(1.0).real / (fast.white_noise_rate / 2), 1, 2e-3)
    over = BrownianBath(0.5, 30.0, 900.0, 50.0)
    assert_law("overdamped is Drude", over.line_shape(1.0), DrudeBath(0.5, 1.0, 50.0).line_shape(1.0), 0.05)
    slow = DrudeBath(0.5, 1e-4, 10.0)
    assert_law("static", slow.line_shape(0.3).real, slow.static_variance * 0.3**2 / 2, 1e-3)


def test_kubo_noise_is_the_hot_bath_without_response():
    hot = DrudeBath(0.5, 2.0, 200.0)
    kubo = kubo_coherence(0.05, amplitude=np.sqrt(hot.static_variance), correlation_time=1 / hot.cutoff)
    assert_law("Kubo", np.exp(-hot.line_shape(0.05).real), kubo, 1e-4)


def test_linewidth_and_stokes_shift_give_the_reorganization_energy():
    bath = DrudeBath(22.0, 0.01, 25.0)
    width = np.sqrt(8 * np.log(2) * bath.static_variance)
    assert_law("linewidth", frenkel.reorganization_from_linewidth(width, 25.0), 22.0, EXACT * 100)
    assert_law("Stokes", frenkel.reorganization_from_stokes_shift([44.0, 0.0]), [22.0, 0.0])


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        (DrudeBath, {"reorganization": 1.0, "cutoff": 2.0, "temperature": 0.5}),
        (BrownianBath, {"reorganization": 1.0, "frequency": 2.0, "damping": 0.5, "temperature": 0.5}),
    ],
)
def test_baths_refuse_what_they_cannot_be(kind, call):
    for argument in call:
        for value in [*POSITIVE, [1.0, 2.0], 1e12, 1e-12, 1e200]:
            with pytest.raises((ValueError, TypeError), match=r"Argument `\w+` must be .*, but is .*\."):
                kind(**call | {argument: value})
    for method, values in (("correlation", POSITIVE), ("line_shape", NON_NEGATIVE)):
        assert_refused(getattr(kind(**call), method), {"times": [1.0, 0.5]}, "times", values)
    with pytest.raises(AttributeError):
        kind(**call).temperature = 2.0
