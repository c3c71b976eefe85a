"""The verb that puts what people said to the same question side by side: compare."""

from collections.abc import Sequence

import click
import msgspec

from assistant.across.comparison import Reply, Topic, find, topics
from assistant.across.spreadsheet import csv_of
from assistant.cli.archived import filtered, with_archive
from assistant.cli.flags import only_one
from assistant.cli.house import (
    help_of,
    json_option,
    open_house,
    option,
    print_json,
    say,
    show_file,
    show_text,
    tell,
)
from assistant.events import Channel
from assistant.keeping.digest import Passage
from assistant.keeping.filing import Filters
from assistant.notes.render.markdown import plain_markdown
from assistant.notes.talk import clock
from assistant.tables import Cell, Column, is_terminal, show_line, show_table

_COLUMNS = ("question", "person", "about", "call", "began", "answered", "time", "voice", "quote")

_ANSWERED = {"full": "yes", "partly": "partly", "hardly": "hardly"}
"""As the page says it."""


class AskedOf(msgspec.Struct, frozen=True):
    """A question and how many were asked it, for programs."""

    number: int
    question_id: str
    text: str
    people: int
    calls: int
    answered: int


@click.command("compare", help=help_of("compare"))
@click.argument("question", nargs=-1)
@filtered
@option("--csv", "as_csv", is_flag=True, text="csv")
@option("--markdown", "as_markdown", is_flag=True, text="markdown")
@json_option()
def compare(
    question: tuple[str, ...],
    person: str | None,
    since: str | None,
    until: str | None,
    as_csv: bool,
    as_markdown: bool,
    as_json: bool,
) -> None:
    """Put replies to the same question side by side."""
    form = only_one({"--json": as_json, "--csv": as_csv, "--markdown": as_markdown})
    house = open_house()
    filters = Filters(person or "", since or "", until or "")
    neutral = frozenset(house.wording().texts("sheet", "neutral_words"))
    known = with_archive(house, lambda archive: topics(archive, neutral, filters))
    if not question:
        _list(known, form, as_json=as_json)
        return
    topic = find(known, " ".join(question))
    if as_json:
        print_json(topic)
    elif form == "--csv":
        show_file(csv_of(_COLUMNS, _cells(topic)))
    elif form == "--markdown":
        show_text(_markdown(topic))
    else:
        _show(topic)


def _list(known: Sequence[Topic], form: str, *, as_json: bool) -> None:
    asked = [
        AskedOf(
            number,
            topic.question_id,
            topic.text,
            topic.people,
            len(topic.replies),
            sum(reply.is_answered for reply in topic.replies),
        )
        for number, topic in enumerate(known, start=1)
    ]
    if as_json:
        print_json(asked)
    elif form:
        rows = [(str(it.number), it.question_id, it.text, str(it.people)) for it in asked]
        columns = ("number", "id", "question", "people")
        _print_rows(columns, rows, form)
    else:
        if not asked:
            tell(say("compare.none"))
        names = ("number", "people", "id", "question")
        columns = tuple(
            Column(say(f"compare.{name}"), name in ("number", "people"), name == "question")
            for name in names
        )
        show_table(
            columns,
            [(f"{it.number:>3}", f"{it.people:>3}", it.question_id, it.text) for it in asked],
        )


def _print_rows(columns: Sequence[str], rows: Sequence[Sequence[str]], form: str) -> None:
    if form == "--csv":
        show_file(csv_of(columns, rows))
        return
    show_text(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
    for row in rows:
        show_text(f"| {' | '.join(map(plain_markdown, row))} |")


def _cells(topic: Topic) -> list[tuple[str, ...]]:
    """Return a row for each quote, so that a spreadsheet can sort and count them."""
    rows: list[tuple[str, ...]] = []
    for reply in topic.replies:
        said = [(clock(quote.start_s), quote.channel.value, _text(quote)) for quote in reply.quotes]
        rows += [
            (
                topic.text,
                reply.person,
                reply.about,
                reply.call,
                reply.wall,
                _answered(reply),
                *told,
            )
            for told in said or [(clock(reply.asked_s), "", "")]
        ]
    return rows


def _answered(reply: Reply) -> str:
    # What was said to be answered though little was said: that is the user's own word.
    is_told = reply.is_answered and reply.fullness not in ("full", "partly")
    return "yes" if is_told else _ANSWERED.get(reply.fullness, "no")


def _markdown(topic: Topic) -> str:
    lines = [f"# {plain_markdown(topic.text)}"]
    for reply in topic.replies:
        where = plain_markdown(f"{reply.wall[:10]} {reply.call}")
        lines += ["", f"## {plain_markdown(_who(reply))}", "", where, ""]
        lines += [
            f"- [{clock(quote.start_s)}] **{plain_markdown(_voice(reply, quote))}:** "
            f'"{plain_markdown(_text(quote))}"'
            for quote in reply.quotes
        ] or [say("compare.no_reply")]
    return "\n".join(lines)


def _show(topic: Topic) -> None:
    show_line(Cell(topic.text, "bold"))
    tell(say("compare.count", people=topic.people, calls=len(topic.replies)))
    columns = (
        Column(say("compare.who")),
        Column(say("compare.day")),
        Column(say("compare.time")),
        Column(say("compare.said"), is_wide=True),
    )
    rows: list[tuple[str, ...]] = []
    for reply in topic.replies:
        who, day = _who(reply), reply.wall[:10]
        for quote in reply.quotes:
            text = _text(quote)
            if quote.channel != Channel.THEM:
                text = f"{_voice(reply, quote)}: {text}"
            rows.append((who, day, clock(quote.start_s), text))
            if is_terminal():
                # Said once; in a pipe every line stands for itself.
                who, day = "", ""
        if not reply.quotes:
            rows.append((who, day, clock(reply.asked_s), say("compare.no_reply")))
    show_table(columns, rows)


def _who(reply: Reply) -> str:
    return reply.person or say("compare.nobody")


def _text(quote: Passage) -> str:
    """Write a quote; a table may be handed on, so what must not be says so."""
    return say("compare.off_record", text=quote.text) if quote.is_off_record else quote.text


def _voice(reply: Reply, quote: Passage) -> str:
    if quote.channel == Channel.THEM and reply.called:
        return reply.called
    return say(f"compare.{quote.channel.value}")
