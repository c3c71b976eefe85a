"""The benchmark of the coach: what counts as right, as heard, as a wrong moment."""

from collections.abc import Sequence

import pytest
from coach import Sounded, Verdict, judge, table, together
from golden import GoldenCall, Label
from naive_coach import naive_cues
from scene import ME, PLAN, THEM

from assistant.events import Cue
from assistant.hearing.transcript import Line

pytestmark = pytest.mark.unit

LINES = (
    Line(THEM, 1.0, 10.0, "so that is how it went"),
    Line(ME, 18.0, 20.0, "and what does a typical day look like"),
    Line(THEM, 25.0, 60.0, "we sit down and then we stand up again"),
)
MUST = Label(13.0, 18.0, "must", "nobody says anything", ("question",), ("typical-day", "skills"))
NOT = Label(20.3, 25.0, "not", "they think")
TOLD = Label(25.0, 60.0, "not", "they tell a story", ("question",))


def verdict(*cues: Sounded, labels: Sequence[Label] = (MUST, NOT, TOLD)) -> Verdict:
    return judge(GoldenCall("short", PLAN, LINES, tuple(labels)), cues)


def ask(at_s: float, question_id: str = "typical-day", how: str = "spoken") -> Sounded:
    return Sounded(at_s, Cue("question", f"ask: {question_id}", question_id, "", at_s), how, 0.4)


def tell(at_s: float, *, tone: bool = False) -> Sounded:
    cue = Cue("time", "half time", None, "", at_s, tone=tone)
    return Sounded(at_s, cue, "tone" if tone else "spoken")


def test_the_right_question_in_the_stall_is_right_and_meets_the_must() -> None:
    one = verdict(ask(14.0))
    assert (one.precision, one.recall, one.missed) == (1.0, 1.0, ())


@pytest.mark.parametrize(
    "cue", [ask(12.0), ask(14.0, "who-else"), tell(14.0), ask(18.5), ask(61.0)]
)
def test_another_moment_question_or_kind_is_neither(cue: Sounded) -> None:
    one = verdict(cue)
    assert (one.right, one.met) == (0, 0)


def test_a_cue_that_was_cut_at_once_is_right_but_nobody_heard_it() -> None:
    one = verdict(ask(17.9, how="cut"))
    assert (one.right, one.met, one.cut) == (1, 0, 1)


def test_where_they_think_or_speak_is_a_wrong_moment() -> None:
    assert verdict(ask(22.0)).wrong == 1
    assert verdict(ask(30.0)).wrong == 1
    assert verdict(tell(30.0)).wrong == 1
    assert verdict(tell(22.0)).wrong == 1
    assert verdict(tell(12.0)).wrong == 0


def test_a_tone_may_come_while_they_speak() -> None:
    assert verdict(tell(30.0, tone=True)).wrong == 0


def test_what_was_heard_is_not_said_again_without_need() -> None:
    again = Label(61.0, 70.0, "must", "they go", ("question",), ("typical-day",))
    assert verdict(ask(14.0), ask(15.0, "skills"), ask(61.0)).repeated == 1
    assert verdict(ask(14.0, how="cut"), ask(61.0)).repeated == 0
    assert verdict(ask(14.0), ask(61.0), labels=(MUST, again)).repeated == 0


def test_the_sum_counts_each_cue_once_and_stands_in_the_table() -> None:
    both = together([verdict(ask(14.0)), verdict()], "all")
    assert (both.cues, both.musts, both.met, both.recall) == (1, 2, 1, 0.5)
    assert not both.holds
    assert "0.50" in table([(both, both)])


def test_the_naive_coach_asks_after_four_seconds_in_the_sheets_order() -> None:
    cues = naive_cues(PLAN, LINES)
    assert [(at_s, cue.question_id) for at_s, cue in cues] == [
        (14.0, "career-path"),
        (24.0, "typical-day"),
    ]
