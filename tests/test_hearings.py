"""Which of two hearings of a line is likelier right: by what is known of engines, and by eye."""

import pytest

from assistant.events import Channel, Heard, HeardAgain
from assistant.notes.hearings import NEAR, chosen, doubt, is_better

pytestmark = pytest.mark.unit

THEM = Channel.THEM
FIRST = "we start at nine and then everybody rights queries"
AGAIN = "We start at nine, and then everybody writes queries."


def first(text: str = FIRST) -> Heard:
    return Heard(THEM, 1.0, 4.0, text, engine="first")


def again(
    text: str = AGAIN, rate: float | None = 0.05, known: float | None = 0.1, engine: str = "second"
) -> HeardAgain:
    return HeardAgain(
        (1,), THEM, 1.0, 4.0, text, engine=engine, word_errors=rate, first_word_errors=known
    )


@pytest.mark.parametrize(
    ("text", "length_s", "why"),
    [
        ("we start at nine", 2.0, None),
        ("yes", 0.2, None),
        ("", 2.0, "empty"),
        (" . ", 2.0, "empty"),
        ("no no no no", 1.0, None),
        ("no no no no no", 1.5, "loop"),
        ("so I think so I think so", 4.0, None),
        ("and so I think and so I think and so I think", 4.0, "loop"),
        ("we went there, and there, and there, and there", 4.0, None),
        ("thank you thank you thank you thank you thank you", 4.0, "loop"),
        ("all of these words in one short second and even more of them", 1.0, "too many words"),
    ],
)
def test_what_can_not_have_been_said_is_doubted(
    text: str, length_s: float, why: str | None
) -> None:
    assert doubt(text, length_s) == why


@pytest.mark.parametrize(
    ("rate", "known", "better"),
    [
        (0.05, 0.1, True),
        (0.1, 0.05, False),
        (0.1, 0.1, True),
        (0.1 * NEAR + 0.001, 0.1, False),
        (None, 0.1, True),
        (0.1, None, True),
    ],
)
def test_between_two_that_can_be_right_the_engine_decides(
    rate: float | None, known: float | None, better: bool
) -> None:
    assert is_better(first(), again(rate=rate, known=known)) is better


@pytest.mark.parametrize("text", ["", "we", "we start and we start and we start and we start and"])
def test_a_hearing_that_failed_stands_in_for_none(text: str) -> None:
    assert not is_better(first(), again(text))


def test_one_that_can_be_right_stands_in_for_one_that_failed() -> None:
    assert is_better(first("the the the the the the"), again(rate=0.3, known=0.05))


def test_where_nothing_was_heard_one_word_is_too_little() -> None:
    assert not is_better(None, again("you"))
    assert is_better(None, again("at least"))


def test_of_several_hearings_the_best_is_chosen_and_the_user_overrules() -> None:
    good, poor = again("We start at nine, then all write queries.", 0.02), again(rate=0.2)
    assert chosen(first(), [good, poor], "better") == good
    assert chosen(first(), [poor, good], "better") == good
    assert chosen(first(), [poor], "better") is None
    assert chosen(first(), [good, poor], "again") == poor
    assert chosen(first(), [good, poor], "first") is None
    assert chosen(first(), [good, again("")], "again") == good
