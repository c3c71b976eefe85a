"""The live terminal view: an entry becomes a line. The door to rich.

Law: keeps no state that the journal could not give again, and decides nothing.
When the journal begins anew, because something was forgotten, so does the
screen: what stood there is gone, also from what a terminal lets one scroll to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from assistant.events import (
    Answered,
    Asked,
    AudioLost,
    CallEnded,
    CallStarted,
    Channel,
    Consent,
    Consented,
    Cue,
    CueEnded,
    DeadLine,
    Entry,
    Extended,
    Farewell,
    Forgotten,
    Heard,
    Hushed,
    JobAsked,
    Marked,
    MarkHeard,
    MaybeAsked,
    Monologue,
    NoteTaken,
    Paused,
    Promised,
    Recovered,
    Resumed,
    Stalled,
    Ticked,
    TimeShort,
    Touched,
    Trouble,
)
from assistant.minds.balance import Balance
from assistant.minds.stretches import LEAST_LOST_S
from assistant.notes.off_record import asks_off_record
from assistant.notes.words import AnswerWords
from assistant.plan import Phrases
from assistant.view import clock, spoken_length

_WIPED = "\x1b[H\x1b[2J\x1b[3J"
"""To the top, wipe the screen, wipe what was scrolled away: xterm's codes, which all have."""
_SPOKEN_TO = {"me": "cyan", "them": "green", "unclear": "yellow"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line to print, without its time."""

    sign: str
    """One character: what kind of line it is, for eyes and for grep."""
    text: str
    style: str = ""


_BREAKS = re.compile(r"[^\S ]+")
CHOICE_S = 60.0
"""So long a choice may be made with a key."""


@dataclass(slots=True)
class Screen:
    """Prints entries as they come."""

    words: Mapping[str, str]
    """From `screen.toml` of the language."""
    questions: Mapping[str, str]
    """question id -> its text."""
    console: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    has_keys: bool = False
    """Whether keys are read, so that a choice may be made with them."""
    choice: tuple[str, ...] = ()
    """The questions of which one may just have been asked, while it is open which."""
    phrases: Phrases = field(default_factory=Phrases)
    """Of the language: what is but a filler ends no long stretch."""
    answers: AnswerWords = field(default_factory=AnswerWords)
    """Of the language: by these it is seen that they ask not to be quoted."""
    _balance: Balance = field(init=False)
    _cues: dict[int, str] = field(default_factory=dict[int, str])
    _seq: int = 0
    _choice_at_s: float = 0.0

    def __post_init__(self) -> None:
        self._balance = Balance(self.phrases)

    def show(self, entry: Entry) -> None:
        """Print an entry, if it is one that people want to see."""
        if entry.seq <= self._seq:
            self._begin_anew()
        self._seq = entry.seq
        self._balance.take(entry)
        self._choose(entry)
        row = self.row(entry)
        if row is not None:
            text = Text(f"{clock(_time_of(entry)):>7} {row.sign} ", style="dim")
            self.console.print(text.append(_printable(row.text), style=row.style or "default"))

    def _choose(self, entry: Entry) -> None:
        match entry.event:
            case MaybeAsked(question_ids):
                self.choice, self._choice_at_s = question_ids, entry.at_s
            case _ if self.choice and entry.at_s - self._choice_at_s > CHOICE_S:
                # Nobody remembers it by now; `tick` is still there.
                self.choice = ()
            case Asked(question_id) | Ticked(question_id) if question_id in self.choice:
                # It was that one; what else it may have been is no question any more.
                self.choice = ()
            case _:
                pass

    def _begin_anew(self) -> None:
        self._cues.clear()
        self._balance = Balance(self.phrases)
        self.choice = ()
        if self.console.is_terminal:
            self.console.file.write(_WIPED)
        else:
            # What went into a file or a pipe can not be taken back.
            self.console.print(Text(self.words["anew"], style="dim"))

    def row(self, entry: Entry) -> Row | None:
        """Return what to print for an entry; None for what only the program reads."""
        rows = (self._talk, self._share, self._cue, self._mark, self._leave, self._state)
        return next((row for told in rows if (row := told(entry))), None)

    def _talk(self, entry: Entry) -> Row | None:
        match entry.event:
            case Heard(channel, _, _, text, probably=side) if text and not entry.event.echo:
                who = self.words[channel.value]
                if side is not None:
                    guess = "probably_me" if side is Channel.ME else "probably"
                    who = self._say(guess, who=who, side=self.words[side.value])
                # So that the user sees that it was understood, and need not stop to write it down.
                is_apart = asks_off_record(entry.event, self.answers)
                key = "heard_off_record" if is_apart else "heard"
                return Row(" ", self._say(key, who=who, text=text), _SPOKEN_TO[channel.value])
            case Asked(question_id):
                return Row("+", self._say("asked", question=self._question(question_id)), "bold")
            case Answered(question_id):
                return Row("+", self._say("answered", question=self._question(question_id)), "dim")
            case MaybeAsked(question_ids):
                return Row("?", self._maybe(question_ids))
            case Touched(question_id, probably_answered=True):
                return Row("?", self._say("told", question=self._question(question_id)), "dim")
            case Ticked(question_id, state):
                question = self._question(question_id)
                return Row("+", self._say("ticked", question=question, state=state), "bold")
            case _:
                return None

    def _share(self, entry: Entry) -> Row | None:
        match entry.event:
            case TimeShort() if (share := self._balance.my_share) is not None:
                mine = self._balance.longest(Channel.ME)
                longest = clock(mine.length_s if mine else 0.0)
                return Row("=", self._say("balance", share=f"{share:.0%}", longest=longest), "dim")
            case Monologue(channel, since_s):
                who, length = self.words[channel.value], clock(entry.at_s - since_s)
                return Row("=", self._say("monologue", who=who, length=length), "dim")
            case _:
                return None

    def _cue(self, entry: Entry) -> Row | None:
        match entry.event:
            case Cue(text=text, why=why):
                self._cues[entry.seq] = text
                return Row("~", self._say("murmur", text=text, why=why), "bold magenta")
            case CueEnded(cue_seq, how=how) if how != "spoken":
                return Row("~", self._say(how, text=self._cues.get(cue_seq, "")), "magenta")
            case Stalled():
                return Row(".", self._say("stalled"), "dim")
            case DeadLine():
                return Row("!", self._say("dead_line"), "red")
            case Farewell():
                return Row(">", self._say("farewell"), "bold")
            case _:
                return None

    def _mark(self, entry: Entry) -> Row | None:
        match entry.event:
            case NoteTaken(text) | MarkHeard(kind="note", text=text):
                return Row("*", self._say("noted", text=text), "yellow")
            case Marked(text) if text:
                return Row("*", self._say("marked_text", text=text), "yellow")
            case Marked() | MarkHeard(kind="moment" | "name"):
                return Row("*", self._say("marked"), "yellow")
            case Promised():
                return Row("*", self._say("promised"), "yellow")
            case JobAsked():
                return Row("!", self._say("job_asked"), "bold")
            case _:
                return None

    def _leave(self, entry: Entry) -> Row | None:
        match entry.event:
            case Consent(state=state) | Consented(answer=state):
                return Row("+", self._say(f"leave_{state}"), "bold")
            case Recovered(_, to_s):
                return Row("!", self._say("gone", until=clock(to_s)), "red")
            case _:
                return None

    def _state(self, entry: Entry) -> Row | None:
        match entry.event:
            case CallStarted():
                return Row(">", self._say("started"), "dim")
            case CallEnded(reason):
                return Row(">", self._say("ended", reason=reason), "dim")
            case Paused():
                return Row(">", self._say("paused"), "bold")
            case Resumed():
                return Row(">", self._say("resumed"), "bold")
            case Forgotten(from_s, to_s):
                times = {"from_clock": clock(from_s), "to_clock": clock(to_s)}
                return Row(">", self._say("forgotten", **times), "bold")
            case Extended(by_s):
                return Row(">", self._say("extended", minutes=f"{by_s / 60:g}"))
            case Hushed(for_s):
                return Row(">", self._hushed(for_s))
            case AudioLost(channel, start_s, end_s, why) if end_s - start_s >= LEAST_LOST_S:
                who, seconds = self.words[channel.value], f"{end_s - start_s:.1f}"
                return Row("!", self._say("lost", who=who, seconds=seconds, why=why), "red")
            case Trouble(_, text):
                return Row("!", self._say("trouble", text=text), "red")
            case _:
                return None

    def _hushed(self, for_s: float | None) -> str:
        if for_s is None:
            return self._say("hushed")
        if for_s == 0:
            return self._say("unhushed")
        return self._say("hushed_for", length=spoken_length(for_s))

    def _maybe(self, question_ids: tuple[str, ...]) -> str:
        questions = [self._question(question_id) for question_id in question_ids]
        if not self.has_keys:
            return self._say("maybe", questions=" / ".join(questions))
        numbered = " / ".join(f"[{number}] {text}" for number, text in enumerate(questions, 1))
        return self._say("maybe_keys", questions=numbered)

    def _question(self, question_id: str) -> str:
        return self.questions.get(question_id, question_id)

    def _say(self, key: str, **values: str) -> str:
        return self.words[key].format(**values)


def _printable(text: str) -> str:
    """Drop what would move the cursor, ring the bell or turn the text around.

    A break or a tab is a space between words all the same.
    """
    return "".join(c for c in _BREAKS.sub(" ", text) if c.isprintable())


def _time_of(entry: Entry) -> float:
    return entry.event.start_s if isinstance(entry.event, Heard | AudioLost) else entry.at_s
