"""The voice: real words from the real child, and every way in which it can fail."""

import os
import queue
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.events import Cue, CueEnded, Entry, Fact
from assistant.plan import Dials
from assistant.speaking.murmur import Murmur
from assistant.speaking.samples import Samples, from_pcm
from assistant.speaking.saying import CACHE_S, WORKS, Care, Voice
from assistant.speaking.speakable import (
    DEFAULT,
    LONGEST_TEXT,
    clean,
    estimated_length_s,
    voices_for,
)
from assistant.speaking.synthesis import Synthesiser

pytestmark = pytest.mark.model

CUES = ("ask: typical day", "five left, two must-asks", "thank them", "ask who else to talk to")


class Troubles:
    """What was said about the voice, in order."""

    def __init__(self) -> None:
        self._told: queue.Queue[tuple[str, bool]] = queue.Queue()

    def __call__(self, sentence: str, gave_up: bool) -> None:
        self._told.put((sentence, gave_up))

    def works(self, sentence: str) -> None:
        self._told.put((sentence, False))

    def next(self) -> tuple[str, bool]:
        return self._told.get(timeout=10)

    def none(self) -> bool:
        return self._told.empty()


@pytest.fixture
def troubles() -> Troubles:
    return Troubles()


@pytest.fixture
def voice(troubles: Troubles) -> Iterator[Voice]:
    voice = Voice(DEFAULT, 165, troubles, on_works=troubles.works)
    voice.start()
    assert voice.say("ready", 10.0)
    yield voice
    voice.close()
    assert voice.pid is None


def under_400_hz(samples: Samples) -> float:
    """Return the part of the energy under 400 Hz: smaller for a whisper."""
    power = np.abs(np.fft.rfft(samples.sound)) ** 2
    return float(power[: round(400 * samples.length_s)].sum() / power.sum())


def test_words_become_a_whisper_of_their_length(voice: Voice, troubles: Troubles) -> None:
    for text in CUES:
        said = voice.say(text)
        assert said is not None
        assert 0.5 < said.length_s < 3.0
        assert said.peak > 0.1
        assert voice.length_s(text) == said.length_s
        assert estimated_length_s(text) == pytest.approx(said.length_s, abs=0.3)
    assert troubles.none()


def test_the_default_voice_whispers(voice: Voice, troubles: Troubles) -> None:
    plain = Voice("gmw/en-us", 165, troubles)
    plain.start()
    for text in CUES[:2]:
        soft, loud = voice.say(text), plain.say(text, 10.0)
        assert soft
        assert loud
        assert under_400_hz(soft) < under_400_hz(loud)
        assert soft.voice_db < loud.voice_db - 1.0
    plain.close()


def test_the_same_words_sound_the_same(voice: Voice) -> None:
    first = voice.say("ask about the team")
    again = Synthesiser([DEFAULT], 165).render("ask about the team", 5.0)
    assert first is not None
    assert first.length_s == pytest.approx(from_pcm(again[1], again[0]).trimmed().length_s, abs=0.1)


def test_a_faster_voice_is_shorter(voice: Voice, troubles: Troubles) -> None:
    fast = Voice(DEFAULT, 300, troubles)
    fast.start()
    assert fast.length_s(CUES[0]) < 0.75 * voice.length_s(CUES[0])
    fast.close()


def test_a_hundred_texts_in_a_row_all_sound(voice: Voice) -> None:
    lengths_s = [voice.length_s(f"question number {n}") for n in range(100)]
    assert min(lengths_s) > 0.5
    assert max(lengths_s) < 3.0


@pytest.mark.parametrize(
    "text",
    [
        "say \"hi\" & 'bye'",
        '<speak>hello<break time="60s"/> there</speak>',
        "a\x00b\x07c\x1b[31m\r\n",
        "why < 4 > 3 & so",
        "words " * 2000,
        "x" * 10_000,
        "na\u0308ive \u202eright to left\u200b",
        "[[phonemes]] {and} braces",
        "$(touch nothing); `ls`",
    ],
    ids=range(9),
)
def test_any_text_is_spoken_within_bounds(voice: Voice, troubles: Troubles, text: str) -> None:
    said = voice.say(text)
    assert said is not None
    assert 0.2 < said.length_s < 30.0
    assert troubles.none()


@pytest.mark.parametrize("text", ["", "   ", "...", "<speak></speak>", "\x00\x01", "\U0001f642"])
def test_text_without_a_sound_is_none_at_once(voice: Voice, text: str) -> None:
    assert voice.say(text) is None
    assert voice.length_s(text) == 0.0


def test_what_is_prepared_is_there_at_once(voice: Voice) -> None:
    voice.prepare(CUES)
    assert voice.prepared(10.0)
    assert voice.pid is not None
    os.kill(voice.pid, signal.SIGSTOP)
    assert all(voice.say(text, 0.0) for text in CUES)


def test_a_killed_voice_speaks_again(voice: Voice, troubles: Troubles) -> None:
    assert voice.pid is not None
    os.kill(voice.pid, signal.SIGKILL)
    assert voice.say("after a death", 10.0) is not None
    assert troubles.next()[1] is False


def test_a_hung_voice_is_killed_and_the_next_cue_works(voice: Voice, troubles: Troubles) -> None:
    pid = voice.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    began_s = time.monotonic()
    assert voice.say("into the void") is None
    assert time.monotonic() - began_s < 2.5
    assert troubles.next() == ("The voice is started again: it did not answer in time.", False)
    assert voice.say("out of it", 10.0) is not None
    assert voice.pid != pid


def test_nobody_waits_longer_than_they_said(voice: Voice) -> None:
    assert voice.pid is not None
    os.kill(voice.pid, signal.SIGSTOP)
    began_s = time.monotonic()
    assert voice.say("no time", 0.2) is None
    assert voice.say("no time", 0.2) is None
    assert time.monotonic() - began_s < 1.0


def test_an_unknown_voice_gives_way_and_that_is_said(troubles: Troubles) -> None:
    voice = Voice("xx/nobody", 165, troubles)
    voice.start()
    assert voice.say("still here", 10.0) is not None
    sentence, gave_up = troubles.next()
    assert "'xx/nobody'" in sentence
    assert not gave_up
    voice.close()


def test_the_words_never_reach_the_disk(voice: Voice) -> None:
    assert voice.pid is not None
    files = [str(link.readlink()) for link in Path(f"/proc/{voice.pid}/fd").iterdir()]
    assert not [name for name in files if name.endswith(".wav")]


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en", DEFAULT),
        ("en-US", DEFAULT),
        ("", DEFAULT),
        ("de", "de+whisper"),
        ("pt-BR", "pt-br+whisper"),
        ("zh", "cmn+whisper"),
        ("no", "nb+whisper"),
        ("en_GB", "en-gb-x-rp+whisper"),
    ],
)
def test_the_default_voice_speaks_the_language_of_the_call(language: str, first: str) -> None:
    voices = voices_for(DEFAULT, language)
    assert voices[0] == first
    assert DEFAULT in voices
    assert Synthesiser(voices[:1], 165).voice == first


def test_a_chosen_voice_comes_first_in_every_language() -> None:
    assert voices_for("gmw/en+f3", "de") == ("gmw/en+f3", "de+whisper", DEFAULT)


def test_a_long_text_is_cut_between_words() -> None:
    cut = clean("word " * 1000)
    assert len(cut) <= LONGEST_TEXT
    assert cut.endswith("word")


def pretending(folder: Path, troubles: Troubles, answer: str, care: Care | None = None) -> Voice:
    """Keep a voice that is ready and then answers each line with this Python."""
    source = f"""
        import base64, json, os, time
        from assistant import child
        child.end_with_parent()
        lines = child.lines_in()
        next(lines)
        child.say(json.dumps({{"voice": "ready", "name": "{DEFAULT}"}}).encode())
        for line in lines:
            asked = json.loads(line)["id"]
            {answer}
    """
    (folder / "pretender.py").write_text(textwrap.dedent(source))
    voice = Voice(
        DEFAULT, 165, troubles, on_works=troubles.works, care=care,
        module="pretender", environ={"PYTHONPATH": str(folder)},
    )  # fmt: skip
    voice.start()
    return voice


def test_silence_is_a_failure(tmp_path: Path, troubles: Troubles) -> None:
    quiet = 'child.say(json.dumps({"id": asked, "rate_hz": 22050, "pcm": "AAAA" * 9000}).encode())'
    voice = pretending(tmp_path, troubles, quiet)
    assert voice.say("say something", 10.0) is None
    assert troubles.next() == ("The voice is started again: it came out silent.", False)
    voice.close()


SOUND = """
            pcm = base64.b64encode(b"\\x00\\x40" * {frames}).decode()
            child.say(json.dumps({{"id": asked, "rate_hz": 22050, "pcm": pcm}}).encode())
"""


def sound(length_s: float) -> str:
    return SOUND.format(frames=round(22050 * length_s))


def test_a_success_without_the_words_is_a_failure(tmp_path: Path, troubles: Troubles) -> None:
    # So pyttsx3 was seen to be done: after 0.07 s, without an error.
    voice = pretending(tmp_path, troubles, sound(0.07))
    assert voice.say("ask: what does a typical day look like", 10.0) is None
    assert troubles.next() == ("The voice is started again: it came out silent.", False)
    voice.close()


@pytest.mark.parametrize("length_s", [0.5, 3.0])
def test_words_that_are_quick_or_slow_are_words(
    tmp_path: Path, troubles: Troubles, length_s: float
) -> None:
    voice = pretending(tmp_path, troubles, sound(length_s))
    assert voice.say("ask: what does a typical day look like", 10.0)
    assert troubles.none()
    voice.close()


@pytest.mark.parametrize(
    "answer",
    [
        'child.say(b"no json")',
        'child.say(b\'{"id":%d,"rate_hz":1e9,"pcm":"AAAA"}\' % asked)',
        'child.say(b\'{"id":%d,"rate_hz":1,"pcm":"%s"}\' % (asked, b\'AEAA\' * 9000))',
        'child.say(b\'{"id":%d,"rate_hz":22050,"pcm":"AAA="}\' % (asked + 99))',
        'child.say(b\'{"id":%d,"pcm":7}\' % asked)',
        "child.say(b'{' * 5000)",
        "os.write(1, os.urandom(100_000))",
    ],
    ids=range(7),
)
def test_a_voice_that_answers_garbage_costs_a_cue_at_most(
    tmp_path: Path, troubles: Troubles, answer: str
) -> None:
    first = f"if b'first' not in line:\n                {answer}\n                continue\n"
    voice = pretending(tmp_path, troubles, first + sound(1.0))
    assert voice.say("first words", 10.0)
    assert voice.say("say something", 0.3) is None
    assert not voice.gave_up
    voice.close()


def test_a_voice_that_hangs_while_nobody_needs_it_is_found(
    tmp_path: Path, troubles: Troubles
) -> None:
    voice = pretending(tmp_path, troubles, "time.sleep(60)", Care(0.2, 0.2))
    assert look_until(voice, troubles) == (
        "The voice is started again: it did not answer in time.",
        False,
    )
    voice.close()


def test_a_voice_that_is_there_is_left_alone(troubles: Troubles) -> None:
    voice = Voice(DEFAULT, 165, troubles, care=Care(0.1, 5.0))
    voice.start()
    assert voice.say("here", 10.0)
    pid, until_s = voice.pid, time.monotonic() + 1.5
    while time.monotonic() < until_s:
        voice.check()
        threading.Event().wait(0.05)
    assert voice.pid == pid
    assert troubles.none()
    assert voice.say("still here")
    voice.close()


def test_a_voice_that_leaks_is_started_again(tmp_path: Path, troubles: Troubles) -> None:
    leak = 'leak = bytearray(b"x" * (2**26 if b"leak" in line else 0))' + sound(1.0)
    voice = pretending(tmp_path, troubles, leak, Care(0.1, 10.0, 2**25))
    assert voice.say("first", 10.0)
    voice.check()
    assert voice.say("leak", 10.0)
    assert look_until(voice, troubles) == (
        "The voice is started again: it took more and more memory.",
        False,
    )
    assert voice.say("leaks no more", 10.0)
    voice.close()


def look_until(voice: Voice, troubles: Troubles) -> tuple[str, bool]:
    """Look after a voice until something is told."""
    until_s = time.monotonic() + 30.0
    while troubles.none():
        assert time.monotonic() < until_s
        voice.check()
        threading.Event().wait(0.02)
    return troubles.next()


def test_that_it_failed_is_told_once_and_that_it_works_again(
    voice: Voice, troubles: Troubles
) -> None:
    for _ in range(2):
        pid = voice.pid
        assert pid is not None
        os.kill(pid, signal.SIGSEGV)
        assert voice.say(f"after {pid}", 10.0)
        assert "signal 11" in troubles.next()[0]
        assert troubles.next() == (WORKS, False)
    assert troubles.none()


def test_words_that_can_not_be_said_end_nothing(tmp_path: Path, troubles: Troubles) -> None:
    voice = pretending(
        tmp_path, troubles, 'child.say(json.dumps({"id": asked, "error": "no"}).encode())'
    )
    assert [voice.say(f"word {n}", 10.0) for n in range(6)] == [None] * 6
    assert troubles.none()
    assert not voice.gave_up
    voice.close()


def test_a_voice_that_dies_of_words_is_not_asked_forever(
    tmp_path: Path, troubles: Troubles
) -> None:
    voice = pretending(tmp_path, troubles, "os._exit(9)")
    assert voice.say("the deadly word", 10.0) is None
    assert not voice.gave_up
    voice.close()


def test_a_voice_that_keeps_dying_is_given_up(tmp_path: Path, troubles: Troubles) -> None:
    (tmp_path / "pretender.py").write_text("raise SystemExit(3)")
    voice = Voice(DEFAULT, 165, troubles, module="pretender", environ={"PYTHONPATH": str(tmp_path)})
    voice.start()
    began_s = time.monotonic()
    assert voice.say("anybody", 20.0) is None
    assert time.monotonic() - began_s < 15.0
    assert voice.gave_up
    while not troubles.next()[1]:
        pass
    assert voice.say("anybody") is None
    assert voice.length_s("ask: pay") == estimated_length_s("ask: pay")
    voice.close()


def test_a_voice_that_can_not_load_says_why_and_is_given_up(
    tmp_path: Path, troubles: Troubles
) -> None:
    source = """
        from assistant import child
        child.end_with_parent()
        next(child.lines_in())
        child.say(b'{"voice":"failed","error":"No voice could be loaded: no espeak."}')
    """
    (tmp_path / "pretender.py").write_text(textwrap.dedent(source))
    voice = Voice(DEFAULT, 165, troubles, module="pretender", environ={"PYTHONPATH": str(tmp_path)})
    voice.start()
    assert voice.say("anybody", 10.0) is None
    assert troubles.next() == ("No voice could be loaded: no espeak.", True)
    assert voice.gave_up
    voice.close()


def test_the_cache_is_bounded(tmp_path: Path, troubles: Troubles) -> None:
    minute = (
        'child.say(json.dumps({"id": asked, "rate_hz": 100, "pcm": base64.b64encode('
        'b"\\x00\\x40" * 6000).decode()}).encode())'
    )
    voice = pretending(tmp_path, troubles, minute)
    for n in range(10):
        assert voice.say(f"text {n}", 10.0)
    kept = [voice.say(f"text {n}", 0.0) is not None for n in range(10)]
    assert sum(kept) == int(CACHE_S / 60)
    assert kept[-1]
    voice.close()


def test_an_engine_that_goes_silent_is_an_error() -> None:
    synthesiser = Synthesiser([DEFAULT], 165)
    with pytest.raises(ModelError, match="silent"):
        synthesiser.render(" ", 5.0)


def test_a_render_that_takes_too_long_is_an_error() -> None:
    # In a process of its own, because none may go on after this. The words take seconds to
    # render, and a slow machine may hand back from the engine late: it must not be done by then.
    script = f"""
import os
from assistant.speaking.synthesis import Synthesiser
voice = Synthesiser(["{DEFAULT}"], 80)
try:
    voice.render("ask about pay and the day. " * 1000, 0.0)
except TimeoutError:
    print("too long", flush=True)
    os.kill(os.getpid(), 9)
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=False, timeout=30, capture_output=True)
    assert done.stdout.endswith(b"too long\n")


@dataclass
class Headset:
    """Plays each sound when the test says so."""

    played: "queue.SimpleQueue[Samples]" = field(default_factory=queue.SimpleQueue[Samples])
    ends: Callable[[float, bool], None] = lambda _in_s, _whole: None

    def play(
        self,
        samples: Samples,
        on_started: Callable[[float], None],
        on_ended: Callable[[float, bool], None],
    ) -> bool:
        self.ends = on_ended
        on_started(0.0)
        self.played.put(samples)
        return True

    def cut(self) -> None:
        self.ends(0.0, False)


def test_of_a_hundred_cues_at_once_one_is_spoken_and_the_rest_expire(voice: Voice) -> None:
    told: queue.SimpleQueue[Fact] = queue.SimpleQueue()
    headset = Headset()
    murmur = Murmur(voice, headset, lambda: 10.0, lambda: -20.0, told.put, Dials())
    for seq in range(1, 101):
        cue = Cue("question", f"ask: number {seq}", None, "silent for 4 s", 22.0)
        murmur.take(Entry(seq, 10.0, cue))
    assert headset.played.get(timeout=10).length_s > 0.5
    headset.ends(0.0, True)
    facts = [told.get(timeout=10) for _ in range(101)]
    endings = [fact.how for fact in facts if isinstance(fact, CueEnded)]
    assert sorted(endings) == ["expired"] * 99 + ["spoken"]
    assert headset.played.empty()
    murmur.close()
