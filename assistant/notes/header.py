"""With whom a call was, when, how long, and what heard it.

Reads the plan and the journal as it is to be read. Law: what the journal does not say is empty.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from assistant.events import CallEnded, CallStarted, Channel, Entry, Extended, Heard, Imported
from assistant.notes.mishaps import CUT_SHORT
from assistant.notes.talk import Line, clean, short_name
from assistant.plan import Plan


class Source(msgspec.Struct, frozen=True):
    """From where a call came that was not lived with."""

    files: tuple[str, ...]
    """The recording's name; or that of each side."""
    wall: str
    """ISO 8601 with offset: when it was imported."""
    wall_from: Literal["said", "name", "file", "sheet", "changed"]
    """How it is known when the call was; see `Imported`."""


class Header(msgspec.Struct, frozen=True):
    """With whom, when, how long."""

    call_id: str
    person: str
    called: str
    """The short name: "Dana"; empty where the sheet names nobody."""
    about: str
    language: str
    consent: str
    """As in the plan: `ask`, `given`, `not-needed`."""
    started: str
    """ISO 8601 with offset: second 0; empty where the journal does not say."""
    length_s: float
    planned_s: float
    """The plan's minutes and every extension."""
    is_complete: bool
    """False where the journal has no end: nobody heard the call to the end of its sound."""
    status: Literal["complete", "cut short", "partial"]
    """`complete`: it was ended. `cut short`: it broke off, as the program was killed or the machine
    stopped, and was finished afterwards. `partial`: it broke off and was not finished."""
    reason: str
    """Why it ended; empty where its journal has no end."""
    version: str
    engines: dict[str, str]
    heard_lines: dict[str, int]
    """Voice -> how many lines were heard of it."""
    damaged_lines: int
    """Lines of the journal that could not be read and are missing here."""
    hearing: str = ""
    """Which hearing the notes use: "vosk vosk-model-small-en-us-0.15 and moonshine tiny-en for 12
    of 40 lines"; empty where no line says what heard it."""
    source: Source | None = None
    """None for a call that was lived with."""


FIRST_YEAR, LAST_YEAR = 1900, 2999


def began_at(started: str) -> datetime | None:
    """Read when a call began, with its offset; None where that can not be read.

    Nor where it is a year from which nobody can count days: a damaged clock, or no clock at all.
    """
    try:
        began = datetime.fromisoformat(started)
    except ValueError:
        return None
    return began if FIRST_YEAR <= began.year <= LAST_YEAR else None


def header(
    plan: Plan, held: Sequence[Entry], said: Sequence[Line], damaged_lines: int, hearing: str
) -> Header:
    """Tell of a call; `held` as `talk.kept` returns it."""
    started = next((e.event for e in held if isinstance(e.event, CallStarted)), None)
    ended = next((e for e in reversed(held) if isinstance(e.event, CallEnded)), None)
    ends_s = [e.event.end_s for e in held if isinstance(e.event, Heard)]
    last_s = max([entry.at_s for entry in held] + ends_s, default=0.0)
    reason = ended.event.reason if ended and isinstance(ended.event, CallEnded) else ""
    counts = {c.value: sum(line.channel == c for line in said) for c in Channel}
    extended_s = sum(e.event.by_s for e in held if isinstance(e.event, Extended))
    return Header(
        call_id=started.call_id if started else "",
        person=clean(plan.person),
        called=short_name(plan),
        about=clean(plan.about),
        language=plan.language,
        consent=plan.consent,
        started=started.wall if started else "",
        length_s=round(ended.at_s if ended else last_s, 3),
        planned_s=round(plan.length_s + extended_s, 3),
        is_complete=ended is not None,
        status="partial" if ended is None else "cut short" if reason == CUT_SHORT else "complete",
        reason=reason,
        version=started.version if started else "",
        engines=started.engines if started else {},
        heard_lines={voice: n for voice, n in counts.items() if n},
        damaged_lines=damaged_lines,
        hearing=hearing,
        source=_source(held),
    )


def _source(held: Sequence[Entry]) -> Source | None:
    imported = next((e.event for e in held if isinstance(e.event, Imported)), None)
    if imported is None:
        return None
    return Source(tuple(map(clean, imported.files)), imported.wall, imported.wall_from)
