"""The page of a call, `summary.html`: to read on a screen, on a phone, on paper.

Reads the notes and the lines. The order of the page is in `summary.html.j2`, its look in
`summary.css.j2`, its words in `page.toml` of the language. Law: the page refers to nothing
outside itself and runs nothing; everything people said or wrote is escaped by the template; the
same notes give the same page.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import msgspec

from assistant.events import Channel
from assistant.notes.header import began_at
from assistant.notes.notes import Notes
from assistant.notes.points import KeyPoint
from assistant.notes.polished import OFF, Polished, Sentence
from assistant.notes.promises import State
from assistant.notes.render.drawing import Labels, drawing, short_clock, symbol
from assistant.notes.render.summary import MENTIONS_SHOWN, figures_left, percent
from assistant.notes.render.thanks import thanks_due
from assistant.notes.render.timeline import Timeline, timeline
from assistant.notes.suggestion import Suggestion
from assistant.notes.talk import Line, clean, minutes_and_seconds
from assistant.wording import Wording

TEMPLATE = "summary.html"
STYLE = "summary.css"
WORDS = "page"
_SIGNS = (
    "question", "promise", "note", "mark", "cue", "stall", "paused", "lost", "forgotten",
)  # fmt: skip
"""In the order of the legend."""


def page(
    notes: Notes,
    said: Iterable[Line],
    wording: Wording,
    polished: Polished = OFF,
    *,
    thanks: State = "open",
) -> str:
    """Write the page. Raises InputError where the user's own template or words are at fault.

    `polished` is what a language model made of these notes, if one was asked; its sentences stand
    beside the quotes. `thanks` is how the thank-you note stands.
    """
    words = wording.labels(WORDS)
    forms = _Forms(words)
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
        began_day=forms.day(began.date()) if began else "",
        began_clock=began.strftime("%H:%M") if began else "",
        thanks=thanks if notes.was_talk else "dropped",
        thanks_due=thanks_due(notes),
        mine=_tasks(notes, Channel.ME),
        theirs=_tasks(notes, Channel.THEM),
        unclear=_tasks(notes, Channel.UNCLEAR),
        percent=shares,
        hearing=clean(header.hearing or header.engines.get("hearing", "")),
        figures=_seen(msgspec.to_builtins(figures_left(notes))),
        polished=_seen(_sentences(notes, polished)),
        points=_seen(msgspec.to_builtins(_new_points(notes))),
        suggested=_seen(forms.suggested(notes.suggestion)),
        unquotable=sorted(notes.unquotable),
        mentions_shown=MENTIONS_SHOWN,
        drawing=_drawn(notes, along, forms, shares) if along.length_s else "",
        signs={kind: symbol(kind) for kind in _SIGNS if kind in _kinds(along)},
        happened=_happened(along),
        clock=short_clock,
        stamp=_stamp,
        long=forms.long,
        due=forms.due,
        part=forms.part,
    )


@dataclass(frozen=True, slots=True)
class _Forms:
    """How lengths, days and shares are written, with the words of the page."""

    words: Mapping[str, Any]

    def long(self, length_s: float) -> str:
        minutes, seconds = minutes_and_seconds(length_s)
        if not minutes:
            return self.words["seconds"].format(s=seconds)
        form = self.words["minutes_seconds" if seconds else "minutes"]
        return form.format(m=minutes, s=seconds)

    def day(self, day: date) -> str:
        return self._dated("day", day)

    def due(self, day: str) -> str:
        return self._dated("due", date.fromisoformat(day))

    def part(self, share: int) -> str:
        return self.words["percent"].format(share=share)

    def suggested(self, suggestion: Suggestion | None) -> dict[str, str]:
        """Return what a suggestion fills in, as it is read: seconds as lengths."""
        values: Mapping[str, str | int | float] = suggestion.values if suggestion else {}
        return {key.removesuffix("_s"): self._value(key, value) for key, value in values.items()}

    def _value(self, key: str, value: str | int | float) -> str:
        if key.endswith("_s"):
            return self.long(float(value))
        return self.part(int(value)) if key == "percent" else str(value)

    def _dated(self, form: str, day: date) -> str:
        return self.words[form].format(
            weekday=self.words["weekdays"][day.weekday()],
            day=day.day,
            month=self.words["months"][day.month - 1],
            year=day.year,
        )


def _stamp(at_s: float) -> str:
    """Write a second of the call as the attribute `datetime` wants it."""
    return f"PT{max(0, int(at_s))}S"


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
                **cast("dict[str, object]", msgspec.to_builtins(promise)),
                "place": f"promise-{promise.number}",
                "what_first": promise.what[:1].upper() + promise.what[1:],
            }
            for promise in notes.promises
            if promise.owner is owner and promise.state != "dropped"
        ]
    )


def _sentences(notes: Notes, polished: Polished) -> object:
    answers: dict[str, tuple[Sentence, ...]] = {one.question_id: () for one in notes.asked}
    answers |= {one.question_id: one.sentences for one in polished.answers}
    overview = msgspec.to_builtins(polished.overview)
    return {
        "model": polished.model,
        "overview": overview,
        "answers": msgspec.to_builtins(answers),
    }


def _new_points(notes: Notes) -> list[KeyPoint]:
    """Return the key points that no answer on the page shows already."""
    shown = {quote.seqs for asked in notes.asked for quote in asked.best}
    return [
        point
        for point in notes.key_points
        if point.quote.channel is not Channel.ME and point.quote.seqs not in shown
    ]


def _drawn(notes: Notes, along: Timeline, forms: _Forms, shares: Mapping[str, int]) -> str:
    words, said = forms.words, forms.words["drawing"]
    voices = {
        Channel.ME: words["you"],
        Channel.THEM: clean(notes.header.called) or words["they_first"],
        Channel.UNCLEAR: said["microphone"],
    }
    for channel in (Channel.ME, Channel.THEM):
        if channel.value in shares:
            share = forms.part(shares[channel.value])
            voices[channel] += f" \u00b7 {said['spoke'].format(share=share)}"
    described = said["described"].format(ends=short_clock(along.length_s))
    kinds = {kind: said[kind] for kind in _SIGNS}
    return drawing(along, Labels(said["title"], described, voices, kinds))


def _kinds(along: Timeline) -> set[str]:
    return {mark.kind for mark in along.marks} | {band.kind for band in along.stretches}


def _happened(along: Timeline) -> Sequence[Mapping[str, object]]:
    """Return what the drawing shows, as the rows of a table."""
    marks = [
        _row(mark.kind, mark.place, mark.at_s, None, mark.text, mark.number) for mark in along.marks
    ]
    bands = [
        _row(band.kind, band.place, band.span.start_s, band.span.end_s) for band in along.stretches
    ]
    return sorted([*marks, *bands], key=lambda row: cast("float", row["start_s"]))


def _row(
    kind: str,
    place: str,
    start_s: float,
    end_s: float | None,
    text: str = "",
    number: int | None = None,
) -> Mapping[str, object]:
    return {
        "kind": kind,
        "place": place,
        "start_s": start_s,
        "end_s": end_s,
        "text": text,
        "number": number,
    }


def _sum(style: str) -> str:
    """Return what lets exactly this style into the page (CSP, level 2)."""
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
