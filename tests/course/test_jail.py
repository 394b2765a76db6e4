"""The jail: what a submission sees in it, what it can hold of memory, and how it can end."""

import json
import os
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest
from classroom import SMALL, run, said
from course import inside, jail, walls

pytestmark = pytest.mark.usefixtures("in_jail")


# What is seen


def test_nothing_of_the_teacher_is_seen(monkeypatch):
    """Neither the environment of bubblewrap or the grader nor a file that tells of other processes."""
    monkeypatch.setenv("TOKEN_OF_THE_TEACHER", "gradebook-password")
    found = said("""
        import os, sys
        said = {"pid": os.getpid(), "parent": os.getppid(), "environment": sorted(os.environ), "read": []}
        for path in ("/proc/1/environ", "/proc/self/environ", "/proc/2/environ", "/proc/self/mountinfo",
                     "/proc/keys", "/proc/kallsyms", "/sys/kernel", "/etc/passwd", "/etc/hostname",
                     "/dev/pts", "/dev/shm", "/dev/tty", "/dev/kmsg", "/run", "/var"):
            if os.path.exists(path):
                said["read"].append(path)
        said["devices"] = sorted(os.listdir("/dev"))
        said["local"] = [] if sys.base_prefix.startswith("/usr/local") else os.listdir("/usr/local")
        said["open"] = []
        for number in range(64):
            try:
                about = os.fstat(number)
                if about.st_dev != os.stat("/tmp").st_dev: said["open"].append(about.st_mode)
            except OSError:
                pass
        said["user"] = [os.getuid(), os.geteuid(), os.getgid(), os.getgroups()]
    """)
    assert (found["pid"], found["parent"], found["read"]) == (1, 0, [])
    assert found["devices"] == ["null", "random", "urandom"] and found["local"] == []
    assert "TOKEN_OF_THE_TEACHER" not in found["environment"] and len(found["environment"]) < 12
    kinds = [mode & 0o170000 for mode in found["open"]]
    assert set(kinds) == {0o020000, 0o010000} and kinds.count(0o010000) == 1, "/dev/null and the report"
    uid, euid, gid, groups = found["user"]
    assert uid == euid and gid > 60000 and uid > 60000 and set(groups) <= {gid, 65534}


def test_the_kernel_is_not_to_be_set():
    """Not even by root, whose files they are: the program in the jail is nobody."""
    assert (
        said("""
        said = []
        for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/vm/drop_caches",
                     "/proc/1/oom_score_adj", "/sys/power/state", "/dev/kmsg", "/usr/x", "/opt/x", "/x"):
            try:
                open(path, "r+" if path.startswith(("/proc", "/sys", "/dev")) else "w").close()
                said.append(path)
            except OSError:
                pass
    """)
        == []
    )


def test_outside_the_program_is_of_no_privilege():
    """Never root, whoever grades."""
    job = jail._job([{"id": "a", "source": "import time; time.sleep(60)", "exports": []}], SMALL)
    guard = jail.Guard(jail.INSIDE, job, SMALL)
    lines = iter(guard)
    assert json.loads(next(lines)) == {"ready": True}
    lines_of_status = Path(f"/proc/{guard.first.pid}/status").read_text().splitlines()
    status = dict(line.split(":\t", 1) for line in lines_of_status)
    assert 0 not in map(int, status["Uid"].split())
    assert {int(status[key], 16) for key in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"].strip()) == ("1", "2")
    assert "PATH" not in guard.first.environ()
    assert psutil.Process(guard.process.pid).environ() == {}, "bubblewrap itself knows nothing"
    assert len(guard.first.cpu_affinity()) == 1, "a crowd slows down its own processor"
    limits = {"address space": SMALL.memory, "processes": 2 * SMALL.processes, "open files": 64}
    limits |= {
        "pending signals": 256,
        "core file size": 0,
        "file size": SMALL.file,
        "cpu time": SMALL.seconds,
    }
    told = Path(f"/proc/{guard.first.pid}/limits").read_text()
    for name, most in limits.items():
        assert re.search(rf"^Max {name} +{most} +{most} ", told, re.MULTILINE), name
    started = time.monotonic()
    lines.close()
    assert not psutil.pid_exists(guard.first.pid) and time.monotonic() - started < 5


REFUSED = """
import ctypes, os, socket, fcntl, mmap, platform
libc = ctypes.CDLL(None, use_errno=True)
said = []
def refused(name, *arguments):
    ctypes.set_errno(0)
    if getattr(libc, name)(*arguments) != -1 or ctypes.get_errno() not in (1, 38):
        said.append(name)
def number(x86, arm, *arguments):
    ctypes.set_errno(0)
    nr = x86 if platform.machine() == "x86_64" else arm
    if libc.syscall(nr, *arguments) != -1 or ctypes.get_errno() not in (1, 38):
        said.append(nr)
def no(function, *arguments):
    try:
        function(*arguments)
        said.append(str(function))
    except OSError:
        pass
one, other = os.pipe()
pair = socket.socketpair()
memory = ctypes.create_string_buffer(4096)
"""
CALLS = {
    "shared memory": """
        refused("memfd_create", b"x", 0); refused("shmget", 0, 4096, 0o1600); refused("msgget", 0, 0o1600)
        refused("semget", 0, 1, 0o1600); number(240, 180, b"/x", 0o102, 0o600, 0)
        number(447, 447, 0); number(206, 0, 8, memory)
        no(mmap.mmap, -1, 4096, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
    """,
    "pipes and sockets": """
        refused("splice", one, 0, other, 0, 1, 0); refused("tee", one, other, 1, 0)
        refused("vmsplice", other, memory, 0, 0); no(os.sendfile, other, one, 0, 1)
        no(fcntl.fcntl, one, 1031, 1 << 20); no(pair[0].setsockopt, socket.SOL_SOCKET, socket.SO_SNDBUF, 9)
        no(socket.send_fds, pair[0], [b"x"], [one])
    """,
    "the network and the hypervisor": """
        for family in map(int, (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, 38, 40)):
            no(socket.socket, family, socket.SOCK_STREAM)
        no(socket.socketpair, 30)
    """,
    "marks and locks in the kernel": """
        refused("inotify_init1", 0); refused("fanotify_init", 0, 0); number(323, 282, 0)
        number(248, 217, b"user", b"x", b"y", 1, -2); number(250, 219, 0, -3, 0)
        no(fcntl.lockf, open("/tmp/lock", "w"), fcntl.LOCK_EX)
        number(425, 425, 8, memory); number(298, 241, memory, 0, -1, -1, 0); number(321, 280, 0, memory, 72)
        number(317, 277, 0, 0, 0); number(444, 444, 0, 0, 1)
    """,
    "other processes": """
        refused("ptrace", 16, 1, 0, 0); refused("process_vm_readv", 1, 0, 0, 0, 0, 0)
        number(312, 272, 1, 1, 0, 0, 0)
        number(434, 434, 1, 0); refused("klogctl", 3, memory, 10); no(os.sched_setaffinity, 0, {0})
        refused("prctl", 4, 0, 0, 0, 0); refused("prctl", 22, 2, memory)
    """,
    "new worlds": """
        for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
            refused("unshare", flag); number(56, 220, flag | 17, 0, 0, 0, 0)
        number(435, 435, memory, 88); refused("setns", one, 0)
        refused("mount", b"x", b"/tmp", b"tmpfs", 0, 0)
        refused("umount2", b"/tmp", 2); refused("chroot", b"/tmp"); number(155, 41, b"/tmp", b"/tmp")
        number(428, 428, -1, b"/tmp", 1); number(430, 430, b"tmpfs", 0)
        number(457, 457, memory, memory, 0, 0)
        number(303, 264, -100, b"/", memory, memory, 0); refused("personality", 0x40000)
    """,
}


@pytest.mark.parametrize("what", CALLS)
def test_calls_that_the_kernel_refuses(what):
    assert said(REFUSED + textwrap.dedent(CALLS[what])) == []


def test_what_notebooks_need_is_allowed():
    """Threads, children, pipes, the loop of asyncio, a figure, a file, a mapped file and the shell."""
    code = """
        import asyncio, mmap, os, subprocess, threading
        import matplotlib.pyplot as plt
        import numpy as np
        import scipy.linalg, scipy.sparse.linalg
        said = [asyncio.new_event_loop().run_until_complete(asyncio.sleep(0, 1))]
        said.append(subprocess.run(["true"]).returncode)
        thread = threading.Thread(target=said.append, args=(2,)); thread.start(); thread.join()
        stored = np.memmap("/tmp/x", dtype=float, mode="w+", shape=(1000,)); stored[:] = 1.0
        said.append(float(stored.sum()))
        plt.plot(np.linalg.eigvalsh(np.eye(50)))
        plt.savefig("/tmp/x.png")
        said.append(os.path.getsize("/tmp/x.png") > 1000)
        said.append(get_ipython().getoutput("echo three")[0])
    """
    assert said(code, jail.Limits()) == [1, 0, 2, 1000.0, True, "three"]


NAMED = "import matplotlib.pyplot as plt"
UNNAMED = "from importlib import import_module; plt = import_module('mat' + 'plotlib.pyplot')"


@pytest.mark.parametrize(
    ("source", "figures"), [(NAMED, True), (NAMED, False), (UNNAMED, True)], ids=["named", "blind", "unnamed"]
)
def test_figures_are_shown_and_closed(source, figures):
    """However Matplotlib is imported; without figures all is the same, but for the picture."""
    draw = "plt.plot([0, 1])\nopen = len(plt.get_fignums())"
    cells = [("a", source), ("b", draw), ("c", draw), ("d", "open = len(plt.get_fignums())")]
    cells = [{"id": name, "source": source, "exports": ["open"]} for name, source in cells]
    result = jail.run(cells, jail.Limits(), figures)
    assert result.ended is None
    assert [json.loads(cell["exports"]) for cell in result.cells] == [{}, *({"open": n} for n in (1, 1, 0))]
    shown = [
        ["image/png" in output["data"] for output in cell["outputs"] if "data" in output]
        for cell in result.cells
    ]
    assert shown == [[], [figures], [figures], []]


# How it ends


ENDS = {
    "the words of bubblewrap": 'import os; os.write(2, b"bwrap: x"); os._exit(1)',
    "on the monitor's descriptor": """
        import os
        try: os.write(os.open("/proc/1/fd/2", 1), b"bwrap: x")
        except OSError: pass
        os._exit(1)
    """,
    "all descriptors closed": "import os; os.closerange(0, 64); os._exit(0)",
    "the report closed": "import os; os.closerange(3, 64)",
    "status 127": "import os; os._exit(127)",
    "a crash": "import ctypes; ctypes.string_at(0)",
    "an abort": "import os; os.abort()",
    "half a record": """
        import os
        for number in range(3, 64):
            try: os.write(number, b'{"id": "a", "outputs": [')
            except OSError: pass
        os._exit(0)
    """,
}


@pytest.mark.parametrize("how", ENDS)
def test_an_end_is_the_submissions_own(how):
    """It raises nothing, costs what came after it, and says so."""
    result = run(ENDS[how])
    assert (result.ended, [cell["id"] for cell in result.cells]) == (jail.CRASHED, [])


def test_who_writes_into_the_report_is_told():
    result = run("""
        import os
        for number in range(3, 9):
            try: os.write(number, b'{"done": true}\\n{')
            except OSError: pass
    """)
    assert (result.ended, result.cells) == (jail.GARBLED, [])


STOPS = {
    "stopping all": """
        import os, signal
        if not os.fork(): os.kill(-1, signal.SIGSTOP); os.kill(os.getpid(), signal.SIGSTOP)
        while True:
            try: os.wait()
            except BaseException: pass
    """,
    "a stopped child that holds the report": """
        import os, signal
        if not os.fork(): os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    """,
    "no signal reaches it": """
        import signal, time
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        while True: time.sleep(1)
    """,
    "a flood": """
        import os
        while True:
            for number in range(3, 5):
                try: os.write(number, b"x" * 9999)
                except OSError: pass
    """,
}


@pytest.mark.parametrize("how", STOPS)
def test_who_stops_pays_with_seconds(how, monkeypatch):
    monkeypatch.setattr(jail, "GRACE", 1.0)
    started, limits = time.monotonic(), jail.Limits(seconds=100, cell_seconds=2.0)
    result = run(STOPS[how], limits)
    assert (
        time.monotonic() - started < 40
    )  # of which Python takes a good part to start, twice, on a busy machine
    told = str(result.cells and result.cells[0]["outputs"])
    assert (result.ended and [cell["id"] for cell in result.cells] in ([], ["a"])) or "CellTimeout" in told


def test_what_a_notebook_may_use_ends_and_the_reason_is_said():
    """Time and output, each by its own limit."""
    late = run("import time; time.sleep(60)", jail.Limits(seconds=5, cell_seconds=60.0))
    assert late.ended == "it ran longer than 5 seconds"
    loud = run("import os\nwhile True: os.write(3, b'x' * 9999)", jail.Limits(seconds=30, report=1024**2))
    assert loud.ended == "it wrote more than 1 MB of output"


def test_what_a_cell_leaves_behind_does_not_outlive_it():
    """A child that runs on beside it says nothing, a thread keeps nothing open, what is printed is cut."""
    started = time.monotonic()
    result = run("""
        import os, threading, time
        threading.Thread(target=time.sleep, args=(50,)).start()
        child = os.fork() == 0
        time.sleep(0 if child else 1)
        print("child" if child else "parent")
        for _ in range(1000): print("x" * 10**6)
    """)
    assert (result.ended, len(result.cells), time.monotonic() - started < 30) == (None, 2, True)
    (output,) = result.cells[0]["outputs"]
    assert output["text"].startswith("parent") and len(output["text"]) == inside.MAX_TEXT


@pytest.mark.parametrize(("caught", "then"), [("BaseException", "time.sleep(60)"), ("Exception", "pass")])
def test_the_alarm_rings_until_it_is_heard(caught, then):
    """Who catches all of it a few times is stopped later, who catches exceptions at once; the rest is run."""
    result = run(
        f"""
        import time
        for _ in range(3):
            try: time.sleep(60)
            except {caught}: pass
        {then}
        """,
        jail.Limits(seconds=60, cell_seconds=2.0),
    )
    assert (result.ended, len(result.cells)) == (None, 2)
    assert [output.get("ename") for output in result.cells[0]["outputs"]] == ["CellTimeout"]


def test_a_crowd_is_ended():
    result = run("import os\nwhile True:\n    try: os.fork()\n    except OSError: pass", jail.Limits())
    assert result.ended == "it started more than 32 processes"


def test_python_that_stops_is_started_once_more(tmp_path, monkeypatch):
    """Here it is killed the first time and done the second; the third answer would be another."""
    record = json.dumps({"id": "a", "outputs": [], "exports": json.dumps({"x": 1})})
    ready, done = json.dumps({"ready": True}), json.dumps({"done": True})
    script = f"""
n=$(wc -l < {tmp_path}/starts); echo start >> {tmp_path}/starts
test $n -gt 0 || kill -9 $$
test $n -gt 1 || printf '%s\\n%s\\n%s\\n' '{ready}' '{record}' '{done}'
"""
    (tmp_path / "starts").touch()
    monkeypatch.setattr(walls, "command", lambda *about: ["/bin/sh", "-c", script])
    monkeypatch.setattr(jail, "check", lambda limits: None)
    run = jail.run([{"id": "a", "source": "x = 1", "exports": ["x"]}])
    assert (run.ended, run.cells[0]["exports"]) == (None, '{"x": 1}')
    again = jail.run([{"id": "a", "source": "x = 1", "exports": ["x"]}])
    assert (again.ended, again.cells) == (jail.CRASHED, [])
    assert len((tmp_path / "starts").read_text().splitlines()) == 4


def test_a_crash_late_does_not_double_the_time():
    limits = jail.Limits(seconds=20, cell_seconds=60.0)
    started = time.monotonic()
    result = run("x = 1", limits, after="import os, time; time.sleep(13); os._exit(1)")
    assert time.monotonic() - started < limits.seconds + 5
    assert result.ended and [cell["id"] for cell in result.cells] == ["a"]


def test_of_two_runs_the_longer_one_counts(monkeypatch):
    runs = [(jail.Run([{"id": "a"}], jail.CRASHED), True), (jail.Run([], jail.CRASHED), True)]
    left = iter(runs)
    monkeypatch.setattr(jail, "_run", lambda *about: next(left))
    assert jail.run([]) == runs[0][0]


def test_the_jail_dies_with_the_grader():
    """Killed at once, and although the submission wants to outlive it."""
    script = f"""
import sys
sys.path[:0] = {sys.path!r}
from course import jail, walls
source = '''
import ctypes, os, time
ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
if not os.fork(): os.setsid()
print("x")
time.sleep(60)
'''
job = jail._job([{{"id": "a", "source": source, "exports": []}}], jail.Limits())
guard = jail.Guard(jail.INSIDE, job, jail.Limits())
lines = iter(guard); next(lines); print(guard.first.pid, flush=True); next(lines)
"""
    grader = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    inside = psutil.Process(int(grader.stdout.readline()))
    time.sleep(1.5)
    assert inside.is_running()
    grader.kill()
    grader.communicate()
    psutil.wait_procs([inside], timeout=5)
    assert not inside.is_running() or inside.status() == psutil.STATUS_ZOMBIE


# Who decides


@pytest.mark.parametrize(
    "script", ["echo bwrap: no namespaces >&2; exit 1", "exit 0", "echo '{\"done\": true}'"]
)
def test_without_a_jail_nothing_runs_and_the_reason_is_said(script, tmp_path, monkeypatch):
    fake = tmp_path / "bwrap"
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)
    monkeypatch.setattr(
        walls, "tool", lambda name, real=walls.tool: str(fake) if name == "bwrap" else real(name)
    )
    reason = "no namespaces" if "namespaces" in script else "our own program did not run in it"
    with pytest.raises(
        jail.JailMissing, match=f"bubblewrap does not work here, so nothing was graded: .*{reason}"
    ):
        jail.check()
    with pytest.raises(jail.JailMissing):
        run("x = 1")


@pytest.mark.parametrize(
    ("user", "login", "settings", "refused"),
    [
        (1000, "1000", {}, False),
        (0, "1000", {}, True),
        (0, "0", {}, True),
        (0, "4294967295", {}, False),  # nobody has logged in: a container
        (0, "4294967295", {"SUDO_USER": "ada"}, True),
        (0, "1000", {"GRADE_AS_ROOT": "yes"}, False),
    ],
)
def test_root_is_refused_where_somebody_else_could_grade(
    user, login, settings, refused, tmp_path, monkeypatch
):
    for name in ("SUDO_USER", "GRADE_AS_ROOT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "loginuid").write_text(login)
    monkeypatch.setattr(walls, "LOGIN", tmp_path / "loginuid")
    monkeypatch.setattr(os, "geteuid", lambda: user)
    if refused:
        with pytest.raises(jail.JailMissing, match="Grade as an ordinary user, not as root"):
            jail.check()
    else:
        walls.refuse_root()
