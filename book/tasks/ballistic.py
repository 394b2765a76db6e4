"""Tasks of the chapter on ballistic motion: how far, and how fast from the current through bonds."""

import frenkel
import numpy as np
from notebooks.tasks import Task


def packet_cases(rng):
    cases = []
    for n, center in ((7, 3), (15, 5), (40, 30)):
        psi = (rng.normal(size=n) + 1j * rng.normal(size=n)) / np.sqrt(2 * n)
        cases.append((psi / np.linalg.norm(psi), center))
    return cases


def spread(psi, center):
    return sum(abs(psi[n]) ** 2 * (n - center) ** 2 for n in range(len(psi)))


wave_msd = Task(
    title="how far has a wave come?",
    starter="""
    import numpy as np


    def wave_msd(psi, center):
        \"\"\"Return the mean squared displacement from the site `center` of a normalized wave.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def wave_msd(psi, center):
        distances = np.arange(len(psi)) - center
        return np.sum(abs(psi) ** 2 * distances**2)
    """,
    cases=packet_cases,
    library=spread,
    mistakes=(
        ("np.arange(len(psi)) - center", "np.arange(len(psi)) - np.sum(abs(psi) ** 2 * np.arange(len(psi)))",
         "You have taken the variance, about the mean position. A displacement is counted from where the exciton began."),
        ("abs(psi) ** 2", "abs(psi)",
         "The weights are amplitudes. The probability of a site is the square of the magnitude."),
        ("np.sum(abs(psi) ** 2 * distances**2)", "np.mean(abs(psi) ** 2 * distances**2)",
         "The probabilities are weights that add up to 1 already: a sum, no further mean over the sites."),
        ("np.sum(abs(psi) ** 2 * distances**2)", "np.sum(abs(psi) ** 2 * distances) ** 2",
         "This is the square of the mean displacement. A wave that runs both ways has a mean of zero and gets far."),
    ),
    hints=(
        r"For each site: its probability, and its squared distance from `center`.",
        r"`np.arange(len(psi))` numbers the sites.",
    ),
)  # fmt: skip


def current_cases(rng):
    cases = []
    for n, center, t in ((9, 4, 0.8), (15, 5, 1.5), (21, 10, 3.0)):
        H = frenkel.hamiltonian(frenkel.chain(n), rng.normal(size=n))
        cases.append((H, frenkel.evolve_state(H, np.eye(n)[center], [t])[0], center))
    return cases


def library_diffusivity(H, psi, center):
    # ½ d/dt <(x - c)²> = ½ <i[H, (x - c)²]>
    square = np.diag((np.arange(len(psi)) - center) ** 2.0)
    return 0.5 * np.vdot(psi, 1j * (H @ square - square @ H) @ psi).real


current_diffusion = Task(
    title="D(t) without a derivative",
    starter="""
    import numpy as np


    def current_diffusion(H, psi, center):
        \"\"\"Return D = ½ dMSD/dt of the amplitudes psi, from the rates of change of the P_n.\"\"\"
        rates = ...  # dP_n/dt from the Schrödinger equation
        return ...
    """,
    solution="""
    import numpy as np


    def current_diffusion(H, psi, center):
        rates = 2 * np.imag(psi.conj() * (H @ psi))
        distances = np.arange(len(psi)) - center
        return 0.5 * np.sum(rates * distances**2)
    """,
    cases=current_cases,
    library=library_diffusivity,
    mistakes=(
        ("0.5 * np.sum", "np.sum",
         "Yours is twice D: the diffusivity of one dimension is half the rate of change of the MSD."),
        ("2 * np.imag", "np.imag",
         "Yours is half of D. The probability ψ*ψ changes through both factors, and the two terms are conjugate: "
         "together twice the imaginary part."),
        ("np.imag(psi.conj() * (H @ psi))", "np.imag(psi * (H @ psi).conj())",
         "The sign is turned: you have conjugated Hψ in place of ψ, and probability flows backward in time."),
        ("np.imag(psi.conj() * (H @ psi))", "np.imag(psi * (H @ psi))",
         "The conjugate of ψ is missing. A common phase of all amplitudes would then change the current."),
    ),
    hints=(
        r"$\dot\psi_n = -\mathrm i\,(H\psi)_n$, so $\dot P_n = \dot\psi_n^*\psi_n + \psi_n^*\dot\psi_n = 2\,\mathrm{Re}\,[-\mathrm i\,\psi_n^*(H\psi)_n]$.",
        r"The real part of $-\mathrm iz$ is the imaginary part of $z$.",
        r"The MSD is $\sum_n P_n(n - n_0)^2$; put $\dot P_n$ for $P_n$, and take half.",
    ),
)  # fmt: skip
