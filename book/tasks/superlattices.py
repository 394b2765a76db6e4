"""Tasks of the first chapter: the matrix of a chain, and what it does to an exciton."""

import frenkel
import numpy as np
from notebooks.tasks import Task


def chain_cases(rng):
    return [(rng.normal(size=n), J) for n, J in ((3, 1.0), (5, -0.7), (8, 2.5))]  # a ring of two is a chain


def chain_matrix(energies, J):
    return J * frenkel.hamiltonian(frenkel.chain(len(energies)), energies / J)


chain_hamiltonian = Task(
    title="one matrix",
    starter="""
    import numpy as np


    def chain_hamiltonian(energies, J):
        \"\"\"Return H of a chain with these site energies and the coupling J.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def chain_hamiltonian(energies, J):
        hops = np.eye(len(energies), k=1)  # |n><n+1|
        return np.diag(energies) + J * (hops + hops.T)
    """,
    cases=chain_cases,
    library=chain_matrix,
    mistakes=(
        ("(hops + hops.T)", "hops",
         "The exciton hops one way only: the Hermitian conjugate is missing, and probability would not be conserved."),
        ("J * (hops + hops.T)", "2 * J * (hops + hops.T)",
         "Every hop stands there twice. The sum over n and its conjugate put J once above and once below the diagonal."),
        ("np.eye(len(energies), k=1)", "np.roll(np.eye(len(energies)), 1, axis=1)",
         "The last site is coupled to the first. That is a ring; on a chain the sum ends with the last pair."),
        ("np.diag(energies) + ", "",
         "The site energies are missing: without them every site is like the next, and nothing holds the wave."),
    ),
    hints=(
        r"The site energies stand on the diagonal: `np.diag`.",
        r"`np.eye(n, k=1)` has ones just above the diagonal: these are the hops $|n\rangle\langle n{+}1|$.",
    ),
)  # fmt: skip


def motion_cases(rng):
    cases = []
    for n, start, t in ((4, 0, 0.7), (7, 3, 2.0), (9, 1, 5.0)):
        cases.append((frenkel.hamiltonian(frenkel.chain(n), rng.normal(size=n)), start, t))
    return cases


def library_populations(H, start, t):
    return abs(frenkel.evolve_state(H, np.eye(len(H))[start], [t])[0]) ** 2


chain_populations = Task(
    title="where is it at the time t?",
    starter="""
    import numpy as np


    def chain_populations(H, start, t):
        \"\"\"Return the probabilities P_n(t) of an exciton that begins on the site `start`.\"\"\"
        energies, states = np.linalg.eigh(H)  # states[:, j] belongs to energies[j]
        return ...
    """,
    solution="""
    import numpy as np


    def chain_populations(H, start, t):
        energies, states = np.linalg.eigh(H)
        shares = states[start].conj()  # <j|start>
        psi = states @ (np.exp(-1j * energies * t) * shares)
        return abs(psi) ** 2
    """,
    cases=motion_cases,
    library=library_populations,
    mistakes=(
        ("abs(psi) ** 2", "abs(psi)",
         "These are the magnitudes of the amplitudes. The probability is the square of the magnitude."),
        ("abs(psi) ** 2", "psi",
         "These are amplitudes. The probability is the square of the magnitude, a real number."),
        ("states[start].conj()", "states[:, start].conj()",
         "You have taken a column: the state number `start`, where it lies on the sites. The share of the site `start` "
         "in every eigenstate stands in the row."),
        ("psi = states @ (np.exp(-1j * energies * t) * shares)",
         "psi = np.sqrt(abs(states) ** 2 @ abs(shares) ** 2 + 0j)",
         "You have added probabilities, not amplitudes. Without interference nothing depends on time; yours is the "
         "average over all times."),
    ),
    hints=(
        r"Write the start as a sum of eigenstates. The coefficients $\langle j|\mathrm{start}\rangle$ are a row of `states`.",
        r"Every coefficient turns with its own phase, $\mathrm e^{-\mathrm iE_jt}$.",
        r"`states @ coefficients` gives the amplitudes on the sites; take the squares of their magnitudes at the end.",
    ),
)  # fmt: skip
