"""How the mixes of `asked.json` are made: from labelled lines, the same bytes from the same lines.

`scripts/train_asked` writes the file anew, in about half an hour. The head that tells a question
by its shape is one of `training.py`; how a mix is fitted, `asked_fit.py` says. Both learn from
lines as they were said and with 15 % word errors, beside ordinary talk that asks nothing prepared.
How surely a line asks something is told to the mix by a head that has not learned from this line:
else the mix would trust the head more than it can. For the same reason the mix that sees what
matches learns only from the lines that were held back where that was learned (`match_lines.py`);
the other one with a model learns from the same, as all of them would take it an hour.

Law: only the `*.train.jsonl` and their sheets are read here. The scale, but for the first mix, was
chosen by cross validation on them: whoever spoke the lines it is tried on, or the whole sheet where
it is a user's own, was not learned from.
"""

import hashlib
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial

import msgspec
import numpy as np

from assistant.events import Channel, Heard
from assistant.understanding import kinds, matching
from assistant.understanding.asking import (
    BY_KIND,
    BY_MEANING,
    BY_WORDS,
    FILE,
    AskedFile,
    Mix,
    best_of_readings,
    probable,
    raised,
)
from assistant.understanding.embedding import SHA256, embedded_model, open_embedder
from assistant.understanding.heads import Head
from assistant.understanding.likeness import STATED, Likeness
from assistant.understanding.shared_words import Rows, Vector
from assistant.understanding.training import LINES, head_of, lines_of, remembered
from assistant.understanding.training import Line as HeadLine
from understanding.asked import Line, sheet_plan
from understanding.asked_fit import Seen, bent, fitted
from understanding.kinds_fit import kinds_of, ways
from understanding.model import sentences
from understanding.prepared import STANDARD_MINUTES
from understanding.word_errors import as_recognised, with_word_errors

FILES = ("asked.train", "asked.sheets", "question.train", "kinds.train", *(
    f"{head}.train" for head in ("farewell", "job_ask", "promise")
))  # fmt: skip
ORDINARY = {
    "farewell": ("neutral", "story", "day", "go", "advice", "minutes", "closeword"),
    "job_ask": ("process", "work", "neutral", "story", "self", "notask"),
    "promise": ("neutral", "plan", "past", "general", "habit", "would"),
}
"""Head -> kinds of its lines that ask nothing prepared."""
ORDINARY_SHEETS = (*STANDARD_MINUTES, "fire", "sales", "founder_call", "teacher_research")
"""Beside these it is said, each half of it ..."""
EVERY = 3
"""... of every so many lines ..."""
ORDINARY_COUNTS = 0.25
"""... and counts so much."""
HARD_COUNTS = 0.1
"""So much counts what was made to be hard, beside what is said as people speak: far more of it lies
just beside a question, or far from its words, than in any call."""
JOINTS = ("", "and ", "so ", "but i wanted to ask ", "okay ", "and ", "")
"""What joins the two."""
THANKS = "thank them"
"""The kind that asks nothing."""
ASKED_EVERY, WAYS_EVERY = 3, 16
"""The head learns from every so many of the lines that ask, and of the ways to ask: all of them
tell it little more, and cost it minutes."""
LED_EVERY = 3
"""Every so many lines are also learned with something else said before them in the same breath."""
SEED = 7
"""Of the word errors: other ones than where it is measured."""
FOLDS, HEAD_FOLDS = 3, 3
HELD_BACK = 5
"""One group in so many is held back from what matches."""
SURE_BY_WORDS, MAYBE, MAYBE_BY_WORDS = 0.96, 0.5, 0.75
"""So many of what is surely asked shall be right where words alone tell it; and of what is perhaps
asked, at its lower end, and there."""
SCALE = (0.35, 0.55)
"""So probable is a perhaps, and a surely, where there is a model: chosen among .35 to .7, where the
kinds are known, with the test parts seen at each, as by cross validation, on sheets whose lines lie
closer to one another than in any call, the second would be twice as careful as was promised."""
SCALED_ON = ("bo", "celia", "dmitri", "eve", "gus", "hana", "ivo")
"""Who spoke on standard sheets as people do in such a call: on their lines the scale is chosen."""
WINDOW = 30
"""The lower end of a perhaps is looked for in so many lines."""
DECIMALS = 3


def check_sum() -> str:
    """Return the check sum of all lines for training."""
    sums = [hashlib.sha256((LINES / f"{name}.jsonl").read_bytes()).digest() for name in FILES]
    return hashlib.sha256(b"".join(sums)).hexdigest()


def trained() -> AskedFile:
    """Train the head and the three mixes."""
    vectors_of = remembered(open_embedder(embedded_model()).vectors)
    heads = [head_of(head_lines(fold), vectors_of) for fold in range(HEAD_FOLDS)]
    question = head_of(head_lines(None), vectors_of)
    seen = seen_lines(LookedWith(heads, BY_KIND), held_back())
    by_words = seen_lines(LookedWith(heads, BY_WORDS, words_only=True), asked_lines())
    return AskedFile(
        check_sum(),
        SHA256,
        matching.shipped().branch_sha256,
        question,
        by_kind=mix_of(seen, BY_KIND),
        by_meaning=mix_of([_without_kinds(line) for line in seen], BY_MEANING),
        by_words=mix_of(by_words, BY_WORDS),
    )


def head_lines(fold: int | None) -> list[HeadLine]:
    """Return what the head learns from: without what those of a fold said, if one is named."""
    asked = [line for line in asked_lines() if fold is not None and fold_of(line) == fold]
    left_out = {line.text.casefold() for line in asked}
    thanks = {q.id for sheet in STANDARD_MINUTES for q in sheet_plan(sheet).questions if q.thanks}
    found = {line.text.casefold(): line for line in lines_of("question", "train")}
    for line in asked_lines()[::ASKED_EVERY]:
        if line.asked and line.asked not in thanks:
            found.setdefault(line.text.casefold(), HeadLine(line.text, 1, "prepared"))
    asking = [way for way in ways() if not way.beside and way.kind != THANKS]
    for way in asking[::WAYS_EVERY]:
        found.setdefault(way.text.casefold(), HeadLine(way.text, 1, "way"))
    return [line for text, line in found.items() if text not in left_out]


def mix_of(lines: Sequence[Seen], names: Sequence[str]) -> Mix:
    """Train one mix, and put it to the scale."""
    fit = fitted if names == BY_WORDS else bent
    maybe, sure = SCALE
    if names == BY_WORDS:
        maybe, sure = scale_of(crossed(lines, names, fit), SURE_BY_WORDS, MAYBE_BY_WORDS)
    return msgspec.structs.replace(
        fit(lines, names), maybe=round(maybe, DECIMALS), sure=round(sure, DECIMALS)
    )


@dataclass(frozen=True, slots=True)
class LookedWith:
    """What a line is looked at with; an entry for each fold."""

    heads: Sequence[Head]
    names: Sequence[str]
    words_only: bool = False


def seen_lines(by: LookedWith, lines: Sequence[Line]) -> list[Seen]:
    """Return what is learned from, each line as it is and with word errors; on all cores.

    Ordinary talk that asks nothing prepared is among it.
    """
    by_sheet: dict[str, list[Line]] = {line.sheet: [] for line in asked_lines()}
    for line in lines:
        by_sheet[line.sheet].append(line)
    by_sheet = {sheet: own for sheet, own in by_sheet.items() if own or sheet in ORDINARY_SHEETS}
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        parts = pool.map(partial(_seen_of, by), by_sheet, by_sheet.values())
        return [seen for part in parts for seen in part]


def _seen_of(by: LookedWith, sheet: str, lines: Sequence[Line]) -> list[Seen]:
    vectors, names = sentences(by.words_only), by.names
    spoils: tuple[Callable[[str], str], ...] = (str, partial(with_word_errors, seed=SEED))
    leads, plan = led(), sheet_plan(sheet)
    place = {q.id: n for n, q in enumerate(plan.questions)}
    by_head = [Likeness(plan, vectors, _unmixed(head)) for head in by.heads]
    found: list[Seen] = []
    for line in lines:
        likeness = by_head[fold_of(line) % len(by_head)]
        asked, group = place.get(line.asked, -1), group_of(line)
        said = [(spoil(line.before), spoil(line.text)) for spoil in spoils]
        said += [("", leads[line.text])] if line.text in leads else []
        for before, text in said:
            views = _views(likeness, text, names, before)
            counts = 1.0 if line.plain else HARD_COUNTS
            is_scale = line.speaker in SCALED_ON
            found += [Seen(each, asked, counts, group, is_scale) for each in views]
    if sheet in ORDINARY_SHEETS:
        for text in _ordinary()[ORDINARY_SHEETS.index(sheet) % 2 :: 2]:
            views = _views(by_head[0], as_recognised(text), names)
            found += [Seen(each, -1, ORDINARY_COUNTS, "") for each in views]
    return found


def _without_kinds(line: Seen) -> Seen:
    return replace(line, views=line.views[..., : len(BY_MEANING)])


@cache
def led() -> dict[str, str]:
    """Return lines with something before them: "right i'll remember that and" who else is there."""
    leads = [line.text for line in lines_of("question", "train") if line.label == 0]
    chosen = asked_lines()[::LED_EVERY]
    return {
        line.text: f"{as_recognised(leads[n % len(leads)])} {JOINTS[n % len(JOINTS)]}"
        f"{as_recognised(line.text)}"
        for n, line in enumerate(chosen)
    }


def group_of(line: Line) -> str:
    """Return what is learned from or tried on as a whole: a user's own sheet, or one speaker."""
    return f"{line.sheet} {line.speaker if line.sheet in STANDARD_MINUTES else ''}"


def fold_of(line: Line) -> int:
    """Return the fold of a line: that of its group."""
    return hashlib.sha256(group_of(line).encode()).digest()[0] % HEAD_FOLDS


def is_held_back(group: str) -> bool:
    """Tell whether what matches did not learn from a group; ordinary talk has none."""
    return not group or hashlib.sha256(group.encode()).digest()[1] % HELD_BACK == 0


def held_back() -> list[Line]:
    """Return the lines that what matches did not learn from."""
    return [line for line in asked_lines() if is_held_back(group_of(line))]


@cache
def asked_lines() -> tuple[Line, ...]:
    """Return the lines that were said to a sheet."""
    rows = (LINES / "asked.train.jsonl").read_bytes()
    return tuple(msgspec.json.Decoder(Line).decode_lines(rows))


def _views(likeness: Likeness, text: str, names: Sequence[str], before: str = "") -> list[Rows]:
    """Return the views of a line; none where nothing but fillers was said."""
    earlier = [Heard(Channel.ME, 6.0, 9.5, before)] if before else []
    readings = likeness.looks(Heard(Channel.ME, 10.0, 13.0, text), earlier)
    both = np.array([[each[name] for name in names] for each in readings])
    return [both.transpose(0, 2, 1)] if readings else []


def crossed(
    lines: Sequence[Seen],
    names: Sequence[str],
    fit: Callable[[Sequence[Seen], Sequence[str]], Mix],
) -> list[tuple[float, bool, bool]]:
    """Return of each plain line the best probability, if it is right, and if one was asked.

    The mix that tells it learned from other speakers and other sheets only.
    """
    groups = sorted({line.group for line in lines if line.group})
    found: list[tuple[float, bool, bool]] = []
    for fold in range(FOLDS):
        out = set(groups[fold::FOLDS])
        mix = fit([line for line in lines if line.group not in out], names)
        for line in (line for line in lines if line.group in out and line.is_scale):
            p = probable(_raised(mix, line, names))
            found.append((float(p.max()), int(p.argmax()) == line.asked, line.asked >= 0))
    return found


def _raised(mix: Mix, line: Seen, names: Sequence[str]) -> Vector:
    each = [raised(mix, dict(zip(names, views.T, strict=True))) for views in line.views]
    telling = line.views[0, :, list(names).index("telling")]
    return best_of_readings(each, line.views.shape[1]) - STATED * (telling > 0)


def scale_of(
    found: Sequence[tuple[float, bool, bool]], least: float, least_maybe: float = MAYBE
) -> tuple[float, float]:
    """Return how probable a perhaps and a surely have to be, for such shares to be right."""
    ranked = sorted(found, key=lambda each: -each[0])
    right = np.cumsum([is_right for _, is_right, _ in ranked])
    precise = np.flatnonzero(right / np.arange(1, len(ranked) + 1) >= least)
    sure = ranked[int(precise[-1])][0]
    near = [is_right for _, is_right, _ in ranked]
    half = (
        at for at in range(int(precise[-1]), len(ranked) - WINDOW)
        if np.mean(near[at : at + WINDOW]) < least_maybe
    )  # fmt: skip
    maybe = ranked[next(half, len(ranked) - 1) + WINDOW // 2][0]
    return min(maybe, sure - 0.01), sure


def _unmixed(question: Head) -> AskedFile:
    none = Mix(0.0, (), (), 0.3, 0.6)
    return AskedFile("", "", "", question, none, none, none)


def _ordinary() -> list[str]:
    found = [
        line.text
        for head, kinds in ORDINARY.items()
        for line in lines_of(head, "train")
        if line.label == 0 and line.kind in kinds
    ]
    return list(dict.fromkeys(found))[::EVERY]


def main() -> None:
    """Write the kinds anew, and the mixes, which see by them."""
    embedder = open_embedder(embedded_model())
    kinds.write(kinds.FILE, kinds_of(ways(), remembered(embedder.vectors)))
    FILE.write_bytes(msgspec.json.encode(trained()) + b"\n")


if __name__ == "__main__":
    main()
