"""The polaron frame: its correlations against their integrals, detailed balance, the choice of its split."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law, assert_order
from frenkel import BrownianBath, DrudeBath
from frenkel.baths import _half_transforms, _jump_operators, polaron_frame
from phonons import vibronic_free_energy

BATHS = [
    DrudeBath(0.5, 0.5, 1.0),
    DrudeBath(0.5, 5.0, 0.5),
    BrownianBath(1.0, 2.0, 0.5, 1.0),
    BrownianBath(2.0, 5.0, 1.0, 1.0),
    BrownianBath(4.0, 5.0, 2.0, 7.0),
]
RING = frenkel.hamiltonian(frenkel.ring(12), frenkel.site_energies(12, 1.0, rng=1))
names = pytest.mark.parametrize("bath", BATHS, ids=str)


def integral(bath, split, function):
    """(1/π)∫ dω 𝒥 function(ω, F, coth), by trapezoids in the logarithm of ω."""
    w = np.exp(np.linspace(-25, 16, 200_001))
    F, coth = w**2 / (w**2 + split**2), 1 / np.tanh(w / 2 / bath.temperature)
    return np.trapezoid(bath.spectral_density(w) * function(w, F, coth) * w, np.log(w)) / np.pi


def correlations(bath, split, t):
    """⟨D(t) D⟩, ⟨D(t) S⟩ and -⟨S(t) S⟩, as the thermal averages of their modes."""
    return (
        integral(bath, split, lambda w, F, c: (1 - F) ** 2 * (c * np.cos(w * t) - 1j * np.sin(w * t))),
        integral(bath, split, lambda w, F, c: F * (1 - F) / w * (np.cos(w * t) - 1j * c * np.sin(w * t))),
        integral(bath, split, lambda w, F, c: (F / w) ** 2 * (c * np.cos(w * t) - 1j * np.sin(w * t))),
    )


@names
@pytest.mark.parametrize("split", [0.3, 1.4])
def test_one_sum_of_exponentials_has_all_correlations(bath, split):
    split, rates, m = polaron_frame._memories(bath, split)
    for t in (0.0, 0.4, 2.0):
        M = np.exp(-rates * t) * m
        found = [split**4 * M.sum(), -1j * split**2 * (rates * M).sum(), -(rates**2 * M).sum()]
        assert_law("correlations", found, correlations(bath, split, t), 5e-5)


@names
def test_overlap_and_residual_are_their_integrals(bath):
    for split in (0.3, 1.4):
        frame = frenkel.polaron_frame(RING, bath, split=split)
        assert frame.split == pytest.approx(split, rel=0.2)
        overlap = np.exp(-integral(bath, frame.split, lambda w, F, c: (F / w) ** 2 * c))
        residual = integral(bath, frame.split, lambda w, F, _c: (1 - F) ** 2 / w)
        assert_law("κ and λ", [frame.overlap, frame.residual], [overlap, residual], 1e-5)


@names
def test_without_a_split_nothing_is_left_of_the_coupling(bath):
    """At w → 0, φ(0) grows as Γ/4w: the overlap of an Ohmic bath is zero at every temperature."""
    splits = np.array([1e-3, 1e-4])
    exponents = np.array([polaron_frame._divided(bath, split)[0] for split in splits])
    assert_law("Γ/4w", exponents * 4 * splits / bath.white_noise_rate, 1, [0.02, 0.002])
    assert frenkel.polaron_frame(RING, bath, split=1e-5).overlap < 1e-300


@names
def test_the_chosen_split_has_the_least_free_energy(bath):
    def bound(split):
        frame = frenkel.polaron_frame(RING, bath, split=split)
        sites = np.diag(np.diag(RING))
        levels = np.linalg.eigvalsh(sites + frame.overlap * (RING - sites))
        return frame.residual - bath.temperature * np.log(np.exp(-levels / bath.temperature).sum())

    best = frenkel.polaron_frame(RING, bath)
    others = [bound(split) for split in np.geomspace(1e-2, 50, 40)]
    assert bound(best.split) <= min(others) + 1e-4, f"{best} is not the best"


@pytest.mark.parametrize("mode", [(2.0, 5.0, 1.0), (1.0, 2.0, 1.0), (4.0, 5.0, 3.0)])
def test_the_bound_is_above_the_free_energy_by_the_square_of_the_coupling(mode):
    """Of one oscillator a site, diagonalized; the bath has a thousandth of its frequency as damping."""
    reorganization, frequency, kT = mode
    bath, gaps = BrownianBath(reorganization, frequency, 1e-3 * frequency, kT), []
    for coupling in (0.5, 0.25, 0.125):
        H = np.array([[0.5, coupling], [coupling, -0.5]])
        frame, sites = frenkel.polaron_frame(H, bath), np.diag(np.diag(H))
        levels = np.linalg.eigvalsh(sites + frame.overlap * (H - sites))
        bound = frame.residual - reorganization - kT * np.log(np.exp(-levels / kT).sum())
        gaps.append(bound - vibronic_free_energy(H, reorganization, frequency, kT))
    assert min(gaps) > 0, f"the bound is below the free energy: {gaps}"
    assert_order("bound", gaps, 2, 2)


def transforms_by_sums(bath, split, omega):
    """∫ dt exp(iωt) of the two-bond correlations, from φ by trapezoids, with Simpson's end."""
    t = np.linspace(0, 60, 60_001)
    _, rates, m = polaron_frame._memories(bath, split)
    phi = np.array([-(rates**2 * m * np.exp(-rates * at)).sum() for at in t])
    square = np.exp(-2 * phi[0].real)
    weights = np.full(len(t), t[1])
    weights[[0, -1]] /= 2
    return np.array(
        [
            [(weights * np.exp(1j * w * t) * square * np.expm1(-s * phi)).sum() for w in omega]
            for s in (-2, -1, 1, 2)
        ]
    )


@names
def test_half_transforms_are_the_integrals_of_correlations(bath):
    omega = np.array([-3.0, 0.0, 0.7, 2.5])
    frame = frenkel.polaron_frame(RING, bath, split=1.0)
    half = _half_transforms.HalfTransforms(bath, frame.split, 4.0)
    expected = transforms_by_sums(bath, frame.split, omega)
    assert_law("bonds", half(omega)[2:], expected, 2e-5 * max(1, np.abs(expected).max()))


@names
def test_spectra_have_detailed_balance_and_are_positive(bath):
    """Each kind to 1e-6 (the issue asks for 1e-3); ⟨D A⟩ is odd; no noise may be negative."""
    omega = np.array([0.2, 1.0, 3.0])
    half = _half_transforms.HalfTransforms(bath, frenkel.polaron_frame(RING, bath).split, 4.0)
    up, down = half(-omega).real, half(omega).real
    factor = np.exp(-omega / bath.temperature) * np.array([1, -1, 1, 1, 1, 1])[:, None]
    assert_law("up = down exp(-ω/kT)", up, factor * down, 1e-6 * np.abs(down).max())
    pairs = [(0, 0), (1, 1), (2, 2), (3, 3), (1, 0), (2, 1), (3, 2), (0, 1), (1, 2), (2, 3)]
    roots = _jump_operators.spectral_roots(pairs, half, omega)
    gamma = roots @ roots  # of what is positive only: it must be all
    assert_law("on a site", gamma[:, 0, 0], 2 * half(omega)[0].real, 1e-7 * np.abs(gamma).max())
    assert_law("on a bond", gamma[:, 4, 4], 2 * half(omega)[2].real, 1e-7 * np.abs(gamma).max())
    assert_law("bond there, bond back", gamma[:, 4, 7], 2 * half(omega)[5].real, 1e-7 * np.abs(gamma).max())
    assert_law("site, bond away", gamma[:, 0, 4], -2 * half(omega)[1].real, 1e-7 * np.abs(gamma).max())


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: frenkel.polaron_frame(RING, 3.0), "bath"),
        (lambda: frenkel.polaron_frame(RING, BATHS[0], split=0.0), "split"),
        (lambda: frenkel.polaron_frame(RING, BATHS[0], split=1e9), "split"),
        (lambda: frenkel.polaron_frame(RING[:3], BATHS[0]), "H"),
    ],
)
def test_bad_arguments_are_named(call, named):
    with pytest.raises((ValueError, TypeError), match=f"Argument `{named}` must be .*, but is"):
        call()
