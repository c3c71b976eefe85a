"""The words of a language: ours, the user's over ours, and English where a language has none."""

import string
from pathlib import Path

import msgspec
import pytest

from assistant.errors import InputError
from assistant.minds.markers import KINDS
from assistant.minds.spoken import find, phrases_of, words_of
from assistant.plan import Lines, Phrases
from assistant.settings import texts
from assistant.wording import LONGEST_MURMUR_WORDS, Wording

pytestmark = pytest.mark.edge

OURS = texts("prompts")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Make the user's folder; empty at first."""
    (tmp_path / "en" / "sheets").mkdir(parents=True)
    return tmp_path


def wording(own: Path, language: str = "en") -> Wording:
    return Wording(language, (own, OURS))


def said(own: Path, file: str, text: str) -> Wording:
    (own / "en" / file).write_text(text, encoding="utf-8")
    return wording(own)


# ---------------------------------------------------------------- ours


def test_a_home_without_prompts_has_all_of_ours(tmp_path: Path):
    words = wording(tmp_path / "not there")
    assert words.lines().question == "ask: {cue}"
    assert "note to self" in words.phrases().note
    assert words.fell_back == ()
    assert set(words.sets()) >= {"informational", "research"}


def test_every_line_and_every_list_is_filled():
    words = Wording("en", (OURS,))
    table = words.words("cues")
    assert set(table) == set(Lines.__struct_fields__)
    assert set(words.words("phrases")) == set(Phrases.__struct_fields__)
    assert all(msgspec.structs.asdict(words.phrases()).values())
    assert set(words.phrases().commands) == set(KINDS)


def test_no_murmur_is_longer_than_eight_words():
    for key, line in msgspec.structs.asdict(Wording("en", (OURS,)).lines()).items():
        if not key.startswith("why_"):
            fields = {f: "5" for _, f, _, _ in string.Formatter().parse(line) if f}
            fields |= {"line": "5 minutes left", "cue": "who else to talk to"}
            assert len(line.format(**fields).split()) <= LONGEST_MURMUR_WORDS, key


@pytest.mark.parametrize(
    ("text", "is_farewell"),
    [
        ("Well, I have another meeting in five minutes.", True),
        ("I'm so sorry, I've got to jump on another call", True),
        ("I have a hard stop at three", True),
        ("okay I think we should wrap up", True),
        ("Anyway, I'll let you go.", True),
        ("I've only got about five minutes left", True),
        ("It was really great talking to you, good luck with everything", True),
        ("I take care of the servers and the backups", False),
        ("most mornings I have a meeting with the team", False),
        ("we follow all the best practices", False),
        ("the meeting is usually a stand up", False),
        ("you learn to keep in touch with people", False),
        ("I finish up the reports around six", False),
    ],
)
def test_a_wish_to_end_is_told_from_talk_about_a_day(text: str, is_farewell: bool):
    phrases = Wording("en", (OURS,)).phrases()
    signs = phrases_of((*phrases.farewell, *phrases.farewell_sure))
    assert bool(find(words_of(text), signs)) is is_farewell


def test_phrases_are_kept_as_they_are_compared():
    phrases = Wording("en", (OURS,)).phrases()
    for texts_ in (phrases.hesitation, phrases.filler, phrases.farewell, phrases.wake):
        assert all(text == text.lower().strip() for text in texts_)
        assert len(set(texts_)) == len(texts_)


# ---------------------------------------------------------------- the user's over ours


def test_one_line_of_the_user_s_own_leaves_the_others(own: Path):
    lines = said(own, "cues.toml", 'question = "maybe: {cue}"\n').lines()
    assert lines.question == "maybe: {cue}"
    assert lines.half == "half time"


def test_a_list_takes_the_place_of_ours_and_a_table_is_laid_over_it(own: Path):
    text = 'note = ["Memo to ME:", "memo to me"]\n[commands]\nnext = ["Weiter!"]\n'
    phrases = said(own, "phrases.toml", text).phrases()
    assert phrases.note == ("memo to me",)
    assert phrases.commands["next"] == ("weiter",)
    assert phrases.commands["hush"]
    assert phrases.moment


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("cues.toml", 'half = "x"\nquestion = ask\n', r"cues\.toml, line 2: Invalid value"),
        ("cues.toml", 'half = "x"\n\nqestion = "y"\n', r"line 3: 'qestion' is not known here"),
        ("cues.toml", "half = 3\n", r"line 1: half should be a text"),
        ("cues.toml", 'half = " "\n', r"line 1: half should be a text"),
        ("cues.toml", 'left = "{mins} left"\n', r"can fill in \{minutes\}, it says \{mins\}"),
        ("cues.toml", 'half = "{cue}"\n', r"half can fill in nothing, it says \{cue\}"),
        ("cues.toml", 'left = "{minutes"\n', r"left has a bracket that does not fit"),
        ("cues.toml", 'left = "{minutes:>999999999}"\n', r"left can fill in \{minutes\}"),
        ("cues.toml", 'left = "{minutes.real}"\n', r"left can fill in \{minutes\}"),
        ("cues.toml", 'left = "{minutes!r}"\n', r"left can fill in \{minutes\}"),
        ("cues.toml", 'half = "one two three four five six seven eight nine"\n', r"it has 9"),
        ("phrases.toml", 'note = "one"\n', r"line 1: note should be a list of texts"),
        ("phrases.toml", "note = [1]\n", r"line 1: note should be a list of texts"),
        ("phrases.toml", "commands = []\n", r"line 1: commands should be a table of lists"),
        ("phrases.toml", "\n[commands]\nnext = 1\n", r"line 2: next should be a list of texts"),
        ("phrases.toml", "\n[commands]\nnxt = []\n", r"line 2: 'nxt' is not known here"),
        ("phrases.toml", "a = " + "[" * 5000, r"phrases\.toml"),
        ("phrases.toml", "note = [\x00]", r"is not a text file"),
    ],
)
def test_a_broken_file_of_the_user_s_is_told_with_its_line(
    own: Path, file: str, text: str, sentence: str
):
    words = said(own, file, text)
    read = words.lines if file == "cues.toml" else words.phrases
    with pytest.raises(InputError, match=sentence) as caught:
        read()
    assert str(own) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ["5", "'the'", "[1, 2]", "{a = 1}"])
def test_a_list_of_the_user_s_that_is_none_is_told_with_its_line(own: Path, value: str):
    (own / "en" / "sheet.toml").write_text(f"\nneutral_words = {value}\n")
    with pytest.raises(InputError, match=r"sheet\.toml, line 2: neutral_words should be a list"):
        wording(own).texts("sheet", "neutral_words")
    assert "please" in wording(own).texts("sheet", "plain_words")


def test_a_near_name_is_the_hint(own: Path):
    with pytest.raises(InputError) as caught:
        said(own, "cues.toml", 'qestion = "y"\n').lines()
    assert caught.value.hint == "Do you mean 'question'?"


# ---------------------------------------------------------------- templates


def test_a_template_of_the_user_s_own_takes_the_place_of_ours(own: Path):
    words = said(own, "letter.md.j2", "{% for n in names %}\n- {{ n }}\n{% endfor %}\nbye\n")
    assert words.render("letter.md", names=["Dana & Kim", "Lee"]) == "- Dana & Kim\n- Lee\nbye\n"


def test_only_html_is_escaped(own: Path):
    words = said(own, "page.html.j2", "<p>{{ text }}</p>")
    assert words.render("page.html", text="<script>") == "<p>&lt;script&gt;</p>"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\n{% if %}\n", 2),
        ("one\n\n{{ nobody }}\n", 3),
        ("{{ names[0] }}\n{{ 1 / 0 }}\n", 2),
        ("{{ names.__class__ }}\n", 1),
        ("one\n{% include 'gone.j2' %}\n", None),
    ],
)
def test_a_broken_template_is_told_with_its_line(own: Path, text: str, line: int | None):
    words = said(own, "letter.md.j2", text)
    with pytest.raises(InputError) as caught:
        words.render("letter.md", names=["Dana"])
    place = "gone.j2" if line is None else f"letter.md.j2, line {line}:"
    assert place in str(caught.value)


def test_a_fault_of_ours_is_not_put_on_the_user(tmp_path: Path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "letter.md.j2").write_text("{{ 1 / 0 }}")
    with pytest.raises(ZeroDivisionError):
        Wording("en", (tmp_path / "none", tmp_path)).render("letter.md")


def test_a_template_that_is_not_there_is_told(own: Path):
    for name in ("gone.md", "../../secret", "/etc/passwd"):
        with pytest.raises(InputError, match="There is no template"):
            wording(own).render(name)


# ---------------------------------------------------------------- languages and sets


def test_what_a_language_lacks_is_said_in_english(own: Path):
    (own / "de").mkdir()
    (own / "de" / "cues.toml").write_text('half = "Halbzeit"\n')
    german = wording(own, "de-AT")
    assert german.lines().half == "Halbzeit"
    assert german.lines().question == "ask: {cue}"
    assert "cues.toml" not in german.fell_back
    assert "phrases.toml" in german.fell_back
    assert wording(own).speaking("de").lines().half == "Halbzeit"
    assert wording(own).lines().half == "half time"


@pytest.mark.parametrize("language", ["", "../en", "english please", "e", "en/../.."])
def test_a_language_is_a_short_code(own: Path, language: str):
    with pytest.raises(InputError, match="is not the name of a language"):
        wording(own, language)


def test_a_set_of_the_user_s_own_is_found_and_a_wrong_name_lists_them(own: Path):
    (own / "en" / "sheets" / "sales.md").write_text("## Questions\n- What do you need?\n")
    words = wording(own)
    assert "What do you need?" in words.standard("sales")
    assert words.sets() == ("informational", "research", "sales")
    for name in ("sale", "../sheet", "", "x" * 1000):
        with pytest.raises(InputError) as caught:
            words.standard(name)
        assert caught.value.hint == "There are: informational, research, sales."
