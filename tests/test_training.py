"""The heads that are shipped are what their lines make; lines for training and tests are apart."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from assistant.understanding.embedding import SHA256, embedded_model, open_embedder
from assistant.understanding.heads import FILE, HEADS, shipped
from assistant.understanding.training import (
    LINES,
    check_sum,
    head_of,
    lines_for,
    lines_of,
    to_json,
    words_alone,
)

pytestmark = pytest.mark.model

HINT = "run scripts/train_heads and commit heads.json"


def test_the_shipped_heads_are_made_from_these_lines_and_this_model() -> None:
    assert shipped().lines_sha256 == check_sum(), HINT
    assert shipped().model_sha256 == SHA256
    assert FILE.read_bytes() == to_json(shipped())


@pytest.mark.parametrize("lines", ["promise", "farewell", "job_ask", "asked"])
def test_a_changed_line_is_noticed(tmp_path: Path, lines: str) -> None:
    for path in LINES.glob("*.train.jsonl"):
        shutil.copy(path, tmp_path)
    assert check_sum(tmp_path) == check_sum()
    changed = tmp_path / f"{lines}.train.jsonl"
    changed.write_bytes(changed.read_bytes().replace(b"send", b"lend", 1))
    assert check_sum(tmp_path) != check_sum()


@pytest.mark.parametrize("head", sorted({*HEADS} - {"job_ask"}))
def test_the_weights_of_words_are_what_the_lines_make(head: str) -> None:
    # Those of `job_ask` are made in the same way, of so many lines that it takes minutes.
    made, there = words_alone(lines_for(head)), shipped().heads[head].alone
    assert made.bias == pytest.approx(there.bias, abs=0.02)
    assert made.words.keys() ^ there.words.keys() <= {
        gram for words in (made.words, there.words) for gram, w in words.items() if abs(w) < 0.1
    }
    assert all(
        made.words.get(gram, 0.08) == pytest.approx(weight, abs=0.1)
        for gram, weight in there.words.items()
    )


def test_what_interviewers_say_beside_their_questions_is_no_ask_for_a_job() -> None:
    beside = [line for line in lines_for("job_ask") if line.kind == "beside"]
    assert len(beside) > 3000
    assert not any(line.label for line in beside)
    assert not [line.text for line in beside if {"hiring", "vacancy"} & {*line.text.split()}]


def test_the_weights_of_a_vector_are_what_the_lines_and_the_model_make() -> None:
    made = head_of(lines_for("promise"), open_embedder(embedded_model()).vectors)
    there = shipped().heads["promise"]
    assert np.allclose(made.vector, there.vector, atol=0.05)
    assert made.words.bias == pytest.approx(there.words.bias, abs=0.05)


@pytest.mark.parametrize("head", HEADS)
def test_there_are_enough_lines_of_both_kinds_and_none_is_in_both_parts(head: str) -> None:
    train, test = lines_of(head, "train"), lines_of(head, "test")
    assert len(train) >= 250
    assert len(test) >= 100
    for lines in (train, test):
        # In a call they are seldom: a head may have more lines that are none.
        assert 0.25 <= sum(line.label for line in lines) / len(lines) <= 0.6
        assert len({line.text for line in lines}) == len(lines)
        assert all(line.text == line.text.lower() and line.kind for line in lines)
    assert not {line.text for line in lines_for(head)} & {line.text for line in test}
