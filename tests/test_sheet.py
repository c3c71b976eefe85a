"""The prep sheet: written unedited it works, and whatever is typed is a plan or one sentence."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from assistant.errors import InputError
from assistant.plan import Dials, Person, Plan
from assistant.settings import texts
from assistant.sheet import (
    new_sheet,
    parse_sheet,
    read_questions,
    read_sheet,
    sheet_file_name,
    standard_plan,
    write_sheet,
)
from assistant.sheet.question import short_cue
from assistant.wording import Wording

pytestmark = pytest.mark.edge

WORDING = Wording("en", (texts("prompts"),))
SETS = WORDING.sets()


def parse(text: str) -> Plan:
    return parse_sheet(text, WORDING, "dana.md")


def questions(text: str) -> Plan:
    return parse(f"## Questions\n\n{text}")


def wrong(text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(text)
    assert "\n" not in str(caught.value)
    return f"{caught.value} {caught.value.hint}"


# ---------------------------------------------------------------- the standard sets


@pytest.mark.parametrize("name", SETS)
def test_a_standard_set_is_a_whole_sheet(name: str):
    plan = standard_plan(WORDING, name, "", 20.0)
    assert 9 <= sum(not q.closing for q in plan.questions) <= 11
    assert 3 <= sum(q.must for q in plan.questions) <= 4
    assert [q.must for q in plan.questions if q.referral] == [True]
    assert [q.closing for q in plan.questions if q.thanks] == [True]
    assert plan.goal
    assert plan.opening


@pytest.mark.parametrize("name", SETS)
def test_every_question_has_a_short_cue_and_other_wordings(name: str):
    for question in standard_plan(WORDING, name, "", 20.0).questions:
        assert 1 <= len(question.cue.split()) <= 5
        assert 4 <= len(question.aliases) <= 10


@pytest.mark.parametrize("name", SETS)
def test_no_wording_is_nearer_to_another_question_than_to_its_own(name: str):
    plan = standard_plan(WORDING, name, "", 20.0)
    for mine in plan.questions:
        for alias in mine.aliases:
            for other in plan.questions:
                if other.id != mine.id:
                    wordings = (other.text, *other.aliases)
                    like = max(fuzz.token_sort_ratio(alias, wording) for wording in wordings)
                    assert like < 90, (alias, other.id)


@pytest.mark.parametrize("name", SETS)
def test_a_standard_set_never_asks_for_a_job(name: str):
    text = WORDING.standard(name).lower().replace("not asking for a job", "")
    for ask in (
        "hire me",
        "refer me",
        "job for me",
        "openings",
        "vacanc",
        "for a job",
        "my resume",
    ):
        assert ask not in text


def test_the_ids_of_the_standard_set_stay_what_they_are():
    """Old calls and their notes are compared by these."""
    assert [q.id for q in standard_plan(WORDING, "informational", "", 20.0).questions] == [
        "career-path",
        "typical-day",
        "best-part",
        "hardest-part",
        "skills-and-training",
        "ways-in",
        "people-and-culture",
        "where-its-going",
        "do-differently",
        "reading-and-groups",
        "what-i-forgot",
        "who-else-to-talk-to",
        "keep-in-touch",
        "thank-them",
    ]


# ---------------------------------------------------------------- a new sheet


def test_a_new_sheet_needs_no_editing():
    text = new_sheet(
        "Dana Ruiz, data engineer at Acme",
        WORDING,
        set_name="informational",
        minutes=25.0,
        starts="2026-12-01 15:00",
    )
    plan = parse(text)
    assert (plan.person, plan.about) == ("Dana Ruiz", "data engineer at Acme")
    assert (plan.minutes, plan.starts, plan.consent) == (25.0, "2026-12-01T15:00", "ask")
    assert plan.people == (Person("Dana Ruiz", "data engineer at Acme"),)
    assert any("25 minutes" in line for line in plan.opening)
    standard = standard_plan(WORDING, "informational", "Dana Ruiz, data engineer at Acme", 25.0)
    assert plan == msgspec.structs.replace(standard, starts="2026-12-01T15:00")
    assert plan.lines == WORDING.lines()
    assert plan.phrases == WORDING.phrases()


def test_questions_of_the_user_s_own_keep_the_closing_ones():
    own = ["! Why did Acme leave Hadoop?", "Which tools do you use? (cue: tools)"]
    text = new_sheet("Dana", WORDING, set_name="informational", minutes=20.0, questions=own)
    plan = parse(text)
    mine = [q for q in plan.questions if not q.closing]
    assert [(q.text, q.must, q.cue) for q in mine] == [
        ("Why did Acme leave Hadoop?", True, "Acme leave Hadoop"),
        ("Which tools do you use?", False, "tools"),
    ]
    assert [q.id for q in plan.questions if q.closing] == [
        "what-i-forgot",
        "who-else-to-talk-to",
        "keep-in-touch",
        "thank-them",
    ]


def test_a_referral_of_the_user_s_own_takes_the_place_of_ours():
    own = ["Is there anyone else I should talk to?", "How big is the team?"]
    text = new_sheet("Dana", WORDING, set_name="informational", minutes=20.0, questions=own)
    plan = parse(text)
    assert [q.text for q in plan.questions if q.referral] == [own[0]]
    assert [q.text for q in plan.questions if not q.closing] == [own[1]]
    assert all(q.aliases for q in plan.questions if q.referral)


def test_whom_to_talk_to_is_known_in_other_words():
    for own in (
        "Whom should I talk to next?",
        "Who should I ring after you?",
        "Who would you send me to?",
        "Is there somebody you would send me to next?",
    ):
        text = new_sheet("Dana", WORDING, set_name="research", minutes=20.0, questions=[own])
        assert [q.text for q in parse(text).questions if q.referral] == [own]


def test_what_can_not_become_a_sheet_is_told():
    for who, starts, minutes, name, said in (
        (" , engineer", "", 20.0, "research", "with whom"),
        ("x" * 500, "", 20.0, "research", "too long"),
        ("Dana", "tomorrow", 20.0, "research", "'tomorrow' is not a date"),
        ("Dana", "", 0.0, "research", "between 1 and 480"),
        ("Dana", "", float("nan"), "research", "between 1 and 480"),
        ("Dana", "", 20.0, "none", "There is no question set 'none'"),
    ):
        with pytest.raises(InputError, match=said):
            new_sheet(who, WORDING, set_name=name, minutes=minutes, starts=starts)


@pytest.mark.parametrize(
    ("who", "starts", "name"),
    [
        ("Dana Ruiz, data engineer", "2026-12-01T15:00", "2026-12-01-1500-dana-ruiz.md"),
        ("Dana Ruiz", "2026-12-01", "2026-12-01-dana-ruiz.md"),
        ("Dana Ruiz", "", "dana-ruiz.md"),
        ("../../x", "", "x.md"),
        ("?", "", "call.md"),
    ],
)
def test_a_sheet_s_file_is_named_by_time_and_person(who: str, starts: str, name: str):
    assert sheet_file_name(who, starts) == name


# ---------------------------------------------------------------- what people type


def test_a_sheet_as_people_write_it():
    plan = parse(
        "\ufeff---\r\nwith: Dana Ruiz\r\nabout: lead: data # not typed by hand\r\n---\r\n".replace(
            "lead: data", '"lead: data"'
        )
        + "# Call with Dana\n\nsome remark\n\n## Goals:\nFind out *how*\nthey work.\n\n"
        "## Open with\nHello Dana.\n\n- I am Kim.\n\n## QUESTIONS\n\n### Warm up\n"
        "* ! **What** does a typical\n  day look like?\n\n"
        "  (cue: typical day;\n  also: a week, your day)\n"
        "1. [ ] !Which tools (dbt, Airflow)?\n• And on Fridays?\n-!Why so?\n"
        "<!-- - not this one -->\n- Which books?\n    - also: blogs, podcasts\n    - cue: books\n\n"
        "### Closing\n- Who else should I talk to?\n- \n\n"
        "## People and terms\n- Lee Chan, PhD: her lead\n- Sam — at Beta\n- Kim\n"
        "- Terms: dbt, C\\, C++\n"
    )
    assert plan.about == "lead: data"
    assert plan.goal == "Find out *how* they work."
    assert plan.opening == ("Hello Dana.", "I am Kim.")
    assert [(q.text, q.must, q.cue, q.aliases) for q in plan.questions] == [
        ("What does a typical day look like?", True, "typical day", ("a week", "your day")),
        ("Which tools (dbt, Airflow)?", True, "tools dbt Airflow", ()),
        ("And on Fridays?", False, "Fridays", ()),
        ("Why so?", True, "Why so", ()),
        ("Which books?", False, "books", ("blogs", "podcasts")),
        ("Who else should I talk to?", False, "who else to talk to", ()),
    ]
    assert [q.text for q in plan.questions if q.referral and q.closing] == [plan.questions[-1].text]
    assert plan.people == (
        Person("Dana Ruiz", "lead: data"),
        Person("Lee Chan, PhD", "her lead"),
        Person("Sam", "at Beta"),
        Person("Kim"),
    )
    assert plan.terms == ("dbt", "C, C++")


def test_a_sheet_without_front_matter_has_the_defaults():
    plan = questions("- What?\n")
    assert (plan.person, plan.minutes, plan.starts, plan.consent) == ("", 20.0, "", "ask")
    assert plan.dials == Dials()


def test_questions_that_look_the_same_have_ids_of_their_own():
    plan = questions("- How is it? (cue: it)\n- And it? (cue: it)\n- It 2? (cue: it-2)\n- It?\n")
    assert len({q.id for q in plan.questions}) == 4
    assert plan.questions[0].id == "it"


def test_signs_in_other_wordings_stay_what_they_are():
    plan = questions("- a? (cue: b\\; c; also: x\\, y, \\(z\\), \\- w, p \\(cue: q\\))\n")
    asked = plan.questions[0]
    assert asked.cue == "b; c"
    assert asked.aliases == ("x, y", "(z)", "- w", "p (cue: q)")
    assert parse(write_sheet(plan, WORDING)) == plan


def test_closing_questions_come_last_wherever_they_stand():
    plan = questions("### Closing\n- z?\n### More\n- a?\n- Whom else should I ask?\n- b?\n")
    assert [q.text for q in plan.questions] == ["a?", "b?", "z?", "Whom else should I ask?"]
    assert [q.referral for q in plan.questions] == [False, False, False, True]


def test_a_plan_speaks_the_language_of_its_sheet(tmp_path: Path):
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "cues.toml").write_text('half = "Halbzeit"\n')
    wording = Wording("en", (tmp_path, texts("prompts")))
    german = parse_sheet("---\nlanguage: de\n---\n## Questions\n- Was?\n", wording, "dana.md")
    assert (german.language, german.lines.half) == ("de", "Halbzeit")
    assert parse_sheet("## Questions\n- What?\n", wording, "d.md").lines.half == "half time"


def test_dials_are_taken_from_the_sheet():
    dials = "---\ndials:\n  stall_s: 5\n  cue_budget: 3\n  warnings_left_s: [120, 30]\n---\n"
    plan = parse(dials + "## Questions\n- What?\n")
    assert plan.dials == msgspec.structs.replace(
        Dials(), stall_s=5.0, cue_budget=3, warnings_left_s=(120.0, 30.0)
    )


@pytest.mark.parametrize(
    ("typed", "starts"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01 15:00", "2026-12-01T15:00"),
        ("2026-12-01 9:05", "2026-12-01T09:05"),
        ("'2026-12-01T15:00:30'", "2026-12-01T15:00:30"),
        ("2026-12-01T15:00+01:00", "2026-12-01T15:00+01:00"),
        ("2026-12-01 15:00 -05:00", "2026-12-01T15:00-05:00"),
        ("2026-12-01T15:00Z", "2026-12-01T15:00+00:00"),
        ("", ""),
    ],
)
def test_a_start_is_kept_as_it_was_meant(typed: str, starts: str):
    plan = parse(f"---\nstarts: {typed}\n---\n## Questions\n- What?\n")
    assert plan.starts == starts
    assert parse(write_sheet(plan, WORDING)).starts == starts


def test_words_that_yaml_would_twist_stay_words():
    plan = parse("---\nwith: No\nabout: 12:30\n---\n## Questions\n- What?\n")
    assert (plan.person, plan.about) == ("No", "12:30")
    assert parse(write_sheet(plan, WORDING)) == plan


@pytest.mark.parametrize(
    ("front", "sentence"),
    [
        (
            "minutes: twenty",
            "line 2: minutes should be a number between 1 and 480, it says 'twenty'.",
        ),
        ("with: x\nminutes: 0", "line 3: minutes should be a number between 1 and 480"),
        ("minutes: .nan", "it says '.nan'"),
        ("minutes: [20]", "line 2: minutes should be one line of text"),
        ("minuts: 20", "line 2: 'minuts' is not known here. Do you mean 'minutes'?"),
        ("with: a\nwith: b", "line 3: 'with' stands here a second time"),
        ("starts: 15:00", "line 2: starts should be a date, or a date and time"),
        ("starts: 2026-13-45", "it says '2026-13-45'"),
        ("starts: 2026-12-01 25:00", "it says '2026-12-01 25:00'"),
        ("consent: yes", "consent should be one of ask, given, not-needed, it says 'yes'"),
        ("language: ../../x", "language should be a short code"),
        ("\tabout: x", "line 2: a tab stands here"),
        ("about: @home", "line 2: no text may begin with this sign"),
        ('about: "open', "quotes that were opened are not closed"),
        ("about: [open", "a '[' that was opened is not closed"),
        (r'about: "\q"', "line 2: a backslash in quotes means something else"),
        (r'about: "\U00110000"', "a line such as 'minutes: 20' was expected here"),
        ("%YAML " + "9" * 5000 + ".1", "a line such as 'minutes: 20' was expected here"),
        ("about: \x1b[2J", "a line such as 'minutes: 20' was expected here"),
        ("about: data: engineer", "line 2: a line such as 'minutes: 20' was expected here"),
        ("dials: 5", "line 2: dials should be lines such as 'stall_s: 5'"),
        ("dials:\n  stal_s: 5", "line 3: there is no dial 'stal_s'. Do you mean 'stall_s'?"),
        ("dials:\n  stall_s: soon", "line 3: stall_s should be a number between 0.5 and 600"),
        ("dials:\n  stall_s: -1", "it says '-1'"),
        ("dials:\n  cue_budget: 1.5", "cue_budget should be a whole number"),
        ("dials:\n  asked_at: 2", "asked_at should be a number between 0 and 1"),
        ("dials:\n  over_every_s: 0", "over_every_s should be a number between 1 and"),
        ("a: &a [x]\nb: [*a, *a]", "line 3: a '*' stands for another place"),
        ("a: [[[[[[1]]]]]]", "nested more deeply than a sheet needs"),
        ("- a", "line 2: lines such as 'minutes: 20' were expected"),
        ("with: !!python/object:os.system x", "## Questions"),
        ("with: " + "x" * 9000, "line 1: 8000 characters of front matter are the most"),
    ],
)
def test_a_fault_in_the_front_matter_is_told_by_its_line(front: str, sentence: str):
    told = wrong(f"---\n{front}\n---\n")
    assert sentence in told
    assert told.startswith("dana.md, line ")


def test_a_list_and_nothing_else_is_what_to_ask() -> None:
    plan = parse("# Dana\n\n- What do you do all day?\n- ! Who else should I talk to?\n")
    assert [question.text for question in plan.questions] == [
        "What do you do all day?",
        "Who else should I talk to?",
    ]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "dana.md, line 1: a sheet should have at least one question"),
        ("---\nwith: x\n", "line 1: what opens here should be closed by a second line '---'"),
        ("# Dana\n\n## Qestions\n- a?\n", "line 3: there is no section 'qestions'. Do you mean"),
        ("## Questions\n- a?\n\n## Notes\n", "line 4: there is no section 'notes'"),
        ("## Questions\n\nWhat is it?\n", "line 3: a question should be a list line"),
        ("## Questions\n- a?\n\n### Closng\n", "line 4: there is no section 'closng'"),
        ("## Questions\n- a? (clue: b)\n", "line 2: 'clue' was not expected"),
        ("## Questions\n- a? (cue: b; tag)\n", "line 2: 'tag' was not expected"),
        ("## Questions\n- a? (cue: b\n", "line 2: the brackets with 'cue' should be closed"),
        ("## Questions\n- (cue: b)\n", "line 2: a question was expected before the brackets"),
        ("## Questions\n- a? (cue: b c d e f g)\n", "a cue should be at most 5 words"),
        (f"## Questions\n- {'a ' * 400}?\n", "line 2: a question has 801 characters"),
        ("## Questions\n" + "- a?\n" * 61, "line 62: 60 questions are the most"),
        ("\n" * 3000, "line 2001: a sheet of at most 2000 lines was expected"),
        ("## Goal\n<!-- remark\n", "line 2: the comment that opens here is not closed"),
        ("## Goal\n" + "a " * 900, "line 2: the goal has 1799 characters"),
    ],
)
def test_a_fault_in_the_body_is_told_by_its_line(body: str, sentence: str):
    assert sentence in wrong(body)


def test_a_sheet_is_read_from_disk_and_named_in_errors(tmp_path: Path):
    path = tmp_path / "dana.md"
    path.write_bytes(b"\xef\xbb\xbf## Questions\r\n\r\n- What?\r\n")
    assert read_sheet(path, WORDING).questions[0].text == "What?"
    path.write_text("---\nminutes: x\n---\n")
    with pytest.raises(InputError, match=r"^dana\.md, line 2: minutes should be"):
        read_sheet(path, WORDING)
    path.write_bytes(b"\x89PNG\0\0")
    with pytest.raises(InputError, match="is not a text file"):
        read_sheet(path, WORDING)


def test_plain_lines_are_questions(tmp_path: Path):
    path = tmp_path / "mine.txt"
    path.write_text("# for Dana\n\n- ! Why?\n2) How?\n• [ ] Where? (cue: place)\n-!Now?\n!\n")
    assert read_questions(path) == ("! Why?", "How?", "[ ] Where? (cue: place)", "!Now?")
    path.write_text("# nothing\n")
    with pytest.raises(InputError, match="holds no question"):
        read_questions(path)
    path.write_text("What?\n" + "x" * 400)
    with pytest.raises(InputError, match=r"mine\.txt, line 2: a question has 400"):
        read_questions(path)


def test_brackets_of_plain_questions_may_stand_as_they_do_in_a_sheet(tmp_path: Path):
    path = tmp_path / "mine.txt"
    path.write_text(
        "What do you love about it?\n  (cue: love it; also: what is fun)\n"
        "- ! How do you choose?\n  (cue: choosing; also: who decides what is shown,\n"
        "  how does a thing get in)\n\n(cue: the choice)\nWhat else (if any)?\n"
    )
    own = read_questions(path)
    text = new_sheet("Dana", WORDING, set_name="informational", minutes=20.0, questions=own)
    asked = [q for q in parse_sheet(text, WORDING, "new").questions if not q.closing]
    assert [(q.text, q.must, q.cue, q.aliases) for q in asked] == [
        ("What do you love about it?", False, "love it", ("what is fun",)),
        (
            *("How do you choose?", True, "the choice"),
            ("who decides what is shown", "how does a thing get in"),
        ),
        ("What else (if any)?", False, "What else if any", ()),
    ]


def test_the_questions_of_a_sheet_are_read_as_plain_ones_too(tmp_path: Path):
    sheet = new_sheet("Dana", WORDING, set_name="informational", minutes=20.0)
    path = tmp_path / "mine.txt"
    path.write_text(sheet.partition("-->\n\n- ")[2].partition("\n## ")[0])
    own = read_questions(path)
    text = new_sheet("Kim", WORDING, set_name="informational", minutes=20.0, questions=own)
    again, first = (
        {q.id: (q.text, q.must, q.cue, q.aliases) for q in parse_sheet(one, WORDING, "").questions}
        for one in (text, sheet)
    )
    assert again == first


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Why?\n(cue: why\nHow?\n", "line 1: the brackets with 'cue' should be closed"),
        ("# mine\n(cue: why)\nHow?\n", "line 2: a question was expected before the brackets"),
    ],
)
def test_brackets_that_belong_to_no_question_are_told_by_line(
    tmp_path: Path, text: str, wrong: str
):
    path = tmp_path / "mine.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=wrong):
        read_questions(path)


# ---------------------------------------------------------------- laws

PIECES = (
    "---\n", "with: ", "about: ", "minutes: ", "20", "starts: ", "2026-12-01", " 15:00",
    "consent: ", "language: ", "de", "dials:\n", "  stall_s: ", "warnings_left_s: [", "]",
    "# ", "## ", "### ", "Goal", "Questions", "Closing", "Open with", "People and terms",
    "\n", "\n\n", "- ", "* ", "1. ", "  ", "    ", "!", "What is it?",
    "Who else should I talk to?", "(", "cue: ", "also: ", ";", ",", ")", "referral", "thanks",
    "terms: ", ":", " - ", "\u2013", "•", "\\", "**", "<!--", "-->", "[ ] ", "a", "é", "王",
    "\u202e", "\ue001", "\x00", "\t", "\r", "&x", "*x", "`", "'", "\"", "|", "{", "}", "?",
    "> ", "***", "___", "```",
)  # fmt: skip
typed = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=50).map("".join)
line = st.text(max_size=40) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
quick = settings(
    max_examples=200, deadline=1000, suppress_health_check=[HealthCheck.filter_too_much]
)


def plan_or_none(text: str) -> Plan | None:
    try:
        return parse(text)
    except InputError:
        return None


@quick
@given(st.sampled_from(["", "## Questions\n- ", "---\n"]), typed)
def test_whatever_is_typed_is_a_plan_or_one_sentence_and_a_plan_is_written_back(
    start: str, rest: str
):
    plan = plan_or_none(start + rest)
    assume(plan is not None)
    assert plan is not None
    assert parse(write_sheet(plan, WORDING)) == plan


@settings(max_examples=60, deadline=1000)
@given(line, st.lists(line, max_size=4))
def test_a_new_sheet_reads_back_whoever_it_is_with(who: str, own: list[str]):
    try:
        text = new_sheet(who, WORDING, set_name="research", minutes=30.0, questions=own)
    except InputError:
        return
    plan = parse(text)
    assert plan.person
    assert write_sheet(plan, WORDING) == text
    assert "/" not in sheet_file_name(who, "")


@pytest.mark.parametrize(
    "text",
    [
        "## Questions\n- " + "(" * 900_000,
        "## Questions\n- a" + " (cue: b)" * 90_000,
        "## Questions\n- " + "- " * 400_000,
        "<!--" * 200_000,
        "\n" * 999_000,
        "#" * 999_000,
        "---\n" + "a: [[[" * 1300 + "\n---\n",
        "---\ndials: {warnings_left_s: [" + "1," * 3900 + "]}\n---\n",
        "".join(" " * i + "- a\n" for i in range(1200)),
        "x" * 2_000_000,
    ],
    ids=lambda text: text[:24],
)
def test_a_sheet_made_to_hurt_is_answered_quickly(text: str):
    @settings(max_examples=1, deadline=3000)
    @given(st.just(text))
    def answered(hostile: str):
        plan_or_none(hostile)

    answered()


def test_a_list_in_a_list_in_a_list_has_an_end():
    deep = "\n".join(f"{'  ' * depth}- a" for depth in range(900))
    assert "this stands too far to the right" in wrong(f"## Questions\n{deep}")


PLAIN: frozenset[str] = frozenset(WORDING.words("sheet")["plain_words"])


@pytest.mark.parametrize(
    ("question", "cue"),
    [
        ("Where did you get your first job in games?", "first job in games"),
        ("Do I need a degree in logistics?", "need a degree in logistics"),
        ("How do you find good drivers?", "find good drivers"),
        ("What should be in a portfolio?", "portfolio"),
        ("Is the pay really enough to live on in the city?", "pay enough live city"),
    ],
)
def test_telling_words_that_stand_together_are_murmured_as_they_stand(
    question: str, cue: str
) -> None:
    assert short_cue(question, PLAIN) == cue


def test_asking_for_others_is_never_cued_by_where_they_work() -> None:
    (question,) = questions("- Who else do you know on the ward?").questions
    assert (question.referral, question.cue) == (True, "who else to talk to")
    (own,) = questions("- Who else do you know there? (cue: names; referral)").questions
    assert own.cue == "names"
