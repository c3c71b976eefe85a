"""The names and terms of the sheet, put right where a recogniser wrote something else for them.

Reads the plan and a line. A name is looked for in one to five of the line's words by how they
sound and how they are written; what stands around it counts too. Law: an ordinary word stays
("ruse", "mark", "a big query"): in doubt the line is as it was heard. A line that was put right
stays as it is when it is put right again.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
import numpy as np

from assistant.events import Heard, Word
from assistant.plan import Plan
from assistant.understanding.commonness import ODD, RARE, rank
from assistant.understanding.letters import word_alike, words_alike
from assistant.understanding.name_places import NamePlaces
from assistant.understanding.sounds import skeleton, sound_alike, sounds
from assistant.understanding.spellings import (
    SHORTEST_NAME,
    Known,
    Token,
    letters_of,
    spellings_of,
    token_of,
)

UNUSUAL, NAME, FUNCTION = 2_500, 1_000, 150
"""Ranks: a word from the second on may be a first name that is hardly anything else, below the last
it has no content."""
LEAST_BY_SOUNDS = ((4, 0.9), (5, 0.8), (7, 0.76), (999, 0.72))
"""So alike must words be to a name of at most so many sounds; long ones are seldom met by
chance."""
AWAITED = 0.62
"""So alike is enough for two words or more where a person is awaited."""
LONG_PART = 6
PART = 0.75
"""A part of a name counts so much beside the whole."""
WORTH_A_LOOK = 0.55
"""What is less alike in its consonants and letters is not compared more closely."""
LONGEST = 5
"""In words: so many may have been written for one name."""
_POSSESSIVE = re.compile(r"['\u2019]s")


@dataclass(frozen=True, slots=True)
class _Repair:
    first: int
    last: int
    """The words from `first` up to but not `last`."""
    known: Known
    score: float


def _several(parts: tuple[str, ...]) -> tuple[str, ...]:
    return (*parts[:-1], f"{parts[-1]}s")


@dataclass(slots=True)
class Speller:
    """The spellings of one plan, made ready to be looked for."""

    plan: Plan
    _known: tuple[Known, ...] = field(init=False)
    _skeletons: list[str] = field(init=False)
    _letters: list[str] = field(init=False)
    _places: NamePlaces = field(init=False)
    _own: frozenset[str] = field(init=False)
    """Every word of the sheet's names: none of them is a mistake for another."""

    def __post_init__(self) -> None:
        self._known = tuple(spellings_of(self.plan))
        self._skeletons = [skeleton(sounds(known.spelled)) for known in self._known]
        self._letters = [known.letters for known in self._known]
        self._places = NamePlaces(self.plan.phrases)
        self._own = frozenset(part for known in self._known for part in known.parts)

    def put_right(self, heard: Heard) -> Heard:
        """Return `heard` with the sheet's spelling in `text`, and what it was in `as_heard`."""
        written = heard.text.split()
        repairs = self._repairs(written)
        if not repairs:
            return heard
        is_aligned = len(heard.words) == len(written)
        text: list[str] = []
        words: list[Word] = []
        at = 0
        for repair in repairs:
            text += written[at : repair.first]
            spelled = _spelled(repair, written)
            text += spelled
            if is_aligned:
                words += heard.words[at : repair.first]
                words += _timed(spelled, heard.words[repair.first : repair.last])
            at = repair.last
        text += written[at:]
        return msgspec.structs.replace(
            heard,
            text=" ".join(text),
            words=(*words, *heard.words[at:]) if is_aligned else heard.words,
            as_heard=heard.as_heard or heard.text,
        )

    def _repairs(self, written: Sequence[str]) -> list[_Repair]:
        """Return what is to be put right, in the order of the line; none overlaps another."""
        if not self._known or not written:
            return []
        tokens = [token_of(word) for word in written]
        found: list[_Repair] = []
        right = set(self._right(tokens))
        spans = [
            (first, last)
            for first in range(len(tokens))
            for last in range(first + 1, min(first + LONGEST, len(tokens)) + 1)
            if _is_one_phrase(tokens[first:last], self._pauses(tokens, first))
            and right.isdisjoint(range(first, last))
            and not self._places.is_in_address(tokens, first, last)
        ]
        if not spans:
            return []
        texts = [" ".join(token.plain for token in tokens[a:b]) for a, b in spans]
        by_sound = words_alike([skeleton(sounds(text)) for text in texts], self._skeletons)
        by_letter = words_alike([letters_of(text) for text in texts], self._letters)
        for at, n in np.argwhere(0.6 * by_sound + 0.4 * by_letter >= WORTH_A_LOOK).tolist():
            first, last = spans[at]
            known = self._known[n]
            score = self._score(tokens, first, last, known)
            if score > 0:
                found.append(_Repair(first, last, known, score))
        return [self._with_article(repair, tokens) for repair in _best(found)]

    def _pauses(self, tokens: Sequence[Token], first: int) -> str:
        """Return the marks that may stand inside a name: a comma, where a person is awaited."""
        return "," if self._places.awaits_person(tokens, first) else ""

    def _with_article(self, repair: _Repair, tokens: Sequence[Token]) -> _Repair:
        """Take an article before a person with it: "talk to a pretty" was no article."""
        is_whole_name = repair.known.is_person and not repair.known.is_part
        if not is_whole_name or not self._places.is_false_article(tokens, repair.first - 1):
            return repair
        return _Repair(repair.first - 1, repair.last, repair.known, repair.score)

    def _right(self, tokens: Sequence[Token]) -> Iterable[int]:
        """Yield the places of the words that are spelled as on the sheet already."""
        plain = tuple(token.plain for token in tokens)
        for known in self._known:
            size = len(known.parts)
            for at in range(len(plain) - size + 1):
                words = plain[at : at + size]
                # More than one "reed stop" is no mistake for it.
                is_many = not known.is_person and words == _several(known.parts)
                if (words == known.parts or is_many) and not known.is_part:
                    yield from range(at, at + size)

    def _score(self, tokens: Sequence[Token], first: int, last: int, known: Known) -> float:
        """Return how surely these words are that name, 0 where they are not."""
        words = [token.plain for token in tokens[first:last]]
        if _POSSESSIVE.match(tokens[last - 1].after) and known.letters.endswith("s"):
            words[-1] += "s"
        letters = "".join(words)
        is_near = abs(len(words) - len(known.parts)) <= 3 and letters
        if not is_near or self._places.is_sentence(tokens, first, last):
            return 0.0
        is_broken = self._places.is_broken(tokens, first, last)
        has_article = self._places.has_article(tokens, first) and not is_broken
        has_cue = is_broken or self._places.has_cue(tokens, first, last)
        if known.is_part:
            # "A rosy picture": nobody puts an article before a name alone.
            return 0.0 if has_article else self._part(words, known, has_cue)
        if letters == known.letters:
            is_apart = all(len(word) == 1 for word in words)
            return 0.0 if has_article and _are_plain(words) and not is_apart else 1.0
        if len(known.letters) < SHORTEST_NAME:
            return 0.0
        score = _alike(" ".join(words), known.spelled)
        if self._is_too_long(words, known, score):
            return 0.0
        is_meant = score >= self._least(words, known, has_cue, has_article)
        if not is_meant and len(known.parts) > 1:
            is_person = known.is_person and len(words) > 1
            is_awaited = is_person and self._places.awaits_person(tokens, first)
            is_meant = is_awaited and score >= AWAITED
            is_meant = is_meant or self._is_anchored(words, known, has_cue)
        return score if is_meant else 0.0

    def _is_too_long(self, words: Sequence[str], known: Known, score: float) -> bool:
        """Tell whether the name is as well in the words without the first or the last."""
        if len(words) == 1:
            return False
        shorter = (" ".join(words[1:]), " ".join(words[:-1]))
        return any(_alike(text, known.spelled) >= score for text in shorter)

    def _least(self, words: Sequence[str], known: Known, has_cue: bool, has_article: bool) -> float:
        """Return how alike words must be to a whole name or a term; more than 1 is never."""
        ranks = [_rank(word) for word in words]
        oddest = max(ranks)
        if oddest < UNUSUAL and not (has_cue and len(words) > 1):
            return 2.0
        if has_article and oddest < (ODD if len(words) > 1 else 2 * ODD):
            return 2.0
        size = len(sounds(known.spelled))
        least = next(least for most, least in LEAST_BY_SOUNDS if size <= most)
        if oddest < ODD:
            least += 0.06 if oddest >= UNUSUAL else 0.16
        if any(word in self._own for word in words):
            least += 0.05
        if known.is_person and len(words) < len(known.parts):
            least += 0.1
        if min(ranks) < FUNCTION:
            # There is seldom an "and" or a "they" in what is written for a name.
            least += 0.06
        return least - 0.03 * has_cue

    def _part(self, words: Sequence[str], known: Known, has_cue: bool) -> float:
        """Score a first or a last name alone: only what is no word of ordinary talk."""
        if len(words) != 1 or words[0] in self._own:
            return 0.0
        score, word_rank = _alike(words[0], known.spelled), _rank(words[0])
        least = 0.84 if has_cue else 0.88
        if word_rank == RARE and len(sounds(known.spelled)) >= LONG_PART:
            least -= 0.03
        is_rare = word_rank >= (ODD if has_cue else 2 * ODD)
        # The whole name, where it fits, says more.
        return score * PART if is_rare and score >= least else 0.0

    def _is_anchored(self, words: Sequence[str], known: Known, has_cue: bool) -> bool:
        """Tell whether the first or the last word of a name was heard and the rest is near."""
        if len(words) < 2:
            return False
        return any(
            self._is_near(anchor, part, rest, " ".join(other), has_cue)
            for anchor, part, rest, other in (
                (words[0], known.parts[0], words[1:], known.parts[1:]),
                (words[-1], known.parts[-1], words[:-1], known.parts[:-1]),
            )
        )

    def _is_near(
        self, anchor: str, part: str, rest: Sequence[str], other: str, has_cue: bool
    ) -> bool:
        anchor_rank, ranks = _rank(anchor), [_rank(word) for word in rest]
        least = 0.48 if anchor_rank >= ODD else 0.56 if anchor_rank >= NAME else 0.66
        if anchor != part:
            if _alike(anchor, part) < 0.9 or anchor_rank < UNUSUAL:
                return False
            least = max(least, 0.62 if max(ranks) >= ODD else 0.8)
        if anchor_rank < NAME and max(ranks) < ODD and not has_cue:
            # "We will train you" names nobody, even where there is a Will Tran.
            return False
        if max(ranks) < UNUSUAL and (len(rest) > 1 or ranks[0] < FUNCTION):
            least = max(least, 0.72)
        if rest[0] in self._own or rest[-1] in self._own:
            least = max(least, 0.8)
        return _alike(" ".join(rest), other) >= least - 0.04 * has_cue


@lru_cache(maxsize=16384)
def _alike(heard: str, spelled: str) -> float:
    """Return how alike words are by their sounds and their letters, 0 to 1."""
    by_letter = word_alike(letters_of(heard), letters_of(spelled))
    return 0.65 * sound_alike(heard, spelled) + 0.35 * by_letter


def _best(found: Iterable[_Repair]) -> list[_Repair]:
    """Choose the surest, then the longest; none overlaps another."""
    chosen: list[_Repair] = []
    for repair in sorted(found, key=lambda r: (-r.score, r.first - r.last, r.first)):
        if all(repair.last <= other.first or repair.first >= other.last for other in chosen):
            chosen.append(repair)
    return sorted(chosen, key=lambda repair: repair.first)


def _spelled(repair: _Repair, written: Sequence[str]) -> list[str]:
    """Write the name with the marks that stood around the words."""
    spelled = repair.known.spelled.split()
    first, last = token_of(written[repair.first]), token_of(written[repair.last - 1])
    spelled[0] = first.before + spelled[0]
    # The "s" of "nettie's" is the name's own.
    is_own = spelled[-1].casefold().endswith("s") and _POSSESSIVE.match(last.after)
    spelled[-1] += last.after[2:] if is_own else last.after
    return spelled


def _timed(spelled: Sequence[str], heard: Sequence[Word]) -> list[Word]:
    """Give the words of a name the time of those that were heard, by their letters."""
    if len(spelled) == len(heard):
        pairs = zip(spelled, heard, strict=True)
        return [msgspec.structs.replace(word, text=text) for text, word in pairs]
    start_s, length_s = heard[0].start_s, heard[-1].end_s - heard[0].start_s
    confidence = min(word.confidence for word in heard)
    per_letter_s = length_s / sum(map(len, spelled))
    timed: list[Word] = []
    letters = 0
    for text in spelled:
        from_s = start_s + letters * per_letter_s
        letters += len(text)
        to_s = start_s + letters * per_letter_s
        timed.append(Word(text, round(from_s, 3), round(to_s, 3), confidence))
    return timed


def _is_one_phrase(tokens: Sequence[Token], marks: str) -> bool:
    """Tell whether these words may be one name: no mark but these stands between two of them."""
    inner = [token.after.strip(f"'\u2019s-{marks}") for token in tokens[:-1]]
    return not any(inner) and not any(token.before for token in tokens[1:])


def _are_plain(words: Iterable[str]) -> bool:
    return all(_rank(word) < RARE for word in words)


def _rank(word: str) -> int:
    if len(word) == 1:
        return 0 if word in "ai" else ODD
    return rank(word)
