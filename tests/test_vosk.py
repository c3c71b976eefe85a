"""Vosk for real: a Korean model, Korean speech, damaged models."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from ear_child import EarChild, Line, facts, silence, spooled, texts
from korean import MODEL, PHRASES, say

from assistant.errors import ModelError
from assistant.hearing.vosk import open_vosk

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> list[Line]:
    """All the phrases, one after the other, through the ear."""
    spool = tmp_path_factory.mktemp("call") / "them.s16"
    sounds = [sound for phrase in PHRASES for sound in (silence(1), say(phrase))]
    end_s = spooled(spool, *sounds, silence(1))
    with EarChild(
        {"them": spool}, engine="vosk", model=str(MODEL), phrases=PHRASES, end_s={"them": end_s}
    ) as ear:
        return ear.rest()


def test_it_hears_what_was_said(call: list[Line]):
    assert texts(call) == list(PHRASES)


def test_every_word_has_its_own_time(call: list[Line]):
    for heard in facts(call, "Heard"):
        times_s = [s for word in heard["words"] for s in (word["start_s"], word["end_s"])]
        assert times_s == sorted(times_s)
        assert heard["start_s"] <= times_s[0] < times_s[-1] <= heard["end_s"]
        assert all(0 < word["confidence"] <= 1 for word in heard["words"])
        assert " ".join(word["text"] for word in heard["words"]) == heard["text"]


def test_times_stay_true_from_piece_to_piece():
    engine = open_vosk(MODEL, PHRASES)()
    spans_s: list[tuple[float, float]] = []
    sound = b"".join(s.tobytes() for s in (silence(0.5), say("전화 번호"), silence(0.5)))
    for _ in range(3):
        for at in range(0, len(sound), 6144):
            engine.accept(sound[at : at + 6144])
        words = engine.finish()
        spans_s.append((round(words[0].start_s, 2), round(words[-1].end_s, 2)))
    assert len(set(spans_s)) == 1
    assert 0.3 < spans_s[0][0] < 0.8


def test_a_model_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ModelError, match="no Vosk model") as told:
        open_vosk(tmp_path / "nowhere")
    assert "models list" in told.value.hint


def test_any_other_directory_is_told(tmp_path: Path):
    (tmp_path / "holiday.jpg").write_bytes(b"beach")
    with pytest.raises(ModelError, match="not a Vosk model"):
        open_vosk(tmp_path)


def _empty(path: Path) -> None:
    path.unlink()
    path.touch()


def _cut_short(path: Path) -> None:
    content = path.read_bytes()[:1000]
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("part", "harm"),
    [
        ("am/final.mdl", _cut_short),
        ("graph/HCLr.fst", _cut_short),
        ("graph/Gr.fst", Path.unlink),
        ("ivector/final.ie", Path.unlink),
        ("conf/model.conf", _empty),
        ("ivector/splice.conf", _empty),
    ],
)
def test_a_damaged_model_is_told_whatever_part_it_is(
    tmp_path: Path, part: str, harm: Callable[[Path], None]
):
    model_dir = tmp_path / "model"
    shutil.copytree(MODEL, model_dir, copy_function=os.symlink)
    harm(model_dir / part)
    with pytest.raises(ModelError, match="damaged") as told:
        open_vosk(model_dir)
    assert "models pull" in told.value.hint
