"""What ails a channel: found in time, told once, over once."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from assistant.events import Channel, Fact, Trouble
from assistant.hearing.health import Health
from assistant.hearing.level import Level
from assistant.hearing.spool import RATE_HZ

pytestmark = pytest.mark.unit

ME, THEM = Channel.ME, Channel.THEM
BLOCK_S = 0.1
FRAMES = round(BLOCK_S * RATE_HZ)
ZEROS = bytes(2 * FRAMES)
NOISE = np.resize(np.array([3, -2], np.int16), FRAMES).tobytes()
VOICE = np.resize(np.array([3000, -3000], np.int16), FRAMES).tobytes()
TOO_LOUD = np.resize(np.array([32767] * 2 + [900] * 98, np.int16), FRAMES).tobytes()


@dataclass
class Ward:
    """Both sides of a call, looked at ten times a second."""

    facts: list[Fact] = field(default_factory=list[Fact])
    now_s: float = 50.0

    def __post_init__(self) -> None:
        self.levels = {ME: Level(), THEM: Level()}
        self.healths = {c: Health(c, level, self.facts.append) for c, level in self.levels.items()}

    def run(self, length_s: float, mine: bytes | None, theirs: bytes | None) -> list[str]:
        """Let both give that for so long, None for a dead stream; return what was told."""
        before = len(self.facts)
        for _ in range(round(length_s / BLOCK_S)):
            self.now_s += BLOCK_S
            for channel, pcm in ((ME, mine), (THEM, theirs)):
                if pcm is not None:
                    self.levels[channel].feed(pcm)
            for channel, pcm in ((ME, mine), (THEM, theirs)):
                self.healths[channel].look(self.now_s, runs=pcm is not None, own=self.levels[ME])
        return [
            f"{fact.part}: {'over' if fact.over else 'begins'}"
            for fact in self.facts[before:]
            if isinstance(fact, Trouble)
        ]


@pytest.fixture
def ward() -> Ward:
    ward = Ward()
    assert ward.run(3.0, VOICE, VOICE) == []
    return ward


def test_a_microphone_of_zeros_is_told_after_five_seconds_and_over_with_the_first_sound(
    ward: Ward,
) -> None:
    assert ward.run(4.9, ZEROS, VOICE) == []
    assert ward.run(0.4, ZEROS, VOICE) == ["microphone: begins"]
    assert ward.run(60.0, ZEROS, VOICE) == []
    assert ward.run(0.1, NOISE, VOICE) == ["microphone: over"]


def test_a_quiet_person_is_not_muted(ward: Ward) -> None:
    assert ward.run(120.0, NOISE, VOICE) == []


def test_a_side_that_is_digital_silence_while_it_listens_is_not_gone(ward: Ward) -> None:
    # The user talks for two minutes, breathing in between; then they answer.
    for _ in range(20):
        assert ward.run(5.8, VOICE, ZEROS) == []
        assert ward.run(0.2, NOISE, ZEROS) == []
    assert ward.run(5.0, NOISE, VOICE) == []


def test_a_long_silence_of_both_is_no_trouble(ward: Ward) -> None:
    assert ward.run(120.0, NOISE, ZEROS) == []


def test_a_side_that_gives_nothing_while_the_user_speaks_and_waits_is_gone(ward: Ward) -> None:
    began_s = ward.now_s
    assert ward.run(6.0, VOICE, ZEROS) == []
    assert ward.run(23.0, NOISE, ZEROS) == []
    assert ward.run(2.0, NOISE, ZEROS) == ["far side: begins"]
    assert ward.now_s - began_s == pytest.approx(31.0)
    told = ward.facts[-1]
    assert isinstance(told, Trouble)
    assert told.text.startswith("Nothing has come from the other side for 30 s")
    assert ward.run(60.0, VOICE, ZEROS) == []
    assert ward.run(0.1, VOICE, NOISE) == ["far side: over"]


def test_with_a_muted_microphone_a_side_of_zeros_is_told_as_well(ward: Ward) -> None:
    assert ward.run(62.0, ZEROS, ZEROS) == ["microphone: begins", "far side: begins"]
    assert ward.run(1.0, NOISE, VOICE) == ["microphone: over", "far side: over"]


def test_a_side_that_was_never_heard_is_told_after_half_a_minute() -> None:
    ward = Ward()
    assert ward.run(29.9, VOICE, ZEROS) == []
    assert ward.run(1.0, VOICE, ZEROS) == ["far side: begins"]


@pytest.mark.parametrize("channel", [ME, THEM])
def test_a_side_that_is_too_loud_is_told_with_advice_and_over_after_a_calm_minute(
    ward: Ward, channel: Channel
) -> None:
    def run(length_s: float, pcm: bytes) -> list[str]:
        mine, theirs = (pcm, VOICE) if channel is ME else (VOICE, pcm)
        return ward.run(length_s, mine, theirs)

    # What distorts is still heard: it is no trouble of the side itself.
    part = "microphone level" if channel is ME else "far side level"
    assert run(2.0, TOO_LOUD) == []
    assert run(3.0, TOO_LOUD) == [f"{part}: begins"]
    told = ward.facts[-1]
    assert isinstance(told, Trouble)
    assert "turn" in told.text
    for _ in range(5):
        assert run(30.0, VOICE) == []
        assert run(5.0, TOO_LOUD) == []
    assert run(70.0, VOICE) == [f"{part}: over"]


def test_a_side_that_distorts_and_then_stops_is_in_one_trouble_after_the_other(ward: Ward) -> None:
    assert ward.run(5.0, TOO_LOUD, VOICE) == ["microphone level: begins"]
    ward.healths[ME].stop()
    ward.run(5.0, None, VOICE)
    assert ward.run(4.0, VOICE, VOICE) == ["microphone: over"]
    told = [(fact.part, fact.over) for fact in ward.facts if isinstance(fact, Trouble)]
    assert told == [
        ("microphone level", False),
        ("microphone level", True),
        ("microphone", False),
        ("microphone", True),
    ]


def test_one_loud_word_is_not_distortion(ward: Ward) -> None:
    assert ward.run(0.3, TOO_LOUD, VOICE) == []
    assert ward.run(60.0, VOICE, VOICE) == []


def test_a_stream_that_comes_and_goes_is_one_episode(ward: Ward) -> None:
    for _ in range(5):
        ward.healths[ME].stop()
        ward.run(1.0, None, VOICE)
        ward.run(2.0, VOICE, VOICE)
    assert ward.run(2.0, VOICE, VOICE) == ["microphone: over"]
    assert len(ward.facts) == 2


def test_a_muted_microphone_that_stops_is_told_as_stopped_and_comes_back_once(ward: Ward) -> None:
    assert ward.run(6.0, ZEROS, VOICE) == ["microphone: begins"]
    ward.healths[ME].stop()
    assert ward.run(5.0, None, VOICE) == []
    assert ward.run(4.0, VOICE, VOICE) == ["microphone: over"]
    assert [fact.text for fact in ward.facts if isinstance(fact, Trouble)][1:] == [
        "The microphone stopped; it is being looked for.",
        "The microphone is back.",
    ]
