"""Schools, museums, chambers and departments that came up."""

import msgspec
import pytest
from told import PLAN, WORDS, Told

from assistant.notes.notes import learn
from assistant.notes.people import CameUp
from assistant.plan import Plan

pytestmark = pytest.mark.unit

NOTHING_KNOWN = msgspec.structs.replace(PLAN, people=(), terms=())


def came_up(*lines: str, plan: Plan = NOTHING_KNOWN) -> tuple[CameUp, ...]:
    call = Told()
    for n, text in enumerate(lines):
        call.them(30.0 + 6 * n, text)
    return learn(plan, call.end(200.0).entries, WORDS).institutions


def names(*lines: str) -> list[str]:
    return [one.name for one in came_up(*lines)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("yes there's solveig at the maritime museum she has ships", "the maritime museum"),
        ("county college they'll put you through", "county college"),
        ("she's in the department for patient safety", "the department for patient safety"),
        ("I began at Lambda School in the autumn.", "Lambda School"),
        ("It goes to the Crown Prosecution Service.", "Crown Prosecution Service"),
        ("She studied at the University of Leeds.", "University of Leeds"),
        ("He is in the linguistics department now.", "the linguistics department"),
    ],
)
def test_it_is_found_in_the_words_it_was_called_by(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "I spent three years in a big hospital.",
        "our school has two hundred children",
        "i paid for the office for six nights",
        "the whole department came",
        "when i finish college i want to travel",
        "I can trust them.",
        "for wider society it hardly matters",
        "they open the new library in may",
        "i went straight home to the school",
    ],
)
def test_what_could_be_any_of_its_kind_is_none(text: str) -> None:
    assert names(text) == []


def test_its_kind_alone_is_enough_where_it_comes_up_again() -> None:
    assert names("Ask the institute, they print it.") == []
    twice = came_up("Ask the institute, they print it.", "There's a talk at the institute.")
    assert [(one.name, len(one.mentions)) for one in twice] == [("the institute", 2)]
    assert [mention.heard for mention in twice[0].mentions] == ["institute,", "institute."]


def test_the_longest_words_for_it_are_its_name() -> None:
    assert names("write to the agency in march", "yes the water agency of the province") == [
        "the water agency of the province"
    ]
    assert names("the maritime museum has ships", "the city museum has none") == [
        "the maritime museum",
        "the city museum",
    ]


def test_what_the_sheet_knows_is_no_news() -> None:
    plan = msgspec.structs.replace(NOTHING_KNOWN, terms=("Harbour Museum",))
    assert came_up("I work at the Harbour Museum.", plan=plan) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("There's a night section at McNeese, starts in January.", "McNeese"),
        ("He's at Prairie Veterinary, in Opelousas.", "Prairie Veterinary"),
        ("Thirty-five goes to the laboratory in Bologna.", "the laboratory in Bologna"),
        ("davo's the miller up in horsham at wimmera stone mill", "wimmera stone mill"),
        ("I worked for Harrow Brothers for years.", "Harrow Brothers"),
    ],
)
def test_a_firm_is_where_somebody_works(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "We met at Karen's place.",
        "I look at Friday and it's empty.",
        "I laughed at Karen.",
        "He lives in Opelousas.",
        "at night the mill is quiet",
    ],
)
def test_people_days_and_towns_are_no_firms(text: str) -> None:
    assert names(text) == []


def test_a_firm_is_nobody() -> None:
    call = Told()
    call.them(30.0, "There's a man at Strathmore Baird who does their hiring.")
    notes = learn(NOTHING_KNOWN, call.end(90.0).entries, WORDS)
    assert [one.name for one in notes.institutions] == ["Strathmore Baird"]
    assert notes.people == ()
