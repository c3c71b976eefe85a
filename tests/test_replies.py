"""How far an answer goes, what of it is quoted, and what it left open."""

import pytest
from told import PLAN, WORDS, Told

from assistant.events import Drifted, MaybeAsked, Understood
from assistant.notes.answers import AskedQuestion
from assistant.notes.notes import learn

pytestmark = pytest.mark.unit

LONG = "We start at nine, check the pipelines, write queries until noon and meet analysts later."
"""Enough of an answer."""


def asked(call: Told) -> AskedQuestion:
    return learn(PLAN, call.end(300.0).entries, WORDS).asked[0]


def begun() -> Told:
    call = Told()
    call.ask(2.0, "typical-day", "What does a typical day look like?")
    return call


def lines(question: AskedQuestion) -> list[str]:
    return [quote.text for quote in question.passage]


def test_an_answer_ends_with_the_next_question_prepared_or_not() -> None:
    call = begun()
    call.them(6.0, LONG)
    call.me(14.0, "And how many people work in the whole company these days?")
    call.them(20.0, "Four hundred, most of them in warehouses.")
    assert lines(asked(call)) == [LONG]


def test_an_echo_of_mine_does_not_end_it_nor_does_asking_for_more() -> None:
    call = begun()
    call.them(6.0, LONG)
    call.me(14.0, "Until noon?")
    call.them(16.0, "Until noon, and nobody may call a meeting before that.")
    assert len(lines(asked(call))) == 2
    short = begun()
    short.them(6.0, "Early.")
    short.me(8.0, "What do you do first in the mornings when you get there?")
    short.them(12.0, "Boundary work with two people and one pole.")
    assert lines(asked(short)) == ["Early.", "Boundary work with two people and one pole."]


def test_where_the_talk_left_its_themes_nothing_answers_any_more() -> None:
    call = begun()
    call.them(6.0, LONG)
    call.them(30.0, "They found a well under our cellar.")
    assert len(lines(asked(call))) == 2
    call.put(120.0, Drifted(29.5))
    assert lines(asked(call)) == [LONG]


def test_what_leaves_the_themes_right_away_answers_what_was_asked() -> None:
    call = begun()
    call.them(6.0, LONG)
    call.put(98.0, Drifted(5.5))
    assert lines(asked(call)) == [LONG]


def test_what_they_stray_to_is_left_out_when_the_user_calls_them_back() -> None:
    call = begun()
    call.them(6.0, LONG)
    call.them(14.0, "Which reminds me, they found a well under our cellar.")
    call.me(20.0, "No way.")
    call.them(22.0, "Forty feet deep, and nobody knew of it.")
    call.me(26.0, "Oh. And the typical days?")
    call.them(28.0, "They end at five, whatever happens.")
    assert lines(asked(call)) == [LONG, "They end at five, whatever happens."]


@pytest.mark.parametrize("mine", ["Typical.", "No way.", "What a day that was for you!"])
def test_a_word_of_the_question_by_the_way_calls_nobody_back(mine: str) -> None:
    call = begun()
    call.them(6.0, LONG)
    call.them(14.0, "Which reminds me, they found a well under our cellar.")
    call.me(20.0, mine)
    call.them(22.0, "Forty feet deep, and nobody knew of it.")
    assert lines(asked(call)) == [LONG]


@pytest.mark.parametrize(
    ("reply", "fullness"),
    [(LONG, "full"), ("Mostly meetings with analysts, spreadsheets, pipelines.", "partly"),
     ("It depends.", "hardly"), ("I don't know, some pipelines.", "hardly")],
)  # fmt: skip
def test_it_is_told_how_much_was_said(reply: str, fullness: str) -> None:
    call = begun()
    call.them(6.0, reply)
    assert asked(call).fullness == fullness


def test_no_reply_is_none() -> None:
    assert asked(begun()).fullness == "none"


def test_what_they_could_not_say_is_left_open() -> None:
    call = begun()
    call.them(6.0, f"{LONG} The exact hours I'd have to look up.")
    (left,) = asked(call).left_open
    assert left.text == "The exact hours I'd have to look up."


def test_my_next_question_ends_it_however_short() -> None:
    call = begun()
    call.them(6.0, LONG)
    call.me(14.0, "Which degrees matter?")
    call.them(16.0, "None that I know of, honestly.")
    assert lines(asked(call)) == [LONG]


@pytest.mark.parametrize(("likeness", "count"), [(0.7, 2), (0.5, 2), (0.4, 1)])
def test_a_question_that_may_be_the_same_one_asks_for_more_of_its_answer(
    likeness: float, count: int
) -> None:
    call = begun()
    call.them(6.0, LONG)
    again = call.me(14.0, "And how does such a day usually end for you people?")
    call.put(15.0, Understood(again, {"typical-day": likeness}))
    call.them(20.0, "At five, with whoever is on duty.")
    assert len(lines(asked(call))) == count


def test_people_begin_with_the_answer() -> None:
    call = begun()
    first = [
        "We meet analysts over breakfast.",
        "Somebody always brings pastries along.",
        "Afterwards everyone writes reports.",
    ]
    for n, text in enumerate(first):
        call.them(6.0 + 4 * n, text)
    call.them(20.0, "Another building once lost electricity completely.")
    assert [quote.text for quote in asked(call).best] == first


def test_what_surely_asks_it_is_where_it_was_asked() -> None:
    call = Told()
    call.ask(2.0, "typical-day", "I only want to understand what you do all day")
    call.them(6.0, "Good, we have no vacancies anyway this year, so that suits everybody.")
    seq = call.me(14.0, "So what does a typical day look like?")
    call.put(15.0, Understood(seq, {"typical-day": 0.99}))
    call.them(20.0, LONG)
    assert lines(asked(call)) == [LONG]
    assert asked(call).start_s == 14.0


def test_what_only_may_have_asked_another_question_does_not_end_it() -> None:
    call = begun()
    call.them(6.0, LONG)
    seq = call.me(14.0, "A kitchen, yes.")
    call.put(15.0, MaybeAsked(("skills",), seq))
    call.them(16.0, "My mother had the finest of them all.")
    assert len(lines(asked(call))) == 2
