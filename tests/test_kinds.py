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
    question, lines = (
        "How did the bakery start?",
        [
            "so how did you two get this place going",
            "my cousin runs a bakery in leeds",
        ],
    )
    prepared = of.prepared(
        without_common(sentences, [question]), [sentences.pieces(question)], [[0]]
    )
    asked, told = (
        of.scores(without_common(sentences, [line])[0], sentences.pieces(line), prepared)[0]
        for line in lines
    )
    assert asked > told


def choice_of(questions: Vectors, lines: Vectors, chosen: np.ndarray) -> match_fit.Choice:
    """Return sentences of one piece each, which is all of them."""
    return match_fit.Choice(
        [[match_fit.Sentence(row, row[None])] for row in questions],
        [match_fit.Sentence(row, row[None]) for row in lines],
        chosen,
        np.ones(len(lines)),
    )


def test_what_matches_is_learned_and_what_is_no_matter() -> None:
    chance = np.random.default_rng(2)

    def said(questions: Vectors, count: int) -> tuple[Vectors, np.ndarray]:
        chosen = chance.integers(0, len(questions), count)
        rows = questions[chosen].copy()
        # How it is said, the second half, is far louder than what is asked, the first.
        rows[:, 4:] = 3 * chance.normal(size=(count, 4))
        return rows / np.linalg.norm(rows, axis=1, keepdims=True), chosen

    questions = np.hstack([np.eye(4), chance.normal(size=(4, 4))]).astype(np.float32)
    questions /= np.linalg.norm(questions, axis=1, keepdims=True)
    learned = choice_of(questions, *said(questions, 400))
    made = match_fit.matched([learned], learned, "")
    tried, right = said(questions, 200)
    prepared = made.prepared(questions, [row[None] for row in questions], [[n] for n in range(4)])
    found = [int(made.scores(line, line[None], prepared).argmax()) for line in tried]
    plain = (tried @ questions.T).argmax(axis=1)
    assert (np.array(found) == right).mean() > (plain == right).mean() + 0.1


def test_the_slopes_are_those_of_the_loss() -> None:
    chance = np.random.default_rng(4)
    size = 12

    def sentence() -> match_fit.Sentence:
        pieces = chance.normal(size=(int(chance.integers(1, 6)), size))
        vector = chance.normal(size=size)
        return match_fit.Sentence(
            (vector / np.linalg.norm(vector)).astype(np.float32),
            (pieces / np.linalg.norm(pieces, axis=1, keepdims=True)).astype(np.float32),
        )

    choice = match_fit.Choice(
        [[sentence() for _ in range(many)] for many in (1, 2, 3)],
        [sentence() for _ in range(7)],
        chance.integers(0, 4, 7),
        chance.uniform(0.2, 1, 7),
    )
    drawn = match_fit.drawn_of(choice, chance)
    held = {
        "weights": chance.normal(size=(size, size)),
        "bias": np.array([0.5]),
        "lens": chance.normal(size=(size, 5)),
        "tells_of_wording": chance.normal(size=size) * 0.1,
        "tells_of_line": chance.normal(size=size) * 0.1,
        "counts": np.array([4.0, 2.0]),
    }

    def loss(of: dict[str, np.ndarray]) -> float:
        by = matching.Matching(
            "", "", of["weights"], float(of["bias"][0]), of["lens"],
            of["tells_of_wording"] / match_fit.LENGTH, of["tells_of_line"] / match_fit.LENGTH,
            of["counts"],
        )  # fmt: skip
        lines, wordings = drawn.lines, drawn.wordings
        prepared = by.prepared(
            drawn.questions.astype(np.float32),
            [wordings.pieces[wordings.of == n].astype(np.float32) for n in range(6)],
            [[0], [1, 2], [3, 4, 5]],
        )
        total = 0.0
        for n in range(7):
            odds = matching.SCALE * by.scores(
                lines.vectors[n].astype(np.float32),
                lines.pieces[lines.of == n].astype(np.float32),
                prepared,
            )
            each = np.append(odds, 0.0)
            total -= drawn.line_counts[n] * (each[drawn.chosen[n]] - np.log(np.exp(each).sum()))
        return float(total / 7)

    slopes = match_fit.slopes_of_choice(drawn, held)
    for name, part in held.items():
        steepest = np.unravel_index(np.abs(slopes[name]).argmax(), part.shape)
        up, down = part.copy(), part.copy()
        up[steepest] += 1e-5
        down[steepest] -= 1e-5
        found = (loss({**held, name: up}) - loss({**held, name: down})) / 2e-5
        assert found == pytest.approx(slopes[name][steepest], rel=1e-3, abs=1e-6)


def test_of_many_pieces_the_telling_one_is_found() -> None:
    chance = np.random.default_rng(3)
    topics = np.eye(8, dtype=np.float32)[:4]

    def sentence(topic: int) -> match_fit.Sentence:
        # One piece says what it is about, the fifth number marks it; the others only talk.
        talk = np.zeros((5, 8), np.float32)
        talk[:, 5:] = chance.normal(size=(5, 3))
        talk[0] = topics[topic]
        talk[0, 4] = 1
        pieces = talk / np.linalg.norm(talk, axis=1, keepdims=True)
        # As a whole they say nothing.
        return match_fit.Sentence(np.eye(8, dtype=np.float32)[7], pieces)

    def lines(count: int) -> tuple[list[match_fit.Sentence], np.ndarray]:
        chosen = chance.integers(0, 4, count)
        return [sentence(int(topic)) for topic in chosen], chosen

    questions = [[sentence(topic)] for topic in range(4)]
    said, chosen = lines(200)
    learned = match_fit.Choice(questions, said, chosen, np.ones(len(said)))
    made = match_fit.matched([learned], learned, "")
    prepared = made.prepared(
        np.stack([own[0].vector for own in questions]),
        [own[0].pieces for own in questions],
        [[n] for n in range(4)],
    )
    tried, right = lines(100)
    found = [int(made.scores(each.vector, each.pieces, prepared).argmax()) for each in tried]
    assert (np.array(found) == right).mean() > 0.95


def test_both_are_read_as_they_were_written(tmp_path: Path) -> None:
    of = Kinds("a", "b", ("pay",), np.array([[0.5, 0.25]]), np.array([1.0, 0.0]))
    kinds.write(tmp_path / "kinds.npz", of)
    again = kinds.read(tmp_path / "kinds.npz")
    assert (again.names, again.lines_sha256) == (of.names, of.lines_sha256)
    assert np.array_equal(again.weights, of.weights)
    two, even = np.eye(2, dtype=np.float32), np.zeros(2)
    by = matching.Matching("c", "d", np.eye(2), 5.0, np.eye(2), even, even, np.array([2.0, 1.0]))
    matching.write(tmp_path / "matching.npz", by)
    prepared = by.prepared(two, [two[:1], two[1:]], [[0], [1]])
    read = matching.read(tmp_path / "matching.npz")
    assert read.scores(two[0], two[:1], prepared).tolist() == [-0.1, -0.5]
