"""The names and terms of the sheet that came up."""

import msgspec
import pytest
from told import PLAN, WORDS, Told

from assistant.events import Channel, Heard
from assistant.notes.notes import Notes, learn
from assistant.plan import Person

pytestmark = pytest.mark.unit


def heard(*texts: str) -> Notes:
    call = Told()
    for n, text in enumerate(texts):
        call.them(10.0 * n, text)
    return learn(PLAN, call.end(900.0).entries, WORDS)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("you know sam okafor right", "Sam Okafor"),
        ("ask sam about it", "Sam Okafor"),
        ("mr okafor said no", "Sam Okafor"),
        ("sam okafer's team", "Sam Okafor"),
        ("that was will tran", "Will Tran"),
        ("Ask Tran about it.", "Will Tran"),
    ],
)
def test_a_person_of_the_sheet_came_up(text: str, name: str) -> None:
    (person,) = heard(text).people
    assert person.name == name


@pytest.mark.parametrize(
    "text", ["i will do that", "the same okapi", "Put the sam on the table", "samples of it"]
)
def test_other_words_are_no_person(text: str) -> None:
    assert heard(text).people == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [("we use dbt", "dbt"), ("big query costs", "BigQuery"), ("all in bigquerry", "BigQuery")],
)
def test_a_term_of_the_sheet_came_up(text: str, name: str) -> None:
    (term,) = heard(text).terms
    assert term.name == name


def test_short_terms_are_not_guessed() -> None:
    assert heard("the debt is high").terms == ()


def test_every_time_is_kept_with_the_words_as_heard() -> None:
    (person,) = heard("sam okafor", "nothing", "and sam okafor again").people
    assert [mention.start_s for mention in person.mentions] == pytest.approx(
        [0.0, 20.333], abs=0.01
    )
    assert person.mentions[0].heard == "Sam Okafor"
    assert person.about == "lead at Beta"


def test_people_stand_in_the_order_they_came_up() -> None:
    assert [person.name for person in heard("will tran", "sam okafor").people] == [
        "Will Tran",
        "Sam Okafor",
    ]


def test_whom_one_talks_with_is_no_news() -> None:
    plan = msgspec.structs.replace(PLAN, people=(Person("Dana Ruiz"), *PLAN.people))
    call = Told()
    call.me(1.0, "thanks dana")
    assert learn(plan, call.end(9.0).entries, WORDS).people == ()


def test_a_name_that_was_put_right_keeps_what_was_heard_beside_it() -> None:
    call = Told()
    heard = Heard(Channel.THEM, 1.0, 3.0, "ask Sam Okafor", as_heard="ask sam oak a for")
    call.put(3.0, heard)
    (person,) = learn(PLAN, call.end(9.0).entries, WORDS).people
    assert person.mentions[0].heard == "Sam Okafor"
    assert person.mentions[0].as_heard == "ask sam oak a for"
