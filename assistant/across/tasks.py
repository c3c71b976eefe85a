"""What is to be done after one call: its promises, advice, requests, and the thank-you note.

Reads the notes and what the user said of tasks since. Law: a task keeps its key however often the
call is read, whatever the user makes of it; one that was said in other words is another one.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence

from assistant.events import Entry
from assistant.keeping.digest import Task, TaskState
from assistant.notes.notes import Notes
from assistant.notes.promised import named
from assistant.notes.render.thanks import THANKS, thanks_due, thanks_state
from assistant.notes.talk import plain_words

THANKS_KEY = "thanks"


def tasks_of(notes: Notes, entries: Sequence[Entry]) -> tuple[Task, ...]:
    """Return what is to be done, the thank-you note last."""
    met: Counter[str] = Counter()
    tasks: list[Task] = []
    for promise in notes.promises:
        seq, was = named(promise)
        key = _key(seq, was)
        met[key] += 1
        due = promise.due
        tasks.append(
            Task(
                key=key if met[key] == 1 else f"{key}.{met[key]}",
                kind=promise.kind,
                owner=promise.owner.value,
                what=promise.what,
                start_s=round(promise.start_s, 2),
                quote=promise.quote.text,
                due=(due.day or "") if due else "",
                heard_due=due.heard if due and not due.is_sure else "",
                state=promise.state,
                heard_seq=seq,
                was=was,
            )
        )
    if notes.was_talk:
        tasks.append(_thanks(notes, thanks_state(entries)))
    return tuple(tasks)


def _key(seq: int, was: str) -> str:
    # By its words, not its place in the line: where a correction takes the first of two tasks out
    # of a line, the second one must not be taken for it.
    return f"{seq}.{hashlib.sha256(' '.join(plain_words(was)).encode()).hexdigest()[:8]}"


def _thanks(notes: Notes, state: TaskState) -> Task:
    return Task(
        key=THANKS_KEY,
        kind="thanks",
        owner="me",
        what="",
        start_s=notes.header.length_s,
        quote="",
        due=thanks_due(notes),
        heard_due="",
        state=state,
        heard_seq=0,
        was=THANKS,
    )
