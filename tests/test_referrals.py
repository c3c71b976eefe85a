"""Whom to talk to next, how they are reached, and whether one may say who sent one."""

import msgspec
import pytest
from told import PLAN, WORDS, Told

from assistant.notes.notes import learn
from assistant.notes.referrals import Referral, is_same_name

pytestmark = pytest.mark.unit

NOBODY = msgspec.structs.replace(PLAN, people=(), terms=())


def referrals(call: Told) -> list[Referral]:
    return list(learn(NOBODY, call.end(200.0).entries, WORDS).referrals)


def asked() -> Told:
    call = Told()
    call.ask(100.0, "who-else", "Who else should I talk to?")
    return call


def test_who_is_named_when_asked_for_one_is_a_referral() -> None:
    call = asked()
    call.them(104.0, "You should talk to Laura Chen, she leads the platform team.")
    (one,) = referrals(call)
    assert (one.name, one.about, one.may_use_name) == (
        "Laura Chen",
        "she leads the platform team",
        "not asked",
    )
    assert one.why.start_s == 104.0


def test_their_own_number_is_nobody_elses() -> None:
    call = asked()
    call.them(104.0, "My email is dana at acme dot com.")
    call.them(110.0, "You should talk to Laura Chen.")
    (one,) = referrals(call)
    assert (one.name, one.reach) == ("Laura Chen", "")


@pytest.mark.parametrize(
    "line",
    [
        "Talk to my colleague Laura Chen, 0461 555 0172.",
        "Talk to Laura Chen, she was my boss, her number is 0461 555 0172.",
    ],
)
def test_what_is_said_of_me_beside_a_name_keeps_no_number_from_it(line: str) -> None:
    call = asked()
    call.them(104.0, line)
    (one,) = referrals(call)
    assert (one.name, one.reach) == ("Laura Chen", "04615550172")


def test_to_ask_for_a_thing_names_nobody_and_is_no_task() -> None:
    call = Told()
    call.them(50.0, "Ask for help when you are stuck.")
    call.them(60.0, "Ask for the night shift, it pays more.")
    learnt = learn(NOBODY, call.end(200.0).entries, WORDS)
    assert (learnt.referrals, learnt.promises) == ((), ())


def test_who_is_to_be_asked_for_is_a_referral_with_the_number() -> None:
    call = Told()
    call.them(50.0, "Ask for Laura Chen at the works council, her number is 0461 555 0172.")
    (one,) = referrals(call)
    assert (one.name, one.about, one.reach) == (
        "Laura Chen",
        "at the works council",
        "04615550172",
    )


def test_a_role_is_no_question_and_no_half_sentence() -> None:
    call = asked()
    call.them(104.0, "Talk to Laura Chen, is this still what you want?")
    call.them(112.0, "Or talk to Jonas Ekberg he runs the guild in Flensburg and knows every one")
    call.them(130.0, "Or Mira Lund, she still runs the museum in Kiel.")
    assert [one.about for one in referrals(call)] == [
        "",
        "he runs the guild in Flensburg",
        "she still runs the museum in Kiel",
    ]


def test_who_only_comes_up_in_a_story_is_none() -> None:
    call = Told()
    call.them(50.0, "Laura Chen told me that story twice.")
    assert referrals(call) == []


@pytest.mark.parametrize(
    ("ask", "answer", "may_use"),
    [
        ("Can I say that you sent me?", "Of course.", "yes"),
        ("May I mention your name?", "No, better not.", "no"),
        ("May I mention your name?", "", "asked"),
        ("", "Say I sent you.", "yes"),
        ("", "She is nice.", "not asked"),
    ],
)
def test_whether_one_may_say_who_sent_one(ask: str, answer: str, may_use: str) -> None:
    call = asked()
    call.them(104.0, "Talk to Laura Chen.")
    if ask:
        call.me(108.0, ask)
    if answer:
        call.them(112.0, answer)
    (one,) = referrals(call)
    assert one.may_use_name == may_use


def test_an_address_near_the_name_is_how_they_are_reached() -> None:
    call = asked()
    call.them(104.0, "Talk to Laura Chen.")
    call.them(108.0, "It's laura dot chen at acme dot com.")
    assert [one.reach for one in referrals(call)] == ["laura.chen@acme.com"]


def test_of_whom_they_only_said_who_it_is() -> None:
    call = asked()
    call.them(104.0, "There's the woman who runs the intake in Chancery Lane.")
    (one,) = referrals(call)
    assert (one.name, one.about[:9]) == ("", "the woman")


def test_one_person_in_two_spellings_is_one() -> None:
    assert is_same_name("Hamida", "Hameda")
    assert is_same_name("Bastian Korver", "Korver")
    assert not is_same_name("Laura Chen", "Laura Diaz")
    assert not is_same_name("Anna", "Hannah")


def test_who_wrote_what_is_to_be_read_is_nobody_to_talk_to() -> None:
    call = asked()
    call.them(104.0, "You should talk to Laura Chen, and read Movement, by Thalia Verkade.")
    assert [one.name for one in referrals(call)] == ["Laura Chen"]


def test_a_name_that_is_spelled_is_no_way_to_reach_them() -> None:
    call = asked()
    call.them(104.0, "You should talk to Laura Chen.")
    call.me(107.0, "How is that spelled? C, H, E, N?")
    (one,) = referrals(call)
    assert one.reach == ""


@pytest.mark.parametrize(
    "answer", ["I'd leave my name out of that one.", "I wouldn't mention me to her."]
)
def test_whether_one_may_say_who_sent_one_can_be_no_in_other_words(answer: str) -> None:
    call = asked()
    call.them(104.0, "You should talk to Laura Chen, she leads the platform team.")
    call.me(110.0, "Should I mention you to her?")
    call.them(113.0, answer)
    (one,) = referrals(call)
    assert one.may_use_name == "no"


def test_what_is_said_of_the_next_one_is_not_said_of_the_first() -> None:
    call = asked()
    call.them(104.0, "Talk to Laura Chen. You tell her I said to.")
    call.them(
        110.0, "And there's Peter Meyer, he runs the school. But don't you tell him I sent you."
    )
    assert [(one.name, one.may_use_name) for one in referrals(call)] == [
        ("Laura Chen", "yes"),
        ("Peter Meyer", "no"),
    ]


def test_where_somebody_lives_is_nobody_to_talk_to() -> None:
    call = asked()
    call.them(104.0, "That's Laura Chen, up by Watertown. And Peter Meyer, out of Pierre.")
    assert [one.name for one in referrals(call)] == ["Laura Chen", "Peter Meyer"]


def test_what_somebody_is_like_is_nobody_else() -> None:
    call = asked()
    call.them(104.0, "Talk to Peter Meyer.")
    call.me(108.0, "Okay.")
    call.them(111.0, "He's a good man. I was wrong then, and I am not ready to say it.")
    assert [one.name for one in referrals(call)] == ["Peter Meyer"]


def test_their_own_address_is_nobody_elses_whatever_stands_before_it() -> None:
    call = asked()
    call.them(104.0, "Talk to Laura Chen.")
    call.me(108.0, "And where do I send the page?")
    call.them(111.0, "It's dana dot ruiz at acme dot com.")
    (one,) = referrals(call)
    assert one.reach == ""


def test_a_number_that_was_said_before_anybody_was_named_is_not_theirs() -> None:
    call = Told()
    call.them(80.0, "Send it to my mobile, it's 0491 570 156.")
    call.ask(100.0, "who-else", "Who else should I talk to?")
    call.them(104.0, "You should talk to Laura Chen.")
    (one,) = referrals(call)
    assert one.reach == ""


def test_a_role_goes_on_behind_a_saint() -> None:
    call = asked()
    call.them(104.0, "Talk to Laura Chen at St. Brendan's.")
    (one,) = referrals(call)
    assert one.about == "at St. Brendan's"


@pytest.mark.parametrize(
    "line",
    [
        "Laura Chen is the one you should ring.",
        "Laura Chen would be your best bet.",
    ],
)
def test_of_whom_they_say_that_this_is_whom_to_talk_to_is_a_referral(line: str) -> None:
    call = Told()
    call.them(50.0, line)
    assert [one.name for one in referrals(call)] == ["Laura Chen"]


def test_one_more_may_be_named_long_after_the_question_but_not_before() -> None:
    line = "And there's a man, Teo Varga, who does it with horses."
    call = Told()
    call.them(50.0, line)
    call.ask(100.0, "who-else", "Who else should I talk to?")
    call.them(104.0, "You should talk to Laura Chen.")
    assert [one.name for one in referrals(call)] == ["Laura Chen"]
    call.ask(114.0, "hardest", "What is the hardest part?")
    call.them(118.0, "The paperwork.")
    call.them(140.0, line)
    assert [one.name for one in referrals(call)] == ["Laura Chen", "Teo Varga"]


@pytest.mark.parametrize(
    ("told", "reach"),
    [
        ("She's on LinkedIn.", "She's on LinkedIn"),
        ("You get her through the planning switchboard.",
         "You get her through the planning switchboard"),
        ("I've known her since we were at school and we both wanted to be vets, "
         "but you'd have to try the school office.", "but you'd have to try the school office"),
        ("She is on LinkedIn, and her number is 0461 555 0172.", "04615550172"),
        ("She is very nice.", ""),
    ],
)  # fmt: skip
def test_where_somebody_is_found_may_be_told_in_words(told: str, reach: str) -> None:
    call = asked()
    call.them(104.0, f"Talk to Laura Chen. {told}")
    assert [one.reach for one in referrals(call)] == [reach]


def test_the_most_of_a_name_that_was_told_is_the_name() -> None:
    call = asked()
    call.them(104.0, "Talk to Laura. She's the inspector, she's failed me twice. Laura Chen.")
    call.me(112.0, "Is that Chan?")
    call.them(114.0, "No, Chen.")
    call.me(118.0, "Can I tell her you sent me?")
    call.them(120.0, "Yeah, go for it.")
    assert [(one.name, one.may_use_name) for one in referrals(call)] == [("Laura Chen", "yes")]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (
            "And there's a dispatcher at the other end, Jonas Ekberg.",
            ["Laura Chen", "Jonas Ekberg"],
        ),
        ("And there's a group in the town, Data Kochi.", ["Laura Chen"]),
    ],
)
def test_one_more_may_be_told_by_what_they_do(told: str, found: list[str]) -> None:
    call = asked()
    call.them(104.0, "Talk to Laura Chen.")
    call.ask(110.0, "typical-day", "What does a typical day look like?")
    call.them(112.0, "I open at seven and we count the stock.")
    call.me(118.0, "And then?")
    call.them(120.0, told)
    assert [one.name for one in referrals(call)] == found


@pytest.mark.parametrize(
    ("mine", "theirs", "may_use"),
    [
        ("And can I say I got it from you?", "You must.", "yes"),
        ("Would it be all right to say you pointed me to her?", "Ooh. Maybe don't.", "no"),
        ("And may I mention you to her?", "I'd sooner you didn't.", "no"),
        ("I won't mention you.", "Thanks.", "not asked"),
        ("Great.", "But keep my name out of it.", "no"),
        ("Great.", "You're not to say it was me.", "no"),
    ],
)
def test_leave_to_name_them_in_more_words(mine: str, theirs: str, may_use: str) -> None:
    call = asked()
    call.them(104.0, "Talk to Laura Chen.")
    call.me(108.0, mine)
    call.them(112.0, theirs)
    (one,) = referrals(call)
    assert one.may_use_name == may_use


def test_a_number_belongs_to_whoever_was_named_before_it() -> None:
    call = asked()
    call.them(104.0, "Talk to Bertrand Lind. Ring him, his number is 0461 555 0172.")
    call.them(112.0, "And there's Nkechi Ravenscroft, I'll ask her if I can give you hers.")
    assert [(one.name, one.reach) for one in referrals(call)] == [
        ("Bertrand Lind", "04615550172"),
        ("Nkechi Ravenscroft", ""),
    ]


def test_to_try_somebody_is_no_part_of_the_name() -> None:
    call = asked()
    call.them(104.0, "Try Solveig Aubertin at the conservatory.")
    assert [one.name for one in referrals(call)] == ["Solveig Aubertin"]


def asked_bare() -> Told:
    """Ask for others in a call whose engine writes words alone."""
    call = Told(engine="vosk small")
    call.ask(100.0, "who-else", "who else should i talk to")
    return call


def sent(*lines: str) -> list[Referral]:
    """Say the lines after "you want to talk to Laura Chen", which nobody asked for."""
    call = Told(engine="vosk small")
    call.ask(20.0, "typical-day", "what does a typical day look like")
    call.them(24.0, "we count the stock and then we lock up")
    call.them(60.0, "laura chen is a second year you want to talk to her")
    for n, line in enumerate(lines):
        call.them(70.0 + 6 * n, line)
    return referrals(call)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("and then helen strutt she does the admissions at the college", "Helen Strutt"),
        ("and there's our kirsty she'd give you the other side of it", "Kirsty"),
        ("oh and jo pappas she is better than me", "Jo Pappas"),
    ],
)
def test_who_follows_the_first_one_is_one_too(line: str, name: str) -> None:
    assert [one.name for one in sent(line)] == ["Laura Chen", name]


@pytest.mark.parametrize(
    "line",
    [
        "and then greg said the stock was gone",
        "greg has a shop called northline it does nothing but data",
        "i'd say talk to greg but he'd hang up on you",
    ],
)
def test_who_follows_in_a_story_or_in_vain_is_none(line: str) -> None:
    assert [one.name for one in sent(line)] == ["Laura Chen"]


@pytest.mark.parametrize(
    "line",
    [
        "That's Mr. Hanley, I have to go in with him.",
        "Carol's going to send you the link to the book.",
        "He's the city manager, I can't keep him.",
    ],
)
def test_who_comes_in_among_the_answers_is_none(line: str) -> None:
    call = asked()
    call.them(104.0, "Talk to Laura Chen.")
    call.them(110.0, line)
    assert [one.name for one in referrals(call)] == ["Laura Chen"]


@pytest.mark.parametrize(
    ("line", "reach"),
    [
        ("just find her on linked in", "Just find her on linked in"),
        (
            "she does the admissions at the college you'd have to go through the office and ask"
            " for her by name but she'll tell you straight if you have a chance",
            "you'd have to go through the office and ask for her by name",
        ),
        ("chen at bluebonnet books dot com she answers email", "chen@bluebonnetbooks.com"),
        ("just walk in there any weekday morning", "Just walk in there any weekday morning"),
    ],
)
def test_how_somebody_is_reached_in_words_without_marks(line: str, reach: str) -> None:
    call = asked_bare()
    call.them(104.0, "talk to laura chen")
    call.them(107.0, line)
    assert [one.reach.rstrip(".") for one in referrals(call)] == [reach]


def test_may_i_say_where_i_got_the_name() -> None:
    call = asked_bare()
    call.them(104.0, "talk to laura chen she's in the directory")
    call.me(110.0, "could i tell her i got her name from you")
    call.them(114.0, "i suppose so yes")
    assert [one.may_use_name for one in referrals(call)] == ["yes"]


def asked_to_the_end(*turns: tuple[str, str]) -> list[Referral]:
    """Tell turns after "who else", in words without marks."""
    call = asked_bare()
    for n, (who, text) in enumerate(turns):
        (call.me if who == "me" else call.them)(104.0 + 6 * n, text)
    return referrals(call)


def test_a_name_that_is_said_back_is_heard_better_so() -> None:
    told = ("them", "you'd want to talk to breeder she'd have you sorted in ten minutes")
    (one,) = asked_to_the_end(told, ("me", "breda colgan okay and is there an email"))
    assert (one.name, one.why.text[:10]) == ("Breda Colgan", "You'd want")


def test_who_was_not_heard_as_a_name_is_told_by_what_is_said_back() -> None:
    told = ("them", "then young him ran he is in his second year with us")
    assert [
        one.name for one in asked_to_the_end(told, ("me", "imran and could i message him"))
    ] == ["Imran"]


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ("we always use the varroa strips for it in the autumn", "varroa okay"),
        ("he's very kind and he knows it all", "that's so kite"),
        ("she wrote the whole of it down", "the secret midwife okay"),
    ],
)
def test_what_else_is_said_back_is_no_name(theirs: str, mine: str) -> None:
    turns = (("them", "talk to laura chen she knows"), ("them", theirs), ("me", mine))
    assert [one.name for one in asked_to_the_end(*turns)] == ["Laura Chen"]


def test_a_name_may_have_small_words_in_it() -> None:
    call = asked()
    call.them(104.0, "There's Bram de Wit. He teaches it now, in Utrecht.")
    call.me(108.0, "Bram de Wit. Great.")
    assert [one.name for one in referrals(call)] == ["Bram de Wit"]


def test_the_next_one_may_stand_behind_what_for() -> None:
    call = Told()
    call.them(100.0, "You want to talk to Laura Chen. She knows.")
    call.them(110.0, "And then for the hours, Merle Oakley. He has the feedlot.")
    assert [one.name for one in referrals(call)] == ["Laura Chen", "Merle Oakley"]
