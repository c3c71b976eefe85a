"""Where a call spoke of something that nobody asked for."""

import pytest
from told import PLAN, WORDS, Told

from assistant.events import Understood
from assistant.notes.spoken_of import SpokenOf, standing_out
from assistant.notes.talk import kept, lines

pytestmark = pytest.mark.unit

TALK = (
    "we had rain all of last week", "my sister came with her dogs", "the kitchen is new",
    "a typical day begins with the pipelines", "on a usual day we write queries until noon",
    "then the day is meetings", "the garden is a mess", "they closed the ferry last year",
    "my uncle had a boat", "we sold it in the end",
)  # fmt: skip


def told(near: dict[int, float]) -> SpokenOf:
    call = Told()
    for n, text in enumerate((*TALK, *["and so it went on with the boat"] * 150)):
        seq = call.them(5.0 * n, text)
        call.put(call.entries[-1].at_s, Understood(seq, near={"typical-day": near.get(n, 0.0)}))
    held = kept(PLAN, call.end(900.0).entries)
    return SpokenOf(lines(PLAN, held, WORDS), held, WORDS)


def test_lines_that_come_near_are_one_passage() -> None:
    question = PLAN.questions[1]
    passage = told({3: 0.5, 4: 0.4, 5: 0.5}).passage(question)
    texts = [line.text for line in passage]
    assert TALK[4] in [text.lower().rstrip(".") for text in texts]
    assert len(passage) <= 14


def test_nothing_stands_out_of_nothing() -> None:
    assert standing_out([]) is None
    assert standing_out([0.3, 0.3, 0.3]) is None
    assert standing_out([0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]) == (2, 4)
