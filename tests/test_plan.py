"""The frozen plan: what is known before a call."""

import msgspec
import pytest
from scene import PLAN

from assistant.plan import Dials, Plan, from_json, to_json

pytestmark = pytest.mark.unit


def test_a_plan_reads_back_as_itself() -> None:
    assert from_json(to_json(PLAN)) == PLAN
    assert from_json(to_json(Plan())) == Plan()


def test_a_plan_is_readable_as_a_file() -> None:
    text = to_json(PLAN)
    assert text.endswith(b"}\n")
    assert b'\n "minutes": 20.0,' in text


def test_a_plan_that_was_kept_before_a_dial_existed_gets_its_default() -> None:
    assert from_json(b'{"minutes":15,"dials":{"stall_s":5}}').dials == Dials(stall_s=5.0)


def test_the_length_is_in_seconds() -> None:
    assert Plan(minutes=17.5).length_s == 1050.0


def test_questions_are_found_by_their_id() -> None:
    question = PLAN.question("typical-day")
    assert question
    assert question.cue == "typical day"
    assert PLAN.question("no-such-question") is None


@pytest.mark.parametrize("text", [b"", b"[]", b'{"minutes":"many"}', b'{"questions":[{}]}'])
def test_what_is_no_plan_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_json(text)


def test_the_default_dials_agree_with_each_other() -> None:
    dials = Dials()
    assert dials.stall_s < dials.thinking_s <= dials.stall_cap_s < dials.dead_line_s
    assert dials.thinking_s * dials.hesitation_factor <= dials.stall_cap_s
    assert dials.maybe_at < dials.asked_at
    assert dials.silent_before_cue_s < dials.stall_s


def test_values_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        setattr(PLAN, "minutes", 5.0)  # noqa: B010
    assert msgspec.structs.replace(PLAN, minutes=5.0).length_s == 300.0
