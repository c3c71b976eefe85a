"""The words of the journal: facts, findings, and their one spelling in JSON.

A fact comes from outside; a finding follows from facts. An `Entry` is one of
them in its place, and one flat line of JSON:

    {"seq":41,"at_s":312.5,"is":"SpeechStarted","channel":"them","start_s":312.22}

All times end in `_s`: seconds since the call began, counted in samples of the
microphone channel; only `CallStarted` holds wall time. Law: this file imports
nothing of the house, and a word's meaning never changes: a new meaning is a
new word. Fields that are unknown here are ignored, so that an older program
can read a newer journal.
"""

from enum import StrEnum
from typing import Literal, TypeAlias, get_args

import msgspec


class Channel(StrEnum):
    """Whose voice it is."""

    ME = "me"
    """The user, at the microphone."""
    THEM = "them"
    """The other side, from the system's own sound."""
    UNCLEAR = "unclear"
    """Both in one microphone: a phone on speaker."""


class Word(msgspec.Struct, frozen=True):
    """One recognised word, and when it sounded."""

    text: str
    start_s: float
    end_s: float
    confidence: float
    """0 to 1; 1 where the engine gives none."""


class _Fact(msgspec.Struct, frozen=True, tag_field="is", tag=lambda name: name):
    """Comes from outside."""


class _Finding(msgspec.Struct, frozen=True, tag_field="is", tag=lambda name: name):
    """Follows from facts."""


# ---------------------------------------------------------------- facts


class CallStarted(_Fact, frozen=True):
    """The first line of every journal."""

    call_id: str
    """The name of the call's folder."""
    wall: str
    """ISO 8601 with offset: the moment that is second 0."""
    version: str
    engines: dict[str, str]
    """What hears and what speaks: {"hearing": "vosk vosk-model-small-en-us-0.15", ...}."""


class CallEnded(_Fact, frozen=True):
    """The last line of every journal that was not cut short."""

    reason: str
    """`stopped`, `cancelled`, `signal`, `end of file`, ..."""


class SpeechStarted(_Fact, frozen=True):
    """A voice began."""

    channel: Channel
    start_s: float


class SpeechEnded(_Fact, frozen=True):
    """A voice fell silent; `end_s` is where the voice ended, not when that was noticed."""

    channel: Channel
    start_s: float
    end_s: float


class Heard(_Fact, frozen=True):
    """Words that will not change any more."""

    channel: Channel
    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...] = ()
    """With an engine that gives no word times, spread over the speech by their length."""
    engine: str = ""
    echo: bool = False
    """These are the words of our own cue, caught by the microphone: they count for nothing."""
    as_heard: str = ""
    """What the engine wrote, where names and terms of the sheet were put right in `text`."""
    loudness_db: float | None = None
    """How loud the speech was, in dBFS; only where one microphone hears both."""
    probably: Channel | None = None
    """Where one microphone hears both: whose words these probably are, if that can be told ..."""
    certainty: float = 0.0
    """... and how sure that is, 0 to 1."""


class Understood(_Fact, frozen=True):
    """What the words of one `Heard` mean, as scores; said by the understanding."""

    heard_seq: int
    likeness: dict[str, float] = {}
    """question id -> how like that question these words are, 0 to 1. Only those worth a look."""
    farewell: float = 0.0
    job_ask: float = 0.0
    promise: float = 0.0
    theme: float = 0.0
    """How near the words are to any prepared theme rather than to something else, 0 to 1; 0 where
    nobody looked, 0.5 where nothing can be told."""
    topic: str = ""
    """What they are about, in at most three of the words themselves; empty where nothing stands
    out."""
    near: dict[str, float] = {}
    """question id -> how near these words are to what that question is about, 0 to 1, asked or
    not. Only the nearest."""


class NoteTaken(_Fact, frozen=True):
    """The user wrote a note."""

    text: str


class Marked(_Fact, frozen=True):
    """The user marked this moment."""

    text: str = ""


class NextWanted(_Fact, frozen=True):
    """The user asks for the next question, now."""


class Ticked(_Fact, frozen=True):
    """The user says how a question stands; it overrules what was found."""

    question_id: str
    state: Literal["open", "asked", "answered"]


class Extended(_Fact, frozen=True):
    """The call may be longer."""

    by_s: float


class Hushed(_Fact, frozen=True):
    """No murmurs for a while: None = to the end of the call, 0 = they may come again."""

    for_s: float | None = None


class Paused(_Fact, frozen=True):
    """From here nothing is captured."""


class Resumed(_Fact, frozen=True):
    """Capture goes on."""


class Forgotten(_Fact, frozen=True):
    """The user had a stretch forgotten; its sound is zeros, its facts are gone."""

    from_s: float
    to_s: float


class CueStarted(_Fact, frozen=True):
    """The first sample of a cue sounded (or the cue was shown)."""

    cue_seq: int
    """The `seq` of the Cue."""
    start_s: float


class CueEnded(_Fact, frozen=True):
    """A cue is over, and how it went."""

    cue_seq: int
    start_s: float
    end_s: float
    how: Literal["spoken", "cut", "stopped", "call_ended", "tone", "shown", "expired"]
    """`spoken` to its end; `cut` because someone spoke, `call_ended` because the call did,
    `stopped` for anything else, such as a hush, a pause or a fault; a `tone` instead of words; only
    `shown`, not heard; `expired` before it could begin."""


class AudioLost(_Fact, frozen=True):
    """A stretch of a channel that was not captured; on disk it is zeros."""

    channel: Channel
    start_s: float
    end_s: float
    why: str


class Trouble(_Fact, frozen=True):
    """Some part failed or came back; `text` is a sentence for the user."""

    part: str
    """`microphone`, `far side`, `headset`, `hearing`, `voice`, `disk`, `journal`, `call`,
    `recording`; and `microphone level`, `far side level` where one distorts, but is heard."""
    text: str
    over: bool = False
    """The part works again."""


class Recovered(_Fact, frozen=True):
    """The program was gone from `from_s`, the last it had written, to `to_s`.

    What was captured in between was heard afterwards: nobody could act on it, so no cue is due.
    """

    from_s: float
    to_s: float


class Imported(_Fact, frozen=True):
    """The call was not lived with: its sound came from files, when it was long over.

    What was said in it was said, and its silences were silences. But nobody could act on it and
    nobody watched the clock: so no cue is due and no time is told.
    """

    files: tuple[str, ...]
    """Their names, without folders; one, or the side of each."""
    sha256: str
    """Of what is in the files, in that order: the same recording is known again by it."""
    wall: str
    """ISO 8601 with offset: when it was imported."""
    wall_from: Literal["said", "name", "file", "sheet", "changed"]
    """How it is known when the call began: the user `said`; the file's `name` holds it; the
    recorder wrote it into the `file`; the `sheet` had planned it; or nothing tells, and it is when
    the file was last `changed`, less its length."""
    sides: str = ""
    """Whose the sides of a stereo recording were taken for: `auto`, `me,them`, `them,me`, `mix`."""


class Consented(_Fact, frozen=True):
    """The user says what the other side answered when asked whether notes may be taken."""

    answer: Literal["given", "refused"]


# ---------------------------------------------------------------- facts after the call


class _Change(
    msgspec.Struct,
    frozen=True,
    tag_field="of",
    tag=lambda name: name.removesuffix("Change").lower(),
):
    """What the user says was otherwise."""


class LineChange(_Change, frozen=True):
    """A line was misheard."""

    heard_seq: int
    text: str
    """What was really said; empty where nothing was."""


class SpeakerChange(_Change, frozen=True):
    """Somebody else said a line."""

    heard_seq: int
    channel: Channel


class NameChange(_Change, frozen=True):
    """A name or a term is spelled otherwise, wherever it was heard in this call."""

    was: str
    text: str


class QuestionChange(_Change, frozen=True):
    """A question stands otherwise."""

    question_id: str
    state: Literal["open", "asked", "answered"]
    heard_seq: int | None = None
    """The line it was asked in; None where the user does not say."""


class PromiseChange(_Change, frozen=True):
    """A promise is otherwise, is done, or was none; None where that stays as it was found."""

    heard_seq: int
    """The line it was made in."""
    was: str
    """The task, as it was found; empty for one that was not found."""
    what: str | None = None
    owner: Channel | None = None
    due: str | None = None
    """ISO 8601; empty for no day."""
    state: Literal["open", "done", "dropped"] | None = None


class HearingChange(_Change, frozen=True):
    """Which hearing the notes are to use."""

    use: Literal["better", "first", "again"]
    """`better`: for each line the one that is likelier right."""
    heard_seq: int | None = None
    """Of this line alone; None: of the whole call."""


class Undo(_Change, frozen=True):
    """An earlier correction does not count; one that undoes may itself be undone."""

    number: int
    """Of the call's corrections, counted from 1 in their order, undone ones too."""


Change: TypeAlias = (
    LineChange | SpeakerChange | NameChange | QuestionChange | PromiseChange | HearingChange | Undo
)


class Corrected(_Fact, frozen=True):
    """After the call: the user corrects what was heard or found."""

    wall: str
    """ISO 8601 with offset: when they did."""
    change: Change


class HeardAgain(_Fact, frozen=True):
    """After the call: what a second, slower hearing made of a stretch. Both hearings stay."""

    instead_of: tuple[int, ...]
    """The `seq` of each Heard of that stretch; empty where nothing had been heard."""
    channel: Channel
    start_s: float
    end_s: float
    text: str
    """Empty where it heard nothing."""
    words: tuple[Word, ...] = ()
    engine: str = ""
    as_heard: str = ""
    """What the engine wrote, where names and terms of the sheet were put right in `text`."""
    word_errors: float | None = None
    """Share of words this engine is known to mishear, 0 to 1; None where nobody measured it ..."""
    first_word_errors: float | None = None
    """... and, on the same speech, the one that heard the call."""


# ---------------------------------------------------------------- findings


class Stalled(_Finding, frozen=True):
    """Nobody has spoken for longer than this talk's silences are. By floor."""

    since_s: float


class DeadLine(_Finding, frozen=True):
    """So long a silence that the line may be dead. By floor."""

    since_s: float


class Monologue(_Finding, frozen=True):
    """One side has held the floor for very long. By floor."""

    channel: Channel
    since_s: float


class TimeShort(_Finding, frozen=True):
    """A time to be told: half, five minutes, one, none, every five over. By timekeeper."""

    left_s: float
    """Below 0 when over time."""
    open_musts: int


class Asked(_Finding, frozen=True):
    """A prepared question was asked. By coverage."""

    question_id: str
    heard_seq: int
    score: float


class Touched(_Finding, frozen=True):
    """They spoke to a question that nobody asked yet. By coverage."""

    question_id: str
    heard_seq: int
    score: float
    probably_answered: bool = False
    """Several of their last utterances did: it may be answered, though nobody asked."""


class Answered(_Finding, frozen=True):
    """A question that was asked got a real answer. By coverage."""

    question_id: str
    heard_seq: int
    score: float


class MaybeAsked(_Finding, frozen=True):
    """One of these was asked, it is not clear which. By coverage."""

    question_ids: tuple[str, ...]
    heard_seq: int


class Drifted(_Finding, frozen=True):
    """The talk left the prepared themes. By drift."""

    since_s: float


class Farewell(_Finding, frozen=True):
    """They want to end. By farewell."""

    heard_seq: int
    minutes_left: float | None = None
    """The minutes they named, if they named any."""
    thanked: bool = False
    """The user had just thanked them for the whole talk."""


class JobAsked(_Finding, frozen=True):
    """The user asked for a job. By caution."""

    heard_seq: int


class Promised(_Finding, frozen=True):
    """A promise or a request. By pledge."""

    channel: Channel
    heard_seq: int
    score: float


class Consent(_Finding, frozen=True):
    """The user asked whether notes may be taken, or the other side answered. By consent."""

    heard_seq: int
    state: Literal["asked", "given", "refused"]


class MarkHeard(_Finding, frozen=True):
    """A spoken mark or command: "note to self ...". By markers."""

    heard_seq: int
    kind: Literal["note", "moment", "name", "next", "hush", "time"]
    text: str
    """For `note`: the words noted. Else the words that made the mark."""


class Cue(_Finding, frozen=True):
    """One short line for the user's ear. By coach."""

    kind: Literal["question", "time", "closing", "caution", "drift", "line", "talk", "opening"]
    text: str
    """What is murmured and shown; at most eight words."""
    question_id: str | None
    why: str
    """The reason, for the user and the report."""
    expires_s: float
    """When it has not begun by then, it must not begin."""
    tone: bool = False
    """Sound only a soft tone; the text is shown."""


class Tick(msgspec.Struct, frozen=True):
    """A quarter of a second passed. Never written: it follows from the times."""


Fact: TypeAlias = (
    CallStarted | CallEnded | SpeechStarted | SpeechEnded | Heard | Understood | NoteTaken | Marked
    | NextWanted | Ticked | Extended | Hushed | Paused | Resumed | Forgotten | CueStarted | CueEnded
    | AudioLost | Trouble | Recovered | Imported | Consented | Corrected | HeardAgain
)  # fmt: skip

Finding: TypeAlias = (
    Stalled | DeadLine | Monologue | TimeShort | Asked | Touched | Answered | MaybeAsked | Drifted
    | Farewell | JobAsked | Promised | Consent | MarkHeard | Cue
)  # fmt: skip

Kinds: TypeAlias = tuple[type[Fact | Finding | Tick], ...]

FACTS: tuple[type[Fact], ...] = get_args(Fact)
AFTERWARDS = Corrected, HeardAgain
"""Facts that come only after a call's end; they change nothing of what was found in it."""
FINDINGS: tuple[type[Finding], ...] = get_args(Finding)
EVERY: Kinds = (*FACTS, *FINDINGS, Tick)


class Entry(msgspec.Struct, frozen=True):
    """A fact or a finding in its place: one line of the journal."""

    seq: int
    """1, 2, 3, ...: also how entries refer to one another."""
    at_s: float
    """When it was placed; never less than the line before."""
    event: Fact | Finding | Tick


class _Place(msgspec.Struct, frozen=True):
    seq: int
    at_s: float


_encode = msgspec.json.Encoder().encode
_decode_fact = msgspec.json.Decoder(Fact).decode
_decode_event = msgspec.json.Decoder(Fact | Finding).decode
_decode_place = msgspec.json.Decoder(_Place).decode


def to_json(event: Fact | Finding) -> bytes:
    """Spell an event alone, as it travels between processes; no newline."""
    return _encode(event)


def fact_from_json(line: bytes | str) -> Fact:
    """Read a fact back. Raises ValueError where the line is not the spelling of a fact."""
    return _decode_fact(line)


def to_line(entry: Entry) -> bytes:
    """Spell an entry as its line of the journal; no newline."""
    return _encode(_Place(entry.seq, entry.at_s))[:-1] + b"," + _encode(entry.event)[1:]


def from_line(line: bytes | str) -> Entry:
    """Read a line back: the inverse of `to_line`. Raises ValueError."""
    place = _decode_place(line)
    return Entry(place.seq, place.at_s, _decode_event(line))
