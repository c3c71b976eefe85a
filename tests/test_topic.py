"""Their last point, in their own words, or none."""

import msgspec
import pytest
from scene import ME, PLAN, THEM, WORDING

from assistant.events import Channel, Heard
from assistant.plan import Plan, Question
from assistant.understanding.topic import MOST_WORDS, Topics

pytestmark = pytest.mark.unit

KNOWING = msgspec.structs.replace(PLAN, themes=WORDING.themes())


def topic(text: str, *before: str, channel: Channel = THEM, plan: Plan = KNOWING) -> str:
    earlier = tuple(Heard(THEM, 0.0, 5.0, line) for line in before)
    return Topics(plan).of(Heard(channel, 6.0, 10.0, text), earlier)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("so everything is different since the reorg you know", "reorg"),
        ("and then we had to pass that compliance audit in may", "compliance audit"),
        ("most of my week is taken by our onboarding", ""),
        ("yeah i think that is really how it is", ""),
        ("um you know it was a good time", ""),
        ("we bought them for nine hundred", ""),
    ],
)
def test_a_rare_thing_that_is_named_is_the_point(text: str, point: str) -> None:
    assert topic(text) == point


def test_what_comes_back_is_the_point_and_the_last_of_two_wins() -> None:
    assert topic("kubernetes is hard for them", "we moved to kubernetes") == "kubernetes"
    assert topic("first came the merger and then the lawsuit") == "lawsuit"


def test_no_word_of_a_prepared_question_is_followed_up() -> None:
    asked = Question("tolls", "What do the tolls cost you?")
    plan = msgspec.structs.replace(KNOWING, questions=(asked,))
    assert topic("it is always the toll") == "toll"
    assert topic("it is always the toll", plan=plan) == ""


def test_mine_is_no_point_of_theirs_and_without_a_list_nobody_knows() -> None:
    assert topic("so what about the reorg", channel=ME) == ""
    assert topic("so what about the reorg", plan=PLAN) == ""


def test_never_more_than_three_words() -> None:
    point = topic("this zinc copper cobalt nickel lithium contract")
    assert len(point.split()) == MOST_WORDS
