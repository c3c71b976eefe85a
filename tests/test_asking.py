"""The mix: what is made of the labelled lines, and how questions compete."""

import numpy as np
import pytest
from scene import ME, WORDING
from understanding import asked_mix

from assistant.events import Heard
from assistant.sheet import standard_plan
from assistant.understanding.asking import BY_MEANING, BY_WORDS, Mix, probable, scaled, shipped
from assistant.understanding.embedding import SHA256, embedded_model, open_embedder
from assistant.understanding.heads import share_of
from assistant.understanding.likeness import Likeness
from assistant.understanding.sentences import Sentences
from assistant.understanding.training import lines_of

pytestmark = pytest.mark.model

HINT = "run scripts/train_asked and commit asked.json"


def test_the_shipped_mixes_are_made_from_these_lines_and_this_model() -> None:
    assert shipped().lines_sha256 == asked_mix.check_sum(), HINT
    assert shipped().model_sha256 == SHA256
    assert set(shipped().by_meaning.weights) <= set(BY_MEANING)
    assert set(shipped().by_words.weights) <= set(BY_WORDS)


def test_nothing_that_is_more_alike_counts_as_less() -> None:
    for mix in (shipped().by_meaning, shipped().by_words):
        assert all(w * asked_mix.SIGNS.get(name, 0) >= 0 for name, w in mix.weights.items())


def test_the_mix_by_words_is_what_the_lines_make() -> None:
    vectors = Sentences(None)
    lines = asked_mix.seen_lines(shipped().question, vectors, BY_WORDS)
    made, there = asked_mix.fitted(lines, BY_WORDS), shipped().by_words
    assert made.weights == pytest.approx(there.weights, abs=0.05)
    assert made.bias == pytest.approx(there.bias, abs=0.05)


def test_there_are_enough_lines_of_both_kinds() -> None:
    lines = lines_of("question", "train")
    assert len(lines) >= 300
    assert 0.3 <= sum(line.label for line in lines) / len(lines) <= 0.6
    assert len({line.text for line in lines}) == len(lines)


def test_two_that_fit_equally_are_neither_and_one_alone_is_sure() -> None:
    mix = Mix(0.0, {}, maybe=0.3, sure=0.5)
    both = scaled(mix, probable(np.array([3.0, 3.0, -9.0])))
    one = scaled(mix, probable(np.array([3.0, -3.0, -9.0])))
    assert both.max() < 0.6 < one[0]
    assert one[1] < 0.5
    assert probable(np.array([900.0, -900.0])).tolist() == [1.0, 0.0]


def test_the_dials_mean_what_the_cross_validation_found() -> None:
    found = [(0.9, True, True)] * 96 + [(0.8, False, False)] * 4 + [(0.2, False, True)] * 60
    maybe, sure = asked_mix.scale_of(found)
    assert sure == pytest.approx(0.8)
    assert maybe < sure


@pytest.mark.parametrize(
    "text",
    [
        "i want to learn about data engineering before i decide what to study",
        "i am not asking for a job and i will watch the clock",
        "that's why i called you",
    ],
)
def test_a_statement_with_question_words_asks_nothing(text: str) -> None:
    embedder = open_embedder(embedded_model())
    assert share_of(shipped().question, text, embedder.vectors([text])[0]) < 0.5
    plan = standard_plan(WORDING, "informational", "", 20.0)
    scores = Likeness(plan, Sentences(embedder)).scores(Heard(ME, 10.0, 13.0, text))
    assert max(scores.values(), default=0.0) < plan.dials.asked_at
