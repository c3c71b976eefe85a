"""How the user asked and listened."""

import pytest
from told import PLAN, WORDS, Told

from assistant.notes.delivery import Delivery
from assistant.notes.notes import learn

pytestmark = pytest.mark.unit


def manner(call: Told) -> Delivery:
    return learn(PLAN, call.end(200.0).entries, WORDS).delivery


def test_speech_is_shared_out_over_the_minutes() -> None:
    call = Told()
    call.them(58.0, "one two three four five six seven eight nine ten eleven twelve")
    call.me(130.0, "one two three")
    assert [(m.minute, m.spoken_s) for m in manner(call).by_minute] == [
        (0, {"them": 2.0}),
        (1, {"them": 2.0}),
        (2, {"me": 1.0}),
    ]


def test_pace_is_told_of_who_spoke_enough() -> None:
    call = Told()
    for n in range(10):
        call.them(10.0 * n, "one two three four five six seven eight nine ten eleven twelve")
    call.me(110.0, "yes I see")
    assert manner(call).pace_per_min == {"them": 180.0}


def test_open_and_closed_questions_are_told_apart() -> None:
    call = Told()
    call.me(1.0, "What do you do all day?")
    call.me(10.0, "So could you tell me how it began?")
    call.me(20.0, "Do you like it?")
    call.me(30.0, "I like it.")
    delivery = manner(call)
    assert (delivery.open_questions, delivery.closed_questions) == (2, 1)
    assert [quote.text for quote in delivery.closed_at] == ["Do you like it?"]


def test_who_begins_while_the_other_still_speaks_and_goes_on_interrupts() -> None:
    call = Told()
    first = call.them(10.0, "one two three four five six seven eight nine ten eleven twelve")
    second = call.me(12.0, "but what about the other one that you had before them all")
    (one,) = manner(call).interruptions
    assert (one.start_s, one.seqs) == (12.0, (first, second))


def test_a_mhm_is_no_interruption() -> None:
    call = Told()
    call.them(10.0, "one two three four five six seven eight nine ten eleven twelve")
    call.me(12.0, "mhm")
    assert manner(call).interruptions == ()
