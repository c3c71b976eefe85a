"""Words of a text, and which of them are the same word."""

import pytest
from told import WORDING

from assistant.polishing.lexicon import lexicon_of
from assistant.polishing.tokens import Reader, Token, quotations, without_citations

pytestmark = pytest.mark.unit

READER = Reader(lexicon_of(WORDING))


def one(text: str) -> Token:
    [token] = READER.tokens(text)
    return token


def words(text: str) -> list[str]:
    return [token.text for token in READER.tokens(text)]


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("I'll don\u2019t can't", ["i", "will", "do", "not", "can", "not"]),
        ("Dana's on-call team", ["dana", "'s", "on", "call", "team"]),
        ("20% now", ["20", "percent", "now"]),
        ("we\u2014both", ["we", "both"]),
    ],
)
def test_contractions_are_written_out(text: str, of: list[str]) -> None:
    assert words(text) == of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seven", 7),
        ("twenty-five", 25),
        ("two hundred", 200),
        ("three thousand", 3000),
        ("20k", 20_000),
        ("1,000", 1000),
        ("3.5", 3.5),
        ("nineteen ninety eight", 1998),
        ("twenty twenty six", 2026),
    ],
)
def test_numbers_are_equal_by_their_value(text: str, value: float) -> None:
    assert one(text).number == value


def test_numbers_side_by_side_are_not_added_up() -> None:
    assert [token.number for token in READER.tokens("nine thirty")] == [9, 30]
    assert [token.number for token in READER.tokens("one or two")] == [1, None, 2]


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ("works", "work"),
        ("groups", "group"),
        ("studies", "study"),
        ("sent", "sent"),
        ("talking", "talk"),
        ("moved", "moved"),
        ("planned", "planned"),
        ("7", "seven"),
    ],
)
def test_a_word_may_be_told_in_another_number_or_person(told: str, heard: str) -> None:
    assert one(told).tells(one(heard))


@pytest.mark.parametrize(
    ("told", "heard"),
    [
        ("worked", "work"),
        ("work", "worked"),
        ("sent", "send"),
        ("works", "working"),
        ("list", "last"),
        ("7", "eight"),
        ("university", "universe"),
    ],
)
def test_what_is_past_and_what_goes_on_are_other_words(told: str, heard: str) -> None:
    assert not one(told).tells(one(heard))


def test_marks_and_words_such_as_but_begin_clauses_and_full_stops_sentences() -> None:
    tokens = READER.tokens("I went, but she stayed. Then it rained")
    assert [token.clause for token in tokens] == [0, 0, 2, 2, 2, 4, 4, 4]
    assert [token.sentence for token in tokens] == [0, 0, 0, 0, 0, 1, 1, 1]


def test_a_question_mark_makes_a_sentence_ask_and_no_other() -> None:
    asked = [token.is_asked for token in READER.tokens("It rains. Do you care? No")]
    assert asked == [False, False, True, True, True, False]


@pytest.mark.parametrize(
    ("text", "bare", "cites"),
    [
        ("It rains [41].", "It rains.", (41,)),
        ("It rains [41, 43] and pours [44].", "It rains and pours.", (41, 43, 44)),
        ("It rains (lines 41 and 43).", "It rains.", (41, 43)),
        ("In (1998) it rained.", "In (1998) it rained.", ()),
        ("It rains.", "It rains.", ()),
    ],
)
def test_citations_are_taken_out(text: str, bare: str, cites: tuple[int, ...]) -> None:
    assert without_citations(text) == (bare, cites)


def test_what_stands_in_quotation_marks_is_told_apart() -> None:
    assert quotations("She said \u201cnever\u201d twice") == ("She said  ;  twice", ("never",))
