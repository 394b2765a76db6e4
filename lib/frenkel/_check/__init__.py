"""Input checks at the public border, all in one grammar.

Every message reads «Argument `name` must be RULE, but is VALUE.»; a reader sees which argument, which
rule and which value. Checks return the argument as a float, an int or an array of floats, so that what
lies behind the border never checks again.
"""

from .energies import centered_energies, chains, diffusion_constant, diffusivity
from .laboratory import clock, profile_counts, uniform_grid
from .operators import (
    dense_hamiltonian,
    density,
    dipoles,
    hamiltonian,
    hamiltonians,
    one_exciton,
    state,
    trajectories,
)
from .values import (
    LARGEST,
    ConvergenceWarning,
    array,
    choice,
    exponent,
    fail,
    function,
    generator,
    integer,
    non_negative,
    positive,
    scalar,
    times,
    together,
    unit_vectors,
    unmasked,
)

__all__ = [
    "LARGEST",
    "ConvergenceWarning",
    "array",
    "centered_energies",
    "chains",
    "choice",
    "clock",
    "dense_hamiltonian",
    "density",
    "diffusion_constant",
    "diffusivity",
    "dipoles",
    "exponent",
    "fail",
    "function",
    "generator",
    "hamiltonian",
    "hamiltonians",
    "integer",
    "non_negative",
    "one_exciton",
    "positive",
    "profile_counts",
    "scalar",
    "state",
    "times",
    "together",
    "trajectories",
    "uniform_grid",
    "unit_vectors",
    "unmasked",
]
