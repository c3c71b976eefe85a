"""The page of a call, `summary.html`: to read on a screen, on a phone, on paper.

Reads the notes and the lines. The order of the page is in `summary.html.j2`, its look in
`summary.css.j2`, its words in `page.toml` of the language. Law: the page refers to nothing
outside itself and runs nothing; everything people said or wrote is escaped by the template; the
same notes give the same page.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

import msgspec

from assistant.events import Channel
from assistant.notes.notes import Notes, began_at
from assistant.notes.render.drawing import Labels, drawing, short_clock, symbol
from assistant.notes.render.summary import MENTIONS_SHOWN, percent, thanks_due
from assistant.notes.render.timeline import Timeline, timeline
from assistant.notes.talk import Line, clean
from assistant.wording import Wording

TEMPLATE = "summary.html"
STYLE = "summary.css"
WORDS = "page"
_SIGNS = (
    "question", "promise", "note", "mark", "cue", "stall", "paused", "lost", "forgotten",
)  # fmt: skip
"""In the order of the legend."""


def page(notes: Notes, said: Iterable[Line], wording: Wording) -> str:
    """Write the page. Raises InputError where the user's own template or words are at fault."""
    words = wording.labels(WORDS)
    header = notes.header
    began = began_at(header.started)
    along = timeline(notes, said)
    style = wording.render(STYLE)
    shares = percent(notes)
    page_lang = "en" if f"{WORDS}.toml" in wording.fell_back else wording.language
    # A screen reader must not read what was said in the tongue of the page's own words.
    spoken_lang = header.language if header.language != page_lang else ""
    return wording.render(
        TEMPLATE,
        notes=_seen(msgspec.to_builtins(notes)),
        was_talk=notes.was_talk,
        words=words,
        style=style,
        style_sum=_sum(style),
        page_lang=page_lang,
        spoken_lang=spoken_lang,
        title=", ".join(filter(None, (clean(header.person), clean(header.about)))),
        began_day=_day(words["day"], words, began.date()) if began else "",
        began_clock=began.strftime("%H:%M") if began else "",
        thanks_due=thanks_due(notes),
        mine=_tasks(notes, Channel.ME),
        theirs=_tasks(notes, Channel.THEM),
        unclear=_tasks(notes, Channel.UNCLEAR),
        percent=shares,
        hearing=_seen(getattr(header, "hearing", "") or header.engines.get("hearing", "")),
        mentions_shown=MENTIONS_SHOWN,
        drawing=_drawn(notes, along, words, shares) if along.length_s else "",
        signs={kind: symbol(kind) for kind in _SIGNS if kind in _kinds(along)},
        happened=_happened(along),
        clock=short_clock,
        stamp=lambda at_s: f"PT{max(0, int(at_s))}S",
        long=lambda length_s: _long(words, length_s),
        due=lambda day: _day(words["due"], words, date.fromisoformat(day)),
        part=lambda share: words["percent"].format(share=share),
    )


def _seen(value: object) -> object:
    """Take out of every text of a tree what can not be seen, or turns the words around it."""
    match value:
        case str():
            return clean(value)
        case dict():
            tree = cast("dict[str, object]", value)
            return {clean(key): _seen(inner) for key, inner in tree.items()}
        case list() | tuple():
            return [_seen(inner) for inner in cast("list[object]", value)]
        case _:
            return value


def _tasks(notes: Notes, owner: Channel) -> object:
    """Return the promises of one side, each with its place on the page."""
    return _seen(
        [
            {
                "state": "open",
                "is_corrected": False,
                **cast("dict[str, object]", msgspec.to_builtins(promise)),
                "place": f"promise-{number}",
                "what_first": promise.what[:1].upper() + promise.what[1:],
            }
            for number, promise in enumerate(notes.promises, 1)
            if promise.owner is owner
        ]
    )


def _drawn(
    notes: Notes, along: Timeline, words: Mapping[str, Any], shares: Mapping[str, int]
) -> str:
    said = words["drawing"]
    voices = {
        Channel.ME: words["you"],
        Channel.THEM: clean(notes.header.called) or words["they_first"],
        Channel.UNCLEAR: said["microphone"],
    }
    for channel in (Channel.ME, Channel.THEM):
        if channel.value in shares:
            share = words["percent"].format(share=shares[channel.value])
            voices[channel] += f" \u00b7 {said['spoke'].format(share=share)}"
    described = said["described"].format(ends=short_clock(along.length_s))
    kinds = {kind: said[kind] for kind in _SIGNS}
    return drawing(along, Labels(said["title"], described, voices, kinds))


def _kinds(along: Timeline) -> set[str]:
    return {mark.kind for mark in along.marks} | {band.kind for band in along.stretches}


def _happened(along: Timeline) -> list[dict[str, object]]:
    """Return what the drawing shows, as the rows of a table."""
    rows: list[dict[str, object]] = [
        {
            "kind": mark.kind,
            "start_s": mark.at_s,
            "end_s": None,
            "text": clean(mark.text),
            "number": mark.number,
            "place": mark.place,
        }
        for mark in along.marks
    ]
    rows += [
        {
            "kind": band.kind,
            "start_s": band.span.start_s,
            "end_s": band.span.end_s,
            "text": "",
            "number": None,
            "place": band.place,
        }
        for band in along.stretches
    ]
    return sorted(rows, key=lambda row: cast("float", row["start_s"]))


def _sum(style: str) -> str:
    """Return what lets exactly this style into the page (CSP, level 2)."""
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _day(form: str, words: Mapping[str, Any], day: date) -> str:
    return form.format(
        weekday=words["weekdays"][day.weekday()],
        day=day.day,
        month=words["months"][day.month - 1],
        year=day.year,
    )


def _long(words: Mapping[str, Any], length_s: float) -> str:
    minutes, seconds = divmod(round(length_s), 60)
    if not minutes:
        return words["seconds"].format(s=seconds)
    return words["minutes_seconds" if seconds else "minutes"].format(m=minutes, s=seconds)
