"""Promises: found when they are made, and only then."""

import msgspec
import pytest
from told import PLAN, WORDS, Told

from assistant.events import Channel
from assistant.notes.notes import learn
from assistant.notes.promises import Promise
from assistant.notes.words import Words

pytestmark = pytest.mark.unit

ME, THEM, UNCLEAR = Channel.ME, Channel.THEM, Channel.UNCLEAR


def promised(channel: Channel, text: str, words: Words = WORDS) -> tuple[Promise, ...]:
    call = Told()
    call.say(channel, 1.0, text)
    return learn(PLAN, call.end(60.0).entries, words).promises


@pytest.mark.parametrize(
    ("channel", "text", "owner", "what"),
    [
        (THEM, "i'll send you the list of meetups", THEM, "send you the list of meetups"),
        (THEM, "I\u2019ll put you in touch with her.", THEM, "put you in touch with her"),
        (THEM, "let me introduce you to marco he's great", THEM, "introduce you to marco"),
        (THEM, "yeah i will definitely get back to you", THEM, "get back to you"),
        (THEM, "happy to connect you with maria", THEM, "connect you with maria"),
        (THEM, "i can forward your resume to eve", THEM, "forward your resume to eve"),
        (THEM, "you should talk to sam okafor he runs it", ME, "talk to Sam Okafor"),
        (THEM, "you should really look up accelerate", ME, "look up accelerate"),
        (THEM, "could you send me the outline", ME, "send Dana the outline"),
        (THEM, "just drop me a line about it", ME, "drop Dana a line about it"),
        (ME, "i'll send you what you asked for", ME, "send Dana what they asked for"),
        (ME, "i'll send you a thank you note", ME, "send Dana a thank you note"),
        (ME, "i'm going to look into that book", ME, "look into that book"),
        (ME, "I'll reach out to Priya, and thank you.", ME, "reach out to Priya"),
        (ME, "Great, I'll make a start on that.", ME, "make a start on that"),
        (THEM, "i will whatsapp you his number", THEM, "whatsapp you his number"),
        (UNCLEAR, "i'll send you the list", UNCLEAR, "send you the list"),
    ],
)  # fmt: skip
def test_a_promise_is_found(channel: Channel, text: str, owner: Channel, what: str) -> None:
    (promise,) = promised(channel, text)
    assert (promise.owner, promise.what) == (owner, what)


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        (THEM, "sure go ahead"),
        (THEM, "i usually send you know reports to everybody"),
        (THEM, "sometimes i'll send you a chart and you shrug"),
        (THEM, "if i send you the list you'd laugh"),
        (THEM, "i would send you the list if i had it"),
        (THEM, "i sent you the list last friday"),
        (THEM, "i said i'll send you the list and forgot"),
        (THEM, "i don't think i can send you that"),
        (THEM, "they send me reports every day"),
        (THEM, "people always email me about this"),
        (THEM, "i'll be honest with you"),
        (THEM, "i'll tell you what happened"),
        (THEM, "i'll give you an example"),
        (THEM, "we'll see"),
        (THEM, "i'll check the pipelines first and then i'll write the report"),
        (THEM, "you should be able to do it alone"),
        (ME, "should i send you my resume"),
        (ME, "can i send you something"),
        (ME, "send me whatever you like"),
        (ME, "you should talk to my sister"),
    ],
)
def test_what_only_sounds_like_a_promise_is_none(channel: Channel, text: str) -> None:
    assert promised(channel, text) == ()


def test_a_promise_cites_its_words_and_when_they_were_said() -> None:
    call = Told()
    call.them(10.0, "well of course")
    call.them(12.0, "we can do that i'll send you")
    call.them(14.8, "the list by friday okay and now tell me about you")
    (promise,) = learn(PLAN, call.end(60.0).entries, WORDS).promises
    assert promise.quote.text == "I'll send you the list by Friday"
    assert promise.start_s == pytest.approx(12.0 + 4 / 3, abs=0.01)
    assert len(promise.seqs) == 2
    assert promise.due is not None
    assert (promise.due.heard, promise.due.day) == ("by friday", "2026-12-04")


def test_a_pause_ends_the_sentence() -> None:
    call = Told()
    call.them(10.0, "if i")
    call.them(15.0, "i'll send you the list")
    call.them(25.0, "of all the nerve")
    (promise,) = learn(PLAN, call.end(60.0).entries, WORDS).promises
    assert promise.what == "send you the list"


def test_two_promises_in_one_breath_are_two() -> None:
    found = promised(THEM, "I'll ask Priya for you, and I'll send you her email on Friday.")
    assert [promise.what for promise in found] == [
        "ask Priya for you",
        "send you her email on Friday",
    ]
    assert [promise.due is not None for promise in found] == [False, True]


def test_a_date_before_the_promise_counts() -> None:
    (promise,) = promised(THEM, "by friday i'll send you the names")
    assert promise.due is not None
    assert promise.due.day == "2026-12-04"


def test_a_promise_made_twice_is_one_with_the_date_of_either() -> None:
    call = Told()
    call.me(1.0, "i'll send you the outline")
    call.them(10.0, "that would be great thanks")
    call.me(20.0, "so i'll send you the outline by december third")
    (promise,) = learn(PLAN, call.end(60.0).entries, WORDS).promises
    assert promise.start_s == 1.0
    assert promise.due is not None
    assert promise.due.day == "2026-12-03"
    assert len(promise.seqs) == 2


def test_two_promises_alike_in_letters_stay_two() -> None:
    call = Told()
    call.me(1.0, "i'll send you the list tomorrow")
    call.me(20.0, "i'll email you the slides tomorrow")
    assert len(learn(PLAN, call.end(60.0).entries, WORDS).promises) == 2


def test_a_language_without_patterns_finds_none_and_does_not_fail() -> None:
    assert promised(THEM, "i'll send you the list by friday", Words()) == ()


def test_a_clause_is_never_endless() -> None:
    (promise,) = promised(THEM, "i'll send you " + "paper " * 50)
    assert len(promise.what.split()) == 16


def test_without_a_name_it_is_still_english() -> None:
    call = Told()
    call.say(ME, 1.0, "i will email your colleague")
    nobody = msgspec.structs.replace(PLAN, person="", people=())
    (promise,) = learn(nobody, call.end(60.0).entries, WORDS).promises
    assert promise.what == "email their colleague"


def test_who_is_named_once_is_they_from_then_on() -> None:
    call = Told()
    call.say(ME, 1.0, "I'll send you your quotes before Friday.")
    (one,) = learn(PLAN, call.end(20.0).entries, WORDS).promises
    assert one.what == "send Dana their quotes before Friday"
