"""Lines cut from a stream and waiting to be written, in bounded memory."""

import pytest

from assistant.lines import LINES_WAITING, LineCutter, Outbox

pytestmark = pytest.mark.unit


def test_lines_are_cut_wherever_the_chunks_end() -> None:
    cutter = LineCutter()
    assert [cutter.feed(chunk) for chunk in (b"a", b"b\nc", b"\n\nd")] == [[], [b"ab"], [b"c", b""]]


def test_a_long_line_is_dropped_and_the_next_is_whole() -> None:
    cutter = LineCutter(longest=4)
    assert cutter.feed(b"12345") == [None]
    assert cutter.feed(b"6\nok\n") == [b"ok"]
    assert cutter.feed(b"123456\nok\n") == [None, b"ok"]


def test_an_endless_line_takes_no_memory() -> None:
    cutter = LineCutter(longest=1000)
    dropped = [line for _ in range(1000) for line in cutter.feed(b"x" * 999)]
    assert set(dropped) == {None}
    assert cutter.feed(b"x\nok\n")[-1] == b"ok"


def test_a_half_line_at_the_end_is_no_line() -> None:
    cutter = LineCutter()
    assert cutter.feed(b'{"n":1}\n{"n":') == [b'{"n":1}']


def test_lines_wait_in_order_until_too_many_do() -> None:
    outbox = Outbox()
    taken = [outbox.put(b"%d" % n) for n in range(LINES_WAITING + 5)]
    assert taken == [True] * LINES_WAITING + [False] * 5
    assert [outbox.take() for _ in range(3)] == [b"0", b"1", b"2"]
    assert outbox.put(b"one more")


def test_a_closed_box_gives_what_waits_and_then_nothing() -> None:
    outbox = Outbox()
    outbox.put(b"last")
    outbox.close(drop=False)
    assert not outbox.put(b"late")
    assert [outbox.take(), outbox.take()] == [b"last", None]


def test_a_dropped_box_gives_nothing() -> None:
    outbox = Outbox()
    outbox.put(b"last")
    outbox.close(drop=True)
    assert outbox.take() is None
