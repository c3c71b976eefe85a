"""What a line means, live and in a rehearsal: echoes are marked, a talk's last lines help."""

import pytest

from assistant.events import Channel, Cue, CueStarted, Entry, Heard, Understood
from assistant.hearer import Hearer
from assistant.plan import Plan, Question

pytestmark = pytest.mark.unit

PLAN = Plan(questions=(Question("typical-day", "What does a typical day look like?"),))


def hearer_with_a_murmur(tail_s: float = 0.4) -> Hearer:
    dials = Plan().dials
    hearer = Hearer(Plan(questions=PLAN.questions, dials=type(dials)(echo_tail_s=tail_s)))
    hearer.take(Entry(1, 10.0, Cue("question", "ask: typical day", "typical-day", "", 20.0)))
    hearer.take(Entry(2, 10.0, CueStarted(1, 10.0)))
    return hearer


def test_the_echo_of_a_murmur_is_marked_and_means_nothing() -> None:
    hearer = hearer_with_a_murmur()
    marked = hearer.mark(Heard(Channel.ME, 10.4, 11.2, "typical day"))
    assert marked.echo
    assert hearer.understood(3, marked) is None


def test_the_question_itself_is_heard_and_understood() -> None:
    hearer = hearer_with_a_murmur()
    heard = hearer.mark(Heard(Channel.ME, 14.0, 16.0, "what does a typical day look like"))
    assert not heard.echo
    meaning = hearer.understood(3, heard)
    assert isinstance(meaning, Understood)
    assert meaning.likeness["typical-day"] > 0.6


def test_a_question_said_in_two_lines_is_understood_from_both() -> None:
    whole, half = Hearer(PLAN), Hearer(PLAN)
    whole.take(Entry(1, 2.3, Heard(Channel.ME, 1.0, 2.0, "so what does a")))
    second = Heard(Channel.ME, 2.4, 3.4, "typical day look like")
    for hearer in (whole, half):
        hearer.take(Entry(2, 3.7, second))
    one, both = half.understood(2, second), whole.understood(2, second)
    assert one is not None
    assert both is not None
    assert both.likeness["typical-day"] > one.likeness["typical-day"]


def test_echoes_do_not_help_to_understand() -> None:
    echo = Heard(Channel.ME, 1.0, 2.0, "so what does a", echo=True)
    second = Heard(Channel.ME, 2.4, 3.4, "typical day look like")
    after_echo, alone = Hearer(PLAN), Hearer(PLAN)
    after_echo.take(Entry(1, 2.3, echo))
    assert after_echo.understood(2, second) == alone.understood(2, second)
