"""Am I asking for a job: our frozen lines, and false warnings in talk of others.

In the interviews of others nobody asks the other for a job: every JobAsked in what the host says
is a false one, a rate per hour of the whole talk. The trivial way looks for the plan's phrases.
"""

from pathlib import Path

from assistant.events import Channel, Entry, Heard, JobAsked, Understood
from assistant.minds.caution import Caution
from understanding import dialogue
from understanding.headed import Task, frozen, has_phrase, plan, score_of
from understanding.plain_talk import SHORTEST_WORDS
from understanding.score import Counts, Score
from understanding.talk_cuts import cut

LEAST_PRECISION, LEAST_RECALL = 0.95, 0.85


def _is_met(found: Counts) -> bool:
    return found.precision >= LEAST_PRECISION and found.recall >= LEAST_RECALL


def _task() -> Task:
    return Task(
        "job-ask",
        "job_ask",
        Channel.ME,
        plan().dials.job_ask_at,
        "precision >= 0.95, recall >= 0.85",
        _is_met,
        has_phrase(plan().phrases.job_ask),
        "the plan's phrases",
    )


def measure(data: Path | None) -> list[Score]:
    """Score the frozen part, or count false warnings in interviews of others."""
    task = _task()
    return frozen(task) if data is None else _interviews(task, data)


def _interviews(task: Task, data: Path) -> list[Score]:
    mind, words, seq, false = Caution(plan()), 0, 0, list[str]()
    for interview in dialogue.interviews(data):
        for turn in interview.turns:
            for text in cut(turn.text):
                words += len(text.split())
                if turn.speaker != interview.host or len(text.split()) < SHORTEST_WORDS:
                    continue
                seq, at_s = seq + 2, words / dialogue.WORDS_PER_MINUTE * 60
                mind.feed(Entry(seq, at_s, Heard(Channel.ME, at_s - 3, at_s, text)))
                meant = Understood(seq, job_ask=score_of(task, text))
                found = mind.feed(Entry(seq + 1, at_s, meant))
                false += [text for finding in found if isinstance(finding, JobAsked)]
    if not words:
        return []
    hours = dialogue.hours(words)
    return [
        Score(
            task.name,
            "founderstalk, hosts",
            round(hours),
            rate=len(false) / hours,
            note=f"hours of talk; {len(false)} false warnings; the rate is per hour",
            missed=tuple(false),
        )
    ]
