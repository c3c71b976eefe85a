"""How near a line is to what was prepared: to each question, and to any theme at all.

Knows the plan's questions, goal and terms, and of `themes.toml` how people tell of what such
questions ask for. A line is near a question when it is like its wordings, or like what is told of
a theme that the question asks for: "the rent is half of what I earn" is near "Is the pay good?".
It is near any theme at all when it is nearer to those than to what people talk of otherwise.

Law: scores only; how near an everyday line comes is taken off, so that a wording which is near to
everything is near to nothing. Without a model the same is done with words, which tells less.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from assistant.events import Channel, Heard
from assistant.minds.spoken import words_of
from assistant.plan import Plan
from assistant.understanding.embedding import SIZE
from assistant.understanding.readings import end_of
from assistant.understanding.sentences import Sentences

Rows = NDArray[np.float32]

LINKED, LINKED_BY_WORDS = 0.45, 0.25
"""A question that is so like one way to ask for a theme asks for it."""
AT_HOME, AT_HOME_BY_WORDS = 0.45, 0.25
"""What is so like the sheet's own words is not elsewhere: cooking, in a talk with a cook."""
LEAST_NEAR = 0.15
"""A lower nearness is not worth a line of the journal."""
MOST_NEAR = 5
"""So many questions are named at most."""
SHORTEST_WORDS = 3
"""A shorter line says nothing of itself."""
STORY_LINES = 4
"""So many of their last lines are one story."""
USUAL, THERE = 0.195, 0.35
"""How near a line about anything comes to the sheet, and how much is taken off for being near to
something else: where our own stretches of talk, on a sheet's themes and off them, part best."""
STEM_LETTERS = 5
"""By words alone, those that begin with the same letters are the same."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """What is near a line."""

    theme: float = 0.0
    """To anything prepared rather than to something else, 0 to 1; 0 where nobody looked."""
    near: dict[str, float] = field(default_factory=dict[str, float])
    """question id -> nearness, the nearest first."""


@dataclass(slots=True)
class Surroundings:
    """The prepared themes, made ready to be compared."""

    plan: Plan
    sentences: Sentences
    _encode: Callable[[Sequence[str]], Rows] = field(init=False)
    _ids: tuple[str, ...] = field(init=False)
    _own: Rows = field(init=False)
    """Every wording of every question, one after the other; then goal and terms."""
    _owners: list[int] = field(init=False)
    """Of which question each of those rows is; -1 for none."""
    _own_usual: Rows = field(init=False)
    """How near an everyday line comes to each."""
    _told: Rows = field(init=False)
    _tellers: list[int] = field(init=False)
    _told_usual: float = field(init=False)
    _links: Rows = field(init=False)
    """Questions by themes: how surely the one asks for the other, 0 where it does not."""
    _elsewhere: Rows = field(init=False)
    _elsewhere_usual: Rows = field(init=False)

    def __post_init__(self) -> None:
        plan, themes = self.plan, self.plan.themes
        asking = [q for q in plan.questions if not q.thanks]
        self._ids = tuple(q.id for q in asking)
        own = [(n, text) for n, q in enumerate(asking) for text in (q.text, q.cue, *q.aliases)]
        own += [(-1, text) for text in (plan.goal, plan.about, *plan.terms)]
        own = [(n, text) for n, text in own if words_of(text)]
        names = [name for name in themes.told if name in themes.asked]
        told = [(n, text) for n, name in enumerate(names) for text in themes.told[name]]
        has_vectors = self.sentences.has_vectors
        self._encode = self._vectors if has_vectors else self._by_words(own, told)
        everyday = self._encode(themes.everyday)
        self._own, self._owners = self._encode([text for _, text in own]), [n for n, _ in own]
        self._own_usual = _usual(self._own, everyday)
        self._told, self._tellers = self._encode([text for _, text in told]), [n for n, _ in told]
        self._told_usual = float(np.mean(_usual(self._told, everyday))) if told else 0.0
        asked = [self._encode(themes.asked[name]) for name in names]
        self._links = self._linked(asked, LINKED if has_vectors else LINKED_BY_WORDS)
        elsewhere = self._encode(themes.elsewhere)
        if len(own) and len(elsewhere):
            at_home = AT_HOME if has_vectors else AT_HOME_BY_WORDS
            elsewhere = elsewhere[(elsewhere @ self._own.T).max(axis=1) < at_home]
        self._elsewhere, self._elsewhere_usual = elsewhere, _usual(elsewhere, everyday)

    def of(self, heard: Heard, before: Sequence[Heard] = ()) -> Nearness:
        """Return how near a line of theirs is; what I say myself is not looked at.

        `before` is what was heard just before it, the oldest first. One line of a story may be
        about anything; its last lines together are about what the story is.
        """
        words = words_of(heard.text)
        is_mine = heard.channel is Channel.ME or heard.echo
        if is_mine or len(words) < SHORTEST_WORDS or not self._ids:
            return Nearness()
        row = self._encode([end_of(heard.text)])[0]
        told, direct = self._told_of(row), _best(self._own_of(row), self._owners, len(self._ids))
        by_theme = (self._links * told).max(axis=1, initial=0.0)
        scores = np.clip(direct + by_theme, 0.0, 1.0)
        near = sorted((-round(float(s), 3), i) for i, s in zip(self._ids, scores, strict=True))
        kept = {i: -score for score, i in near[:MOST_NEAR] if -score >= LEAST_NEAR}
        return Nearness(self._theme(row, heard, before), kept)

    def _theme(self, row: Rows, heard: Heard, before: Sequence[Heard]) -> float:
        if not len(self._elsewhere):
            # Nothing tells what is elsewhere: nobody is there.
            return 0.5
        if not self.sentences.has_vectors:
            here, there = self._here_and_there(row)
            return _share(0.5 + here - there)
        story = [h.text for h in before if h.channel is heard.channel and not h.echo]
        told = [end_of(text) for text in story if len(words_of(text)) >= SHORTEST_WORDS]
        together = self._encode([*told, end_of(heard.text)][-STORY_LINES:]).sum(axis=0)
        together /= max(1e-9, float(np.linalg.norm(together)))
        both = (self._here_and_there(row), self._here_and_there(together))
        return _share(0.5 - USUAL + sum(here - THERE * there for here, there in both) / 2)

    def _here_and_there(self, row: Rows) -> tuple[float, float]:
        """Return how near a row is to anything prepared, and to anything else."""
        asked_for = self._told_of(row)[self._links.any(axis=0)]
        here = max(float(self._own_of(row).max()), float(asked_for.max(initial=0.0)))
        there = float((self._elsewhere @ row - self._elsewhere_usual).max(initial=0.0))
        return here, there

    def _own_of(self, row: Rows) -> Rows:
        return self._own @ row - self._own_usual

    def _told_of(self, row: Rows) -> Rows:
        return _best(self._told @ row - self._told_usual, self._tellers, self._links.shape[1])

    def _vectors(self, texts: Sequence[str]) -> Rows:
        rows = self.sentences.vectors(texts)
        return rows if rows is not None else np.zeros((len(texts), SIZE), np.float32)

    def _by_words(
        self, own: list[tuple[int, str]], told: list[tuple[int, str]]
    ) -> Callable[[Sequence[str]], Rows]:
        """Return what makes of texts the words that tell something, as rows of length 1."""
        themes = self.plan.themes
        known = [text for _, text in (*own, *told)]
        known += [*chain.from_iterable(themes.asked.values()), *themes.elsewhere]
        common = _words(themes.common)
        counts = Counter(chain.from_iterable(_stems(text, common) for text in known))
        places = {stem: n for n, stem in enumerate(counts)}
        weights = {stem: math.log(1 + len(known) / count) for stem, count in counts.items()}

        def encode(texts: Sequence[str]) -> Rows:
            rows = np.zeros((len(texts), len(places)), np.float32)
            for n, text in enumerate(texts):
                stems = _stems(text, common)
                for stem in stems & places.keys():
                    rows[n, places[stem]] = weights[stem]
                # Words nobody knows make a line less like any other.
                strange = len(stems - places.keys()) * math.log(1 + len(known))
                rows[n] /= max(1e-9, float(np.linalg.norm(rows[n])) + strange / (1 + len(stems)))
            return rows

        return encode

    def _linked(self, asked: list[Rows], least: float) -> Rows:
        links = np.zeros((len(self._ids), len(asked)), np.float32)
        for theme, rows in enumerate(asked):
            likest = (self._own @ rows.T).max(axis=1, initial=0.0)
            for row, owner in enumerate(self._owners):
                if owner >= 0 and likest[row] >= least:
                    links[owner, theme] = max(links[owner, theme], likest[row])
        return links


def _share(score: float) -> float:
    """Return a score as 0 to 1; 0 is kept for what was not looked at."""
    return round(min(1.0, max(0.01, score)), 3)


@lru_cache(maxsize=4)
def _words(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(chain.from_iterable(words_of(text) for text in texts))


@lru_cache(maxsize=2048)
def _stems(text: str, common: frozenset[str]) -> frozenset[str]:
    # The themes of a language are the same for every plan.
    return frozenset(word[:STEM_LETTERS] for word in words_of(text) if word not in common)


def _usual(rows: Rows, everyday: Rows) -> Rows:
    if not len(everyday) or not len(rows):
        return np.zeros(len(rows), np.float32)
    return (rows @ everyday.T).mean(axis=1)


def _best(scores: Rows, owners: list[int], count: int) -> Rows:
    """Return the best score of each owner; nothing is worse than 0."""
    best = np.zeros(count, np.float32)
    for score, owner in zip(scores, owners, strict=True):
        if owner >= 0:
            best[owner] = max(best[owner], score)
    return best
