"""How the heads are made: from labelled lines to `heads.json`, the same bytes from the same lines.

`python -m assistant.understanding.training` (`scripts/train_heads`) writes the file anew, in about
two minutes. A head is a logistic regression over the vector of a line and the words in it, fitted
in one go by Newton's method; beside it stands one over the words alone, where there is no model.

Law: only the `*.train.jsonl` are read here. What is measured, `*.test.jsonl`, is not, and no number
here was chosen by it: they were chosen by cross validation on the lines for training.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np

from assistant.minds.spoken import words_of
from assistant.understanding.embedding import (
    SHA256,
    Embedder,
    Vectors,
    embedded_model,
    open_embedder,
)
from assistant.understanding.heads import (
    FILE,
    HEADS,
    WORDS_WEIGH,
    Head,
    HeadsFile,
    Linear,
    grams_of,
    unit,
)
from assistant.understanding.shared_words import Rows

LINES = Path(__file__).with_name("lines")
STRENGTH = 0.1
"""Of the pull towards small weights, where the weights of all lines add up to their number."""
SELDOM = 2
"""Words and pairs of words that so many lines have are learned."""
CAREFUL = {"farewell": 5.0, "job_ask": 12.0}
"""Of some heads a false alarm counts so many times a miss: a call has hundreds of lines that are no
such thing, and one or two that are, or none."""
CAREFUL_OF_WORDS = 3.0
"""So many times it counts for every head where there is no model: words alone tell less."""
ASKED = "asked.train.jsonl"
"""What interviewers said to sheets of questions: what asks none of these is no ask for a job ..."""
HIRING = frozenset(
    ("hiring", "hire", "vacancy", "vacancies", "opening", "openings", "apprentices", "apprentice",
     "internship", "interns", "cv", "resume", "job", "jobs", "refer", "recruit", "recruiting")
)  # fmt: skip
"""... unless one of these is in it."""
DECIMALS, DECIMALS_OF_WORDS = 3, 2
SMALL = 0.08
"""Weights of words below this are left out."""
STEPS, CLOSE = 50, 1e-8

BORROWED: Mapping[str, Mapping[str, Sequence[str]]] = {
    "farewell": {
        "job_ask": ("process", "resume", "notask", "story", "work", "self"),
        "promise": ("habit", "past", "would", "plan", "general", "ask", "filler"),
    },
    "job_ask": {
        "farewell": (
            "leave",
            "time",
            "close",
            "bye",
            "minutes",
            "day",
            "story",
            "go",
            "neutral",
            "short",
        ),
        "promise": ("habit", "past", "would", "plan", "general", "ask", "filler", "neutral"),
    },
    "promise": {
        "farewell": ("minutes", "day", "story", "closeword", "go", "neutral", "thanks", "short"),
        "job_ask": ("process", "notask", "story", "work", "self"),
    },
}
"""Head -> whose lines are no such thing either, of these kinds and not that head's own."""


class _Said(msgspec.Struct, frozen=True):
    """What an interviewer said, and which prepared question it asks, "" for none."""

    text: str
    asked: str = ""


VectorsOf = Callable[[Sequence[str]], Vectors]
"""Texts -> one row of length 1 for each."""


class Line(msgspec.Struct, frozen=True):
    """What somebody might say, whether it is what the head looks for, and why."""

    text: str
    label: int
    kind: str


def lines_of(head: str, part: str, folder: Path = LINES) -> list[Line]:
    """Read the lines of a head; `part` is `train` or `test`."""
    text = (folder / f"{head}.{part}.jsonl").read_bytes()
    return msgspec.json.Decoder(Line).decode_lines(text)


def remembered(vectors_of: VectorsOf) -> VectorsOf:
    """Return what asks for the vector of each text once, however often it is wanted."""
    known: dict[str, Vectors] = {}

    def vectors(texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, vectors_of(new), strict=True))
        return np.stack([known[text] for text in texts])

    return vectors


def check_sum(folder: Path = LINES) -> str:
    """Return the check sum of all lines for training, and of how they are weighed."""
    files = [*(f"{head}.train.jsonl" for head in HEADS), ASKED]
    sums = [hashlib.sha256((folder / name).read_bytes()).digest() for name in files]
    weighed = repr((sorted(CAREFUL.items()), CAREFUL_OF_WORDS)).encode()
    return hashlib.sha256(b"".join((*sums, weighed))).hexdigest()


def trained(embedder: Embedder, folder: Path = LINES) -> HeadsFile:
    """Train every head; about two minutes on one core."""
    heads = {
        head: head_of(lines_for(head, folder), embedder.vectors, CAREFUL.get(head, 1.0))
        for head in HEADS
    }
    return HeadsFile(check_sum(folder), SHA256, heads)


def lines_for(head: str, folder: Path = LINES) -> list[Line]:
    """Return what a head learns from: its own lines, and borrowed ones that are no such thing."""
    lines = {line.text: line for line in lines_of(head, "train", folder)}
    for other, kinds in BORROWED[head].items():
        for line in lines_of(other, "train", folder):
            if line.kind in kinds and (line.label == 0) | (head == "job_ask"):
                lines.setdefault(line.text, Line(line.text, 0, line.kind))
    if head == "job_ask":
        for said in msgspec.json.Decoder(_Said).decode_lines((folder / ASKED).read_bytes()):
            if not said.asked and HIRING.isdisjoint(words_of(said.text)):
                lines.setdefault(said.text, Line(said.text, 0, "beside"))
    return list(lines.values())


def to_json(file: HeadsFile) -> bytes:
    """Spell the file, about 120 kB."""
    return msgspec.json.encode(file) + b"\n"


def fitted(rows: Rows, labels: Rows, counts: Rows) -> tuple[Rows, float]:
    """Fit a logistic regression; `counts` is how much each row weighs. Weights and bias."""
    # There are more features than lines: solved in the space of the lines, where it is the same.
    kernel = rows @ rows.T + 100.0
    of_lines = np.zeros(len(rows))
    for _ in range(STEPS):
        raised = kernel @ of_lines
        p = 1 / (1 + np.exp(-raised))
        slope = np.maximum(counts * p * (1 - p), 1e-9)
        target = raised + counts * (labels - p) / slope
        new = np.linalg.solve(kernel + np.diag(STRENGTH / slope), target)
        is_done = np.abs(new - of_lines).max() < CLOSE
        of_lines = new
        if is_done:
            break
    return rows.T @ of_lines, float(100.0 * of_lines.sum())


def counts_of(labels: Rows, careful: float = 1.0) -> Rows:
    """Return how much each line weighs, so that both kinds weigh the same together."""
    yes = float(labels.sum())
    of_yes, of_no = len(labels) / (2 * yes), len(labels) / (2 * (len(labels) - yes)) * careful
    return labels * of_yes + (1 - labels) * of_no


def known_grams(lines: Sequence[Line]) -> list[str]:
    """Return the words and pairs of words that are not rare, sorted."""
    seen: dict[str, int] = {}
    for line in lines:
        for gram in grams_of(line.text):
            seen[gram] = seen.get(gram, 0) + 1
    return sorted(gram for gram, count in seen.items() if count >= SELDOM)


def gram_rows(lines: Sequence[Line], known: Sequence[str]) -> Rows:
    """Return a row for each line: which of the known words it has, of length one."""
    at = {gram: n for n, gram in enumerate(known)}
    rows = np.zeros((len(lines), len(known)))
    for row, line in zip(rows, lines, strict=True):
        grams = grams_of(line.text)
        row[[at[gram] for gram in grams if gram in at]] = unit(len(grams))
    return rows


def head_of(lines: Sequence[Line], vectors_of: VectorsOf, careful: float = 1.0) -> Head:
    """Train one head; a false alarm counts `careful` times a miss, but not for the words alone."""
    labels, known = _labels(lines), known_grams(lines)
    grams = gram_rows(lines, known)
    vectors = vectors_of([line.text for line in lines]).astype(np.float64)
    rows, counts = np.hstack([vectors, WORDS_WEIGH * grams]), counts_of(labels, careful)
    weights, bias = fitted(rows, labels, counts)
    size = vectors.shape[1]
    of_words = _linear(known, weights[size:] * WORDS_WEIGH, bias)
    return Head(tuple(_rounded(weights[:size], DECIMALS)), of_words, words_alone(lines))


def words_alone(lines: Sequence[Line]) -> Linear:
    """Train the words by themselves, for where there is no model."""
    labels, known = _labels(lines), known_grams(lines)
    weights, bias = fitted(gram_rows(lines, known), labels, counts_of(labels, CAREFUL_OF_WORDS))
    return _linear(known, weights, bias)


def _labels(lines: Sequence[Line]) -> Rows:
    return np.array([float(line.label) for line in lines])


def _linear(known: Sequence[str], weights: Rows, bias: float) -> Linear:
    kept = zip(known, _rounded(weights, DECIMALS_OF_WORDS), strict=True)
    words = {gram: weight for gram, weight in kept if abs(weight) >= SMALL}
    return Linear(round(bias, DECIMALS), words)


def _rounded(weights: Rows, decimals: int) -> list[float]:
    return [round(float(weight), decimals) for weight in weights]


def main() -> None:
    """Write the heads anew."""
    FILE.write_bytes(to_json(trained(open_embedder(embedded_model()))))


if __name__ == "__main__":
    main()
