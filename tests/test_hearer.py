"""What a line means, live and in a rehearsal: echoes are marked, a talk's last lines help."""

import pytest
from scene import by_words

from assistant.events import Channel, Cue, CueStarted, Entry, Heard, Word
from assistant.hearer import Hearer
from assistant.plan import Plan, Question
from assistant.understanding.meaning import Utterance

pytestmark = pytest.mark.unit

PLAN = Plan(questions=(Question("typical-day", "What does a typical day look like?"),))


def hearer_with_a_murmur(tail_s: float = 0.4) -> Hearer:
    dials = Plan().dials
    hearer = Hearer(Plan(questions=PLAN.questions, dials=type(dials)(echo_tail_s=tail_s)))
    hearer.take(Entry(1, 10.0, Cue("question", "ask: typical day", "typical-day", "", 20.0)))
    hearer.take(Entry(2, 10.0, CueStarted(1, 10.0)))
    return hearer


def taken(hearer: Hearer, heard: Heard, seq: int = 3) -> Heard:
    marked = hearer.mark(heard)
    hearer.take(Entry(seq, heard.end_s + 0.3, marked))
    return marked


def test_the_echo_of_a_murmur_is_marked_and_means_nothing() -> None:
    hearer = hearer_with_a_murmur()
    assert taken(hearer, Heard(Channel.ME, 10.4, 11.2, "typical day")).echo
    assert hearer.waiting() == ()


def test_the_question_itself_waits_until_it_is_understood() -> None:
    hearer = hearer_with_a_murmur()
    heard = taken(hearer, Heard(Channel.ME, 14.0, 16.0, "what does a typical day look like"))
    assert not heard.echo
    (utterance,) = hearer.waiting(3)
    assert utterance == Utterance(3, heard)
    assert hearer.waiting() == (utterance,)
    meaning = by_words(PLAN)(utterance)
    assert meaning.likeness["typical-day"] > 0.6
    hearer.take(Entry(4, 16.4, meaning))
    assert hearer.waiting() == hearer.waiting(3) == ()


def test_a_question_said_in_two_lines_is_understood_from_both() -> None:
    whole, half = Hearer(PLAN), Hearer(PLAN)
    whole.take(Entry(1, 2.3, Heard(Channel.ME, 1.0, 2.0, "so what does a")))
    second = Heard(Channel.ME, 2.4, 3.4, "typical day look like")
    for hearer in (whole, half):
        hearer.take(Entry(2, 3.7, second))
    (one,), (both,) = half.waiting(2), whole.waiting(2)
    understand = by_words(PLAN)
    by_itself = understand(one).likeness.get("typical-day", 0.0)
    assert understand(both).likeness["typical-day"] > by_itself


def test_echoes_do_not_help_to_understand() -> None:
    echo = Heard(Channel.ME, 1.0, 2.0, "so what does a", echo=True)
    after_echo, alone = Hearer(PLAN), Hearer(PLAN)
    after_echo.take(Entry(1, 2.3, echo))
    for hearer in (after_echo, alone):
        hearer.take(Entry(2, 3.7, Heard(Channel.ME, 2.4, 3.4, "typical day look like")))
    assert after_echo.waiting() == alone.waiting()


def test_a_meaning_that_never_comes_does_not_pile_up() -> None:
    hearer = Hearer(PLAN)
    for seq in range(1, 200):
        hearer.take(Entry(seq, float(seq), Heard(Channel.THEM, seq - 0.5, seq, "and so on")))
    assert len(hearer.waiting()) < 50
    assert hearer.waiting()[-1].seq == 199


def test_a_name_of_the_sheet_is_spelled_as_there_and_what_was_heard_is_kept() -> None:
    hearer = Hearer(Plan(person="Dana Ruiz"))
    words = (Word("dana", 1.0, 1.5, 1.0), Word("ruse", 1.5, 2.0, 1.0))
    marked = hearer.mark(Heard(Channel.THEM, 1.0, 2.0, "dana ruse", words))
    assert (marked.text, marked.as_heard) == ("Dana Ruiz", "dana ruse")
    assert [word.text for word in marked.words] == ["Dana", "Ruiz"]


def test_an_echo_is_told_by_what_was_heard_and_is_left_so() -> None:
    hearer = Hearer(Plan(person="Dana Ruiz"))
    hearer.take(Entry(1, 10.0, Cue("question", "ask: dana ruse", "", "", 20.0)))
    hearer.take(Entry(2, 10.0, CueStarted(1, 10.0)))
    marked = hearer.mark(Heard(Channel.ME, 10.4, 11.2, "dana ruse"))
    assert (marked.echo, marked.text, marked.as_heard) == (True, "dana ruse", "")


def test_one_microphone_tells_who_probably_spoke_and_an_echo_is_nobodys() -> None:
    hearer = hearer_with_a_murmur()
    echo = taken(hearer, Heard(Channel.UNCLEAR, 10.4, 11.2, "typical day"))
    asked = taken(hearer, Heard(Channel.UNCLEAR, 14.0, 16.0, "what is your typical day like?"), 4)
    assert (echo.echo, echo.probably) == (True, None)
    assert asked.probably is Channel.ME
    assert 0.75 <= asked.certainty < 1.0
