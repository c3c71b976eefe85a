"""What can be spoken of a text, by which voice, and about how long it takes.

Law: pure; nothing here knows whether a voice is there.
"""

import re
import unicodedata

DEFAULT = "gmw/en-us+whisper"
"""Whispered: a third less of its energy lies under 400 Hz than of the plain voice's (17 to 26 %,
three cues), so it covers another's voice less."""

LONGEST_TEXT = 200
"""Characters; a cue has at most eight words."""

_MARKUP = re.compile(r"<[^<>]*>")
_OTHER_CODES = {"zh": "cmn", "no": "nb", "en-gb": "en-gb-x-rp"}
"""Where espeak-ng's code of a language is not the usual one."""


def clean(text: str) -> str:
    """Return what can be spoken of `text`: no markup, no control characters, not too long.

    Empty when nothing remains that has a sound.
    """
    text = _MARKUP.sub(" ", text[: 50 * LONGEST_TEXT])
    text = " ".join("".join(map(_speakable, text)).split())
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT].rpartition(" ")[0] or text[:LONGEST_TEXT]
    return text if any(c.isalnum() for c in text) else ""


def voices_for(wanted: str, language: str) -> tuple[str, ...]:
    """Return the voices to try, best first.

    A voice the user chose comes first; the default gives way to a whisper in the call's language.
    """
    code = language.lower().replace("_", "-") or "en"
    codes = (code, code.partition("-")[0])
    spoken = [f"{_OTHER_CODES.get(c, c)}+whisper" for c in codes]
    first = (
        [wanted] if wanted not in ("", DEFAULT) else [DEFAULT] if code in ("en", "en-us") else []
    )
    return tuple(dict.fromkeys([*first, *spoken, DEFAULT]))


def estimated_length_s(text: str, words_per_minute: int = 165) -> float:
    """Return about how long `text` takes to say, for when there is no voice.

    Fitted to ten cues of the default voice: within 0.3 s of each.
    """
    spoken = clean(text)
    if not spoken:
        return 0.0
    pauses = sum(spoken.count(mark) for mark in ",:;")
    return (0.25 + 0.052 * len(spoken) + 0.3 * pauses) * 165 / max(1, words_per_minute)


def _speakable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":
        # Joiners and direction marks stand within words.
        return ""
    return " " if category[0] in "CZ" or character in "<>[]{}" else character
