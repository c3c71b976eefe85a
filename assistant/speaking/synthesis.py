"""Words to samples with pyttsx3: the only file that imports it and espeakng-loader.

Runs only inside the voice's own process, because pyttsx3 can hang. On Linux it drives the
espeak-ng that comes as a package, so nothing of the system is needed. Laws: one thread; voice and
rate are set once, before the first words (changing them later made empty sound); nothing is ever
played here, and the words never touch the disk where the system has files in memory.
"""

import atexit
import ctypes
import os
import shutil
import sys
import tempfile
import threading
import wave
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, cast

import espeakng_loader  # pyright: ignore[reportMissingTypeStubs]

from assistant.errors import ModelError
from assistant.speaking.samples import SILENT_PEAK, from_pcm

_HINT = "Cues are shown instead of murmured; `sottovoce check` tries the voice again."


class _Driver(Protocol):
    """The part of pyttsx3's driver that is used here."""

    _save_file: str | None
    _text_to_say: str | None

    def setProperty(self, name: str, value: object) -> None: ...  # noqa: N802


class _Proxy(Protocol):
    _driver: _Driver


class _Engine(Protocol):
    """The part of pyttsx3's engine that is used here."""

    proxy: _Proxy

    def connect(self, topic: str, cb: Callable[..., None]) -> object: ...
    def save_to_file(self, text: str, filename: str) -> None: ...
    def runAndWait(self) -> None: ...  # noqa: N802


class Synthesiser:
    """A voice that was set up once and renders words."""

    def __init__(self, voices: Sequence[str], words_per_minute: int) -> None:
        """Take the first of `voices` that exists. Raises ModelError when nothing can speak."""
        self._scratch = _scratch()
        self._finished = threading.Event()
        if sys.platform == "linux":
            _preload_espeak()
        try:
            import pyttsx3  # pyright: ignore[reportMissingTypeStubs]

            init = cast(Callable[[], _Engine], pyttsx3.init)  # pyright: ignore[reportUnknownMemberType]
            self._engine = init()
        except Exception as error:
            # It raises whatever its drivers raise: RuntimeError, OSError, ImportError, ...
            raise ModelError(f"No voice could be loaded: {error}.", _HINT) from error
        self._engine.connect("finished-utterance", self._finish)
        # On the driver itself: the engine queues properties, and they may come too late.
        self._driver = self._engine.proxy._driver  # pyright: ignore[reportPrivateUsage]
        self.voice = self._first_of(voices)
        """The voice that speaks; empty for the system's default."""
        self._driver.setProperty("rate", words_per_minute)

    def render(self, text: str, within_s: float) -> tuple[int, bytes]:
        """Return the rate in Hz and 16-bit mono samples of `text`.

        Raises TimeoutError, after which this process must end, and ModelError when no sound or
        none that can be read came out.
        """
        # One in thirty came out empty after a change of voice; a second try never did.
        for _ in range(2):
            rate_hz, pcm = self._render_once(text, within_s)
            if from_pcm(pcm, rate_hz).peak >= SILENT_PEAK:
                return rate_hz, pcm
        raise ModelError("The voice came out silent.", _HINT)

    def _render_once(self, text: str, within_s: float) -> tuple[int, bytes]:
        self._finished.clear()
        self._engine.save_to_file(text, str(self._scratch))
        self._engine.runAndWait()
        # runAndWait returns before the words are rendered; only this event tells.
        if not self._finished.wait(within_s):
            raise TimeoutError
        # It never forgets these two by itself and would speak them again.
        self._driver._save_file = None  # pyright: ignore[reportPrivateUsage]
        self._driver._text_to_say = None  # pyright: ignore[reportPrivateUsage]
        return _read_wave(self._scratch)

    def _finish(self, **_: object) -> None:
        self._finished.set()

    def _first_of(self, voices: Sequence[str]) -> str:
        for voice in voices:
            try:
                self._driver.setProperty("voice", voice)
            except (ValueError, KeyError):
                continue
            return voice
        return ""


def _preload_espeak() -> None:
    """Load the packaged espeak-ng first: pyttsx3 then finds it by its bare name."""
    try:
        os.environ.setdefault("ESPEAK_DATA_PATH", espeakng_loader.get_data_path())
        ctypes.CDLL(espeakng_loader.get_library_path() + ".1", mode=ctypes.RTLD_GLOBAL)
    except (OSError, RuntimeError):
        # The system's own may still be there; if not, pyttsx3 says so.
        os.environ.pop("ESPEAK_DATA_PATH", None)


def _scratch() -> Path:
    """Return where the wave goes: a file in memory on Linux, else in a private folder."""
    if sys.platform == "linux":
        return Path(f"/proc/self/fd/{os.memfd_create('words')}")
    folder = tempfile.mkdtemp(prefix="sottovoce-voice-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder) / "words.wav"


def _read_wave(path: Path) -> tuple[int, bytes]:
    try:
        with wave.open(str(path)) as file:
            if file.getsampwidth() == 2 and file.getnchannels() == 1:
                return file.getframerate(), file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise ModelError("The voice wrote no sound that can be read.", _HINT) from error
    raise ModelError("The voice wrote sound of an unknown kind.", _HINT)
