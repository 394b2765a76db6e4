"""Live cells in Firefox and in WebKit, the engine of Safari."""

import pytest
from engines import ENGINES, HANDS

pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr")  # selenium says it to itself

CHAPTER = "book/chapters/07-enaqt.html"
READER = (
    "() => {"
    + HANDS
    + """
    window.cells = [...document.querySelectorAll(".cell[data-live]")];
    window.button = (action) => cells[0].querySelector(`[data-action=${action}]`);
    window.look = () => ({
        status: cells[0].querySelector(".live-status").textContent,
        error: cells[0].querySelector(".live-error")?.textContent,
        failed: cells[0].querySelector("[data-failed]")?.textContent,
        picture: [...cells[1].querySelectorAll("img")].find((it) => it.offsetParent).getAttribute("src"),
    });
    window.run = async () => {
        cells[0].querySelector(".live-status").textContent = ""; // until the press has been heard
        button("run").click();
        await until(() => cells[0].querySelector(".cm-content"));
        await until(() => look().status && button("stop").hidden && !button("run").disabled);
        return look();
    };
    window.write = async (line) => {
        if (!button("edit").hidden) button("edit").click();
        return retype(cells[0], line);
    };
}"""
)
# The first cell of chapter 7 in one line, with few sites and times.
FEW = (
    "times = np.linspace(0, 20, 21); rings = frenkel.site_energies(30, 1.0, rng=1, shape=(2,)); "
    "transients = {g: frenkel.diffusivity(rings, g, times) for g in (0.3, 1)}"
)
STOP = """async () => {
    await write("while True: pass");
    button("run").click();
    await until(() => look().status === "Running");
    button("stop").click();
    await until(() => button("stop").hidden);
    return look().status;
}"""
# What a visit without a network needs and has not got within ten seconds.
LOST = """async () => {
    const own = (name) => new URL(`../../_live/${name}`, location).href;
    const names = ["live-cells.js", "codemirror.js", "worker.js", "manifest.json"];
    const parts = [location.href, ...names.map(own)];
    for (const end = Date.now() + 10_000; parts.length && Date.now() < end; ) {
        if (await caches.match(parts[0], { ignoreSearch: true })) parts.shift();
        else await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return [...parts];
}"""
OUTSIDE = """() => performance.getEntriesByType("resource").map(({ name }) => name)
    .filter((name) => !name.startsWith(location.origin) && !name.startsWith("data:"))"""


@pytest.mark.parametrize("engine", ENGINES)
def test_cells_run(engine, stoppable, tmp_path):
    with ENGINES[engine].start(tmp_path) as page:
        page.open(stoppable.url + CHAPTER)
        page.ask(READER)
        book = page.ask("() => look()")["picture"]
        pictures = [book]
        for line in (FEW, FEW.replace("1.0", "3.0")):
            assert page.ask("(line) => write(line)", line) == line
            shown = page.ask("() => run()")
            assert shown["status"].startswith("Ran in "), shown
            pictures.append(shown["picture"])
        assert len(set(pictures)) == 3
        page.ask("() => write('x = 1 / 0')")
        error = page.ask("() => run()")
        assert (error["status"], error["failed"]) == ("Error in line 1, see below", "x = 1 / 0")
        assert page.ask(STOP).startswith("Stopped.")
        assert page.ask("() => faults") == []
        assert page.ask(OUTSIDE) == []
        assert page.ask(LOST) == []
        stoppable.stop()
        page.open(stoppable.url + CHAPTER)
        page.ask(READER)
        page.ask("(line) => write(line)", FEW)
        assert page.ask("() => run()")["status"].startswith("Ran in ")
        assert page.ask("() => faults") == []
