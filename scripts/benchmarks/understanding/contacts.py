"""E-mail addresses, links, numbers and spelled names, read as they are spoken.

Each line says what is in it; a line of ordinary words has nothing. The trivial way reads nothing.
In the talk of others nobody has marked them: it is counted how many are seen in a thousand
sentences, and each is listed to be judged by hand.
"""

from functools import cache
from pathlib import Path

import msgspec

from assistant.notes.words import words_of
from assistant.understanding.contacts import Contacts
from assistant.wording import Wording
from understanding.plain_talk import SENTENCES, sentences_of, test_lines
from understanding.score import Counts, Score

F1 = 0.90


class _Line(msgspec.Struct, frozen=True):
    """A sentence, and the kind and text of each contact in it."""

    said: str
    contacts: tuple[tuple[str, str], ...] = ()


def measure(data: Path | None) -> list[Score]:
    """Score our own test part, or count what is seen in the talk of others."""
    return [_talk(data)] if data else [_ours()]


def _ours() -> Score:
    lines = test_lines("contacts", _Line)
    tp = fp = fn = 0
    missed: list[str] = []
    for line in lines:
        meant, found = set(line.contacts), set(_found(line.said))
        tp += len(meant & found)
        fp += len(found - meant)
        fn += len(meant - found)
        if meant != found:
            missed.append(f"{line.said!r}: {sorted(meant)}, found {sorted(found)}")
    counts = Counts(tp, fp, fn)
    said = sum(len(line.contacts) for line in lines)
    return Score(
        "contacts",
        "ours",
        len(lines),
        found=counts,
        target=f"F1 >= {F1}",
        is_met=counts.f1 >= F1,
        baseline=Counts(0, 0, said),
        note="right only letter by letter; the trivial way reads nothing",
        missed=tuple(missed),
    )


def _talk(data: Path) -> Score:
    said = sentences_of(data)
    seen = [(text, found) for text in said if (found := _found(text))]
    return Score(
        "contacts",
        "talk of others",
        len(said),
        rate=SENTENCES * len(seen) / len(said) if said else 0.0,
        note=f"sentences of {SENTENCES} with a contact, right and wrong",
        missed=tuple(f"{found}: {text}" for text, found in seen),
    )


@cache
def _contacts() -> Contacts:
    prompts = Path(__file__).resolve().parents[3] / "prompts"
    return Contacts(words_of(Wording("en", (prompts,)).words("notes")).contacts)


def _found(text: str) -> list[tuple[str, str]]:
    return [(contact.kind, contact.text) for contact in _contacts().find(text.split())]
