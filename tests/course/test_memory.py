"""Memory in the jail is counted, however it is held."""

import pytest
from classroom import run

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
