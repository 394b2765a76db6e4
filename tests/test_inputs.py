"""Hostile arguments are refused in one grammar that names the argument; engines pushed too far say so.

A new public function needs one row in `CALLS`; what its arguments must refuse follows from their names,
or from `OTHERWISE` where a name is used in another sense.
"""

import contextlib
import itertools
import re

import frenkel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import assert_law
from test_library import FUNCTIONS, PUBLIC

NAN, INF = float("nan"), float("inf")
JUNK = [None, "x", "", object(), {}, [], [[]], ["a", "b"], [None, 1.0], [[1.0], [1.0, 2.0]], NAN, INF,
        [0.0, -INF], np.array([1.0, NAN])]  # fmt: skip
REAL = [*JUNK, 1j, [1.0 + 0.5j, 0.0]]
NON_NEGATIVE = [*REAL, -0.3, [1.0, -1e-9]]
POSITIVE = [*NON_NEGATIVE, 0.0, 0, [1.0, 0.0]]
ONE = [[1.0, 2.0], np.ones((1, 1))]  # where a single number is wanted
WHOLE = [None, "x", "3", [], [3], 2.5, 3.0, NAN, INF, 1j, True, -1, np.float64(3), np.array([3])]
VECTOR = [*REAL, 1.0, [1.0, 2.0], [0.0, 0.0, 0.0], [1.0, 2.0, 3.0, 4.0]]
SQUARE = np.eye(3)

REFUSED = {
    "H": [*JUNK, 1.0, [1.0, 2.0], [[0, 1], [0, 0]], np.ones((2, 3)), np.ones((2, 2, 2)), SQUARE * NAN,
          1j * SQUARE, frenkel.hamiltonian(frenkel.chain(3), format="sparse") * NAN],
    "psi0": [*JUNK, 1.0, [1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0], [[1.0, 0.0]], [NAN, 0.0, 0.0]],
    "rho0": [*JUNK, 1.0, [1.0, 0.0, 0.0], SQUARE, -SQUARE / 3, np.diag([1.5, -0.5, 0.0]), np.eye(2) / 2,
             SQUARE / 3 + 0.1j, np.diag([1.0, 0.0, NAN])],
    "times": [*REAL, 3.0, [[0.0, 1.0]], [-1.0, 0.0], [1.0, 1.0], [2.0, 1.0], [0.0, NAN]],
    "site_energies": [*REAL, np.ones((0, 3)), np.ones((3, 0))],
    "dephasing": [*NON_NEGATIVE, *ONE],
    "disorder": [*NON_NEGATIVE, *ONE],
    "tolerance": [*POSITIVE, *ONE],
    "max_step": [value for value in [*POSITIVE, *ONE] if value is not None],
    "rel_error": [*[value for value in POSITIVE if value is not None], *ONE],
    "width": [*NON_NEGATIVE, *ONE],
    "momentum": [*REAL, *ONE],
    "center": [*REAL, *ONE, -1.0, 3.0, 1.5],
    "n_sites": WHOLE,
    "n_trajectories": [*WHOLE, 0],
    "n_realizations": [*[value for value in WHOLE if value is not None], 0, 1],
    "n_samples": [*WHOLE, 0],
    "n_levels": [*WHOLE, 0],
    "origin": [*WHOLE, 3, 100],
    "radius": [*WHOLE, 0],
    "rng": ["x", -1, 2.5, [-1], object()],
    "shape": [-1, 2.5, "x", None, [2.5], (1, -1)],
    "distribution": ["cauchy", None, 3, [], np.array(["gaussian", "box"])],
    "format": ["csr", None, 3, []],
    "convention": ["cgs", None, 3, []],
    "profile": ["point", None, 3, []],
    "dimension": [0, 4, None, "x", [], 1.5, 2.0, True, NAN, np.array([1, 2])],
    "lattice": [None, "x", 3, [], SQUARE],
    "simulate": [None, 3, "x"],
    "function": [None, 3, "x"],
    "executor": [3, "x", dict],
    "checkpoint": [3, 1.5, [], {}, "missing/run.npz", "."],
    "extinction": POSITIVE, "linewidth": POSITIVE, "peak_energy": POSITIVE, "refractive_index": POSITIVE,
    "distance": POSITIVE, "coupling": POSITIVE, "spacing": POSITIVE, "size": [*POSITIVE, *ONE],
    "dipole": NON_NEGATIVE, "temperature": NON_NEGATIVE, "diffusion_constant": NON_NEGATIVE,
    "kappa": REAL, "time": REAL, "diffusivity": REAL, "msd": REAL, "n": REAL, "detuning": REAL,
    "energy": [*REAL, 2.0, -3.0, [0.0, 2.5]],
    "first": VECTOR, "second": VECTOR, "separation": VECTOR, "direction": VECTOR,
    "populations": [*REAL, 1.0, [0.5, 0.5], [1.5, -0.5, 0.0], np.ones((3, 2))],
    "displacements": [*REAL, 1.0, [1.0, 2.0], np.ones((2, 2))],
    "values": [*REAL, 1.0, [[1.0]], [1.0, 2.0]],
    "errors": [*NON_NEGATIVE, 1.0, [1.0, 2.0]],
}  # fmt: skip
OTHERWISE = {
    ("frenkel.diffusion_constant", "dephasing"): POSITIVE,
    ("frenkel.diffusion_constant", "site_energies"): [*REFUSED["site_energies"], 1.0],
    ("frenkel.diffusivity", "site_energies"): [*REFUSED["site_energies"], 1.0],
    ("frenkel.current_spectrum", "site_energies"): [*REFUSED["site_energies"], 1.0],
    ("frenkel.hamiltonian", "site_energies"): [*REFUSED["site_energies"], [1.0, 2.0], np.ones((3, 2))],
    ("frenkel.coherence_length", "dephasing"): POSITIVE,
    ("frenkel.coherence_length", "disorder"): NON_NEGATIVE,
    ("frenkel.first_maximum", "diffusivity"): [*REAL, 1.0, [1.0, 2.0], [0.0, 1.0, 2.0], np.ones((2, 3))],
    ("frenkel.coherence_length_bound", "diffusivity"): [
        *REAL,
        1.0,
        [1.0, 2.0],
        [0.0, 1.0, 2.0],
        np.ones((2, 3)),
    ],
    ("frenkel.coherence_length_bound", "times"): [*REFUSED["times"], [1.0, 2.0, 3.0]],
    ("frenkel.diffusivity_from_msd", "msd"): [*REAL, 1.0, [1.0, 2.0]],
    ("frenkel.chain", "n_sites"): [*WHOLE, 0, 1],
    ("frenkel.ring", "n_sites"): [*WHOLE, 0, 2],
    ("frenkel.site_energies", "n_sites"): [*WHOLE, 0],
    ("frenkel.wave_packet", "n_sites"): [*WHOLE, 0],
    ("frenkel.exact.bessel_populations", "times"): NON_NEGATIVE,
    ("frenkel.exact.clean_msd", "times"): NON_NEGATIVE,
    ("frenkel.exact.clean_msd", "dephasing"): NON_NEGATIVE,
    ("frenkel.exact.clean_diffusivity", "times"): NON_NEGATIVE,
    ("frenkel.exact.clean_diffusivity", "dephasing"): NON_NEGATIVE,
    ("frenkel.exact.dimer_population", "times"): NON_NEGATIVE,
    ("frenkel.exact.dimer_population", "dephasing"): NON_NEGATIVE,
    ("frenkel.exact.hopping_rate", "dephasing"): POSITIVE,
    ("frenkel.exact.strong_dephasing_constant", "dephasing"): POSITIVE,
    ("frenkel.exact.strong_dephasing_constant", "disorder"): NON_NEGATIVE,
    ("frenkel.exact.diffusion_constant_bounds", "dephasing"): POSITIVE,
    ("frenkel.exact.diffusion_constant_bounds", "site_energies"): [*REFUSED["site_energies"], 1.0],
    ("frenkel.exact.weak_disorder_localization_length", "disorder"): POSITIVE,
}

CHAIN = frenkel.chain(3)
MATRIX = frenkel.hamiltonian(CHAIN, [0.3, 0.0, -0.2])
ENERGIES = frenkel.site_energies(60, 1.0, rng=1)
CURVE = {"times": [0.0, 1.0, 2.0], "diffusivity": [0.0, 1.0, 0.5]}
CALLS = {
    "frenkel.chain": {"n_sites": 3},
    "frenkel.ring": {"n_sites": 3},
    "frenkel.displacements": {"lattice": CHAIN, "origin": 1},
    "frenkel.hamiltonian": {"lattice": CHAIN, "site_energies": [1.0, 2.0, 3.0], "format": "dense"},
    "frenkel.site_energies": {"n_sites": 3, "disorder": 1.0, "distribution": "box", "rng": 1, "shape": (2,)},
    "frenkel.wave_packet": {"n_sites": 3, "center": 1.0, "width": 0.0, "momentum": 0.5},
    "frenkel.evolve_state": {"H": MATRIX, "psi0": [1, 0, 0], "times": [0.0, 1.0]},
    "frenkel.evolve_density": {"H": MATRIX, "rho0": SQUARE / 3, "times": [0.0, 1.0], "dephasing": 0.5},
    "frenkel.trajectories": {"H": MATRIX, "psi0": [1, 0, 0], "times": [0.0, 1.0], "dephasing": 0.5,
                             "n_trajectories": 2, "rng": 1, "max_step": 0.05},
    "frenkel.diffusivity": {"site_energies": ENERGIES, "dephasing": 3.0, "times": [0.0, 1.0],
                            "tolerance": 1e-2},
    "frenkel.diffusion_constant": {"site_energies": ENERGIES, "dephasing": 3.0, "tolerance": 1e-2},
    "frenkel.current_spectrum": {"site_energies": ENERGIES, "n_levels": 4},
    "frenkel.ensemble_average": {"simulate": lambda rng: rng.normal(5.0), "rel_error": 0.5,
                                 "n_realizations": 40, "rng": 1, "executor": None, "progress": False,
                                 "checkpoint": None},
    "frenkel.mean_squared_displacement": {"populations": [0.2, 0.3, 0.5], "displacements": [-1.0, 0.0, 1.0]},
    "frenkel.diffusivity_from_msd": {"times": [0.0, 1.0, 2.0], "msd": [0.0, 1.0, 3.0]},
    "frenkel.first_maximum": CURVE,
    "frenkel.coherence_length_bound": CURVE,
    "frenkel.coherence_length": {"diffusion_constant": 1.0, "dephasing": 0.5, "disorder": 1.0},
    "frenkel.transition_dipole": {"extinction": 1e7, "linewidth": 80.0, "peak_energy": 2500.0,
                                  "refractive_index": 1.9},
    "frenkel.dipolar_coupling": {"dipole": 80.0, "distance": 10.0, "refractive_index": 1.9, "kappa": -2.0,
                                 "convention": "si"},
    "frenkel.orientation_factor": {"first": [1, 0, 0], "second": [0, 1, 0], "separation": [1, 1, 0]},
    "frenkel.extended_orientation_factor": {"size": 1.0, "separation": [2.0, 0, 0], "direction": [1, 0, 0],
                                            "profile": "cos"},
    "frenkel.dipole_lattice_sum": {"dimension": 1, "direction": [1, 0, 0], "radius": 5},
    "frenkel.propagate_uncertainty": {"function": lambda x, y, z: x + y * z, "values": [1.0, 2.0, 3.0],
                                      "errors": [0.1, 0.0, 0.2]},
    "frenkel.sample_uncertainty": {"function": lambda x, y, z: x + y * z, "values": [1.0, 2.0, 3.0],
                                   "errors": [0.1, 0.0, 0.2], "n_samples": 4, "rng": 1},
    "frenkel.exact.bessel_populations": {"n": 1, "times": 1.0},
    "frenkel.exact.clean_msd": {"times": 1.0, "dephasing": 0.5},
    "frenkel.exact.clean_diffusivity": {"times": 1.0, "dephasing": 0.5},
    "frenkel.exact.hopping_rate": {"detuning": 1.0, "dephasing": 0.5},
    "frenkel.exact.strong_dephasing_constant": {"dephasing": 5.0, "disorder": 1.0},
    "frenkel.exact.diffusion_constant_bounds": {"site_energies": ENERGIES, "dephasing": 0.5},
    "frenkel.exact.dimer_population": {"times": 1.0, "dephasing": 0.5},
    "frenkel.exact.weak_disorder_localization_length": {"energy": 0.5, "disorder": 0.5},
    "frenkel.units.time_to_ps": {"time": 1.0, "coupling": 40.0},
    "frenkel.units.time_from_ps": {"time": 1.0, "coupling": 40.0},
    "frenkel.units.diffusivity_to_cm2_per_s": {"diffusivity": 1.0, "coupling": 40.0, "spacing": 10.0},
    "frenkel.units.diffusivity_from_cm2_per_s": {"diffusivity": 1.0, "coupling": 40.0, "spacing": 10.0},
    "frenkel.units.thermal_energy": {"temperature": 300.0},
}  # fmt: skip
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


def shaped(*shape):
    return np.full(shape, 0.5)


# function, an argument whose shape cannot be broadcast against that of the other, the other argument
MISMATCHES = [
    ("frenkel.transition_dipole", {"extinction": shaped(2), "refractive_index": shaped(3)}),
    ("frenkel.dipolar_coupling", {"dipole": shaped(2), "kappa": shaped(3)}),
    ("frenkel.coherence_length", {"diffusion_constant": shaped(2), "disorder": shaped(3)}),
    ("frenkel.orientation_factor", {"first": shaped(2, 3), "separation": shaped(4, 3)}),
    ("frenkel.diffusion_constant", {"site_energies": shaped(2, 60), "dephasing": shaped(3)}),
    ("frenkel.exact.diffusion_constant_bounds", {"site_energies": shaped(2, 60), "dephasing": shaped(3)}),
    ("frenkel.exact.bessel_populations", {"n": shaped(2), "times": shaped(3)}),
    ("frenkel.exact.clean_msd", {"times": shaped(2), "dephasing": shaped(3)}),
    ("frenkel.exact.clean_diffusivity", {"times": shaped(2), "dephasing": shaped(3)}),
    ("frenkel.exact.dimer_population", {"times": shaped(2), "dephasing": shaped(3)}),
    ("frenkel.exact.hopping_rate", {"detuning": shaped(2), "dephasing": shaped(3)}),
    ("frenkel.exact.strong_dephasing_constant", {"dephasing": shaped(2), "disorder": shaped(3)}),
    ("frenkel.exact.weak_disorder_localization_length", {"energy": shaped(2), "disorder": shaped(3)}),
    ("frenkel.units.time_to_ps", {"time": shaped(2), "coupling": shaped(3)}),
    ("frenkel.units.time_from_ps", {"time": shaped(2), "coupling": shaped(3)}),
    ("frenkel.units.diffusivity_to_cm2_per_s", {"diffusivity": shaped(2), "spacing": shaped(3)}),
    ("frenkel.units.diffusivity_from_cm2_per_s", {"coupling": shaped(2), "spacing": shaped(3)}),
]


@pytest.mark.parametrize(("name", "changes"), MISMATCHES, ids=[name for name, _ in MISMATCHES])
def test_shapes_that_do_not_broadcast_are_refused(name, changes):
    assert f"Argument `{list(changes)[-1]}` must be broadcastable" in refusal(name, **changes)


VECTORS = {
    "frenkel.orientation_factor",
    "frenkel.diffusion_constant",
    "frenkel.exact.diffusion_constant_bounds",
}
PAIRS = [
    (name, *pair)
    for name, _ in MISMATCHES
    if name not in VECTORS
    for pair in itertools.combinations([key for key in CALLS[name] if key != "convention"], 2)
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
    assert caught[0].filename == __file__, "the warning does not point at the caller"
    # The number belongs to this disorder: repeat it. Silent, or the warning would be an error here.
    TOO_SMALL[quantity](np.tile(energies, -(-needed // 20)))


def test_long_step_warns_with_the_step_that_would_do():
    H = frenkel.hamiltonian(frenkel.ring(6), np.linspace(-1, 1, 6))
    options = {"dephasing": 2.0, "n_trajectories": 2, "rng": 1}
    with pytest.warns(frenkel.ConvergenceWarning, match="`max_step` = 0.5 .* brings that down") as caught:
        frenkel.trajectories(H, np.eye(6)[0], [1.0], **options, max_step=0.5)
    good = float(re.search(r"; ([\d.e-]+) brings", str(caught[0].message))[1])
    assert caught[0].filename == __file__, "the warning does not point at the caller"
    frenkel.trajectories(H, np.eye(6)[0], [1.0], **options, max_step=good)


def test_zero_times_and_single_sites_are_no_hostile_input():
    """The least one can ask for is answered, not refused."""
    H = frenkel.hamiltonian(frenkel.chain(2))
    assert_law("state at t = 0", frenkel.evolve_state(H, [1, 0], [0.0]), [[1, 0]])
    assert_law("density at t = 0", frenkel.evolve_density(H, np.diag([1, 0]), [0.0])[0], np.diag([1, 0]))
    one = frenkel.trajectories([[0.0]], [1.0], [1.0], dephasing=1.0, n_trajectories=1, rng=1)
    assert_law("a single site", abs(one), 1)
    assert_law("D(0)", frenkel.diffusivity(np.zeros(5), 1.0, [0.0]))
