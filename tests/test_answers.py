"""Questions and answers: asked means heard or ticked, and nothing else."""

import cProfile

import msgspec
import pytest
from told import PLAN, WALL, WORDS, Told, interview

from assistant.events import (
    Answered,
    Asked,
    Channel,
    Consent,
    Corrected,
    Farewell,
    MaybeAsked,
    QuestionChange,
    Ticked,
    Touched,
    Understood,
)
from assistant.notes.notes import Notes, learn
from assistant.plan import Question

pytestmark = pytest.mark.unit


def notes(call: Told) -> Notes:
    return learn(PLAN, call.entries, WORDS)


def ids(questions: tuple[msgspec.Struct, ...]) -> list[str]:
    return [msgspec.structs.asdict(question)["question_id"] for question in questions]


def test_what_was_prepared_and_not_asked_stands_only_under_not_asked() -> None:
    learnt = notes(interview())
    assert ids(learnt.asked) == ["career-path", "typical-day", "hardest"]
    assert ids(learnt.not_asked) == ["who-else", "skills"]
    rest = msgspec.json.encode(msgspec.structs.replace(learnt, not_asked=())).decode()
    for question in learnt.not_asked:
        assert question.text not in rest
        assert question.question_id not in rest


def test_must_asks_come_first_among_those_not_asked() -> None:
    assert [q.must for q in notes(Told().end(5.0)).not_asked] == [True, True, True, False, False]


def test_who_takes_their_leave_in_the_same_breath_has_answered_all_the_same() -> None:
    call = Told()
    call.ask(101.0, "who-else", "Who else should I talk to?")
    seq = call.them(
        105.0,
        "You might want to call Jonas Ekberg, he runs the guild in Flensburg. "
        "Oh, I'm sorry, a delivery has just arrived, I need to go now.",
    )
    call.put(116.0, Farewell(seq))
    (asked,) = notes(call.end(120.0)).asked
    assert "Jonas Ekberg" in asked.best[0].text
    assert "go now" not in asked.best[0].text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Sorry, I need to go now.", []),
        ("Patience with people. Sorry, I have to go now.", ["Patience with people."]),
        (
            "Look, I am so sorry, I really have to run now because my next meeting is about to "
            "begin and they are all waiting for me in there so goodbye.",
            [],
        ),
    ],
)
def test_a_mere_goodbye_is_no_answer_however_long(said: str, kept: list[str]) -> None:
    call = Told()
    call.ask(101.0, "who-else", "Who else should I talk to?")
    call.put(119.0, Farewell(call.them(105.0, said)))
    (asked,) = notes(call.end(120.0)).asked
    assert [quote.text for quote in asked.best] == kept


def test_what_was_said_to_a_perhaps_is_quoted_once() -> None:
    call = Told()
    seq = call.me(3.0, "and how does the day go for you then")
    call.put(4.0, MaybeAsked(("typical-day", "hardest"), seq))
    call.them(8.0, "We open the shutters at six and count what is left in the cold room.")
    call.ask(20.0, "skills", "Which skills matter most?")
    call.them(24.0, "Patience with customers and a good memory for prices.")
    open_now = {q.question_id: q for q in notes(call.end(40.0)).not_asked}
    told = [quote.text for q in open_now.values() for quote in q.replied]
    assert told == ["We open the shutters at six and count what is left in the cold room."]
    assert open_now["hardest"].maybe == open_now["typical-day"].maybe


def test_beside_a_promise_in_one_line_the_answer_still_counts() -> None:
    call = Told()
    call.ask(1.0, "skills", "Have you any papers on the skills that matter?")
    call.them(5.0, "I have the letter of the insurance company. I'll email you a scan by Thursday.")
    call.them(15.0, "That would be kind of everybody.")
    (asked,) = notes(call.end(40.0)).asked
    assert asked.best[0].text == "I have the letter of the insurance company."


def test_what_stood_around_a_promise_is_not_quoted_as_one() -> None:
    call = Told()
    call.ask(1.0, "skills", "Which skills matter most?")
    call.them(5.0, "Patience and a good memory. I'll send you the list. Writing letters by hand.")
    (asked,) = notes(call.end(40.0)).asked
    texts = [quote.text for quote in asked.best]
    assert texts == ["Patience and a good memory.", "Writing letters by hand."]


def test_an_answer_reaches_to_the_next_question() -> None:
    career, day, hardest = notes(interview()).asked
    assert "spreadsheets" in career.best[0].text
    assert "seven years" not in day.best[0].text
    assert [quote.text.split()[0] for quote in day.best] == ["I", "After"]
    assert hardest.start_s == 62.0
    assert career.as_spoken is not None
    assert career.as_spoken.text.startswith("So how did you get into")


def test_at_most_three_lines_are_quoted_in_their_order_and_no_filler() -> None:
    call = Told()
    call.ask(1.0, "skills", "which skills matter most")
    for n, what in enumerate(["databases", "patience", "writing", "statistics", "coffee"]):
        call.them(10.0 + 10 * n, "yeah")
        call.them(12.0 + 10 * n, f"{what} matters because teams " + "depend on reports " * n)
    (asked,) = notes(call.end(90.0)).asked
    assert len(asked.best) == 3
    assert [q.start_s for q in asked.best] == sorted(q.start_s for q in asked.best)
    assert all(len(quote.text.split()) > 2 for quote in asked.best)
    assert len(asked.answer_seqs) == 5


def test_a_long_line_is_cut_between_sentences() -> None:
    call = Told()
    call.ask(1.0, "skills", "Which skills matter most?")
    call.them(10.0, "Well. " + "Small words go by. " * 12 + "Databases and statistics matter most.")
    (asked,) = notes(call.end(60.0)).asked
    assert all(len(quote.text.split()) <= 40 for quote in asked.best)
    assert any("Databases and statistics matter most." in quote.text for quote in asked.best)


def test_a_line_without_any_end_is_cut_with_an_ellipsis() -> None:
    call = Told()
    call.ask(1.0, "skills", "which skills matter most")
    call.them(10.0, "statistics " * 60)
    (asked,) = notes(call.end(60.0)).asked
    assert asked.best[0].text.endswith("statistics...")
    assert len(asked.best[0].text.split()) == 40


def test_a_short_reply_is_better_than_none() -> None:
    call = Told()
    call.ask(1.0, "skills", "which skills matter most")
    call.them(10.0, "sql")
    (asked,) = notes(call.end(20.0)).asked
    assert [quote.text for quote in asked.best] == ["Sql"]


def test_only_mhm_is_told_apart_from_silence() -> None:
    call = Told()
    call.ask(1.0, "skills", "which skills matter most")
    call.them(10.0, "mhm")
    call.ask(20.0, "hardest", "what is the hardest part")
    skills, hardest = notes(call.end(30.0)).asked
    assert (skills.best, skills.was_reply) == ((), True)
    assert (hardest.best, hardest.was_reply) == ((), False)


def test_the_user_s_own_words_do_not_answer() -> None:
    call = Told()
    call.ask(1.0, "skills", "which skills matter most")
    call.me(10.0, "i mean statistics databases or rather patience")
    (asked,) = notes(call.end(20.0)).asked
    assert asked.best == ()


def test_with_one_microphone_everything_until_the_next_question_may_answer() -> None:
    call = Told()
    seq = call.say(Channel.UNCLEAR, 1.0, "which skills matter most")
    call.put(4.0, Answered("skills", seq, 0.7))
    call.say(Channel.UNCLEAR, 5.0, "statistics and patience above everything")
    (asked,) = notes(call.end(20.0)).asked
    assert [quote.text for quote in asked.best] == ["Statistics and patience above everything"]


def test_a_tick_asks_a_question_and_takes_the_answer_from_the_words_before() -> None:
    call = Told()
    call.me(1.0, "what abilities count round here")
    call.them(5.0, "statistics and patience above everything")
    call.put(12.0, Ticked("skills", "answered"))
    (asked,) = notes(call.end(20.0)).asked
    assert (asked.found, asked.score, asked.is_answered) == ("ticked", None, True)
    assert asked.start_s == 12.0
    assert [quote.text for quote in asked.best] == ["Statistics and patience above everything"]


def test_a_tick_never_takes_the_answer_to_another_question() -> None:
    call = Told()
    seq = call.me(1.0, "what led you to do this work")
    call.put(4.0, Asked("career-path", seq, 0.8))
    call.them(5.0, "biology and a long row of lucky accidents")
    call.put(30.0, Ticked("who-else", "answered"))
    call.me(40.0, "what abilities count round here")
    call.them(44.0, "statistics and patience above everything")
    path, who = notes(call.end(60.0)).asked
    assert [quote.text for quote in path.best] == ["Biology and a long row of lucky accidents"]
    assert (who.question_id, who.best) == ("who-else", ())


def test_a_tick_of_open_takes_a_question_back() -> None:
    call = interview()
    call.put(99.0, Ticked("hardest", "open"))
    learnt = notes(call)
    assert "hardest" not in ids(learnt.asked)
    assert "hardest" in ids(learnt.not_asked)


def test_a_tick_after_hearing_leaves_the_question_where_it_was_asked() -> None:
    call = interview()
    call.put(99.0, Ticked("hardest", "answered"))
    hardest = notes(call).asked[-1]
    assert (hardest.found, hardest.start_s, hardest.is_answered) == ("heard", 62.0, True)


WORN = (
    "nobody trusts our numbers until something breaks and then everybody shouts at the warehouse "
    "team for weeks before they repair anything"
)


def perhaps(ticked: str, at_s: float, *, heard: str = "") -> Told:
    """Tell of one question that was perhaps one of two, and of a tick later."""
    call = Told()
    seq = call.me(100.0, "and what is that like on a bad day")
    call.put(103.0, MaybeAsked(("typical-day", "hardest"), seq))
    call.them(104.0, WORN)
    if heard:
        call.ask(120.0, heard, "what does your day to day look like")
        call.them(124.0, "we open the shutters at six and count the cold room")
    call.me(at_s - 10.0, "how long has the shop been here")
    call.them(at_s - 5.0, "since my grandfather came over from bergen")
    call.put(at_s, Ticked(ticked, "asked"))
    return call


def test_a_tick_says_which_question_it_perhaps_was() -> None:
    learnt = notes(perhaps("hardest", 239.0).end(260.0))
    (asked,) = learnt.asked
    assert (asked.question_id, asked.found, asked.start_s) == ("hardest", "ticked", 100.0)
    assert asked.as_spoken is not None
    assert asked.as_spoken.text == "And what is that like on a bad day"
    assert [quote.start_s for quote in asked.best] == [104.0]
    # It was that one: nothing else was perhaps asked there.
    assert [question.maybe for question in learnt.not_asked] == [None] * 4


def test_a_perhaps_of_long_ago_is_not_what_a_tick_means() -> None:
    learnt = notes(perhaps("hardest", 320.0).end(340.0))
    (asked,) = learnt.asked
    assert asked.start_s == 320.0
    assert [quote.start_s for quote in asked.best] == [315.0]


def test_a_perhaps_that_was_another_question_is_not_what_a_tick_means() -> None:
    call = perhaps("typical-day", 200.0)
    call.put(239.0, Ticked("hardest", "asked"))
    typical, hardest = notes(call.end(260.0)).asked
    assert (typical.question_id, typical.start_s) == ("typical-day", 100.0)
    assert (hardest.question_id, hardest.start_s) == ("hardest", 239.0)


def test_of_two_that_were_perhaps_asked_the_one_that_is_still_open_is_told() -> None:
    call = perhaps("typical-day", 150.0)
    later = call.me(200.0, "and the difficult stuff")
    call.put(202.0, MaybeAsked(("hardest", "skills"), later))
    call.them(204.0, "counting the cold room twice each morning")
    learnt = notes(call.end(260.0))
    maybe = {one.question_id: one.maybe.start_s for one in learnt.not_asked if one.maybe}
    assert maybe == {"hardest": 200.0, "skills": 200.0}


def test_what_was_surely_asked_elsewhere_leaves_the_perhaps_to_the_other() -> None:
    hardest, typical = notes(perhaps("hardest", 239.0, heard="typical-day").end(260.0)).asked
    assert (hardest.question_id, hardest.start_s) == ("hardest", 100.0)
    assert [quote.start_s for quote in hardest.best] == [104.0]
    assert (typical.question_id, typical.start_s) == ("typical-day", 120.0)


def test_what_was_ticked_open_since_is_perhaps_asked_no_more() -> None:
    call = perhaps("hardest", 150.0)
    call.put(160.0, Ticked("hardest", "open"))
    call.me(220.0, "what wears you out most")
    call.them(224.0, "counting the cold room twice each morning")
    call.put(239.0, Ticked("hardest", "asked"))
    (asked,) = notes(call.end(260.0)).asked
    assert asked.start_s == 239.0
    assert [quote.start_s for quote in asked.best] == [224.0]


def test_after_the_call_a_tick_settles_what_the_page_calls_perhaps() -> None:
    call = perhaps("skills", 900.0).end(1000.0)
    call.put(1000.0, Corrected(WALL, QuestionChange("hardest", "asked")))
    hardest = notes(call).asked[0]
    assert (hardest.question_id, hardest.start_s) == ("hardest", 100.0)
    assert [quote.start_s for quote in hardest.best] == [104.0]


def test_what_asked_a_question_that_was_taken_back_ends_the_answer_before_it() -> None:
    call = interview()
    before = notes(call).asked[0]
    call.put(100.0, Corrected(WALL, QuestionChange("typical-day", "open")))
    learnt = notes(call)
    assert ids(learnt.asked) == ["career-path", "hardest"]
    assert learnt.asked[0].passage == before.passage


def test_what_was_no_question_at_all_ends_no_answer_once_it_is_taken_back() -> None:
    call = Told()
    call.ask(1.0, "hardest", "what is the hardest part")
    call.them(5.0, "nobody trusts our numbers until something breaks")
    call.ask(10.0, "typical-day", "i see my days are a bit like that")
    call.them(14.0, "then we are called in at night")
    call.end(20.0)
    call.put(20.0, Corrected(WALL, QuestionChange("typical-day", "open")))
    (asked,) = notes(call).asked
    assert [quote.start_s for quote in asked.passage] == [5.0, 14.0]


@pytest.mark.parametrize("tick", [Ticked("hardest", "asked"), None])
def test_a_question_stands_where_the_user_says_it_was_asked(tick: Ticked | None) -> None:
    call = Told()
    seq = call.me(97.0, "what wears you out most")
    call.them(100.0, WORN)
    call.me(200.0, "how long has the shop been here")
    call.them(204.0, "since my grandfather came over from bergen")
    if tick:
        call.put(239.0, tick)
    else:
        call.ask(239.0, "hardest", "what is the hardest part of the job")
    call.end(300.0)
    call.put(300.0, Corrected(WALL, QuestionChange("hardest", "asked", seq)))
    (asked,) = notes(call).asked
    assert (asked.start_s, asked.as_spoken and asked.as_spoken.text) == (
        97.0,
        "What wears you out most",
    )
    assert [quote.start_s for quote in asked.best] == [100.0]


def test_touched_is_its_own_kind() -> None:
    call = Told()
    seq = call.them(1.0, "patience is the skill that matters here")
    call.put(5.0, Touched("skills", seq, 0.7))
    learnt = notes(call.end(9.0))
    assert not learnt.asked
    assert ids(learnt.touched) == ["skills"]
    assert learnt.touched[0].quote.text == "Patience is the skill that matters here"
    assert "skills" not in ids(learnt.not_asked)


def test_in_one_microphone_a_question_is_no_answer_that_came_up() -> None:
    call = Told()
    call.say(Channel.UNCLEAR, 1.0, "we are seven people in two cities")
    asked = "that sounds like a good size, and which part of the work is the hardest"
    seq = call.say(Channel.UNCLEAR, 9.0, asked)
    call.put(14.0, Touched("hardest", seq, 1.0))
    call.say(Channel.UNCLEAR, 16.0, "honestly it is the trust")
    learnt = notes(call.end(30.0))
    assert not learnt.touched
    (perhaps,) = (one for one in learnt.not_asked if one.question_id == "hardest")
    assert perhaps.maybe is not None
    assert perhaps.maybe.text.lower() == asked
    assert [one.text for one in perhaps.replied] == ["Honestly it is the trust"]


def test_what_they_ask_themselves_speaks_to_nothing() -> None:
    call = Told()
    seq = call.them(1.0, "and which skills do you have yourself")
    call.put(5.0, Touched("skills", seq, 0.7))
    learnt = notes(call.end(9.0))
    assert not learnt.touched
    (left,) = (one for one in learnt.not_asked if one.question_id == "skills")
    assert left.maybe is None


def test_what_may_have_been_asked_is_still_not_asked_and_shows_the_words() -> None:
    call = Told()
    seq = call.me(1.0, "and what is that like")
    call.put(3.0, MaybeAsked(("typical-day", "hardest"), seq))
    learnt = notes(call.end(9.0))
    assert not learnt.asked
    maybes = {q.question_id: q.maybe and q.maybe.text for q in learnt.not_asked if q.maybe}
    assert maybes == {
        "hardest": "And what is that like",
        "typical-day": "And what is that like",
    }


def test_a_task_they_gave_answers_only_the_question_for_names() -> None:
    call = Told()
    call.ask(1.0, "hardest", "what is the hardest part")
    call.them(10.0, "nobody trusts our numbers until something breaks")
    call.them(15.0, "you should talk to sam okafor about broken pipelines")
    call.ask(30.0, "who-else", "who else should i talk to")
    call.them(35.0, "you should talk to priya about hiring juniors")
    hardest, who_else = notes(call.end(50.0)).asked
    assert [quote.start_s for quote in hardest.best] == [10.0]
    assert [quote.start_s for quote in who_else.best] == [35.0]


def test_two_questions_in_one_breath_share_their_answer() -> None:
    call = Told()
    seq = call.me(1.0, "what is a typical day and which skills matter most")
    call.put(5.0, Answered("typical-day", seq, 0.7))
    call.put(5.0, Answered("skills", seq, 0.7))
    call.them(8.0, "statistics every morning and patience afterwards")
    first, second = notes(call.end(20.0)).asked
    assert first.best == second.best
    assert len(first.best) == 1


def test_the_thanks_are_no_question() -> None:
    thanks = Question("thanks", "Thank you for your time.", closing=True, thanks=True)
    plan = msgspec.structs.replace(PLAN, questions=(*PLAN.questions, thanks))
    call = Told()
    call.ask(1.0, "skills", "which skills matter most")
    call.them(5.0, "statistics and patience above everything")
    call.ask(10.0, "thanks", "thank you so much for your time")
    call.them(15.0, "statistics again then")
    learnt = learn(plan, call.end(20.0).entries, WORDS)
    assert ids(learnt.asked) == ["skills"]
    assert [quote.start_s for quote in learnt.asked[0].best] == [5.0]
    assert [quote.text for quote in learnt.thanked] == ["Thank you so much for your time"]
    assert "thanks" not in ids(learnt.not_asked)


def test_a_goodbye_answers_nothing() -> None:
    call = Told()
    call.ask(1.0, "skills", "which skills matter most")
    call.them(10.0, "listen i have another meeting in a few minutes")
    (asked,) = notes(call.end(20.0)).asked
    assert asked.best == ()


def test_a_closing_question_is_asked_or_it_is_not() -> None:
    forgot = Question("forgot", "What have I not asked that I should have?", closing=True)
    plan = msgspec.structs.replace(PLAN, questions=(*PLAN.questions, forgot))
    call = Told()
    seq = call.them(6.0, "Nobody ever asks what I should have done.")
    call.put(7.0, Touched("forgot", seq, 0.8))
    found = learn(plan, call.end(9.0).entries, WORDS)
    assert "forgot" in ids(found.not_asked)
    assert found.touched == ()


def test_a_closing_question_that_seemed_too_early_was_not_if_the_call_ended() -> None:
    def not_asked(call_ends_s: float) -> list[str]:
        call = Told()
        call.them(2.0, "We start at nine and meet analysts.")
        seq = call.me(20.0, "And is there anyone else I should be talking to?")
        call.put(22.0, Understood(seq, {"who-else": 0.7}))
        call.put(22.0, MaybeAsked(("who-else",), seq))
        call.them(24.0, "Sam Okafor, obviously.")
        call.them(call_ends_s, "Goodbye then.")
        return ids(learn(PLAN, call.end(call_ends_s + 4.0).entries, WORDS).not_asked)

    assert "who-else" not in not_asked(26.0)
    assert "who-else" in not_asked(260.0)


CAREER = (
    "i came to it through statistics at the technical university in dresden",
    "and then a friend needed somebody for his warehouse in leipzig right away",
)


def answered(*later: tuple[str, str], question: str = "career-path") -> list[str]:
    """Return the lines of the answer that begins with CAREER and goes on."""
    call = Told()
    call.ask(1.0, question, "how did you come to do this")
    lines = [*(("them", text) for text in CAREER), *later]
    for n, (side, text) in enumerate(lines):
        call.say(Channel(side), 6.0 + 6 * n, text)
    (asked,) = notes(call.end(100.0)).asked
    return [quote.text.lower() for quote in asked.passage]


@pytest.mark.parametrize(
    "turn",
    [
        "which reminds me the ferry has stopped running",
        "by the way there is a market here every saturday morning",
        "i'll send you the list of courses by friday",
    ],
)
def test_an_answer_ends_where_the_talk_turns(turn: str) -> None:
    rest = "it was on the news all the week before"
    assert answered(("them", turn), ("them", rest)) == list(CAREER)


def test_an_answer_ends_with_what_they_ask_the_user() -> None:
    more = ("them", "and what do you do at the moment"), ("me", "i teach mathematics")
    assert answered(*more, ("them", "that is a fine thing to do as well")) == list(CAREER)


def test_who_has_hardly_begun_to_answer_may_ask_first() -> None:
    call = Told()
    call.ask(1.0, "career-path", "how did you come to do this")
    call.them(6.0, "have you got a tin opener in the kitchen")
    call.me(10.0, "yes i think so")
    call.them(13.0, "well a tin opener is how it began")
    (asked,) = notes(call.end(60.0)).asked
    assert [quote.start_s for quote in asked.passage] == [6.0, 13.0]


def test_who_asks_for_a_moment_tells_nothing_by_it() -> None:
    assert answered(("them", "stand by stand by")) == list(CAREER)


def test_to_ask_for_their_name_belongs_to_whom_else() -> None:
    sam = "sam okafor and laura chen, they built the whole warehouse in leipzig together"
    call = Told()
    call.ask(51.0, "who-else", "who else should i talk to")
    call.them(56.0, sam)
    call.me(64.0, "and may i say that you sent me")
    call.them(67.0, "use my name of course it is the only reason they would answer")
    (asked,) = notes(call.end(90.0)).asked
    assert [quote.start_s for quote in asked.passage] == [56.0, 67.0]


def meant(
    line: str,
    likeness: dict[str, float],
    reply: str,
    reply_likeness: dict[str, float],
    near: dict[str, float],
) -> list[str]:
    """Return what counts as asked when a line and its reply were understood like this."""
    call = Told()
    mine = call.me(5.0, line)
    call.put(8.5, Understood(mine, likeness))
    theirs = call.them(9.0, reply)
    call.put(14.0, Understood(theirs, reply_likeness, near=near))
    return ids(notes(call.end(60.0)).asked)


SKILLS = "statistics and patience matter most here above everything else"


def test_what_is_hardly_a_question_was_one_if_the_next_words_answer_it() -> None:
    near, told = {"skills": 0.5}, {"skills": 0.62}
    assert meant("what's the kills then?", {"skills": 0.45}, SKILLS, told, near) == ["skills"]
    assert meant("what's the kills then?", {"skills": 0.55}, SKILLS, {}, near) == ["skills"]
    assert meant("and the skills, statistics", {}, SKILLS, told, near) == ["skills"]


def test_what_the_user_took_back_is_not_asked_after_all() -> None:
    call = Told()
    mine = call.me(5.0, "what's the kills then?")
    call.put(8.5, Understood(mine, {"skills": 0.55}))
    theirs = call.them(9.0, SKILLS)
    call.put(14.0, Understood(theirs, {}, near={"skills": 0.5}))
    assert ids(notes(call).asked) == ["skills"]
    call.put(99.0, Ticked("skills", "open"))
    found = notes(call.end(120.0))
    assert "skills" not in ids(found.asked)
    assert "skills" in ids(found.not_asked)


def test_what_was_asked_after_all_did_not_only_come_up() -> None:
    call = Told()
    mine = call.me(5.0, "what's the kills then?")
    call.put(8.5, Understood(mine, {"skills": 0.55}))
    theirs = call.them(9.0, SKILLS)
    call.put(14.0, Understood(theirs, {"skills": 0.62}, near={"skills": 0.5}))
    call.put(15.0, Touched("skills", theirs, 0.62))
    found = notes(call.end(60.0))
    assert ids(found.asked) == ["skills"]
    assert ids(found.touched) == []


@pytest.mark.parametrize(
    ("line", "likeness", "told", "near"),
    [
        ("what's the kills then?", {"skills": 0.45}, {"skills": 0.4}, {"skills": 0.5}),
        ("what's the kills then?", {"skills": 0.5}, {"skills": 0.62}, {"skills": 0.3}),
        ("what's the kills then?", {"skills": 0.5, "hardest": 0.55}, {"skills": 0.62}, {}),
        ("and then", {}, {"skills": 0.62}, {"skills": 0.5}),
        (
            "what's the kills then?",
            {"skills": 0.45},
            {"skills": 0.62, "hardest": 0.7},
            {"skills": 0.5},
        ),
    ],
)
def test_else_it_was_none(
    line: str, likeness: dict[str, float], told: dict[str, float], near: dict[str, float]
) -> None:
    assert meant(line, likeness, SKILLS, told, near) == []


def test_a_closing_question_long_before_the_close_was_perhaps_something_else() -> None:
    def learnt(score: float, call_ends_s: float) -> Notes:
        call = Told()
        seq = call.me(60.0, "who are the others then besides your wife")
        call.put(65.0, Asked("who-else", seq, score))
        call.them(66.0, "colm he draws and then there is the lad")
        call.them(call_ends_s, "so that is how we do it here")
        return notes(call.end(call_ends_s + 5.0))

    early = learnt(0.87, 400.0)
    assert ids(early.asked) == []
    maybe = next(q.maybe for q in early.not_asked if q.question_id == "who-else")
    assert maybe is not None
    assert maybe.start_s == 60.0
    assert ids(learnt(0.98, 400.0).asked) == ["who-else"]
    assert ids(learnt(0.87, 80.0).asked) == ["who-else"]


def test_a_closing_question_is_asked_where_it_is_all_but_said() -> None:
    touch = Question("in-touch", "May I come back to you?", closing=True)
    plan = msgspec.structs.replace(PLAN, questions=(*PLAN.questions, touch))

    def passage(first: float, later: float) -> list[float]:
        call = Told()
        early = call.me(230.0, "if I don't see it, should I nudge you?")
        call.put(233.0, Asked("in-touch", early, first))
        call.them(234.0, "Please nudge me, I live by the nudge and by nothing else.")
        late = call.me(300.0, "May I come back to you in the spring?")
        call.put(303.0, Understood(late, {"in-touch": later}))
        call.them(304.0, "Of course, send me an invitation for the first of March.")
        found = learn(plan, call.end(320.0).entries, WORDS).asked
        return [quote.start_s for one in found for quote in one.passage]

    assert passage(0.98, 1.0) == [304.0]
    assert passage(0.93, 0.96)[0] == 234.0


def test_whom_else_to_talk_to_stays_where_it_was_asked() -> None:
    call = Told()
    first = call.me(60.0, "Who else should I talk to?")
    call.put(63.0, Asked("who-else", first, 0.98))
    call.them(64.0, "You should ask Sam Okafor at the library about the maps.")
    again = call.me(300.0, "Anybody else I should talk to?")
    call.put(303.0, Understood(again, {"who-else": 1.0}))
    call.them(304.0, "No, I can't think of anybody else right now, not a soul.")
    (asked,) = notes(call.end(320.0)).asked
    assert asked.passage[0].start_s == 64.0


def test_what_the_user_ticked_is_not_doubted_after_all() -> None:
    call = Told()
    seq = call.me(60.0, "who are the others then besides your wife")
    call.put(65.0, Asked("who-else", seq, 0.87))
    call.them(66.0, "colm he draws and then there is the lad")
    call.put(75.0, Ticked("who-else", "asked"))
    call.them(400.0, "so that is how we do it here")
    assert ids(notes(call.end(405.0)).asked) == ["who-else"]


def test_a_question_that_is_asked_after_it_was_taken_back_is_asked() -> None:
    call = Told()
    call.put(9.0, Ticked("skills", "open"))
    mine = call.me(12.0, "what's the kills then?")
    call.put(15.0, Understood(mine, {"skills": 0.55}))
    theirs = call.them(16.0, SKILLS)
    call.put(20.0, Understood(theirs, {}, near={"skills": 0.5}))
    assert ids(notes(call.end(60.0)).asked) == ["skills"]


def test_an_answer_ends_where_they_ask_for_the_next_question() -> None:
    call = Told()
    call.ask(1.0, "hardest", "what is the hardest part of it")
    call.them(5.0, "The night before a release, when nobody knows who pressed what. Next.")
    call.me(12.0, "And the, you know, the buttons and all of that?")
    call.them(16.0, "Everybody is late with them and puts a notice on the board in September.")
    (asked,) = notes(call.end(60.0)).asked
    assert [quote.start_s for quote in asked.passage] == [5.0]


def test_an_answer_ends_where_they_say_goodbye() -> None:
    call = Told()
    call.ask(50.0, "who-else", "who else should i talk to")
    call.them(53.0, "sam okafor he built the warehouse in leipzig with his own two hands")
    call.them(60.0, "oh here they come i've gotta run")
    call.me(63.0, "go go")
    call.them(65.0, "see you at the market on saturday then")
    (asked,) = notes(call.end(70.0)).asked
    assert [quote.start_s for quote in asked.passage] == [53.0]


def test_a_line_of_a_long_answer_costs_no_more_than_one_of_a_short() -> None:
    def calls_made(lines: int) -> int:
        call = Told()
        call.ask(1.0, "career-path", "how did you come to do this")
        for n in range(lines):
            call.them(6.0 + 5 * n, f"and then we built the warehouse number {n} in leipzig")
        call.end(20.0 + 5 * lines)
        profile = cProfile.Profile()
        profile.runcall(notes, call)
        return sum(entry.callcount for entry in profile.getstats())

    calls_made(10)
    assert calls_made(400) <= 2.5 * calls_made(200)


@pytest.mark.parametrize(("reply", "at_s"), [(0.7, 60.0), (0.2, 5.0)])
def test_a_question_is_where_what_is_said_next_is_about_it(reply: float, at_s: float) -> None:
    call = Told()
    early = call.me(5.0, "And for the younger ones, what is it like for them?")
    call.put(7.0, Asked("skills", early, 0.74))
    call.put(7.0, Understood(early, {"skills": 0.74}))
    first = call.them(9.0, "They model and calculate and draw the details of every connection.")
    call.put(12.0, Understood(first, {"skills": 0.1}))
    late = call.me(60.0, "What must one be good at, is it all numbers?")
    call.put(62.0, Understood(late, {"skills": 0.8}))
    then = call.them(64.0, "Statistics for a good part, and for the rest patience with people.")
    call.put(68.0, Understood(then, {"skills": reply}))
    (asked,) = notes(call.end(90.0)).asked
    assert asked.start_s == at_s


def test_may_i_mention_you_is_perhaps_no_question_for_others() -> None:
    call = Told()
    call.them(4.0, "There is Sam Okafor at the college.")
    seq = call.me(10.0, "Should I mention you to him?")
    call.put(12.0, Understood(seq, {"who-else": 0.5}))
    call.put(12.0, MaybeAsked(("who-else",), seq))
    learnt = notes(call.end(30.0))
    assert [q.maybe for q in learnt.not_asked if q.question_id == "who-else"] == [None]


@pytest.mark.parametrize("is_for_leave", [False, True])
def test_may_i_take_notes_is_perhaps_no_other_question(*, is_for_leave: bool) -> None:
    call = Told()
    seq = call.me(10.0, "Do you mind if I take notes?")
    call.put(12.0, Understood(seq, {"hardest": 0.5}))
    call.put(12.0, MaybeAsked(("hardest",), seq))
    if is_for_leave:
        call.put(12.0, Consent(seq, "asked"))
    learnt = notes(call.end(30.0))
    (hardest,) = (q for q in learnt.not_asked if q.question_id == "hardest")
    assert (hardest.maybe is None) == is_for_leave


@pytest.mark.parametrize(("early", "at_s"), [(0.72, 5.0), (0.6, 60.0)])
def test_of_two_that_are_as_like_it_the_first_asked_it(early: float, at_s: float) -> None:
    call = Told()
    first = call.me(5.0, "And what would one have to be able to do?")
    call.put(7.0, Understood(first, {"skills": early}))
    call.put(7.0, MaybeAsked(("skills",), first))
    call.them(9.0, "They model and calculate and draw the details of every connection.")
    second = call.me(60.0, "And how much of that would one have to know?")
    call.put(62.0, Asked("skills", second, 0.74))
    call.put(62.0, Understood(second, {"skills": 0.74}))
    call.them(64.0, "Statistics for a good part, and for the rest patience with people.")
    (asked,) = notes(call.end(90.0)).asked
    assert asked.start_s == at_s


@pytest.mark.parametrize(("reply", "at_s"), [(0.5, 5.0), (0.1, 60.0)])
def test_a_question_stands_where_its_reply_answers_it(reply: float, at_s: float) -> None:
    call = Told()
    first = call.me(5.0, "And what is the damage, so to say?")
    call.put(7.0, Understood(first, {"skills": 0.58}))
    told = call.them(9.0, "Statistics for a good part, and for the rest patience with people.")
    call.put(12.0, Understood(told, {"skills": reply}))
    second = call.me(60.0, "And what is the total of that, if it's no secret?")
    call.put(62.0, Asked("skills", second, 0.75))
    call.put(62.0, Understood(second, {"skills": 0.75}))
    then = call.them(64.0, "It is no secret, but Sharon closes it in the new year only.")
    call.put(67.0, Understood(then, {"skills": 0.0}))
    (asked,) = notes(call.end(90.0)).asked
    assert asked.start_s == at_s


@pytest.mark.parametrize(("reply", "is_asked"), [(0.5, True), (0.42, False)])
def test_what_was_likely_asked_was_where_the_reply_is_like_it_too(
    reply: float, *, is_asked: bool
) -> None:
    call = Told()
    seq = call.me(60.0, "And what is the damage, so to say?")
    call.put(62.0, Understood(seq, {"skills": 0.58}))
    call.put(62.0, MaybeAsked(("skills",), seq))
    told = call.them(64.0, "Statistics for a good part, and for the rest patience with people.")
    call.put(67.0, Understood(told, {"skills": reply}, near={"skills": 0.4}))
    asked = [one.question_id for one in notes(call.end(90.0)).asked]
    assert asked == (["skills"] if is_asked else [])
