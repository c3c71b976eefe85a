"""The kinds of questions, and what matches: very different words, one question."""

from pathlib import Path

import numpy as np
import pytest
from understanding import asked_mix, kinds_fit, match_fit

from assistant.understanding import kinds, matching
from assistant.understanding.embedding import SHA256, Vectors, embedded_model, open_embedder
from assistant.understanding.kinds import Kinds, kinds_of_questions
from assistant.understanding.nearness import without_common
from assistant.understanding.sentences import Sentences
from assistant.understanding.training import LINES

HINT = "run scripts/train_asked and commit kinds.npz, matching.npz and asked.json"


@pytest.mark.model
def test_what_is_shipped_is_made_from_these_lines_and_this_model() -> None:
    assert kinds.shipped().lines_sha256 == kinds_fit.check_sum(), HINT
    assert kinds.shipped().model_sha256 == SHA256
    assert matching.shipped().lines_sha256 == asked_mix.check_sum(), HINT
    assert matching.shipped().model_sha256 == SHA256


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
    asked, told = without_common(
        sentences, ["so how did you two get this place going", "my cousin runs a bakery in leeds"]
    )
    prepared = of.prepared(without_common(sentences, ["How did the bakery start?"]))
    assert of.scores(asked, prepared)[0] > of.scores(told, prepared)[0]


def test_the_matrix_learns_what_is_no_matter() -> None:
    chance = np.random.default_rng(2)

    def said(questions: Vectors, count: int) -> tuple[Vectors, np.ndarray]:
        chosen = chance.integers(0, len(questions), count)
        rows = questions[chosen].copy()
        # How it is said, the second half, is far louder than what is asked, the first.
        rows[:, 4:] = 3 * chance.normal(size=(count, 4))
        return rows / np.linalg.norm(rows, axis=1, keepdims=True), chosen

    questions = np.hstack([np.eye(4), chance.normal(size=(4, 4))]).astype(np.float32)
    questions /= np.linalg.norm(questions, axis=1, keepdims=True)
    lines, chosen = said(questions, 400)
    made = match_fit.matched([match_fit.Choice(questions, lines, chosen)], "")
    tried, right = said(questions, 200)

    def share(weights: np.ndarray) -> float:
        return float(((tried @ weights @ questions.T).argmax(axis=1) == right).mean())

    assert share(made.weights) > share(np.eye(8)) + 0.1


def test_both_are_read_as_they_were_written(tmp_path: Path) -> None:
    of = Kinds("a", "b", ("pay",), np.array([[0.5, 0.25]]), np.array([1.0, 0.0]))
    kinds.write(tmp_path / "kinds.npz", of)
    again = kinds.read(tmp_path / "kinds.npz")
    assert (again.names, again.lines_sha256) == (of.names, of.lines_sha256)
    assert np.array_equal(again.weights, of.weights)
    by = matching.Matching("c", "d", np.eye(2), 5.0)
    matching.write(tmp_path / "matching.npz", by)
    assert matching.read(tmp_path / "matching.npz").scores(
        np.eye(2, dtype=np.float32)[0], by.prepared(np.eye(2, dtype=np.float32))
    ).tolist() == [-0.4, -0.5]
