"""Likeness by meaning: what the words alone do not tell, with the real model and with a small one.

The small model knows a few topics and no grammar: it gives what no model could be trusted to
give again, a vector that is known beforehand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import cast

import msgspec
import numpy as np
import pytest
from scene import ME, PLAN, THEM, WORDING

from assistant.events import Asked, Channel, Entry, Heard, MaybeAsked, Understood
from assistant.minds.coverage import Coverage
from assistant.minds.spoken import words_of
from assistant.plan import Plan, Question
from assistant.sheet import standard_plan
from assistant.understanding.embedding import (
    SIZE,
    Embedder,
    Sentence,
    Vectors,
    embedded_model,
    open_embedder,
)
from assistant.understanding.likeness import Likeness
from assistant.understanding.readings import MOST
from assistant.understanding.sentences import Sentences
from assistant.understanding.shipped import shipped

pytestmark = pytest.mark.model

TOPICS = (
    ("day", "morning", "daily", "week"),
    ("hard", "hardest", "difficult", "tough", "struggle"),
    ("money", "pay", "salary", "earn"),
)
QUESTIONS = (
    Question("day", "What does a typical day look like?", cue="typical day"),
    Question("hard", "What is the hardest part?", cue="hardest part"),
    Question("pay", "What does one earn?", cue="pay"),
)
SMALL = msgspec.structs.replace(PLAN, questions=QUESTIONS)
STANDARD = standard_plan(WORDING, "informational", "", 20.0)


@dataclass(slots=True)
class TopicModel:
    """One direction for each topic, one for everything else."""

    asked: list[str] = field(default_factory=list[str])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return self._rows(texts)

    def _rows(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), SIZE), np.float32)
        for row, text in zip(rows, texts, strict=True):
            words = set(words_of(text))
            for at, topic in enumerate(TOPICS):
                row[at] = bool(words & set(topic))
            row[SIZE - 1] = 0.3
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def pieces(self, text: str) -> Vectors:
        return self._rows(words_of(text) or [""])

    def matched(self, text: str) -> Sentence:
        self.asked.append(text)
        return Sentence(self._rows([text])[0], self.pieces(text))


def heard(text: str, channel: Channel = ME) -> Heard:
    return Heard(channel, 10.0, 13.0, text)


def small(plan: Plan = SMALL) -> Likeness:
    return Likeness(plan, Sentences(cast(Embedder, TopicModel())))


def test_what_shares_no_word_but_the_meaning_is_that_question() -> None:
    by_words = Likeness(SMALL, Sentences(None)).scores(heard("do you struggle with something"))
    by_meaning = small().scores(heard("do you struggle with something"))
    assert "hard" not in by_words
    assert next(iter(by_meaning)) == "hard"


def test_what_is_like_two_questions_is_told_from_what_is_like_one() -> None:
    one = small().scores(heard("is it tough"))
    both = small().scores(heard("is it tough in the morning"))
    assert one["hard"] > max(both.get("hard", 0.0), both.get("day", 0.0))
    assert "day" not in one


def test_one_question_alone_in_a_sheet_is_found_and_not_everywhere() -> None:
    # What was learned of the real model's vectors says nothing of a made-up one's.
    plan = msgspec.structs.replace(SMALL, questions=QUESTIONS[:1], language="xx")
    assert small(plan).scores(heard("what is your daily week"))["day"] >= plan.dials.maybe_at
    other = small(plan).scores(heard("we had rain there"))
    assert other.get("day", 0.0) < plan.dials.maybe_at


def test_a_line_costs_few_vectors_and_what_they_say_fewer() -> None:
    model = TopicModel()
    likeness = Likeness(SMALL, Sentences(cast(Embedder, model)))
    before = Heard(ME, 7.0, 9.5, "well then")
    text = (
        "and what is it and how do you do it and why is that so and when does it end and who is it"
    )
    model.asked.clear()
    likeness.scores(heard(text), [before])
    assert len(set(model.asked)) == 3
    model.asked.clear()
    likeness.scores(heard(f"{text} now", THEM))
    assert len(set(model.asked)) == 1


def test_the_thanks_that_are_prepared_are_no_fillers() -> None:
    likeness = Likeness(STANDARD, Sentences(None))
    assert likeness.scores(heard("thank you so much for your time"))["thank-them"] > 0.6
    assert likeness.scores(heard("yeah right okay")) == {}


@cache
def real(plan: Plan = STANDARD) -> Likeness:
    return Likeness(plan, Sentences(open_embedder(embedded_model())))


def found(text: str) -> list[Asked | MaybeAsked]:
    """Return what the mind makes of it."""
    mind = Coverage(STANDARD)
    mind.feed(Entry(1, 13.5, heard(text)))
    findings = mind.feed(Entry(2, 13.6, Understood(1, real().scores(heard(text)))))
    return [finding for finding in findings if isinstance(finding, Asked | MaybeAsked)]


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("how does your day go from the first coffee to the last", "typical day"),
        ("so tell me how did somebody like you end up in this trade", "career path"),
        ("which things are tricky for you at work", "hardest part"),
        ("do you know other folks i might chat with", "who else to talk to"),
        ("thank you very much for all the time you gave me", "thank them"),
    ],
)
def test_the_real_model_finds_what_is_asked_in_other_words(text: str, cue: str) -> None:
    by_cue = {question.cue: question.id for question in STANDARD.questions}
    (asked,) = found(text)
    assert isinstance(asked, Asked)
    assert asked.question_id == by_cue[cue]


@pytest.mark.parametrize(
    "text",
    [
        "i had the same trouble with my landlord last year",
        "which floor is the kitchen on",
        "how tall is that crane",
        "sorry the line is bad today",
    ],
)
def test_the_real_model_leaves_other_talk_alone(text: str) -> None:
    assert found(text) == []


@dataclass
class CountedSession:
    """A session that counts what the model really has to do."""

    embedder: Embedder
    runs: int = 0

    def run(self, names: list[str] | None, feed: object) -> object:
        self.runs += 1
        return self.embedder._session.run(names, feed)  # pyright: ignore


def test_the_model_reads_each_wording_of_a_sheet_of_ones_own_once() -> None:
    counted = CountedSession(open_embedder(embedded_model()))
    embedder = Embedder(counted, shipped())  # pyright: ignore[reportArgumentType]
    questions = tuple(
        Question(f"q{n}", f"What did you do with pangolin number {n}?", cue=f"pangolin {n}")
        for n in range(12)
    )
    own = msgspec.structs.replace(STANDARD, questions=questions)
    likeness = Likeness(own, Sentences(embedder))
    assert counted.runs == len(likeness.wordings) == 24


def test_the_model_reads_each_reading_of_a_line_once() -> None:
    counted = CountedSession(open_embedder(embedded_model()))
    embedder = Embedder(counted, shipped())  # pyright: ignore[reportArgumentType]
    likeness = Likeness(STANDARD, Sentences(embedder))
    for question in STANDARD.questions:
        line = heard(f"{question.aliases[0]} and then what did they say to you about it")
        before = counted.runs
        likeness.scores(line)
        assert before < counted.runs <= before + MOST
        after = counted.runs
        # Once more, at once: what the model made of it is still there.
        likeness.scores(line)
        assert counted.runs == after
