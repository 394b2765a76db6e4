"""A good call of every public function of the modules, and what each of its arguments must refuse."""

import frenkel
import numpy as np
from frenkel import coursework
from frenkel.microscope.fits import fit_diffusion_constant, fit_gaussian
from frenkel.microscope.forward import diffusivity_from_counts
from frenkel.microscope.imaging import expected_counts, transfer_function
from frenkel.microscope.moments import background_level, direct_msd
from frenkel.microscope.profiles import lattice_profiles
from frenkel.microscope.smoothing import bootstrap
from frenkel.microscope.windows import untruncated_variance
from frenkel.motion import (
    colored_noise,
    diffusion_fits,
    disordered_chains,
    published_scheme,
    ring_frequencies,
    ring_hopping,
    thermal_rates,
    traps,
    wavefunctions,
)
from frenkel.rivals.annihilation import annihilation_broadening, annihilation_profiles
from frenkel.rivals.bands import band_diffusivity, einstein_diffusivity
from frenkel.rivals.dark_states import bright_dark_diffusivity, bright_fraction, exchange_kinetics
from frenkel.rivals.film_hopping import hopping_diffusion_constant, hopping_walks
from frenkel.rivals.films import Film, film_hops, miller_abrahams_rate, random_film
from frenkel.rivals.photons import photon_recycling_diffusivity
from frenkel.rivals.transient_localization import (
    transient_localization_diffusivity,
    transient_localization_length,
)
from frenkel.states import levels, linewidths, localization, spectra, superradiance
from hostile import JUNK, NON_NEGATIVE, ONE, OPTIONAL, POSITIVE, WHOLE

NAN = float("nan")
_X, _TIMES = np.linspace(-2000, 2000, 101), np.arange(0.0, 601.0, 25.0)
RECORD = {"stops": np.linspace(-1500, 1500, 31), "bin_edges": np.arange(-100.0, 501.0, 50.0)}
RECORD["counts"] = expected_counts(
    frenkel.gaussian_profiles(_X, _TIMES, 0.3), _X, _TIMES, RECORD["bin_edges"], stops=RECORD["stops"],
    n_photons=1e6, background=2.0,
)  # fmt: skip
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
PHYSICS = [
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
        superradiance.ensemble_coherence_number,
        {"rho": [np.eye(2) / 2] * 3},
        {"rho": [*NO_DENSITY, np.eye(2) / 2, [np.eye(2) / 2] * 2]},
    ),
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
    (
        diffusion_fits.diffusion_curve,
        {"temperatures": [60.0, 298.0], "coupling": 4.0, "disorder": 12.0, "spacing": 9.9}
        | {"dephasing": lambda T: T / 5, "n_sites": 640, "rng": 1},
        {"temperatures": [*NON_NEGATIVE, 1.0], "coupling": POSITIVE_ONE, "disorder": POSITIVE_ONE}
        | {"spacing": POSITIVE_ONE, "n_sites": [*WHOLE, 319], "rng": ["x", -1]}
        | {"dephasing": [None, 3.0, lambda T: -T, lambda T: 1.0, lambda T: "x"]},
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

FLAT = {"counts": [[9.0, 20.0, 9.0], [9.0, 15.0, 9.0]], "positions": [-9.0, 0.0, 9.0]}
GRID = [*JUNK, 3.0, [0.0, 1.0], [0.0, 1.0, 3.0], [2.0, 1.0, 0.0], [[0.0, 1.0, 2.0]]]
COUNTS = [*NON_NEGATIVE, 3.0, [1.0, 2.0], [0.0, 0.0, 0.0]]
MICROSCOPE = [
    (transfer_function, {"frequencies": 0.1}, {"frequencies": JUNK, "microscope": [3, "x", (1, 2)]}),
    (
        lattice_profiles,
        {"positions": np.linspace(-3000.0, 3000.0, 301), "populations": [[0.5, 0.5]], "displacements": [0, 1]}
        | {"spacing": 9.0, "spot": 90.0},
        {
            "positions": GRID,
            "populations": [*NON_NEGATIVE, [0.5, 0.5], np.ones((1, 3))],
            "displacements": JUNK,
        }
        | {"spacing": [*POSITIVE, *ONE], "spot": [*POSITIVE, *ONE]},
    ),
    (
        background_level,
        {"counts": [[1.0], [2.0], [3.0]], "bin_edges": [-3.0, -2.0, -1.0, 0.0], "before": -1.0},
        {"counts": [*NON_NEGATIVE, [1.0, 2.0], [[1.0]]], "bin_edges": GRID, "before": [*JUNK, *ONE, -9.0]},
    ),
    (
        untruncated_variance,
        {"moment": 1.0, "half_width": 3.0},
        {"moment": [*POSITIVE, 3.0, 9.0], "half_width": [*POSITIVE, *ONE]},
    ),
    (direct_msd, FLAT | {"reference": 0}, {"counts": [*COUNTS, [1.0, 2.0, 1.0]], "reference": [*WHOLE, 2]}),
    (
        fit_gaussian,
        FLAT | {"background": 1.0},
        {"counts": COUNTS, "positions": GRID, "background": NON_NEGATIVE},
    ),
    (
        fit_diffusion_constant,
        {"times": [0.0, 1.0], "variance": [1.0, 2.0], "errors": [1.0, 1.0]},
        {"times": [*JUNK, [0.0], [1.0, 0.0]], "variance": [*JUNK, [1.0]], "errors": [*POSITIVE, [1.0]]},
    ),
    (
        bootstrap,
        {"estimate": np.sum, "data": [1.0, 2.0], "resample": "repeats", "n_resamples": 10, "rng": 1},
        {"estimate": [None, 3], "data": [*JUNK, 3.0, [1.0]], "resample": [None, "x", 3], "rng": ["x", -1]}
        | {"n_resamples": [*WHOLE, 9]},
    ),
]

RING = Film(np.arange(4.0)[:, None], 4.0)
HOPS = film_hops(RING, np.zeros(4), lambda distance, change: 1 / distance, cutoff=1.5)
SPOT = {"positions": np.linspace(-600, 600, 61), "times": [0.0, 1.0], "density": 1e11, "rate": 0.1}
NUMBER = [*JUNK, *ONE]
POSITIVE_ONE, NON_NEGATIVE_ONE = [*POSITIVE, *ONE], [*NON_NEGATIVE, *ONE]
RIVALS = [
    (
        einstein_diffusivity,
        {"mobility": 1.0, "temperature": 9.0},
        {"mobility": NON_NEGATIVE, "temperature": NON_NEGATIVE},
    ),
    (
        band_diffusivity,
        {"temperature": 9.0, "acoustic_mobility": 1.0, "defect_mobility": 1.0, "defect_exponent": 0.5},
        {"temperature": POSITIVE, "acoustic_mobility": POSITIVE, "defect_mobility": POSITIVE}
        | {"defect_exponent": NUMBER},
    ),
    (
        photon_recycling_diffusivity,
        {"absorption": [1.0], "lifetime": 9.0, "reabsorption": 0.5, "weights": [1.0]},
        {"absorption": POSITIVE, "lifetime": POSITIVE_ONE, "reabsorption": [*NON_NEGATIVE_ONE, 1.1]}
        | {"weights": [*NON_NEGATIVE[OPTIONAL], [0.0], [1.0, 2.0], 1.0]},
    ),
    (
        bright_fraction,
        {"temperature": 9.0, "splitting": 1.0, "degeneracy_ratio": 3.0},
        {"temperature": POSITIVE, "splitting": JUNK, "degeneracy_ratio": POSITIVE_ONE},
    ),
    (
        bright_dark_diffusivity,
        {"temperature": 9.0, "splitting": 1.0, "bright_diffusivity": 1.0, "dark_diffusivity": 0.1}
        | {"exponent": 1.0, "degeneracy_ratio": 3.0},
        {"temperature": POSITIVE, "splitting": JUNK, "bright_diffusivity": NON_NEGATIVE_ONE}
        | {"dark_diffusivity": NON_NEGATIVE_ONE, "exponent": NUMBER, "degeneracy_ratio": POSITIVE_ONE},
    ),
    (
        diffusivity_from_counts,
        RECORD | {"spot": 300.0, "spot_error": 1.0, "n_knots": 6, "microscope": frenkel.Microscope()},
        {"counts": [*NON_NEGATIVE, [1.0, 2.0], np.ones((3, 3))], "stops": [*JUNK, 1.0, [1.0, 2.0]]}
        | {"bin_edges": [*JUNK, [1.0, 2.0], np.arange(0.0, 601.0, 50.0)], "spot": POSITIVE_ONE}
        | {"spot_error": POSITIVE_ONE, "n_knots": [*WHOLE, 4, 41]}
        | {"microscope": ["x", 1.0]},
    ),
    (
        exchange_kinetics,
        {"temperature": 9.0, "splitting": 1.0, "relaxation_rate": 0.1, "bright_decay": 0.01}
        | {"dark_decay": 0.001, "degeneracy_ratio": 3.0, "bright_start": 0.5},
        {"temperature": POSITIVE, "splitting": JUNK, "relaxation_rate": POSITIVE_ONE}
        | {"bright_decay": POSITIVE_ONE, "dark_decay": NON_NEGATIVE_ONE, "degeneracy_ratio": POSITIVE_ONE}
        | {"bright_start": [*NON_NEGATIVE_ONE, 1.5]},
    ),
    (
        transient_localization_diffusivity,
        {"length": 1.0, "time": 1.0},
        {"length": NON_NEGATIVE, "time": POSITIVE},
    ),
    (
        transient_localization_length,
        {"times": np.linspace(0, 10, 61), "msd": np.ones(61), "relaxation_time": 1.0},
        {"times": [*JUNK, 1.0, np.linspace(0, 9, 61), np.linspace(1, 11, 61)], "msd": [*NON_NEGATIVE, [1.0]]}
        | {"relaxation_time": POSITIVE_ONE},
    ),
    (
        annihilation_broadening,
        {"density": 1e11, "rate": 0.1, "spot": 300.0},
        {"density": NON_NEGATIVE, "rate": NON_NEGATIVE, "spot": POSITIVE_ONE},
    ),
    (
        annihilation_profiles,
        SPOT | {"diffusivity": 0.1, "lifetime": 99.0, "spot": 300.0},
        {"positions": [*JUNK, [0.0, 1.0, 3.0], np.linspace(-600, 600, 9), np.linspace(-600, 600, 513)]}
        | {"times": [*JUNK, [1.0, 2.0], [0.0]], "density": POSITIVE_ONE, "rate": [*NON_NEGATIVE_ONE]}
        | {"diffusivity": NON_NEGATIVE_ONE, "spot": POSITIVE_ONE}
        | {"lifetime": POSITIVE_ONE[OPTIONAL]},
    ),
    (
        random_film,
        {"n_sites": 9, "spacing": 9.0, "exclusion": 1.0, "dimension": 3, "rng": 1},
        {"n_sites": [*WHOLE, 3, 10**9], "spacing": POSITIVE_ONE, "exclusion": [*NON_NEGATIVE_ONE, 9.0]}
        | {"dimension": [0, 4, 2.5, None, "x", True], "rng": ["x", -1]},
    ),
    (
        miller_abrahams_rate,
        {"energy_change": 1.0, "temperature": 9.0, "attempt_rate": 1.0},
        {"energy_change": JUNK, "temperature": POSITIVE_ONE, "attempt_rate": NON_NEGATIVE},
    ),
    (
        hopping_diffusion_constant,
        {"hops": HOPS, "energies": np.zeros(4), "temperature": 9.0},
        {"hops": [None, 3, (1, 2)], "energies": [*JUNK, [1.0], [0.0, 1.0, 2.0, 3.0]]}
        | {"temperature": POSITIVE_ONE},
    ),
    (
        hopping_walks,
        {"hops": HOPS, "times": [0.0, 1.0], "n_walkers": 2, "start": [1, 0, 0, 0], "rng": 1},
        {"hops": [None, 3, (1, 2)], "times": [*JUNK, 3.0, [1.0, 0.0], [1e9]], "n_walkers": [*WHOLE, 0]}
        | {"start": [*NON_NEGATIVE[OPTIONAL], [1.0], np.zeros(4)], "rng": ["x", -1]},
    ),
]

CALLS = [*PHYSICS, *MICROSCOPE, *RIVALS]
