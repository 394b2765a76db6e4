"""Change the physics one operator, number or argument at a time and see whether a test notices.

    make mutants                             every mutant of every module: a night
    make mutants MUTANTS="--sample 50"       at most 50 of each module, drawn at random
    make mutants MUTANTS="noise levels"      these modules alone
    make mutants MUTANTS="--again"           those that survived, too: after a change of tests
    make mutants MUTANTS="--table --show"    what is known so far, and what the survivors change

mutmut changes a copy in `_build/mutants`. What happens in words alone (messages of errors and warnings) is
left as it is: tests hold their grammar, not each sentence. Verdicts stay in the copy; a module whose source
has not changed is not tried again. See tests/MUTANTS.md for what came out.
"""

import argparse
import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "_build" / "mutants"
NO_PHYSICS = {  # the package, its border, how ensembles are run and kept, checks of homework, data, style
    "__init__", "_check", "_checkpoint", "_realizations", "_types", "_workers", "coursework", "_locks",
    "ensemble", "plots", "samples",
}  # fmt: skip
# Tests of pages, files, processes and of the package as such know nothing of physics, or take long.
NO_TESTS = {"book", "cluster", "course", "coursework", "ensemble", "explorers", "ledger", "library",
            "notebooks", "pdf", "questions", "site", "statistics", "words", "workflows"}  # fmt: skip
KILLED, SURVIVED = {1, 3, 24, 36, 152, -24, -11, -9, 255}, {0, 33}  # exit codes; 33: no test calls it
WORDS = {"fail", "warn"}


def modules():
    package = ROOT / "lib/frenkel"
    paths = [*package.glob("*.py"), *package.glob("exact/*.py")]
    return sorted(
        path.relative_to(package).with_suffix("").as_posix() for path in paths if path.stem not in NO_PHYSICS
    )


def spared(source):
    """Return the numbers of the lines that only say something: calls of `fail` and `warn`, raised errors."""
    lines = set()
    for node in ast.walk(ast.parse(source)):
        call = node.value if isinstance(node, ast.Expr) else None
        name = getattr(getattr(call, "func", None), "attr", None) or getattr(
            getattr(call, "func", None), "id", None
        )
        is_rule = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in {"rule", "limit"}
        if name in WORDS or isinstance(node, ast.Raise) or is_rule:
            lines |= set(range(node.lineno, node.end_lineno + 1))
    return lines


def copy():
    """Copy library and tests to where mutmut works on them, sparing words."""
    for stale in (WORK / "src", WORK / "tests"):
        shutil.rmtree(stale, ignore_errors=True)
    for path in (ROOT / "lib/frenkel").rglob("*.py"):
        target = WORK / "src" / path.relative_to(ROOT / "lib")
        target.parent.mkdir(parents=True, exist_ok=True)
        source = path.read_text("utf-8")
        if path.relative_to(ROOT / "lib/frenkel").with_suffix("").as_posix() in modules():
            mark = spared(source)
            lines = source.split("\n")
            source = "\n".join(
                f"{line}  # pragma: no mutate" if number in mark else line
                for number, line in enumerate(lines, start=1)
            )
        target.write_text(source, "utf-8")
    (WORK / "mutants/mutmut-stats.json").unlink(missing_ok=True)  # which test calls what may have changed
    shutil.copytree(ROOT / "tests", WORK / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "book/_ext/serve.py", WORK / "tests")  # conftest.py imports it
    tests = sorted(path.name for path in (ROOT / "tests").glob("test_*.py") if path.stem[5:] not in NO_TESTS)
    config = {
        "source_paths": ["src"],
        "only_mutate": [f"src/frenkel/{name}.py" for name in modules()],
        "pytest_add_cli_args": [
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            "-k",
            "not every_public_function",
        ],
        "pytest_add_cli_args_test_selection": [f"tests/{name}" for name in tests],
        "track_dependencies": False,
        "timeout_multiplier": 4.0,
        "timeout_constant": 3.0,
    }
    rows = "\n".join(f"{key} = {json.dumps(value)}" for key, value in config.items())
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    (WORK / "pyproject.toml").write_text(f"{project}\n[tool.mutmut]\n{rows}\n", "utf-8")


def verdicts(module):
    """Return {mutant: exit code or None} of a module."""
    path = WORK / "mutants/src/frenkel" / f"{module}.py.meta"
    return json.loads(path.read_text("utf-8"))["exit_code_by_key"] if path.exists() else {}


def shared(one, other):
    """Return how many characters two strings have in common at their beginning."""
    different = (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(different, min(len(one), len(other)))


def changes(module, mutants):
    """Yield (function, what stands in it, what the mutant makes of it) with a few characters around."""
    lines = (WORK / "mutants/src/frenkel" / f"{module}.py").read_text("utf-8").split("\n")
    bodies = {
        node.name: " ".join(map(str.strip, lines[node.lineno - 1 : node.end_lineno])).split("(", 1)[1]
        for node in ast.walk(ast.parse("\n".join(lines)))
        if isinstance(node, ast.FunctionDef)
    }
    for mutant in mutants:
        name = mutant.rsplit(".", 1)[1]
        function = name.rsplit("__mutmut_", 1)[0]
        old, new = bodies[f"{function}__mutmut_orig"], bodies[name]
        start = shared(old, new)
        end = shared(old[start:][::-1], new[start:][::-1])
        before, after = re.search(r"\w*.{0,14}$", old[:start])[0], old[len(old) - end :]
        after = re.match(r".{0,14}\w*", after)[0]
        around = [
            f"{before}{text[start : len(text) - end]}{after}".strip().replace("`", "'") for text in (old, new)
        ]
        yield function[2:].replace("ǁ", "."), *around


def table():
    print("| module | mutants | tried | killed | survived | killed, % |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    survivors, sums = {}, [0, 0, 0]
    for module in modules():
        codes = verdicts(module)
        tried = {name: code for name, code in codes.items() if code is not None}
        alive = sorted(name for name, code in tried.items() if code in SURVIVED)
        strange = set(tried.values()) - KILLED - SURVIVED
        if strange:
            print(f"{module}: exit codes {strange}?")
        killed = len(tried) - len(alive)
        survivors |= {module: alive} if alive else {}
        sums = [a + b for a, b in zip(sums, (len(codes), len(tried), killed), strict=True)]
        if tried:
            share = f"{100 * killed / len(tried):.0f}"
            print(f"| {module} | {len(codes)} | {len(tried)} | {killed} | {len(alive)} | {share} |")
    made, tried, killed = sums
    print(f"| all | {made} | {tried} | {killed} | {tried - killed} | {100 * killed / max(tried, 1):.1f} |")
    return survivors


def mutmut(*arguments, **options):
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    program = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()", *arguments]
    return subprocess.run(program, cwd=WORK, env=environment, **options)


GENERATE = """
import mutmut.__main__ as m
m.set_mutant_under_test("mutant_generation")
m.makedirs("mutants", exist_ok=True)
m.copy_src_dir(); m.copy_also_copy_files(); m.setup_source_paths()
m.store_lines_covered_by_tests(); m.create_mutants(1)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("modules", nargs="*", help="all by default")
    parser.add_argument("--sample", type=int, help="at most so many mutants of each module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--children", type=int, default=2, help="processes")
    parser.add_argument("--again", action="store_true", help="try those that survived, too")
    parser.add_argument("--table", action="store_true", help="only print what is known")
    parser.add_argument("--show", action="store_true", help="print what the survivors change, too")
    chosen = parser.parse_args()
    wrong = set(chosen.modules) - set(modules())
    if wrong:
        parser.error(f"no physics in {', '.join(sorted(wrong))}")
    if not chosen.table:
        copy()
        subprocess.run([sys.executable, "-c", GENERATE], cwd=WORK, check=True)
        names = []
        for module in chosen.modules or modules():
            fresh = [name for name, code in sorted(verdicts(module).items()) if code is None]
            if chosen.sample is not None and len(fresh) > chosen.sample:
                fresh = random.Random(f"{chosen.seed} {module}").sample(fresh, chosen.sample)
            names += fresh
            if chosen.again:
                names += [name for name, code in sorted(verdicts(module).items()) if code in SURVIVED]
        if names:
            mutmut("run", "--max-children", str(chosen.children), *names)
    for module, mutants in table().items():
        for mutant, (function, old, new) in zip(mutants, changes(module, mutants), strict=True):
            print(f"| {module} | {function} | `{old}` | `{new}` |" if chosen.show else mutant)


if __name__ == "__main__":
    main()
