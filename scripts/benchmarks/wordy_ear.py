"""The real ear, voice activity and all, with an engine that costs nothing.

It answers each piece of speech with sentences of the sample interview that take
about as long, so that a call many times as fast as the world still has words,
findings and notes. No word of it depends on what was said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from talk import Phrase, read_phrases

from assistant.events import Word
from assistant.hearing import ear
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ

SCRIPT = Path(__file__).resolve().parents[1] / "sample" / "interview.jsonl"


@dataclass(slots=True)
class Wordy:
    """One channel's engine: knows how long a piece is, and nothing else."""

    phrases: tuple[Phrase, ...]
    _frames: int = 0

    def accept(self, pcm: bytes) -> str:
        """Take the next sound of the piece."""
        self._frames += len(pcm) // FRAME_BYTES
        return ""

    def pause(self) -> None:
        """There is nothing to do early."""

    def finish(self) -> tuple[Word, ...]:
        """Return as many words as the piece is long."""
        length_s, self._frames = self._frames / RATE_HZ, 0
        return words_for(self.phrases, length_s)

    def close(self) -> None:
        """Nothing is held."""


def words_for(phrases: tuple[Phrase, ...], length_s: float) -> tuple[Word, ...]:
    """Return whole sentences that together take about so long, spread over that time."""
    nearest = min(range(len(phrases)), key=lambda n: abs(phrases[n].length_s - length_s))
    texts, said_s = [phrases[nearest].text], phrases[nearest].length_s
    while said_s < 0.8 * length_s:
        nearest = (nearest + 1) % len(phrases)
        texts.append(phrases[nearest].text)
        said_s += phrases[nearest].length_s
    words = " ".join(texts).split()
    each_s = length_s / len(words)
    return tuple(
        Word(word, round(n * each_s, 3), round((n + 1) * each_s, 3), 1.0)
        for n, word in enumerate(words)
    )


def open_wordy(_: ear.Greeting) -> Callable[[], Recogniser]:
    """Load what there is to load."""
    phrases = read_phrases(SCRIPT)
    return lambda: Wordy(phrases)


if __name__ == "__main__":
    ear.main(open_wordy)
