"""One side of the call: what is told at once, what waits for the engine, which sound it gets."""

import tracemalloc

import pytest
from sound_card import tone

from assistant.events import Channel, Fact, Heard, SpeechEnded, SpeechStarted, Word
from assistant.hearing.segments import WINDOW_S, WINDOW_SAMPLES
from assistant.hearing.side import Mouth, Side
from assistant.hearing.spool import RATE_HZ
from assistant.hearing.work import AtOnce, Task, Work

pytestmark = pytest.mark.unit

VOICE, NOTHING = 0.95, 0.03
Stretch = tuple[float, float]


def window(number: int) -> bytes:
    return number.to_bytes(4, "little").ljust(WINDOW_SAMPLES * 2, b"\0")


class Engine:
    """Its words are the numbers of the windows that it was given; each window is its number."""

    def __init__(self) -> None:
        self.portions: list[int] = []
        self.pauses = 0
        self.said = True
        self._windows: list[int] = []

    def accept(self, pcm: bytes) -> str:
        size = WINDOW_SAMPLES * 2
        numbers = [int.from_bytes(pcm[i : i + 4], "little") for i in range(0, len(pcm), size)]
        self._windows += numbers
        self.portions.append(len(numbers))
        return f"{len(self._windows)} windows"

    def pause(self) -> None:
        self.pauses += 1

    def finish(self) -> tuple[Word, ...]:
        windows, self._windows = self._windows, []
        if not self.said:
            return ()
        return (
            Word(str(windows[0]), 0.0, WINDOW_S, 1.0),
            Word(str(windows[-1]), (len(windows) - 1) * WINDOW_S, len(windows) * WINDOW_S, 1.0),
        )

    def close(self) -> None:
        """Nothing is held."""


class Later:
    """Keeps the engine's work until it is told to do it: an engine that is very slow."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []

    def do(self, task: Task) -> None:
        self.tasks.append(task)

    def do_if_free(self, task: Task) -> None:
        """Leave it: it is never free."""

    def catch_up(self) -> None:
        while self.tasks:
            self.tasks.pop(0)()


class Table:
    """A side, and what it said."""

    def __init__(
        self, work: Work | None = None, from_s: float = 0.0, channel: Channel = Channel.THEM
    ) -> None:
        self.engine = Engine()
        self.told: list[tuple[float, Fact]] = []
        self.partials: list[str] = []
        self.at_s: list[float] = []
        self._probability = NOTHING
        self._windows = 0
        self.side = Side(
            channel,
            from_s,
            "test engine",
            self.engine,
            lambda _: self._probability,
            lambda first, windows: b"".join(map(window, range(first, first + windows))),
            Mouth(
                lambda fact, known_s: self.told.append((known_s, fact)),
                lambda _, text: self.partials.append(text),
                lambda _, at_s: self.at_s.append(at_s),
            ),
            work or AtOnce(),
        )

    def hear(self, *stretches: Stretch) -> None:
        for self._probability, length_s in stretches:
            for _ in range(round(length_s / WINDOW_S)):
                self.side.hear(window(self._windows))
                self._windows += 1

    @property
    def facts(self) -> list[Fact]:
        return [fact for _, fact in self.told]

    def heard(self) -> list[Heard]:
        return [fact for fact in self.facts if isinstance(fact, Heard)]


def test_a_turn_is_told_as_its_start_its_end_and_its_words():
    table = Table()
    table.hear((NOTHING, 0.96), (VOICE, 1.6), (NOTHING, 0.64))
    started, ended, heard = table.facts
    assert started == SpeechStarted(Channel.THEM, 0.96)
    assert ended == SpeechEnded(Channel.THEM, 0.96, 2.56)
    assert isinstance(heard, Heard)
    assert (heard.start_s, heard.end_s, heard.engine) == (0.96, 2.56, "test engine")


def test_each_fact_carries_when_it_could_be_known():
    table = Table()
    table.hear((NOTHING, 0.96), (VOICE, 1.6), (NOTHING, 0.64))
    assert [known_s for known_s, _ in table.told] == [1.056, 3.04, 3.04]


def test_the_engine_gets_the_sound_of_the_piece_and_a_little_around_it():
    table = Table()
    table.hear((NOTHING, 0.96), (VOICE, 1.6), (NOTHING, 0.64))
    (heard,) = table.heard()
    first, last = heard.text.split()
    assert 0.2 <= 0.96 - int(first) * WINDOW_S <= 0.3
    assert 0.05 <= (int(last) + 1) * WINDOW_S - 2.56 <= 0.15


def test_words_stand_at_their_time_in_the_call_and_never_outside_their_piece():
    table = Table(from_s=100.0)
    table.hear((NOTHING, 3.2), (VOICE, 1.6), (NOTHING, 0.64))
    (heard,) = table.heard()
    assert heard.start_s == 103.2
    assert heard.words[0].start_s == 103.2
    assert heard.words[-1].end_s == heard.end_s == 104.8


def test_how_loud_it_was_is_told_where_one_microphone_hears_both():
    told: list[float | None] = []
    for channel, amplitude in ((Channel.UNCLEAR, 0.1), (Channel.UNCLEAR, 0.0), (Channel.THEM, 0.1)):
        table = Table(channel=channel)
        table.side.sound = lambda _, windows, a=amplitude: tone(
            400, windows * WINDOW_S, a
        ).tobytes()
        table.hear((NOTHING, 0.96), (VOICE, 1.6), (NOTHING, 0.64))
        told += [heard.loudness_db for heard in table.heard()]
    assert told == [pytest.approx(-23.0, abs=0.3), None, None]


def test_a_slow_engine_delays_words_only():
    later = Later()
    table = Table(later)
    table.hear((VOICE, 1.6), (NOTHING, 0.64), (VOICE, 1.6), (NOTHING, 0.64))
    kinds = [type(fact) for fact in table.facts]
    assert kinds == [SpeechStarted, SpeechEnded, SpeechStarted, SpeechEnded]
    later.catch_up()
    assert [type(fact) for fact in table.facts[4:]] == [Heard, Heard]


def test_words_do_not_depend_on_how_fast_the_engine_is():
    later = Later()
    slow, quick = Table(later), Table()
    for table in (slow, quick):
        table.hear((VOICE, 12.8), (NOTHING, 0.32), (VOICE, 5.12), (NOTHING, 0.64), (VOICE, 0.64))
        table.side.end(19.5)
    later.catch_up()
    assert slow.heard() == quick.heard()
    assert slow.engine.portions == quick.engine.portions


def test_an_engine_that_falls_behind_keeps_no_sound_waiting():
    later = Later()
    table = Table(later)
    table.hear((VOICE, 6.4))
    tracemalloc.start()
    try:
        table.hear((VOICE, 64.0))
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert later.tasks
    assert kept_bytes < 0.1 * 64.0 * RATE_HZ * 2


def test_speech_without_words_is_still_speech():
    table = Table()
    table.engine.said = False
    table.hear((VOICE, 1.6), (NOTHING, 0.64))
    assert [type(fact) for fact in table.facts] == [SpeechStarted, SpeechEnded]


def test_a_cut_monologue_is_one_turn_with_several_words():
    table = Table()
    table.hear((VOICE, 12.8), (NOTHING, 0.32), (VOICE, 1.6), (NOTHING, 0.64))
    kinds = [type(fact) for fact in table.facts]
    assert kinds == [SpeechStarted, Heard, SpeechEnded, Heard]


def test_partial_words_are_shown_while_they_change_and_taken_back_when_they_are_final():
    table = Table()
    table.hear((VOICE, 1.6), (NOTHING, 0.64))
    assert len(table.partials) > 3
    assert table.partials[-1] == ""


def test_what_is_open_is_said_at_the_end():
    table = Table()
    table.hear((VOICE, 1.6))
    table.side.end(1.61)
    assert [type(fact) for fact in table.facts] == [SpeechStarted, SpeechEnded, Heard]
    assert table.told[-1][0] == 1.61
    assert table.at_s[-1] == 1.61


def test_it_never_claims_to_have_said_words_that_are_still_to_come():
    later = Later()
    table = Table(later)
    table.hear((NOTHING, 3.2), (VOICE, 1.6), (NOTHING, 3.2))
    assert max(table.at_s) <= 3.2
    later.catch_up()
    table.hear((NOTHING, 2))
    assert max(table.at_s) > 6
