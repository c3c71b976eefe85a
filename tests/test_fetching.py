"""`models pull` against a real server on this machine: all of a model, or nothing."""

import hashlib
import io
import random
import resource
import socket
import stat
import threading
import time
import zipfile
from collections.abc import Generator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.errors import DiskError, ModelError
from assistant.hearing.catalogue import Catalogue, Model
from assistant.hearing.fetching import pull
from assistant.hearing.inflow import Patience
from assistant.hearing.models import choose, installed, verify
from assistant.hearing.sums import sums_path

pytestmark = pytest.mark.edge

NAME = "vosk-model-small-xx-0.1"
FILES = {
    "am/final.mdl": random.Random(7).randbytes(150_000),
    "conf/model.conf": b"--min-active=200\n",
    "graph/HCLr.fst": b"graph" * 300,
}
AT_ONCE = Patience(connect_s=2.0, silent_s=2.0, pause_s=0.0)


class Server:
    """Gives out files; counts requests; hangs up after `cuts` bytes, one cut per request."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.cuts: list[int] = []
        self.status = 200
        self.knows_ranges = True
        self.asked: list[str] = []
        """The Range header of each request."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range", "")
        self.asked.append(asked)
        whole = self.files.get(request.path)
        if whole is None or self.status != 200:
            request.send_error(self.status if self.status != 200 else 404)
            return
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if start >= len(whole):
            request.send_error(416)
            return
        if asked and self.knows_ranges:
            request.send_response(206)
            request.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        else:
            start = 0
            request.send_response(200)
        body = whole[start:]
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[: self.cuts.pop(0)] if self.cuts else body)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Generator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running = Server()
    yield running
    running.close()


def zipped(files: Mapping[str, bytes], around: str = f"{NAME}/") -> bytes:
    """Return a zip of files inside one directory, as the public models come."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(around + path, data)
    return packed.getvalue()


def offer(server: Server, archive: bytes, known: bool = True) -> Model:
    """Put an archive on the server; return its entry for the catalogue."""
    server.files["/m.zip"] = archive
    sha256 = hashlib.sha256(archive).hexdigest() if known else ""
    return Model(NAME, "vosk", "xx", server.url("/m.zip"), 0.01, "Apache-2.0", sha256)


def left(into: Path) -> list[str]:
    """Return what lies in the models' directory."""
    return sorted(path.name for path in into.iterdir())


def starts(asked: list[str]) -> list[int]:
    """Return the bytes that ranges began at."""
    return [int(value.removeprefix("bytes=").removesuffix("-")) for value in asked]


def listed(model: Model) -> Catalogue:
    return Catalogue((model,), {"xx": "Exish"})


def none_built_in() -> Path | None:
    return None


# All goes well.


def test_a_model_arrives_whole_and_is_chosen_and_verified(tmp_path: Path, server: Server) -> None:
    model = offer(server, zipped(FILES))
    into = tmp_path / "not yet" / "models"
    pulled = pull(model, into, patience=AT_ONCE)
    assert pulled.was_known
    assert pulled.sha256 == model.sha256
    assert {path: (into / NAME / path).read_bytes() for path in FILES} == FILES
    assert left(into) == [NAME, f"{NAME}.sums.json"]
    choice = choose("auto", "xx", "", [into], listed(model), none_built_in)
    assert choice.model_dir == into / NAME
    assert verify(NAME, [into], listed(model), none_built_in).files == len(FILES)


def test_an_archive_without_a_directory_around_it(tmp_path: Path, server: Server) -> None:
    pull(offer(server, zipped(FILES, around="")), tmp_path, patience=AT_ONCE)
    assert (tmp_path / NAME / "am" / "final.mdl").is_file()


def test_progress_is_drawn_on_stderr_when_asked(
    tmp_path: Path, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    model = offer(server, zipped(FILES))
    pull(model, tmp_path / "a", patience=AT_ONCE)
    assert capsys.readouterr() == ("", "")
    pull(model, tmp_path / "b", progress=True, patience=AT_ONCE)
    out, err = capsys.readouterr()
    assert out == ""
    assert NAME in err
    assert "100%" in err


def test_modes_in_the_archive_are_ignored(tmp_path: Path, server: Server) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, data in FILES.items():
            member = zipfile.ZipInfo(f"{NAME}/{path}")
            member.external_attr = (stat.S_IFREG | 0o6777) << 16
            archive.writestr(member, data)
    pull(offer(server, packed.getvalue()), tmp_path, patience=AT_ONCE)
    mode = (tmp_path / NAME / "am" / "final.mdl").stat().st_mode
    assert not mode & (stat.S_ISUID | stat.S_ISGID | stat.S_IXUSR | stat.S_IWOTH)


# Without a known sum.


def test_a_model_without_a_sum_is_refused_before_any_request(
    tmp_path: Path, server: Server
) -> None:
    model = offer(server, zipped(FILES), known=False)
    with pytest.raises(ModelError, match="checksum") as caught:
        pull(model, tmp_path, patience=AT_ONCE)
    assert "--trust" in caught.value.hint
    assert server.asked == []


def test_trust_takes_it_and_keeps_the_sum_found(tmp_path: Path, server: Server) -> None:
    archive = zipped(FILES)
    model = offer(server, archive, known=False)
    pulled = pull(model, tmp_path, trust=True, patience=AT_ONCE)
    assert not pulled.was_known
    assert pulled.sha256 == hashlib.sha256(archive).hexdigest()
    assert pulled.sha256 in sums_path(pulled.model_dir).read_text()
    assert verify(NAME, [tmp_path], listed(model), none_built_in).files == len(FILES)


def test_trust_does_not_overrule_a_known_sum(tmp_path: Path, server: Server) -> None:
    model = offer(server, zipped(FILES))
    server.files["/m.zip"] = zipped({**FILES, "am/final.mdl": b"another"})
    with pytest.raises(ModelError, match="checksum differs"):
        pull(model, tmp_path, trust=True, patience=AT_ONCE)


# The connection breaks.


def test_a_broken_download_goes_on_where_it_stopped(tmp_path: Path, server: Server) -> None:
    model = offer(server, zipped(FILES))
    server.cuts = [50_000, 50_000]
    pull(model, tmp_path, patience=AT_ONCE)
    first, second = starts(server.asked[1:])
    assert 20_000 < first <= 50_000
    assert 40_000 < second <= 100_000
    assert left(tmp_path) == [NAME, f"{NAME}.sums.json"]


def test_a_server_without_ranges_starts_again(tmp_path: Path, server: Server) -> None:
    server.knows_ranges = False
    server.cuts = [50_000]
    pull(offer(server, zipped(FILES)), tmp_path, patience=AT_ONCE)
    assert (tmp_path / NAME).is_dir()


def test_without_a_sum_nothing_is_pieced_together(tmp_path: Path, server: Server) -> None:
    server.cuts = [50_000]
    model = offer(server, zipped(FILES), known=False)
    pull(model, tmp_path, trust=True, patience=AT_ONCE)
    assert server.asked == ["", ""]


def test_a_later_pull_goes_on_where_an_earlier_one_gave_up(tmp_path: Path, server: Server) -> None:
    model = offer(server, zipped(FILES))
    server.cuts = [50_000, 0, 0]
    with pytest.raises(ModelError, match="broke off") as caught:
        pull(model, tmp_path, patience=AT_ONCE)
    assert "goes on where it stopped" in caught.value.hint
    assert installed([tmp_path], listed(model), none_built_in) == ()
    server.asked.clear()
    pull(model, tmp_path, patience=AT_ONCE)
    [start] = starts(server.asked)
    assert 20_000 < start <= 50_000


@pytest.mark.parametrize("surplus", [b"", b"and more than there should be"])
def test_a_bad_leftover_is_fetched_again_from_the_start(
    tmp_path: Path, server: Server, surplus: bytes
) -> None:
    archive = zipped(FILES)
    model = offer(server, archive)
    (tmp_path / f".{NAME}.zip.part").write_bytes(b"rubbish" * 10 + bool(surplus) * archive)
    pull(model, tmp_path, patience=AT_ONCE)
    assert verify(NAME, [tmp_path], listed(model), none_built_in).files == len(FILES)


def test_a_leftover_that_is_whole_needs_no_network(tmp_path: Path, server: Server) -> None:
    archive = zipped(FILES)
    model = offer(server, archive)
    (tmp_path / f".{NAME}.zip.part").write_bytes(archive)
    pull(model, tmp_path, patience=AT_ONCE)
    assert server.asked == []


def test_a_server_in_trouble_is_tried_a_few_times(tmp_path: Path, server: Server) -> None:
    model = offer(server, zipped(FILES))
    server.status = 503
    with pytest.raises(ModelError, match="broke off"):
        pull(model, tmp_path, patience=AT_ONCE)
    assert len(server.asked) == AT_ONCE.barren


def test_no_network_is_one_sentence_at_once(tmp_path: Path, server: Server) -> None:
    with socket.socket() as taken:
        # Bound and not listening: a connection is refused.
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/m.zip"
        model = Model(NAME, "vosk", "xx", address, 0.01, "Apache-2.0", "a" * 64)
        began_s = time.monotonic()
        with pytest.raises(ModelError, match=r"127\.0\.0\.1 could not be reached"):
            pull(model, tmp_path)
    assert time.monotonic() - began_s < 5.0
    assert [name for name in left(tmp_path) if not name.startswith(".")] == []


def test_a_server_that_never_answers_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/m.zip"
        model = Model(NAME, "vosk", "xx", address, 0.01, "Apache-2.0", "a" * 64)
        with pytest.raises(ModelError, match="could not be reached"):
            pull(model, tmp_path, patience=Patience(silent_s=0.2, pause_s=0.0))


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_refusal_is_one_sentence_and_not_repeated(
    tmp_path: Path, server: Server, status: int
) -> None:
    model = offer(server, zipped(FILES))
    server.status = status
    with pytest.raises(ModelError, match=f"HTTP {status}"):
        pull(model, tmp_path, patience=AT_ONCE)
    assert len(server.asked) == 1
    assert left(tmp_path) == []


# What comes is wrong.


def test_another_sum_leaves_nothing(tmp_path: Path, server: Server) -> None:
    model = offer(server, zipped(FILES))
    server.files["/m.zip"] = zipped({**FILES, "am/final.mdl": b"another"})
    with pytest.raises(ModelError, match="checksum differs"):
        pull(model, tmp_path, patience=AT_ONCE)
    assert left(tmp_path) == []


def test_what_is_no_zip(tmp_path: Path, server: Server) -> None:
    with pytest.raises(ModelError, match="damaged"):
        pull(offer(server, b"<html>sorry</html>"), tmp_path, patience=AT_ONCE)
    assert left(tmp_path) == []


def test_a_zip_without_a_model(tmp_path: Path, server: Server) -> None:
    with pytest.raises(ModelError, match="holds no Vosk model"):
        pull(offer(server, zipped({"README": b"hello"})), tmp_path, patience=AT_ONCE)
    assert left(tmp_path) == []


# The place is wrong.


def test_a_model_that_is_there_is_left_alone(tmp_path: Path, server: Server) -> None:
    model = offer(server, zipped(FILES))
    pull(model, tmp_path, patience=AT_ONCE)
    server.asked.clear()
    with pytest.raises(ModelError, match="already there"):
        pull(model, tmp_path, patience=AT_ONCE)
    assert server.asked == []
    assert verify(NAME, [tmp_path], listed(model), none_built_in).files == len(FILES)


def test_leftovers_of_a_killed_unpacking_are_cleared(tmp_path: Path, server: Server) -> None:
    half = tmp_path / f".{NAME}.new" / "am"
    half.mkdir(parents=True)
    (half / "final.mdl").write_bytes(b"half")
    model = offer(server, zipped(FILES))
    assert installed([tmp_path], listed(model), none_built_in) == ()
    pull(model, tmp_path, patience=AT_ONCE)
    assert left(tmp_path) == [NAME, f"{NAME}.sums.json"]
    assert verify(NAME, [tmp_path], listed(model), none_built_in).files == len(FILES)


def test_a_place_that_can_not_be_written(tmp_path: Path, server: Server) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(DiskError, match="can not be written"):
        pull(offer(server, zipped(FILES)), tmp_path / "file" / "models", patience=AT_ONCE)


def test_too_little_room_is_said_before_the_download(tmp_path: Path, server: Server) -> None:
    small = offer(server, zipped(FILES))
    huge = Model(NAME, "vosk", "xx", small.source, 1e9, "Apache-2.0", small.sha256)
    with pytest.raises(DiskError, match="are free"):
        pull(huge, tmp_path, patience=AT_ONCE)
    assert server.asked == []


@pytest.mark.parametrize("most_bytes", [100, 100_000])
def test_a_disk_that_fills_up(tmp_path: Path, server: Server, most_bytes: int) -> None:
    """The zip does not fit, or its contents do not; the system's own limit stands for the disk."""
    model = offer(server, zipped(FILES))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        with pytest.raises(DiskError, match="can not be written"):
            pull(model, tmp_path, patience=AT_ONCE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert left(tmp_path) == []


def test_the_built_in_model_is_not_pulled(tmp_path: Path) -> None:
    model = Model("moonshine-tiny-en", "moonshine", "en", "package", 44, "MIT")
    with pytest.raises(ModelError, match="inside a Python package") as caught:
        pull(model, tmp_path)
    assert "sottovoce[embedded]" in caught.value.hint


# Afterwards.


def test_verify_finds_a_flipped_bit_a_lost_file_and_bad_sums(
    tmp_path: Path, server: Server
) -> None:
    model = offer(server, zipped(FILES))
    pulled = pull(model, tmp_path, patience=AT_ONCE)
    path = pulled.model_dir / "am" / "final.mdl"
    whole = path.read_bytes()
    path.write_bytes(whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:])
    with pytest.raises(ModelError, match=r"1 of 3 files .* first am/final\.mdl") as caught:
        verify(NAME, [tmp_path], listed(model), none_built_in)
    assert f"models pull {NAME}" in caught.value.hint
    path.write_bytes(whole)
    (pulled.model_dir / "conf" / "model.conf").unlink()
    with pytest.raises(ModelError, match=r"first conf/model\.conf"):
        verify(NAME, [tmp_path], listed(model), none_built_in)
    sums_path(pulled.model_dir).write_text("{")
    with pytest.raises(ModelError, match="sums of"):
        verify(NAME, [tmp_path], listed(model), none_built_in)
