"""A promise or a request: our frozen lines, and what was said in meetings of others.

Of others: utterances that annotators called a commitment of their speaker against those of other
kinds; directives and suggestions are near misses and stand by themselves, as half of ours are
requests and offers too. The file of all commitments tells recall only. The trivial way looks for
the plan's phrases; "i'll" or "i will" in the meetings, where nobody speaks as in an interview.
"""

from collections.abc import Iterable
from pathlib import Path

from assistant.events import Channel
from assistant.minds.spoken import words_of
from understanding import dialogue
from understanding.headed import Task, counts, frozen, has_phrase, plan, score_of
from understanding.score import Counts, Score
from understanding.word_errors import as_recognised

LEAST_F1 = 0.87
COMMIT, NEAR = "cc", ("co", "cs")


def _is_met(found: Counts) -> bool:
    return found.f1 >= LEAST_F1


def _task() -> Task:
    return Task(
        "promise",
        "promise",
        Channel.THEM,
        plan().dials.promise_at,
        "F1 >= 0.87",
        _is_met,
        has_phrase(plan().phrases.promise),
        "the plan's phrases",
    )


def measure(data: Path | None) -> list[Score]:
    """Score the frozen part, or what of a folder has commitments."""
    task = _task()
    return frozen(task) if data is None else _of_others(task, data)


def _of_others(task: Task, data: Path) -> list[Score]:
    acts = list(dialogue.acts(data))
    rows: list[Score] = []
    others = [act for act in acts if act.label.startswith("other") or act.label == COMMIT]
    if others:
        note = "commitments against other utterances; trivial: i'll, i will, i'm going to"
        rows.append(_row(task, "mrda, cc and other", others, note))
    for label in NEAR:
        near = [act for act in acts if act.label == label]
        if near:
            share = sum(_found(task, act) for act in near)
            note = "near misses: how many of them are marked as a promise or a request"
            rows.append(Score(task.name, f"mrda, {label}", len(near), right=share, note=note))
    commits = list(dialogue.commits(data))
    if commits:
        note = "commitments only: recall"
        rows.append(_row(task, "mrda, all cc", commits, note))
    return rows


def _row(task: Task, part: str, acts: Iterable[dialogue.Act], note: str) -> Score:
    told = [(act, act.label == COMMIT, _found(task, act)) for act in acts]
    return Score(
        task.name,
        part,
        len(told),
        counts((is_one, is_found) for _, is_one, is_found in told),
        baseline=counts((is_one, _says_will(act.text)) for act, is_one, _ in told),
        note=note,
        missed=tuple(
            f"{'missed' if is_one else 'false'}: {act.text}"
            for act, is_one, is_found in told
            if is_one != is_found
        ),
    )


def _found(task: Task, act: dialogue.Act) -> bool:
    return score_of(task, as_recognised(act.text)) >= task.at


def _says_will(text: str) -> bool:
    words = f" {' '.join(words_of(text))} "
    return any(f" {start} " in words for start in ("ill", "i will", "im going to"))
