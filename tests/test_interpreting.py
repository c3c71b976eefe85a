"""Every line that was heard is understood once, whatever becomes of the process that does it."""

import os
import queue
import signal
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from scene import PLAN, by_words

from assistant.events import Channel, Heard, Understood
from assistant.understanding.embedding import embedded_model
from assistant.understanding.interpreting import BY_WORDS, WORKS, Interpreter, Patience
from assistant.understanding.meaning import Utterance, open_meaning

pytestmark = pytest.mark.model

ASKED = "what does a typical day look like for you"
WITHIN_S = 60.0
PATIENT = Patience(late_s=WITHIN_S)


class Told:
    """What an interpreter told, in order."""

    def __init__(self) -> None:
        self.understood: queue.SimpleQueue[Understood] = queue.SimpleQueue()
        self.troubles: queue.SimpleQueue[tuple[str, bool]] = queue.SimpleQueue()

    def trouble(self, sentence: str, gave_up: bool) -> None:
        self.troubles.put((sentence, gave_up))

    def works(self, sentence: str) -> None:
        self.troubles.put((sentence, False))

    def next(self) -> Understood:
        return self.understood.get(timeout=WITHIN_S)

    def next_trouble(self) -> tuple[str, bool]:
        return self.troubles.get(timeout=WITHIN_S)


def line(seq: int, text: str = ASKED) -> Utterance:
    return Utterance(seq, Heard(Channel.ME, 1.0, 3.0, text))


def wait_until(holds: Callable[[], object]) -> None:
    until_s = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < until_s
        os.sched_yield()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def real(told: Told) -> Iterator[Interpreter]:
    """Keep the real process with the real model."""
    interpreter = Interpreter(
        PLAN,
        embedded_model(),
        told.understood.put,
        told.trouble,
        on_works=told.works,
        patience=PATIENT,
    )
    interpreter.start()
    yield interpreter
    interpreter.close()


def pretending(folder: Path, told: Told, answer: str, patience: Patience = PATIENT) -> Interpreter:
    """Keep a process that is ready and then does this Python for each line."""
    source = f"""
        import json, os, time
        from assistant import child
        child.end_with_parent()
        lines = child.lines_in()
        next(lines)
        child.say(b'{{"interpreter": "ready"}}')
        for line in lines:
            asked = json.loads(line)
            seq = asked["utterance"]["seq"]
            meaning = {{"is": "Understood", "heard_seq": seq, "likeness": {{"typical-day": 0.123}}}}
            {answer}
    """
    (folder / "pretender.py").write_text(textwrap.dedent(source))
    interpreter = Interpreter(
        PLAN,
        folder / "model",
        told.understood.put,
        told.trouble,
        on_works=told.works,
        module="pretender",
        environ={"PYTHONPATH": str(folder)},
        patience=patience,
    )
    interpreter.start()
    return interpreter


ANSWERS = 'child.say(json.dumps({"id": asked["id"], "understood": meaning}).encode())'
PRETENDED = {"typical-day": 0.123}


def test_the_process_says_what_a_meaning_in_this_process_says(
    real: Interpreter, told: Told
) -> None:
    here = open_meaning(PLAN, embedded_model())
    before = (Heard(Channel.ME, 0.0, 0.8, "so tell me"),)
    for seq, text in enumerate((ASKED, "mhm", "is there any one else i should talk to"), 1):
        utterance = Utterance(seq, Heard(Channel.ME, 1.0, 3.0, text), before)
        real.ask(utterance)
        assert told.next() == here.understand(utterance)
    assert told.troubles.empty()


def test_a_killed_process_understands_again(real: Interpreter, told: Told) -> None:
    real.ask(line(1))
    assert told.next().heard_seq == 1
    assert real.pid is not None
    os.kill(real.pid, signal.SIGKILL)
    sentence, gave_up = told.next_trouble()
    assert sentence.endswith(BY_WORDS)
    assert not gave_up
    # What is asked meanwhile waits for the next life.
    real.ask(line(2))
    assert told.next().heard_seq == 2
    assert told.next_trouble() == (WORKS, False)


def test_what_is_not_answered_in_time_is_told_by_words_and_once(tmp_path: Path, told: Told) -> None:
    slow = pretending(tmp_path, told, f"time.sleep(0.5); {ANSWERS}", Patience(late_s=0.0))
    slow.ask(line(1))
    assert told.next() == by_words(PLAN)(line(1))
    slow.close(within_s=5.0)
    assert told.understood.empty()


def test_a_process_that_hangs_is_started_again(tmp_path: Path, told: Told) -> None:
    hangs = 'os.path.exists("once") or time.sleep(600)'
    quick = Patience(late_s=0.2, hangs_s=0.3)
    interpreter = pretending(tmp_path, told, hangs, quick)
    interpreter.ask(line(1))
    assert told.next().heard_seq == 1
    pid = interpreter.pid

    def is_noticed() -> bool:
        interpreter.check()
        return not told.troubles.empty()

    wait_until(is_noticed)
    assert "did not answer in time" in told.next_trouble()[0]
    wait_until(lambda: interpreter.pid not in (None, pid))
    interpreter.close()


def test_a_line_that_kills_the_process_is_told_by_words(tmp_path: Path, told: Told) -> None:
    interpreter = pretending(tmp_path, told, f"os._exit(3) if seq == 1 else None; {ANSWERS}")
    interpreter.ask(line(1))
    assert told.next() == by_words(PLAN)(line(1))
    assert told.next_trouble()[1] is False
    interpreter.ask(line(2))
    assert told.next().likeness == PRETENDED
    interpreter.close()


def test_a_process_that_keeps_dying_is_given_up_and_words_go_on(tmp_path: Path, told: Told) -> None:
    interpreter = pretending(tmp_path, told, "os._exit(3)")
    seqs = iter(range(1, 100))
    while not interpreter.is_by_words:
        seq = next(seqs)
        interpreter.ask(line(seq))
        assert told.next() == by_words(PLAN)(line(seq))
    while not (trouble := told.next_trouble())[1]:
        assert trouble == (WORKS, False) or "is started again" in trouble[0]
    assert "stays off" in trouble[0]
    interpreter.close()


def test_garbage_harms_nobody(tmp_path: Path, told: Told) -> None:
    others = 'child.say(b"[1, 2"); child.say(b\'{"id": 77, "understood": {"is": "Nothing"}}\');'
    wrong = 'child.say(json.dumps({"id": asked["id"] + 1, "understood": meaning}).encode());'
    interpreter = pretending(tmp_path, told, others + wrong + ANSWERS)
    interpreter.ask(line(41))
    assert told.next().likeness == PRETENDED
    interpreter.close()
    assert told.understood.empty()


def test_what_was_asked_before_a_forgetting_is_told_no_more(tmp_path: Path, told: Told) -> None:
    held = f'[time.sleep(0.01) for _ in range(2000) if not os.path.exists("{tmp_path}/go")];'
    interpreter = pretending(tmp_path, told, held + ANSWERS)
    interpreter.ask(line(1))
    interpreter.forget()
    interpreter.ask(line(2))
    (tmp_path / "go").touch()
    assert told.next().heard_seq == 2
    interpreter.close()
    assert told.understood.empty()


def test_without_a_model_there_is_no_process(told: Told) -> None:
    interpreter = Interpreter(PLAN, None, told.understood.put, told.trouble)
    interpreter.start()
    interpreter.ask(line(1))
    assert told.next() == by_words(PLAN)(line(1))
    assert interpreter.pid is None
    assert interpreter.is_by_words
    interpreter.close()
    assert told.troubles.empty()


def test_a_damaged_model_is_said_and_words_go_on(tmp_path: Path, told: Told) -> None:
    damaged = tmp_path / "model.onnx"
    damaged.write_bytes(b"no model at all")
    interpreter = Interpreter(PLAN, damaged, told.understood.put, told.trouble, patience=PATIENT)
    interpreter.start()
    sentence, gave_up = told.next_trouble()
    assert "not the model it should be" in sentence
    assert gave_up
    interpreter.ask(line(1))
    assert told.next().heard_seq == 1
    interpreter.close()


def test_a_process_that_leaks_is_started_again(tmp_path: Path, told: Told) -> None:
    leaks = f"kept = bytearray(b'x' * 2**20 * seq); {ANSWERS}"
    careful = replace(PATIENT, growth_bytes=8 * 2**20, looks_every_s=0.0)
    interpreter = pretending(tmp_path, told, leaks, careful)
    for seq in (1, 2, 3):
        interpreter.ask(line(seq))
        assert told.next().heard_seq == seq
        interpreter.check()
    assert told.troubles.empty()
    interpreter.ask(line(64))
    assert told.next().heard_seq == 64

    def is_noticed() -> bool:
        interpreter.check()
        return not told.troubles.empty()

    wait_until(is_noticed)
    assert "more and more memory" in told.next_trouble()[0]
    interpreter.close()


def test_an_end_leaves_no_process(real: Interpreter, told: Told) -> None:
    real.ask(line(1))
    told.next()
    pid = real.pid
    real.close()
    assert pid is not None
    assert not Path(f"/proc/{pid}").exists()
