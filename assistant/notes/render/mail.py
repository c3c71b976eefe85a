"""The thank-you as a draft for a mail program: `thank-you.eml`.

Reads the notes and the plan; the letter itself is in `thank-you.txt.j2`. Law: nothing that was
said or written can become a header; the draft goes to an address only if it surely is theirs;
the same notes give the same bytes.
"""

import re
from collections.abc import Iterable, Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import msgspec

from assistant.errors import InputError
from assistant.events import Channel
from assistant.notes.contacts import is_address_of
from assistant.notes.header import began_at
from assistant.notes.notes import Notes
from assistant.notes.polished import PolishedLetter
from assistant.notes.render.letter import letter, letter_words
from assistant.notes.talk import clean, plain_words
from assistant.plan import Plan
from assistant.wording import Wording

_PLAIN = PolishedLetter()
TEMPLATE = "thank-you.txt"
_SUBJECT = "Subject:"
_LONGEST_SUBJECT = 120
_ADDRESS = re.compile(r"[A-Za-z0-9_+-][A-Za-z0-9._+-]{0,62}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ENCODED = re.compile(r"=\?|\?=")
_LONGEST_ADDRESS = 254
"""Signs, as RFC 5321 has it."""


def draft(
    notes: Notes,
    plan: Plan,
    wording: Wording,
    light: Iterable[str],
    days: Mapping[str, Any],
    polished: PolishedLetter = _PLAIN,
) -> bytes | None:
    """Write the draft, or None where nobody was talked with, so nobody is to be thanked.

    `light` are the words that tell little by themselves, `days` those of `page.toml`; a paragraph
    of `polished` that is not empty takes the place of ours. Raises InputError where the user's own
    template or words are at fault.
    """
    if not notes.was_talk:
        return None
    chosen = letter(notes, letter_words(wording), light)
    began = began_at(notes.header.started)
    text = wording.render(
        TEMPLATE,
        name=clean(notes.header.called),
        written={
            part: " ".join(clean(sentence.text) for sentence in getattr(polished, part))
            for part in polished.__struct_fields__
        },
        weekday=days["weekdays"][began.weekday()] if began else "",
        **{
            field: msgspec.to_builtins(getattr(chosen, field)) for field in chosen.__struct_fields__
        },
    )
    subject, body = _split(text)
    message = EmailMessage(policy=SMTP)
    # Mail programs open what has this header as a draft that can be sent.
    message["X-Unsent"] = "1"
    message["To"] = _receiver(notes, plan)
    message["Subject"] = subject
    message.set_content(body, charset="utf-8", cte="quoted-printable")
    return message.as_bytes()


def address_of(notes: Notes, plan: Plan) -> str:
    """Return the other side's e-mail: the sheet's, or the one they said; empty if unsure.

    One that was said is theirs if it was heard clearly, not from the user, and has a part of their
    name before its sign: in a talk about whom else to write to it may be anybody's.
    """
    own = [plan.person, plan.about]
    own += [p.about for p in plan.people if plain_words(p.name) == plain_words(_name(plan))]
    for text in own:
        if found := _ADDRESS.search(clean(text)):
            return _checked(found[0])
    said = [c for c in notes.contacts if c.is_sure and c.channel is not Channel.ME]
    return next((_checked(c.text) for c in said if is_address_of(c, _name(plan))), "")


def _name(plan: Plan) -> str:
    return plan.person.split(",")[0]


def _checked(address: str) -> str:
    is_good = len(address) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(address)
    return address if is_good and ".." not in address else ""


def _receiver(notes: Notes, plan: Plan) -> Address | str:
    address = address_of(notes, plan)
    return Address(_named(notes.header.person), addr_spec=address) if address else ""


def _named(text: str) -> str:
    """Return a text as it may stand in a header.

    Without what would be read as an encoded word: once decoded, such a one can hold a line's end.
    """
    return _ENCODED.sub("?", clean(text)).strip()


def _split(text: str) -> tuple[str, str]:
    """Take the subject from the first line; what follows is the letter, without gaps."""
    first, _, rest = text.strip().partition("\n")
    if not first.startswith(_SUBJECT):
        raise InputError(
            f"{TEMPLATE}.j2 does not begin with a line {_SUBJECT!r}.",
            "Mend that line, or move the file away to use ours.",
        )
    paragraphs = (" ".join(p.split()) for p in re.split(r"\n\s*\n", rest))
    body = "\n\n".join(filter(None, paragraphs))
    return _named(first.removeprefix(_SUBJECT))[:_LONGEST_SUBJECT], f"{body}\n"
