"""Whom "her" means in a task, and that somebody one is sent to so is a referral."""

import msgspec
import pytest
from told import PLAN, WORDS, Told

from assistant.notes.notes import Notes, learn

pytestmark = pytest.mark.unit

NOBODY = msgspec.structs.replace(PLAN, people=(), terms=())


def noted(*said: tuple[float, str, str]) -> Notes:
    call = Told()
    for at_s, who, text in said:
        (call.me if who == "me" else call.them)(at_s, text)
    return learn(NOBODY, call.end(300.0).entries, WORDS)


NAMED = (10.0, "them", "Then you know Laura Chen, she leads the platform team.")
CALLS = (20.0, "me", "I'll call her on Friday.")


def test_who_was_named_last_stands_beside_the_word() -> None:
    (task,) = noted(NAMED, CALLS).promises
    assert task.what == "call her (Laura Chen) on Friday"


def test_who_one_is_sent_to_by_her_is_a_referral() -> None:
    notes = noted(NAMED, (18.0, "me", "I think so."), (24.0, "them", "Tell her I sent you."))
    assert [one.name for one in notes.referrals] == ["Laura Chen"]


@pytest.mark.parametrize(
    "between",
    [
        (12.0, "them", "And Peter Meyer, he runs the archive."),
        (12.0, "them", "And then there is Marta Silva, she has the files."),
    ],
)
def test_of_two_in_a_breath_it_is_neither(between: tuple[float, str, str]) -> None:
    (task,) = noted(NAMED, between, CALLS).promises
    assert task.what == "call her on Friday"


@pytest.mark.parametrize(
    "before",
    [
        (10.0, "them", "I had coffee with Mr. Peter Meyer, he runs the archive."),
        (10.0, "me", "I had coffee with Laura Chen, she leads the platform team."),
        (10.0, "them", "I had tea with my dentist, she has the files."),
    ],
)
def test_who_has_another_title_or_was_named_by_me_or_not_at_all_is_not_meant(
    before: tuple[float, str, str],
) -> None:
    (task,) = noted(before, CALLS).promises
    assert task.what == "call her on Friday"


@pytest.mark.parametrize(
    ("between", "task"),
    [
        ((14.0, "me", "And what about Peter Meyer, he runs the archive."), "I'll call him today."),
        ((14.0, "them", "My boss is the one who decides."), "I'll write to her today."),
        ((14.0, "them", "She is quick."), "I'll call him today."),
        ((14.0, "them", "She is quick."), "I'll email her boss today."),
    ],
)
def test_who_is_meant_otherwise_gets_no_name(between: tuple[float, str, str], task: str) -> None:
    notes = noted(NAMED, between, (30.0, "me", task))
    assert [one.what for one in notes.promises if "(" in one.what] == []
    assert notes.referrals == ()


def test_who_was_named_long_ago_is_not_meant() -> None:
    (task,) = noted(NAMED, (100.0, "me", "I'll call her on Friday.")).promises
    assert task.what == "call her on Friday"


@pytest.mark.parametrize("place", ["St Laura's", "Saint Laura's", "Santa Laura"])
def test_a_house_with_a_saints_name_is_nobody(place: str) -> None:
    notes = noted((10.0, "them", f"We were at {place} for years, you know."))
    assert notes.people == ()


def test_whom_they_will_ask_stands_beside_the_word_too_and_is_no_referral() -> None:
    notes = noted((10.0, "them", "That is for Laura Chen, she runs the office. I'll ask her."))
    assert [one.what for one in notes.promises] == ["ask her (Laura Chen)"]
    assert notes.referrals == ()


def test_whom_one_is_to_ask_for_is_a_referral() -> None:
    notes = noted(
        (10.0, "them", "There's a man in our office, Peter Meyer. He came to us last year."),
        (16.0, "me", "Would he mind?"),
        (20.0, "them", "Call the main number and ask for him, after four."),
    )
    assert [one.name for one in notes.referrals] == ["Peter Meyer"]
    assert [one.what for one in notes.promises] == [
        "Call the main number and ask for him (Peter Meyer), after four"
    ]


def test_whose_office_it_is_stands_beside_the_word() -> None:
    notes = noted((10.0, "them", "There's a Dr. Peter Meyer at the college. Ring his office."))
    assert [one.what for one in notes.promises] == ["Ring his (Dr. Peter Meyer's) office"]


def test_a_word_to_be_passed_on_is_no_task_where_it_breaks_off() -> None:
    notes = noted(NAMED, (18.0, "them", "Tell her I said she owes me a scone."))
    assert notes.promises == ()
