"""Who probably speaks into a microphone that hears both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import ME, PLAN, THEM, UNCLEAR

from assistant.events import Channel, Entry, Heard
from assistant.minds.sides import Sides
from assistant.plan import Plan

pytestmark = pytest.mark.unit

ASKED = "what does a typical day look like for you"
TOLD = (
    "well i get up early and then i drive out to the site where the crew is waiting and we go "
    "over the plans for the day and after that it depends on the weather and on the client"
)
SHORT = "about nine of them in the end"


def sides_of(*lines: tuple[str, float | None], plan: Plan = PLAN) -> Sides:
    sides = Sides(plan)
    for number, (text, level_db) in enumerate(lines, 1):
        heard = Heard(UNCLEAR, 10.0 * number, 10.0 * number + 5, text, loudness_db=level_db)
        sides.take(Entry(number, 10.0 * number + 6, heard))
    return sides


def test_who_asks_is_me_and_who_answers_at_length_is_them() -> None:
    sides = sides_of((ASKED, None), (TOLD, None))
    assert (sides.of(1), sides.of(2)) == (ME, THEM)


def test_what_could_be_of_either_is_left_open() -> None:
    sides = sides_of((SHORT, None))
    told = sides.told(1)
    assert told is not None
    assert not told.is_sure
    assert sides.of(1) is UNCLEAR


def test_a_filler_says_nothing_of_who_asked_last() -> None:
    sides = sides_of((ASKED, None), ("mhm", None), (TOLD, None))
    assert sides.of(3) is THEM


@pytest.mark.parametrize(("mine_db", "theirs_db"), [(-20.0, -32.0), (-32.0, -20.0)])
def test_two_levels_tell_even_of_few_words(mine_db: float, theirs_db: float) -> None:
    talk = [(ASKED, mine_db), (TOLD, theirs_db)] * 5
    sides = sides_of(*talk, (SHORT, mine_db), (SHORT, theirs_db))
    assert (sides.of(11), sides.of(12)) == (ME, THEM)


def test_one_level_tells_nothing() -> None:
    talk = [(ASKED, -25.0), (TOLD, -25.5)] * 5
    louder = sides_of(*talk, (SHORT, -24.0)).told(11)
    softer = sides_of(*talk, (SHORT, -27.0)).told(11)
    assert louder == softer


def test_where_both_have_their_channel_nothing_is_told() -> None:
    sides = Sides(PLAN)
    sides.take(Entry(1, 3.0, Heard(ME, 1.0, 2.0, ASKED)))
    sides.take(Entry(2, 6.0, Heard(UNCLEAR, 4.0, 5.0, ASKED, echo=True)))
    assert sides.told(1) is None
    assert sides.told(2) is None
    assert sides.of(1) is UNCLEAR


@given(
    st.lists(st.tuples(st.text(max_size=40), st.none() | st.floats()), max_size=8),
    st.sampled_from([PLAN, Plan()]),
)
def test_no_talk_is_too_odd(talk: list[tuple[str, float | None]], plan: Plan) -> None:
    sides = sides_of(*talk, plan=plan)
    for number in range(1, len(talk) + 1):
        told = sides.told(number)
        assert told is not None
        assert 0.5 <= told.certainty < 1.0
        assert told.channel in (Channel.ME, Channel.THEM)
