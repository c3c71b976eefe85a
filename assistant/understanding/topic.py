"""What a line is about, in at most three of its own words.

Knows the plan's common words, fillers and questions, and the lines just before. A point stands
out when it is rare in ordinary talk, is named like a thing ("the merger", "our reorg") and comes
back. Law: their own words, in their own order, or nothing: a wrong word in the ear is worse than
none. Never a word of a prepared question: that is asked, not followed up.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from assistant.events import Channel, Heard
from assistant.minds.spoken import words_of
from assistant.plan import Plan

MOST_WORDS = 3
LATEST_WORDS = 40
"""So many words back a point may lie."""
SHORTEST_LETTERS = 4
"""Shorter words are seldom the point, and often misheard."""
LONGEST_LETTERS = 18
ENOUGH = 2.0
"""A point worth following up: named as a thing or said twice."""


@dataclass(slots=True)
class Topics:
    """The words that are no point, made ready."""

    plan: Plan
    _dull: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        plan = self.plan
        asked = (text for q in plan.questions for text in (q.text, q.cue))
        said = (*plan.phrases.filler, *plan.phrases.hesitation)
        self._dull = _forms((*asked, plan.person)) | _forms(plan.themes.common) | _forms(said)

    def of(self, heard: Heard, before: Sequence[Heard]) -> str:
        """Return the point of their last lines, or nothing where none stands out."""
        if heard.channel is Channel.ME or heard.echo or not self.plan.themes.common:
            return ""
        words = words_of(heard.text)[-LATEST_WORDS:]
        earlier = [words_of(h.text) for h in before if h.channel is heard.channel and not h.echo]
        counts = Counter([*words, *chain.from_iterable(earlier)])
        best = max(self._points(words, counts), default=(0.0, 0, ""))
        return best[2] if best[0] >= ENOUGH else ""

    def _points(self, words: Sequence[str], counts: Counter[str]) -> list[tuple[float, int, str]]:
        """Return every run of telling words with its worth, and where it stands."""
        points: list[tuple[float, int, str]] = []
        at = 0
        while at < len(words):
            length = next((n for n, w in enumerate(words[at:]) if self._is_dull(w)), None)
            run = words[at:] if length is None else words[at : at + length]
            if run:
                named = at > 0 and words[at - 1] in self.plan.themes.namers
                # A name ends with the thing itself: of a longer run, its end.
                kept = run[-MOST_WORDS:]
                again = max(counts[word] for word in kept)
                worth = 1.0 + named + min(2, again - 1) + 0.25 * (len(kept) > 1)
                points.append((worth, at, " ".join(kept)))
            at += len(run) + 1
        return points

    def _is_dull(self, word: str) -> bool:
        is_odd = not SHORTEST_LETTERS <= len(word) <= LONGEST_LETTERS or not word.isalpha()
        # What is done or how, rather than a thing.
        return is_odd or word in self._dull or word.endswith(self.plan.themes.deeds)


@lru_cache(maxsize=8)
def _forms(texts: tuple[str, ...]) -> frozenset[str]:
    """Return the words of texts, each with its plural or without it."""
    words = set(chain.from_iterable(words_of(text) for text in texts))
    return frozenset({*words, *(w[:-1] if w.endswith("s") else f"{w}s" for w in words)})
