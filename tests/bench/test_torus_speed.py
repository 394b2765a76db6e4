"""How fast D_s of a whole torus is, beside a page of plain NumPy. `make bench` prints the figures."""

import time

import frenkel
import numpy as np
import pytest

CASES = {
    "8³": (frenkel.cubic(8), 2.0, [0.1, 0.2, 0.3, 0.5, 0.8, 1.2]),
    "24²": (frenkel.square(24), 2.0, [0.2, 0.43, 1.0]),
}
LARGE = {
    "12³": (frenkel.cubic(12), 2.0, 0.1),
    "40²": (frenkel.square(40), 1.0, 0.07),
    "8³, to Γ = 0.03": (frenkel.cubic(8), 2.0, 0.03),
}


def energies_of(lattice, disorder):
    return disorder * np.random.default_rng(0).normal(size=lattice.n_sites)


def plain_page(shape, energies, rates, n_steps=400):
    """The same by np.roll on dense matrices: Golub-Kahan steps from w, and the fraction between its ends."""
    d, n_sites = len(shape), len(energies)
    gaps = (energies[:, None] - energies).reshape(*shape, *shape)
    site, grid = np.arange(n_sites), np.indices(shape)
    there = [np.roll(site.reshape(shape), -1, axis=a).ravel() for a in range(d)]
    laplacian = sum(2 - 2 * np.cos(2 * np.pi * k / n) for k, n in zip(grid, shape, strict=True))
    laplacian.flat[0] = np.inf

    def commutator(x):
        image = gaps * x
        for a in range(d):
            for step in (1, -1):
                image += np.roll(x, step, axis=a)
                image -= np.roll(x, step, axis=a + d)
        return image

    def project(x):
        x = x.reshape(n_sites, n_sites)
        currents = [(x[site, to] - x[to, site]).reshape(shape) / 2 for to in there]
        divergence = sum(j - np.roll(j, 1, axis=a) for a, j in enumerate(currents))
        potential = np.fft.ifftn(np.fft.fftn(divergence) / -laplacian).real
        for a, to in enumerate(there):
            slope = (np.roll(potential, -1, axis=a) - potential).ravel()
            x[site, to] -= slope
            x[to, site] += slope
        return x.reshape(*shape, *shape)

    v = np.zeros((n_sites, n_sites))
    v[site, there[0]], v[there[0], site] = 1, -1
    v = v.reshape(*shape, *shape) / np.sqrt(2 * n_sites)
    u, beta, alphas, betas = 0.0, 0.0, [], []
    for _ in range(n_steps):
        u = commutator(v) - beta * u
        u.reshape(n_sites, n_sites)[site, site] = 0
        alpha = np.sqrt(np.sum(u**2))
        u /= alpha
        v = project(commutator(u) - alpha * v)
        beta = np.sqrt(np.sum(v**2))
        v /= beta
        alphas.append(alpha)
        betas.append(beta)
    rates = np.array(rates)
    ends = []
    for c in (rates**2 + alphas[-1] ** 2, rates**2):
        for alpha, beta in zip(alphas[-2::-1], betas[-2::-1], strict=True):
            c = rates**2 + alpha**2 * c / (c + beta**2)
        ends.append(2 * rates / c)
    return np.sqrt(ends[0] * ends[1])


@pytest.mark.filterwarnings("ignore:Coherences spread:frenkel.ConvergenceWarning")
@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("case", CASES)
def test_torus_against_a_page_of_numpy(benchmark, case):
    """The page's 400 steps are what Γ = 0.1 takes; the library stops where its bounds meet."""
    lattice, disorder, rates = CASES[case]
    energies = energies_of(lattice, disorder)
    D = benchmark.pedantic(
        lambda: frenkel.lattice_diffusion_constant(lattice, energies, rates), rounds=3, warmup_rounds=1
    )
    if benchmark.enabled:
        seconds, ours = [], benchmark.stats.stats.min
        for _ in range(2):
            start = time.process_time()
            plain = plain_page(tuple(lattice.periods.astype(int)), energies, rates)
            seconds.append(time.process_time() - start)
        assert np.abs(D / plain - 1).max() < 5e-3
        theirs = min(seconds)
        print(f"\nD_s of {case} at {len(rates)} Γ: {ours:.2f} s; NumPy {theirs:.2f} s; x {theirs / ours:.1f}")
        assert ours < theirs / 2


@pytest.mark.filterwarnings("ignore:Coherences spread:frenkel.ConvergenceWarning")
@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("case", LARGE)
def test_large_tori(benchmark, case):
    lattice, disorder, weakest = LARGE[case]
    rates, energies = np.geomspace(weakest, 3.0, 10), energies_of(lattice, disorder)
    D = benchmark.pedantic(lambda: frenkel.lattice_diffusion_constant(lattice, energies, rates), rounds=1)
    assert np.isfinite(D).all()
    if benchmark.enabled:
        print(f"\nD_s at 10 rates, {case}: {benchmark.stats.stats.min:.1f} s")
        assert benchmark.stats.stats.min < 60
