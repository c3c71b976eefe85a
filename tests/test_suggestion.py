"""One thing to do otherwise next time, or none."""

import msgspec
import pytest
from told import PLAN, WORDS, Told

from assistant.notes.notes import learn
from assistant.notes.suggestion import Suggestion
from assistant.plan import Plan

pytestmark = pytest.mark.unit

NO_MUSTS = msgspec.structs.replace(
    PLAN, questions=tuple(msgspec.structs.replace(q, must=False) for q in PLAN.questions)
)


def suggested(call: Told, plan: Plan = NO_MUSTS) -> Suggestion | None:
    return learn(plan, call.entries, WORDS).suggestion


def call_of(end_s: float, *, others: bool = True) -> Told:
    """Tell a call in which the other side talks, in the end with all courtesies."""
    call = Told()
    for at_s in range(20, int(end_s) - 80, 40):
        call.them(float(at_s), "one two three four five six seven eight nine ten eleven twelve")
    if others:
        call.me(end_s - 60, "Who else should I talk to?")
    call.me(end_s - 40, "May I keep in touch?")
    call.me(end_s - 10, "Thank you so much for your time.")
    return call


def test_time_that_was_left_while_must_asks_stayed_open() -> None:
    found = suggested(call_of(600.0).end(600.0), PLAN)
    assert found is not None
    assert (found.kind, found.values["count"], found.values["left_s"]) == ("must-asks open", 3, 600)


def test_whom_else_was_not_asked() -> None:
    found = suggested(call_of(1100.0, others=False).end(1100.0))
    assert found is not None
    assert found.kind == "asked whom else"


def test_who_was_pointed_to_somebody_need_not_ask_for_others() -> None:
    call = call_of(1100.0, others=False)
    call.them(1095.0, "You should talk to Laura Chen, she leads the platform team.")
    found = suggested(call.end(1100.0))
    assert found is None or found.kind != "asked whom else"


def test_over_time() -> None:
    found = suggested(call_of(1500.0).end(1500.0))
    assert found is not None
    assert (found.kind, found.values) == ("over time", {"over_s": 300})


def test_who_spoke_most_of_the_time_is_told_where() -> None:
    call = call_of(1100.0)
    for at_s in range(35, 900, 40):
        call.me(float(at_s), " ".join(["word"] * 30))
    found = suggested(call.end(1100.0))
    assert found is not None
    assert found.kind == "talk less"
    assert found.seqs


def test_a_good_call_has_none_and_so_has_a_short_one() -> None:
    assert suggested(call_of(1100.0).end(1100.0)) is None
    assert suggested(Told().end(60.0), PLAN) is None
