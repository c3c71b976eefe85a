"""How it stands with the leave to take notes: who overrules whom."""

import msgspec
import pytest
from scene import PLAN

from assistant.events import Consent, Consented, Entry, Fact, Finding
from assistant.minds.permission import Permission

pytestmark = pytest.mark.unit

ASKED, GIVEN, REFUSED = Consent(1, "asked"), Consent(2, "given"), Consent(3, "refused")
YES, NO = Consented("given"), Consented("refused")


def standing(consent: str, *events: Fact | Finding) -> str:
    permission = Permission(msgspec.convert({"consent": consent}, type(PLAN)))
    for number, event in enumerate(events):
        permission.take(Entry(number + 1, float(number), event))
    assert permission.is_given is (permission.standing in ("given", "not-needed"))
    return permission.standing


@pytest.mark.parametrize(
    ("events", "stands"),
    [
        ([], "unasked"),
        ([ASKED], "asked"),
        ([ASKED, GIVEN], "given"),
        ([ASKED, REFUSED], "refused"),
        ([ASKED, GIVEN, REFUSED], "refused"),
        ([ASKED, GIVEN, ASKED], "given"),
        ([ASKED, REFUSED, ASKED], "refused"),
        ([ASKED, REFUSED, ASKED, GIVEN], "given"),
        ([YES], "given"),
        ([NO], "refused"),
        ([ASKED, REFUSED, YES], "given"),
        ([ASKED, GIVEN, NO], "refused"),
        ([YES, NO, YES], "given"),
    ],
)
def test_the_last_answer_stands(events: list[Fact | Finding], stands: str) -> None:
    assert standing("ask", *events) == stands


def test_after_the_users_word_a_heard_no_counts_and_a_heard_yes_does_not() -> None:
    assert standing("ask", NO, ASKED, GIVEN) == "refused"
    assert standing("ask", YES, REFUSED) == "refused"
    assert standing("ask", YES, REFUSED, YES) == "given"


def test_what_the_sheet_says_stands_unless_they_refuse_what_was_given() -> None:
    assert standing("given") == "given"
    assert standing("given", ASKED) == "given"
    assert standing("given", REFUSED) == "refused"
    assert standing("not-needed", ASKED, REFUSED) == "not-needed"
    assert standing("not-needed", NO) == "refused"
