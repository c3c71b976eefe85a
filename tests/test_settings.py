"""The settings file: what stands in it is checked, and a fault is one plain sentence."""

import os
import pwd
from pathlib import Path

import pytest

from assistant.door import Server
from assistant.errors import DiskError, InputError
from assistant.settings import Places, Settings, places, read_settings

pytestmark = pytest.mark.edge


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "settings.toml") == Settings()


def test_what_is_set_is_set_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('minutes = 30\n[keep]\nsound = "never"\n')
    read = read_settings(path)
    assert (read.minutes, read.keep.sound, read.keep.sound_days) == (30.0, "never", 30)


def test_no_language_model_is_asked_unless_one_is_named(tmp_path: Path) -> None:
    polish = read_settings(tmp_path / "settings.toml").polish
    assert (polish.url, polish.after_call, polish.allow_remote, polish.key_env) == (
        "",
        False,
        "",
        "",
    )


@pytest.mark.parametrize(
    "typed",
    [
        b"minutes = nan",
        b"minutes = inf",
        b"minutes = -5",
        b"murmur.words_per_minute = 99999999999999999999",
        b"keep.sound_days = -1",
        b"sound = 1",
        b"sound.horn = 1",
        b"sound",
        b"[sound\n",
        b"a = " + b"[" * 5000,
        b"a = 1" + b"0" * 5000,
        b"minutes = 1979-05-27",
        b"\xff",
        b"\0",
        b"\xff\xfem\0",
        b"#" * 1_000_001,
    ],
)
def test_a_fault_is_one_plain_sentence(tmp_path: Path, typed: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(typed)
    with pytest.raises(InputError) as wrong:
        read_settings(path)
    for word in ("Expected", "object", "enum", "$", "`", "recursion", "\n"):
        assert word not in str(wrong.value)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.toml")
    with pytest.raises(InputError, match="is not a file"):
        read_settings(tmp_path / "settings.toml")


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": "not/absolute"}, {"HOME": "/"}])
def test_without_a_home_of_its_own_the_users_is_taken(environ: dict[str, str]) -> None:
    own = Path(pwd.getpwuid(os.getuid()).pw_dir)
    assert places(environ).home == own / "Sottovoce"


def test_home_and_its_own_variable_are_followed(tmp_path: Path) -> None:
    assert places({"HOME": str(tmp_path)}).home == tmp_path / "Sottovoce"
    both = {"HOME": "/nowhere", "SOTTOVOCE_HOME": str(tmp_path)}
    assert places(both).home == tmp_path


def test_a_user_who_is_not_known_is_said() -> None:
    with pytest.raises(DiskError, match="home folder is not known") as unknown:
        places({"SOTTOVOCE_HOME": "~nobody-of-that-name/calls"})
    assert "SOTTOVOCE_HOME" in unknown.value.hint


def test_a_home_of_long_names_has_its_socket_elsewhere_also_without_a_runtime_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    home = tmp_path / ("\N{CLOUD} " + "\u00fc" * 122)
    path = Places(home).socket
    assert path == Places(home).socket
    assert path != Places(tmp_path / ("\u00fc" * 120)).socket
    door = Server(path, lambda _: iter((b"{}",)))
    door.open()
    try:
        assert path.is_socket()
        assert path.parent.stat().st_mode & 0o777 == 0o700
    finally:
        door.close()
    assert not path.exists()
