"""Tasks of the chapter on localization: the size of a state, and a length with its error."""

import frenkel
import numpy as np
from notebooks.tasks import Task


def state_cases(rng):
    complex_state = rng.normal(size=6) + 1j * rng.normal(size=6)
    return [(np.array([0.6, 0.8]),), (rng.normal(size=9),), (complex_state,)]


def library_participation(psi):
    return frenkel.participation_ratio(psi)


participating_sites = Task(
    title="how many sites hold a state?",
    starter="""
    import numpy as np


    def participating_sites(psi):
        \"\"\"Return PR of a state, which need not be normalized.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def participating_sites(psi):
        weights = abs(psi) ** 2
        return weights.sum() ** 2 / (weights**2).sum()
    """,
    cases=state_cases,
    library=library_participation,
    mistakes=(
        ("weights.sum() ** 2 / (weights**2).sum()", "1 / (weights**2).sum()",
         "This holds for a normalized state. The one that comes here need not be: divide by its norm, squared."),
        ("weights.sum() ** 2 / (weights**2).sum()", "(weights**2).sum() / weights.sum() ** 2",
         "Upside down: yours is the inverse participation ratio, 1 for a state on one site and small for a wide one."),
        ("abs(psi) ** 2", "(psi**2).real",
         "For a complex amplitude ψ² is not |ψ|². The weight of a site is the square of the magnitude."),
        ("abs(psi) ** 2", "psi**2",
         "Your number is complex, as ψ² is. The weight of a site is |ψ|², the square of the magnitude."),
        ("weights.sum() ** 2 /", "weights.sum() /",
         "The norm enters squared, as the weights below do: a state multiplied by 2 lies on as many sites as before."),
    ),
    hints=(
        r"Begin with the weights $|\psi_n|^2$.",
        r"Try it by hand: a state with equal weights on $M$ sites has to give $M$.",
    ),
)  # fmt: skip


def growth_cases(rng):
    return [
        (rng.normal(size=(5, 60)) * width, energy) for width, energy in ((1.0, 0.3), (2.0, -1.0), (0.7, 1.5))
    ]


def lyapunov(energies, energy):
    # The recursion as a product of matrices, normalized after each.
    rates = []
    for chain in energies:
        vector, logarithm = np.array([1.0, 0.0]), 0.0
        for value in chain:
            vector = np.array([[energy - value, -1.0], [1.0, 0.0]]) @ vector
            size = np.hypot(*vector)
            vector, logarithm = vector / size, logarithm + np.log(size)
        rates.append(logarithm / len(chain))
    deviations = np.array(rates) - sum(rates) / len(rates)
    return [sum(rates) / len(rates), (deviations @ deviations / (len(rates) - 1) / len(rates)) ** 0.5]


growth_rate = Task(
    title="a growth rate with its error",
    starter="""
    import numpy as np


    def growth_rate(energies, energy):
        \"\"\"Return γ(E), the mean over chains, and its standard error; energies[chain, site].\"\"\"
        here = np.ones(len(energies))  # ψ of each chain, and of the site before
        before = np.zeros(len(energies))
        logarithms = np.zeros(len(energies))
        for site in energies.T:
            ...
        return ...
    """,
    solution="""
    import numpy as np


    def growth_rate(energies, energy):
        here = np.ones(len(energies))
        before = np.zeros(len(energies))
        logarithms = np.zeros(len(energies))
        for site in energies.T:
            here, before = (energy - site) * here - before, here
            size = np.hypot(here, before)
            here, before = here / size, before / size
            logarithms += np.log(size)
        rates = logarithms / energies.shape[1]
        return rates.mean(), rates.std(ddof=1) / np.sqrt(len(rates))
    """,
    cases=growth_cases,
    library=lyapunov,
    mistakes=(
        ("std(ddof=1)", "std()",
         "The mean is right, the error too small: the scatter is measured from the mean of the same chains, which lies "
         "in their middle. Divide by one less than their number, ddof=1."),
        ("rates.std(ddof=1) / np.sqrt(len(rates))", "rates.std(ddof=1)",
         "The second number is the scatter of one chain. The mean of M chains is known √M times better."),
        ("logarithms / energies.shape[1]", "logarithms",
         "The logarithms have to be divided by the number of sites: γ is a growth for each site."),
        ("(energy - site) * here - before", "(energy - site) * here + before",
         "The sign before ψ of the site before is wrong: Eψₙ = εₙψₙ + ψₙ₊₁ + ψₙ₋₁, solved for ψₙ₊₁."),
        ("rates = logarithms / energies.shape[1]", "rates = energies.shape[1] / logarithms",
         "Yours is the mean of 1/γ. A mean of inverses is not the inverse of a mean, and a chain that happens not to grow "
         "spoils it: average γ and invert at the end."),
        ("np.log(size)", "np.log(abs(here / before))",
         "You follow ψ alone, from site to site. That grows as fast in the end, but on a chain of this length it depends on "
         "where in its wave ψ stops. The equation has the length of the pair."),
    ),
    hints=(
        r"A step of the recursion is one line: `here, before = (energy - site) * here - before, here`.",
        r"Amplitudes grow beyond all bounds. After each step divide both by `np.hypot(here, before)`, and add its logarithm to the sum.",
        r"At the end every chain has its own rate, logarithm by length. The mean of $M$ of them has the error $s/\sqrt M$, with the scatter $s$ of `std(ddof=1)`.",
    ),
)  # fmt: skip
