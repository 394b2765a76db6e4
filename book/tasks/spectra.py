"""Tasks of the chapter on spectra: sticks, and the number of sites that radiate or are coherent together."""

import frenkel
import numpy as np
from notebooks.tasks import Task


def stick_cases(rng):
    return [(frenkel.hamiltonian(frenkel.chain(n), rng.normal(size=n)),) for n in (2, 5, 9)]


def library_sticks(H):
    return frenkel.oscillator_strengths(H)[1]


stick_strengths = Task(
    title="the height of a stick",
    starter="""
    import numpy as np


    def stick_strengths(H):
        \"\"\"Return the oscillator strengths F_j, in the order of rising energies.\"\"\"
        energies, states = np.linalg.eigh(H)  # states[n, j] = <n|j>
        return ...
    """,
    solution="""
    import numpy as np


    def stick_strengths(H):
        energies, states = np.linalg.eigh(H)
        return abs(states.sum(axis=0)) ** 2
    """,
    cases=stick_cases,
    library=library_sticks,
    mistakes=(
        ("abs(states.sum(axis=0)) ** 2", "(abs(states) ** 2).sum(axis=0)",
         "You have squared before adding, and every state gets 1. The dipoles of a state oscillate together: their "
         "amplitudes add first, which is why one state can take all the light."),
        ("sum(axis=0)", "sum(axis=1)",
         "You have added over the states. `states[n, j]` belongs to the site n and the state j; add over the sites."),
        ("abs(states.sum(axis=0)) ** 2", "abs(states.mean(axis=0)) ** 2",
         "Yours add up to 1/N. The strengths of all states together are N, one for every site: add, do not average."),
        ("abs(states.sum(axis=0)) ** 2", "abs(states.sum(axis=0))",
         "This is the amplitude of the dipole. What absorbs is its square."),
    ),
    hints=(
        r"$\langle n|j\rangle$ is the element `states[n, j]`; add over $n$.",
        r"First the sum, then the square. Check: all strengths together have to give $N$.",
    ),
)  # fmt: skip


def average_cases(rng):
    cases = []
    for n_chains, n in ((1, 4), (30, 5), (7, 8)):
        psi = rng.normal(size=(n_chains, n)) + 0.7
        rho = np.einsum("kn,km->knm", psi, psi)
        cases.append((rho / np.trace(rho, axis1=1, axis2=2)[:, None, None],))
    return cases


def library_coherence(matrices):
    n = matrices.shape[-1]
    magnitudes = [
        [abs(sum(rho[i, j] for rho in matrices) / len(matrices)) for j in range(n)] for i in range(n)
    ]
    total = sum(map(sum, magnitudes))
    return total**2 / (n * sum(value**2 for row in magnitudes for value in row))


coherent_sites = Task(
    title="how many sites are coherent?",
    starter="""
    import numpy as np


    def coherent_sites(matrices):
        \"\"\"Return N_coh of density matrices of many chains, in an array of shape (chains, N, N).\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def coherent_sites(matrices):
        size = abs(matrices.mean(axis=0))
        return size.sum() ** 2 / (len(size) * (size**2).sum())
    """,
    cases=average_cases,
    library=library_coherence,
    mistakes=(
        ("abs(matrices.mean(axis=0))", "abs(matrices).mean(axis=0)",
         "You have averaged magnitudes. The average over chains comes first and the magnitude after it: signs that "
         "differ from chain to chain are to cancel."),
        ("len(size) * (size**2).sum()", "(size**2).sum()",
         "The N in the denominator is missing. A matrix of equal elements has N² of them, and (N²)²/(N · N²) = N."),
        ("len(size) * (size**2).sum()", "len(size) * size.sum()",
         "The denominator has the squares of the magnitudes; with yours the number would depend on the norm of ρ."),
        ("len(size)", "len(matrices)",
         "You have divided by the number of chains. N is the number of sites: the length of one matrix."),
    ),
    hints=(
        r"The bar in $\bar\rho_{nm}$ is the average over the chains, `mean(axis=0)`.",
        r"Two numbers are needed: the sum of all magnitudes, and the sum of their squares.",
    ),
)  # fmt: skip
