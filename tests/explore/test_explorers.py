"""Every explorer at every corner of its ranges: finite numbers, a plain sentence, a figure that updates."""

import dataclasses
import gc
import json
import re
import subprocess
import sys
import time
from fractions import Fraction
from unittest import mock

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from colors import contrast
from corners import corners
from frenkel.explore import EXPLORERS, Choice, Slider
from frenkel.explore.hosts import live, page
from frenkel.explore.hosts.picture import BRIGHT, LAYOUTS, Picture, size
from frenkel.explore.words import typeset
from frenkel.plots import PALETTE
from matplotlib.colors import to_hex, to_rgb, to_rgba_array

BUDGET = 1.0  # seconds to compute and draw once on one core; under WebAssembly it takes about twice that

MARKUP = set("_^$\\{}`*")  # of TeX and Markdown

each_explorer = pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=EXPLORERS)


def artists_of(axes):
    return [
        sum(len(kind) for kind in (ax.lines, ax.collections, ax.texts, ax.patches, ax.images)) for ax in axes
    ]


@pytest.fixture
def axes(request):
    figure, axes = plt.subplots(1, request.getfixturevalue("explorer").panels, squeeze=False)
    yield axes[0]
    plt.close(figure)


@pytest.fixture
def small_heap():
    """While an explorer is timed, what tests have piled up is not searched for garbage (once for 1.3 s)."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.usefixtures("small_heap")
@each_explorer
def test_every_corner_gives_finite_numbers_a_sentence_and_a_figure(explorer, axes):
    made = None
    for values in corners(explorer):
        start = time.process_time()
        result = explorer.run(**values)
        explorer.draw(axes, result)
        axes[0].figure.canvas.draw()
        seconds = time.process_time() - start
        for name, value in result.items():
            if np.asarray(value).dtype.kind in "fc":
                assert np.isfinite(value).all(), f"`{name}` is not finite at {values}"
        sentence = explorer.read_out(result)
        assert sentence.endswith(".") and sentence[0].isupper(), f"{sentence!r} is no sentence"
        assert not MARKUP & set(sentence), f"nothing typesets {sentence!r}"
        made = made or (artists_of(axes), page.room(explorer, sentence))
        assert len(sentence) <= made[1], f"no room for {len(sentence)} characters: state `length`"
        assert not {"nan", "inf", "none"} & {word.strip(".,;:()-").lower() for word in sentence.split()}, (
            sentence
        )
        assert not re.search(r"±\s*0(\.0*)?(?![\d.])", sentence), f"an error is rounded to zero: {sentence}"
        assert artists_of(axes) == made[0], f"artists were added instead of updated at {values}"
        assert seconds < BUDGET, f"{seconds:.2f} s at {values}"


@pytest.mark.slow
@each_explorer
def test_every_parameter_matters(explorer):
    """Each control changes something: the sentence or the numbers."""
    for parameter in explorer.parameters:
        seen = [explorer.run(**{parameter.name: value}) for value in parameter.corners]
        low, high = seen[0], seen[-1]
        same = all(np.array_equal(low[name], high[name]) for name in low if name != parameter.name)
        if parameter is explorer.clock:
            same = explorer.read_out(low) == explorer.read_out(high)
        assert not same, f"`{parameter.name}` changes nothing but itself"


@pytest.mark.slow
@each_explorer
def test_same_values_give_the_same_numbers(explorer):
    first, second = explorer.run(), explorer.run()
    assert all(np.array_equal(first[name], second[name]) for name in first), "an explorer is random"


@pytest.mark.slow
@each_explorer
def test_drawing_again_shows_the_new_result(explorer, axes):
    """A figure that went through another state is the one that was drawn at once."""

    def picture(*states):
        for ax in axes:
            ax.clear()
        for values in states:
            explorer.draw(axes, explorer.run(**values))
        axes[0].figure.canvas.draw()
        return np.asarray(axes[0].figure.canvas.buffer_rgba()).copy()

    other = {parameter.name: parameter.corners[-1] for parameter in explorer.parameters}
    at_once = picture(explorer.defaults)
    assert np.array_equal(picture(other, explorer.defaults), at_once), "traces of an older state stay"
    assert not np.array_equal(picture(explorer.defaults, other), at_once), "the figure does not follow"


@pytest.mark.slow
@each_explorer
@pytest.mark.parametrize("layout", LAYOUTS)
def test_back_at_the_defaults_the_picture_is_the_first(explorer, layout):
    """Longer tick labels on the way leave no trace in the layout."""
    desk = live.Desk()

    def picture(values):
        width = size(explorer, layout)[0]
        return bytes(desk.show(explorer.name, json.dumps(values), layout, "light", width)["pixels"])

    first = picture(explorer.defaults)
    for end in (0, -1):
        picture({parameter.name: parameter.corners[end] for parameter in explorer.parameters})
    assert picture(explorer.defaults) == first


PLAYING = [explorer for explorer in EXPLORERS.values() if explorer.clock]
each_clock = pytest.mark.parametrize("explorer", PLAYING, ids=[explorer.name for explorer in PLAYING])


def test_words_and_numbers_need_no_matplotlib():
    """In the browser they come before it."""
    code = """
import sys
from frenkel.explore import EXPLORERS
from frenkel.explore.hosts.live import Desk
desk = Desk()
for name in EXPLORERS:
    assert desk.words(name, "{}")["read_out"] and desk.numbers(name, "{}"), name
print("matplotlib" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"


@each_clock
def test_what_its_moments_show_is_said(explorer):
    """For those who do not see them; and the sentence beside them is about one of them."""
    _, sentence, seen = explorer.at_rest()
    assert seen.endswith(sentence) and len(seen) - len(sentence) > 150
    if explorer.rest is None:
        assert explorer.clock.default in explorer.clock.moments


@each_clock
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_frame_is_the_picture_of_its_moment(explorer, layout):
    """Whatever was shown before, and though only what moves has been drawn anew."""
    clock = explorer.clock
    moments = [clock.low, clock.high, *clock.moments]
    playing, at_once = live.Shown(explorer), []
    for moment in moments:
        values = explorer.defaults | {clock.name: moment}
        at_once.append(live.Shown(explorer).show(values, layout, "light", 500)["pixels"].tobytes())
        assert playing.show(values, layout, "light", 500)["pixels"].tobytes() == at_once[-1], moment
    assert len(set(at_once)) == len(set(moments)), "nothing moves"


@each_clock
def test_time_goes_by_without_a_computation(explorer):
    runs = mock.Mock(side_effect=explorer.compute)
    shown = live.Shown(dataclasses.replace(explorer, compute=runs))
    for moment in explorer.clock.moments:
        shown.show(explorer.defaults | {explorer.clock.name: moment}, "wide", "light", 680)
    assert runs.call_count == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@each_explorer
def test_gray_dotted_lines_are_seen_on_either_paper(explorer, theme):
    drawn = Picture(explorer, "wide", theme)
    drawn.draw(explorer.run())
    for ax in drawn.axes:
        for line in ax.lines:
            color = to_rgb(line.get_color())
            if line.get_linestyle() == ":" and max(color) - min(color) < 0.05:
                assert contrast(to_hex(color), to_hex(ax.get_facecolor())) >= 4.5, line.get_gid()


@each_explorer
def test_colors_of_the_light_paper_stay_there(explorer):
    """Drawn or moved on: a color that is named too late, or by its number, is that of the light palette."""
    drawn = Picture(explorer, "wide", "dark")
    drawn.draw(explorer.run())
    if explorer.clock:
        drawn.frame(explorer.run(**{explorer.clock.name: explorer.clock.high}))
    held = [to_rgb("white")]
    for artist in drawn.figure.findobj():
        for kind in ("color", "facecolor", "edgecolor"):
            found = getattr(artist, f"get_{kind}", lambda: [])()
            held += [*to_rgba_array(found)[:, :3]] if len(found) else []

    def are_held(palette):
        return (abs(np.array(held)[:, None] - to_rgba_array(palette)[:, :3]) < 0.01).all(axis=2).any()

    assert (are_held(BRIGHT) or explorer.name == "beating") and not are_held(PALETTE)  # hues and ink alone


@each_explorer
def test_settings_do_not_depend_on_what_was_set_before(explorer):
    assert explorer.settings, "no button tells the story"
    assert len({tuple(values) for values in explorer.settings.values()}) == 1
    assert len({str(values) for values in explorer.settings.values()}) == len(explorer.settings)


@each_explorer
def test_settings_and_moments_are_places_of_the_sliders(explorer):
    moments = [{explorer.clock.name: t} for t in explorer.clock.moments] if explorer.clock else []
    for values in [*explorer.settings.values(), *moments]:
        explorer.values(**values)
        for parameter in explorer.parameters:
            if isinstance(parameter, Slider) and parameter.name in values:
                places = parameter.to_position(values[parameter.name]) - parameter.to_position(parameter.low)
                assert abs(places / parameter.step - round(places / parameter.step)) < 0.02, parameter.name


@each_explorer
def test_what_is_shown_is_what_was_asked_for(explorer):
    """A result holds its parameters as they stand on the sliders, be it in a unit of its own."""
    at_rest = explorer.run()
    for slider in explorer.parameters:
        if isinstance(slider, Slider) and np.ndim(at_rest.get(slider.name, [])) == 0:
            low, high = slider.to_position(slider.low), slider.to_position(slider.high)
            places = [
                low + round(share * slider.steps) / slider.steps * (high - low) for share in (0.3, 0.55)
            ]
            asked = [slider.default, *map(slider.from_position, places)]
            shown = [
                at_rest[slider.name],
                *(explorer.run(**{slider.name: v})[slider.name] for v in asked[1:]),
            ]
            assert np.multiply(shown, asked[-1]) == pytest.approx(np.multiply(asked, shown[-1])), slider.name


@each_explorer
def test_parameters_are_complete_and_defaults_allowed(explorer):
    names = [parameter.name for parameter in explorer.parameters]
    assert len(set(names)) == len(names) and set(explorer.defaults) == set(names)
    for parameter in explorer.parameters:
        assert parameter.label and parameter.check(parameter.default) == parameter.default
        if isinstance(parameter, Slider):
            assert parameter.low < parameter.high
            back = parameter.from_position(parameter.to_position(parameter.default))
            assert back == pytest.approx(parameter.default, rel=1e-12)


@each_explorer
def test_both_ends_of_a_slider_are_within_reach(explorer):
    """A browser allows min + k·step up to max and no further: a step rounded up would lose the upper end."""
    pattern = r'type="range" name="(\S+)" min="(\S+)" max="(\S+)" step="(\S+)"'
    ranges = {name: rest for name, *rest in re.findall(pattern, page.render(explorer, {}, "12 MB, once"))}
    sliders = [parameter for parameter in explorer.parameters if isinstance(parameter, Slider)]
    assert len(ranges) == len(sliders)
    for slider in sliders:
        low, high, step = map(Fraction, ranges[slider.name])
        last = low + slider.steps * step
        assert high - step / 1000 < last <= high, f"`{slider.name}` ends at {float(last)}"


@pytest.mark.parametrize(
    ("plain", "set_"),
    [
        ("a mean of -1.88 ± 0.02", "a mean of −1.88~±~0.02"),
        ("kurtosis -0.0; -0.05 and -0.", "kurtosis 0.0; −0.05 and 0."),
        ("8.2e-11 of 3e+06", "8.2·10⁻¹¹ of 3·10⁶"),
        ("Haken-Strobl, 3-4, x-2", "Haken-Strobl, 3-4, x-2"),
        ("44 % at Δ = 2.00", "44~% at Δ~=~2.00"),
        ("0.0018 cm²/s, 2.00 |J|, 1.8 meV", "0.0018~cm²/s, 2.00~|J|, 1.8~meV"),
        ("12 sites = a chain", "12 sites = a chain"),
    ],
)
def test_numbers_in_a_sentence_are_set(plain, set_):
    """And stand with their units and signs on one line: `~` is a space that does not break."""
    set_ = set_.replace("~", "\N{NO-BREAK SPACE}")
    assert typeset(plain) == typeset(set_) == set_


@each_explorer
def test_values_outside_the_range_are_refused(explorer):
    for parameter in explorer.parameters:
        if isinstance(parameter, Choice):
            bad = ["no such option", None, 3]
        else:
            bad = [
                parameter.low - 1,
                2 * parameter.high + 1,
                float("nan"),
                float("inf"),
                "x",
                None,
                [1.0, 2.0],
            ]
        for value in bad:
            with pytest.raises(
                (ValueError, TypeError), match=f"Argument `{parameter.name}` must be .*, but is "
            ):
                explorer.run(**{parameter.name: value})
    with pytest.raises(ValueError, match="Argument `parameter` must be one of"):
        explorer.run(no_such_parameter=1.0)


def test_a_clock_has_a_frame_for_each_of_25_pictures_a_second():
    clocks = {name: explorer.clock for name, explorer in EXPLORERS.items() if explorer.clock}
    assert clocks and not {name for name, clock in clocks.items() if clock.steps / clock.seconds < 25}


def test_file_variable_and_explorer_have_one_name():
    for name in EXPLORERS:
        assert EXPLORERS[name].name == name
    with pytest.raises(KeyError, match="There is no explorer named 'enakt'"):
        EXPLORERS["enakt"]


@each_explorer
def test_a_sentence_is_plain_text(explorer):
    """No page typesets it, so it has no TeX, as `k_BT` is."""
    for values in [{}, *explorer.settings.values()]:
        assert not MARKUP & set(explorer.read_out(explorer.run(**values))), values
    assert not MARKUP & set(explorer.at_rest()[2])
