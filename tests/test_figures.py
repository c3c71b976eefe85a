"""The benchmarks' report: a missed target is never without its reason."""

import msgspec
import pytest
from figures import Cost, Figure, table

pytestmark = pytest.mark.unit

QUIET = Cost("interview", 200.0, 2, 0.3, 0.1, {"daemon": 0.08, "ear": 0.31}, {"ear": 600.0})
BUSY = msgspec.structs.replace(QUIET, load_before=2.7, others_cores=1.4)


def test_a_target_that_holds_needs_no_reason() -> None:
    figure = Figure.of("words", "p95_s", [0.2, 0.3], 95, 0.8).explained(BUSY.reasons())
    assert figure.holds
    assert figure.reason == ""
    assert table([figure]).endswith("<= 0.8 held")


def test_a_missed_target_names_the_busy_machine_and_who_used_what() -> None:
    figure = Figure.of("words", "p95_s", [1.0, 1.2], 95, 0.8).explained(BUSY.reasons())
    assert not figure.holds
    drawn = table([figure])
    assert "MISSED" in drawn
    assert "load 2.7 on 2 cores" in drawn
    assert "other programs used 1.4 of 2 cores" in drawn
    assert "ear 0.31, daemon 0.08 s/s" in drawn


def test_a_quiet_machine_is_no_excuse() -> None:
    assert QUIET.reasons() == ["processor used: ear 0.31, daemon 0.08 s/s"]


def test_nothing_measured_is_a_missed_target_and_still_json() -> None:
    figure = Figure.of("words", "p95_s", [], 95, 0.8).explained([])
    assert not figure.holds
    assert "there was nothing to measure" in table([figure])
    assert msgspec.json.decode(msgspec.json.encode(figure), type=Figure) == figure
