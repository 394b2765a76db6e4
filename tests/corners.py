"""The states of an explorer that are tested: its defaults, and the ends of all its ranges."""

import itertools


def corners(explorer):
    """The defaults, then all combinations of the ends of sliders and of the options of choices."""
    yield explorer.defaults
    names = [parameter.name for parameter in explorer.parameters]
    for values in itertools.product(*(parameter.corners for parameter in explorer.parameters)):
        yield dict(zip(names, values, strict=True))
