"""What the notes of calls and meetings are worth, as rows of a table with their targets."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import import_module
from typing import Any, cast

from rouge_score import rouge_scorer
from understanding.score import Counts, Score

from noting.calls import Noted
from noting.judging import Share
from noting.meetings import Told

F1_OF_PROMISES, SHARES = 0.85, 0.85
PASSAGES, NAMES = 0.90, 0.90
OVER_TEXTRANK = 1.15
SHARE_TARGETS = {
    "promise: owner and day right": SHARES,
    "answer: right passage": PASSAGES,
    "open questions exact": 1.0,
}


def of_calls(condition: str, noted: Sequence[Noted], *, has_targets: bool) -> list[Score]:
    """Sum up the calls of one condition; targets hold where words come as an engine makes them."""
    if not noted:
        return []
    kinds = dict.fromkeys(kind for one in noted for kind in one.judged.kinds)
    rows = [_of_kind(kind, condition, noted, has_targets=has_targets) for kind in kinds]
    names = dict.fromkeys(name for one in noted for name in one.judged.shares)
    for name in names:
        share = Share(0, 0)
        for one in noted:
            share += one.judged.shares[name]
        target = SHARE_TARGETS.get(name) if has_targets else None
        is_met = None if target is None else share.right >= target * share.of
        text = "" if target is None else f">= {target:.2f}"
        missed = tuple(f"{one.judged.call}: {text}" for one in noted for text in one.judged.missed)
        rows.append(
            Score(name, condition, share.of, right=share.right, target=text, is_met=is_met,
                  missed=missed if name == "answer: right passage" else ())
        )  # fmt: skip
    quotes, unheld = sum(one.quotes for one in noted), sum(one.unheld for one in noted)
    rows.append(
        Score("quotes that their lines hold", condition, quotes, right=quotes - unheld,
              target="all", is_met=unheld == 0)
    )  # fmt: skip
    return rows


def _of_kind(kind: str, condition: str, noted: Sequence[Noted], *, has_targets: bool) -> Score:
    every = [(one.judged.call, one.judged.kinds[kind]) for one in noted]
    counts = Counts(
        sum(verdict.counts.tp for _, verdict in every),
        sum(verdict.counts.fp for _, verdict in every),
        sum(verdict.counts.fn for _, verdict in every),
    )
    targets: dict[str, tuple[str, bool]] = {
        "promise": (f"F1 >= {F1_OF_PROMISES}", counts.f1 >= F1_OF_PROMISES),
        "name": (f"recall >= {NAMES}", counts.recall >= NAMES),
    }
    target, is_met = targets[kind] if has_targets and kind in targets else ("", None)
    missed = tuple(f"{call} {text}" for call, verdict in every for text in verdict.missed)
    n = counts.tp + counts.fn
    return Score(kind, condition, n, counts, target=target, is_met=is_met, missed=missed)


def of_meetings(part: str, told: Sequence[Told]) -> list[Score]:
    """Sum up the questions about other people's meetings."""
    if not told:
        return []
    ours = _mean(_rouge(one.answer, one.ours) for one in told)
    theirs = _mean(_rouge(one.answer, one.theirs) for one in told)
    ratio = ours / theirs if theirs else 0.0
    return [
        Score("answer's passage, F1 of turns", part, len(told), rate=_mean(x.f1 for x in told)),
        Score("answer, ROUGE-1", part, len(told), rate=ours),
        Score("  TextRank of the meeting, as long", part, len(told), rate=theirs),
        Score("  ours : TextRank", part, len(told), rate=ratio, target=f">= {OVER_TEXTRANK}",
              is_met=ratio >= OVER_TEXTRANK),
    ]  # fmt: skip


def text_rank() -> Callable[[str, int], str]:
    """Return what gives so many words of a text by TextRank (summa), a text once."""
    # Neither of these two libraries states its types.
    summarize = cast("Callable[..., str]", import_module("summa.summarizer").summarize)

    @cache
    def ranked(text: str) -> str:
        return summarize(text, ratio=0.2) or text

    def cut(text: str, words: int) -> str:
        return " ".join(ranked(text).split()[:words])

    return cut


def _rouge(answer: str, told: str) -> float:
    scorer = cast("Any", rouge_scorer.RougeScorer(["rouge1"], use_stemmer=True))
    return float(scorer.score(answer, told)["rouge1"].fmeasure)


def _mean(values: Iterable[float]) -> float:
    every = list(values)
    return sum(every) / len(every) if every else 0.0
