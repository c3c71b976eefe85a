"""Vosk: a streaming engine for many languages. The only door to vosk.

Laws: a model is only ever opened by its path (by name or language Vosk would
download one, unchecked); it is proved with a recogniser, because damage to its
graph shows only there. One model serves all channels.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

import msgspec

from assistant.errors import ModelError
from assistant.events import Word
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ

_OTHER_MODEL = "`sottovoce models list` shows which models are here and which can be had."
_DAMAGED = "Remove it and get it again with `sottovoce models pull`."


class _Word(msgspec.Struct, frozen=True):
    word: str
    start: float
    end: float
    conf: float = 1.0


class _Result(msgspec.Struct, frozen=True):
    result: tuple[_Word, ...] = ()
    partial: str = ""


class _Kaldi(Protocol):
    """What we use of `vosk.KaldiRecognizer`. It takes bytes, no other buffer."""

    def SetWords(self, enable_words: bool) -> None: ...  # noqa: N802
    def AcceptWaveform(self, data: bytes) -> int: ...  # noqa: N802
    def Result(self) -> str: ...  # noqa: N802
    def PartialResult(self) -> str: ...  # noqa: N802
    def FinalResult(self) -> str: ...  # noqa: N802


_NEVER_EMPTY = {".conf", ".mdl", ".fst", ".ie", ".dubm", ".mat", ".stats"}

_decode = msgspec.json.Decoder(_Result).decode


@dataclass(slots=True)
class _Vosk:
    _kaldi: _Kaldi | None
    _words: list[_Word] = field(default_factory=list[_Word])
    _frames: int = 0
    """Accepted in all; Kaldi's times go on from piece to piece."""
    _first_frame: int = 0

    def accept(self, pcm: bytes) -> str:
        if self._kaldi is None:
            return ""
        self._frames += len(pcm) // FRAME_BYTES
        partial = ""
        if self._kaldi.AcceptWaveform(pcm):
            # It found an end of its own, at a long pause or after 20 s; the piece is not over.
            self._words += _decode(self._kaldi.Result()).result
        else:
            partial = _decode(self._kaldi.PartialResult()).partial
        return " ".join([*(word.word for word in self._words), *([partial] if partial else [])])

    def pause(self) -> None:
        """Do nothing: it decodes as the sound comes."""

    def finish(self) -> tuple[Word, ...]:
        if self._kaldi is None:
            return ()
        words = [*self._words, *_decode(self._kaldi.FinalResult()).result]
        first_s = self._first_frame / RATE_HZ
        self._words = []
        self._first_frame = self._frames
        return tuple(
            Word(w.word, max(0.0, w.start - first_s), max(0.0, w.end - first_s), min(w.conf, 1.0))
            for w in words
        )

    def close(self) -> None:
        self._kaldi = None


def _is_hollow(path: Path) -> bool:
    return path.suffix in _NEVER_EMPTY and path.is_file() and path.stat().st_size == 0


def open_vosk(model_dir: Path, phrases: Sequence[str] = ()) -> Callable[[], Recogniser]:
    """Load the model and prove it; return what makes one recogniser per channel.

    With `phrases` it hears nothing but their words. Raises ModelError.
    """
    # It must be set before the library is loaded; with more threads the words depend on chance.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if not model_dir.is_dir():
        raise ModelError(f"There is no Vosk model at {model_dir}.", _OTHER_MODEL)
    if not any(model_dir.rglob("final.mdl")):
        raise ModelError(f"What lies at {model_dir} is not a Vosk model.", _OTHER_MODEL)
    hollow = next((path for path in model_dir.rglob("*") if _is_hollow(path)), None)
    if hollow is not None:
        # Kaldi would take some of them for good, and hear nothing, or for ever.
        name = hollow.relative_to(model_dir)
        raise ModelError(f"The Vosk model at {model_dir} is damaged: {name} is empty.", _DAMAGED)
    try:
        import vosk  # pyright: ignore[reportMissingTypeStubs]
    except (ImportError, OSError) as error:
        raise ModelError(
            "Vosk can not be loaded on this machine.", "Install the package `vosk` again."
        ) from error
    library: Any = vosk
    library.SetLogLevel(-1)
    grammar = [msgspec.json.encode(list(phrases)).decode()] if phrases else []

    def make() -> Recogniser:
        kaldi = cast(_Kaldi, library.KaldiRecognizer(model, float(RATE_HZ), *grammar))
        kaldi.SetWords(True)
        return _Vosk(kaldi)

    try:
        model = library.Model(str(model_dir))
        probe = make()
        probe.accept(bytes(RATE_HZ // 5 * FRAME_BYTES))
        probe.finish()
    except Exception as error:
        # Vosk raises nothing more exact, and says what it is only on stderr.
        raise ModelError(f"The Vosk model at {model_dir} is damaged.", _DAMAGED) from error
    return make
