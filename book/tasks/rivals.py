"""Tasks of the chapter on rivals: two kinds of exciton, and what a parameter costs."""

import numpy as np
from notebooks.tasks import Task


def exchange_cases(rng):
    return [
        (np.array([10.0, 60.0, 300.0]), 5.0, 1.0, 0.1, 1.0),
        (np.linspace(20, 200, 7), 20.0, 3.0, 0.04, 1.5),
    ]


def library_exchange(temperature, splitting, ratio, bright, power):
    from frenkel.rivals.dark_states import bright_dark_diffusivity

    return bright_dark_diffusivity(
        temperature, splitting=splitting, bright_diffusivity=bright, exponent=power, degeneracy_ratio=ratio
    )


exchange_diffusivity = Task(
    title="a turnover without interference",
    starter="""
    import numpy as np

    KB = 0.08617333262  # meV/K


    def exchange_diffusivity(temperature, splitting, ratio, bright, power):
        \"\"\"Return D at the temperatures, of dark excitons that do not move: δ, G, D_b, q.\"\"\"
        share = ...  # of bright excitons
        return ...
    """,
    solution="""
    import numpy as np

    KB = 0.08617333262  # meV/K


    def exchange_diffusivity(temperature, splitting, ratio, bright, power):
        boltzmann = ratio * np.exp(-splitting / (KB * temperature))
        share = boltzmann / (1 + boltzmann)
        return share * bright * (temperature / 100) ** -power
    """,
    cases=exchange_cases,
    library=library_exchange,
    mistakes=(
        ("boltzmann / (1 + boltzmann)", "boltzmann",
         "The shares of bright and dark do not add up to 1: divide by the sum of both weights. In the heat yours tends to "
         "G, and not to G/(1 + G)."),
        ("np.exp(-splitting", "np.exp(splitting",
         "You have put the dark state on top. It lies lower by δ, so in the cold nothing is bright."),
        ("** -power", "** power",
         "Phonons slow the bright exciton: with the power +q it would speed up as it gets warmer, and there would be no maximum."),
        ("share * bright", "(1 - share) * bright",
         "You have taken the dark share. Dark excitons stay where they are here: what moves is the bright one."),
    ),
    hints=(
        r"Give the dark state the weight 1 and the bright ones together $G\,\mathrm e^{-\delta/k_\mathrm BT}$.",
        r"The share is one weight by the sum of both. $T_1$ is 100 K.",
    ),
)  # fmt: skip


def fit_cases(rng):
    cases = []
    for n, r in ((10, 2), (12, 4), (60, 3)):
        errors = rng.uniform(0.02, 0.3, n)
        data = rng.uniform(0.5, 2.0, n)
        cases.append((data, data + errors * rng.normal(size=n), errors, r))
    return cases


def criterion(data, model, errors, n_parameters):
    n, chi2 = len(data), sum(((d - m) / e) ** 2 for d, m, e in zip(data, model, errors))
    # The usual form, for errors that are known: AIC and its correction on one line.
    return chi2 + 2 * n_parameters * n / (n - n_parameters - 1)


corrected_criterion = Task(
    title="what a parameter costs",
    starter="""
    import numpy as np


    def corrected_criterion(data, model, errors, n_parameters):
        \"\"\"Return AICc of a model that has been fitted to the data with these standard errors.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def corrected_criterion(data, model, errors, n_parameters):
        n, r = len(data), n_parameters
        chi2 = np.sum(((data - model) / errors) ** 2)
        return chi2 + 2 * r + 2 * r * (r + 1) / (n - r - 1)
    """,
    cases=fit_cases,
    library=criterion,
    mistakes=(
        ("((data - model) / errors) ** 2", "(data - model) ** 2",
         "The misfits are not measured by their errors. χ² has no unit; without the errors it changes when D is quoted in "
         "other units, and the cost of a parameter does not."),
        (" + 2 * r * (r + 1) / (n - r - 1)", "",
         "This is AIC, which holds for many data. With ten it underrates what a parameter costs: the correction is missing."),
        ("2 * r + 2 * r * (r + 1) / (n - r - 1)", "r * np.log(n)",
         "This is the BIC, which asks another question: how the data have shifted the odds between models."),
        ("chi2 +", "chi2 / (n - r) +",
         "You have divided χ² by the degrees of freedom. That number tells whether a fit is good; the criterion needs χ² "
         "itself, a sum over the data as the logarithm of a probability is."),
        (" / errors) ** 2", ") ** 2 / errors",
         "The errors enter squared: divide each misfit by its error first, and square then."),
    ),
    hints=(
        r"$\chi^2$ is the sum of the squares of the misfits, each in units of its own error.",
        r"Then add the cost of $r$ parameters, $2r + 2r(r+1)/(N_\mathrm d - r - 1)$.",
    ),
)  # fmt: skip
