"""The three heads: a wish to end, an ask for a job, a promise; with the model and without."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from assistant.events import Channel, Heard
from assistant.plan import Plan
from assistant.settings import texts
from assistant.understanding.embedding import embedded_model, open_embedder
from assistant.understanding.heads import Heads, Scores, is_ours
from assistant.understanding.sentences import Sentences
from assistant.wording import Wording

pytestmark = pytest.mark.model

PLAN = Plan(phrases=Wording("en", (Path(texts("prompts")),)).phrases())
ME, THEM = Channel.ME, Channel.THEM


@pytest.fixture(scope="module")
def with_model() -> Heads:
    return Heads(PLAN, Sentences(open_embedder(embedded_model())))


@pytest.fixture(scope="module")
def by_words() -> Heads:
    return Heads(PLAN, Sentences(None))


def heard(text: str, channel: Channel = THEM, at_s: float = 10.0) -> Heard:
    return Heard(channel, at_s, at_s + 3.0, text)


@pytest.mark.parametrize(
    "text",
    [
        "so i have to go",
        "i should let you go",
        "i've got to jump to another meeting",
        "Listen, I really have to get going.",
    ],
)
def test_they_want_to_end(with_model: Heads, text: str) -> None:
    assert with_model.scores(heard(text)).farewell >= PLAN.dials.farewell_alone_at


@pytest.mark.parametrize(
    "text",
    [
        "let me close the door",
        "i have about twenty minutes today",
        "we start with the data and then we build the model",
    ],
)
def test_ordinary_talk_is_no_wish_to_end(with_model: Heads, text: str) -> None:
    assert with_model.scores(heard(text)).farewell < PLAN.dials.farewell_pair_at


def test_i_ask_for_a_job_and_how_people_are_hired_is_fine(with_model: Heads) -> None:
    at = PLAN.dials.job_ask_at
    assert with_model.scores(heard("would you have a job for me in the lab", ME)).job_ask >= at
    assert with_model.scores(heard("how does hiring work there", ME)).job_ask < at
    assert with_model.scores(heard("what do you look for in new people", ME)).job_ask < at


@pytest.mark.parametrize(
    "text",
    [
        "So just to say it up front I'm not after a job, I work as an electrician.",
        "i am not asking for a job today i would just like to learn from how you see it",
        "could you email me the form",
        "could you send me the contract",
        "is there any chance i could shadow you for a morning",
        "oh that would be fantastic yes please",
        "and i'll let you know by monday whether i can get the train",
        "is there somebody you would send me to next",
        "would it be possible to come along and watch you work one day",
        "and who are the others then besides your wife",
    ],
)
def test_who_asks_for_a_paper_or_says_that_they_ask_for_none(
    with_model: Heads, by_words: Heads, text: str
) -> None:
    assert max(heads.scores(heard(text, ME)).job_ask for heads in (with_model, by_words)) < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "are you hiring",
        "are you hiring at the moment",
        "is your company hiring right now",
        "do you have any openings",
        "do you have a vacancy at the moment",
        "i'm not looking for a job but would you hire me",
        "i'm not applying for anything yet but are you hiring",
    ],
)
def test_whoever_asks_whether_they_hire_asks_for_a_job(
    with_model: Heads, by_words: Heads, text: str
) -> None:
    assert min(heads.scores(heard(text, ME)).job_ask for heads in (with_model, by_words)) >= 0.7


def test_a_promise_and_what_only_sounds_like_one(with_model: Heads) -> None:
    at = PLAN.dials.promise_at
    assert with_model.scores(heard("i'll mail you that report in the evening")).promise >= at
    assert with_model.scores(heard("they promised us a budget")).promise < at
    assert with_model.scores(heard("i'll be honest it was hard")).promise < at


def test_the_end_of_a_long_line_is_read_by_itself(with_model: Heads) -> None:
    long = (
        "so the way the tender works is that three suppliers hand in their papers and then a "
        "committee reads them for a month or so and picks one but look i really have to go now"
    )
    assert with_model.scores(heard(long)).farewell >= PLAN.dials.farewell_pair_at


def test_a_promise_at_the_beginning_of_a_very_long_line_is_not_lost(with_model: Heads) -> None:
    long = (
        "let me mail you the report tonight and put you in touch with my colleague who knows it "
        "better i can write to her tomorrow about the bridge that was shut for two winters because "
        "the old steel had rusted from inside and nobody had looked there for thirty years so the "
        "town had to send all the lorries through the villages and people there were furious and "
        "painted their bed sheets and hung them out of the windows all along the road"
    )
    assert with_model.scores(heard(long)).promise >= PLAN.dials.promise_at


def test_an_ask_in_two_lines_is_one(with_model: Heads) -> None:
    first = Heard(ME, 5.0, 9.5, "so i was wondering would you")
    second = Heard(ME, 10.0, 12.0, "hire me as your assistant")
    later = Heard(ME, 20.0, 22.0, "as your assistant")
    assert with_model.scores(second, (first,)).job_ask >= PLAN.dials.job_ask_at
    assert with_model.scores(later, (first,)).job_ask < PLAN.dials.job_ask_at


def test_without_a_model_words_and_phrases_tell(by_words: Heads) -> None:
    assert by_words.scores(heard("sorry i have another meeting")).farewell == 1.0
    assert by_words.scores(heard("would you hire me", ME)).job_ask == 1.0
    assert by_words.scores(heard("i'll send you the list")).promise == 1.0
    assert by_words.scores(heard("could you employ me in your company", ME)).job_ask > 0.5
    assert by_words.scores(heard("the roof was old")).promise < 0.5


def test_another_language_has_its_phrases_alone() -> None:
    phrases = msgspec.structs.replace(PLAN.phrases, farewell=("ich muss los",), job_ask=())
    plan = msgspec.structs.replace(PLAN, language="de", phrases=phrases)
    heads = Heads(plan, Sentences(None))
    assert heads.scores(heard("so ich muss los")) == Scores(farewell=1.0)
    assert heads.scores(heard("could you employ me in your company", ME)) == Scores()


@pytest.mark.parametrize("text", ["", "...", "\u00e9\u00e9", "a " * 3000, "\x00\ufffd"])
def test_any_text_has_scores_between_0_and_1(by_words: Heads, text: str) -> None:
    scores = by_words.scores(heard(text))
    assert all(0.0 <= s <= 1.0 for s in (scores.farewell, scores.job_ask, scores.promise))


def test_an_echo_means_nothing(with_model: Heads) -> None:
    echo = msgspec.structs.replace(heard("would you hire me", ME), echo=True)
    assert with_model.scores(echo) == Scores()


def test_the_same_line_after_the_same_lines_means_the_same(with_model: Heads) -> None:
    before: Sequence[Heard] = (heard("that is how it began", ME, 3.0),)
    line = heard("could you refer me for the job", ME)
    again = Heads(PLAN, Sentences(open_embedder(embedded_model())))
    assert with_model.scores(line, before) == again.scores(line, before)


@pytest.mark.parametrize("language", ["en", "en-us", "en-GB", "en_AU"])
def test_english_of_every_country_is_english(language: str) -> None:
    assert is_ours(language)
    assert not is_ours("eno")
    assert not is_ours("de-en")
