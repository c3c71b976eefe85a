"""One side of the call as the ear hears it: windows of sound in, lines of the ear out.

Voice activity and segments are done at once, window by window; what the engine
has to do is handed on, so that a slow engine never delays "somebody speaks".
What waits for the engine is no sound, only where it lies: the spool is the
queue. It costs that speech is read twice, 32 kB a second, mostly from memory.
Law: the lines depend on the sound alone, not on when it came or in what
portions; `known_s` is when an infinitely fast machine would have known.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from assistant.events import Channel, Fact, Heard, SpeechEnded, SpeechStarted, Word
from assistant.hearing.level import loudness_db
from assistant.hearing.recogniser import Recogniser, are_ghosts
from assistant.hearing.segments import (
    WINDOW_S,
    Began,
    Dials,
    Ended,
    Paused,
    Segmenter,
    SegmentEvent,
    Spoken,
)
from assistant.hearing.work import Work

PORTION_WINDOWS: Final = 6
"""The engine gets its sound in portions of 0.192 s, always the same ones: an engine's words can
depend on how its sound was portioned."""

_TOLD_EVERY_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Mouth:
    """Where the lines go. Called from the thread that listens and from the one that recognises."""

    fact: Callable[[Fact, float], None]
    partial: Callable[[Channel, str], None]
    at: Callable[[Channel, float], None]
    """Everything of this channel up to there was said."""


@dataclass(slots=True)
class Side:
    """One channel: its sound so far, what is open, and its engine."""

    channel: Channel
    from_s: float
    engine: str
    """The label that its words carry."""
    recogniser: Recogniser
    probability: Callable[[bytes], float]
    """Voice activity of the next window."""
    sound: Callable[[int, int], bytes]
    """Reads windows that were heard before: the first one's number, from 0, and how many. Called
    from the thread that recognises."""
    mouth: Mouth
    work: Work
    dials: Dials = field(default_factory=Dials)
    _segmenter: Segmenter = field(init=False)
    _given: int = 0
    """Windows before this one were given to the engine, or never will be."""
    _unsaid_s: deque[float] = field(default_factory=deque[float])
    """Where the pieces begin whose words are still to come from the engine."""
    _told_s: float = 0.0
    _partial: str = ""

    def __post_init__(self) -> None:
        self._segmenter = Segmenter(self.from_s, self.dials)
        self._told_s = self.from_s

    @property
    def next_s(self) -> float:
        """The time at which the next window will be complete."""
        return round(self._segmenter.now_s + WINDOW_S, 3)

    def hear(self, pcm: bytes) -> None:
        """Take the next window, 512 samples."""
        events = self._segmenter.feed(self.probability(pcm))
        self._follow(events, self._segmenter.now_s)
        self._give_what_is_due()
        if self._segmenter.now_s - self._told_s >= _TOLD_EVERY_S:
            self._told_s = self._segmenter.now_s
            self.mouth.at(self.channel, self._safe_s)

    def end(self, end_s: float) -> None:
        """Say what is open: the sound ends here."""
        self._follow(self._segmenter.flush(), end_s)
        self.work.do(lambda: self.mouth.at(self.channel, end_s))

    @property
    def _safe_s(self) -> float:
        pieces_s = list(self._unsaid_s)
        return pieces_s[0] if pieces_s else self._segmenter.safe_s

    def _follow(self, events: list[SegmentEvent], known_s: float) -> None:
        for event in events:
            match event:
                case Began(start_s):
                    self.mouth.fact(SpeechStarted(self.channel, start_s), known_s)
                case Paused():
                    self._give_what_is_due(least=1)
                    self.work.do_if_free(self.recogniser.pause)
                case Ended(start_s, end_s):
                    self.mouth.fact(SpeechEnded(self.channel, start_s, end_s), known_s)
                case Spoken():
                    self._finish(event, known_s)

    def _give_what_is_due(self, least: int = PORTION_WINDOWS) -> None:
        due = self._segmenter.open_windows
        if due is None:
            return
        self._given = max(self._given, due[0])
        while due[1] - self._given >= least:
            self._give(min(due[1], self._given + PORTION_WINDOWS))

    def _give(self, to_window: int) -> None:
        first, self._given = self._given, to_window
        self.work.do(lambda: self._recognise(first, to_window - first))

    def _finish(self, spoken: Spoken, known_s: float) -> None:
        self._given = max(self._given, spoken.from_window)
        if spoken.to_window > self._given:
            self._give(spoken.to_window)
        self._unsaid_s.append(self._time_s(spoken.from_window))
        self.work.do(lambda: self._say(spoken, known_s))

    # What follows is the engine's work.

    def _recognise(self, first: int, windows: int) -> None:
        self._show(self.recogniser.accept(self.sound(first, windows)))

    def _say(self, spoken: Spoken, known_s: float) -> None:
        words = self.recogniser.finish()
        if not are_ghosts(words, spoken.voiced_s):
            heard = self._heard(spoken, words)
            self.mouth.fact(heard, known_s)
        self._unsaid_s.popleft()
        self._show("")

    def _show(self, partial: str) -> None:
        if partial != self._partial:
            self._partial = partial
            self.mouth.partial(self.channel, partial)

    def _heard(self, spoken: Spoken, words: tuple[Word, ...]) -> Heard:
        first_s = self._time_s(spoken.from_window)

        def inside(time_s: float) -> float:
            return round(min(max(first_s + time_s, spoken.start_s), spoken.end_s), 3)

        return Heard(
            channel=self.channel,
            start_s=spoken.start_s,
            end_s=spoken.end_s,
            text=" ".join(word.text for word in words),
            words=tuple(
                Word(w.text, inside(w.start_s), inside(w.end_s), round(w.confidence, 3))
                for w in words
            ),
            engine=self.engine,
            loudness_db=self._loudness_db(spoken),
        )

    def _loudness_db(self, spoken: Spoken) -> float | None:
        """Return how loud it was, where that may tell whose voice it is."""
        if self.channel is not Channel.UNCLEAR:
            return None
        windows = spoken.to_window - spoken.from_window
        return loudness_db(self.sound(spoken.from_window, windows))

    def _time_s(self, window: int) -> float:
        return round(self.from_s + window * WINDOW_S, 3)
