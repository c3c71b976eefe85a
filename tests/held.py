"""Calls that were held, laid down in a home: their folders, for the tests of what follows them."""

from datetime import datetime
from pathlib import Path

import msgspec
from told import PLAN, WORDING, Told

from assistant import afterwards
from assistant.call import replay
from assistant.events import CallEnded, CallStarted, Channel, Fact, Ticked
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.plan import Plan, to_json

ASKED = "typical-day"


def held(
    home: Path,
    person: str,
    wall: str,
    said: list[str],
    *,
    plan: Plan = PLAN,
    is_over: bool = True,
    is_wrapped: bool = True,
    facts: tuple[Fact, ...] = (),
    asked: str = ASKED,
    voices: tuple[Channel, ...] = (Channel.THEM, Channel.ME),
) -> CallFolder:
    """Lay a call down: lines by each of `voices` in turn, them first, ten seconds apart.

    After the first of my lines the question `asked` is ticked.
    """
    began = datetime.fromisoformat(wall)
    first = person.split(",")[0].lower().replace(" ", "-")
    folder = CallFolder(home / "calls" / f"{began:%Y-%m-%d-%H%M}-{first}")
    folder.path.mkdir(parents=True)
    told = Told(wall)
    told.entries.clear()
    told.put(0.0, CallStarted(folder.name, wall, "0", {}))
    at_s = 1.0
    for place, text in enumerate(said):
        told.say(voices[place % len(voices)], at_s, text)
        if place == 1:
            told.put(told.entries[-1].at_s, Ticked(asked, "answered"))
        at_s = max(at_s + 10.0, told.entries[-1].at_s + 1.0)
    for fact in facts:
        told.put(at_s, fact)
    if is_over:
        told.put(at_s, CallEnded("stopped"))
    named, _, about = person.partition(", ")
    plan = msgspec.structs.replace(plan, person=named, about=about)
    folder.write("plan.json", to_json(plan))
    book = Journal.open(folder.journal)
    book.append(replay(plan, told.entries))
    book.close()
    if is_wrapped and is_over:
        afterwards.wrap(folder.path, WORDING, "always")
    return folder
