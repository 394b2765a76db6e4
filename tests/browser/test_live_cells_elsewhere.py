"""Live cells in Firefox and in WebKit, the engine of Safari."""

import pytest
from conftest import serve_folder
from engines import ENGINES

pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr")  # selenium says it to itself

CHAPTER = "book/chapters/07-enaqt.html"
READER = """() => {
    window.faults = [];
    addEventListener("securitypolicyviolation", (event) => faults.push(`refused ${event.blockedURI}`));
    addEventListener("error", (event) => faults.push(event.message));
    addEventListener("unhandledrejection", (event) => faults.push(String(event.reason)));
    window.cells = [...document.querySelectorAll(".cell[data-live]")];
    window.button = (action) => cells[0].querySelector(`[data-action=${action}]`);
    window.until = async (holds) => {
        for (const end = Date.now() + 90_000; !holds() && Date.now() < end; ) {
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    };
    window.look = () => ({
        status: cells[0].querySelector(".live-status").textContent,
        failed: cells[0].querySelector("[data-failed]")?.textContent,
        picture: [...cells[1].querySelectorAll("img")].find((it) => it.offsetParent).getAttribute("src"),
    });
    window.run = async () => {
        button("run").click();
        await until(() => cells[0].querySelector(".cm-content"));
        await until(() => button("stop").hidden && !button("run").disabled);
        return look();
    };
    window.write = async (line) => {
        const code = cells[0].querySelector(".cm-content");
        code.focus();
        getSelection().selectAllChildren(code);
        await new Promise((resolve) => setTimeout(resolve, 50));
        document.execCommand("insertText", false, line);
        await until(() => code.innerText.trim() === line);
    };
}"""
CHANGED = (
    "times = np.linspace(0, 20, 51); rings = frenkel.site_energies(50, 3.0, rng=1, shape=(2,)); "
    "transients = {g: frenkel.diffusivity(rings, g, times) for g in (0, 1)}"
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
def test_cells_run(engine, site, tmp_path):
    server = serve_folder(site)
    with ENGINES[engine].start(tmp_path) as page:
        page.open(server.url + CHAPTER)
        page.ask(READER)
        book = page.ask("() => look()")["picture"]
        as_it_is = page.ask("() => run()")
        assert as_it_is["status"].startswith("Ran in ")
        assert as_it_is["picture"] != book
        page.ask("(line) => write(line)", CHANGED)
        changed = page.ask("() => run()")
        assert changed["status"].startswith("Ran in ")
        assert changed["picture"] not in (book, as_it_is["picture"])
        page.ask("() => write('x = 1 / 0')")
        error = page.ask("() => run()")
        assert (error["status"], error["failed"]) == ("Error in line 1, see below", "x = 1 / 0")
        assert page.ask(STOP).startswith("Stopped.")
        assert page.ask("() => faults") == []
        assert page.ask(OUTSIDE) == []
        assert page.ask(LOST) == []
        server.shutdown()
        server.server_close()
        page.open(server.url + CHAPTER)
        page.ask(READER)
        assert page.ask("() => run()")["status"].startswith("Ran in ")
        assert page.ask("() => faults") == []
