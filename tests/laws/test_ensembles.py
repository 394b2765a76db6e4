"""Averages over disorder and noise: error bars that can be trusted, and the numbers they belong to.

All seeds are fixed: a test that passes once passes always. Comparisons of two estimates allow a number of
standard errors of their *difference*, the two errors added in quadrature.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import frenkel
import numpy as np
import pytest
from assertions import populations
from frenkel import exact

GRID = np.linspace(0, 6, 61)


RATES = np.array([0.1, 0.3, 1.0, 3.0, 5.0])


@pytest.fixture(scope="module")
def checked_constants():
    """D_s of an endless chain at Δ = 1 and `RATES`, and its error, from 32 rings of 1000 sites.

    Bonds conduct in series, so the resistance 1/D_s of a ring follows the mean δε² of its bonds, whose
    average over all rings is known: the line through the rings is read there, at 2.
    """
    energies = frenkel.site_energies(1000, 1.0, rng=1, shape=(32,))
    steps = ((energies - np.roll(energies, 1, axis=-1)) ** 2).mean(axis=-1) - 2
    constants, errors = [], []
    for of_rings in frenkel.diffusion_constant(energies, RATES[:, None]):
        slope, resistance = np.polyfit(steps, 1 / of_rings, 1)
        scatter = np.std(1 / of_rings - slope * steps, ddof=2) / np.sqrt(len(steps))
        constants.append(1 / resistance)
        errors.append(scatter / resistance**2)
    return np.array(constants), np.array(errors)


# An independent program: 194 rings of 120 sites, coherences by distance as a continued fraction of matrices,
# read at mean δε² = 2 as above.
@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "value", "error"),
    [(0, 0.818, 0.006), (1, 1.111, 0.004), (2, 1.0075, 0.001), (3, 0.56498, 5e-5), (4, 0.37291, 1e-5)],
)
def test_checked_diffusion_constants(checked_constants, column, value, error):
    mean, own = checked_constants[0][column], checked_constants[1][column]
    assert own <= 0.01 * mean, f"standard error {own / mean:.1%} exceeds 1 %"
    assert abs(mean - value) <= 3 * np.hypot(own, error), f"D_s = {mean:.5f}({own:.5f}), not {value}({error})"


def test_strong_dephasing_constant_of_an_ensemble(checked_constants):
    """The closed limit is a lower bound; at Γ = 5 it misses less than a hundredth."""
    bound, mean = exact.strong_dephasing_constant(5.0, 1.0), checked_constants[0][4]
    assert bound < mean < 1.01 * bound, (bound, mean)


def d_of_one_ring(rng, dephasing):
    return frenkel.diffusivity(frenkel.site_energies(400, 1.0, rng=rng), dephasing, GRID)


def d_of_one_start(rng, dephasing):
    """D(t) from the middle of one chain under one noise: the paper's method, nothing averaged beforehand."""
    lattice = frenkel.chain(49)
    H = frenkel.hamiltonian(lattice, frenkel.site_energies(49, 1.0, rng=rng))
    start = frenkel.wave_packet(49, 24)
    psi = frenkel.trajectories(H, start, GRID, dephasing=dephasing, n_trajectories=1, rng=rng, max_step=0.1)[
        0
    ]
    squares = frenkel.displacements(lattice, 24)[:, 0] ** 2
    return (psi.conj() * (psi @ H)).imag @ squares


@pytest.mark.slow
@pytest.mark.parametrize(("dephasing", "d_max", "t_max"), [(0.0, 2.24, 2.4), (0.1, 2.1, 3.0)])
def test_first_maximum(dephasing, d_max, t_max):
    """The fast engine on whole rings against sampled single starts, at five times and at the maximum.

    D of a single start scatters by 1.0, and `d_max`, `t_max` are rough figures from such starts: they may
    be off by a quarter, which is the error of 16 of them.
    """
    fast = frenkel.ensemble_average(lambda rng: d_of_one_ring(rng, dephasing), n_realizations=24, rng=5)
    slow = frenkel.ensemble_average(lambda rng: d_of_one_start(rng, dephasing), n_realizations=500, rng=6)
    off = (abs(fast.mean - slow.mean) / np.hypot(fast.standard_error, slow.standard_error))[8::13]
    assert off.max() <= 4, f"whole rings and single starts differ by {off} standard errors"
    own_max, own_time = frenkel.first_maximum(GRID, fast.mean)
    assert abs(own_max - d_max) <= 0.25 and abs(own_time - t_max) <= 0.6, (own_max, own_time)


@pytest.mark.slow
def test_noise_lowers_the_first_maximum_and_lifts_the_end():
    """Without noise the exciton is localized: D falls to zero; with noise it goes on."""
    energies = frenkel.site_energies(400, 1.5, rng=2, shape=(4,))
    times = np.linspace(0, 30, 61)
    still, noisy = (frenkel.diffusivity(energies, rate, times).mean(axis=0) for rate in (0.0, 0.5))
    assert noisy.max() < still.max(), "noise raised the first maximum"
    assert abs(still[-1]) < 0.1 and abs(noisy[-1] - noisy[-20]) < 0.05 < noisy[-1], (still[-1], noisy[-1])


def test_error_of_trajectories_is_that_of_their_scatter():
    """(mean - truth) / SE over 60 seeds has variance 1: 4 standard errors of a sample variance, √(2/60)."""
    H = frenkel.hamiltonian(frenkel.chain(2), [0.5, -0.5])
    truth = populations(frenkel.evolve_density(H, np.diag([1.0, 0.0]), [2.0], dephasing=0.6))[0, 0]
    scores = []
    for seed in range(60):
        psi = frenkel.trajectories(H, [1, 0], [2.0], dephasing=0.6, n_trajectories=200, rng=seed)
        first = abs(psi[:, 0, 0]) ** 2
        scores.append((first.mean() - truth) / (first.std(ddof=1) / np.sqrt(200)))
    assert abs(np.mean(scores)) <= 4 / np.sqrt(60), "trajectories are biased"
    assert abs(np.var(scores) - 1) <= 4 * np.sqrt(2 / 60), f"variance of z is {np.var(scores):.2f}"


def curve(rng):
    return rng.normal([3.0, -1.0, 0.0], [1.0, 2.0, 0.1])


def test_standard_error_covers_the_truth():
    """Of 400 averages of 25 numbers, 1.96 SE cover the mean in 93.8 % (Student's t), ± 4 binomial errors."""
    hits = 0
    for seed in range(400):
        mean, error, count = frenkel.ensemble_average(
            lambda rng: rng.normal(3.0, 0.5), n_realizations=25, rng=seed
        )
        hits += abs(mean - 3.0) < 1.96 * error
        assert count == 25
    assert abs(hits / 400 - 0.938) < 4 * np.sqrt(0.938 * 0.062 / 400), f"coverage is {hits / 400:.1%}"


def test_mean_and_standard_error_are_the_textbook_ones():
    drawn = []
    average = frenkel.ensemble_average(
        lambda rng: drawn.append(curve(rng)) or drawn[-1], n_realizations=37, rng=3
    )
    assert np.allclose(average.mean, np.mean(drawn, axis=0), rtol=1e-13)
    assert np.allclose(average.standard_error, np.std(drawn, axis=0, ddof=1) / np.sqrt(37), rtol=1e-13)
    assert len(np.unique(drawn)) == 3 * 37, "realizations repeat each other's random numbers"


@pytest.fixture(scope="module")
def serial():
    return frenkel.ensemble_average(curve, rel_error=0.05, rng=7)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("pool", ["thread", "process"])
def test_same_bits_with_every_executor(serial, pool, workers):
    options = {} if pool == "thread" else {"mp_context": multiprocessing.get_context("spawn")}
    kind = {"thread": ThreadPoolExecutor, "process": ProcessPoolExecutor}[pool]
    with kind(workers, **options) as executor:
        average = frenkel.ensemble_average(curve, rel_error=0.05, rng=7, executor=executor)
    assert average.n_realizations == serial.n_realizations
    assert np.array_equal(average.mean, serial.mean), "the mean depends on the executor"
    assert np.array_equal(average.standard_error, serial.standard_error), "the error depends on the executor"


def test_ensemble_stops_at_the_wanted_precision():
    for wanted in (0.05, 0.02):
        average = frenkel.ensemble_average(curve, rel_error=wanted, rng=7)
        assert average.standard_error.max() <= wanted * abs(average.mean).max()
        expected = (2.0 / (wanted * 3.0)) ** 2
        assert 0.7 * expected < average.n_realizations < 1.4 * expected + 16, average.n_realizations
    capped = frenkel.ensemble_average(curve, rel_error=0.05, n_realizations=2000, rng=7)
    assert capped.n_realizations < 2000, "`rel_error` was reached but did not stop the run"


def test_ensemble_that_stops_short_says_what_would_do():
    with pytest.raises(RuntimeError, match=r"64 realizations .* about \d+ would do") as caught:
        frenkel.ensemble_average(curve, rel_error=0.02, n_realizations=64, rng=7)
    needed = int(str(caught.value).split("about ")[1].split()[0])
    frenkel.ensemble_average(curve, rel_error=0.02, n_realizations=int(1.3 * needed), rng=7)


def test_progress_bar_changes_nothing(serial, capsys):
    average = frenkel.ensemble_average(curve, rel_error=0.05, rng=7, progress=True)
    assert np.array_equal(average.mean, serial.mean)
    assert "realization" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("distribution", "deviation", "kurtosis"), [("gaussian", 1.4, 3.0), ("box", 1.4 / np.sqrt(12), 1.8)]
)
def test_moments_of_site_energies(distribution, deviation, kurtosis):
    """Four standard errors each, for 200 000 independent numbers."""
    n = 200_000
    energies = frenkel.site_energies(n // 4, 1.4, distribution=distribution, rng=1, shape=(2, 2))
    assert energies.shape == (2, 2, n // 4)
    e = energies.ravel() / deviation
    assert abs(e.mean()) < 4 / np.sqrt(n)
    assert abs(e.var() - 1) < 4 * np.sqrt((kurtosis - 1) / n)
    assert abs((e**4).mean() - kurtosis) < 4 * (e**4).std() / np.sqrt(n)
    assert abs((e[1:] * e[:-1]).mean()) < 4 / np.sqrt(n), "neighbors are correlated"
    assert len(np.unique(e)) == n
