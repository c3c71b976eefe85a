"""Moonshine for real, and what is done against its weaknesses."""

import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from ear_child import OWN_WAVS, wav

from assistant.errors import ModelError
from assistant.hearing.moonshine import open_moonshine, spread, without_loops
from assistant.hearing.recogniser import Recogniser

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def engine() -> Recogniser:
    return open_moonshine()()


def said(engine: Recogniser) -> str:
    return " ".join(word.text for word in engine.finish())


def test_it_keeps_the_pieces_of_a_call_apart(engine: Recogniser):
    play = wav(OWN_WAVS / "beckett.wav").tobytes()
    engine.accept(play)
    first = said(engine)
    assert "try again" in first.lower()
    assert engine.finish() == ()
    engine.accept(play)
    assert said(engine) == first


def test_its_words_are_spread_over_their_piece(engine: Recogniser):
    play = wav(OWN_WAVS / "beckett.wav")[: 16000 * 5]
    engine.accept(play.tobytes())
    words = engine.finish()
    assert words[0].start_s == 0.0
    assert words[-1].end_s == pytest.approx(5.0)  # pyright: ignore[reportUnknownMemberType]
    assert all(a.end_s == b.start_s for a, b in pairwise(words))
    assert {word.confidence for word in words} == {1.0}


def test_a_pause_changes_no_words(engine: Recogniser):
    play = wav(OWN_WAVS / "beckett.wav").tobytes()
    engine.accept(play)
    plain = said(engine)
    engine.accept(play[: len(play) // 4 * 2])
    engine.pause()
    engine.accept(play[len(play) // 4 * 2 :])
    engine.pause()
    assert said(engine) == plain


@pytest.mark.parametrize(
    ("text", "length_s", "left"),
    [
        ("so tho tho tho tho tho tho tho", 1.0, "so tho"),
        ("it was the age of wisdom. " * 3, 5.0, "it was the age of wisdom."),
        ("make a little bit of a little bit of a little bit of a", 2.0, "make a little bit of"),
        ("well, I think so. I think so. I think so. Yes.", 4.0, "well, I think so. Yes."),
    ],
)
def test_a_decoder_that_loops_is_cut_to_one_time(text: str, length_s: float, left: str):
    assert " ".join(without_loops(text.split(), length_s)) == left


@pytest.mark.parametrize(
    ("text", "length_s"),
    [
        ("", 1.0),
        ("no no no no no no", 3.0),
        ("very very good", 0.5),
        ("do you hear me? do you hear me? yes.", 3.0),
        ("it was the best of times, it was the worst of times, it was the age of wisdom", 4.0),
    ],
)
def test_what_people_do_repeat_stays(text: str, length_s: float):
    assert without_loops(text.split(), length_s) == text.split()


def test_no_words_need_no_time():
    assert spread([], 3.0) == ()


def test_a_model_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ModelError, match="no Moonshine model") as told:
        open_moonshine(tmp_path / "nowhere")
    assert told.value.hint


@pytest.mark.parametrize("part", ["encoder_model.ort", "tokenizer.bin"])
def test_a_model_of_which_a_part_is_missing_is_told(tmp_path: Path, part: str):
    model_dir = tmp_path / "tiny-en"
    shutil.copytree(OWN_WAVS / "tiny-en", model_dir)
    (model_dir / part).unlink()
    with pytest.raises(ModelError, match="damaged") as told:
        open_moonshine(model_dir)
    assert "Install" in told.value.hint
