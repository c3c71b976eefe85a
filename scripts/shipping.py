"""Write the vectors that come with Sottovoce; run by `scripts/ship_vectors`."""

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.sheet import standard_plan  # noqa: E402
from assistant.understanding import shipped  # noqa: E402
from assistant.understanding.embedding import (  # noqa: E402
    SIZE,
    Embedder,
    Vectors,
    embedded_model,
    open_embedder,
)
from assistant.understanding.likeness import Likeness  # noqa: E402
from assistant.understanding.meaning import Meaning  # noqa: E402
from assistant.understanding.nearness import ordinary_talk  # noqa: E402
from assistant.understanding.sentences import Sentences  # noqa: E402
from assistant.wording import Wording  # noqa: E402

LANGUAGES = ("en",)


def made(embedder: Embedder) -> tuple[list[str], list[str]]:
    """Return what the standard sheets ask the model for before anybody has spoken.

    First the texts whose vectors are asked for, then those whose pieces are.
    """
    found: dict[str, None] = {}
    wordings: dict[str, None] = {}
    for language in LANGUAGES:
        wording = Wording(language, (ROOT / "prompts",))
        for name in wording.sets():
            sentences = Sentences(embedder)
            plan = standard_plan(wording, name, "", 20.0)
            Meaning(plan, sentences)
            found |= dict.fromkeys(sentences.remembered)
            likeness = Likeness(plan, sentences)
            wordings |= dict.fromkeys(likeness.wordings)
    return list(found), list(wordings)


def common_of(embedder: Embedder) -> Vectors:
    """Return what the pieces of ordinary talk have in common."""
    return np.vstack([embedder.states(text)[1:-1] for text in ordinary_talk()]).mean(axis=0)


def wording_of(embedder: Embedder, text: str) -> shipped.Wording:
    """Return what is shipped of a wording."""
    by_branch = embedder.matched(text)
    return shipped.Wording(embedder.pieces(text), by_branch.vector, by_branch.pieces)


def main() -> None:
    """Write the file."""
    nothing = shipped.nothing_known(np.zeros(SIZE, np.float32))
    common = common_of(open_embedder(embedded_model(), known=nothing))
    embedder = open_embedder(embedded_model(), known=shipped.nothing_known(common))
    known, wordings = made(embedder)
    path = ROOT / "assistant" / "understanding" / shipped.NAME
    vectors = dict(zip(known, embedder.vectors(known), strict=True))
    shipped.write(path, vectors, {text: wording_of(embedder, text) for text in wordings}, common)
    print(f"{len(known)} texts, {path.stat().st_size / 1000:.0f} kB")  # noqa: T201


if __name__ == "__main__":
    main()
