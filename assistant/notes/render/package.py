"""A document's zip package, so that the same parts give the same bytes.

Law: no time of the machine and nothing of its user is in it; parts keep their order, for an
OpenDocument file is told by its first part.
"""

import io
import zipfile

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first day that a zip file knows."""


def still(package: bytes) -> bytes:
    """Pack a document's parts again, all of them at one fixed time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.infolist():
            same = zipfile.ZipInfo(part.filename, _EARLIEST)
            same.compress_type = part.compress_type
            new.writestr(same, old.read(part))
    return packed.getvalue()
