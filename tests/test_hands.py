"""The hands of a call, looked after together."""

import os
import queue
import signal
import threading
import time
from pathlib import Path
from typing import cast

import msgspec
import pytest
from fake_ear import Script, Turn

from assistant.events import Channel, Fact
from assistant.hands import Hands
from assistant.hearing.capture import Capture
from assistant.hearing.listening import Listening
from assistant.hearing.models import Choice
from assistant.hearing.patience import HUNG_S
from assistant.hearing.spool import Spool
from assistant.plan import Dials, Plan
from assistant.speaking.murmur import Murmur
from assistant.speaking.saying import Care, Voice
from assistant.speaking.speakable import DEFAULT
from assistant.understanding.interpreting import Interpreter

pytestmark = pytest.mark.model

WITHIN_S = 30.0


class Clock:
    """The part of a capture that tells the time: it goes on by a second with each look."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def now_s(self) -> float:
        self.at_s += 1.0
        return self.at_s


def quiet_interpreter() -> Interpreter:
    """Return one of which nothing is asked."""
    return Interpreter(Plan(), None, lambda _: None, lambda _sentence, _gave_up: None)


def test_an_ear_and_a_voice_that_hang_are_found_by_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    script = tmp_path / "script.json"
    turns = (Turn(2.0, ((3.0, "so how"),)),)
    script.write_bytes(msgspec.json.encode(Script(turns, "hangs before Heard")))
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    facts: queue.SimpleQueue[Fact] = queue.SimpleQueue()
    listening = Listening(
        Choice("vosk", script, "a script", ""),
        {Channel.ME: tmp_path / "me.s16"},
        lambda fact, _known_s: facts.put(fact),
        lambda _sentence, _gave_up: told.put("ear"),
        module="fake_ear",
    )
    voice = Voice(DEFAULT, 165, lambda _sentence, _gave_up: told.put("voice"), care=Care(0.2, 0.2))
    capture = cast(Capture, Clock())
    murmur = Murmur(None, None, capture.now_s, lambda: None, facts.put, Dials())
    hands = Hands({}, capture, listening, voice, None, murmur, quiet_interpreter(), {}, ())
    voice.start()
    listening.start()
    assert voice.say("ready", WITHIN_S)
    assert voice.pid is not None
    os.kill(voice.pid, signal.SIGSTOP)
    failed: set[str] = set()
    deadline_s = time.monotonic() + WITHIN_S
    while failed != {"ear", "voice"} and time.monotonic() < deadline_s:
        hands.look()
        threading.Event().wait(0.02)
        failed |= {told.get_nowait() for _ in range(told.qsize())}
    voice.close()
    listening.close()
    murmur.close()
    assert failed == {"ear", "voice"}
    assert capture.now_s() > HUNG_S


class SlowDisk:
    """The part of a capture that is asked at the end: what waited for the disk is written then."""

    def __init__(self) -> None:
        self.at_s = 3.0

    def now_s(self) -> float:
        return self.at_s

    def close(self) -> None:
        self.at_s = 5.0


def test_the_end_is_heard_of_sound_that_had_to_wait_for_the_disk(tmp_path: Path) -> None:
    capture = cast(Capture, SlowDisk())
    listening = Listening(
        Choice("vosk", tmp_path, "none", ""),
        {Channel.ME: tmp_path / "me.s16"},
        lambda _fact, _known_s: None,
        lambda _sentence, _gave_up: None,
        module="fake_ear",
    )
    murmur = Murmur(None, None, capture.now_s, lambda: None, lambda _: None, Dials())
    interpreter = quiet_interpreter()
    with Spool(tmp_path / "me.s16") as spool:
        hands = Hands(
            {Channel.ME: spool}, capture, listening, None, None, murmur, interpreter, {}, ()
        )
        hands.stop_capture()
        listening.close()
    assert listening.end_s == {Channel.ME: 5.0}
    assert hands.now_s() == 5.0
