"""The kinds of questions, and what matches: very different words, one question."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from understanding import kinds_fit, match_lines

from assistant.understanding import asking, kinds, matching
from assistant.understanding.embedding import (
    BRANCH_NAME,
    SHA256,
    Sentence,
    embedded_model,
    open_embedder,
)
from assistant.understanding.kinds import Kinds, kinds_of_questions
from assistant.understanding.nearness import Nearness
from assistant.understanding.sentences import Sentences
from assistant.understanding.training import LINES

HINT = "run scripts/train_asked and commit kinds.npz and asked.json"
HINT_MATCHING = "run scripts/train_matching, ship_vectors and train_asked, and commit their files"


@pytest.mark.model
def test_what_is_shipped_is_made_from_these_lines_and_this_model() -> None:
    assert kinds.shipped().lines_sha256 == kinds_fit.check_sum(), HINT
    assert kinds.shipped().model_sha256 == SHA256
    assert matching.shipped().lines_sha256 == match_lines.check_sum(), HINT_MATCHING
    assert matching.shipped().model_sha256 == SHA256
    branch = matching.FILE.with_name(BRANCH_NAME).read_bytes()
    assert matching.shipped().branch_sha256 == hashlib.sha256(branch).hexdigest()
    assert asking.shipped().branch_sha256 == matching.shipped().branch_sha256, HINT_MATCHING


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("how come you ended up doing this for a living", "career path"),
        ("is it a living wage then what they pay you", "salary and pay"),
        ("the names of two more folk i could ring would be grand", "who else to talk to"),
    ],
)
def test_a_question_is_known_by_its_kind_in_words_that_nobody_wrote_before(
    text: str, kind: str
) -> None:
    assert text not in (LINES / "kinds.train.jsonl").read_text(encoding="utf-8")
    of, vectors = kinds.shipped(), open_embedder(embedded_model()).vectors([text])
    probable = of.of(vectors)[0]
    assert (*of.names, "none")[int(probable.argmax())] == kind
    assert probable.sum() == pytest.approx(1.0)


def test_a_line_of_a_kind_that_nobody_prepared_is_elsewhere() -> None:
    of = Kinds("", "", ("path", "pay"), np.array([[9.0, 0, 0], [0, 9.0, 0]]), np.zeros(3))
    east, north = np.eye(2, dtype=np.float32)
    sheet = kinds_of_questions(of, east[np.newaxis], [[0]])
    own, foreign = sheet.beside(east), sheet.beside(north)
    assert own.same[0] > 0.9 > 0.5 > foreign.same[0]
    assert own.elsewhere < 0.1 < 0.9 < foreign.elsewhere
    assert own.known[0] > 0.9


@pytest.mark.model
def test_what_asks_a_question_is_nearer_than_what_speaks_of_the_same_things() -> None:
    of, sentences = matching.shipped(), Sentences(open_embedder(embedded_model()))
    question, lines = (
        "How did the bakery start?",
        [
            "so how did you two get this place going",
            "my cousin runs a bakery in leeds",
        ],
    )
    sheet = Nearness(sentences, [question], [question], [[0]], of)
    asked, told = (sheet.views(line, line, np.zeros(1)).matched for line in lines)
    assert asked is not None
    assert told is not None
    assert asked[0] > 0 > told[0]


def test_of_many_pieces_the_telling_one_counts() -> None:
    # The first two numbers say what a piece is about, the third marks what is asked.
    about = np.array([0.0, 0.0, 9.0])
    by = matching.Matching(
        "", "", "", np.zeros((3, 3)), 0.0, np.eye(3)[:, :2], about, about, np.array([4.0, 2.0])
    )

    def sentence(asked: int, talked: int) -> Sentence:
        pieces = np.zeros((2, 3), np.float32)
        pieces[0, asked] = pieces[0, 2] = pieces[1, talked] = 1
        return Sentence(np.array([1, 0, 0], np.float32), pieces)

    prepared = by.prepared([sentence(0, 0), sentence(1, 1)], [[0], [1]])
    first, second = by.scores(sentence(1, 0), prepared)
    assert second > first + 0.1


def test_both_are_read_as_they_were_written(tmp_path: Path) -> None:
    of = Kinds("a", "b", ("pay",), np.array([[0.5, 0.25]]), np.array([1.0, 0.0]))
    kinds.write(tmp_path / "kinds.npz", of)
    again = kinds.read(tmp_path / "kinds.npz")
    assert (again.names, again.lines_sha256) == (of.names, of.lines_sha256)
    assert np.array_equal(again.weights, of.weights)
    even, counts = np.zeros(2), np.array([2.0, 1.0])
    by = matching.Matching("c", "d", "e", np.eye(2), 5.0, np.eye(2), even, even, counts)
    matching.write(tmp_path / "matching.npz", by)
    east, north = (Sentence(row, row[None]) for row in np.eye(2, dtype=np.float32))
    prepared = by.prepared([east, north], [[0], [1]])
    read = matching.read(tmp_path / "matching.npz")
    assert read.branch_sha256 == "e"
    assert read.scores(east, prepared).tolist() == [-0.1, -0.5]
