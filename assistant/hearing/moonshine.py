"""Moonshine: the embedded English engine. The only door to moonshine_voice.

It hears a piece as a whole, when it is complete, and gives punctuation but no
times: words are spread over their piece in proportion to their length, with
confidence 1. Its own voice activity is off, because ours has done that work:
on 1558 words of read speech and talk, 15.3 % word errors in our pieces, 18.4 %
in its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import numpy as np

from assistant.errors import ModelError
from assistant.events import Word
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ

_OPTIONS: Final = {
    # By default every result carries a copy of its sound, as a list of numbers.
    "return_audio_data": "false",
    "vad_threshold": "0.0",
}
_EARLY_S: Final = 2.0
"""Pieces this long are decoded at each pause already, so that their words are there when the
silence turns out to be the end; shorter ones are quick. From 1.0 s on it cost a sixth more of the
processor (0.355 against 0.298 s per second of a dense call) and gained nothing."""

_LONGEST_PHRASE: Final = 10
_QUICK_WORDS_PER_S: Final = 3.5


@dataclass(slots=True)
class _Moonshine:
    _transcribe: Callable[[bytes], str]
    _pcm: bytearray = field(default_factory=bytearray)
    _text: str | None = None
    """What the piece says, if it was decoded and has not gone on since."""

    def accept(self, pcm: bytes) -> str:
        self._pcm += pcm
        self._text = None
        return ""

    def pause(self) -> None:
        if self._length_s >= _EARLY_S and self._text is None:
            self._text = self._transcribe(bytes(self._pcm))

    def finish(self) -> tuple[Word, ...]:
        text = self._transcribe(bytes(self._pcm)) if self._text is None else self._text
        length_s = self._length_s
        self.close()
        return spread(without_loops(text.split(), length_s), length_s)

    def close(self) -> None:
        self._pcm.clear()
        self._text = None

    @property
    def _length_s(self) -> float:
        return len(self._pcm) / FRAME_BYTES / RATE_HZ


def open_moonshine(model_dir: Path | None = None) -> Callable[[], Recogniser]:
    """Load the model and prove it; return what makes one recogniser per channel.

    None is the model that comes inside the package. Raises ModelError.
    """
    try:
        import moonshine_voice
        from moonshine_voice.transcriber import Transcriber
    except (ImportError, OSError) as error:
        raise ModelError(
            "The embedded English engine is not installed.",
            "Install it with `pip install 'sottovoce[embedded]'`, or get a Vosk model: "
            "`sottovoce models list`.",
        ) from error
    model_dir = model_dir or moonshine_voice.get_assets_path() / "tiny-en"
    if not model_dir.is_dir():
        raise ModelError(
            f"There is no Moonshine model at {model_dir}.", "`sottovoce models list` shows them."
        )
    try:
        transcriber: Any = Transcriber(
            str(model_dir), moonshine_voice.ModelArch.TINY, options=_OPTIONS
        )

        def transcribe(pcm: bytes) -> str:
            samples = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)
            lines: Any = transcriber.transcribe_without_streaming(samples.tolist(), RATE_HZ).lines
            # It doubles a comma now and then.
            return " ".join(str(line.text).strip() for line in lines).replace(",,", ",")

        transcribe(bytes(RATE_HZ // 2 * FRAME_BYTES))
    except Exception as error:
        # What it is, the library says only on stderr.
        raise ModelError(
            f"The Moonshine model at {model_dir} is damaged.",
            "Install the package `moonshine-voice` again: `pip install --force-reinstall "
            "'sottovoce[embedded]'`.",
        ) from error
    return lambda: _Moonshine(transcribe)


def spread(words: list[str], length_s: float) -> tuple[Word, ...]:
    """Give each word the share of the time that its letters have of all letters."""
    letters = [len(word) + 1 for word in words]
    ends_s = [length_s * done / sum(letters) for done in accumulate(letters)]
    return tuple(
        Word(word, start_s, end_s, 1.0)
        for word, start_s, end_s in zip(words, [0.0, *ends_s], ends_s, strict=False)
    )


def without_loops(words: list[str], length_s: float) -> list[str]:
    """Cut a decoder's loops, in which it says one phrase over and over, to one time.

    Nobody says a phrase of three or more words three times in a row. "No, no, no, no, no" is
    possible: five or more of one or two words are a loop only where the whole piece is faster than
    3.5 words a second. What is left of the phrase at the end of the loop goes with it.
    """
    plain = [word.strip(".,;:!?").lower() for word in words]
    quick = len(words) > _QUICK_WORDS_PER_S * length_s
    for first in range(len(words)):
        for size in range(1, min(_LONGEST_PHRASE, (len(words) - first) // 2) + 1):
            times = _times(plain, first, size)
            if times >= (3 if size > 2 else 5) and (size > 2 or quick):
                end = first + times * size
                rest = plain[end:]
                if rest == plain[first : first + len(rest)]:
                    end = len(words)
                return without_loops(words[: first + size] + words[end:], length_s)
    return words


def _times(words: list[str], first: int, size: int) -> int:
    """Count how often the phrase at `first` is said in a row."""
    phrase = words[first : first + size]
    times = 1
    while words[first + times * size : first + (times + 1) * size] == phrase:
        times += 1
    return times
