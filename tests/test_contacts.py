"""Addresses, numbers and spelled names as they are spoken, and ordinary words that look alike."""

import pytest
from told import WORDS

from assistant.understanding.contact_words import ContactWords
from assistant.understanding.contacts import Contacts, SpokenContact

pytestmark = pytest.mark.unit

CONTACTS = Contacts(WORDS.contacts)


def found(text: str) -> tuple[SpokenContact, ...]:
    return CONTACTS.find(text.split())


@pytest.mark.parametrize(
    ("said", "kind", "written"),
    [
        ("it's dana dot ruiz at acme dot co dot uk", "email", "dana.ruiz@acme.co.uk"),
        ("write to d underscore ruiz at gmail dot com", "email", "d_ruiz@gmail.com"),
        ("careers at blue dash river dot org", "email", "careers@blue-river.org"),
        ("dana ruiz all one word at acme dot com", "email", "danaruiz@acme.com"),
        ("it's dana forty five at acme dot com", "email", "dana45@acme.com"),
        ("use a b two at acme dot com", "email", "ab2@acme.com"),
        ("her address is ana dot de la cruz at uni dot edu", "email", "ana.delacruz@uni.edu"),
        ("Email Dana@Acme.com, please.", "email", "dana@acme.com"),
        (
            "my email's t boyd trucking at gmail dot com all one word",
            "email",
            "tboydtrucking@gmail.com",
        ),
        ("tboydtrucking at gmail dot com got it", "email", "tboydtrucking@gmail.com"),
        ("magda at kornhus dot dk", "email", "magda@kornhus.dk"),
        (
            "siobhan dot rafferty, R A double F E R T Y, at nhs dot net",
            "email",
            "siobhan.rafferty@nhs.net",
        ),
        (
            "it's capt ray t at bellsouth dot net c a p t r a y t",
            "email",
            "captrayt@bellsouth.net",
        ),
        (
            "It's dwhitehorse, all one word, at bighorn dot gov",
            "email",
            "dwhitehorse@bighorn.gov",
        ),
        ("we met at booking dot com", "link", "booking.com"),
        ("w w w dot aiga dot org", "link", "www.aiga.org"),
        ("w w w dot a i g a dot org", "link", "www.aiga.org"),
        ("github dot com slash acme", "link", "github.com/acme"),
        ("look at acme dot com", "link", "acme.com"),
        ("i work at acme dot com", "link", "acme.com"),
        ("see acme.com/jobs for it", "link", "acme.com/jobs"),
        ("oh seven seven double four five two one nine six", "phone", "0774452196"),
        ("call five five five oh one nine nine", "phone", "5550199"),
        ("my number is 555-0199", "phone", "5550199"),
        ("plus four nine thirty twelve thirty four fifty six", "phone", "+4930123456"),
        ("the group is on acme dot org", "link", "acme.org"),
        ("his blog is blue river dot net", "link", "blueriver.net"),
        ("write to dana at acme dot com", "email", "dana@acme.com"),
        ("it's in the docs at acme dot com", "link", "acme.com"),
        ("bello dot o at acme dot com", "email", "bello.o@acme.com"),
        ("text me on eight seven six five four three two", "phone", "8765432"),
        ("my name is spelled d a n a", "name", "Dana"),
        ("it's spelled r u i z i think", "name", "Ruiz"),
        ("ruiz that's r u i z", "name", "Ruiz"),
        ("d for delta a for alpha n as in november", "name", "Dan"),
        ("spelled double l o y d", "name", "Lloyd"),
    ],
)
def test_it_is_read_as_spoken(said: str, kind: str, written: str) -> None:
    (contact,) = found(said)
    assert (contact.kind, contact.text) == (kind, written)
    assert contact.heard == " ".join(said.split()[contact.first : contact.last])


@pytest.mark.parametrize(
    "said",
    [
        "meet at ten",
        "the dot com boom",
        "look at acme and tell me",
        "nine on the dot",
        "connect the dots to me",
        "python three dot eleven",
        "in twenty nineteen and nineteen ninety eight",
        "one two three four five six seven",
        "about nine hundred five five five thousand",
        "i b m and a w s and u c l a",
        "a spell of bad luck",
        "it was five two at half time",
        "",
    ],
)
def test_nothing_is_invented(said: str) -> None:
    assert found(said) == ()


def test_a_domain_of_two_words_is_in_doubt() -> None:
    (contact,) = found("info at blue river dot org")
    assert (contact.text, contact.is_sure) == ("info@blueriver.org", False)


def test_an_odd_word_that_opens_a_line_is_a_box() -> None:
    (contact,) = found("greg at bluebonnet books dot com he answers email")
    assert (contact.text, contact.is_sure) == ("greg@bluebonnetbooks.com", False)
    (link,) = found("look at bluebonnet dot com it is all there")
    assert link.kind == "link"


def test_all_of_a_line_are_found_each_once() -> None:
    both = found("it's dana dot r at acme dot com or acme dot com slash dana")
    assert [(contact.kind, contact.text) for contact in both] == [
        ("email", "dana.r@acme.com"),
        ("link", "acme.com/dana"),
    ]


def test_without_words_nothing_is_found() -> None:
    assert Contacts(ContactWords()).find(["dana", "at", "acme", "dot", "com"]) == ()
