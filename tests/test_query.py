"""What somebody types to look for becomes words, phrases and beginnings, or one sentence."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import InputError
from assistant.keeping.query import LONGEST_LETTERS, Term, fold, pattern_of, read_query

pytestmark = pytest.mark.unit


def terms(typed: str) -> tuple[Term, ...]:
    return read_query(typed).terms


def test_words_phrases_and_beginnings() -> None:
    assert terms("merger budget") == (Term(("merger",)), Term(("budget",)))
    assert terms('"hospital merger" day') == (Term(("hospital", "merger")), Term(("day",)))
    assert terms("merg*") == (Term(("merg",), is_beginning=True),)
    assert terms('"hospital merg*"') == (Term(("hospital", "merg"), is_beginning=True),)


def test_marks_within_a_word_make_a_phrase_of_it() -> None:
    assert terms("e-mail don't") == (Term(("e", "mail")), Term(("don", "t")))


def test_quotes_of_every_kind_are_quotes() -> None:
    assert terms("\u201cfirst job\u201d") == terms("\u00abfirst job\u00bb") == terms('"first job"')


def test_the_same_word_twice_is_looked_for_once() -> None:
    assert terms("day day") == (Term(("day",)),)


def test_and_is_no_word_but_small_it_is() -> None:
    assert terms("salt AND pepper") == (Term(("salt",)), Term(("pepper",)))
    assert Term(("and",)) in terms("salt and pepper")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "no word"),
        ("  -- ?! ", "no word"),
        ('""', "no word"),
        ('"first job', "not closed"),
        ("*", "can only end a word"),
        ("me*ger", "can only end a word"),
        ("*ger", "can only end a word"),
        ("salt OR pepper", "OR can not be used"),
        ("NOT salt", "NOT can not be used"),
        ("a " * LONGEST_LETTERS, "too long"),
        (" ".join(f"w{n}" for n in range(17)), "At most 16 words"),
    ],
)
def test_what_can_not_be_looked_for_is_said_in_words(typed: str, said: str) -> None:
    with pytest.raises(InputError) as wrong:
        read_query(typed)
    assert said in str(wrong.value)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_words_or_a_sentence(typed: str) -> None:
    # Anything but an InputError is a fault.
    with contextlib.suppress(InputError):
        for term in read_query(typed).terms:
            assert all(re.fullmatch(r"[^\W_]+", word) for word in term.words)


@given(st.text(max_size=40))
def test_a_folded_text_has_a_letter_for_each_of_its_own(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_accents_and_case_are_put_aside() -> None:
    assert fold("Ana ÁLVAREZ, Zürich") == "ana alvarez, zurich"


@pytest.mark.parametrize(
    ("typed", "text", "is_found"),
    [
        ("merger", "the merger, then", True),
        ("merger", "the mergers", False),
        ("merg*", "two Mergers", True),
        ("merg*", "submerging", False),
        ('"first job"', "my first, job", True),
        ('"first job"', "my first\njob", False),
        ("caf*", "Cafés", True),
        ("e-mail", "by e-mail", True),
    ],
)
def test_a_term_is_found_where_its_words_stand(typed: str, text: str, is_found: bool) -> None:
    [term] = terms(typed)
    assert bool(pattern_of(term).search(fold(text))) == is_found
