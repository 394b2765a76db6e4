"""D(t) and D_s of a ring beside the best ways to write them by hand, in one run. `make bench` prints them.

Every baseline computes the same number: QuTiP's master equation from all N starting sites (one is timed) and
*once*, for the velocity operator, which the quantum regression theorem allows; a band of coherences in plain
NumPy with RK4; and SciPy's `spsolve` for D_s. Ratios are those of processor times within this run.
"""

import time

import frenkel
import numpy as np
import pytest
import qutip
from scipy import sparse
from scipy.sparse.linalg import spsolve

DISORDER, DEPHASING, ACCURACY = 1.0, 0.3, 1e-3
TIMES = np.linspace(0, 20, 41)
SOLVER = {"progress_bar": "", "atol": 1e-6, "rtol": 1e-4, "nsteps": 100_000}


def seconds_of(work, rounds=3):
    """(what `work` returns, processor time of the fastest call)."""
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return result, min(seconds)


def energies_of(n_sites):
    return frenkel.site_energies(n_sites, DISORDER, rng=1)


def quantum_objects(n_sites):
    H = frenkel.hamiltonian(frenkel.ring(n_sites), energies_of(n_sites), format="sparse")
    noise = [np.sqrt(DEPHASING) * qutip.basis(n_sites, n).proj() for n in range(n_sites)]
    return qutip.Qobj(H), noise


def one_start(n_sites):
    """MSD from one starting site; the Liouvillian is built with the rest, as a user would."""
    H, noise = quantum_objects(n_sites)
    away = np.minimum(np.arange(n_sites), n_sites - np.arange(n_sites))
    squares = qutip.Qobj(np.diag(away**2.0)).to("CSR")
    return qutip.MESolver(H, noise, options=SOLVER).run(
        qutip.basis(n_sites, 0).proj(), TIMES, e_ops=[squares]
    )


def velocity_operator(n_sites):
    """D(t) = ∫ Tr[v X]/N from X(0) = v: one run in place of N."""
    H, noise = quantum_objects(n_sites)
    hop = np.roll(np.eye(n_sites), 1, axis=1)
    v = qutip.Qobj(1j * (hop - hop.T)).to("CSR")
    fine = np.linspace(0, TIMES[-1], 401)
    run = qutip.MESolver(H, noise, options=SOLVER).run(v, fine, e_ops=[v])
    correlation = np.asarray(run.expect[0]).real / n_sites
    steps = (correlation[1:] + correlation[:-1]) / 2 * np.diff(fine)
    return np.append(0, np.cumsum(steps))[::10]


def band_by_hand(n_sites, reach=24, dt=0.05):
    """The engine's equations on a page: X[k, n] = X_{n, n+k}, np.roll and four slopes a step."""
    energies = energies_of(n_sites)
    n, k = np.arange(n_sites), np.arange(reach + 1)[:, None]
    factor = -1j * (energies - energies[(n + k) % n_sites]) - DEPHASING * (k > 0)
    y = np.zeros((reach + 1, n_sites), dtype=complex)
    y[1] = 1

    def slope(y):
        out = factor * y
        out[1:] -= np.roll(y[:-1], -1, axis=1) - y[:-1]
        out[1:-1] -= y[2:] - np.roll(y[2:], 1, axis=1)
        out[0] -= 2 * (y[1] - np.roll(y[1], 1)).real
        return out

    D, values, before = 0.0, [0.0], 2.0
    for step in range(1, round(TIMES[-1] / dt) + 1):
        a = slope(y)
        b = slope(y + dt / 2 * a)
        c = slope(y + dt / 2 * b)
        y = y + dt / 6 * (a + 2 * b + 2 * c + slope(y + dt * c))
        now = 2 * y[1].real.mean()
        D, before = D + dt * (before + now) / 2, now
        if step % 10 == 0:
            values.append(D)
    return np.array(values)


def by_spsolve(n_sites, rate, reach):
    """D_s = (2/N) Σ Re Y_1 with L Y = -v on the band, real and imaginary parts, gauge Y_0(0) = 0."""
    energies = energies_of(n_sites)
    site, eye = np.arange(n_sites), sparse.eye_array(n_sites)
    ahead = sparse.csr_array((np.ones(n_sites), (site, (site + 1) % n_sites)), shape=(n_sites, n_sites))
    up, down = ahead - eye, eye - ahead.T
    names = [(0, "re"), *((k, part) for k in range(1, reach + 1) for part in ("re", "im"))]
    blocks = [[None] * len(names) for _ in names]
    for i, (k, part) in enumerate(names):
        for j, (other, kind) in enumerate(names):
            if k == other:
                gap = sparse.diags_array(energies - energies[(site + k) % n_sites])
                sign = 1 if part == "re" else -1
                blocks[i][j] = -rate * (k > 0) * eye if part == kind else sign * gap
            elif part == kind and abs(k - other) == 1:
                blocks[i][j] = -up if other < k else -(2 if k == 0 else 1) * down
    matrix = sparse.block_array(blocks, format="csc")
    keep = np.arange(matrix.shape[0]) > 0
    right = np.zeros(matrix.shape[0])
    right[n_sites : 2 * n_sites] = -1
    return 2 * spsolve(matrix[keep][:, keep], right[keep])[n_sites - 1 : 2 * n_sites - 1].mean()


@pytest.mark.filterwarnings("ignore:Coherences reach:frenkel.ConvergenceWarning")
@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize("n_sites", [12, 50, 100, 200, 1000])
def test_curve_against_all_baselines(benchmark, n_sites):
    """QuTiP is left out at 1000 sites, whose Liouvillian has 10¹² elements, a few of which are not zero."""
    energies = energies_of(n_sites)

    def ours():
        return frenkel.diffusivity(energies, DEPHASING, TIMES, tolerance=ACCURACY)

    D = benchmark.pedantic(ours, rounds=5, warmup_rounds=1)
    if not benchmark.enabled:  # under pytest-xdist it is not
        return
    lines, fastest = [], benchmark.stats.stats.min
    by_hand, seconds = seconds_of(lambda: band_by_hand(n_sites))
    assert np.abs(by_hand - D).max() < 2e-2 * D.max()
    lines.append(f"NumPy band, RK4 {seconds:.3f} s (x {seconds / fastest:.1f})")
    if n_sites <= 200:
        by_velocity, seconds = seconds_of(lambda: velocity_operator(n_sites), 1)
        if n_sites >= 100:  # smaller rings are closed for QuTiP, where ours repeat their disorder
            assert np.abs(by_velocity - D).max() < 2e-2 * D.max()
        assert n_sites < 200 or seconds > 5 * fastest
        lines.append(f"one mesolve of v {seconds:.2f} s (x {seconds / fastest:.1f})")
        _, seconds = seconds_of(lambda: one_start(n_sites), 1)
        lines.append(
            f"{n_sites} mesolves, extrapolated {(total := n_sites * seconds):.1f} s (x {total / fastest:.0f})"
        )
    print(f"\nD(t), {n_sites} sites: {fastest:.4f} s; " + "; ".join(lines))


@pytest.mark.filterwarnings("ignore:Coherences reach:frenkel.ConvergenceWarning")
@pytest.mark.benchmark(timer=time.process_time)
@pytest.mark.parametrize(
    ("n_sites", "rate", "reach"), [(200, 1.0, 24), (200, 0.1, 60), (200, 0.01, 118), (200, 0.001, 128)]
)
def test_constant_against_spsolve(benchmark, n_sites, rate, reach):
    energies = energies_of(n_sites)
    D = benchmark.pedantic(lambda: frenkel.diffusion_constant(energies, rate), rounds=3, warmup_rounds=1)
    if benchmark.enabled:
        solved, seconds = seconds_of(lambda: by_spsolve(n_sites, rate, reach), 1)
        assert abs(solved / D - 1) < 0.02
        ours = benchmark.stats.stats.min
        print(
            f"\nD_s, {n_sites} sites, Γ = {rate:g}: {ours:.3f} s; "
            f"spsolve {seconds:.2f} s (x {seconds / ours:.1f})"
        )
