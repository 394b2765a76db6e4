"""Transfer to a trap: the dimer in closed form, QuTiP with a sink as a level, laws of the efficiency."""

import frenkel
import numpy as np
import pytest
import qutip
from assertions import assert_law
from conftest import CONVERGED, EXACT
from frenkel import exact, units
from frenkel.motion import traps
from scipy.integrate import simpson
from scipy.linalg import expm

DEPHASING = np.array([0.0, 0.3, 1.0, 5.0, 80.0])
H = frenkel.hamiltonian(frenkel.chain(4), [1.0, -0.5, 2.0, 0.3])
OPTIONS = {"traps": [0.0, 0.0, 0.0, 0.9], "loss_rate": 0.05}
START = np.diag(np.eye(4)[0])


@pytest.mark.parametrize("detuning", [0.0, 0.7, -4.0])
@pytest.mark.parametrize("trap_rate", [0.5, 4.0])  # 4: the drift of the resonant dimer has no eigenbasis
def test_dimer(detuning, trap_rate):
    dimer = frenkel.hamiltonian(frenkel.chain(2), [detuning, 0.0])
    found = traps.transfer_efficiency(dimer, 0, dephasing=DEPHASING, traps=[0.0, trap_rate], loss_rate=0.02)
    assert_law("efficiency", found, exact.dimer_transfer_efficiency(detuning, DEPHASING, trap_rate, 0.02))


def test_best_dephasing_of_the_dimer():
    """At |δε| - κ_0 - κ/2, and none for a resonant dimer."""
    dephasing = np.linspace(0, 12, 2401)
    best = dephasing[exact.dimer_transfer_efficiency(5.0, dephasing, 1.0, 0.1).argmax()]
    assert_law("best dephasing", best, 5 - 0.1 - 0.5, 0.005)
    assert (np.diff(exact.dimer_transfer_efficiency(0.0, dephasing, 1.0, 0.1)) < 0).all()


@pytest.mark.parametrize("dephasing", [0.0, 0.7])
def test_efficiency_equals_qutip_with_sink_and_ground_state(dephasing):
    """Six levels: four sites, a sink that the trap fills, a ground state that the loss fills."""
    full = np.zeros((6, 6))
    full[:4, :4] = H
    level = [qutip.basis(6, n) for n in range(6)]
    jumps = [np.sqrt(dephasing) * site.proj() for site in level[:4]] if dephasing else []
    jumps += [np.sqrt(0.05) * level[5] * site.dag() for site in level[:4]]
    jumps += [np.sqrt(0.9) * level[4] * level[3].dag()]
    times = np.linspace(0, 12, 5)
    run = qutip.mesolve(
        qutip.Qobj(full), level[0], times, jumps, e_ops=[state.proj() for state in level],
        options={"atol": 1e-11, "rtol": 1e-9, "nsteps": 100_000, "progress_bar": ""},
    )  # fmt: skip
    populations, trapped = traps.transfer_populations(H, 0, times, dephasing=dephasing, **OPTIONS)
    assert_law("site populations", populations.T, np.array(run.expect)[:4], CONVERGED)
    assert_law("trapped so far", trapped, run.expect[4], CONVERGED)
    _, late = traps.transfer_populations(H, 0, [800.0], dephasing=dephasing, **OPTIONS)
    assert_law("efficiency", traps.transfer_efficiency(H, 0, dephasing=dephasing, **OPTIONS), late)


@pytest.mark.parametrize("dephasing", [0.0, 0.7, 40.0])
def test_many_times_evenly_apart_give_what_each_of_them_gives(dephasing):
    times = np.linspace(0.3, 6, 40)
    together = traps.transfer_populations(H, START, times, dephasing=dephasing, **OPTIONS)
    alone = [traps.transfer_populations(H, START, [time], dephasing=dephasing, **OPTIONS) for time in times]
    assert_law("site populations", together[0], np.concatenate([one[0] for one in alone]))
    assert_law("trapped so far", together[1], np.concatenate([one[1] for one in alone]))


def test_mean_time_equals_an_integral_over_time():
    L = traps._liouvillian(H, np.array(0.7), np.array(OPTIONS["traps"]), OPTIONS["loss_rate"])
    step, times = expm(L * 0.02), 0.02 * np.arange(20001)
    rho, arrived = START.ravel().astype(complex), np.empty(len(times))
    for i in range(len(times)):
        arrived[i] = rho[15].real
        rho = step @ rho
    expected = simpson(times * arrived, x=times) / simpson(arrived, x=times)
    found = traps.transfer_time(H, 0, dephasing=0.7, **OPTIONS)
    assert_law("mean arrival time", found, expected, 1e-5)


def test_efficiency_keeps_its_bounds_and_what_is_not_trapped_is_lost():
    found = traps.transfer_efficiency(H, 0, dephasing=DEPHASING, **OPTIONS)
    assert ((found > 0) & (found < 1)).all()
    everywhere = traps.transfer_efficiency(H, 1, dephasing=DEPHASING, traps=np.full(4, 0.3), loss_rate=0.1)
    assert_law("the same trap on all sites takes κ/(κ + κ_0)", everywhere, 0.75)


def test_batch_equals_loop_and_matrix_equals_site():
    found = traps.transfer_efficiency(H, 0, dephasing=DEPHASING, **OPTIONS)
    single = [traps.transfer_efficiency(H, START, dephasing=rate, **OPTIONS) for rate in DEPHASING]
    assert_law("batch of dephasing rates", found, single)


def test_invariant_subspace_shelters_from_the_trap():
    """A symmetric Λ: the antisymmetric state never reaches the trap in the middle, until noise breaks it."""
    chain, dark = frenkel.hamiltonian(frenkel.chain(3)), np.array([1.0, 0.0, -1.0]) / np.sqrt(2)
    options = {"traps": [0.0, 1.0, 0.0], "loss_rate": 0.01}
    found = traps.transfer_efficiency(chain, np.outer(dark, dark), dephasing=[0.0, 1.0, 1e9], **options)
    assert_law("a dark state", found[0], 0.0)
    assert found[1] > 0.9 and found[2] < 1e-4, "noise opens the trap, too much noise closes it"


def test_fmo_hamiltonian_is_symmetric_with_the_published_sums():
    """Sums added by hand from the published table; pigment 3 is the exit."""
    fmo = traps.fmo_hamiltonian()
    assert_law("symmetry", fmo, fmo.T)
    assert np.trace(fmo) == 1550 and np.triu(fmo, 1).sum() == pytest.approx(-140.0)
    assert abs(np.linalg.eigh(fmo)[1][2, 0]) ** 2 > 0.75, "the lowest exciton sits on pigment 3"


@pytest.mark.parametrize("start", [0, 5])
def test_fmo_is_assisted_by_noise(start):
    """The efficiency rises to 99 % near Γ = 130 cm⁻¹ and falls again."""
    rate, dephasing = units.WAVENUMBER_PER_PS, np.array([0.0, 1.0, 130.0, 1e4])
    exit = rate * np.eye(7)[2]
    found = traps.transfer_efficiency(
        traps.fmo_hamiltonian(), start, dephasing=dephasing, traps=exit, loss_rate=rate / 1000
    )
    assert found[0] < found[1] < found[2] > found[3] and round(found[2], 2) == 0.99


def test_wavenumbers():
    from scipy.constants import c, h, hbar

    assert_law("ħ/ps in cm⁻¹", units.WAVENUMBER_PER_PS, hbar * 1e12 / (h * c * 100), 1e-9)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"initial": 4}, "initial"),
        ({"initial": np.eye(4)}, "initial"),
        ({"dephasing": -1.0}, "dephasing"),
        ({"traps": [1.0]}, "traps"),
        ({"traps": [-1.0, 0, 0, 0]}, "traps"),
        ({"loss_rate": 0.0}, "loss_rate"),
        ({"H": np.zeros((41, 41))}, "H"),
    ],
)
def test_bad_arguments_are_named(changes, named):
    with pytest.raises(ValueError, match=f"Argument `{named}` must be .*, but is"):
        traps.transfer_efficiency(**{"H": H, "initial": 0, "dephasing": 1.0, **OPTIONS, **changes})


def test_a_trap_out_of_reach_has_no_arrival_time():
    with pytest.raises(ValueError, match="Argument `traps` must be within reach"):
        traps.transfer_time(np.diag([0.0, 1.0]), 0, dephasing=1.0, traps=[0.0, 1.0], loss_rate=0.1)
    assert_law("nothing arrives", traps.transfer_efficiency(
        np.diag([0.0, 1.0]), 0, dephasing=1.0, traps=[0.0, 1.0], loss_rate=0.1), 0, EXACT)  # fmt: skip
