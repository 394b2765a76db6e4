"""Scripts of explorers and of workers are one file for the page, several for those who read the source."""

import re
import subprocess

import joined
import pytest
import runtime
from conftest import ROOT
from live_site import SCRIPTS

PIECES = ROOT / "book" / "site" / "runtime"
DECLARED = {
    "explorer.js": ("class Explorer extends", "class Clock", "const python = {"),
    "worker.js": ("async function start()", "const failed ="),
}
LONGEST = 200  # lines of a piece


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_site_has_all_pieces_in_one_script(site, name):
    last = PIECES / SCRIPTS[name]
    text = joined.script(last)
    assert (site / "_live" / name).read_text("utf-8") == text, "stale: run `make book`"
    assert set(joined.pieces(last)) == set(last.parent.iterdir()), "a piece that nothing imports"
    for declared in DECLARED[name]:
        assert text.count(declared) == 1
    checked = subprocess.run([runtime.node(), "--check", site / "_live" / name], check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize(
    "piece",
    [piece for last in SCRIPTS.values() for piece in sorted((PIECES / last).parent.iterdir())],
    ids=lambda piece: piece.name,
)
def test_a_piece_is_short_and_imports_what_is_there(piece):
    text = piece.read_text("utf-8")
    assert text.count("\n") < LONGEST
    for names, other in re.findall(r'^import \{ ([^}]*) \} from "\./(.*)";$', text, re.MULTILINE):
        there = piece.with_name(other).read_text("utf-8")
        for name in names.split(", "):
            assert re.search(rf"^export (async )?(const|class|function) {name}\b", there, re.MULTILINE), name
            assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{name} is not used"


def test_pieces_come_after_what_they_import(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text, "utf-8")

    write(
        "page.js",
        'import { b } from "./b.js";\nimport { a } from "./a.js";\n\n// Why.\nconsole.log(a + b);\n',
    )
    write("b.js", 'import { a } from "./a.js";\nexport const b = a; // kept\n')
    write("a.js", "export const a = 1;\n")
    script = joined.script(tmp_path / "page.js")
    assert [line.strip() for line in script.splitlines() if line.strip()] == [
        '"use strict";',
        "(() => {",
        "const a = 1;",
        "const b = a; // kept",
        "console.log(a + b);",
        "})();",
    ]


@pytest.mark.parametrize("line", ['import "./a.js";', "export default 1;", "export { a };"])
def test_what_cannot_be_joined_is_named(tmp_path, line):
    (tmp_path / "page.js").write_text(f"{line}\n", "utf-8")
    with pytest.raises(ValueError, match=r"page\.js cannot be joined: '"):
        joined.script(tmp_path / "page.js")
