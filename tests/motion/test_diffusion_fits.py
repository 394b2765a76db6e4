"""J and Δ from D_s(T), and the best dephasing: right within their errors on data that D_s makes."""

import contextlib
import re
from unittest import mock

import frenkel
import numpy as np
import pytest
from assertions import assert_law, assert_points_at
from conftest import ROOT
from frenkel.motion.diffusion_fits import diffusion_curve
from frenkel.states.linewidths import dephasing_rate

T = np.array([70.0, 100.0, 130.0, 190.0, 298.0])
HELD = {"spacing": 9.9, "dephasing": lambda T: dephasing_rate(T, 62.6)}
TRUTH = np.array([4.0, 11.0])


def pulls(n_sets, n_sites):
    """(fit - truth) / error of J and Δ for data sets of D_s with errors of 8 %, from *other* disorder.

    The fits start at the truth, which takes half as long as the way there (`test_the_start_is_free`).
    """
    exact = diffusion_curve(T, *TRUTH, **HELD, n_sites=40_000, rng=100)
    rng, found = np.random.default_rng(7), []
    for seed in range(n_sets):
        data = exact * (1 + 0.08 * rng.standard_normal(len(T)))
        fit = frenkel.fit_diffusion(T, data, 0.08 * exact, **HELD, start=TRUTH, n_sites=n_sites, rng=seed)
        found.append((np.array([fit.coupling, fit.disorder]) - TRUTH) / np.sqrt(np.diag(fit.covariance)))
    return np.array(found)


def assert_coverage(pulls):
    """68 % within one error, 95 % within two (sixteen rings make their own share nearly Gaussian)."""
    held = (np.abs(pulls) < 1).sum(axis=0), (np.abs(pulls) < 2).sum(axis=0)
    print(f"\nof {len(pulls)}: J and Δ right within one error in {held[0]}, within two in {held[1]}")
    for count, share in zip(held, (0.683, 0.954), strict=True):
        off = np.abs(count / len(pulls) - share).max()
        assert off < 3 * np.sqrt(share * (1 - share) / len(pulls)), f"{count} of {len(pulls)}, not {share}"


@pytest.mark.slow
def test_data_without_noise_give_back_what_made_them():
    D = diffusion_curve(T, *TRUTH, **HELD, n_sites=800)
    fit = frenkel.fit_diffusion(T, D, 0.08 * D, **HELD, n_sites=800)
    errors = np.sqrt(np.diag(fit.covariance))
    assert_law("J and Δ", (np.array([fit.coupling, fit.disorder]) - TRUTH) / errors, 0, 0.05)
    assert 0.02 < errors[0] / TRUTH[0] < 0.05 and 0.04 < errors[1] / TRUTH[1] < 0.1  # from five errors of 8 %
    assert 0.5 < fit.covariance[0, 1] / errors.prod() < 1  # more disorder, more coupling: the same height


@pytest.mark.slow
def test_the_start_is_free():
    """From too little disorder and from too much, with all errors of the data on one side."""
    D = 1.08 * diffusion_curve(T, *TRUTH, **HELD, n_sites=800)
    fits = [
        frenkel.fit_diffusion(T, D, 0.08 * D, **HELD, start=start, n_sites=800, rng=1)
        for start in (TRUTH, (10, 10), (2, 20))
    ]
    for fit in fits[1:]:
        off = np.array([fit.coupling - fits[0].coupling, fit.disorder - fits[0].disorder])
        assert_law("J and Δ", off / np.sqrt(np.diag(fits[0].covariance)), 0, 0.01)
        assert_law("covariance", fit.covariance / fits[0].covariance, 1, 0.02)


@pytest.mark.slow
def test_error_bars_hold_in_95_of_100():
    """The whole claim, once in `make test`; the sample of disorder is small, so that its own error counts."""
    assert_coverage(pulls(100, 800))


@pytest.mark.slow
def test_short_rings_are_not_flattered():
    """Rings of 50 and of 2500 sites: means of D_s over rings would be 5 % apart at 70 K."""
    short = [diffusion_curve(T[:1], *TRUTH, **HELD, n_sites=800, rng=seed) for seed in range(40)]
    long = diffusion_curve(T[:1], *TRUTH, **HELD, n_sites=40_000, rng=100)
    off, error = np.mean(short) / long - 1, np.std(short, ddof=1) / np.sqrt(40) / long
    assert error < 0.012 and abs(off) < 3 * error, f"off by {off}, with an error of {error}"


@pytest.mark.slow
def test_the_sample_of_disorder_has_its_share_in_the_error():
    exact = diffusion_curve(T, *TRUTH, **HELD, n_sites=1000)
    small, large = (
        frenkel.fit_diffusion(T, exact, 1e-3 * exact, **HELD, n_sites=n, start=(4, 11)).covariance[1, 1]
        for n in (320, 5120)
    )
    assert 4 < small / large < 64, f"16 times the variance with a 16th of the sites: {small:.3g}, {large:.3g}"


def test_curve_is_that_of_rings_in_series_in_laboratory_units():
    energies = frenkel.site_energies(25, 11.0 / 4.0, rng=0, shape=(16,))
    rates = dephasing_rate(T, 62.6) / 4.0
    D = 1 / (1 / frenkel.diffusion_constant(energies, rates[:, None], tolerance=2e-3)).mean(axis=1)
    expected = frenkel.units.diffusivity_to_cm2_per_s(D, 4.0, 9.9)
    assert_law("D_s(T)", diffusion_curve(T, *TRUTH, **HELD, n_sites=400), expected, 1e-9)


def test_cold_curve_is_proportional_to_the_dephasing():
    cold = np.array([7.0, 8.0])
    D = diffusion_curve(cold, *TRUTH, **HELD, n_sites=1600)
    assert_law("D_s / Γ", D[1] / D[0] / np.divide(*dephasing_rate(cold[::-1], 62.6)), 1, 1e-9)


@pytest.mark.slow
def test_data_that_do_not_tell_have_wide_errors_or_no_answer():
    """A constant that rises as Γ at all temperatures has no turnover: any Δ beyond the largest Γ would do."""
    D = 1e-3 * dephasing_rate(T, 62.6)
    with contextlib.suppress(RuntimeError):
        fit = frenkel.fit_diffusion(T, D, 0.01 * D, **HELD, n_sites=400, start=(10, 400))
        assert np.sqrt(fit.covariance[1, 1]) > 0.2 * fit.disorder, fit


def test_rings_too_short_are_named_by_what_the_caller_gave():
    with pytest.warns(frenkel.ConvergenceWarning, match="Try `n_sites` = 1280,") as caught:
        diffusion_curve([40.0], 8.0, 8.0, **HELD, n_sites=320)
    assert_points_at(caught, __file__, "diffusion_curve(")


def test_best_dephasing_is_the_maximum_within_its_error():
    for disorder, n_sites in ((1.0, 300), (5.0, 60)):
        rings = frenkel.site_energies(n_sites, disorder, rng=3, shape=(8,))
        best, _ = frenkel.best_dephasing(rings)
        rates = best * np.array([0.9, 1.0, 1.1])
        below, at, above = frenkel.diffusion_constant(rings, rates[:, None], tolerance=1e-6).mean(axis=1)
        shift = (above - below) / (2 * at - above - below) / 2  # of the vertex, in steps of a tenth
        assert abs(shift) < 0.05, f"Γ* is off by {10 * shift:.1f} %"


@pytest.mark.slow
def test_error_of_the_best_dephasing_is_its_scatter_between_samples():
    found = np.array([frenkel.best_dephasing(frenkel.site_energies(60, 4.0, rng=seed, shape=(12,)))
                      for seed in range(40)])  # fmt: skip
    ratio = found[:, 0].std(ddof=1) / np.sqrt((found[:, 1] ** 2).mean())
    assert_law("scatter over error", ratio, 1, 4 / np.sqrt(2 * 39))


def test_the_script_of_the_reference_runs(tmp_path, monkeypatch):
    import matplotlib

    matplotlib.use("Agg")
    page = (ROOT / "book/pages/library.md").read_text("utf-8")
    script = re.search(r"```python\n(import frenkel, matplotlib.*?)```", page, re.DOTALL)[1]
    assert len([line for line in script.splitlines() if line]) <= 10, "a researcher's script has ten lines"
    D = diffusion_curve(T, *TRUTH, **HELD, n_sites=1000)
    np.savetxt(tmp_path / "measured.txt", np.stack([T, D, 0.08 * D], axis=1))
    monkeypatch.chdir(tmp_path)
    scope = {}
    with mock.patch("builtins.print"):
        exec(script, scope)
    assert abs(scope["fit"].coupling / 4 - 1) < 0.05
