"""How cost grows with the size of a problem, in time and in memory. `make bench` prints the figures."""

import functools
import subprocess
import sys
import time

import frenkel
import numpy as np
import pytest
from frenkel._engines import ring_correlation, ring_operators

LINEAR = 1.1  # the largest exponent that counts as linear
GIBIBYTES = 2.0


def seconds_of(function):
    """Processor time of the fastest of three calls."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        function()
        seconds.append(time.process_time() - start)
    return min(seconds)


def stationary(n_sites, band):
    """Twenty levels of the continued fraction of D_s."""
    energies = frenkel.site_energies(n_sites, 1.0, rng=1, shape=(1,))
    levels = ring_operators.levels(energies, band + 1, band)
    return [next(levels) for _ in range(20)]


def in_time(n_sites, band):
    energies = frenkel.site_energies(n_sites, 1.0, rng=1, shape=(1,))
    return ring_correlation.diffusivity_at_band(energies, 0.3, np.array([2.0]), band)


LONG = [64_000, 128_000, 256_000, 512_000]  # rings that no cache holds
MANY = [16, 32, 64, 128, 256]  # rings of 1000 sites, which are taken a few at a time
BANDS = [32, 64, 128, 256]  # of 32 000 sites: nor these
CASES = {
    "D_s, sites of one ring": (LONG, lambda size: stationary(size, 16)),
    "D_s, band": (BANDS, lambda size: stationary(32_000, size)),
    "D_s, rings": (
        MANY,
        lambda size: frenkel.diffusion_constant(
            frenkel.site_energies(1000, 1.0, rng=1, shape=(size,)), 0.5, tolerance=1e-2
        ),
    ),
    "D(t), sites of one ring": (LONG, lambda size: in_time(size, 16)),
    "D(t), band": (BANDS, lambda size: in_time(32_000, size)),
    "D(t), rings": (
        MANY,
        lambda size: frenkel.diffusivity(
            frenkel.site_energies(1000, 1.0, rng=1, shape=(size,)), 0.5, [2.0], tolerance=1e-2
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_cost_is_linear(benchmark, case):
    """The slope of log time over log size, fitted.

    A site of a ring that fits into a cache costs half as much as one that does not; a fit across that step
    would find 1.2.
    """
    sizes, work = CASES[case]

    def measure():
        return [seconds_of(functools.partial(work, size)) for size in sizes]

    seconds = benchmark.pedantic(measure, rounds=1)
    exponent = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
    took = f"{seconds[0]:.2f} to {seconds[-1]:.2f} s"
    print(f"\n{case}, {sizes[0]} to {sizes[-1]}: {took}, exponent {exponent:.2f}")
    if benchmark.enabled:
        assert exponent < LINEAR


MEMORY = {
    "D(t)": "frenkel.diffusivity(energies, 0.3, [0.0, 1.0, 2.0, 5.0])",
    "D_s": "frenkel.diffusion_constant(energies, 0.3)",
    "wave packet": "frenkel.evolve_state(H, frenkel.wave_packet(100_000, 50_000), [1.0, 10.0])",
    "8 trajectories": "frenkel.trajectories(H, frenkel.wave_packet(100_000, 50_000), [0.5], dephasing=0.3, "
    "n_trajectories=8, rng=1)",
    "localization length": "frenkel.localization_length(0.5, 1.0, n_sites=100_000, rng=1)",
}
PEAK = r"""
import re, frenkel
energies = frenkel.site_energies(100_000, 1.0, rng=1)
H = frenkel.hamiltonian(frenkel.chain(100_000), energies, format="sparse")
{}
print(int(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1]) / 2**20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells the peak of a process.")
@pytest.mark.parametrize("quantity", MEMORY)
def test_memory_of_a_hundred_thousand_sites(benchmark, quantity):
    """The most that a process of its own ever held, Python and NumPy included; Linux alone tells."""
    code = PEAK.replace("{}", MEMORY[quantity])

    def run():
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    peak = float(benchmark.pedantic(run, rounds=1))
    print(f"\n{quantity} of 100 000 sites: {peak:.2f} GiB")
    assert peak < GIBIBYTES
