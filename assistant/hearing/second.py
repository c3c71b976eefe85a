"""A second hearing of sound that was kept. The only door to speech_recognition.

Its AudioData is a stretch of sound with its rate and width, and gives it back in those an engine
takes. Of its recognisers none is used: they know no model by its path, load it anew for each
stretch, or ask a service on the network. Law: the engines are those of a call, by the same
protocol; each is loaded once; a stretch is heard by itself, whatever was heard before it.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec

from assistant import parts
from assistant.events import Word
from assistant.hearing.moonshine import open_moonshine
from assistant.hearing.recogniser import Recogniser, are_ghosts
from assistant.hearing.segments import Dials
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ
from assistant.hearing.vosk import open_vosk
from assistant.hearing.whisper import open_whisper

SecondEngine = Literal["vosk", "moonshine", "whisper"]
PRE_ROLL_S = Dials().pre_roll_s
PAD_S = Dials().pad_s
"""Sound before and after a stretch that the engine gets, as in the call."""


class Second(msgspec.Struct, frozen=True):
    """What hears a call again."""

    engine: SecondEngine
    model_dir: Path | None
    """None for the built-in model, which its package finds by itself."""
    label: str
    """For the journal: `whisper small.en`."""
    word_errors: float | None
    """Share of words it mishears, 0 to 1; None where nobody measured it."""


def open_second(second: Second, language: str) -> Recogniser:
    """Load the engine. Raises ModelError."""
    match second.engine, second.model_dir:
        case "vosk", Path() as model_dir:
            return open_vosk(model_dir)()
        case "whisper", Path() as model_dir:
            return open_whisper(model_dir, language)()
        case _, model_dir:
            return open_moonshine(model_dir)()


def open_sound() -> Callable[[Path, float, float], bytes]:
    """Return what reads a stretch of raw kept sound as 16 bit at 16 kHz; takes a second.

    It is told where the sound lies, and from which second to which. It raises DiskError.
    """
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        # It imports modules that its own later versions do without.
        import speech_recognition
    library: Any = speech_recognition

    def read(raw: Path, start_s: float, end_s: float) -> bytes:
        first = max(0, round(start_s * RATE_HZ))
        pcm = parts.read(raw, first, max(0, round(end_s * RATE_HZ) - first))
        stretch = library.AudioData(pcm, RATE_HZ, FRAME_BYTES)
        return bytes(stretch.get_raw_data(convert_rate=RATE_HZ, convert_width=FRAME_BYTES))

    return read


def hear(engine: Recogniser, pcm: bytes, from_s: float, start_s: float, end_s: float) -> list[Word]:
    """Hear a stretch of which `pcm` begins at `from_s`; its words lie between start and end.

    Words that are none, for hardly anybody spoke, are left out.
    """
    engine.accept(pcm)
    words = engine.finish()
    if are_ghosts(words, end_s - start_s):
        return []

    def inside(time_s: float) -> float:
        return round(min(max(from_s + time_s, start_s), end_s), 3)

    return [Word(w.text, inside(w.start_s), inside(w.end_s), round(w.confidence, 3)) for w in words]
