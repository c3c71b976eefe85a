"""What a model made of a call fits the entries it was made from, and no others."""

import msgspec
import pytest
from told import WALL, interview

from assistant.events import Channel, Corrected, Entry, LineChange, PromiseChange
from assistant.notes.polished import OFF, Polished, Sentence, fitting, mark_of, to_json

pytestmark = pytest.mark.unit


def entries() -> list[Entry]:
    return interview().entries


def made_of(of: list[Entry]) -> bytes:
    sentence = Sentence("It rains.", 3.0, (4,))
    return to_json(Polished(status="complete", entries=mark_of(of), overview=(sentence,), kept=1))


def with_change(change: LineChange | PromiseChange) -> list[Entry]:
    said = entries()
    return [*said, Entry(said[-1].seq + 1, said[-1].at_s, Corrected(WALL, change))]


def a_line() -> int:
    return next(e.seq for e in entries() if getattr(e.event, "text", "").startswith("i'll send"))


def test_it_fits_what_it_was_made_from() -> None:
    polished = fitting(made_of(entries()), entries())
    assert polished.overview == (Sentence("It rains.", 3.0, (4,)),)


def test_it_fits_no_longer_when_a_line_is_corrected() -> None:
    corrected = with_change(LineChange(a_line(), "i'll send you the list of meetings by friday"))
    assert fitting(made_of(entries()), corrected) is OFF


def test_it_fits_no_longer_when_a_promise_was_none() -> None:
    dropped = with_change(PromiseChange(a_line(), "send you the list", state="dropped"))
    assert fitting(made_of(entries()), dropped) is OFF
    other = with_change(PromiseChange(a_line(), "send you the list", owner=Channel.ME))
    assert fitting(made_of(entries()), other) is OFF


def test_it_still_fits_when_a_promise_was_kept() -> None:
    done = with_change(PromiseChange(a_line(), "send you the list", state="done"))
    assert fitting(made_of(entries()), done).status == "complete"


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"status": "great"}', b"\xff", b"[" * 9999])
def test_what_can_not_be_read_is_as_if_no_model_was_asked(text: bytes) -> None:
    assert fitting(text, entries()) is OFF


def test_another_format_is_not_read() -> None:
    later = msgspec.structs.replace(
        msgspec.json.decode(made_of(entries()), type=Polished), format=2
    )
    assert fitting(to_json(later), entries()) is OFF
