"""Which line a time means, as people write it, and which a few words do."""

import pytest
from told import PLAN, WORDS, Told

from assistant.notes.pointing import exact_clock, line_of, lines_at, lines_near, read_clock
from assistant.notes.talk import Line, kept, lines

pytestmark = pytest.mark.unit


def said() -> tuple[Line, ...]:
    call = Told()
    call.them(10.2, "we start at nine with tea")
    call.me(10.8, "lovely that")
    call.them(20.0, "then everybody writes queries until noon")
    call.me(751.4, "who else should i talk to")
    return lines(PLAN, kept(PLAN, call.entries), WORDS)


@pytest.mark.parametrize(
    ("text", "at_s", "is_exact"),
    [
        ("12:31", 751.0, False),
        ("[00:12:31]", 751.0, False),
        ("0:12:31", 751.0, False),
        (" 1:00:05 ", 3605.0, False),
        ("90:00", 5400.0, False),
        ("12:31.4", 751.4, True),
        ("00:12:31,400", 751.4, True),
    ],
)
def test_a_time_is_read_as_the_pages_print_it(text: str, at_s: float, is_exact: bool) -> None:
    read_s, exact = read_clock(text)
    assert (round(read_s, 3), exact) == (at_s, is_exact)


@pytest.mark.parametrize(
    "text", ["1:99", "0:00:60", "", "12", "12.31", "noon", "12:3", "12:31:", "-1:20", "1:2:3:4"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_clock(text)


def texts(found: tuple[Line, ...]) -> list[str]:
    return [line.text.split()[0] for line in found]


def test_the_line_that_begins_in_that_second_is_meant() -> None:
    assert texts(lines_at(said(), 751.0, is_exact=False)) == ["who"]
    assert texts(lines_at(said(), 20.0, is_exact=False)) == ["then"]


def test_a_time_within_a_line_means_it() -> None:
    assert texts(lines_at(said(), 21.0, is_exact=False)) == ["then"]


def test_two_in_one_second_are_both_told_and_a_tenth_says_which() -> None:
    two = lines_at(said(), 10.0, is_exact=False)
    assert texts(two) == ["we", "lovely"]
    clocks = [exact_clock(line, said()) for line in two]
    assert clocks == ["00:00:10.20", "00:00:10.80"]
    for line, clock in zip(two, clocks, strict=True):
        at_s, is_exact = read_clock(clock)
        assert lines_at(said(), at_s, is_exact=is_exact) == (line,)


def test_near_a_time_at_which_nobody_spoke_are_the_lines_around() -> None:
    assert lines_at(said(), 40.0, is_exact=False) == ()
    assert texts(lines_near(said(), 40.0)) == ["we", "lovely", "then"]
    assert lines_near(said(), 400.0) == ()


def test_words_mean_the_one_line_that_holds_most_of_them() -> None:
    line = line_of(said(), "write queries till noon")
    assert line is not None
    assert line.start_s == 20.0
    assert line_of(said(), "start") is None
    assert line_of(said(), "nothing of this kind") is None
