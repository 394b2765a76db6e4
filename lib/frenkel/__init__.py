"""frenkel: excitons on a noisy, disordered lattice.

Units inside: J = ħ = a = 1; `frenkel.units` converts. Importing the package loads NumPy alone.
"""

from . import units
from ._check import ConvergenceWarning
from .coherent import evolve_state, wave_packet
from .coupling import dipolar_coupling, dipole_lattice_sum, orientation_factor, transition_dipole
from .dephasing import evolve_density, trajectories
from .derivative import smooth_diffusivity
from .ensemble import EnsembleAverage, ensemble_average
from .estimators import second_moment
from .extended_dipole import extended_orientation_factor
from .hamiltonian import hamiltonian, site_energies
from .imaging import Microscope, expected_counts, record_counts
from .lattice import Lattice, chain, displacements, ring
from .profiles import gaussian_profiles
from .transport import (
    coherence_length,
    coherence_length_bound,
    diffusivity_from_msd,
    first_maximum,
    mean_squared_displacement,
)
from .uncertainty import propagate_uncertainty, sample_uncertainty
from .velocity import current_spectrum, diffusion_constant, diffusivity

__version__ = "0.1.0"

__all__ = [
    "ConvergenceWarning",
    "EnsembleAverage",
    "Lattice",
    "Microscope",
    "chain",
    "coherence_length",
    "coherence_length_bound",
    "current_spectrum",
    "diffusion_constant",
    "diffusivity",
    "diffusivity_from_msd",
    "dipolar_coupling",
    "dipole_lattice_sum",
    "displacements",
    "ensemble_average",
    "evolve_density",
    "evolve_state",
    "expected_counts",
    "extended_orientation_factor",
    "first_maximum",
    "gaussian_profiles",
    "hamiltonian",
    "mean_squared_displacement",
    "orientation_factor",
    "propagate_uncertainty",
    "record_counts",
    "ring",
    "sample_uncertainty",
    "second_moment",
    "site_energies",
    "smooth_diffusivity",
    "trajectories",
    "transition_dipole",
    "units",
    "wave_packet",
]
