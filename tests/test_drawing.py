"""The drawing of a call: well formed, in its bounds, and every sign leads somewhere."""

import itertools
import re
from xml.etree import ElementTree

import pytest

from assistant.events import Channel
from assistant.notes.render.drawing import SIGNS, Labels, drawing, short_clock, symbol
from assistant.notes.render.timeline import Lane, Mark, Span, Stretch, Timeline

pytestmark = pytest.mark.unit

KINDS = {kind: kind for kind in (*SIGNS, "stall", "paused", "lost", "forgotten")}
LABELS = Labels("The call", "A drawing", {c: f"<{c.value}> & co" for c in Channel}, KINDS)


def call(length_s: float = 600.0, *marks: Mark) -> Timeline:
    lanes = (Lane(Channel.ME, (Span(0.0, 30.0),)), Lane(Channel.THEM, (Span(30.0, length_s),)))
    return Timeline(length_s, lanes, marks, (Stretch("stall", Span(50.0, 58.0), "stall-1"),))


def mark(at_s: float, number: int = 1) -> Mark:
    return Mark("question", at_s, 'How? "<script>&', f"question-{number}", number)


def drawn(timeline: Timeline) -> ElementTree.Element:
    return ElementTree.fromstring(drawing(timeline, LABELS))


def test_it_is_well_formed_and_says_what_it_shows() -> None:
    svg = drawn(call(600.0, mark(60.0)))
    links = {a.get("href"): a.get("aria-label") for a in svg.iter("a")}
    assert links == {
        "#question-1": '1:00 question 1: How? "<script>&',
        "#stall-1": "0:50\u20130:58 stall",
    }
    assert svg.get("aria-label") == "The call"
    assert [t.text for t in svg.iter("text")][-1] == "1"


def test_it_has_no_style_and_no_colour_of_its_own() -> None:
    svg = drawing(call(600.0, mark(60.0)), LABELS)
    assert not re.search(r"style=|fill=|stroke=|xlink|<script|\bon\w+=", svg)


def test_signs_that_come_at_once_stand_below_one_another() -> None:
    svg = drawn(call(600.0, mark(60.0, 1), mark(62.0, 2), mark(64.0, 3), mark(300.0, 4)))
    rows = [inner.get("y") for inner in svg.iter("svg") if inner.get("x")]
    assert len(set(rows[:3])) == 3
    assert rows[3] == rows[0]


@pytest.mark.parametrize("length_s", [0.5, 20.0, 203.0, 1200.0, 10_800.0, 36_000.0])
def test_times_along_the_axis_are_few_and_do_not_touch(length_s: float) -> None:
    svg = drawn(call(length_s))
    axis = next(g for g in svg.iter("g") if g.get("class") == "axis")
    at = [float((t.get("x") or "").rstrip("%")) for t in axis.iter("text")]
    assert 2 <= len(at) <= 8 or length_s < 1
    assert all(b - a >= 9 for a, b in itertools.pairwise(at))
    assert [t.text for t in axis.iter("text")][-1] == short_clock(length_s)


def test_a_call_of_no_length_can_be_drawn() -> None:
    drawn(Timeline(0.0, (), (), ()))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sign_for_the_legend(kind: str) -> None:
    assert len(list(ElementTree.fromstring(symbol(kind)).iter())) > 1


@pytest.mark.parametrize(("at_s", "shown"), [(0, "0:00"), (153.9, "2:33"), (3753, "1:02:33")])
def test_a_second_is_shown_as_a_clock(at_s: float, shown: str) -> None:
    assert short_clock(at_s) == shown
