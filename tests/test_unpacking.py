"""Archives that mean harm are refused, and nothing of them reaches the disk outside."""

import stat
import zipfile
from pathlib import Path

import pytest

from assistant.errors import ModelError
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
