"""Dates as they are spoken, on Tuesday the first of December 2026."""

from datetime import date

import pytest
from told import WORDS

from assistant.understanding.dates import spoken_date

pytestmark = pytest.mark.unit

TUESDAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "heard", "day", "sure"),
    [
        ("send it today", "today", "2026-12-01", True),
        ("call tomorrow", "tomorrow", "2026-12-02", True),
        ("the day after tomorrow", "the day after tomorrow", "2026-12-03", True),
        ("send it by friday", "by friday", "2026-12-04", True),
        ("on tuesday", "on tuesday", "2026-12-08", False),
        ("next friday", "next friday", "2026-12-11", False),
        ("friday next week", "friday next week", "2026-12-11", True),
        ("next week", "next week", "2026-12-11", False),
        ("by the end of the week", "by the end of the week", "2026-12-04", False),
        ("by the end of the month", "by the end of the month", "2026-12-31", True),
        ("december third", "december third", "2026-12-03", True),
        ("on december the twenty first", "on december the twenty first", "2026-12-21", True),
        ("the third of december", "the third of december", "2026-12-03", True),
        ("on the 15th of january", "on the 15th of january", "2027-01-15", True),
        ("january 4", "january 4", "2027-01-04", True),
        ("on may third", "on may third", "2027-05-03", True),
        ("november thirtieth", "november thirtieth", "2027-11-30", False),
        ("monday the fourteenth", "monday the fourteenth", "2026-12-14", True),
        ("monday the fifteenth", "monday the fifteenth", "2026-12-15", False),
        ("send it by the fifteenth", "by the fifteenth", "2026-12-15", False),
        ("it is due on tenth of next month please", "on tenth of next month", "2027-01-10", True),
        (
            "he is booked for a fortnight today before lunch",
            "a fortnight today",
            "2026-12-15",
            False,
        ),
        (
            "on the last working day of this month",
            "on the last working day of this month",
            "2026-12-31",
            True,
        ),
        ("i'll send it before easter", "before easter", "2027-03-28", True),
        ("we meet on good friday", "on good friday", "2027-03-26", True),
        ("send it by easter monday", "by easter monday", "2027-03-29", True),
        ("we'll do it before thanksgiving", "before thanksgiving", "2027-11-25", False),
        ("a week come thursday", "a week come thursday", "2026-12-10", True),
        ("a fortnight on monday", "a fortnight on monday", "2026-12-21", False),
        (
            "not this friday the friday after",
            "this friday the friday after",
            "2026-12-11",
            False,
        ),
        ("i'll send it after the weekend", "after the weekend", "2026-12-07", False),
        ("it's within the next two weeks", "within the next two weeks", "2026-12-15", False),
        ("come by on saint patrick's day", "on saint patrick's day", "2027-03-17", True),
        (
            "i've got space on the second of november",
            "on the second of november",
            "2027-11-02",
            False,
        ),
        (
            "i can't this week but i can do the fourth of march",
            "the fourth of march",
            "2027-03-04",
            False,
        ),
        (
            "i retire on the thirtieth and they've got somebody new",
            "on the thirtieth",
            "2026-12-30",
            False,
        ),
        ("i'll let you know by new year's", "by new year's", "2027-01-01", True),
        ("you'll have it before christmas", "before christmas", "2026-12-25", True),
        ("it's three weeks today i get the plaster off", "three weeks today", "2026-12-22", False),
        (
            "you can have the keys on the fifteenth once it is paid",
            "on the fifteenth",
            "2026-12-15",
            False,
        ),
        ("the fifth at half past two", "the fifth", "2026-12-05", False),
        ("push it to a week tomorrow", "a week tomorrow", "2026-12-09", True),
        ("wait till monday", "till monday", "2026-12-07", True),
        ("then i'll go on the twenty seven", "on the twenty seven", "2026-12-27", False),
        ("in three days", "in three days", "2026-12-04", True),
        ("in a couple of days", "in a couple of days", "2026-12-03", True),
        ("in two weeks", "in two weeks", "2026-12-15", False),
        ("in 10 days", "in 10 days", "2026-12-11", True),
        ("a week from friday", "a week from friday", "2026-12-11", True),
        ("a week on friday", "a week on friday", "2026-12-11", True),
        ("by a week from this friday", "by a week from this friday", "2026-12-11", True),
        ("a week from next friday", "a week from next friday", "2026-12-11", False),
        ("two weeks from friday", "two weeks from friday", "2026-12-18", False),
        ("a week from tuesday", "a week from tuesday", "2026-12-15", False),
        ("on friday week", "on friday week", "2026-12-11", False),
        ("two days from now", "two days from now", "2026-12-03", True),
        ("a week from today", "a week from today", "2026-12-08", False),
        ("a week from tomorrow", "a week from tomorrow", "2026-12-09", False),
        ("friday december eleventh", "friday december eleventh", "2026-12-11", True),
        ("friday december tenth", "friday december tenth", "2026-12-10", False),
        ("friday may seventh", "friday may seventh", "2027-05-07", True),
        ("on monday or tuesday", "on monday", "2026-12-07", False),
        ("monday or maybe tuesday", "monday", "2026-12-07", False),
        ("monday to wednesday", "monday", "2026-12-07", False),
        ("friday or so", "friday", "2026-12-04", False),
        ("friday at the earliest", "friday", "2026-12-04", False),
        ("the friday after next", "the friday after next", "2026-12-11", False),
        ("not this friday the one after", "this friday the one after", "2026-12-11", False),
        ("same time next week", "same time next week", "2026-12-08", True),
        ("tomorrow week", "tomorrow week", "2026-12-09", True),
        ("saturday fortnight", "saturday fortnight", "2026-12-19", False),
        ("in five working days", "in five working days", "2026-12-08", False),
        ("a year from today", "a year from today", "2027-12-01", False),
        ("before the month is over", "before the month is over", "2026-12-31", True),
        ("it has been moved to friday", "friday", "2026-12-04", True),
        ("not before monday", "before monday", "2026-12-07", False),
        ("i won't have it until monday", "until monday", "2026-12-07", False),
        ("you will have it before monday", "before monday", "2026-12-07", True),
        ("after friday", "friday", "2026-12-04", False),
        ("friday at noon", "friday", "2026-12-04", True),
        ("by end of day", "by end of day", "2026-12-01", True),
        ("by end of day tomorrow", "by end of day tomorrow", "2026-12-02", True),
        ("before close of business friday", "before close of business friday", "2026-12-04", True),
        ("is the fifteenth okay", "the fifteenth", "2026-12-15", False),
        ("on the third i fly home", "on the third", "2026-12-03", False),
        ("by the 30th please", "by the 30th", "2026-12-30", False),
        ("the week of the tenth", "the week of the tenth", "2026-12-10", False),
        ("the ninth of this month", "the ninth of this month", "2026-12-09", True),
        ("the second monday in january", "the second monday in january", "2027-01-11", True),
        (
            "the last friday of the month",
            "the last friday of the month",
            "2026-12-25",
            True,
        ),
        ("friday of next week", "friday of next week", "2026-12-11", True),
        ("the following monday", "following monday", "2026-12-07", False),
        ("before the week is out", "before the week is out", "2026-12-04", False),
        ("mid january", "mid january", "2027-01-15", False),
        ("early february", "early february", "2027-02-01", False),
        ("the end of january", "the end of january", "2027-01-31", True),
        ("the middle of next week", "the middle of next week", "2026-12-09", False),
        ("by the end of the year", "by the end of the year", "2026-12-31", True),
        ("next month", "next month", "2027-01-31", False),
        ("over the weekend", "over the weekend", "2026-12-06", False),
        ("the week after next", "the week after next", "2026-12-18", False),
        ("in a fortnight", "in a fortnight", "2026-12-15", False),
        ("in three months", "in three months", "2027-03-01", False),
        ("within ten days", "within ten days", "2026-12-11", True),
        ("in about ten days", "in about ten days", "2026-12-11", False),
        ("a week today", "a week today", "2026-12-08", False),
        ("on christmas eve", "on christmas eve", "2026-12-24", True),
        (
            "january fifth twenty twenty seven",
            "january fifth twenty twenty seven",
            "2027-01-05",
            True,
        ),
        ("january eighth to tenth", "january eighth", "2027-01-08", False),
        ("i will write to them in march", "in march", "2027-03-31", False),
        ("come and see us in february then", "in february", "2027-02-28", False),
        ("in december perhaps", "in december", "2026-12-31", False),
        ("you can have it in may", "in may", "2027-05-31", False),
        ("let us say in march next year", "in march next year", "2027-03-31", False),
        ("in march twenty twenty eight", "in march twenty twenty eight", "2028-03-31", False),
        ("we meet next january", "next january", "2027-01-31", False),
        ("i need it by february", "by february", "2027-02-01", False),
        ("in march the fourth", "march the fourth", "2027-03-04", True),
        ("in early february", "early february", "2027-02-01", False),
        ("by end of march", "by end of march", "2027-03-31", True),
        ("i'll have it at the end of march", "the end of march", "2027-03-31", True),
        ("i was hoping for friday", "for friday", "2026-12-04", True),
    ],
)
def test_a_spoken_date_is_the_day_it_means(text: str, heard: str, day: str, sure: bool) -> None:
    found = spoken_date(text, TUESDAY, WORDS.dates)
    assert found is not None
    assert (found.heard, found.day, found.is_sure) == (heard, day, sure)


@pytest.mark.parametrize(
    "text",
    [
        "i sat down on the bench",
        "the sun rises",
        "my second job",
        "i may second that",
        "we march on",
        "march first and ask later",
        "last friday",
        "every monday",
        "since monday",
        "on mondays",
        "one day",
        "by the first team that asks",
        "in a minute",
        "the april team",
        "someday",
        "the end of the day it is trust",
        "we did that for two weeks",
        "in ten years",
        "the fifteenth floor",
        "i slept till monday",
        "we have the christmas market stall",
        "they laid me off just before christmas",
        "sales double before christmas",
        "business is dead until new year",
        "earlier today i had a young man on the phone",
        "at the end of the week you handed your packet over",
        "by the end of the day my hands were raw",
        "they told us we'd be back in a week and we were out for a year",
        "i meant to collect it on saturday but it poured down",
        "the rent always went out on the first of the month",
        "i was on call over the weekend",
        "i told him we'd have it ready by tuesday and we didn't",
        "the trial ran from the fourth of february to the nineteenth",
        "on the tuesday the investor said yes",
        "we had a deadline at the end of april that year",
        "my grandmother says tomorrow is another day",
        "by the end of the week you're always tired",
        "from november until march the animals stay inside",
        "nobody wants a cake then but in may it's four a weekend",
        "i handed in my thesis on friday the thirteenth",
        "it has been a week today",
        "i have been here two weeks today",
        "the party went on till monday",
        "the students always ask can they hand it in on monday",
        "they used to hold it on the first sunday of october",
        "i was born on the fourth of july if you can believe it",
        "the choir meets the first friday of every month",
        "tomorrow never comes",
        "they shut the shop the following friday",
        "twice a day and once on sunday",
        "i worked all day saturday and most of sunday",
        "i was the fifth at school",
        "i take the twenty seven",
        "it is on the twenty seven bus route",
        "the twenty first century",
        "on the second try",
        "it was the twelfth",
        "we met on monday",
        "a monday to friday job",
        "friday night lights",
        "on the seventh of march nineteen eighty",
        "twice a week now",
        "we had it done in two days",
        "we sat there all friday",
        "every second friday",
        "they shut the doors and worked on sunday",
        "we opened the second shop in march",
        "it is usually quiet in february",
        "march is a bad month",
        "in march we moved to the new hall",
        "i like the light in february every year",
        "in march of two thousand and nine",
        "this may take a while",
        "we had the flood in the cellar and then in april it dried",
    ],
)
def test_other_words_are_no_date(text: str) -> None:
    assert spoken_date(text, TUESDAY, WORDS.dates) is None


def test_the_first_date_counts() -> None:
    found = spoken_date("on friday or on monday", TUESDAY, WORDS.dates)
    assert found is not None
    assert found.heard == "on friday"


def test_a_day_that_does_not_exist_is_kept_as_heard() -> None:
    found = spoken_date("by february thirtieth", TUESDAY, WORDS.dates)
    assert found is not None
    assert (found.heard, found.day, found.is_sure) == ("by february thirtieth", None, False)


def test_without_the_call_s_own_day_only_the_words_are_kept() -> None:
    found = spoken_date("by friday", None, WORDS.dates)
    assert found is not None
    assert (found.heard, found.day, found.is_sure) == ("by friday", None, False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ask her on monday", "2026-12-07"),
        ("i'll call her tomorrow", "2026-12-02"),
        ("i'll send it to-morrow", "2026-12-02"),
        ("her monday was terrible", None),
    ],
)
def test_who_is_asked_does_not_own_the_day(text: str, day: str | None) -> None:
    found = spoken_date(text, TUESDAY, WORDS.dates)
    assert (found.day if found else None) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("i'll send you what i found by end of day", "2026-12-01"),
        ("i'll email you the article i wrote by the end of the month", "2026-12-31"),
        ("i'll send you the slides i mentioned at the end of the week", "2026-12-04"),
        ("as i said by the end of the week i'll send you the list", "2026-12-04"),
        ("they said early march", "2027-03-01"),
        ("i was told the end of january", "2027-01-31"),
        ("i was away but this week is fine", "2026-12-04"),
        ("i was ill so could we move it to friday", "2026-12-04"),
        ("can we move it to friday because i got a dentist", "2026-12-04"),
        ("i'll send you the list on friday and it was great talking to you", "2026-12-04"),
        ("i'll send you the list by thursday sorry i couldn't do it sooner", "2026-12-03"),
        ("i'll call you on monday when you got some time", "2026-12-07"),
        ("i'm usually busy so i'll send it by friday", "2026-12-04"),
        ("you can always call me on monday", "2026-12-07"),
        ("call me tomorrow never mind the time", "2026-12-02"),
        ("tomorrow has been booked", "2026-12-02"),
        ("call me once on monday", "2026-12-07"),
        ("i'll send it once monday is over", "2026-12-07"),
        ("we had to cancel so how about the following friday", "2026-12-11"),
        ("i met your sister so i'll see you both on the friday", "2026-12-04"),
        ("i'll be back in march it's a long trip", "2027-03-31"),
        ("you're the first at nine tomorrow", "2026-12-02"),
        ("not the day after tomorrow but friday", "2026-12-04"),
        ("why not friday", "2026-12-04"),
        ("are you busy friday", "2026-12-04"),
    ],
)
def test_a_day_that_is_arranged_is_found_whatever_else_is_told(text: str, day: str) -> None:
    found = spoken_date(text, TUESDAY, WORDS.dates)
    assert found is not None
    assert found.day == day


@pytest.mark.parametrize(
    "text",
    ["if not friday then monday", "i can't this week but on monday", "why not friday or monday"],
)
def test_the_second_choice_is_never_sure(text: str) -> None:
    found = spoken_date(text, TUESDAY, WORDS.dates)
    assert found is not None
    assert not found.is_sure


@pytest.mark.parametrize(
    ("month", "day"),
    [(date(2026, 5, 4), "2026-05-29"), (date(2026, 1, 20), "2026-01-30"),
     (date(2026, 12, 1), "2026-12-31")],
)  # fmt: skip
def test_the_last_working_day_is_no_sunday(month: date, day: str) -> None:
    found = spoken_date("by the last working day of the month", month, WORDS.dates)
    assert found is not None
    assert found.day == day
