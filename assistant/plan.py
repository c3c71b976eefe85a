"""What is known before a call: the questions, the time, the dials, the words we use.

All that minds may know beforehand. A plan is frozen when the call starts and
kept beside the journal as `plan.json`, so that a replay needs nothing else:
no settings, no prompt files, no model. Law: values only; nothing here reads
a file or a clock.
"""

from typing import Literal

import msgspec


class Question(msgspec.Struct, frozen=True):
    """One prepared question."""

    id: str
    """A short name that is the same across calls: `typical-day`."""
    text: str
    must: bool = False
    cue: str = ""
    """At most five words, what is murmured: "ask: typical day" has the cue "typical day"."""
    aliases: tuple[str, ...] = ()
    """Other short wordings, rich in the question's own words."""
    closing: bool = False
    """Belongs at the end: whom else to talk to, may I keep in touch, thanks."""
    referral: bool = False
    """The one closing question that matters most: whom else should I talk to?"""
    thanks: bool = False
    """No question: the thanks at the end. Never asked for as a question."""


class Person(msgspec.Struct, frozen=True):
    """Someone whose name may come up, and who they are."""

    name: str
    about: str = ""


class Dials(msgspec.Struct, frozen=True):
    """When to murmur. Every number may be set in the sheet's `dials`.

    The defaults and their evidence: silences of 4 s are felt as awkward (Koudenburg 2011);
    one and a half seconds is still an ordinary gap; people asked a question think longer.
    """

    stall_s: float = 4.0
    """Both silent for so long after their finished turn: a stall."""
    thinking_s: float = 6.5
    """Both silent for so long after my question: a stall. They think."""
    hesitation_factor: float = 1.5
    """Both of these grow by this after "um", "let me think"."""
    adaptive_factor: float = 3.0
    """A stall is at least this many times the call's own 95th-percentile gap ..."""
    stall_cap_s: float = 10.0
    """... but never waits longer than this, while they think; in other silences in proportion."""
    dead_line_s: float = 30.0
    """Both silent for so long: the line may be dead."""
    cue_spacing_s: float = 60.0
    """Seconds between two cues, time warnings apart."""
    cue_budget: int = 6
    """So many cues ..."""
    cue_window_s: float = 1800.0
    """... in so many seconds, time warnings apart."""
    stall_cue_lives_s: float = 12.0
    """A stall's cue must begin within this."""
    time_cue_waits_s: float = 45.0
    """A time warning waits so long for a pause, then becomes a soft tone."""
    silent_before_cue_s: float = 0.4
    """Both silent for so long before a cue may begin."""
    warnings_left_s: tuple[float, ...] = (300.0, 60.0)
    """Time left at which to warn, besides half time and the end."""
    over_every_s: float = 300.0
    """Past the end, warn again this often."""
    monologue_s: float = 90.0
    """One side holding the floor for so long."""
    murmur_below_db: float = 11.0
    """How far under the call's own level the murmur is played."""
    echo_tail_s: float = 0.4
    """Words on the microphone so long after a cue may still be its echo."""
    asked_at: float = 0.60
    """Likeness from which a question counts as asked."""
    maybe_at: float = 0.50
    """Likeness from which it may have been asked."""
    touched_at: float = 0.55
    """Likeness of their words from which a question was touched."""
    pointed_at: float = 0.40
    """Likeness of their words from which they point to a question: two of the last three that
    do have probably answered it, asked or not."""
    asked_margin: float = 0.05
    """How far the best must stand above the next, else it is unclear which was asked."""
    answer_words: int = 15
    """So many words in reply make an answer."""
    farewell_at: float = 0.60
    """From here on words that name a few minutes are a wish to end, at any time ..."""
    farewell_pair_at: float = 0.70
    """... from here on two lines close together ..."""
    farewell_alone_at: float = 0.80
    """... and from here on one line, when half of the time has passed."""
    job_ask_at: float = 0.70
    """From here on my words ask for a job: a false warning costs more than a missed one."""
    promise_at: float = 0.50
    """From here on words are a promise or a request."""
    near_at: float = 0.30
    """Nearness from which their words count as about a question."""
    drift_below: float = 0.48
    """Theme, the mean over their last lines, under which the talk is somewhere else ..."""
    drift_s: float = 90.0
    """... and has left the prepared themes when it was so for so long."""


class Lines(msgspec.Struct, frozen=True):
    """The words of the cues; `{}` fields are filled in. From `cues.toml` of the language."""

    question: str = "ask: {cue}"
    question_next: str = "next: {cue}"
    half: str = "half time"
    left: str = "{minutes} minutes left"
    left_one: str = "one minute left"
    time_over: str = "time is up; thank them"
    time_up: str = "that's your {minutes}; thank them"
    over: str = "{minutes} minutes over"
    over_one: str = "one minute over"
    left_referral: str = "{line}: {cue}"
    """When little but the referral is open: "5 minutes left: who else to ask"."""
    musts: str = "{line}, {open} must-asks open"
    musts_one: str = "{line}, one must-ask open"
    closing: str = "ask: {cue}"
    closing_thanks: str = "thank them"
    line_dead: str = "is the line dead?"
    nothing_open: str = "all asked: thank them"
    why_stall: str = "silent for {silence_s:.0f} s"
    why_next: str = "you asked for the next one"
    why_time: str = "{minutes} minutes of the plan left"
    why_time_one: str = "one minute of the plan left"
    why_over: str = "{minutes} minutes over the plan"
    why_time_asked: str = "you asked for the time"
    why_farewell: str = "they want to end"
    why_line: str = "nothing heard for {silence_s:.0f} s"
    opening: str = "ask: may I take notes?"
    refused: str = "they'd rather not: pause the notes"
    microphone: str = "your microphone stopped"
    far_side: str = "their sound stopped"
    disk: str = "disk almost full"
    hearing: str = "I can't hear right now"
    why_opening: str = "nobody was asked about the notes yet"
    why_refused: str = "they said no to the notes"
    more: str = "more about: {topic}"
    """A follow-up on their last point, where no question fits."""
    back: str = "back to: {cue}"
    """When the talk left the prepared themes."""
    caution: str = "ask about work"
    """I asked for a job."""
    talk: str = "let them talk"
    """I have held the floor for very long."""
    why_close: str = "silent for {silence_s:.0f} s, close to what they said"
    why_near: str = "silent for {silence_s:.0f} s, they mentioned {topic}"
    why_musts: str = "silent for {silence_s:.0f} s, {minutes} minutes for {open} must-asks"
    why_more: str = "silent for {silence_s:.0f} s, their last point was {topic}"
    why_drift: str = "away from your themes for {silence_s:.0f} s"
    why_caution: str = "you asked for a job"
    why_talk: str = "you have talked for {silence_s:.0f} s"


_NUMBERS = {
    "1": ("one", "a"), "2": ("two", "couple"), "3": ("three", "few"), "4": ("four",),
    "5": ("five",), "6": ("six",), "7": ("seven",), "8": ("eight",), "9": ("nine",),
    "10": ("ten",), "15": ("fifteen",), "20": ("twenty",), "30": ("thirty",),
}  # fmt: skip


class Phrases(msgspec.Struct, frozen=True):
    """Words and phrases the minds listen for, lower case. From `phrases.toml` of the language."""

    hesitation: tuple[str, ...] = ()
    """A turn that ends so, or has only this, is not finished: "um", "let me think"."""
    wait: tuple[str, ...] = ()
    """Asks for a moment, in which nobody has to say anything: "hold on", "bear with me"."""
    filler: tuple[str, ...] = ()
    """An utterance of only these holds no floor and answers nothing: "mhm", "right"."""
    ghost: tuple[str, ...] = ()
    """Single words that recognisers find in noise: "the", "huh"."""
    note: tuple[str, ...] = ()
    """What follows is a note: "note to self"."""
    moment: tuple[str, ...] = ()
    """Marks the moment: "let me write that down"."""
    name: tuple[str, ...] = ()
    """A name to look up: "what was that name again"."""
    lookalike: tuple[str, ...] = ()
    """Ordinary talk that sounds like a note, a moment or a name, and marks nothing."""
    told: tuple[str, ...] = ()
    """Right before one of those: then it is told of, not done: "you", "she said"."""
    wake: tuple[str, ...] = ()
    """A command follows: "sottovoce"."""
    commands: dict[str, tuple[str, ...]] = {}
    """Kind of MarkHeard -> its wordings after the wake phrase."""
    farewell: tuple[str, ...] = ()
    """Sure signs that someone wants to end: "i have another meeting"."""
    farewell_thanks: tuple[str, ...] = ()
    """Thanks for the whole talk; they end it where nearly all the time has passed."""
    farewell_back: tuple[str, ...] = ()
    """What answers my own thanks for the whole talk: "you're welcome"."""
    farewell_ends: tuple[str, ...] = ()
    """As sure, where a line ends with them and sounds like it: "so I have to stop"."""
    farewell_sure: tuple[str, ...] = ()
    """Signs so sure that they count at any time: "i have to go", "hard stop"."""
    job_ask: tuple[str, ...] = ()
    """Sure words of who asks for a job: "would you hire me"."""
    no_job_ask: tuple[str, ...] = ()
    """Who says this asks for none: "i'm not asking for a job"."""
    promise: tuple[str, ...] = ()
    """Sure words of a promise or a request: "i'll send you"."""
    minute_words: tuple[str, ...] = ("minute", "minutes")
    vague_numbers: tuple[str, ...] = ("few", "couple")
    """Said of any small number: "I have a few minutes"."""
    numbers: dict[str, tuple[str, ...]] = msgspec.field(default_factory=lambda: dict(_NUMBERS))
    """A number -> how it is said before a minute word: "five more minutes"."""
    question_starts: tuple[str, ...] = ()
    """How questions start: "what", "how", "could you"."""
    use_name: tuple[str, ...] = ()
    """The user asks whether they may name who sent them: "may I say that you sent me"."""
    name_cues: tuple[str, ...] = ()
    """Single words after which a name may come: "with", "named", "ask"."""
    address_words: tuple[str, ...] = ("dot", "underscore")
    """Only an address has them: a name in one is spelled as it is said."""
    person_cues: tuple[str, ...] = ()
    """After these comes a person: "talk to", "my colleague"."""
    auxiliaries: tuple[str, ...] = ()
    """Words that no name begins or ends with where a sentence needs them: "we can ban that"."""
    subjects: tuple[str, ...] = ()
    """Before an auxiliary they begin a sentence: "we", "you"."""
    articles: tuple[str, ...] = ()
    """Single words after which ordinary words come rather than a name: "a", "the", "my"."""
    sides: dict[str, tuple[str, ...]] = {}
    """What tells who speaks into one microphone: `you`, and phrases of `asker` and `teller`."""
    consent: dict[str, tuple[str, ...]] = {}
    """How leave to take notes is asked for and answered: `minds.leave.LISTS` of phrases."""


class Themes(msgspec.Struct, frozen=True):
    """What talks of this kind are about, lower case. From `themes.toml` of the language."""

    everyday: tuple[str, ...] = ()
    """Ordinary lines about nothing in particular, to compare others with."""
    elsewhere: tuple[str, ...] = ()
    """What people talk of when they have left the subject: the weather, a match."""
    common: tuple[str, ...] = ()
    """Words too common to be the point of anything."""
    namers: tuple[str, ...] = ()
    """What stands before the name of a thing: "the", "our"."""
    deeds: tuple[str, ...] = ()
    """How words end that say what is done, or how, rather than name a thing."""
    asked: dict[str, tuple[str, ...]] = {}
    """A theme -> how it is asked for ..."""
    told: dict[str, tuple[str, ...]] = {}
    """... and how people tell of it, without naming it."""


class Plan(msgspec.Struct, frozen=True):
    """One call as it was prepared."""

    person: str = ""
    """With whom; the sheet's `with`."""
    about: str = ""
    minutes: float = 20.0
    starts: str = ""
    """ISO 8601, or empty when no time was given."""
    consent: Literal["ask", "given", "not-needed"] = "ask"
    language: str = "en"
    goal: str = ""
    opening: tuple[str, ...] = ()
    """What the user wants to open with; never murmured."""
    questions: tuple[Question, ...] = ()
    people: tuple[Person, ...] = ()
    terms: tuple[str, ...] = ()
    dials: Dials = Dials()
    lines: Lines = Lines()
    phrases: Phrases = Phrases()
    themes: Themes = Themes()

    @property
    def length_s(self) -> float:
        """The agreed length of the call, in seconds."""
        return self.minutes * 60.0

    def question(self, question_id: str) -> Question | None:
        """Return the question of that id."""
        return next((q for q in self.questions if q.id == question_id), None)


def to_json(plan: Plan) -> bytes:
    """Spell the frozen plan for `plan.json`."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"


def from_json(text: bytes) -> Plan:
    """Read a frozen plan back. Raises ValueError."""
    return msgspec.json.decode(text, type=Plan)
