"""When a call began, as its journal says it."""

import pytest

from assistant.notes.header import began_at

pytestmark = pytest.mark.unit


def test_when_a_call_began_has_its_offset() -> None:
    began = began_at("2026-12-01T15:00:00+01:00")
    assert began is not None
    assert began.isoformat() == "2026-12-01T15:00:00+01:00"


@pytest.mark.parametrize(
    "started", ["", "soon", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00"]
)
def test_from_a_year_that_is_none_nobody_counts(started: str) -> None:
    assert began_at(started) is None
