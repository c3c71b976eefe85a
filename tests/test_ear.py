"""The ear as its parent meets it: real sound in, lines out, and every way to fail."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import jiwer
import msgspec
import numpy as np
import pytest
from ear_child import (
    OWN_WAVS,
    EarChild,
    Line,
    Pcm,
    facts,
    length_s,
    silence,
    spooled,
    texts,
    wav,
)

from assistant.events import Heard, SpeechEnded, SpeechStarted, fact_from_json
from assistant.hearing.spool import Spool

pytestmark = pytest.mark.model

DICKENS = """
    It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of
    foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the season of
    Light, it was the season of Darkness, it was the spring of hope, it was the winter of despair,
    we had everything before us, we had nothing before us, we were all going direct to Heaven, we
    were all going direct the other way - in short, the period was so far like the present period,
    that some of its noisiest authorities insisted on its being received, for good or for evil, in
    the superlative degree of comparison only.
"""


def word_errors(reference: str, text: str) -> float:
    """Return the word error rate, whatever the case and punctuation."""
    return jiwer.wer(_plain(reference), _plain(text))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z']+", text.lower()))


@pytest.fixture(scope="module")
def dickens() -> Pcm:
    return wav(OWN_WAVS / "two_cities.wav")


@pytest.fixture(scope="module")
def beckett() -> Pcm:
    return wav(OWN_WAVS / "beckett.wav")


def test_it_hears_human_speech(tmp_path: Path, dickens: Pcm):
    spool = tmp_path / "them.s16"
    end_s = spooled(spool, dickens)
    with EarChild({"them": spool}, end_s={"them": end_s}) as ear:
        lines = ear.rest()
        assert ear.exit_code() == 0
        assert ear.stderr() == b""
    assert lines[0] == {"ear": "ready"}
    assert lines[-1] == {"ear": "done"}
    assert word_errors(DICKENS, " ".join(texts(lines))) <= 0.12


def test_two_sides_are_heard_in_step_and_always_the_same(tmp_path: Path, beckett: Pcm):
    me, them = tmp_path / "me.s16", tmp_path / "them.s16"
    half = len(beckett) // 2
    end_s = spooled(me, beckett[:half], silence(length_s(beckett[half:])))
    spooled(them, silence(length_s(beckett[:half])), beckett[half:])

    def hear() -> list[Line]:
        orders = {"me": end_s, "them": end_s}
        with EarChild({"me": me, "them": them}, end_s=orders) as ear:
            return ear.rest()

    lines = hear()
    known_s = [line["known_s"] for line in lines if "known_s" in line]
    assert known_s == sorted(known_s)
    assert all(s == round(s, 3) for s in known_s)
    sides = [line["channel"] for line in facts(lines, "Heard")]
    assert sides == ["me"] * sides.count("me") + ["them"] * sides.count("them")
    assert {"me", "them"} == set(sides)
    assert hear() == lines


def test_its_facts_are_spelled_as_the_journal_spells_them(tmp_path: Path, beckett: Pcm):
    spool = tmp_path / "me.s16"
    end_s = spooled(spool, beckett[: 16000 * 3])
    with EarChild({"me": spool}, end_s={"me": end_s}) as ear:
        lines = [line for line in ear.rest() if "is" in line]
    read = [fact_from_json(msgspec.json.encode(line)) for line in lines]
    assert [type(fact) for fact in read[:3]] == [SpeechStarted, SpeechEnded, Heard]
    heard = read[2]
    assert isinstance(heard, Heard)
    assert heard.engine == "moonshine test"
    assert 0.3 < heard.start_s < heard.end_s < 3


def test_it_follows_a_growing_file_and_says_the_same(tmp_path: Path, beckett: Pcm):
    whole = tmp_path / "whole.s16"
    end_s = spooled(whole, beckett)
    with EarChild({"me": whole}, end_s={"me": end_s}) as ear:
        expected = facts(ear.rest(), "Heard")

    with EarChild({"me": tmp_path / "me.s16"}) as ear, Spool(tmp_path / "me.s16") as spool:
        ear.until(ear="ready")
        told: list[Line] = []
        # Half a word at a time; the rest is not there yet when the first words come.
        portions = [beckett[at : at + 3200] for at in range(0, len(beckett), 3200)]
        for portion in portions[: len(portions) // 2]:
            spool.append(portion.tobytes())
        told += ear.until(**{"is": "SpeechStarted"})
        ear.order(b"this is no order")
        ear.order(b'{"do":"dance"}')
        told += ear.until(**{"is": "Heard"})
        for portion in portions[len(portions) // 2 :]:
            spool.append(portion.tobytes())
        ear.finish({"me": end_s})
        told += ear.rest()
        assert ear.exit_code() == 0
    assert told[-1] == {"ear": "done"}
    assert facts(told, "Heard") == expected


def test_after_its_death_another_one_goes_on_where_it_was(tmp_path: Path, beckett: Pcm):
    spool = tmp_path / "me.s16"
    end_s = spooled(spool, beckett)
    with EarChild({"me": spool}, end_s={"me": end_s}) as ear:
        expected = texts(ear.rest())
    assert len(expected) > 3

    with EarChild({"me": spool}) as ear:
        before = ear.until(**{"is": "Heard"}) + ear.until(**{"is": "Heard"})
        ear.kill()
    from_s = facts(before, "Heard")[-1]["end_s"]
    with EarChild({"me": spool}, from_s={"me": from_s}) as ear:
        ear.finish({"me": end_s})
        after = ear.rest()
    assert all(heard["start_s"] >= from_s for heard in facts(after, "Heard"))
    assert word_errors(" ".join(expected), " ".join(texts(before) + texts(after))) <= 0.1


def test_what_is_being_said_at_the_end_is_heard_too(tmp_path: Path, dickens: Pcm):
    spool = tmp_path / "me.s16"
    end_s = spooled(spool, dickens[: 16000 * 4])
    with EarChild({"me": spool}) as ear:
        ear.until(**{"is": "SpeechStarted"})
        ear.finish({"me": end_s})
        lines = ear.rest()
    assert [line["known_s"] for line in facts(lines, "SpeechEnded")] == [end_s]
    assert "best of times" in " ".join(texts(lines))
    assert lines[-2:] == [{"ear": "at", "channel": "me", "s": end_s}, {"ear": "done"}]


def noise(length_s: float) -> Pcm:
    chance = np.random.default_rng(7)
    return (chance.standard_normal(round(16000 * length_s)) * 1500).astype(np.int16)


def clicks(length_s: float) -> Pcm:
    sound = silence(length_s)
    for at in range(4000, len(sound) - 200, 7000):
        sound[at : at + 160] = noise(0.01) * 6
    return sound


@pytest.mark.parametrize("sound", [silence, noise, clicks])
def test_where_nobody_speaks_there_are_no_words(tmp_path: Path, sound: Callable[[float], Pcm]):
    spool = tmp_path / "me.s16"
    end_s = spooled(spool, sound(20))
    with EarChild({"me": spool}, end_s={"me": end_s}) as ear:
        lines = ear.rest()
    assert facts(lines, "Heard") == []
    assert facts(lines, "SpeechStarted") == []


def test_a_spool_that_is_shorter_than_the_call_is_silent_at_its_end(tmp_path: Path, beckett: Pcm):
    spool = tmp_path / "me.s16"
    spooled(spool, beckett[: 16000 * 3])
    with EarChild({"me": spool}, end_s={"me": 6.0}) as ear:
        lines = ear.rest()
    assert len(texts(lines)) >= 1
    assert lines[-2] == {"ear": "at", "channel": "me", "s": 6.0}


def test_it_shows_that_it_lives_while_nobody_speaks(tmp_path: Path):
    with EarChild({"me": tmp_path / "me.s16"}) as ear, Spool(tmp_path / "me.s16") as spool:
        ear.until(ear="waiting")
        spool.append(silence(3.2).tobytes())
        lines = [ear.until(ear="at")[-1] for _ in range(3)]
        ear.until(ear="waiting")
    assert [line["s"] for line in lines] == sorted(line["s"] for line in lines)


def test_a_fault_of_its_own_is_told_as_code_not_as_words(tmp_path: Path):
    greeting = {"engine": "moonshine", "model": "", "label": "test", "spools": {"me": "dana\0ruiz"}}
    with EarChild({}, greeting=msgspec.json.encode(greeting)) as ear:
        assert ear.rest() == [{"ear": "ready"}]
        assert ear.exit_code() == 1
        told = ear.stderr().decode()
    assert "ValueError" in told
    assert "assistant/hearing/windows.py" in told
    assert "null" not in told
    assert "dana" not in told


def test_it_ends_with_its_parent(tmp_path: Path):
    with EarChild({"me": tmp_path / "me.s16"}) as ear:
        ear.until(ear="ready")
        ear.hang_up()
        assert ear.rest() == []
        assert ear.exit_code() == 0


def nothing(model_dir: Path) -> None:
    """Leave the place empty."""


def junk(model_dir: Path) -> None:
    model_dir.mkdir()
    (model_dir / "notes.txt").write_text("no model")


def encoder_cut_short(model_dir: Path) -> None:
    shutil.copytree(OWN_WAVS / "tiny-en", model_dir)
    os.truncate(model_dir / "encoder_model.ort", 1000)


@pytest.mark.parametrize(
    ("engine", "make"),
    [
        ("vosk", nothing),
        ("vosk", junk),
        ("moonshine", nothing),
        ("moonshine", junk),
        ("moonshine", encoder_cut_short),
    ],
)
def test_a_model_that_is_no_good_is_told_in_a_sentence(
    tmp_path: Path, engine: str, make: Callable[[Path], None]
):
    make(tmp_path / "model")
    with EarChild({"me": tmp_path / "me.s16"}, engine=engine, model=str(tmp_path / "model")) as ear:
        (line,) = ear.rest()
        assert ear.exit_code() == 5
        assert ear.stderr() == b""
    assert line["ear"] == "failed"
    assert line["exit_code"] == 5
    assert str(tmp_path / "model") in line["error"]
    assert line["error"].endswith(".")
    assert line["hint"]


def test_sound_that_is_not_there_is_told(tmp_path: Path):
    with EarChild({"me": tmp_path / "nowhere.s16"}, end_s={"me": 5.0}) as ear:
        (line,) = ear.rest()
    assert line["ear"] == "failed"
    assert line["exit_code"] == 7


def test_a_greeting_that_says_nothing_is_told():
    with EarChild({}, greeting=b"hello") as ear:
        (line,) = ear.rest()
        assert ear.stderr() == b""
    assert line["ear"] == "failed"
