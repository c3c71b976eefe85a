"""Every word of a call, as text, as a table and as documents."""

import csv
import io
import re
import zipfile
from pathlib import Path

import docx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from odfdo import Document, Paragraph
from payloads import PAYLOADS
from told import PLAN, PROMPTS, WORDING, WORDS, Told, interview

from assistant.events import AudioLost, Channel, Forgotten, Heard, Paused, Resumed
from assistant.notes.notes import learn
from assistant.notes.render.files import Files
from assistant.notes.render.open_document import open_document
from assistant.notes.render.table import COLUMNS, csv_table, plain_cell
from assistant.notes.render.transcript import Transcript, markdown, plain_text, transcript
from assistant.notes.render.word_document import word_document
from assistant.notes.talk import kept, lines
from assistant.plan import Plan
from assistant.wording import Wording

pytestmark = pytest.mark.unit

LABELS = WORDING.labels("transcript")


def told(call: Told, plan: Plan = PLAN) -> Transcript:
    said = lines(plan, kept(plan, call.entries), WORDS)
    return transcript(learn(plan, call.entries, WORDS), said, WORDS.voices, LABELS)


def missing_call() -> Told:
    """Tell a call of which parts are missing."""
    call = Told()
    call.them(1.0, "hello there")
    call.put(10.0, Paused())
    call.put(30.0, Resumed())
    call.put(40.0, AudioLost(Channel.THEM, 32.0, 38.0, "the device went away"))
    call.put(60.0, Forgotten(45.0, 58.0))
    call.me(61.0, "and we are back")
    return call.end(70.0)


# ---------------------------------------------------------------- text


def test_each_line_says_when_and_who_and_stands_below_the_question_that_was_asked() -> None:
    page = markdown(told(interview()), WORDING)
    assert "[00:00:01] **Dana:** hello this is Dana\n" in page
    asked = page.index("## [00:00:09] How did you come to do this work?")
    line = page.index("[00:00:09] **Me:** so how did you get into data engineering")
    answer = page.index("[00:00:15] **Dana:** well I studied statistics")
    assert asked < line < answer


def test_what_is_missing_is_told_where_it_is_missing() -> None:
    text = plain_text(told(missing_call()), WORDING)
    assert text.splitlines()[3:] == [
        "00:00:01  Dana: hello there",
        "00:00:10  (Paused for 20 s.)",
        "00:00:32  (6 s of sound were not captured.)",
        "00:00:45  (13 s were forgotten at your wish.)",
        "00:01:01  Me: and we are back",
    ]


def test_a_guess_of_who_spoke_is_shown_as_one() -> None:
    call = Told()
    call.put(9.0, Heard(Channel.UNCLEAR, 1.0, 3.0, "hello there", probably=Channel.THEM))
    text = plain_text(told(call.end(9.0)), WORDING)
    assert "Someone (probably Dana): hello there" in text
    assert "who spoke is a guess" in text


def test_nothing_heard_is_said() -> None:
    empty = told(Told().end(3.0))
    assert "Nothing was heard." in markdown(empty, WORDING)
    assert "Nothing was heard." in plain_text(empty, WORDING)


@pytest.mark.parametrize("payload", PAYLOADS[::5])
def test_no_words_break_the_markdown(payload: str) -> None:
    call = Told()
    call.them(1.0, payload)
    plan = msgspec.structs.replace(PLAN, person=payload, about=payload)
    html = MarkdownIt("commonmark").render(markdown(told(call.end(9.0), plan), WORDING))
    assert not re.search(r"<(?!/?(?:h1|h2|p|strong|em|hr)\b)", html)


def test_the_transcript_speaks_the_language_of_the_sheet(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "transcript.toml").write_text('[head]\nwith = "Mitschrift: {person}"\n')
    wording = Wording("de", (tmp_path, PROMPTS))
    made = Files(PLAN, missing_call().entries, wording).make("transcript.txt")
    assert made is not None
    assert made.decode().startswith("Mitschrift: Dana Ruiz\n")
    assert "Paused for 20 s." in made.decode()


# ---------------------------------------------------------------- the table


def rows(call: Told, plan: Plan = PLAN) -> list[dict[str, str]]:
    text = csv_table(told(call, plan)).decode("utf-8-sig")
    assert "\n" not in text.replace("\r\n", "")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_has_one_row_for_each_line() -> None:
    found = rows(interview())
    assert tuple(found[0]) == COLUMNS
    assert found[0]["speaker"] == "Dana"
    assert (found[0]["start"], found[0]["start_s"], found[0]["text"]) == (
        "00:00:01", "1.000", "hello this is Dana",
    )  # fmt: skip
    asked = [row for row in found if row["question"]]
    assert next(row["question"] for row in asked) == "How did you come to do this work?"
    assert len(asked) == 3
    assert found[0]["seq"] == "4"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "=cmd|'/C calc'!A0",
        "\t=1",
        "\r=1",
        "\uff1d1+1",
        " =1",
        "\u200b=1",
    ],
)
def test_no_cell_is_read_as_a_formula(text: str) -> None:
    call = Told()
    call.put(9.0, Heard(Channel.THEM, 1.0, 3.0, text))
    plan = msgspec.structs.replace(PLAN, person=f"{text} Ruiz")
    (row,) = rows(call.end(9.0), plan)
    assert row["text"][0] == "'"
    assert row["text"][1] in "=+-@\uff1d"
    assert row["speaker"][0] == "'"


@given(st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_any_words_come_back_from_the_table_as_they_are(text: str) -> None:
    cell = plain_cell(text)
    read = next(csv.reader(io.StringIO(f'"{cell.replace(chr(34), chr(34) * 2)}"\r\n', newline="")))
    assert read == [cell]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


# ---------------------------------------------------------------- documents


def test_the_word_document_reads_back() -> None:
    document = docx.Document(io.BytesIO(word_document(told(interview()), "")))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "Transcript: Dana Ruiz"
    assert "00:00:01\tDana: hello this is Dana" in texts
    heads = [p.text for p in document.paragraphs if (p.style and p.style.name) == "Heading 2"]
    assert heads[0] == "How did you come to do this work?"
    assert document.core_properties.author == ""
    assert str(document.core_properties.created) == "2026-12-01 14:00:00+00:00"


def test_the_open_document_reads_back() -> None:
    document = Document(io.BytesIO(open_document(told(interview()), "")))
    texts = [str(p.inner_text) for p in paragraphs(document)]
    assert "00:00:01\tDana: hello this is Dana" in [text.replace("\n", "\t") for text in texts]
    assert document.meta.title == "Transcript: Dana Ruiz"
    assert document.meta.generator == "Sottovoce"


def paragraphs(document: Document) -> list[Paragraph]:
    return [*document.body.paragraphs]


@pytest.mark.parametrize("name", ["transcript.docx", "transcript.odt"])
def test_a_document_is_the_same_each_time_and_names_nobody(name: str) -> None:
    made = [Files(PLAN, interview().entries, WORDING).make(name) for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0] or b"")) as package:
        assert package.testzip() is None
        assert {part.date_time[0] for part in package.infolist()} == {1980}
        if name.endswith("odt"):
            first = package.infolist()[0]
            assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_what_an_open_document_lists_is_in_it() -> None:
    package = zipfile.ZipFile(io.BytesIO(open_document(told(interview()), "")))
    listed = re.findall(r'full-path="([^"]+)"', package.read("META-INF/manifest.xml").decode())
    assert {name for name in listed if not name.endswith("/")} <= {*package.namelist()}


def test_hostile_words_and_signs_are_text_in_a_document() -> None:
    call = Told()
    for n, payload in enumerate([*PAYLOADS[::4], "a\x00b\x0bc\x1fd\ufffee\ud800f", "]]>&amp;"]):
        call.put(n * 9 + 5.0, Heard(Channel.THEM, n * 9.0, n * 9 + 3.0, payload))
    hostile = told(call.end(900.0))
    document = docx.Document(io.BytesIO(word_document(hostile, "")))
    assert len(document.paragraphs) == len(hostile.rows) + 2
    text = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "<script>alert(1)</script>" in text
    opened = Document(io.BytesIO(open_document(hostile, "")))
    assert len(paragraphs(opened)) == len(hostile.rows) + 1


def test_a_call_with_nothing_in_it_is_a_document_that_says_so() -> None:
    empty = told(Told(wall="").end(3.0), Plan())
    document = docx.Document(io.BytesIO(word_document(empty, "Nothing was heard.")))
    assert [p.text for p in document.paragraphs] == ["Transcript", "Nothing was heard."]
