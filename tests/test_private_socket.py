"""The socket is this user's alone, from its first moment and at both ends."""

import os
import socket
import stat
from collections.abc import Generator
from pathlib import Path

import pytest

from assistant import private_socket
from assistant.errors import DiskError

pytestmark = pytest.mark.edge


@pytest.fixture
def no_umask() -> Generator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("no_umask")
def test_nobody_else_may_come_near_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "home" / "run" / "control.sock"
    private_socket.listen(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(place.stat().st_mode) for place in path.parents[:2]] == [0o700, 0o700]


@pytest.mark.usefixtures("no_umask")
def test_the_socket_is_private_before_anybody_could_set_its_mode(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        os.fchmod(listener.fileno(), 0o600)
        listener.bind(str(tmp_path / "s"))
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o600


def test_a_folder_that_is_too_open_is_mended(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o755)
    private_socket.listen(tmp_path / "run" / "control.sock").close()
    assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DiskError, match="does not belong to you alone"):
        private_socket.listen(tmp_path / "run" / "control.sock")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_everybody_could_replace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o777)
    path = tmp_path / "shared" / "run" / "control.sock"
    with pytest.raises(DiskError, match="does not belong to you alone"):
        private_socket.listen(path)
    # As /tmp is: everybody may write, and nobody may take what is another's.
    (tmp_path / "shared").chmod(0o1777)
    private_socket.listen(path).close()


def test_what_lies_in_the_way_and_is_no_socket_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "run" / "control.sock").mkdir(parents=True)
    with pytest.raises(DiskError, match="can not be made"):
        private_socket.listen(tmp_path / "run" / "control.sock")


def test_each_end_knows_whose_program_is_at_the_other(tmp_path: Path) -> None:
    path = tmp_path / "run" / "control.sock"
    with private_socket.listen(path) as listener, private_socket.connect(path, 5.0) as client:
        server, _ = listener.accept()
        with server:
            for end in (server, client):
                user_id, process = private_socket.user_and_process(end)
                assert user_id == os.getuid()
                assert process in {os.getpid(), 0}


def test_a_client_that_is_gone_is_told_from_one_that_says_no_more(tmp_path: Path) -> None:
    path = tmp_path / "run" / "control.sock"
    with private_socket.listen(path) as listener, private_socket.connect(path, 5.0) as client:
        server, _ = listener.accept()
        with server:
            assert not private_socket.is_gone(server)
            client.shutdown(socket.SHUT_WR)
            assert not private_socket.is_gone(server)
            client.close()
            assert private_socket.is_gone(server)


def test_a_door_where_nobody_is_let_in_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "run" / "control.sock"
    with private_socket.listen(path):
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(private_socket.BACKLOG + 2)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(str(path))
        with pytest.raises(TimeoutError):
            private_socket.connect(path, 0.1)
        for client in waiting:
            client.close()
