"""Ten thousand calls that nobody held: words as often as in talk, the same for the same seed.

The words are those of the list that comes with the program, in its order, which is nearly that of
how common they are in English; behind them stand made ones, so that there are as many rare words as
talk has. Law: the same seed gives the same calls. They have the length and the number of lines of
half an hour of talk; what they say means nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from assistant import afterwards, plan
from assistant.call import replay
from assistant.events import (
    CallEnded,
    CallStarted,
    Channel,
    Entry,
    Fact,
    Heard,
    SpeechEnded,
    SpeechStarted,
    Word,
)
from assistant.keeping.digest import Digest, Said, Task
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.plan import Plan
from assistant.wording import Wording

LINES = 300
"""Of half an hour."""
LINE_WORDS = 15
LINE_S = 6.0
VOCABULARY = 60_000
"""Different words that 45 million words of talk have, roughly."""
_FIRST = datetime(2016, 1, 1, 15, 0, tzinfo=UTC)
_BETWEEN = timedelta(hours=8)
_WORD_LIST = Path(__file__).parents[2] / "assistant" / "understanding" / "vocab.txt"
_FIRST_NAMES = ("Ana", "Ben", "Chen", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun")
_LAST_NAMES = ("Adler", "Brandt", "Costa", "Diaz", "Evans", "Fall", "Gray", "Haas", "Ito", "Jung")


@dataclass(slots=True)
class ManyCalls:
    """As many calls as are asked for."""

    seed: int
    words: list[str] = field(init=False)
    """The commonest first."""
    _shares: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        self.words = _vocabulary(self.seed)
        # Zipf's law: the n-th word is as common as 1/n.
        weights = 1 / np.arange(1, len(self.words) + 1)
        self._shares = np.cumsum(weights / weights.sum())

    def digests(self, count: int) -> Iterator[Digest]:
        """Yield calls as they go into the archive."""
        for number in range(count):
            lines = self.lines(number)
            began = _FIRST + number * _BETWEEN
            person = self.person(number)
            yield Digest(
                name=self.name(number),
                stamp="",
                marks="",
                wall=began.isoformat(),
                day=began.date().isoformat(),
                began_at=began.timestamp(),
                person=person,
                called=person.split()[0],
                about="",
                length_s=LINES * LINE_S,
                state="done",
                has_sound=False,
                damaged_lines=0,
                wrong="",
                lines=tuple(
                    Said(_voice(place).value, place * LINE_S, line)
                    for place, line in enumerate(lines)
                ),
                tasks=(_task(lines[0]),),
            )

    def lines(self, number: int) -> list[str]:
        """Return what was said in a call."""
        chance = np.random.default_rng((self.seed, number))
        ranks = np.searchsorted(self._shares, chance.random(LINES * LINE_WORDS))
        said = [self.words[int(rank)] for rank in ranks]
        return [" ".join(said[at : at + LINE_WORDS]) for at in range(0, len(said), LINE_WORDS)]

    def name(self, number: int) -> str:
        """Return the name of a call's folder."""
        began = _FIRST + number * _BETWEEN
        return f"{began:%Y-%m-%d-%H%M}-{self.person(number).lower().replace(' ', '-')}"

    def person(self, number: int) -> str:
        """Return with whom a call was: one of a hundred people."""
        tens, ones = divmod(number % 100, 10)
        return f"{_FIRST_NAMES[tens]} {_LAST_NAMES[ones]}"

    def folder(self, calls: Path, number: int, wording: Wording) -> CallFolder:
        """Lay a call down as one that was held: plan, journal, and all that follows from it."""
        folder = CallFolder(calls / self.name(number))
        folder.path.mkdir(parents=True, mode=0o700)
        prepared = Plan(person=self.person(number), phrases=wording.phrases())
        folder.write("plan.json", plan.to_json(prepared))
        book = Journal.open(folder.journal)
        try:
            book.append(replay(prepared, list(self._facts(folder.name, number))))
        finally:
            book.close()
        afterwards.wrap(folder.path, wording, "always", packs=False)
        return folder

    def _facts(self, name: str, number: int) -> Iterator[Entry]:
        began = _FIRST + number * _BETWEEN
        facts: list[tuple[float, Fact]] = [(0.0, CallStarted(name, began.isoformat(), "0", {}))]
        for place, line in enumerate(self.lines(number)):
            start_s, end_s = place * LINE_S, place * LINE_S + 5.0
            voice, spoken = _voice(place), line.split()
            step_s = 5.0 / len(spoken)
            words = tuple(
                Word(word, round(start_s + n * step_s, 3), round(start_s + (n + 1) * step_s, 3), 1)
                for n, word in enumerate(spoken)
            )
            facts += [
                (start_s + 0.1, SpeechStarted(voice, start_s)),
                (end_s + 0.3, SpeechEnded(voice, start_s, end_s)),
                (end_s + 0.5, Heard(voice, start_s, end_s, line, words, "made")),
            ]
        facts.append((LINES * LINE_S, CallEnded("stopped")))
        for seq, (at_s, fact) in enumerate(facts, start=1):
            yield Entry(seq, at_s, fact)


def _voice(place: int) -> Channel:
    return Channel.ME if place % 3 == 0 else Channel.THEM


def _task(what: str) -> Task:
    return Task("1.1", "promise", "them", what, 0.0, what, "", "", "open", 1, what)


def _vocabulary(seed: int) -> list[str]:
    pieces = _WORD_LIST.read_text(encoding="utf-8").split()
    letters = [piece for piece in pieces if piece.isascii()]
    # The list begins with the letters of the alphabet; of those two are words.
    known = [it for it in letters if it.isalpha() and (len(it) > 1 or it in ("a", "i"))]
    ends = [it[2:] for it in letters if it.startswith("##") and it[2:].isalpha()]
    chance = Random(seed)  # noqa: S311
    words = dict.fromkeys(known)
    while len(words) < VOCABULARY:
        words[chance.choice(known[500:]) + chance.choice(ends)] = None
    return list(words)
