"""Who probably speaks into a microphone that hears both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import ME, PLAN, THEM, UNCLEAR

from assistant.events import Channel, Entry, Heard
from assistant.minds.sides import SURE, Sides
from assistant.plan import Plan

pytestmark = pytest.mark.unit

ASKED = "what does a typical day look like for you"
TOLD = (
    "well i get up early and then i drive out to the site where the crew is waiting and we go "
    "over the plans for the day and after that it depends on the weather and on the client"
)
SHORT = "about nine of them in the end"


def sides_of(*lines: tuple[str, float | None], plan: Plan = PLAN) -> list[Channel | None]:
    """Return whose line each probably is; None where it is left open."""
    sides = Sides(plan)
    told: list[Channel | None] = []
    for number, (text, level_db) in enumerate(lines, 1):
        at_s = 10.0 * number
        heard = sides.mark(Heard(UNCLEAR, at_s, at_s + 5, text, loudness_db=level_db))
        assert (heard.certainty >= SURE) is (heard.probably is not None)
        told.append(heard.probably)
        sides.take(Entry(number, at_s + 6, heard))
    return told


def test_who_asks_is_me_and_who_answers_at_length_is_them() -> None:
    assert sides_of((ASKED, None), (TOLD, None)) == [ME, THEM]


def test_what_could_be_of_either_is_left_open() -> None:
    assert sides_of((SHORT, None)) == [None]


def test_a_few_words_after_a_question_are_its_answer() -> None:
    assert sides_of((ASKED, None), (SHORT, None)) == [ME, THEM]


def test_a_filler_does_not_end_the_answer_to_a_question() -> None:
    assert sides_of((ASKED, None), ("mhm", None), (TOLD, None))[2] is THEM


@pytest.mark.parametrize(("mine_db", "theirs_db"), [(-20.0, -32.0), (-32.0, -20.0)])
def test_two_levels_tell_even_of_few_words(mine_db: float, theirs_db: float) -> None:
    talk = [(ASKED, mine_db), (TOLD, theirs_db)] * 5
    assert sides_of(*talk, (SHORT, mine_db), (SHORT, theirs_db))[-2:] == [ME, THEM]


def test_one_level_tells_nothing() -> None:
    talk = [(ASKED, -25.0), (TOLD, -25.5)] * 5
    louder = sides_of(*talk, (SHORT, -24.0))[-1]
    softer = sides_of(*talk, (SHORT, -27.0))[-1]
    assert louder == softer


def test_where_both_have_their_channel_nothing_is_told() -> None:
    sides = Sides(PLAN)
    heard = Heard(ME, 1.0, 2.0, ASKED)
    echo = Heard(UNCLEAR, 1.0, 2.0, ASKED, echo=True)
    assert (sides.mark(heard), sides.mark(echo)) == (heard, echo)


@given(
    st.lists(st.tuples(st.text(max_size=40), st.none() | st.floats()), max_size=8),
    st.booleans(),
)
def test_no_talk_is_too_odd(talk: list[tuple[str, float | None]], knows_words: bool) -> None:
    assert len(sides_of(*talk, plan=PLAN if knows_words else Plan())) == len(talk)
