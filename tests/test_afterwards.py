"""What is on disk after a call."""

import stat
from pathlib import Path

import msgspec
import numpy as np
import pytest
import soundfile
from told import PLAN, PROMPTS, WORDING, Told, interview

from assistant import plan as plans
from assistant.afterwards import keeps_sound, wrap
from assistant.errors import InputError
from assistant.events import Channel, Consent, Consented, Fact, Finding, Forgotten
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.plan import Plan
from assistant.wording import Wording

pytestmark = pytest.mark.edge

PAGES = (
    "summary.md", "summary.html", "notes.json", "transcript.md", "transcript.srt",
    "transcript.vtt", "follow-ups.ics", "thank-you.eml",
)  # fmt: skip


def called(path: Path, call: Told, plan: Plan = PLAN) -> CallFolder:
    path.mkdir(mode=0o700)
    folder = CallFolder(path)
    folder.write("plan.json", plans.to_json(plan))
    journal = Journal.open(folder.journal)
    journal.append(call.entries)
    journal.close()
    folder.append("notes.md", "as it grew\n")
    return folder


def sounded(folder: CallFolder, channel: Channel = Channel.ME, frames: int = 200_000) -> bytes:
    noise = np.random.default_rng(7).integers(-9000, 9000, frames, dtype=np.int16)
    folder.write(folder.spool(channel).name, noise.tobytes())
    return noise.tobytes()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def folder(tmp_path: Path) -> CallFolder:
    return called(tmp_path / "call", interview())


def test_everything_is_written_for_the_user_alone(folder: CallFolder) -> None:
    written = wrap(folder.path, WORDING, "always")
    assert written.files == PAGES
    assert written.failed == ()
    assert [mode(folder.path / name) for name in PAGES] == [0o600] * len(PAGES)
    assert folder.summary.read_text().splitlines()[1] == 'title: "Dana Ruiz, data engineer at Acme"'


def test_a_second_time_gives_the_same_bytes(folder: CallFolder) -> None:
    wrap(folder.path, WORDING, "always")
    before = {name: (folder.path / name).read_bytes() for name in PAGES}
    wrap(folder.path, WORDING, "always")
    assert {name: (folder.path / name).read_bytes() for name in PAGES} == before
    assert not list(folder.path.glob(".*"))


def test_the_notes_the_user_may_have_edited_stay(folder: CallFolder) -> None:
    wrap(folder.path, WORDING, "always")
    assert folder.notes.read_text() == "as it grew\n"


def test_notes_that_are_missing_are_made_again(folder: CallFolder) -> None:
    folder.notes.unlink()
    written = wrap(folder.path, WORDING, "always")
    assert "notes.md" in written.files
    assert "### Asked: " in folder.notes.read_text()


def test_notes_that_hold_what_was_forgotten_are_made_anew(tmp_path: Path) -> None:
    call = Told()
    call.them(10.0, "the merger is secret")
    call.put(30.0, Forgotten(9.0, 30.0))
    folder = called(tmp_path / "call", call.end(40.0))
    folder.append("notes.md", "the merger is secret\n")
    folder.write("thank-you.eml", "you said that the merger is secret\n")
    written = wrap(folder.path, WORDING, "always")
    # Nobody is heard in it any more, so there is nobody to thank.
    assert written.files == (*PAGES[:-1], "notes.md")
    assert written.failed == ()
    assert "merger" not in "".join(path.read_text() for path in folder.path.glob("[!j]*"))


def test_a_journal_cut_in_a_line_is_wrapped_and_says_so(folder: CallFolder) -> None:
    whole = folder.journal.read_bytes()
    folder.journal.write_bytes(whole[:-20])
    assert wrap(folder.path, WORDING, "always").failed == ()
    assert "cut short" in folder.summary.read_text()
    assert "1 line of the journal could not be read" in folder.summary.read_text()


def test_a_step_that_fails_stops_no_other(folder: CallFolder, tmp_path: Path) -> None:
    own = tmp_path / "own" / "en"
    own.mkdir(parents=True)
    (own / "summary.md.j2").write_text("{{ nothing_of_that_name }}")
    sounded(folder)
    written = wrap(folder.path, Wording("en", (tmp_path / "own", PROMPTS)), "always")
    (failed,) = written.failed
    name, why = failed.name, failed.why
    assert name == "summary.md"
    assert "summary.md.j2, line 1" in why
    assert written.files == (*PAGES[1:], "me.flac")


def test_a_place_that_can_not_be_written_is_told_with_each_file(folder: CallFolder) -> None:
    sounded(folder)
    for name in PAGES:
        (folder.path / name).mkdir()
        (folder.path / name / "in the way").touch()
    written = wrap(folder.path, WORDING, "always")
    assert [failed.name for failed in written.failed] == list(PAGES)
    assert written.files == ("me.flac",)


def test_a_folder_that_is_no_call_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"plan"):
        wrap(tmp_path, WORDING, "always")


def test_without_a_journal_nothing_is_touched(folder: CallFolder) -> None:
    folder.journal.unlink()
    sounded(folder)
    with pytest.raises(InputError, match="no journal"):
        wrap(folder.path, WORDING, "never")
    assert folder.spool(Channel.ME).exists()


@pytest.mark.parametrize("body", [b"", b"garbage\n" * 3])
def test_a_journal_with_nothing_in_it_leaves_a_good_summary_alone(
    folder: CallFolder, body: bytes
) -> None:
    wrap(folder.path, WORDING, "always")
    good = folder.summary.read_bytes()
    folder.journal.write_bytes(body)
    with pytest.raises(InputError, match="holds no call"):
        wrap(folder.path, WORDING, "always")
    assert folder.summary.read_bytes() == good


def test_sound_is_packed_and_is_the_same_sample_for_sample(folder: CallFolder) -> None:
    raw = {channel: sounded(folder, channel) for channel in (Channel.ME, Channel.THEM)}
    written = wrap(folder.path, WORDING, "always")
    assert written.files[-2:] == ("me.flac", "them.flac")
    for channel, bytes_ in raw.items():
        path = folder.path / f"{channel.value}.flac"
        samples, rate_hz = soundfile.read(path, dtype="int16")
        assert (samples.tobytes(), rate_hz) == (bytes_, 16000)
        assert mode(path) == 0o600
        assert not folder.spool(channel).exists()


def test_an_empty_channel_leaves_no_sound_file(folder: CallFolder) -> None:
    folder.write("them.s16", b"")
    assert wrap(folder.path, WORDING, "always").files == PAGES
    assert not list(folder.path.glob("them.*"))


def test_half_a_sample_at_the_end_is_dropped(folder: CallFolder) -> None:
    folder.write("me.s16", sounded(folder, frames=70_000) + b"\x01")
    wrap(folder.path, WORDING, "always")
    assert soundfile.info(folder.path / "me.flac").frames == 70_000


def test_sound_that_can_not_be_packed_is_kept_raw(folder: CallFolder) -> None:
    raw = sounded(folder)
    (folder.path / "me.flac").mkdir()
    (folder.path / "me.flac" / "in the way").touch()
    (failed,) = wrap(folder.path, WORDING, "always").failed
    name, why = failed.name, failed.why
    assert (name, why) == ("me.flac", "me.s16 could not be packed.")
    assert folder.spool(Channel.ME).read_bytes() == raw
    assert not list(folder.path.glob(".*"))


def test_after_a_crash_in_the_middle_of_packing_the_raw_file_counts(folder: CallFolder) -> None:
    raw = sounded(folder)
    (folder.path / "me.flac").write_bytes(b"half a file")
    (folder.path / ".me.flac.half").write_bytes(b"less than that")
    wrap(folder.path, WORDING, "always")
    samples, _ = soundfile.read(folder.path / "me.flac", dtype="int16")
    assert samples.tobytes() == raw


def test_sound_that_is_not_to_be_kept_is_removed_packed_or_not(folder: CallFolder) -> None:
    sounded(folder)
    wrap(folder.path, WORDING, "always")
    sounded(folder, Channel.THEM)
    written = wrap(folder.path, WORDING, "never")
    assert written.removed == ("me.flac", "them.s16")
    assert written.files == PAGES
    assert not [*folder.path.glob("*.s16"), *folder.path.glob("*.flac")]


def test_sound_of_a_call_that_was_cut_short_is_never_thrown_away(folder: CallFolder) -> None:
    told = Told()
    told.them(2.0, "we start at nine")
    folder.journal.unlink()
    journal = Journal.open(folder.journal)
    journal.append(told.entries)
    journal.close()
    sounded(folder)
    wrap(folder.path, WORDING, "never")
    assert (folder.path / "me.flac").exists()


@pytest.mark.parametrize(
    ("consent", "kept"), [("given", True), ("not-needed", True), ("ask", False)]
)
def test_with_consent_means_that_it_was_given_or_not_needed(consent: str, kept: bool) -> None:
    plan = plans.from_json(plans.to_json(PLAN).replace(b'"given"', f'"{consent}"'.encode()))
    assert keeps_sound("with-consent", plan, []) is kept
    assert keeps_sound("always", plan, [])
    assert not keeps_sound("never", plan, [])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([], False),
        ([Consent(1, "asked")], False),
        ([Consent(1, "asked"), Consent(2, "given")], True),
        ([Consent(1, "asked"), Consent(2, "given"), Consent(3, "refused")], False),
        ([Consented("given")], True),
        ([Consent(1, "given"), Consented("refused")], False),
    ],
)
def test_with_consent_the_sound_stays_only_where_leave_was_found_or_said(
    tmp_path: Path, said: list[Fact | Finding], kept: bool
) -> None:
    told = Told()
    told.them(2.0, "we start at nine")
    for event in said:
        told.put(5.0, event)
    folder = called(tmp_path / "call", told.end(9.0), msgspec.structs.replace(PLAN, consent="ask"))
    sounded(folder)
    written = wrap(folder.path, WORDING, "with-consent")
    assert (folder.path / "me.flac").exists() is kept
    assert written.removed == (() if kept else ("me.s16",))


def test_no_word_of_the_call_is_in_what_is_reported(folder: CallFolder) -> None:
    (folder.path / "notes.json").mkdir()
    (folder.path / "notes.json" / "in the way").touch()
    written = wrap(folder.path, WORDING, "always")
    assert all("okafor" not in failed.why.lower() for failed in written.failed)
