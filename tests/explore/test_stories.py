"""What single explorers show: the point of each, by its own numbers and independent ones."""

import itertools
import re
from unittest import mock

import matplotlib

matplotlib.use("agg")

import numpy as np
import pytest
from colors import contrast
from corners import corners
from frenkel import units
from frenkel.explore import EXPLORERS, chain_run
from frenkel.explore.figures.ripple import SEED
from frenkel.explore.frozen import unit_disorder
from frenkel.explore.hosts.picture import BRIGHT, LAYOUTS, Picture, still
from frenkel.explore.hues import shades
from frenkel.motion.ring_diffusion import diffusion_constant
from frenkel.motion.wavefunctions import evolve_state
from frenkel.plots import PALETTE
from frenkel.system.hamiltonians import hamiltonian
from frenkel.system.lattices import square
from frenkel.system.samples import SAMPLES
from matplotlib.colors import to_hex, to_rgb


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
    assert met["farthest"] - place[-1] > 2.5 * error[-1] and place[-1] < 0.6 * met["farthest"]
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
