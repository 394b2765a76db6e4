"""Memory in the jail is counted, however it is held."""

from types import SimpleNamespace

import pytest
from classroom import SMALL, run
from course import guard

pytestmark = pytest.mark.usefixtures("in_jail")
HOARDS = {
    "brk and mmap": "hoard = [bytearray(100 * 2**20) for _ in range(30)]",
    "children": """
        import os, time
        for _ in range(8):
            if not os.fork():
                hoard = bytearray(200 * 2**20)
                time.sleep(9)
                os._exit(0)
        time.sleep(9)
    """,
    "children of children that have no parent": """
        import os, time
        for _ in range(8):
            if not os.fork():
                if not os.fork():
                    os.setsid()
                    hoard = bytearray(200 * 2**20)
                    time.sleep(9)
                os._exit(0)
        time.sleep(9)
    """,
    "shared mappings, turned away from": """
        import mmap, os, time
        for _ in range(8):
            hoard = mmap.mmap(-1, 200 * 2**20)
            if not os.fork():
                for place in range(0, len(hoard), 4096): hoard[place] = 1
                hoard.madvise(mmap.MADV_DONTNEED)
                time.sleep(9)
                os._exit(0)
        time.sleep(5)
    """,
    "memory without a file": """
        import os
        number = os.memfd_create("x")
        for _ in range(1200): os.write(number, bytes(2**20))
    """,
    "segments of System V": """
        import ctypes
        libc = ctypes.CDLL(None); libc.shmat.restype = ctypes.c_void_p
        for _ in range(8):
            number = libc.shmget(0, 200 * 2**20, 0o1600)
            if number < 0: raise OSError("refused")
            place = libc.shmat(number, 0, 0)
            ctypes.memset(place, 1, 200 * 2**20); libc.shmdt(ctypes.c_void_p(place))
    """,
    "files in memory": """
        for number in range(30): open(f"/tmp/{number}", "wb").write(bytes(30 * 2**20))
        import time; time.sleep(5)
    """,
    "empty files": """
        import os, time
        for folder in range(400):
            os.mkdir(f"/tmp/{folder}")
            for number in range(1000): os.mknod(f"/tmp/{folder}/{number}")
        time.sleep(3)
    """,
    "buffers of sockets": """
        import os, socket, time
        for _ in range(24):
            if not os.fork():
                hoard = []
                try:
                    while True:
                        pair = socket.socketpair(); hoard.append(pair)
                        pair[0].setblocking(False)
                        while True:
                            try: pair[0].send(bytes(65536))
                            except BlockingIOError: break
                except OSError: pass
                time.sleep(9)
                os._exit(0)
        time.sleep(5)
    """,
}


@pytest.mark.parametrize("how", HOARDS)
def test_memory_is_counted_however_it_is_held(how):
    """The kernel refuses it, or the guard ends the run."""
    result = run(HOARDS[how])
    errors = {output.get("ename") for cell in result.cells for output in cell["outputs"]}
    refused = errors & {"MemoryError", "OSError", "PermissionError"}
    assert refused or result.ended == "it used more than 400 MB of memory", result


class Process:
    """One of 100 bytes and 3 threads, with a child of a child."""

    def __init__(self, *children):
        self.everyone = children

    def children(self, recursive=False):
        return self.everyone if recursive else self.everyone[:1]

    def memory_info(self):
        return SimpleNamespace(rss=100)

    def num_threads(self):
        return 3


def test_each_kind_of_memory_is_in_the_sum(monkeypatch):
    """Pages, what the kernel keeps for each process, and blocks and names of files in memory."""
    one = guard.Guard(None, b"", SMALL)
    one.first = Process(Process(), Process())
    assert one._use() == (3 * 100 + 2 * guard.PER_PROCESS, 9)
    one.scratch = 0
    scratch = SimpleNamespace(f_blocks=10, f_bfree=4, f_frsize=4096, f_files=9, f_ffree=2)
    monkeypatch.setattr(guard.os, "fstatvfs", lambda descriptor: scratch)
    assert one._use() == (3 * 100 + 2 * guard.PER_PROCESS + 6 * 4096 + 7 * guard.PER_FILE, 9)
