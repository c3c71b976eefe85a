"""The ways to read a line: whole, joined to the one before, and from its last question words on."""

import pytest
from scene import WORDING

from assistant.events import Channel, Heard
from assistant.sheet import standard_plan
from assistant.understanding.readings import MOST, Readings

pytestmark = pytest.mark.unit

READINGS = Readings(standard_plan(WORDING, "informational", "", 20.0).phrases)
TELLS = "we had the same thing at my old company"
ASKS = "what would you say is the hardest part"


def said(text: str, start_s: float = 10.0, channel: Channel = Channel.ME) -> Heard:
    return Heard(channel, start_s, start_s + 3.0, text)


def texts(heard: Heard, *before: Heard) -> list[str]:
    return [reading.text for reading in READINGS.of(heard, before)]


def test_a_line_is_read_whole_and_from_where_it_asks() -> None:
    assert texts(said(f"{TELLS} {ASKS}")) == [f"{TELLS} {ASKS}", ASKS]


def test_a_line_that_goes_on_is_read_with_the_one_before() -> None:
    first = said("and the next thing", start_s=6.5)
    assert texts(said("you do every morning"), first)[:2] == [
        "you do every morning",
        "and the next thing you do every morning",
    ]


@pytest.mark.parametrize(
    ("before", "begun"),
    [
        ("We had that too. And the next thing", "And the next thing"),
        ("one two three four five six seven eight nine ten eleven twelve thirteen",
         "two three four five six seven eight nine ten eleven twelve thirteen"),
    ],
)  # fmt: skip
def test_of_the_line_before_only_what_it_leaves_open_is_read(before: str, begun: str) -> None:
    line = said("you do every morning")
    assert texts(line, said(before, start_s=6.5))[1] == f"{begun} {line.text}"


@pytest.mark.parametrize("before", ["We had that too.", "Did you? ", "No!"])
def test_a_line_after_one_that_ended_is_read_alone(before: str) -> None:
    assert len(texts(said("every single morning"), said(before, start_s=6.5))) == 1


def test_what_they_tell_has_no_parts() -> None:
    assert len(texts(said(f"{TELLS} {ASKS}", channel=Channel.THEM))) == 1


@pytest.mark.parametrize(
    "before", ["Is that so?", "Did you?", "How so?", "Are you? Great.", "Oh do you?"]
)
def test_a_question_after_a_short_one_is_read_by_itself(before: str) -> None:
    assert texts(said(f"{before} What made you choose this job?"))[-1] == (
        "what made you choose this job"
    )


@pytest.mark.parametrize("pieces", range(1, 12))
def test_however_much_is_asked_few_readings_are_made_and_the_last_question_is_one(
    pieces: int,
) -> None:
    readings = texts(said(f"{TELLS} {' '.join([ASKS] * pieces)}"))
    assert len(readings) <= MOST
    assert readings[-1] == ASKS


def test_of_a_line_as_long_as_the_ear_cuts_them_the_end_is_read_too() -> None:
    line = f"{TELLS} {TELLS} {TELLS} {ASKS}"
    assert len(line.split()) == 35
    assert texts(said(line)) == [line, ASKS]


def test_a_line_that_goes_on_keeps_its_last_question_however_long() -> None:
    before = said("and i wanted to say that with all that in mind", start_s=6.5)
    line = f"{TELLS} {TELLS} {TELLS} {ASKS}"
    assert texts(said(line), before)[-1] == ASKS


def test_a_second_part_is_not_read_where_it_would_be_too_much() -> None:
    other = "how do you get through a week like that with all of them away"
    short, long = f"{TELLS} {other} {ASKS}", f"{TELLS} {TELLS} {other} {ASKS}"
    assert texts(said(short)) == [short, f"{other} {ASKS}", ASKS]
    assert texts(said(long)) == [long, ASKS]


@pytest.mark.parametrize(
    "before", ["We pay about 3.5 percent and the", "at 9 a.m. on the", "talking to them about the"]
)
def test_a_dot_inside_a_sentence_ends_none(before: str) -> None:
    assert texts(said("first of the month"), said(before, start_s=6.5))[1] == (
        f"{before} first of the month"
    )


def test_nothing_but_fillers_has_no_reading() -> None:
    assert texts(said("um yeah")) == []


@pytest.mark.parametrize("before", ["", "So, ", "Right, yes. And "])
@pytest.mark.parametrize("after", ["I don't want to be rude.", "Sorry to ask!", "No rush at all."])
def test_a_question_that_was_heard_to_end_is_read_without_what_follows(
    before: str, after: str
) -> None:
    line = f"{before}what about the pay? {after}"
    assert texts(said(line)) == [line, "what about the pay"]
