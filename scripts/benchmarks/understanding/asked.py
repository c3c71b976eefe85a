"""Which prepared question was just asked: our own lines, and questions that others asked.

Ours: a line of the frozen part, said by the user, against the standard sheet it was written for.
Right is Asked for the right question, by the likeness, the mind and the dials that are shipped;
another question counts as found wrongly and as missed; MaybeAsked is left open, so it is missed.

Of others: the first wording of an intent is prepared, without any other wordings, and all the
others are speech: lists of 15 beside as much speech that belongs to none of them, and all at
once. The trivial way is rapidfuzz's token_set_ratio at the threshold that suits it best here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random

import msgspec
from rapidfuzz import fuzz, process

from assistant.events import Asked, Channel, Entry, Heard, Understood
from assistant.minds.coverage import Coverage
from assistant.minds.spoken import utterances_of
from assistant.plan import Plan, Question
from assistant.sheet import standard_plan
from assistant.sheet.question import short_cue
from assistant.understanding.likeness import Likeness
from assistant.wording import Wording
from understanding.dialogue import Intent, banking, clinc, interviews
from understanding.model import sentences
from understanding.prepared import STANDARD_MINUTES
from understanding.score import Counts, Score
from understanding.word_errors import as_recognised, with_word_errors

TASK = "asked"
ROOT = Path(__file__).resolve().parents[3]
FROZEN = ROOT / "assistant" / "understanding" / "lines" / "asked.test.jsonl"
SECOND = FROZEN.with_name("asked.second.jsonl")
"""Fewer lines, and plainer, written by somebody who wrote nothing else of this."""
THIRD = FROZEN.with_name("asked.third.jsonl")
"""In the voices of six people, most of them on sheets of their own, some in two lines."""
FOURTH = FROZEN.with_name("asked.fourth.jsonl")
"""As six ordinary people talk in such a call, by somebody who wrote nothing else of this."""
FIFTH = FROZEN.with_name("asked.fifth.jsonl")
"""In eight calls of eight interviewers on their own sheets, by somebody who wrote nothing else."""
SIXTH = FROZEN.with_name("asked.sixth.jsonl")
"""The same of sixteen others, by two who wrote nothing else of this."""
PRECISION, F1, F1_NOISY = 0.95, 0.90, 0.82
LIST = 15
"""Questions of a long sheet."""
SPEECH = 240
"""Of more lines so many are drawn: each costs a few vectors."""
HOST_TURNS = 2000
OUT_OF_SCOPE = "oos"
SEED = 1


class Line(msgspec.Struct, frozen=True):
    """What somebody said, and the cue of the question it asks; none for other talk."""

    text: str
    asked: str = ""
    sheet: str = ""
    speaker: str = ""
    before: str = ""
    """What the same person said just before, where a question took two lines."""
    plain: bool = False
    """Whether it was said as people speak in such a call; not made to be hard."""


class OwnSheet(msgspec.Struct, frozen=True):
    """A user's own questions, as they lie in a file of sheets."""

    sheet: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A list of prepared questions, and what is said beside it."""

    plan: Plan
    lines: Sequence[Line]
    is_standard: bool = False
    """Whether the questions are those that come with Sottovoce."""


Spoil = Callable[[str], str]


def measure(data: Path | None) -> list[Score]:
    """Measure on the frozen part; with a folder, on what of it has questions."""
    return [*_ours()] if data is None else [*_of_others(data)]


def _ours() -> Iterable[Score]:
    parts = own_parts(FROZEN)
    yield _score("frozen", parts, as_it_is, F1)
    noisy = partial(with_word_errors, seed=SEED)
    yield _score("frozen, 15 % word errors", parts, noisy, F1_NOISY)
    second = own_parts(SECOND)
    yield _score("by a second hand", second, as_it_is, F1)
    yield _score("by a second hand, 15 % word errors", second, noisy, F1_NOISY)
    third = own_parts(THIRD)
    yield _score("other voices", third, as_it_is, F1)
    yield _score("other voices, 15 % word errors", third, noisy, F1_NOISY)
    fourth = own_parts(FOURTH)
    yield _score("plain talk", fourth, as_it_is, F1)
    yield _score("plain talk, 15 % word errors", fourth, noisy, F1_NOISY)
    own = [part for part in (*third, *fourth) if not part.is_standard]
    yield _score("both, own sheets only", own, as_it_is, F1)
    fifth = own_parts(FIFTH)
    yield _score("eight own sheets", fifth, as_it_is, F1)
    yield _score("eight own sheets, 15 % word errors", fifth, noisy, F1_NOISY)
    sixth = own_parts(SIXTH)
    yield _score("sixteen own sheets", sixth, as_it_is, F1)
    yield _score("sixteen own sheets, 15 % word errors", sixth, noisy, F1_NOISY)


def own_parts(path: Path) -> list[Part]:
    """Return the lines of a file by the sheet they belong to."""
    lines = [msgspec.json.decode(row, type=Line) for row in path.read_bytes().splitlines()]
    sheets = dict.fromkeys(line.sheet for line in lines)
    return [
        Part(sheet_plan(s), [line for line in lines if line.sheet == s], s in STANDARD_MINUTES)
        for s in sheets
    ]


def sheet_plan(sheet: str) -> Plan:
    """Return the plan of a sheet: a standard one, or one out of the files of sheets."""
    if sheet in STANDARD_MINUTES:
        return standard(sheet)
    plain = frozenset[str](_wording().words("sheet")["plain_words"])
    for path in sorted(FROZEN.parent.glob("asked*.sheets.jsonl")):
        for own in msgspec.json.Decoder(OwnSheet).decode_lines(path.read_bytes()):
            if own.sheet == sheet:
                named = (
                    msgspec.structs.replace(q, cue=short_cue(q.text, plain)) for q in own.questions
                )
                return Plan(questions=tuple(named), phrases=_wording().phrases())
    raise ValueError(f"no sheet {sheet}")


def _of_others(data: Path) -> Iterable[Score]:
    noisy = partial(with_word_errors, seed=SEED)
    for name, intents in (("banking77", list(banking(data))), ("clinc", list(clinc(data)))):
        if not intents:
            continue
        lists = _lists(intents)
        yield _score(f"{name}, lists of {LIST}", lists, as_it_is, None)
        yield _score(f"{name}, lists of {LIST}, 15 % word errors", lists, noisy, None)
        whole = _whole(intents)
        size = len(whole.plan.questions)
        yield _score(f"{name}, all {size} at once", [whole], as_it_is, None)
        yield _first(f"{name}, all {size}: ranked first", whole)
    hosts = [
        turn.text
        for interview in interviews(data)
        for turn in interview.turns
        if turn.speaker == interview.host
    ]
    if hosts:
        yield _shaped(Random(SEED).sample(hosts, min(HOST_TURNS, len(hosts))))  # noqa: S311


def as_it_is(text: str) -> str:
    """Spoil nothing."""
    return text


def _lists(intents: Sequence[Intent]) -> list[Part]:
    """Return lists of questions, each beside its own speech and as much of no list."""
    by_intent = _by_intent(intents)
    chance = Random(SEED)  # noqa: S311
    names = sorted(name for name in by_intent if name != OUT_OF_SCOPE)
    chance.shuffle(names)
    groups = [names[at : at + LIST] for at in range(0, len(names) - LIST + 1, LIST)]
    parts: list[Part] = []
    for group in groups:
        own = [Line(t, name) for name in group for t in by_intent[name][1:]]
        strange = [Line(t) for name in by_intent if name not in group for t in by_intent[name][1:]]
        most = SPEECH // len(groups) // 2
        own = chance.sample(own, min(most, len(own)))
        parts.append(Part(_bare(group, by_intent), own + chance.sample(strange, len(own))))
    return parts


def _whole(intents: Sequence[Intent]) -> Part:
    by_intent = _by_intent(intents)
    names = sorted(name for name in by_intent if name != OUT_OF_SCOPE)
    speech = [Line(text, name) for name in names for text in by_intent[name][1:]]
    drawn = Random(SEED).sample(speech, min(SPEECH, len(speech)))  # noqa: S311
    return Part(_bare(names, by_intent), drawn)


def _by_intent(intents: Sequence[Intent]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in intents:
        found.setdefault(each.intent, []).append(each.text)
    return found


def _bare(names: Sequence[str], by_intent: dict[str, list[str]]) -> Plan:
    """Return a plan of one wording for each, as a sheet makes it of plain lines."""
    plain = frozenset[str](_wording().words("sheet")["plain_words"])
    texts = [by_intent[name][0] for name in names]
    questions = [
        Question(name, text, cue=short_cue(text, plain))
        for name, text in zip(names, texts, strict=True)
    ]
    return Plan(questions=tuple(questions), phrases=_wording().phrases())


@cache
def _wording() -> Wording:
    return Wording("en", (ROOT / "prompts",))


@cache
def standard(name: str) -> Plan:
    """Return the plan of a standard sheet, its questions named by their cues."""
    plan = standard_plan(_wording(), name, "", 20.0)
    named = (msgspec.structs.replace(question, id=question.cue) for question in plan.questions)
    return msgspec.structs.replace(plan, questions=tuple(named))


def _score(name: str, parts: Sequence[Part], spoil: Spoil, target_f1: float | None) -> Score:
    pairs: list[tuple[str, str, str]] = []
    trivial: list[tuple[float, bool, bool]] = []
    for part in parts:
        likeness = Likeness(part.plan, sentences())
        for line in part.lines:
            said, before = spoil(line.text), spoil(line.before) if line.before else ""
            whole = f"{before} {said}".strip()
            pairs.append((line.asked, _found(part.plan, likeness, said, before), whole))
            trivial.append(_trivial(part.plan, line.asked, whole))
    counts = _counts([(asked, found) for asked, found, _ in pairs])
    is_met = None
    target = ""
    if target_f1 is not None:
        target = f"F1 >= {target_f1:.2f}, precision >= {PRECISION:.2f}"
        is_met = counts.f1 >= target_f1 and counts.precision >= PRECISION
    missed = [
        f"{asked or 'nothing'} | {found or 'nothing'} | {said}"
        for asked, found, said in pairs
        if asked != found
    ]
    return Score(
        TASK,
        name,
        len(pairs),
        counts,
        target=target,
        is_met=is_met,
        baseline=_best(trivial),
        note="trivial is token_set_ratio at its best threshold; missed: asked | found | said",
        missed=tuple(missed),
    )


def _found(plan: Plan, likeness: Likeness, said: str, before: str) -> str:
    """Return the question that the shipped mind finds asked last, or nothing."""
    lines = [Heard(Channel.ME, 6.0, 9.5, before)] if before else []
    lines.append(Heard(Channel.ME, 10.0, 13.0, said))
    mind = Coverage(plan)
    asked = ""
    for n, heard in enumerate(lines):
        mind.feed(Entry(2 * n + 1, heard.end_s + 0.3, heard))
        understood = Understood(2 * n + 1, likeness.scores(heard, lines[:n]))
        found = mind.feed(Entry(2 * n + 2, heard.end_s + 0.4, understood))
        asked = next((f.question_id for f in found if isinstance(f, Asked)), asked)
    return asked


def _counts(pairs: Sequence[tuple[str, str]]) -> Counts:
    right = sum(bool(found) and asked == found for asked, found in pairs)
    return Counts(
        right,
        sum(bool(found) for _, found in pairs) - right,
        sum(bool(asked) for asked, _ in pairs) - right,
    )


def _trivial(plan: Plan, asked: str, said: str) -> tuple[float, bool, bool]:
    """Return the trivial way's best score, whether it is right, and whether there is a right."""
    rows = [(q.id, as_recognised(t)) for q in plan.questions for t in (q.text, *q.aliases)]
    texts = [text for _, text in rows]
    best = process.extractOne(as_recognised(said), texts, scorer=fuzz.token_set_ratio)
    return best[1], rows[best[2]][0] == asked, bool(asked)


def _best(trivial: Sequence[tuple[float, bool, bool]]) -> Counts:
    there = sum(is_there for _, _, is_there in trivial)
    every: list[Counts] = []
    for least in sorted({score for score, _, _ in trivial}):
        found = [is_right for score, is_right, _ in trivial if score >= least]
        every.append(Counts(sum(found), len(found) - sum(found), there - sum(found)))
    return max(every, key=lambda counts: counts.f1)


def _first(name: str, part: Part) -> Score:
    """Return how often the right one of a very long list is ranked first."""
    likeness = Likeness(part.plan, sentences())
    right = 0
    for line in part.lines:
        scores = likeness.scores(Heard(Channel.ME, 10.0, 13.0, line.text))
        right += next(iter(scores), "") == line.asked
    first = sum(_trivial(part.plan, line.asked, line.text)[1] for line in part.lines)
    note = f"token_set_ratio: {first / len(part.lines):.2f}"
    return Score(TASK, name, len(part.lines), right=right, note=note)


def _shaped(turns: Sequence[str]) -> Score:
    """Return how well a turn that asks is told by its shape, its points taken away."""
    utterances = utterances_of(_wording().phrases())
    pairs = [("?" in turn, utterances.is_question(as_recognised(turn))) for turn in turns]
    counts = Counts(
        sum(asks and found for asks, found in pairs),
        sum(found and not asks for asks, found in pairs),
        sum(asks and not found for asks, found in pairs),
    )
    asking = sum(asks for asks, _ in pairs)
    always = Counts(asking, len(pairs) - asking, 0)
    note = "does a turn of the host ask; trivial: every turn does"
    return Score(
        TASK, "founderstalk, shape of a question", len(pairs), counts, note=note, baseline=always
    )
