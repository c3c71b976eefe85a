"""Whether what the notes quote was said: every quote's words in the lines it names, in a row.

A quote may begin with a capital where its line had none, and end in an ellipsis. Law: pure.
"""

from collections.abc import Iterator, Sequence

import msgspec

from assistant.events import Entry, Heard
from assistant.notes.notes import Notes
from assistant.notes.talk import Quote, plain_words


def quotes(value: object) -> Iterator[Quote]:
    """Yield every quote in a value, however deep."""
    if isinstance(value, Quote):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from quotes(getattr(value, name))
    elif isinstance(value, tuple):
        for inner in value:  # pyright: ignore[reportUnknownVariableType]
            yield from quotes(inner)  # pyright: ignore[reportUnknownArgumentType]


def unheld(notes: Notes, entries: Sequence[Entry]) -> tuple[int, list[Quote]]:
    """Count the quotes; return those whose words their lines do not hold."""
    said = {e.seq: plain_words(e.event.text) for e in entries if isinstance(e.event, Heard)}
    every = list(quotes(notes))
    return len(every), [quote for quote in every if not _holds(quote, said)]


def _holds(quote: Quote, said: dict[int, list[str]]) -> bool:
    lines = [word for seq in quote.seqs for word in said.get(seq, ())]
    words = plain_words(quote.text.removesuffix("..."))
    starts = range(len(lines) - len(words) + 1)
    return bool(words) and any(lines[at : at + len(words)] == words for at in starts)
