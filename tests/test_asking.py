"""The mix: what is made of the labelled lines, and how questions compete."""

import numpy as np
import pytest
from scene import ME, WORDING
from understanding import asked_fit, asked_mix

from assistant.events import Heard
from assistant.sheet import standard_plan
from assistant.understanding.asking import (
    BY_KIND,
    BY_MEANING,
    BY_WORDS,
    Bend,
    Mix,
    best_of_readings,
    probable,
    raised,
    scaled,
    shipped,
)
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
    assert set(shipped().by_kind.views) <= set(BY_KIND)
    assert set(shipped().by_meaning.views) <= set(BY_MEANING)
    assert set(shipped().by_words.views) <= set(BY_WORDS)


def test_by_words_nothing_that_is_more_alike_counts_as_less() -> None:
    mix = shipped().by_words
    for name, weight in zip(mix.views, mix.weights, strict=True):
        assert weight * asked_fit.SIGNS.get(name, 0) >= 0


def test_a_bend_lets_one_view_count_beside_another_only() -> None:
    both = Bend(-6.0, (4.0, 4.0), counts=2.0)
    mix = Mix(0.0, ("words", "letters"), (0.0, 0.0), 0.3, 0.6, (both,))
    odds = raised(mix, {"words": np.array([0.0, 1.0, 1.0]), "letters": np.array([1.0, 0.0, 1.0])})
    assert odds[2] > 1.5
    assert odds[:2] == pytest.approx([-2.0, -2.0], abs=0.1)


def test_a_net_learns_what_no_sum_of_views_can_tell() -> None:
    chance = np.random.default_rng(3)
    lines: list[asked_fit.Seen] = []
    for _ in range(400):
        views = chance.choice([0.0, 1.0], size=(1, 3, 2))
        # Asked is what has the one or the other, never what has both.
        one_of_both = np.flatnonzero(views[0].sum(axis=1) == 1)
        asked = int(one_of_both[0]) if len(one_of_both) == 1 else -1
        lines.append(asked_fit.Seen(views, asked, 1.0, "a"))
    mix = asked_fit.bent(lines, ("words", "letters"))
    seen = {"words": np.array([1.0, 0.0, 1.0, 0.0]), "letters": np.array([0.0, 1.0, 1.0, 0.0])}
    *either, both, neither = raised(mix, seen).tolist()
    assert min(either) > max(both, neither) + 2.0


def test_a_mix_made_of_a_part_of_the_lines_finds_the_same_questions() -> None:
    # The real one learns of all of them, and holds each head back from the lines it learned from;
    # that takes minutes.
    heads = [shipped().question] * asked_mix.HEAD_FOLDS
    by = asked_mix.LookedWith(heads, BY_WORDS, words_only=True)
    sheets = asked_mix.held_back()
    some = set(sorted({line.sheet for line in sheets})[::3])
    lines = asked_mix.seen_lines(by, [line for line in sheets if line.sheet in some])
    made, there = asked_fit.fitted(lines, BY_WORDS), shipped().by_words

    def best(mix: Mix, line: asked_fit.Seen) -> int:
        each = [raised(mix, dict(zip(BY_WORDS, one.T, strict=True))) for one in line.views]
        return int(best_of_readings(each, line.views.shape[1]).argmax())

    asking = [line for line in lines if line.asked >= 0][::2]
    same = sum(best(made, line) == best(there, line) for line in asking)
    assert len(asking) > 500
    assert same / len(asking) > 0.9


def test_there_are_enough_lines_of_both_kinds() -> None:
    lines = lines_of("question", "train")
    assert len(lines) >= 300
    assert 0.3 <= sum(line.label for line in lines) / len(lines) <= 0.6
    assert len({line.text for line in lines}) == len(lines)


def test_two_that_fit_equally_are_neither_and_one_alone_is_sure() -> None:
    mix = Mix(0.0, (), (), maybe=0.3, sure=0.5)
    both = scaled(mix, probable(np.array([3.0, 3.0, -9.0])))
    one = scaled(mix, probable(np.array([3.0, -3.0, -9.0])))
    assert both.max() < 0.6 < one[0]
    assert one[1] < 0.5
    assert probable(np.array([900.0, -900.0])).tolist() == [1.0, 0.0]


def test_the_dials_mean_what_the_cross_validation_found() -> None:
    found = [(0.9, True, True)] * 96 + [(0.8, False, False)] * 4 + [(0.2, False, True)] * 60
    maybe, sure = asked_mix.scale_of(found, 0.96)
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
