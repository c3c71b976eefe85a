"""What the spine needs of the hands of a call.

Law: nothing here waits for the world but `forget`, and that not for long.
"""

from typing import Protocol

import msgspec

from assistant.events import Entry, Forgotten
from assistant.understanding.meaning import Utterance


class Edges(Protocol):
    """What the spine needs of the hands."""

    def now_s(self) -> float:
        """Return the call's time."""
        ...

    def live(self) -> msgspec.Struct:
        """Return what only running hands know, for `status`."""
        ...

    def take(self, entry: Entry) -> None:
        """Carry out what an entry asks for; return at once."""
        ...

    def interpret(self, utterance: Utterance) -> None:
        """Have a line understood; its Understood comes to the inbox."""
        ...

    def look(self) -> None:
        """Notice hands that hang."""
        ...

    def forget(self, forgotten: Forgotten) -> None:
        """Blank the sound of a stretch that reaches to now; have ear and murmurs begin anew.

        Afterwards no fact comes that stands on what they knew before. Raises DiskError.
        """
        ...

    def stop_capture(self) -> None:
        """Close the microphone and let the ear hear what is left."""
        ...

    def is_heard_out(self) -> bool | None:
        """Tell whether the ear has said everything; None where it never will."""
        ...
