"""What would take an hour is refused at once; the bound does not move with the request, and is accepted."""

import re
import time

import frenkel
import numpy as np
import pytest
from frenkel._engines import convergence
from frenkel.motion import ring_diffusion
from frenkel.states import superradiance

H = frenkel.hamiltonian(frenkel.chain(3))
LONG = frenkel.site_energies(30_000, 1.0, rng=1)
CALLS = {  # name: (a call with one number, numbers that ask for too much)
    "trajectories": (
        lambda step: frenkel.trajectories(
            H, [1, 0, 0], [1.0], dephasing=0.5, n_trajectories=2, rng=1, max_step=step
        ),
        (1e-9, 1e-10),
    ),
    "colored_trajectories": (
        lambda step: frenkel.colored_trajectories(
            H, [1, 0, 0], [1.0], amplitude=0.5, correlation_time=1.0, n_trajectories=2, rng=1, max_step=step
        ),
        (1e-9, 1e-10),
    ),
    "current_spectrum": (
        lambda levels: frenkel.current_spectrum(frenkel.site_energies(60, 1.0, rng=1), n_levels=levels),
        (5000, 20_000),
    ),
    "diffusivity": (lambda t: frenkel.diffusivity(LONG, 0.3, [0.5, t]), (1e4, 1e6)),
    "diffusion_constant": (lambda rate: frenkel.diffusion_constant(LONG, rate), (1e-3, 1e-4, 1e-6)),
    "localization_length": (lambda d: frenkel.localization_length(0, d, n_sites=1000, rng=1), (1e-4, 1e-5)),
}


def bounds_of(call, requests):
    """The refusals of all requests, and the numbers that they name."""
    words = []
    for request in requests:
        start = time.process_time()
        with pytest.raises(ValueError, match=r"^Argument `\w+` must be") as refused:
            call(request)
        assert time.process_time() - start < 5, "it was computed first"
        words.append(str(refused.value).split(", but is")[0])
    return words


@pytest.mark.parametrize("name", CALLS)
def test_what_would_take_an_hour_is_refused(name):
    bounds_of(*CALLS[name])


@pytest.mark.parametrize("name", ["current_spectrum", "diffusivity", "diffusion_constant"])
def test_bounds_do_not_move_with_the_request(name):
    words = {re.sub(r" \(or .*\)", "", refusal) for refusal in bounds_of(*CALLS[name])}
    assert len(words) == 1, f"three requests, several bounds: {words}"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Coherences reach:frenkel.ConvergenceWarning")  # fewer sites may be few
def test_fewer_sites_that_are_named_are_accepted(monkeypatch):
    monkeypatch.setattr(ring_diffusion, "MOST_UPDATES", convergence.MOST_UPDATES / 300)
    energies = np.tile(frenkel.site_energies(400, 1.0, rng=1), 10)
    for call in (
        lambda energies: frenkel.diffusion_constant(energies, 0.02),
        lambda energies: frenkel.diffusivity(energies, 0.3, [30.0]),
    ):
        with pytest.raises(ValueError, match="or the sites at most") as refused:
            call(energies)
        fewer = int(float(re.search(r"at most ([\d.e+]+)\)", str(refused.value))[1]))
        call(energies[:fewer])


def test_weak_noise_and_long_times_end(monkeypatch):
    """D(t) without noise: how far coherences reach is found on the way, within the budget."""
    monkeypatch.setattr(ring_diffusion, "MOST_UPDATES", convergence.MOST_UPDATES / 100)
    with pytest.raises(ValueError, match=r"Argument `times` must be at most \d+ for 300 sites"):
        frenkel.diffusivity(frenkel.site_energies(300, 0.2, rng=1), 0, [10, 1000])


def test_a_mean_of_zero_ends():
    with pytest.raises(RuntimeError, match="cannot be told from zero: 1024 realizations"):
        frenkel.ensemble_average(lambda rng: rng.normal(), rel_error=0.1, rng=1)
    few = frenkel.ensemble_average(lambda rng: rng.normal(0.1), rel_error=0.1, n_realizations=20_000, rng=1)
    assert few.n_realizations > 1024, "with a limit of its own it goes on"


def test_advice_on_localization_is_accepted():
    with pytest.raises(ValueError, match="`disorder` must be at least") as refused:
        frenkel.localization_length(0, 1e-4, rng=1, n_sites=1000)
    enough = float(re.search(r"at least ([\d.e-]+),", str(refused.value))[1])
    with pytest.raises(RuntimeError, match="`n_sites` = ") as advised:
        frenkel.localization_length(0, enough, rng=1, n_sites=1000)
    assert float(re.search(r"`n_sites` = ([\d.e+]+) ", str(advised.value))[1]) <= 1.5e10


def test_a_number_beside_its_rule_shows_what_is_wrong():
    with pytest.raises(ValueError, match=r"normalized to 1, but is 1\.00000\d"):
        frenkel.evolve_state(H, [1 + 1e-6, 0, 0], [1.0])
    with pytest.raises(ValueError, match=r"of trace 1, but is 0\.99999\d"):
        frenkel.evolve_density(H, (1 - 1e-6) * np.eye(3) / 3, [1.0])
    with pytest.raises(ValueError, match=r"trace 1"):
        superradiance.coherence_number((1 + 1e-3) * np.eye(3) / 3)
