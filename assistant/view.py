"""What a call looks like from outside: the fold that `status` and the screen show.

Reads every entry; decides nothing. Law: built from entries alone, so that a
replayed journal shows what the live call showed.
"""

import math
from dataclasses import dataclass, field

import msgspec

from assistant.events import (
    AudioLost,
    CallEnded,
    CallStarted,
    Channel,
    Cue,
    Entry,
    Extended,
    Farewell,
    Heard,
    Hushed,
    Marked,
    MarkHeard,
    NoteTaken,
    Paused,
    Resumed,
)
from assistant.minds import permission
from assistant.minds.agenda import Agenda, Standing
from assistant.minds.balance import Balance
from assistant.minds.permission import Permission
from assistant.minds.stretches import LEAST_LOST_S, Stretch, merged, total_s
from assistant.minds.troubles import Troubles
from assistant.minds.voices import Voices
from assistant.plan import Plan

LINES_SHOWN = 12


class QuestionView(msgspec.Struct, frozen=True):
    """How one question stands."""

    id: str
    text: str
    must: bool
    standing: Standing


class BalanceView(msgspec.Struct, frozen=True):
    """How the talk is shared so far."""

    my_share: float | None
    """Of all speech, 0 to 1; null while nobody spoke, and where one microphone hears both."""
    longest_s: dict[str, float]
    """channel -> the longest stretch it held the floor, in seconds."""


class CallView(msgspec.Struct, frozen=True):
    """A call at one moment. The keys are what `status --json` prints."""

    call_id: str
    person: str
    wall: str
    language: str
    state: str
    """`waiting`, `running`, `paused` or `ended`."""
    at_s: float
    length_s: float
    """The plan's minutes and every extension, in seconds."""
    left_s: float
    engines: dict[str, str]
    questions: tuple[QuestionView, ...]
    speaking: tuple[Channel, ...]
    speech_s: dict[str, float]
    """channel -> seconds spoken in finished turns."""
    balance: BalanceView
    lines: tuple[tuple[float, Channel, str], ...]
    """The last lines heard: start_s, channel, text."""
    notes: int
    marks: int
    cues: int
    last_cue: str
    hushed: bool
    consent: permission.Standing
    """How it stands with the leave to take notes."""
    troubles: tuple[str, ...]
    """The last sentence of each part that does not work now, newest last."""
    lost_s: float
    """Seconds in which something was not captured, on whichever channel."""


@dataclass(slots=True)
class View:
    """The fold behind `CallView`."""

    plan: Plan
    _agenda: Agenda = field(init=False)
    _permission: Permission = field(init=False)
    _started: CallStarted | None = None
    _state: str = "waiting"
    _at_s: float = 0.0
    _has_to_go_s: float = math.inf
    """When their minutes are over, where they named them."""
    _extended_s: float = 0.0
    _voices: Voices = field(default_factory=Voices)
    _balance: Balance = field(init=False)
    _lines: list[tuple[float, Channel, str]] = field(
        default_factory=list[tuple[float, Channel, str]]
    )
    _notes: int = 0
    _marks: int = 0
    _cues: int = 0
    _last_cue: str = ""
    _hushed_until_s: float = 0.0
    _troubles: Troubles = field(default_factory=Troubles)
    _lost: list[Stretch] = field(default_factory=list[Stretch])

    def __post_init__(self) -> None:
        self._agenda = Agenda(self.plan)
        self._permission = Permission(self.plan)
        self._balance = Balance(self.plan.phrases)

    def take(self, entry: Entry) -> None:
        """Take the next entry."""
        self._at_s = max(self._at_s, entry.at_s)
        self._agenda.take(entry)
        self._voices.take(entry)
        self._balance.take(entry)
        self._permission.take(entry)
        self._troubles.take(entry)
        self._take_state(entry)
        self._take_talk(entry)
        self._take_marks(entry)

    def seen(self, at_s: float) -> CallView:
        """Return the view as of `at_s`, which may be later than the last entry."""
        now_s = max(at_s, self._at_s) if self._state != "ended" else self._at_s
        started = self._started or CallStarted("", "", "", {})
        length_s = self.plan.length_s + self._extended_s
        ends_s = min(length_s, self._has_to_go_s)
        return CallView(
            call_id=started.call_id,
            person=self.plan.person,
            wall=started.wall,
            language=self.plan.language,
            state=self._state,
            at_s=round(now_s, 3),
            length_s=length_s,
            left_s=round(ends_s - now_s, 3),
            engines=started.engines,
            questions=tuple(
                QuestionView(q.id, q.text, q.must, self._agenda.standing(q.id))
                for q in self.plan.questions
            ),
            speaking=tuple(sorted(self._voices.speaking(now_s))),
            speech_s={c.value: round(s, 3) for c, s in self._balance.spoken_s.items()},
            balance=_seen_balance(self._balance),
            lines=tuple(self._lines),
            notes=self._notes,
            marks=self._marks,
            cues=self._cues,
            last_cue=self._last_cue,
            hushed=now_s < self._hushed_until_s,
            consent=self._permission.standing,
            troubles=tuple(self._troubles.texts.values()),
            lost_s=round(total_s(self._lost), 3),
        )

    def _take_state(self, entry: Entry) -> None:
        match entry.event:
            case CallStarted():
                self._started, self._state = entry.event, "running"
            case CallEnded():
                self._state = "ended"
            case Paused():
                self._state = "paused"
            case Resumed():
                self._state = "running"
            case Extended(by_s):
                self._extended_s += by_s
                self._has_to_go_s += by_s
            case Farewell(minutes_left=float(minutes)):
                self._has_to_go_s = min(self._has_to_go_s, entry.at_s + minutes * 60.0)
            case _:
                pass

    def _take_talk(self, entry: Entry) -> None:
        match entry.event:
            case Heard(channel, start_s, _, text) if not entry.event.echo and text:
                self._lines = [*self._lines, (start_s, channel, text)][-LINES_SHOWN:]
            case _:
                pass

    def _take_marks(self, entry: Entry) -> None:
        match entry.event:
            case NoteTaken() | MarkHeard(kind="note"):
                self._notes += 1
            case Marked() | MarkHeard(kind="moment" | "name"):
                self._marks += 1
            case Cue(text=text):
                self._cues += 1
                self._last_cue = text
            case Hushed(for_s):
                self._hushed_until_s = float("inf") if for_s is None else entry.at_s + for_s
            case MarkHeard(kind="hush"):
                self._hushed_until_s = float("inf")
            case AudioLost(_, start_s, end_s) if end_s - start_s >= LEAST_LOST_S:
                self._lost = merged([*self._lost, (start_s, end_s)])
            case _:
                pass


def _seen_balance(balance: Balance) -> BalanceView:
    share = balance.my_share
    longest = {channel.value: balance.longest(channel) for channel in Channel}
    return BalanceView(
        None if share is None else round(share, 3),
        {channel: round(run.length_s, 3) for channel, run in longest.items() if run},
    )


def clock(at_s: float) -> str:
    """Spell a time since the call began: 12:31, or 1:02:03."""
    minutes, seconds = divmod(int(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def spoken_length(seconds: float) -> str:
    """Spell a length of time for people: 5 min, 90 s."""
    return f"{seconds / 60:g} min" if seconds % 60 == 0 else f"{seconds:g} s"
