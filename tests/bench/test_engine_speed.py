"""How fast the velocity engine is, also beside QuTiP. `make bench` prints the figures."""

import time

import frenkel
import numpy as np
import pytest
import qutip

DISORDER, DEPHASING = 1.0, 0.3
TIMES = np.linspace(0, 20, 41)


def d_of_t():
    return frenkel.diffusivity(frenkel.site_energies(200, DISORDER, rng=1), DEPHASING, TIMES)


def d_s_curve():
    energies = frenkel.site_energies(1000, DISORDER, rng=1, shape=(16,))
    return frenkel.diffusion_constant(energies, np.geomspace(0.05, 10, 13)[:, None])


def qutip_seconds_of_one_start():
    """QuTiP's master equation from one starting site of the same ring, asked for a similar accuracy.

    One expectation value, the squared displacement; building the Liouvillian is left out. Every other start
    is the same work on the same matrices.
    """
    ring = frenkel.ring(200)
    H = frenkel.hamiltonian(ring, frenkel.site_energies(200, DISORDER, rng=1), format="sparse")
    noise = [np.sqrt(DEPHASING) * qutip.basis(200, n).proj() for n in range(200)]
    squares = qutip.Qobj(np.diag(frenkel.displacements(ring, 100)[:, 0] ** 2)).to("CSR")
    solver = qutip.MESolver(qutip.Qobj(H), noise, options={"progress_bar": "", "atol": 1e-6, "rtol": 1e-4})
    start = time.process_time()
    solver.run(qutip.basis(200, 100).proj(), TIMES, e_ops=[squares])
    return time.process_time() - start


@pytest.mark.benchmark(timer=time.process_time)
def test_diffusivity_against_qutip(benchmark):
    """D(t) averaged over all starting sites; QuTiP's time is *extrapolated*: that of one site times 200."""
    D = benchmark.pedantic(d_of_t, rounds=15, warmup_rounds=1)
    assert np.isfinite(D).all()
    if benchmark.enabled:  # under pytest-xdist it is not
        ours, theirs = benchmark.stats.stats.min, 200 * qutip_seconds_of_one_start()
        print(f"\nD(t), 200 sites: {ours:.3f} s; QuTiP, extrapolated: {theirs:.0f} s; x {theirs / ours:.0f}")
        assert ours < 0.05 and theirs > 500 * ours


@pytest.mark.benchmark(timer=time.process_time)
def test_diffusion_constant_of_16000_sites_at_13_rates(benchmark):
    D = benchmark.pedantic(d_s_curve, rounds=1)
    assert D.shape == (13, 16)
    if benchmark.enabled:
        print(f"\nD_s at 13 rates, 16 000 sites: {benchmark.stats.stats.median:.1f} s")
        assert benchmark.stats.stats.median < 10, "D_s(Γ) takes more than ten seconds"
