"""Which line a time means, and which a few words do.

Reads the lines. Law: one line or none; where several may be meant, none is chosen, and all are
told.
"""

import re
from collections.abc import Sequence

from assistant.notes.talk import Line, clock, plain_words

_CLOCK = re.compile(
    r"\[?(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,3}):(?P<s>[0-5]\d)(?P<part>[.,]\d{1,3})?\]?"
)
_NEAR_S = 60.0
"""Lines so far from a time are told as near it."""
_SHOWN = 4
"""So many choices at most."""
_SAME_S = 0.06
"""A time with a tenth of a second means a line that begins within this of it."""
_FEWEST_WORDS = 2
"""So many words at least must a line share with what is looked for."""


def read_clock(text: str) -> tuple[float, bool]:
    """Read a time as the pages print it ([00:12:31], 12:31, 12:31.4); and whether it has a part.

    In seconds of the call. Raises ValueError.
    """
    if not (match := _CLOCK.fullmatch(text.strip())):
        raise ValueError(text)
    whole_s = int(match["h"] or 0) * 3600 + int(match["m"]) * 60 + int(match["s"])
    part = match["part"]
    return whole_s + (float(part.replace(",", ".")) if part else 0.0), part is not None


def lines_at(said: Sequence[Line], at_s: float, *, is_exact: bool) -> tuple[Line, ...]:
    """Return the lines that a time may mean: one, if it is clear.

    Those that begin in that second; where none does, those that were being said then.
    """
    if is_exact:
        return tuple(line for line in said if abs(line.start_s - at_s) <= _SAME_S)
    begin = tuple(line for line in said if int(line.start_s) == int(at_s))
    return begin or tuple(line for line in said if line.start_s <= at_s <= line.end_s)


def lines_near(said: Sequence[Line], at_s: float) -> tuple[Line, ...]:
    """Return the lines nearest to a time at which nobody spoke, in their order."""
    near = sorted(said, key=lambda line: abs(line.start_s - at_s))[:_SHOWN]
    return tuple(
        sorted(
            (line for line in near if abs(line.start_s - at_s) <= _NEAR_S),
            key=lambda line: line.start_s,
        )
    )


def line_of(said: Sequence[Line], text: str) -> Line | None:
    """Return the line that holds most of these words; None where none does, or two do alike."""
    wanted = set(plain_words(text))
    scored = sorted(
        ((len(wanted & set(plain_words(line.text))), -n) for n, line in enumerate(said)),
        reverse=True,
    )[:2]
    if not scored or scored[0][0] < _FEWEST_WORDS:
        return None
    if len(scored) > 1 and scored[1][0] == scored[0][0]:
        return None
    return said[-scored[0][1]]


def exact_clock(line: Line, said: Sequence[Line]) -> str:
    """Write a line's time so that it means no other one: 00:12:31, or 00:12:31.4."""
    second = [other for other in said if int(other.start_s) == int(line.start_s)]
    if len(second) < 2:
        return clock(line.start_s)
    tenth = f"{line.start_s - int(line.start_s):.2f}"
    return f"{clock(line.start_s)}{tenth[1:]}"
