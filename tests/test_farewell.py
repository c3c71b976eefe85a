"""They want to end: which words say so, and when they are believed."""

import msgspec
import pytest
from scene import ME, PLAN, THEM, UNCLEAR, Scene

from assistant.events import Channel, Extended, Farewell, Finding, Heard, Understood
from assistant.minds.farewell import Farewells

pytestmark = pytest.mark.unit

LATE_S = 900.0
EARLY_S, MIDDLE_S = 120.0, 400.0
SURE, LIKELY, MAYBE = 0.95, 0.75, 0.65


def say(
    scene: Scene, at_s: float, text: str, score: float = SURE, channel: Channel = THEM
) -> list[Finding]:
    """Say it, and how much it is like a wish to end; return what was found up to now."""
    seq = scene.put(at_s, Heard(channel, at_s - 3.0, at_s - 0.5, text))
    scene.put(at_s + 0.05, Understood(seq, farewell=score))
    return list(scene.findings)


def heard(at_s: float, text: str, score: float = SURE, channel: Channel = THEM) -> list[Finding]:
    return say(Scene(Farewells(PLAN)), at_s, text, score, channel)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("well i have another meeting in five minutes", 5.0),
        ("Listen, I have another meeting.", None),
        ("i only have ten more minutes before i have to go now", 10.0),
        ("we're almost at time i have about 2 minutes", 2.0),
        ("i have another call in a couple of minutes", 2.0),
        ("it was great talking to you", None),
        ("i have another meeting at three", None),
        ("i have another meeting in 99999999 minutes", None),
        ("my class is coming in now", None),
    ],
)
def test_a_farewell_and_the_minutes_they_name(text: str, minutes: float | None) -> None:
    assert heard(LATE_S, text) == [Farewell(1, minutes)]


@pytest.mark.parametrize(
    "text",
    [
        "i take care of the servers",
        "the meeting took five minutes",
        "most of my day is another matter",
        "i have another meeting after that with the engineers",
        "",
    ],
)
def test_ordinary_talk_is_no_farewell(text: str) -> None:
    assert heard(LATE_S, text, 0.2) == []


@pytest.mark.parametrize("at_s", [35.0, EARLY_S, MIDDLE_S])
@pytest.mark.parametrize(
    "text",
    [
        "look i have another meeting now so i have to stop",
        "i'm afraid i have another meeting in a few minutes so i have to stop soon",
        "sorry i must dash",
        "hold on i have to take this",
    ],
)
def test_who_has_to_stop_ends_the_call_at_any_time(at_s: float, text: str) -> None:
    assert len(heard(at_s, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "i have to take this into account when i plan the week",
        "i must go through the orders first",
        "i must run the reports every morning",
        "i have another meeting now and then with the board",
        "i need to stop soon with the night shifts",
        "i must go to the office twice a week",
        "i have to take this medication",
    ],
)
def test_what_goes_on_behind_such_words_ends_no_call(text: str) -> None:
    assert heard(EARLY_S, text, 0.5) == []


def test_what_is_not_understood_is_no_farewell_unless_it_is_sure() -> None:
    scene = Scene(Farewells(PLAN))
    scene.put(LATE_S, Heard(THEM, 897.0, 899.0, "my class is coming in now"))
    assert not scene.findings
    seq = scene.put(LATE_S + 5, Heard(THEM, 902.0, 904.0, "sorry i have to go now"))
    assert scene.findings == [Farewell(seq)]


def test_only_they_say_it() -> None:
    assert heard(LATE_S, "i have another meeting", channel=ME) == []
    assert heard(LATE_S, "i have to go now", channel=ME) == []
    assert heard(LATE_S, "i have another meeting", channel=UNCLEAR) == [Farewell(1)]


def test_an_echo_is_no_farewell() -> None:
    scene = Scene(Farewells(PLAN))
    seq = scene.put(LATE_S, Heard(UNCLEAR, 890.0, 891.0, "i have to go now", echo=True))
    scene.put(LATE_S, Understood(seq, farewell=SURE))
    assert not scene.findings


def test_in_one_microphone_my_own_end_is_no_farewell_of_theirs() -> None:
    scene = Scene(Farewells(PLAN))
    scene.put(LATE_S, Heard(UNCLEAR, 890.0, 891.0, "i have to go now", probably=ME, certainty=0.97))
    assert not scene.findings


def test_minutes_count_from_when_they_were_named() -> None:
    scene = Scene(Farewells(PLAN))
    late = Heard(THEM, LATE_S - 125.0, LATE_S - 120.0, "i have to go in five minutes")
    scene.put(LATE_S + 0.1, Understood(scene.put(LATE_S, late), farewell=SURE))
    assert scene.findings == [Farewell(1, 3.0)]


def test_early_in_the_call_it_takes_a_very_sure_sign() -> None:
    assert heard(EARLY_S, "i have another meeting every morning", LIKELY) == []
    assert heard(EARLY_S, "look i have to get back to the ward") == [Farewell(1)]
    assert heard(EARLY_S, "look i have to get back to the ward", LIKELY) == []
    assert heard(30.0, "look i have to get back to the ward") == []
    assert heard(EARLY_S, "sorry i have to go now") == [Farewell(1)]


def test_or_two_signs_close_together() -> None:
    scene = Scene(Farewells(PLAN))
    assert say(scene, MIDDLE_S, "my class is coming in", LIKELY) == []
    assert say(scene, MIDDLE_S + 80, "conscious of the time", LIKELY) == [Farewell(3)]


def test_two_weak_signs_close_together_are_only_talk() -> None:
    scene = Scene(Farewells(PLAN))
    assert say(scene, MIDDLE_S, "my class is coming in", LIKELY) == []
    assert say(scene, MIDDLE_S + 80, "the day comes to its end early", LIKELY) == []


def test_of_a_long_talk_the_second_half_is_not_yet_its_end() -> None:
    hours = msgspec.structs.replace(PLAN, minutes=120.0)
    assert say(Scene(Farewells(hours)), 4000.0, "my class is coming in", SURE) == []
    assert say(Scene(Farewells(hours)), 6400.0, "my class is coming in", SURE) == [Farewell(1)]
    assert say(Scene(Farewells(hours)), 6500.0, "thank you for coming on", MAYBE) == []
    assert say(Scene(Farewells(hours)), 7000.0, "thank you for coming on", MAYBE) == [Farewell(1)]


def test_while_they_greet_two_signs_are_none() -> None:
    scene = Scene(Farewells(PLAN))
    assert say(scene, EARLY_S, "my class is coming in", LIKELY) == []
    assert say(scene, EARLY_S + 80, "conscious of the time", LIKELY) == []


def test_two_signs_far_apart_are_none() -> None:
    scene = Scene(Farewells(PLAN))
    say(scene, MIDDLE_S, "my class is coming in", LIKELY)
    assert say(scene, MIDDLE_S + 100, "conscious of the time", LIKELY) == []


def test_or_the_few_minutes_they_have() -> None:
    assert heard(EARLY_S, "i can give you five more minutes", MAYBE) == [Farewell(1, 5.0)]
    assert heard(EARLY_S, "i can give you twenty minutes", MAYBE) == []
    # At the beginning that is how long they have, and no news unless it is much less.
    short = msgspec.structs.replace(PLAN, minutes=4.0)
    assert say(Scene(Farewells(short)), 8.0, "i have three minutes now") == []
    assert heard(8.0, "i have a few minutes now") == []
    assert say(Scene(Farewells(short)), 8.0, "i only have one minute now") == [Farewell(1, 1.0)]
    assert heard(EARLY_S, "the batch takes five minutes", 0.3) == []


def test_late_in_the_call_one_likely_sign_is_enough() -> None:
    half_s = PLAN.length_s / 2
    assert heard(half_s + 1, "my class is coming in") == [Farewell(1)]
    assert heard(half_s - 1, "my class is coming in") == []
    assert heard(half_s + 1, "my class is coming in", LIKELY) == []


def test_what_is_early_depends_on_the_agreed_time() -> None:
    scene = Scene(Farewells(PLAN))
    scene.put(10.0, Extended(2400.0))
    assert say(scene, LATE_S, "i have another meeting") == []


def test_it_is_told_once_a_minute() -> None:
    scene = Scene(Farewells(PLAN))
    for at_s in (900.0, 930.0, 959.0, 961.0):
        say(scene, at_s, "i have another meeting")
    assert [round(at_s) for at_s, _ in scene.found] == [900, 961]


def test_how_likely_it_must_be_is_a_dial_of_the_sheet() -> None:
    dials = msgspec.structs.replace(PLAN.dials, farewell_alone_at=0.9, farewell_pair_at=0.9)
    scene = Scene(Farewells(msgspec.structs.replace(PLAN, dials=dials)))
    assert say(scene, LATE_S, "my class is coming in", 0.89) == []
    assert say(scene, LATE_S + 9, "my class is coming in", 0.96) == [Farewell(3)]


def test_thanks_for_the_whole_talk_end_it_where_nearly_all_the_time_has_passed() -> None:
    text = "well thank you so much for your time today it was a lot to take in for me as well"
    assert heard(0.9 * PLAN.length_s, text, 0.2) == [Farewell(1)]
    assert heard(0.6 * PLAN.length_s, text, 0.2) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "after_s", "is_end"),
    [
        ("thank you so much for your time today", "you're welcome good luck", 4.0, True),
        ("i really enjoyed this conversation so thank you", "yeah likewise", 4.0, True),
        ("thank you that helps", "you're welcome", 4.0, False),
        ("thank you so much for your time today", "the guild has a list of names", 4.0, False),
        ("thank you so much for your time today", "thanks", 60.0, False),
        ("thank you so much for your time today", "of course it takes two", -4.0, False),
        (
            "this has been so helpful who else should i talk to",
            "of course talk to jonas",
            4.0,
            False,
        ),
        ("you've been so generous may i ask two more", "sure no problem", 4.0, False),
        ("you've been so helpful", "they forget to say thanks to the porters", 4.0, False),
    ],
)
def test_what_answers_my_thanks_for_the_whole_talk_ends_it(
    mine: str, theirs: str, after_s: float, *, is_end: bool
) -> None:
    for part, is_late in ((0.9, True), (0.6, False)):
        scene, at_s = Scene(Farewells(PLAN)), part * PLAN.length_s
        say(scene, at_s, mine, channel=ME)
        told = say(scene, at_s + after_s, theirs, 0.0)
        assert told == [Farewell(3, thanked=True)] * (is_end and is_late)


def test_a_goodbye_that_is_told_of_in_a_long_line_waits_for_what_it_means() -> None:
    text = "and then he claims to be good with money and you look at the books and it is goodbye"
    assert heard(LATE_S, text, 0.1) == []
    assert heard(LATE_S, text, 0.9) == [Farewell(1)]


def test_what_was_told_of_is_not_the_first_of_another_pair() -> None:
    scene = Scene(Farewells(PLAN))
    assert say(scene, LATE_S, "i have another meeting") == [Farewell(1)]
    assert say(scene, LATE_S + 70.0, "my class is coming in", 0.75) == [Farewell(1)]


def test_a_promise_that_sounds_like_parting_ends_nothing() -> None:
    for promise, found in ((0.95, 0), (0.3, 1)):
        scene = Scene(Farewells(PLAN))
        at_s = PLAN.length_s * 0.8
        text = "and i will dig it out and send it over to you by thursday then"
        seq = scene.put(at_s, Heard(THEM, at_s - 3.0, at_s - 0.1, text))
        scene.put(at_s + 0.1, Understood(seq, farewell=0.97, promise=promise))
        assert len(scene.findings) == found
