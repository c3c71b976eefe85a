"""The names and terms of a sheet: put right where they were misheard, left alone where not.

A line holds what was heard and, in brackets, what it should be: "ask [dana ruse|Dana Ruiz]".
It is right when the whole line is; a wrong repair is a line that says another name or lost an
ordinary word. The trivial way repairs nothing. `by hand` lines were written as recognisers write;
`voice` lines are what the shipped engine made of a synthetic voice, which is harder than people.
In the talk of others no sheet name is said, so every repair there is wrong.
"""

import re
from collections import defaultdict
from pathlib import Path

import msgspec

from assistant.events import Channel, Heard
from assistant.plan import Person, Phrases, Plan
from assistant.understanding.spelling import Speller
from assistant.wording import Wording
from understanding.plain_talk import SENTENCES, part_lines, sentences_of, test_lines
from understanding.score import Counts, Score

REPAIRED = 0.90
WRONG = 0.01

_MISHEARD = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")
_MARKS = re.compile(r"[^\w' ]")


class _Line(msgspec.Struct, frozen=True):
    """A sheet (`sheet` is its name), or a line that was heard in a call with that sheet."""

    sheet: str = ""
    person: str = ""
    people: tuple[tuple[str, str], ...] = ()
    terms: tuple[str, ...] = ()
    of: str = msgspec.field(default="", name="in")
    part: str = ""
    line: str = ""


def measure(data: Path | None) -> list[Score]:
    """Score our own test part, or count the repairs in the talk of others."""
    if data is None:
        return [*_part("test", ""), *_part("third", ", other names")]
    return [_talk(data, _spellers(test_lines("names", _Line)))]


def _part(part: str, which: str) -> list[Score]:
    lines = part_lines("names", part, _Line)
    return _scores([line for line in lines if line.of], _spellers(lines), which)


def _spellers(lines: list[_Line]) -> dict[str, Speller]:
    phrases = Wording("en", (Path(__file__).resolve().parents[3] / "prompts",)).phrases()
    return {line.sheet: Speller(_plan(line, phrases)) for line in lines if line.sheet}


def _plan(line: _Line, phrases: Phrases) -> Plan:
    people = tuple(Person(name, about) for name, about in line.people)
    return Plan(person=line.person, people=people, terms=line.terms, phrases=phrases)


def _scores(lines: list[_Line], spellers: dict[str, Speller], which: str) -> list[Score]:
    by_part: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        by_part[line.part].append(line)
    return [
        _misheard(f"by hand{which}", by_part["misheard"], spellers),
        _misheard(f"voice{which}", by_part["voice"], spellers),
        _ordinary(f"ours, ordinary{which}", by_part["ordinary"], spellers),
    ]


def _misheard(part: str, lines: list[_Line], spellers: dict[str, Speller]) -> Score:
    right = already = wrong = 0
    missed: list[str] = []
    for line in lines:
        heard, meant = _MISHEARD.sub(r"\1", line.line), _MISHEARD.sub(r"\2", line.line)
        got = _put_right(heard, spellers[line.of])
        already += _plain(heard) == _plain(meant)
        right += _plain(got) == _plain(meant)
        if _plain(got) != _plain(meant):
            wrong += got != heard
            missed.append(f"{line.line!r}: {'left' if got == heard else got!r}")
    n = len(lines)
    return Score(
        "names",
        part,
        n,
        found=Counts(right, wrong, n - right),
        target=f">= {REPAIRED} repaired" if part.startswith("by hand") else "",
        is_met=right >= REPAIRED * n if part.startswith("by hand") else None,
        baseline=Counts(already, 0, n - already),
        note="fp: a repair that is not what was said; the trivial way repairs nothing",
        missed=tuple(missed),
    )


def _ordinary(part: str, lines: list[_Line], spellers: dict[str, Speller]) -> Score:
    got = [(line, _put_right(line.line, spellers[line.of])) for line in lines]
    wrong = [(line, text) for line, text in got if text != line.line]
    return Score(
        "names",
        part,
        len(lines),
        right=len(lines) - len(wrong),
        target=f"<= {WRONG:.0%} wrong repairs",
        is_met=len(wrong) <= WRONG * len(lines),
        note="lines that look alike and hold no name of the sheet: they should stay",
        missed=tuple(f"{line.line!r}: {text!r}" for line, text in wrong),
    )


def _talk(data: Path, spellers: dict[str, Speller]) -> Score:
    said = sentences_of(data)
    tried = [(text, list(spellers.values())[at % len(spellers)]) for at, text in enumerate(said)]
    wrong = [(text, got) for text, speller in tried if (got := _put_right(text, speller)) != text]
    return Score(
        "names",
        "talk of others",
        len(said),
        rate=SENTENCES * len(wrong) / len(said) if said else 0.0,
        target=f"<= {WRONG * SENTENCES:.0f} wrong per {SENTENCES} sentences",
        is_met=len(wrong) <= WRONG * len(said),
        note="every sentence with one of the test part's sheets in turn",
        missed=tuple(f"{text!r}: {got!r}" for text, got in wrong),
    )


def _put_right(text: str, speller: Speller) -> str:
    return speller.put_right(Heard(Channel.THEM, 0.0, 1.0, text)).text


def _plain(text: str) -> str:
    return " ".join(_MARKS.sub(" ", text.casefold().replace("-", " ")).split())
