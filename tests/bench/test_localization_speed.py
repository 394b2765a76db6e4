"""How fast localization lengths, level counts and wave packets are beside the plain way to write them."""

import time

import frenkel
import numpy as np
import pytest
from frenkel.states.levels import integrated_density_of_states

TIMES = np.linspace(0, 6, 61)


def seconds(work):
    start = time.process_time()
    work()
    return time.process_time() - start


def one_chain_in_a_loop(n_sites):
    """The textbook recursion: one chain, one site at a time."""
    ratio, growth = 1.0, 0.0
    for energy in frenkel.site_energies(n_sites, 1.0, rng=1).tolist():
        ratio = 0.5 - energy - 1 / ratio
        growth += np.log(abs(ratio))
    return n_sites / growth


def dense_spread(n_chains):
    for energies in frenkel.site_energies(65, 1.0, rng=1, shape=(n_chains,)):
        levels, states = np.linalg.eigh(frenkel.hamiltonian(frenkel.chain(65), energies))
        psi = states @ (np.exp(-1j * np.outer(levels, TIMES)) * states[32][:, None])
        yield (np.arange(65) - 32.0) ** 2 @ abs(psi) ** 2


@pytest.mark.benchmark(timer=time.process_time)
def test_localization_length_against_a_loop(benchmark):
    """A million sites; the loop's time is *extrapolated* from 50 000."""
    length, error = benchmark.pedantic(
        frenkel.localization_length, (0.5, 1.0), {"rng": 1}, rounds=3, warmup_rounds=1
    )
    assert error < 0.01 * length
    if benchmark.enabled:  # under pytest-xdist it is not
        ours, theirs = benchmark.stats.stats.median, 20 * seconds(lambda: one_chain_in_a_loop(50_000))
        print(f"\nξ from 10⁶ sites: {ours * 1e3:.0f} ms; a loop: {theirs:.2f} s; x {theirs / ours:.0f}")
        assert theirs > 5 * ours


@pytest.mark.benchmark(timer=time.process_time)
def test_counting_levels_against_diagonalizing(benchmark):
    """40 energies, 100 chains of 300 sites."""
    chains = frenkel.site_energies(300, 1.0, rng=1, shape=(100,))
    grid = np.linspace(-4, 4, 40)[:, None]
    benchmark.pedantic(integrated_density_of_states, (grid, chains), rounds=3, warmup_rounds=1)
    if benchmark.enabled:
        H = frenkel.hamiltonian(frenkel.chain(300), chains[:20])
        ours, theirs = benchmark.stats.stats.median, 5 * seconds(lambda: np.linalg.eigvalsh(H))
        print(f"\n{ours * 1e3:.0f} ms; diagonalizing: {theirs:.2f} s; x {theirs / ours:.0f}")
        assert theirs > 2 * ours


@pytest.mark.benchmark(timer=time.process_time)
def test_spread_of_many_chains_against_diagonalizing(benchmark):
    """61 times, 1000 chains of 65 sites; the other's time is *extrapolated* from 100 chains."""
    chains = frenkel.site_energies(65, 1.0, rng=1, shape=(1000,))
    benchmark.pedantic(frenkel.coherent_spread, (chains, TIMES), rounds=3, warmup_rounds=1)
    if benchmark.enabled:
        ours, theirs = benchmark.stats.stats.median, 10 * seconds(lambda: list(dense_spread(100)))
        print(f"\nD(t) of 1000 chains: {ours:.2f} s; diagonalizing: {theirs:.2f} s; x {theirs / ours:.1f}")
        assert theirs > 2 * ours
