"""What can be proven of a call before it starts, where no device is needed."""

from pathlib import Path

import pytest
from model_server import MODEL, ModelServer, free_port, text

from assistant.plan import Plan, Question
from assistant.readiness import cues, disk, language_model
from assistant.settings import Places, Polish, Settings

pytestmark = pytest.mark.edge


def test_a_home_that_is_not_there_yet_can_be_written_and_is_left_alone(tmp_path: Path) -> None:
    proof = disk(Plan(), Places(tmp_path / "deep" / "home"))
    assert proof.good
    assert proof.values["path"] == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_can_not_be_written_is_told_in_words() -> None:
    # Nobody can make a file there, not even root.
    proof = disk(Plan(), Places(Path("/proc/home")))
    assert (proof.good, proof.exit_code) == (False, 7)
    assert proof.sentence.startswith("Nothing can be written in /proc: ")
    assert "SOTTOVOCE_HOME" in proof.sentence


def test_a_language_model_is_asked_for_its_name_and_for_nothing_else() -> None:
    with ModelServer(text("")) as server:
        proof = language_model(Settings(polish=Polish(url=server.url)))
        assert [(asked.path, asked.body) for asked in server.asked] == [("/v1/models", {})]
    assert (proof.good, proof.key, proof.values["model"]) == (True, "polish_good", MODEL)


@pytest.mark.parametrize("url", ["http://203.0.113.7/v1", "", "nowhere"])
def test_a_language_model_that_may_not_be_asked_is_no_fault_of_a_call(url: str) -> None:
    gone = url or f"http://localhost:{free_port()}/v1"
    proof = language_model(Settings(polish=Polish(url=gone)))
    assert (proof.good, proof.key, proof.exit_code) == (True, "polish_not", 0)
    assert proof.values["why"]


def test_a_sheet_says_what_its_questions_would_be_murmured_as() -> None:
    plan = Plan(
        questions=(
            Question("start", "How did you start?", cue="the start"),
            Question("loaves", "Are many loaves left over in the evening, and why?"),
            Question("thank", "Thank you.", thanks=True),
        )
    )
    proof = cues(plan)
    assert proof.values["cues"] == "the start; Are many loaves left over"
    assert (cues(Plan()).good, cues(Plan()).key) == (True, "cues_none")
