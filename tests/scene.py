"""A scene for one mind: voices, words and time, told as a call would tell them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from assistant.events import (
    Channel,
    Entry,
    Fact,
    Finding,
    Heard,
    SpeechEnded,
    SpeechStarted,
    Tick,
    Understood,
)
from assistant.plan import Lines, Phrases, Plan, Question
from assistant.understanding.meaning import Meaning, Understand
from assistant.understanding.sentences import Sentences
from assistant.wording import Wording

ME, THEM, UNCLEAR = Channel.ME, Channel.THEM, Channel.UNCLEAR

WORDING = Wording("en", (Path(__file__).parent.parent / "prompts",))
PHRASES: Phrases = WORDING.phrases()
LINES: Lines = WORDING.lines()


def by_words(plan: Plan) -> Understand:
    """Understand without a model."""
    return Meaning(plan, Sentences(None)).understand


NOTICED_S = 0.4
"""How long after a voice ended that is noticed."""

QUESTIONS = (
    Question(
        "career-path",
        "How did you come to do this work?",
        must=True,
        cue="career path",
        aliases=("tell me about your career path", "how did you get into this field"),
    ),
    Question(
        "typical-day",
        "What does a typical day look like for you?",
        cue="typical day",
        aliases=("walk me through your day",),
    ),
    Question(
        "hardest-part",
        "What is the hardest part of the job?",
        must=True,
        cue="hardest part",
        aliases=("what is most difficult about your job",),
    ),
    Question("skills", "Which skills matter most?", cue="skills"),
    Question(
        "who-else",
        "Who else should I talk to?",
        must=True,
        cue="who else to talk to",
        closing=True,
        referral=True,
    ),
    Question("in-touch", "May I keep in touch?", cue="keep in touch", closing=True),
    Question("thanks", "Thank you for your time.", cue="thank them", closing=True, thanks=True),
)
PLAN = Plan(questions=QUESTIONS, phrases=PHRASES, lines=LINES, consent="given")


class Mind(Protocol):
    """Entry in, findings out."""

    def feed(self, entry: Entry) -> list[Finding]: ...


@dataclass(slots=True)
class Scene:
    """One mind, and what it found: each finding with the time at which it was found."""

    mind: Mind
    found: list[tuple[float, Finding]] = field(default_factory=list[tuple[float, Finding]])
    seq: int = 0
    _ticks: int = 0

    def until(self, at_s: float) -> "Scene":
        """Let time pass."""
        while (self._ticks + 1) * 0.25 <= at_s:
            self._ticks += 1
            self._feed(Entry(self.seq, self._ticks * 0.25, Tick()))
        return self

    def put(self, at_s: float, event: Fact | Finding) -> int:
        """Place an event when its time has come; return its number."""
        self.until(at_s)
        self.seq += 1
        seq = self.seq
        self._feed(Entry(seq, at_s, event))
        return seq

    def voice(self, channel: Channel, start_s: float, end_s: float) -> "Scene":
        """Let a voice sound; its words have not come yet."""
        self.put(start_s + 0.1, SpeechStarted(channel, start_s))
        self.put(end_s + NOTICED_S, SpeechEnded(channel, start_s, end_s))
        return self

    def say(
        self, channel: Channel, start_s: float, end_s: float, text: str, *, after_s: float = 0.3
    ) -> int:
        """Let somebody say something; the words come `after_s` after the end was noticed."""
        self.voice(channel, start_s, end_s)
        return self.put(end_s + NOTICED_S + after_s, Heard(channel, start_s, end_s, text))

    def mean(self, at_s: float, heard_seq: int, **likeness: float) -> None:
        """Say how like the questions an utterance was; `_` stands for `-` in their names."""
        scores = {name.replace("_", "-"): score for name, score in likeness.items()}
        self.put(at_s, Understood(heard_seq, scores))

    @property
    def findings(self) -> Sequence[Finding]:
        """What was found, without the times."""
        return [finding for _, finding in self.found]

    def _feed(self, entry: Entry) -> None:
        # A finding is an entry of its own, which every mind reads.
        for finding in self.mind.feed(entry):
            self.seq += 1
            self.found.append((entry.at_s, finding))
            self._feed(Entry(self.seq, entry.at_s, finding))
