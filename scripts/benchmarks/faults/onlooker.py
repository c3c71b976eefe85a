"""Who looks on at a real call: what its journal says while it grows, and who its children are.

Law: everything is seen from outside, as any other program could see it.
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

import watching
from long_call import LongCall

from assistant.events import Entry, Trouble
from assistant.keeping import journal

LOOK_EVERY_S = 0.02
Child = Literal["ear", "voice", "interpreter"]
_T = TypeVar("_T")

PARTS: dict[Child, str] = {
    "ear": "hearing",
    "voice": "voice",
    "interpreter": "understanding",
}


@dataclass(slots=True)
class Onlooker:
    """Looks on at one call."""

    call: LongCall
    _seen: int = field(default=0)
    """So many entries were looked at."""

    def entries(self) -> list[Entry]:
        """Read the journal as it is now."""
        return journal.read(self.call.folder / "journal.jsonl").entries

    def child(self, name: Child) -> int | None:
        """Return a child's process."""
        return next((u.pid for n, u in watching.look(self.call.pid).items() if n == name), None)

    def wait_for_child(self, name: Child, other_than: int | None, within_s: float) -> int | None:
        """Wait for another process of that child; None where none came."""

        def newer() -> int | None:
            pid = self.child(name)
            return None if pid == other_than else pid

        return until(newer, within_s)

    def look_away(self) -> None:
        """Count only what comes from now on."""
        self._seen = len(self.entries())

    def wait_for(self, is_it: Callable[[Entry], bool], within_s: float) -> Entry | None:
        """Wait for an entry that came since `look_away`; None where none did."""
        return until(lambda: next(filter(is_it, self.entries()[self._seen :]), None), within_s)

    def send(self, name: Child, number: signal.Signals, within_s: float) -> float | None:
        """Send a child a signal; return how many seconds later the call told that it works again.

        None where that did not come in time.
        """
        self.look_away()
        pid = self.wait_for_child(name, None, within_s)
        if pid is None:
            return None
        sent_s = time.monotonic()
        os.kill(pid, number)
        works = Trouble(PARTS[name], "", over=True)
        told = self.wait_for(
            lambda entry: (
                isinstance(entry.event, Trouble)
                and (entry.event.part, entry.event.over) == (works.part, works.over)
            ),
            within_s,
        )
        return None if told is None else time.monotonic() - sent_s


def until(look: Callable[[], _T | None], within_s: float) -> _T | None:
    """Look again and again until there is something; None where time runs out."""
    deadline_s = time.monotonic() + within_s
    while (found := look()) is None and time.monotonic() < deadline_s:
        time.sleep(LOOK_EVERY_S)
    return found


def of_home(home: str) -> list[int]:
    """Find every process that was started for this home."""
    wanted = f"SOTTOVOCE_HOME={home}".encode()
    found: list[int] = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            try:
                environ = (folder / "environ").read_bytes().split(b"\0")
                state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if wanted in environ and state != "Z":
                found.append(int(folder.name))
    return found
