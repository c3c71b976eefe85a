"""Whom "her" means in a task: the person whom they named last before it was said.

Reads tasks and names. Law: where two people were named in a breath, or nobody, it is nobody; a name
that is found so stands in brackets beside the word that was said.
"""

from collections.abc import Mapping, Sequence

import msgspec

from assistant.events import Channel
from assistant.notes.names import Named
from assistant.notes.promises import Promise
from assistant.notes.referrals import is_same_name
from assistant.notes.talk import plain
from assistant.notes.task_words import PromiseWords

NAMED_S = 60.0
"""Who is "her" was named no longer ago: the last of all ..."""
BESIDE_S = 10.0
"""... unless another one was named so shortly before."""
WHOM_REACH = 3
"""So early in a task stands whom it is about: "write to her", "give her a call"."""


def whom(
    promised: Sequence[Promise], named: Sequence[Named], person: str, words: PromiseWords
) -> Mapping[int, Named]:
    """Return for tasks of the user's, by their place in `promised`, who they are about.

    `person` is who is on the phone: nobody else's "her".
    """
    theirs = [
        one
        for one in named
        if one.is_person
        and one.line.channel is not Channel.ME
        and not is_same_name(one.name, person)
    ]
    found: dict[int, Named] = {}
    for place, task in enumerate(promised):
        at = _pronoun_in(task.what, words)
        if task.owner is Channel.THEM or task.is_corrected or at is None:
            continue
        no_titles = words.whom[plain(task.what.split()[at])]
        near = [one for one in theirs if 0.0 <= task.start_s - one.line.start_s <= NAMED_S]
        if near and (one := _only(near)) and plain(one.title) not in no_titles:
            found[place] = one
    return found


def _only(near: Sequence[Named]) -> Named | None:
    """Return the last one named, in the longest way it was said; None where two were."""
    last = near[-1]
    if any(
        not is_same_name(one.name, last.name)
        for one in near
        if last.line.start_s - one.line.start_s <= BESIDE_S
    ):
        return None
    same = [one for one in near if is_same_name(one.name, last.name)]
    return max(same, key=lambda one: len(one.name))


def with_names(
    promised: Sequence[Promise], about: Mapping[int, Named], words: PromiseWords
) -> tuple[Promise, ...]:
    """Return the tasks with those names in them: "call her (Laura Chen) on Friday".

    They are still known by the words that were said, however the name is spelled later.
    """
    return tuple(
        msgspec.structs.replace(
            task,
            what=_named(task.what, about[place].name, words),
            was=task.was or task.what,
        )
        if place in about
        else task
        for place, task in enumerate(promised)
    )


def _pronoun_in(what: str, words: PromiseWords) -> int | None:
    """Return which word says whom a task is about, where no name does; None where none does."""
    verb, *rest = (plain(word) for word in what.split())
    if verb not in (*words.reaches, *words.meets):
        return None
    return next((n for n, word in enumerate(rest[:WHOM_REACH], 1) if word in words.whom), None)


def _named(what: str, name: str, words: PromiseWords) -> str:
    at, said = _pronoun_in(what, words), what.split()
    if at is None:
        return what
    return " ".join((*said[: at + 1], f"({name})", *said[at + 1 :]))
