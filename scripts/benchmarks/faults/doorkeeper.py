"""A call without sound, in a process of its own: the real spine, journal and door.

    doorkeeper.py HOME [USER_ID]

USER_ID is who may come in; without it, whoever runs it. It says "open" once its
door is, and ends when its stdin does.
"""

import queue
import sys
import threading
import time
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from assistant.door import Server
from assistant.events import CallStarted, Entry, Forgotten
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.notes.words import Words
from assistant.plan import Plan, Question
from assistant.settings import Places
from assistant.spine import Item, Spine
from assistant.understanding.meaning import Utterance


class Live(msgspec.Struct, frozen=True):
    """What these hands know."""

    levels_db: dict[str, float]


class Hands:
    """Hands that hold nothing; their time is the machine's."""

    def __init__(self) -> None:
        self._begun_s = time.monotonic()

    def now_s(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._begun_s

    def live(self) -> Live:
        """Return what a status asks for."""
        return Live({"me": -30.0})

    def take(self, entry: Entry) -> None:
        """Carry out nothing."""

    def interpret(self, utterance: Utterance) -> None:
        """Say nothing of it: nobody speaks in this call."""

    def look(self) -> None:
        """Look after nothing."""

    def forget(self, forgotten: Forgotten) -> None:
        """Blank nothing."""

    def stop_capture(self) -> None:
        """Close nothing."""

    def is_heard_out(self) -> bool:
        """Tell that nothing is left to hear."""
        return True


def main() -> None:
    """Hold the call until stdin ends."""
    home = Path(sys.argv[1])
    folder = CallFolder(home / "calls" / "call")
    folder.path.mkdir(parents=True)
    journal = Journal.open(folder.journal)
    inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
    plan = Plan(questions=(Question("day", "What does a typical day look like?", must=True),))
    spine = Spine(plan, folder, journal, Hands(), Words(), lambda _: None, inbox)
    server = Server(Places(home).socket, spine.answer)
    if len(sys.argv) > 2:
        server.user_id = int(sys.argv[2])
    server.open()
    started = CallStarted("call", "2026-12-01T15:00:00+01:00", "0", {})
    thread = threading.Thread(target=spine.run, args=(started,))
    thread.start()
    sys.stdout.write("open\n")
    sys.stdout.flush()
    sys.stdin.read()
    spine.end("signal")
    thread.join()
    spine.answer_end(b"{}")
    server.close()
    journal.close()


if __name__ == "__main__":
    main()
