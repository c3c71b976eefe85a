"""A cue is murmured at once, stops for anybody's voice, and always ends in one way."""

import queue
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from assistant.events import (
    CallEnded,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Fact,
    Finding,
    Hushed,
    MarkHeard,
    Paused,
    SpeechEnded,
    SpeechStarted,
    Trouble,
)
from assistant.plan import Dials
from assistant.speaking.earcon import LENGTH_S, earcon
from assistant.speaking.leaks import DRY, LEAKING
from assistant.speaking.loudness import LOUDEST_DB, QUIETEST_DB, at_level, level_db
from assistant.speaking.murmur import HEARD_AGAIN, PAUSE_S, UNHEARD, Murmur, length_s
from assistant.speaking.samples import Samples

pytestmark = pytest.mark.unit

WORDS_S = 1.0


def tone(length_s: float, peak: float = 0.4) -> Samples:
    at = np.arange(round(length_s * 22050)) / 22050
    return Samples((peak * np.sin(2 * np.pi * 300 * at)).astype(np.float32), 22050)


class Says:
    """A voice that may be slow, mute, or off."""

    def __init__(self) -> None:
        self.gave_up = False
        self.mute = False
        self.asked: queue.Queue[str] = queue.Queue()
        self.may_answer = threading.Event()
        self.may_answer.set()

    def say(self, text: str, deadline_s: float) -> Samples | None:
        self.asked.put(text)
        if not self.may_answer.wait(min(deadline_s, 5.0)) or self.mute:
            return None
        return tone(WORDS_S)


class Plays:
    """A headset whose time the test moves: each sound begins and ends when it says so."""

    def __init__(self) -> None:
        self.works = True
        self.is_slow = False
        """Whether it goes on sounding for a while when it is cut."""
        self.fault: Exception | None = None
        self.played: queue.Queue[Samples] = queue.Queue()
        self._on_started: Callable[[float], None] | None = None
        self._on_ended: Callable[[float, bool], None] | None = None

    def play(
        self,
        samples: Samples,
        on_started: Callable[[float], None],
        on_ended: Callable[[float, bool], None],
    ) -> bool:
        if self.fault:
            raise self.fault
        if not self.works:
            return False
        self._on_started, self._on_ended = on_started, on_ended
        self.played.put(samples)
        return True

    def begin(self, in_s: float = 0.0) -> Samples:
        samples = self.played.get(timeout=5)
        assert self._on_started
        self._on_started(in_s)
        return samples

    def finish(self, in_s: float = 0.0, *, whole: bool = True) -> None:
        on_ended, self._on_ended = self._on_ended, None
        if on_ended:
            on_ended(in_s, whole)

    def cut(self) -> None:
        if not self.is_slow:
            self.finish(whole=False)


class Scene:
    """A call in which the test moves the clock and reads what was told."""

    def __init__(self, *, with_headset: bool = True, with_voice: bool = True) -> None:
        self.says, self.plays = Says(), Plays()
        self.now_s = 10.0
        self.call_db: float | None = -20.0
        self._seq = 0
        self._told: queue.Queue[Fact] = queue.Queue()
        self.murmur = Murmur(
            self.says if with_voice else None,
            self.plays if with_headset else None,
            lambda: self.now_s,
            lambda: self.call_db,
            self._told.put,
            Dials(),
        )

    def take(self, event: Fact | Finding) -> int:
        self._seq += 1
        self.murmur.take(Entry(self._seq, self.now_s, event))
        return self._seq

    def cue(self, text: str = "ask: typical day", *, expires_s: float = 22.0) -> int:
        return self.take(Cue("question", text, None, "silent for 4 s", expires_s))

    def told(self) -> Fact:
        return self._told.get(timeout=5)

    def all_told(self) -> list[Fact]:
        return [self._told.get_nowait() for _ in range(self._told.qsize())]


@pytest.fixture
def scene() -> Iterator[Scene]:
    scene = Scene()
    yield scene
    scene.says.may_answer.set()
    scene.murmur.close()


def test_a_cue_is_told_from_its_first_sample_to_its_last(scene: Scene) -> None:
    seq = scene.cue()
    scene.plays.begin(in_s=0.08)
    assert scene.told() == CueStarted(seq, 10.0 + 0.08)
    scene.now_s = 11.2
    scene.plays.finish(in_s=0.03)
    assert scene.told() == CueEnded(seq, 10.0 + 0.08, 11.2 + 0.03, "spoken")


def test_a_tone_precedes_the_words(scene: Scene) -> None:
    scene.cue()
    samples = scene.plays.begin()
    assert samples.length_s == pytest.approx(LENGTH_S + PAUSE_S + WORDS_S, abs=0.001)
    pause = samples.sound[round(0.155 * 22050) : round(0.225 * 22050)]
    assert np.abs(pause).max() == 0


def test_a_tone_cue_is_only_a_tone(scene: Scene) -> None:
    seq = scene.take(Cue("time", "five left", None, "5 minutes left", 55.0, tone=True))
    assert scene.plays.begin().length_s == pytest.approx(LENGTH_S, abs=0.001)
    scene.plays.finish()
    assert scene.told() == CueStarted(seq, 10.0)
    assert scene.told() == CueEnded(seq, 10.0, 10.0, "tone")
    assert scene.says.asked.empty()


def test_the_tone_sounds_although_somebody_speaks_and_is_not_cut(scene: Scene) -> None:
    scene.take(SpeechStarted(Channel.THEM, 2.0))
    seq = scene.take(Cue("time", "five left", None, "5 minutes left", 55.0, tone=True))
    scene.plays.begin()
    scene.take(SpeechStarted(Channel.ME, 10.0))
    scene.now_s = 10.15
    scene.plays.finish()
    assert scene.told() == CueStarted(seq, 10.0)
    assert scene.told() == CueEnded(seq, 10.0, 10.15, "tone")


def test_a_hush_cuts_the_tone_too(scene: Scene) -> None:
    seq = scene.take(Cue("time", "five left", None, "5 minutes left", 55.0, tone=True))
    scene.plays.begin()
    scene.take(Hushed())
    assert [scene.told(), scene.told()] == [
        CueStarted(seq, 10.0),
        CueEnded(seq, 10.0, 10.0, "stopped"),
    ]


def test_a_caution_begins_with_the_warning(scene: Scene) -> None:
    scene.take(Cue("caution", "not yet", None, "you asked for a job", 22.0))
    tone = scene.plays.begin().sound[: round(LENGTH_S * 22050)]
    likeness = [np.corrcoef(tone, earcon(kind, 22050).sound)[0, 1] for kind in ("calm", "warning")]
    assert likeness[1] > 0.99 > likeness[0]


@pytest.mark.parametrize("channel", list(Channel))
def test_anybodys_voice_cuts_it(scene: Scene, channel: Channel) -> None:
    seq = scene.cue()
    scene.plays.begin()
    scene.now_s = 10.5
    scene.take(SpeechStarted(channel, 10.4))
    assert scene.told() == CueStarted(seq, 10.0)
    assert scene.told() == CueEnded(seq, 10.0, 10.5, "cut")


def test_a_voice_before_the_first_sample_lets_it_expire(scene: Scene) -> None:
    seq = scene.cue()
    scene.plays.played.get(timeout=5)
    scene.take(SpeechStarted(Channel.THEM, 10.0))
    assert scene.told() == CueEnded(seq, 10.0, 10.0, "expired")


def test_a_voice_while_it_is_rendered_lets_it_expire(scene: Scene) -> None:
    scene.says.may_answer.clear()
    seq = scene.cue()
    scene.says.asked.get(timeout=5)
    scene.take(SpeechStarted(Channel.THEM, 10.0))
    scene.take(SpeechEnded(Channel.THEM, 10.0, 10.2))
    scene.says.may_answer.set()
    assert scene.told() == CueEnded(seq, 10.0, 10.0, "expired")
    assert scene.plays.played.empty()


def test_it_does_not_begin_while_somebody_speaks(scene: Scene) -> None:
    scene.take(SpeechStarted(Channel.ME, 9.0))
    seq = scene.cue()
    assert scene.told() == CueEnded(seq, 10.0, 10.0, "expired")
    scene.take(SpeechEnded(Channel.ME, 9.0, 11.0))
    again = scene.cue()
    scene.plays.begin()
    assert scene.told() == CueStarted(again, 10.0)


def test_a_voice_whose_end_was_lost_silences_it_for_a_minute_at_most(scene: Scene) -> None:
    scene.take(SpeechStarted(Channel.ME, 10.0))
    scene.now_s = 69.0
    seq = scene.cue(expires_s=81.0)
    assert scene.told() == CueEnded(seq, 69.0, 69.0, "expired")
    scene.now_s = 70.5
    seq = scene.cue(expires_s=82.0)
    scene.plays.begin()
    assert scene.told() == CueStarted(seq, 70.5)


def test_it_does_not_begin_too_late(scene: Scene) -> None:
    scene.says.may_answer.clear()
    seq = scene.cue(expires_s=10.5)
    scene.says.asked.get(timeout=5)
    scene.now_s = 10.6
    scene.says.may_answer.set()
    assert scene.told() == CueEnded(seq, 10.6, 10.6, "expired")
    assert scene.plays.played.empty()


def test_of_a_hundred_cues_at_once_one_is_spoken(scene: Scene) -> None:
    scene.says.may_answer.clear()
    cues = [scene.cue(f"cue {n}") for n in range(100)]
    assert [scene.told() for _ in range(99)] == [
        CueEnded(seq, 10.0, 10.0, "expired") for seq in cues[1:]
    ]
    scene.says.may_answer.set()
    scene.plays.begin()
    scene.plays.finish()
    assert [scene.told(), scene.told()] == [
        CueStarted(cues[0], 10.0),
        CueEnded(cues[0], 10.0, 10.0, "spoken"),
    ]
    assert scene.plays.played.empty()


def test_after_one_the_next_may_come(scene: Scene) -> None:
    for _ in range(3):
        seq = scene.cue()
        scene.plays.begin()
        scene.plays.finish()
        assert [scene.told(), scene.told()] == [
            CueStarted(seq, 10.0),
            CueEnded(seq, 10.0, 10.0, "spoken"),
        ]


def test_taking_a_cue_never_waits_for_the_voice(scene: Scene) -> None:
    scene.says.may_answer.clear()
    began_s = time.monotonic()
    scene.cue()
    scene.take(SpeechStarted(Channel.ME, 10.0))
    assert time.monotonic() - began_s < 0.5


@pytest.mark.parametrize(
    "event",
    [Paused(), CallEnded("stopped"), Hushed(), Hushed(60.0), MarkHeard(3, "hush", "hush")],
    ids=lambda event: type(event).__name__,
)
def test_a_pause_the_end_and_a_hush_cut_it(scene: Scene, event: Fact | Finding) -> None:
    seq = scene.cue()
    scene.plays.begin()
    scene.take(event)
    how = "call_ended" if isinstance(event, CallEnded) else "stopped"
    assert [scene.told(), scene.told()] == [CueStarted(seq, 10.0), CueEnded(seq, 10.0, 10.0, how)]


def test_what_cut_it_first_is_told(scene: Scene) -> None:
    seq = scene.cue()
    scene.plays.begin()
    scene.plays.is_slow = True
    scene.take(SpeechStarted(Channel.THEM, 10.0))
    scene.take(CallEnded("stopped"))
    scene.plays.finish(whole=False)
    assert [scene.told(), scene.told()] == [CueStarted(seq, 10.0), CueEnded(seq, 10.0, 10.0, "cut")]


def test_the_end_of_a_hush_cuts_nothing(scene: Scene) -> None:
    scene.cue()
    scene.plays.begin()
    scene.take(Hushed(0))
    scene.told()
    assert scene.all_told() == []


def shown(seq: int) -> list[Fact]:
    return [CueStarted(seq, 10.0), CueEnded(seq, 10.0, 10.0, "shown")]


@pytest.mark.parametrize("missing", ["with_headset", "with_voice"])
def test_without_a_headset_or_a_voice_cues_are_shown(missing: str) -> None:
    scene = Scene(**{missing: False})
    seq = scene.cue()
    assert [scene.told(), scene.told()] == shown(seq)
    scene.murmur.close()


def test_a_tone_needs_no_voice() -> None:
    scene = Scene(with_voice=False)
    seq = scene.take(Cue("time", "five left", None, "5 minutes left", 55.0, tone=True))
    scene.plays.begin()
    assert scene.told() == CueStarted(seq, 10.0)
    scene.murmur.close()


def test_what_can_not_be_said_or_played_is_shown(scene: Scene) -> None:
    scene.says.mute = True
    seq = scene.cue()
    assert [scene.told(), scene.told()] == shown(seq)
    scene.says.mute, scene.plays.works = False, False
    seq = scene.cue()
    assert [scene.told(), scene.told()] == shown(seq)
    scene.says.gave_up = True
    seq = scene.cue()
    assert [scene.told(), scene.told()] == shown(seq)


def test_a_fault_costs_one_cue_and_is_told_once(scene: Scene) -> None:
    scene.plays.fault = OSError("the sound server is gone")
    first = scene.cue()
    assert [scene.told(), scene.told()] == shown(first)
    assert scene.told() == UNHEARD
    second = scene.cue()
    assert [scene.told(), scene.told()] == shown(second)
    scene.plays.fault = None
    third = scene.cue()
    scene.plays.begin()
    scene.plays.finish()
    assert [scene.told(), scene.told(), scene.told()] == [
        CueStarted(third, 10.0),
        CueEnded(third, 10.0, 10.0, "spoken"),
        HEARD_AGAIN,
    ]


def test_closing_cuts_what_sounds(scene: Scene) -> None:
    seq = scene.cue()
    scene.plays.begin()
    scene.murmur.close()
    assert scene.all_told() == [CueStarted(seq, 10.0), CueEnded(seq, 10.0, 10.0, "call_ended")]
    late = scene.cue()
    assert scene.told() == CueEnded(late, 10.0, 10.0, "expired")


def test_closing_waits_for_no_slow_voice(scene: Scene) -> None:
    scene.says.may_answer.clear()
    seq = scene.cue()
    scene.says.asked.get(timeout=5)
    scene.murmur.close(within_s=0.0)
    assert scene.all_told() == [CueEnded(seq, 10.0, 10.0, "expired")]
    scene.says.may_answer.set()
    scene.murmur.close(within_s=5.0)
    assert scene.all_told() == []
    assert scene.plays.played.empty()


def test_a_microphone_that_hears_the_murmurs_is_told_once(scene: Scene) -> None:
    told: list[Fact] = []
    for _ in range(5):
        seq = scene.cue()
        scene.plays.begin()
        scene.take(SpeechStarted(Channel.ME, 10.2))
        while not (told and isinstance(told[-1], CueEnded) and told[-1].cue_seq == seq):
            told.append(scene.told())
        scene.take(SpeechEnded(Channel.ME, 10.2, 10.4))
    assert [fact for fact in told if isinstance(fact, Trouble)] == [LEAKING]
    scene.cue()
    scene.plays.begin()
    scene.plays.finish()
    assert isinstance(scene.told(), CueStarted)
    assert isinstance(scene.told(), CueEnded)
    assert scene.told() == DRY


@pytest.mark.parametrize("call_db", [-60.0, -30.0, -20.0, -10.0, 0.0, None])
def test_it_sounds_below_the_call_and_within_bounds(scene: Scene, call_db: float | None) -> None:
    scene.call_db = call_db
    scene.cue()
    samples = scene.plays.begin()
    words = Samples(samples.sound[-round(WORDS_S * 22050) :], 22050)
    assert words.voice_db == pytest.approx(level_db(call_db, 11.0), abs=0.5)
    assert QUIETEST_DB <= level_db(call_db, 11.0) <= LOUDEST_DB
    if call_db in (-30.0, -20.0):
        assert level_db(call_db, 11.0) == call_db - 11.0


def test_a_spiky_voice_is_not_clipped_to_be_loud() -> None:
    clicks = np.zeros(22050, np.float32)
    clicks[::200] = 0.5
    assert at_level(Samples(clicks, 22050), -14.0).peak < 1.0
    assert at_level(Samples(np.zeros(100, np.float32), 22050), -14.0).peak == 0.0


def test_a_rehearsal_knows_how_long_a_cue_sounds() -> None:
    cue = Cue("time", "five left", None, "", 55.0)
    assert length_s(cue, 1.0) == pytest.approx(1.23)
    assert length_s(Cue("time", "five left", None, "", 55.0, tone=True), 1.0) == LENGTH_S


def test_of_a_forgotten_murmur_nothing_more_is_told_and_the_next_one_sounds(scene: Scene) -> None:
    scene.cue("ask: what was just said")
    scene.plays.begin()
    assert isinstance(scene.told(), CueStarted)
    scene.murmur.forget()
    assert scene.all_told() == []
    scene.take(SpeechStarted(Channel.THEM, 11.0))
    scene.murmur.forget()
    # The voice that was open has ended with what was forgotten.
    scene.now_s = 20.0
    seq = scene.cue(expires_s=32.0)
    scene.plays.begin()
    scene.plays.finish()
    assert [scene.told(), scene.told()] == [
        CueStarted(seq, 20.0),
        CueEnded(seq, 20.0, 20.0, "spoken"),
    ]


def test_a_murmur_forgotten_while_its_voice_is_slow_is_never_heard(scene: Scene) -> None:
    scene.says.may_answer.clear()
    scene.cue()
    scene.says.asked.get(timeout=5)
    scene.murmur.forget()
    scene.says.may_answer.set()
    seq = scene.cue("ask: another")
    scene.plays.begin()
    assert scene.told() == CueStarted(seq, 10.0)
    assert scene.plays.played.empty()
