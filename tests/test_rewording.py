"""A sentence of a line said otherwise: the one that is meant, and the others stay."""

import pytest
from told import PLAN, WORDS, Told

from assistant.notes.rewording import in_line
from assistant.notes.talk import lines

pytestmark = pytest.mark.unit

TEXT = "There are groups in town. I'll send you the list by Friday. Then we talk."


def corrected(text: str, at_s: float = 1.0) -> str:
    call = Told()
    call.them(1.0, TEXT)
    [line] = lines(PLAN, call.entries, WORDS)
    return in_line(line, at_s, text)


def test_the_sentence_that_is_most_like_it_is_meant() -> None:
    assert corrected("I'll send you the list by Monday.") == (
        "There are groups in town. I'll send you the list by Monday. Then we talk."
    )
    assert corrected("Then we walk.") == TEXT.replace("talk", "walk")


def test_several_sentences_may_be_meant_and_all() -> None:
    assert corrected("There are groups in town, and I'll send the list by Friday.") == (
        "There are groups in town, and I'll send the list by Friday. Then we talk."
    )
    whole = TEXT.replace("town", "Bonn").replace("talk", "walk")
    assert corrected(whole) == whole


def test_what_is_like_none_stands_for_the_one_at_that_time_or_for_all() -> None:
    assert corrected("Completely other words here.", 2.7) == (
        "There are groups in town. Completely other words here. Then we talk."
    )
    assert corrected("Completely other words here.") == "Completely other words here."


def test_nothing_takes_the_sentence_at_that_time_or_all() -> None:
    assert corrected("", 2.7) == "There are groups in town. Then we talk."
    assert corrected("") == ""
