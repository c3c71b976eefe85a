"""How the mixes of `asked.json` are made: from labelled lines, the same bytes from the same lines.

`scripts/train_asked` writes the file anew, in about two minutes. The head that tells a question by
its shape is one of `training.py`; a mix is a logistic regression over the views of a line, in which
the questions of its sheet and "none of them" compete, fitted by Newton's method. Of the readings of
a line the one that fits best counts. It learns from lines as they were said and with 15 % word
errors, beside ordinary talk that asks nothing prepared.

Law: only the `*.train.jsonl` are read here. The scale was chosen by cross validation on them:
whoever spoke the lines it is tried on, on that sheet, was not learned from.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import numpy as np

from assistant.events import Channel, Heard
from assistant.understanding.asking import (
    BY_MEANING,
    BY_WORDS,
    FILE,
    AskedFile,
    Mix,
    best_of_readings,
    probable,
    raised,
)
from assistant.understanding.embedding import SHA256
from assistant.understanding.heads import Head
from assistant.understanding.likeness import Likeness
from assistant.understanding.sentences import Sentences
from assistant.understanding.shared_words import Vector
from assistant.understanding.training import (
    LINES,
    Rows,
    head_of,
    lines_of,
)
from understanding.asked import Line, sheet_plan
from understanding.model import sentences
from understanding.prepared import STANDARD_MINUTES
from understanding.word_errors import as_recognised, with_word_errors

FILES = ("asked.train", "asked.sheets", "question.train", *(
    f"{head}.train" for head in ("farewell", "job_ask", "promise")
))  # fmt: skip
ORDINARY = {
    "farewell": ("neutral", "story", "day", "go", "advice", "minutes", "closeword"),
    "job_ask": ("process", "work", "neutral", "story", "self", "notask"),
    "promise": ("neutral", "plan", "past", "general", "habit", "would"),
}
"""Head -> kinds of its lines that ask nothing prepared."""
EVERY = 3
"""Of those every so many are learned from ..."""
ORDINARY_COUNTS = 0.5
"""... and count so much."""
SEED = 7
"""Of the word errors: other ones than where it is measured."""
STRENGTH = 5.0
"""Of the pull towards small weights, of views that vary by one."""
ROUNDS, STEPS, CLOSE = 6, 12, 1e-7
FIRST, FIRST_BIAS = 0.1, -3.0
"""Every weight, before anything is learned; most pairs of a line and a question do not fit."""
SIGNS = {
    "nearest": 1, "mean": 1, "words": 1, "letters": 1, "nearest_above": 1, "words_above": 1,
    "words_squared": 1, "letters_squared": 1, "letters_shared": 1, "asking": 1, "shaped": 1,
    "telling": -1, "ordinary": -1, "part": -1,
}  # fmt: skip
"""Which way a view counts: more alike is never less like it."""
FOLDS = 6
SURE, MAYBE = 0.96, 0.5
"""So many of what is surely asked shall be right; of what is perhaps asked, at its lower end."""
PLAIN = ("bo", "celia", "dmitri", "eve", "gus", "hana", "ivo")
"""Who spoke as people do in such a call: on their lines the scale is chosen. All others were made
to be hard: far more of what they say lies just beside a question than in any call."""
WINDOW = 30
"""The lower end of a perhaps is looked for in so many lines."""
DECIMALS = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as a mix sees it."""

    views: Rows
    """Readings by questions by views."""
    asked: int
    """Which question; -1 for none."""
    counts: float
    group: str
    """Who spoke, on which sheet; empty for ordinary talk."""


def check_sum() -> str:
    """Return the check sum of all lines for training."""
    sums = [hashlib.sha256((LINES / f"{name}.jsonl").read_bytes()).digest() for name in FILES]
    return hashlib.sha256(b"".join(sums)).hexdigest()


def trained() -> AskedFile:
    """Train the head and both mixes."""
    embedder = sentences(words_only=False).embedder
    if embedder is None:
        raise ValueError("training needs a model")
    question = head_of(lines_of("question", "train"), embedder)
    mixes = [mix_of(question, sentences(words_only=only)) for only in (False, True)]
    return AskedFile(check_sum(), SHA256, question, *mixes)


def mix_of(question: Head, vectors: Sentences) -> Mix:
    """Train one mix, and put it to the scale."""
    names = BY_MEANING if vectors.has_vectors else BY_WORDS
    lines = seen_lines(question, vectors, names)
    maybe, sure = scale_of(crossed(lines, names))
    mix = fitted(lines, names)
    return Mix(mix.bias, mix.weights, round(maybe, DECIMALS), round(sure, DECIMALS))


def seen_lines(question: Head, vectors: Sentences, names: Sequence[str]) -> list[Seen]:
    """Return what is learned from, each line as it is and with word errors."""
    rows = (LINES / "asked.train.jsonl").read_bytes().splitlines()
    lines = [msgspec.json.decode(row, type=Line) for row in rows]
    ordinary = _ordinary()
    spoils: tuple[Callable[[str], str], ...] = (str, partial(with_word_errors, seed=SEED))
    found: list[Seen] = []
    for number, sheet in enumerate(dict.fromkeys(line.sheet for line in lines)):
        plan = sheet_plan(sheet)
        place = {q.id: n for n, q in enumerate(plan.questions)}
        likeness = Likeness(plan, vectors, _unmixed(question))

        for line in (line for line in lines if line.sheet == sheet):
            place_asked, group = place.get(line.asked, -1), f"{sheet} {line.speaker}"
            for spoil in spoils:
                views = _views(likeness, spoil(line.text), names)
                found += [Seen(each, place_asked, 1.0, group) for each in views]
        if sheet in STANDARD_MINUTES:
            for text in ordinary[number % 2 :: 2]:
                views = _views(likeness, as_recognised(text), names)
                found += [Seen(each, -1, ORDINARY_COUNTS, "") for each in views]
    return found


def _views(likeness: Likeness, text: str, names: Sequence[str]) -> list[Rows]:
    """Return the views of a line; none where nothing but fillers was said."""
    readings = likeness.looks(Heard(Channel.ME, 10.0, 13.0, text))
    both = np.array([[each[name] for name in names] for each in readings])
    return [both.transpose(0, 2, 1)] if readings else []


def fitted(lines: Sequence[Seen], names: Sequence[str]) -> Mix:
    """Fit the weights of a mix; a view that would count the wrong way round is left out."""
    kept = list(names)
    while True:
        places = [names.index(name) for name in kept]
        mix = _fitted([(line, line.views[..., places]) for line in lines], kept)
        wrong = {name for name in kept if mix.weights[name] * SIGNS.get(name, 0) < 0}
        if not wrong:
            return mix
        kept = [name for name in kept if name not in wrong]


def _fitted(seen: Sequence[tuple[Seen, Rows]], names: Sequence[str]) -> Mix:
    lines = [line for line, _ in seen]
    every = np.vstack([views.reshape(-1, len(names)) for _, views in seen])
    middle, spread = every.mean(axis=0), np.maximum(every.std(axis=0), 1e-6)
    evened = [(views - middle) / spread for _, views in seen]
    weights = np.full(len(names) + 1, FIRST)
    weights[0] = FIRST_BIAS
    for _ in range(ROUNDS):
        chosen = [_chosen(views, weights) for views in evened]
        before = weights
        weights = _newton(chosen, lines, weights)
        if np.abs(weights - before).max() < CLOSE:
            break
    plain = weights[1:] / spread
    bias = float(weights[0] - plain @ middle)
    rounded = {n: round(float(w), DECIMALS) for n, w in zip(names, plain, strict=True)}
    return Mix(round(bias, DECIMALS), rounded, 0.0, 0.0)


def _chosen(views: Rows, weights: Rows) -> Rows:
    """Return for each question the reading that fits it best, a 1 before it for the bias."""
    best = (views @ weights[1:]).argmax(axis=0)
    rows = views[best, np.arange(views.shape[1])]
    return np.hstack([np.ones((len(rows), 1)), rows])


def _newton(chosen: Sequence[Rows], lines: Sequence[Seen], weights: Rows) -> Rows:
    pull = STRENGTH * np.eye(len(weights))
    pull[0, 0] = 1e-6
    for _ in range(STEPS):
        slope, bend = -pull @ weights, pull.copy()
        for rows, line in zip(chosen, lines, strict=True):
            p = probable(rows @ weights)
            truth = np.zeros(len(p))
            if line.asked >= 0:
                truth[line.asked] = 1.0
            slope += line.counts * (rows.T @ (truth - p))
            mean = p @ rows
            bend += line.counts * ((rows * p[:, None]).T @ rows - np.outer(mean, mean))
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if np.abs(step).max() < CLOSE:
            break
    return weights


def crossed(lines: Sequence[Seen], names: Sequence[str]) -> list[tuple[float, bool, bool]]:
    """Return of each plain line the best probability, if it is right, and if one was asked.

    The mix that tells it learned from other speakers only.
    """
    groups = sorted({line.group for line in lines if line.group})
    found: list[tuple[float, bool, bool]] = []
    for fold in range(FOLDS):
        out = set(groups[fold::FOLDS])
        mix = fitted([line for line in lines if line.group not in out], names)
        plain = (line for line in lines if line.group in out and line.group.split()[1] in PLAIN)
        for line in plain:
            p = probable(_raised(mix, line, names))
            found.append((float(p.max()), int(p.argmax()) == line.asked, line.asked >= 0))
    return found


def _raised(mix: Mix, line: Seen, names: Sequence[str]) -> Vector:
    each = [raised(mix, dict(zip(names, views.T, strict=True))) for views in line.views]
    return best_of_readings(each, line.views.shape[1])


def scale_of(found: Sequence[tuple[float, bool, bool]]) -> tuple[float, float]:
    """Return how probable a perhaps and a surely have to be."""
    ranked = sorted(found, key=lambda each: -each[0])
    right = np.cumsum([is_right for _, is_right, _ in ranked])
    precise = np.flatnonzero(right / np.arange(1, len(ranked) + 1) >= SURE)
    sure = ranked[int(precise[-1])][0]
    near = [is_right for _, is_right, _ in ranked]
    half = (
        at for at in range(int(precise[-1]), len(ranked) - WINDOW)
        if np.mean(near[at : at + WINDOW]) < MAYBE
    )  # fmt: skip
    maybe = ranked[next(half, len(ranked) - 1) + WINDOW // 2][0]
    return min(maybe, sure - 0.01), sure


def _unmixed(question: Head) -> AskedFile:
    none = Mix(0.0, {}, 0.3, 0.6)
    return AskedFile("", "", question, none, none)


def _ordinary() -> list[str]:
    found = [
        line.text
        for head, kinds in ORDINARY.items()
        for line in lines_of(head, "train")
        if line.label == 0 and line.kind in kinds
    ]
    return list(dict.fromkeys(found))[::EVERY]


def main() -> None:
    """Write the mixes anew."""
    FILE.write_bytes(msgspec.json.encode(trained()) + b"\n")


if __name__ == "__main__":
    main()
