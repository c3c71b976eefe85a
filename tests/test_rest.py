"""Complete sound heard to its end, whatever becomes of the ear meanwhile."""

from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from fake_ear import Script, Turn

from assistant.errors import ModelError
from assistant.events import Channel, Heard
from assistant.hearing.models import Choice
from assistant.hearing.rest import Timed, hear
from assistant.hearing.retold import Retold

pytestmark = pytest.mark.edge

ME = Channel.ME
END_S = 60.0
TURNS = (Turn(2.0, ((3.0, "so how"),)), Turn(5.0, ((11.0, "did it begin"), (12.0, "for you"))))


@pytest.fixture(autouse=True)
def findable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def choice(script: Script, folder: Path) -> Choice:
    path = folder / "script.json"
    path.write_bytes(msgspec.json.encode(script))
    return Choice("vosk", path, "a script", "")


def heard(
    script: Script, folder: Path, told: Retold | None = None
) -> tuple[list[Timed], list[float]]:
    """Hear a script; return its facts, and how far it was told to be each time."""
    progress: list[float] = []
    facts = hear(
        choice(script, folder),
        {ME: folder / "me.s16"},
        {ME: END_S},
        {} if told is None else {ME: told},
        lambda at_s, _of_s: progress.append(at_s),
        module="fake_ear",
    )
    return list(facts), progress


def texts(facts: list[Timed]) -> list[str]:
    return [fact.text for _, fact in facts if isinstance(fact, Heard)]


@pytest.mark.parametrize("dies", ["", "dies before Heard", "dies before SpeechStarted"])
def test_all_is_heard_once_and_the_progress_goes_on(tmp_path: Path, dies: str) -> None:
    facts, progress = heard(Script(TURNS, dies), tmp_path)
    assert texts(facts) == ["so how", "did it begin", "for you"]
    assert all(before <= after for before, after in pairwise(progress))
    assert len(progress) == len(facts)


def test_what_was_told_is_not_heard_again(tmp_path: Path) -> None:
    facts, _ = heard(Script(TURNS), tmp_path, Retold(ME, 11.0))
    assert texts(facts) == ["for you"]


def test_an_ear_that_dies_again_and_again_is_an_error_and_what_it_heard_stands(
    tmp_path: Path,
) -> None:
    facts: list[Timed] = []
    script = Script(TURNS, "dies before Heard", always=True)
    ear = choice(script, tmp_path)
    with pytest.raises(ModelError, match="stays off"):
        facts.extend(hear(ear, {ME: tmp_path / "me.s16"}, {ME: END_S}, module="fake_ear"))
    assert texts(facts) == ["so how", "did it begin"]


def test_where_there_is_another_engine_it_hears_on(tmp_path: Path) -> None:
    first = choice(Script(TURNS, "dies before Heard", always=True), tmp_path)
    (tmp_path / "second.json").write_bytes(msgspec.json.encode(Script(TURNS)))
    second = Choice("moonshine", tmp_path / "second.json", "another engine", "")
    sounds, ends_s = {ME: tmp_path / "me.s16"}, {ME: END_S}
    facts = list(hear(first, sounds, ends_s, second=second, module="fake_ear"))
    assert texts(facts) == ["so how", "did it begin", "for you"]
