"""Tasks of the chapter on noise that helps: the velocity of a ring, a sum of Lorentzians, a walk of hops."""

import frenkel
import numpy as np
from notebooks.tasks import Task


def ring_cases(rng):
    return [(frenkel.hamiltonian(frenkel.ring(n), rng.normal(size=n)),) for n in (5, 6, 9)]


def velocity(H):
    # i[H, x] where the ring is cut elsewhere: each bond from the cut that does not touch it.
    n = len(H)
    v = np.zeros((n, n), complex)
    for start in range(n):
        order = np.roll(np.arange(n), -start)
        first, second = order[:2]
        v[first, second], v[second, first] = 1j * H[first, second], -1j * H[second, first]
    return v


ring_velocity = Task(
    title="the velocity on a ring",
    starter="""
    import numpy as np


    def ring_velocity(H):
        \"\"\"Return the matrix v of the ring with the Hamiltonian H.\"\"\"
        n_sites = len(H)
        return ...
    """,
    solution="""
    import numpy as np


    def ring_velocity(H):
        n_sites = len(H)
        sites = np.arange(n_sites)
        steps = sites[None, :] - sites[:, None]  # x_m - x_n
        steps = (steps + n_sites // 2) % n_sites - n_sites // 2  # the short way around
        return 1j * H * steps
    """,
    cases=ring_cases,
    library=velocity,
    mistakes=(
        ("steps = (steps + n_sites // 2) % n_sites - n_sites // 2", "pass",
         "The bond that closes the ring counts as a step of N − 1 sites back. That is the commutator with x = 0, 1, "
         "…, N − 1, an operator that knows of ends; with it D_s is 0. Between neighbors the step is 1 everywhere."),
        ("1j * H * steps", "1j * H * steps * (abs(sites[None, :] - sites[:, None]) < 2)",
         "The bond that closes the ring is missing. A turn around the ring would count N − 1 steps in place of N, and "
         "D_s would come out smaller by the factor (1 − 1/N)²."),
        ("1j * H * steps", "-1j * H * steps",
         "Your velocity points the other way: [x, H] in place of [H, x]. D does not notice, for v enters twice, but "
         "a current would flow backward."),
        ("1j * H * steps", "H * steps",
         "This is w, real and antisymmetric, with imaginary eigenvalues. The velocity can be measured: v = iw."),
    ),
    hints=(
        r"Write out the element: $\mathrm i\,[H, x]_{nm} = \mathrm i\,H_{nm}\,(x_m - x_n)$.",
        r"All that is needed of $x$ is the step $x_m - x_n$. Across the bond that closes the ring it is $\pm1$, and not $\mp(N - 1)$.",
        r"`(steps + n_sites // 2) % n_sites - n_sites // 2` brings a step to the short way around.",
    ),
)  # fmt: skip


def lorentzian_cases(rng):
    cases = []
    for n in (1, 5, 40):
        weights = rng.random(n)
        cases.append((rng.uniform(0.1, 4.0, n), weights / weights.sum(), np.geomspace(0.05, 20, n + 3)))
    return cases


def sum_of_lorentzians(frequencies, weights, dephasings):
    # 1/(Γ + iΩ) is the integral of exp(−Γt − iΩt); its real part is Γ/(Γ² + Ω²).
    return np.array([2 * (weights / (rate + 1j * frequencies)).sum().real for rate in dephasings])


sum_lorentzians = Task(
    title="all modes at once",
    starter="""
    import numpy as np


    def sum_lorentzians(frequencies, weights, dephasings):
        \"\"\"Return D_s at every one of the dephasings.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def sum_lorentzians(frequencies, weights, dephasings):
        gamma = dephasings[:, None]  # one row for each dephasing
        terms = weights * gamma / (gamma**2 + frequencies**2)
        return 2 * terms.sum(axis=1)
    """,
    cases=lorentzian_cases,
    library=sum_of_lorentzians,
    mistakes=(
        ("2 * terms", "terms",
         "The 2 in front is missing. It is the mean square of the velocity, ⟨w|w⟩/N: every site has two bonds."),
        ("weights * gamma /", "weights * frequencies /",
         "This is Ω/(Γ² + Ω²), the other half of 1/(Γ + iΩ). It does not vanish without noise; what ends a swing is "
         "in the numerator, Γ."),
        ("terms.sum(axis=1)", "terms.mean(axis=1)",
         "The weights p are normalized to 1 already: add the terms, do not average them."),
        ("weights * gamma /", "weights**2 * gamma /",
         "The weights p are squares of components already; they enter once."),
    ),
    hints=(
        r"For one $\Gamma$ the sum over the modes is one line: every array has one element for each $\Omega_j$.",
        r"`dephasings[:, None]` is a column. Together with a row of frequencies it makes a table, which you add up along `axis=1`.",
    ),
)  # fmt: skip


def walk_cases(rng):
    return [
        (rng.normal(size=n) * width, gamma)
        for n, width, gamma in ((3, 1.0, 4.0), (8, 2.0, 6.0), (50, 1.0, 9.0))
    ]


def constant_of_walk(energies, dephasing):
    # The stationary walk with a unit step of x across every bond: potentials from the rates' own matrix.
    rates = frenkel.exact.hopping_rate(energies - np.roll(energies, -1), dephasing)
    n = len(energies)
    back = np.roll(np.eye(n), -1, axis=0)  # |n+1><n|
    slope = np.eye(n) - back.T
    matrix = slope.T @ np.diag(rates) @ slope
    pressure = np.linalg.lstsq(matrix, slope.T @ rates, rcond=None)[0]
    return (rates * (1 - slope @ pressure)).mean()


hopping_constant = Task(
    title="hops in series",
    starter="""
    import numpy as np


    def hopping_constant(energies, dephasing):
        \"\"\"Return D_s of the walk of hops on a ring with these site energies.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def hopping_constant(energies, dephasing):
        steps = energies - np.roll(energies, 1)
        rates = 2 * dephasing / (dephasing**2 + steps**2)
        return 1 / np.mean(1 / rates)
    """,
    cases=walk_cases,
    library=constant_of_walk,
    mistakes=(
        ("1 / np.mean(1 / rates)", "np.mean(rates)",
         "You have averaged the rates, as if the bonds lay side by side and a walker could choose the best. They come "
         "one after the other, and the slow ones hold everyone up: average the times 1/k."),
        ("energies - np.roll(energies, 1)", "np.diff(energies)",
         "The bond between the last site and the first is missing: on a ring there are as many bonds as sites. "
         "`np.roll` reaches around."),
        ("2 * dephasing /", "dephasing /",
         "Your rates, or the result, are half of what they should be. The rate has a 2Γ, from a population that changes "
         "by twice the imaginary part of a coherence; and a walker at the rate k to each side has D = k."),
    ),
    hints=(
        r"There are as many bonds as sites. `energies - np.roll(energies, 1)` has all of them.",
        r"In the stationary state the same current flows through every bond, as through resistors in a row: the resistances $1/k$ add.",
    ),
)  # fmt: skip
