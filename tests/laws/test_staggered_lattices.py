r"""Diffusion that can be solved, against every engine that computes it.

A lattice of two kinds of sites, ε and -ε by turns, with coupling f(k) between them, is two bands at each k:
H = f σ_x + ε σ_z and v = f' σ_x. White noise damps the vector of a Bloch matrix at Γ but for the populations,
which the velocity does not touch on average, since f'(k) f(k) is odd. So σ_x turns about (f, 0, ε):

    D(t) = ⟨ f'² ∫₀ᵗ e^{-Γs} [cos²θ + sin²θ cos 2hs] ds ⟩_k,   h² = f² + ε²,   cos θ = f/h,

with Γ → ∞ the hopping rate between sites that differ by 2ε and ε = 0 the clean lattice.
"""

import frenkel
import numpy as np
import pytest
from assertions import assert_law
from conftest import CONVERGED, EXACT
from frenkel import exact
from references import dense_diffusion_constant, liouvillian, ring_diffusivity
from scipy.linalg import expm

GRID = 2 * np.pi * np.arange(400) / 400


def bands(couplings, gap, sizes=()):
    """f', h and cos²θ on a grid of k, for nearest neighbors coupled by `couplings` along each axis.

    A torus of `sizes` has waves of its own; without sizes, k is as good as continuous.
    """
    axes = [2 * np.pi * np.arange(n) / n for n in sizes]
    axes = axes or [GRID[:: 1 if len(couplings) == 1 else 4]] * len(couplings)
    waves = np.meshgrid(*axes, indexing="ij")
    f = sum(2 * J * np.cos(k) for J, k in zip(couplings, waves, strict=True))
    h = np.sqrt(f**2 + gap**2 / 4)
    slope = -2 * couplings[0] * np.sin(waves[0])
    return slope, h, np.divide(f**2, h**2, out=np.ones_like(f), where=h > 0)


def staggered_curve(couplings, gap, dephasing, times, sizes=()):
    """D(t) along the first axis."""
    slope, h, along = bands(couplings, gap, sizes)
    turning = 2j * h - dephasing

    def integrals(t):
        damped = t if dephasing == 0 else -np.expm1(-dephasing * t) / dephasing
        return along * damped + (1 - along) * ((np.exp(turning * t) - 1) / turning).real

    return np.array([(slope**2 * integrals(t)).mean() for t in times])


def staggered_constant(couplings, gap, dephasing, sizes=()):
    slope, h, along = bands(couplings, gap, sizes)
    return (slope**2 * (along / dephasing + (1 - along) * dephasing / (dephasing**2 + 4 * h**2))).mean()


def test_solution_has_its_limits():
    times = np.array([0.0, 0.5, 3.0])
    clean = staggered_curve([1.0], 1e-9, 0.7, times)
    assert_law("no gap: the clean chain", clean, exact.clean_diffusivity(times, 0.7), 1e-8)
    hops = exact.hopping_rate(1.5, 300.0)  # every bond has the same rate k, and D = k
    assert_law("strong dephasing: hops", staggered_constant([1.0], 1.5, 300.0) / hops, 1, 1e-4)
    late = staggered_curve([1.0], 1.5, 0.7, [80.0])
    assert_law("D(t → ∞)", late, staggered_constant([1.0], 1.5, 0.7))


# name: (lattice, couplings, gap between neighbors, dephasing)
SYSTEMS = {
    "clean ring": (frenkel.ring(40), [1.0], 0.0, 0.8),
    "clean ring without noise": (frenkel.ring(40), [1.0], 0.0, 0.0),
    "staggered ring": (frenkel.ring(40), [1.0], 1.5, 0.8),
    "staggered ring without noise": (frenkel.ring(40), [1.0], 1.5, 0.0),
    "staggered ring, strong noise": (frenkel.ring(40), [1.0], 3.0, 9.0),
    "clean square": (frenkel.square(16), [1.0, 1.0], 0.0, 2.0),
    "staggered square": (frenkel.square(16), [1.0, 1.0], 2.0, 2.0),
    "staggered oblong": (frenkel.square(12, 16, couplings=(1.0, -0.4)), [1.0, -0.4], 1.0, 3.0),
    "staggered cube": (frenkel.cubic(6, couplings=(1.0, 0.5, 0.2)), [1.0, 0.5, 0.2], 2.0, 8.0),
}
TIMES = np.linspace(0.0, 1.5, 7)


def energies_of(lattice, gap):
    return gap / 2 * (-1.0) ** lattice.positions.sum(axis=1)


def sizes_of(lattice):
    """Of a torus; the ring engine takes its ring for a part of an infinite chain, which 40 sites are, too."""
    return [] if len(lattice.periods) == 1 else lattice.periods.astype(int)


def by_ring_engine(lattice, energies, dephasing):
    return frenkel.diffusivity(energies, dephasing, TIMES, tolerance=1e-8)


def by_lattice_engine(lattice, energies, dephasing):
    return frenkel.lattice_diffusivity(lattice, energies, dephasing, TIMES, tolerance=1e-7)


def by_density_matrices(lattice, energies, dephasing):
    return ring_diffusivity(energies, TIMES, lambda *at: frenkel.evolve_density(*at, dephasing=dephasing))


def by_wave_packets(lattice, energies, dephasing):
    """From both kinds of sites in the middle of a chain, and no noise."""
    starts = [frenkel.coherent_spread(np.roll(energies, shift), TIMES).diffusivity for shift in (0, 1)]
    return np.mean(starts, axis=0)


ENGINES = {
    "ring engine": by_ring_engine, "lattice engine": by_lattice_engine,
    "density matrices": by_density_matrices,
    "wave packets": by_wave_packets,
}  # fmt: skip
CASES = [
    (engine, system)
    for system, (_, couplings, _, dephasing) in SYSTEMS.items()
    for engine in ENGINES
    if len(couplings) == 1 or engine == "lattice engine"
    if not (engine == "wave packets" and dephasing)
]
around = pytest.mark.filterwarnings("ignore:Coherences reach:frenkel.ConvergenceWarning")  # a period of two


@pytest.mark.slow
@around
@pytest.mark.parametrize(("engine", "system"), CASES)
def test_solvable_diffusivity(engine, system):
    lattice, couplings, gap, dephasing = SYSTEMS[system]
    found = ENGINES[engine](lattice, energies_of(lattice, gap), dephasing)
    expected = staggered_curve(couplings, gap, dephasing, TIMES, sizes_of(lattice))
    assert_law(f"D(t) of the {system} by {engine}", found, expected, CONVERGED)


def by_spectrum(energies, dephasing):
    frequencies, weights = frenkel.current_spectrum(energies, n_levels=60)
    return 2 * (weights * dephasing / (dephasing**2 + frequencies**2)).sum()


CONSTANTS = {
    "ring engine": lambda lattice, energies, rate: frenkel.diffusion_constant(energies, rate, tolerance=1e-8),
    "lattice engine": lambda lattice, energies, rate: frenkel.lattice_diffusion_constant(
        lattice, energies, rate, tolerance=1e-6
    ),
    "dense solution": lambda lattice, energies, rate: dense_diffusion_constant(energies, rate),
    "spectrum of the current": lambda lattice, energies, rate: by_spectrum(energies, rate),
}


@pytest.mark.slow
@around
@pytest.mark.parametrize(
    ("engine", "system"),
    [
        (engine, system)
        for system, (_, couplings, _, dephasing) in SYSTEMS.items()
        for engine in CONSTANTS
        if dephasing and (len(couplings) == 1 or engine == "lattice engine")
    ],
)
def test_solvable_diffusion_constant(engine, system):
    lattice, couplings, gap, dephasing = SYSTEMS[system]
    found = CONSTANTS[engine](lattice, energies_of(lattice, gap), dephasing)
    expected = staggered_constant(couplings, gap, dephasing, sizes_of(lattice))
    assert_law(f"D_s of the {system} by {engine}", found / expected, 1, 5e-6)


def test_solution_is_that_of_a_small_liouvillian():
    """A ring short enough for all of its coherences and long enough for the time, without any engine."""
    energies = energies_of(frenkel.ring(12), 1.5)
    n, t, dephasing = 12, 0.8, 0.8
    H = frenkel.hamiltonian(frenkel.ring(n), energies)
    hop = np.roll(np.eye(n), 1, axis=1)
    v = (1j * (hop - hop.T)).ravel()
    node, weight = np.polynomial.legendre.leggauss(12)
    L = liouvillian(H, dephasing)
    correlation = [(v.conj() @ expm(L * s) @ v).real / n for s in t * (node + 1) / 2]
    expected = staggered_curve([1.0], 1.5, dephasing, [t])[0]
    assert_law("∫ C(s) ds", np.dot(weight, correlation) * t / 2, expected, 1e4 * EXACT)
