"""Every explorer at every corner of its ranges: finite numbers, a plain sentence, a figure that updates."""

import dataclasses
import gc
import itertools
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
from frenkel import units
from frenkel.explore import EXPLORERS, Choice, Slider, chain_run
from frenkel.explore.figures.ripple import SEED
from frenkel.explore.frozen import unit_disorder
from frenkel.explore.hosts import live, page
from frenkel.explore.hosts.picture import BRIGHT, LAYOUTS, Picture, size, still
from frenkel.explore.hues import shades
from frenkel.explore.words import typeset
from frenkel.motion.ring_diffusion import diffusion_constant
from frenkel.motion.wavefunctions import evolve_state
from frenkel.plots import PALETTE
from frenkel.system.hamiltonians import hamiltonian
from frenkel.system.lattices import square
from frenkel.system.samples import SAMPLES
from matplotlib.colors import to_hex, to_rgb, to_rgba_array

BUDGET = 1.0  # seconds to compute and draw once on one core; under WebAssembly it takes about twice that

MARKUP = set("_^$\\{}`*")  # of TeX and Markdown

each_explorer = pytest.mark.parametrize("explorer", EXPLORERS.values(), ids=EXPLORERS)


def corners(explorer):
    """The defaults, then all combinations of the ends of sliders and of the options of choices."""
    yield explorer.defaults
    names = [parameter.name for parameter in explorer.parameters]
    for values in itertools.product(*(parameter.corners for parameter in explorer.parameters)):
        yield dict(zip(names, values, strict=True))


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


def _apart(one, other):
    """By how many errors the last distances of two results differ."""
    errors = np.hypot(one["distance_error"][-1], other["distance_error"][-1])
    return (one["distance"][-1] - other["distance"][-1]) / errors


def test_noise_sets_the_localized_exciton_moving():
    """What the chapter on superlattices lets one see: at one disorder, standing, moving, held back again."""
    regimes = EXPLORERS["regimes"]
    quiet, best, much = (
        regimes.run(**regimes.settings[words]) for words in ("Quiet", "Best noise", "Too much noise")
    )
    assert best["distance"][-1] > 1.8 * quiet["distance"][-1] and _apart(best, quiet) > 4
    assert best["distance"][-1] > 1.8 * much["distance"][-1] and _apart(best, much) > 4
    assert abs(_apart(quiet, much)) < 2, "too much noise does not hold the exciton as the disorder does"
    assert quiet["distance"][-1] < 1.1 * quiet["quiet"][-1], "the exciton moves without noise"
    told = [regimes.read_out(result) for result in (quiet, best, much)]
    verdicts = ("about as far as", "fs, farther than", "about as far as")  # be it a little more or less
    assert all(words in sentence for words, sentence in zip(verdicts, told, strict=True))
    slowed = regimes.run(**regimes.settings["Clean and quiet"] | {"dephasing": 10.0})
    assert "less far than without noise" in regimes.read_out(slowed)
    standing, walking, free = (
        regimes.run(disorder=disorder, dephasing=noise)["growth"]
        for disorder, noise in ((60.0, 0.1), (30.0, 30.0), (0.0, 0.1))
    )
    assert abs(standing - 1) < 0.1 and abs(walking - 2**0.5) < 0.05 and abs(free - 2) < 0.05


def test_a_packet_meets_disorder_and_its_echo_turns_it_round():
    """What the chapter on ballistic transport says of the first sight."""
    packets = EXPLORERS["packets"]
    met, clean = (packets.run(**values) for values in (packets.defaults, packets.settings["Clean"]))
    times, place, error = met["times"], met["place"], met["place_error"]
    assert place[5] == pytest.approx(2 * times[5], rel=0.1), "it does not start at the velocity 2"
    assert met["t_back"] == pytest.approx(3, abs=0.5) and met["farthest"] == pytest.approx(2, abs=0.15)
    assert met["farthest"] - place[-1] > 4 * error[-1] and place[-1] < 0.6 * met["farthest"]
    assert clean["place"][-1] == pytest.approx(30, rel=0.02) and clean["t_back"] == 0
    assert np.allclose(clean["place"], clean["clean_place"])
    far = packets.run(disorder=0.5)
    assert far["farthest"] == pytest.approx(4 * met["farthest"], rel=0.15)
    behind, ahead = (
        far["current"][-1][(met["sites"] > low) & (met["sites"] < high)]
        for low, high in ((-20, 10), (25, 40))
    )
    assert behind.max() < 0 < ahead.min()


def test_the_current_of_a_packet_is_that_of_its_mean():
    """All of a clean packet in mid-band runs at the velocity 2, so half of its current is its profile."""
    packets = EXPLORERS["packets"]
    met, clean = packets.run(), packets.run(disorder=0.0)
    speed = np.gradient(met["place"], met["times"], edge_order=2)
    assert np.allclose(met["current"].sum(axis=1), speed, atol=1e-6)
    assert np.allclose(clean["current"] / 2, clean["profiles"], atol=0.02 * clean["profiles"].max())


@pytest.mark.parametrize("start", [{}, {"disorder": 3.0}, {"start": "spot"}, {"start": "site"}])
def test_what_is_marked_as_the_largest_is(start):
    """A curve of few chains has a first maximum that may be lower than one beside it."""
    packets = EXPLORERS["packets"]
    result = packets.run(**packets.settings["At rest"] | start)
    assert result["d_max"] >= result["diffusivity"].max() > 0 and 0 < result["t_max"] < 15
    assert re.search(r"D\(t\) is largest, \d\.\d+\s±\s0\.\d+, at", packets.read_out(result))


def test_the_line_for_comparison_is_no_bound_that_is_exceeded():
    """It is what the same start does without disorder: on a clean chain, the curve itself."""
    packets = EXPLORERS["packets"]
    for start in ("packet", "spot", "site"):
        result = packets.run(start=start, disorder=0.0)
        assert np.allclose(result["diffusivity"], result["clean_diffusivity"]), start
    assert np.allclose(result["clean_diffusivity"], 2 * result["times"], rtol=1e-3, atol=1e-9)


MAPS = pytest.mark.parametrize("name", ["dipoles", "ripple"])


@MAPS
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_map_of_a_plane_has_one_scale(name, layout):
    """A dipole at 45° stands at 45°, alone and among the moments of the picture at rest."""
    explorer, figures = EXPLORERS[name], []
    drawn = Picture(explorer, layout, "light")
    drawn.draw(explorer.run())
    with mock.patch(
        "frenkel.explore.hosts.picture._fit_label", side_effect=lambda ax: bool(figures.append(ax))
    ):
        still(explorer, explorer.run(), layout, "light")
    assert len(figures) == 4
    for ax in (drawn.axes[0], *figures):
        across, up = ax.transData.transform([[1, 0], [0, 1]]) - ax.transData.transform([0, 0])
        assert across[0] == pytest.approx(up[1], rel=1e-6), name
    if layout == "narrow":
        assert drawn.axes[0].get_window_extent().height > 125, "there is room for more"


@pytest.mark.slow
@MAPS
def test_no_wave_meets_the_edge_of_its_plane(name):
    """While the clock runs; the fastest are clean, and of dipoles those along an axis with long bonds."""
    explorer = EXPLORERS[name]
    for values in [explorer.defaults, *explorer.settings.values(), *corners(explorer)]:
        population = abs(explorer.run(**values)["amplitudes"]) ** 2
        assert np.allclose(population.sum(axis=(1, 2)), 1)
        edges = 1 - population[:, 1:-1, 1:-1].sum(axis=(1, 2))
        assert edges.max() < 0.005, values


def test_a_clean_wave_is_that_of_two_chains():
    """ψ of a plane is a product, and its distance √2 t along each axis."""
    ripple = EXPLORERS["ripple"]
    result = ripple.run(disorder=0.0)
    for axis in ("along", "across"):
        assert np.allclose(result[axis], np.sqrt(2) * result["times"], atol=2e-3)
    rows = ripple.run(disorder=0.0, anisotropy=0.0)
    psi = rows["amplitudes"][:, len(rows["places"]) // 2]
    one = result["amplitudes"]
    middle = one.shape[1] // 2
    assert np.allclose(one, psi[:, :, None] * psi[:, None], atol=1e-9)
    assert abs(rows["amplitudes"]).sum() == pytest.approx(abs(rows["amplitudes"][:, middle]).sum())


def test_a_disordered_wave_is_that_of_the_hamiltonian():
    ripple = EXPLORERS["ripple"]
    result = ripple.run(disorder=6.0, anisotropy=0.5)
    side = len(result["places"])
    energies = 6.0 * unit_disorder(SEED, side**2, 1)[0]
    H = hamiltonian(square(side, couplings=(0.5, 1.0), periodic=False), energies, format="sparse")
    start = np.zeros(side**2)
    start[side**2 // 2] = 1
    psi = evolve_state(H, start, [result["times"][-1]])[0].reshape(side, side)
    assert np.allclose(abs(psi), abs(result["amplitudes"][-1]), atol=1e-9)


def test_color_is_phase_and_there_is_more_of_it_where_the_wave_is_larger():
    shown = shades(np.array([1, 1j, 0.1, 0]))
    assert [*shown[:, 3]] == [255, 255, pytest.approx(64, abs=1), 0]
    assert (shown[0, :3] == shown[2, :3]).all() and (shown[0, :3] != shown[1, :3]).any()


def test_without_motion_and_dark_counts_the_two_heaps_agree():
    """As the chapter on microscopy says of the button; and the sentence says what dark counts do."""
    photons = EXPLORERS["photons"]
    still_, usual = photons.run(**photons.settings["At rest"]), photons.run(diffusivity=0.0)
    assert np.allclose(still_["expected_early"], still_["expected_late"], atol=1e-6)
    assert "(expected: 0.38 and 0.38)" in photons.read_out(still_)
    assert "without dark counts 0.38 and 0.38" in photons.read_out(usual)
    assert photons.settings["Fast"]["background"] == photons.defaults["background"]


def test_no_heap_of_photons_ends_unseen_above_the_panel():
    """From some hundred photons on none is as high, and before that a triangle says so."""
    photons = EXPLORERS["photons"]
    for values in photons.settings.values():
        drawn = Picture(photons, "wide", "light")
        for count in photons.clock.times[::10]:
            drawn.draw(photons.run(**values, photons=count))
            lines = {line.get_gid(): line.get_ydata() for line in drawn.axes[1].lines}
            top = drawn.axes[1].get_ylim()[1]
            for name in ("early", "late"):
                assert len(lines[f"above {name}"]) == (lines[name] > top).sum()
                assert count < 500 or not len(lines[f"above {name}"]), (values, count)


@pytest.mark.parametrize("name", ["dipoles", "packets", "photons", "ripple"])
def test_sentence_and_strip_at_rest_belong_together(name):
    assert EXPLORERS[name].clock.default == EXPLORERS[name].clock.moments[-1]


def test_waves_run_at_one_pace():
    """Explorers of a wave play 2.5 to 2.8 ħ/J a second; dipoles, whose sheet is small, are slower."""
    clocks = {name: each.clock for name, each in EXPLORERS.items() if each.clock and each.clock.unit == "ħ/J"}
    paces = {
        name: (clock.high - clock.low) / clock.seconds for name, clock in clocks.items() if name != "dipoles"
    }
    assert len(paces) >= 5 and all(2.5 <= pace <= 2.8 for pace in paces.values()), paces


def test_the_button_says_the_best_noise():
    """Its distance is that of the best position of the slider, within one error; the ends are far below."""
    regimes = EXPLORERS["regimes"]
    slider = next(parameter for parameter in regimes.parameters if parameter.name == "dephasing")
    positions = np.linspace(slider.to_position(slider.low), slider.to_position(slider.high), 13)
    rates = np.clip(10**positions, slider.low, slider.high)
    far = [regimes.run(dephasing=rate)["distance"][-1] for rate in rates]
    best = regimes.run(**regimes.settings["Best noise"])
    assert max(far) < best["distance"][-1] + best["distance_error"][-1]
    assert max(far[0], far[-1]) < 0.6 * best["distance"][-1]


def test_best_noise_is_the_position_at_the_top_of_the_curve():
    """Of the curve that the explorer itself draws; of the filling trap, which draws none, of what arrives."""
    exciton, trap, delivery = (EXPLORERS[name] for name in ("exciton", "trap", "delivery"))
    for explorer, name in ((exciton, "best_dephasing"), (trap, "best")):
        values = explorer.settings["Best noise"]
        assert values["dephasing"] == pytest.approx(explorer.run(**values)[name], rel=1e-9), explorer.name
    assert EXPLORERS["journey"].settings == exciton.settings
    slider = delivery.parameters[0]
    best = slider.to_position(delivery.settings["Best noise"]["dephasing"])
    around = [slider.from_position(best + k * slider.step) for k in (-1, 0, 1)]
    shares = [delivery.run(dephasing=rate)["trapped"] for rate in around]
    for index in (delivery.clock.frame(delivery.clock.default), -1):
        assert max(shares, key=lambda share: share[index]) is shares[1]
    assert delivery.defaults["dephasing"] == pytest.approx(around[1], rel=1e-9)


@pytest.mark.parametrize("name", ["beating", "delivery", "exciton", "journey"])
def test_the_sentence_at_rest_is_about_one_of_the_moments(name):
    assert EXPLORERS[name].clock.default in EXPLORERS[name].clock.moments


@pytest.mark.parametrize("moment", [0.0, 5.0, 25.0])
def test_what_leaves_the_pigments_is_in_the_vessels(moment):
    """In the first panel, which is the one that the strip at rest shows."""
    explorer = EXPLORERS["delivery"]
    drawn, result = Picture(explorer, "narrow", "dark"), explorer.run(time=moment)
    drawn.draw(result)
    heights = {
        each.get_gid(): [path.vertices[:, 1].max() for path in each.get_paths()]
        for each in drawn.axes[0].collections
    }
    index = explorer.clock.frame(moment)
    assert heights["in the trap"] == [result["trapped"][index]]
    assert heights["lost"] == [result["lost"][index]]
    assert sum(sum(each) for each in heights.values()) == pytest.approx(1, abs=1e-9)
    still_there = np.trapezoid(result["populations"].sum(axis=1)[: index + 1], dx=result["times"][1])
    assert result["lost"][index] == pytest.approx(still_there / 1000, rel=0.01, abs=1e-9)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["exciton", "journey"])
def test_levels_have_the_colors_of_disorder_and_of_noise(name, theme):
    """And the mean of all runs has none; each is named where it is drawn."""
    drawn = Picture(EXPLORERS[name], "wide", theme)
    drawn.draw(EXPLORERS[name].run())
    ax, palette = drawn.axes[0], {"light": PALETTE, "dark": BRIGHT}[theme]
    shown = {line.get_gid(): to_rgb(line.get_color()) for line in ax.lines}
    assert shown["frozen"] == to_rgb(palette[3]) and shown["levels"] == to_rgb(palette[1])
    assert shown["average"] == shown["sample"] == to_rgb(ax.xaxis.label.get_color())
    assert {"phase", "frozen", "shaken", "mean of\nall runs"} == {text.get_text() for text in ax.texts}
    for text in ax.texts:
        assert contrast(to_hex(text.get_color()), to_hex(ax.get_facecolor())) >= 4.5, text.get_text()


def test_a_maximum_at_an_end_is_said_to_be_there_or_beyond():
    explorer = EXPLORERS["turnover"]
    result = explorer.run(sample="OA-1", reading="direct")
    assert "Dₛ is largest at or below 40\N{NO-BREAK SPACE}K" in explorer.read_out(result)
    hot = explorer.read_out({**result, "best": 300.0})
    assert "Dₛ is largest at or above 300\N{NO-BREAK SPACE}K" in hot


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Coherences reach:frenkel.ConvergenceWarning")  # of proofs on these rings
@pytest.mark.parametrize(
    ("sample", "reading", "best"), [("DAB-1", "direct", 44.0), ("DAB-2", "narrowed", None)]
)
def test_the_turnover_is_right_at_the_cold_end(sample, reading, best):
    """As near to proven values as the chapter says, where that is hardest; with the maximum of its plot."""
    result = EXPLORERS["turnover"].run(sample=sample, reading=reading, coupling=40.0)
    rings = result["disorder"] / 40 * unit_disorder(7, 300, 4, standardized=True)
    places = [0, 5]  # 40 and 50 K
    proven = diffusion_constant(rings, result["rates"][places, None] / 40, tolerance=4e-3).mean(axis=1)
    unit = units.diffusivity_to_cm2_per_s(1.0, 40.0, SAMPLES[sample].distance)
    ratio = result["constants"][places] / (unit * proven)
    assert 0.9 < ratio[0] < 1.02 and abs(ratio[1] - 1) < 0.015, ratio
    assert best is None or abs(result["best"] - best) <= 2


@each_explorer
def test_a_sentence_is_plain_text(explorer):
    """No page typesets it, so it has no TeX, as `k_BT` is."""
    for values in [{}, *explorer.settings.values()]:
        assert not MARKUP & set(explorer.read_out(explorer.run(**values))), values
    assert not MARKUP & set(explorer.at_rest()[2])


def test_an_eigenstate_decays_to_the_end_of_the_picture():
    """Its tails obey Schrödinger's equation far below rounding, where a matrix routine gives zeros."""
    explorer = EXPLORERS["eigenstates"]
    for values in ({"energy": -2.5}, {"disorder": 4.0}, {"disorder": 5.0, "energy": 0.0}):
        asked = explorer.defaults | values
        result = explorer.run(**asked)
        energies = asked["disorder"] * unit_disorder(11, 300, 1)[0, :200]
        level, center = result["levels"][result["chosen"]], result["center"]
        for inward, ones in ((slice(None), energies), (slice(None, None, -1), energies[::-1])):
            seen = result["population"][inward]
            psi = [1.0, level - ones[0]]  # grows from the end where the chain begins
            for n in range(1, 200):
                psi.append((level - ones[n]) * psi[n] - psi[n - 1])
            far = np.flatnonzero(
                (seen < 1e-12) & (np.arange(200) < (center, 199 - center)[inward.step == -1])
            )
            grown = 2 * np.log(np.abs(np.array(psi)[far] / psi[0]))
            assert np.allclose(np.log(seen[far] / seen[0]), grown, atol=1e-6), values


def test_levels_under_noise_keep_apart():
    """A level drawn at the rim of its strip would tell of two energies only."""
    for values in itertools.product((chain_run.QUIET, chain_run.BEST, chain_run.MUCH), (2.0, 5.0)):
        run = chain_run.run(*values)
        heights = chain_run._height(run["energies"] + run["noise"])
        assert -0.6 < heights.min() and heights.max() < -0.1, (values, heights.min(), heights.max())
        assert len(np.unique(heights[5].round(9))) == chain_run.N_SITES, values


@pytest.mark.parametrize(
    ("dimension", "disorder", "is_small"), [("crystal", 0.5, True), ("plane", 4.0, False)]
)
def test_planes_say_where_the_torus_is_too_small(dimension, disorder, is_small):
    """A twist around the axes changes D_s only where coherences reach around."""
    explorer = EXPLORERS["planes"]
    result = explorer.run(dimension=dimension, disorder=disorder)
    assert (np.abs(result["twisted"] / result["straight"] - 1).max() > 0.03) == is_small
    assert ("the twist changes" in explorer.read_out(result)) == is_small
