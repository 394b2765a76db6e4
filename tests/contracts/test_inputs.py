"""Hostile arguments are refused in one grammar that names the argument; engines pushed too far say so."""

import contextlib
import itertools
import re

import frenkel
import numpy as np
import pytest
from assertions import assert_law, assert_points_at
from calls_of_package import CALLS, INF, NAN, OTHERWISE, REFUSED
from hostile import shaped
from hypothesis import given, settings
from hypothesis import strategies as st
from public import FUNCTIONS, PUBLIC

SWITCHES = {"progress"}  # true or false, whatever it is
ARGUMENTS = [
    (name, argument) for name, call in CALLS.items() for argument in call if argument not in SWITCHES
]


class Refused(Exception):
    """An argument was refused in the grammar."""


def ask(name, **changes):
    """Return the answer to a call with `changes`; raise `Refused`; fail if refused in other words."""
    try:
        return PUBLIC[name](**(CALLS[name] | changes))
    except (ValueError, TypeError) as error:
        message = str(error)
    if not re.fullmatch(r"Argument `\w+` must be .*, but is .*\.", message, re.DOTALL):
        pytest.fail(f"{name}({changes}) is refused with «{message}»")
    raise Refused(message)


def refusal(name, **changes):
    """Return the words in which a call with `changes` is refused; fail if it is not."""
    with pytest.raises(Refused) as caught:
        pytest.fail(f"{name}({changes}) is answered with {ask(name, **changes)!r}")
    return str(caught.value)


def test_every_public_function_is_in_the_table():
    assert not set(FUNCTIONS) ^ set(CALLS), f"CALLS lacks or has too many: {set(FUNCTIONS) ^ set(CALLS)}"


@pytest.mark.parametrize("name", CALLS)
def test_calls_of_the_table_are_answered_with_finite_numbers(name):
    """Otherwise a refusal below would prove nothing."""
    answer = PUBLIC[name](**CALLS[name])
    for part in answer if isinstance(answer, tuple) else (answer,):
        assert np.isfinite(part).all()


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_hostile_values_are_refused(name, argument):
    for value in OTHERWISE.get((name, argument), REFUSED[argument]):
        message = refusal(name, **{argument: value})
        named = re.match(r"Argument `(\w+)`", message)[1]
        fits = named == argument or (
            named in CALLS[name] and "of shape" in message
        )  # two shapes that disagree
        assert fits, f"{argument}={value!r} is blamed on another: {message}"


# function, an argument whose shape cannot be broadcast against that of the other, the other argument
MISMATCHES = [
    ("frenkel.polaron_hopping_rate", {"energy_difference": shaped(2), "coupling": shaped(3)}),
    ("frenkel.polaron_diffusion_constant", {"site_energies": shaped(2, 60), "coupling": shaped(3)}),
    ("frenkel.reorganization_from_linewidth", {"linewidth": shaped(2), "temperature": shaped(3)}),
    ("frenkel.transition_dipole", {"extinction": shaped(2), "refractive_index": shaped(3)}),
    ("frenkel.dipolar_coupling", {"dipole": shaped(2), "kappa": shaped(3)}),
    ("frenkel.coherence_length", {"diffusion_constant": shaped(2), "disorder": shaped(3)}),
    ("frenkel.orientation_factor", {"first": shaped(2, 3), "separation": shaped(4, 3)}),
    ("frenkel.diffusion_constant", {"site_energies": shaped(2, 60), "dephasing": shaped(3)}),
    ("frenkel.lattice_diffusion_constant", {"site_energies": shaped(2, 9), "dephasing": shaped(3)}),
    ("frenkel.exact.diffusion_constant_bounds", {"site_energies": shaped(2, 60), "dephasing": shaped(3)}),
    ("frenkel.exact.bessel_populations", {"n": shaped(2), "times": shaped(3)}),
    ("frenkel.exact.clean_msd", {"times": shaped(2), "dephasing": shaped(3)}),
    ("frenkel.exact.clean_diffusivity", {"times": shaped(2), "dephasing": shaped(3)}),
    ("frenkel.exact.clean_packet_msd", {"times": shaped(2), "width": 2 + shaped(3)}),
    ("frenkel.exact.short_time_diffusivity", {"times": shaped(2), "disorder": shaped(3)}),
    ("frenkel.exact.dimer_population", {"times": shaped(2), "dephasing": shaped(3)}),
    ("frenkel.exact.hopping_rate", {"detuning": shaped(2), "dephasing": shaped(3)}),
    ("frenkel.exact.strong_dephasing_constant", {"dephasing": shaped(2), "disorder": shaped(3)}),
    ("frenkel.exact.weak_disorder_localization_length", {"energy": shaped(2), "disorder": shaped(3)}),
    ("frenkel.exact.band_edge_localization_length", {"energy": 2 * shaped(2), "disorder": shaped(3)}),
    ("frenkel.localization_length", {"energy": shaped(2), "disorder": shaped(3)}),
    ("frenkel.turnover_temperature", {"best_dephasing": shaped(2), "phonon_coupling": shaped(3)}),
    ("frenkel.exact.dimer_transfer_efficiency", {"detuning": shaped(2), "trap_rate": shaped(3)}),
    ("frenkel.units.time_to_ps", {"time": shaped(2), "coupling": shaped(3)}),
    ("frenkel.units.time_from_ps", {"time": shaped(2), "coupling": shaped(3)}),
    ("frenkel.units.diffusivity_to_cm2_per_s", {"diffusivity": shaped(2), "spacing": shaped(3)}),
    ("frenkel.units.diffusivity_from_cm2_per_s", {"coupling": shaped(2), "spacing": shaped(3)}),
]


@pytest.mark.parametrize(("name", "changes"), MISMATCHES, ids=[name for name, _ in MISMATCHES])
def test_shapes_that_do_not_broadcast_are_refused(name, changes):
    assert f"Argument `{list(changes)[-1]}` must be broadcastable" in refusal(name, **changes)


VECTORS = {
    "frenkel.polaron_diffusion_constant",
    "frenkel.orientation_factor",
    "frenkel.diffusion_constant",
    "frenkel.lattice_diffusion_constant",
    "frenkel.exact.diffusion_constant_bounds",
    "frenkel.exact.clean_packet_msd",  # its width is 0 or at least 1, and not what the pairs are made of
}
SINGLE = {"bath", "convention", "distribution", "n_sites", "rng"}  # one for a whole call
PAIRS = [
    (name, *pair)
    for name, _ in MISMATCHES
    if name not in VECTORS
    for pair in itertools.combinations([key for key in CALLS[name] if key not in SINGLE], 2)
]


@pytest.mark.parametrize(("name", "one", "other"), PAIRS)
def test_every_pair_of_arguments_has_to_broadcast(name, one, other):
    message = refusal(name, **{one: shaped(2), other: shaped(3)})
    assert f"Argument `{other}` must be broadcastable" in message


anything = st.recursive(
    st.none() | st.text(max_size=3) | st.complex_numbers() | st.floats() | st.integers(-3, 3) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=1), inner, max_size=2),
    max_leaves=6,
)
CHEAP = [pair for pair in ARGUMENTS if pair[1] in (
    "psi0", "rho0", "H", "times", "momentum", "center", "width", "populations", "displacements", "kappa",
    "refractive_index", "msd", "first", "energy", "detuning", "values", "errors", "rng", "distribution",
    "origin",
)]  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(pair=st.sampled_from(CHEAP), value=anything)
def test_junk_is_refused_or_answered_with_finite_numbers(pair, value):
    """Whatever comes: a refusal in the grammar or an answer without NaN. Numbers that overflow may warn."""
    name, argument = pair
    answer = 0.0
    with np.errstate(all="ignore"), contextlib.suppress(Refused):
        answer = ask(name, **{argument: value})
    for part in answer if isinstance(answer, tuple) else (answer,):
        assert not np.isnan(part).any(), f"NaN out of {name}({argument}={value!r})"


@pytest.mark.parametrize(
    ("simulate", "words"),
    [
        (lambda rng: NAN, "returning array(nan)"),
        (lambda rng: np.array([1.0, INF]), "returning"),
        (lambda rng: np.ones(rng.integers(1, 4)), "returns shape"),
    ],
)
def test_simulations_that_fail_are_named(simulate, words):
    message = refusal("frenkel.ensemble_average", simulate=simulate)
    assert message.startswith("Argument `simulate`") and words in message


def test_an_ensemble_needs_a_rule_to_stop():
    assert "`n_realizations`" in refusal("frenkel.ensemble_average", rel_error=None, n_realizations=None)


def test_curves_without_a_maximum_are_refused():
    for values in ([0.0, 1.0, 2.0], [2.0, 1.0, 0.0], [1.0, 1.0, 1.0]):
        assert "`diffusivity`" in refusal("frenkel.first_maximum", diffusivity=values)


TOO_SMALL = {
    "D(t)": lambda energies: frenkel.diffusivity(energies, 0.3, [0.0, 8.0]),
    "D_s": lambda energies: frenkel.diffusion_constant(energies, 0.3),
}


@pytest.mark.parametrize("quantity", TOO_SMALL)
def test_small_ring_warns_with_the_number_of_sites_that_would_do(quantity):
    energies = frenkel.site_energies(20, 1.0, rng=1)
    with pytest.warns(frenkel.ConvergenceWarning, match=r"Use at least \d+ sites") as caught:
        TOO_SMALL[quantity](energies)
    needed = int(re.search(r"at least (\d+)", str(caught[0].message))[1])
    assert_points_at(caught, __file__)
    # The number belongs to this disorder: repeat it. Silent, or the warning would be an error here.
    TOO_SMALL[quantity](np.tile(energies, -(-needed // 20)))


def test_long_step_warns_with_the_step_that_would_do():
    H = frenkel.hamiltonian(frenkel.ring(6), np.linspace(-1, 1, 6))
    options = {"dephasing": 2.0, "n_trajectories": 2, "rng": 1}
    with pytest.warns(frenkel.ConvergenceWarning, match="`max_step` = 0.5 .* brings that down") as caught:
        frenkel.trajectories(H, np.eye(6)[0], [1.0], **options, max_step=0.5)
    good = float(re.search(r"; ([\d.e-]+) brings", str(caught[0].message))[1])
    assert_points_at(caught, __file__)
    frenkel.trajectories(H, np.eye(6)[0], [1.0], **options, max_step=good)


def test_zero_times_and_single_sites_are_no_hostile_input():
    """The least one can ask for is answered, not refused."""
    H = frenkel.hamiltonian(frenkel.chain(2))
    assert_law("state at t = 0", frenkel.evolve_state(H, [1, 0], [0.0]), [[1, 0]])
    assert_law("density at t = 0", frenkel.evolve_density(H, np.diag([1, 0]), [0.0])[0], np.diag([1, 0]))
    one = frenkel.trajectories([[0.0]], [1.0], [1.0], dephasing=1.0, n_trajectories=1, rng=1)
    assert_law("a single site", abs(one), 1)
    assert_law("D(0)", frenkel.diffusivity(np.zeros(5), 1.0, [0.0]))
