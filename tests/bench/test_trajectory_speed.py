"""How fast trajectories are on a large lattice, beside what memory alone allows. `make bench` prints it."""

import time

import frenkel
import numpy as np
import pytest

N_TRAJECTORIES, N_STEPS, STEP = 16, 40, 0.0107  # the step that the library chooses for this lattice
LATTICE = frenkel.square(64)


def run():
    H = frenkel.hamiltonian(LATTICE, frenkel.site_energies(LATTICE.n_sites, 1.0, rng=1), format="sparse")
    psi0 = np.eye(1, LATTICE.n_sites, LATTICE.n_sites // 2 + 32)[0]
    options = {"dephasing": 1.0, "n_trajectories": N_TRAJECTORIES, "rng": 2, "max_step": STEP}
    return frenkel.trajectories(H, psi0, [N_STEPS * STEP], **options)


def seconds_of(function):
    """Processor time of the fastest of five calls."""
    seconds = []
    for _ in range(5):
        start = time.process_time()
        function()
        seconds.append(time.process_time() - start)
    return min(seconds)


@pytest.mark.benchmark(timer=time.process_time)
def test_trajectories_on_64_by_64_sites(benchmark):
    """Site-steps a second; nothing can beat one pass over the amplitudes and the noise."""
    psi = benchmark.pedantic(run, rounds=3, warmup_rounds=1)
    assert np.isfinite(psi).all()
    if benchmark.enabled:  # under pytest-xdist it is not
        rng, out, size = np.random.default_rng(1), np.empty_like(psi), psi.size
        ours = benchmark.stats.stats.min / (N_STEPS * size) * 1e9
        noise = seconds_of(lambda: rng.standard_normal(size)) / size * 1e9
        memory = seconds_of(lambda: np.multiply(psi, 1.0001, out=out)) / size * 1e9
        print(f"\nTrajectories on 64 x 64 sites: {1e3 / ours:.1f} million site-steps a second.")
        print(f"{ours:.0f} ns each; noise {noise:.1f} ns, one pass over the amplitudes {memory:.2f} ns")
        assert ours < 500, "a step takes longer than half a microsecond a site"
