"""The instructor's guide keeps what it promises: its commands, its files and its packages are there."""

import json
import re
import subprocess

import course_site
from classroom import PYTHON
from conftest import ROOT
from course import pack, people, sheet

GUIDE = (ROOT / "book" / "pages" / "instructors.md").read_text("utf-8")


def test_its_commands_are_targets():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", GUIDE, re.MULTILINE))
    assert {"grade", "similar", "grader"} <= named <= targets


def test_its_packages_are_in_the_jail():
    listed = dict(course_site.packages())
    assert {"frenkel", "numpy", "scipy", "matplotlib"} <= set(listed)
    script = "import importlib.metadata as m, json, sys\n"
    script += "print(json.dumps({name: m.version(name) for name in sys.argv[1:]}))"
    done = subprocess.run([PYTHON, "-c", script, *listed], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == listed


def test_it_names_what_there_is():
    for column in ("score", "comment", "program", "changed"):
        assert f"`{column}`" in GUIDE and column in sheet.COLUMNS
    someone = people.Person("a", "Jane Doe", "", "", "12345", "4711", "678901", "", "", 1.0)
    assert pack.moodle_path(someone, "1-coupling").startswith("Jane Doe_4711_assignsubmission_file_/")
    for source in ("abstract_assignment.rb", "importziplib.php", "content_zipper.rb", "importgradeslib.php"):
        assert source in GUIDE
    for name in ("1-coupling-canvas-feedback.zip", "1-coupling-moodle-feedback.zip", "byhand/kept/"):
        assert name in GUIDE
