"""Who asks, who agrees, and which day they settle on: told turn by turn."""

import pytest
from told import PLAN, WORDS, Told

from assistant.events import Channel, Promised
from assistant.notes.notes import learn
from assistant.notes.promises import Promise

pytestmark = pytest.mark.unit

ME, THEM = Channel.ME, Channel.THEM


def promised(*turns: tuple[Channel, str], live: frozenset[int] = frozenset()) -> list[Promise]:
    """Tell turns four seconds apart; a promise was found live in those of these numbers."""
    call = Told()
    for n, (channel, text) in enumerate(turns):
        seq = call.say(channel, 2.0 + 4.0 * n, text)
        if n in live:
            call.put(call.entries[-1].at_s, Promised(channel, seq, 0.9))
    return list(learn(PLAN, call.end(200.0).entries, WORDS).promises)


def days(*turns: tuple[Channel, str]) -> list[str | None]:
    return [one.due.day if one.due else None for one in promised(*turns)]


def test_what_i_ask_of_them_is_theirs_once_they_agree() -> None:
    ask = (ME, "Could you send me the outline?")
    (one,) = promised(ask, (THEM, "Sure."))
    assert (one.owner, one.kind, one.what) == (THEM, "request", "send you the outline")
    assert len(one.seqs) == 2
    assert promised(ask, (THEM, "I'd rather not.")) == []
    assert (
        promised(ask, (THEM, "We used to have outlines of all kinds, you know, back then.")) == []
    )


@pytest.mark.parametrize(
    ("offer", "reply", "what"),
    [
        (
            "If you want I could send you the little paper I give them.",
            "Oh, that would be wonderful, yes please.",
            "send you the little paper I give them",
        ),
        ("I could forward it to you tomorrow morning.", "Yes, please do.",
         "forward it to you tomorrow morning"),
    ],
)  # fmt: skip
def test_what_they_offer_is_theirs_once_i_accept(offer: str, reply: str, what: str) -> None:
    (one,) = promised((THEM, offer), (ME, reply))
    assert (one.owner, one.what) == (THEM, what)
    assert promised((THEM, offer), (ME, "No, don't bother.")) == []


@pytest.mark.parametrize(
    "told",
    [
        "I could show you a real file if you came in.",
        "When I was a junior I could shadow anyone I liked.",
        "They let me work from home so I could bring up my kids.",
        "I wish I could send you a photo but I'm not allowed.",
    ],
)
def test_what_hangs_on_an_if_or_is_long_over_is_no_offer(told: str) -> None:
    assert promised((THEM, told), (ME, "Yes, great.")) == []


@pytest.mark.parametrize(
    "refusal", ["That would be difficult, it's confidential.", "That'd be illegal."]
)
def test_that_would_be_refuses_as_well_as_it_grants(refusal: str) -> None:
    assert promised((ME, "Could you send me the outline?"), (THEM, refusal)) == []


def test_what_i_remind_them_of_is_theirs_and_where_they_will_be_is_no_task() -> None:
    (one,) = promised(
        (ME, "And you'll remember to send me a picture of the wheel?"),
        (THEM, "I will, I'm at the mill on Sunday."),
    )
    assert (one.owner, one.what) == (THEM, "send you a picture of the wheel")


def test_who_fears_to_forget_promises_nothing() -> None:
    assert promised((THEM, "remind me though cause i'll forget")) == []


def test_who_says_no_may_ask_for_another_thing() -> None:
    (one,) = promised(
        (ME, "Could you sign it today?"),
        (THEM, "No, without steps, perhaps, bring me a sketch."),
        (ME, "All right."),
    )
    assert (one.owner, one.what) == (ME, "bring Dana a sketch")


def test_what_they_ask_of_me_stands_and_my_day_is_the_one() -> None:
    (one,) = promised(
        (THEM, "Send me a picture of the form."), (ME, "I'll send it to you on Friday.")
    )
    assert (one.owner, one.what) == (ME, "Send Dana a picture of the form")
    assert one.due is not None
    assert one.due.day == "2026-12-04"
    assert len(one.seqs) == 2


def test_a_wish_becomes_mine_when_they_let_me() -> None:
    wish = (ME, "Could I come and watch a rehearsal?")
    (one,) = promised(wish, (THEM, "You can come on the fourteenth."), (ME, "I'd love that."))
    assert (one.owner, one.what) == (ME, "come and watch a rehearsal")
    assert one.due is not None
    assert one.due.day == "2026-12-14"
    assert promised(wish, (THEM, "No, I'm afraid not.")) == []


def test_i_will_do_that_is_what_they_told_of() -> None:
    (one,) = promised((THEM, "Get yourself to the open evening."), (ME, "I'll do that."))
    assert (one.owner, one.what) == (ME, "Get yourself to the open evening")
    (taken_up,) = promised((THEM, "There's a book on this by Fenwick."), (ME, "I'll look that up."))
    assert taken_up.owner is ME
    assert promised((THEM, "She knows all of them by heart."), (ME, "I will.")) == []


def test_a_day_that_is_put_right_takes_the_place_of_the_first() -> None:
    assert days(
        (THEM, "I'll send you the numbers."),
        (THEM, "Let's say Thursday."),
        (THEM, "No, Thursday I'm out with my kid."),
        (THEM, "Friday."),
    ) == ["2026-12-04"]


def test_a_day_of_something_else_is_not_taken() -> None:
    assert days(
        (THEM, "You should talk to three of them."),
        (THEM, "And there's a meetup every month, the next one is January twelfth at the brewery."),
        (ME, "January twelfth."),
    ) == [None]


def test_one_day_for_two_promises_in_one_breath() -> None:
    found = promised(
        (THEM, "I'll call you and I'll send you the form, and you'll have both by Tuesday."),
        live=frozenset({0}),
    )
    assert [one.due.day if one.due else None for one in found] == ["2026-12-08", "2026-12-08"]


def test_what_is_taken_back_is_gone() -> None:
    assert (
        promised((THEM, "I'll have legal send you the form."), (THEM, "Actually, scratch that."))
        == []
    )


def test_what_was_asked_as_that_is_named_by_who_hands_it_over() -> None:
    (one,) = promised((THEM, "Could you send me that?"), (ME, "I'll get you the one pager today."))
    assert (one.owner, one.what) == (ME, "get Dana the one pager today")


def test_a_day_that_opens_a_sentence_is_settled_before_the_rest_of_it() -> None:
    assert days(
        (THEM, "I'll send you the incident report."),
        (THEM, "Let's say Thursday."),
        (ME, "Friday noon, and if I don't see it, should I nudge you?"),
        (THEM, "Please nudge me."),
    ) == ["2026-12-04", "2026-12-04"]
    assert days((THEM, "Send me the form."), (ME, "Monday, I'm in late on Friday.")) == [
        "2026-12-07"
    ]


def test_who_is_told_to_ask_somebody_and_names_the_day() -> None:
    assert days((THEM, "Well, you should ask Janice."), (ME, "I'll ask her on Monday.")) == [
        "2026-12-07"
    ]


def test_nobody_takes_back_what_the_other_one_promised() -> None:
    (one,) = promised(
        (THEM, "Could you send me the one pager?"),
        (ME, "I'll get you the one pager."),
        (THEM, "Actually, scratch that, we need no contract for it."),
    )
    assert one.owner is ME


def test_what_is_asked_for_after_a_comma_counts() -> None:
    (one,) = promised((THEM, "No, without eggs, perhaps, bring me a sketch."), (ME, "I will."))
    assert one.what == "bring Dana a sketch"
    assert promised((THEM, "They, as I said, bring me a sketch each."), (ME, "I see.")) == []
    assert promised((THEM, "Dogs, cats and children bring me back to life."), (ME, "Ha.")) == []


def test_you_could_come_grants_a_wish_and_the_days_after_it_are_its_own() -> None:
    days_of = {
        one.what: one.due.day if one.due else None
        for one in promised(
            (ME, "Could I come out with you for a day, do you think?"),
            (THEM, "Leave it with me, I'll ask her Monday morning."),
            (ME, "Oh, would you?"),
            (THEM, "If she said yes, you could come out with me Wednesday."),
            (THEM, "No, hang on, say the Thursday, the seventeenth."),
            (ME, "Thursday the seventeenth, I'm off that, perfect."),
        )
    }
    assert days_of == {
        "come out with Dana for a day": "2026-12-17",
        "ask her Monday morning": "2026-12-07",
    }


def test_a_short_reply_that_only_says_when_gives_the_day_in_doubt() -> None:
    (one,) = promised((THEM, "Drop me a line."), (ME, "I'll be back tonight."))
    assert one.due is not None
    assert (one.due.day, one.due.is_sure) == ("2026-12-01", False)
    assert days(
        (THEM, "Drop me a line."),
        (ME, "I'll be on the road all day and away until late tonight with my brother."),
    ) == [None]


def test_of_somebody_else_nothing_is_taken_up() -> None:
    assert promised((THEM, "He'd better tell us about that."), (ME, "I will.")) == []


def test_a_sentence_may_end_though_its_engine_goes_on_in_lower_case() -> None:
    (one,) = promised(
        (THEM, "Drop me a line."), (ME, "I'll be back tonight. where, um, where do I write?")
    )
    assert one.due is not None
    assert one.due.day == "2026-12-01"
    # "A.m." ends nothing.
    assert days((THEM, "I'll send you the numbers at nine a.m. on Friday."))[0] == "2026-12-04"


def test_oh_no_puts_a_day_right_too() -> None:
    assert days(
        (THEM, "I'll send you the numbers over the weekend."),
        (THEM, "Oh, no, I won't, it's my mother's birthday."),
        (THEM, "Monday, say."),
    ) == ["2026-12-07"]


def test_a_day_that_is_declined_is_none() -> None:
    assert days(
        (ME, "Should I ring you again tomorrow, maybe?"),
        (THEM, "Not this side of the holidays, try the office in the new year, ask for Ines."),
        (ME, "Ines in the office, I'll do that."),
    ) == [None]


def test_a_grant_names_the_day_after_a_mere_manner_of_speaking() -> None:
    assert days(
        (ME, "Could I come out with you for a day?"),
        (THEM, "I'd have you tomorrow."),
        (THEM, "If she says yes you could come out with me on Thursday."),
    ) == ["2026-12-03"]


def tasks(*turns: tuple[Channel, str]) -> list[tuple[Channel, str, str | None]]:
    """Return whose each task is, what, and until when."""
    return [(one.owner, one.what, one.due.day if one.due else None) for one in promised(*turns)]


def test_an_i_will_with_a_day_is_a_promise_whatever_is_done() -> None:
    assert tasks((ME, "Great, I'll order it this weekend.")) == [
        (ME, "order it this weekend", "2026-12-06")
    ]
    assert tasks((ME, "i'll get that out of the library tomorrow")) == [
        (ME, "get that out of the library tomorrow", "2026-12-02")
    ]
    assert tasks((THEM, "I'll be in Munich on Friday.")) == []
    assert tasks((THEM, "I'll see my sister on Friday.")) == []


def test_two_tasks_with_one_i_will_have_one_day() -> None:
    assert tasks((THEM, "I'll write to him tomorrow morning and send you his number.")) == [
        (THEM, "write to him tomorrow morning", "2026-12-02"),
        (THEM, "send you his number", "2026-12-02"),
    ]
    assert [what for _, what, _ in tasks((THEM, "I'll find the survey and send it to you."))] == [
        "send it to you"
    ]


def test_then_is_the_day_that_was_named_last() -> None:
    assert tasks((ME, "It'll be ready a week from Friday."), (ME, "I'll send it to you then.")) == [
        (ME, "send it to Dana", "2026-12-11")
    ]


def test_who_is_to_come_says_i_will_be_there() -> None:
    assert tasks(
        (THEM, "You ought to come ride with me."),
        (ME, "I'd really like that."),
        (ME, "When would work?"),
        (THEM, "Come on Monday morning at the clinic by the river."),
        (ME, "Monday morning, I'll be there."),
        (THEM, "Oh, shoot, no, that's the sale."),
        (THEM, "Make it Tuesday."),
    ) == [(ME, "come ride with Dana", "2026-12-08")]


def test_you_will_have_it_by_friday_is_promised_by_who_says_so() -> None:
    assert tasks((THEM, "Then you'll have it back by Friday, with corrections.")) == [
        (THEM, "you'll have it back by Friday, with corrections", "2026-12-04")
    ]


def test_what_the_other_one_is_to_do_next_is_told_after_and_then() -> None:
    told = tasks((THEM, "I'll write to him tomorrow, and then you call him on Thursday."))
    assert (ME, "you call him on Thursday", "2026-12-03") in told


def test_where_the_talk_is_arranged_nothing_is_promised() -> None:
    assert tasks((THEM, "Hang on, let me get you off the speaker.")) == []
    assert tasks((THEM, "It is Doctor, but Sudha will do.")) == []
    assert tasks((ME, "Am I speaking with Mrs. Venkataraman?"), (THEM, "You are.")) == []


def test_a_day_is_read_as_engines_write_it() -> None:
    assert days((ME, "I'll send it to you on the twenty-seventh of December.")) == ["2026-12-27"]
    assert days(
        (THEM, "Could you send us the outline?"), (ME, "Okay."), (THEM, "Tuesday'll do.")
    ) == ["2026-12-08"]
    assert days((THEM, "Come on the Monday, then, the fourteenth of December.")) == ["2026-12-14"]


def test_what_can_not_be_done_after_all_is_gone() -> None:
    assert (
        tasks(
            (THEM, "And I'll send you the manual for the pitch system."),
            (THEM, "Nah, hang on, I can't, that's the maker's."),
        )
        == []
    )


def test_whom_they_name_is_whom_the_user_will_write_to() -> None:
    assert tasks(
        (THEM, "Talk to Laura Chen."), (ME, "Great, then I'll write to her tomorrow.")
    ) == [(ME, "Talk to Laura Chen", "2026-12-02")]


def test_a_parting_settles_no_day() -> None:
    assert tasks((ME, "I'll send you the outline."), (THEM, "See you on Thursday.")) == [
        (ME, "send Dana the outline", None)
    ]


def test_a_day_that_was_settled_is_not_that_of_the_next_thing() -> None:
    told = tasks(
        (THEM, "Come on Monday morning."),
        (ME, "I'll be there."),
        (THEM, "You'll have to do the induction before that."),
        (THEM, "It takes forty minutes."),
        (ME, "Cool, I'll do it on the weekend."),
    )
    assert (ME, "Come on Monday morning", "2026-12-07") in told


def test_what_breaks_off_is_nothing_to_do() -> None:
    broken = promised((ME, "Well, I'll ..."), (THEM, "Sure."), live=frozenset({0}))
    assert broken == []


@pytest.mark.parametrize(
    ("turns", "what", "day"),
    [
        ([(ME, "I'll mail it tomorrow."),
          (ME, "No, tomorrow I've got the dentist, I'll mail it Friday.")],
         "mail it Friday", "2026-12-04"),
        ([(ME, "i'll call him tomorrow no wait tomorrow i work late i'll call him thursday")],
         "call him thursday", "2026-12-03"),
        ([(ME, "I'll send you a photo of it tonight."), (THEM, "Not tonight, tomorrow."),
          (ME, "Tomorrow, then. I'll send it tomorrow.")],
         "send Dana a photo of it", "2026-12-02"),
        ([(ME, "I'll write to her next week."), (THEM, "Not write, she doesn't answer. Call her."),
          (ME, "Okay, I'll call her next week then.")],
         "call her next week", "2026-12-11"),
        ([(ME, "I'll call him Thursday. The Thursday after. The tenth of December.")],
         "call him", "2026-12-10"),
    ],
)  # fmt: skip
def test_said_again_the_last_word_stands(
    turns: list[tuple[Channel, str]], what: str, day: str
) -> None:
    (one,) = promised(*turns)
    assert one.what.lower() == what.lower()
    assert one.due is not None
    assert one.due.day == day


@pytest.mark.parametrize(
    "turns",
    [
        [(ME, "I'll call her on Thursday."), (THEM, "Good."), (ME, "And I'll call him on Friday.")],
        [(ME, "I'll email her today and I'll call her tomorrow.")],
        [(ME, "I'll try her on Monday. I'll get him the book on Friday.")],
        [(ME, "I'll send you the CV."), (ME, "Oh, and the deck. I'll send it on Friday.")],
        [(ME, "I'll send you the slides on Tuesday."), (THEM, "And the contract?"),
         (ME, "I'll send it on Wednesday.")],
        [(THEM, "I'll send you the book list."),
         (THEM, "Oh, and the guest list. I'll send it on Friday.")],
        [(ME, "I'll send the slides to Laura."), (ME, "Scratch that about sending the invoice."),
         (ME, "I'll call her on Friday.")],
    ],
)  # fmt: skip
def test_two_tasks_stay_two(turns: list[tuple[Channel, str]]) -> None:
    assert len(promised(*turns)) == 2


@pytest.mark.parametrize(
    "said",
    [
        "That helps. I'll mail it to you tomorrow.",
        "My pleasure. I'll mail it to you tomorrow.",
        "The book looks good. I'll mail it to you tomorrow.",
    ],
)
def test_what_a_sentence_begins_with_is_not_yet_what_it_is_about(said: str) -> None:
    (one,) = promised((ME, said))
    assert one.what == "mail it to Dana tomorrow"


def test_what_is_spoken_of_again_by_its_name_is_the_same_task() -> None:
    talk = "Patience, and some chemistry, and a lot of listening to people who are afraid."
    (one,) = promised(
        (ME, "I'll send you my CV by Monday."),
        (THEM, talk),
        (THEM, "Oh, and the CV. Send it straight to Janet."),
        (ME, "To Janet, and still Monday?"),
        (THEM, "Make it Tuesday, she's not in Mondays."),
    )
    assert (one.owner, one.what) == (ME, "Send the CV straight to Janet")
    assert one.due is not None
    assert one.due.day == "2026-12-08"


def test_whether_i_should_and_send_it_to_me_is_one_task() -> None:
    (one,) = promised((ME, "Should I send you my list as well?"), (THEM, "Send it to me, yes."))
    assert (one.owner, one.what) == (ME, "send Dana my list as well")


def test_make_it_settles_the_day_whatever_follows() -> None:
    send = (ME, "I'll send you the form by next Monday.")
    (one,) = promised(send, (THEM, "Make it the tenth and I'll actually see it."))
    assert one.due is not None
    assert one.due.day == "2026-12-10"


@pytest.mark.parametrize("when", ["not this week", "anytime, not in June", "not on Monday"])
def test_a_day_that_is_excluded_is_not_the_day(when: str) -> None:
    assert days((THEM, f"I'll send you the list, but {when}.")) == [None]


@pytest.mark.parametrize(
    "turns",
    [
        [(ME, "I'll send you the outline."), (THEM, "Why not Friday?"), (ME, "Good.")],
        [(ME, "I'll send it to you, not sure, Friday maybe.")],
        [(THEM, "You should talk to Sam on Friday, or not on Friday, whichever.")],
    ],
)
def test_a_day_that_is_meant_all_the_same_is_the_day(turns: list[tuple[Channel, str]]) -> None:
    assert days(*turns) == ["2026-12-04"]


def test_what_is_taken_back_by_its_name_is_gone() -> None:
    ask, talk = (ME, "I'll ask her on Sunday."), (THEM, "She bakes for the whole street, you know.")
    back = (ME, "Forget that about me asking her Sunday, I'll see how it goes.")
    assert promised(ask, talk, talk, talk, talk, back) == []


@pytest.mark.parametrize(
    "said",
    [
        "You can call me Dee, everybody does.",
        "I've got two, what am I going to do with two?",
        "I got two what i'm going to do with two",
        "I'll give you her number, it's five five five one two.",
    ],
)
def test_what_only_sounds_like_a_task_is_none(said: str) -> None:
    assert promised((THEM, said), (ME, "Great.")) == []


def test_a_call_is_a_task_where_a_time_or_a_way_follows() -> None:
    assert len(promised((THEM, "You can call me on Monday."))) == 1
    for call in ("back when you have it", "to arrange a visit", "right away when you land", "soon"):
        assert len(promised((THEM, f"Call me {call}."))) == 1


def test_a_number_that_is_not_said_yet_is_a_task() -> None:
    assert len(promised((ME, "I'll send you her number, it's in my other phone."))) == 1


def test_what_they_will_let_me_know_is_told_by_what_they_send() -> None:
    (one,) = promised(
        (ME, "Could you let me know?"), (THEM, "I'll do that. I'll send you the agenda.")
    )
    assert (one.owner, one.what) == (THEM, "send you the agenda")


def test_by_when_they_have_an_answer_is_when_they_ask() -> None:
    ask = (THEM, "It would have to go through the manager. I'll ask her for you.")
    (one,) = promised(ask, (THEM, "I'll have an answer by Monday."))
    assert one.due
    assert one.due.day == "2026-12-07"


def test_send_it_over_is_what_they_were_asked_about() -> None:
    theirs, mine = promised(
        (ME, "Would you be willing to look at my CV?"), (THEM, "Yes, yes, send it over."),
        (ME, "You'll have it by next Wednesday."),
    )  # fmt: skip
    assert (theirs.owner, theirs.what) == (THEM, "look at your CV")
    assert (mine.owner, mine.what) == (ME, "send it over (my CV)")
    assert mine.due
    assert mine.due.day == "2026-12-09"


def test_what_they_forget_about_a_little_later_is_gone() -> None:
    said = [
        (THEM, "Oh, I'll mail you mine, it's full of coffee. What's your address there?"),
        (ME, "It's 418 Garfield Avenue."),
        (THEM, "Four eighteen Gar... oh wait, no. No, I lent it to Joel and he moved away."),
    ]
    assert len(promised(*said)) == 1
    assert promised(*said, (THEM, "Forget it, sorry.")) == []


def test_who_is_interrupted_by_an_um_promises_all_the_same() -> None:
    (one,) = promised(
        (THEM, "You could call Lucille Brand or Teo."), (ME, "I'll, um, I'll try both.")
    )
    assert one.what == "try both"


@pytest.mark.parametrize(
    "said",
    [
        "We're close to time, so let me check what we have.",
        "Let me do it properly.",
        "Let me amend that.",
    ],
)
def test_what_concerns_the_talk_itself_is_no_task(said: str) -> None:
    assert promised((ME, said), live=frozenset({0})) == []


def test_just_email_it_is_what_i_said_i_would_hand_over() -> None:
    (one,) = promised(
        (ME, "I'll have it to you by the end of the month."),
        (THEM, "That's fine. Just email it, don't make it fancy."),
    )
    assert one.due
    assert one.due.day == "2026-12-31"


def test_what_would_have_happened_is_no_request() -> None:
    assert promised((THEM, "You did. Call me in August and I'd have hung up on you.")) == []
    assert len(promised((THEM, "Call me in August and I'll tell you more."))) == 1


def test_then_is_the_day_before_it_and_not_the_one_behind() -> None:
    (one,) = promised(
        (THEM, "I'll see him on the seventeenth, at the holiday lunch. "
               "I'll ask him then if you may shadow me for a day in January."),
    )  # fmt: skip
    assert one.due
    assert one.due.day == "2026-12-17"


def test_a_day_and_a_yes_are_the_day_of_what_follows() -> None:
    (one,) = promised((ME, "By Tuesday, yes. I'll email you the two pages."))
    assert one.due
    assert one.due.day == "2026-12-08"


def test_a_day_that_is_agreed_to_is_not_what_it_is_about() -> None:
    (one,) = promised((THEM, "So the thirteenth. Yes. I'll have it back to you by the eighteenth."))
    assert one.what == "have it back to you by the eighteenth"


def test_what_is_summed_up_at_the_end_is_no_second_task() -> None:
    between = [(THEM, "It rains a lot up here, and the roads are what they are.")] * 4
    (mine,) = promised(
        (ME, "By Tuesday, yes. I'll email it."), *between,
        (ME, "So I'll send you my name and the reason by Tuesday."),
    )  # fmt: skip
    assert mine.what == "send Dana my name and the reason by Tuesday"
    (theirs,) = promised(
        (THEM, "I'll let you know by Monday which mornings he has."), *between,
        (THEM, "And I'll tell you by Monday."),
    )  # fmt: skip
    assert theirs.due
    list_, photo = promised(
        (ME, "I'll email you the list by Tuesday."), *between,
        (ME, "And I'll send you a photo of the bench by Tuesday."),
    )  # fmt: skip
    assert "list" in list_.what
    assert "photo" in photo.what


def test_what_was_told_long_before_explains_no_task() -> None:
    ask = (THEM, "I'll have Tansy email it to you tomorrow morning.")
    just = (ME, "The paper on the wells would help me a lot.")
    (near,) = promised(just, ask)
    assert near.what.endswith("(The paper on the wells would help me a lot)")
    (far,) = promised(just, *[(THEM, "They are deep.")] * 4, ask)
    assert far.what == "have Tansy email it to you tomorrow morning"


def test_a_day_may_stand_last_in_a_long_task() -> None:
    long = (
        "And I'll write up a page of what I heard and send it to you by a week on Thursday, so you"
    )
    (one,) = promised((ME, f"{long} can tell me what is wrong."), (THEM, "Do."))
    assert one.what.endswith("by a week on Thursday")
    assert one.due is not None
    assert one.due.day == "2026-12-10"


def test_what_a_no_wait_calls_it_is_the_day() -> None:
    turns = (
        (ME, "I'll ship it a week from Friday."),
        (ME, "Oh, no, wait."),
        (ME, "The printer's not done until the 14th, so, uh, let's call it the 15th."),
    )
    assert days(*turns) == ["2026-12-15"]
    assert days(turns[0], turns[2]) == ["2026-12-11"]


def test_a_day_for_something_else_moves_none_that_is_settled() -> None:
    settled = (ME, "I'll ship it on Friday."), (THEM, "Okay.")
    turns = (
        (THEM, "And make it so nobody ever gets to wait. They know no other way."),
        (THEM, "Most everybody's off on the 20th, that's a Sunday."),
        (ME, "Does Sunday work, then? The 20th?"),
        (THEM, "Sunday works. We'll be there."),
    )
    assert days(*settled, *turns) == ["2026-12-04"]
    back = (THEM, "I'm back on the 6th, so I'll get you the number that Friday, the 11th.")
    assert days((ME, "I'll get it to you before you fly."), back) == [None, "2026-12-11"]
    meet = (
        (THEM, "I will introduce you by email, with both of you in copy."),
        (ME, "Thank you."),
        (THEM, "Does the Monday suit, the 14th? Tuesday I have auditors."),
        (ME, "Monday the 14th is perfect."),
    )
    assert days(*meet) == [None]


def test_what_is_handed_over_twice_in_a_row_is_one_thing_to_others_another() -> None:
    sent = (
        (THEM, "I'll send you our template. I can get that to you Friday."),
        (THEM, "No wait, Friday's the offsite. Monday. I'll send it Monday."),
    )
    (one,) = promised(*sent)
    assert one.what == "send you our template"
    assert days(*sent) == ["2026-12-07"]
    other = promised(
        (THEM, "I'll text her this evening so she knows who you are."),
        (THEM, "And I'll take a picture of the page. I'll send it to you tonight."),
    )
    assert other[0].what == "text her this evening"


def test_to_agree_to_their_day_is_no_day_of_mine() -> None:
    turns = (
        (THEM, "I'll send you the outline on Monday."),
        (ME, "Monday's perfect. I'll send you my questions."),
    )
    assert days(*turns) == ["2026-12-07", None]


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("I'll give you a ring before Easter, then.", "2027-03-28"),
        ("I'll let you know how they went by the end of January.", "2027-01-31"),
    ],
)
def test_the_day_of_a_task_is_yet_to_come(told: str, day: str) -> None:
    assert days((ME, told)) == [day]


@pytest.mark.parametrize("told", ["Go and mind that mare.", "Look after yourself."])
def test_to_take_a_courtesy_up_is_no_task(told: str) -> None:
    assert promised((ME, f"Thanks so much. {told}"), (THEM, "I will. Bye.")) == []


def test_what_they_take_back_at_once_holds_for_nothing() -> None:
    told = "If it turns up I'll let you know, but don't hold me to that."
    assert promised((THEM, told)) == []


def test_whoever_is_to_be_asked_has_a_name() -> None:
    (one,) = promised((THEM, "I'll ask Gareth. It's his gate."))
    assert (one.owner, one.what) == (THEM, "ask Gareth")
    assert promised((THEM, "I'll ask for it at the gate, usually.")) == []


def test_what_somebody_else_said_is_nobodys_promise_here() -> None:
    told = 'And he says to me, "I\'ll bring your ladder back Saturday." And he never did.'
    assert promised((THEM, told)) == []
    assert len(promised((THEM, "I'll send you the outline Saturday. That's it."))) == 1


@pytest.mark.parametrize(
    "told", ["You ask the right person the wrong question.", "You ask while one is listening."]
)
def test_who_asks_something_is_sent_to_nobody(told: str) -> None:
    assert promised((THEM, told)) == []


def test_what_it_is_was_meant_just_before() -> None:
    (one,) = promised(
        (THEM, "I'll take a picture of a week and put a bit of tape over the names."),
        (THEM, "I'll send it tonight."),
        (THEM, "No wait, not tonight. Tomorrow. I'll send it on to you tomorrow."),
    )
    meant = "take a picture of a week and put a bit of tape over the names"
    assert one.what == f"send it on to you tomorrow ({meant})"
    (other,) = promised(
        (ME, "And I'd like you to have the game, the prototype."),
        (THEM, "I was hoping so."),
        (ME, "I'll ship it to you on Friday."),
    )
    assert other.what.endswith("(the game, the prototype)")
    (plain,) = promised(
        (THEM, "We are seven people in two cities."), (THEM, "I'll send it to you.")
    )
    assert plain.what == "send it to you"


def test_what_is_said_of_oneself_explains_no_task_of_the_other() -> None:
    found = promised((ME, "I, uh, I think I got that."), (THEM, "I'll look into that for you."))
    assert [one.what for one in found if "I got" in one.what] == []


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ("I'll send you a photo of the pipe once it's done.",
         "send Dana a photo of the pipe once it's done"),
        ("I'll let you know by Monday whether I can get the train.",
         "let Dana know by Monday whether I can get the train"),
    ],
)  # fmt: skip
def test_a_task_does_not_break_off_in_the_middle(told: str, what: str) -> None:
    (one,) = promised((ME, told))
    assert one.what == what


def test_a_number_that_puts_a_day_right_stays_in_its_month() -> None:
    turns = (
        (ME, "I'll come by on the twelfth of January."),
        (THEM, "No, hang on. Make it the nineteenth."),
    )
    assert days(*turns) == ["2027-01-19"]
    assert days((ME, "I'll come by on the fourth."), (THEM, "Make it the nineteenth.")) == [
        "2026-12-19"
    ]


def test_a_no_wait_of_the_other_one_explains_no_task() -> None:
    found = promised(
        (THEM, "No wait, make it February, January is stocktaking for us."),
        (ME, "And I'll look into that one for you."),
    )
    assert [one.what for one in found if "stocktaking" in one.what] == []


def test_a_number_said_again_is_the_date_just_named() -> None:
    turns = (
        (THEM, "How about the twelfth of January, at ten?"),
        (ME, "The twelfth works. I'll send you the drawings."),
    )
    assert days(*turns) == ["2027-01-12"]
    moved = (THEM, "No, hang on, the twelfth I'm in Ghent. Make it the nineteenth.")
    assert days(*turns, moved) == ["2027-01-19"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("I'll have Jolene text it to you once we're done.", "have Jolene text it to you"),
        ("Then, once my leave is over, I'll take you up myself.", "take you up myself"),
        ("I will ask the board.", "ask the board"),
        ("And I'll say it to her myself.", "say it to her myself"),
        ("right not a word and i'll ask the manager", "ask the manager"),
        ("I'll have a word and let you know.", "have a word and let you know"),
    ],
)
def test_more_ways_to_promise(text: str, what: str) -> None:
    (one,) = promised((THEM, text))
    assert one.what.startswith(what)


@pytest.mark.parametrize(
    "text",
    [
        "Night is different, night I will come to that.",
        "I'm going to the sister for a while but it's only for a month.",
        "and the director goes mate we'll fix it in post by friday",
        "what we do is i'll give you the whole course and you pay a little every week",
        "come up and have a beer sometime and i'll show you round the yard",
    ],
)
def test_what_is_told_or_said_in_passing_promises_nothing(text: str) -> None:
    assert promised((THEM, text)) == []


def test_in_the_present_a_day_to_come_makes_it_a_promise() -> None:
    (one,) = promised((THEM, "I write you the answer before Friday."))
    assert one.due is not None
    assert (one.what, one.due.day) == ("write you the answer before Friday", "2026-12-04")
    assert promised((THEM, "I write you the answer and you see it on your screen.")) == []


def test_whom_they_see_on_a_day_they_tell_then() -> None:
    sees = (THEM, "And I'm seeing her on Monday, there's some meeting.")
    assert days(sees, (THEM, "I will put in a word.")) == ["2026-12-07"]
    assert days(sees, (THEM, "I'll send you the form.")) == [None]


def test_what_i_go_to_is_on_the_day_they_told() -> None:
    told = (THEM, "They've an open day at the college, Saturday the twelfth it is.")
    assert days(told, (ME, "Oh right, I'll go to that.")) == ["2026-12-12"]


def test_this_night_is_tonight() -> None:
    assert days((THEM, "I'll send you the link this night before I sleep.")) == ["2026-12-01"]


def test_what_ends_with_a_question_mark_is_no_advice() -> None:
    assert promised((THEM, "And then you ask everybody?")) == []
    assert promised((THEM, "You ask this everybody?")) == []
