"""The parent's side of the ear: nothing twice, nothing lost, no silence taken for an answer."""

import queue
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from fake_ear import Script, Turn

from assistant.errors import ModelError
from assistant.events import Channel, Fact, Heard, SpeechEnded, SpeechStarted
from assistant.hearing.ears import WORKS, Care
from assistant.hearing.listening import Listening
from assistant.hearing.models import Choice
from assistant.hearing.patience import HUNG_S, LOAD_WITHIN_S
from assistant.hearing.retold import Retold
from assistant.parent import MOST_GARBAGE

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
        self.given_up: list[str] = []
        self.reads_on = threading.Event()
        self.reads_on.set()
        self._changed = threading.Condition()

    def be_told(self, sentence: str, gave_up: bool) -> None:
        if gave_up:
            self.given_up.append(sentence)
        self.troubles.put(sentence)

    def take(self, fact: Fact) -> None:
        with self._changed:
            self.facts.append(fact)
            self._changed.notify_all()
        self.reads_on.wait(SOON_S)

    def wait_for(self, *kinds: type[Fact]) -> None:
        with self._changed:
            assert self._changed.wait_for(
                lambda: [type(fact) for fact in self.facts] == list(kinds), SOON_S
            )

    def wait_for_some(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.facts, SOON_S)

    def texts(self) -> list[str]:
        return [fact.text for fact in self.facts if isinstance(fact, Heard)]

    def spoken_s(self) -> float:
        return sum(f.end_s - f.start_s for f in self.facts if isinstance(f, SpeechEnded))


def written(script: Script, folder: Path, name: str = "script") -> Path:
    path = folder / f"{name}.json"
    path.write_bytes(msgspec.json.encode(script))
    return path


@contextmanager
def listening(
    script: Script, folder: Path, *, heart: Heart | None = None, **more: object
) -> Generator[tuple[Listening, Heart]]:
    heart = heart or Heart()
    written(script, folder)
    ear = Listening(
        Choice("vosk", folder / "script.json", "a script", ""),
        {Channel.ME: folder / "me.s16"},
        lambda fact, _known_s: heart.take(fact),
        heart.be_told,
        module="fake_ear",
        works=heart.troubles.put,
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


def reborn(ear: Listening, before: int | None) -> int:
    """Wait for another ear than that one; return its process."""
    until_s = time.monotonic() + SOON_S
    while (pid := ear.pid) in (before, None):
        assert time.monotonic() < until_s
        threading.Event().wait(0.01)
    assert pid is not None
    return pid


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
    assert heart.troubles.get(timeout=SOON_S) == WORKS
    assert heart.troubles.empty()
    assert [type(fact) for fact in heart.facts] == KINDS


def test_an_ear_that_never_is_ready_again_is_started_once_more(tmp_path: Path):
    with listening(Script(TURNS, "dies before Heard", loads=True), tmp_path) as (ear, heart):
        heart.troubles.get(timeout=SOON_S)
        first, now_s = reborn(ear, None), 13.0
        while ear.pid in (first, None) and now_s < 100 * LOAD_WITHIN_S:
            pass_time(ear, now_s, 10.0)
            now_s += 10.0
            threading.Event().wait(0.01)
        assert reborn(ear, first)
        assert now_s >= LOAD_WITHIN_S
        assert heart.troubles.empty(), "the user was told once already"


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


SECOND = "another engine"


def engines(heart: Heart) -> list[str]:
    return [fact.engine for fact in heart.facts if isinstance(fact, Heard)]


def test_the_user_is_told_once_that_it_failed_and_once_that_it_works(tmp_path: Path):
    with listening(Script(TURNS, "dies before Heard"), tmp_path) as (ear, heart):
        assert "started again" in heart.troubles.get(timeout=SOON_S)
        assert heart.troubles.get(timeout=SOON_S) == WORKS
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert heart.troubles.empty()


def test_an_engine_that_is_given_up_leaves_the_call_to_another(tmp_path: Path):
    second = Choice("moonshine", written(Script(TURNS), tmp_path, "second"), SECOND, "")
    script = Script(TURNS, "dies before Heard", always=True)
    with listening(script, tmp_path, second=second) as (ear, heart):
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
        assert ear.is_heard_out()
        assert ear.failure is None
    assert [type(fact) for fact in heart.facts] == KINDS
    assert heart.texts() == ["so how", "did it all begin", "for you"]
    assert engines(heart)[0] == "a script"
    assert engines(heart)[-1] == SECOND
    assert not heart.given_up
    told = [heart.troubles.get_nowait() for _ in range(heart.troubles.qsize())]
    assert sum(f"{SECOND} hears on" in sentence for sentence in told) == 1
    assert told[-1] == WORKS


def test_when_both_engines_are_given_up_that_is_said_and_not_all_was_heard(tmp_path: Path):
    dying = Script(TURNS, "dies before Heard", always=True)
    second = Choice("moonshine", written(dying, tmp_path, "second"), SECOND, "")
    with listening(dying, tmp_path, second=second) as (ear, heart):
        assert ear.wait(SOON_S)
        assert not ear.is_heard_out()
        assert isinstance(ear.failure, ModelError)
        ear.finish({Channel.ME: 60.0})
        ear.check(100.0)
    assert len(heart.given_up) == 1
    assert SECOND in heart.given_up[0]
    assert heart.texts() == ["so how", "did it all begin"]
    assert ear.heard_to_s == {Channel.ME: 11.0}


def test_an_engine_that_crashes_at_the_start_leaves_it_to_the_other(tmp_path: Path):
    second = Choice("moonshine", written(Script(TURNS), tmp_path, "second"), SECOND, "")
    heart = Heart()
    broken = Choice("vosk", tmp_path / "there is no script", "a script", "")
    ear = Listening(
        broken, {Channel.ME: tmp_path / "me.s16"}, lambda fact, _: heart.take(fact), heart.be_told,
        module="fake_ear", second=second,
    )  # fmt: skip
    ear.start()
    ear.finish({Channel.ME: 60.0})
    assert ear.wait(SOON_S)
    ear.close()
    assert set(engines(heart)) == {SECOND}


def test_an_engine_that_crashes_at_the_start_without_another_is_told_at_once(tmp_path: Path):
    heart = Heart()
    broken = Choice("vosk", tmp_path / "there is no script", "a script", "")
    ear = Listening(
        broken, {Channel.ME: tmp_path / "me.s16"}, lambda fact, _: heart.take(fact), heart.be_told,
        module="fake_ear",
    )  # fmt: skip
    with pytest.raises(ModelError, match="ends while it loads: its model is damaged"):
        ear.start()
    assert heart.given_up == []


NONSENSE = (
    "no json",
    "[1]",
    "{}",
    '{"ear":"sings"}',
    '{"ear":"done"}',
    '{"ear":"at","channel":"me","s":1e300}',
    '{"ear":"at","channel":"me","s":-1}',
    '{"ear":"at","channel":"them","s":5}',
    '{"ear":"partial","channel":"nobody","text":"x"}',
    '{"ear":"partial","channel":"me","text":"\\u001b[31m"}',
    '{"known_s":1,"is":"CallEnded","reason":"because"}',
    '{"known_s":1,"is":"NoteTaken","text":"a note"}',
    '{"known_s":1,"is":"Heard","channel":"them","start_s":1,"end_s":2,"text":"x"}',
    '{"known_s":1,"is":"Heard","channel":"me","start_s":9,"end_s":2,"text":"x"}',
    '{"known_s":1,"is":"Heard","channel":"me","start_s":1e300,"end_s":1e301,"text":"x"}',
    '{"known_s":1,"is":"Heard","channel":"me","start_s":1,"end_s":2,"text":" "}',
    '{"known_s":NaN,"is":"Heard","channel":"me","start_s":1,"end_s":2,"text":"x"}',
    '{"known_s":1,"is":"SpeechEnded","channel":"me","start_s":-5,"end_s":2}',
    '{"ear":' * 3000,
)


def test_nonsense_changes_nothing(tmp_path: Path):
    # One more in a row, and it would be started again.
    script = Script(TURNS, raves=NONSENSE[: MOST_GARBAGE - 1])
    with listening(script, tmp_path, now_s=lambda: 60.0) as (ear, heart):
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert [type(fact) for fact in heart.facts] == KINDS
    assert heart.texts() == ["so how", "did it all begin", "for you"]
    assert heart.troubles.empty()


def test_an_ear_that_talks_nothing_but_nonsense_is_given_up(tmp_path: Path):
    second = Choice("moonshine", written(Script(TURNS), tmp_path, "second"), SECOND, "")
    script = Script(TURNS, raves=NONSENSE * 2)
    with listening(script, tmp_path, second=second, now_s=lambda: 60.0) as (ear, heart):
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert heart.texts() == ["so how", "did it all begin", "for you"]
    assert set(engines(heart)) == {SECOND}


def test_an_ear_that_is_done_too_early_is_not_believed(tmp_path: Path):
    with listening(Script(TURNS, hurries=True), tmp_path, end_s={Channel.ME: 60.0}) as (ear, heart):
        assert ear.wait(SOON_S)
        assert ear.is_heard_out()
    assert heart.texts() == ["so how", "did it all begin", "for you"]


def test_an_ear_that_leaks_is_started_again_and_nothing_is_lost(tmp_path: Path):
    script = Script(TURNS, leaks_bytes=2**30)
    with listening(script, tmp_path, care=Care(growth_bytes=2**25)) as (ear, heart):
        first = ear.pid
        now_s = 13.0
        while heart.troubles.empty():
            ear.check(now_s)
            now_s += 1.0
            threading.Event().wait(0.01)
        assert "more and more memory" in heart.troubles.get(timeout=SOON_S)
        assert reborn(ear, first)
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert heart.texts() == ["so how", "did it all begin", "for you"]


def test_an_ear_that_hangs_over_complete_files_is_found_by_real_time(tmp_path: Path):
    script = Script(TURNS, "hangs before Heard")
    with listening(script, tmp_path, end_s={Channel.ME: 60.0}, care=Care(hung_at_once_s=0.5)) as (
        ear,
        heart,
    ):
        assert "hung" in heart.troubles.get(timeout=SOON_S)
        assert ear.wait(SOON_S)
    assert [type(fact) for fact in heart.facts] == KINDS


def test_an_ear_that_hangs_when_the_call_is_over_is_found_by_real_time(tmp_path: Path):
    script = Script(TURNS, "hangs before Heard")
    with listening(script, tmp_path, care=Care(hung_at_once_s=0.5)) as (ear, heart):
        heart.wait_for(*KINDS[:-1])
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
        assert ear.is_heard_out()
    assert heart.texts() == ["so how", "did it all begin", "for you"]


def test_one_that_hangs_again_and_again_is_given_up(tmp_path: Path):
    script = Script(TURNS, "hangs before SpeechStarted", always=True)
    with listening(script, tmp_path, end_s={Channel.ME: 60.0}, care=Care(hung_at_once_s=0.2)) as (
        ear,
        heart,
    ):
        assert ear.wait(SOON_S)
        assert not ear.is_heard_out()
    assert len(heart.given_up) == 1


def test_hearing_begins_where_it_is_told_to(tmp_path: Path):
    with listening(Script(TURNS), tmp_path, known={Channel.ME: Retold(Channel.ME, 4.0)}) as (
        ear,
        heart,
    ):
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert heart.texts() == ["did it all begin", "for you"]


def test_what_is_forgotten_is_told_by_no_ear_and_no_fault_is_told(tmp_path: Path):
    with listening(Script(TURNS, "hangs before Heard"), tmp_path) as (ear, heart):
        heart.wait_for(*KINDS[:-1])
        pid = ear.pid
        ear.forget(4.0, 13.0)
        assert ear.partials == {}
        reborn(ear, pid)
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
        assert ear.is_heard_out()
    # "for you", which would have come next, was not told any more.
    assert heart.texts() == ["so how", "did it all begin"]
    assert heart.troubles.empty()


def test_what_an_ear_said_and_nobody_read_yet_is_told_no_more(tmp_path: Path):
    # More than a pipe holds: wherever the reading is, there is more.
    turns = tuple(Turn(float(n), ((n + 0.6, "so how"),)) for n in range(400))
    heart = Heart()
    heart.reads_on.clear()
    with listening(Script(turns, length_s=500.0), tmp_path, heart=heart) as (ear, _):
        heart.wait_for_some()
        pid = ear.pid
        forgetting = threading.Thread(target=lambda: ear.forget(0.0, 500.0))
        forgetting.start()
        heart.reads_on.set()
        forgetting.join(SOON_S)
        told = len(heart.facts)
        reborn(ear, pid)
        ear.finish({Channel.ME: 500.0})
        assert ear.wait(SOON_S)
    assert len(heart.facts) == told


def test_words_from_before_what_is_forgotten_are_still_heard(tmp_path: Path):
    turns = (Turn(2.0, ((3.0, "so how"),)), Turn(20.0, ((22.0, "and now"),)))
    with listening(Script(turns, "hangs before SpeechStarted"), tmp_path) as (ear, heart):
        heart.wait_for(*KINDS[:3])
        ear.forget(30.0, 40.0)
        ear.finish({Channel.ME: 60.0})
        assert ear.wait(SOON_S)
    assert heart.texts() == ["so how", "and now"]
