# pyright: basic, reportMissingImports=false
# As in `branch`, of which this is full.
"""How what matches is learned: from what people said beside the questions of a sheet.

The lines of each sheet choose among its questions and "none of them", the ways to ask among all
kinds of questions, as they were said or with word errors; learned by AdamW (Loshchilov and Hutter,
2019), a few sheets at a time, the matrix pulled towards the plain cosine. Of each piece of a
sentence a part of its numbers is hidden, others each time: so nothing is learned that hangs on a
few of them. Law: the chance is seeded; how it is learned was chosen on the lines that `asked_mix`
holds back, which are not learned from. `scripts/train_matching` runs this.
"""

import hashlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

import torch
from torch import Tensor
from torch.nn import functional

from assistant.understanding import matching, shipped
from assistant.understanding.embedding import BRANCH_NAME, SHA256, SIZE
from assistant.understanding.matching import LENGTH, SCALE, Matching
from assistant.understanding.nearness import common_of
from assistant.understanding.wordpiece import token_numbers
from understanding.branch import LAYERS, OWN_LAYERS, Model, file_of, nothing_added, open_model
from understanding.match_lines import Choice, Said, all_kinds, check_sum, sheets
from understanding.model import sentences

STEPS, RATE, BRANCH_RATE, DECAY = 420, 0.01, 1e-3, 0.01
"""Of the branch the rate is far less, and what it adds decays."""
WARMING = 30
"""So many steps until the full rate; from there it falls to nothing."""
PULL = 3e-5
"""Of the matrix, towards the plain cosine."""
SHEETS, LINES = 6, 32
"""So many sheets a step, and of each at most so many of its lines."""
WAYS_EVERY, WAYS = 4, 96
"""Every so many steps the ways to ask are chosen from instead, so many of them ..."""
WAYS_COUNT = 0.5
"""... and count so much beside lines that were said to a sheet."""
SEEN = 64
"""So many numbers of a piece are compared."""
HIDDEN, DROPPED = 0.3, 0.1
"""Of the numbers of a piece, and of what a layer makes."""
SPOILT = 0.5
"""So often a line is learned from with word errors."""
COUNTS_FIRST = (4.0, 2.0)
BIAS_FIRST = 8.0
TOGETHER = 40
"""So many texts of about the same length go through the branch at once."""
SEED = 5
TELL_EVERY = 20


@dataclass(frozen=True, slots=True)
class Common:
    """What is taken out of every vector, and of every piece."""

    vector: Tensor
    piece: Tensor


@dataclass(frozen=True, slots=True)
class _Sentences:
    """Some sentences, as the branch sees them."""

    vectors: Tensor
    """Of length 1: shape (sentences, 384)."""
    pieces: Tensor
    """Shape (sentences, pieces, 384), each number about 1; naught where there is no more."""
    is_piece: Tensor

    def part(self, rows: slice) -> "_Sentences":
        return _Sentences(self.vectors[rows], self.pieces[rows], self.is_piece[rows])


@dataclass(slots=True)
class _Learner:
    """What is learned, and what it is learned from."""

    model: Model
    common: Common
    half_way: dict[str, Tensor]
    """What enters the branch, of every text."""
    held: dict[str, Tensor]
    """What is learned beside the branch: `weights`, `bias`, `lens` and the others."""
    added: dict[str, Tensor]

    def loss(self, choice: Choice, lines: Sequence[Said], chance: Random) -> Tensor:
        """Return how badly these lines choose."""
        said = [
            chance.choice(each.texts[1:]) if each.texts[1:] and chance.random() < SPOILT
            else each.texts[0]
            for each in lines
        ]  # fmt: skip
        odds = self.odds(said, choice.questions, is_learning=True)
        odds = torch.cat([odds, torch.zeros(len(lines), 1)], dim=1)
        chosen = torch.tensor([each.chosen for each in lines])
        counts = torch.tensor([each.counts for each in lines])
        return (functional.cross_entropy(odds, chosen, reduction="none") * counts).mean()

    def odds(
        self, said: Sequence[str], questions: Sequence[Sequence[str]], *, is_learning: bool = False
    ) -> Tensor:
        """Return the odds of each line and question: `SCALE` times those of `Matching.scores`."""
        held, wordings = self.held, [text for own in questions for text in own]
        both = self._sentences([*said, *wordings], is_learning=is_learning)
        line, asked = both.part(slice(len(said))), both.part(slice(len(said), None))
        shares = torch.zeros(len(wordings), len(questions))
        rows = iter(range(len(wordings)))
        for question, own in enumerate(questions):
            for _ in own:
                shares[next(rows), question] = 1 / len(own)
        near = torch.einsum("lpn,wqn->lpwq", self._seen(line), self._seen(asked))
        in_line = near.masked_fill(~line.is_piece[:, :, None, None], -2).amax(dim=1)
        in_wording = near.masked_fill(~asked.is_piece[None, None], -2).amax(dim=3)
        tells_asked = _telling(asked, held["tells_of_wording"])
        tells_said = _telling(line, held["tells_of_line"])
        found = held["counts"][0] * (in_line * tells_asked).sum(dim=2)
        found = found + held["counts"][1] * (in_wording * tells_said[:, :, None]).sum(dim=1)
        means = functional.normalize(shares.T @ asked.vectors, dim=-1)
        return line.vectors @ held["weights"] @ means.T - held["bias"] + found @ shares

    def _seen(self, sentences: _Sentences) -> Tensor:
        return functional.normalize(sentences.pieces @ self.held["lens"], dim=-1, eps=1e-6)

    def _sentences(self, texts: Sequence[str], *, is_learning: bool) -> _Sentences:
        counts = [len(self.half_way[text]) for text in texts]
        order = sorted(range(len(texts)), key=counts.__getitem__)
        states = torch.zeros(len(texts), max(counts), SIZE)
        for at in range(0, len(order), TOGETHER):
            some = order[at : at + TOGETHER]
            rows = torch.nn.utils.rnn.pad_sequence(
                [self.half_way[texts[n]].float() for n in some], batch_first=True
            )
            seen = _up_to([counts[n] for n in some], rows.shape[1])
            for layer in range(LAYERS - OWN_LAYERS, LAYERS):
                drop = DROPPED if is_learning else 0.0
                rows = self.model.layer(layer, rows, seen, self.added, drop)
            rows = functional.pad(rows * seen[..., None], (0, 0, 0, max(counts) - rows.shape[1]))
            states = states.index_copy(0, torch.tensor(some), rows)
        means = functional.normalize(states.sum(dim=1), dim=-1)
        is_piece = _up_to([count - 2 for count in counts], max(counts) - 2)
        pieces = functional.normalize(states[:, 1:-1] - self.common.piece, dim=-1)
        pieces = pieces * is_piece[..., None] * LENGTH
        if is_learning:
            pieces = functional.dropout(pieces, HIDDEN)
        vectors = functional.normalize(means - self.common.vector, dim=-1)
        return _Sentences(vectors, pieces, is_piece)


def _up_to(counts: Sequence[int], most: int) -> Tensor:
    return torch.arange(most)[None] < torch.tensor(counts)[:, None]


def _telling(sentences: _Sentences, by: Tensor) -> Tensor:
    """Return how telling each piece is, as `matching.telling` does."""
    odds = (sentences.pieces @ by).masked_fill(~sentences.is_piece, -1e9)
    return torch.softmax(odds, dim=-1)


def matched(
    by_sheet: Sequence[Choice],
    ways: Choice,
    common: Common,
    lines_sha256: str,
    tell: Callable[[str], None],
) -> tuple[Matching, bytes]:
    """Learn it; about half an hour on two cores. Returns also the branch, as a file.

    `by_sheet` is what was said beside each sheet, `ways` the ways to ask among all kinds; `tell`
    is told how far it is.
    """
    torch.manual_seed(SEED)
    chance, model = Random(SEED), open_model()  # noqa: S311
    plain = torch.eye(SIZE) * SCALE
    held = {
        "weights": plain.clone(),
        "bias": torch.tensor(BIAS_FIRST),
        "lens": torch.linalg.qr(torch.randn(SIZE, SEEN))[0],
        "tells_of_wording": torch.zeros(SIZE),
        "tells_of_line": torch.zeros(SIZE),
        "counts": torch.tensor(COUNTS_FIRST),
    }
    learner = _Learner(
        model,
        common,
        _half_way(model, [*by_sheet, ways], tell),
        held,
        nothing_added(model),
    )
    for each in (*held.values(), *learner.added.values()):
        each.requires_grad_()
    stepper = torch.optim.AdamW(
        [
            {"params": list(learner.added.values()), "lr": BRANCH_RATE, "weight_decay": DECAY},
            {"params": list(held.values()), "lr": RATE, "weight_decay": 0.0},
        ]
    )
    speed = torch.optim.lr_scheduler.LambdaLR(stepper, _speed)
    began_s = time.monotonic()
    for step, batch in zip(range(1, STEPS + 1), _batches(by_sheet, ways, chance), strict=False):
        loss = PULL / 2 * ((held["weights"] - plain) ** 2).sum()
        for choice, lines, share in batch:
            loss = loss + learner.loss(choice, lines, chance) * share
        stepper.zero_grad()
        loss.backward()
        stepper.step()
        speed.step()
        if step % TELL_EVERY == 0:
            spent_min = (time.monotonic() - began_s) / 60
            tell(f"step {step} of {STEPS}, loss {loss.item():.2f}, {spent_min:.0f} min")
    file = file_of(model, learner.added)
    found = {name: part.detach().double().numpy() for name, part in held.items()}
    made = Matching(
        lines_sha256=lines_sha256,
        model_sha256=SHA256,
        branch_sha256=hashlib.sha256(file).hexdigest(),
        weights=found["weights"],
        bias=float(found["bias"]),
        lens=found["lens"],
        tells_of_wording=found["tells_of_wording"],
        tells_of_line=found["tells_of_line"],
        counts=found["counts"],
    )
    return made, file


def _speed(step: int) -> float:
    return (1 - step / STEPS) * min(1.0, (step + 1) / WARMING)


def _half_way(
    model: Model, choices: Sequence[Choice], tell: Callable[[str], None]
) -> dict[str, Tensor]:
    texts = list(
        dict.fromkeys(
            text
            for choice in choices
            for own in (*choice.questions, *(line.texts for line in choice.lines))
            for text in own
        )
    )
    tell(f"{len(texts)} texts go half the way through the model; some minutes")
    by_length: dict[int, list[str]] = {}
    for text in texts:
        by_length.setdefault(len(token_numbers(text)), []).append(text)
    found: dict[str, Tensor] = {}
    with torch.no_grad():
        for alike in by_length.values():
            for at in range(0, len(alike), TOGETHER):
                some = alike[at : at + TOGETHER]
                states = model.half_way([token_numbers(text) for text in some])
                found |= zip(some, states.half(), strict=True)
    return found


def _batches(
    by_sheet: Sequence[Choice], ways: Choice, chance: Random
) -> Iterator[list[tuple[Choice, Sequence[Said], float]]]:
    step = 0
    while True:
        step += 1
        if step % WAYS_EVERY == 0:
            yield [(ways, chance.sample(ways.lines, min(WAYS, len(ways.lines))), WAYS_COUNT)]
        else:
            drawn = chance.sample(by_sheet, min(SHEETS, len(by_sheet)))
            yield [
                (choice, chance.sample(choice.lines, min(LINES, len(choice.lines))), 1 / len(drawn))
                for choice in drawn
            ]


def main() -> None:
    """Write both files anew."""
    common = Common(
        torch.tensor(common_of(sentences(words_only=False))), torch.tensor(shipped.shipped().common)
    )
    tell = partial(print, file=sys.stderr, flush=True)
    made, branch = matched(sheets(), all_kinds(), common, check_sum(), tell)
    matching.write(matching.FILE, made)
    matching.FILE.with_name(BRANCH_NAME).write_bytes(branch)


if __name__ == "__main__":
    main()
