"""When it is quiet, and for how long."""

import pytest
from scene import ME, THEM

from assistant.events import (
    Entry,
    Fact,
    Heard,
    Paused,
    Recovered,
    SpeechEnded,
    SpeechStarted,
)
from assistant.minds.voices import BELIEVED_S, Voices

pytestmark = pytest.mark.unit


def voices(*placed: tuple[float, Fact]) -> Voices:
    room = Voices()
    for number, (at_s, fact) in enumerate(placed):
        room.take(Entry(number + 1, at_s, fact))
    return room


def test_it_is_quiet_from_where_the_last_voice_ended() -> None:
    room = voices((1.1, SpeechStarted(ME, 1.0)), (3.5, SpeechEnded(ME, 1.0, 3.0)))
    assert room.silent_s(4.0) == 1.0


def test_it_is_not_quiet_while_either_speaks() -> None:
    room = voices(
        (1.1, SpeechStarted(ME, 1.0)),
        (2.1, SpeechStarted(THEM, 2.0)),
        (3.5, SpeechEnded(ME, 1.0, 3.0)),
    )
    assert room.silent_s(9.0) == 0.0
    assert room.speaking(9.0) == (THEM,)


def test_the_end_of_a_voice_does_not_end_the_next_one() -> None:
    room = voices(
        (1.1, SpeechStarted(ME, 1.0)),
        (3.2, SpeechStarted(ME, 3.1)),
        (3.5, SpeechEnded(ME, 1.0, 3.0)),
    )
    assert room.speaking(4.0) == (ME,)


def test_who_spoke_last_is_known() -> None:
    room = voices((3.5, SpeechEnded(ME, 1.0, 3.0)), (3.6, SpeechEnded(THEM, 1.0, 2.0)))
    assert room.last is ME
    assert voices((3.5, SpeechEnded(ME, 1.0, 3.0)), (5.0, Paused())).last is None


def test_before_the_first_voice_it_is_quiet() -> None:
    assert voices().silent_s(5.0) == 5.0


def test_no_voice_ends_in_the_future() -> None:
    assert voices((3.5, SpeechEnded(ME, 1.0, 9999.0))).silent_s(4.5) == 1.0


def test_a_voice_without_any_sign_is_given_up() -> None:
    room = voices((1.0, SpeechStarted(ME, 1.0)), (31.0, Heard(ME, 1.0, 30.0, "and so on")))
    assert room.speaking(31.0 + BELIEVED_S - 1) == (ME,)
    assert room.speaking(31.0 + BELIEVED_S) == ()


def test_a_pause_ends_every_voice() -> None:
    room = voices((1.0, SpeechStarted(ME, 1.0)), (5.0, Paused()))
    assert room.silent_s(6.0) == 1.0


def test_after_the_program_was_gone_nobody_speaks_and_silence_counts_anew() -> None:
    room = voices((1.1, SpeechStarted(ME, 1.0)), (2.0, Recovered(2.0, 30.0)))
    assert room.speaking(30.5) == ()
    assert room.silent_s(20.0) == 0.0
    assert room.silent_s(31.0) == 1.0
