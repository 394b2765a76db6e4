"""What continuous integration calls exists and is well-formed, and so are the forms and CITATION.cff."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from conftest import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
SCHEMAS = {
    "github-workflows": WORKFLOWS,
    "github-issue-forms": [path for path in FORMS if path.stem != "config"],
    "github-issue-config": [path for path in FORMS if path.stem == "config"],
    "dependabot": [GITHUB / "dependabot.yml"],
    "citation-file-format": [ROOT / "CITATION.cff"],
}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_is_complete(path):
    text = path.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["name"] == path.stem
    assert "on" in workflow or True in workflow  # YAML 1.1 reads `on` as a truth
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", text)) <= targets
    for ignored in re.findall(r"--ignore (\S+)", text):
        assert (ROOT / ignored).exists(), ignored
    for name, job in workflow["jobs"].items():
        assert "timeout-minutes" in job and job["runs-on"] != "ubuntu-latest", name
        assert set([job["needs"]] if "needs" in job else []) <= set(workflow["jobs"])
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step), step
            assert "uses" not in step or re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"]), step
        steps = [step.get("run", "") for step in job["steps"]]
        tested = [number for number, step in enumerate(steps) if re.search(r"\bmake (test|bench)\b", step)]
        assert not tested or "bash .ci/runner" in steps[: tested[0]], f"{name} lacks what tests need"
    assert "permissions" in workflow, "a workflow says what it may do"


def test_binder_installs_what_is_pinned():
    assert (ROOT / ".binder" / "requirements.txt").read_text("utf-8") == "-r ../requirements.txt\n"
    assert (ROOT / ".binder" / "runtime.txt").read_text("utf-8").startswith("python-3.")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_file_follows_its_schema(schema):
    """What a hosting service would refuse, or ignore without a word."""
    options = ["--force-filetype", "yaml", "--builtin-schema", f"vendor.{schema}"]
    result = CliRunner().invoke(check_jsonschema, [*options, *map(str, SCHEMAS[schema])])
    assert SCHEMAS[schema] and result.exit_code == 0, result.output


def test_workflows_expose_nothing():
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run([zizmor, "--offline", "--quiet", GITHUB], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
