"""Whisper, for a second hearing: slow and good, of the extra `second`. The door to faster_whisper.

It hears a piece as a whole and writes capitals and marks; each word has its time and how sure it
is. Laws: a model is only ever a directory that is here, and a whole one: by a name, or for a
tokenizer that is missing, the library would ask its makers' server. The processor alone, in 8 bits,
loaded once.
"""

import importlib.util
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from assistant.errors import ModelError
from assistant.events import Word
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ

NOT_INSTALLED: Final = "`pip install 'sottovoce[second]'` brings it."
_NEEDED: Final = ("model.bin", "config.json", "tokenizer.json")
_BEAMS: Final = 5
"""Whisper's own default; it takes half as long again as one."""
_GET_IT: Final = (
    "Give the directory of a model that was converted for faster-whisper: it holds "
    f"{', '.join(_NEEDED)}."
)


@dataclass(slots=True)
class _Whisper:
    _transcribe: Callable[[bytes], tuple[Word, ...]]
    _pcm: bytearray = field(default_factory=bytearray)

    def accept(self, pcm: bytes) -> str:
        self._pcm += pcm
        return ""

    def pause(self) -> None:
        """Do nothing: it hears a piece when it is complete."""

    def finish(self) -> tuple[Word, ...]:
        pcm = bytes(self._pcm)
        self.close()
        return self._transcribe(pcm) if pcm else ()

    def close(self) -> None:
        self._pcm.clear()


def is_installed() -> bool:
    """Tell whether the extra is there; imports nothing."""
    return importlib.util.find_spec("faster_whisper") is not None


def is_whisper(model_dir: Path) -> bool:
    """Tell whether a directory looks like a Whisper model, whole or not."""
    return (model_dir / "model.bin").is_file() and not (model_dir / "am").exists()


def name_of(model_dir: Path) -> str:
    """Return what a model is called: `small.en` of `faster-whisper-small.en`."""
    return re.sub(r"^(systran--|faster-|whisper-)+", "", model_dir.name.lower()) or "model"


def open_whisper(model_dir: Path, language: str) -> Callable[[], Recogniser]:
    """Load the model and prove it; return what makes a recogniser. Raises ModelError."""
    if not is_installed():
        raise ModelError("Whisper is not installed.", NOT_INSTALLED)
    if missing := [name for name in _NEEDED if not (model_dir / name).is_file()]:
        raise ModelError(
            f"The Whisper model at {model_dir} is not whole: {', '.join(missing)} is missing.",
            _GET_IT,
        )
    # Before the library is loaded: it may ask for nothing, whatever it misses.
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        import faster_whisper
    except (ImportError, OSError) as error:
        raise ModelError("Whisper can not be loaded on this machine.", NOT_INSTALLED) from error
    library: Any = faster_whisper
    code = re.split("[-_]", language.strip().lower())[0]
    try:
        model: Any = library.WhisperModel(
            str(model_dir), device="cpu", compute_type="int8", local_files_only=True
        )
    except Exception as error:
        # Whatever the file holds in its place: the library raises nothing more exact.
        raise ModelError(f"The Whisper model at {model_dir} is damaged.", _GET_IT) from error
    if not model.model.is_multilingual and code != "en":
        raise ModelError(
            f"The Whisper model at {model_dir} hears English only.",
            "Give one that hears the call's language: its name does not end in .en.",
        )

    def transcribe(pcm: bytes) -> tuple[Word, ...]:
        samples = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)
        segments: Any = model.transcribe(
            samples,
            language=code,
            beam_size=_BEAMS,
            word_timestamps=True,
            condition_on_previous_text=False,
        )[0]
        return tuple(
            Word(text, float(word.start), float(word.end), float(word.probability))
            for segment in segments
            for word in segment.words or ()
            if (text := str(word.word).strip())
        )

    try:
        transcribe(bytes(RATE_HZ // 2 * FRAME_BYTES))
    except Exception as error:
        raise ModelError(f"The Whisper model at {model_dir} is damaged.", _GET_IT) from error
    return lambda: _Whisper(transcribe)
