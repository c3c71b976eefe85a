"""The addresses and numbers of a call stand in its notes, with the second and the words."""

import pytest
from told import PLAN, WORDING, WORDS, Told

from assistant.events import Channel
from assistant.notes.contacts import Contact, is_address_of
from assistant.notes.notes import Notes, learn
from assistant.notes.render.summary import summary

pytestmark = pytest.mark.unit


def told(*lines: tuple[Channel, float, str]) -> Notes:
    call = Told()
    for channel, start_s, text in lines:
        call.say(channel, start_s, text)
    return learn(PLAN, call.end(900.0).entries, WORDS)


def test_an_address_is_kept_with_its_second_and_its_words() -> None:
    notes = told((Channel.THEM, 30.0, "you can write to dana dot ruiz at acme dot com"))
    (contact,) = notes.contacts
    assert (contact.kind, contact.text) == ("email", "dana.ruiz@acme.com")
    assert contact.start_s == pytest.approx(30.0 + 4 / 3, abs=0.01)
    assert contact.heard == "Dana dot Ruiz at Acme dot com"
    assert (contact.channel, contact.is_sure, len(contact.seqs)) == (Channel.THEM, True, 1)


def test_one_that_goes_on_in_the_next_line_is_one() -> None:
    notes = told(
        (Channel.THEM, 30.0, "it's dana dot ruiz"), (Channel.THEM, 33.0, "at acme dot com")
    )
    (contact,) = notes.contacts
    assert contact.text == "dana.ruiz@acme.com"
    assert len(contact.seqs) == 2


def test_said_again_by_the_same_voice_it_stands_once() -> None:
    again = "that's acme dot com slash jobs"
    notes = told(
        (Channel.THEM, 10.0, again), (Channel.ME, 20.0, again), (Channel.THEM, 60.0, again)
    )
    assert [(c.channel, c.start_s < 30.0) for c in notes.contacts] == [
        (Channel.THEM, True),
        (Channel.ME, True),
    ]


def test_the_page_shows_them_beside_what_was_heard() -> None:
    page = summary(told((Channel.THEM, 30.0, "info at blue river dot org")), WORDING)
    assert "## Contacts" in page
    (line,) = (line for line in page.splitlines() if "blueriver" in line)
    assert line.startswith("- [00:00:30] **Dana:** e-mail info")
    assert '(heard "info at blue river dot org": check it)' in line


def test_a_call_without_any_has_no_such_part() -> None:
    page = summary(told((Channel.THEM, 30.0, "let's meet at ten")), WORDING)
    assert "Contacts" not in page


@pytest.mark.parametrize(
    ("address", "name", "theirs"),
    [
        ("renee.d@acme.com", "Ren\u00e9e Dubois", True),
        ("druiz@acme.com", "Dana Ruiz", True),
        ("jo@acme.com", "Jo Li", False),
        ("someone@ruiz.com", "Dana Ruiz", False),
    ],
)
def test_whose_an_address_is_stands_before_its_sign(
    address: str, name: str, *, theirs: bool
) -> None:
    contact = Contact("email", address, Channel.THEM, 1.0, "", is_sure=True, seqs=(1,))
    assert is_address_of(contact, name) is theirs
