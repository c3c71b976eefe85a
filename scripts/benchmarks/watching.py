"""What a process and its children use, seen from outside: their own figures in /proc.

Law: a process that ends between two looks is no fault; what was seen of it stands.
"""

import contextlib
import os
from pathlib import Path

import msgspec

CLK_TCK = os.sysconf("SC_CLK_TCK")


class Use(msgspec.Struct, frozen=True):
    """What one process holds at a moment."""

    pid: int
    memory_mb: float
    """Resident, in 10^6 bytes."""
    files: int
    threads: int
    cpu_s: float
    """Processor seconds used so far, user and system."""


def look(pid: int) -> dict[str, Use]:
    """Look at a process and its children; the first one is called `daemon`."""
    seen: dict[str, Use] = {}
    for number in family(pid):
        with contextlib.suppress(OSError):
            seen["daemon" if number == pid else name(number)] = use(number)
    return seen


def use(pid: int) -> Use:
    """Look at one process. Raises OSError where there is none."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return Use(
        pid=pid,
        memory_mb=int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6,
        files=sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()),
        threads=int(fields[17]),
        cpu_s=(int(fields[11]) + int(fields[12])) / CLK_TCK,
    )


def name(pid: int) -> str:
    """Return what a process of the call is: the last word of its module."""
    command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    module = command[command.index("-m") + 1] if "-m" in command else command[0]
    return module.rpartition(".")[2]


def family(pid: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    with contextlib.suppress(OSError):
        return [pid, *(int(child) for file in children for child in file.read_text().split())]
    return [pid]


def machine_s() -> float:
    """Return the processor seconds that the whole machine has used."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, _waiting, *interrupts = map(int, fields)
    return (user + nice + system + sum(interrupts)) / CLK_TCK
