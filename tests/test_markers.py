"""Spoken marks and commands, as recognisers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import ME, PLAN, THEM, UNCLEAR, Scene

from assistant.events import Channel, Finding, Heard, MarkHeard
from assistant.minds.markers import Markers
from assistant.plan import Plan

pytestmark = pytest.mark.unit


def heard(*texts: str, channel: Channel = ME, apart_s: float = 1.0) -> list[Finding]:
    """Say one thing after the other, each two seconds long."""
    scene = Scene(Markers(PLAN))
    for number, text in enumerate(texts):
        start_s = 10.0 + number * (2.0 + apart_s)
        scene.put(start_s + 2.5, Heard(channel, start_s, start_s + 2.0, text))
    return list(scene.findings)


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("note to self ask about the on call weeks", "ask about the on call weeks"),
        ("Okay, note to self: ask Dana's team.", "ask Dana's team"),
        ("Note to myself - call Sam, then Ana", "call Sam, then Ana"),
        ("sottovoce take a note the budget is gone", "the budget is gone"),
        ("note to sel send the deck", "send the deck"),
    ],
)
def test_what_follows_the_phrase_is_the_note(said: str, noted: str) -> None:
    assert heard(said) == [MarkHeard(1, "note", noted)]


def test_a_note_may_come_after_a_breath() -> None:
    assert heard("note to self", "um", "ask about dana's team") == [
        MarkHeard(3, "note", "ask about dana's team")
    ]


def test_a_note_that_never_comes_leaves_a_mark() -> None:
    assert heard("note to self", "so tell me about your day", apart_s=6.0) == [
        MarkHeard(1, "moment", "note to self")
    ]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("let me write that down", "moment"),
        ("that's good, let me write this down.", "moment"),
        ("sorry what was that name again", "name"),
        ("sotto voce next", "next"),
        ("so to voice, next question please", "next"),
        ("hey um sottovoce how much time is left", "time"),
        ("Sottovoce: hush!", "hush"),
        ("sottovoce mark that", "moment"),
        ("so let me ride that town", "moment"),
        ("that's so useful let me right that down for the team", "moment"),
        ("Oh, that's a great point.", "moment"),
        ("what was that main again", "name"),
        ("know to self call the bank", "note"),
        ("soto vocky next question", "next"),
        ("sotto voce um nex question", "next"),
        ("sotto voce please be quiet", "hush"),
    ],
)
def test_marks_and_commands(said: str, kind: str) -> None:
    found = heard(said)
    assert [f.kind for f in found if isinstance(f, MarkHeard)] == [kind]


def test_a_command_may_come_after_a_breath() -> None:
    assert heard("sottovoce", "next") == [MarkHeard(2, "next", "next")]
    assert heard("sottovoce", "next", apart_s=4.0) == []


@pytest.mark.parametrize(
    "said",
    [
        "what comes next in your day",
        "how much time do you have",
        "i took a note of that yesterday",
        "you can write that down if you like",
        "we had to stop the project",
        "sottovoce is a nice word",
        "sottovoce next to the old theatre in town",
        "you should make a note of that",
        "she said let me write that down",
        "let me break that down for you",
        "that's a great place",
        "that's a good point",
        "that's a great point guard",
        "it took me years to say no to self doubt",
        "i often thought to myself",
        "sort of is next",
        "what was that like",
        "how do you sell that",
        "",
    ],
)
def test_ordinary_talk_marks_nothing(said: str) -> None:
    assert heard(said) == []


def test_only_the_user_marks() -> None:
    assert heard("let me write that down", channel=THEM) == []
    assert heard("let me write that down", channel=UNCLEAR) != []


def test_an_echo_marks_nothing() -> None:
    scene = Scene(Markers(PLAN))
    scene.put(3.0, Heard(ME, 1.0, 2.0, "note to self wake up", echo=True))
    assert not scene.findings


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_text_is_too_odd(texts: list[str]) -> None:
    assert all(isinstance(found, MarkHeard) for found in heard(*texts))


def test_without_phrases_nothing_is_marked() -> None:
    scene = Scene(Markers(Plan()))
    scene.put(3.0, Heard(ME, 1.0, 2.0, "note to self wake up"))
    assert not scene.findings


def test_a_very_long_text_takes_no_time_to_speak_of() -> None:
    # Quadratic work on this would run for hours.
    assert heard("note to " * 100_000) == []
