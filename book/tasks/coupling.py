"""Tasks of the chapter on the coupling: two dipoles in laboratory units, and many in a row."""

import frenkel
import numpy as np
from notebooks.tasks import Task


def pair_cases(rng):
    return [(85.2, 2.0, 11.2, 1.875), (97.0, -1.0, 12.0, 1.5), (120.0, 0.7, 9.9, 2.2)]


def library_coupling(dipole, kappa, distance, index):
    return frenkel.dipolar_coupling(dipole, distance, index, kappa)


dipole_coupling = Task(
    title="a coupling in meV",
    starter="""
    import numpy as np
    from scipy import constants

    DEBYE = 1e-21 / constants.c  # in C m


    def dipole_coupling(dipole, kappa, distance, index):
        \"\"\"Return J in meV, of a dipole in debye and a distance in nm.\"\"\"
        mu = dipole * DEBYE
        return ...
    """,
    solution="""
    import numpy as np
    from scipy import constants

    DEBYE = 1e-21 / constants.c  # in C m


    def dipole_coupling(dipole, kappa, distance, index):
        mu = dipole * DEBYE
        a = distance * 1e-9
        joule = kappa * mu**2 / (4 * np.pi * constants.epsilon_0 * index**2 * a**3)
        return 1e3 * joule / constants.e
    """,
    cases=pair_cases,
    library=library_coupling,
    mistakes=(
        ("4 * np.pi * constants", "constants",
         "The 4π is missing. The field of a dipole in SI units has 4πε₀; without it J comes out 12.6 times too large."),
        ("index**2", "index",
         "The refractive index enters squared: it stands for the dielectric constant, which screens the field."),
        ("a**3", "a**2",
         "The near field of a dipole falls as the third power of the distance; these are not even units of energy."),
        ("1e3 * joule", "joule",
         "That is J in eV: dividing joules by the elementary charge gives eV, and one eV is 1000 meV."),
    ),
    hints=(
        r"Put everything into SI units first: the distance in meters, the dipole in C m.",
        r"{eq}`eq-coupling` then gives joules. Divided by the elementary charge they are eV.",
    ),
)  # fmt: skip


def row_cases(rng):
    return [(0.0, 50), (np.pi / 2, 100), (0.6, 3), (1.2, 400)]


def library_row(angle, n_neighbors):
    direction = (np.cos(angle), np.sin(angle), 0.0)
    axis = (1.0, 0.0, 0.0)
    kappa = frenkel.orientation_factor(direction, direction, axis)
    return 2 * sum(kappa / m**3 for m in range(n_neighbors, 0, -1))


row_sum = Task(
    title="all neighbors in a row",
    starter="""
    import numpy as np


    def row_sum(angle, n_neighbors):
        \"\"\"Return S of a row of equal dipoles at `angle` to it, with n_neighbors on either side.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def row_sum(angle, n_neighbors):
        distances = np.arange(1, n_neighbors + 1)
        kappa = 1 - 3 * np.cos(angle) ** 2
        return 2 * np.sum(kappa / distances**3)
    """,
    cases=row_cases,
    library=library_row,
    mistakes=(
        ("2 * np.sum", "np.sum",
         "You have summed one side of the row. The lattice sum runs over all other sites, left and right."),
        ("1 - 3 * np.cos(angle) ** 2", "1 - 3 * np.sin(angle) ** 2",
         "The angle is that between dipole and row, so head to tail, at the angle 0, has κ = 1 − 3 = −2."),
        ("np.arange(1, n_neighbors + 1)", "np.arange(1, n_neighbors)",
         "The last neighbor is missing: `np.arange(1, n)` ends with n − 1."),
        ("1 - 3 * np.cos(angle) ** 2", "3 * np.cos(angle) ** 2 - 1",
         "The sign is turned around. Dipoles head to tail lower each other's energy: κ = 1 − 3 cos²θ is −2 there."),
    ),
    hints=(
        r"All pairs of a row have the same angle, so $\kappa$ is one number.",
        r"Left and right are alike: sum $1/m^3$ over the distances $m$ of one side, and double it.",
    ),
)  # fmt: skip
