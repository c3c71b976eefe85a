"""The page after a call: what stands on it, that it refers to nothing, that no words break it."""

import base64
import hashlib
import itertools
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import cast, get_args

import msgspec
import pytest
from payloads import PAYLOADS
from played import How
from told import PLAN, PROMPTS, WORDING, WORDS, Told, interview

from assistant.errors import InputError
from assistant.events import (
    Asked,
    Channel,
    Cue,
    CueEnded,
    Heard,
    NoteTaken,
    Paused,
    Resumed,
    Trouble,
)
from assistant.notes.courtesy import Courtesy, CourtesyKind
from assistant.notes.header import Source
from assistant.notes.notes import Notes, learn
from assistant.notes.points import Why
from assistant.notes.polished import Polished, PolishedAnswer, Sentence
from assistant.notes.render.page import page
from assistant.notes.render.summary import summary
from assistant.notes.suggestion import Suggestion, SuggestionKind
from assistant.notes.talk import Line, kept, lines
from assistant.plan import Plan
from assistant.wording import Wording

pytestmark = pytest.mark.unit

TEXTS = frozenset(
    (
        "text",
        "person",
        "called",
        "about",
        "what",
        "heard",
        "name",
        "part",
        "cue",
        "call_id",
        "version",
    ),
)
"""Fields that hold what somebody said, wrote or named."""
WORDED = ("aria-label",)
"""Attributes that say such words."""


class Reader(HTMLParser):
    """A page as a browser takes it apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("comment", ()))

    def attributes(self, name: str) -> list[str | None]:
        return [value for _, attrs in self.tags for key, value in attrs if key == name]

    @property
    def shape(self) -> list[object]:
        """The page without its words."""
        return [
            (tag, [(k, None if k in WORDED else v) for k, v in attrs]) for tag, attrs in self.tags
        ]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def learnt(call: Told, plan: Plan = PLAN) -> tuple[Notes, tuple[Line, ...]]:
    return learn(plan, call.entries, WORDS), lines(plan, kept(plan, call.entries), WORDS)


def read(call: Told, plan: Plan = PLAN, wording: Wording = WORDING) -> Reader:
    return Reader(page(*learnt(call, plan), wording))


def full_call() -> Told:
    """Tell a call with one of each thing that can stand on the page."""
    call = interview()
    call.entries.pop()
    call.put(97.0, NoteTaken("look up the merger"))
    call.put(98.0, Paused())
    call.put(99.0, Resumed())
    call.put(99.5, Trouble("far side", "The far side is not heard any more."))
    return call.end(100.0)


def test_the_essentials_come_first() -> None:
    text = read(interview()).text
    heads = ["To do", "Dana promised", "What you asked", "The call, drawn", "Left open"]
    places = [text.index(head) for head in heads]
    assert places == sorted(places)
    assert "by Friday, 4 December" in text
    assert "nobody trusts the numbers until something breaks" in text


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("cut", "was cut off, someone spoke"),
        ("call_ended", "was cut off, the call ended"),
        ("stopped", "was cut off"),
    ],
)
def test_a_murmur_that_was_cut_off_says_by_what(how: How, told: str) -> None:
    call = Told()
    call.them(1.0, "we start at ten every day")
    seq = call.put(10.0, Cue("time", "5 minutes left", None, "five left", 55.0))
    call.put(12.0, CueEnded(seq, 11.0, 12.0, how))
    notes, said = learnt(call.end(20.0))
    assert f"5 minutes left {told} (five left)" in Reader(page(notes, said, WORDING)).text
    assert f'"5 minutes left" {told} (five left).' in summary(notes, WORDING)


def test_of_one_microphone_it_says_whose_words_they_probably_are() -> None:
    call = Told()
    heard = call.say(Channel.UNCLEAR, 1.0, "what is the hardest part of your work")
    call.put(4.0, Asked("hardest", heard, 0.9))
    call.say(Channel.UNCLEAR, 5.0, "it is the trust that nobody has")
    theirs = "and one number on a screen is wrong"
    call.put(9.0, Heard(Channel.UNCLEAR, 7.2, 8.5, theirs, probably=Channel.THEM, certainty=0.9))
    notes, said = learnt(call.end(20.0))
    text = summary(notes, WORDING)
    assert '[00:00:05] **Someone:** "It is the trust' in text
    assert '[00:00:07] **Someone (probably Dana):** "And one number' in text
    assert "Someone (probably Dana) And one number" in Reader(page(notes, said, WORDING)).text


def test_the_transcript_is_not_on_it() -> None:
    assert "I have another meeting" in (text := read(interview()).text)
    assert "mhm" not in text
    assert "Thanks so much for making the time" not in text


def test_it_refers_to_nothing_outside_and_runs_nothing() -> None:
    html = page(*learnt(full_call()), WORDING)
    reader = Reader(html)
    names = {key for _, attrs in reader.tags for key, _ in attrs}
    assert not {"src", "srcset", "action", "data", "poster", "style", "background"} & names
    assert not [name for name in names if name.startswith("on")]
    assert not {"script", "link", "img", "iframe", "object", "base"} & {t for t, _ in reader.tags}
    assert all((href or "").startswith("#") for href in reader.attributes("href"))
    assert not re.search(r"@import|url\((?!#)", html)


def test_its_own_law_lets_in_its_own_style_and_nothing_else() -> None:
    html = page(*learnt(interview()), WORDING)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (law,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    assert law == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert html.index("Content-Security-Policy") < html.index("<style>")


def test_every_sign_of_the_drawing_leads_to_a_line_of_the_page() -> None:
    reader = read(full_call())
    ids = [value for value in reader.attributes("id") if value]
    assert len(ids) == len(set(ids))
    wanted = {(href or "").removeprefix("#") for href in reader.attributes("href")}
    assert {"question-1", "moment-1", "cue-1", "stall-1", "paused-1", "promise-1"} <= wanted
    assert wanted <= set(ids)


def test_every_line_names_its_second() -> None:
    html = page(*learnt(full_call()), WORDING)
    rows = re.findall(r"<li(?: [^>]*)?>\s*(.{0,60})", html.partition("<main")[2])
    untimed = [row for row in rows if not re.match(r"<time|<span class=\"(?:box|dash)|<svg", row)]
    assert len(rows) > 25
    assert untimed == []
    tasks = re.findall(r'<li id="promise-\d+".*?</li>', html, re.DOTALL)
    assert len(tasks) == 3
    assert all("<time " in task for task in tasks)


def test_it_can_be_found_through_without_seeing() -> None:
    reader = read(full_call())
    tags = [tag for tag, _ in reader.tags]
    assert [tags.count(tag) for tag in ("main", "header", "footer", "h1", "table")] == [
        1, 1, 1, 1, 1,
    ]  # fmt: skip
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))
    assert reader.attributes("lang") == ["en"]
    described = set(reader.attributes("aria-labelledby"))
    assert described <= set(reader.attributes("id"))


def test_letters_stand_out_from_what_is_behind_them() -> None:
    style = WORDING.render("summary.css")
    for part in re.findall(r":root \{(.*?)\}", style, re.DOTALL):
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", part))
        for ink in ("ink", "soft", "me", "them", "unclear", "warn"):
            for behind in ("paper", "sheet", "bed", "glow"):
                if (ink, behind) != ("soft", "glow"):
                    assert contrast(colours[ink], colours[behind]) >= 4.5, (ink, behind, colours)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 counts it."""
    lights = sorted((light(one), light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


# ---------------------------------------------------------------- hostile words


def worded(notes: Notes, text: str) -> Notes:
    """Put a text in every place of the notes that holds what somebody said, wrote or named."""

    def filled(value: object, key: str = "") -> object:
        if isinstance(value, str):
            is_told = key in TEXTS or (key == "why" and value not in get_args(Why))
            return text if value and is_told else value
        if isinstance(value, dict):
            tree = cast("Mapping[str, object]", value)
            if key == "engines":
                return dict.fromkeys(tree, text)
            return {name: filled(inner, name) for name, inner in tree.items()}
        if isinstance(value, list | tuple):
            return [filled(inner, key) for inner in cast("list[object]", value)]
        return value

    return msgspec.convert(filled(msgspec.to_builtins(notes)), Notes)


def test_a_hundred_hostile_texts_are_shown_as_text_in_every_place() -> None:
    notes, said = learnt(full_call())
    plain = Reader(page(worded(notes, "word"), said, WORDING))
    assert plain.text.count("word") > 40
    for payload in PAYLOADS:
        html = page(worded(notes, payload), said, WORDING)
        assert Reader(html).shape == plain.shape, payload


def test_what_turns_the_direction_of_words_is_taken_out() -> None:
    notes, said = learnt(interview())
    html = page(worded(notes, "a\u202eb\u200bc\x1b[2J\u2066d"), said, WORDING)
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069\x1b]", html)


@pytest.mark.parametrize("payload", PAYLOADS[::7])
def test_a_hostile_call_told_from_its_journal_breaks_nothing(payload: str) -> None:
    call = Told()
    call.ask(1.0, "skills", payload)
    call.them(10.0, f"{payload} i'll send you {payload} by friday")
    call.put(30.0, NoteTaken(payload))
    plan = msgspec.structs.replace(PLAN, person=payload, about=payload, language="en")
    reader = read(call.end(60.0), plan)
    tags = {tag for tag, _ in reader.tags}
    assert not {"script", "img", "iframe", "object", "base", "link", "form", "input"} & tags
    assert [tag for tag, _ in reader.tags].count("h1") == 1


# ---------------------------------------------------------------- poor calls, other words


def test_a_call_with_nothing_in_it_says_so() -> None:
    text = read(Told().end(3.0), Plan(person="Dana Ruiz")).text
    assert "Nothing was heard." in text
    assert "To do" not in text


def test_a_call_that_was_cut_short_says_so() -> None:
    call = Told()
    call.them(1.0, "hello")
    assert "This call was cut short" in read(call).text


def test_with_one_microphone_nobody_is_named() -> None:
    call = Told()
    call.say(Channel.UNCLEAR, 1.0, "i'll send you the list of everything")
    text = read(call.end(20.0)).text
    assert "Promised by one of you" in text
    assert "Both, in one microphone" in text
    assert "You spoke" not in text


def test_no_journal_at_all_gives_a_page_too() -> None:
    assert "Nothing was heard." in Reader(page(learn(Plan(), [], WORDS), (), WORDING)).text


def german(folder: Path, words: str) -> Wording:
    (folder / "de").mkdir(parents=True)
    (folder / "de" / "page.toml").write_text(words, encoding="utf-8")
    return Wording("de", (folder, PROMPTS))


WOCHE = '["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]'


def test_the_page_speaks_the_language_of_the_sheet_as_far_as_it_can(tmp_path: Path) -> None:
    wording = german(
        tmp_path,
        f'weekdays = {WOCHE}\nday = "{{weekday}}, {{day}}. {{month}}"\n[todo]\ntitle = "Zu tun"\n',
    )
    plan = msgspec.structs.replace(PLAN, language="de")
    reader = read(interview(), plan, wording)
    assert "Dienstag, 1. December, 15:00" in reader.text
    assert "Zu tun" in reader.text
    assert "What you asked" in reader.text
    assert reader.attributes("lang") == ["de"]


def test_where_the_page_has_no_such_words_what_was_said_keeps_its_language() -> None:
    plan = msgspec.structs.replace(PLAN, language="fr")
    langs = read(interview(), plan, Wording("fr", (PROMPTS,))).attributes("lang")
    assert langs[0] == "en"
    assert set(langs[1:]) == {"fr"}


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ('[todo]\ntitel = "x"', r"page.toml, line 2: 'titel' is not known"),
        ('[todo]\ntheirs = "{wer} versprach"', r"line 2: theirs can fill in \{who\}"),
        ('[todo]\ntheirs = "{who.__class__}"', r"line 2: theirs can fill in \{who\}"),
        ("[todo]\ntitle = 3", r"line 2: title should be a text"),
        ('todo = "x"', r"line 1: todo should be a table"),
        ('weekdays = ["Montag"]', r"line 1: weekdays should be a list of 7 texts"),
        ('[todo]\ntheirs = "{who"', r"line 2: theirs has a bracket that does not fit"),
    ],
)
def test_words_that_can_not_be_used_are_told_with_their_line(
    tmp_path: Path, words: str, fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        read(interview(), wording=german(tmp_path, words))


def test_a_style_of_the_users_own_is_let_in_too(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "summary.css.j2").write_text("body { color: teal }")
    html = page(*learnt(interview()), Wording("en", (tmp_path, PROMPTS)))
    digest = base64.b64encode(hashlib.sha256(b"body { color: teal }").digest()).decode()
    assert f"style-src 'sha256-{digest}'" in html


def test_the_same_call_gives_the_same_page() -> None:
    assert page(*learnt(interview()), WORDING) == page(*learnt(interview()), WORDING)


@pytest.mark.parametrize("kind", get_args(SuggestionKind))
def test_each_suggestion_has_its_sentence(kind: SuggestionKind) -> None:
    notes, said = learnt(interview())
    values: dict[str, str | int | float] = {
        "count": 3, "left_s": 130, "question": "Why?", "over_s": 130, "percent": 61,
        "length_s": 130, "closed": 5, "open": 2, "example": "Is it?",
    }  # fmt: skip
    given = msgspec.structs.replace(notes, suggestion=Suggestion(kind, values, 61.0, (1,)))
    text = Reader(page(given, said, WORDING)).text
    sentence = text.partition("One thing for next time")[2]
    assert sentence.split()[0] == "1:01"
    assert len(sentence.split()) > 6
    assert "130" not in sentence


@pytest.mark.parametrize("kind", get_args(CourtesyKind))
@pytest.mark.parametrize("was_done", [True, False])
def test_each_courtesy_has_its_words(kind: CourtesyKind, was_done: bool) -> None:
    notes, said = learnt(interview())
    one = Courtesy(kind, was_done, None, ())
    text = Reader(page(msgspec.structs.replace(notes, courtesy=(one,)), said, WORDING)).text
    assert "Courtesies" in text


def test_a_call_from_a_recording_says_which_and_how_its_day_is_known() -> None:
    notes, said = learnt(interview())
    source = Source(("call <1>.m4a",), "2026-12-05T09:00:00+01:00", "changed")
    header = msgspec.structs.replace(notes.header, source=source)
    text = Reader(page(msgspec.structs.replace(notes, header=header), said, WORDING)).text
    assert "1 min 40 s, imported from call <1>.m4a" in text
    assert "when the recording was last changed" in text


def test_sentences_of_a_language_model_stand_beside_the_quotes_with_their_second() -> None:
    notes, said = learnt(interview())
    short = Sentence("Dana looks after <numbers>.", 66.0, (1,))
    answer = PolishedAnswer("hardest", (Sentence("It is trust.", 66.0, (1,)),))
    polished = Polished(status="complete", model="a-model", overview=(short,), answers=(answer,))
    html = page(notes, said, WORDING, polished)
    text = Reader(html).text
    assert "In short 1:06 Dana looks after <numbers>." in text
    assert "Put into sentences by a-model" in text
    assert "It is trust." in text
    assert "nobody trusts the numbers until something breaks" in text
    assert "In short" not in Reader(page(notes, said, WORDING)).text
