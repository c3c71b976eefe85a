"""What the coach murmured in whole calls, judged by what a thoughtful friend would have done.

A cue is right where a label of `must` or `may` wants that kind of cue, with that question; a must
is met by a right cue that was heard: to its end, or for a second before somebody spoke. Law: the
moment of a cue is the one in which it began to sound.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec
from golden import GoldenCall, Label
from naive_coach import naive_cues
from rich.console import Console
from rich.table import Table

from assistant.events import Cue, CueEnded, CueStarted, Entry
from assistant.understanding.meaning import Understand

PRECISION, RECALL = 0.90, 0.90
"""The targets."""
HEARD_S = 1.0
"""Who heard less of a cue than this did not take it in."""
WARNED_S = 0.2
"""But for a caution: the low tone that comes first says it already."""
SHORTLY_S = 15.0
"""Who was told to ask something so shortly before need not be told again."""
COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Sounded:
    """A cue as it reached the ear."""

    at_s: float
    cue: Cue
    how: str = "spoken"
    for_s: float = HEARD_S
    names: frozenset[str] = frozenset()
    """The questions that a warning of the time names: "5 minutes left: who else to talk to"."""

    @property
    def is_heard(self) -> bool:
        """Tell whether it was taken in."""
        heard_s = WARNED_S if self.cue.kind == "caution" else HEARD_S
        return self.how in ("spoken", "tone", "shown") or self.for_s >= heard_s


class Verdict(msgspec.Struct, frozen=True):
    """What the friend says of one call, or of several together."""

    call: str
    length_s: float
    cues: int
    timely: int
    """Of the cues: those about the time."""
    right: int
    musts: int
    met: int
    wrong: int
    """Begun in a stretch where none must come, or while somebody spoke."""
    repeated: int
    cut: int
    """Cut off because somebody spoke; of no weight, but worth knowing."""
    missed: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        """The share of the cues that is right; 1 where there was none."""
        return self.right / self.cues if self.cues else 1.0

    @property
    def recall(self) -> float:
        """The share of the musts that is met; 1 where there was none."""
        return self.met / self.musts if self.musts else 1.0

    @property
    def per_half_hour(self) -> float:
        """Cues in 30 minutes."""
        return self.cues * 1800 / self.length_s if self.length_s else 0.0

    @property
    def holds(self) -> bool:
        """Tell whether the targets are reached."""
        is_good = self.precision >= PRECISION and self.recall >= RECALL
        return is_good and not self.wrong and not self.repeated


def hold(call: GoldenCall, understand: Understand) -> Verdict:
    """Let the program live the call, and judge it."""
    return judge(call, [_naming(call, one) for one in sounded(call.lived(understand))])


def hold_naive(call: GoldenCall) -> Verdict:
    """Judge what the naive coach would have said."""
    return judge(call, [Sounded(at_s, cue) for at_s, cue in naive_cues(call.plan, call.lines)])


def sounded(entries: Iterable[Entry]) -> list[Sounded]:
    """Return the cues of a journal that began to sound."""
    cues: dict[int, Cue] = {}
    begun: dict[int, Sounded] = {}
    for entry in entries:
        match entry.event:
            case Cue() as cue:
                cues[entry.seq] = cue
            case CueStarted(cue_seq):
                begun[cue_seq] = Sounded(entry.at_s, cues[cue_seq], "open", 0.0)
            case CueEnded(cue_seq, start_s, end_s, how) if cue_seq in begun:
                begun[cue_seq] = Sounded(begun[cue_seq].at_s, cues[cue_seq], how, end_s - start_s)
            case _:
                pass
    return list(begun.values())


def judge(call: GoldenCall, cues: Sequence[Sounded]) -> Verdict:
    """Hold the cues against the labels of the call."""
    wanted = [label for label in call.labels if label.mark != "not"]
    musts = [label for label in wanted if label.mark == "must"]
    missed: list[str] = []
    right = wrong = repeated = 0
    for n, one in enumerate(cues):
        told = f'{_clock(one.at_s)} "{one.cue.text}" ({one.cue.kind}; {one.how}; {one.cue.why})'
        is_right = any(_fits(label, one) for label in wanted)
        right += is_right
        if not is_right:
            missed.append(f"nobody would: {told}")
        if reason := _wrong(call, one, is_right=is_right):
            wrong += 1
            missed.append(f"wrong moment: {told}: {reason}")
        if _is_repeated(one, cues[:n]) and not any(_fits(must, one) for must in musts):
            repeated += 1
            missed.append(f"repeated: {told}")
    heard = [one for one in cues if one.is_heard]
    unmet = [m for m in musts if not any(_fits(m, one) or _is_told(m, one) for one in heard)]
    missed += [
        f"not said: {_clock(must.from_s)} to {_clock(must.to_s)} {'/'.join(must.kinds)} "
        f"{'/'.join(must.questions)}: {must.why}"
        for must in unmet
    ]
    return Verdict(
        call.name,
        call.length_s,
        len(cues),
        sum(one.cue.kind == "time" for one in cues),
        right,
        len(musts),
        len(musts) - len(unmet),
        wrong,
        repeated,
        sum(one.how == "cut" for one in cues),
        tuple(missed),
    )


def together(verdicts: Sequence[Verdict], name: str) -> Verdict:
    """Add up what was judged of several calls."""
    return Verdict(
        name,
        sum(v.length_s for v in verdicts),
        sum(v.cues for v in verdicts),
        sum(v.timely for v in verdicts),
        sum(v.right for v in verdicts),
        sum(v.musts for v in verdicts),
        sum(v.met for v in verdicts),
        sum(v.wrong for v in verdicts),
        sum(v.repeated for v in verdicts),
        sum(v.cut for v in verdicts),
    )


def table(rows: Sequence[tuple[Verdict, Verdict]]) -> str:
    """Draw each verdict, and beside it what the naive coach gets."""
    drawn = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="")
    drawn.add_column("call", no_wrap=True)
    heads = ("min", "cues", "time", "right", "prec", "musts", "met", "rec", "/30 min", "wrong")
    for head in (*heads, "again", "cut"):
        drawn.add_column(head, justify="right", no_wrap=True)
    drawn.add_column("naive P R wrong", no_wrap=True)
    for ours, naive in rows:
        whole = (ours.cues, ours.timely, ours.right)
        drawn.add_row(
            ours.call,
            f"{ours.length_s / 60:.1f}",
            *map(str, whole),
            f"{ours.precision:.2f}",
            str(ours.musts),
            str(ours.met),
            f"{ours.recall:.2f}",
            f"{ours.per_half_hour:.1f}",
            str(ours.wrong),
            str(ours.repeated),
            str(ours.cut),
            f"{naive.precision:.2f} {naive.recall:.2f} {naive.wrong}",
        )
    console = Console(width=COLUMNS, color_system=None, highlight=False, markup=False)
    with console.capture() as capture:
        console.print(drawn)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def missed(verdicts: Sequence[Verdict]) -> str:
    """List what was wrong or missed, a line each."""
    lines: list[str] = []
    for verdict in verdicts:
        if verdict.missed:
            lines += ["", f"{verdict.call}: {len(verdict.missed)}"]
            lines += [f"  {line}" for line in verdict.missed]
    return "\n".join(lines)


def as_values(ours: Verdict, naive: Verdict) -> dict[str, object]:
    """Return a verdict with what follows from it, ready for JSON."""

    def one(verdict: Verdict) -> dict[str, object]:
        shares = {"precision": verdict.precision, "recall": verdict.recall}
        rounded = {name: round(share, 4) for name, share in shares.items()}
        rate = {"per_half_hour": round(verdict.per_half_hour, 2)}
        return {**msgspec.to_builtins(verdict), **rounded, **rate}

    return {**one(ours), "holds": ours.holds, "naive": one(naive)}


def _fits(label: Label, one: Sounded) -> bool:
    """Tell whether that is a cue the label wants."""
    cue = one.cue
    if not label.holds(one.at_s):
        return False
    if cue.kind not in label.kinds:
        return cue.kind == "time" and bool(one.names & set(label.questions))
    if not label.questions or cue.kind == "time":
        return True
    # A cue without a question: the way back to the sheet, is the line dead, or the thanks.
    if cue.question_id is None:
        is_thanks = cue.kind == "closing" and "thank-them" in label.questions
        return is_thanks or cue.kind in ("drift", "line")
    return cue.question_id in label.questions


def _is_told(must: Label, one: Sounded) -> bool:
    """Tell whether a warning of the time has just named what must be asked."""
    is_shortly = must.from_s - SHORTLY_S <= one.at_s < must.from_s
    return is_shortly and bool(one.names & set(must.questions))


def _naming(call: GoldenCall, one: Sounded) -> Sounded:
    if one.cue.kind != "time":
        return one
    named = (q.id for q in call.plan.questions if q.cue and one.cue.text.endswith(f": {q.cue}"))
    return replace(one, names=frozenset(named))


def _wrong(call: GoldenCall, one: Sounded, *, is_right: bool) -> str:
    """Return why no murmur should have begun then; empty where it was no wrong moment."""
    speaking = [line for line in call.lines if line.start_s < one.at_s < line.end_s]
    # A tone is what is left when nobody pauses.
    if speaking and not one.cue.tone:
        return f'"{speaking[0].text}"'
    stretches = [label for label in call.labels if label.mark == "not" and label.holds(one.at_s)]
    against = [s for s in stretches if not s.kinds or one.cue.kind in s.kinds]
    return "" if is_right or not against else against[0].why


def _is_repeated(one: Sounded, before: Sequence[Sounded]) -> bool:
    """Tell whether this was heard before: the same question, or the same words."""
    heard = [earlier.cue for earlier in before if earlier.is_heard]
    if one.cue.question_id is not None:
        return any(cue.question_id == one.cue.question_id for cue in heard)
    return any(cue.text == one.cue.text for cue in heard)


def _clock(at_s: float) -> str:
    return f"{int(at_s // 60)}:{at_s % 60:04.1f}"
