"""The real model: near in meaning is near in numbers, and nothing but the known file is loaded."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.understanding.embedding import (
    BRANCHED,
    PLAIN,
    SIZE,
    WANTED,
    Embedder,
    embedded_model,
    open_embedder,
)
from assistant.understanding.wordpiece import token_numbers

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder(embedded_model())


def test_every_vector_has_length_one(embedder: Embedder) -> None:
    texts = [
        "",
        "mhm",
        "what does a typical day look like",
        "word " * 400,
        "\u4f60\u597d \U0001f600",
    ]
    vectors = embedder.vectors(texts)
    assert vectors.shape == (len(texts), SIZE)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    assert embedder.vectors([]).shape == (0, SIZE)


@pytest.mark.parametrize(
    ("asked", "same", "looks_alike"),
    [
        (
            "What does a typical day look like for you?",
            "describe your everyday work routine",
            "what does a typical duck look like to you",
        ),
        (
            "How did you get into this field?",
            "tell me about your career path",
            "how did the cow get into this field",
        ),
        (
            "What is the hardest part of your job?",
            "which challenges do you face at work",
            "what is the hardest part of a walnut",
        ),
        (
            "I have to leave now, I have another meeting.",
            "sorry, i need to run, my next call is starting",
            "i have to weave now, i have another loom",
        ),
    ],
)
def test_meaning_is_nearer_than_letters(
    embedder: Embedder, asked: str, same: str, looks_alike: str
) -> None:
    of_asked, of_same, of_alike = embedder.vectors([asked, same, looks_alike])
    assert float(of_asked @ of_same) > float(of_asked @ of_alike)


def test_a_text_has_the_same_vector_whatever_stands_beside_it(embedder: Embedder) -> None:
    alone = embedder.vectors(["who else should i talk to"])[0]
    beside = embedder.vectors(["mhm", "who else should i talk to", "so " * 60])[1]
    assert alone == pytest.approx(beside, abs=1e-5)


def test_the_branch_changes_nothing_of_what_the_model_says(embedder: Embedder) -> None:
    # Here, after the embedder, which tells it first to report nothing.
    import onnxruntime

    text, path = "so how did you end up doing this", embedded_model()
    assert path is not None
    alone = cast(Any, onnxruntime.InferenceSession(path))
    ids = np.array([token_numbers(text)], np.int64)
    feed = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
    (states,) = alone.run([PLAIN], feed)
    asked_for_first = open_embedder(path)
    asked_for_first.matched(text)
    for each in (embedder, asked_for_first):
        assert np.abs(each.states(text) - states[0]).max() < 1e-5


def test_the_branch_is_worked_out_only_where_it_is_wanted(embedder: Embedder) -> None:
    text = "so how did you end up doing this"
    embedder.matched(text)
    ids = np.array([token_numbers(text)], np.int64)
    feed = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
    run = embedder._session.run  # pyright: ignore[reportPrivateUsage]
    (wanted,) = run([BRANCHED], {**feed, WANTED: np.array(True)})
    (unwanted,) = run([BRANCHED], {**feed, WANTED: np.array(False)})
    assert wanted.shape == unwanted.shape
    # What stands in its place is what enters it.
    assert np.abs(wanted - unwanted).max() > 0.1


def test_a_text_is_seen_by_the_branch_piece_by_piece(embedder: Embedder) -> None:
    seen = embedder.matched("how did you start")
    assert seen.pieces.shape == (4, SIZE)
    assert np.linalg.norm(seen.vector) == pytest.approx(1.0, abs=1e-5)
    assert embedder.matched("").pieces.shape == (1, SIZE)


def test_a_missing_model_is_said_with_what_helps(tmp_path: Path) -> None:
    for path in (None, tmp_path / "model.onnx", tmp_path):
        with pytest.raises(ModelError) as caught:
            open_embedder(path)
        assert "sottovoce[embedded]" in caught.value.hint


def flipped(body: bytes) -> bytes:
    """Change one number among the weights: still a model, but another one."""
    at = len(body) // 2
    return body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]


def halved(body: bytes) -> bytes:
    return body[: len(body) // 2]


def emptied(_: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("damaged", [flipped, halved, emptied])
def test_a_damaged_model_is_not_loaded(tmp_path: Path, damaged: Callable[[bytes], bytes]) -> None:
    real = embedded_model()
    assert real is not None
    path = tmp_path / "model.onnx"
    path.write_bytes(damaged(real.read_bytes()))
    with pytest.raises(ModelError) as caught:
        open_embedder(path)
    assert str(path) in str(caught.value)
    assert "sottovoce[embedded]" in caught.value.hint


def test_the_model_needs_no_network_and_no_thread_of_its_own() -> None:
    command = [sys.executable, "-c", ALONE]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == ""
    assert done.stdout.split() == ["0", "more", "threads"]


ROOT = Path(__file__).parents[1]
ALONE = """
import os, sys

def refuse(event, args):
    if event.startswith("socket."):
        raise AssertionError("the network was asked")

sys.addaudithook(refuse)
import numpy, onnxruntime
from assistant.understanding.embedding import embedded_model, open_embedder
before = len(os.listdir("/proc/self/task"))
embedder = open_embedder(embedded_model())
embedder.vectors(["who else should i talk to"])
print(len(os.listdir("/proc/self/task")) - before, "more threads")
"""
