"""What the house style adds to a plot."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from frenkel import plots


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_names_of_curves_stand_at_their_ends_and_apart(ax):
    """On a logarithmic axis; three ends of one height make room for each other, the rest stays."""
    ends = {"low": 0.2, "first": 1.0, "second": 1.01, "third": 1.02, "top": 5.0}
    for name, end in ends.items():
        ax.plot([0, 1], [1.0, end], label=name)
    ax.plot([0, 1], [2.0, 2.0])  # without a name
    ax.plot([], [], label="empty")
    ax.set(yscale="log", ylim=(0.1, 10))
    plots.name_curves(ax, apart=0.1)
    places = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert [*places] == [*ends]
    natural = (np.log10([*ends.values()]) + 1) / 2  # of the height of the axes
    found = np.array([*places.values()])
    assert np.abs(found - natural)[[0, 4]].max() < 1e-9
    assert found[1:4].mean() == pytest.approx(natural[1:4].mean())
    assert np.diff(found)[1:3] == pytest.approx(0.1, abs=1e-3)
    assert [text.get_color() for text in ax.texts] == [line.get_color() for line in ax.lines[:5]]
