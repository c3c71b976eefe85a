"""A local socket for one user: where it lies, who made it, who is at its other end.

Law: the socket's folder is this user's alone and no link, the socket is private
from its first moment, and neither end talks to another user's program.
"""

import ctypes
import os
import select
import socket
import stat
import struct
import time
from contextlib import suppress
from pathlib import Path

from assistant.errors import DiskError, Refused

BACKLOG = 128
_TRY_EVERY_S = 0.01


def listen(path: Path) -> socket.socket:
    """Make a socket at `path` in a folder of our own, in place of a dead one. Raises DiskError."""
    try:
        keep_to_ourselves(path.parent)
        path.unlink(missing_ok=True)
        return _bound(path)
    except OSError as error:
        raise DiskError(
            f"The control socket {path} can not be made: {error.strerror or error}.",
            "Set SOTTOVOCE_HOME to a folder you may write to.",
        ) from error


def connect(path: Path, patience_s: float) -> socket.socket:
    """Connect to this user's own program that listens there. Raises OSError, Refused."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(patience_s)
        _knock(connection, path, time.monotonic() + patience_s)
        is_ours = user_and_process(connection)[0] == os.getuid()
    except BaseException:
        connection.close()
        raise
    if is_ours:
        return connection
    connection.close()
    raise Refused(
        f"What listens at {path} is another user's program; it was told nothing.",
        "Set SOTTOVOCE_HOME to a folder of your own.",
    )


def keep_to_ourselves(folder: Path) -> None:
    """Make the socket's folder, or make sure that it is ours alone. Raises OSError, DiskError."""
    for missing in reversed([place for place in (folder, *folder.parents) if not place.exists()]):
        with suppress(FileExistsError):
            missing.mkdir(mode=0o700)
    info, above = folder.lstat(), folder.parent.stat()
    is_ours = stat.S_ISDIR(info.st_mode) and info.st_uid == os.getuid()
    # Whoever may change the folder above could put another one in this one's place.
    is_open_above = above.st_mode & 0o002 and not above.st_mode & stat.S_ISVTX
    if not is_ours or above.st_uid not in {os.getuid(), 0} or is_open_above:
        raise DiskError(
            f"The control socket's folder {folder} does not belong to you alone.",
            "Remove it, or set SOTTOVOCE_HOME to a folder of your own.",
        )
    # A folder that was there before may be wider open than it should be.
    if info.st_mode & 0o077:
        folder.chmod(0o700)


def user_and_process(connection: socket.socket) -> tuple[int, int]:
    """Return the user and the process at the other end; the process is 0 where nobody says.

    Where the system does not even tell the user, it is taken to be this one: the socket's folder
    lets nobody else pass. Raises OSError.
    """
    if hasattr(socket, "SO_PEERCRED"):
        told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("iII"))
        process, user_id, _ = struct.unpack("iII", told)
        return user_id, process
    with suppress(AttributeError, OSError):
        # macOS and the BSDs: getpeereid(3).
        user, group = ctypes.c_uint32(), ctypes.c_uint32()
        ask = ctypes.CDLL(None).getpeereid
        if ask(connection.fileno(), ctypes.byref(user), ctypes.byref(group)) == 0:
            return user.value, 0
    return os.getuid(), 0


def is_gone(connection: socket.socket) -> bool:
    """Tell whether the other end is closed; one that only says nothing more is not."""
    poll = select.poll()
    poll.register(connection, 0)
    return any(what & (select.POLLHUP | select.POLLERR) for _, what in poll.poll(0))


def _knock(connection: socket.socket, path: Path, until_s: float) -> None:
    while True:
        try:
            connection.connect(os.fspath(path))
        except BlockingIOError as error:
            # Many others wait at the door; the system has no way to wait among them for a time.
            if time.monotonic() > until_s:
                raise TimeoutError from error
            time.sleep(_TRY_EVERY_S)
        else:
            return


def _bound(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # Linux makes the file with the mode that the socket has, so it is private from the first
        # moment; elsewhere its folder keeps it so until the mode is set.
        with suppress(OSError):
            os.fchmod(listener.fileno(), 0o600)
        listener.bind(os.fspath(path))
        path.chmod(0o600)
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener
