"""The parent's side of the ear: nothing twice, nothing lost, no silence taken for an answer."""

import queue
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from fake_ear import Script, Turn

from assistant.events import Channel, Fact, Heard, SpeechEnded, SpeechStarted
from assistant.hearing.listening import Listening
from assistant.hearing.models import Choice
from assistant.hearing.patience import HUNG_S, LOAD_WITHIN_S

pytestmark = pytest.mark.edge

SOON_S = 20.0
TURNS = (
    Turn(2.0, ((3.0, "so how"),)),
    Turn(5.0, ((11.0, "did it all begin"), (12.0, "for you"))),
)
KINDS = [SpeechStarted, SpeechEnded, Heard, SpeechStarted, Heard, SpeechEnded, Heard]


class Heart:
    """What was told, and when it is over."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.troubles: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._changed = threading.Condition()

    def take(self, fact: Fact) -> None:
        with self._changed:
            self.facts.append(fact)
            self._changed.notify_all()

    def wait_for(self, *kinds: type[Fact]) -> None:
        with self._changed:
            assert self._changed.wait_for(
                lambda: [type(fact) for fact in self.facts] == list(kinds), SOON_S
            )

    def texts(self) -> list[str]:
        return [fact.text for fact in self.facts if isinstance(fact, Heard)]

    def spoken_s(self) -> float:
        return sum(f.end_s - f.start_s for f in self.facts if isinstance(f, SpeechEnded))


@contextmanager
def listening(script: Script, folder: Path, **more: object) -> Generator[tuple[Listening, Heart]]:
    heart = Heart()
    (folder / "script.json").write_bytes(msgspec.json.encode(script))
    ear = Listening(
        Choice("vosk", folder / "script.json", "a script", ""),
        {Channel.ME: folder / "me.s16"},
        lambda fact, _known_s: heart.take(fact),
        lambda sentence, _gave_up: heart.troubles.put(sentence),
        module="fake_ear",
        **more,  # pyright: ignore[reportArgumentType]
    )
    try:
        ear.start()
        yield ear, heart
    finally:
        ear.close()


@pytest.fixture(autouse=True)
def findable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def pass_time(ear: Listening, from_s: float, for_s: float) -> None:
    for n in range(int(for_s) + 1):
        ear.check(from_s + n)


@pytest.mark.parametrize("fact", ["Heard", "SpeechEnded", "SpeechStarted"])
def test_an_ear_that_dies_is_not_noticed_in_what_was_heard(tmp_path: Path, fact: str):
    with listening(Script(TURNS, f"dies before {fact}"), tmp_path) as (ear, heart):
        assert "started again" in heart.troubles.get(timeout=SOON_S)
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert [type(fact) for fact in heart.facts] == KINDS
    assert heart.texts() == ["so how", "did it all begin", "for you"]
    assert heart.spoken_s() == pytest.approx(8.0, abs=0.1)


def test_an_ear_that_hangs_is_started_again_and_nothing_is_lost(tmp_path: Path):
    with listening(Script(TURNS, "hangs before Heard"), tmp_path) as (ear, heart):
        heart.wait_for(*KINDS[:-1])
        pass_time(ear, 13.0, HUNG_S + 1.0)
        assert "hung" in heart.troubles.get(timeout=SOON_S)
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert [type(fact) for fact in heart.facts] == KINDS
    assert heart.texts() == ["so how", "did it all begin", "for you"]


def test_what_an_ear_told_of_its_faults_is_kept(tmp_path: Path):
    log = tmp_path / "sottovoce.log"
    script = Script(TURNS, "dies before Heard")
    with listening(script, tmp_path, log=log) as (_, heart):
        heart.troubles.get(timeout=SOON_S)
    assert "the script says so" in log.read_text()


def test_an_ear_that_loads_is_given_more_time(tmp_path: Path):
    with listening(Script(TURNS, "dies before Heard", loads=True), tmp_path) as (ear, heart):
        heart.troubles.get(timeout=SOON_S)
        pass_time(ear, 13.0, 3 * HUNG_S)
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert heart.troubles.empty()
    assert [type(fact) for fact in heart.facts] == KINDS


def test_an_ear_that_never_is_ready_again_is_started_once_more(tmp_path: Path):
    with listening(Script(TURNS, "dies before Heard", loads=True), tmp_path) as (ear, heart):
        heart.troubles.get(timeout=SOON_S)
        now_s = 13.0
        # It can not be started again before it was.
        while heart.troubles.empty() and now_s < 100 * LOAD_WITHIN_S:
            pass_time(ear, now_s, 10.0)
            now_s += 10.0
            threading.Event().wait(0.01)
        assert "hung" in heart.troubles.get(timeout=SOON_S)
        assert now_s >= LOAD_WITHIN_S


def test_a_jump_of_time_is_not_held_against_it(tmp_path: Path):
    with listening(Script(TURNS), tmp_path) as (ear, heart):
        pid = ear.pid
        ear.check(10.0)
        ear.check(10.0 + 2 * LOAD_WITHIN_S)
        ear.check(11.0 + 2 * LOAD_WITHIN_S)
        assert ear.pid == pid
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert heart.troubles.empty()


def test_what_is_being_said_may_be_read_while_it_changes(tmp_path: Path):
    with listening(Script(TURNS), tmp_path) as (ear, _):
        shown = ear.partials
        shown[Channel.ME] = "changed"
        assert ear.partials.get(Channel.ME, "") != "changed"
