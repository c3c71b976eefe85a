"""The sheet's names and terms are put right; ordinary words stay."""

import pytest
from told import PHRASES

from assistant.events import Channel, Heard, Word
from assistant.plan import Person, Plan
from assistant.understanding.spelling import Speller

pytestmark = pytest.mark.unit

PLAN = Plan(
    person="Dana Ruiz, head of data at Vantero",
    people=(Person("Sam Okafor", "lead at Beta"), Person("Mark Ostrowski"), Person("Will Tran")),
    terms=("Kubernetes", "BigQuery", "dbt"),
    phrases=PHRASES,
)
SPELLER = Speller(PLAN)


def put_right(text: str) -> str:
    return SPELLER.put_right(Heard(Channel.THEM, 0.0, 1.0, text)).text


@pytest.mark.parametrize(
    ("heard", "right"),
    [
        ("i met dana ruse last year", "i met Dana Ruiz last year"),
        ("so data ruiz told me", "so Dana Ruiz told me"),
        ("it runs on cooper nettie's now", "it runs on Kubernetes now"),
        ("it runs on cooper nettis, now", "it runs on Kubernetes, now"),
        ("that was sam okafer's idea", "that was Sam Okafor's idea"),
        ("ask sam oak a for", "ask Sam Okafor"),
        ("I think Mark Ostrofsky left.", "I think Mark Ostrowski left."),
        ("the logs are in big query", "the logs are in BigQuery"),
        ("we use d b t for that", "we use dbt for that"),
        ("before ventero i taught", "before Vantero i taught"),
    ],
)
def test_a_name_of_the_sheet_is_put_right(heard: str, right: str) -> None:
    assert put_right(heard) == right


@pytest.mark.parametrize(
    "text",
    [
        "that was a clever ruse",
        "make your mark and go on",
        "we will train you for a month",
        "will try again",
        "it was a big query for support",
        "the data was never clean",
        "i know sam and mark",
        "Sam, okay. For me that works.",
        "dana ruiz and Dana Ruiz's team",
        "we use BigQuery and bigquery",
        "",
    ],
)
def test_other_words_stay_as_they_were_heard(text: str) -> None:
    heard = Heard(Channel.ME, 0.0, 1.0, text)
    assert SPELLER.put_right(heard) is heard


def test_an_address_is_left_as_it_was_spoken() -> None:
    for text in ("dana dot ruis at vantera dot com", "write to w underscore okafer at beta dot io"):
        assert put_right(text) == text


def test_what_was_heard_is_kept_and_putting_right_again_changes_nothing() -> None:
    once = SPELLER.put_right(Heard(Channel.THEM, 0.0, 1.0, "i met dana ruse"))
    assert once.as_heard == "i met dana ruse"
    assert SPELLER.put_right(once) is once


def timed(*texts: str) -> Heard:
    words = tuple(Word(text, float(n), n + 1.0, 1.0 - n / 10) for n, text in enumerate(texts))
    return Heard(Channel.THEM, 0.0, float(len(texts)), " ".join(texts), words)


def test_the_words_keep_their_times() -> None:
    right = SPELLER.put_right(timed("met", "dana", "ruse", "here"))
    assert [word.text for word in right.words] == ["met", "Dana", "Ruiz", "here"]
    assert [word.start_s for word in right.words] == [0.0, 1.0, 2.0, 3.0]


def test_several_words_that_were_one_share_its_time() -> None:
    right = SPELLER.put_right(timed("ask", "sam", "oak", "a", "for"))
    assert right.text.split() == [word.text for word in right.words] == ["ask", "Sam", "Okafor"]
    assert (right.words[1].start_s, right.words[2].end_s) == (1.0, 5.0)
    assert right.words[1].end_s == right.words[2].start_s
    assert right.words[1].confidence == right.words[2].confidence == pytest.approx(0.6)


def test_words_that_do_not_fit_the_text_are_left_alone() -> None:
    heard = Heard(Channel.THEM, 0.0, 1.0, "met dana ruse", (Word("met", 0.0, 1.0, 1.0),))
    assert SPELLER.put_right(heard).words == heard.words


def test_without_names_nothing_is_put_right() -> None:
    heard = Heard(Channel.THEM, 0.0, 1.0, "i met dana ruse")
    assert Speller(Plan(phrases=PHRASES)).put_right(heard) is heard


def test_more_than_one_of_a_term_is_no_mistake() -> None:
    speller = Speller(Plan(terms=("reed stop",), phrases=PHRASES))
    for text in ("Reed stops, I'd say seven", "it is reed stops all day", "the reed stop"):
        assert speller.put_right(Heard(Channel.THEM, 0.0, 1.0, text)).text == text
