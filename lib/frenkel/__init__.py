"""frenkel: excitons on a noisy, disordered lattice.

Units inside: J = ħ = a = 1; `frenkel.units` converts. Importing the package loads NumPy alone.
"""

from . import exact, units
from ._check import ConvergenceWarning
from .baths.hierarchy import hierarchy
from .baths.hierarchy_diffusion import hierarchy_diffusivity
from .baths.polaron_diffusion import polaron_diffusion_constant, polaron_lattice_diffusion_constant
from .baths.polaron_frame import PolaronFrame, polaron_frame
from .baths.polaron_master import polaron_master_equation
from .baths.polaron_master_diffusion import polaron_master_diffusion_constant
from .baths.polaron_rates import polaron_hopping_rate
from .baths.spectral_densities import (
    BrownianBath,
    DrudeBath,
    reorganization_from_linewidth,
    reorganization_from_stokes_shift,
)
from .microscope.imaging import Microscope, expected_counts, record_counts
from .microscope.moments import second_moment
from .microscope.profiles import gaussian_profiles
from .microscope.smoothing import smooth_diffusivity
from .motion.colored_noise import colored_trajectories
from .motion.diffusion_fits import fit_diffusion
from .motion.disordered_chains import coherent_spread
from .motion.lattice_diffusion import lattice_diffusion_constant, lattice_diffusivity
from .motion.measures import (
    coherence_length,
    coherence_length_bound,
    diffusivity_from_msd,
    first_maximum,
    mean_squared_displacement,
)
from .motion.ring_diffusion import diffusion_constant, diffusivity
from .motion.ring_frequencies import current_spectrum
from .motion.ring_optimum import best_dephasing
from .motion.traps import transfer_efficiency
from .motion.wavefunctions import evolve_state, wave_packet
from .motion.white_noise import evolve_density, trajectories
from .states.levels import density_of_states
from .states.linewidths import turnover_temperature
from .states.localization import localization_length, participation_ratio
from .states.spectra import absorption_spectrum, oscillator_strengths
from .statistics.ensembles import EnsembleAverage, ensemble_average
from .statistics.uncertainty import propagate_uncertainty, sample_uncertainty
from .system.dipole_lattices import long_range
from .system.dipoles import dipolar_coupling, dipole_lattice_sum, orientation_factor, transition_dipole
from .system.extended_dipoles import extended_orientation_factor
from .system.hamiltonians import hamiltonian, site_energies
from .system.lattices import Lattice, chain, cubic, displacements, ring, square

__version__ = "1.0.0"

__all__ = [
    "BrownianBath",
    "ConvergenceWarning",
    "DrudeBath",
    "EnsembleAverage",
    "Lattice",
    "Microscope",
    "PolaronFrame",
    "absorption_spectrum",
    "best_dephasing",
    "chain",
    "coherence_length",
    "coherence_length_bound",
    "coherent_spread",
    "colored_trajectories",
    "cubic",
    "current_spectrum",
    "density_of_states",
    "diffusion_constant",
    "diffusivity",
    "diffusivity_from_msd",
    "dipolar_coupling",
    "dipole_lattice_sum",
    "displacements",
    "ensemble_average",
    "evolve_density",
    "evolve_state",
    "exact",
    "expected_counts",
    "extended_orientation_factor",
    "first_maximum",
    "fit_diffusion",
    "gaussian_profiles",
    "hamiltonian",
    "hierarchy",
    "hierarchy_diffusivity",
    "lattice_diffusion_constant",
    "lattice_diffusivity",
    "localization_length",
    "long_range",
    "mean_squared_displacement",
    "orientation_factor",
    "oscillator_strengths",
    "participation_ratio",
    "polaron_diffusion_constant",
    "polaron_frame",
    "polaron_hopping_rate",
    "polaron_lattice_diffusion_constant",
    "polaron_master_diffusion_constant",
    "polaron_master_equation",
    "propagate_uncertainty",
    "record_counts",
    "reorganization_from_linewidth",
    "reorganization_from_stokes_shift",
    "ring",
    "sample_uncertainty",
    "second_moment",
    "site_energies",
    "smooth_diffusivity",
    "square",
    "trajectories",
    "transfer_efficiency",
    "transition_dipole",
    "turnover_temperature",
    "units",
    "wave_packet",
]
