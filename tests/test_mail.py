"""The thank-you as a mail program opens it."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import msgspec
import pytest
from payloads import PAYLOADS
from told import PLAN, PROMPTS, WORDING, WORDS, Told, interview

from assistant.errors import InputError
from assistant.notes.notes import learn
from assistant.notes.polished import PolishedLetter, Sentence
from assistant.notes.render.mail import address_of, draft
from assistant.plan import Person, Plan
from assistant.wording import Wording

pytestmark = pytest.mark.unit


def raw(call: Told, plan: Plan = PLAN, wording: Wording = WORDING) -> bytes:
    days = wording.labels("page")
    made = draft(learn(plan, call.entries, WORDS), plan, wording, WORDS.light, days)
    assert made is not None
    return made


def opened(call: Told, plan: Plan = PLAN, wording: Wording = WORDING) -> EmailMessage:
    return email.message_from_bytes(raw(call, plan, wording), policy=default)


def body(call: Told, plan: Plan = PLAN) -> str:
    return text_of(opened(call, plan))


def text_of(message: EmailMessage) -> str:
    return str(message.get_content()).replace("\r\n", "\n")


def test_it_opens_as_a_draft_in_plain_text() -> None:
    message = opened(interview())
    assert message["X-Unsent"] == "1"
    assert message["Subject"] == "Thank you, Dana"
    assert message["To"] == ""
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert message.defects == []
    assert b"\n" not in raw(interview()).replace(b"\r\n", b"")
    assert max(map(len, raw(interview()).split(b"\r\n"))) <= 78


def test_it_is_three_short_paragraphs_of_what_was_said() -> None:
    paragraphs = body(interview()).strip().split("\n\n")
    assert paragraphs[0] == "Dear Dana,"
    assert paragraphs[-1] == "Best wishes,"
    said, promised, offered = paragraphs[1:-1]
    assert said.startswith("Thank you for talking with me on Tuesday.")
    assert said.endswith(
        "that the hardest part is that nobody trusts the numbers until something breaks."
    )
    assert "send you my outline by December third" in promised
    assert "talk to Sam Okafor at Beta" in promised
    assert offered == "Thank you for offering to send me the list of meetups by Friday."
    assert all(len(paragraph.split()) < 60 for paragraph in paragraphs)


def test_of_what_is_not_known_nothing_is_said() -> None:
    call = Told(wall="")
    call.them(1.0, "hello")
    assert body(call.end(9.0), Plan()) == (
        "Hello,\n\nThank you for talking with me.\n\nBest wishes,\n"
    )


def test_nobody_is_thanked_for_a_call_in_which_nobody_spoke() -> None:
    call = Told()
    call.me(1.0, "hello can you hear me")
    learnt = learn(PLAN, call.entries, WORDS)
    assert draft(learnt, PLAN, WORDING, WORDS.light, WORDING.labels("page")) is None


def test_the_same_call_gives_the_same_draft() -> None:
    assert raw(interview()) == raw(interview())


# ---------------------------------------------------------------- to whom


def address(text: str, plan: Plan = PLAN) -> str:
    call = Told()
    call.them(1.0, text)
    return address_of(learn(plan, call.end(20.0).entries, WORDS), plan)


def test_their_own_address_that_they_said_is_taken() -> None:
    assert address("you can email me at dana dot ruiz at acme dot com") == "dana.ruiz@acme.com"


@pytest.mark.parametrize(
    "text", ["write to sam dot okafor at beta dot com", "email info at acme dot com", "hello there"]
)
def test_an_address_that_may_be_anybody_elses_is_left_empty(text: str) -> None:
    assert address(text) == ""


def test_the_sheets_address_goes_before_what_was_said() -> None:
    people = (*PLAN.people, Person("Dana Ruiz", "data engineer, d.ruiz@acme.example"))
    plan = msgspec.structs.replace(PLAN, people=people)
    assert address("my email is dana at home dot com", plan) == "d.ruiz@acme.example"
    named = msgspec.structs.replace(PLAN, person="Dana Ruiz, dana@acme.example")
    assert str(opened(interview(), named)["To"]).endswith("<dana@acme.example>")


# ---------------------------------------------------------------- hostile words

SMUGGLED = (
    "Dana\r\nBcc: everyone@evil.example",
    "Dana\nSubject: owned\n\nbody",
    "Dana\u2028Bcc: x@evil.example",
    "Dana\x85Bcc: x@evil.example",
    "=?utf-8?q?Dana=0ABcc:_x@evil.example?=",
    'Dana" <x@evil.example>, "y',
    "Dana <x@evil.example>",
    "Ða\u202ena \U0001f600 " + "x" * 500,
)


@pytest.mark.parametrize("name", [*SMUGGLED, *PAYLOADS[::9]])
def test_no_name_can_become_a_header_or_a_receiver(name: str) -> None:
    people = (Person(name, "dana@acme.example"),)
    plan = msgspec.structs.replace(PLAN, person=name, people=people, about=name)
    call = Told()
    call.them(1.0, f"I'll send you {name} by friday.")
    message = opened(call.end(20.0), plan)
    assert sorted(message.keys()) == [
        "Content-Transfer-Encoding", "Content-Type", "MIME-Version", "Subject", "To", "X-Unsent",
    ]  # fmt: skip
    receivers = message["To"].addresses
    assert len(receivers) <= 1
    if "evil" not in name:
        assert all(one.addr_spec == "dana@acme.example" for one in receivers)
    assert not re.search(r"[\r\n]", str(message["Subject"]))


# ---------------------------------------------------------------- the user's own template


def own(folder: Path, text: str, language: str = "en") -> Wording:
    (folder / language).mkdir(parents=True)
    (folder / language / "thank-you.txt.j2").write_text(text, encoding="utf-8")
    return Wording(language, (folder, PROMPTS))


def test_a_letter_of_the_users_own_in_another_language(tmp_path: Path) -> None:
    wording = own(
        tmp_path,
        "Subject: Danke, {{ name }}\n\nLiebe {{ name }},\n\ndanke für {{ weekday }}.",
        "de",
    )
    message = opened(interview(), wording=wording)
    assert message["Subject"] == "Danke, Dana"
    assert text_of(message) == "Liebe Dana,\n\ndanke für Tuesday.\n"


def test_a_template_without_a_subject_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not begin with a line 'Subject:'"):
        opened(interview(), wording=own(tmp_path, "Dear {{ name }},"))


def test_a_paragraph_of_a_language_model_takes_the_place_of_ours_and_no_other() -> None:
    learnt = learn(PLAN, interview().entries, WORDS)
    sentence = Sentence("I will send you my outline\nby the third.", 85.0, (1,))
    days = WORDING.labels("page")
    made = draft(learnt, PLAN, WORDING, WORDS.light, days, PolishedLetter(mine=(sentence,)))
    text = text_of(email.message_from_bytes(made or b"", policy=default))
    assert "I will send you my outline by the third." in text
    assert "As I promised" not in text
    assert "Thank you for offering to send me the list of meetups by Friday." in text


def test_no_more_than_one_offer_is_quoted() -> None:
    call = Told()
    call.them(20.0, "I'll send you what you asked for.")
    call.them(40.0, "I'll email you what I have on the other one.")
    assert body(call.end(60.0)).count("You kindly said") == 1
