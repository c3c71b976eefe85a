"""What they asked not to be quoted with stands in no letter, no advice and not in short."""

import pytest
from told import PLAN, WORDING, WORDS, Told

from assistant.events import Channel
from assistant.notes.notes import Notes, learn
from assistant.notes.render.letter import letter, letter_words
from assistant.notes.render.summary import summary

pytestmark = pytest.mark.unit

SECRET = "The new manager hides the invoices from the board in a locked drawer."


def notes(call: Told) -> Notes:
    return learn(PLAN, call.end(200.0).entries, WORDS)


def told(*lines: str) -> Told:
    call = Told()
    call.ask(20.0, "typical-day", "What does a typical day look like?")
    for n, line in enumerate(lines):
        call.them(30.0 + 6.0 * n, line)
    return call


@pytest.mark.parametrize(
    "wish",
    [
        "Please keep that off the record.",
        "That stays between us.",
        "But you didn't hear that from me.",
        "Don't print that, please.",
        "I'd rather you didn't put the number in there.",
        "That's not for your notes.",
        "But you can't use that.",
        "Could you leave that bit out?",
        "Please don't write this down.",
        "It's not off the record, but don't quote me by name.",
        "Would you leave that bit of it out of your notes?",
        "I don't want any of that in your notes.",
        "Please don't go around with it.",
        "It hasn't been announced.",
        "I won't go on with that. Please don't put it in your notes.",
    ],
)
def test_it_covers_what_they_said_around_it(wish: str) -> None:
    learnt = notes(told(SECRET, wish))
    (one,) = learnt.off_record
    assert one.quote.text == wish
    assert len(one.seqs) == 2
    assert all(one.seqs[0] not in point.quote.seqs for point in learnt.key_points)
    assert not [r for r in learnt.recommendations if {*r.quote.seqs} & {*one.seqs}]
    assert letter(learnt, letter_words(WORDING), WORDS.light).said is None
    open_said = letter(notes(told(SECRET)), letter_words(WORDING), WORDS.light).said
    assert open_said is not None


def test_the_page_says_so_and_marks_what_may_be_meant() -> None:
    page = summary(notes(told(SECRET, "That's off the record.")), WORDING)
    part = page.partition("## Off the record")[2].partition("##")[0]
    assert "That's off the record.\"" in part
    assert page.count("(off the record)") >= 2
    assert f'"{SECRET}" (off the record)' in page


def test_a_word_of_mine_between_is_no_end_of_it_but_a_question_is() -> None:
    call = told(SECRET)
    call.me(38.0, "Oh, really?")
    call.them(42.0, "Yes, and that is off the record.")
    assert len(notes(call).off_record[0].seqs) == 2
    call = told(SECRET)
    call.me(38.0, "And how do you get to work in the morning when it snows?")
    call.them(44.0, "By sledge, but don't quote me.")
    assert len(notes(call).off_record[0].seqs) == 1


@pytest.mark.parametrize(
    "line",
    [
        "We keep a record of every sale.",
        "I grew in confidence over the years.",
        "Nowadays we don't print it any more.",
        "If something hurts, don't keep it to yourself, bring it to the Monday round.",
        "The difference between you and me is thirty years.",
        "No, that's not off the record at all.",
        "I sing without my name on the poster.",
    ],
)
def test_what_only_sounds_like_it_hides_nothing(line: str) -> None:
    assert notes(told(line)).off_record == ()


def test_what_i_say_is_no_wish_of_theirs() -> None:
    call = told(SECRET)
    call.me(60.0, "This is all off the record, of course.")
    assert notes(call).off_record == ()


def test_of_one_microphone_only_what_is_near_is_covered() -> None:
    call = Told()
    for n in range(40):
        wish = "And that is off the record." if n == 20 else f"Then we sold {n} loaves that day."
        call.say(Channel.UNCLEAR, 10.0 + 5.0 * n, wish)
    (one,) = notes(call).off_record
    assert 5 <= len(one.seqs) <= 16


def test_what_they_offer_and_whom_they_name_off_the_record_is_in_no_letter() -> None:
    line = "I'll send you the list of what everybody earns. You should talk to Laura Chen."
    open_letter = letter(notes(told(line)), letter_words(WORDING), WORDS.light)
    assert (len(open_letter.offers), open_letter.advice) == (1, ("talk to Laura Chen",))
    secret = notes(told(line, "But that stays between us."))
    hidden = letter(secret, letter_words(WORDING), WORDS.light)
    assert (hidden.offers, hidden.advice, hidden.whom) == ((), (), ())


def test_an_answer_is_told_by_its_other_lines() -> None:
    open_said = "In the morning we count the stock and write the orders for the week."
    call = told(open_said)
    call.them(45.0, "Mhm.")
    call.me(50.0, "I see.")
    call.them(60.0, SECRET)
    call.them(66.0, "That stays between us.")
    (asked,) = notes(call).asked
    assert [quote.text for quote in asked.best] == [open_said]
    (only,) = notes(told(SECRET, "That stays between us.")).asked
    assert SECRET in [quote.text for quote in only.best]


def test_this_next_thing_is_what_comes() -> None:
    call = told("We count the stock every week.", "Now this next thing is not for the record.")
    call.me(45.0, "Okay.")
    last = call.them(50.0, SECRET)
    (one,) = notes(call).off_record
    assert one.seqs[-1] == last
    assert len(one.seqs) == 2


@pytest.mark.parametrize(
    "said",
    [
        "I think Nottingham do it. Don't quote me, I'd have to check.",
        "If I tell you something's not for the record, then it's not for the record.",
    ],
)
def test_a_doubt_and_a_rule_are_no_wish(said: str) -> None:
    assert notes(told(said)).off_record == ()


@pytest.mark.parametrize(
    "said",
    [
        "Please don't quote me on that, I'm not sure my boss would like it.",
        "Don't quote me on that, something like that could cost me my job.",
        "If it's off the record I can tell you, the boss is a crook.",
        "Something's off the record here, the boss is a crook.",
        "Off the record, we'll let people go this next month.",
    ],
)
def test_a_reason_and_a_condition_take_no_wish_away(said: str) -> None:
    assert len(notes(told("We pay far too little.", said)).off_record[0].seqs) == 2


def test_what_they_told_is_covered_though_the_next_bit_may_be_printed() -> None:
    call = told(SECRET, "What I told you is off the record, but this next bit you can print.")
    assert len(notes(call).off_record[0].seqs) == 2


def test_to_leave_a_name_out_where_one_was_asked_for_it_hides_nothing() -> None:
    call = told("There is a Dr Siddiq at the college.")
    call.me(37.0, "Should I mention you to her?")
    call.them(40.0, "I'd leave my name out of that one.")
    assert notes(call).off_record == ()


def test_what_is_off_the_record_explains_no_task() -> None:
    call = told("We are opening two new places in January, and nobody knows.")
    call.them(36.0, "That's off the record.")
    call.me(40.0, "I see. Thank you.")
    call.them(43.0, "Get yourself on that.")
    (task,) = notes(call).promises
    assert "January" not in task.what


def test_a_story_with_the_same_words_is_no_wish() -> None:
    for line in (
        "We leave the boats out in winter, and then we write the notes.",
        "You can't repeat that kind of season, it was a gift.",
        "They never put the hours in the notes for the office.",
    ):
        assert notes(told(SECRET, line)).off_record == (), line


def test_that_the_notes_stay_with_the_user_is_no_wish() -> None:
    assert notes(told(SECRET, "Aye, as long as it stays with you.")).off_record == ()


@pytest.mark.parametrize(
    "wish",
    ["This one's not for your laptop, all right?", "Can I tell you something that stays with you?"],
)
def test_what_comes_may_be_meant(wish: str) -> None:
    call = told("The rota is fair, one week of nights in seven.", wish)
    call.me(42.0, "All right.")
    call.them(44.0, SECRET)
    (one,) = notes(call).off_record
    covered = {quote.text for quote in notes(call).asked[0].passage if {*quote.seqs} & {*one.seqs}}
    assert SECRET in covered
    assert not {text for text in covered if text.startswith("The rota")}


def test_it_ends_where_they_say_so() -> None:
    call = told("We count the stock every week.", "This next bit isn't for your notes.")
    call.me(42.0, "Okay. Um, yes, pen's down.")
    first = call.them(46.0, SECRET)
    call.me(54.0, "What, in a drawer, and nobody on the board ever came and asked for them?")
    last = call.them(60.0, "Nobody. Craig Sutcliffe has the key, and I saw the drawer.")
    call.me(66.0, "That's awful.")
    after = call.them(70.0, "Right. You can pick your pen up again.")
    learnt = notes(call)
    (one,) = learnt.off_record
    assert {first, last} <= {*one.seqs}
    assert after not in one.seqs
    assert "Craig Sutcliffe" not in [person.name for person in learnt.people]


@pytest.mark.parametrize(
    ("wish", "is_before_meant"),
    [
        ("There is another side to that, but this is off the record, please.", True),
        ("Now, I want to go off the record a second.", False),
    ],
)
def test_what_comes_is_meant_and_perhaps_what_was_said(wish: str, *, is_before_meant: bool) -> None:
    call = told(f"We count the stock every week. {wish}")
    call.me(42.0, "Sure. Of course.")
    told_s = call.them(46.0, SECRET)
    (one,) = notes(call).off_record
    assert told_s in one.seqs
    call = told("We count the stock every week.", wish)
    before = next(seq for seq in notes(call).asked[0].answer_seqs)
    call.me(44.0, "Sure. Of course.")
    call.them(46.0, SECRET)
    (one,) = notes(call).off_record
    assert (before in one.seqs) == is_before_meant


def test_what_they_say_once_they_are_back_stands() -> None:
    call = told("We count the stock every week.", "Now, I want to go off the record a second.")
    call.me(42.0, "Sure. Of course.")
    first = call.them(46.0, SECRET)
    last = call.them(54.0, "He retired with a cake. So. That's not for your book.")
    after = call.them(58.0, "Okay, back on the record. We lock the drawers at five.")
    covered = {seq for one in notes(call).off_record for seq in one.seqs}
    assert {first, last} <= covered
    assert after not in covered


def test_to_keep_their_name_from_whom_they_send_one_to_hides_nobody() -> None:
    call = Told()
    call.ask(20.0, "who-else", "Who else should I talk to?")
    call.them(24.0, "You should talk to Laura Chen. She's on LinkedIn. But keep my name out of it.")
    assert notes(call).off_record == ()
    assert [one.may_use_name for one in notes(call).referrals] == ["no"]
    assert len(notes(told(SECRET, "But keep my name out of it.")).off_record) == 1
    secret = "There's a new manager who hides the invoices. Keep my name out of it."
    assert len(notes(told(secret)).off_record) == 1


def test_what_was_said_between_two_wishes_stands() -> None:
    call = told("He drinks. That's between you and me.")
    call.me(40.0, "Of course. And how do you count the stock in the two cities?")
    open_line = call.them(46.0, "We count the stock every week, in both of the cities.")
    call.me(52.0, "And the rest of it, who looks after that?")
    call.them(60.0, "Now, I want to go off the record a second. He hides the invoices.")
    call.them(70.0, "Okay, back on the record. We lock the drawers at five.")
    covered = {seq for one in notes(call).off_record for seq in one.seqs}
    assert open_line not in covered


def test_what_comes_is_covered_up_to_where_they_are_back_on() -> None:
    call = told("so really you would have to win over marcus")
    call.me(40.0, "that is useful")
    asks = call.them(44.0, "okay so this next bit's off the record don't write this down")
    call.me(50.0, "sure go ahead")
    secret = call.them(53.0, "the investor has been pushing us to sell the company all summer")
    last = call.them(62.0, "and the buyer would cut the team in half so elena does not know")
    back = call.them(70.0, "yeah anyway okay we're back on that's all i'm saying")
    (one,) = notes(call).off_record
    assert {asks, secret, last} <= {*one.seqs}
    assert back not in one.seqs
    assert all(seq >= asks for seq in one.seqs)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("i had a minister once and he says turn that off son this is off the record", 0),
        ("He said to me, this is off the record, and then he told the papers.", 0),
        ("He says no. This is off the record, mind you.", 1),
        ("he says so much in a day that nobody listens but this is off the record he drinks", 1),
    ],
)
def test_what_somebody_in_a_story_keeps_off_the_record_is_no_wish(text: str, count: int) -> None:
    assert len(notes(told(text)).off_record) == count


def test_whom_one_may_not_say_it_came_from_is_still_named() -> None:
    call = Told(engine="vosk small")
    call.ask(100.0, "who-else", "who else should i talk to")
    call.them(104.0, "there's wendy cho she's in denver just find her on linked in")
    call.them(110.0, "but don't say it came from me we took one of her people in the spring")
    told_ = notes(call)
    assert told_.off_record == ()
    assert [(one.name, one.may_use_name) for one in told_.referrals] == [("Wendy Cho", "no")]


@pytest.mark.parametrize(
    ("wish", "ends"),
    [
        (
            "This one I'm about to say, please leave it out of that, your writing thing.",
            "Anyway, that is that, you can continue with your writing.",
        ),
        (
            "This now I tell only to you. So not on your page. You take your hands away.",
            "So. That was that. From here you can have your hands again.",
        ),
    ],
)
def test_a_stretch_may_begin_and_end_in_their_own_words(wish: str, ends: str) -> None:
    call = told("We count the stock every week, in both of the cities.")
    call.me(40.0, "Right, and what was the worst of it?")
    first = call.them(44.0, wish)
    call.me(52.0, "Okay, I won't write it, I promise you that.")
    secret = call.them(58.0, SECRET)
    after = call.them(70.0, ends)
    (one,) = notes(call).off_record
    assert {first, secret} <= {*one.seqs}
    assert after not in one.seqs
    assert min(one.seqs) == first


def test_to_ride_somewhere_or_to_talk_to_somebody_is_no_name_kept_back() -> None:
    call = Told()
    call.ask(100.0, "who-else", "Who else should I talk to?")
    call.them(104.0, "Don't call him, Laura Chen's brother Merle Oakley, just go by there at noon.")
    call.them(112.0, "But don't use my name there. I sent him a bill last week.")
    assert notes(call).off_record == ()
