"""What every engine must do, and which of its words are none.

Law: an engine gets only what voice activity calls speech, in pieces; its words
are decided piece by piece, and nothing of one piece changes those of another.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from assistant.events import Word

LEAST_VOICED_S: Final = 0.16
"""Less voice than this is a click or a breath: a short "yes" has 0.22 s."""

_TRUSTED: Final = 0.5
_QUICKEST_WORDS_PER_S: Final = 8.0
"""Hurried speech has 5 to 6."""


class Recogniser(Protocol):
    """One channel's engine. One thread at a time."""

    def accept(self, pcm: bytes) -> str:
        """Take the next sound of the piece, 16 bit at 16 kHz; return the words so far, if known.

        They may change: to be shown, never decided on.
        """
        ...

    def pause(self) -> None:
        """Know that the voice paused: the piece may be complete, `finish` should be quick.

        It changes no words; on a slow machine it is left out.
        """
        ...

    def finish(self) -> tuple[Word, ...]:
        """End the piece; return its words, their times counted from its first sample."""
        ...

    def close(self) -> None:
        """Let go of what the engine holds; a second time does nothing."""
        ...


def are_ghosts(words: Sequence[Word], voiced_s: float) -> bool:
    """Tell whether an engine heard words where hardly anybody spoke: no speech, no words.

    `voiced_s` is how long the piece had a voice. Engines make a lone "the" or "huh" of a noise and
    do not trust it themselves, or a whole sentence of a cough.
    """
    if not words or voiced_s < LEAST_VOICED_S:
        return True
    if len(words) <= 2 and all(word.confidence < _TRUSTED for word in words):
        return True
    return len(words) > 3 + _QUICKEST_WORDS_PER_S * voiced_s
