"""The library as a package: cheap to import, documented, free of global state."""

import doctest
import importlib
import inspect
import re

import frenkel
import numpy as np
import pytest
from frenkel import exact
from public import FUNCTIONS, MODULES, PUBLIC, fresh_python


def test_import_loads_numpy_alone():
    heavy = {"matplotlib", "ipywidgets", "scipy", "tqdm", "IPython", "multiprocessing", "dask", "distributed"}
    loaded = fresh_python("import frenkel, sys; print(*{name.split('.')[0] for name in sys.modules})")
    assert "numpy" in loaded and not heavy & set(loaded), f"import frenkel loads {heavy & set(loaded)}"


def test_engines_that_explorers_call_need_numpy_alone():
    code = """
import sys
for name in ("scipy", "matplotlib", "ipywidgets", "tqdm"):
    sys.modules[name] = None  # an import now fails
import frenkel, numpy as np
from frenkel import exact, units
H = frenkel.hamiltonian(frenkel.ring(30), frenkel.site_energies(30, 1.0, rng=1))
psi0 = frenkel.wave_packet(30, 15)
frenkel.evolve_state(H, psi0, [1.0])
frenkel.evolve_density(H, np.outer(psi0, psi0), [1.0], dephasing=1.0)
frenkel.trajectories(H, psi0, [1.0], dephasing=1.0, n_trajectories=2, rng=1)
energies = frenkel.site_energies(300, 1.0, rng=1)
frenkel.diffusivity(energies, 1.0, [1.0])
frenkel.diffusion_constant(energies, 1.0)
frenkel.ensemble_average(lambda rng: rng.normal(), n_realizations=3, rng=1)
exact.clean_diffusivity(1.0, 1.0), exact.dimer_population(1.0, 1.0), units.thermal_energy(300)
frenkel.transition_dipole(1e7, 80, 2500, 1.9), frenkel.dipolar_coupling(80, 10, 1.9)
frenkel.dipole_lattice_sum(2, [0, 0, 1])
from frenkel.motion import ring_hopping, traps
from frenkel.states import linewidths, superradiance
frenkel.absorption_spectrum(H, [1.0], dephasing=1.0)
superradiance.coherence_number(superradiance.thermal_state(H, 1.0))
frenkel.colored_trajectories(H, psi0, [1.0], amplitude=1.0, correlation_time=1.0, n_trajectories=2, rng=1)
frenkel.transfer_efficiency(traps.fmo_hamiltonian(), 0, dephasing=9.0, traps=np.eye(7)[2], loss_rate=1)
linewidths.fit_linewidth([7, 298], [26, 98], [1, 1])
ring_hopping.thermal_diffusion_constant(energies, 1.0, 1.0)
"""
    fresh_python(code)


def test_no_global_randomness():
    """Neither read nor moved: results with a seed do not follow np.random.seed."""
    results = []
    for seed in (1, 2):
        np.random.seed(seed)  # noqa: NPY002
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        H = frenkel.hamiltonian(frenkel.chain(4), frenkel.site_energies(4, 1.0, rng=3))
        psi = frenkel.trajectories(H, [1, 0, 0, 0], [1.0], dephasing=1.0, n_trajectories=2, rng=3)
        average = frenkel.ensemble_average(lambda rng: rng.normal(), n_realizations=5, rng=3)
        samples = frenkel.sample_uncertainty(lambda x: x, [1.0], [0.1], n_samples=3, rng=3)
        frenkel.site_energies(3, 1.0), frenkel.sample_uncertainty(lambda x: x, [1.0], [0.1], n_samples=3)
        assert np.array_equal(np.random.get_state()[1], before), "global random state moved"  # noqa: NPY002
        results.append((H.tolist(), psi.tolist(), average, samples.tolist()))
    assert results[0] == results[1], "a result follows np.random.seed"


def test_without_a_seed_results_differ():
    assert not np.array_equal(frenkel.site_energies(5, 1.0), frenkel.site_energies(5, 1.0))


@pytest.mark.parametrize("module", MODULES)
def test_examples_in_docstrings(module):
    found = doctest.testmod(importlib.import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert not found.failed, f"{found.failed} examples fail; see the output"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_functions_say_their_types(name):
    """mypy checks the types that are there; this, that they are."""
    signature = inspect.signature(PUBLIC[name])
    silent = [key for key, value in signature.parameters.items() if value.annotation is value.empty]
    assert not silent, f"{name}: no type for {silent}"
    assert signature.return_annotation is not signature.empty, f"{name}: no return type"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_what_its_name_says(module):
    """No function, class or variable of a package has the name of one of its modules."""
    package, _, name = module.rpartition(".")
    found = importlib.import_module(module)
    assert getattr(importlib.import_module(package), name) is found


def test_public_names_are_sorted_and_real():
    assert frenkel.__all__ == sorted(frenkel.__all__)
    for module in (frenkel, *map(importlib.import_module, MODULES)):
        assert all(hasattr(module, name) for name in getattr(module, "__all__", ())), module.__name__


@pytest.mark.parametrize("package", [frenkel, exact], ids=["frenkel", "exact"])
def test_packages_list_what_they_offer(package):
    held = {name for name, value in vars(package).items() if not inspect.ismodule(value)}
    assert {name for name in held if not name.startswith("_")} <= set(package.__all__)


ROOMS = [name for name in MODULES if re.fullmatch(r"frenkel\.(?!explore)[a-z]+\.[a-z]\w*", name)]


@pytest.mark.parametrize("module", ROOMS)
def test_nothing_is_public_by_accident(module):
    """A function of a room's module is explained with an example, or begins with an underscore."""
    for name, value in vars(importlib.import_module(module)).items():
        if inspect.isfunction(value) and value.__module__ == module and not name.startswith("_"):
            assert ">>>" in (inspect.getdoc(value) or ""), f"{name}: an example, or an underscore"


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_are_documented(name):
    text = inspect.getdoc(PUBLIC[name]) or ""
    first = text.split("\n\n")[0]
    assert first.rstrip("`").endswith((".", ":")), f"{name}: no summary that ends in a period"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstrings_name_every_argument(name):
    """In its Parameters section, where there is one; else somewhere in the text or its formula."""
    function = PUBLIC[name]
    text = inspect.getdoc(function)
    section = re.search(r"Parameters\n-+\n(.*?)(\n\n[A-Z]\w+\n-+|\Z)", text, re.DOTALL)
    if section:
        named = {
            word
            for line in re.findall(r"^(\w[\w, ]*?)(?: : .*)?$", section[1], re.MULTILINE)
            for word in line.split(", ")
        }
        assert set(inspect.signature(function).parameters) <= named, f"{name}: Parameters lists {named}"
        assert "Raises\n------" in text, f"{name}: which errors does it raise?"
        assert "Returns\n-------" in text or text.startswith("Return"), f"{name}: what does it return?"
    if name != "frenkel.units.diffusivity_from_cm2_per_s":  # the inverse, beside the example of its twin
        assert ">>>" in text, f"{name} has no example"
