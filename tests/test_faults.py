"""The bench for faults: what it counts, what it prints, and that nothing is passed over."""

from random import Random

import pytest
from faults import running
from faults.fault import Fault, Tally, Try

pytestmark = pytest.mark.unit

NAME = "the daemon is killed at a random moment, with a name that is longer than its column"


def fault(make: Try, *, name: str = NAME, needs_card: bool = False, full: int = 4) -> Fault:
    return Fault(name, "nothing is lost", "real", "s lost", 2, full, make, needs_card=needs_card)


def all_hold(tries: int, _: Random, tally: Tally) -> None:
    for number in range(tries):
        tally.add(held=True, figure=number / 100)


def run(*faults: Fault, is_short: bool = True, with_card: bool = True) -> list[running.Row]:
    return running.run(faults, is_short=is_short, seed=1, with_card=with_card)


def test_what_holds_is_counted_with_its_worst_figure(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = run(fault(all_hold))
    assert (row.tried, row.held, row.worst) == (2, 2, 0.01)
    assert running.holds([row])
    printed = capsys.readouterr().out
    assert "0.01 s lost" in printed
    # Nobody watches a pipe: no line that is written over.
    assert "\r" not in printed


def test_a_try_that_was_not_made_does_not_hold() -> None:
    def one_only(_: int, __: Random, tally: Tally) -> None:
        tally.add(held=True)

    (row,) = run(fault(one_only))
    assert not running.holds([row])
    assert row.broken == ("only 1 of 2 tries were made",)


def test_a_fault_that_can_not_be_tried_does_not_hold_and_the_next_one_is_tried() -> None:
    def fails(_: int, __: Random, ___: Tally) -> None:
        raise OSError("no such device")

    broken, sound = run(fault(fails), fault(all_hold))
    assert not running.holds([broken])
    assert "no such device" in broken.broken[0]
    assert running.holds([sound])


def test_an_interrupt_ends_the_run_with_what_was_tried(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: int, __: Random, tally: Tally) -> None:
        tally.add(held=True)
        raise KeyboardInterrupt

    (row,) = run(fault(interrupted), fault(all_hold))
    assert (row.tried, row.held) == (2, 1)
    assert "interrupted" in capsys.readouterr().out


def test_without_a_sound_card_the_short_form_says_what_it_leaves_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = run(fault(all_hold, name="unplugged", needs_card=True), fault(all_hold), with_card=False)
    assert [row.name for row in rows] == [NAME]
    assert "Not tried" in (printed := capsys.readouterr().out)
    assert "unplugged" in printed


def test_the_full_form_leaves_nothing_out() -> None:
    rows = run(fault(all_hold, needs_card=True), is_short=False, with_card=False)
    assert [row.tried for row in rows] == [4]


def test_the_table_fits_a_terminal_of_100_columns(capsys: pytest.CaptureFixture[str]) -> None:
    def none_holds(tries: int, _: Random, tally: Tally) -> None:
        for _try in range(tries):
            tally.add(held=False, figure=123.456, why="what went wrong " * 12)

    run(fault(none_holds, full=10_000), is_short=False)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= running.WIDTH
    # However much broke, the table stays one that can be read.
    assert len(lines) < 30
    assert lines[-1].endswith("9,995 more")
