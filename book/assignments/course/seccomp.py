"""The system calls that the jail refuses, as a program for the kernel that `bwrap --seccomp` takes.

Refused is what keeps memory that no process is charged for, what reaches other processes or other machines,
and what opens new parts of the kernel: numbers that are newer than this list do not exist in the jail. The
format is that of `seccomp(2)`: classic BPF on `struct seccomp_data`.
"""

import errno
import platform
import struct

# Of every call its number on x86_64 and on aarch64; None where the machine has no such call.
MEMORY = {  # what could be held without being seen
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
    "io_setup": (206, 0),
    "splice": (275, 76),
    "tee": (276, 77),
    "vmsplice": (278, 75),
    "sendfile": (40, 71),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "fanotify_init": (300, 262),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "setsockopt": (54, 208),  # larger buffers
    "sendmsg": (46, 211),  # descriptors under way
    "sendmmsg": (307, 269),
}
OTHERS = {  # what reaches other processes, the network, a hypervisor (vsock), or another processor
    "socket": (41, 198),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "syslog": (103, 116),
    "sched_setaffinity": (203, 122),
}
KERNEL = {  # new namespaces, mounts and programs in the kernel
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "seccomp": (317, 277),
    "personality": (135, 92),
    "quotactl": (179, 60),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
}
NEWEST = 424  # from here on all machines number alike, and only these calls exist:
NEW = {
    "close_range": 436,
    "openat2": 437,
    "faccessat2": 439,
    "epoll_pwait2": 441,
    "futex_waitv": 449,
    "fchmodat2": 452,
    "map_shadow_stack": 453,
    "futex_wake": 454,
    "futex_wait": 455,
    "futex_requeue": 456,
    "mseal": 462,
}
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # place in the lists, AUDIT_ARCH

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, ABSENT = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
LOAD, EQUAL, AT_LEAST, AND, RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
NUMBER, ARCH, ARGUMENTS = 0, 4, 16  # offsets in seccomp_data; the lower half of an argument comes first

# Calls that are refused if an argument, behind a mask, has a value: (numbers, which argument, mask, value).
ALL, CLONE_NEW, SHARED_ANONYMOUS = 0xFFFFFFFF, 0x7E020000, 0x21
MMAP, CLONE, PRCTL, FCNTL, SOCKETPAIR = (9, 222), (56, 220), (157, 167), (72, 25), (53, 199)
WITH_VALUE = [
    (MMAP, 3, SHARED_ANONYMOUS, SHARED_ANONYMOUS),  # it stays when a process turns its eyes from it
    *((FCNTL, 1, ALL, command) for command in (6, 7, 37, 38)),  # locks, of which there is no limit
    (FCNTL, 1, ALL, 1031),  # larger pipes
    (PRCTL, 0, ALL, 4),  # hiding from the guard
    (PRCTL, 0, ALL, 22),  # a filter of its own
]


class UnknownMachine(Exception):
    """There is no list of system calls for this kind of processor."""


def program():
    """Return the filter as bytes."""
    try:
        place, arch = MACHINES[platform.machine()]
    except KeyError:
        raise UnknownMachine(f"the jail knows x86_64 and aarch64, not {platform.machine()}") from None
    lines = [(LOAD, 0, 0, ARCH), (EQUAL, 1, 0, arch), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]

    def when(number, answer):
        lines.extend([(EQUAL, 0, 1, number), (RETURN, 0, 0, answer)])

    def block(number, body):
        """Run `body`, which answers or falls through, for the call `number`."""
        lines.extend([(EQUAL, 0, len(body) + 1, number), *body, (LOAD, 0, 0, NUMBER)])

    for numbers in (MEMORY | OTHERS | KERNEL).values():
        if numbers[place] is not None:
            when(numbers[place], REFUSE)

    def argument(index):
        return (LOAD, 0, 0, ARGUMENTS + 8 * index)

    for numbers, index, mask, value in WITH_VALUE:
        body = [argument(index), (AND, 0, 0, mask), (EQUAL, 0, 1, value), (RETURN, 0, 0, REFUSE)]
        block(numbers[place], body)
    no_namespace = [argument(0), (AND, 0, 0, CLONE_NEW), (EQUAL, 1, 0, 0), (RETURN, 0, 0, REFUSE)]
    block(CLONE[place], no_namespace)
    only_unix = [argument(0), (EQUAL, 1, 0, 1), (RETURN, 0, 0, REFUSE)]
    block(SOCKETPAIR[place], only_unix)  # with such a pair asyncio wakes itself
    for number in NEW.values():
        when(number, ALLOW)
    lines += [(AT_LEAST, 0, 1, NEWEST), (RETURN, 0, 0, ABSENT), (RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
