"""Tasks of the chapter on microscopy: a width from counts, and the probability of what was counted."""

import frenkel
import numpy as np
from notebooks.tasks import Task


def profile_cases(rng):
    cases = []
    for n, b, sigma in ((21, 2.0, 0.2), (31, 0.5, 0.35), (41, 4.0, 0.15)):
        x = np.linspace(-1.0, 1.0, n)
        cases.append((rng.poisson(200 * np.exp(-(x**2) / (2 * sigma**2)) + b).astype(float), x, b))
    return cases


def library_moment(counts, positions, background):
    return frenkel.second_moment(counts, positions, background=background).value


profile_variance = Task(
    title="a width from counts",
    starter="""
    import numpy as np


    def profile_variance(counts, positions, background):
        \"\"\"Return m, the mean square of the position about 0, without `background` counts at every stop.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def profile_variance(counts, positions, background):
        signal = counts - background
        return np.sum(signal * positions**2) / np.sum(signal)
    """,
    cases=profile_cases,
    library=library_moment,
    mistakes=(
        ("counts - background", "counts",
         "The background is still there. It is flat and lies far out, so it counts most in the second moment; as the "
         "excitons die its share grows, and any sample seems to spread."),
        ("counts - background", "np.maximum(counts - background, 0)",
         "You have set negative differences to zero. Counts scatter to both sides of the background; cutting off one side "
         "leaves the other, and that looks like light far out."),
        ("/ np.sum(signal)", "/ np.sum(counts)",
         "The background is subtracted above and not below: divide by the signal alone."),
        ("signal * positions**2) / np.sum(signal)", "signal * abs(positions)) / np.sum(signal)",
         "That is the mean distance. Variances add along the way through the instrument, and only they do: square it."),
    ),
    hints=(
        r"Subtract the background at every stop, also where the difference comes out negative.",
        r"The rest is a mean with weights: $\sum s\,x^2/\sum s$.",
    ),
)  # fmt: skip


def count_cases(rng):
    cases = []
    for shape in ((6,), (3, 5), (40,)):
        expected = rng.uniform(0.5, 9.0, shape)
        cases.append((rng.poisson(expected).astype(float), expected))
    return cases


def logarithm(counts, expected):
    # Of the probability itself, Λ^c e^(−Λ)/c!, without the factorial.
    return sum(float(np.log(mean**count * np.exp(-mean))) for count, mean in zip(counts.flat, expected.flat))


log_likelihood = Task(
    title="the probability of what was counted",
    starter="""
    import numpy as np


    def log_likelihood(counts, expected):
        \"\"\"Return the logarithm of the Poisson probability, without the part that Λ does not change.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def log_likelihood(counts, expected):
        return np.sum(counts * np.log(expected) - expected)
    """,
    cases=count_cases,
    library=logarithm,
    mistakes=(
        ("counts * np.log(expected) - expected", "counts * np.log(expected)",
         "The −Λ is missing. Without it every count would like Λ to be as large as possible, and no maximum exists."),
        ("counts * np.log(expected) - expected", "-((counts - expected) ** 2) / (2 * expected)",
         "This is a Gaussian of variance Λ. For a handful of counts it is a poor stand-in: a Poisson distribution is "
         "lopsided: of eight counts at Λ = 2 it is more than e³ times as likely."),
        ("counts * np.log(expected) - expected", "expected * np.log(counts + 1e-300) - counts",
         "Counts and expectation are exchanged. What was counted is given; Λ is the guess that is judged."),
        ("np.sum", "np.mean",
         "Independent counts multiply their probabilities, so the logarithms add. A mean makes every error bar that "
         "follows too wide, by the root of the number of stops and bins."),
    ),
    hints=(
        r"One stop has the probability $\Lambda^c\,\mathrm e^{-\Lambda}/c!$. Take its logarithm.",
        r"$\ln c!$ does not depend on $\Lambda$: leave it out. Then add over all stops.",
    ),
)  # fmt: skip
