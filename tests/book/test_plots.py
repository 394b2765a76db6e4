"""What the house style adds to a plot."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from frenkel import plots
from matplotlib.colors import to_rgb


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


def crossed(ax, text):
    """Return the shortest distance in pixels between the words and each line, along the lines."""
    box = text.get_window_extent()
    center, half = np.array([box.x0 + box.x1, box.y0 + box.y1]) / 2, np.array([box.width, box.height]) / 2
    away = {}
    for line in ax.lines:
        x, y = line.get_transform().transform(line.get_xydata()).T
        fine = np.linspace(0, 1, 5000)
        points = np.stack([np.interp(fine, np.linspace(0, 1, len(each)), each) for each in (x, y)], axis=1)
        away[line.get_label()] = np.hypot(*np.maximum(abs(points - center) - half, 0).T).min()
    return away


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("width", [6.4, 4.0])  # inches, of a wide page and of a narrow one
def test_names_within_touch_nothing_and_stand_next_to_their_own_curve(ax, scale, width):
    """The places are found on the wide figure, and hold on the narrow one."""
    x = np.linspace(0.1, 10, 200)
    for height, name in enumerate(("first", "second curve", "third")):
        ax.plot(x, (1 + height) * x * np.exp(-x / 2) + 0.2, label=name)
    ax.axvline(4.0, color="0.5")
    ax.plot([2.0], [0.5], "o", label="_dot")
    ax.set(yscale=scale)
    ax.text(0.5, 0.9, "words that stand there", transform=ax.transAxes)
    plots.name_curves(ax, within=True)
    fig = ax.figure
    fig.set_size_inches(width, fig.get_size_inches()[1] * (0.88 if width < 5 else 1))
    fig.draw_without_rendering()
    names = ax.texts[1:]
    for text in names:
        away = crossed(ax, text)
        own = away.pop(text.get_text())
        assert 1 < own < 10 and own < min(away.values()), (text.get_text(), own, away)
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(ax.get_window_extent().fully_containsx(x) for box in boxes[1:] for x in (box.x0, box.x1))


def test_data_with_bars_of_errors_have_names(ax):
    ax.errorbar([1, 2, 3], [1, 4, 2], [0.1, 0.2, 0.1], fmt="o", label="data")
    plots.name_curves(ax, within=True)
    assert [text.get_text() for text in ax.texts] == ["data"]


def luminance(color):
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_names_are_legible_on_the_paper_of_the_theme(theme):
    with plt.rc_context(plots.style(theme)):
        _, ax = plt.subplots()
        for height, color in enumerate(plots.PALETTE):
            ax.plot([0, 1], [height, height], color=color, label=color)
        plots.name_curves(ax)
        for text in ax.texts:
            dim, bright = sorted(luminance(each) for each in (text.get_color(), ax.get_facecolor()))
            assert (bright + 0.05) / (dim + 0.05) >= 4.5
        assert ax.texts[0].get_color() == to_rgb(plots.PALETTE[0]) or theme == "dark"
        plt.close()
