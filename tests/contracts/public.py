"""What the library offers, and a Python of its own to try it in."""

import inspect
import pkgutil
import subprocess
import sys

import frenkel
from frenkel import exact, units

MODULES = [name for _, name, _ in pkgutil.walk_packages(frenkel.__path__, "frenkel.")]
PUBLIC = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module, names in [
        (frenkel, frenkel.__all__),
        (exact, dir(exact)),
        (units, dir(units)),
    ]
    for name in names
    if not name.startswith("_")
    and callable(getattr(module, name))
    and getattr(module, name).__module__.startswith("frenkel")
}
FUNCTIONS = [name for name, value in PUBLIC.items() if inspect.isfunction(value)]


def fresh_python(code):
    """Run `code` in a Python of its own, with warnings as errors; return what it printed."""
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()
