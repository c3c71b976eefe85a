"""Which cue, and when: the one mind that reads what the other minds find.

Reads findings, the user's wishes, voices and what became of the last cue;
finds Cue. Law: a cue is found only in the moment in which it may begin, so
nobody speaks, nothing is paused or hushed, and no other cue is out; at most
eight words; never a question that was asked, and none twice unless the user
wants the next or they are about to go. What can not be said in time is not
said: most stretches of a call get no cue at all.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from msgspec.structs import replace as with_changed

from assistant.events import (
    CallEnded,
    Channel,
    Cue,
    CueEnded,
    DeadLine,
    Entry,
    Extended,
    Farewell,
    Finding,
    Forgotten,
    Hushed,
    MarkHeard,
    NextWanted,
    Paused,
    Recovered,
    Resumed,
    SpeechStarted,
    Stalled,
    Tick,
    TimeShort,
)
from assistant.minds import cues
from assistant.minds.agenda import Agenda
from assistant.minds.voices import Voices
from assistant.plan import Plan

Reason: TypeAlias = Literal["next", "clock", "farewell", "time", "line", "stall"]

FIRST: tuple[Reason, ...] = ("next", "clock", "farewell", "time", "line", "stall")
"""Of two reasons in the same moment the first is served; what the user asked for leads."""
ASKED_WAITS_S = 12.0
"""What the user asked for waits so long for a pause."""
FAREWELL_WAITS_S = 20.0
RARE_S = 180.0
"""No two cues about a farewell, or about a dead line, within this."""
THEIR_TURN_S = 2.0
"""So long after I spoke they may be about to answer; only what I asked for may come then."""
BREATH_S = 3.0
"""Between the end of one cue and the next, unless the user asked."""
HEARD_S = 1.0
"""A cue that was cut before it sounded so long was not taken in; one that can not wait for
another stall is tried once more ..."""
AGAIN_SILENT_S = 1.0
"""... in a pause of this length, which is more than a breath between two sentences."""
UNANSWERED_S = 10.0
"""So long after a cue's expiry nobody will tell any more what became of it."""


@dataclass(frozen=True, slots=True)
class _Want:
    """A reason to murmur, and how long it holds."""

    since_s: float
    until_s: float
    left_s: float = 0.0
    """For `time`: what is to be told."""
    is_again: bool = False


@dataclass(slots=True)
class _Out:
    """The cue that is out, and why."""

    cue: Cue
    reason: Reason
    want: _Want
    at_s: float
    seq: int = 0


@dataclass(slots=True)
class Coach:
    """The reasons that wait, the cue that is out, and the cues so far."""

    plan: Plan
    _agenda: Agenda = field(init=False)
    _length_s: float = field(init=False)
    _voices: Voices = field(default_factory=Voices)
    _wants: dict[Reason, _Want] = field(default_factory=dict[Reason, _Want])
    _out: _Out | None = None
    _ended_s: float = float("-inf")
    """When the last cue was over."""
    _cued: dict[str, float] = field(default_factory=dict[str, float])
    """question id -> when it was last cued, the oldest first."""
    _helped_s: list[float] = field(default_factory=list[float])
    """When we helped without being asked: these use up the budget."""
    _last_s: float = float("-inf")
    """When the last cue but for the time was found."""
    _farewell_s: float = float("-inf")
    _line_s: float = float("-inf")
    _hushed_until_s: float = 0.0
    _forgotten_until_s: float = 0.0
    """What was due in a forgotten stretch was due then, and is not made up for."""
    _gone_until_s: float = float("-inf")
    """Up to then nobody was there to be told."""
    _is_paused: bool = False
    _is_over: bool = False
    _is_all_told: bool = False

    def __post_init__(self) -> None:
        self._agenda = Agenda(self.plan)
        self._length_s = self.plan.length_s

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        if isinstance(entry.event, Tick) and not self._wants and not self._out:
            # Most of a call's moments, and three hours of them must be told again in a second.
            return []
        self._agenda.take(entry)
        self._voices.take(entry)
        self._take_state(entry)
        self._take_reason(entry)
        cue = self._murmur(entry.at_s)
        return [cue] if cue else []

    def _take_state(self, entry: Entry) -> None:
        match entry.event:
            case CallEnded():
                self._is_over = True
            case Paused() | Resumed():
                self._is_paused = isinstance(entry.event, Paused)
                self._drop("stall", "line")
            case SpeechStarted():
                self._drop("stall", "line")
            case Extended(by_s):
                self._length_s += by_s
                self._drop("time")
            case Hushed(for_s):
                self._hush(float("inf") if for_s is None else entry.at_s + for_s)
            case MarkHeard(kind="hush"):
                self._hush(float("inf"))
            case Forgotten() | Recovered():
                self._take_gap(entry.event)
            case Cue() if self._out:
                self._out.seq = entry.seq
            case CueEnded(cue_seq) if self._out and cue_seq == self._out.seq:
                self._end_cue(self._out, entry.event, entry.at_s)
            case _:
                pass

    def _take_gap(self, gap: Forgotten | Recovered) -> None:
        """Take what makes all that was due in a stretch come to nothing."""
        self._wants.clear()
        if isinstance(gap, Recovered):
            self._gone_until_s = gap.to_s
        else:
            self._forgotten_until_s = max(self._forgotten_until_s, gap.to_s)

    def _take_reason(self, entry: Entry) -> None:
        dials, at_s = self.plan.dials, entry.at_s
        match entry.event:
            case Stalled(since_s):
                self._want("stall", _Want(since_s, at_s + dials.stall_cue_lives_s), at_s)
            case DeadLine(since_s) if at_s - self._line_s >= RARE_S:
                self._drop("stall")
                self._want("line", _Want(since_s, at_s + dials.stall_cue_lives_s), at_s)
            case TimeShort(left_s):
                self._want("time", _Want(at_s, at_s + dials.time_cue_waits_s, left_s), at_s)
            case Farewell() if at_s - self._farewell_s >= RARE_S:
                self._want("farewell", _Want(at_s, at_s + FAREWELL_WAITS_S), at_s)
            case NextWanted() | MarkHeard(kind="next"):
                self._want("next", _Want(at_s, at_s + ASKED_WAITS_S), at_s)
            case MarkHeard(kind="time"):
                self._want("clock", _Want(at_s, at_s + ASKED_WAITS_S), at_s)
            case _:
                pass

    def _want(self, reason: Reason, want: _Want, now_s: float) -> None:
        is_due = now_s >= max(self._hushed_until_s, self._forgotten_until_s)
        if is_due and now_s > self._gone_until_s:
            self._wants[reason] = want

    def _drop(self, *reasons: Reason) -> None:
        for reason in reasons:
            self._wants.pop(reason, None)

    def _hush(self, until_s: float) -> None:
        self._hushed_until_s = until_s
        self._wants.clear()

    def _end_cue(self, out: _Out, ended: CueEnded, now_s: float) -> None:
        self._out, self._ended_s = None, now_s
        is_cut = ended.how == "cut" and ended.end_s - ended.start_s < HEARD_S
        if not is_cut and ended.how != "expired":
            return
        # Nobody took it in: it may come another time.
        self._ended_s = float("-inf")
        self._cued.pop(out.cue.question_id or "", None)
        self._helped_s = [s for s in self._helped_s if s != out.at_s]
        if is_cut and out.reason not in ("stall", "line") and not out.want.is_again:
            self._want(out.reason, replace(out.want, is_again=True), now_s)

    def _murmur(self, now_s: float) -> Cue | None:
        """Return the cue whose moment this is."""
        if self._out and now_s >= self._out.cue.expires_s + UNANSWERED_S:
            self._out, self._ended_s = None, now_s
        if not (self._is_over or self._is_paused or self._out):
            silent_s = round(self._voices.silent_s(now_s), 6)
            is_quiet = silent_s > 0 and silent_s >= self.plan.dials.silent_before_cue_s
            for reason in self._due(now_s, is_quiet=is_quiet):
                want = self._wants.pop(reason)
                if cue := self._cue(reason, want, now_s):
                    # Nobody paused for it: a tone tells that there is something to read.
                    cue = with_changed(cue, tone=not is_quiet)
                    self._send(_Out(cue, reason, want, now_s))
                    return cue
        self._drop_late(now_s)
        return None

    def _due(self, now_s: float, *, is_quiet: bool) -> list[Reason]:
        """Return the reasons that may be served now, the first one first."""
        return [reason for reason in FIRST if self._may(reason, now_s, is_quiet=is_quiet)]

    def _drop_late(self, now_s: float) -> None:
        self._wants = {
            reason: want for reason, want in self._wants.items() if now_s <= want.until_s
        }

    def _may(self, reason: Reason, now_s: float, *, is_quiet: bool) -> bool:
        """Tell whether that reason waits and may be served now."""
        want = self._wants.get(reason)
        if want is None:
            return False
        if not is_quiet:
            return reason in ("next", "clock", "time") and now_s >= want.until_s
        silent_s = self._voices.silent_s(now_s)
        if want.is_again and silent_s < AGAIN_SILENT_S and now_s < want.until_s:
            return False
        if reason in ("next", "clock"):
            return True
        if self._voices.last is Channel.ME and silent_s < THEIR_TURN_S:
            return False
        if now_s - self._ended_s < BREATH_S:
            return False
        return reason != "stall" or self._may_help(now_s)

    def _may_help(self, now_s: float) -> bool:
        """Tell whether spacing and budget leave room for one more cue."""
        dials = self.plan.dials
        lately = [s for s in self._helped_s if now_s - s < dials.cue_window_s]
        return now_s - self._last_s >= dials.cue_spacing_s and len(lately) < dials.cue_budget

    def _send(self, out: _Out) -> None:
        """Keep account of a cue that is found."""
        self._out, cue, reason, now_s = out, out.cue, out.reason, out.at_s
        if cue.kind != "time":
            self._last_s = now_s
            if reason != "next":
                self._helped_s.append(now_s)
        if cue.question_id is not None:
            self._cued.pop(cue.question_id, None)
            self._cued[cue.question_id] = now_s
        if reason == "stall" and cue.question_id is None:
            self._is_all_told = True
        if reason == "farewell":
            self._farewell_s = now_s
        if reason == "line":
            self._line_s = now_s

    def _cue(self, reason: Reason, want: _Want, now_s: float) -> Cue | None:
        """Return what to say for that reason; None where there is nothing worth it."""
        agenda, moment = self._agenda, cues.Moment(now_s, self._length_s)
        match reason:
            case "next":
                return cues.for_next(agenda, moment, self._cued)
            case "clock":
                return cues.for_clock(agenda, moment)
            case "farewell":
                return cues.for_farewell(agenda, moment, self._cued)
            case "time":
                return cues.for_time(agenda, moment, want.left_s)
            case "line":
                return cues.for_dead_line(agenda, moment, want.since_s)
            case "stall":
                cue = cues.for_stall(agenda, moment, self._cued, want.since_s)
                return cue if cue and (cue.question_id or not self._is_all_told) else None
