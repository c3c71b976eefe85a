"""Leave to take notes: the words for it, and what the notes tell of it."""

import msgspec
import pytest
from told import PHRASES, PLAN, WORDING, WORDS, Told

from assistant.events import Consent, Consented, Forgotten
from assistant.minds.leave import Answer, Answers, Asks, Leaning
from assistant.minds.spoken import words_of
from assistant.notes.leave import Leave
from assistant.notes.notes import learn
from assistant.notes.render.summary import summary

pytestmark = pytest.mark.unit

ASK = msgspec.structs.replace(PLAN, consent="ask")
ASKING, YES, NO = "is it okay if i take notes", "sure go ahead", "i'd rather not"


# ---------------------------------------------------------------- the words


@pytest.mark.parametrize(
    ("text", "leaning"),
    [
        ("may i take notes", "plain"),
        ("do you mind if i take notes", "mind"),
        ("would it be a problem if i recorded", "mind"),
        ("may i write along", "plain"),
        ("i've got a program that takes notes for me are you happy with that", "plain"),
        ("i'm having this transcribed if you'd rather i didn't", "mind"),
        ("i'd record this if you don't mind", "hope"),
        ("would you be okay with a program on my laptop writing down", "plain"),
        ("are you all right with me having this typed up", "plain"),
        ("is it okay that my phone turns what", "plain"),
        ("my laptop can type out the call would that be all right", "plain"),
        ("i've got some software listening in is that okay", "plain"),
    ],
)
def test_an_asking_says_what_a_bare_no_will_mean(text: str, leaning: Leaning) -> None:
    asks, words = Asks(PHRASES.consent), words_of(text)
    assert asks.find(words, 0) == (len(words), leaning)
    assert asks.find(words, len(words)) is None


@pytest.mark.parametrize(
    "text",
    [
        "can i ask what software you were typing on",
        "would you be okay with a new computer for the office",
        "is it okay if i ask what the machine does",
    ],
)
def test_a_machine_alone_asks_for_no_leave(text: str) -> None:
    assert Asks(PHRASES.consent).find(words_of(text), 0) is None


@pytest.mark.parametrize(
    ("text", "leaning", "answer"),
    [
        ("no", "plain", "refused"),
        ("no", "mind", "given"),
        ("no", "hope", None),
        ("yeah", "plain", "given"),
        ("yeah", "mind", None),
        ("sure", "mind", "given"),
        ("sure but i'd rather not be recorded", "plain", "refused"),
        ("not in the least", "mind", "given"),
        ("happy with that yes", "plain", "given"),
        ("i'm not really happy with that", "plain", "refused"),
        ("i don't think my boss would be happy with that", "plain", None),
        ("the lawyers aren't happy with that", "plain", "refused"),
        ("i'm hardly happy with that", "plain", "refused"),
        ("yeah no that's totally fine", "plain", "given"),
        ("yeah nah i've nothing worth stealing", "plain", None),
    ],
)
def test_an_answer_is_what_it_answers(text: str, leaning: Leaning, answer: Answer | None) -> None:
    answers = Answers(PHRASES.consent)
    assert answers.judge(words_of(text), leaning, is_question=False) == answer


def test_one_wrong_letter_in_a_long_word_is_forgiven_and_in_a_short_one_is_not() -> None:
    asks = Asks(PHRASES.consent)
    assert asks.spelled(("transcripd", "nodes", "tape", "tale")) == (
        "transcript",
        "nodes",
        "tape",
        "tale",
    )


@pytest.mark.parametrize(
    "text",
    [
        "so i wrote this down as a question are you happy with it",
        "i wrote it down about your career path are you happy with it",
        "did you write it down",
    ],
)
def test_what_speaks_of_writing_is_no_asking(text: str) -> None:
    assert Asks(PHRASES.consent).find(words_of(text), 0) is None


# ---------------------------------------------------------------- the notes


def asked(answer: str = "", state: str = "") -> Told:
    call = Told()
    seq = call.me(2.0, f"hi dana {ASKING}")
    call.put(6.0, Consent(seq, "asked"))
    if answer:
        seq = call.them(8.0, answer)
        call.put(
            10.0, msgspec.convert({"is": "Consent", "heard_seq": seq, "state": state}, Consent)
        )
    return call


def told(call: Told) -> Leave:
    return learn(ASK, call.entries, WORDS).leave


def page(call: Told) -> str:
    return summary(learn(ASK, call.end(60.0).entries, WORDS), WORDING)


def test_the_asking_and_the_answer_stand_in_the_notes_with_their_second() -> None:
    leave = told(asked(YES, "given"))
    assert leave.standing == "given"
    assert leave.asked is not None
    assert leave.answered is not None
    assert (leave.asked.start_s, leave.answered.start_s) == (2.0, 8.0)
    assert leave.answered.text == "Sure go ahead"


def test_the_page_tells_it_in_words() -> None:
    given = page(asked(YES, "given"))
    assert 'consent: "given"' in given
    assert (
        f'[00:00:02] You asked for leave to take notes: "Hi Dana {ASKING}"'.replace("if i", "if I")
        in given
    )
    assert '[00:00:08] Dana: "Sure go ahead"' in given
    assert "leave to take notes was refused" in page(asked(NO, "refused"))
    assert "[00:01:00] no answer to that was heard" in page(asked())
    call = Told()
    call.them(2.0, "we start at nine")
    assert "By [00:01:00] leave to take notes was not asked for." in page(call)
    assert 'consent: "not asked"' in page(call)


def test_what_the_user_said_of_it_stands() -> None:
    call = asked(NO, "refused")
    call.put(20.0, Consented("given"))
    assert (told(call).standing, told(call).told_s) == ("given", 20.0)
    assert "[00:00:20] You said what they answered: leave was given." in page(call)


def test_where_none_was_to_be_asked_the_page_says_nothing_more() -> None:
    call = Told()
    call.them(2.0, "we start at nine")
    text = summary(learn(PLAN, call.end(9.0).entries, WORDS), WORDING)
    assert 'consent: "given"' in text
    assert "leave" not in text


def test_a_forgotten_answer_is_none() -> None:
    call = asked(YES, "given")
    call.put(30.0, Forgotten(7.0, 30.0))
    leave = told(call)
    assert (leave.standing, leave.answered) == ("asked", None)
