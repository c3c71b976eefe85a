"""What the thank-you may say: only what was said, whole, and no "I" on the wrong side."""

import msgspec
import pytest
from told import PLAN, WORDING, WORDS, Told, interview

from assistant.events import MarkHeard
from assistant.notes.notes import Notes, learn
from assistant.notes.render.letter import Letter, letter, letter_words
from assistant.plan import Plan

pytestmark = pytest.mark.unit

LETTER_WORDS = letter_words(WORDING)


def notes(call: Told, plan: Plan = PLAN) -> Notes:
    return learn(plan, call.end(300.0).entries, WORDS)


def letter_of(learnt: Notes) -> Letter:
    return letter(learnt, LETTER_WORDS, WORDS.light)


def answered(*answers: str) -> Letter:
    """Return the letter after a call in which these were the answers to one question."""
    call = Told()
    call.ask(1.0, "hardest", "what's the hardest part of all that")
    for n, text in enumerate(answers):
        call.them(10.0 + n * 20, text)
    return letter_of(notes(call))


def said(*answers: str) -> str | None:
    chosen = answered(*answers).said
    return chosen.text if chosen else None


# ---------------------------------------------------------------- the one thing they said


def test_what_nobody_in_particular_does_may_be_told() -> None:
    (chosen,) = [answered("Honestly, nobody trusts the numbers until something breaks.").said]
    assert chosen
    assert chosen.is_told
    assert chosen.text == "nobody trusts the numbers until something breaks."


@pytest.mark.parametrize(
    "text",
    [
        "I studied biology and spent my evenings with statistics.",
        "Your data must be right before anybody looks at it.",
        "We review each other's work before anything goes live.",
        "Kubernetes clusters need somebody who looks after them.",
    ],
)
def test_what_could_change_sides_or_begins_with_a_name_is_quoted(text: str) -> None:
    (chosen,) = [answered(text).said]
    assert chosen
    assert not chosen.is_told
    assert chosen.text == text


@pytest.mark.parametrize(
    "text",
    [
        "Could we move it to Friday, the oven wants mending before Christmas.",
        "Thursday suits, I was ill and the stollen for Christmas waits.",
        "Seven people build the pipelines in our cities.",
        "The twenty-five people here build the pipelines quietly.",
        "In 2019 nobody trusted the numbers at all.",
        "And nobody trusts the numbers until something breaks.",
        "It is quiet work that nobody ever notices.",
        "The hardest part is um that nobody trusts the numbers.",
        "The the hardest part is that nobody trusts numbers.",
        "Nobody trusts the numbers until something breaks because",
        "Nobody trusts them.",
        "Do people trust the numbers until something breaks?",
        "The hardest part is that you know nobody trusts it.",
        " ".join(["statistics"] + ["numbers", "people"] * 15) + ".",
    ],
)
def test_what_is_a_number_a_fragment_or_a_stumble_is_left_out(text: str) -> None:
    assert said(text, "Well, right.") is None


def test_a_sentence_that_began_in_the_line_before_is_no_whole_one() -> None:
    assert (
        said(
            "So careful engineers spend whole evenings",
            "Proving that the data is right in reports.",
        )
        is None
    )


def test_of_several_the_one_the_user_marked_is_taken() -> None:
    call = interview()
    learnt = learn(PLAN, call.entries, WORDS)
    chosen = letter_of(learnt).said
    assert chosen
    marked = {seq for m in learnt.moments if m.context for seq in m.context.seqs}
    assert marked & set(chosen.quote.seqs)


def test_what_they_promised_is_not_told_again_as_what_they_said() -> None:
    assert said("I'll gladly send you the whole list of local meetup groups.") is None


def test_nothing_heard_nothing_said() -> None:
    assert letter_of(notes(Told())) == Letter(None, (), (), (), (), ())


# ---------------------------------------------------------------- promises and offers


def promised(mine: str = "", theirs: str = "", plan: Plan = PLAN) -> Letter:
    call = Told()
    if mine:
        call.me(1.0, mine)
    if theirs:
        call.them(20.0, theirs)
    return letter_of(notes(call, plan))


def test_what_i_promised_is_written_to_them() -> None:
    (task,) = promised("i'll send you my notes by next tuesday").mine
    assert task.lower() == "send you my notes by next tuesday"


def test_what_is_only_said_by_the_way_is_not_written() -> None:
    assert promised(mine="I'll send you my drawings before Easter, then, with a note.").mine == (
        "send you my drawings before Easter, with a note",
    )


def test_what_is_theirs_is_written_as_yours_to_them() -> None:
    assert promised(mine="I'll send you your quotes by Friday.").mine == (
        "send you your quotes by Friday",
    )
    assert promised(mine="I'll send you the list of their names.").mine == (
        "send you the list of their names",
    )


def test_nothing_is_promised_to_a_them_that_may_be_anybody() -> None:
    assert promised("i'll send you my notes", plan=Plan(phrases=PLAN.phrases)).mine == ()


def test_their_advice_is_followed_and_their_offer_thanked_for() -> None:
    chosen = letter_of(learn(PLAN, interview().entries, WORDS))
    assert chosen.advice == ("talk to Sam Okafor at Beta",)
    assert [offer.told for offer in chosen.offers] == ["send me the list of meetups by Friday"]


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ("I'll send you my slides.", "send me your slides"),
        ("I'll introduce you to my boss.", "introduce me to your boss"),
        (
            "I'll introduce you by mail, with both of you in copy.",
            "introduce me by mail, with both of us in copy",
        ),
        ("I'll send your outline to the team for you.", "send my outline to the team for me"),
        ("I'll send you what you asked for.", ""),
        ("I'll send you what I have.", ""),
    ],
)
def test_an_offer_changes_sides_or_is_quoted(theirs: str, told: str) -> None:
    (offer,) = promised(theirs=theirs).offers
    assert offer.told == told
    assert offer.quote.startswith("I'll ")


def test_what_is_done_or_dropped_is_no_promise_any_more() -> None:
    learnt = learn(PLAN, interview().entries, WORDS)
    gone = tuple(msgspec.structs.replace(p, state="done") for p in learnt.promises)
    chosen = letter_of(msgspec.structs.replace(learnt, promises=gone))
    assert (chosen.mine, chosen.advice, chosen.offers) == ((), (), ())


def test_a_task_that_names_nobody_is_in_no_letter() -> None:
    call = Told()
    call.them(10.0, "You could ask my cousin about the brokers.")
    call.me(20.0, "I'll try her on Monday.")
    call.me(30.0, "And I'll send you the outline tomorrow.")
    assert letter_of(notes(call)).mine == ("send you the outline tomorrow",)


@pytest.mark.parametrize("mine", ["I'll text you.", "I'll rewrite that.", "I'll send it tonight."])
def test_a_task_that_says_nothing_by_itself_is_in_no_letter(mine: str) -> None:
    assert promised(mine=mine).mine == ()


@pytest.mark.parametrize("theirs", ["I'll e-mail you.", "I'll ask her.", "I'll mail it on Friday."])
def test_an_offer_that_says_nothing_by_itself_is_in_no_letter(theirs: str) -> None:
    assert promised(theirs=theirs).offers == ()


def test_whose_it_is_says_enough() -> None:
    (offer,) = promised(theirs="I'll send you her number.").offers
    assert offer.told == "send me her number"


def test_who_her_is_stands_in_a_letter_by_name() -> None:
    call = Told()
    call.them(10.0, "Then you know Laura Chen, she leads the platform team.")
    call.me(20.0, "I'll call her on Friday.")
    assert letter_of(notes(call)).mine == ("call Laura Chen on Friday",)


def test_a_task_of_nothing_but_marks_is_in_no_letter() -> None:
    call = Told()
    call.me(1.0, "I'll send you the outline.")
    learnt = notes(call)
    marks = tuple(msgspec.structs.replace(one, what="!!!") for one in learnt.promises)
    assert letter_of(msgspec.structs.replace(learnt, promises=marks)).mine == ()


def test_whom_they_pointed_to_is_thanked_for_where_no_task_of_the_letter_names_them() -> None:
    call = Told()
    call.ask(10.0, "who-else", "Who else should I talk to?")
    call.them(14.0, "Talk to Laura Chen and say I sent you.")
    call.them(20.0, "And Peter Meyer, he runs the archive.")
    call.me(26.0, "I'll call Peter Meyer on Friday.")
    learnt = notes(call)
    assert letter_of(learnt).whom == ("Laura Chen",)


def test_a_name_that_was_asked_for_again_marks_nothing() -> None:
    call = Told()
    call.ask(10.0, "typical-day", "What does a typical day look like?")
    call.them(14.0, "The mornings belong to broken pipelines and the worried analysts behind them.")
    call.them(22.0, "She has it all on a sheet on the fridge in the kitchen.")
    seq = call.me(30.0, "How do you spell that name?")
    call.put(32.0, MarkHeard(seq, "name", ""))
    said = letter_of(notes(call)).said
    assert said
    assert "pipelines" in said.text
