"""What a friend would keep of each scripted interview: labels that point at what was really said.

Whether the notes of the program agree with them, `scripts/bench notes` says.
"""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from golden import OURS, read_call

pytestmark = pytest.mark.unit

NAMES = sorted(path.parent.name for path in OURS.glob("*/notes.jsonl"))
HEARD = sorted(path.parent.name for path in OURS.glob("*/heard.jsonl"))
COURTESIES = [
    "introduced",
    "thanked",
    "asked whom else",
    "asked to keep in touch",
    "asked what was missed",
    "ended on time",
]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(row) for row in path.read_text("utf-8").splitlines()]


def labels(name: str, kind: str) -> list[dict[str, Any]]:
    return [row for row in rows(OURS / name / "notes.jsonl") if row["kind"] == kind]


@pytest.mark.parametrize("name", NAMES)
def test_every_label_points_at_lines_of_the_call(name: str) -> None:
    lines = rows(OURS / name / "transcript.jsonl")
    starts, ends = ({line[at] for line in lines} for at in ("start_s", "end_s"))
    for row in rows(OURS / name / "notes.jsonl"):
        cited = [*row.get("at_s", []), *row.get("best", []), *row.get("left_open", [])]
        assert starts.issuperset(cited), row
        for start_s, end_s in row.get("answer", []):
            assert start_s < end_s, row
            assert start_s in starts, row
            assert end_s in ends, row


@pytest.mark.parametrize("name", NAMES)
def test_every_prepared_question_was_asked_or_touched_or_is_open(name: str) -> None:
    judged = Counter(
        row["question"] for kind in ("asked", "touched", "open") for row in labels(name, kind)
    )
    prepared = [q.id for q in read_call(OURS / name).plan.questions if q.id != "thank-them"]
    assert judged == Counter(prepared)


@pytest.mark.parametrize("name", NAMES)
def test_a_date_is_a_day_on_or_after_the_call_and_was_said(name: str) -> None:
    said = {line["start_s"]: line["text"] for line in rows(OURS / name / "transcript.jsonl")}
    called = date.fromisoformat(read_call(OURS / name).plan.starts[:10])
    for row in labels(name, "promise"):
        assert row["due"] == "" or date.fromisoformat(row["due"]) >= called
        assert row["heard"] in " ".join(said[at_s] for at_s in row["at_s"]).lower()


@pytest.mark.parametrize("name", NAMES)
def test_each_courtesy_is_judged_once(name: str) -> None:
    assert [row["which"] for row in labels(name, "courtesy")] == COURTESIES


@pytest.mark.parametrize("name", HEARD)
def test_what_an_engine_heard_keeps_the_sides_and_times_of_what_was_said(name: str) -> None:
    said, heard = (
        [(line["channel"], line["start_s"], line["end_s"]) for line in rows(OURS / name / file)]
        for file in ("transcript.jsonl", "heard.jsonl")
    )
    assert len(heard) >= 0.9 * len(said)
    assert [line for line in said if line in set(heard)] == heard
