"""The folder of a call: names that sort and never clash, files for the user alone."""

import os
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.errors import DiskError, InputError, Refused
from assistant.keeping.folder import (
    REMOVED,
    CallFolder,
    all_folders,
    find_folder,
    new_folder,
    own_folder,
)
from assistant.plan import Plan, to_json

pytestmark = pytest.mark.edge

THREE = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)


def any_call(_: CallFolder) -> bool:
    return True


def made(calls: Path, person: str) -> CallFolder:
    folder = new_folder(calls, person, THREE)
    folder.write("plan.json", to_json(Plan(person=person)))
    return folder


def test_a_folder_is_named_after_the_time_and_the_person(tmp_path: Path) -> None:
    folder = new_folder(tmp_path / "calls", "Dana Ruíz, Dr.", THREE)
    assert folder.name == "2026-12-01-1500-dana-ruiz-dr"
    assert folder.path.stat().st_mode & 0o777 == 0o700


def test_a_name_is_never_used_twice(tmp_path: Path) -> None:
    names = [new_folder(tmp_path, "Dana", THREE).name for _ in range(3)]
    assert names == ["2026-12-01-1500-dana", "2026-12-01-1500-dana-2", "2026-12-01-1500-dana-3"]


def test_files_are_for_the_user_alone_and_whole(tmp_path: Path) -> None:
    path = CallFolder(tmp_path).write("summary.md", "# Summary\n")
    assert path.read_text() == "# Summary\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["summary.md"]


def test_a_call_is_found_by_a_part_of_its_name_or_as_the_last(tmp_path: Path) -> None:
    dana, ana = made(tmp_path, "Dana Ruiz"), made(tmp_path, "Zoe Ana Cruz")
    assert all_folders(tmp_path) == [dana, ana]
    assert find_folder(tmp_path, "ruiz", any_call) == dana
    assert find_folder(tmp_path, "last", any_call) == ana
    assert find_folder(tmp_path, str(dana.path), any_call) == dana


def test_an_unclear_or_unknown_name_says_what_there_is(tmp_path: Path) -> None:
    made(tmp_path, "Dana Ruiz")
    made(tmp_path, "Dana Cruz")
    with pytest.raises(InputError, match="more than one") as unclear:
        find_folder(tmp_path, "dana", any_call)
    assert "dana-cruz" in unclear.value.hint
    with pytest.raises(InputError, match="no call 'bob'"):
        find_folder(tmp_path, "bob", any_call)


def test_a_home_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(DiskError, match="can not be made"):
        new_folder(tmp_path / "home" / "calls", "Dana", THREE)


def test_a_broken_plan_is_said(tmp_path: Path) -> None:
    folder = made(tmp_path, "Dana")
    folder.plan.write_text("{")
    with pytest.raises(InputError, match="can not be read"):
        folder.read_plan()


def test_a_name_in_other_letters_names_its_folder_too(tmp_path: Path) -> None:
    dana, mari = made(tmp_path, "Дана Руис"), made(tmp_path, "高橋 まり")
    assert dana.name == "2026-12-01-1500-дана-руис"
    assert find_folder(tmp_path, "Дана", any_call) == dana
    assert find_folder(tmp_path, "高橋", any_call) == mari


def test_a_call_is_found_by_the_name_as_it_is_written(tmp_path: Path) -> None:
    dana = made(tmp_path, "Dana Ruíz")
    assert find_folder(tmp_path, "Dana Ruíz", any_call) == dana


@pytest.mark.parametrize("person", ["", "../../etc", "a" * 500, "--", "..", "~", "\u202e/x"])
def test_no_name_leads_out_of_the_calls(tmp_path: Path, person: str) -> None:
    folder = new_folder(tmp_path, person, THREE)
    assert folder.path.parent == tmp_path
    assert folder.path.is_dir()
    assert len(folder.name) <= len("2026-12-01-1500-") + 40
    assert folder.name.startswith("2026-12-01-1500")


@pytest.fixture
def no_umask() -> Generator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("no_umask")
def test_nothing_is_for_others_whatever_the_umask_and_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(mode=0o755)
    (tmp_path / "there" / "calls").mkdir(mode=0o755)
    for home in (tmp_path / "fresh" / "home", tmp_path / "there"):
        folder = new_folder(home / "calls", "Dana", THREE)
        folder.append("notes.md", "a line")
        folder.write("summary.md", "a line")
        private = [home / "calls", *(home / "calls").rglob("*")]
        assert [path for path in private if path.stat().st_mode & 0o077] == []
    assert (tmp_path / "fresh").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "wanted", ["../x", "/", "~nobody-of-that-name/x", "a/\0", "x" * 10_000, "/" + "y" * 10_000, "."]
)
def test_a_name_that_is_no_calls_name_is_a_sentence(tmp_path: Path, wanted: str) -> None:
    made(tmp_path, "Dana Ruiz")
    with pytest.raises(InputError) as unknown:
        find_folder(tmp_path, wanted, any_call)
    assert len(str(unknown.value)) < 200


def test_only_what_lies_directly_in_the_calls_home_is_written_to(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    dana = made(calls, "Dana")
    elsewhere = made(tmp_path / "elsewhere", "Ana")
    (calls / "link").symlink_to(elsewhere.path)
    (calls / "other-name").symlink_to(dana.path)
    assert own_folder(calls, dana) == dana
    assert own_folder(calls, CallFolder(calls / ".." / "calls" / dana.name)) == dana
    inside = CallFolder(dana.path / "inside")
    inside.path.mkdir()
    for path in (
        elsewhere.path,
        calls / "link",
        calls / "other-name",
        inside.path,
        calls,
        tmp_path,
        calls / "none/x",
    ):
        with pytest.raises(Refused, match="nothing is written there"):
            own_folder(calls, CallFolder(path))


def test_a_calls_home_that_is_a_link_itself_is_the_users_choice(tmp_path: Path) -> None:
    dana = made(tmp_path / "other disk", "Dana")
    (tmp_path / "calls").symlink_to(tmp_path / "other disk")
    own = own_folder(tmp_path / "calls", CallFolder(tmp_path / "calls" / dana.name))
    assert own.path == tmp_path / "calls" / dana.name


@pytest.mark.parametrize("name", ["summary.md", "journal.jsonl", ".summary.md.half"])
def test_a_folder_with_a_link_or_a_pipe_in_it_is_not_written_to(tmp_path: Path, name: str) -> None:
    dana, ana = made(tmp_path / "calls", "Dana"), made(tmp_path / "calls", "Ana")
    (dana.path / name).symlink_to(tmp_path / "profile")
    os.mkfifo(ana.path / name)
    for folder in (dana, ana):
        with pytest.raises(Refused, match="is a link or no file"):
            own_folder(tmp_path / "calls", folder)


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    folder, outside = made(tmp_path / "calls", "Dana"), tmp_path / "profile"
    outside.write_text("mine")
    for name in ("summary.md", ".summary.md.half", "notes.md"):
        (folder.path / name).symlink_to(outside)
    folder.write("summary.md", "# Summary")
    with pytest.raises(DiskError, match="can not be written"):
        folder.append("notes.md", "a note")
    assert outside.read_text() == "mine"
    assert folder.summary.read_text() == "# Summary"


def test_a_removed_call_is_gone_at_once_and_wholly(tmp_path: Path) -> None:
    folder = made(tmp_path, "Dana")
    (folder.path / "deep").mkdir()
    (folder.path / "deep" / "file").write_text("x")
    folder.remove()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DiskError, match="can not be removed"):
        folder.remove()


def test_a_half_removed_call_is_no_call(tmp_path: Path) -> None:
    folder = made(tmp_path, "Dana")
    folder.path.rename(tmp_path / f"{REMOVED}0123")
    assert all_folders(tmp_path) == []


@pytest.mark.parametrize("name", ["journal.jsonl", "them.s16", "unclear.flac"])
def test_a_call_is_one_though_its_plan_is_lost(tmp_path: Path, name: str) -> None:
    path = tmp_path / "2026-12-01-1500-dana"
    path.mkdir()
    assert all_folders(tmp_path) == []
    (path / name).write_text("")
    assert [folder.path for folder in all_folders(tmp_path)] == [path]
    assert find_folder(tmp_path, str(path), any_call).path == path


def test_an_emoji_and_a_name_of_250_bytes_make_folders(tmp_path: Path) -> None:
    home = tmp_path / ("\N{CLOUD} " + "\u00fc" * 122)
    for person in ("\N{CLOUD}", "\u00fc" * 250):
        folder = new_folder(home / "calls", person, THREE)
        folder.write("summary.md", "# Summary\n")
        assert folder.summary.read_text() == "# Summary\n"
        folder.remove()
    assert list((home / "calls").iterdir()) == []
