"""The daemon dies at once, at any moment of a call or of its start: nothing of it lives on.

In every other try the call has begun and its children are stopped, as a debugger would stop them
(one stopped in its first tenths of a second, before it can ask, is the one that would be left);
every third dies in a terminal that is closed, with all of its session.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import watching
from long_call import SHEET

from faults.fault import Tally
from faults.onlooker import of_home, until
from faults.slowness import slower
from tests.sound_card import SoundCard

GONE_WITHIN_S = 2.0
"""A child that was just started has not asked the kernel yet and sees it by itself."""

_CHILDREN = ("ear", "voice", "interpreter")

_START_S = 3.0
_BEGUN_S = 30.0
_GIVE_UP_WAITING_S = 10.0
_DEVICES = ("--microphone", "vmic", "--far-side", "loopback", "--headset", "headset")


@dataclass(frozen=True, slots=True)
class _Started:
    verb: "subprocess.Popen[bytes]"
    home: str

    def others(self) -> list[int]:
        """Return the call's processes, without the verb that started it."""
        return [pid for pid in of_home(self.home) if pid != self.verb.pid]

    def daemon(self, *, in_terminal: bool) -> int | None:
        """Return the daemon, once there is one."""
        if in_terminal:
            return self.verb.pid
        return next((pid for pid in self.others() if watching.name(pid) == "daemon"), None)

    def has_begun(self) -> bool:
        """Tell whether the call is told and its children have asked to end with the daemon."""
        journals = list(Path(self.home, "calls").glob("*/journal.jsonl"))
        if not journals or not journals[0].stat().st_size:
            return False
        children = [pid for pid in self.others() if watching.name(pid) in _CHILDREN]
        return len(children) == len(_CHILDREN) and all(map(_has_asked, children))


def _has_asked(pid: int) -> bool:
    """Tell whether a child has asked the kernel: right after, it takes its stdout for itself."""
    try:
        ends = [Path(f"/proc/{pid}/fd/{fd}").readlink() for fd in (1, 2)]
    except OSError:
        return False
    return ends[0] == ends[1]


def of_daemon(tries: int, chance: Random, tally: Tally) -> None:
    """Kill the daemon."""
    with SoundCard() as card:
        for number in range(tries):
            with tempfile.TemporaryDirectory(prefix="orphans-") as home:
                environ = {**os.environ, **card.env, "SOTTOVOCE_HOME": home}
                why, gone_s = _kill(environ, number, chance)
                tally.add(held=not why, figure=gone_s, why=why)


def _kill(environ: dict[str, str], number: int, chance: Random) -> tuple[str, float | None]:
    in_terminal, are_stopped = number % 3 == 2, number % 2 == 1
    command = [sys.executable, "-m", "assistant", "start", str(SHEET), *_DEVICES]
    verb = subprocess.Popen(
        [*command, "--engine", "moonshine", *(["--foreground"] if in_terminal else [])],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    started = _Started(verb, environ["SOTTOVOCE_HOME"])
    daemon = until(lambda: started.daemon(in_terminal=in_terminal), _GIVE_UP_WAITING_S)
    try:
        if daemon is None:
            return "no daemon was started", None
        if are_stopped and until(lambda: started.has_begun() or None, _BEGUN_S) is None:
            return "the call did not begin", None
        time.sleep(chance.uniform(0.0, _START_S))
        if are_stopped:
            for child in watching.family(daemon)[1:]:
                os.kill(child, signal.SIGSTOP)
        killed_s = time.monotonic()
        os.killpg(os.getpgid(daemon), signal.SIGKILL)
        gone = until(lambda: None if started.others() else True, _GIVE_UP_WAITING_S)
        gone_s = time.monotonic() - killed_s
        left = started.others()
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        if gone is None:
            return f"{len(left)} processes were left", gone_s
        return (
            "" if gone_s <= GONE_WITHIN_S * slower() else f"gone after {gone_s:.1f} s only",
            gone_s,
        )
    finally:
        verb.kill()
        verb.wait()
