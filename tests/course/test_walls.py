"""Every wall of the jail by itself, seen from outside: inside, one wall hides that another has gone.

A program waits in the jail, with no guard around it, and the kernel is asked what it is and what it may: in
`/proc` of the machine, which the jail does not have. `python tests/course/protections.py` takes the walls out
one at a time, and all other protections of the grader, and sees whether a test fails.
"""

import contextlib
import fcntl
import itertools
import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from classroom import SMALL
from course import guard, seccomp, walls

ROOT = os.geteuid() == 0  # then the jail is made without a namespace of users
SLOT = 3
WAITS = """
import json, os, sys, time
about = {"host": os.uname().nodename, "number inside": os.getpid(), "isolated": sys.flags.isolated}
about["user inside"] = [os.getuid(), os.getgid()]
print(json.dumps(about), flush=True)
time.sleep(600)
"""
PARENT = ["sh", "-c", '"$@" & wait', "sh"]  # starts what follows, and is its parent


@contextlib.contextmanager
def jailed(folder, parent=(), change=lambda line: line):
    """Start a program that waits behind the walls; yield what is known of it."""
    script = folder / "waits.py"
    script.write_text(WAITS)
    (info, info_end), (calls, filled) = os.pipe(), os.pipe()
    os.write(filled, seccomp.program())
    os.close(filled)
    line = [*parent, *change(walls.command(script, SMALL, SLOT, info_end, calls))]
    started = subprocess.Popen(
        line,
        cwd="/usr",
        env={"PATH": os.environ["PATH"], "TOKEN": "x"},
        stdout=subprocess.PIPE,
        pass_fds=(info_end, calls),
    )
    os.close(info_end)
    os.close(calls)
    with open(info) as told:  # to the closing bracket: a parent keeps the other end open
        lines = [*itertools.takewhile("}\n".__ne__, told), "}"]
    first = psutil.Process(json.loads("".join(lines))["child-pid"])
    try:
        said = json.loads(started.stdout.readline())
        yield SimpleNamespace(pid=first.pid, first=first, started=started, said=said)
    finally:
        with contextlib.suppress(psutil.NoSuchProcess):
            first.kill()
        started.stdout.close()
        started.wait()


def user_namespaces_above(pid):
    """Return how many namespaces of users lie between that of a process and ours."""
    ours, count = os.stat("/proc/self/ns/user").st_ino, 0
    at = os.open(f"/proc/{pid}/ns/user", os.O_RDONLY)
    while os.fstat(at).st_ino != ours:
        above = fcntl.ioctl(at, 0xB702)  # NS_GET_PARENT
        os.close(at)
        at, count = above, count + 1
    os.close(at)
    return count


def told_of(pid):
    """Return what the kernel tells of a process, {`status ...`, `limit of`, `namespace`, `mount`: words}."""
    here, told = Path(f"/proc/{pid}"), {}
    for line in (here / "status").read_text().splitlines():
        name, _, words = line.partition(":")
        told[f"status {name}"] = " ".join(words.split())
    for line in (here / "limits").read_text().splitlines()[1:]:
        name, soft, hard = re.match(r"Max (.+?)  +(\S+) +(\S+)", line).groups()
        told[f"limit of {name}"] = soft if soft == hard else f"{soft} {hard}"
    for kind in ("net", "ipc", "pid", "uts", "mnt", "cgroup"):
        same = (here / "ns" / kind).readlink() == Path(f"/proc/self/ns/{kind}").readlink()
        told[f"namespace {kind}"] = "ours" if same else "its own"
    for line in (here / "mountinfo").read_text().splitlines():
        options, kind = line.split(" - ")
        _, _, _, _, where, mine, *_ = options.split()
        held = [word for word in mine.split(",") if word in ("ro", "rw", "nosuid", "nodev")]
        sizes = [word for word in kind.split()[2].split(",") if word.startswith("size=") and where == "/tmp"]
        told[f"mount {where}"] = " ".join([*held, *sizes])
    return told


BASE = os.path.realpath(sys.base_prefix)
SETTINGS = ["HOME=/tmp", "IPYTHONDIR=/tmp/ipython", "LANG=C.UTF-8", "MKL_NUM_THREADS=1"]
SETTINGS += ["MPLBACKEND=module://matplotlib_inline.backend_inline"]
SETTINGS += ["MPLCONFIGDIR=/tmp/matplotlib", "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "PWD=/tmp"]
ME = walls.NOBODY - SLOT if ROOT else walls.NOBODY
OUTSIDE = (ME, ME) if ROOT else (os.getuid(), os.getgid())
READ_ONLY = ["/", "/usr", "/opt/python", "/opt/matplotlib", "/opt/library/frenkel", "/opt/program.py"]
READ_ONLY += [] if BASE.startswith("/usr/local") else ["/usr/local"]  # empty, if it does not hold Python
READ_ONLY += [] if BASE.startswith("/usr") else [BASE]
READ_ONLY += [
    where for where in ("/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache") if Path(where).exists()
]

# Every wall: what is told of the program while it stands.
WALLS = {
    **{f"namespace {kind}": "its own" for kind in ("net", "ipc", "pid", "uts", "mnt", "cgroup")},
    "namespaces of users": 0 if ROOT else 2,  # the second, so that it makes no others
    "number inside": 1,
    "session": "its own",
    "environment": SETTINGS,
    "isolated": 1,
    "host": "jail",
    "folder": "/tmp",
    "descriptors": ["0", "1", "2"],
    "user inside": [ME, ME],
    "status Uid": " ".join([str(OUTSIDE[0])] * 4),
    "status Gid": " ".join([str(OUTSIDE[1])] * 4),
    **({"status Groups": ""} if ROOT else {}),
    **{f"status Cap{kind}": "0" * 16 for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")},
    "status NoNewPrivs": "1",
    "status Seccomp": "2",
    "limit of address space": str(SMALL.memory),
    "limit of cpu time": str(SMALL.seconds),
    "limit of file size": str(SMALL.file),
    "limit of core file size": "0",
    "limit of open files": "64",
    "limit of pending signals": "256",
    "limit of locked memory": "0",
    "limit of msgqueue size": "0",
    **{f"mount {where}": "ro nosuid nodev" for where in READ_ONLY},
    **{f"mount /dev/{name}": "rw nosuid" for name in ("null", "random", "urandom")},
    "mount /tmp": f"rw nosuid nodev size={SMALL.file // 1024}k",
    "other mounts": [],
    "in /usr/local": os.listdir("/usr/local") if BASE.startswith("/usr/local") else [],
}


@pytest.fixture(scope="module")
def seen(in_jail, tmp_path_factory):
    """What is told of a program in the jail, {wall: what it shows}."""
    with jailed(tmp_path_factory.mktemp("jail")) as program:
        pid, here, told = program.pid, Path(f"/proc/{program.pid}"), told_of(program.pid)
        told |= program.said
        told["namespaces of users"] = user_namespaces_above(pid)
        told["session"] = "its own" if os.getsid(pid) == pid else "ours"
        told["environment"] = sorted((here / "environ").read_text().rstrip("\0").split("\0"))
        told["folder"] = os.readlink(here / "cwd")
        told["descriptors"] = sorted(os.listdir(here / "fd"))
        told["other mounts"] = [name for name in told if name.startswith("mount ") and name not in WALLS]
        told["in /usr/local"] = os.listdir(here / "root/usr/local")
        return told


@pytest.mark.parametrize("wall", WALLS)
def test_a_wall_stands(wall, seen):
    assert seen.get(wall) == WALLS[wall]


def test_the_program_that_becomes_nobody_may_do_nothing_else(in_jail, tmp_path):
    """Where root grades, `setpriv` gives all rights away; it gets none but those that it needs for that."""

    def without_setpriv(line):
        end = line.index("/opt/python/bin/python3")
        return [*line[: line.index("--", line.index("--seccomp")) + 1], *line[end:]]

    with jailed(tmp_path, change=without_setpriv) as program:
        rights = int(told_of(program.pid)["status CapPrm"], 16)
    assert rights == (sum(1 << right for right in (6, 7, 8)) if ROOT else 0), "SETGID, SETUID, SETPCAP"


def gone(*processes):
    """Return whether processes end within a few seconds."""
    return not psutil.wait_procs(processes, timeout=5)[1]


def test_bubblewrap_ends_with_the_grader(in_jail, tmp_path):
    """It cannot end a program that root has made nobody: there the guard's heir does; see `test_jail`."""
    with jailed(tmp_path, parent=PARENT) as program:
        bwrap = program.first.parent()
        assert bwrap.name() == "bwrap" and bwrap.parent().pid == program.started.pid
        program.started.kill()
        assert gone(bwrap)
        assert ROOT or gone(program.first)


def test_each_slot_has_a_user_of_its_own(monkeypatch):
    """What the kernel counts by user, it counts for each jail, of whatever process of the grader."""
    monkeypatch.setattr(guard, "_slots", set())
    lines = [walls.command("x.py", SMALL, slot, 8, 9) for slot in range(3)]
    users = [line[line.index("--reuid") + 1] for line in lines if "--reuid" in line]
    assert users == (["65534", "65533", "65532"] if ROOT else [])
    with guard._slot() as one, guard._slot() as other:
        assert (one, other) == (0, 1)
    guard.leave_slots(2)
    with guard._slot() as one:
        assert one == 2


# The filter of system calls, read as the kernel reads it. `test_jail` asks the kernel itself,
# which would refuse many of these calls for other reasons, too.

REFUSED = """
memfd_create shmget shmat msgget semget mq_open io_setup splice tee vmsplice sendfile inotify_init
inotify_init1 fanotify_init userfaultfd add_key request_key keyctl setsockopt sendmsg sendmmsg socket
ptrace process_vm_readv process_vm_writev kcmp syslog sched_setaffinity unshare setns mount umount2
pivot_root chroot name_to_handle_at open_by_handle_at perf_event_open bpf seccomp personality quotactl
init_module finit_module kexec_load
"""
NEW = {436, 437, 439, 441, 449, 452, 453, 454, 455, 456, 462}  # the calls since 2019 that there are
# Calls that depend on an argument: (numbers on both machines, which argument, refused values, allowed ones).
DEPENDS = {
    "shared memory without a file": (seccomp.MMAP, 3, (0x21, 0x4021, 0x23), (0x22, 0x01, 0x02)),
    "locks and larger pipes": (seccomp.FCNTL, 1, (6, 7, 37, 38, 1031), (0, 1, 2, 3, 4, 1030)),
    "hiding and filters": (seccomp.PRCTL, 0, (4, 22), (1, 3, 15, 38)),
    "namespaces": (seccomp.CLONE, 0, [17 | 1 << bit for bit in (17, *range(25, 31))], (17, 0x3D0F00)),
    "sockets": (seccomp.SOCKETPAIR, 0, (2, 10, 16, 30, 40), (1,)),
}


def answer(number, *arguments, arch):
    """Return what the filter answers to a call."""
    data = struct.pack("=IIQ6Q", number, arch, 0, *arguments, *[0] * (6 - len(arguments)))
    steps, at, value = [*struct.iter_unpack("=HBBI", seccomp.program())], 0, 0
    while True:
        code, yes, no, known = steps[at]
        at += 1
        if code == seccomp.RETURN:
            return known
        if code == seccomp.LOAD:
            (value,) = struct.unpack_from("=I", data, known)
        elif code == seccomp.AND:
            value &= known
        else:
            at += yes if (value == known if code == seccomp.EQUAL else value >= known) else no


@pytest.fixture(params=seccomp.MACHINES)
def machine(request, monkeypatch):
    """A kind of processor: (place in the lists, its name for the kernel)."""
    monkeypatch.setattr(seccomp.platform, "machine", lambda: request.param)
    return seccomp.MACHINES[request.param]


def test_each_call_of_the_list_is_refused(machine):
    place, arch = machine
    numbers = {name: both[place] for name, both in (seccomp.MEMORY | seccomp.OTHERS | seccomp.KERNEL).items()}
    absent = {name for name, number in numbers.items() if number is None}
    refused = {name for name in numbers.keys() - absent if answer(numbers[name], arch=arch) == seccomp.REFUSE}
    assert refused | absent == set(REFUSED.split()) and absent <= {"inotify_init"}
    assert {answer(number, arch=arch) for number in (0, 1, 3, 8, 9)} <= {seccomp.ALLOW, seccomp.REFUSE}


@pytest.mark.parametrize("what", DEPENDS)
def test_calls_are_refused_by_their_argument(what, machine):
    numbers, index, refused, allowed = DEPENDS[what]
    place, arch = machine

    def answers(values):
        return {answer(numbers[place], *[0] * index, value, arch=arch) for value in values}

    assert answers(refused) == {seccomp.REFUSE} and answers(allowed) == {seccomp.ALLOW}
    assert answers(value | 1 << 32 for value in refused) == {seccomp.REFUSE}, "the kernel looks at 32 bits"


def test_what_is_newer_than_the_list_does_not_exist(machine):
    """Nor do calls in the numbers of another machine, such as those of 32 bits."""
    _, arch = machine
    for number in (*range(424, 480), 1000, 0x40000000, 0x40000000 + 41, 2**32 - 1):
        assert answer(number, arch=arch) == (seccomp.ALLOW if number in NEW else seccomp.ABSENT), number
    assert answer(1, arch=0x40000003) == answer(1, arch=0) == seccomp.KILL


@pytest.mark.parametrize(("place", "outcome"), [("true", "1 error"), ("", "1 skipped")])
def test_where_all_is_tested_a_jail_that_is_missing_is_an_error(place, outcome, tmp_path):
    """Elsewhere the tests that need one are skipped, and say so."""
    settings = {"PATH": str(tmp_path), "CI": place, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    test = Path(__file__).with_name("test_memory.py")
    line = [sys.executable, "-m", "pytest", "-q", "-p", "pytest_timeout", "-p", "no:cacheprovider"]
    line.append(f"{test}::test_each_kind_of_memory_is_in_the_sum")
    done = subprocess.run(line, env=os.environ | settings, capture_output=True, text=True)
    assert outcome in done.stdout and "is not installed, so nothing was graded" in done.stdout, done.stdout
