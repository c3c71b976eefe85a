"""The sample interview: its text, its truth, its sound and its sheet belong together."""

import json
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from assistant.events import Channel
from assistant.hearing.transcript import Line, read_transcript
from assistant.plan import Plan
from assistant.settings import texts
from assistant.sheet import read_sheet
from assistant.wording import Wording

pytestmark = pytest.mark.edge

SAMPLE = Path(__file__).parents[1] / "scripts" / "sample"
LOUD_DBFS = -30.0
SILENT_DBFS = -55.0
SIDES = (Channel.ME, Channel.THEM)
Sound = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return read_transcript(SAMPLE / "interview.jsonl")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_sheet(SAMPLE / "sheet.md", Wording("en", [texts("prompts")]))


@pytest.fixture(scope="module")
def sound() -> tuple[Sound, int]:
    read = cast("Any", soundfile).read
    samples, rate_hz = read(SAMPLE / "interview.ogg", dtype="float32", always_2d=True)
    return samples, rate_hz


def turns() -> list[dict[str, Any]]:
    return tomllib.loads((SAMPLE / "interview.toml").read_text("utf-8"))["turn"]


def level_db(samples: Sound) -> float:
    return float(10 * np.log10(np.mean(samples**2) + 1e-12))


def text_of(lines: list[Line], channel: Channel) -> str:
    return " ".join(line.text for line in lines if line.channel is channel).lower()


def only(lines: list[Line], words: str) -> Line:
    (found,) = [line for line in lines if words in line.text.lower()]
    return found


def test_the_truth_is_what_the_interview_says(lines: list[Line]) -> None:
    said = {
        side: [text for turn in turns() if turn["who"] == side for text in turn["lines"]]
        for side in SIDES
    }
    told = {side: [line.text for line in lines if line.channel is side] for side in SIDES}
    assert told == said


def test_the_truth_is_in_the_order_of_time_and_nobody_overlaps_themselves(
    lines: list[Line],
) -> None:
    assert [line.start_s for line in lines] == sorted(line.start_s for line in lines)
    assert all(line.start_s < line.end_s for line in lines)
    for side in SIDES:
        own = [line for line in lines if line.channel is side]
        assert all(a.end_s <= b.start_s for a, b in pairwise(own))


def test_the_truth_spells_each_line_as_a_transcript_does() -> None:
    for row in (SAMPLE / "interview.jsonl").read_text("utf-8").splitlines():
        keys = list(cast("dict[str, object]", json.loads(row)))
        assert keys == [field.name for field in msgspec.structs.fields(Line)]


def test_the_sound_is_as_long_as_its_truth_and_small(
    lines: list[Line], sound: tuple[Sound, int]
) -> None:
    samples, rate_hz = sound
    length_s = len(samples) / rate_hz
    assert samples.shape[1] == len(SIDES)
    assert 180.0 <= length_s <= 240.0
    assert 0.5 <= length_s - lines[-1].end_s <= 3.0
    assert (SAMPLE / "interview.ogg").stat().st_size < 800_000


def test_the_sound_is_not_clipped(sound: tuple[Sound, int]) -> None:
    samples, _ = sound
    assert float(np.abs(samples).max()) < 0.98


def test_each_line_is_loud_on_its_own_side(lines: list[Line], sound: tuple[Sound, int]) -> None:
    samples, rate_hz = sound
    for line in lines:
        stretch = samples[int(line.start_s * rate_hz) : int(line.end_s * rate_hz)]
        assert level_db(stretch[:, SIDES.index(line.channel)]) > LOUD_DBFS, line.text


def test_each_side_is_silent_where_only_the_other_speaks(
    lines: list[Line], sound: tuple[Sound, int]
) -> None:
    samples, rate_hz = sound
    for column, side in enumerate(SIDES):
        quiet = np.ones(len(samples), bool)
        for line in lines:
            if line.channel is side:
                # The coder smears a little around a line's ends.
                span = slice(
                    max(0, int((line.start_s - 0.1) * rate_hz)), int((line.end_s + 0.1) * rate_hz)
                )
                quiet[span] = False
        assert level_db(samples[quiet, column]) < SILENT_DBFS


def test_one_silence_is_long_enough_for_a_stall_a_murmur_and_a_reaction(
    lines: list[Line], plan: Plan
) -> None:
    ends_s = [max(line.end_s for line in lines[: i + 1]) for i in range(len(lines))]
    silences = [(b.start_s - end_s, b) for end_s, b in zip(ends_s, lines[1:], strict=False)]
    longest_s, after = max(silences, key=lambda silence: silence[0])
    assert plan.dials.stall_s + 3.0 <= longest_s <= plan.dials.stall_cue_lives_s
    assert after.text == "What does a typical day look like for you?"
    assert sum(gap_s > plan.dials.stall_s + 2.0 for gap_s, _ in silences) == 1


def test_two_questions_are_asked_in_other_words_and_one_is_not_asked(
    lines: list[Line], plan: Plan
) -> None:
    mine = text_of(lines, Channel.ME)
    worded = [question.text.lower().rstrip("?") for question in plan.questions]
    in_other_words = ("get started", "most challenging")
    assert [sum(part in text for text in worded) for part in in_other_words] == [1, 1]
    assert not any(part in mine for part in in_other_words)
    assert "what path brought you" in mine
    assert "which part of the work is the hardest" in mine
    assert "how is the field changing" in worded
    assert "chang" not in mine


def test_both_sides_promise_something_with_a_date(lines: list[Line]) -> None:
    assert only(lines, "by friday").channel is Channel.THEM
    assert only(lines, "by next tuesday").channel is Channel.ME


def test_marks_and_a_wish_to_end_are_said_by_the_right_side(lines: list[Line], plan: Plan) -> None:
    assert only(lines, "let me write that down").channel is Channel.ME
    assert only(lines, "note to self").channel is Channel.ME
    leaving, asking = only(lines, "another meeting"), only(lines, "anyone else i should talk to")
    assert leaving.channel is Channel.THEM
    assert asking.channel is Channel.ME
    assert leaving.end_s < asking.start_s
    assert any(phrase in leaving.text.lower() for phrase in plan.phrases.farewell)


def test_half_time_and_the_last_minute_come_in_its_course(lines: list[Line], plan: Plan) -> None:
    last_minute_s = plan.length_s - 60.0
    assert plan.length_s / 2 < last_minute_s < lines[-1].start_s
    assert lines[-1].end_s < plan.length_s
