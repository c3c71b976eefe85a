"""How near their words are to what was prepared, with the model and by words alone."""

from functools import cache

import msgspec
import pytest
from scene import ME, THEM, WORDING

from assistant.events import Channel, Heard
from assistant.plan import Plan, Question, Themes
from assistant.sheet import standard_plan
from assistant.understanding.embedding import embedded_model, open_embedder
from assistant.understanding.sentences import Sentences
from assistant.understanding.theme import MOST_NEAR, Nearness, Surroundings

pytestmark = pytest.mark.unit

STANDARD = standard_plan(WORDING, "informational", "", 20.0)
CUES = {question.id: question.cue for question in STANDARD.questions}
COOK = msgspec.structs.replace(
    STANDARD,
    goal="",
    questions=(
        Question("day", "What does your day in the kitchen look like?"),
        Question("dishes", "Which dishes do you like to cook and bake?"),
        Question("money", "How does a restaurant make money?"),
    ),
)


@cache
def with_model(name: str) -> Surroundings:
    plan = {"standard": STANDARD, "cook": COOK}[name]
    return Surroundings(plan, Sentences(open_embedder(embedded_model())))


def near(text: str, around: Surroundings, channel: Channel = THEM) -> Nearness:
    return around.of(Heard(channel, 0.0, 5.0, text))


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("i take the seven o'clock train and then it is calls until noon", "typical day"),
        ("a robot will write my reports soon enough", "where it's going"),
        ("we give a desk to four interns each june and two of them stay", "ways in"),
        (
            "you should know your way around figures and i had to take classes",
            "skills and training",
        ),
        ("everyone is kind and we eat together", "people and culture"),
    ],
)
@pytest.mark.model
def test_what_they_tell_is_near_the_question_it_would_answer(text: str, cue: str) -> None:
    found = near(text, with_model("standard"))
    best = [CUES[question_id] for question_id in found.near][:2]
    assert cue in best
    assert found.theme > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "our tortoise escaped again and sat under the neighbour's hedge",
        "it has been pouring down for a week and the cellar is wet",
        "my nephew scored twice and they still lost the cup",
    ],
)
@pytest.mark.model
def test_small_talk_is_elsewhere(text: str) -> None:
    assert near(text, with_model("standard")).theme < 0.48


@pytest.mark.model
def test_with_a_cook_cooking_is_not_elsewhere() -> None:
    text = "at home i like to bake bread and cook a big pot of soup"
    assert near(text, with_model("cook")).theme > near(text, with_model("standard")).theme
    assert near(text, with_model("cook")).theme > 0.5


@cache
def by_words() -> Surroundings:
    return Surroundings(STANDARD, Sentences(None))


def test_without_a_model_shared_words_tell_it() -> None:
    found = near("my podcasts and the meetups are where i hear of things", by_words())
    assert CUES[next(iter(found.near))] == "reading and groups"
    assert found.theme > 0.5
    assert near("it is raining and the dog has a cold", by_words()).theme < 0.48


def test_words_that_nobody_knows_tell_nothing() -> None:
    assert near("quibbling zebras juggle marzipan", by_words()) == Nearness(0.5)


def test_what_i_say_and_what_is_too_short_is_not_looked_at() -> None:
    assert near("we take interns in the summer", by_words(), ME) == Nearness()
    assert near("interns yes", by_words()) == Nearness()


def test_no_more_than_a_few_questions_are_named_the_nearest_first() -> None:
    text = "my job is to learn and to train the people in my team and to plan the future"
    scores = list(near(text, by_words()).near.values())
    assert len(scores) <= MOST_NEAR
    assert scores == sorted(scores, reverse=True)


def test_a_plan_of_before_that_knows_no_themes_never_calls_a_talk_away() -> None:
    old = msgspec.structs.replace(STANDARD, themes=Themes())
    for plan in (old, Plan()):
        found = near("it is raining and the dog has a cold", Surroundings(plan, Sentences(None)))
        assert found.theme == 0.0 or found.theme >= 0.5
