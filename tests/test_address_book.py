"""People as cards: what is on them is surely theirs, and what was said steers no address book."""

import pytest
import vobject  # pyright: ignore[reportMissingTypeStubs]

from assistant.across.acquaintances import Person, Talk
from assistant.across.address_book import cards_of
from assistant.keeping.digest import Reach

pytestmark = pytest.mark.unit


def person(name: str, *reach: Reach, about: str = "nurse") -> Person:
    return Person(name, about, (Talk("a", "2026-12-01"),), (), reach, (), (), ())


def read(*everybody: Person, note: str = "") -> list[dict[str, str]]:
    """Read cards back; each as its fields."""
    cards = vobject.readComponents(cards_of(everybody, lambda _: note))  # pyright: ignore
    return [{line.name: str(line.value) for line in card.lines()} for card in cards]  # pyright: ignore


def test_only_what_is_surely_theirs_is_on_a_card() -> None:
    sure = Reach("email", "dana@acme.com")
    doubtful = Reach("phone", "555 1234", is_sure=False)
    anybodys = Reach("link", "acme.com", is_theirs=False)
    sentence = Reach("", "ask at the desk")
    [card] = read(person("Dana Ruiz", sure, doubtful, anybodys, sentence))
    assert card["EMAIL"] == "dana@acme.com"
    assert not {"TEL", "URL"} & card.keys()


def test_a_card_keeps_its_uid_and_the_same_people_give_the_same_bytes() -> None:
    before, after = person("Dana Ruiz"), person("dana  RUIZ", about="head nurse")
    assert read(before)[0]["UID"] == read(after)[0]["UID"]
    assert read(before)[0]["UID"] != read(person("Dana Ruis"))[0]["UID"]
    assert cards_of([before], lambda _: "") == cards_of([before], lambda _: "")


@pytest.mark.parametrize(
    "said",
    ["a\r\nTEL:666", "a\nEND:VCARD\nBEGIN:VCARD\nFN:Eve", "a;b,c\\n\\;TEL:666", "a\u2028TEL:666"],
)
def test_nothing_that_was_said_is_a_field_of_its_own(said: str) -> None:
    reach = Reach("link", said)
    cards = read(person(f"Dana {said}", reach, about=said), note=said)
    assert len(cards) == 1
    assert cards[0].keys() == {"VERSION", "N", "FN", "UID", "TITLE", "URL", "NOTE"}
    assert cards[0]["NOTE"] == " ".join(said.split())
