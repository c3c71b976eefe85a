"""Write the vectors that come with Sottovoce; run by `scripts/ship_vectors`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from assistant.sheet import standard_plan  # noqa: E402
from assistant.understanding import shipped  # noqa: E402
from assistant.understanding.embedding import Embedder, embedded_model, open_embedder  # noqa: E402
from assistant.understanding.meaning import Meaning  # noqa: E402
from assistant.understanding.sentences import Sentences  # noqa: E402
from assistant.wording import Wording  # noqa: E402

LANGUAGES = ("en",)


def texts(embedder: Embedder) -> list[str]:
    """Return what the standard sheets ask the model for before anybody has spoken."""
    found: dict[str, None] = {}
    for language in LANGUAGES:
        wording = Wording(language, (ROOT / "prompts",))
        for name in wording.sets():
            sentences = Sentences(embedder)
            Meaning(standard_plan(wording, name, "", 20.0), sentences)
            found |= dict.fromkeys(sentences.remembered)
    return list(found)


def main() -> None:
    """Write the file."""
    embedder = open_embedder(embedded_model(), known={})
    known = texts(embedder)
    path = ROOT / "assistant" / "understanding" / shipped.NAME
    shipped.write(path, known, embedder.vectors(known))
    print(f"{len(known)} texts, {path.stat().st_size / 1000:.0f} kB")  # noqa: T201


if __name__ == "__main__":
    main()
