"""frenkel: excitons on a noisy, disordered lattice.

Units inside: J = ħ = a = 1; `frenkel.units` converts. Importing the package loads NumPy alone.
"""

from . import units
from ._check import ConvergenceWarning
from .coherent import evolve_state, wave_packet
from .coupling import dipolar_coupling, dipole_lattice_sum, orientation_factor, transition_dipole
from .dephasing import evolve_density, trajectories
from .dipole_lattice import long_range
from .ensemble import EnsembleAverage, ensemble_average
from .extended_dipole import extended_orientation_factor
from .hamiltonian import hamiltonian, site_energies
from .lattice import Lattice, chain, cubic, displacements, ring, square
from .lattice_velocity import lattice_diffusion_constant, lattice_diffusivity
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
    "chain",
    "coherence_length",
    "coherence_length_bound",
    "cubic",
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
    "extended_orientation_factor",
    "first_maximum",
    "hamiltonian",
    "lattice_diffusion_constant",
    "lattice_diffusivity",
    "long_range",
    "mean_squared_displacement",
    "orientation_factor",
    "propagate_uncertainty",
    "ring",
    "sample_uncertainty",
    "site_energies",
    "square",
    "trajectories",
    "transition_dipole",
    "units",
    "wave_packet",
]
