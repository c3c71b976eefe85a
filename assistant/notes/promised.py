"""Promises as the user says they are: corrected, done, dropped, or added.

Reads the promises that were found and what the user says of them. A promise is known again by the
line it was made in and by its words, because a later program may find it in other words, or at the
end of a line more. Law: what the user added stays, and what they dropped stays dropped, whatever is
found; a promise they changed that is found no more is theirs, and stays as they left it.
"""

from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

from assistant.events import PromiseChange
from assistant.notes.promises import Promise
from assistant.notes.revised import Respelling
from assistant.notes.rewording import respelled_text
from assistant.notes.talk import Line, plain_words, quote
from assistant.understanding.dates import SpokenDate

SAME_LINE = 0.4
"""Likeness of the words, 0 to 1, from which a promise of the same line is the one meant."""
ELSEWHERE = 0.8
"""The same, where it is found on another line; it is enough that one has all words of the other."""
_FEWEST_SAME = 2
"""Words that one must have at least, to be all found in the other."""


def amended(
    found: Sequence[Promise], changes: Sequence[PromiseChange], said: Sequence[Line]
) -> tuple[Promise, ...]:
    """Return the promises with what the user says of them, numbered from 1 as they are shown.

    Those found come first, in their order, also the dropped ones; so adding one or dropping one
    gives no other a new number. One that was added needs its line, to stand on.
    """
    wishes = _wishes(changes)
    met = _met(found, wishes)
    kept = [
        _changed(promise, wishes[met[n]]) if n in met else promise
        for n, promise in enumerate(found)
    ]
    rest = [wish for w, wish in enumerate(wishes) if w not in met.values()]
    added = [promise for wish in rest if (promise := _added(wish, said)) is not None]
    return tuple(
        msgspec.structs.replace(promise, number=number)
        for number, promise in enumerate((*kept, *added), start=1)
    )


def before_names(
    found: Sequence[Promise], respellings: Sequence[Respelling]
) -> tuple[Promise, ...]:
    """Return promises with the words they had before the user put names in them right.

    By these they are known: a task is the same, however its names are spelled.
    """
    return tuple(_before_names(promise, respellings) for promise in found)


def _before_names(promise: Promise, respellings: Sequence[Respelling]) -> Promise:
    was = promise.what
    for name in reversed(respellings):
        if not name.seqs.isdisjoint(promise.seqs):
            was = respelled_text(was, name.text, name.was)
    is_same = plain_words(was) == plain_words(promise.what)
    return promise if is_same else msgspec.structs.replace(promise, was=was)


def named(promise: Promise) -> tuple[int, str]:
    """Return the line and the words by which a PromiseChange is to name a promise."""
    return promise.seqs[0], promise.was or promise.what


def _wishes(changes: Sequence[PromiseChange]) -> list[PromiseChange]:
    """Join all that was said of the same promise: of each part the newest word."""
    wishes: dict[tuple[int, str], PromiseChange] = {}
    for change in changes:
        # One that was added goes by the words it was added with.
        key = (change.heard_seq, " ".join(plain_words(change.was or change.what or "")))
        before = wishes.get(key)
        if before is None:
            wishes[key] = change
            continue
        said = {
            part: value
            for part in ("what", "owner", "due", "state")
            if (value := getattr(change, part)) is not None
        }
        wishes[key] = msgspec.structs.replace(before, **said)
    return list(wishes.values())


def _met(found: Sequence[Promise], wishes: Sequence[PromiseChange]) -> dict[int, int]:
    """Tell which promise is meant by which wish; each at most once, the surest first."""
    pairs = sorted(
        (-likeness, n, w)
        for n, promise in enumerate(found)
        for w, wish in enumerate(wishes)
        if (likeness := _likeness(promise, wish))
    )
    met: dict[int, int] = {}
    for _, n, w in pairs:
        if n not in met and w not in met.values():
            met[n] = w
    return met


def _likeness(promise: Promise, wish: PromiseChange) -> float:
    """Tell how surely a promise is the one that is meant; 0 where it is not."""
    like = max(
        _alike(plain_words(words), plain_words(text or ""))
        for words in {promise.what, promise.was or promise.what}
        for text in (wish.was, wish.what)
    )
    if wish.heard_seq in promise.seqs:
        # One that was missed was not meant to be the other of its line.
        return 1 + like if like >= (SAME_LINE if wish.was else ELSEWHERE) else 0
    return like if like >= ELSEWHERE else 0


def _alike(one: Sequence[str], other: Sequence[str]) -> float:
    few, many = sorted((one, other), key=len)
    is_part = len(few) >= _FEWEST_SAME and set(few) <= set(many)
    ratio = SequenceMatcher(None, few, many).ratio() if few else 0.0
    return max(ratio, ELSEWHERE if is_part else 0.0)


def _changed(promise: Promise, wish: PromiseChange) -> Promise:
    """Return a found promise as the user says it is."""
    others = (seq for seq in promise.seqs if seq != wish.heard_seq)
    return msgspec.structs.replace(
        promise,
        owner=wish.owner or promise.owner,
        what=wish.what or promise.what,
        due=promise.due if wish.due is None else _day(wish.due),
        # First the line by which all later changes will name it.
        seqs=(wish.heard_seq, *others) if wish.heard_seq > 0 else promise.seqs,
        state=wish.state or promise.state,
        is_corrected=any(part is not None for part in (wish.what, wish.owner, wish.due)),
        was=wish.was or wish.what or promise.what,
    )


def _added(wish: PromiseChange, said: Sequence[Line]) -> Promise | None:
    """Return a promise that nothing found has; None where it does not stand any more."""
    line = next((line for line in said if line.seq == wish.heard_seq), None)
    is_their_own = not wish.was
    if line is None or (wish.state == "dropped" and not is_their_own):
        return None
    return Promise(
        owner=wish.owner or line.channel,
        kind="promise",
        what=wish.what or wish.was,
        start_s=line.start_s,
        quote=quote(line.channel, line.words),
        due=_day(wish.due or ""),
        seqs=(line.seq,),
        state=wish.state or "open",
        is_corrected=True,
        was=wish.was or wish.what or "",
    )


def _day(due: str) -> SpokenDate | None:
    """Return a day the user named; they need not be told how it was heard."""
    return SpokenDate("", due, is_sure=True) if due else None
