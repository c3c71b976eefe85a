"""Every Python process that is begun with this environment tells what it asks of a network.

A `sitecustomize` adds an audit hook before anything else runs; children have it too. What a library
of C does by itself it can not see: for that there is the network namespace, whose own counters do.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

UNSHARE = ["unshare", "--net", *(() if os.geteuid() == 0 else ("--map-root-user",))]
MAY_UNSHARE = shutil.which("unshare") is not None and (
    subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode == 0
)

_WATCH = """
import os, sys

NAMES = "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"
CALLS = "socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"

def watch(event, arguments):
    if event in CALLS:
        told = not isinstance(arguments[1], (str, bytes, type(None)))
    else:
        told = event in NAMES or event.split(".")[0] in ("urllib", "http", "ftplib", "smtplib")
    if told:
        with open(os.environ["WATCHED"], "a") as file:
            print(event, arguments[1:], file=file)

sys.addaudithook(watch)
with open(os.environ["STARTED"], "a") as file:
    print(os.getpid(), file=file)
"""

_LOOK = "socket.bind (('::1', 0),)"
"""Both engines import `requests`, though they need it not, and that looks in this way whether the
machine speaks IPv6: nothing is sent, and nobody listens."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Where the watched processes tell."""

    place: Path

    def env(self) -> dict[str, str]:
        """Return what to add to the environment of a process to watch."""
        self.place.mkdir(exist_ok=True)
        (self.place / "sitecustomize.py").write_text(_WATCH)
        names = {"WATCHED": str(self.place / "watched"), "STARTED": str(self.place / "started")}
        return {"PYTHONPATH": str(self.place), **names}

    def processes(self) -> int:
        """Count the processes that were watched."""
        return len((self.place / "started").read_text().split())

    def seen(self) -> list[str]:
        """Return what they asked of a network."""
        told = self.place / "watched"
        lines = told.read_text().splitlines() if told.exists() else []
        return [line for line in lines if line != _LOOK]


COUNT = """
import subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
with open("/proc/net/snmp") as four, open("/proc/net/snmp6") as six:
    rows = [line.split() for line in four]
    pairs = ((a[0] + n, v) for a, b in zip(rows[::2], rows[1::2]) for n, v in zip(a[1:], b[1:]))
    counts = {name: int(count) for name, count in pairs}
    counts |= {name: int(count) for name, count in map(str.split, six)}
asked = "Tcp:ActiveOpens", "Udp:OutDatagrams", "Ip:OutRequests", "Ip:OutNoRoutes"
asked += "Ip6OutRequests", "Ip6OutNoRoutes", "Udp6OutDatagrams"
print("ASKED", sum(counts.get(name, 0) for name in asked), file=sys.stderr)
sys.exit(code)
"""
"""Runs a command in a network namespace, then tells what all its processes, in Python or not, asked
of the network: the counters of Linux are the namespace's own."""


def cut_off(*command: str) -> list[str]:
    """Return a command that runs another without any network interface, and counts what it asks."""
    return [*UNSHARE, sys.executable, "-S", "-c", COUNT, *command]


def asked(said: str) -> int:
    """Return how often something was asked of the network by a command that was cut off."""
    return int(said.rpartition("ASKED ")[2].split()[0])
