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
from laws import assert_law, assert_points_at
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
    "n_x": [*WHOLE, 0, 2],
    "n_y": [*[value for value in WHOLE if value is not None], 0, 2],
    "n_z": [*[value for value in WHOLE if value is not None], 0, 2],
    "couplings": [*REAL, 1.0, [1.0], [1.0, 2.0, 3.0, 4.0], [1.0, NAN, 1.0]],
    "periodic": [None, "x", 3, []],
    "cutoff": [*POSITIVE, *ONE, 2.0, 0.5],
    "neighbor": [*VECTOR, [1.0, 1.0, 1.0]],
    "n_trajectories": [*WHOLE, 0],
    "n_realizations": [*[value for value in WHOLE if value is not None], 0, 1],
    "n_samples": [*WHOLE, 0],
    "n_levels": [*WHOLE, 0],
    "origin": [*WHOLE, 3, 100],
    "axis": [-1, 2, None, "x", 0.5, True, [0]],
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
    "states": [*JUNK, 1.0, [0.0, 0.0], [[1.0, 0.0], [0.0, 0.0]]],
    "edges": [*REAL, 1.0, [1.0], [1.0, 1.0], [2.0, 1.0], [[0.0, 1.0]]],
    "frequencies": [*REAL, 1.0, [[1.0]]],
    "dipoles": [*[value for value in REAL if value is not None], 1.0, [1.0, 2.0], np.ones((2, 3))],
    "amplitude": [*NON_NEGATIVE, *ONE],
    "correlation_time": [*POSITIVE, *ONE],
    "initial": [*WHOLE, 3, SQUARE, np.eye(2) / 2, np.diag([1.5, -0.5, 0.0])],
    "traps": [*NON_NEGATIVE, 1.0, [1.0, 2.0], np.ones((3, 3))],
    "trap_rate": POSITIVE, "loss_rate": POSITIVE,
    "best_dephasing": POSITIVE, "phonon_coupling": POSITIVE, "phonon_energy": POSITIVE,
    "index": [*WHOLE, 0, 4],
    "positions": [*REAL, 3.0, [0.0, 1.0], [0.0, 1.0, 3.0], [2.0, 1.0, 0.0]],
    "profiles": [*NON_NEGATIVE, 3.0, np.ones((3, 6)), np.zeros((3, 7))],
    "bin_edges": [*REAL, 3.0, [1.0], [2.0, 1.0], [0.0, 30.0], [-9.0, -1.0]],
    "stops": [*[value for value in REAL if value is not None], 3.0, [-10.0], [0.0, 9.1]],
    "lifetime": [*[value for value in POSITIVE if value is not None], *ONE],
    "strength": [*[value for value in POSITIVE if value is not None], *ONE],
    "window": [*[value for value in POSITIVE if value is not None], *ONE, 5.0],
    "n_photons": [*POSITIVE, *ONE],
    "spot": [*POSITIVE, *ONE],
    "background": [*NON_NEGATIVE, *ONE],
    "background_error": [*NON_NEGATIVE, *ONE],
    "microscope": [3, "x", (120.0, 0.6)],
    "expected": [*NON_NEGATIVE, 1e30],
    "bath": [None, "x", 3, [], 1.0, object()],
    "energy_difference": [*REAL, 1e9],
    "stokes_shift": NON_NEGATIVE,
    "counts": [*NON_NEGATIVE, 3.0, [1.0, 2.0], [0.0, 0.0, 0.0]],
}  # fmt: skip
CHAIN = frenkel.chain(3)
PLANE = frenkel.square(3)
UNEVEN = PLANE._replace(couplings=np.arange(18.0))
BATH = frenkel.DrudeBath(reorganization=0.5, cutoff=5.0, temperature=10.0)
NO_TOLERANCE = [*POSITIVE, *ONE, 0.5, 1e-12]
OTHERWISE = {
    ("frenkel.polaron_hopping_rate", "coupling"): REAL,
    ("frenkel.polaron_diffusion_constant", "coupling"): REAL,
    ("frenkel.polaron_diffusion_constant", "site_energies"): [*REFUSED["site_energies"], 1.0, [1.0, 2.0]],
    ("frenkel.polaron_lattice_diffusion_constant", "site_energies"): [
        *REFUSED["site_energies"],
        1.0,
        np.ones(8),
    ],
    ("frenkel.polaron_lattice_diffusion_constant", "lattice"): [*REFUSED["lattice"], CHAIN],
    ("frenkel.hierarchy", "tolerance"): NO_TOLERANCE,
    ("frenkel.hierarchy", "bath"): [*REFUSED["bath"], [BATH], [BATH, BATH, 1.0]],
    ("frenkel.hierarchy_diffusivity", "tolerance"): NO_TOLERANCE,
    ("frenkel.hierarchy_diffusivity", "site_energies"): [*REFUSED["site_energies"], 1.0, [1.0, 2.0]],
    ("frenkel.reorganization_from_linewidth", "linewidth"): NON_NEGATIVE,
    ("frenkel.reorganization_from_linewidth", "temperature"): POSITIVE,
    ("frenkel.diffusion_constant", "dephasing"): POSITIVE,
    ("frenkel.diffusion_constant", "site_energies"): [*REFUSED["site_energies"], 1.0],
    ("frenkel.diffusivity", "site_energies"): [*REFUSED["site_energies"], 1.0],
    ("frenkel.lattice_diffusivity", "lattice"): [*REFUSED["lattice"], CHAIN, UNEVEN],
    ("frenkel.lattice_diffusion_constant", "lattice"): [*REFUSED["lattice"], CHAIN, UNEVEN],
    ("frenkel.lattice_diffusivity", "site_energies"): [*REFUSED["site_energies"], 1.0, np.ones(8)],
    ("frenkel.lattice_diffusion_constant", "site_energies"): [
        *REFUSED["site_energies"],
        1.0,
        np.ones((2, 8)),
    ],
    ("frenkel.lattice_diffusion_constant", "dephasing"): [*POSITIVE, np.ones(3)],
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
    **{  # stacks are welcome here
        (name, "H"): [value for value in REFUSED["H"] if getattr(value, "ndim", 2) < 3]
        for name in ("frenkel.absorption_spectrum", "frenkel.oscillator_strengths")
    },
    ("frenkel.absorption_spectrum", "dephasing"): [*POSITIVE, *ONE],
    ("frenkel.transfer_efficiency", "dephasing"): NON_NEGATIVE,
    ("frenkel.transfer_efficiency", "loss_rate"): [*POSITIVE, *ONE],
    ("frenkel.exact.dimer_transfer_efficiency", "dephasing"): NON_NEGATIVE,
    ("frenkel.exact.exchange_narrowed_disorder", "disorder"): NON_NEGATIVE,
    ("frenkel.exact.exchange_narrowed_disorder", "n_sites"): [*WHOLE, 0],
    ("frenkel.exact.chain_energy", "n_sites"): [*WHOLE, 0],
    ("frenkel.exact.chain_oscillator_strength", "n_sites"): [*WHOLE, 0],
    ("frenkel.chain", "n_sites"): [*WHOLE, 0, 1],
    ("frenkel.ring", "n_sites"): [*WHOLE, 0, 2],
    ("frenkel.long_range", "lattice"): [*REAL, 1.0, [1.0, 2.0], np.ones((3, 3)), np.ones((2, 4)), [[1.0]]],
    ("frenkel.site_energies", "n_sites"): [*WHOLE, 0],
    ("frenkel.wave_packet", "n_sites"): [*WHOLE, 0],
    ("frenkel.gaussian_profiles", "diffusivity"): [*REAL, -9e9, [1.0, 2.0]],
    ("frenkel.gaussian_profiles", "times"): [*REFUSED["times"], [0.0], [1.0, 2.0]],
    ("frenkel.expected_counts", "times"): [*REFUSED["times"], [0.0], [1.0, 2.0], [0.0, 99.0, 199.0]],
    ("frenkel.second_moment", "center"): [*REAL, *ONE],
    ("frenkel.smooth_diffusivity", "msd"): [*REAL, 1.0, [1.0, 2.0]],
    ("frenkel.smooth_diffusivity", "errors"): [*POSITIVE, 1.0, [1.0, 2.0]],
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
    ("frenkel.exact.band_center_localization_length", "disorder"): POSITIVE,
    ("frenkel.exact.band_edge_localization_length", "energy"): [*REAL, 100.0],
    ("frenkel.exact.band_edge_localization_length", "disorder"): POSITIVE,
    ("frenkel.exact.band_edge_integrated_density", "energy"): [*REAL, 100.0],
    ("frenkel.exact.band_edge_integrated_density", "disorder"): POSITIVE,
    ("frenkel.exact.clean_packet_msd", "times"): NON_NEGATIVE,
    ("frenkel.exact.clean_packet_msd", "width"): [*NON_NEGATIVE, 0.5],
    ("frenkel.exact.clean_packet_msd", "momentum"): REAL,
    ("frenkel.exact.short_time_diffusivity", "times"): NON_NEGATIVE,
    ("frenkel.exact.short_time_diffusivity", "disorder"): NON_NEGATIVE,
    ("frenkel.exact.strong_disorder_peak", "disorder"): POSITIVE,
    ("frenkel.coherent_spread", "site_energies"): [*REFUSED["site_energies"], 1.0, [1.0], [1e200, 0.0]],
    ("frenkel.localization_length", "energy"): [*REAL, 1e200, [0.0, -1e300]],
    ("frenkel.localization_length", "disorder"): [*POSITIVE, 1e200],
    ("frenkel.localization_length", "n_sites"): [*WHOLE, 0, 10**12],
    ("frenkel.density_of_states", "site_energies"): [
        *REFUSED["site_energies"],
        1.0,
        [1.0, 2.0],
        np.ones((1, 3)),
        1e200 * np.ones((2, 3)),
    ],
}

MATRIX = frenkel.hamiltonian(CHAIN, [0.3, 0.0, -0.2])
ENERGIES = frenkel.site_energies(60, 1.0, rng=1)
CURVE = {"times": [0.0, 1.0, 2.0], "diffusivity": [0.0, 1.0, 0.5]}
STAGE = {"positions": np.linspace(-9, 9, 7), "times": [0.0, 10.0, 20.0]}
CALLS = {
    "frenkel.polaron_hopping_rate": {"energy_difference": 1.0, "bath": BATH, "coupling": 0.5},
    "frenkel.polaron_diffusion_constant": {"site_energies": ENERGIES, "bath": BATH, "coupling": 0.5},
    "frenkel.polaron_lattice_diffusion_constant": {"lattice": PLANE, "site_energies": np.ones(9),
                                                   "bath": BATH, "axis": 0},
    "frenkel.hierarchy": {"H": MATRIX, "rho0": SQUARE / 3, "times": [0.0, 1.0], "bath": BATH,
                          "tolerance": 1e-2},
    "frenkel.hierarchy_diffusivity": {"site_energies": [0.3, 0.0, -0.2], "times": [0.0, 1.0], "bath": BATH,
                                      "tolerance": 1e-2},
    "frenkel.reorganization_from_linewidth": {"linewidth": 80.0, "temperature": 25.0},
    "frenkel.reorganization_from_stokes_shift": {"stokes_shift": 60.0},
    "frenkel.chain": {"n_sites": 3},
    "frenkel.ring": {"n_sites": 3},
    "frenkel.square": {"n_x": 3, "n_y": 4, "periodic": True, "couplings": (1.0, 0.5)},
    "frenkel.cubic": {"n_x": 3, "n_y": 4, "n_z": 3, "periodic": True, "couplings": (1.0, 0.5, 0.2)},
    "frenkel.long_range": {"lattice": frenkel.square(4), "direction": [1, 0, 0], "cutoff": 1.5,
                           "neighbor": [1, 0, 0]},
    "frenkel.displacements": {"lattice": CHAIN, "origin": 1},
    "frenkel.hamiltonian": {"lattice": CHAIN, "site_energies": [1.0, 2.0, 3.0], "format": "dense"},
    "frenkel.site_energies": {"n_sites": 3, "disorder": 1.0, "distribution": "box", "rng": 1, "shape": (2,)},
    "frenkel.wave_packet": {"n_sites": 3, "center": 1.0, "width": 0.0, "momentum": 0.5},
    "frenkel.evolve_state": {"H": MATRIX, "psi0": [1, 0, 0], "times": [0.0, 1.0]},
    "frenkel.evolve_density": {"H": MATRIX, "rho0": SQUARE / 3, "times": [0.0, 1.0], "dephasing": 0.5},
    "frenkel.coherent_spread": {"site_energies": ENERGIES[None], "times": [0.0, 1.0], "width": 2.0,
                                "momentum": 0.5},
    "frenkel.participation_ratio": {"states": [0.6, 0.8j, 0.0]},
    "frenkel.localization_length": {"energy": 0.5, "disorder": 1.0, "distribution": "box", "n_sites": 50_000,
                                    "rng": 1},
    "frenkel.density_of_states": {"site_energies": ENERGIES.reshape(2, 30), "edges": [-1.0, 0.0, 2.0]},
    "frenkel.trajectories": {"H": MATRIX, "psi0": [1, 0, 0], "times": [0.0, 1.0], "dephasing": 0.5,
                             "n_trajectories": 2, "rng": 1, "max_step": 0.05},
    "frenkel.diffusivity": {"site_energies": ENERGIES, "dephasing": 3.0, "times": [0.0, 1.0],
                            "tolerance": 1e-2},
    "frenkel.diffusion_constant": {"site_energies": ENERGIES, "dephasing": 3.0, "tolerance": 1e-2},
    "frenkel.current_spectrum": {"site_energies": ENERGIES, "n_levels": 4},
    "frenkel.lattice_diffusivity": {"lattice": PLANE, "site_energies": np.zeros((2, 9)), "dephasing": 3.0,
                                    "times": [0.0, 1.0], "axis": 1, "tolerance": 1e-2},
    "frenkel.lattice_diffusion_constant": {"lattice": PLANE, "site_energies": np.zeros((2, 9)),
                                           "dephasing": 3.0, "axis": 1, "tolerance": 1e-2},
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
    "frenkel.gaussian_profiles": {**STAGE, "diffusivity": 0.1, "spot": 9.0},
    "frenkel.expected_counts": {**STAGE, "profiles": np.ones((3, 7)), "bin_edges": [0.0, 10.0],
                                "stops": [0.0, 1.0], "lifetime": 9.0, "n_photons": 9.0, "background": 1.0,
                                "microscope": frenkel.Microscope()},
    "frenkel.record_counts": {"expected": [3.0, 4.0], "shape": (2,), "rng": 1},
    "frenkel.second_moment": {"counts": [[9.0, 20.0, 9.0]], "positions": [-9.0, 0.0, 9.0], "background": 1.0,
                              "background_error": 0.1, "center": 1.0, "window": 20.0},
    "frenkel.smooth_diffusivity": {"times": np.arange(6.0), "msd": np.arange(6.0), "errors": np.ones(6),
                                   "strength": 1.0},
    "frenkel.exact.bessel_populations": {"n": 1, "times": 1.0},
    "frenkel.exact.clean_msd": {"times": 1.0, "dephasing": 0.5},
    "frenkel.exact.clean_diffusivity": {"times": 1.0, "dephasing": 0.5},
    "frenkel.exact.hopping_rate": {"detuning": 1.0, "dephasing": 0.5},
    "frenkel.exact.strong_dephasing_constant": {"dephasing": 5.0, "disorder": 1.0},
    "frenkel.exact.diffusion_constant_bounds": {"site_energies": ENERGIES, "dephasing": 0.5},
    "frenkel.exact.dimer_population": {"times": 1.0, "dephasing": 0.5},
    "frenkel.exact.weak_disorder_localization_length": {"energy": 0.5, "disorder": 0.5},
    "frenkel.exact.clean_packet_msd": {"times": 1.0, "width": 2.0, "momentum": 0.5},
    "frenkel.exact.short_time_diffusivity": {"times": 0.3, "disorder": 1.0},
    "frenkel.exact.strong_disorder_peak": {"disorder": 5.0},
    "frenkel.exact.band_center_localization_length": {"disorder": 0.5},
    "frenkel.exact.band_edge_localization_length": {"energy": 2.1, "disorder": 0.5},
    "frenkel.exact.band_edge_integrated_density": {"energy": 2.1, "disorder": 0.5},
    "frenkel.absorption_spectrum": {"H": MATRIX, "frequencies": [0.0, 1.0, 2.0], "dephasing": 0.5,
                                    "dipoles": [1.0, 1.0, 0.5]},
    "frenkel.oscillator_strengths": {"H": MATRIX, "dipoles": [1.0, 1.0, 0.5]},
    "frenkel.colored_trajectories": {"H": MATRIX, "psi0": [1, 0, 0], "times": [0.0, 1.0], "amplitude": 0.5,
                                     "correlation_time": 2.0, "n_trajectories": 2, "rng": 1,
                                     "max_step": 0.05},
    "frenkel.transfer_efficiency": {"H": MATRIX, "initial": 0, "dephasing": 0.5, "traps": [0.0, 0.0, 1.0],
                                    "loss_rate": 0.1},
    "frenkel.turnover_temperature": {"best_dephasing": 11.0, "phonon_coupling": 60.0, "phonon_energy": 16.0},
    "frenkel.exact.chain_energy": {"index": 1, "n_sites": 3},
    "frenkel.exact.chain_oscillator_strength": {"index": 1, "n_sites": 3},
    "frenkel.exact.exchange_narrowed_disorder": {"disorder": 1.0, "n_sites": 3},
    "frenkel.exact.dimer_transfer_efficiency": {"detuning": 1.0, "dephasing": 0.5, "trap_rate": 1.0,
                                                "loss_rate": 0.1},
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
