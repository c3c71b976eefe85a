"""What `start` says of a call that began."""

import pytest

from assistant.cli.starting import listening_to
from assistant.plan import Plan, Question

pytestmark = pytest.mark.unit

MUST, OPEN = Question("why", "Why?", must=True), Question("how", "How?")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(minutes=1.0), "Listening. 1 minute; 0 must-asks."),
        (Plan("Dana", minutes=20.0, questions=(MUST, OPEN)), "20 minutes; 1 must-ask."),
        (Plan("Dana", minutes=2.5, questions=(MUST, MUST)), "2.5 minutes; 2 must-asks."),
    ],
)
def test_it_says_for_how_long_and_what_must_be_asked(plan: Plan, said: str) -> None:
    assert listening_to(plan) == (f"Listening to Dana. {said}" if plan.person else said)
