"""Who promised what, and until when, in plain words.

Reads the lines. Finds a first-person promise ("I'll send you ..."), advice that
is a task ("you should talk to ...") and a request ("send me ..."). Law: precise
rather than greedy: what people do as a habit, what they quote and what they
would do if, is no promise.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from assistant.events import Channel
from assistant.notes.talk import (
    Line,
    Quote,
    Spoken,
    clean,
    passages,
    plain,
    plain_words,
    quote,
    sentences,
    seqs_of,
)
from assistant.notes.words import PromiseWords
from assistant.understanding.date_words import DateWords
from assistant.understanding.dates import Dates, SpokenDate

PAUSE_S = 1.5
"""A longer silence between two lines ends the sentence."""
LONGEST_TASK = 16
"""Words."""
GUARD_REACH = 6
"""So many words before a promise may make it none."""
SAME_TASK = 0.8
"""Part of the words, 0 to 1, from which two tasks of one owner are one."""
FEWEST_SAME = 3
"""So many words, all found in another task of the owner, are the same task."""

_GAP = r"(?:\S+ ){1,6}?"


class Promise(msgspec.Struct, frozen=True):
    """Something that is to be done."""

    owner: Channel
    """Who is to do it; `unclear` where one microphone heard both."""
    kind: Literal["promise", "advice", "request"]
    what: str
    """The task, from the verb on; "you" is written as the name where the user said it."""
    start_s: float
    quote: Quote
    """The words it was made with."""
    due: SpokenDate | None
    seqs: tuple[int, ...]
    number: int = 0
    """From 1, as it is shown and named in `correct promise`."""
    state: Literal["open", "done", "dropped"] = "open"
    """As the user says; `dropped` was none, or is off, and is shown nowhere."""
    is_corrected: bool = False
    """The user changed its words, its owner or its day, or added it."""
    was: str = ""
    """Its words before the user changed anything of it; empty where they did not."""


class _Rule(msgspec.Struct, frozen=True):
    kind: Literal["promise", "advice", "request"]
    pattern: re.Pattern[str]
    """Its group `what` begins at the verb."""
    said_by: tuple[Channel, ...]
    owner_is_speaker: bool


def promises(
    said: Sequence[Line],
    words: PromiseWords,
    dates: DateWords,
    day_at: Callable[[float], date | None],
    name: str,
) -> tuple[Promise, ...]:
    """Return promises and requests in their order.

    `day_at` tells the day on the wall at a second of the call, None if that is not known; `name`
    is what to call the other side.
    """
    rules = _rules(words)
    found: list[Promise] = []
    ready = Dates(dates)
    for passage in passages(said):
        for sentence in sentences(passage.words, PAUSE_S):
            found += _in_sentence(passage.channel, sentence, rules, words, name, ready, day_at)
    return _once_each(found)


def _rules(words: PromiseWords) -> tuple[_Rule, ...]:
    """Build the patterns from the plain words."""
    me, them, unclear = Channel.ME, Channel.THEM, Channel.UNCLEAR
    adverbs = rf"(?:(?:{_any(words.adverbs)}) )*"
    both = _any((*words.promise_starts, *words.offer_starts))
    shapes: tuple[tuple[Literal["promise", "advice", "request"], str, tuple[Channel, ...]], ...] = (
        ("promise", rf"(?:{both}) {adverbs}(?P<what>{_any(words.aimed)})", (me, them, unclear)),
        (
            "promise",
            rf"(?:{_any(words.promise_starts)}) {adverbs}(?P<what>{_any(words.mine)})",
            (me,),
        ),
        (
            "advice",
            rf"(?:{_any(words.advice_starts)}) {adverbs}(?P<what>{_any(words.advised)})",
            (them, unclear),
        ),
        (
            "request",
            rf"(?:^|(?:{_any(words.request_starts)}) ){adverbs}(?P<what>{_any(words.bare)})",
            (them, unclear),
        ),
    )
    return tuple(
        _Rule(kind, re.compile(rf"(?<![\w'])(?:{shape})(?![\w'])"), said_by, kind == "promise")
        for kind, shape, said_by in shapes
    )


def _any(phrases: Iterable[str]) -> str:
    """Write an alternation, the longest first; `...` stands for a few words."""
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    shapes = [re.escape(phrase).replace(r"\.\.\.\ ", _GAP) for phrase in longest_first]
    return "|".join(shapes) or r"(?!)"


def _in_sentence(
    channel: Channel,
    sentence: Sequence[Spoken],
    rules: Sequence[_Rule],
    words: PromiseWords,
    name: str,
    dates: Dates,
    day_at: Callable[[float], date | None],
) -> list[Promise]:
    text, starts = _spelled(sentence)
    hits = sorted(
        (
            (match.start("what"), match.start(), n, rule)
            for n, rule in enumerate(rules)
            if channel in rule.said_by
            for match in rule.pattern.finditer(text)
        ),
        key=lambda hit: hit[:3],
    )
    found: list[Promise] = []
    taken_to = -1
    for at, start, _, rule in hits:
        if at <= taken_to or _is_guarded(text[:start], words):
            continue
        ends = _clause_end(text, at, words)
        first, last = starts[at], _word_at(text, ends, starts)
        clause = _without_loose_end(sentence[first : last + 1], words)
        taken_to = ends
        # From the start of the promise to the end of the clause: what was said, whole.
        spoken = sentence[starts[_word_start(text, start)] : first + len(clause)]
        due = _due(text, at, ends, dates, day_at(spoken[0].start_s))
        found.append(
            Promise(
                owner=_owner(channel, owner_is_speaker=rule.owner_is_speaker),
                kind=rule.kind,
                what=_task(clause, rule, channel, words, name),
                start_s=spoken[0].start_s,
                quote=quote(channel, spoken),
                due=due,
                seqs=seqs_of(spoken),
            )
        )
    return found


def _spelled(sentence: Sequence[Spoken]) -> tuple[str, dict[int, int]]:
    """Spell a sentence for comparing, and tell at which letter which word begins."""
    text = ""
    starts: dict[int, int] = {}
    for n, word in enumerate(sentence):
        # A bare mark keeps its place, so that words and letters stay in step.
        spelled = plain(word.text) or "-"
        starts[len(text)] = n
        text += spelled + " "
    return text, starts


def _word_start(text: str, at: int) -> int:
    """Return where the first word at or after a letter begins."""
    while text[at] == " ":
        at += 1
    return at


def _word_at(text: str, ends: int, starts: Mapping[int, int]) -> int:
    """Return the number of the last word that begins before `ends`."""
    return max(n for letter, n in starts.items() if letter < ends)


def _is_guarded(before: str, words: PromiseWords) -> bool:
    near = " ".join(before.split()[-GUARD_REACH:])
    return bool(re.search(rf"(?<![\w'])(?:{_any(words.guards)})(?![\w'])", near))


def _clause_end(text: str, at: int, words: PromiseWords) -> int:
    """Return the letter at which the clause that begins at `at` is over."""
    # The verb and its object stay together, whatever they are.
    ends = [at + match.end() for match in re.finditer(r"\S+", text[at:])]
    least = ends[min(1, len(ends) - 1)]
    most = ends[min(LONGEST_TASK, len(ends)) - 1]
    end = re.compile(rf"(?P<before>\S+) (?:{_any(words.clause_ends)})(?![\w'])")
    found = [
        match.end("before")
        for match in end.finditer(text, at, most)
        if match["before"] not in words.links and match.end("before") >= least
    ]
    return min([most, *found])


def _without_loose_end(clause: Sequence[Spoken], words: PromiseWords) -> Sequence[Spoken]:
    while len(clause) > 1 and plain(clause[-1].text) in words.loose_ends:
        clause = clause[:-1]
    return clause


def _due(text: str, at: int, ends: int, dates: Dates, said_on: date | None) -> SpokenDate | None:
    """Find the date in the clause, or just before it: "by Friday I'll send you ..."."""
    before = " ".join(text[:at].split()[-GUARD_REACH - 2 :])
    return dates.first(text[at:ends], said_on) or dates.first(before, said_on)


def _owner(channel: Channel, *, owner_is_speaker: bool) -> Channel:
    if channel == Channel.UNCLEAR or owner_is_speaker:
        return channel
    return Channel.ME


def _task(
    clause: Sequence[Spoken], rule: _Rule, channel: Channel, words: PromiseWords, name: str
) -> str:
    """Write the task as the user would: "send Dana the outline"."""
    swaps: Mapping[str, str] = {}
    if channel == Channel.ME:
        swaps = words.you
    elif not rule.owner_is_speaker:
        swaps = words.me
    called = name or words.nobody
    if not name and swaps:
        swaps = {**swaps, **words.whose}
    written: list[str] = []
    for word, before in zip(clause, ("", *(plain(word.text) for word in clause)), strict=False):
        swap = None if before in words.kept_after else swaps.get(plain(word.text))
        written.append(swap.format(name=called) if swap else word.text)
    return clean(" ".join(written)).rstrip(".,;:!?")


def _once_each(found: Sequence[Promise]) -> tuple[Promise, ...]:
    """Join what was promised twice: the first time stands, with the date of either."""
    kept: list[Promise] = []
    for promise in found:
        twin = next((n for n, other in enumerate(kept) if _is_same(other, promise)), None)
        if twin is None:
            kept.append(promise)
        else:
            first = kept[twin]
            due = first.due or promise.due
            seqs = tuple(dict.fromkeys((*first.seqs, *promise.seqs)))
            kept[twin] = msgspec.structs.replace(first, due=due, seqs=seqs)
    return tuple(sorted(kept, key=lambda promise: promise.start_s))


def _is_same(one: Promise, other: Promise) -> bool:
    # By words, not letters: "send the list" is not "email the slides".
    few, many = sorted((plain_words(one.what), plain_words(other.what)), key=len)
    alike = SequenceMatcher(None, few, many).ratio() >= SAME_TASK
    is_part = len(few) >= FEWEST_SAME and set(few) <= set(many)
    return one.owner == other.owner and (alike or is_part)
