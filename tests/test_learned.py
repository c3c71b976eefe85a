"""Figures, advice, things to read or join, and what they asked the user."""

import msgspec
import pytest
from told import PLAN, WORDS, Told

from assistant.events import Channel, MarkHeard
from assistant.notes.notes import Notes, learn
from assistant.plan import Question

pytestmark = pytest.mark.unit


def notes(*lines: str) -> Notes:
    call = Told()
    call.ask(2.0, "typical-day", "What does a typical day look like?")
    for n, text in enumerate(lines):
        call.them(6.0 + 8 * n, text)
    return learn(PLAN, call.end(300.0).entries, WORDS)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("Fourteen of them stand on a sheet.", "Fourteen of them"),
        ("We get two hundred applications.", "two hundred applications"),
        ("It takes three years in all.", "three years in"),
        ("It's 40 percent by now.", "40 percent by"),
        ("An ordinary winter takes twenty-five percent.", "twenty-five percent"),
    ],
)
def test_a_number_worth_keeping(text: str, figure: str) -> None:
    (found,) = notes(text).figures
    assert found.text == figure
    assert found.quote.text == text


@pytest.mark.parametrize(
    "text",
    [
        "I come at ten.",
        "Two of us did it.",
        "One more thing.",
        "I know.",
        "Thirty-six!",
        "It was ten to midnight.",
    ],
)
def test_times_of_day_and_small_numbers_are_no_figures(text: str) -> None:
    assert notes(text).figures == ()


def test_advice_is_said_to_the_user_and_not_told_of_oneself() -> None:
    found = notes("You should ask for the form first.", "I never ask for the form.").recommendations
    assert [(one.kind, one.what) for one in found] == [
        ("advice", "You should ask for the form first")
    ]


def test_in_one_microphone_a_note_to_self_is_no_advice_of_theirs() -> None:
    call = Told()
    call.say(Channel.UNCLEAR, 2.0, "You should join the association of planners.")
    seq = call.say(Channel.UNCLEAR, 9.0, "Note to self, sign up for a course of seventy hours.")
    call.put(14.0, MarkHeard(seq, "note", "sign up for a course of seventy hours"))
    learnt = learn(PLAN, call.end(30.0).entries, WORDS)
    assert [one.kind for one in learnt.recommendations] == ["group"]
    assert learnt.figures == ()
    assert [one.text for one in learnt.moments] == ["sign up for a course of seventy hours"]


def test_in_one_microphone_a_question_has_no_weight_of_theirs() -> None:
    def in_short(text: str) -> list[str]:
        call = Told()
        call.say(Channel.UNCLEAR, 2.0, text)
        points = learn(PLAN, call.end(30.0).entries, WORDS).key_points
        return [point.quote.text for point in points]

    said = "And the hardest part of it is the trust."
    assert in_short(said) == [said]
    assert in_short("That sounds good, and which part of it is the hardest.") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("There's a book called Brindle on Boundaries.", "book"),
        ("She gives a course in the spring.", "course"),
        ("You should join the association of planners.", "group"),
        ("Go to the conference in Leeds.", "event"),
        ("There's a podcast called Lamp and Kettle.", "site"),
    ],
)
def test_a_thing_to_read_join_or_visit(text: str, kind: str) -> None:
    assert [one.kind for one in notes(text).recommendations] == [kind]


def test_a_book_that_only_lies_about_is_recommended_to_nobody() -> None:
    assert notes("The book fell off the table.").recommendations == ()


def test_what_they_did_or_would_like_themselves_is_recommended_to_nobody() -> None:
    assert notes("I enjoyed that, so I took an evening class.").recommendations == ()
    assert notes("Please do, I would like to read your books.").recommendations == ()


def test_how_they_got_started_is_no_question_for_advice() -> None:
    class_ = "There was a friend, and then an evening class at the library."
    for asked, found in (("How did you get started?", 0), ("How would you get started?", 1)):
        plan = msgspec.structs.replace(PLAN, questions=(Question("started", asked),))
        call = Told()
        call.ask(2.0, "started", asked)
        call.them(6.0, class_)
        assert len(learn(plan, call.end(300.0).entries, WORDS).recommendations) == found


def test_what_they_asked_and_what_i_answered() -> None:
    call = Told()
    call.them(2.0, "What made you think of this job?")
    call.me(6.0, "My uncle did it for years.")
    call.them(12.0, "You know?")
    call.me(14.0, "Yes I do.")
    call.them(18.0, "And what do we do then?")
    call.them(22.0, "We wait.")
    (one,) = learn(PLAN, call.end(60.0).entries, WORDS).asked_me
    assert one.quote.text == "What made you think of this job?"
    assert one.reply is not None
    assert one.reply.text == "My uncle did it for years."


@pytest.mark.parametrize(
    "text",
    [
        "If you take one thing off this call, count your mites.",
        "If you learn one before the summer, learn the big one.",
        "Look at the tearoom before you look at the scanners, that's my advice.",
        "Do the access course, though, or none of it matters.",
        "The two of them together, that's what I'd do.",
        "Don't write that you have always loved bones.",
        "I would do the medical one first.",
    ],
)
def test_what_to_do_is_advice_wherever_it_stands_in_a_sentence(text: str) -> None:
    (found,) = notes(text).recommendations
    assert (found.kind, found.quote.text) == ("advice", text)


@pytest.mark.parametrize(
    "text",
    [
        "Look, I have to collect a child.",
        "Listen, there are forty of them in there.",
        "If you asked him, he would say it is the rain.",
        "When I began, nobody told us a thing.",
        "Please don't write down my name.",
        "You should have heard his voice that day.",
        "You should see this place in June.",
        "Never seen an advert in my life.",
    ],
)
def test_what_only_begins_like_advice_is_none(text: str) -> None:
    assert notes(text).recommendations == ()


def test_a_question_of_theirs_ends_with_its_mark_where_marks_are_written() -> None:
    call = Told()
    call.them(10.0, "Do that one first, whatever you decide.")
    call.me(14.0, "I will think about it.")
    assert learn(PLAN, call.end(60.0).entries, WORDS).asked_me == ()


def test_advice_that_hangs_on_a_sentence_stands_with_it() -> None:
    (found,) = notes(
        "You can sit with her for a while. Use that, when you have one."
    ).recommendations
    assert found.quote.text == "You can sit with her for a while. Use that, when you have one."


def test_a_question_that_is_told_of_is_not_asked_of_the_user() -> None:
    call = Told()
    call.them(10.0, "So people ask me, why did you choose this?")
    call.me(14.0, "My uncle did it for years.")
    assert learn(PLAN, call.end(60.0).entries, WORDS).asked_me == ()


@pytest.mark.parametrize("text", ["Does the Monday suit, the 14th?", "Ring 07700 900 418."])
def test_a_day_and_a_telephone_number_are_no_figures(text: str) -> None:
    assert notes(text).figures == ()


@pytest.mark.parametrize(
    "text",
    ["Maybe don't do that, for that one?", "Look after yourself, Imogen.", "Leave me out of that."],
)
def test_a_question_and_a_courtesy_advise_nothing(text: str) -> None:
    assert notes(text).recommendations == ()


@pytest.mark.parametrize(
    ("theirs", "mine", "quoted"),
    [
        ("What did you do before that?", "Me? I was a cook.", "What did you do before that?"),
        ("And have you talked to any of them yet? The volunteers?", "Two.",
         "And have you talked to any of them yet? The volunteers?"),
        ("And why a hospital, if I may ask? You would earn more elsewhere.", "Mum was one.",
         "And why a hospital, if I may ask?"),
        ("So are you going to do it?", "I don't know. I'll see how the knees are.",
         "So are you going to do it?"),
    ],
)  # fmt: skip
def test_what_they_ask_of_me_in_the_middle_of_things(theirs: str, mine: str, quoted: str) -> None:
    call = Told()
    call.them(10.0, theirs)
    call.me(16.0, mine)
    (one,) = learn(PLAN, call.end(60.0).entries, WORDS).asked_me
    assert one.quote.text == quoted


def test_who_is_answered_with_a_question_asked_nothing_yet() -> None:
    call = Told()
    call.them(10.0, "Can you kneel on it?")
    call.me(16.0, "Sorry?")
    assert learn(PLAN, call.end(60.0).entries, WORDS).asked_me == ()


def test_to_book_and_a_building_site_are_nothing_to_read() -> None:
    assert notes("There's a button so a parent could book for all of them.").recommendations == ()
    assert notes("There's a safety card you need on site.").recommendations == ()


def test_who_else_to_talk_to_asks_for_people_and_not_for_things() -> None:
    call = Told()
    call.ask(100.0, "who-else", "Who else would you recommend?")
    call.them(104.0, "Talk to Laura Chen. Her email's on our website.")
    plan = msgspec.structs.replace(
        PLAN,
        questions=tuple(
            msgspec.structs.replace(q, aliases=("who else would you recommend",))
            for q in PLAN.questions
        ),
    )
    assert learn(plan, call.end(160.0).entries, WORDS).recommendations == ()


def test_a_number_in_words_and_the_workshop_are_nothing_to_note() -> None:
    learnt = notes("His number is oh one four eight two five five five oh one seven three.")
    assert learnt.figures == ()
    assert notes("Of course, the workshop address is best.").recommendations == ()
