"""The walls of the jail: the command that runs a program in bubblewrap, and what the program may use.

Inside there is no network, no /proc, no home, no repository and no other student's work: only the system's
libraries, this environment's Python and packages, all read-only, and a small scratch folder in memory.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import frenkel

INSTALL = "On Debian and Ubuntu, `apt-get install bubblewrap` brings it."
NOBODY = 65534
AS_ROOT = "GRADE_AS_ROOT"
LOGIN = Path("/proc/self/loginuid")  # who logged in, whoever they have become since; -1 for nobody


class JailMissing(Exception):
    """There is no working jail: nothing may be run."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    seconds: int = 300  # of wall-clock time, the whole notebook; also of CPU time
    cell_seconds: float = 60.0
    memory: int = 2 * 1024**3  # bytes of address space of a process, and of memory of all together
    processes: int = 32  # and threads
    file: int = 32 * 1024**2  # bytes, the largest file and all files together
    report: int = 32 * 1024**2  # bytes, all outputs together


def font_cache():
    """Return the folder with Matplotlib's list of fonts, which would take each jail a second to make."""
    folder = Path(sys.prefix) / "matplotlib"
    if not list(folder.glob("fontlist-*.json")):
        folder.mkdir(exist_ok=True)
        environment = {**os.environ, "MPLCONFIGDIR": str(folder)}
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=environment, check=True)
    return folder


def refuse_root():
    """Raise JailMissing for root behind whom an ordinary user stands, who could grade as well."""
    if os.geteuid() or os.environ.get(AS_ROOT) == "yes":
        return
    try:
        login = int(LOGIN.read_text())
    except (OSError, ValueError):
        login = -1
    if login not in (-1, 2**32 - 1) or "SUDO_USER" in os.environ:
        raise JailMissing(
            "Grade as an ordinary user, not as root: nothing was graded. "
            f"Where root is the only user, {AS_ROOT}=yes before the command says so."
        )


@cache
def tool(name):
    """Return the path of a program of the system."""
    path = shutil.which(name)
    if path is None:
        hint = INSTALL if name == "bwrap" else "It belongs to util-linux."
        what = "bubblewrap" if name == "bwrap" else f"`{name}`"
        raise JailMissing(f"{what} is not installed, so nothing was graded. {hint}")
    return path


def command(script, limits, slot, info, calls):
    """Return the command line that runs the Python `script` in the jail.

    `info` and `calls` are the descriptors where bubblewrap says whom it started, and reads what to refuse.

    As an ordinary user the jail is a user namespace. Root makes one without, and the program becomes nobody.
    """
    root, bwrap = os.geteuid() == 0, tool("bwrap")
    line = [tool("prlimit"), f"--as={limits.memory}", f"--cpu={limits.seconds}", f"--fsize={limits.file}"]
    line += ["--core=0", "--nofile=64", "--sigpending=256", "--memlock=0", "--msgqueue=0", "--", bwrap]
    line += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    line += ["--as-pid-1", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    if root:
        line += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]  # to become nobody
        line += ["--cap-add", "CAP_SETPCAP"]  # who has no rights and gets none
    else:
        line += ["--unshare-user", "--disable-userns", "--uid", str(NOBODY), "--gid", str(NOBODY)]
    line += ["--hostname", "jail", "--ro-bind", "/usr", "/usr"]
    prefix, base = os.path.abspath(sys.prefix), os.path.realpath(sys.base_prefix)
    if not base.startswith("/usr/local"):
        line += ["--tmpfs", "/usr/local", "--remount-ro", "/usr/local"]
    folders = ["/opt", "/opt/library", "/dev"]
    if not base.startswith("/usr"):
        folders += [str(folder) for folder in reversed(Path(base).parents) if folder.name]
    for folder in folders:
        line += ["--perms", "0755", "--dir", folder]
    if not base.startswith("/usr"):
        line += ["--ro-bind", base, base]
    for folder in ("/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache"):
        line += ["--ro-bind-try", folder, folder]
    line += ["--ro-bind", prefix, "/opt/python", "--ro-bind", str(font_cache()), "/opt/matplotlib"]
    line += ["--ro-bind", os.path.dirname(frenkel.__file__), "/opt/library/frenkel"]
    line += ["--ro-bind", str(script), "/opt/program.py"]
    for device in ("null", "random", "urandom"):
        line += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    line += ["--perms", "0777", "--size", str(limits.file), "--tmpfs", "/tmp"]
    line += ["--remount-ro", "/", "--chdir", "/tmp"]
    settings = {
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "IPYTHONDIR": "/tmp/ipython",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    for name, value in settings.items():
        line += ["--setenv", name, value]
    line += ["--info-fd", str(info), "--seccomp", str(calls), "--"]
    if root:
        user = str(NOBODY - slot)  # each its own, so that what is counted by user is counted for each
        line += [tool("setpriv"), "--reuid", user, "--regid", user, "--clear-groups"]
        line += ["--inh-caps=-all", "--bounding-set=-all"]
    return [*line, "/opt/python/bin/python3", "-I", "/opt/program.py"]
