"""Which cue, and when: the one mind that reads what the other minds find.

Reads findings, the user's wishes, voices and what became of the last cue;
finds Cue. Law: a cue is found only in the moment in which it may begin, so
nobody speaks, nothing is paused or hushed, and no other cue is out; at most
eight words; never a question that was asked, and none twice unless the user
wants the next or they are about to go. What can not be said in time is not
said: most stretches of a call get no cue at all.
"""

import math
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

from msgspec.structs import replace as with_changed

from assistant.events import (
    EVERY,
    CallEnded,
    Channel,
    Cue,
    CueEnded,
    Entry,
    Extended,
    Farewell,
    Finding,
    Imported,
    Kinds,
    Paused,
    Recovered,
    Resumed,
    Tick,
)
from assistant.minds import cues
from assistant.minds.agenda import Agenda
from assistant.minds.ledger import Ledger
from assistant.minds.nearby import Nearby
from assistant.minds.reasons import FIRST, INSISTENT, ONCE, SPARSE, Reason, Reasons, Want
from assistant.minds.voices import Voices
from assistant.plan import Plan

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


@dataclass(slots=True)
class _Out:
    """The cue that is out, and why."""

    cue: Cue
    reason: Reason
    want: Want
    at_s: float
    seq: int = 0


@dataclass(slots=True)
class Coach:
    """The reasons that wait, the cue that is out, and the cues so far."""

    READS: ClassVar[Kinds] = EVERY
    plan: Plan
    _agenda: Agenda = field(init=False)
    _ledger: Ledger = field(init=False)
    _reasons: Reasons = field(init=False)
    _length_s: float = field(init=False)
    _voices: Voices = field(default_factory=Voices)
    _nearby: Nearby = field(default_factory=Nearby)
    _out: _Out | None = None
    _ended_s: float = float("-inf")
    """When the last cue was over."""
    _is_paused: bool = False
    _is_over: bool = False
    _is_all_told: bool = False

    def __post_init__(self) -> None:
        self._agenda = Agenda(self.plan)
        self._ledger = Ledger(self.plan.dials)
        self._reasons = Reasons(self.plan, self._ledger)
        self._length_s = self.plan.length_s

    @property
    def due_s(self) -> float:
        """Return before when no tick brings anything: most of a call's moments."""
        if self._is_over:
            return math.inf
        if self._reasons.waiting:
            return 0.0
        return self._out.cue.expires_s + UNANSWERED_S if self._out else math.inf

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
        if not isinstance(entry.event, Tick):
            self._agenda.take(entry)
            self._voices.take(entry)
            self._nearby.take(entry)
            self._reasons.take(entry)
            self._take_state(entry)
        if self._is_over or not (self._reasons.waiting or self._out):
            # Most of a call's moments; three hours of them must be told again in a second.
            return []
        cue = self._murmur(entry.at_s)
        return [cue] if cue else []

    def _take_state(self, entry: Entry) -> None:
        match entry.event:
            case CallEnded() | Imported():
                # Or it was over long ago: nobody is there to be told anything.
                self._is_over = True
            case Paused() | Resumed():
                self._is_paused = isinstance(entry.event, Paused)
            case Extended(by_s):
                self._length_s += by_s
            case Farewell(minutes_left=float(minutes)):
                self._length_s = min(self._length_s, entry.at_s + minutes * 60.0)
            case Recovered():
                # A murmur that was on its way died with the program.
                self._out = None
            case Cue() if self._out:
                self._out.seq = entry.seq
            case CueEnded(cue_seq) if self._out and cue_seq == self._out.seq:
                self._end_cue(self._out, entry.event, entry.at_s)
            case _:
                pass

    def _end_cue(self, out: _Out, ended: CueEnded, now_s: float) -> None:
        self._out, self._ended_s = None, now_s
        is_cut = ended.how in ("cut", "stopped") and ended.end_s - ended.start_s < HEARD_S
        if not is_cut and ended.how != "expired":
            return
        # Nobody took it in: it may come another time.
        self._ended_s = float("-inf")
        self._ledger.strike(out.cue, out.at_s)
        if is_cut and out.reason not in ONCE and not out.want.is_again:
            self._reasons.want(out.reason, replace(out.want, is_again=True), now_s)

    def _murmur(self, now_s: float) -> Cue | None:
        """Return the cue whose moment this is."""
        if self._out and now_s >= self._out.cue.expires_s + UNANSWERED_S:
            self._out, self._ended_s = None, now_s
        if not (self._is_paused or self._out):
            silent_s = round(self._voices.silent_s(now_s), 6)
            is_quiet = silent_s > 0 and silent_s >= self.plan.dials.silent_before_cue_s
            for reason in self._due(now_s, is_quiet=is_quiet):
                want = self._reasons.waiting.pop(reason)
                if cue := self._cue(reason, want, now_s):
                    # Nobody paused for it: a tone tells that there is something to read.
                    cue = with_changed(cue, tone=not is_quiet)
                    self._send(_Out(cue, reason, want, now_s))
                    return cue
        self._reasons.drop_late(now_s)
        return None

    def _due(self, now_s: float, *, is_quiet: bool) -> list[Reason]:
        """Return the reasons that may be served now, the first one first."""
        waiting = self._reasons.waiting
        return [r for r in FIRST if r in waiting and self._may(r, now_s, is_quiet=is_quiet)]

    def _may(self, reason: Reason, now_s: float, *, is_quiet: bool) -> bool:
        """Tell whether that reason, which waits, may be served now."""
        want = self._reasons.waiting[reason]
        if now_s < want.from_s:
            return False
        if not is_quiet:
            is_due = reason in INSISTENT and now_s >= want.until_s
            return is_due and (reason not in SPARSE or self._ledger.has_room(now_s))
        silent_s = self._voices.silent_s(now_s)
        if want.is_again and silent_s < AGAIN_SILENT_S and now_s < want.until_s:
            return False
        if reason in ("next", "clock", "caution"):
            return True
        if reason == "talk":
            # In a breath of mine, before they have begun.
            return self._ledger.has_room(now_s)
        if reason == "drift" and silent_s < AGAIN_SILENT_S:
            return False
        if self._voices.last is Channel.ME and silent_s < THEIR_TURN_S:
            return False
        if now_s - self._ended_s < BREATH_S:
            return False
        return reason not in SPARSE or self._ledger.has_room(now_s)

    def _send(self, out: _Out) -> None:
        """Keep account of a cue that is found."""
        self._out = out
        self._ledger.put(out.reason, out.cue, out.at_s)
        if out.reason == "stall" and out.cue.kind == "closing" and out.cue.question_id is None:
            self._is_all_told = True
        if out.reason == "opening":
            self._reasons.opening.told(out.at_s)

    def _cue(self, reason: Reason, want: Want, now_s: float) -> Cue | None:
        """Return what to say for that reason; None where there is nothing worth it."""
        agenda, moment = self._agenda, cues.Moment(now_s, self._length_s)
        match reason:
            case "next":
                return cues.for_next(agenda, moment, self._ledger.cued, self._lately(now_s))
            case "clock":
                return cues.for_clock(agenda, moment)
            case "farewell":
                cued, is_thanked = self._ledger.cued, want.is_thanked
                return cues.for_farewell(agenda, moment, cued, is_thanked=is_thanked)
            case "time":
                return cues.for_time(agenda, moment, want.left_s)
            case "line":
                return cues.for_dead_line(agenda, moment, want.since_s)
            case "stall" | "drift" | "caution" | "talk":
                return self._help(reason, want, moment)
            case "opening":
                return cues.for_opening(agenda, moment)
            case "refused":
                return cues.for_refused(agenda, moment)
            case _:
                return cues.for_trouble(agenda, moment, reason, want.why)

    def _help(
        self, reason: Literal["stall", "drift", "caution", "talk"], want: Want, moment: cues.Moment
    ) -> Cue | None:
        """Return what helps the talk along."""
        agenda, cued = self._agenda, self._ledger.cued
        match reason:
            case "stall":
                lately = self._lately(moment.now_s)
                cue = cues.for_stall(agenda, moment, cued, want.since_s, lately)
                is_last = cue is not None and cue.kind == "closing" and cue.question_id is None
                return None if is_last and self._is_all_told else cue
            case "drift":
                return cues.for_drift(agenda, moment, cued, want.since_s)
            case "caution":
                return cues.for_job_ask(agenda, moment)
            case "talk":
                return cues.for_monologue(agenda, moment, want.since_s)

    def _lately(self, now_s: float) -> cues.Lately:
        """Return what they just talked about; a point that was followed up is none any more."""
        topic = self._nearby.topic(now_s)
        is_told = self._ledger.is_followed_up(self.plan.lines.more.format(topic=topic))
        return cues.Lately(self._nearby.near(now_s), "" if is_told else topic)
