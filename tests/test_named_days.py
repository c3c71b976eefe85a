"""A day that was settled and does not hold, and a weekday that is the date just named."""

import pytest
from told import PLAN, WORDS, Told

from assistant.events import Channel
from assistant.notes.notes import learn
from assistant.notes.promises import Promise

pytestmark = pytest.mark.unit

ME, THEM = Channel.ME, Channel.THEM
SHEET = (THEM, "I'll send you the blank sheet by Friday.")
"""The fourth; the call is on Tuesday, the first of December."""
BETWEEN = (
    (ME, "Lovely, thanks."),
    (THEM, "The other half of it is the people one works with."),
    (ME, "How do you mean that?"),
    (THEM, "They know the whole thing far better than I do."),
)


def promised(*turns: tuple[Channel, str]) -> list[Promise]:
    """Tell turns four seconds apart."""
    call = Told()
    for n, (channel, text) in enumerate(turns):
        call.say(channel, 2.0 + 4.0 * n, text)
    return list(learn(PLAN, call.end(200.0).entries, WORDS).promises)


@pytest.mark.parametrize(
    "moved",
    [
        [(ME, "So you're sending me the sheet by Friday."),
         (THEM, "Ah, Friday I'm out, actually. Say Monday. Monday for sure.")],
        [(ME, "So the sheet on Friday."), (THEM, "Make it Monday.")],
        [(THEM, "And now I think of it, I'm away Friday. So it'd be Monday before I can do it.")],
        [(THEM, "The sheet, I said Friday. I must take the names off it first, so Monday.")],
        [(ME, "And Friday for the sheet."), (THEM, "Not Friday, sorry, they're painting."),
         (ME, "Monday?"), (THEM, "Monday.")],
    ],
)  # fmt: skip
def test_a_settled_day_that_is_taken_up_again_gives_way(moved: list[tuple[Channel, str]]) -> None:
    (one,) = promised(SHEET, *BETWEEN, *moved)
    assert one.owner is THEM
    assert one.due
    assert one.due.day == "2026-12-07"


@pytest.mark.parametrize(
    "other",
    [
        # Nobody took Friday up again.
        [(THEM, "We have our meeting on Monday. Monday is always full.")],
        # Friday is named, and neither the sheet nor that it does not hold.
        [(THEM, "Friday is when they all go home early."), (ME, "And what do they do on Monday?")],
        # Another day is told of, and not as the new one.
        [(ME, "So the sheet on Friday."), (THEM, "Yes, and on Monday we all move house.")],
        [(ME, "So the sheet by Friday."), (THEM, "And I call Marcus tonight.")],
    ],
)  # fmt: skip
def test_a_settled_day_stays_whatever_else_is_on_another(other: list[tuple[Channel, str]]) -> None:
    sheet = promised(SHEET, *BETWEEN, *other)[0]
    assert sheet.due
    assert sheet.due.day == "2026-12-04"


def test_of_two_tasks_the_one_that_is_named_moves() -> None:
    sheet, photo = promised(
        SHEET, *BETWEEN, (ME, "I'll send you the photo of my bench by Friday."), *BETWEEN,
        (ME, "Friday for the photo was wrong of me. I'm away, so Monday."),
    )  # fmt: skip
    assert sheet.due
    assert sheet.due.day == "2026-12-04"
    assert photo.due
    assert photo.due.day == "2026-12-07"


def test_a_weekday_is_the_date_that_was_just_named() -> None:
    (one,) = promised(
        (THEM, "On the seventeenth we pour a deck, you could stand beside me and look."),
        (ME, "I'd like that. That's a Thursday?"), (THEM, "Thursday. Be there at seven."),
        (ME, "Yes. I'll be there."),
    )  # fmt: skip
    assert one.due
    assert one.due.day == "2026-12-17"
    assert one.what.startswith("Be there at seven")


def test_another_weekday_is_another_day() -> None:
    (one,) = promised(
        (THEM, "On the seventeenth we pour a deck, you could stand beside me and look."),
        (ME, "I can't on the seventeenth."), (THEM, "Wednesday, then. Be there at seven."),
    )  # fmt: skip
    assert one.due
    assert one.due.day == "2026-12-02"
