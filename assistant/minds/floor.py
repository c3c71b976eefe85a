"""Who holds the floor, and for how long nobody has.

Reads SpeechStarted, SpeechEnded, Heard, Understood, cues, pauses, troubles and
Tick; finds Stalled and DeadLine, each once per silence, and Monologue, once per
monologue. Law: only words reset a silence. A cough, a "mhm", a ghost word and
the echo of our own cue interrupt it and then count for nothing. Where nobody
could have been heard there is no silence: after a pause, a stretch that is
forgotten or in which the program was gone, and a side that could not be heard,
all begins anew.

Words come later than the voice they belong to, by a second or by many on a
busy machine. So a voice that ended is first `unheard`: while its words may
still come nothing is found; after that a short one was noise and a long one
was speech.
"""

import math
from dataclasses import dataclass, field
from typing import ClassVar

from assistant.events import (
    EVERY,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    DeadLine,
    Entry,
    Finding,
    Forgotten,
    Heard,
    Kinds,
    Paused,
    Recovered,
    Resumed,
    SpeechEnded,
    Stalled,
    Tick,
    Trouble,
    Understood,
)
from assistant.minds.gaps import Gaps
from assistant.minds.spoken import Utterances, utterances_of
from assistant.minds.troubles import Troubles
from assistant.minds.turns import Turns
from assistant.minds.voices import Voices
from assistant.plan import Plan

WORDS_WAIT_S = 3.0
"""So long the words of a voice that ended are waited for; under the shortest stall."""
NOISE_S = 1.5
"""A voice without words that is shorter than this was noise."""
AFTER_CUE_S = 10.0
"""After a cue the user gets so long to use it before the silence counts again; the time is nothing
to say, so after a warning of it the silence counts on."""
SURELY_S = 0.25
"""So much before a moment it is looked for: sums of seconds are not exact."""
LONGEST_CUE_S = 15.0
"""A cue whose end nobody tells is over after this."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """A voice that ended, and when that became known."""

    channel: Channel
    start_s: float
    end_s: float
    known_s: float


@dataclass(slots=True)
class _Silence:
    """The present silence, or the one that will be when the voices end."""

    since_s: float = 0.0
    after: Channel = Channel.THEM
    """Whose words were the last."""
    heard_seq: int = 0
    is_question: bool = False
    is_hesitating: bool = False
    is_waiting: bool = False
    """Somebody has asked for a moment, and is away for as long as it takes."""
    is_stall_told: bool = False
    is_dead_told: bool = False
    is_cut: bool = False
    """It did not begin with the end of a turn, or could not be heard: no gap of this talk."""


@dataclass(slots=True)
class Floor:
    """The open voices, the present silence, and this talk's gaps."""

    READS: ClassVar[Kinds] = EVERY
    plan: Plan
    _utterances: Utterances = field(init=False)
    _gaps: Gaps = field(init=False)
    _voices: Voices = field(default_factory=Voices)
    _troubles: Troubles = field(default_factory=Troubles)
    _silence: _Silence = field(default_factory=_Silence)
    _turns: Turns = field(init=False)
    _unheard: list[_Turn] = field(default_factory=list[_Turn])
    _has_words: bool = False
    _is_paused: bool = False
    _anew_s: float = 0.0
    """What was said before counts for no floor any more."""
    _heard: dict[Channel, _Turn] = field(default_factory=dict[Channel, _Turn])
    """The last words of each side that came, whatever they were worth."""
    _cue_plays_until_s: float = 0.0
    _cue_ended_s: float = 0.0
    _is_time: bool = False
    """The last cue told the time, and named no question."""
    _breath_until_s: float = 0.0
    """After a cue, unless somebody speaks."""

    def __post_init__(self) -> None:
        self._utterances = utterances_of(self.plan.phrases)
        self._gaps = Gaps(self.plan.dials)
        self._turns = Turns(self.plan.dials)

    @property
    def due_s(self) -> float:
        """Return before when no tick brings anything, unless an entry comes first."""
        settles_s = min([t.known_s for t in self._unheard], default=math.inf) + WORDS_WAIT_S
        if self._is_paused or not self._has_words or self._troubles.is_deaf:
            due_s = settles_s
        elif self._voices.is_open:
            due_s = min(settles_s, self._turns.due_s, self._voices.believed_until_s)
        elif self._unheard:
            due_s = settles_s
        else:
            due_s = max(self._breaks_s(), self._cue_plays_until_s, self._breath_until_s)
        return due_s - SURELY_S

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        if isinstance(entry.event, Tick):
            return self._look(entry.at_s)
        self._voices.take(entry)
        self._take_talk(entry)
        self._take_break(entry)
        return []

    def _take_talk(self, entry: Entry) -> None:
        at_s = entry.at_s
        match entry.event:
            case SpeechEnded(channel, start_s, end_s):
                self._end(_Turn(channel, start_s, min(end_s, at_s), at_s))
            case Heard():
                self._hear(entry.event, entry.seq, at_s)
            case Understood(heard_seq, likeness) if heard_seq == self._silence.heard_seq:
                if max(likeness.values(), default=0.0) >= self.plan.dials.asked_at:
                    self._silence.is_question = True
            case Cue(kind=kind, text=text):
                names = any(q.cue and text.endswith(q.cue) for q in self.plan.questions)
                self._is_time = kind == "time" and not names
            case CueStarted():
                self._cue_plays_until_s = at_s + LONGEST_CUE_S
            case CueEnded(how=how):
                self._cue_plays_until_s = self._cue_ended_s = at_s
                is_of_use = how != "expired" and not self._is_time
                self._breath_until_s = at_s + AFTER_CUE_S * is_of_use
            case _:
                pass

    def _take_break(self, entry: Entry) -> None:
        """Take what makes a silence none."""
        match entry.event:
            case Paused() | Resumed():
                self._is_paused = isinstance(entry.event, Paused)
                self._begin_anew(entry.at_s)
            case Forgotten(_, to_s) | Recovered(_, to_s):
                if isinstance(entry.event, Recovered):
                    self._cue_plays_until_s = self._breath_until_s = 0.0
                    self._troubles.take(entry)
                self._begin_anew(to_s)
            case Trouble():
                self._take_trouble(entry)
            case _:
                pass

    def _take_trouble(self, entry: Entry) -> None:
        was_deaf = self._troubles.is_deaf
        self._troubles.take(entry)
        if self._troubles.is_deaf:
            self._silence.is_cut = True
        elif was_deaf:
            self._begin_anew(entry.at_s)

    def _begin_anew(self, at_s: float) -> None:
        """Let silence, gaps and monologue count from there."""
        self._anew_s = max(self._anew_s, at_s)
        self._unheard.clear()
        self._turns.begin_anew()
        since_s = max(at_s, self._silence.since_s)
        self._silence = _Silence(since_s, self._silence.after, is_cut=True)

    def _end(self, turn: _Turn) -> None:
        """Take the end of a voice; its words follow, or have come already."""
        words = self._heard.get(turn.channel)
        if words is None or not _is_same(turn, words) or turn.end_s - words.end_s >= NOISE_S:
            self._unheard.append(turn)
        elif self._silence.after is turn.channel and self._silence.since_s == words.end_s:
            self._silence.since_s = max(words.end_s, turn.end_s)

    def _hear(self, heard: Heard, seq: int, at_s: float) -> None:
        """Take words: they end the silence, or show that a voice was none that counts."""
        turn = _Turn(heard.channel, heard.start_s, min(heard.end_s, at_s), at_s)
        for voice in [v for v in self._unheard if _is_same(v, turn)]:
            self._unheard.remove(voice)
            start_s, end_s = min(voice.start_s, turn.start_s), max(voice.end_s, turn.end_s)
            turn = _Turn(heard.channel, start_s, end_s, at_s)
        self._heard[heard.channel] = turn
        if heard.echo:
            return
        is_hesitating = self._utterances.is_hesitating(heard.text)
        if self._utterances.is_empty(heard.text):
            # Their "um" asks for time to think; mine rather asks for help.
            if is_hesitating and heard.channel is not Channel.ME:
                self._silence.is_hesitating = True
            return
        self._speak(turn)
        self._has_words = True
        if self._silence.after is heard.channel and turn.end_s >= self._silence.since_s - NOISE_S:
            self._silence.heard_seq = seq
            self._silence.is_question = self._utterances.is_question(heard.text)
            self._silence.is_hesitating = is_hesitating
            self._silence.is_waiting = self._utterances.is_waiting(heard.text)

    def _speak(self, turn: _Turn) -> None:
        """Take a turn that really was one; the silence counts from its end."""
        if turn.end_s > self._anew_s:
            self._turns.take(turn.channel, max(turn.start_s, self._anew_s), turn.end_s)
        silence = self._silence
        if turn.end_s <= silence.since_s:
            return
        gap_s = turn.start_s - silence.since_s
        if self._has_words and gap_s > 0 and self._is_gap(gap_s, turn.channel):
            self._gaps.add(gap_s, is_asked=self._is_asked())
        self._silence = _Silence(turn.end_s, turn.channel, is_cut=self._troubles.is_deaf)
        if turn.end_s > self._cue_ended_s:
            self._breath_until_s = 0.0

    def _is_gap(self, gap_s: float, ended_by: Channel) -> bool:
        """Tell whether this silence is one of those that are ordinary in this talk."""
        silence = self._silence
        # Who asks for time is slow this once.
        if silence.is_cut or silence.is_hesitating or silence.is_waiting:
            return False
        # In a long one that they end, they were thinking. One that I end was a stall, told or
        # not; if these counted, a talk that stalls would be left alone ever longer.
        return ended_by is Channel.THEM or gap_s < self._gaps.base_s(is_asked=self._is_asked())

    def _look(self, now_s: float) -> list[Finding]:
        if self._unheard:
            self._settle(now_s)
        if self._is_paused or not self._has_words or self._troubles.is_deaf:
            return []
        speaking = self._voices.speaking(now_s)
        if speaking:
            return self._turns.look(now_s, speaking)
        if self._unheard or now_s < max(self._cue_plays_until_s, self._breath_until_s):
            return []
        silence = self._silence
        silent_s = now_s - silence.since_s
        if not silence.is_dead_told and silent_s >= self.plan.dials.dead_line_s:
            silence.is_dead_told = silence.is_stall_told = True
            return [DeadLine(silence.since_s)]
        if not silence.is_stall_told and silent_s >= self._patience_s():
            silence.is_stall_told = True
            return [Stalled(silence.since_s)]
        return []

    def _settle(self, now_s: float) -> None:
        """Decide on voices whose words have not come."""
        late = [turn for turn in self._unheard if now_s - turn.known_s >= WORDS_WAIT_S]
        for turn in late:
            self._unheard.remove(turn)
            if turn.end_s - turn.start_s >= NOISE_S:
                self._speak(turn)

    def _breaks_s(self) -> float:
        """Return when this silence is the next thing to be told of."""
        silence, dead_line_s = self._silence, self.plan.dials.dead_line_s
        if silence.is_dead_told:
            return math.inf
        lasts_s = dead_line_s if silence.is_stall_told else min(self._patience_s(), dead_line_s)
        return silence.since_s + lasts_s

    def _patience_s(self) -> float:
        """Return how long this silence may last before it is a stall."""
        silence = self._silence
        patience_s = self._gaps.patience_s(
            is_asked=self._is_asked(), is_hesitating=silence.is_hesitating
        )
        return max(patience_s, self.plan.dials.dead_line_s) if silence.is_waiting else patience_s

    def _is_asked(self) -> bool:
        """Tell whether they may be thinking about what to say."""
        silence = self._silence
        is_question = silence.after is Channel.UNCLEAR and silence.is_question
        return silence.after is Channel.ME or is_question


def _is_same(voice: _Turn, words: _Turn) -> bool:
    """Tell whether these words belong to that voice: they sounded at the same time."""
    is_apart = voice.end_s < words.start_s or words.end_s < voice.start_s
    return voice.channel is words.channel and not is_apart
