"""No function of any public module is left out: hostile arguments, numbers of every size, shapes at odds.

The calls stand in `calls_of_package` and `calls_of_modules`.
"""

import importlib
import inspect
import itertools
import pkgutil

import calls_of_package
import frenkel
import numpy as np
import pytest
from calls_of_modules import CALLS
from frenkel.microscope import smoothing
from frenkel.motion import (
    published_scheme,
    thermal_rates,
)
from frenkel.rivals import annihilation, bands, dark_states, films, transient_localization
from frenkel.states import linewidths, spectra
from frenkel.statistics import model_comparison
from hostile import assert_refused, shaped
from public import PUBLIC

REFUSALS = [(f, call, name, values) for f, call, refused in CALLS for name, values in refused.items()]


@pytest.mark.parametrize(
    ("function", "call", "argument", "values"), REFUSALS, ids=[f"{f.__name__}-{a}" for f, _, a, _ in REFUSALS]
)
def test_hostile_arguments_are_refused(function, call, argument, values):
    assert_refused(function, call, argument, values)


ELSEWHERE = {  # tests of their own: they take functions, films, models or words, or have nothing to refuse
    "frenkel.statistics.model_comparison.compare_models", "frenkel.coursework.seal",
    "frenkel.questions.seal", "frenkel.questions.ask", "frenkel.tasks.check",
    "frenkel.rivals.films.film_hops", "frenkel.plots.style", "frenkel.plots.sample_cards",
    "frenkel.plots.name_curves", "frenkel.states.sample_card.sample_card",
    "frenkel.motion.traps.fmo_hamiltonian", "frenkel.statistics.uncertainty.with_error",
    "frenkel.statistics.uncertainty.with_digits",
}  # fmt: skip


def named(function):
    return f"{function.__module__}.{function.__name__}"


def test_every_public_function_meets_hostile_arguments():
    public = set()
    for module in pkgutil.walk_packages(frenkel.__path__, "frenkel."):
        if "._" in module.name or ".explore" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            helper = name.startswith("_") or not inspect.isfunction(value)
            private = "._" in getattr(value, "__module__", "") and module.name != "frenkel.exact"
            if not helper and not private and value.__module__.startswith("frenkel"):
                public.add(named(value))
    tested = {named(PUBLIC[name]) for name in calls_of_package.CALLS} | {named(f) for f, *_ in CALLS}
    assert public - ELSEWHERE == tested, f"differ in {public - ELSEWHERE ^ tested}"


EVERYTHING = [(PUBLIC[name], call) for name, call in calls_of_package.CALLS.items()]
EVERYTHING += [(f, call) for f, call, _ in CALLS]
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


@pytest.mark.slow
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


def partly_masked(value):
    """`value` as a masked array whose last element is masked."""
    mask = np.zeros(np.shape(value), dtype=bool)
    mask.flat[-1:] = True
    return np.ma.MaskedArray(value, mask)


ARRAYS = [
    (function, call, name)
    for function, call in EVERYTHING
    for name, value in call.items()
    if isinstance(value, (int, float, list, np.ndarray)) and not isinstance(value, bool)
    if np.asarray(value).dtype.kind in "ifc"
]


@pytest.mark.parametrize(
    ("function", "call", "argument"), ARRAYS, ids=[f"{f.__name__}-{name}" for f, _, name in ARRAYS]
)
def test_masked_elements_are_refused(function, call, argument):
    """NumPy forgets the mask of what it converts, and the number under it would count."""
    value = partly_masked(call[argument])
    for masked in (value, [value, value], list(value) if value.ndim > 1 else value):
        with pytest.raises((ValueError, TypeError), match=r"^Argument `\w+` must be .*, but is"):
            pytest.fail(f"is answered: {function(**call | {argument: masked})!r}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "call", "argument"), ARRAYS, ids=[f"{f.__name__}-{name}" for f, _, name in ARRAYS]
)
def test_masks_without_masked_elements_are_plain(function, call, argument):
    """The answer is that of the plain array, with the type of one."""
    if isinstance(call[argument], int):
        return  # whole numbers are no arrays
    got = function(**call | {argument: np.ma.MaskedArray(call[argument])})
    for part in got if isinstance(got, tuple) else (got,):
        assert not isinstance(part, np.ma.MaskedArray)


@pytest.mark.parametrize(("field", "value"), frenkel.square(3)._asdict().items())
def test_a_lattice_is_not_masked(field, value):
    lattice = frenkel.square(3)._replace(**{field: partly_masked(value)})
    with pytest.raises(ValueError, match=r"Argument `lattice` must be .*masked"):
        frenkel.hamiltonian(lattice)


RETURNED = {
    "ensemble_average": lambda f: frenkel.ensemble_average(lambda rng: f(), n_realizations=3, rng=1),
    "sample_uncertainty": lambda f: frenkel.sample_uncertainty(lambda x: f(), [1.0], [0.1], n_samples=2),
    "bootstrap": lambda f: smoothing.bootstrap(lambda data: f(), [1.0, 2.0], n_resamples=10, rng=1),
    "compare_models": lambda f: model_comparison.compare_models(
        [1.0, 2.0, 3.0], [1.0, 2.0, 3.0], [1.0, 1.0, 1.0], {"a": (lambda t, a: f(3), [1.0])}
    ),
    "film_hops": lambda f: films.film_hops(
        films.Film(np.arange(4.0)[:, None], 4.0), np.zeros(4), lambda distance, change: f(8), cutoff=1.5
    ),
    "fit_diffusion": lambda f: frenkel.fit_diffusion(
        [60.0, 80.0, 99.0], np.ones(3), np.ones(3), spacing=9.9, dephasing=lambda T: f(3)
    ),
}


@pytest.mark.parametrize("name", RETURNED)
def test_what_a_given_function_returns_is_not_masked(name):
    with pytest.raises((ValueError, TypeError), match=r"Argument `\w+` must be .*(masked|returning)"):
        RETURNED[name](lambda size=2: partly_masked(np.ones(size)))
