"""What is owed to who gives their time."""

import pytest
from told import PLAN, WORDS, Told

from assistant.notes.courtesy import Courtesy
from assistant.notes.notes import learn

pytestmark = pytest.mark.unit


def kept(call: Told) -> dict[str, Courtesy]:
    return {one.kind: one for one in learn(PLAN, call.entries, WORDS).courtesy}


def polite(end_s: float = 1100.0) -> Told:
    call = Told()
    call.me(3.0, "Hello, my name is Sam, thanks for picking up.")
    call.them(20.0, "Sure.")
    call.me(end_s - 60, "What should I have asked that I didn't?")
    call.me(end_s - 45, "Who else could I speak to?")
    call.me(end_s - 30, "May I write to you with one more question?")
    call.me(end_s - 10, "Thank you so much for your time.")
    return call.end(end_s)


def test_all_courtesies_of_a_polite_call() -> None:
    found = kept(polite())
    assert len(found) == 6
    assert all(one.was_done for one in found.values())
    assert [one.quote.start_s for one in found.values() if one.quote] == [
        3.0, 1040.0, 1055.0, 1070.0, 1090.0,
    ]  # fmt: skip


def test_thanks_for_picking_up_are_not_the_thanks_at_the_end() -> None:
    call = Told()
    call.me(3.0, "Thanks for picking up.")
    call.them(900.0, "So that was that.")
    assert not kept(call.end(1000.0))["thanked"].was_done


def test_over_time_is_not_on_time() -> None:
    assert not kept(polite(1400.0))["ended on time"].was_done


@pytest.mark.parametrize(("end_s", "early"), [(288.0, True), (700.0, True), (740.0, False)])
def test_well_before_the_time_is_early(end_s: float, early: bool) -> None:
    time = kept(polite(end_s))["ended on time"]
    assert (time.was_done, time.was_early) == (True, early)


def test_a_call_with_nothing_in_it_owes_nothing() -> None:
    assert kept(Told().end(5.0)) == {}
