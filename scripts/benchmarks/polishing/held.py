"""How many true sentences the check lets through, and how many that were not said so.

A sentence a line, the lines of the call it cites, and whether it holds; those that do not are of
the kinds models get wrong. Law: they were written before the check was run on them; whether one
holds is judged by the talk alone. What was missed in `first.jsonl` was looked at and mended;
nothing was changed for `second.jsonl`.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from golden import OURS, GoldenCall, read_call

from assistant.events import Channel
from assistant.notes.talk import Line, Spoken
from assistant.notes.words import words_of
from assistant.polishing.claims import Check, Claim, Held
from assistant.polishing.lexicon import lexicon_of
from assistant.polishing.parties import Stance, cast
from assistant.settings import texts
from assistant.wording import Wording

SETS = ("first", "second")


class Labelled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence, and whether it holds."""

    call: str
    holds: bool
    kind: str
    """What is wrong with it."""
    stance: Stance
    text: str
    cites: tuple[int, ...]
    """Lines of the transcript, from 0."""


class Judged(msgspec.Struct, frozen=True):
    """What became of a sentence."""

    labelled: Labelled
    fault: str
    """Empty where it was let through."""


class Row(msgspec.Struct, frozen=True):
    """Sentences of one kind."""

    kind: str
    count: int
    let_through: int


def judged(of: str) -> list[Judged]:
    """Run the check over every sentence of a set."""
    path = Path(__file__).parent / f"{of}.jsonl"
    labelled = [
        msgspec.json.decode(line, type=Labelled) for line in path.read_text().splitlines() if line
    ]
    checks = {name: _check(read_call(OURS / name)) for name in {it.call for it in labelled}}
    found: list[Judged] = []
    for it in labelled:
        check, shown = checks[it.call]
        held = check.hold(Claim(it.text, it.cites), it.stance, shown)
        found.append(Judged(it, "" if isinstance(held, Held) else held))
    return found


def rows(found: Sequence[Judged]) -> list[Row]:
    """Count by kind; true sentences first."""
    kinds = sorted({it.labelled.kind for it in found if not it.labelled.holds})
    true = [it for it in found if it.labelled.holds]
    return [_row("true", true)] + [
        _row(kind, [it for it in found if not it.labelled.holds and it.labelled.kind == kind])
        for kind in kinds
    ]


def _row(kind: str, of: Sequence[Judged]) -> Row:
    return Row(kind, len(of), sum(not it.fault for it in of))


def _check(call: GoldenCall) -> tuple[Check, range]:
    said = [
        Line(
            number,
            line.channel,
            line.start_s,
            line.end_s,
            tuple(Spoken(word, line.start_s, line.end_s, number) for word in line.text.split()),
            is_filler=False,
        )
        for number, line in enumerate(call.lines)
    ]
    wording = Wording("en", [texts("prompts")])
    who = cast(call.plan, (), words_of(wording.words("notes")).names_with_other_meanings)
    starts = tuple(f"{start} " for start in call.plan.phrases.question_starts)
    asked = frozenset(
        line.seq
        for line in said
        if line.channel == Channel.ME and f"{line.text.lower()} ".startswith(starts)
    )
    return Check(lexicon_of(wording), who, said, asked), range(len(said))
