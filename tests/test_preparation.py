"""A prepared question that asks for a job is told of; how people are hired is a fine question."""

from pathlib import Path

import msgspec
import pytest

from assistant.plan import Plan, Question
from assistant.settings import texts
from assistant.sheet import parse_sheet
from assistant.understanding.embedding import embedded_model
from assistant.understanding.preparation import asking_for_a_job
from assistant.wording import Wording

pytestmark = pytest.mark.model

WORDING = Wording("en", (Path(texts("prompts")),))
ASKS = (
    "Would you hire me?",
    "Could you refer me for the opening on your team?",
    "Is there a job for me at your company?",
)
FINE = (
    "How does hiring work where you are?",
    "What do you look for when you hire somebody?",
    "How did you get your job?",
    "Who else should I talk to?",
    "Could you look at my resume?",
    "Could you introduce me to a colleague?",
)


def plan_of(*questions: str) -> Plan:
    asked = tuple(Question(str(n), text) for n, text in enumerate(questions))
    return Plan(questions=asked, phrases=WORDING.phrases())


@pytest.mark.parametrize("has_model", [True, False])
def test_questions_that_ask_for_a_job_are_found_and_others_are_fine(has_model: bool) -> None:
    model = embedded_model() if has_model else None
    found = asking_for_a_job(plan_of(*ASKS, *FINE), model)
    assert tuple(question.text for question in found) == ASKS


@pytest.mark.parametrize("path", sorted(Path(texts("prompts")).glob("en/sheets/*.md")), ids=str)
def test_no_standard_sheet_asks_for_a_job(path: Path) -> None:
    plan = parse_sheet(path.read_text("utf-8"), WORDING, path.name)
    assert asking_for_a_job(plan, embedded_model()) == ()


def test_a_broken_model_leaves_the_words(tmp_path: Path) -> None:
    broken = tmp_path / "model.onnx"
    broken.write_bytes(b"none")
    assert [q.text for q in asking_for_a_job(plan_of(ASKS[0], FINE[0]), broken)] == [ASKS[0]]


def test_how_likely_it_must_be_is_a_dial() -> None:
    plan = plan_of("Could you employ me one day?")
    dials = msgspec.structs.replace(plan.dials, job_ask_at=1.1)
    assert asking_for_a_job(msgspec.structs.replace(plan, dials=dials), None) == ()
