"""Which cue, and when: the one mind that reads what the other minds find.

Reads findings, the user's wishes, voices and what became of the last cue;
finds Cue. Law: a cue is found only in the moment in which it may begin, so
nobody speaks, nothing is paused or hushed, and no other cue is out; at most
eight words; never a question that was asked, and none twice unless the user
wants the next or they are about to go. What can not be said in time is not
said: most stretches of a call get no cue at all.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from msgspec.structs import replace

from assistant.events import (
    CallEnded,
    Cue,
    CueEnded,
    DeadLine,
    Entry,
    Extended,
    Farewell,
    Finding,
    Hushed,
    MarkHeard,
    NextWanted,
    Paused,
    Resumed,
    SpeechStarted,
    Stalled,
    TimeShort,
)
from assistant.minds import phrasing
from assistant.minds.agenda import Agenda
from assistant.minds.choice import next_question
from assistant.minds.voices import Voices
from assistant.plan import Plan, Question

Reason: TypeAlias = Literal["next", "clock", "farewell", "time", "line", "stall"]

FIRST: tuple[Reason, ...] = ("next", "clock", "farewell", "time", "line", "stall")
"""Of two reasons in the same moment the first is served; what the user asked for leads."""
ASKED_WAITS_S = 12.0
"""What the user asked for waits so long for a pause."""
FAREWELL_WAITS_S = 20.0
RARE_S = 180.0
"""No two cues about a farewell, or about a dead line, within this."""
NAG_S = 60.0
"""A question that was cued so short a time ago is not said again for a farewell."""
TIME_LIVES_S = 5.0
"""A time cue must begin within this: the waiting was done here."""
BREATH_S = 3.0
"""Between the end of one cue and the next, unless the user asked."""
LAST_S = 60.0
"""With so little left the referral goes before every must-ask."""
UNANSWERED_S = 10.0
"""So long after a cue's expiry nobody will tell any more what became of it."""


@dataclass(frozen=True, slots=True)
class _Want:
    """A reason to murmur, and how long it holds."""

    since_s: float
    until_s: float
    left_s: float = 0.0
    """For `time`: what is to be told."""


@dataclass(slots=True)
class Coach:
    """The reasons that wait, the cue that is out, and the cues so far."""

    plan: Plan
    _agenda: Agenda = field(init=False)
    _length_s: float = field(init=False)
    _voices: Voices = field(default_factory=Voices)
    _wants: dict[Reason, _Want] = field(default_factory=dict[Reason, _Want])
    _out: Cue | None = None
    _out_seq: int = 0
    _out_s: float = 0.0
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
    _is_paused: bool = False
    _is_over: bool = False
    _is_all_told: bool = False

    def __post_init__(self) -> None:
        self._agenda = Agenda(self.plan)
        self._length_s = self.plan.length_s

    def feed(self, entry: Entry) -> list[Finding]:
        """Take the next entry; return what it brings to light, often nothing."""
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
            case Cue() if entry.event == self._out:
                self._out_seq = entry.seq
            case CueEnded(cue_seq, how=how) if self._out and cue_seq == self._out_seq:
                self._end_cue(self._out, entry.at_s, is_expired=how == "expired")
            case _:
                pass

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
        if now_s >= self._hushed_until_s:
            self._wants[reason] = want

    def _drop(self, *reasons: Reason) -> None:
        for reason in reasons:
            self._wants.pop(reason, None)

    def _hush(self, until_s: float) -> None:
        self._hushed_until_s = until_s
        self._wants.clear()

    def _end_cue(self, cue: Cue, now_s: float, *, is_expired: bool) -> None:
        self._out, self._ended_s = None, now_s
        if is_expired:
            # Nobody heard or saw it: it may come another time.
            self._ended_s = float("-inf")
            self._cued.pop(cue.question_id or "", None)
            self._helped_s = [s for s in self._helped_s if s != self._out_s]

    # ------------------------------------------------------------ the moment

    def _murmur(self, now_s: float) -> Cue | None:
        """Return the cue whose moment this is."""
        if self._out and now_s >= self._out.expires_s + UNANSWERED_S:
            self._end_cue(self._out, now_s, is_expired=False)
        if not (self._is_over or self._is_paused or self._out):
            silent_s = round(self._voices.silent_s(now_s), 6)
            is_quiet = silent_s > 0 and silent_s >= self.plan.dials.silent_before_cue_s
            due = [reason for reason in FIRST if self._may(reason, now_s, is_quiet=is_quiet)]
            for reason in due:
                cue = self._cue(reason, self._wants.pop(reason), now_s)
                if cue:
                    # Nobody paused for it: a tone tells that there is something to read.
                    return self._send(reason, replace(cue, tone=not is_quiet), now_s)
        self._drop(*[reason for reason, want in self._wants.items() if now_s > want.until_s])
        return None

    def _may(self, reason: Reason, now_s: float, *, is_quiet: bool) -> bool:
        """Tell whether that reason waits and may be served now."""
        want = self._wants.get(reason)
        if want is None:
            return False
        if not is_quiet:
            return reason in ("next", "clock", "time") and now_s >= want.until_s
        if reason in ("next", "clock"):
            return True
        if now_s - self._ended_s < BREATH_S:
            return False
        return reason != "stall" or self._may_help(now_s)

    def _may_help(self, now_s: float) -> bool:
        """Tell whether spacing and budget leave room for one more cue."""
        dials = self.plan.dials
        lately = [s for s in self._helped_s if now_s - s < dials.cue_window_s]
        return now_s - self._last_s >= dials.cue_spacing_s and len(lately) < dials.cue_budget

    def _send(self, reason: Reason, cue: Cue, now_s: float) -> Cue:
        """Keep account of a cue that is found."""
        self._out, self._out_s = cue, now_s
        if cue.kind != "time":
            self._last_s = now_s
            if reason != "next":
                self._helped_s.append(now_s)
        if cue.question_id is not None:
            self._cued.pop(cue.question_id, None)
            self._cued[cue.question_id] = now_s
        if reason == "farewell":
            self._farewell_s = now_s
        if reason == "line":
            self._line_s = now_s
        return cue

    # ------------------------------------------------------------ the words

    def _cue(self, reason: Reason, want: _Want, now_s: float) -> Cue | None:
        """Return what to say for that reason; None where there is nothing worth it."""
        match reason:
            case "time" | "clock":
                return self._time(reason, want, now_s)
            case "line":
                why = self._fill_silence(self.plan.lines.why_line, want, now_s)
                return self._say("line", self.plan.lines.line_dead, why, now_s)
            case "farewell":
                return self._farewell(now_s)
            case "next":
                return self._next(now_s)
            case "stall":
                return self._help(want, now_s)

    def _help(self, want: _Want, now_s: float) -> Cue | None:
        lines = self.plan.lines
        why = self._fill_silence(lines.why_stall, want, now_s)
        left_s = self._length_s - now_s
        question = next_question(self._agenda, left_s, self._length_s, self._cued)
        if question:
            return self._ask(lines.question, question, why, now_s)
        if self._agenda.open_questions() or self._is_all_told or not self.plan.questions:
            return None
        self._is_all_told = True
        return self._say("closing", lines.nothing_open, why, now_s)

    def _next(self, now_s: float) -> Cue:
        lines = self.plan.lines
        left_s = self._length_s - now_s
        question = next_question(self._agenda, left_s, self._length_s, self._cued)
        if question is None:
            # Round and round: first what was never said, then what was said the longest ago.
            still_open = self._agenda.open_questions()
            question = min(still_open, key=lambda q: self._cued.get(q.id, -1.0), default=None)
        if question is None:
            return self._say("closing", lines.nothing_open, lines.why_next, now_s)
        return self._ask(lines.question_next, question, lines.why_next, now_s)

    def _farewell(self, now_s: float) -> Cue | None:
        lines = self.plan.lines
        question = self._referral()
        if question is None:
            return self._say("closing", lines.closing_thanks, lines.why_farewell, now_s)
        if now_s - self._cued.get(question.id, float("-inf")) < NAG_S:
            return None
        return self._ask(lines.closing, question, lines.why_farewell, now_s)

    def _time(self, reason: Reason, want: _Want, now_s: float) -> Cue:
        lines = self.plan.lines
        if reason == "clock":
            left_s = self._length_s - now_s
            line = phrasing.time_left(lines, left_s, self._length_s)
            return self._say("time", line, lines.why_time_asked, now_s)
        left_s, open_musts = want.left_s, self._agenda.open_musts()
        is_half = left_s == self._length_s / 2
        line = phrasing.time_left(lines, left_s, self._length_s, is_half=is_half)
        why = phrasing.why_time(lines, left_s)
        if left_s <= 0:
            return self._say("time", line, why, now_s)
        referral = self._referral()
        if referral and not is_half and (open_musts <= referral.must or left_s <= LAST_S):
            return self._say("time", phrasing.with_referral(lines, line, referral), why, now_s)
        return self._say("time", phrasing.with_musts(lines, line, open_musts), why, now_s)

    def _referral(self) -> Question | None:
        return next((q for q in self._agenda.open_questions() if q.referral), None)

    def _ask(self, template: str, question: Question, why: str, now_s: float) -> Cue:
        kind = "closing" if question.closing else "question"
        text = phrasing.ask(template, question)
        return replace(self._say(kind, text, why, now_s), question_id=question.id)

    def _say(
        self,
        kind: Literal["question", "closing", "line", "time"],
        text: str,
        why: str,
        now_s: float,
    ) -> Cue:
        lives_s = TIME_LIVES_S if kind == "time" else self.plan.dials.stall_cue_lives_s
        return Cue(kind, phrasing.short(text), None, why, round(now_s + lives_s, 3))

    def _fill_silence(self, template: str, want: _Want, now_s: float) -> str:
        return template.format(silence_s=now_s - want.since_s)
