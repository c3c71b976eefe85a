"""The hand that carries out cues: one short line in the user's ear, or none.

It decides nothing but whether a cue may still begin. Laws: one cue at a time, a second one expires;
when anybody speaks the words stop, and those that had not begun never begin; the tone alone is
meant for such a moment and sounds all the same; `take` returns at once, all waiting is done on a
thread of this file; every cue ends in exactly one CueEnded, whatever fails.
"""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from assistant.events import (
    CallEnded,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Fact,
    Hushed,
    MarkHeard,
    Paused,
    SpeechStarted,
    Trouble,
)
from assistant.minds.voices import Voices
from assistant.plan import Dials
from assistant.speaking import earcon
from assistant.speaking.leaks import Leaks
from assistant.speaking.loudness import at_level, level_db
from assistant.speaking.samples import Samples, joined

PAUSE_S = 0.08
"""Between the tone and the words."""

RENDER_S = 2.0
"""So long the voice may take for a cue."""

UNHEARD = Trouble("headset", "A cue could not be murmured; it is only shown.")
HEARD_AGAIN = Trouble("headset", "Cues are murmured again.", over=True)

Stop = Literal["cut", "stopped", "call_ended"]
Ending = Stop | Literal["spoken", "tone", "shown", "expired"]

_OVERDUE_S = 3.0
_RATE_HZ = 22050


class Says(Protocol):
    """Renders words; `Voice` does."""

    @property
    def gave_up(self) -> bool:
        """Whether it never will again."""
        ...

    def say(self, text: str, deadline_s: float) -> Samples | None:
        """Return the words as sound, None if that fails or takes longer."""
        ...


class Plays(Protocol):
    """Plays samples; `Playback` does, and says what the arguments mean."""

    def play(
        self,
        samples: Samples,
        on_started: Callable[[float], None],
        on_ended: Callable[[float, bool], None],
    ) -> bool:
        """Begin to play; False if that can not be."""
        ...

    def cut(self) -> None:
        """Stop what plays."""
        ...


def length_s(cue: Cue, words_s: float) -> float:
    """Return how long a cue sounds whose words take `words_s`; a rehearsal needs it."""
    return earcon.LENGTH_S if cue.tone else earcon.LENGTH_S + PAUSE_S + words_s


@dataclass(slots=True, eq=False)
class _Murmuring:
    """The one cue that is on its way."""

    seq: int
    cue: Cue
    age: int
    """How often the call had begun to tell itself anew."""
    stopped: Stop | None = None
    """Why it is to sound no longer; the first that said so counts."""
    start_s: float | None = None
    ended: bool = False
    over: threading.Event = field(default_factory=threading.Event)


class Murmur:
    """Plays each Cue among the call's entries.

    `now_s` and `call_db` give the call's second and its level in dBFS; `tell` takes the facts and
    must only enqueue them, it is called from several threads. Without `voice` or `playback` cues
    are told as shown. Leave each of them open until after `close`.
    """

    def __init__(
        self,
        voice: Says | None,
        playback: Plays | None,
        now_s: Callable[[], float],
        call_db: Callable[[], float | None],
        tell: Callable[[Fact], None],
        dials: Dials,
    ) -> None:
        self._voice = voice
        self._playback = playback
        self._now_s = now_s
        self._call_db = call_db
        self._tell = tell
        self._dials = dials
        self._changed = threading.Condition()
        self._voices = Voices()
        self._current: _Murmuring | None = None
        self._next: _Murmuring | None = None
        self._closed = False
        self._age = 0
        self._leaks = Leaks()
        self._has_failed = False
        self._worker = threading.Thread(target=self._work, name="murmur", daemon=True)
        self._worker.start()

    def take(self, entry: Entry) -> None:
        """Take the next entry of the call."""
        with self._changed:
            self._voices.take(entry)
        match entry.event:
            case Cue():
                self._take_cue(_Murmuring(entry.seq, entry.event, self._age))
            case SpeechStarted(channel, start_s):
                self._count_leak(channel, start_s)
                self._stop("cut")
            case CallEnded():
                self._stop("call_ended")
            case Paused() | MarkHeard(kind="hush"):
                self._stop("stopped")
            case Hushed(for_s) if for_s != 0:
                self._stop("stopped")
            case _:
                pass

    def forget(self) -> None:
        """Stop what sounds, and tell no more of it: its Cue is gone, or has another number now."""
        with self._changed:
            self._age += 1
            self._voices = Voices()
            murmuring, self._current, self._next = self._current, None, None
        if murmuring is not None:
            murmuring.stopped = "stopped"
            if self._playback is not None:
                self._playback.cut()
            murmuring.over.set()

    def close(self, within_s: float = 1.0) -> None:
        """Stop what sounds and take no more; its end was told when this returns.

        What has not begun by then, with a voice that takes its time, has expired.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._stop("call_ended")
        self._worker.join(within_s)
        if (murmuring := self._current) is not None:
            self._ended(murmuring, 0.0, whole=False)

    def _take_cue(self, murmuring: _Murmuring) -> None:
        with self._changed:
            is_free = self._current is None and not self._closed
            if is_free:
                self._current = self._next = murmuring
                self._changed.notify_all()
        if not is_free:
            self._end(murmuring, self._now_s(), "expired")

    def _stop(self, why: Stop) -> None:
        murmuring = self._current
        if murmuring is not None and not (why == "cut" and murmuring.cue.tone):
            murmuring.stopped = murmuring.stopped or why
            if self._playback is not None:
                self._playback.cut()

    def _count_leak(self, channel: Channel, start_s: float) -> None:
        murmuring = self._current
        if murmuring is None or murmuring.start_s is None or murmuring.cue.tone:
            return
        if (trouble := self._leaks.heard(channel, start_s, murmuring.start_s)) is not None:
            self._tell(trouble)

    # From here on the worker's thread, and for a cue's start and end the player's.

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._next is not None)
                murmuring, self._next = self._next, None
            if murmuring is None:
                return
            try:
                self._murmur(murmuring)
            except Exception:
                # Whatever it is, the cues to come must not be lost with this one.
                self._fail(murmuring)

    def _murmur(self, murmuring: _Murmuring) -> None:
        samples = self._render(murmuring.cue)
        now_s = self._now_s()
        is_late = now_s > murmuring.cue.expires_s
        if murmuring.stopped or is_late or self._is_talked_over(murmuring.cue, now_s):
            self._end(murmuring, now_s, "expired")
        elif samples is None or not self._play(murmuring, samples):
            self._show(murmuring, now_s)
        elif not murmuring.over.wait(samples.length_s + _OVERDUE_S):
            # The player owes an end and does not tell it.
            self._stop("stopped")
            self._ended(murmuring, 0.0, whole=False)

    def _is_talked_over(self, cue: Cue, now_s: float) -> bool:
        with self._changed:
            return not cue.tone and bool(self._voices.speaking(now_s))

    def _fail(self, murmuring: _Murmuring) -> None:
        """End a cue that met with a fault."""
        with contextlib.suppress(Exception):
            self._stop("stopped")
        if murmuring.start_s is None and not murmuring.ended:
            self._show(murmuring, self._now_s())
        else:
            self._ended(murmuring, 0.0, whole=False)
        if not self._has_failed:
            self._has_failed = True
            self._tell(UNHEARD)

    def _render(self, cue: Cue) -> Samples | None:
        """Return the cue as sound; None if it can only be shown."""
        if self._playback is None:
            return None
        wanted_db = level_db(self._call_db(), self._dials.murmur_below_db)
        kind: earcon.Kind = "warning" if cue.tone or cue.kind == "caution" else "calm"
        tone = at_level(earcon.earcon(kind, _RATE_HZ), wanted_db)
        if cue.tone:
            return tone
        if self._voice is None or self._voice.gave_up:
            return None
        left_s = cue.expires_s - self._now_s()
        words = self._voice.say(cue.text, min(RENDER_S, left_s)) if left_s > 0 else None
        return None if words is None else joined(tone, PAUSE_S, at_level(words, wanted_db))

    def _play(self, murmuring: _Murmuring, samples: Samples) -> bool:
        if self._playback is None:
            return False
        plays = self._playback.play(
            samples,
            lambda in_s: self._started(murmuring, in_s),
            lambda in_s, whole: self._ended(murmuring, in_s, whole=whole),
        )
        # Someone may have spoken up in between.
        if plays and murmuring.stopped:
            self._playback.cut()
        return plays

    def _show(self, murmuring: _Murmuring, now_s: float) -> None:
        self._tell_of(murmuring, CueStarted(murmuring.seq, now_s))
        murmuring.start_s = now_s
        self._end(murmuring, now_s, "shown")

    def _started(self, murmuring: _Murmuring, in_s: float) -> None:
        if not murmuring.ended:
            murmuring.start_s = self._now_s() + in_s
            self._tell_of(murmuring, CueStarted(murmuring.seq, murmuring.start_s))

    def _ended(self, murmuring: _Murmuring, in_s: float, *, whole: bool) -> None:
        how: Ending = "tone" if murmuring.cue.tone else "spoken"
        if not whole:
            how = "expired" if murmuring.start_s is None else murmuring.stopped or "stopped"
        self._end(murmuring, self._now_s() + in_s, how)
        if whole:
            self._tell_it_works(how)

    def _tell_it_works(self, how: Ending) -> None:
        # A tone is not cut by a voice, so it tells nothing of leaks.
        if how == "spoken" and (trouble := self._leaks.heard_out()) is not None:
            self._tell(trouble)
        if self._has_failed:
            self._has_failed = False
            self._tell(HEARD_AGAIN)

    def _end(self, murmuring: _Murmuring, at_s: float, how: Ending) -> None:
        with self._changed:
            if murmuring.ended:
                return
            murmuring.ended = True
            # Before it is told: who hears of the end may bring the next cue.
            if self._current is murmuring:
                self._current = None
        start_s = at_s if murmuring.start_s is None else murmuring.start_s
        self._tell_of(murmuring, CueEnded(murmuring.seq, start_s, max(start_s, at_s), how))
        murmuring.over.set()

    def _tell_of(self, murmuring: _Murmuring, fact: Fact) -> None:
        with self._changed:
            if murmuring.age == self._age:
                self._tell(fact)
