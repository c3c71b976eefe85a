"""Phrases as recognisers write them: the one that was meant, where it nearly sounds like it.

Law: what sounds as much like a phrase of ordinary talk is that phrase. Words
that sound the same count wherever they stand; what only nearly sounds the same
counts at the start of what was said or at its end, where such phrases stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from assistant.minds.sounds import sound_of, sounds_apart, sounds_of
from assistant.minds.spoken import Words, words_of

NEAR = 0.15
"""So much of a phrase's sounds may be off ..."""
MOST_OFF = 1.9
"""... but never more sounds than this."""
LEAST_SOUNDS = 7
"""A shorter phrase is too easily met by chance."""
ANYWHERE_SOUNDS = 10
"""A shorter one counts in the midst of talk only in its own words: "say no to self-doubt"."""
WORDS_OFF = 0.4
"""So many of a phrase's words may sound otherwise, or one."""
LONGEST_LEAD = 6
"""So many fillers may come before a phrase that begins what was said."""


class Place(NamedTuple):
    """Where a phrase stands among the words, and how far off it is."""

    kind: str
    begin: int
    end: int
    off: float
    """Sounds that are wrong, as a share of the phrase's."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    kind: str
    words: Words
    sounds: tuple[str, ...]
    """Word by word."""
    joined: str
    different: int
    """How many different words it has."""
    least: int
    """How many of those must be there."""


@dataclass(slots=True)
class SoundBook:
    """Phrases by what they are for, and the ordinary ones that sound like them."""

    phrases: tuple[tuple[str, tuple[str, ...]], ...]
    """Each kind with its phrases."""
    ordinary: tuple[str, ...] = ()
    near: float = NEAR
    _all: list[_Phrase] = field(init=False)
    _with_word: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    """A word's sounds -> the phrases that have it."""
    _last: tuple[Words, Mapping[int, int]] = ((), {})
    """What was last asked for, and the answer; whole at any moment, as threads share a book."""

    def __post_init__(self) -> None:
        texts = [(kind, words_of(t)) for kind, all_ in self.phrases for t in all_]
        texts += [("", words_of(text)) for text in self.ordinary]
        self._all = [_phrase(kind, words) for kind, words in dict.fromkeys(texts) if words]
        for number, phrase in enumerate(self._all):
            for sound in set(phrase.sounds):
                self._with_word.setdefault(sound, []).append(number)

    def same(self, words: Words) -> Place | None:
        """Return the first place where a phrase stands in words that sound the same."""
        sounds = heard_as(words)
        places = [
            Place(phrase.kind, at, at + len(phrase.sounds), 0.0)
            for number, count in self._shared(sounds).items()
            if count == (phrase := self._all[number]).different
            for at in _places(sounds, phrase.sounds)
            if len(phrase.joined) >= ANYWHERE_SOUNDS
            or words[at : at + len(phrase.words)] == phrase.words
        ]
        ordinary = [place for place in places if not place.kind]
        meant = [p for p in places if p.kind and not any(_covers(other, p) for other in ordinary)]
        # Of two that begin together the longer one is meant.
        return min(meant, key=lambda place: (place.begin, -place.end), default=None)

    def nearest(self, words: Words, lead: int, *, at_end: bool = True) -> Place | None:
        """Return the phrase that nearly begins the words, or ends them.

        `lead` is how many fillers stand before the first real word: it may begin with any of them.
        """
        sounds = heard_as(words)
        found: list[Place] = []
        for number, count in self._shared(sounds).items():
            phrase = self._all[number]
            if count >= phrase.least and len(phrase.joined) >= LEAST_SOUNDS:
                found += self._near(words, sounds, phrase, min(lead, LONGEST_LEAD), at_end=at_end)
        # Of equals the ordinary phrase is meant, then the one that takes more of the words.
        best = min(
            found, key=lambda p: (round(p.off, 3), p.kind != "", p.begin - p.end), default=None
        )
        return best if best and best.kind else None

    def _near(
        self, words: Words, sounds: Words, phrase: _Phrase, lead: int, *, at_end: bool
    ) -> list[Place]:
        length, total = len(phrase.sounds), len(words)
        lengths = (length - 1, length, length + 1)
        spans = {(begin, begin + long) for begin in range(lead + 1) for long in lengths}
        if at_end:
            spans |= {(total - long, total) for long in lengths}
        most = min(MOST_OFF, self.near * len(phrase.joined))
        known = set(phrase.sounds)
        found: list[Place] = []
        for begin, end in spans:
            if not 0 <= begin < end <= total:
                continue
            # Most are told by this already; to weigh the sounds costs a hundred times as much.
            if len(known.intersection(sounds[begin:end])) < phrase.least:
                continue
            off = sounds_apart(sounds_of(words[begin:end]), phrase.joined, most)
            if off <= most:
                found.append(Place(phrase.kind, begin, end, off / len(phrase.joined)))
        return found

    def _shared(self, sounds: Words) -> Mapping[int, int]:
        """Return the phrases of which a word is there, and how many of its words are."""
        last = self._last
        if last[0] == sounds:
            # First it is asked for what sounds the same, then for what nearly does.
            return last[1]
        count: dict[int, int] = {}
        for sound in set(sounds):
            for number in self._with_word.get(sound, ()):
                count[number] = count.get(number, 0) + 1
        self._last = sounds, count
        return count


def _phrase(kind: str, words: Words) -> _Phrase:
    sounds = tuple(map(sound_of, words))
    different = len(set(sounds))
    least = max(1, different - max(1, int(different * WORDS_OFF)))
    return _Phrase(kind, words, sounds, sounds_of(words), different, least)


@lru_cache(maxsize=16)
def heard_as(words: Words) -> Words:
    """Return the sounds of each word; several books are asked about the same words."""
    return tuple(map(sound_of, words))


@lru_cache(maxsize=32)
def sound_book(
    phrases: tuple[tuple[str, tuple[str, ...]], ...],
    ordinary: tuple[str, ...] = (),
    near: float = NEAR,
) -> SoundBook:
    """Return the book of these phrases; it never changes, so all minds share it."""
    return SoundBook(phrases, ordinary, near)


def _places(sounds: Words, phrase: tuple[str, ...]) -> list[int]:
    """Return where these words stand among the others."""
    length = len(phrase)
    return [
        at
        for at in range(len(sounds) - length + 1)
        if sounds[at] == phrase[0] and sounds[at : at + length] == phrase
    ]


def _covers(ordinary: Place, meant: Place) -> bool:
    """Tell whether an ordinary phrase stands there that is more than a part of the other one."""
    is_apart = ordinary.end <= meant.begin or meant.end <= ordinary.begin
    is_part = meant.begin <= ordinary.begin and ordinary.end < meant.end
    return not is_apart and not is_part
