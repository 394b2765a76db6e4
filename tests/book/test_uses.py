"""Which code of the library a chapter uses: all that runs is found, and what is not used does not count."""

import importlib
import os
import pkgutil
import sys
import textwrap

import frenkel
import matplotlib
import pytest
from notebooks import sources, uses

# Chapters with explorers, with engines of their own, and with classes, closures and function-level imports.
RUN = ["dephasing", "spectra", "superlattices"]


def code_that_runs(cells):
    """Execute code cells; return the names of all library functions and classes that ran meanwhile."""
    for module in pkgutil.walk_packages(frenkel.__path__, "frenkel."):
        importlib.import_module(module.name)  # what runs at import is not the cells' doing
    modules = {
        module.__file__: name for name, module in list(sys.modules.items()) if name.startswith("frenkel")
    }
    ran = set()

    def note(frame, event, argument):
        """Hear of calls alone: who returns nothing is not told of lines."""
        code = frame.f_code
        if code.co_filename in modules:
            ran.add((modules[code.co_filename], code.co_name, code.co_firstlineno))

    matplotlib.use("agg")
    space = {"display": lambda thing: None}
    sys.settrace(note)
    try:
        for cell in cells:
            exec(compile(cell.source, f"cell {cell.id}", "exec"), space)
            if shown := sources.explorer(cell):
                space["EXPLORERS"][shown]._repr_mimebundle_()
    finally:
        sys.settrace(None)
        matplotlib.pyplot.close("all")
    return ran


def lines_of(library, places):
    """Return {(module, line)}: every line of the statements that define `places`."""
    return {
        (place.module, line)
        for place in places
        for statement in library.modules[place.module].defined[place.name]
        for line in range(
            statement.lineno - len(getattr(statement, "decorator_list", ())), statement.end_lineno + 1
        )
    }


@pytest.mark.parametrize("name", RUN)
def test_everything_that_runs_is_in_use(name):
    cells = [cell for cell in sources.read(sources.find(name)).cells if cell.cell_type == "code"]
    explorers = [sources.explorer(cell) for cell in cells if sources.explorer(cell)]
    assert explorers
    library = uses.library()
    found = library.closure(library.roots(cell.source for cell in cells if not sources.explorer(cell)))
    found |= library.closure({library.explorers[explorer] for explorer in explorers})
    lines = lines_of(library, found)
    os.environ["FRENKEL_STATIC"] = "1"
    ran = code_that_runs(cells)
    assert len(ran) > 20
    # The shelf of explorers is asked for them by name: what it does is in the name.
    lost = {(module, name, line) for module, name, line in ran if (module, line) not in lines}
    assert not {each for each in lost if each[0] != "frenkel.explore"}


FILES = {
    "__init__.py": """
        from . import units
        from .motion.walks import walk
        """,
    "units.py": """
        MEV = 1.0
        NM = 2.0
        def to_mev(x): return x * MEV
        """,
    "_engines/__init__.py": "",
    "_engines/steps.py": """
        from typing import TYPE_CHECKING
        from functools import lru_cache
        if TYPE_CHECKING:
            from ..units import NM
        LENGTH = 3
        OTHER = 4
        class Step:
            size: int = LENGTH
            def go(self): return _inner()
        def _inner(): return 1
        @lru_cache
        def unused(x: "NM"): return OTHER
        """,
    "motion/__init__.py": "",
    "motion/walks.py": """
        from .. import units
        from .._engines import steps as engine
        def walk(n: int) -> int:
            from ..late import finish
            return finish(engine.Step().size * units.MEV)
        def jump(): return 0
        """,
    "late.py": """
        def finish(x):
            return x
        """,
    "explore/__init__.py": """
        from .hop import hop
        EXPLORERS = {"hop": hop}
        """,
    "explore/hop.py": """
        from ..motion.walks import jump
        def compute(): return jump()
        hop = Explorer(name="hop", compute=compute)
        """,
}
LAZY = """
    _HOMES = {"walk": "motion.walks"}
    def __getattr__(name):
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    """


def library_of(folder, **changes):
    package = folder / "little"
    for name, text in {**FILES, **changes}.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(textwrap.dedent(text), "utf-8")
    return uses.Library(package)


def used(library, code):
    return library.marks(library.closure(library.roots([code])))


WALK = {
    "little.motion.walks.walk", "little._engines.steps.Step", "little._engines.steps.LENGTH",
    "little._engines.steps._inner", "little.units.MEV", "little.late.finish",
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import little\nlittle.walk(1)", WALK),
        ("from little import walk as w\nw(1)", WALK),
        ("from little.motion import walks\nwalks.walk(1)", WALK),
        ("import little.motion.walks as m\nm.walk(1)", WALK),
        ("import little\nlittle.units.to_mev(1)", {"little.units.to_mev", "little.units.MEV"}),
        (
            "from little import units\nprint(vars(units))",
            {f"little.units.{n}" for n in ("MEV", "NM", "to_mev")},
        ),
        ("from little import walk", set()),
        ("walk = 1\nprint(walk)", set()),
    ],
)
def test_names_are_followed(tmp_path, code, names):
    assert used(library_of(tmp_path), code).keys() == names


def test_a_lazy_package_is_followed(tmp_path):
    assert used(library_of(tmp_path, **{"__init__.py": LAZY}), "import little\nlittle.walk(1)").keys() == WALK


def test_an_explorer_is_found_by_its_name(tmp_path):
    library = library_of(tmp_path)
    found = library.marks(library.closure({library.explorers["hop"]}))
    assert found.keys() == {
        "little.explore.hop.hop",
        "little.explore.hop.compute",
        "little.motion.walks.jump",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "counts"),
    [
        ("units.py", "MEV = 1.0", "MEV = 1.5", True),
        ("_engines/steps.py", "return 1", "return 2", True),
        ("_engines/steps.py", "LENGTH = 3", "LENGTH = 5", True),
        ("late.py", "return x", "return -x", True),
        ("motion/walks.py", "n: int", "n: int, m=1", True),
        ("units.py", "NM = 2.0", "NM = 3.0", False),
        ("_engines/steps.py", "OTHER = 4", "OTHER = 5", False),
        ("_engines/steps.py", "return OTHER", "return 0", False),
        ("motion/walks.py", "def jump(): return 0", "def jump(): return 1", False),
        ("motion/walks.py", "n: int", "n: float", False),
        ("late.py", "return x", "return x  # why", False),
    ],
)
def test_a_chapter_is_stale_if_and_only_if_what_it_uses_has_changed(tmp_path, file, old, new, counts):
    code = "import little\nlittle.walk(1)"
    before = uses.fingerprint(used(library_of(tmp_path), code))
    assert old in FILES[file]
    after = uses.fingerprint(used(library_of(tmp_path, **{file: FILES[file].replace(old, new)}), code))
    assert (before != after) == counts


def test_a_definition_that_moves_does_not_count(tmp_path):
    code = "import little\nlittle.walk(1)"
    before = used(library_of(tmp_path / "here"), code)
    steps = FILES["_engines/steps.py"].replace("def _inner(): return 1", "from .inner import _inner")
    moved = {"_engines/steps.py": steps, "_engines/inner.py": "def _inner(): return 1"}
    after = used(library_of(tmp_path / "there", **moved), code)
    assert "little._engines.inner._inner" in after and before.keys() != after.keys()
    assert uses.fingerprint(before) == uses.fingerprint(after)
