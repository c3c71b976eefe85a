"""Who came up though nobody prepared it."""

import msgspec
import pytest
from told import PLAN, WORDS, Told

from assistant.notes.notes import learn
from assistant.notes.people import CameUp
from assistant.plan import Plan

pytestmark = pytest.mark.unit

NOBODY = msgspec.structs.replace(PLAN, people=(), terms=())


def people(
    *lines: str, mine: tuple[str, ...] = (), plan: Plan = NOBODY, engine: str = "told"
) -> list[CameUp]:
    call = Told(engine=engine)
    for n, text in enumerate(mine):
        call.me(1.0 + 5 * n, text)
    for n, text in enumerate(lines):
        call.them(30.0 + 6 * n, text)
    return list(learn(plan, call.end(200.0).entries, WORDS).people)


def names(*lines: str, mine: tuple[str, ...] = (), engine: str = "told") -> list[str]:
    return [one.name for one in people(*lines, mine=mine, engine=engine)]


def test_a_name_has_a_capital_and_something_beside_it_that_says_whose() -> None:
    assert names("The owner is called Hamida.", "Hamida washes it each time.") == ["Hamida"]
    assert names("Our Karen'll know, she did it.") == ["Karen"]
    assert names("She gave it to Laura Chen.") == ["Laura Chen"]


@pytest.mark.parametrize(
    "text",
    [
        "I'm in Munich on Fridays.",
        "We use PagerDuty and SSH for that.",
        "Always. People think I want a novel.",
        "He lives in Brunshaw Road.",
        "It was a nice day.",
    ],
)
def test_places_things_and_days_are_nobody(text: str) -> None:
    assert names(text) == []


def test_who_talks_is_not_news() -> None:
    assert names("Dana is my name.", mine=("Hello, this is Leonie Sachs.",)) == []
    assert names("Well, Leonie, the bin.", mine=("Hello, this is Leonie Sachs.",)) == []


def test_without_capitals_a_name_is_what_follows_its_cue_and_is_rare() -> None:
    assert names("you should talk to wendeline hoos about that") == ["Wendeline Hoos"]
    assert names("the half is called tess and she comes on wednesdays") == ["Tess"]
    assert names("you should talk to people who know") == []
    assert names("you should talk to recruiters in general") == []


def test_a_name_that_is_said_twice_in_a_breath_is_one() -> None:
    assert names("ask my cousin denise denise hatcher") == ["Denise Hatcher"]


def test_what_is_said_of_somebody_stands_beside_the_name() -> None:
    (one,) = people("You want Frau Oyelaran at the chamber. Frau Oyelaran gives a course.")
    assert (one.name, one.role, one.is_prepared) == ("Frau Oyelaran", "at the chamber", False)
    (called,) = people("It's tiny, the owner is called Hamida, she has one board.")
    assert called.role == "the owner"


def test_the_sheets_own_people_are_no_others() -> None:
    (one,) = people("Sam Okafor runs it. You know Okafor.", plan=PLAN)
    assert (one.name, one.is_prepared) == ("Sam Okafor", True)


@pytest.mark.parametrize(
    "text",
    [
        "then on sunday there is soup",
        "we had one that is called oyster",
        "there's a field called condition and it has forty characters",
        "in the end the sister bought the strip",
        "What's that podcast called, Lamp and Kettle.",
    ],
)
def test_things_that_are_called_something_are_nobody(text: str) -> None:
    assert names(text) == []


def test_without_capitals_a_rare_word_that_does_something_is_somebody() -> None:
    assert names("colm he draws") == ["Colm"]
    assert names("wendeline wendeline hoos")[:1] == ["Wendeline"]
    assert names("yes there's solveig at the maritime museum") == ["Solveig"]


def test_who_reads_is_told_an_author() -> None:
    assert names("Read Fenwick, there isn't any law in it.") == ["Fenwick"]


def test_whom_they_ask_for_at_the_beginning_is_the_user() -> None:
    assert names("Hello, is that Danny?", "Our Danny said quarter past.") == []
    assert names("Our Danny said quarter past.") == ["Danny"]


def test_a_first_name_that_is_no_word_needs_nothing_beside_it() -> None:
    assert names("remind me to give you our karen's number") == ["Karen"]
    assert names("i worked with laura oyelaran back then") == ["Laura Oyelaran"]
    assert names("they put the karen valley line out of use") == []
    assert names("we have a dog called oscar") == []
    assert names("i'll be frank that will be a rich harvest in june") == []


def test_papers_and_pets_are_nobody() -> None:
    assert names("I read it in the Northshore Gazette.") == []
    assert names("He'd a dog called Fader, and he'd bring it along.") == []


def test_a_name_may_come_after_a_mere_yes() -> None:
    assert names("yes davo prentice he's the miller up the valley") == ["Davo Prentice"]
    assert names("yeah well that was it") == []


def test_a_sentence_in_quotation_marks_begins_with_a_word() -> None:
    told = 'He rings me up and says, "Colm, come Tuesday?" And I says, "I can." And he was glad.'
    assert "And" not in names(told)
    assert "You" not in names('So I said to him, "You was there before." You was right.')
    assert names('She says, "Laura Chen, come in!"') == ["Laura Chen"]


def test_nobody_is_called_boxing_day() -> None:
    assert names("Is that Boxing Day, the one they moved?", "It was Halloween, and wet.") == []


def test_a_part_of_a_name_that_was_told_is_that_person() -> None:
    assert names("There's Laura Chen at the surgery.", "Well, Laura.") == ["Laura Chen"]


def test_who_is_named_off_the_record_is_on_no_list() -> None:
    told = "The manager there, Craig Sutcliffe, knew it. That's off the record."
    assert names(told) == []


@pytest.mark.parametrize(
    "name", ["Dougal McAskill", "Nora O'Brien", "Anne-Marie Smith-Jones", "Ian MacLeod"]
)
def test_a_name_may_have_a_second_capital(name: str) -> None:
    assert names(f"You could talk to {name} about it.") == [name]
    assert names("We use PagerDuty for that.") == []


def test_a_nickname_and_the_whole_name_behind_it_are_one() -> None:
    assert names("Well, there's Woody. Wojciech Zielinski. He's at the tower.") == [
        "Wojciech Zielinski"
    ]


def test_a_question_of_mine_is_no_role() -> None:
    (one,) = people("We had Delphine Arceneaux there.", mine=())
    assert one.role == ""
    call = Told()
    call.them(30.0, "We had Delphine Arceneaux there.")
    call.me(36.0, "Delphine Arceneaux, is she still around?")
    (other,) = learn(NOBODY, call.end(200.0).entries, WORDS).people
    assert other.role == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("we had jo pappas on the boat with us", ["Jo Pappas"]),
        ("then bruce came in and closed the shop", ["Bruce"]),
        ("he put the mark there with a pencil", []),
        ("we took the names scrapped from the list", []),
        ("she runs a shop called northline that does it", []),
        ("there was a gal named tansy who runs the office", ["Tansy"]),
        ("it was a baker called osgood who did it", ["Osgood"]),
    ],
)
def test_names_where_no_line_of_the_call_has_a_capital(text: str, found: list[str]) -> None:
    assert names(text, engine="vosk small") == found


def test_who_says_their_own_name_twice_is_nobody_else() -> None:
    mine = ("Hello. This is Ananya, Ananya Deshpande, from the college.",)
    assert names("Ah, Ananya! Yes, you said.", mine=mine) == []
