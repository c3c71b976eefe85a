"""Whether leave to take notes was asked for, and what was answered, with the second it was said.

Reads Consent, Consented and the lines. Law: how it stands at the end is what
`Permission` says, so that notes, `status` and the sound agree.
"""

from collections.abc import Sequence

import msgspec

from assistant.events import Consent, Consented, Entry
from assistant.minds.permission import Permission, Standing
from assistant.notes.talk import Line, Quote, quote
from assistant.plan import Plan

LONGEST_WORDS = 30


class Leave(msgspec.Struct, frozen=True):
    """How it stands with the leave to take notes."""

    standing: Standing
    """At the end of the call: `given`, `refused`, `asked` without an answer, `unasked`, or
    `not-needed`."""
    asked: Quote | None
    """Where the user asked first."""
    answered: Quote | None
    """Where they answered last."""
    told_s: float | None
    """When the user last said what they answered."""
    seqs: tuple[int, ...]


def leave(plan: Plan, entries: Sequence[Entry], said: Sequence[Line]) -> Leave:
    """Tell how it stands; `entries` as `talk.kept` returns them."""
    permission = Permission(plan)
    by_seq = {line.seq: line for line in said}
    asked: Quote | None = None
    answered: Quote | None = None
    told_s: float | None = None
    seqs: list[int] = []
    for entry in entries:
        permission.take(entry)
        match entry.event:
            case Consent(heard_seq, state):
                line = by_seq.get(heard_seq)
                words = quote(line.channel, line.words, LONGEST_WORDS) if line else None
                if state == "asked":
                    asked = asked or words
                else:
                    answered = words or answered
            case Consented():
                told_s = entry.at_s
            case _:
                continue
        seqs.append(entry.seq)
    return Leave(permission.standing, asked, answered, told_s, tuple(seqs))
