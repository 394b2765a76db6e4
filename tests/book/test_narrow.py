"""Figures for narrow pages: panels below each other, text that a phone shows at nine pixels or more."""

import io

import frenkel.plots
import matplotlib.pyplot as plt
import pytest
from notebooks import narrow, recorded, sources
from PIL import Image

COLUMN = 342  # CSS pixels that a figure has on a page of 390
FIGURES = [
    pytest.param(path, sources.figure(cell), id=sources.figure(cell))
    for path in sources.chapters()
    for cell in sources.read(path).cells
    if sources.figure(cell)
]


def legible(png):
    """Return the size of the smallest text of a narrow figure, in CSS pixels on a page of 390."""
    picture = Image.open(io.BytesIO(png))
    return float(picture.text[narrow.SIZE]) * 200 / 72 * COLUMN / picture.width


@pytest.mark.parametrize(("path", "name"), FIGURES)
def test_every_figure_can_be_read_on_a_phone(path, name):
    png = recorded.read(recorded.folder(path)).figures[recorded.narrow(name)]
    width, height = Image.open(io.BytesIO(png)).size
    assert legible(png) >= 9
    assert height < 4.2 * width


@pytest.mark.parametrize(("path", "name"), FIGURES)
def test_no_words_of_a_figure_touch(path, name):
    """Neither as its cell draws it nor as a phone shows it."""
    png = recorded.read(recorded.folder(path)).figures[recorded.narrow(name)]
    said = Image.open(io.BytesIO(png)).text
    near = {field: said[field] for field in (narrow.APART, narrow.WIDE)}
    assert all(float(words.split()[0]) >= 0 for words in near.values()), near


@pytest.fixture
def panels():
    with plt.rc_context(frenkel.plots.style()):
        figure, axes = plt.subplots(1, 2, figsize=(7.1, 3.0), sharey=True)
        axes[0].set_ylabel("height")
        axes[1].plot([0, 1], [0, 1], label="a line")
        axes[1].text(0.5, 0.5, "small", fontsize=5)
        figure.legend(loc="upper center", ncols=3)
        yield figure
    plt.close(figure)


def saved(figure):
    out = io.BytesIO()
    figure.savefig(out, metadata={"Software": None})
    return out.getvalue()


def test_panels_come_below_each_other_and_keep_their_words(panels):
    narrow.stack(panels)
    left, right = (axes.get_subplotspec() for axes in panels.axes)
    assert (left.rowspan.start, right.rowspan.start) == (0, 1)
    assert left.colspan == right.colspan == range(1)
    assert panels.axes[1].get_ylabel() == "height"
    width, height = panels.get_size_inches()
    assert width == narrow.WIDTH and height > width
    panels.draw_without_rendering()
    numbers = [label for label in panels.axes[1].get_yticklabels() if label.get_visible()]
    assert any(label.get_text() for label in numbers)


def test_a_title_stands_nearer_to_its_panel_than_to_the_axis_above(panels):
    upper, lower = panels.axes
    upper.set_xlabel("time")
    title = lower.set_title("the lower panel")
    narrow.stack(panels)
    panels.draw_without_rendering()
    above, it = upper.xaxis.label.get_window_extent(), title.get_window_extent()
    assert above.y0 - it.y1 > it.y0 - lower.get_window_extent().y1 > 0


def test_words_that_overlap_are_found(panels):
    upper = panels.axes[0]
    upper.set_xlim(0, 10)  # the numbers beyond are not drawn, and touch nothing
    assert float(narrow.closest(panels).split()[0]) > 0
    upper.text(5, 0.3, "first")
    assert float(narrow.closest(panels).split()[0]) > 0
    upper.text(5, 0.31, "second")
    assert narrow.closest(panels).split()[1:] == ["'first'", "'second'"]
    assert float(narrow.closest(panels).split()[0]) < 0


def test_small_text_grows(panels):
    assert legible(narrow.picture(panels)) >= 9
    assert narrow.enlarge(panels) == narrow.SMALLEST
    assert panels.axes[1].texts[0].get_fontsize() == narrow.SMALLEST


def test_the_figure_itself_stays_as_it_is(panels):
    before, figures = saved(panels), plt.get_fignums()
    assert narrow.picture(panels) != before
    assert saved(panels) == before and plt.get_fignums() == figures
