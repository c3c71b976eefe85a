"""Promises as the user says they are, and how they are known again after a rebuild."""

import pytest
from told import PLAN, WALL, WORDS, Told

from assistant.events import Channel, Corrected, NameChange, PromiseChange
from assistant.notes.notes import learn
from assistant.notes.promised import amended, named
from assistant.notes.promises import Promise
from assistant.notes.talk import Quote, plain_words
from assistant.understanding.dates import SpokenDate

pytestmark = pytest.mark.unit

LIST = "send you the list of meetups by friday"


def found(what: str, seq: int, owner: Channel = Channel.THEM) -> Promise:
    spoken = Quote(owner, float(seq), what, (seq,))
    return Promise(owner, "promise", what, float(seq), spoken, None, (seq,))


def call() -> tuple[Told, int, int]:
    told = Told()
    theirs = told.them(1.0, f"i'll {LIST}")
    mine = told.me(9.0, "i'll email you the outline and maybe one day the slides")
    told.end(20.0)
    return told, theirs, mine


def promised(told: Told, *changes: PromiseChange) -> list[Promise]:
    for change in changes:
        told.put(20.0, Corrected(WALL, change))
    return [*learn(PLAN, told.entries, WORDS).promises]


def shown(promises: list[Promise]) -> list[tuple[int, str, str]]:
    return [(p.number, p.what, p.state) for p in promises]


def test_promises_are_numbered_as_they_are_shown() -> None:
    told, *_ = call()
    first, second = promised(told)
    assert (first.number, second.number) == (1, 2)
    assert (first.state, first.is_corrected, first.was) == ("open", False, "")


SPELLED = ("anna maria van chen", "Annemarie von Tschen")


def named_call() -> Told:
    told = Told()
    told.them(1.0, "i'll ask anna maria van chen tomorrow")
    told.them(9.0, "and i'll send annemarie von tschen the outline of the merger by friday")
    return told.end(20.0)


def test_a_task_is_known_by_its_words_before_its_names_were_put_right() -> None:
    told = named_call()
    before = promised(told)
    told.put(20.0, Corrected(WALL, NameChange(*SPELLED)))
    after = promised(told)
    assert SPELLED[1] in after[0].what
    # The other one was spelled so from the first.
    assert [named(p)[0] for p in after] == [named(p)[0] for p in before]
    assert [plain_words(named(p)[1]) for p in after] == [plain_words(named(p)[1]) for p in before]


def test_a_task_with_a_name_set_beside_its_her_is_known_without_it() -> None:
    told = Told()
    told.them(1.0, "Then you know Laura Chen, she leads the platform team.")
    told.me(9.0, "I'll call her on Friday.")
    told.end(20.0)
    (before,) = promised(told)
    assert "(Laura Chen)" in before.what
    told.put(20.0, Corrected(WALL, NameChange("Laura Chen", "Lara Chén")))
    (after,) = promised(told)
    assert "(Lara Chén)" in after.what
    assert named(after) == named(before)


def test_what_is_done_stays_done_when_its_name_is_put_right() -> None:
    told = named_call()
    first = promised(told)[0]
    promised(told, PromiseChange(*named(first), state="done"))
    told.put(20.0, Corrected(WALL, NameChange(*SPELLED)))
    after = promised(told)
    assert [(p.number, p.state) for p in after] == [(1, "done"), (2, "open")]
    assert SPELLED[1] in after[0].what


def test_words_owner_and_day_are_the_user_s() -> None:
    told, theirs, _ = call()
    before = promised(told)[0]
    change = PromiseChange(
        theirs, before.what, what="send the list", owner=Channel.ME, due="2026-12-09"
    )
    after = promised(told, change)[0]
    assert (after.what, after.owner, after.is_corrected) == ("send the list", Channel.ME, True)
    assert after.due == SpokenDate("", "2026-12-09", is_sure=True)
    assert after.quote == before.quote
    assert after.was == before.what
    assert promised(told, PromiseChange(*named(after), due=""))[0].due is None


def test_one_that_is_done_is_not_corrected() -> None:
    told, *_ = call()
    done = promised(told, PromiseChange(*named(promised(told)[0]), state="done"))[0]
    assert (done.state, done.is_corrected) == ("done", False)
    opened = promised(told, PromiseChange(*named(done), state="open"))[0]
    assert opened.state == "open"


def test_changes_of_one_promise_add_up() -> None:
    told, *_ = call()
    for part in ({"what": "send it"}, {"due": "2026-12-09"}, {"state": "done"}):
        change = PromiseChange(*named(promised(told)[0]), **part)  # pyright: ignore[reportArgumentType]
        promised(told, change)
    first, second = promised(told)
    assert (first.what, first.due and first.due.day, first.state) == (
        "send it",
        "2026-12-09",
        "done",
    )
    assert second.state == "open"


def test_a_dropped_one_keeps_its_number_and_its_line_answers_again() -> None:
    told, *_ = call()
    dropped, other = promised(told, PromiseChange(*named(promised(told)[0]), state="dropped"))
    assert (dropped.number, dropped.state) == (1, "dropped")
    assert (other.number, other.state) == (2, "open")


def test_what_was_missed_is_added_behind_the_others() -> None:
    told, _, mine = call()
    added = PromiseChange(mine, "", what="send Dana the slides", owner=Channel.ME)
    *_, last = promised(told, added)
    assert (last.number, last.what, last.is_corrected) == (3, "send Dana the slides", True)
    assert (last.start_s, last.seqs, last.due) == (9.0, (mine,), None)
    *_, last = promised(told, PromiseChange(*named(last), what="send the slides", state="done"))
    assert shown([last]) == [(3, "send the slides", "done")]


def test_one_that_was_added_and_is_found_later_is_not_there_twice() -> None:
    added = PromiseChange(7, "", what="send Dana the slides", due="2026-12-09")
    [promise] = amended([found("send Dana the slides at last", 7, Channel.ME)], [added], [])
    assert promise.what == "send Dana the slides"
    assert promise.due == SpokenDate("", "2026-12-09", is_sure=True)


@pytest.mark.parametrize(
    "later",
    [
        found("send you the list of meetups by Friday morning", 4),
        found("send you the list", 4),
        found("send you the list of the meetups by friday", 11),
    ],
)
def test_a_dropped_promise_stays_dropped_in_other_words(later: Promise) -> None:
    [promise] = amended([later], [PromiseChange(4, LIST, state="dropped")], [])
    assert promise.state == "dropped"


def test_another_promise_of_the_line_is_not_taken_for_it() -> None:
    two = [found("call Laura", 4), found("send you the list of meetups", 4)]
    promises = amended(two, [PromiseChange(4, LIST, state="dropped")], [])
    assert [promise.state for promise in promises] == ["open", "dropped"]
    [only] = amended([found("call Laura", 4)], [PromiseChange(4, LIST, state="dropped")], [])
    assert only.state == "open"


def test_two_promises_of_a_line_do_not_swap() -> None:
    two = [found("send you the list", 4), found("send you the slides", 4)]
    changes = [
        PromiseChange(4, "send you the slides", what="send the slides"),
        PromiseChange(4, "send you the list", what="send the list"),
    ]
    assert [p.what for p in amended(two, changes, [])] == ["send the list", "send the slides"]


def test_one_the_user_changed_stays_though_it_is_found_no_more() -> None:
    told, theirs, _ = call()
    was = "forward you the invitation"
    *_, theirs_now = promised(told, PromiseChange(theirs, was, due="2026-12-09"))
    assert (theirs_now.what, theirs_now.number) == (was, 3)
    assert shown(promised(told, PromiseChange(theirs, "read a book", state="dropped")))[3:] == []


def test_one_the_user_added_and_dropped_again_keeps_its_number() -> None:
    told, _, mine = call()
    add = PromiseChange(mine, "", what="call Laura")
    *_, last = promised(told, add, PromiseChange(mine, "call Laura", state="dropped"))
    assert shown([last]) == [(3, "call Laura", "dropped")]
