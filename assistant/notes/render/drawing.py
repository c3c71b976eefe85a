"""The drawing of a call: its timeline as a picture that stands in a page.

Reads a timeline and the words for it; writes SVG. Law: pure; places across are parts of the
width and letters have one size, so the same drawing is read on a phone and on paper; it carries
no colour of its own, no style and no script, and every word in it is escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import msgspec

from assistant.events import Channel
from assistant.notes.render.timeline import Lane, Mark, Stretch, Timeline

MOST_TICKS = 6
STEPS_S = (10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
NEAREST = 4.6
"""Part of the width, in hundredths, from which two signs stand side by side: else one goes below
the other. On the narrowest phone a sign is as wide."""
MOST_ROWS = 3
_ROW = 24
_LANE = 18
_GAP = 10
_LABEL = 17
_AXIS = 24
_THINNEST = 0.18

SIGNS: Mapping[str, str] = {
    "question": '<circle r="9.5"/>',
    "promise": '<rect x="-6.5" y="-6.5" width="13" height="13" rx="2"/>',
    "note": '<path d="M-6 -7 H3 L6.5 -3.5 V7 H-6 Z"/><path d="M-3 -1.5 H3.5 M-3 2.5 H3.5"/>',
    "mark": '<path d="M-5 -7.5 H5 V7.5 L0 3.4 L-5 7.5 Z"/>',
    "cue": '<path d="M0 -7.5 L7.5 0 L0 7.5 L-7.5 0 Z"/>',
}
"""What stands for a kind of mark, around its middle; in pixels."""


class Labels(msgspec.Struct, frozen=True):
    """The words of a drawing, as they are read."""

    title: str
    described: str
    voices: Mapping[Channel, str]
    """What stands above each lane."""
    kinds: Mapping[str, str]
    """What each kind of mark or stretch is called."""


def drawing(call: Timeline, labels: Labels) -> str:
    """Write a timeline as SVG; the ids that its signs lead to are those of the page."""
    asked = [mark for mark in call.marks if mark.kind == "question"]
    rest = [mark for mark in call.marks if mark.kind != "question"]
    above, above_rows = _stacked(asked, call.length_s)
    below, below_rows = _stacked(rest, call.length_s)
    lanes_y = above_rows * _ROW + (_GAP if above_rows else 0)
    lane_height = _LABEL + _LANE + _GAP
    signs_y = lanes_y + len(call.lanes) * lane_height
    axis_y = signs_y + below_rows * _ROW + (_GAP if below_rows else 0)
    parts = [
        f'<svg class="drawing" width="100%" height="{axis_y + _AXIS}" role="group" '
        f'aria-label="{_said(labels.title)}">',
        f"<desc>{_said(labels.described)}</desc>",
        _patterns(),
        *_axis(call.length_s, axis_y),
    ]
    for n, lane in enumerate(call.lanes):
        parts += _lane(lane, call.length_s, labels, lanes_y + n * lane_height)
    beds = [lanes_y + n * lane_height + _LABEL for n in range(len(call.lanes))]
    parts += [_band(band, call, labels, beds) for band in call.stretches]
    parts += [_sign(mark, call, labels, row * _ROW + _ROW // 2) for mark, row in above]
    parts += [_sign(mark, call, labels, signs_y + row * _ROW + _ROW // 2) for mark, row in below]
    return "\n".join([*parts, "</svg>"])


def symbol(kind: str) -> str:
    """Write the sign of one kind alone, as a legend shows it."""
    if kind in SIGNS:
        inner = f'<g class="{kind}" transform="translate(10 10)">{SIGNS[kind]}</g>'
    else:
        inner = f'<rect class="{kind}" x="1" y="2" width="18" height="16"/>'
    return f'<svg class="symbol" width="20" height="20" aria-hidden="true">{inner}</svg>'


def short_clock(at_s: float) -> str:
    """Write a time of the call as a page shows it: 2:33, or 1:02:33."""
    whole_s = max(0, int(at_s))
    hours, minutes, seconds = whole_s // 3600, whole_s // 60 % 60, whole_s % 60
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _stacked(marks: Sequence[Mark], length_s: float) -> tuple[list[tuple[Mark, int]], int]:
    """Give each mark a row, so that no two cover one another; return how many rows it took."""
    last = [-NEAREST] * MOST_ROWS
    placed: list[tuple[Mark, int]] = []
    for mark in marks:
        at = _part(mark.at_s, length_s)
        row = next((n for n in range(MOST_ROWS) if at - last[n] >= NEAREST), None)
        # So many at once: the row that was free first.
        row = last.index(min(last)) if row is None else row
        last[row] = at
        placed.append((mark, row))
    return placed, max((row + 1 for _, row in placed), default=0)


def _patterns() -> str:
    return (
        "<defs>"
        '<pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="hatch" d="M0 0 V6"/></pattern>'
        '<pattern id="dotted" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<circle class="dot" cx="3" cy="3" r="1.1"/></pattern>'
        "</defs>"
    )


def _axis(length_s: float, y: int) -> Iterable[str]:
    step_s = next((s for s in STEPS_S if length_s / s <= MOST_TICKS), STEPS_S[-1])
    ends = short_clock(length_s)
    times_s = [n * step_s for n in range(int(length_s // step_s) + 1)]
    yield '<g class="axis" aria-hidden="true">'
    yield f'<line class="base" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
    for at_s in times_s:
        at = _part(at_s, length_s)
        if at_s:
            yield f'<line x1="{at:.2f}%" x2="{at:.2f}%" y1="0" y2="{y + 4}"/>'
        # The end has a time of its own, at the right.
        if at < 100 - 2 * NEAREST:
            anchor = ' class="first"' if not at_s else ""
            yield f'<text{anchor} x="{at:.2f}%" y="{y + 17}">{short_clock(at_s)}</text>'
    yield f'<text class="last" x="100%" y="{y + 17}">{ends}</text>'
    yield "</g>"


def _lane(lane: Lane, length_s: float, labels: Labels, y: int) -> Iterable[str]:
    yield f'<g class="lane {lane.channel.value}" aria-hidden="true">'
    yield f'<text y="{y + 11}">{_said(labels.voices[lane.channel])}</text>'
    yield f'<rect class="bed" width="100%" y="{y + _LABEL}" height="{_LANE}" rx="3"/>'
    for span in lane.spans:
        at, width = _part(span.start_s, length_s), _part(span.end_s - span.start_s, length_s)
        yield (
            f'<rect x="{at:.2f}%" y="{y + _LABEL}" width="{max(width, _THINNEST):.2f}%" '
            f'height="{_LANE}" rx="2"/>'
        )
    yield "</g>"


def _band(stretch: Stretch, call: Timeline, labels: Labels, beds: Sequence[int]) -> str:
    span = stretch.span
    at = _part(span.start_s, call.length_s)
    width = max(_part(span.end_s - span.start_s, call.length_s), _THINNEST)
    name = f"{_times(span.start_s, span.end_s)} {labels.kinds[stretch.kind]}"
    return _link(
        stretch.place,
        name,
        "".join(
            f'<rect class="{stretch.kind}" x="{at:.2f}%" y="{y}" width="{width:.2f}%" '
            f'height="{_LANE}"/>'
            for y in beds
        ),
    )


def _sign(mark: Mark, call: Timeline, labels: Labels, y: int) -> str:
    number = "" if mark.number is None else f'<text dy="0.36em">{mark.number}</text>'
    name = f"{short_clock(mark.at_s)} {labels.kinds[mark.kind]}"
    name += "" if mark.number is None else f" {mark.number}"
    name += f": {mark.text}" if mark.text else ""
    at = _part(mark.at_s, call.length_s)
    return _link(
        mark.place,
        name,
        f'<svg x="{at:.2f}%" y="{y}" overflow="visible">'
        f'<g class="sign {mark.kind}">{SIGNS[mark.kind]}{number}</g></svg>',
    )


def _link(place: str, name: str, inner: str) -> str:
    said = _said(name)
    return f'<a href="#{place}" aria-label="{said}"><title>{said}</title>{inner}</a>'


def _times(start_s: float, end_s: float) -> str:
    return f"{short_clock(start_s)}\u2013{short_clock(end_s)}"


def _part(at_s: float, length_s: float) -> float:
    """Return a time as a part of the width, 0 to 100."""
    return min(100.0, max(0.0, 100.0 * at_s / length_s)) if length_s > 0 else 0.0


def _said(text: str) -> str:
    return escape(text, quote=True)
