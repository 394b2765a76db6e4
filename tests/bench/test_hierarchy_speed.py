"""How fast the hierarchy is beside QuTiP's, at its error or less. `make bench` prints the figures."""

import time

import frenkel
import numpy as np
import pytest
import qutip
from frenkel import DrudeBath
from qutip.solver.heom import DrudeLorentzPadeBath, HEOMSolver

BATH = DrudeBath(reorganization=1.0, cutoff=1.0, temperature=1.0)
CASES = {  # H, times, QuTiP's depth, our tolerance, that of the reference
    "two sites": (np.array([[1.0, 1.0], [1.0, -1.0]]), np.linspace(0.5, 10.0, 20), 6, 1e-3, 1e-5),
    "five sites": (
        frenkel.hamiltonian(frenkel.ring(5), [0.5, -0.7, 0.0, 0.9, -0.2]),
        np.linspace(0.5, 4.0, 8), 4, 3e-3, 1e-3,
    ),
}  # fmt: skip


def by_qutip(H, times, depth):
    """Populations of the first site, and seconds of building and running; one term of Padé."""
    start = time.process_time()
    sites = [qutip.basis(len(H), n).proj() for n in range(len(H))]
    baths = [DrudeLorentzPadeBath(site, lam=1.0, gamma=1.0, T=1.0, Nk=1) for site in sites]
    options = {"progress_bar": "", "nsteps": 100_000, "atol": 1e-6, "rtol": 1e-5}
    solver = HEOMSolver(qutip.Qobj(H), baths, max_depth=depth, options=options)
    run = solver.run(sites[0], [0.0, *times], e_ops=[sites[0]])
    return np.real(run.expect[0])[1:], time.process_time() - start


@pytest.mark.parametrize("name", CASES)
@pytest.mark.benchmark(timer=time.process_time)
def test_hierarchy_against_qutip(benchmark, name):
    H, times, depth, tolerance, finest = CASES[name]
    start = np.diag(np.eye(len(H))[0])

    def ours():
        return frenkel.hierarchy(H, start, times, BATH, tolerance=tolerance)[:, 0, 0].real

    found = benchmark.pedantic(ours, rounds=3, warmup_rounds=1)
    if benchmark.enabled:
        reference = frenkel.hierarchy(H, start, times, BATH, tolerance=finest)[:, 0, 0].real
        theirs, seconds = by_qutip(H, times, depth)
        errors = np.abs(found - reference).max(), np.abs(theirs - reference).max()
        mine = benchmark.stats.stats.min
        print(f"\n{name}: {mine * 1e3:.0f} ms, error {errors[0]:.1e}", end="")
        print(f"; QuTiP {seconds * 1e3:.0f} ms, error {errors[1]:.1e}; x {seconds / mine:.0f}")
        assert errors[0] <= errors[1] and mine < seconds
