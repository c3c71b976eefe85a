"""The notes of one call beside its labels: what was kept rightly, wrongly, and what was missed.

Two things are the same where they stand on a line in common and, for tasks and names, share
words. Law: pure; one found thing meets one label at most, and what a label says need not be there
counts neither way.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from rapidfuzz import fuzz
from understanding.score import Counts

from assistant.events import Channel, Entry, Heard
from assistant.notes.notes import Notes
from assistant.notes.promises import Promise
from assistant.notes.talk import plain_words
from noting import labels as lab
from noting.labels import Label

APART_S = 0.06
"""Times of the same line differ by no more."""
LEAST_SHARED = 0.34
"""Of the shorter one's words that tell something."""
SAME_NAME = 80.0
SOUNDS_SAME = 45.0
"""So alike, of 100, are a name and what an engine made of it where both stand on one line."""
"""Likeness of letters, 0 to 100."""
RIGHT_PASSAGE = 0.5
"""An answer is the right passage from this F1 of its lines on, if a best line is quoted too."""
_LIGHT = frozenset(
    [
        "the",
        "and",
        "for",
        "that",
        "this",
        "with",
        "you",
        "your",
        "his",
        "her",
        "their",
        "them",
        "him",
        "from",
        "about",
        "have",
        "will",
        "would",
        "could",
        "can",
        "just",
        "then",
        "than",
        "what",
        "when",
        "who",
        "how",
        "one",
        "some",
        "any",
        "our",
        "out",
        "its",
        "was",
        "are",
        "not",
    ]
)

Found = TypeVar("Found")


class _Optional(Protocol):
    @property
    def must(self) -> bool: ...


Wanted = TypeVar("Wanted", bound=_Optional)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one kind in one call."""

    counts: Counts
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many are right."""

    right: int
    of: int

    def __add__(self, other: "Share") -> "Share":
        return Share(self.right + other.right, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Judged:
    """One call."""

    call: str
    kinds: Mapping[str, Verdict]
    shares: Mapping[str, Share]
    missed: tuple[str, ...] = ()
    """Of the shares."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """The lines of a call, by their numbers."""

    at_s: Mapping[int, float]
    text: Mapping[int, str]
    channel: Mapping[int, Channel]

    def at(self, seqs: Iterable[int]) -> set[float]:
        return {self.at_s[seq] for seq in seqs if seq in self.at_s}


def judge(call: str, notes: Notes, entries: Sequence[Entry], wanted: Sequence[Label]) -> Judged:
    """Judge the notes of a call."""
    said = {e.seq: e.event for e in entries if isinstance(e.event, Heard)}
    heard = _Heard(
        {seq: line.start_s for seq, line in said.items()},
        {seq: line.text for seq, line in said.items()},
        {seq: line.channel for seq, line in said.items()},
    )

    def of(kind: type[Found]) -> list[Found]:
        return [label for label in wanted if isinstance(label, kind)]

    promises, pairs = _matched(
        notes.promises,
        of(lab.Promise),
        lambda found, label: _task_likeness(found, label, heard),
        lambda found: f"{found.owner} {found.what} [{_day(found)}]",
        lambda label: f"{label.owner} {label.what} [{label.due}] {label.at_s}",
    )
    asked, touched, opened = of(lab.Asked), of(lab.Touched), of(lab.Open)
    kinds = {
        "promise": promises,
        "asked": _same_words([q.question_id for q in notes.asked], [q.question for q in asked]),
        "asked at its own line": _asked_lines(notes, asked),
        "open": _same_words(
            [q.question_id for q in notes.not_asked],
            [q.question for q in opened],
            may=[q.question for q in touched],
        ),
        **_things(notes, wanted, heard),
    }
    both = [(f.owner.value == la.owner, _day(f) == la.due) for f, la in pairs if la.must]
    passages = [(label, *_passage(notes, label, heard)) for label in asked]
    kept = {label.which: label.done for label in of(lab.Courtesy)}
    courtesy = [
        (one.kind, one.was_done == kept[one.kind]) for one in notes.courtesy if one.kind in kept
    ]
    small = {round(t, 2) for label in of(lab.SmallTalk) for t in label.at_s}
    quoted = [round(t, 2) for seqs in _quoted(notes) for t in heard.at(seqs)]
    return Judged(
        call,
        kinds,
        {
            "promise: owner right": _share(owner for owner, _ in both),
            "promise: day right": _share(day for _, day in both),
            "promise: owner and day right": _share(owner and day for owner, day in both),
            "answer: right passage": _share(is_right for _, is_right, _ in passages),
            "answer: a best line quoted": _share(is_best for _, _, is_best in passages),
            "open questions exact": _share(
                [kinds["open"].counts.fp == kinds["open"].counts.fn == 0]
            ),
            "courtesy": _share(is_right for _, is_right in courtesy),
            "quotes that are no small talk": _share(t not in small for t in quoted),
        },
        (
            *(
                f"passage of {la.question}: best {best}"
                for la, right, best in passages
                if not right
            ),
            *(f"courtesy: {kind}" for kind, is_right in courtesy if not is_right),
            *(f"{_day(f)} should be {la.due}: {f.what}" for f, la in pairs if _day(f) != la.due),
            *(f"small talk quoted at {t}" for t in sorted({*quoted} & small)),
        ),
    )


def _things(notes: Notes, wanted: Sequence[Label], heard: _Heard) -> dict[str, Verdict]:
    """Judge what is found by its lines, and by its name where it has one."""

    def of(kind: type[Found]) -> list[Found]:
        return [label for label in wanted if isinstance(label, kind)]

    def on_a_line(seqs: Iterable[int], at_s: Iterable[float]) -> float:
        return float(_overlap(heard.at(seqs), at_s))

    names, _ = _matched(
        [*notes.people, *notes.institutions],
        of(lab.Name),
        lambda found, label: max(
            _name_likeness(found.name, label.name),
            _misheard(found.name, label.name) * on_a_line(found.seqs, label.at_s),
        ),
        lambda found: found.name,
        lambda label: f"{label.name} {label.at_s}",
    )
    referrals, _ = _matched(
        notes.referrals,
        of(lab.Referral),
        lambda found, label: max(
            _name_likeness(found.name, label.name), 0.5 * on_a_line(found.seqs, label.at_s)
        ),
        lambda found: f"{found.name} ({found.may_use_name})",
        lambda label: f"{label.name} ({label.may_use_name}) {label.at_s}",
    )
    recommended, _ = _matched(
        notes.recommendations,
        of(lab.Recommendation),
        lambda found, label: on_a_line(found.quote.seqs, label.at_s),
        lambda found: f"{found.kind}: {found.what}",
        lambda label: f"{label.of}: {label.what} {label.at_s}",
    )
    figures, _ = _matched(
        notes.figures,
        of(lab.Figure),
        lambda found, label: on_a_line(found.quote.seqs, label.at_s),
        lambda found: f"{found.text} | {found.quote.text}",
        lambda label: f"{label.text} {label.at_s}",
    )
    asked_me, _ = _matched(
        notes.asked_me,
        of(lab.AskedMe),
        lambda found, label: on_a_line(found.quote.seqs, label.at_s),
        lambda found: found.quote.text,
        lambda label: str(label.at_s),
    )
    key, _ = _matched(
        notes.key_points,
        of(lab.Key),
        lambda found, label: on_a_line(found.quote.seqs, label.at_s),
        lambda found: f"{found.why}: {found.quote.text}",
        lambda label: str(label.at_s),
    )
    return {
        "name": names,
        "referral": referrals,
        "recommendation": recommended,
        "figure": figures,
        "asked me": asked_me,
        "key point": key,
    }


def _matched(
    found: Sequence[Found],
    wanted: Sequence[Wanted],
    likeness: Callable[[Found, Wanted], float],
    of_found: Callable[[Found], str],
    of_wanted: Callable[[Wanted], str],
) -> tuple[Verdict, list[tuple[Found, Wanted]]]:
    """Pair what was found with labels, the most alike first."""
    alike = sorted(
        (
            (likeness(one, label), label.must, -n, -m)
            for n, one in enumerate(found)
            for m, label in enumerate(wanted)
        ),
        reverse=True,
    )
    by_found: dict[int, int] = {}
    for like, _, n, m in alike:
        if like > 0 and -n not in by_found and -m not in by_found.values():
            by_found[-n] = -m
    met = set(by_found.values())
    # A second thing found on the lines of a label that is met is no fault, but no merit either.
    spare = {
        n for n, one in enumerate(found)
        if n not in by_found and any(likeness(one, label) > 0 for label in wanted)
    }  # fmt: skip
    right = [m for m in by_found.values() if wanted[m].must]
    wrong = [one for n, one in enumerate(found) if n not in by_found and n not in spare]
    missed = [label for m, label in enumerate(wanted) if label.must and m not in met]
    counts = Counts(len(right), len(wrong), len(missed))
    told = (*(f"- {of_wanted(x)}" for x in missed), *(f"+ {of_found(x)}" for x in wrong))
    return Verdict(counts, told), [(found[n], wanted[m]) for n, m in by_found.items()]


def _same_words(found: Sequence[str], wanted: Sequence[str], may: Sequence[str] = ()) -> Verdict:
    missed, wrong = set(wanted) - set(found), set(found) - set(wanted) - set(may)
    counts = Counts(len(set(found) & set(wanted)), len(wrong), len(missed))
    return Verdict(
        counts, (*(f"- {x}" for x in sorted(missed)), *(f"+ {x}" for x in sorted(wrong)))
    )


def _asked_lines(notes: Notes, asked: Sequence[lab.Asked]) -> Verdict:
    """Compare where each question was asked: a right one at another line is a wrong one."""
    at_s = {label.question: label.at_s for label in asked}
    right = {
        one.question_id
        for one in notes.asked
        if _overlap([one.start_s], at_s.get(one.question_id, ()))
    }
    wrong = [one.question_id for one in notes.asked if one.question_id not in right]
    return Verdict(
        Counts(len(right), len(wrong), len(asked) - len(right)),
        tuple(f"+ {question_id}" for question_id in wrong),
    )


def _share(answers: Iterable[bool]) -> Share:
    told = list(answers)
    return Share(sum(told), len(told))


def _overlap(found_s: Iterable[float], wanted_s: Iterable[float]) -> bool:
    return any(abs(a - b) <= APART_S for a in found_s for b in wanted_s)


def _task_likeness(found: Promise, label: lab.Promise, heard: _Heard) -> float:
    if not _overlap(heard.at(found.seqs), label.at_s):
        return 0.0
    told = _content(found.what)
    shared = max(
        len(told & words) / max(1, min(len(told), len(words)))
        for words in map(_content, (label.what, *label.also))
    )
    return shared if shared >= LEAST_SHARED else 0.0


def _content(text: str) -> set[str]:
    return {
        re.sub(r"(ing|ed|es|s|'s)$", "", word)
        for word in plain_words(text)
        if len(word) > 2 and word not in _LIGHT
    }


def _name_likeness(found: str, wanted: str) -> float:
    """Compare two names: alike as a whole, or in one part that is long enough."""
    one, other = found.lower().strip(), wanted.lower().strip()
    if not one or not other:
        return 0.0
    like = max(fuzz.ratio(one, other), fuzz.token_set_ratio(one, other))
    return like / 100 if like >= SAME_NAME else 0.0


def _misheard(found: str, wanted: str) -> float:
    """Tell whether a name may be what an engine made of another: below what is alike by itself."""
    like = fuzz.ratio(found.lower(), wanted.lower())
    return like / 200 if like >= SOUNDS_SAME else 0.0


def _day(promise: Promise) -> str:
    return (promise.due.day or "") if promise.due else ""


def _passage(notes: Notes, label: lab.Asked, heard: _Heard) -> tuple[bool, bool]:
    """Tell whether the answer is the right passage, and whether a best line is quoted."""
    asked = next((q for q in notes.asked if q.question_id == label.question), None)
    if asked is None:
        return False, False
    wanted = {
        seq
        for seq, at_s in heard.at_s.items()
        if heard.channel[seq] is not Channel.ME
        and any(a - APART_S <= at_s <= b + APART_S for a, b in label.answer)
    }
    shared = len(wanted & set(asked.answer_seqs))
    f1 = 2 * shared / max(1, len(wanted) + len(asked.answer_seqs))
    quoted = {at_s for quote in asked.best for at_s in heard.at(quote.seqs)}
    is_best = _overlap(quoted, label.best)
    return f1 >= RIGHT_PASSAGE and is_best, is_best


def _quoted(notes: Notes) -> Iterable[tuple[int, ...]]:
    """Return what is quoted as learned from the other side; what the user asked is none of it."""
    for question in notes.asked:
        yield from (quote.seqs for quote in question.best)
    yield from (touched.quote.seqs for touched in notes.touched)
    yield from (point.quote.seqs for point in notes.key_points)
    yield from (figure.quote.seqs for figure in notes.figures)
