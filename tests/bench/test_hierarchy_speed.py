"""How fast the hierarchy is beside QuTiP's at equal error. `make bench` prints the figures."""

import time

import frenkel
import numpy as np
import pytest
import qutip
from frenkel import DrudeBath
from qutip.solver.heom import DrudeLorentzPadeBath, HEOMSolver

BATH = DrudeBath(reorganization=1.0, cutoff=1.0, temperature=1.0)
CASES = {  # H, times, our tolerance, that of the reference, terms of Padé and depths to try of QuTiP's
    "two sites": (
        np.array([[1.0, 1.0], [1.0, -1.0]]), np.linspace(0.5, 10.0, 20),
        1e-3, 1e-6, ((1, 6), (1, 8), (1, 10), (2, 8), (2, 10)),
    ),
    "five sites": (
        frenkel.hamiltonian(frenkel.ring(5), [0.5, -0.7, 0.0, 0.9, -0.2]), np.linspace(0.5, 4.0, 8),
        3e-3, 1e-3, ((1, 3), (1, 4), (1, 5), (1, 6), (2, 5)),
    ),
}  # fmt: skip


def by_qutip(H, times, n_terms, depth):
    """Populations of the first site, and seconds of building and running."""
    start = time.process_time()
    sites = [qutip.basis(len(H), n).proj() for n in range(len(H))]
    baths = [DrudeLorentzPadeBath(site, lam=1.0, gamma=1.0, T=1.0, Nk=n_terms) for site in sites]
    options = {"progress_bar": "", "nsteps": 100_000, "atol": 1e-6, "rtol": 1e-5}
    solver = HEOMSolver(qutip.Qobj(H), baths, max_depth=depth, options=options)
    run = solver.run(sites[0], [0.0, *times], e_ops=[sites[0]])
    return np.real(run.expect[0])[1:], time.process_time() - start


@pytest.mark.parametrize("name", CASES)
@pytest.mark.benchmark(timer=time.process_time)
def test_hierarchy_against_qutip(benchmark, name):
    """QuTiP goes deeper until its error is ours or less, or all is tried; only the last run counts."""
    H, times, tolerance, finest, depths = CASES[name]
    start = np.diag(np.eye(len(H))[0])

    def ours():
        return frenkel.hierarchy(H, start, times, BATH, tolerance=tolerance)[:, 0, 0].real

    found = benchmark.pedantic(ours, rounds=5, warmup_rounds=1)
    if benchmark.enabled:
        reference = frenkel.hierarchy(H, start, times, BATH, tolerance=finest)[:, 0, 0].real
        error, mine = np.abs(found - reference).max(), benchmark.stats.stats.min
        print(f"\n{name}: {mine * 1e3:.0f} ms, error {error:.1e} (reference to {finest:.0e})")
        by_qutip(H, times, *depths[0])  # what is done once
        for n_terms, depth in depths:
            theirs, seconds = by_qutip(H, times, n_terms, depth)
            off = np.abs(theirs - reference).max()
            row = f"QuTiP, {n_terms} of Padé's terms, depth {depth}: {seconds * 1e3:.0f} ms, error {off:.1e}"
            print(f"  {row}; x {seconds / mine:.1f}")
            if off <= error:
                break
        assert mine < seconds, "QuTiP's is faster at the least error tried"
