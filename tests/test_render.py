"""The notes as files, as people and other programs read them."""

import re
from dataclasses import dataclass
from pathlib import Path

import frontmatter
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from told import PLAN, WORDING, WORDS, Told, interview

from assistant.events import (
    Answered,
    AudioLost,
    Channel,
    Cue,
    CueEnded,
    Heard,
    Imported,
    NoteTaken,
    Paused,
    Resumed,
    Ticked,
    Trouble,
)
from assistant.notes.notes import Notes, learn
from assistant.notes.render.calendar import calendar_file
from assistant.notes.render.files import Files
from assistant.notes.render.markdown import plain_markdown
from assistant.notes.render.record import from_json, to_json
from assistant.notes.render.subtitles import Subtitle, srt, subtitles, vtt
from assistant.notes.render.summary import summary
from assistant.notes.talk import kept, lines
from assistant.plan import Plan, Question

pytestmark = pytest.mark.unit

GOLDEN = Path(__file__).parent / "calls"
NASTY = "<script>alert(1)</script> **bold** [x](http://y) `c` #tag ![i](u) &lt; | ~~s~~ --> $1$"


def notes(call: Told, plan: Plan = PLAN) -> Notes:
    return learn(plan, call.entries, WORDS)


def shown(call: Told) -> tuple[Subtitle, ...]:
    return subtitles(lines(PLAN, kept(PLAN, call.entries), WORDS), WORDS.voices)


# ---------------------------------------------------------------- the page


def test_the_page_of_a_short_interview() -> None:
    page = summary(notes(interview()), WORDING)
    assert page == (GOLDEN / "interview" / "summary.md").read_text(encoding="utf-8")


def poor_call() -> Told:
    """Tell a call that went badly: one microphone's far side lost, cut short, nothing asked."""
    call = Told()
    call.me(2.0, "hello can you hear me")
    call.put(9.0, Trouble("far side", "The far side is not heard any more."))
    call.put(20.0, AudioLost(Channel.THEM, 8.0, 20.0, "the device went away"))
    seq = call.put(30.0, Cue("question", "ask: career path", "career-path", "silent for 9 s", 42.0))
    call.put(42.0, CueEnded(seq, 42.0, 42.0, "expired"))
    call.put(50.0, Ticked("skills", "asked"))
    return call


def test_the_page_of_a_poor_call() -> None:
    page = summary(notes(poor_call()), WORDING)
    assert page == (GOLDEN / "poor" / "summary.md").read_text(encoding="utf-8")


def test_the_page_of_a_call_with_nothing_in_it() -> None:
    page = summary(notes(Told().end(3.0), Plan(person="Dana Ruiz")), WORDING)
    assert page == (GOLDEN / "empty" / "summary.md").read_text(encoding="utf-8")


def test_no_journal_at_all_gives_a_page_too() -> None:
    page = summary(learn(Plan(), [], WORDS), WORDING)
    assert "Nothing was heard." in page
    assert frontmatter.loads(page).metadata["status"] == "partial"


def test_the_front_matter_is_yaml_and_survives_any_name() -> None:
    plan = Plan(person='Dana "D" Ruiz: ---\nstatus: hacked', about="\u2028x\x00")
    front = frontmatter.loads(summary(notes(interview(), plan), WORDING)).metadata
    assert front["person"] == 'Dana "D" Ruiz: --- status: hacked'
    assert front["status"] == "complete"
    assert front["duration"] == "00:01:40"
    assert front["date"] == "2026-12-01T15:00:00+01:00"


def test_a_prepared_question_that_was_not_asked_stands_only_under_its_heading() -> None:
    page = summary(notes(interview()), WORDING)
    before, heading, after = page.partition("\n## Not asked\n")
    own, _, rest = after.partition("\n## ")
    assert heading
    for text in ("Which skills matter most?", "Who else should I talk to?"):
        assert text in own
        assert text not in before + rest


def test_every_line_carries_its_time() -> None:
    call = interview()
    call.entries.pop()
    call.put(98.0, Paused())
    call.put(99.0, Resumed())
    call.end(100.0)
    page = frontmatter.loads(summary(notes(call), WORDING)).content
    clock = re.compile(r"\[\d\d:\d\d:\d\d\]")
    before, _, after = page.partition("## Not asked")
    not_asked, _, rest = after.partition("\n## ")
    # What was not asked, was not asked until the end: that stands once above the list.
    assert clock.findall(not_asked) == ["[00:01:40]"]
    told = [line for line in (before + rest).splitlines() if re.match(r"- |###", line)]
    assert len(told) > 18
    assert [line for line in told if not clock.search(line)] == []
    assert "- [00:01:38] Paused for 1 s." in told
    assert "- By [00:01:40] you had spoken 35 % of the time, Dana 65 %." in told


def test_a_call_with_nobody_named_is_called_by_its_day() -> None:
    call = Told()
    call.them(1.0, "i'll send you the list")
    learnt = notes(call.end(20.0), Plan(phrases=PLAN.phrases))
    page = frontmatter.loads(summary(learnt, WORDING))
    assert page.metadata["title"] == "A call on 2026-12-01, 15:00"
    assert page.content.startswith("# A call on 2026-12-01, 15:00\n\n20 s, 20 min planned")
    todos = read_ics(calendar_file(learnt, WORDS.calendar))
    assert [todo["SUMMARY"] for todo in todos] == [
        "Thank the other side",
        "The other side promised: send you the list",
    ]
    unknown = frontmatter.loads(summary(notes(Told(wall="").end(3.0), Plan()), WORDING))
    assert unknown.metadata["title"] == "A call"


def test_a_task_has_a_due_date_only_if_one_was_said() -> None:
    call = Told()
    call.them(1.0, "i'll send you the list")
    call.me(5.0, "i'll email you the outline next friday")
    page = summary(notes(call.end(20.0)), WORDING)
    assert "- [ ] send you the list [owner:: Dana] [00:00:01]\n" in page
    assert '[owner:: Me] [due:: 2026-12-11] [00:00:05] (heard "next friday": check the day)' in page


def test_nobody_is_thanked_for_a_call_in_which_only_the_user_spoke() -> None:
    page = summary(notes(poor_call()), WORDING)
    assert "thank" not in page


def test_damaged_lines_are_owned_up_to() -> None:
    learnt = learn(PLAN, interview().entries, WORDS, damaged_lines=2)
    assert "**2 lines of the journal could not be read** and are missing" in summary(
        learnt, WORDING
    )


def test_with_one_microphone_nobody_is_named() -> None:
    call = Told()
    call.say(Channel.UNCLEAR, 1.0, "i'll send you the list of everything")
    call.put(9.0, NoteTaken("x"))
    page = summary(notes(call.end(20.0)), WORDING)
    assert "[owner:: Unclear]" in page
    assert 'Someone: "' in page
    assert "You spoke" not in page


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_words_can_break_the_page(text: str) -> None:
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    (block,) = [t for t in markdown.parse(f"- said {plain_markdown(text)}") if t.type == "inline"]
    assert {token.type for token in block.children or []} <= {"text", "text_special"}
    html = markdown.render(plain_markdown(text))
    assert re.sub(r"</?p>", "", html).count("<") == 0


def test_nasty_words_are_shown_as_themselves() -> None:
    html = MarkdownIt("commonmark").enable("strikethrough").render(plain_markdown(NASTY))
    for opened in ("<script", "<strong", "<a ", "<code", "<img", "<s>"):
        assert opened not in html
    assert "**bold** [x](http://y)" in html
    assert plain_markdown("plain words, it's 5 o'clock.") == "plain words, it's 5 o'clock."


@pytest.mark.parametrize(
    "text",
    [
        "see https://acme.com/jobs_now?x=1#top or http://10.0.0.1/x",
        "(www.acme.com)",
        "it is on acme.com or blog.acme.co.uk.",
        "write to ana_b.cruz+x@acme.com",
    ],
)
def test_an_address_stays_as_people_copy_it(text: str) -> None:
    assert plain_markdown(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "obsidian://open or file://etc, ftp://10.0.0.1/x",
        "[a](https://evil.com) or <https://evil.com> or //acme",
        "(#tag) and,#other and \\#third",
        "_one_ __two__ three_ _four a_b_",
    ],
)
def test_no_words_become_a_link_to_elsewhere_a_tag_or_a_mark(text: str) -> None:
    markdown = MarkdownIt("commonmark").disable("text_join")
    (block,) = [t for t in markdown.parse(plain_markdown(text)) if t.type == "inline"]
    shown = block.children or []
    assert "".join(token.content for token in shown) == text
    # Apps look for addresses and tags in what is plain text, not in what was escaped.
    for token in shown:
        if token.type == "text":
            assert not re.search(r"(?<!https:)//\w|(?<!\w)#\w|<\w|\]\(", token.content), token


@pytest.mark.parametrize(
    "text", ["it costs 3.5 million, e.g. at 5 p.m. on C# at 12:30", "me@ 5: and so on..."]
)
def test_plain_text_stays_plain(text: str) -> None:
    assert plain_markdown(text) == text


@pytest.mark.parametrize("mark", ["\u061c", "\u200e", "\u200f", "\u202e", "\u2066", "\ufeff"])
def test_no_mark_turns_the_page_around(mark: str) -> None:
    call = Told()
    call.put(9.0, NoteTaken(f"one{mark} two"))
    page = summary(notes(call), WORDING)
    assert mark not in page
    assert "] one two" in page


def test_a_number_has_a_backslash_only_where_it_would_begin_a_list() -> None:
    why = "1.7 minutes of the plan left"
    call = Told()
    call.cue(2.0, Cue("time", "half time", None, why, 9.0))
    call.put(9.0, NoteTaken("5. Python"))
    plan = Plan(questions=(Question("five", "5. Python, or 6) R?"), Question("x", "7. see 8.ab")))
    page = summary(notes(call.end(20.0), plan), WORDING)
    assert f"({why})" in page
    assert "- [00:00:09] 5. Python\n" in page
    assert "- 5\\. Python, or 6) R?\n" in page
    assert "- 7\\. see 8.ab\n" in page
    assert "<ol" not in MarkdownIt("commonmark").render(frontmatter.loads(page).content)


def test_nasty_words_leave_the_page_whole() -> None:
    call = Told()
    call.ask(1.0, "skills", NASTY)
    call.them(10.0, NASTY)
    call.put(20.0, NoteTaken("x\n## Promised\n- [ ] fake [owner:: Me]"))
    html = MarkdownIt("commonmark").render(frontmatter.loads(summary(notes(call), WORDING)).content)
    assert "<script" not in html
    assert "Promised</h2>" not in html


# ---------------------------------------------------------------- the record


def test_the_record_reads_back_whole() -> None:
    learnt = notes(interview())
    assert from_json(to_json(learnt)) == learnt
    assert to_json(learnt) == to_json(notes(interview()))


def test_the_keys_that_others_rely_on_are_there() -> None:
    text = to_json(notes(interview())).decode()
    keys = "format notes header asked touched not_asked moments promises people terms delivery seqs"
    assert all(f'"{key}":' in text for key in keys.split())


# ---------------------------------------------------------------- subtitles


@dataclass(frozen=True, slots=True)
class Cued:
    """One cue as a player reads it."""

    start_s: float
    end_s: float
    rows: tuple[str, ...]


def seconds(text: str, point: str) -> float:
    match = re.fullmatch(rf"(\d\d):([0-5]\d):([0-5]\d)\{point}(\d\d\d)", text)
    assert match, text
    h, m, s, ms = map(int, match.groups())
    return h * 3600 + m * 60 + s + ms / 1000


def strict(block: str, point: str) -> Cued:
    times, *rows = block.split("\n")
    start, arrow, end = times.partition(" --> ")
    assert arrow
    assert rows
    assert all(row and "-->" not in row for row in rows)
    cued = Cued(seconds(start, point), seconds(end, point), tuple(rows))
    assert cued.start_s < cued.end_s
    return cued


def read_srt(text: str) -> list[Cued]:
    assert text.endswith("\n")
    blocks = text.removesuffix("\n").split("\n\n")
    numbered = [block.partition("\n") for block in blocks]
    assert [number for number, _, _ in numbered] == [str(n + 1) for n in range(len(blocks))]
    return in_order([strict(rest, ",") for _, _, rest in numbered])


def read_vtt(text: str) -> list[Cued]:
    head, *blocks = text.removesuffix("\n").split("\n\n")
    assert head == "WEBVTT"
    found = in_order([strict(block, ".") for block in blocks])
    for cued in found:
        inner = re.fullmatch(r"<v ([^<>&\n]+)>([^<]*)</v>", "\n".join(cued.rows))
        assert inner, cued.rows
        assert not re.search(r"&(?!amp;|lt;|gt;)", inner[2])
    return found


def in_order(found: list[Cued]) -> list[Cued]:
    assert [c.start_s for c in found] == sorted(c.start_s for c in found)
    return found


def test_subtitles_are_valid_and_say_who_speaks() -> None:
    call = interview()
    one, other = read_srt(srt(shown(call), WORDS.voices)), read_vtt(vtt(shown(call), WORDS.voices))
    assert [c.start_s for c in one] == [c.start_s for c in other]
    assert one[0] == Cued(1.0, 2.333, ("Them: hello this is Dana",))
    assert other[0].rows == ("<v Them>hello this is Dana</v>",)


def test_subtitles_that_are_given_on_name_whom_the_sheet_names() -> None:
    for person, who in (("Dana Ruiz", "Dana"), ("<b>Eve", "\u2039b\u203aEve"), ("", "Them")):
        files = Files(Plan(person=person), interview().entries, WORDING)
        srt_file = (files.make("transcript.srt") or b"").decode()
        assert f"{who}: Hello this is " in srt_file
    assert "<v Them>" in (files.make("transcript.vtt") or b"").decode()


def test_of_a_recording_no_time_is_told_to_have_been_agreed() -> None:
    call = interview()
    for is_imported in (False, True):
        if is_imported:
            event = Imported(("talk.m4a",), "0", "2026-12-02T09:00:00+01:00", "said")
            call.entries.insert(1, msgspec.structs.replace(call.entries[0], event=event))
        files = Files(PLAN, call.entries, WORDING)
        text = (files.make("summary.md") or b"").decode()
        page = (files.make("summary.html") or b"").decode()
        assert ("time that was agreed" in text) == ("planned:" in text) != is_imported
        assert ("the time you had agreed" in page) != is_imported


@pytest.mark.parametrize(
    ("minutes", "told"),
    [(1, "over the time"), (2, "in the time"), (20, "well before the time")],
)
def test_when_a_call_ended_is_told_by_what_was_agreed(minutes: int, told: str) -> None:
    plan = msgspec.structs.replace(PLAN, minutes=float(minutes))
    call = interview()
    if minutes == 1:
        call.them(130.0, "one more thing before we part")
    files = Files(plan, call.entries, WORDING)
    assert f"{told} that was agreed" in (files.make("summary.md") or b"").decode()
    assert f"{told} you had agreed" in (files.make("summary.html") or b"").decode()


def test_ticked_as_asked_is_not_told_as_ticked_answered() -> None:
    call = Told()
    call.me(1.0, "so tell me about it")
    call.put(3.0, Ticked("typical-day", "asked"))
    reply = call.them(4.0, "mostly i repair what broke during the night before the others come")
    call.put(10.0, Answered("typical-day", reply, 1.0))
    files = Files(PLAN, call.end(60.0).entries, WORDING)
    text = (files.make("summary.md") or b"").decode()
    assert "Ticked by you.\n" in text
    assert "as answered" not in text + (files.make("summary.html") or b"").decode()


def test_a_long_line_is_split_where_its_words_are() -> None:
    call = Told()
    call.them(100.0, "statistics " * 60)
    found = read_srt(srt(shown(call), WORDS.voices))
    assert len(found) > 5
    assert all(len(c.rows) <= 2 and max(map(len, c.rows)) <= 42 for c in found)
    assert all(c.end_s - c.start_s <= 7.0 for c in found)
    assert found[1].start_s == pytest.approx(found[0].end_s, abs=0.01)
    assert sum(" ".join(c.rows).count("statistics") for c in found) == 60


def test_the_speaker_stands_before_the_words_only_when_it_changes() -> None:
    call = Told()
    call.them(1.0, "one")
    call.them(3.0, "two")
    call.me(5.0, "three")
    assert [c.rows[0] for c in read_srt(srt(shown(call), WORDS.voices))] == [
        "Them: one",
        "two",
        "Me: three",
    ]


def test_a_line_of_no_length_is_still_shown() -> None:
    call = Told()
    call.put(9.0, Heard(Channel.THEM, 5.0, 5.0, "one two"))
    (cued,) = read_vtt(vtt(shown(call), WORDS.voices))
    assert cued.end_s - cued.start_s == pytest.approx(0.5)


def test_a_call_of_ten_hours_is_timed_right() -> None:
    call = Told()
    call.them(36000.9996, "late")
    assert read_srt(srt(shown(call), WORDS.voices))[0].start_s == 36001.0


def test_nothing_heard_gives_valid_files() -> None:
    assert srt(shown(Told()), WORDS.voices) == ""
    assert vtt(shown(Told()), WORDS.voices) == "WEBVTT\n"


@given(st.lists(st.text(max_size=40), max_size=5))
@settings(max_examples=60, deadline=None)
def test_no_words_can_break_the_subtitles(texts: list[str]) -> None:
    call = Told()
    for n, text in enumerate([*texts, "<b>x</b> {\\an8}y\\N --> 00:00:01,000 & co"]):
        call.put(n * 10 + 5.0, Heard(Channel.THEM, n * 10.0, n * 10.0 + 3.0, text))
    for cued in read_srt(srt(shown(call), WORDS.voices)):
        assert not re.search(r"[<>{}\\]", "".join(cued.rows))
    read_vtt(vtt(shown(call), WORDS.voices))


# ---------------------------------------------------------------- the calendar


def read_ics(file: bytes) -> list[dict[str, str]]:
    """Read a calendar by hand, strictly as RFC 5545 says; return its VTODOs."""
    assert file.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    rows = file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert rows[0] == "BEGIN:VCALENDAR"
    assert rows.count("VERSION:2.0") == 1
    assert sum(row.startswith("PRODID:") for row in rows) == 1
    todos: list[dict[str, str]] = []
    for row in rows[1:-1]:
        name, colon, value = row.partition(":")
        assert colon
        assert re.fullmatch(r"[A-Z-]+(;[A-Z]+=[A-Z]+)?", name), row
        if row == "BEGIN:VTODO":
            todos.append({})
        elif todos and row != "END:VTODO":
            assert name not in todos[-1]
            todos[-1][name] = value
    for todo in todos:
        assert re.fullmatch(r"\d{8}T\d{6}Z", todo["DTSTAMP"])
        assert todo["UID"]
        assert todo["SUMMARY"]
    assert len({todo["UID"] for todo in todos}) == len(todos)
    return todos


def test_the_calendar_has_the_thanks_and_the_promises() -> None:
    todos = read_ics(calendar_file(notes(interview()), WORDS.calendar))
    due = {todo["SUMMARY"]: todo.get("DUE;VALUE=DATE", todo.get("DUE")) for todo in todos}
    assert due == {
        "Thank Dana Ruiz": "20261202T140140Z",
        "Talk to Sam Okafor at Beta": None,
        "Dana promised: send you the list of meetups by Friday": "20261204",
        "Send Dana my outline by December third": "20261203",
    }
    assert {todo["DTSTAMP"] for todo in todos} == {"20261201T140000Z"}


def test_a_second_import_makes_no_double() -> None:
    first = calendar_file(notes(interview()), WORDS.calendar)
    assert calendar_file(notes(interview()), WORDS.calendar) == first
    heard_better = interview()
    for n, entry in enumerate(heard_better.entries):
        if isinstance(entry.event, Heard):
            text = entry.event.text.replace("list of meetups", "lists of meet ups")
            better = Heard(entry.event.channel, entry.event.start_s, entry.event.end_s, text)
            heard_better.entries[n] = entry.__class__(entry.seq, entry.at_s, better)
    second = calendar_file(notes(heard_better), WORDS.calendar)
    assert [t["UID"] for t in read_ics(first)] == [t["UID"] for t in read_ics(second)]


def test_two_tasks_of_one_second_are_two() -> None:
    call = Told()
    call.put(
        9.0, Heard(Channel.THEM, 5.0, 5.2, "I'll send you the list. I'll email you the slides.")
    )
    assert len(read_ics(calendar_file(notes(call.end(20.0)), WORDS.calendar))) == 3


def test_a_doubtful_day_says_so() -> None:
    call = Told()
    call.them(1.0, "i'll send you the list next friday")
    todo = read_ics(calendar_file(notes(call.end(20.0)), WORDS.calendar))[1]
    assert "next friday. Check the day." in todo["DESCRIPTION"]


def test_words_can_not_break_the_calendar() -> None:
    call = Told()
    call.them(
        1.0,
        "i'll send you a;b,c\\d\nEND:VTODO über-lange Wörter 日本語日本語日本語日本語日本語日本語",
    )
    assert len(read_ics(calendar_file(notes(call.end(20.0)), WORDS.calendar))) == 2


@pytest.mark.parametrize("wall", ["", "2026-12-01T15:00:00", "2026-12-01T15:00:00.123-08:00"])
def test_any_wall_time_gives_a_valid_calendar(wall: str) -> None:
    call = Told(wall=wall)
    call.them(1.0, "i'll send you the list by friday")
    todos = read_ics(calendar_file(notes(call.end(20.0)), WORDS.calendar))
    assert len(todos) == 2
    assert ("DUE" in todos[0]) is bool(wall)


def test_an_empty_call_gives_an_empty_calendar() -> None:
    assert read_ics(calendar_file(notes(Told().end(3.0)), WORDS.calendar)) == []
