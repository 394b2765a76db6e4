"""No function of any public module is left out: hostile arguments, numbers of every size, shapes at odds.

`test_inputs` has the names that the package itself offers; `test_imaging` and `test_rivals` their models.
"""

import importlib
import inspect
import itertools
import pkgutil

import frenkel
import numpy as np
import pytest
import test_imaging
import test_inputs
import test_rivals
from frenkel import coursework
from frenkel.motion import (
    colored_noise,
    disordered_chains,
    published_scheme,
    ring_frequencies,
    ring_hopping,
    thermal_rates,
    traps,
    wavefunctions,
)
from frenkel.rivals import annihilation, bands, dark_states, films, transient_localization
from frenkel.states import levels, linewidths, localization, spectra, superradiance
from hostile import JUNK, NON_NEGATIVE, ONE, OPTIONAL, POSITIVE, WHOLE, assert_refused
from test_inputs import shaped

NAN = float("nan")
H = [[0.3, 1.0], [1.0, -0.2]]
NO_MATRIX = [*JUNK[:-1], 1.0, [1.0, 2.0], [[0, 1], [0, 0]], np.ones((2, 3)), [[NAN, 0], [0, 1]]]
NO_STATE = [*JUNK[:-1], 1.0, [1.0, 1.0], [1.0], [0.0, 0.0]]
NO_DENSITY = [*JUNK[:-1], 1.0, [0.5, 0.5], np.eye(3), np.eye(2), np.ones((2, 3))]
RINGS = [*JUNK, 1.0]
TIMES = [*JUNK, 1.0, [1.0, 0.5], [-1.0, 0.0], [[0.0, 1.0]]]
NUMBER, POSITIVE_ONE, NON_NEGATIVE_ONE = [*JUNK, *ONE], [*POSITIVE, *ONE], [*NON_NEGATIVE, *ONE]
TRANSFER = {"H": H, "initial": 0, "dephasing": 0.5, "traps": [0.0, 1.0], "loss_rate": 0.1}
NO_TRANSFER = {"H": NO_MATRIX, "initial": [*WHOLE, 2, np.eye(2)], "traps": [*NON_NEGATIVE, [1.0]]}
NO_TRANSFER |= {"loss_rate": POSITIVE_ONE}
SCHEME = {"site_energies": np.zeros(12), "noise": 0.5, "dt": 0.1, "n_steps": 3}
NO_SCHEME = {"site_energies": [*RINGS, np.zeros(4)], "noise": NON_NEGATIVE_ONE, "dt": POSITIVE_ONE}
NO_SCHEME |= {"n_steps": [*WHOLE, 0]}
FITTED = {"temperatures": [7.0, 100.0, 298.0], "linewidths": [20.0, 40.0, 90.0], "errors": [1.0, 1.0, 2.0]}
CALLS = [
    (
        wavefunctions.return_probability,
        {"psi": [[1, 0]], "psi0": [1, 0]},
        {"psi": NO_STATE, "psi0": [*NO_STATE, np.eye(2)]},
    ),
    (
        wavefunctions.excess_kurtosis,
        {"populations": [0.5, 0.0, 0.5], "displacements": [-1.0, 0.0, 1.0]},
        {"populations": [*JUNK, 1.0, [0.5, 0.5], [0.0, 1.0, 0.0], [-1.0, 1.0, 1.0]]}
        | {"displacements": [*JUNK, [1.0, 2.0], np.ones((3, 1))]},
    ),
    (
        levels.integrated_density_of_states,
        {"energy": 0.5, "site_energies": [0.0, 1.0]},
        {"energy": JUNK, "site_energies": RINGS},
    ),
    (levels.level_spacing_ratio, {"energies": [0.0, 1.0, 3.0]}, {"energies": [*JUNK, 1.0, [1.0, 2.0]]}),
    (
        localization.transmission,
        {"energy": 0.5, "site_energies": [0.0, 1.0]},
        {"energy": [*JUNK, 2.0, -2.5], "site_energies": RINGS},
    ),
    (
        colored_noise.ornstein_uhlenbeck,
        {"times": [0.0, 1.0], "amplitude": 1.0, "correlation_time": 2.0, "n_paths": 3, "rng": 1},
        {"times": TIMES, "amplitude": NON_NEGATIVE_ONE, "correlation_time": POSITIVE_ONE}
        | {"n_paths": [*WHOLE, 0], "rng": ["x", -1]},
    ),
    (
        colored_noise.kubo_coherence,
        {"times": 1.0, "amplitude": 1.0, "correlation_time": 2.0},
        {"times": NON_NEGATIVE, "amplitude": NON_NEGATIVE_ONE, "correlation_time": POSITIVE_ONE},
    ),
    (
        spectra.full_width_half_maximum,
        {"x": [0.0, 1.0, 2.0], "y": [0.0, 1.0, 0.0]},
        {"x": [*JUNK, 1.0, [0.0, 1.0, 1.0]], "y": [*JUNK, [1.0, 2.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]},
    ),
    (
        spectra.disorder_from_linewidth,
        {"linewidth": 20.0, "coupling": 40.0},
        {"linewidth": NON_NEGATIVE, "coupling": POSITIVE},
    ),
    (
        disordered_chains.evolve_chains,
        {"site_energies": [[0.0, 1.0]], "psi0": [1, 0], "times": [1.0]},
        {"site_energies": [*RINGS, [0.0]], "psi0": [*NO_STATE, np.eye(2)], "times": TIMES},
    ),
    (
        disordered_chains.long_time_populations,
        {"site_energies": [[0.0, 1.0]], "psi0": [1, 0]},
        {"site_energies": [*RINGS, [0.0]], "psi0": [*NO_STATE, np.eye(2)]},
    ),
    (
        superradiance.thermal_state,
        {"H": H, "thermal_energy": 1.0},
        {"H": NO_MATRIX, "thermal_energy": POSITIVE_ONE},
    ),
    (superradiance.coherence_number, {"rho": np.eye(2) / 2}, {"rho": NO_DENSITY}),
    (
        superradiance.superradiance,
        {"rho": np.eye(2) / 2, "dipoles": [1.0, 2.0]},
        {"rho": NO_DENSITY, "dipoles": [*JUNK[OPTIONAL], 1.0, [1.0], [0.0, 0.0]]},
    ),
    (
        linewidths.bose_einstein,
        {"phonon_energy": 16.0, "temperature": 300.0},
        {"phonon_energy": POSITIVE, "temperature": NON_NEGATIVE},
    ),
    (
        linewidths.dephasing_rate,
        {"temperature": 300.0, "phonon_coupling": 60.0, "phonon_energy": 16.0},
        {"temperature": NON_NEGATIVE, "phonon_coupling": NON_NEGATIVE, "phonon_energy": POSITIVE},
    ),
    (
        linewidths.linewidth,
        {"temperature": 300.0, "static_linewidth": 20.0, "phonon_coupling": 60.0, "phonon_energy": 16.0},
        {"temperature": NON_NEGATIVE, "static_linewidth": NON_NEGATIVE, "phonon_coupling": NON_NEGATIVE}
        | {"phonon_energy": POSITIVE},
    ),
    (
        linewidths.fit_linewidth,
        FITTED | {"phonon_energy": 16.0},
        {"temperatures": [*NON_NEGATIVE, 1.0, [7.0], [7.0, 7.0, 7.0]], "linewidths": [*JUNK, 1.0, [1.0, 2.0]]}
        | {"errors": [*POSITIVE[OPTIONAL], 1.0, [1.0, 2.0]], "phonon_energy": POSITIVE_ONE},
    ),
    (
        linewidths.turnover_from_linewidths,
        {"static_linewidth": 20.0, "room_linewidth": 90.0, "phonon_energy": 16.0}
        | {"temperature": 300.0, "ratio": 1.0},
        {"static_linewidth": POSITIVE, "room_linewidth": [*POSITIVE, 20.0, 10.0], "phonon_energy": POSITIVE}
        | {"temperature": POSITIVE, "ratio": POSITIVE},
    ),
    (
        thermal_rates.thermal_hopping_rate,
        {"energy_change": 1.0, "dephasing": 0.5, "thermal_energy": 2.0},
        {"energy_change": JUNK, "dephasing": POSITIVE, "thermal_energy": POSITIVE},
    ),
    (
        thermal_rates.marcus_rate,
        {"energy_change": 1.0, "reorganization_energy": 3.0, "thermal_energy": 2.0},
        {"energy_change": JUNK, "reorganization_energy": POSITIVE, "thermal_energy": POSITIVE},
    ),
    (
        thermal_rates.redfield_rates,
        {"H": H, "dephasing": 0.5, "thermal_energy": 2.0},
        {"H": NO_MATRIX, "dephasing": NON_NEGATIVE_ONE, "thermal_energy": POSITIVE_ONE},
    ),
    (
        ring_hopping.ring_diffusion_constant,
        {"site_energies": [0.0, 1.0], "forward_rates": [1.0, 2.0], "thermal_energy": 2.0},
        {"site_energies": RINGS, "forward_rates": [*POSITIVE, 1.0], "thermal_energy": POSITIVE_ONE[OPTIONAL]},
    ),
    (
        ring_hopping.thermal_diffusion_constant,
        {"site_energies": [0.0, 1.0], "dephasing": 0.5, "thermal_energy": 2.0},
        {"site_energies": RINGS, "dephasing": POSITIVE_ONE, "thermal_energy": POSITIVE_ONE},
    ),
    (traps.transfer_time, TRANSFER, NO_TRANSFER | {"dephasing": NON_NEGATIVE}),
    (
        traps.transfer_populations,
        TRANSFER | {"times": [0.0, 1.0]},
        NO_TRANSFER | {"dephasing": NON_NEGATIVE_ONE, "times": TIMES},
    ),
    (
        ring_frequencies.diffusion_constant_from_spectrum,
        {"frequencies": [0.5, 1.0], "weights": [0.4, 0.6], "dephasing": 0.5},
        {"frequencies": [*JUNK, 1.0], "weights": [*NON_NEGATIVE, 1.0, [1.0]], "dephasing": POSITIVE},
    ),
    (published_scheme.sampled_msd, SCHEME | {"rng": 1}, NO_SCHEME | {"rng": ["x", -1]}),
    (published_scheme.averaged_diffusivity, SCHEME, NO_SCHEME),
    (published_scheme.clean_constant, {"noise": 0.5, "dt": 0.1}, {"noise": POSITIVE, "dt": POSITIVE}),
    (
        coursework.variant,
        {"assignment": "coupling", "student": "ab1234", "n_variants": 24},
        {"n_variants": [*WHOLE, 0]},
    ),
]  # fmt: skip
REFUSALS = [(f, call, name, values) for f, call, refused in CALLS for name, values in refused.items()]


@pytest.mark.parametrize(
    ("function", "call", "argument", "values"), REFUSALS, ids=[f"{f.__name__}-{a}" for f, _, a, _ in REFUSALS]
)
def test_hostile_arguments_are_refused(function, call, argument, values):
    assert_refused(function, call, argument, values)


ELSEWHERE = {  # tests of their own: they take functions, films, models or words, or have nothing to refuse
    "frenkel.statistics.model_comparison.compare_models", "frenkel.coursework.seal",
    "frenkel.rivals.films.film_hops", "frenkel.plots.style", "frenkel.motion.traps.fmo_hamiltonian",
}  # fmt: skip
HELPERS = {"nearest_image", "spectral_bounds", "work_of"}  # between modules, like every check_...


def named(function):
    return f"{function.__module__}.{function.__name__}"


def test_every_public_function_meets_hostile_arguments():
    public = set()
    for module in pkgutil.walk_packages(frenkel.__path__, "frenkel."):
        if "._" in module.name or ".explore" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            helper = name.startswith(("_", "check_")) or name in HELPERS or not inspect.isfunction(value)
            private = "._" in getattr(value, "__module__", "") and module.name != "frenkel.exact"
            if not helper and not private and value.__module__.startswith("frenkel"):
                public.add(named(value))
    tables = [*CALLS, *test_imaging.CALLS, *test_rivals.CALLS]
    tested = {named(test_inputs.PUBLIC[name]) for name in test_inputs.CALLS} | {named(f) for f, *_ in tables}
    assert public - ELSEWHERE == tested, f"differ in {public - ELSEWHERE ^ tested}"


EVERYTHING = [(test_inputs.PUBLIC[name], call) for name, call in test_inputs.CALLS.items()]
EVERYTHING += [(f, call) for f, call, _ in [*CALLS, *test_imaging.CALLS, *test_rivals.CALLS]]
NO_NUMBERS = (int, str, tuple, type(None), frenkel.Lattice)
NUMBERS = [
    (function, call, name)
    for function, call in EVERYTHING
    for name, value in call.items()
    if not isinstance(value, NO_NUMBERS) and np.asarray(value).dtype.kind == "f"
]
SIZES = [10.0**k for k in (-320, -170, -60, -49, -20, 30, 49, 60, 170, 300)]


def answer(function, call):
    """Return what `function` answers, or 0 if it refuses in the grammar or says that it did not converge."""
    try:
        return function(**call)
    except (ValueError, TypeError) as error:
        if not str(error).startswith("Argument `"):
            pytest.fail(f"{named(function)}({call}) is refused with «{error}»")
    except (RuntimeError, frenkel.ConvergenceWarning):
        pass
    return 0.0


@pytest.mark.parametrize(
    ("function", "call", "argument"), NUMBERS, ids=[f"{f.__name__}-{name}" for f, _, name in NUMBERS]
)
def test_numbers_of_every_size_are_answered_or_refused(function, call, argument):
    """From 10⁻³²⁰ to 10³⁰⁰ and both signs, each shape as it should be; under warnings as errors."""
    for size, sign in itertools.product(SIZES, (1, -1)):
        with np.errstate(over="ignore"):
            value = sign * size * np.asarray(call[argument], dtype=float)
        got = answer(function, call | {argument: value})
        for part in got if isinstance(got, tuple) else (got,):
            assert np.isfinite(np.asarray(part, dtype=complex)).all(), f"{argument} = {value}: {part}"


ELEMENTWISE = {  # function: arguments that are one number for a whole call
    spectra.disorder_from_linewidth: (), linewidths.bose_einstein: (), linewidths.dephasing_rate: (),
    linewidths.linewidth: (), linewidths.turnover_from_linewidths: (), thermal_rates.thermal_hopping_rate: (),
    thermal_rates.marcus_rate: (), bands.einstein_diffusivity: (),
    bands.band_diffusivity: ("defect_exponent",),
    dark_states.bright_fraction: ("degeneracy_ratio",),
    transient_localization.transient_localization_diffusivity: (),
    annihilation.annihilation_broadening: ("spot",), films.miller_abrahams_rate: ("temperature",),
    published_scheme.clean_constant: (),
}  # fmt: skip
PAIRS = [
    (function, call, pair)
    for function, call in EVERYTHING
    if function in ELEMENTWISE
    for pair in itertools.combinations([name for name in call if name not in ELEMENTWISE[function]], 2)
]


@pytest.mark.parametrize(("function", "call", "pair"), PAIRS, ids=[f"{f.__name__}-{p}" for f, _, p in PAIRS])
def test_arguments_that_do_not_broadcast_are_named(function, call, pair):
    first, second = pair
    shapes = {first: call[first] * shaped(2), second: call[second] * shaped(3)}
    with pytest.raises((ValueError, TypeError), match=r"Argument `\w+` must be broadcastable"):
        function(**call | shapes)
