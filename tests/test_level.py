"""How loud a channel is."""

import numpy as np
import pytest
from sound_card import tone

from assistant.hearing.level import Level, loudness_db

pytestmark = pytest.mark.unit


def feed(level: Level, length_s: float, amplitude: float) -> None:
    pcm = tone(400, length_s, amplitude).tobytes()
    for begin in range(0, len(pcm), 640):
        level.feed(pcm[begin : begin + 640])


def test_a_tone_at_a_tenth_of_full_scale_is_at_minus_23_db() -> None:
    level = Level()
    feed(level, 1.0, 0.1)
    assert level.level_db == pytest.approx(-23.0, abs=0.2)
    assert level.speech_db == pytest.approx(-23.0, abs=0.2)


def test_speech_has_no_level_before_anyone_spoke() -> None:
    level = Level()
    feed(level, 10.0, 0.001)
    assert level.speech_db is None
    feed(level, 0.4, 0.1)
    assert level.speech_db is None
    feed(level, 0.2, 0.1)
    assert level.speech_db is not None


def test_pauses_do_not_make_speech_softer() -> None:
    level = Level()
    for _ in range(10):
        feed(level, 0.5, 0.1)
        feed(level, 2.0, 0.0005)
    assert level.speech_db == pytest.approx(-23.0, abs=0.3)
    assert level.level_db < -60


def test_the_speech_level_follows_within_half_a_minute() -> None:
    level = Level()
    feed(level, 20.0, 0.1)
    feed(level, 30.0, 0.01)
    assert level.speech_db == pytest.approx(-43.0, abs=1.0)


def test_zeros_are_counted_until_there_is_any_sound() -> None:
    level = Level()
    level.feed(bytes(64000))
    assert (level.zeros_s, level.was_heard, level.level_db) == (2.0, False, -100.0)
    level.feed(np.array([0, 0, 1, 0], np.int16).tobytes())
    assert (level.zeros_s, level.was_heard) == (0.0, True)


def test_the_loudness_of_a_piece_is_that_of_its_voice_not_of_its_pauses() -> None:
    voice, pause = tone(400, 1.0, 0.1).tobytes(), tone(400, 3.0, 0.0005).tobytes()
    assert loudness_db(voice + pause) == pytest.approx(-23.0, abs=0.3)
    assert loudness_db(pause) is None
    assert loudness_db(b"") is None
