"""What there would be to say, and for how long each of it holds.

Reads findings, the user's wishes and what stopped working; the coach asks what
waits. Law: each reason waits once at a time; hush lets nothing wait but that a
side can not be heard at all; and of a stretch in which the program was gone, or
that is forgotten, nothing is made up for.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.events import (
    Asked,
    Channel,
    Consent,
    DeadLine,
    Drifted,
    Entry,
    Extended,
    Farewell,
    Forgotten,
    Heard,
    Hushed,
    JobAsked,
    MarkHeard,
    Monologue,
    NextWanted,
    Paused,
    Recovered,
    Resumed,
    SpeechStarted,
    Stalled,
    TimeShort,
    Trouble,
    Understood,
)
from assistant.minds.cues import Part
from assistant.minds.ledger import Ledger
from assistant.minds.opening import WAITS_S, Opening
from assistant.minds.troubles import EARS, Troubles
from assistant.minds.waiting import Waiting
from assistant.plan import Plan

Reason: TypeAlias = (
    Literal[
        "next", "clock", "caution", "refused", "farewell", "opening", "time", "line", "stall",
        "drift", "talk",
    ]
    | Part
)  # fmt: skip

FIRST: tuple[Reason, ...] = (
    "next", "clock", "caution", "microphone", "far side", "refused", "farewell", "opening", "time",
    "disk", "hearing", "line", "stall", "drift", "talk",
)  # fmt: skip
"""Of two reasons in the same moment the first is served; what the user asked for leads."""
INSISTENT: tuple[Reason, ...] = (
    "next",
    "clock",
    "caution",
    "time",
    "microphone",
    "far side",
    "drift",
)
"""What nobody pauses for comes as a tone in the end."""
PASSING: tuple[Reason, ...] = ("stall", "line")
"""What is over when somebody speaks."""
ONCE: tuple[Reason, ...] = (*PASSING, "talk")
"""What is not tried again when it was cut: a moment later it helps nobody."""
SPARSE: tuple[Reason, ...] = ("stall", "drift", "talk")
"""Help nobody asked for: it keeps its distance, and to the budget."""

ASKED_WAITS_S = 12.0
"""What the user asked for waits so long for a pause."""
FAREWELL_WAITS_S = 20.0
TROUBLE_WAITS_S = 30.0
CAUTION_WAITS_S = 8.0
"""A warning about my own words is soon too late; after this it is a tone."""
CAUTION_RARE_S = 60.0
DRIFT_WAITS_S = 45.0
"""Who has wandered off pauses little: after this it is a tone, and the words are shown."""
BACK_BY = 0.05
"""A line that is by so much nearer than what is elsewhere shows that they came back."""
DRIFT_RARE_S = 300.0
"""Who wants to talk of something else is not called back all the time."""
TALK_WAITS_S = 30.0
"""I may go on for so long after it was seen that I talk a lot."""
RARE_S = 180.0
"""No two cues about a farewell, a dead line, or the same broken part, within this."""
SETTLES_S: Mapping[Part, float] = {"microphone": 2.0, "far side": 2.0, "disk": 0.0, "hearing": 8.0}
"""A failure is told when it has lasted so long: a stream is reopened, and an ear started again,
within a moment."""


@dataclass(frozen=True, slots=True)
class Want:
    """A reason to murmur, and how long it holds."""

    since_s: float
    until_s: float
    from_s: float = 0.0
    """Not before this."""
    left_s: float = 0.0
    """For `time`: what is to be told."""
    why: str = ""
    """For a broken part: its own sentence."""
    is_again: bool = False
    is_thanked: bool = False
    """For `farewell`: the user has just thanked them."""


@dataclass(slots=True)
class Reasons:
    """What waits to be said."""

    plan: Plan
    ledger: Ledger
    waiting: dict[Reason, Want] = field(default_factory=dict[Reason, Want])
    opening: Opening = field(init=False)
    _troubles: Troubles = field(default_factory=Troubles)
    _hushed_until_s: float = 0.0
    _forgotten_until_s: float = 0.0
    """What was due in a forgotten stretch was due then."""
    _gone_until_s: float = float("-inf")
    """Up to then nobody was there to be told."""
    _mine_ended_s: Waiting[float] = field(default_factory=Waiting[float])
    """When each line of mine was said."""
    _gone_seq: int = 0
    """The last words of that time."""

    def __post_init__(self) -> None:
        self.opening = Opening(self.plan)

    def take(self, entry: Entry) -> None:
        """Take the next entry."""
        self._take_end(entry)
        self._take_quiet(entry)
        self._take_reason(entry)
        self._take_course(entry)
        self._take_leave(entry)
        self._take_trouble(entry)

    def want(self, reason: Reason, want: Want, now_s: float) -> None:
        """Let that reason wait, unless nobody wants to hear it or nobody was there."""
        is_hushed = now_s < self._hushed_until_s and reason not in EARS
        is_gone = now_s <= self._gone_until_s or now_s < self._forgotten_until_s
        if not is_hushed and not is_gone:
            self.waiting[reason] = want

    def drop_late(self, now_s: float) -> None:
        """Drop what did not find its moment."""
        self.waiting = {r: want for r, want in self.waiting.items() if now_s <= want.until_s}

    def _drop(self, *reasons: Reason) -> None:
        for reason in reasons:
            self.waiting.pop(reason, None)

    def _take_end(self, entry: Entry) -> None:
        """Take what makes others come to nothing."""
        match entry.event:
            case Paused() | Resumed():
                self._drop(*PASSING, "refused", "drift", "talk")
            case SpeechStarted(channel):
                self._drop(*PASSING)
                if channel is Channel.THEM:
                    self._drop("talk")
            case Asked():
                self._drop("drift")
            case Understood(theme=theme) if theme >= self.plan.dials.drift_below + BACK_BY:
                # They came back by themselves.
                self._drop("drift")
            case Extended():
                self._drop("time")
            case _:
                pass

    def _take_quiet(self, entry: Entry) -> None:
        """Take what lets nothing be said for a while."""
        match entry.event:
            case Hushed(for_s):
                self._hush(math.inf if for_s is None else entry.at_s + for_s)
            case MarkHeard(kind="hush"):
                self._hush(math.inf)
            case Forgotten(_, to_s):
                self.waiting.clear()
                self._forgotten_until_s = max(self._forgotten_until_s, to_s)
            case Recovered(_, to_s):
                self.waiting.clear()
                self._gone_until_s, self._gone_seq = to_s, entry.seq
            case Heard(end_s=end_s) if end_s <= self._gone_until_s:
                self._gone_seq = entry.seq
            case _:
                pass

    def _hush(self, until_s: float) -> None:
        self._hushed_until_s = until_s
        # That a side can not be heard at all is no help but an alarm.
        self.waiting = {reason: want for reason, want in self.waiting.items() if reason in EARS}

    def _take_reason(self, entry: Entry) -> None:
        dials, at_s = self.plan.dials, entry.at_s
        match entry.event:
            case Stalled(since_s):
                self.want("stall", Want(since_s, at_s + dials.stall_cue_lives_s), at_s)
            case DeadLine(since_s) if self.ledger.since_s("line", at_s) >= RARE_S:
                self._drop("stall")
                self.want("line", Want(since_s, at_s + dials.stall_cue_lives_s), at_s)
            case TimeShort(left_s):
                want = Want(at_s, at_s + dials.time_cue_waits_s, left_s=left_s)
                self.want("time", want, at_s)
            case Farewell(heard_seq) | MarkHeard(heard_seq) if heard_seq <= self._gone_seq:
                # They were said while nobody was there.
                pass
            case Farewell(thanked=is_thanked) if self.ledger.since_s("farewell", at_s) >= RARE_S:
                want = Want(at_s, at_s + FAREWELL_WAITS_S, is_thanked=is_thanked)
                self.want("farewell", want, at_s)
            case NextWanted() | MarkHeard(kind="next"):
                self.want("next", Want(at_s, at_s + ASKED_WAITS_S), at_s)
            case MarkHeard(kind="time"):
                self.want("clock", Want(at_s, at_s + ASKED_WAITS_S), at_s)
            case _:
                pass

    def _take_course(self, entry: Entry) -> None:
        """Take that the talk takes a wrong turn."""
        at_s, since_s = entry.at_s, self.ledger.since_s
        match entry.event:
            case Heard(channel=Channel.ME | Channel.UNCLEAR, end_s=end_s):
                self._mine_ended_s.add(entry.seq, end_s)
            case JobAsked(heard_seq) if heard_seq > self._gone_seq:
                mine = self._mine_ended_s
                ended_s = mine.take(heard_seq) if heard_seq in mine else at_s
                is_late = at_s - ended_s > CAUTION_WAITS_S
                if not is_late and since_s("caution", at_s) >= CAUTION_RARE_S:
                    self.want("caution", Want(at_s, at_s + CAUTION_WAITS_S), at_s)
            case Drifted(away_s) if since_s("drift", at_s) >= DRIFT_RARE_S:
                self.want("drift", Want(away_s, at_s + DRIFT_WAITS_S), at_s)
            case Monologue(Channel.ME, start_s) if since_s("talk", at_s) == math.inf:
                self.want("talk", Want(start_s, at_s + TALK_WAITS_S), at_s)
            case _:
                pass

    def _take_leave(self, entry: Entry) -> None:
        """Remind the user to ask for leave, and tell when it was refused."""
        at_s, opening = entry.at_s, self.opening
        from_s = opening.take(entry)
        if not opening.is_open:
            self._drop("opening")
        elif from_s is not None and self._is_sooner("opening", from_s):
            self.want("opening", Want(at_s, max(at_s, from_s) + WAITS_S, from_s), at_s)
        if opening.permission.standing != "refused":
            self._drop("refused")
        elif isinstance(entry.event, Consent) and self.ledger.since_s("refused", at_s) == math.inf:
            self.want("refused", Want(at_s, at_s + FAREWELL_WAITS_S), at_s)

    def _is_sooner(self, reason: Reason, from_s: float) -> bool:
        return reason not in self.waiting or from_s < self.waiting[reason].from_s

    def _take_trouble(self, entry: Entry) -> None:
        """Tell what stopped working, once in each episode and not in every one of many."""
        if not isinstance(entry.event, Troubles.READS):
            return
        was, at_s = self._troubles.parts, entry.at_s
        self._troubles.take(entry)
        match entry.event:
            case Trouble("microphone" | "far side" | "disk" | "hearing" as part, text, over):
                if over:
                    self._drop(part)
                elif part not in was:
                    # One of many short ones is not told, but one that lasts.
                    rare_s = RARE_S - self.ledger.since_s(part, at_s)
                    from_s = at_s + max(SETTLES_S[part], rare_s)
                    want = Want(at_s, from_s + TROUBLE_WAITS_S, from_s, why=text)
                    self.want(part, want, at_s)
            case _:
                pass
