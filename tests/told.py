"""A journal told by hand, for the tests of the notes: short, and read like a call."""

from dataclasses import dataclass, field
from pathlib import Path

from assistant.events import (
    Asked,
    CallEnded,
    CallStarted,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Fact,
    Farewell,
    Finding,
    Heard,
    MarkHeard,
    NoteTaken,
    SpeechEnded,
    SpeechStarted,
    Stalled,
    Word,
)
from assistant.notes.words import Words, words_of
from assistant.plan import Person, Phrases, Plan, Question
from assistant.wording import Wording

PROMPTS = Path(__file__).parent.parent / "prompts"
WORDING = Wording("en", (PROMPTS,))
WORDS: Words = words_of(WORDING.words("notes"))
PHRASES: Phrases = WORDING.phrases()
WALL = "2026-12-01T15:00:00+01:00"
"""A Tuesday."""

PLAN = Plan(
    person="Dana Ruiz",
    about="data engineer at Acme",
    minutes=20.0,
    consent="given",
    questions=(
        Question("career-path", "How did you come to do this work?", must=True, cue="career path"),
        Question("typical-day", "What does a typical day look like for you?", cue="typical day"),
        Question("hardest", "What is the hardest part of the job?", must=True, cue="hardest part"),
        Question("skills", "Which skills matter most?", cue="skills"),
        Question("who-else", "Who else should I talk to?", must=True, closing=True, referral=True),
    ),
    people=(Person("Sam Okafor", "lead at Beta"), Person("Will Tran", "her old boss")),
    terms=("dbt", "BigQuery"),
    phrases=PHRASES,
)


@dataclass(slots=True)
class Told:
    """Entries, one after the other; every method returns the number of the last one."""

    wall: str = WALL
    engine: str = "told"
    """What hears; "vosk small" writes neither capitals nor marks."""
    entries: list[Entry] = field(default_factory=list[Entry])

    def __post_init__(self) -> None:
        self.put(
            0.0, CallStarted("2026-12-01-1500-dana-ruiz", self.wall, "0.1.0", {"hearing": "x"})
        )

    def put(self, at_s: float, event: Fact | Finding) -> int:
        """Place any event."""
        seq = len(self.entries) + 1
        self.entries.append(Entry(seq, at_s, event))
        return seq

    def me(self, start_s: float, text: str) -> int:
        """Let the user say something."""
        return self.say(Channel.ME, start_s, text)

    def them(self, start_s: float, text: str) -> int:
        """Let the other side say something."""
        return self.say(Channel.THEM, start_s, text)

    def say(self, channel: Channel, start_s: float, text: str) -> int:
        """Let a voice say something at three words a second, with word times."""
        spoken = text.split()
        times_s = [start_s + n / 3 for n in range(len(spoken) + 1)]
        words = tuple(
            Word(word, round(times_s[n], 3), round(times_s[n + 1], 3), 1.0)
            for n, word in enumerate(spoken)
        )
        end_s = round(times_s[-1], 3)
        self.put(start_s + 0.1, SpeechStarted(channel, start_s))
        self.put(end_s + 0.3, SpeechEnded(channel, start_s, end_s))
        return self.put(end_s + 0.4, Heard(channel, start_s, end_s, text, words, self.engine))

    def ask(self, start_s: float, question_id: str, text: str) -> int:
        """Let the user ask a prepared question, in these words."""
        heard_seq = self.me(start_s, text)
        return self.put(self.entries[-1].at_s, Asked(question_id, heard_seq, 0.8))

    def cue(self, at_s: float, cue: Cue) -> int:
        """Murmur a cue to its end, which takes 1.2 s; returns the cue's own number."""
        seq = self.put(at_s, cue)
        self.put(at_s, CueStarted(seq, at_s))
        self.put(at_s + 1.2, CueEnded(seq, at_s, at_s + 1.2, "spoken"))
        return seq

    def end(self, at_s: float, reason: str = "stopped") -> "Told":
        """End the call."""
        self.put(at_s, CallEnded(reason))
        return self


def interview() -> Told:
    """Tell a realistic short interview, as Vosk hears: no capitals, no marks."""
    call = Told()
    call.them(1.0, "hello this is dana")
    call.me(3.0, "hi dana thanks so much for making the time today")
    call.them(7.0, "of course")
    call.ask(9.0, "career-path", "so how did you get into data engineering in the first place")
    call.them(14.0, "um")
    call.them(
        15.5, "well i studied statistics and my first job was cleaning spreadsheets for a hospital"
    )
    call.them(22.0, "then sam okafor pulled me onto the warehouse team and i never left")
    call.me(27.5, "mhm")
    call.them(28.5, "that was about seven years ago")
    call.ask(33.0, "typical-day", "what does your day to day look like")
    call.them(
        37.0, "i usually check the pipelines first and sometimes i'll send you know alerts around"
    )
    call.them(45.0, "after that it is mostly big query and dbt models with two hours of meetings")
    call.me(53.5, "let me write that down")
    mark = call.entries[-1]
    call.put(mark.at_s, MarkHeard(mark.seq, "moment", "let me write that down"))
    since_s = 55.2
    call.put(59.2, Stalled(since_s))
    call.cue(59.5, Cue("question", "ask: hardest part", "hardest", "silent for 4 s", 71.2))
    call.ask(62.0, "hardest", "what's the hardest part of all that")
    call.them(
        66.0, "honestly the hardest part is that nobody trusts the numbers until something breaks"
    )
    call.put(72.0, NoteTaken("ask about on call"))
    call.them(74.0, "you should talk to sam okafor at beta he runs the best team i know")
    call.them(80.0, "i'll send you the list of meetups by friday")
    call.me(85.0, "that would be great i'll send you my outline by december third")
    seq = call.them(91.0, "i have another meeting in two minutes")
    call.put(call.entries[-1].at_s, Farewell(seq, 2.0))
    call.me(95.0, "thank you so much dana bye")
    return call.end(100.0)
