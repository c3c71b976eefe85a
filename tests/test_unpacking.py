"""Archives that mean harm are refused, and nothing of them reaches the disk outside."""

import copy
import os
import stat
import zipfile
from pathlib import Path

import pytest

from assistant.errors import DiskError, ModelError
from assistant.hearing.unpacking import MOST_MEMBERS, unpack

pytestmark = pytest.mark.edge


def archive_of(tmp_path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return path


def special(name: str, kind: int) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name)
    member.external_attr = (kind | 0o777) << 16
    return member


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "m/../../outside",
        "/outside",
        "..\\outside",
        "C:\\outside",
        "C:outside",
        "m/\u202eoutside",
    ],
)
def test_a_path_that_leads_out(tmp_path: Path, name: str) -> None:
    path = archive_of(tmp_path, ("m/am/final.mdl", b"m"), (name, b"gotcha"))
    with pytest.raises(ModelError, match="leads out"):
        unpack(path, tmp_path / "in" / "new")
    assert [p.name for p in tmp_path.rglob("*")] == ["evil.zip"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_a_link_or_a_device(tmp_path: Path, kind: int) -> None:
    path = archive_of(tmp_path, (special("m/am", kind), b"/etc"), ("m/am/final.mdl", b"m"))
    with pytest.raises(ModelError, match="link or a device"):
        unpack(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_bomb(tmp_path: Path) -> None:
    path = archive_of(tmp_path, ("m/am/final.mdl", bytes(20_000_000)))
    with pytest.raises(ModelError, match="would grow to 20 MB"):
        unpack(path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = archive_of(tmp_path, ("m/am/final.mdl", bytes(20_000_000)))
    true_size, told_size = (20_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true_size, told_size))
    with pytest.raises(ModelError, match="damaged"):
        unpack(path, tmp_path / "new")
    assert sum(p.stat().st_size for p in (tmp_path / "new").rglob("*") if p.is_file()) <= 1000


def test_too_many_files(tmp_path: Path) -> None:
    path = archive_of(tmp_path, *((f"m/{n}", b"") for n in range(MOST_MEMBERS + 1)))
    with pytest.raises(ModelError, match="holds 10001 files"):
        unpack(path, tmp_path / "new")


def test_two_files_of_one_name(tmp_path: Path) -> None:
    path = archive_of(tmp_path, ("m/am/final.mdl", b"one"), ("m/am/FINAL.mdl", b"two"))
    with pytest.raises(ModelError, match="one name"):
        unpack(path, tmp_path / "new")


def test_an_encrypted_file(tmp_path: Path) -> None:
    path = archive_of(tmp_path, ("m/am/final.mdl", b"m"))
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(mark) + offset] |= 1
    path.write_bytes(raw)
    with pytest.raises(ModelError, match="damaged"):
        unpack(path, tmp_path / "new")


@pytest.mark.parametrize("at", [2, 45, -30])
def test_a_damaged_zip(tmp_path: Path, at: int) -> None:
    path = archive_of(tmp_path, ("m/am/final.mdl", bytes(range(256)) * 10))
    raw = bytearray(path.read_bytes())
    raw[at] ^= 0xFF
    path.write_bytes(raw)
    with pytest.raises(ModelError, match="not unpacked"):
        unpack(path, tmp_path / "new")


def test_a_list_of_members_too_long_to_read(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo("m")
        member.extra = b"\x99\x99" + (60_000).to_bytes(2, "little") + bytes(60_000)
        for n in range(80):
            member.filename = f"m/{n}"
            archive.writestr(copy.copy(member), b"")
    with pytest.raises(ModelError, match="too many files"):
        unpack(path, tmp_path / "new")


@pytest.mark.parametrize("name", ["d/" * 1000 + "f", "x" * 201, "m/" + "\u00e4" * 101])
def test_a_name_longer_than_any_of_a_model(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match="longer than any"):
        unpack(archive_of(tmp_path, (name, b"x")), tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("inner", ["m/am/final.mdl", "M/AM/final.mdl"])
def test_a_file_where_a_directory_should_be(tmp_path: Path, inner: str) -> None:
    path = archive_of(tmp_path, ("m/am", b"a file"), (inner, b"m"))
    with pytest.raises(ModelError, match="directory as well"):
        unpack(path, tmp_path / "new")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_damage_in_any_way_of_packing_is_damage(tmp_path: Path, method: int) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("m/am/final.mdl", bytes(range(256)) * 100)
    raw = bytearray(path.read_bytes())
    raw[50:90] = bytes(40)
    path.write_bytes(raw)
    with pytest.raises(ModelError, match="damaged"):
        unpack(path, tmp_path / "new")


def test_what_is_unpacked_is_for_the_user_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = archive_of(tmp_path, ("m/am/final.mdl", b"m"))
        assert list(unpack(path, tmp_path / "new")) == ["am/final.mdl"]
    finally:
        os.umask(before)
    unpacked = [tmp_path / "new", *(tmp_path / "new").rglob("*")]
    assert [p.stat().st_mode & 0o777 for p in unpacked] == [0o700, 0o700, 0o600]


def test_a_disk_that_takes_nothing_is_no_fault_of_the_archive(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DiskError, match="can not be written"):
        unpack(archive_of(tmp_path, ("m/f", b"x")), tmp_path / "file" / "new")
