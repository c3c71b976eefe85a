"""The vectors that come with Sottovoce are those that its model makes of its texts."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from scene import WORDING

from assistant.sheet import standard_plan
from assistant.understanding import shipped
from assistant.understanding.embedding import Embedder, embedded_model, open_embedder
from assistant.understanding.likeness import Likeness
from assistant.understanding.meaning import Meaning
from assistant.understanding.sentences import Sentences

pytestmark = pytest.mark.model

STANDARD = standard_plan(WORDING, "informational", "", 20.0)


@dataclass
class Counting:
    """A session that counts what the model really has to do."""

    embedder: Embedder
    runs: list[object] = field(default_factory=list[object])

    def run(self, names: list[str] | None, feed: object) -> object:
        self.runs.append(feed)
        return self.embedder._session.run(names, feed)  # pyright: ignore


@pytest.fixture(scope="module")
def alone() -> Embedder:
    """Return the model without any vectors made before."""
    return open_embedder(embedded_model(), known=shipped.common_only())


@pytest.mark.parametrize("name", WORDING.sets())
def test_a_call_of_a_standard_sheet_starts_without_work_for_the_model(
    name: str, alone: Embedder
) -> None:
    counting = Counting(alone)
    embedder = Embedder(counting, shipped.shipped())  # pyright: ignore[reportArgumentType]
    Meaning(standard_plan(WORDING, name, "", 20.0), Sentences(embedder))
    # Where this fails a text has changed: `scripts/ship_vectors` makes the file anew.
    assert len(counting.runs) == 0


def test_they_are_what_the_model_makes_of_the_texts(alone: Embedder) -> None:
    sentences = Sentences(open_embedder(embedded_model()))
    Meaning(standard_plan(WORDING, "informational", "", 20.0), sentences)
    texts = sentences.remembered[::5]
    kept = sentences.vectors(texts)
    assert kept is not None
    made = alone.vectors(texts)
    assert np.abs(kept - made).max() < 0.001
    assert np.linalg.norm(kept, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_the_pieces_are_what_the_model_makes_of_the_wordings(alone: Embedder) -> None:
    embedder = open_embedder(embedded_model())
    for text in Likeness(STANDARD, Sentences(embedder)).wordings[::9]:
        assert np.abs(embedder.pieces(text) - alone.pieces(text)).max() < 0.01
        kept, made = embedder.matched(text), alone.matched(text)
        assert np.abs(kept.pieces - made.pieces).max() < 0.01
        assert np.abs(kept.vector - made.vector).max() < 0.001


def test_a_text_that_does_not_come_with_us_is_made(alone: Embedder) -> None:
    (kept,) = open_embedder(embedded_model()).vectors(["my own question about pangolins"])
    (made,) = alone.vectors(["my own question about pangolins"])
    assert (kept == made).all()


def test_the_same_texts_make_the_same_file(tmp_path: Path) -> None:
    texts = ["one", "two", "three"]
    rows = dict(zip(texts, np.eye(3, 384, dtype=np.float32), strict=True))
    wordings = {text: shipped.Wording(row[None], row, row[None]) for text, row in rows.items()}
    common = np.zeros(384, np.float32)
    for name in ("a.npz", "b.npz"):
        shipped.write(tmp_path / name, rows, wordings, common)
    backwards = dict(reversed(rows.items()))
    shipped.write(tmp_path / "c.npz", backwards, dict(reversed(wordings.items())), common)
    bytes_of = {(tmp_path / f"{name}.npz").read_bytes() for name in "abc"}
    assert len(bytes_of) == 1
