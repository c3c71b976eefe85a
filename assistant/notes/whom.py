"""Whom "her" means in a task: the person whom they named last before it was said.

Reads tasks and names. Law: where two people were named in a breath, or nobody, it is nobody; a name
that is found so stands in brackets beside the word that was said.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from assistant.events import Channel
from assistant.notes.names import Named
from assistant.notes.promises import Promise
from assistant.notes.referrals import is_same_name
from assistant.notes.talk import Line, plain
from assistant.notes.task_words import PromiseWords

NAMED_S = 60.0
"""Who is "her" was named no longer ago: the last of all ..."""
BESIDE_S = 10.0
"""... unless another one was named so shortly before."""
WHOM_REACH = 3
"""So early in a task stands whom it is about: "write to her", "give her a call"."""


def whom(
    promised: Sequence[Promise],
    named: Sequence[Named],
    said: Sequence[Line],
    person: str,
    words: PromiseWords,
    relations: Collection[str],
) -> Mapping[int, Named]:
    """Return for tasks of the user's, by their place in `promised`, who they are about.

    `person` is who is on the phone: nobody else's "her". Who was only told of ("my boss", by one of
    the `relations`) since the name is as well meant: then it is nobody.
    """
    people = [one for one in named if one.is_person and not is_same_name(one.name, person)]
    found: dict[int, Named] = {}
    for place, task in enumerate(promised):
        at = _pronoun_in(task.what, words)
        if task.is_corrected or at is None:
            continue
        pronoun = plain(task.what.split()[at])
        near = [one for one in people if 0.0 <= task.start_s - one.line.start_s <= NAMED_S]
        one = _only(near) if near else None
        if one is None or one.line.channel is Channel.ME:
            continue
        since = _words_since(one, said, task.start_s)
        if plain(one.title) in words.whom[pronoun] or _is_other(pronoun, since, words):
            continue
        if set(since).isdisjoint(relations):
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


def _words_since(one: Named, said: Sequence[Line], to_s: float) -> list[str]:
    """Return what was said since a name, but for its own clause: "my colleague Laura Chen"."""
    own = [plain(word.text) for word in one.line.words[one.last + 1 :]]
    after = (line for line in said if one.line.start_s < line.start_s < to_s)
    return own + [plain(word.text) for line in after for word in line.words]


def _is_other(pronoun: str, since: Sequence[str], words: PromiseWords) -> bool:
    """Tell whether they spoke of that person as one that this pronoun is not for."""
    own, others = words.spoken_as.get(pronoun, ()), set[str]()
    for other, spoken in words.spoken_as.items():
        others |= {*spoken} if other != pronoun else set()
    return set(since).isdisjoint(own) and not set(since).isdisjoint(others)


def with_names(
    promised: Sequence[Promise], about: Mapping[int, Named], words: PromiseWords
) -> tuple[Promise, ...]:
    """Return the tasks with those names in them: "call her (Laura Chen) on Friday".

    They are still known by the words that were said, however the name is spelled later.
    """
    return tuple(
        msgspec.structs.replace(
            task,
            what=_named(task.what, about[place], words),
            was=task.was or task.what,
        )
        if place in about
        else task
        for place, task in enumerate(promised)
    )


def _pronoun_in(what: str, words: PromiseWords) -> int | None:
    """Return which word says whom a task is about, where no name does; None where none does.

    "Email her boss" is about the boss.
    """
    verb, *rest = (plain(word) for word in what.split())
    for n, word in enumerate(rest, start=1):
        # "Call the main number and ask for him."
        if word in words.whom and " ".join((verb, *rest)[n - 2 : n]) in words.asks_for:
            return n
    if verb not in (*words.reaches, *words.meets):
        return None
    at = next((n for n, word in enumerate(rest[:WHOM_REACH]) if word in words.whom), None)
    if at is None or not {*rest[at + 1 : at + 2]} <= {*words.behind_whom, *words.of_whom}:
        return None
    return at + 1


def _named(what: str, one: Named, words: PromiseWords) -> str:
    at, said = _pronoun_in(what, words), what.split()
    if at is None:
        return what
    name = " ".join(filter(None, (one.title, one.name)))
    if {plain(word) for word in said[at + 1 : at + 2]} & {*words.of_whom}:
        # "Ring her office."
        name = words.whose_name.format(name=name)
    pronoun = said[at].rstrip(",.;:")
    mark = said[at].removeprefix(pronoun)
    return " ".join((*said[:at], pronoun, f"({name}){mark}", *said[at + 1 :]))
