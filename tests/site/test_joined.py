"""The script of the explorers is one file for the page, and several for those who read its source."""

import re
import subprocess

import joined
import pytest
import runtime
from conftest import ROOT

FOLDER = ROOT / "book" / "site" / "runtime" / "explorer"
LONGEST = 200  # lines of a piece


def test_the_site_has_all_pieces_in_one_script(site):
    text = joined.script(FOLDER / "page.js")
    assert (site / "_live" / "explorer.js").read_text("utf-8") == text, "stale: run `make book`"
    assert set(joined.pieces(FOLDER / "page.js")) == set(FOLDER.iterdir()), "a piece that nothing imports"
    for declared in ("class Explorer extends", "class Clock", "const python = {"):
        assert text.count(declared) == 1
    checked = subprocess.run([runtime.node(), "--check", site / "_live" / "explorer.js"], check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize("piece", sorted(FOLDER.iterdir()), ids=lambda piece: piece.name)
def test_a_piece_is_short_and_imports_what_is_there(piece):
    text = piece.read_text("utf-8")
    assert text.count("\n") < LONGEST
    for names, other in re.findall(r'^import \{ ([^}]*) \} from "\./(.*)";$', text, re.MULTILINE):
        there = (FOLDER / other).read_text("utf-8")
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
