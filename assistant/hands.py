"""The hands of one call: what hears and what speaks, opened and closed in order.

Brings their facts to one inbox and gives them the spine's entries. Law: no
decision is made here; a hand that fails tells a Trouble and the call goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import DeviceError
from assistant.events import Channel, Entry, Fact, Paused, Resumed, Trouble
from assistant.hearing import capture as inputs
from assistant.hearing import models
from assistant.hearing.capture import Capture
from assistant.hearing.listening import Listening
from assistant.hearing.models import Choice
from assistant.hearing.spool import Spool
from assistant.keeping.folder import CallFolder
from assistant.plan import Plan
from assistant.settings import Places, Settings, texts
from assistant.speaking.murmur import Murmur
from assistant.speaking.playback import Playback
from assistant.speaking.voice import Voice

Tell = Callable[[Fact], None]


@dataclass(slots=True)
class Hands:
    """Everything of one call that touches the world."""

    spools: dict[Channel, Spool]
    capture: Capture
    listening: Listening
    voice: Voice | None
    playback: Playback | None
    murmur: Murmur
    engines: dict[str, str]
    notices: tuple[str, ...]
    """Sentences the user should read once, when the call starts."""
    _ended_s: float | None = None

    def start_capture(self) -> None:
        """Open the microphone: this moment is second 0. Raises DeviceError."""
        self.capture.open()

    def now_s(self) -> float:
        """Return the call's time: what the clock channel has on disk."""
        return self.capture.now_s() if self._ended_s is None else self._ended_s

    def take(self, entry: Entry) -> None:
        """Carry out what an entry asks for; return at once."""
        match entry.event:
            case Paused():
                self.capture.pause()
            case Resumed():
                self.capture.resume()
            case _:
                pass
        self.murmur.take(entry)

    def stop_capture(self) -> None:
        """Close the microphone and let the ear hear what is left."""
        self.murmur.close()
        self._ended_s = self.capture.now_s()
        self.capture.close()
        self.listening.finish({channel: self._ended_s for channel in self.spools})

    def is_heard_out(self) -> bool:
        """Tell whether the ear has said everything."""
        return self.listening.is_over()

    def close(self) -> None:
        """Close whatever is open; more than once does no harm."""
        if self._ended_s is None:
            self._ended_s = self.capture.now_s()
        self.murmur.close()
        self.capture.close()
        self.listening.close()
        if self.voice is not None:
            self.voice.close()
        if self.playback is not None:
            self.playback.close()
        for spool in self.spools.values():
            spool.close()


def choose_engine(plan: Plan, settings: Settings, places: Places) -> Choice:
    """Choose what hears the call. Raises ModelError."""
    catalogue = models.read_catalogue(texts("models") / "catalogue.toml")
    return models.choose(
        settings.engine, plan.language, settings.model, model_dirs(places), catalogue
    )


def model_dirs(places: Places) -> tuple[Path, ...]:
    """Return where models may lie, the place for new ones first."""
    return tuple(dict.fromkeys((places.models, places.home / "models", texts("models"))))
